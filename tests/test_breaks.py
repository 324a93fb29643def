"""Breaks in SCB's series: told where a comparison crosses one, and no curve does."""

import numpy as np
import pandas as pd
import pytest

import towns
from grannskap import analysis, breaks, dataset
from grannskap.analysis import Options, View
from grannskap.maps import atlas, figure
from grannskap.outputs import tables
from grannskap.outputs.report import anatomy, indicators, summary
from grannskap.outputs.report.model import Paragraph, every_block


def town(years, first="0380", **columns):
    codes = pd.Index([f"{first}C{1000 + 10 * k:04d}" for k in range(16)], name="deso")
    base = np.arange(16.0)
    rows = [
        pd.DataFrame(
            {"low": 20 + base + year % 7, "high": 30 - base, "households": 90 + base, **columns},
            index=codes,
        ).assign(year=year)
        for year in years
    ]
    areas = towns.squares(codes.tolist(), wide=4)
    areas.geometry = areas.geometry.translate(640_000, 6_640_000)
    return dataset.from_frames(areas, pd.concat(rows).set_index("year", append=True), division=2018)


def told(years, **options):
    results = analysis.run(town(years, **options))
    kinds = [one for one in results.notes if one.kind == "break in series"]
    return [(one.values["year"], one.values["what"]) for one in kinds]


@pytest.mark.parametrize(
    ("years", "columns", "found"),
    [
        ([2012, 2017], {}, [("2015", "addresses")]),
        ([2016, 2022], {}, []),
        ([2022], {}, []),
        ([2018, 2022], {"employed": 50.0, "working_age": 60.0}, [("2020", "employment")]),
        ([2020, 2022], {"employed": 50.0, "working_age": 60.0}, []),
        ([2022, 2023], {"post_secondary": 9.0, "education_base": 40.0}, [("2023", "ages")]),
        (
            [2022, 2023],
            {"post_secondary_25_65": 9.0, "education_base_25_65": 40.0},
            [("2023", "ages")],
        ),
    ],
)
def test_a_break_is_told_where_the_years_of_a_column_lie_on_both_sides(years, columns, found):
    assert told(years, **columns) == found


def test_a_made_up_town_has_no_break():
    assert told([2012, 2017], first="9999") == []


def test_a_column_that_is_known_on_one_side_alone_has_no_break():
    data = town([2012, 2017, 2022], employed=50.0, working_age=60.0)
    early = data.counts.index.get_level_values("year") < 2020
    counts = data.counts.copy()
    counts.loc[early, "employed"] = np.nan
    from dataclasses import replace

    found = analysis.series.of(replace(data, counts=counts), ["employed"])
    assert [one.year for one in found] == []


def test_no_curve_crosses_a_break_and_its_place_is_marked():
    frame = pd.DataFrame({"Uppsala": [1.2, 1.3, 1.5, 1.4]}, index=[2013, 2014, 2015, 2016])
    drawn = figure.curves(frame, whole="Uppsala", breaks=[2015])
    lines = {line.get_gid(): line for line in drawn.axes[-1].lines}
    x, y = lines["curve-Uppsala"].get_data()
    assert x.tolist() == [2013, 2014, 2014.5, 2015, 2016]
    assert np.isnan(y).tolist() == [False, False, True, False, False]
    assert lines["break"].get_xdata()[0] == 2014.5
    plain = figure.curves(frame, whole="Uppsala", breaks=[2010, 2017])
    assert "break" not in {line.get_gid() for line in plain.axes[-1].lines}


def test_the_curves_of_a_town_tell_their_break():
    data = town([2013, 2014, 2015, 2016])
    results = analysis.run(data, Options(year=2016))
    view = View(title="Uppsala", map=analysis.view.MapOptions(also=["curves"]))
    (curves,) = [one for one in atlas.extras(results, view) if one.name == "balance-curves"]
    assert "Brott 2015: från och med då är människor placerade efter adress" in curves.caption


def compared(first):
    """A town of the years 2012 and 2017, held beside each other."""
    found = analysis.run(town([2012, 2017], first=first), Options(year=2017, compare=2012))
    return found, View(title="Orten")


@pytest.mark.parametrize(("first", "crosses"), [("0380", True), ("9999", False)])
def test_every_change_across_a_break_says_so_in_its_own_place(first, crosses):
    """A note alone told of it, far from the figures."""
    results, view = compared(first)
    change = next(one for one in atlas.maps(results, view) if one.style.name == "change")
    named = tables.named(results, view)
    places = [change.style.caption, " ".join(summary._change(results, view))]
    places += [one.text for one in blocks(anatomy.section(results, view, ())) if told_of(one)]
    places += [grid.caption for grid in indicators.indicators(results, view) if wide(grid)]
    assert len(places) >= 4
    for one in places:
        assert ("brott 2015" in one) == crosses, one
    for stem in ("areas", "change", "indicators-change", "evenness-change", "frontiers"):
        assert ("across_break" in named[stem]) == crosses, stem
        if crosses:
            assert (named[stem]["across_break"] == 2015).all()


def blocks(section):
    return every_block((section,))


def told_of(block):
    return isinstance(block, Paragraph) and "2012" in block.text


def wide(grid):
    return "förändring" in grid.caption


def test_every_break_has_words_in_both_languages():
    from grannskap.wording import in_both

    for one in breaks.BREAKS:
        assert in_both("notes.broken", {"value": one.what}).en
