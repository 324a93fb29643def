"""Several years together: from the counts of a town to what its tables and report say."""

import numpy as np
import pandas as pd
import pytest

import towns
from grannskap import analysis, dataset
from grannskap.analysis import Options, View
from grannskap.measures import balance, frontiers
from grannskap.outputs import tables
from grannskap.outputs.report import years
from grannskap.outputs.report.model import Paragraph, Table, every_block
from grannskap.outputs.workbook import content
from grannskap.project import BalanceOptions

YEARS = (2012, 2013, 2014, 2016, 2017, 2018)


@pytest.fixture(scope="module")
def town():
    """48 areas of Uppsala over six years; of the first twelve the low share rises from 2016 on."""
    codes = [f"0380C{1000 + 10 * k:04d}" for k in range(48)]
    rng = np.random.default_rng(2)
    share = np.linspace(0.15, 0.45, 48)
    frames = []
    for number, year in enumerate(YEARS):
        rising = np.where(np.arange(48) < 12, 0.12 * max(number - 3, 0), 0.0)
        low = rng.binomial(400, share + rising)
        high = rng.binomial(400 - low, 0.3)
        frames.append(
            pd.DataFrame(
                {"year": year, "low": low, "high": high, "households": 400},
                index=pd.Index(codes, name="deso"),
            )
        )
    counts = pd.concat(frames).astype({"low": float, "high": float})
    areas = towns.squares(codes, wide=8)
    moved = areas.set_geometry(areas.geometry.translate(646_000, 6_638_000))
    return dataset.from_frames(moved, counts, division=2018)


@pytest.fixture(scope="module")
def results(town):
    return analysis.run(town, Options(scopes=("0380",)))


@pytest.fixture(scope="module")
def view():
    return View(title="Uppsala", scope="0380")


def texts(section):
    return " ".join(one.text for one in every_block((section,)) if isinstance(one, Paragraph))


def test_each_poles_share_is_tested_within_the_segments_of_the_break(results, town):
    found = results.history.shares
    assert [one.year for one in results.history.breaks] == [2015]
    assert found.index.unique("over_share").tolist() == ["low_income_share", "high_income_share"]
    assert found.index.unique("first_year").tolist() == [2012, 2016]
    for name, part in (("low_income_share", "low"), ("high_income_share", "high")):
        parts, bases = (
            {year: town.count(one, year=year) for year in YEARS} for one in (part, "households")
        )
        plain = balance.over_years(parts, bases, breaks=[2015])
        pd.testing.assert_frame_equal(
            found.loc[name], plain, check_index_type=False, check_column_type=False
        )


def test_what_is_planted_after_the_break_is_found_there(results):
    low = results.history.shares.loc["low_income_share", "status"]
    assert low.loc[2016].eq("changed").to_numpy()[:12].all()
    assert low.loc[2016].eq("changed").sum() <= 14
    assert low.loc[2012].eq("changed").sum() <= 1


def test_the_table_and_the_sheet_hold_both_poles(results, view):
    table = tables.named(results, view)["over-years"]
    assert len(table) == 2 * 2 * 48
    assert table["in_view"].all()
    names = {sheet.name: sheet for sheet in content.sheets(results, view)}
    assert "Över åren" in names
    words = content.cells("over_became", names["Över åren"], {}, content.Texts.of(results, view))
    assert set(words) == {"har ändrats", "kan bero på slumpen"}


def test_the_report_names_the_break_and_tells_each_segment_of_both_poles(results, view):
    section = years.section(results, view)
    said = texts(section)
    assert "brott 2015" in said
    assert "Åren 2012–2014." in said
    assert "Åren 2016–2018." in said
    assert "av 48 områden har andelen med låg köpkraft ändrats" in said
    assert "andelen med hög köpkraft" in said
    grid = next(one.grid for one in every_block((section,)) if isinstance(one, Table))
    assert [column.heading for column in grid.columns[1:3]] == ["2016", "2018"]
    assert "2014" not in grid.caption


def test_a_single_year_has_no_history(town):
    only = dataset.from_frames(
        town.geometry[["geometry"]],
        town.counts.xs((2018, "all"), level=[1, 2])[["low", "high", "households"]],
        year=2018,
        division=2018,
    )
    found = analysis.run(only)
    assert found.history is None
    assert "over-years" not in tables.named(found, View(scope="0380"))


def test_persons_are_tested_as_persons_of_households(town):
    counts = town.counts[["low", "high", "households"]].set_axis(
        ["low_standard", "high_standard", "persons"], axis=1
    )
    codes = town.geometry.index
    persons = dataset.from_frames(town.geometry[["geometry"]], counts, division=2018)
    options = Options(
        balance=BalanceOptions(low="low_standard", high="high_standard", basis="persons")
    )
    found = analysis.run(persons, options).history.shares.loc["low_standard_share"]
    parts, bases = (
        {year: persons.count(one, year=year, index=codes) for year in YEARS}
        for one in ("low_standard", "persons")
    )
    plain = balance.over_years(parts, bases, breaks=[2015], alike=frontiers.PERSONS)
    assert found["p"].tolist() == plain["p"].tolist()
