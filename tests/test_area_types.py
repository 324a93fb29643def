"""The official index and area types: by hand, as published, of a country, and never of a town."""

import json
import shutil
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from grannskap import analysis, dataset, deso, project, segregation
from grannskap.analysis import Options, View, area_types
from grannskap.analysis.results import KEY, SHAPE, Measured
from grannskap.catalogue import OFFICIAL_SHARES, SHARES
from grannskap.dataset import Dataset
from grannskap.errors import DataError, ProjectError
from grannskap.maps import atlas
from grannskap.maps import style as styles
from grannskap.outputs import qgis, tables
from grannskap.outputs.report import area_types as told
from grannskap.project import AreaTypesOptions

YEAR = 2022
TOWNS = [
    f"{county}{number:02d}"
    for county, held in deso.MUNICIPALITIES.items()
    for number in range(10, 10 + held)
]


def country(level, each):
    mark = "R{:03d}" if level == "regso" else "C{:04d}"
    return pd.Index([town + mark.format(10 * k) for town in TOWNS for k in range(1, each + 1)])


def held(columns, *, level="regso", shown=None):
    """A dataset of these columns, of which the polygons are those that are shown."""
    counts = {}
    for name, values in columns.items():
        counts |= {name: values, f"{name}_lower": values, f"{name}_upper": values}
        counts |= {f"{name}_status": np.where(values.notna(), "value", "missing")}
    table = pd.DataFrame(counts)
    keys = [table.index, [YEAR], ["all"]]
    table.index = pd.MultiIndex.from_product(keys, names=["deso", "year", "group"])
    codes = pd.Index(next(iter(columns.values())).index if shown is None else shown)
    boxes = [shapely.box(k, 0, k + 1, 1) for k in range(len(codes))]
    ground = gpd.GeoDataFrame(geometry=boxes, index=codes, crs=3006)
    return Dataset(table, ground, 2018, (), None, None, (), (), level=level)


def shares_of(data, bounds=0.0):
    """The shares of the areas that are shown, each known within some bounds."""
    found = {}
    rows = data.counts.droplevel(["year", "group"]).reindex(data.geometry.index)
    for name, one in SHARES.items():
        if {one.part, one.base} <= set(rows):
            share = rows[one.part] / rows[one.base]
            table = pd.DataFrame(
                {"estimate": share, "lower": share - bounds, "upper": share + bounds}
            ).reindex(columns=list(SHAPE))
            keys = [["area"], table.index, [YEAR], ["all"]]
            table.index = pd.MultiIndex.from_product(keys, names=KEY)
            found[name] = Measured(name, table, "share")
    return found


def found_in(data, *, bounds=0.0, **stated):
    options = Options(area_types=AreaTypesOptions(**stated))
    return area_types.area_types_of(data, shares_of(data, bounds), options, YEAR)


def random_index(codes, seed=3):
    return pd.Series(np.random.default_rng(seed).gamma(2.8, 3.3, len(codes)), index=codes)


def by_hand(value, mean, deviation):
    """SCB's rule read aloud."""
    for kind, step in ((1, 2), (2, 1), (3, 0), (4, -1)):
        if value > mean + step * deviation:
            return str(kind)
    return "5"


# --- The measure -------------------------------------------------------------------------------


def test_an_example_by_hand():
    """Four areas: shares 30, 20, 10 make 20; the mean is 10 and the deviation √50."""
    shares = pd.DataFrame(
        {
            "a": [0.30, 0.15, 0.09, 0.0],
            "b": [0.20, 0.10, 0.06, 0.03],
            "c": [0.10, 0.05, 0.03, 0.09],
        },
        index=list("wxyz"),
    )
    index = segregation.mean_of_shares(shares)
    np.testing.assert_allclose(index, [20, 10, 6, 4])
    cuts = segregation.country_cuts(index)
    assert cuts.mean == pytest.approx(10)
    assert cuts.deviation == pytest.approx(np.sqrt((100 + 0 + 16 + 36) / 4))
    # 10 + 6.16 = 16.16 < 20; 10 is the mean itself and not above it; 4 > 10 − 6.16.
    assert segregation.area_types(index.round(9), cuts).tolist() == [2, 4, 4, 4]


@given(
    values=st.lists(st.integers(0, 10_000), min_size=2, max_size=40).filter(
        lambda one: len(set(one)) > 1
    ),
    times=st.sampled_from([0.25, 1.0, 8.0]),
    more=st.integers(-50, 50),
)
@settings(max_examples=60, deadline=None)
def test_types_follow_the_index_and_not_its_unit(values, times, more):
    index = pd.Series(values, dtype=float)
    cuts = segregation.country_cuts(index)
    types = segregation.area_types(index, cuts)
    order = np.argsort(values, kind="stable")
    assert (np.diff(types.to_numpy()[order]) <= 0).all()
    assert types.map(str).str[0].tolist() == [by_hand(v, cuts.mean, cuts.deviation) for v in index]
    moved = segregation.Cuts(times * cuts.mean + more, times * cuts.deviation)
    far = (index.to_numpy()[:, None] - np.asarray(cuts.edges)[None, :]).astype(float)
    sure = np.abs(far).min(axis=1) > 1e-6
    again = segregation.area_types(times * index + more, moved)
    assert (again[sure] == types[sure]).all()


def test_what_cuts_nothing_and_what_is_no_share_is_refused():
    for values in ([5.0, 5.0], [5.0], [np.nan, 3.0]):
        with pytest.raises(DataError):
            segregation.country_cuts(pd.Series(values))
    with pytest.raises(DataError):
        segregation.mean_of_shares(pd.DataFrame({"a": [12.0]}))
    with pytest.raises(ProjectError):
        AreaTypesOptions(mean=9.1)


@pytest.mark.real
def test_the_published_types_of_karlstad_are_those_of_the_published_cuts(shared_data):
    """Segregationsbarometern 2022: mean 9.10 and deviation 5.47 over the country's RegSO."""
    path = shared_data / "karlstad-2026" / "regso_socioek.json"
    raw = json.loads(path.read_text(encoding="utf-8-sig"))
    cells = np.array(raw["value"], dtype=float).reshape(raw["size"])
    kinds = list(raw["dimension"]["ContentsCode"]["category"]["index"])
    years = list(raw["dimension"]["Tid"]["category"]["index"])
    assert raw["id"] == ["Region", "ContentsCode", "Tid"]
    index, told = (
        cells[:, kinds.index(code), years.index("2022")] for code in ("000008IT", "000008IU")
    )
    known = ~np.isnan(index)
    made = segregation.area_types(pd.Series(index[known]), segregation.Cuts(9.10, 5.47))
    assert known.sum() == 31
    assert made.tolist() == told[known].tolist()


# --- From a dataset ----------------------------------------------------------------------------


def test_published_types_stand_as_they_are():
    codes = country("regso", 1)[:6]
    index = pd.Series([30.0, 1.0, 9.0, 12.0, 16.0, np.nan], index=codes)
    kinds = pd.Series([1.0, 5.0, 4.0, 2.0, 2.0, np.nan], index=codes)
    found = found_in(held({"socioeconomic_index": index, "area_type": kinds}))
    assert (found.official, found.cut_by, found.cuts) == (True, "published", None)
    assert found.areas["type"].tolist() == ["1", "5", "4", "2", "2", None]
    assert found.areas["index"].equals(index.rename("index"))
    assert found.columns == ("socioeconomic_index", "area_type")


def test_three_shares_of_the_country_make_index_and_types_of_the_town():
    codes = country("regso", 12)
    rng = np.random.default_rng(1)
    shares = {name: pd.Series(rng.uniform(0, 30, len(codes)), codes) for name in OFFICIAL_SHARES}
    town = codes[:12]
    found = found_in(held(shares, shown=town))
    every = sum(shares.values()) / 3
    mean, deviation = every.mean(), every.std(ddof=0)
    assert (found.cut_by, found.country, found.parts) == ("country", len(codes), OFFICIAL_SHARES)
    assert (found.cuts.mean, found.cuts.deviation) == pytest.approx((mean, deviation))
    np.testing.assert_allclose(found.areas["index"], every[town])
    assert found.areas["type"].tolist() == [by_hand(v, mean, deviation) for v in every[town]]


@pytest.mark.parametrize("lack", ["towns", "areas"])
def test_a_town_alone_is_never_cut_by_itself(lack):
    """Neither one town, nor a country of which a tenth is missing."""
    codes = country("regso", 12)
    index = random_index(codes)
    index = index[index.index.str[:4] != TOWNS[0]] if lack == "towns" else index
    index = index.where(np.arange(len(index)) % 10 > 0) if lack == "areas" else index
    found = found_in(held({"socioeconomic_index": index}))
    assert (found.cut_by, found.known) == ("nothing", False)
    assert [note.kind for note in found.notes] == ["types without the country"]
    assert found.areas["index"].notna().any()
    stated = found_in(held({"socioeconomic_index": index}), mean=9.1, deviation=5.47)
    assert stated.cut_by == "stated"
    assert not stated.notes
    known = index.dropna()
    assert stated.areas["type"][known.index].tolist() == [by_hand(v, 9.1, 5.47) for v in known]


def like(codes, seed=2):
    """Counts from which shares of DeSO follow."""
    rng = np.random.default_rng(seed)
    base = pd.Series(1000.0, index=codes)
    parts = {
        name: pd.Series(rng.integers(0, 400, len(codes)).astype(float), index=codes)
        for name in ("low_standard", "pre_secondary")
    }
    work = pd.Series(rng.integers(400, 1000, len(codes)).astype(float), index=codes)
    bases = dict.fromkeys(("persons", "education_base", "working_age"), base)
    return {**parts, "employed": work, **bases}


def test_of_deso_the_measure_has_another_name_and_another_third_share():
    codes = country("deso", 21)
    columns = like(codes)
    found = found_in(held(columns, level="deso", shown=codes[:21]))
    assert not found.official
    assert found.columns == ("mean_of_shares", "mean_of_shares_group")
    parts = columns["low_standard"] + columns["pre_secondary"] + 1000 - columns["employed"]
    every = parts / 30
    np.testing.assert_allclose(found.areas["index"], every[codes[:21]])
    mean, deviation = every.mean(), every.std(ddof=0)
    assert found.areas["type"].tolist() == [by_hand(v, mean, deviation) for v in every[codes[:21]]]
    assert not found.notes


def test_groups_that_bounds_leave_open_are_counted():
    codes = country("deso", 21)
    shown = codes[:300]
    data = held(like(codes), level="deso", shown=shown)
    sure, found = found_in(data), found_in(data, bounds=0.005)
    note = next(note for note in found.notes if note.kind == "groups not sure")
    near = [
        np.abs(sure.areas["index"][code] - np.asarray(sure.cuts.edges)).min() < 0.5
        for code in shown
    ]
    assert note.codes == tuple(shown[near])
    assert 0 < note.values["areas"] < len(shown)


def test_without_a_share_there_is_neither():
    codes = country("deso", 1)[:8]
    columns = like(codes)
    assert found_in(held({**columns}, level="deso")).cut_by == "nothing"
    del columns["pre_secondary"]
    assert found_in(held(columns, level="deso")) is None


# --- In the outputs ----------------------------------------------------------------------------

PROJECT = """
title = "Karlstad 2024"
level = "regso"
view = "1780"
year = 2024
[boundaries]
path = "deso.geojson"
division = 2025
code = "desokod"
[[register]]
path = "people.csv"
year = 2024
[register.columns]
young = "young"
old = "old"
[[register]]
path = "index.json"
level = "regso"
division = 2025
[register.columns]
socioeconomic_index = "000008IT"
area_type = "000008IU"
[balance]
low = "young"
high = "old"
basis = "persons"
[autocorrelation]
variable = ["young"]
"""


def people_of(answer):
    """Two age groups of each DeSO, as a CSV file."""
    raw = json.loads(answer.read_text(encoding="utf-8-sig"))
    cells = np.array(raw["value"], dtype=float).reshape(raw["size"])[:, :, 0, 0, 0]
    regions, ages = (list(raw["dimension"][k]["category"]["index"]) for k in ("Region", "Alder"))
    young, old = (cells[:, ages.index(one)] for one in ("20-24", "60-64"))
    rows = [
        f"{code},{young[k]:.0f},{old[k]:.0f}"
        for k, code in enumerate(regions)
        if code.endswith("_DeSO2025")
    ]
    return "\n".join(["deso,young,old", *rows])


@pytest.fixture(scope="module")
def karlstad(shared_data, tmp_path_factory):
    folder, held_in = tmp_path_factory.mktemp("karlstad"), shared_data / "karlstad-2026"
    shutil.copy(held_in / "regso_socioek.json", folder / "index.json")
    shutil.copy(held_in / "geo_deso.json", folder / "deso.geojson")
    (folder / "people.csv").write_text(people_of(held_in / "omraden_befolkning.json"))
    (folder / "project.toml").write_text(PROJECT, encoding="utf-8")
    asked = project.read(folder / "project.toml")
    made = analysis.run(dataset.read(asked), Options.of(asked))
    return made, View.of(asked)


@pytest.mark.real
def test_karlstad_has_its_published_types_in_the_table_the_map_and_the_report(karlstad):
    results, view = karlstad
    table = tables.named(results, view)["area-types"].loc["Karlstad"]
    counts = [int(table[f"type_{one}"]) for one in range(1, 6)]
    assert counts == [2, 3, 4, 15, 7]
    assert (sum(counts), table["areas"], table["areas_missing"]) == (31, 31, 0)
    which = next(one for one in atlas.maps(results, view) if one.style.name == "area-types")
    assert which.style.colours[2] == "#f7f7f7"
    classes = styles.classify(which.values, which.style)
    assert np.bincount(classes).tolist() == counts
    rules = qgis.qml(which.style, str(which.values.name), columns=list(results.areas))
    assert rules.count('filter="&quot;area_type&quot; = ') == 5
    assert results.areas["area_type"].isin(which.style.categories).all()
    short = list(told.in_short(results, view))
    assert [cell.text for cell in short[0].grid.rows[0]][:6] == [
        "Karlstad",
        "2",
        "3",
        "4",
        "15",
        "7",
    ]
    assert "5 av 31 områden" in short[1].text
    section = told.section(results, view)
    highest, lowest = (one.grid for one in section.blocks[1].tables)
    assert highest.rows[0][0].text == "1780R011"
    assert (highest.rows[0][2].text, lowest.rows[0][2].text) == (
        "1 stora utmaningar",
        "5 mycket goda",
    )
    assert "som SCB har publicerat dem" in section.blocks[0].text


@pytest.mark.real
def test_the_like_is_never_called_an_area_type(karlstad):
    results, view = karlstad
    parts = ("low_standard_share", "pre_secondary_share", "employment_rate")
    types = replace(
        results.area_types,
        official=False,
        parts=parts,
        cut_by="stated",
        cuts=segregation.Cuts(9.1, 5.47),
    )
    other = replace(results, area_types=types)
    assert tables.named(other, view)["area-types"].columns[3:8].tolist() == [
        f"group_{one}" for one in range(1, 6)
    ]
    which = next(one for one in atlas.maps(other, view) if one.style.name == "mean-of-shares")
    section = told.section(other, view)
    heads = [which.style.title, section.heading, *which.style.labels]
    heads += [one.grid.caption for one in section.blocks[1].tables]
    assert not any("typ" in one.casefold() for one in heads)
    assert "inte SCB:s områdestyper" in section.blocks[0].text
    assert "9,10" in section.blocks[0].text


def test_a_town_without_the_shares_has_none_of_it(demo_results, demo_view):
    assert demo_results.area_types is None
    assert "area-types" not in tables.named(demo_results, demo_view)
    assert told.section(demo_results, demo_view) is None
    assert not list(told.in_short(demo_results, demo_view))
