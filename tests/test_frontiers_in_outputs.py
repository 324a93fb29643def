"""Frontiers from the counts to the outputs: made once, both sides named, changes tested."""

import contextlib
import re
import sqlite3
from dataclasses import replace
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from grannskap import language
from grannskap.analysis import borders as of_view
from grannskap.analysis import frontiers as made
from grannskap.catalogue import FRONTIER_CHANGES, FRONTIER_YEARS, FRONTIERS
from grannskap.counts import Counts
from grannskap.errors import ColumnError
from grannskap.maps.atlas import frontiers as drawn
from grannskap.maps.hachures import hachures
from grannskap.measures import frontiers as measure
from grannskap.outputs import frontiers
from grannskap.outputs.report import frontiers as report
from grannskap.outputs.report.model import Paragraph, Table


def test_every_border_shown_has_both_sides_and_the_sharpest_frontier_is_first(
    demo_results, demo_view
):
    table = frontiers.borders(demo_results, demo_view)
    plain = measure.borders(demo_results.dataset.geometry.geometry)
    assert {frozenset(pair) for pair in table.index} == {
        frozenset(pair) for pair in plain[["first", "second"]].to_numpy().tolist()
    }
    sharp = table[table["frontier"] == "frontier"]
    assert (table["frontier"].iloc[: len(sharp)] == "frontier").all()
    assert sharp["border_interval_lower"].is_monotonic_decreasing
    assert set(table["frontier"]) <= set(FRONTIERS)
    assert set(table["became"]) <= set(FRONTIER_CHANGES)
    areas = demo_results.areas
    for side in ("first", "second"):
        codes = table.index.get_level_values(side)
        for pole in ("low", "high"):
            expected = areas[pole].reindex(codes).to_numpy(dtype=float)
            np.testing.assert_array_equal(table[f"{pole}_{side}"], expected)


def test_a_place_has_a_share_of_its_border_length_in_every_year(demo_results, demo_view):
    table = frontiers.by_place(demo_results, demo_view)
    whole = demo_view.whole_name(demo_results)
    assert table.index.get_level_values("year").unique().tolist() == [2012, 2017]
    row, borders = table.loc[(whole, 2017)], demo_results.frontiers.borders
    sharp = borders["status"] == "frontier"
    expected = borders.loc[sharp, "length"].sum() / borders["length"].sum()
    assert np.isclose(row["frontier_share"], expected)
    assert row["frontier_share_lower"] <= row["frontier_share"] <= row["frontier_share_upper"]


def test_the_main_tenure_is_told_only_where_no_other_may_be_more():
    index = pd.Index(["a", "b"])
    known = pd.Series("value", index=index)

    def count(lower, upper):
        ends = [pd.Series(end, index=index, dtype=float) for end in (lower, upper)]
        return Counts((ends[0] + ends[1]) / 2, *ends, known)

    found = made._main({"rented": count([5, 5], [6, 9]), "owned": count([3, 3], [4, 8])})
    assert found.tolist() == ["rented", None]


def test_a_base_holds_its_part():
    known = pd.Series("value", index=["a", "b"])
    base, low = (
        Counts(*(pd.Series(one, index=known.index) for one in ([x, 9.0],) * 3), known)
        for x in (3.0, 4.0)
    )
    held = made._holding(base, low)
    assert held.value.tolist() == [4.0, 9.0]
    assert held.upper.tolist() == [4.0, 9.0]


def blocks_of(results, view, kind):
    section = report.section(results, view, [])
    return [block for block in section.blocks if isinstance(block, kind)]


@pytest.mark.parametrize("tongue", ["sv", "en"])
def test_the_report_tells_what_the_table_holds(demo_results, demo_view, tongue):
    view = replace(demo_view, language=tongue)
    table = frontiers.borders(demo_results, view)
    sharp = table[table["frontier"] == "frontier"]
    told = " ".join(one.text for one in blocks_of(demo_results, view, Paragraph))
    share = sharp["border_length"].sum() / table["border_length"].sum()
    for shown in (len(sharp), round(100 * share), (table["border_years"] == "stayed").sum()):
        assert f" {shown} " in told
    for pole in view.poles(demo_results):
        assert pole in told
    grids = [one.grid for one in blocks_of(demo_results, view, Table)]
    names = view.area_names(demo_results)
    for row, (first, second) in zip(grids[0].rows, sharp.index, strict=False):
        assert names[first] in row[0].text
        assert names[second] in row[0].detail
    assert len(grids[0].rows) == 10
    assert grids[0].left_out == len(sharp) - 10
    counts = [int(row[1].text) for row in grids[2].rows]
    assert sum(counts) == len(table)
    expected = [int((table["border_years"] == one).sum()) for one in FRONTIER_YEARS]
    assert counts == expected


def test_a_border_is_told_as_opened_or_closed_only_where_its_change_was_tested(
    demo_results, demo_view
):
    table = frontiers.borders(demo_results, demo_view)
    for word in ("opened", "closed"):
        assert ((table["border_years"] == word) == (table["became"] == word)).all()
    both = (table["frontier"] == "frontier") & (table["frontier_then"] == "frontier")
    assert ((table["border_years"] == "stayed") == both).all()


def test_balances_differ_at_least_by_what_no_bounds_can_undo():
    ends = pd.DataFrame(
        {
            "log2_ratio_lower": [2.0, -1.0, -3.0, 1.0, np.nan],
            "log2_ratio_upper": [2.0, 4.0, -2.0, np.inf, np.nan],
        }
    )
    assert of_view.least(ends).tolist() == [2.0, 0.0, 2.0, 1.0, 0.0]


def test_where_nothing_was_tested_the_report_tells_of_no_frontiers(demo_results, demo_view):
    assert report.section(replace(demo_results, frontiers=None), demo_view, []) is None


def test_a_share_that_is_rounded_to_nothing_is_never_told_as_none(demo_results):
    at = demo_results.frontiers.borders.iloc[:1].assign(high_share_first=0.0)
    ((first, second),) = of_view.shares(demo_results, at, "high", "sv")
    assert first.startswith("<")
    assert second == language.share(at["high_share_second"].iloc[0])


def test_a_length_that_rounds_to_a_kilometre_is_told_as_one():
    assert [report._length(one, "sv") for one in (999.4, 999.8)] == [
        "999\N{NO-BREAK SPACE}m",
        "1,0\N{NO-BREAK SPACE}km",
    ]


def test_every_frontier_is_drawn_once_and_wider_where_the_balances_differ_more(
    demo_results, demo_view
):
    style, figure = drawn.draw_frontiers(demo_results, demo_view)
    sharp = of_view.sharp(demo_results, demo_view)
    panel = next(axes for axes in figure.axes if axes.get_label() == "map")
    lines = [one for one in panel.collections if re.fullmatch(r"overlay-\d", one.get_gid() or "")]
    strokes, *lines = lines
    assert len(strokes.get_paths()) >= len(sharp)
    held = [len(one.get_paths()) for one in lines]
    wide = drawn.widths(sharp)
    assert held == [
        int(shapely.get_num_geometries(sharp.geometry[wide == one]).sum()) for one in (0, 1, 2)
    ]
    points = [float(one.get_linewidth()[0]) for one in lines]
    assert points == sorted(set(points))
    least = of_view.least(sharp)
    assert (least[wide == 2] >= 2).all()
    assert (least[wide == 0] < 1).all()
    alt = figure.get_label()
    assert f"{len(sharp)} gränser" in alt
    assert all(pole in alt for pole in demo_view.poles(demo_results))
    assert style.name == "frontiers"


def test_the_map_of_frontiers_stands_in_the_reports_section(demo_folder):
    page = (demo_folder / "report.html").read_text(encoding="utf-8")
    section = page.split('id="sharp-borders"')[1].split("</section>")[0]
    assert page.count('id="frontiers"') == section.count('id="frontiers"') == 1
    assert "<img" in section.split('id="frontiers"')[1]
    assert (demo_folder / "maps" / "frontiers.svg").exists()


def test_the_geopackage_holds_every_border_and_draws_frontiers_by_width(demo_folder, demo_results):
    path = demo_folder / "areas.gpkg"
    layer = gpd.read_file(path, layer="borders")
    table = pd.read_csv(demo_folder / "tables" / "frontiers.csv")
    assert layer[["first", "second"]].equals(table[["first", "second"]])
    assert layer.crs == demo_results.dataset.geometry.crs
    np.testing.assert_allclose(layer.length, table["border_length"], rtol=1e-5)
    with contextlib.closing(sqlite3.connect(path)) as database:
        ((qml, default),) = database.execute(
            "SELECT styleQML, useAsDefault FROM layer_styles WHERE f_table_name = 'borders'"
        ).fetchall()
    assert default == 1
    root = ET.fromstring(qml.split("\n", 1)[1])
    sharp = layer[layer["frontier"] == "frontier"]
    for wide, rule in enumerate(list(root.iter("rule"))[1:], start=1):
        assert rule.get("filter") == f'"frontier" = \'frontier\' AND "line_width" = {wide}'
        assert (sharp["line_width"] == wide).any()
    widths = [
        float(option.get("value"))
        for option in root.iter("Option")
        if option.get("name") == "line_width"
    ]
    assert widths[3::2] == [0.8, 1.6, 2.4]


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((1.0, 2.0), "log2: 1,0–2,0"),
        ((7.5, np.inf), "log2: minst 7,5"),
        ((-np.inf, -2.0), "log2: högst −2,0"),
        ((-np.inf, np.inf), "log2: –"),
    ],
)
def test_an_interval_without_an_end_is_said_in_words(ends, said):
    row = pd.Series(
        {
            **{"log2_ratio_lower": 3.0, "log2_ratio_upper": 3.0, "least": 3.0},
            **dict(zip(("interval_lower", "interval_upper"), ends, strict=True)),
        }
    )
    assert report._times(row, "sv").detail == said


def test_strokes_lie_on_the_side_that_has_the_larger_share(demo_results, demo_view):
    """Which side of a frontier is the poorer could not be seen on any map."""
    lines = of_view.sharp(demo_results, demo_view)
    assert len(lines)
    assert (lines["share_first"] > lines["share_second"]).all()
    (overlay,) = drawn._strokes(demo_results, demo_view, lines)
    areas = demo_results.areas.geometry
    for strokes, line, (first, second) in zip(
        overlay.geometry, lines.geometry, lines[["first", "second"]].to_numpy(), strict=True
    ):
        tips = shapely.get_coordinates(strokes).reshape(-1, 2, 2)
        assert len(tips)
        assert shapely.distance(shapely.points(tips[:, 0]), line).max() < 1e-6
        inside = shapely.points(tips.mean(axis=1))
        nearer = shapely.distance(inside, areas[first]) <= shapely.distance(inside, areas[second])
        assert nearer.mean() > 0.95
    said = "Tvärstreck: sidan med större andel med låg köpkraft"
    assert overlay.label == said
    assert all(one.strokes_say == said for one in drawn.on_page(demo_results, demo_view))


def test_frontiers_are_a_map_that_can_be_asked_for(demo_results, demo_view):
    figure = demo_results.plot("frontiers", view=demo_view)
    style, same = drawn.draw_frontiers(demo_results, demo_view)
    assert figure.get_label() == same.get_label()
    assert style.name == "frontiers"
    without = replace(demo_results, frontiers=None)
    with pytest.raises(ColumnError):
        without.plot("frontiers", view=demo_view)


def test_a_line_has_a_stroke_every_so_often_and_a_point_none():
    line, below = shapely.from_wkt(
        ["LINESTRING (0 0, 100 0)", "POLYGON ((0 0, 100 0, 50 -50, 0 0))"]
    )
    shapes = np.array([line, shapely.Point(0, 0)], dtype=object)
    long, none = hachures(shapes, np.array([below, below]), spacing=10, length=2)
    assert len(long.geoms) == 10
    assert none.is_empty
    assert {one.length for one in long.geoms} == {2.0}
    assert all(below.buffer(1e-9).contains(one) for one in long.geoms)


def test_the_share_of_a_pole_has_the_name_that_the_share_has(demo_results, demo_view):
    """And where the user has words of his own for the pole, those."""
    assert demo_view.pole_shares(demo_results) == {
        "low_share": "andel med låg köpkraft",
        "the_low_share": "andelen med låg köpkraft",
        "high_share": "andel med hög köpkraft",
        "the_high_share": "andelen med hög köpkraft",
    }
    own = replace(demo_view, low_label="Hyresgäster", language="en")
    assert own.pole_shares(demo_results)["the_low_share"] == "the share of hyresgäster"
    assert own.pole_shares(demo_results)["high_share"] == "share with high purchasing power"
