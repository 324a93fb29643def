"""Two divisions in one project: never joined silently, shown in the one that is asked for."""

import contextlib
import shutil

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grannskap import analysis, areas, balance, changes, dataset, project, squares
from grannskap.counts import Counts, Pooled
from grannskap.dataset import Pools
from grannskap.dataset.pooling import coarser
from grannskap.errors import CodeError, DataError, GrannskapError
from grannskap.measures.membership import bounded, membership
from test_crosswalk import SIDE, counted, drawn, grid, note, town

TOML = """
title = "Påhitt"
[boundaries]
path = "new.gpkg"
division = 2025
[balance]
low = "low"
high = "high"
[join]
scope = "boundaries"
"""
OTHER = '[division]\nshow = 2025\nfrom = "old.gpkg"\nsquares = "squares.gpkg"\n'


def register(path, year=2022, division="", columns=("population", "households", "low", "high")):
    named = "\n".join(f'{name} = "{name}"' for name in columns)
    told = f"division = {division}\n" if division else ""
    return f'[[register]]\npath = "{path}"\nyear = {year}\n{told}[register.columns]\n{named}\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("divisions")
    by_cell, old, new = town(21)
    for name, codes in (("old", old), ("new", new)):
        ground = drawn(codes)
        ground.to_frame("geometry").reset_index().to_file(made / f"{name}.gpkg")
        frame = counted(by_cell, codes)
        frame[[n for n in frame if "_status" not in n]].to_csv(made / f"{name}.csv")
    shapes = grid(by_cell).rename(columns={"people": "befolkning_2023"})
    shapes.to_file(made / "squares.gpkg")
    return made, (by_cell, old, new)


def read(folder, *parts):
    file = folder / "project.toml"
    file.write_text(TOML + "".join(parts), encoding="utf-8")
    return dataset.read(project.read(file))


def test_counts_of_the_other_division_are_shown_in_the_one_that_is_asked_for(folder):
    made, (by_cell, old, new) = folder
    data = read(made, OTHER, register("old.csv", division=2018))
    assert (data.division, data.years) == (2025, (2022,))
    moved = areas.crosswalk(
        counted(by_cell, old), source=drawn(old), target=drawn(new), squares=grid(by_cell)
    )
    found = data.counts.droplevel(["year", "group"])
    for name in ("population", "low", "low_lower", "low_upper", "translated"):
        assert found[name].tolist() == moved[name].tolist()
    assert [one.role for one in data.provenance] == [
        *("boundaries", "register", "boundaries", "squares")
    ]
    assert data.provenance[-1].years == (2023,)
    (told,) = [one for one in data.notes if one.kind == "translated by"]
    assert told == note(moved, "translated by")


def test_results_tell_how_each_area_was_made_and_keep_its_bounds(folder):
    made, _ = folder
    file = made / "results.toml"
    file.write_text(TOML + OTHER + register("old.csv", division=2018), encoding="utf-8")
    data, options, _ = analysis.read(project.read(file))
    results = analysis.run(data, options)
    assert results.areas["translated"].eq("squares").any()
    table = results.at("balance", "area")
    truth = data.counts.droplevel(["year", "group"])
    unsure = (truth["low_lower"] < truth["low_upper"]).reindex(table.index)
    assert (table["lower"] < table["upper"])[unsure].all()


def test_years_of_both_divisions_are_one_series(folder):
    made, (by_cell, _, new) = folder
    parts = (OTHER, register("old.csv", division=2018), register("new.csv", 2024, 2025))
    data = read(made, *parts)
    assert (data.division, data.years) == (2025, (2022, 2024))
    later = data.counts.xs(2024, level="year")
    assert later["translated"].isna().all()
    truth = counted(by_cell, new)["low"]
    assert later["low"].tolist() == later["low_upper"].tolist() == truth.tolist()
    assert data.counts.xs(2022, level="year")["translated"].notna().all()


def test_the_years_tell_the_division_and_a_note_says_so(folder):
    made, _ = folder
    data = read(made, OTHER, register("old.csv"), register("new.csv", 2024))
    told = [one.values["division"] for one in data.notes if one.kind == "division told by years"]
    assert told == ["2018", "2025"]
    with pytest.raises(DataError, match="neither the file nor its years"):
        read(made, OTHER, register("old.csv").replace("year = 2022\n", ""))


def test_one_file_with_both_divisions_is_read_as_both(folder):
    made, _ = folder
    old, new = (
        pd.read_csv(made / f"{name}.csv").assign(year=year)
        for name, year in (("old", 2022), ("new", 2024))
    )
    new["deso"] += "_DeSO2025"
    pd.concat([old, new]).to_csv(made / "both.csv", index=False)
    part = register("both.csv").replace("year = 2022", 'year = "year"')
    data = read(made, OTHER, part)
    apart = read(made, OTHER, register("old.csv", division=2018), register("new.csv", 2024, 2025))
    for name in ("low", "low_lower", "low_upper"):
        pd.testing.assert_series_equal(data.counts[name].dropna(), apart.counts[name].dropna())


def test_two_divisions_are_never_joined_silently(folder):
    made, _ = folder
    with pytest.raises(DataError, match="no division"):
        read(made, register("old.csv"))
    with pytest.raises(DataError, match=r"boundaries of the division 2018"):
        read(made, OTHER.replace("2025", "2018"), register("old.csv", division=2018))
    with pytest.raises(DataError, match="change log"):
        read(made, "[division]\nshow = 2025\n", register("old.csv", division=2018))


def test_a_key_of_the_other_division_names_no_area(folder):
    made, (_, _, new) = folder
    for year in (2018, 2025):
        key = pd.DataFrame({f"DeSO_{year}": sorted(set(new)), "RegSO": "Norra"})
        key.to_csv(made / "key.csv", index=False)
        names = 'division = 2025\nnames = { path = "key.csv", name = "RegSO" }'
        text = TOML.replace("division = 2025", names) + register("new.csv", 2024, 2025)
        (made / "named.toml").write_text(text, encoding="utf-8")
        if year == 2025:
            assert (
                dataset.read(project.read(made / "named.toml"))
                .geometry["regso_name"]
                .eq("Norra")
                .all()
            )
            continue
        with pytest.raises(CodeError, match="both 2018 and 2025"):
            dataset.read(project.read(made / "named.toml"))


def test_a_register_of_more_than_the_other_divisions_polygons(folder):
    made, (by_cell, old, _) = folder
    wide = pd.read_csv(made / "old.csv")
    more = wide.iloc[[0]].assign(deso="9998C1010")
    lost = wide.iloc[[0]].assign(deso="9999C8880")
    pd.concat([wide, more]).to_csv(made / "wide.csv", index=False)
    data = read(made, OTHER, register("wide.csv", division=2018))
    assert data.geometry["complete"].all()
    pd.concat([wide, more, lost]).to_csv(made / "wide.csv", index=False)
    data = read(made, OTHER, register("wide.csv", division=2018))
    assert not data.geometry["complete"].any()
    (told,) = [one for one in data.notes if one.kind == "register rows not joined"]
    assert told.codes == ("9998C1010", "9999C8880")
    assert data.counts["population"].sum() == by_cell["population"].sum()
    assert len(old) == SIDE * SIDE
    assert np.isfinite(data.counts["low_upper"]).all()


def test_of_the_whole_town_nothing_is_uncertain_and_of_parts_the_truth_is_within(folder):
    made, (by_cell, _, new) = folder
    file = made / "whole.toml"
    file.write_text(TOML + OTHER + register("old.csv", division=2018), encoding="utf-8")
    data, options, _ = analysis.read(project.read(file))
    results = analysis.run(data, options)
    whole = results.row("balance", ("municipality", "9999"))
    truth = by_cell["low"].sum() / by_cell["high"].sum()
    assert whole[["estimate", "lower", "upper"]].tolist() == [truth] * 3
    for name in ("low_income_share", "high_income_share"):
        row = results.row(name, ("municipality", "9999"))
        assert row["lower"] == row["upper"] == row["estimate"]
    of_areas = counted(by_cell, new)
    low, high = (data.count(name, year=2022) for name in ("low", "high"))
    held = {f"{at}": list(of_areas.index[at : at + 3]) for at in range(len(of_areas) - 2)}
    table = balance.places(low, high, held)
    for name, codes in held.items():
        part = of_areas.loc[codes].sum()
        assert table.loc[name, "lower"] <= part["low"] / part["high"] <= table.loc[name, "upper"]


def test_a_pool_is_bounded_together_where_a_place_holds_all_of_it():
    codes = pd.Index(["a", "b", "c"], name="deso")
    value, lower, upper = (
        pd.Series(one, index=codes, dtype=float) for one in ([5, 5, 9], [0, 0, 9], [10, 10, 9])
    )
    pooled = Pooled(np.array([0, 0, -1]), np.array([10.0]), np.array([10.0]))
    count = Counts(value, lower, upper, pd.Series("value", index=codes), pooled)
    held = membership(codes, {"whole": ["a", "b", "c"], "part": ["a", "c"], "pool": ["b", "a"]})
    _, (arrays,) = bounded(count)
    total = held.total(arrays, arrays.known)
    assert total.lower.tolist() == [19, 9, 10]
    assert total.upper.tolist() == [19, 19, 10]


def test_what_was_moved_in_memory_keeps_its_bounds(folder):
    _, (by_cell, old, new) = folder
    moved = areas.crosswalk(
        counted(by_cell, old), source=drawn(old), target=drawn(new), squares=grid(by_cell)
    )
    polygons = gpd.GeoDataFrame(geometry=drawn(new))
    data = dataset.from_frames(polygons, moved, year=2022)
    assert data.years == (2022,)
    held = data.count("low", year=2022)
    assert held.lower.tolist() == moved["low_lower"].tolist()
    assert held.upper.tolist() == moved["low_upper"].tolist()
    assert data.counts["translated"].tolist() == moved["translated"].tolist()
    assert {"translated", "translated by"} <= {one.kind for one in data.notes}


@pytest.mark.parametrize("reader", [squares.read, changes.read])
@settings(max_examples=60, deadline=None)
@given(
    content=st.binary(max_size=300)
    | st.text("rutid;e,n0123456789\n-.befolkning ÅÄ").map(str.encode)
)
def test_hostile_files_end_in_a_named_error(reader, content, tmp_path_factory):
    file = tmp_path_factory.getbasetemp() / "hostile"
    file.write_bytes(content)
    with contextlib.suppress(GrannskapError):
        reader(file)


def test_pools_of_areas_become_pools_of_regso(folder):
    made, (by_cell, _, new) = folder
    ground = drawn(new)
    codes = [f"9999R00{1 + at % 3}" for at in range(len(ground))]
    shapes = gpd.GeoDataFrame(
        {"desokod": ground.index, "regsokod": codes}, geometry=ground.to_numpy(), crs=3006
    )
    shapes.to_file(made / "coded.gpkg")
    text = 'level = "regso"\n' + TOML.replace('"new.gpkg"', '"coded.gpkg"')
    file = made / "coded.toml"
    file.write_text(text + OTHER + register("old.csv", division=2018), encoding="utf-8")
    data, options, _ = analysis.read(project.read(file))
    results = analysis.run(data, options)
    whole = results.row("balance", ("municipality", "9999"))
    truth = by_cell["low"].sum() / by_cell["high"].sum()
    assert whole[["estimate", "lower", "upper"]].tolist() == [truth] * 3
    of_regso = counted(by_cell, new)[["low"]].groupby(pd.Series(codes, index=ground.index)).sum()
    held = data.count("low", year=2022)
    assert (held.lower <= of_regso["low"]).all()
    assert (held.upper >= of_regso["low"]).all()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=8, max_size=8), st.integers(0, 10**6))
def test_pools_at_a_coarser_level_keep_the_truth_and_the_certainty_of_the_whole(groups, seed):
    rng = np.random.default_rng(seed)
    codes = pd.Index([f"a{n}" for n in range(8)], name="deso")
    truth, pool = rng.integers(0, 50, 8), np.array([0, 0, 0, 1, 1, 2, 2, -1])
    width = np.where(pool >= 0, rng.integers(0, 9, 8), 0)
    index = pd.MultiIndex.from_product([codes, [2022], ["all"]], names=["deso", "year", "group"])
    bounds = {"low_lower": truth - np.minimum(width, truth), "low_upper": truth + width}
    register_ = pd.DataFrame(bounds, index=index, dtype=float)
    sums = pd.Series(truth).groupby(pool).sum().drop(-1)
    keys = pd.MultiIndex.from_product(
        [sums.index, [2022], ["all"]], names=["pool", "year", "group"]
    )
    known = pd.DataFrame({name: sums.to_numpy(float) for name in bounds}, index=keys)
    pools = Pools(pd.Series(pool[:7], index=codes[:7]), known)
    made, exact = coarser(pools, register_, pd.Series([f"g{n}" for n in groups], index=codes))
    of_group = pd.Series(truth).groupby([f"g{n}" for n in groups]).sum()
    for code, row in exact.iterrows():
        assert row["low_lower"] == row["low_upper"] == of_group[code[0]]
    if made is not None:
        for number, held in made.of.groupby(made.of):
            row = made.counts.loc[(number, 2022, "all")]
            assert row["low_lower"] == row["low_upper"] == of_group[held.index].sum()


@pytest.mark.real
def test_dalarna_in_both_divisions_is_one_series_whose_whole_is_certain(shared_data, tmp_path):
    for name in (
        *("polygons/deso2018_dalarnas_lan_175.gpkg", "polygons/deso2025_dalarnas_lan_175.gpkg"),
        *("stats/deso2018_sweden_5984_stats_2022.csv", "squares/befolkning_1km_2025_dalarna.csv"),
        "stats/deso2025_dalarna_175_population_2024.csv",
    ):
        shutil.copy(shared_data / name, tmp_path)
    text = """
title = "Dalarna"
view = "20"
[boundaries]
path = "deso2025_dalarnas_lan_175.gpkg"
[[register]]
path = "deso2018_sweden_5984_stats_2022.csv"
year = 2022
division = 2018
[register.columns]
population = "pop_total"
rented = "dw_hyresratt"
owned = "dw_aganderatt"
median_income = "median_income_tkr"
[[register]]
path = "deso2025_dalarna_175_population_2024.csv"
year = 2024
division = 2025
[register.columns]
population = "befolkning_2024"
[division]
show = 2025
from = "deso2018_dalarnas_lan_175.gpkg"
squares = "befolkning_1km_2025_dalarna.csv"
[balance]
low = "rented"
high = "owned"
basis = "dwellings"
"""
    (tmp_path / "dalarna.toml").write_text(text, encoding="utf-8")
    data, options, _ = analysis.read(project.read(tmp_path / "dalarna.toml"))
    population = data.counts["population"].groupby(level="year").sum()
    assert population.to_dict() == {2022: 288_310, 2024: 286_546}
    results = analysis.run(data, options.model_copy(update={"year": 2022}))
    county = results.row("balance", ("county", "20"))
    assert county["lower"] == county["upper"] == pytest.approx(county["estimate"])
    assert results.places.loc[("county", "20"), "name"] == "Dalarnas län"
    same = results.areas["translated"] == "same"
    assert results.areas["median_income"].notna().equals(same)
