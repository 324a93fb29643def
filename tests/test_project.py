"""A project file is taken whole, or refused in one line that says what to do."""

import pytest

from grannskap import project
from grannskap.errors import ProjectError

SMALL = """
title = "Liten"
[boundaries]
path = "b.gpkg"
[[register]]
path = "r.csv"
[register.columns]
low = "Q1"
high = ["Q4a", "Q4b"]
households = "Alla"
"""


def read(tmp_path, text, encoding="utf-8"):
    file = tmp_path / "project.toml"
    file.write_bytes(text.encode(encoding))
    return project.read(file)


def test_what_is_not_said_has_the_stated_defaults(tmp_path):
    small = read(tmp_path, SMALL)
    assert small.language == "sv"
    assert small.join.unmatched == 0
    assert small.autocorrelation.permutations == 9999
    assert small.register_[0].columns["high"] == ["Q4a", "Q4b"]


def test_both_poles_are_tested_unless_another_variable_is_named(tmp_path):
    assert read(tmp_path, SMALL).autocorrelation.variable == [
        "low_income_share",
        "high_income_share",
    ]
    one = read(tmp_path, SMALL + '[autocorrelation]\nvariable = "high_income_share"\n')
    assert one.autocorrelation.variable == ["high_income_share"]
    with pytest.raises(ProjectError, match="each variable once"):
        read(tmp_path, SMALL + '[autocorrelation]\nvariable = ["low", "low"]\n')


def test_a_range_of_what_is_hidden_has_its_least_before_its_most(tmp_path):
    def stated(text):
        return read(tmp_path, SMALL.replace('path = "r.csv"', f'path = "r.csv"\nhidden = {text}'))

    assert stated("[1, 3]").register_[0].hidden == (1, 3)
    for wrong in ("[3, 1]", "[2, 2]", "[-1, 3]", "3"):
        with pytest.raises(ProjectError, match="hidden"):
            stated(wrong)


def test_neighbours_may_be_a_word_or_a_table(tmp_path):
    word = read(tmp_path, SMALL + '[autocorrelation]\nneighbours = "rook"\n')
    table = read(tmp_path, SMALL + '[autocorrelation]\nneighbours = { kind = "rook" }\n')
    assert word.autocorrelation == table.autocorrelation


def test_files_are_named_once_and_lie_in_the_folder(tmp_path):
    names = [path.name for path in read(tmp_path, SMALL).files()]
    assert names == ["b.gpkg", "r.csv"]


def test_a_project_cannot_be_changed(tmp_path):
    with pytest.raises(ValueError, match="frozen"):
        read(tmp_path, SMALL).title = "Annan"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('title = "Liten"', 'titel = "Liten"\ntitle = "Liten"'), "did you mean 'title'"),
        (("[boundaries]", "[boundaries]\nlager = 'x'"), "'boundaries.lager'"),
        (('path = "r.csv"', 'path = "r.csv"\nsheeet = "A"'), "did you mean 'sheet'"),
        (('path = "b.gpkg"', 'path = "../b.gpkg"'), "climbs out"),
        (('path = "b.gpkg"', 'path = "/etc/passwd"'), "climbs out"),
        (('title = "Liten"', ""), "the key title"),
        (('title = "Liten"', "title = "), "TOML"),
        (('title = "Liten"', 'title = "Liten"\nview = 380'), "view"),
        (('low = "Q1"', "low = 3"), "register.0.columns.low"),
        (('title = "Liten"', 'title = "L"\nview = 380'), 'view = "0380"'),
        (('title = "Liten"', 'title = "L"\nview = Uppsala'), "in quotes"),
        (('households = "Alla"', 'houshold = "Alla"'), "did you mean 'households'"),
        (
            ('households = "Alla"', '[autocorrelation]\nvariable = "low_income_share"'),
            "without households",
        ),
        (("[boundaries]", '[balance]\nhigh = "hihg"\n[boundaries]'), "did you mean 'high'"),
        (
            ("[boundaries]", '[segregation]\ncomponents = ["sysselsättning"]\n[boundaries]'),
            "employment_rate",
        ),
        (
            ("[boundaries]", '[autocorrelation]\nvariable = "median_incom"\n[boundaries]'),
            "variable in [autocorrelation]",
        ),
    ],
)
def test_mistakes_are_told_in_one_line(tmp_path, change, words):
    with pytest.raises(ProjectError) as caught:
        read(tmp_path, SMALL.replace(*change))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_symbolic_link_is_no_way_out(tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.gpkg").touch()
    (inside / "b.gpkg").symlink_to(tmp_path / "secret.gpkg")
    with pytest.raises(ProjectError, match="climbs out"):
        read(inside, SMALL)


def test_a_missing_or_foreign_file_is_told(tmp_path):
    with pytest.raises(ProjectError, match="grannskap init"):
        project.read(tmp_path / "nothing.toml")
    with pytest.raises(ProjectError, match="UTF-8"):
        read(tmp_path, SMALL.replace("Liten", "Små"), encoding="cp1252")


def test_the_template_is_a_valid_project(tmp_path):
    assert read(tmp_path, project.template()).view == "0380"


def test_a_balance_of_persons_is_not_called_one_of_households(tmp_path):
    columns = 'low = "Q1"\nforeign_background = "F"\nswedish_background = "S"'
    text = SMALL.replace('low = "Q1"', columns)
    pair = '[balance]\nlow = "foreign_background"\nhigh = "swedish_background"\n'
    with pytest.raises(ProjectError, match='basis = "persons"'):
        read(tmp_path, text + pair + 'basis = "households"\n')
    assert read(tmp_path, text + pair).balance.basis == "persons"


def test_persons_are_never_declared_as_households_with_purchasing_power(tmp_path):
    with pytest.raises(ProjectError, match="low_standard") as caught:
        read(tmp_path, SMALL + '[balance]\nbasis = "persons"\n')
    assert "ekonomisk standard" in caught.value.told("sv")


@pytest.mark.parametrize(
    ("columns", "low", "basis", "tested"),
    [
        ("low high households", "low", "households", "low_income_share"),
        ("low_standard high_standard persons", "low_standard", "persons", "low_standard_share"),
        ("quarter_1 quarter_4 persons", "quarter_1", "persons", "quarter_1_share"),
        ("low high low_standard high_standard persons households", "low", "households", None),
    ],
)
def test_what_a_project_leaves_open_follows_from_its_columns(tmp_path, columns, low, basis, tested):
    named = "\n".join(f'{name} = "{name}"' for name in columns.split())
    found = read(tmp_path, f"{SMALL.partition('low =')[0]}{named}\n")
    assert (found.balance.low, found.balance.basis) == (low, basis)
    assert tested is None or found.autocorrelation.variable[0] == tested
