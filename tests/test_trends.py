"""Measures over the years: every value and end there, and no line across a break."""

import contextlib
import sqlite3
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import towns
from grannskap import analysis, dataset
from grannskap.analysis import Options, View
from grannskap.errors import DataError
from grannskap.maps import atlas, figure
from grannskap.maps.atlas import interactive
from grannskap.outputs import tables
from test_figure import texts_of

YEARS = [2012, 2014, 2016, 2018]


def frame(value, places=("Staden", "Norr")):
    return pd.DataFrame({name: value + np.arange(4) / 20 for name in places}, index=YEARS)


def trend(**options):
    data = frame(0.2)
    return figure.Trend("Andel", data, "share", (data - 0.05, data + 0.05), **options)


def axes_with(drawn, title):
    """The axes of the panel under a title, by their order."""
    sheet = drawn.axes[0]
    titles = [one.get_text() for one in sheet.texts if one.get_gid() == "panel-title"]
    return [one for one in drawn.axes if one.get_label() == "plot"][titles.index(title)]


def curves_of(axes):
    return {
        str(line.get_gid()).removeprefix("curve-"): line
        for line in axes.lines
        if str(line.get_gid()).startswith("curve-")
    }


@pytest.fixture(scope="module")
def town():
    """36 areas of Uppsala over four years, with a break in 2015 and two neighbourhoods."""
    codes = [f"0380C{1000 + 10 * k:04d}" for k in range(36)]
    rng = np.random.default_rng(3)
    share, frames = np.linspace(0.1, 0.5, 36), []
    for year in YEARS:
        low = rng.binomial(300, share)
        columns = {"low": low, "high": rng.binomial(300 - low, 0.3), "households": 300}
        columns |= {"employed": rng.binomial(400, 0.8 - share / 2), "working_age": 400}
        frames.append(pd.DataFrame(columns, dtype=float, index=codes).assign(year=year))
    areas = towns.squares(codes, wide=6)
    moved = areas.set_geometry(areas.geometry.translate(646_000, 6_638_000))
    named = {"Flogsta": codes[:6], "Luthagen": codes[20:26]}
    counts = pd.concat(frames).rename_axis("deso")
    return dataset.from_frames(moved, counts, division=2018, neighbourhoods=named)


@pytest.fixture(scope="module")
def results(town):
    return analysis.run(town, Options(scopes=("0380",)))


@pytest.fixture(scope="module")
def extras(results):
    view = View(title="Uppsala", scope="0380")
    return {one.name: one for one in atlas.extras(results, view)}


def test_a_curve_holds_its_values_and_stops_at_the_break():
    drawn = figure.trends([trend(breaks=(2015,))], whole="Staden", title="Andelar")
    curves = curves_of(axes_with(drawn, "Andel"))
    assert set(curves) == {"Staden", "Norr"}
    x, y = curves["Norr"].get_data()
    assert x.tolist() == [2012, 2014, 2015, 2016, 2018]
    assert np.isnan(y).tolist() == [False, False, True, False, False]
    assert curves["Staden"].get_linewidth() > curves["Norr"].get_linewidth()
    assert "Norr 20 % 2012, 35 % 2018".replace(" %", "\u00a0%") in drawn.get_label()


def test_the_band_round_the_whole_does_not_cross_a_break_either():
    drawn = figure.trends([trend(breaks=(2015,))], whole="Staden", title="Andelar")
    axes = axes_with(drawn, "Andel")
    [band] = [one for one in axes.collections if one.get_alpha() is not None]
    assert len(band.get_paths()) == 2
    for path in band.get_paths():
        across = path.vertices[:, 0]
        assert across.max() <= 2014 or across.min() >= 2016


def test_ticks_are_written_as_they_are():
    one = trend()
    written = [one.tick(value, "sv").replace("\u00a0", " ") for value in (0, 0.025, 0.05, 0.1)]
    assert written == ["0 %", "2,5 %", "5 %", "10 %"]
    assert replace(one, kind="index").tick(1.25, "sv") == "1,25"


def test_shares_begin_at_nothing_and_indices_at_one():
    index = figure.Trend("Index", frame(1.2), "index")
    drawn = figure.trends([trend(), index], whole="Staden", title="Mått")
    assert axes_with(drawn, "Andel").get_ylim()[0] == 0
    assert axes_with(drawn, "Index").get_ylim()[0] == 1


@pytest.mark.parametrize("wrong", ["years", "places", "panels"])
def test_too_little_and_too_much_is_refused(wrong):
    one = trend()
    panels = {
        "years": [replace(one, data=one.data.iloc[:1])],
        "places": [replace(one, data=frame(0.1, [f"P{k}" for k in range(7)]))],
        "panels": [one] * 9,
    }[wrong]
    with pytest.raises(DataError):
        figure.trends(panels, whole="Staden", title="Andelar")


def test_indices_and_indicators_of_a_town_are_those_of_its_results(results, extras):
    indices = axes_with(extras["indices-curves"].figure, "Olikhetsindex, slumpkorrigerat")
    drawn = curves_of(indices)["Uppsala"]
    found = dict(zip(*drawn.get_data(), strict=True))
    even = results.history.evenness
    for year in YEARS:
        expected = even.loc[(year, "municipality", "0380", "dissimilarity"), "corrected"]
        assert found[year] == expected
        table = analysis.run(results.dataset, Options(year=year, scopes=("0380",))).evenness
        assert table.loc[("municipality", "0380", "dissimilarity"), "corrected"] == expected
    shares = axes_with(extras["indicators-curves"].figure, "Andel med hög köpkraft")
    for name, place in (
        ("Uppsala", ("municipality", "0380")),
        ("Flogsta", ("neighbourhood", "Flogsta")),
    ):
        x, y = curves_of(shares)[name].get_data()
        held = dict(zip(x, y, strict=True))
        for year in YEARS:
            assert held[year] == results.row("high_income_share", place, year=year)["estimate"]


def test_the_index_over_the_years_has_an_interval_that_holds_it(results, extras):
    found = results.history.index
    low, middle, high = (
        found[f"segregation_index{end}"].to_numpy() for end in ("_lower", "", "_upper")
    )
    assert len(found)
    assert (low <= middle).all()
    assert (middle <= high).all()
    assert (low < high).all()
    title = "Segregationsindex"
    panel = axes_with(extras["indices-curves"].figure, title)
    assert [one for one in panel.collections if one.get_gid() == "interval"]


def test_every_picture_of_several_years_names_the_break(extras):
    for name in ("balance-years", "balance-curves", "indices-curves", "indicators-curves"):
        assert "Brott 2015" in extras[name].caption, name
        assert "Brott 2015" in " ".join(texts_of(extras[name].figure)), name


def test_the_tables_hold_evenness_and_index_of_every_year(results):
    view = View(title="Uppsala", scope="0380")
    named = tables.named(results, view)
    even = named["evenness-over-years"]
    assert even.index.unique("year").tolist() == YEARS
    focus = named["evenness"]["evenness_raw"].xs("Uppsala", level="place")
    again = even["evenness_raw"].xs(("Uppsala", 2018), level=["place", "year"])
    pd.testing.assert_series_equal(focus, again, check_index_type=False)
    index = named["index-over-years"]
    assert (
        index.loc[("0380", 2018), "segregation_index"]
        == results.index.loc["0380", "segregation_index"]
    )
    assert index.index.get_level_values("year").tolist() == YEARS


def test_two_years_have_their_pictures_where_they_are_asked_for(demo_results, demo_view):
    also = replace(demo_view, map=demo_view.map.model_copy(update={"also": ["curves"]}))
    names = {
        asked: {one.name for one in atlas.extras(demo_results, view)}
        for asked, view in ((False, demo_view), (True, also))
    }
    curves = {"balance-curves", "indices-curves", "indicators-curves"}
    assert curves <= names[True]
    assert not curves & names[False] or "curves" in demo_view.map.also


def test_the_joint_test_and_the_moves_of_clusters_are_layers_and_columns(demo_results, demo_view):
    """They were printed maps and tables alone."""
    every = {one.style.name: one for one in atlas.of_years(demo_results, demo_view)}
    assert list(every) == ["clusters-years", "over-years-low", "over-years-high"]
    shares = demo_results.history.shares
    for pole in ("low", "high"):
        found = shares.xs(f"{pole}_income_share", level="over_share").droplevel("first_year")
        values = every[f"over-years-{pole}"].values.reindex(found.index)
        told = values.where(~values.isin(["up", "down", "same"]), "changed")
        pd.testing.assert_series_equal(
            told.fillna("untested").rename("status"), found["status"], check_dtype=False
        )
        rose = values.eq("up")
        assert rose.any()
        assert (found["share_last"] > found["share_first"])[rose].all()
    layers = {one.style.name for one in interactive._layers(demo_results, demo_view)}
    assert set(every) <= layers
    assert demo_results.plot("over-years-low", view=demo_view).get_label()
    colours = [
        dict(zip(one.style.categories, one.style.colours, strict=True)) for one in every.values()
    ]
    assert colours[1]["up"] == colours[2]["down"] != colours[1]["down"]


def test_the_geopackage_has_a_style_for_what_happened_over_the_years(demo_folder):
    layer = gpd.read_file(demo_folder / "areas.gpkg", layer="areas")
    assert {"clusters_years", "over_years_low", "over_years_high"} <= set(layer.columns)
    with contextlib.closing(sqlite3.connect(demo_folder / "areas.gpkg")) as database:
        held = [row[0] for row in database.execute("SELECT description FROM layer_styles")]
    assert sum("ändrad 2012–2017?" in one for one in held) >= 2
