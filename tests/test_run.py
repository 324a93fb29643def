"""A whole run: every file there, the same bytes every time, and nothing hostile alive."""

import hashlib
import io
import json
import shutil
import zipfile
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from grannskap import analysis, demo, project
from grannskap.errors import GrannskapError
from grannskap.language import ratio
from grannskap.maps import atlas
from grannskap.outputs import write

NAMES = ("balance", "clusters", "living-conditions")

PROMISED = {
    "report.html",
    "report.docx",
    "report.pdf",
    "areas.gpkg",
    "manifest.json",
    "tables.xlsx",
    "tables/areas.csv",
    "tables/indicators.md",
    "tables/indicators.tex",
    "tables/evenness.csv",
    "tables/parts.csv",
    "tables/municipalities.csv",
    "tables/autocorrelation.csv",
    *(f"maps/{name}.{kind}" for name in NAMES for kind in ("png", "svg", "pdf", "txt")),
    "maps/map.html",
    *(f"maps/{name}.embed.html" for name in NAMES),
}

IN_DEMO = {
    "tables/frontiers.csv",
    "tables/frontiers-by-place.csv",
    "tables/indicators-change.csv",
    "profiles/norrangen.html",
    "profiles/solviken.html",
    "tables/interventions.csv",
    "tables/interventions-grid.csv",
    "tables/interventions-by-place.csv",
    *(f"maps/interventions.{kind}" for kind in ("png", "svg", "pdf", "txt")),
}


def content_of(folder):
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


def test_everything_promised_is_written(demo_folder):
    assert set(content_of(demo_folder)) >= PROMISED | IN_DEMO | {"project.toml"}


def test_the_same_inputs_give_the_same_bytes(demo_folder, tmp_path):
    demo.run(tmp_path / "again")
    first, second = content_of(demo_folder), content_of(tmp_path / "again")
    assert {n: hashlib.sha256(c).hexdigest() for n, c in first.items()} == {
        n: hashlib.sha256(c).hexdigest() for n, c in second.items()
    }


def test_the_project_left_by_the_demo_runs_as_any_other(demo_folder, tmp_path):
    shutil.copytree(demo_folder / "inputs", tmp_path / "inputs")
    shutil.copy(demo_folder / "project.toml", tmp_path)
    run_in(tmp_path, tmp_path / "project.toml")
    ours, theirs = content_of(tmp_path / "out"), content_of(demo_folder)
    for name in PROMISED - {"manifest.json"}:
        assert ours[name] == theirs[name], name


def test_the_manifest_tells_the_truth_about_every_file(demo_folder):
    manifest = json.loads((demo_folder / "manifest.json").read_text(encoding="utf-8"))
    content = content_of(demo_folder)
    del content["manifest.json"]
    assert manifest["outputs"] == {n: hashlib.sha256(c).hexdigest() for n, c in content.items()}
    assert manifest["seed"] == 0
    assert manifest["division"] == 2018
    for name, checksum in manifest["inputs"].items():
        assert hashlib.sha256((demo_folder / name).read_bytes()).hexdigest() == checksum


def test_the_manifest_names_what_it_counts(demo_folder, demo_results, demo_view):
    manifest = json.loads((demo_folder / "manifest.json").read_text(encoding="utf-8"))
    assert len(manifest["tests"]) == len(demo_results.clusterings) == 2
    for told, clustering in zip(manifest["tests"], demo_results.clusterings, strict=True):
        assert told["variable"] == clustering.variable
        links = clustering.graph.adjacency
        linked = {frozenset(pair) for pair, weight in links.items() if weight > 0}
        assert told["neighbours"]["pairs"] == len(linked)
        overall = told["overall"]
        assert overall["directed_links"] == 2 * overall["pairs"]
        assert overall["tested"] == clustering.local["p"].notna().sum()
        assert told["local"]["pairs"] == overall["pairs"]
    assert not {"neighbours", "overall", "local"} & set(manifest)
    (medians,) = manifest["segregation"]["medians_by_municipality"].values()
    shown = demo_view.shown(demo_results)
    assert medians == {name: shown[name].median() for name in demo_results.components}


def test_the_manifest_says_what_made_each_measure(demo_folder, demo_results):
    manifest = json.loads((demo_folder / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["measures"]) == set(demo_results.measured)
    balance = manifest["measures"]["balance"]
    assert balance["parameters"]["confidence"] == 0.95
    assert balance["model"] == "independent households with equal odds"
    for name in demo_results.measured:
        assert set(manifest["measures"][name]) == {"unit", "model", "parameters"}


def test_no_path_of_the_machine_is_in_any_text(demo_folder):
    for name, content in content_of(demo_folder).items():
        if name.endswith((".json", ".html", ".csv", ".svg", ".txt", ".toml")):
            assert str(demo_folder.parent).encode() not in content, name
            assert b"/tmp" not in content, name


@pytest.mark.filterwarnings("ignore:More than one layer")
def test_one_number_is_the_same_in_every_table(demo_folder):
    table = pd.read_csv(demo_folder / "tables" / "areas.csv", dtype={"deso": str}).set_index("deso")
    package = gpd.read_file(demo_folder / "areas.gpkg", layer="areas").set_index("deso")
    book = pd.read_excel(demo_folder / "tables.xlsx", sheet_name="Områden").set_index("DeSO")
    shown = pd.to_numeric(book["Balansmått"], errors="coerce")
    np.testing.assert_allclose(package["balance"], table["balance"].reindex(package.index), 1e-5)
    np.testing.assert_allclose(shown, table["balance"].reindex(shown.index), 1e-5)


@pytest.mark.parametrize("number", [0, 1])
def test_local_moran_sums_to_the_overall_one(demo_results, number):
    clustering = demo_results.clusterings[number]
    local = clustering.local["statistic"].dropna()
    tested = (
        clustering.overall.areas - clustering.overall.no_data - clustering.overall.no_neighbours
    )
    assert tested > 80
    linked = clustering.local["cluster"] != "no neighbours"
    assert local[linked.reindex(local.index)].sum() == pytest.approx(
        clustering.overall.value * linked.reindex(local.index).sum(), rel=0.05
    )


def test_the_geopackage_says_how_each_map_looks(demo_folder):
    import sqlite3

    with sqlite3.connect(demo_folder / "areas.gpkg") as database:
        rows = database.execute(
            "SELECT styleQML, useAsDefault FROM layer_styles WHERE f_table_name = 'areas'"
        ).fetchall()
    assert [default for _, default in rows] == [1] + [0] * (len(rows) - 1)
    rules = [len(list(ET.fromstring(qml.split("\n", 1)[1]).iter("rule"))) for qml, _ in rows]
    assert rules[0] == 11  # seven classes; missing, suppressed, nobody in either, rounded to zero


def test_no_cell_of_the_workbook_is_a_formula_or_a_link(demo_folder):
    with zipfile.ZipFile(demo_folder / "tables.xlsx") as archive:
        sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
        # Areas, municipalities, balance, evenness, frontiers, the same by place, two over years,
        # parts, scale, change, indicators, their change, three of interventions, two tests, notes.
        assert len(sheets) == 19
        for name in sheets:
            text = archive.read(name).decode()
            assert "<f>" not in text
            assert "<hyperlink" not in text


# --- Hostile names -------------------------------------------------------------------------

HOSTILE = [
    "{{ 7*7 }}",
    "<img src=x onerror=alert(1)>",
    "${alert(1)}",
    "</script><script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
]


def squares(count, size=1000):
    codes = [f"9999C{i:04d}" for i in range(1010, 1010 + 10 * count, 10)]
    side = int(np.ceil(np.sqrt(count)))
    boxes = [
        shapely.box(
            600_000 + size * (i % side),
            6_600_000 + size * (i // side),
            600_000 + size * (i % side + 1),
            6_600_000 + size * (i // side + 1),
        )
        for i in range(count)
    ]
    return gpd.GeoDataFrame({"deso": codes}, geometry=boxes, crs="EPSG:3006")


def small_project(folder, *, areas=None, register=None, extra="", columns=None):
    areas = squares(25) if areas is None else areas
    if register is None:
        ticks = np.arange(len(areas))
        register = pd.DataFrame(
            {"deso": areas["deso"], "Q1": 20 + 3 * ticks, "Q4": 60 - ticks, "Alla": 100 + ticks}
        )
    areas.to_file(folder / "b.gpkg", driver="GPKG")
    register.to_csv(folder / "r.csv", index=False)
    columns = columns or 'low = "Q1"\nhigh = "Q4"\nhouseholds = "Alla"\ndisposable_income = "Q4"'
    text = (
        f'title = "Liten"\n{extra}\n[boundaries]\npath = "b.gpkg"\n[[register]]\npath = "r.csv"\n'
        f"year = 2020\n[register.columns]\n{columns}\n"
    )
    (folder / "p.toml").write_text(text, encoding="utf-8")
    return folder / "p.toml"


def results_of(file):
    data, options, view = analysis.read(project.read(file))
    return analysis.run(data, options), view


def run_in(folder, file):
    results, view = results_of(file)
    return write.run(results, view, folder / "out").folder


def test_hostile_names_are_inert_in_every_output(tmp_path):
    areas = squares(25).assign(
        kommun="9999", kommunnamn=HOSTILE[1], regsonamn=[HOSTILE[i % 5] for i in range(25)]
    )
    file = small_project(tmp_path, areas=areas, extra=f"subtitle = {json.dumps(HOSTILE[3])}")
    places = f"\n[[neighbourhoods]]\nname = {json.dumps(HOSTILE[1])}\nareas = ['9999C1010']\n"
    file.write_text(file.read_text(encoding="utf-8") + places, encoding="utf-8")
    content = content_of(run_in(tmp_path, file))
    for name, data in content.items():
        if name.endswith(".html"):
            text = data.decode()
            assert "<img src=x" not in text, name
            assert "<script>alert" not in text, name
            assert ">49<" not in text, name
        if name.endswith(".svg"):
            ET.fromstring(data)
            assert b"<img" not in data, name
        if name.endswith(".csv"):
            assert not any(
                cell.startswith("=")
                for line in data.decode().splitlines()
                for cell in line.split(",")
            )


# --- Gaps ----------------------------------------------------------------------------------


def test_gaps_and_empty_areas_are_told_and_years_compared_on_the_same_areas(tmp_path):
    areas = squares(25)
    ticks = np.arange(25)
    then = pd.DataFrame(
        {"deso": areas["deso"], "year": 2010, "Q1": 20 + 3 * ticks, "Q4": 60 - ticks, "Alla": 200}
    ).assign(income=250 + ticks)
    now = then.assign(year=2020, Q1=2 * then["Q1"]).astype({"Q1": float, "Q4": float})
    now.loc[3, ["Q1", "Q4"]] = np.nan
    now.loc[4, ["Q1", "Q4", "Alla"]] = 0
    columns = 'low = "Q1"\nhigh = "Q4"\nhouseholds = "Alla"\ndisposable_income = "income"'
    register = pd.concat([then, now])
    file = small_project(tmp_path, areas=areas, register=register, columns=columns)
    text = file.read_text(encoding="utf-8").replace("year = 2020", 'year = "year"')
    file.write_text("year = 2020\ncompare = 2010\n" + text, encoding="utf-8")
    results, view = results_of(file)
    told = {note.kind: note for note in results.notes}
    assert told["areas with nobody in either pole"].codes == (areas["deso"][4],)
    assert results.areas.loc[areas["deso"][4], "balance_status"] == "nobody either"
    assert told["areas without counts"].codes == (areas["deso"][3],)
    (change,) = [m for m in atlas.maps(results, view) if m.style.name.startswith("change")]
    both = [i for i in range(25) if i != 3]
    before = then.loc[both, "Q1"].sum() / then.loc[both, "Q4"].sum()
    after = now.loc[both, "Q1"].sum() / now.loc[both, "Q4"].sum()
    assert change.style.caption == (
        f"Balansmåttet var {ratio(before)} 2010 och {ratio(after)} 2020, i de 24 områden som har "
        "uppgift båda åren"
    )
    report = write.run(results, view, tmp_path / "out").folder / "report.html"
    assert "24*" in report.read_text(encoding="utf-8")
    assert "av 25, medelvärde av 23" in report.read_text(encoding="utf-8")


def test_a_project_states_what_its_hidden_counts_can_be(tmp_path):
    """Two dots are a count that is not shown; the file says that it is 1, 2 or 3."""
    areas = squares(25)
    low = 20.0 + np.arange(25)
    register = register_of(areas, Q1=low).astype({"Q1": object})
    register.loc[:2, "Q1"] = ".."
    file = small_project(tmp_path, areas=areas, register=register)
    plain, view = results_of(file)
    text = file.read_text(encoding="utf-8").replace("year = 2020", "year = 2020\nhidden = [1, 3]")
    file.write_text(text, encoding="utf-8")
    stated, _ = results_of(file)
    known = low[3:].sum()
    high = (10.0 + np.arange(25)).sum()
    row = stated.row("balance", view.whole(stated))
    assert row["lower"] == pytest.approx((known + 3) / high)
    assert row["upper"] == pytest.approx((known + 9) / high)
    wide = plain.row("balance", view.whole(plain))
    assert wide["lower"] < row["lower"] < row["upper"] < wide["upper"]
    content = content_of(run_in(tmp_path, file))
    table = pd.read_csv(io.BytesIO(content["tables/balance.csv"]))
    assert table["at_least"].item() == pytest.approx(row["lower"], rel=1e-5)
    assert table["at_most"].item() == pytest.approx(row["upper"], rel=1e-5)
    manifest = json.loads(content["manifest.json"])
    assert manifest["parameters"]["register"][0]["hidden"] == [1, 3]


def test_a_town_whose_households_are_not_known_runs_without_tests(tmp_path):
    areas = squares(25)
    register = register_of(areas).drop(columns="Alla")
    file = small_project(
        tmp_path, areas=areas, register=register, columns='low = "Q1"\nhigh = "Q4"'
    )
    content = content_of(run_in(tmp_path, file))
    assert {"report.html", "maps/map.html", "maps/balance.png"} <= set(content)
    assert not [name for name in content if "cluster" in name or "autocorrelation" in name]
    assert json.loads(content["manifest.json"])["tests"] == []


# --- Bad input -----------------------------------------------------------------------------


def register_of(areas, **columns):
    base = {"deso": areas["deso"], "Q1": 20.0, "Q4": 10.0 + np.arange(len(areas)), "Alla": 100.0}
    return pd.DataFrame({**base, **columns})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda r: r.iloc[:-1], "9999C1250"),
        (lambda r: pd.concat([r, r.iloc[:1]]), "9999C1010"),
        (lambda r: r.assign(Q1=-1), "low"),
        (lambda r: r.assign(Q1=0.5), "low"),
        (lambda r: r.assign(Q1="många"), "många"),
        (lambda r: r.assign(Q1=".."), "low"),
        (lambda r: r.rename(columns={"Q1": "Kvartil1"}), "Kvartil1"),
        (lambda r: r.rename(columns={"deso": "namn"}).assign(namn="x"), "namn"),
        (lambda r: r.assign(deso=r["deso"] + "_DeSO2025"), "outside division"),
        (lambda r: r.assign(Q1=20, Alla=100), "constant|vary|same"),
    ],
    ids=[
        "unmatched",
        "duplicate",
        "negative",
        "fraction",
        "text",
        "all missing",
        "column absent",
        "no codes",
        "two divisions",
        "constant",
    ],
)
def test_bad_registers_are_refused_and_nothing_is_written(tmp_path, change, words):
    areas = squares(25).assign(version="2018_v2")
    file = small_project(tmp_path, areas=areas, register=change(register_of(areas)))
    with pytest.raises(GrannskapError, match=words) as caught:
        run_in(tmp_path, file)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_fewer_than_three_areas_are_refused(tmp_path):
    areas = squares(2)
    with pytest.raises(GrannskapError, match="3 areas"):
        run_in(tmp_path, small_project(tmp_path, areas=areas, register=register_of(areas)))


# --- Real input ----------------------------------------------------------------------------

REAL_COLUMNS = """
population = "pop_total"
swedish_background = "bg_swedish"
foreign_background = "bg_foreign"
post_secondary = "edu_post_gymnasium_more_than_3"
education_base = [
    "edu_middle_school", "edu_gymnasium", "edu_post_gymnasium_less_than_3",
    "edu_post_gymnasium_more_than_3",
]
age_20_29 = ["age_20_24", "age_25_29"]
rented = "dw_hyresratt"
owned = "dw_aganderatt"
median_income = "median_income_tkr"
"""


def real_project(folder, shared, polygons, view, low, high, basis):
    shutil.copy(shared / "polygons" / polygons, folder / "b.gpkg")
    shutil.copy(shared / "stats" / "deso2018_sweden_5984_stats_2022.csv", folder / "r.csv")
    (folder / "p.toml").write_text(
        f"""
        title = "Verkliga data 2022"
        view = "{view}"
        boundaries = {{ path = "b.gpkg", division = 2018 }}
        balance = {{ low = "{low}", high = "{high}", basis = "{basis}" }}
        autocorrelation = {{ variable = "median_income" }}
        [segregation]
        components = ["employment_rate", "median_income", "post_secondary_share"]
        [[register]]
        path = "r.csv"
        code = "deso"
        year = 2022
        source = "SCB"
        [register.columns]
        {REAL_COLUMNS}
        """,
        encoding="utf-8",
    )
    return folder / "p.toml"


@pytest.mark.real
@pytest.mark.parametrize(
    ("polygons", "view", "pair", "shown", "tested"),
    [
        (
            "deso2018_uppsala_lan_plus_neighbours_262.gpkg",
            "0380",
            ("foreign_background", "swedish_background", "persons"),
            150,
            262,
        ),
        (
            "deso2018_stockholms_lan_1287_simplified.gpkg",
            "01",
            ("rented", "owned", "dwellings"),
            1287,
            1287,
        ),
    ],
    ids=["Uppsala", "Stockholm"],
)
def test_real_counties_run(tmp_path, shared_data, polygons, view, pair, shown, tested):
    out = run_in(tmp_path, real_project(tmp_path, shared_data, polygons, view, *pair))
    content = content_of(out)
    assert set(content) >= PROMISED
    areas = pd.read_csv(out / "tables" / "areas.csv", dtype={"deso": str, "municipality": str})
    assert areas["in_view"].sum() == shown
    assert len(pd.read_csv(out / "tables" / "autocorrelation.csv")) == tested
    low, high = areas[pair[0]], areas[pair[1]]
    np.testing.assert_allclose(areas["balance"], low / high, rtol=1e-5)
    manifest = json.loads(content["manifest.json"])
    assert manifest["segregation_components"] == ["median_income", "post_secondary_share"]
    assert "förvärvsfrekvens" in content["report.html"].decode()
