"""RegSO as a level: the same analysis over sums of DeSO, and registers that come by RegSO."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from grannskap import analysis, dataset, deso, project, register
from grannskap.analysis import View
from grannskap.errors import CodeError, DataError
from grannskap.maps import atlas
from grannskap.maps.atlas import words
from grannskap.outputs import report, tables
from test_crosswalk import counted, drawn, town

NAMES = {"9999R001": "Norra", "9999R002": "Södra", "9999R003": "Västra"}
TOML = """
title = "Påhitt"
level = "regso"
view = "9999"
[boundaries]
path = "areas.gpkg"
division = 2018
names = { path = "key.csv", name = "RegSO_2020", code = "DeSO_2018" }
[[register]]
path = "counts.csv"
year = 2022
division = 2018
hidden = [1, 3]
[register.columns]
population = "population"
households = "households"
low = "low"
high = "high"
disposable_income = "income"
[join]
scope = "boundaries"
[balance]
low = "low"
high = "high"
[autocorrelation]
variable = ["low_income_share"]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("regso")
    by_cell, old, _ = town(41)
    ground = drawn(old)
    ground.to_frame("geometry").reset_index().to_file(made / "areas.gpkg")
    frame = counted(by_cell, old)[["population", "households", "low", "high"]]
    text = frame.astype(int).astype(object).assign(income=250.5)
    text.iloc[0, 2] = ".."
    text.to_csv(made / "counts.csv")
    codes = [sorted(NAMES)[at % 3] for at in range(len(ground))]
    key = pd.DataFrame({"DeSO_2018": ground.index, "RegSOkod_2020": codes})
    key["RegSO_2020"] = key["RegSOkod_2020"].map(NAMES)
    key.to_csv(made / "key.csv", index=False)
    return made, frame, key.set_index("DeSO_2018")["RegSOkod_2020"], ground


def read(folder, text=TOML):
    (folder[0] / "project.toml").write_text(text, encoding="utf-8")
    return analysis.read(project.read(folder[0] / "project.toml"))


def test_counts_are_summed_with_bounds_and_statuses_and_polygons_are_merged(folder):
    _, frame, key, ground = folder
    data, _, _ = read(folder)
    assert (data.level, data.areas_called) == ("regso", "RegSO 2020")
    assert data.geometry.index.tolist() == sorted(NAMES)
    assert data.geometry["regso_name"].tolist() == list(NAMES.values())
    found = data.counts.droplevel(["year", "group"])
    truth = frame.groupby(key).sum()
    assert found["households"].tolist() == truth["households"].tolist()
    first = key.iloc[0]
    assert (found["low_status"] == "suppressed").to_dict() == {
        code: code == first for code in sorted(NAMES)
    }
    rest = truth.loc[first, "low"] - frame["low"].iloc[0]
    assert found.loc[first, ["low_lower", "low_upper"]].tolist() == [rest + 1, rest + 3]
    for code in NAMES:
        union = ground[(key == code).to_numpy()].union_all()
        assert data.geometry.geometry[code].equals(union)
    assert "disposable_income" not in data.variables
    assert [one.codes for one in data.notes if one.kind == "amounts left out"] == [
        ("disposable_income",)
    ]


def test_results_of_regso_are_those_of_a_dataset_of_their_sums(folder):
    made, frame, key, _ = folder
    frame[["population", "households", "low", "high"]].astype(int).assign(income=250.5).to_csv(
        made / "open.csv"
    )
    data, options, view = read(folder, TOML.replace("counts.csv", "open.csv"))
    results = analysis.run(data, options)
    summed = frame.groupby(key).sum()
    table = results.at("balance", "area")
    assert table.loc[summed.index, "estimate"].tolist() == pytest.approx(
        (summed["low"] / summed["high"]).tolist()
    )
    whole = results.row("balance", ("municipality", "9999"))
    assert whole["areas"] + whole["areas_missing"] == 3
    assert "regso" not in results.places.index.get_level_values("level")
    assert view.heading("deso") == "RegSO"
    assert words.source_line(results, view).endswith("RegSO 2020")
    styles = atlas.cluster_styles(results, view)
    page = report.build(results, view, [], cluster_styles=styles)
    assert "regionala statistikområden (RegSO)" in page
    assert tables.areas(results, view).index.tolist() == sorted(NAMES)


def test_what_lies_partly_outside_the_map_is_left_out(folder):
    made, _, key, _ = folder
    more = pd.read_csv(made / "key.csv", dtype=str)
    outside = more.iloc[[1]].assign(DeSO_2018="9999C8880")
    pd.concat([more, outside]).to_csv(made / "wider.csv", index=False)
    (made / "cut.toml").write_text(TOML.replace("key.csv", "wider.csv"), encoding="utf-8")
    data = dataset.read(project.read(made / "cut.toml"))
    assert key.iloc[1] not in data.geometry.index
    assert len(data.geometry) == 2
    (told,) = [one for one in data.notes if one.kind == "regso cut by the map"]
    assert told.codes == (key.iloc[1],)


def test_codes_are_needed(folder):
    made, _, _, _ = folder
    bare = pd.read_csv(made / "key.csv", dtype=str).drop(columns="RegSOkod_2020")
    bare.to_csv(made / "bare.csv", index=False)
    with pytest.raises(DataError, match="codes of RegSO"):
        read(folder, TOML.replace("key.csv", "bare.csv"))


def test_codes_of_the_polygons_do_without_a_key(folder):
    made, _, key, ground = folder
    frame = gpd.GeoDataFrame(
        {"desokod": ground.index, "regsokod": key.to_numpy()}, geometry=ground.to_numpy(), crs=3006
    )
    frame.to_file(made / "coded.gpkg")
    text = TOML.replace("areas.gpkg", "coded.gpkg")
    text = text.replace(
        'names = { path = "key.csv", name = "RegSO_2020", code = "DeSO_2018" }\n', ""
    )
    data, _, _ = read(folder, text)
    assert data.geometry.index.tolist() == sorted(NAMES)


DIRECT = """
[[register]]
path = "direct.csv"
year = 2022
amounts = ["index"]
[register.columns]
index = "Index"
area_type = "Typ"
"""


@pytest.mark.parametrize("ending", ["", "_RegSO2020"])
def test_a_register_that_comes_by_regso_stands_beside_the_sums(folder, ending):
    made, frame, key, _ = folder
    rows = [f"{code}{ending};{at + 0.5};{at + 1}" for at, code in enumerate(sorted(NAMES))]
    text = "\n".join(["RegSO;Index;Typ", *rows])
    (made / "direct.csv").write_text(text, encoding="utf-8")
    data, _, _ = read(folder, TOML + DIRECT)
    found = data.counts.droplevel(["year", "group"])
    assert found["index"].tolist() == [0.5, 1.5, 2.5]
    assert found["households"].tolist() == frame.groupby(key)["households"].sum().tolist()


def test_neighbourhoods_are_made_of_regso(folder):
    text = TOML + '[[neighbourhoods]]\nname = "Två"\nareas = ["9999R001", "Södra"]\n'
    data, _, _ = read(folder, text)
    assert data.neighbourhoods[0].codes == ("9999R001", "9999R002")


# Codes


def test_codes_of_regso_are_parsed_with_their_division():
    found = deso.parse(["380R001", "0380R002_RegSO2020"], level="regso")
    assert found.values.tolist() == ["0380R001", "0380R002"]
    assert found.division == 2018
    with pytest.raises(CodeError):
        deso.parse(["0380C1010"], level="regso")
    with pytest.raises(CodeError):
        deso.parse(["0380R001"])
    inside = deso.in_scope(found.values, "0380R002")
    assert inside.tolist() == [False, True]


def test_rows_of_deso_and_regso_in_one_file_are_told_apart(tmp_path):
    text = "Region;Antal\n0380C1010;1\n0380C1020;2\n0380R001;3\n0380R002;4\n0380;10\n"
    (tmp_path / "mixed.csv").write_text(text, encoding="utf-8")
    options = {"columns": {"n": "Antal"}, "year": 2022}
    fine = register.read(tmp_path / "mixed.csv", **options)
    coarse = register.read(tmp_path / "mixed.csv", level="regso", **options)
    assert (fine["n"].tolist(), coarse["n"].tolist()) == ([1, 2], [3, 4])


@pytest.mark.real
@pytest.mark.parametrize("division", [2018, 2025])
def test_the_official_index_is_read_by_regso(shared_data, division):
    path = shared_data / "karlstad-2026" / "regso_socioek.json"
    columns = {"index": "000008IT", "low": "000008IW", "education": "000008IV", "aid": "000008IX"}
    found = register.read(
        path, columns=columns, amounts=list(columns), level="regso", division=division
    )
    raw = json.loads(path.read_text(encoding="utf-8-sig"))
    assert found.attrs["division"] == division
    year = 2022 if division == 2018 else 2024
    codes = raw["dimension"]["Region"]["category"]["index"]
    ending = "" if division == 2018 else "_RegSO2025"
    years = raw["dimension"]["Tid"]["category"]["index"]
    at = (codes[f"1780R001{ending}"] * 5) * len(years) + years[str(year)]
    assert found.loc[("1780R001", year, "all"), "index"] == raw["value"][at]
    shown = found.xs((year, "all"), level=("year", "group")).dropna()
    mean = shown[["low", "education", "aid"]].mean(axis=1)
    assert (mean - shown["index"]).abs().max() < 0.11
    assert len(shown) > 20
    assert np.isfinite(shown["index"]).all()


@pytest.mark.real
def test_uppsala_over_regso_is_what_it_is_over_deso(shared_data, tmp_path):
    import shutil

    for name in (
        *("polygons/deso2018_uppsala_lan_plus_neighbours_262.gpkg",),
        *("stats/deso2018_sweden_5984_stats_2022.csv", "keys/deso2018_regso2020_key_5984.csv"),
    ):
        shutil.copy(shared_data / name, tmp_path)
    text = """
title = "Uppsala"
view = "0380"
[boundaries]
path = "deso2018_uppsala_lan_plus_neighbours_262.gpkg"
names = { path = "deso2018_regso2020_key_5984.csv", name = "RegSO_2020", code = "DeSO_2018" }
[[register]]
path = "deso2018_sweden_5984_stats_2022.csv"
year = 2022
division = 2018
[register.columns]
population = "pop_total"
rented = "dw_hyresratt"
owned = "dw_aganderatt"
[join]
scope = "boundaries"
[balance]
low = "rented"
high = "owned"
basis = "dwellings"
"""
    found = {}
    for level in ("deso", "regso"):
        file = tmp_path / f"{level}.toml"
        file.write_text(f'level = "{level}"\n{text}', encoding="utf-8")
        data = dataset.read(project.read(file))
        inside = data.counts.index.get_level_values("deso").str.startswith("0380")
        found[level] = data.counts[inside][["population", "rented", "owned"]].sum()
        number = int(data.geometry.index.str.startswith("0380").sum())
        assert number == {"deso": 150, "regso": 61}[level]
        assert View(scope="0380", level=level).mask(data.geometry.index).sum() == number
    assert found["deso"].to_dict() == found["regso"].to_dict()
