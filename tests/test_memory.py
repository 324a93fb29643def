"""Frames in memory to results, a map, a page and tables: nothing is read or written."""

import builtins
import copy
import io
import pickle
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from pandas.testing import assert_frame_equal

import towns
from grannskap import analysis, dataset
from grannskap.analysis.results import KEY, SHAPE
from grannskap.errors import DataError


@pytest.fixture(scope="module")
def town():
    return towns.with_twelve_hidden()


@pytest.fixture(scope="module")
def results(town):
    return analysis.run(dataset.from_frames(town.areas, town.counts, year=2017))


@pytest.fixture
def no_files(monkeypatch, results):
    """No file of the user's is opened, and none is written."""
    results.plot("balance")  # fonts and page are read off the package when first used
    results.page()
    really = io.open

    def only_read(file, mode="r", *given, **options):
        assert not set(mode) & set("wax+"), f"{file} is opened to be written"
        return really(file, mode, *given, **options)

    monkeypatch.setattr(builtins, "open", only_read)
    monkeypatch.setattr(io, "open", only_read)
    for name in ("write_bytes", "write_text", "mkdir", "touch"):
        monkeypatch.setattr(Path, name, lambda *_, **__: pytest.fail("a file is written"))


def test_five_lines_make_results_a_map_and_a_page(town, no_files):
    data = dataset.from_frames(town.areas, town.counts, year=2017)
    results = analysis.run(data)
    figure = results.plot("balance")
    explored, page = results.explore(), results.page()
    table = results.table("balance")
    assert isinstance(figure, Figure)
    assert figure.get_label().startswith("Karta: ")
    assert isinstance(explored, folium.Map)
    assert page.startswith("<!DOCTYPE html>")
    assert "http://" not in page.split("<body")[0]
    assert list(table.index.names) == list(KEY)
    assert list(table.columns) == list(SHAPE)
    assert len(table.xs("area", level="level")) == 320


def test_the_frames_that_came_are_not_changed(town):
    before = town.areas.copy(deep=True), town.counts.copy(deep=True)
    analysis.run(dataset.from_frames(town.areas, town.counts, year=2017)).plot("balance")
    assert_frame_equal(pd.DataFrame(town.areas), pd.DataFrame(before[0]))
    assert_frame_equal(town.counts, before[1])


def test_a_layer_of_ones_own_is_added_to_the_map(results):
    explored = results.explore()
    before = len(explored._children)
    folium.Marker([60, 15]).add_to(explored)
    assert len(explored._children) == before + 1
    assert "L.marker" in explored.get_root().render()


def test_other_things_than_frames_are_refused_by_name(town):
    with pytest.raises(DataError, match="GeoDataFrame"):
        dataset.from_frames(town.counts, town.counts, year=2017)
    with pytest.raises(DataError, match="DataFrame"):
        dataset.from_frames(town.areas, town.counts.to_numpy(), year=2017)


def test_the_repr_is_short_and_a_notebook_shows_a_picture_with_its_text(results):
    assert len(repr(results)) < 400
    assert "320 areas" in repr(results)
    assert "\n" not in repr(results)
    shown = results._repr_html_()
    assert shown.startswith("<img")
    assert 'alt="Karta: ' in shown


# --- Everything public travels --------------------------------------------------------------


def frames_of(results):
    """Every frame that results hold, by name."""
    found = {f"table {name}": results.table(name) for name in results.measured}
    for name in ("places", "members", "areas", "sums", "indicators", "change", "index"):
        found[name] = getattr(results, name)
    for one in results.clusterings:
        for name in ("local", "scatter", "links", "within", "sensitivity", "correlogram"):
            found[f"{one.variable} {name}"] = getattr(one, name)
    found["counts"] = results.dataset.counts
    found["geometry"] = results.dataset.geometry
    return {name: frame for name, frame in found.items() if frame is not None}


@pytest.fixture(scope="module", params=["memory", "demo"])
def held(request):
    if request.param == "memory":
        return request.getfixturevalue("results")
    return request.getfixturevalue("demo_results")


def test_pickled_results_are_the_same_results(held):
    back = pickle.loads(pickle.dumps(held))
    assert repr(back) == repr(held)
    assert back.notes == held.notes
    assert back.options == held.options
    ours, theirs = frames_of(held), frames_of(back)
    assert ours.keys() == theirs.keys()
    for name, frame in ours.items():
        assert_frame_equal(pd.DataFrame(frame), pd.DataFrame(theirs[name]), obj=name)
    assert back.plot("balance").get_label() == held.plot("balance").get_label()
    assert back.page() == held.page()


def test_copied_results_are_the_same_results(held):
    for copied in (copy.copy(held), copy.deepcopy(held)):
        for name, frame in frames_of(held).items():
            assert_frame_equal(pd.DataFrame(frame), pd.DataFrame(frames_of(copied)[name]), obj=name)


def test_every_table_goes_to_parquet_and_back(held, tmp_path):
    for name, frame in frames_of(held).items():
        path = tmp_path / "table.parquet"
        frame.to_parquet(path)
        read = gpd.read_parquet if isinstance(frame, gpd.GeoDataFrame) else pd.read_parquet
        back = read(path)
        assert list(back.columns) == list(frame.columns), name
        assert back.index.names == frame.index.names, name
        assert len(back) == len(frame), name
        for column in frame.select_dtypes("number"):
            np.testing.assert_array_equal(back[column], frame[column], err_msg=f"{name} {column}")


def test_tables_are_set_beside_and_under_each_other(held):
    balance, shares = held.table("balance"), held.table("low_income_share")
    under = pd.concat({"balance": balance, "low_income_share": shares}, names=["measure"])
    assert len(under) == len(balance) + len(shares)
    assert under.index.names == ["measure", *KEY]
    beside = pd.concat([balance["estimate"], shares["estimate"]], axis=1)
    assert len(beside) == len(balance.index.union(shares.index))
    for frame in frames_of(held).values():
        twice = pd.concat([frame, frame])
        assert len(twice) == 2 * len(frame)
        assert_frame_equal(pd.DataFrame(frame.copy()), pd.DataFrame(frame))


def test_results_cannot_be_changed_by_their_names(held):
    with pytest.raises(AttributeError):
        held.year = 1999
    with pytest.raises(AttributeError):
        held.dataset.counts = None
