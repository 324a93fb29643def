"""Every file of the corpus is refused in one line, or read with the numbers that it holds."""

import sys

import corpus_register
import limited
import pytest
from register_files import AREAS

CASES = {group: list(cases()) for group, cases in corpus_register.GROUPS.items()}
EVERY = [
    pytest.param(group, number, id=f"{group}: {case.name}")
    for group, cases in CASES.items()
    for number, case in enumerate(cases)
]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits are set as POSIX sets them")


@pytest.fixture(scope="module")
def came(tmp_path_factory):
    """What came of every case, each read in a process of its own: 1 GiB and 20 seconds."""
    folder = tmp_path_factory.mktemp("corpus")
    keys = [(group, number) for group, cases in CASES.items() for number in range(len(cases))]
    asked = [
        {"group": group, "number": number, "folder": str(folder / f"{group} {number}")}
        for group, number in keys
    ]
    return dict(zip(keys, limited.outcomes("reading_register", asked), strict=True))


@pytest.mark.parametrize(("group", "number"), EVERY)
def test_what_is_wrong_is_refused_in_one_line_and_what_is_right_is_read(group, number, came):
    case, answer = CASES[group][number], came[group, number]
    assert answer["kind"] == case.expected, answer
    assert "warned" not in answer
    if case.expected == "refused":
        line = answer["text"]
        assert case.word in line
        assert line.isprintable()
        assert len(line) < 3200
        return
    numbers = list(AREAS.values()) if case.numbers is None else list(case.numbers)
    assert list(answer["numbers"].values()) == numbers
    assert case.expected == "fine" or case.word in answer["notes"]


def test_the_corpus_has_a_name_for_each_of_at_least_200_cases():
    names = [(group, case.name) for group, cases in CASES.items() for case in cases]
    assert len(names) >= 200
    assert len(set(names)) == len(names)
