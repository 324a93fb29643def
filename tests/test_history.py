"""Several years together: from the counts of a town to what its tables and report say."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import towns
from grannskap import analysis, dataset
from grannskap.analysis import Options, View
from grannskap.maps import atlas
from grannskap.measures import autocorrelation, balance, frontiers
from grannskap.outputs import tables
from grannskap.outputs.report import summary, years
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
    section = years.section(results, view, (), atlas.cluster_styles(results, view))
    said = texts(section)
    assert "brott 2015" in said
    assert "Åren 2012–2014." in said
    assert "Åren 2016–2018." in said
    assert "av 48 områden har andelen med låg köpkraft ändrats" in said
    assert "andelen med hög köpkraft" in said
    grid = next(one.grid for one in every_block((section,)) if isinstance(one, Table))
    assert [column.heading for column in grid.columns[1:3]] == ["2016", "2018"]
    assert "2014" not in grid.caption


def test_what_is_expected_by_chance_follows_the_correction(results, view):
    said = {}
    for name in ("bh", "bonferroni", "none"):
        tests = results.options.autocorrelation.model_copy(update={"correction": name})
        options = results.options.model_copy(update={"autocorrelation": tests})
        styles = atlas.cluster_styles(results, view)
        said[name] = texts(years.section(replace(results, options=options), view, (), styles))
    assert "räknas som ändrade väntas högst 5 procent" in said["bh"]
    assert "något enda oförändrat område" in said["bonferroni"]
    assert "Av oförändrade områden räknas en andel på 0,05" in said["none"]


def test_the_first_page_tells_of_both_poles_where_no_two_years_are_compared(results, view):
    told = " ".join(summary.summary(results, view))
    for name in ("low_income_share", "high_income_share"):
        status = results.history.shares.loc[(name, 2016), "status"]
        held = int(status.eq("changed").sum())
        where = f"i {held} av 48 områden" if held else "i något av 48 områden"
        share = "andelen med låg köpkraft" if name.startswith("low") else "andelen med hög köpkraft"
        assert f"Åren 2016–2018 har {share}" in told
        assert where in told
    assert "2014" not in told


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


CLASSES = ("high-high", "low-low", "high-low", "low-high", "not significant")


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(*[st.sampled_from([*CLASSES, "no data"])] * 2), min_size=1, max_size=40))
def test_transitions_hold_the_margins_of_both_years(pairs):
    codes = [f"a{number}" for number in range(len(pairs))]
    first, last = (pd.Series(one, codes) for one in zip(*pairs, strict=True))
    table = autocorrelation.transitions(first, last.sample(frac=1, random_state=1), CLASSES)
    known = [pair for pair in pairs if "no data" not in pair]
    for level, end in (("cluster_first", 0), ("cluster_last", 1)):
        sums = table.groupby(level=level).sum()
        for name in CLASSES:
            held = sum(pair[end] == name for pair in known)
            assert sums.loc[name, "areas"] == held
            assert sums.loc[name, "expected"] == pytest.approx(held)
    for name in CLASSES:
        assert table.loc[(name, name), "areas"] == known.count((name, name))


def test_what_is_expected_is_the_mean_over_years_that_are_dealt_out_anew():
    rng = np.random.default_rng(0)
    first, last = (pd.Series(rng.choice(CLASSES, 60, p=[0.2, 0.2, 0.1, 0.1, 0.4])) for _ in (0, 1))
    table = autocorrelation.transitions(first, last, CLASSES)
    dealt = [
        autocorrelation.transitions(first, pd.Series(rng.permutation(last)), CLASSES)["areas"]
        for _ in range(400)
    ]
    mean = sum(dealt) / len(dealt)
    assert (mean - table["expected"]).abs().max() < 0.35


def test_each_year_has_the_clusters_of_its_own_values_and_the_focus_those_of_the_test(results):
    history, year = results.history, results.year
    for one in results.clusterings:
        found = history.classes(one.variable, year)
        assert found.tolist() == one.local["cluster"].astype(object).tolist()
        other = results.at(one.variable, "area", year=2016)["estimate"]
        local = autocorrelation.local(
            other.reindex(one.local.index),
            one.neighbours,
            seed=results.options.autocorrelation.seed,
        )
        again = history.classes(one.variable, 2016)
        assert again.tolist() == local["cluster"].astype(object).tolist()
        assert history.spans[one.variable] == ((2012, 2014), (2016, 2018))


def test_the_report_tells_what_stayed_of_both_poles_and_gives_no_p(results, view):
    section = years.section(results, view, (), atlas.cluster_styles(results, view))
    said = texts(section)
    assert "inget fynd" in said
    table = tables.named(results, view)["transitions"].sort_index()
    assert not {"p", "q"} & set(table.columns)
    grids = [one.grid for one in every_block((section,)) if isinstance(one, Table)]
    captions = " ".join(grid.caption for grid in grids if grid.file == "tables/transitions.csv")
    for told in ("2012 och 2014", "2016 och 2018", "låg köpkraft", "hög köpkraft"):
        assert told in captions
    assert "2014 och 2016" not in captions
    stayed = table.loc[("low_income_share", 2012, 2014, "high-high", "high-high"), "areas"]
    of_class = ("low_income_share", 2012, 2014, "high-high")
    held = table["areas"].xs(of_class, level=[0, 1, 2, 3]).sum()
    assert f"i {held} områden 2012. År 2014 är {stayed} av dem kvar" in said


def test_the_map_holds_the_areas_that_stayed_came_and_left(demo_results, demo_view):
    extra = next(
        one for one in atlas.extras(demo_results, demo_view) if one.name == "clusters-years"
    )
    table = tables.named(demo_results, demo_view)["transitions"]["areas"]
    alt = extra.figure.get_label()
    for variable in ("low_income_share", "high_income_share"):
        areas = table.xs((variable, 2012, 2017), level=[0, 1, 2])
        both = areas[("high-high", "high-high")]
        first, last = (
            areas.xs("high-high", level=level).sum() for level in ("cluster_first", "cluster_last")
        )
        name = demo_view.called(variable)
        for word, held in (("kvar", both), ("ny", last - both), ("borta", first - both)):
            assert f"{name}: {word}: {held};" in alt
