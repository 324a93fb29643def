"""The years that a project asks for: a list, or a range; what is left out is told."""

import pytest

from grannskap import analysis, datasets, project
from grannskap.errors import DataError, ProjectError


def town(folder, asked):
    file = datasets.write_inputs(folder)
    text = file.read_text(encoding="utf-8").replace("compare = 2012", asked)
    file.write_text(text, encoding="utf-8")
    return analysis.read(project.read(file))[0]


@pytest.mark.parametrize(
    ("asked", "years", "left"),
    [
        ("years = [2017]", (2017,), [2012]),
        ('years = "2013-2020"', (2017,), [2012]),
        ('years = "2012–2017"', (2012, 2017), None),
        ("years = [2017, 2012]", (2012, 2017), None),
        ("", (2012, 2017), None),
    ],
)
def test_a_list_or_a_range_says_which_years_are_read_and_the_others_are_told(
    tmp_path, asked, years, left
):
    found = town(tmp_path, asked)
    assert found.years == years
    told = [note.values["years"] for note in found.notes if note.kind == "years left out"]
    assert told == ([] if left is None else [left])
    [register] = [one for one in found.provenance if one.role == "register"]
    assert register.years == (2012, 2017)


@pytest.mark.parametrize("asked", ["years = [2012, 2014, 2017]", 'years = "2013-2016"'])
def test_a_year_that_is_listed_or_a_range_without_any_year_is_refused(tmp_path, asked):
    with pytest.raises(DataError, match="201"):
        town(tmp_path, asked)


def test_a_year_to_compare_with_is_one_of_those_read(tmp_path):
    with pytest.raises(DataError, match="2012"):
        town(tmp_path, "years = [2017]\ncompare = 2012")


@pytest.mark.parametrize("asked", ['"2017-2012"', '"2012"', '"2012-17"', '"alla"'])
def test_what_is_no_range_is_refused(tmp_path, asked):
    with pytest.raises(ProjectError, match="2012-2017"):
        town(tmp_path, f"years = {asked}")
