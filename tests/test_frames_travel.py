"""Every public frame can be written, pickled, copied and set beside others, with its notes."""

import copy
import pickle

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from grannskap import areas, boundaries, dataset, datasets, notes, project, register


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("town")
    datasets.write_inputs(made)
    corners = [(0, 0), (9, 9), (9, 0), (0, 9)]
    bow = shapely.Polygon([(east + 690_000, north + 6_850_000) for east, north in corners])
    odd = gpd.GeoDataFrame({"namn": ["a", "b"]}, geometry=[bow, None], crs=3006)
    odd.to_file(made / "odd.gpkg")
    return made


def read_register(folder):
    frames, *_ = dataset.files._read_registers(project.read(folder / "project.toml"))
    return register.combine([frame for held in frames.values() for frame in held])


def polygons(folder):
    return boundaries.read(folder / "inputs" / "boundaries.geojson")


def joined(folder):
    return areas.join(polygons(folder), areas.select(read_register(folder), year=2017, group="all"))


def key(frame):
    codes = frame.index.unique("deso")
    return pd.DataFrame({"old": codes, "new": codes[[0, *range(len(codes) - 1)]], "share": 1.0})


def whole_counts(folder):
    return read_register(folder).drop(columns=["disposable_income", "disposable_income_status"])


FRAMES = {
    "boundaries.read": polygons,
    "boundaries.from_frame": lambda f: boundaries.from_frame(polygons(f)),
    "boundaries.read_overlay": lambda f: boundaries.read_overlay(f / "odd.gpkg"),
    "boundaries.municipalities": lambda _: boundaries.municipalities(),
    "register.read": read_register,
    "register.from_frame": lambda f: register.from_frame(read_register(f)),
    "register.combine": lambda f: register.combine([read_register(f), read_register(f)]),
    "areas.select": lambda f: areas.select(read_register(f), year=2012, group="all"),
    "areas.join": joined,
    "areas.with_shares": lambda f: areas.with_shares(joined(f)),
    "areas.aggregate": lambda f: areas.aggregate(joined(f), joined(f)["regso_name"]),
    "areas.crosswalk": lambda f: areas.crosswalk(whole_counts(f), key=key(whole_counts(f))),
    "Dataset.counts": lambda f: dataset.read(project.read(f / "project.toml")).counts,
    "Dataset.geometry": lambda f: dataset.read(project.read(f / "project.toml")).geometry,
    "town.boundaries": lambda _: datasets.town().boundaries,
    "town.register": lambda _: datasets.town().register,
}


@pytest.fixture(scope="module", params=FRAMES, ids=str)
def frame(request, folder):
    return FRAMES[request.param](folder)


def same(one, other):
    pd.testing.assert_frame_equal(pd.DataFrame(one), pd.DataFrame(other), check_index_type=False)


def test_pickled_and_copied_it_keeps_its_notes(frame):
    for other in (pickle.loads(pickle.dumps(frame)), copy.deepcopy(frame), frame.copy()):
        same(frame, other)
        assert notes.of(other) == notes.of(frame)


def test_it_can_be_written_to_parquet_and_read_again(frame, tmp_path):
    file = tmp_path / "frame.parquet"
    frame.to_parquet(file)
    if isinstance(frame, gpd.GeoDataFrame):
        same(gpd.read_parquet(file), frame)
        return
    read = pd.read_parquet(file)
    same(read, frame)
    assert notes.of(read) == notes.of(frame)


def test_it_can_be_set_beside_another(frame):
    both = pd.concat([frame, frame], keys=["one", "other"])
    assert len(both) == 2 * len(frame)
    assert notes.of(both) == notes.of(frame)
    other = frame.copy()
    other.attrs = {}
    assert len(pd.concat([frame, other])) == 2 * len(frame)


def test_names_of_areas_travel_too(tmp_path):
    file = tmp_path / "key.csv"
    file.write_text("DeSO;Namn\n9999C1020;Sjö\n9999C1010;Ås\n", encoding="utf-8")
    names = register.read_names(file, name="Namn")
    names.to_frame().to_parquet(tmp_path / "names.parquet")
    pd.testing.assert_series_equal(pickle.loads(pickle.dumps(names)), names)
    assert len(pd.concat([names, names])) == 4


def test_some_of_the_frames_above_do_carry_notes(folder):
    noted = [name for name, make in FRAMES.items() if notes.of(make(folder))]
    assert {"boundaries.read_overlay", "register.read", "areas.aggregate", "areas.crosswalk"} <= {
        *noted
    }
