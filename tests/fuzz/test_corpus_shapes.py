"""Each case of the corpus is refused in one line, noted, or read as if nothing had happened."""

import re
from functools import cache

import asked
import pytest
import shapely
import small_town
from corpus_shapes import CASES, Case

from grannskap import analysis, project
from grannskap.errors import GrannskapError

MOVED = 1.0
"""Metres: what a way there and back between coordinate systems, or rounding to 1 m, may cost."""

SIZED = ("squares on round coordinates",)
"""Whose shapes are others, and right."""


def read(folder):
    return analysis.read(project.read(folder / "project.toml"))[0]


@cache
def untouched():
    """The town as it is."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        small_town.build(Path(folder))
        return read(Path(folder))


def kinds(data):
    passing = {note.kind for note in untouched().notes} | {"areas drawn without water"}
    return {note.kind for note in data.notes} - passing


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_case_is_lost_wrong_or_endless(case: Case, tmp_path):
    file = small_town.build(tmp_path)
    case.build(tmp_path)
    answer = (asked.alone if case.alone else asked.here)("check", file)
    if case.expected == "refused":
        assert answer.refused, answer
        assert case.words in answer.err
        assert not answer.out
        return
    assert answer.done, answer
    data = read(tmp_path)
    told = kinds(data)
    assert case.words in told if case.expected == "noted" else not told, told
    if case.expected == "fine" and case.name not in SIZED:
        assert_same(data)


def assert_same(data):
    """The same areas in the same places with the same counts."""
    before = untouched()
    assert list(data.geometry.index) == list(before.geometry.index)
    for one, other in zip(data.geometry.geometry, before.geometry.geometry, strict=True):
        assert shapely.hausdorff_distance(one, other) < MOVED
        assert one.symmetric_difference(other).area < 0.01 * other.area
    for name in before.variables:
        assert data.count(name, year=2022).value.equals(before.count(name, year=2022).value)


def test_the_corpus_has_every_class_and_no_name_twice():
    assert len(CASES) >= 150
    assert len({case.name for case in CASES}) == len(CASES)
    for case in CASES:
        assert case.expected != "noted" or case.words, case.name


def test_the_bounds_are_those_that_the_document_states():
    from pathlib import Path

    from grannskap import letters
    from grannskap.project import checking
    from grannskap.sources.boundaries import limits

    text = (Path(__file__).parents[2] / "docs" / "limits.md").read_text(encoding="utf-8")
    stated = set(re.findall(r"\d[\d,]*(?: [GMK]iB)?", text))
    sizes = {1 << 30: "1 GiB", 1 << 29: "512 MiB", 1 << 18: "256 KiB"}
    for number in (limits.MOST_BYTES, limits.MOST_TEXT_BYTES, checking.MOST_BYTES):
        assert sizes[number] in stated
    for number in (
        limits.MOST_ROWS,
        limits.MOST_COLUMNS,
        limits.MOST_LAYERS,
        limits.MOST_VERTICES,
        limits.MOST_LETTERS,
        letters.MOST_LETTERS,
        checking.MOST_DEPTH,
        checking.MOST_ITEMS,
        checking.MOST_DOTS,
    ):
        assert f"{number:,}" in stated


def test_an_error_of_ours_is_all_that_comes_out(tmp_path):
    small_town.build(tmp_path)
    (tmp_path / "boundaries.geojson").unlink()
    with pytest.raises(GrannskapError, match="no such file"):
        read(tmp_path)
