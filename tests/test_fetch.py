"""A place's name becomes a project that runs, and a second fetch asks for what is missing alone."""

import json
import re
import sys
import tomllib
import zipfile
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from typer.testing import CliRunner

import scb_stub
from grannskap import analysis, cli, dataset, project
from grannskap.analysis.area_types import area_types_of
from grannskap.errors import InputFileError, OutputError, ProjectError
from grannskap.sources import register, scb
from grannskap.sources.scb import tables
from grannskap.sources.scb.service import Service
from grannskap.sources.scb.store import Store
from grannskap.sources.scb.web import Web
from grannskap.sources.scb.wfs import Maps
from scb_stub import Stub, served

UPPSALA = scb.find(["Uppsala"])
FEW = frozenset({"squares", "localities", "index", "tenure", "birth", "population"})


@pytest.fixture(scope="module")
def running():
    with served(Stub({}, {})) as stub:
        yield stub


@pytest.fixture
def stub(running, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    fresh = Stub(scb_stub.country(), scb_stub.shapes())
    for name in ("tables", "layers", "files", "time", "config", "faults", "calls", "too_soon"):
        setattr(running, name, getattr(fresh, name))
    return running


@pytest.fixture
def services(stub, tmp_path):
    return asked(stub, tmp_path / "kept")


def asked(stub, kept, *, offline=False):
    web, store = Web(clock=stub.time.clock()), Store(kept)
    return {
        "service": Service(web, store, stub.base, offline),
        "maps": Maps(web, store, stub.maps, offline),
    }


def order(place=UPPSALA, **options):
    options.setdefault("years", (2022, 2023))
    return scb.Order(place, **options)


@pytest.fixture(scope="module")
def town(running, tmp_path_factory):
    """Everything of Uppsala, fetched once, and what it is read as."""
    stub = Stub(scb_stub.country(), scb_stub.shapes(), address=running.address)
    for name in ("tables", "layers", "time", "config", "faults", "calls", "too_soon"):
        setattr(running, name, getattr(stub, name))
    folder = tmp_path_factory.mktemp("town")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "127.0.0.1")
        done = scb.fetch(order(), folder / "uppsala", **asked(running, folder / "kept"))
    assert running.too_soon == 0
    return done, dataset.read(project.read(folder / "uppsala" / "project.toml"))


def test_a_town_becomes_a_project_whose_numbers_are_those_of_the_service(stub, town):
    done, data = town
    assert done.projects == ("project.toml",)
    assert data.division == 2018
    assert data.years == (2022, 2023)
    county = [code for code in scb_stub.codes(2018) if code.startswith("03")]
    assert data.geometry.index.tolist() == county
    table = stub.tables["TAB6684"]
    row = list(table.dimensions["Region"]).index(county[5])
    year = list(table.dimensions["Tid"]).index("2022")
    persons, median = table.values[row, [6, 4], year]
    hidden = table.hidden[row, [6, 4], year]
    held = data.counts.loc[(county[5], 2022, "all")]
    for name, value, mark in (("persons", persons, hidden[0]),):
        assert held[f"{name}_status"] == ("suppressed" if mark else "value")
        assert mark or held[name] == value
    assert hidden[1] or held["disposable_income"] == pytest.approx(1000 * median, rel=1e-6)


def test_the_key_that_is_fetched_carries_the_same_analysis_over_regso(services, tmp_path):
    few = frozenset(set(scb.PARTS) - {"income", "names"})
    scb.fetch(order(without=few), tmp_path / "u", **services)
    file = tmp_path / "u" / "project.toml"
    text = file.read_text("utf-8")
    assert '# level = "regso"' in text
    file.write_text(text.replace('# level = "regso"', 'level = "regso"'), "utf-8")
    data, _, _ = analysis.read(project.read(file))
    expected = {code for deso, code in scb_stub.regso(2018).items() if deso.startswith("03")}
    assert set(data.geometry.index) == expected


def test_the_official_types_that_are_fetched_are_shown_where_their_marks_are_taken_away(
    stub, services, tmp_path
):
    few = frozenset(set(scb.PARTS) - {"income", "names", "index"})
    scb.fetch(order(without=few), tmp_path / "u", **services)
    file = tmp_path / "u" / "project.toml"
    text, block = file.read_text("utf-8").split("# Officiella områdestyper")
    lines = [line for line in block.partition("\n\n")[0].splitlines()[1:] if line]
    assert all(line.startswith("# ") for line in lines)
    text = text.replace('# level = "regso"', 'level = "regso"')
    file.write_text("\n".join([text, *(line[2:] for line in lines)]), "utf-8")
    data, options, _ = analysis.read(project.read(file))
    found = area_types_of(data, {}, options, 2023)
    assert (found.official, found.cut_by) == (True, "published")
    table = stub.tables["TAB6586"]
    regions, year = list(table.dimensions["Region"]), list(table.dimensions["Tid"]).index("2023")
    assert len(found.areas) > 3
    for code, row in found.areas.iterrows():
        index, kind = table.values[regions.index(code), :2, year]
        if pd.notna(row["index"]):
            assert (row["index"], row["type"]) == (pytest.approx(index), f"{kind:.0f}")
    assert found.known


def test_whole_per_cents_are_read_as_rounded_shares(town):
    _, data = town
    known = data.counts[data.counts["quarter_1_status"] == "value"]
    width = known["quarter_1_upper"] - known["quarter_1_lower"]
    assert (width <= 0.01 * known["persons"] + 1).all()
    assert (width > 0).mean() > 0.9


@pytest.mark.parametrize("series", tables.SERIES, ids=lambda one: one.table + one.file)
def test_a_file_that_was_written_is_read_with_the_same_numbers_and_statuses(
    stub, services, tmp_path, series
):
    from grannskap.sources.scb import numbers
    from grannskap.sources.scb.folder import table

    for division in (2018, 2025):
        found = numbers.read(
            services["service"], series, division=division, within=["0380"], years=range(2010, 2026)
        )
        if found is None:
            continue
        file = tmp_path / f"{division}.csv"
        file.write_bytes(table(found, area="DeSO"))
        percent = {one.name: one.whole for one in series.cells if one.kind == "percent"}
        frame = register.read(
            file,
            columns={one.name: one.heading for one in series.cells},
            code="DeSO",
            year="År",
            division=division,
            percent=percent,
        )
        for cells in series.cells:
            status = frame[f"{cells.name}_status"].to_numpy().reshape(len(found.areas), -1)
            hidden = found.marks[cells.name] == ".."
            if cells.kind != "percent":
                assert ((status == "suppressed") == hidden).all()
                values = frame[cells.name].to_numpy().reshape(hidden.shape)
                assert pd.isna(values[hidden]).all()
                assert (values[~hidden] == found.values[cells.name][~hidden]).all()


def test_a_county_and_the_country_hold_all_their_areas(stub, services, tmp_path):
    without = frozenset({"squares", "names", "localities", "index"})
    place = scb.find(["Uppsala län", "Gotland"])
    scb.fetch(order(place, without=without), tmp_path / "two", **services)
    frame = gpd.read_file(tmp_path / "two" / "inputs" / "deso-2018.gpkg")
    assert set(frame["desokod"].str[:2]) == {"03", "09"}
    few = frozenset(set(scb.PARTS) - {"income"})
    country = scb.find(["riket"])
    scb.fetch(order(country, without=few, years=(2024, 2024)), tmp_path / "all", **services)
    read = project.read(tmp_path / "all" / "project.toml")
    assert (read.view, read.boundaries.division) == ("country", 2025)
    info = pyogrio.read_info(read.path(read.boundaries.path))
    assert info["features"] == 6160
    lines = read.path("inputs/inkomst-deso2025.csv").read_text("utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in lines[1:]] == list(scb_stub.codes(2025))


def test_years_of_both_divisions_are_never_joined_without_a_word(services, tmp_path):
    few = frozenset(set(scb.PARTS) - {"income", "education", "squares"})
    done = scb.fetch(order(years=(2022, 2024), without=few), tmp_path / "u", **services)
    assert done.projects == ("project.toml", "project-deso2025.toml")
    both = [dataset.read(project.read(tmp_path / "u" / name)) for name in done.projects]
    assert [one.division for one in both] == [2018, 2025]
    assert [one.years for one in both] == [(2022, 2023), (2022, 2023, 2024)]
    assert "post_secondary" in both[0].variables
    assert {"post_secondary_25_65", "education_base_25_65"} <= set(both[1].variables)
    moved = project.read(tmp_path / "u" / "project-deso2025.toml")
    assert (moved.division.show, moved.year, moved.compare) == (2025, 2024, 2022)
    alone = scb.fetch(order(years=(2022, 2024), without=few, division=2018), tmp_path / "v",
                      **services)  # fmt: skip
    assert alone.projects == ("project.toml",)


def test_a_second_fetch_asks_for_what_is_missing_alone(stub, services, tmp_path):
    scb.fetch(order(without=FEW), tmp_path / "u", **services)
    files = {path: path.stat().st_mtime_ns for path in (tmp_path / "u").rglob("*.*")}
    stub.calls.clear()
    scb.fetch(order(without=FEW), tmp_path / "u", **asked(stub, tmp_path / "kept"))
    assert stub.data_calls() == []
    assert not [call for call in stub.calls if "startIndex" in call.path]
    later = {path: path.stat().st_mtime_ns for path in (tmp_path / "u").rglob("*.*")}
    changed = {path.name for path in later if files.get(path) != later[path]}
    assert changed == {"fetched.json"}
    stub.calls.clear()
    scb.fetch(
        order(years=(2021, 2023), without=FEW), tmp_path / "u", **asked(stub, tmp_path / "kept")
    )
    assert {tuple(call.chosen["Tid"]) for call in stub.data_calls()} == {("2021",)}


def test_offline_writes_the_same_files_and_asks_nothing(stub, services, tmp_path):
    scb.fetch(order(without=FEW), tmp_path / "one", **services)
    stub.calls.clear()
    scb.fetch(order(without=FEW), tmp_path / "two", **asked(stub, tmp_path / "kept", offline=True))
    assert stub.calls == []
    for path in sorted((tmp_path / "one").rglob("*.csv")):
        other = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert path.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("stop", [1, 5, 9])
def test_a_stopped_fetch_leaves_whole_files_and_goes_on_where_it_was(
    stub, services, tmp_path, stop
):
    steps = 0

    def on_step(_what, _done, _all):
        nonlocal steps
        steps += 1
        if steps == stop:
            raise KeyboardInterrupt

    few = FEW - {"index"}
    with pytest.raises(KeyboardInterrupt):
        scb.fetch(order(without=few), tmp_path / "u", **services, on_step=on_step)
    for path in tmp_path.rglob("*"):
        assert path.suffix != ".part"
        if path.suffix == ".csv":
            assert path.read_bytes().endswith(b"\r\n")
    calls = {call.path for call in stub.calls if "/data" in call.path or "startIndex" in call.path}
    stub.calls.clear()
    scb.fetch(order(without=few), tmp_path / "u", **asked(stub, tmp_path / "kept"))
    again = {call.path for call in stub.calls}
    assert not {path for path in calls & again if "valueCodes" in path or "startIndex" in path}
    assert dataset.read(project.read(tmp_path / "u" / "project.toml")).years == (2022, 2023)


def test_files_that_somebody_changed_are_not_replaced(services, tmp_path):
    few = frozenset(set(scb.PARTS) - {"income"})
    scb.fetch(order(without=few), tmp_path / "u", **services)
    written = tmp_path / "u" / "project.toml"
    written.write_text(written.read_text("utf-8").replace("Uppsala 2023", "Vår stad"), "utf-8")
    done = scb.fetch(order(without=few), tmp_path / "u", **services)
    assert done.projects == ("project.new.toml",)
    assert "Vår stad" in written.read_text("utf-8")
    csv = tmp_path / "u" / "inputs" / "inkomst-deso2018.csv"
    csv.write_text(csv.read_text("utf-8") + "\n", "utf-8")
    with pytest.raises(OutputError, match=r"inkomst-deso2018\.csv"):
        scb.fetch(order(without=few), tmp_path / "u", **services)


def test_records_reach_the_manifest_and_the_source_line(services, tmp_path):
    few = frozenset({"squares", "localities", "index", "tenure", "birth", "population"})
    place = scb.find(["Knivsta"])
    scb.fetch(order(place, without=few, alone=True), tmp_path / "k", **services)
    result = CliRunner().invoke(
        cli.app, ["run", str(tmp_path / "k" / "project.toml"), "--out", str(tmp_path / "out")]
    )
    assert result.exit_code == 0, result.output
    told = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    (record,) = told["fetched"]["inputs/inkomst-deso2018.csv"]
    assert record["name"] == "TAB6684"
    assert record["updated"] == "2026-01-20T07:00:00Z"
    assert re.fullmatch("[0-9a-f]{64}", record["sha256"])
    assert record["notes"][0].startswith("Korrigering 2026-06-23")
    assert told["fetched"]["inputs/deso-2018.gpkg"][0]["name"] == "DeSO_2018"
    whole = json.dumps(told, ensure_ascii=False)
    assert not re.search(r"Eva Exempel|@scb|010-479", whole)
    report = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "SCB, TAB6684, uppdaterad 2026-01-20" in report


def test_a_file_that_changed_since_has_no_record(services, tmp_path):
    few = frozenset(set(scb.PARTS) - {"income"})
    scb.fetch(order(without=few), tmp_path / "u", **services)
    csv = tmp_path / "u" / "inputs" / "inkomst-deso2018.csv"
    csv.write_bytes(csv.read_bytes() + b"\r\n")
    data = dataset.read(project.read(tmp_path / "u" / "project.toml"))
    (told,) = [one for one in data.provenance if one.role == "fetched"]
    assert list(told.parameters["files"]) == ["inputs/deso-2018.gpkg"]
    assert "changed since fetched" in {note.kind for note in data.notes}


def test_every_fault_on_the_way_leaves_the_same_files(stub, services, tmp_path):
    county = scb.find(["Uppsala län"])
    wanted = order(county, without=FEW - {"index"}, years=(2022, 2024))
    scb.fetch(wanted, tmp_path / "calm", **services)
    faults = ["429 seconds", "429 date", "500", "503", "reset", "cut", "broken off"]
    places = ["/config", "/tables/", "/metadata", "/data", "hits", "startIndex"]
    stub.faults = [(part, fault) for fault in faults for part in places]
    stub.faults += [("startIndex", "short"), ("startIndex", "short")]
    scb.fetch(wanted, tmp_path / "stormy", **asked(stub, tmp_path / "other"))
    assert not stub.faults
    assert stub.too_soon == 0
    for path in sorted((tmp_path / "calm").rglob("*.*")):
        if path.name != "fetched.json":  # which tells the hour
            other = tmp_path / "stormy" / path.relative_to(tmp_path / "calm")
            assert path.read_bytes() == other.read_bytes(), path.name


def test_a_count_of_persons_that_differs_between_tables_has_a_name_of_its_own(
    stub, services, tmp_path
):
    table = stub.tables["TAB6685"]
    other = replace(table, values=table.values + 1)
    stub.tables = {**stub.tables, "TAB6685": other}
    few = frozenset(set(scb.PARTS) - {"income", "standard"})
    scb.fetch(order(without=few), tmp_path / "u", **services)
    data = dataset.read(project.read(tmp_path / "u" / "project.toml"))
    assert {"persons", "persons_standard"} <= set(data.variables)
    known = data.counts[["persons", "persons_standard"]].dropna()
    assert (known["persons_standard"] == known["persons"] + 1).all()


def test_years_that_are_not_there_are_told(services, tmp_path):
    few = frozenset(set(scb.PARTS) - {"income"})
    done = scb.fetch(order(without=few, years=(2023, 2026)), tmp_path / "u", **services)
    assert done.lacking == (2025, 2026)
    assert any("2025, 2026" in line for line in done.lines(tmp_path, "sv"))


def test_a_theme_that_has_moved_can_be_left_out(stub, services, tmp_path):
    stub.tables = {key: one for key, one in stub.tables.items() if key != "TAB6680"}
    with pytest.raises(InputFileError, match="--without"):
        scb.fetch(order(), tmp_path / "u", **services)
    scb.fetch(order(without=frozenset({"employment"})), tmp_path / "u", **services)
    with pytest.raises(ProjectError, match="employment"):
        scb.fetch(order(without=frozenset({"jobs"})), tmp_path / "u", **services)


# --- Police areas, files in place of the service ------------------------------------------------


def police_zip(path: Path) -> bytes:
    square = shapely.box(646000, 6636000, 648000, 6638000)
    raised = shapely.force_3d(square, 0.0)
    far = shapely.force_3d(shapely.box(300000, 6400000, 301000, 6401000), 0.0)
    frame = gpd.GeoDataFrame(
        {
            "NAMN": ["Här", "Långt bort"],
            "KATEGORI": ["Särskilt utsatt område", "Utsatt område"],
            "ORT": ["Uppsala", "Göteborg"],
        },
        geometry=[raised, far],
        crs=3006,
    )
    frame.to_file(path / "uso_2025.geojson", driver="GeoJSON")
    with zipfile.ZipFile(path / "uso.zip", "w") as archive:
        archive.write(path / "uso_2025.geojson", "uso_2025.geojson")
    return (path / "uso.zip").read_bytes()


def test_police_areas_are_those_that_meet_the_place(stub, services, tmp_path, monkeypatch):
    from grannskap.sources.scb import police

    middle = gpd.GeoSeries(
        [shapely.from_geojson(json.dumps(one["geometry"])) for one in stub.layers["stat:DeSO_2018"]
         if one["properties"]["kommunkod"] == "0380"], crs=3006,
    ).union_all().centroid  # fmt: skip
    content = police_zip(tmp_path)
    frame = gpd.read_file(tmp_path / "uso_2025.geojson")
    near = shapely.force_3d(middle.buffer(300), 0.0)
    frame.geometry = [near, frame.geometry[1]]
    frame.to_file(tmp_path / "uso_2025.geojson", driver="GeoJSON")
    with zipfile.ZipFile(tmp_path / "uso.zip", "w") as archive:
        archive.write(tmp_path / "uso_2025.geojson", "uso_2025.geojson")
    stub.files["/uso.zip"] = (tmp_path / "uso.zip").read_bytes()
    assert content
    monkeypatch.setattr(police, "ADDRESSES", {2025: f"{stub.address}/uso.zip"})
    few = frozenset(set(scb.PARTS) - {"income"})
    scb.fetch(order(without=few, police=2025), tmp_path / "u", **services)
    found = gpd.read_file(tmp_path / "u" / "inputs" / "polisens-omraden-2025.gpkg")
    assert found["namn"].tolist() == ["Här"]
    assert found["kategori"].tolist() == ["Särskilt utsatt område"]
    assert not found.has_z.any()
    (overlay,) = project.read(tmp_path / "u" / "project.toml").overlays
    assert overlay.label == "Polisens utsatta områden 2025"
    stub.files.clear()
    with pytest.raises(InputFileError, match="--police-file"):
        scb.fetch(order(without=few, police=2025), tmp_path / "v", **asked(stub, tmp_path / "k2"))


@pytest.mark.real
def test_the_polices_own_file_of_2023_is_read_without_heights(shared_data):
    from grannskap.sources.scb import police

    found = police.read(shared_data / "police" / "uso_2023.shp")
    assert found["kategori"].value_counts().to_dict() == {
        "Utsatt område": 27,
        "Särskilt utsatt område": 17,
        "Riskområde": 15,
    }
    assert not found.has_z.any()


def test_names_are_texts_and_no_formulas(stub, services, tmp_path):
    evil = [
        {**one, "properties": {**one["properties"], "regsonamn": '=HYPERLINK("x";"y")\x1b[2J'}}
        for one in stub.layers["stat:RegSO_2020"]
    ]
    stub.layers = {**stub.layers, "stat:RegSO_2020": evil}
    few = frozenset(set(scb.PARTS) - {"income", "names"})
    scb.fetch(order(without=few), tmp_path / "u", **services)
    lines = (tmp_path / "u" / "inputs" / "regso-namn-deso2018.csv").read_text("utf-8-sig")
    assert '"HYPERLINK(' in lines
    assert "=" not in lines
    assert "\x1b" not in lines


def test_boundaries_of_a_file_serve_in_place_of_the_service(stub, services, tmp_path):
    few = frozenset(set(scb.PARTS) - {"income"})
    scb.fetch(order(without=few), tmp_path / "u", **services)
    file = tmp_path / "u" / "inputs" / "deso-2018.gpkg"
    stub.calls.clear()
    scb.fetch(order(without=few, boundaries=str(file)), tmp_path / "v", **services)
    assert not [call for call in stub.calls if "/wfs" in call.path]
    assert dataset.read(project.read(tmp_path / "v" / "project.toml")).division == 2018
    with pytest.raises(InputFileError, match="--division 2018"):
        scb.fetch(
            order(without=few, boundaries=str(file), years=(2024, 2024)), tmp_path / "w", **services
        )


# --- The command line ---------------------------------------------------------------------------


@pytest.fixture
def told(stub, tmp_path, monkeypatch):
    """Run a command against the stub, with its own store, in an empty folder."""
    monkeypatch.setenv("GRANNSKAP_SCB_URL", stub.base)
    monkeypatch.setenv("GRANNSKAP_WFS_URL", stub.maps)
    monkeypatch.setenv("GRANNSKAP_CACHE", str(tmp_path / "store"))
    monkeypatch.setattr(Web, "__init__", lambda self, *a, **k: _started(self, stub.time.clock()))
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(cli.app, list(words))


def _started(web, clock):
    import requests

    web.clock, web.pace, web.calls, web._last, web._session = clock, 1.0, 0, {}, requests.Session()


def test_fetch_at_the_command_line_writes_into_the_name_of_the_place(told, tmp_path):
    done = told("fetch", "Upplands Väsby", "--year", "2022", "--only", "--without", "squares")
    assert done.exit_code == 0, done.output
    content = tomllib.loads((tmp_path / "upplands-vasby" / "project.toml").read_text("utf-8"))
    assert content["view"] == "0114"
    assert content["balance"] == {"low": "quarter_1", "high": "quarter_4", "basis": "persons"}
    assert "grannskap run" in done.output
    assert "Korrigering 2026-06-23" in done.output
    held = told("cache", "list")
    assert "TAB6684" in held.output
    assert told("cache", "clear", "TAB6684").exit_code == 0
    assert "TAB6684" not in told("cache", "list").output
    told("cache", "clear")
    assert "store" in told("cache", "list").output


def test_verify_tells_what_has_moved(told, stub):
    stub.tables = {key: one for key, one in stub.tables.items() if key != "TAB6258"}
    done = told("fetch", "--verify")
    assert done.exit_code == 1
    lines = done.output.splitlines()
    assert any(line.startswith("TAB6684") and "2026-01-20" in line for line in lines)
    assert any("TAB6258" in line and "TAB6638" in line for line in lines)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["Upsala"], "Uppsala"),
        ([], "Uppsala"),
        (["riket", "Uppsala"], "Uppsala"),
        (["Uppsala", "--year", "22"], "2015..2024"),
        (["Uppsala", "--year", "2023..2020"], "2015..2024"),
        (["Uppsala", "--division", "2020"], "2025"),
        (["Uppsala", "--police", "2024"], "2023"),
        (["Uppsala", "--year", "1999"], "2011"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(told, words, said):
    from grannskap.errors import GrannskapError

    done = told("fetch", *words)
    assert isinstance(done.exception, GrannskapError)
    for language in ("sv", "en"):
        line = done.exception.told(language)
        assert said in line
        assert "\n" not in line


@pytest.mark.skipif(sys.platform != "linux", reason="no memory of a process is told here")
def test_the_country_of_two_years_takes_less_than_half_a_gibibyte(monkeypatch):
    """All years are measured by tests/benchmarks/fetching.py; memory does not grow with them."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    from benchmarks import fetching

    told = fetching.measured(2022, 2023, without="squares names localities index tenure birth")
    assert told["peak"] < 512
    assert told["paced"] <= told["calls"] + 1
