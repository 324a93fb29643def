"""A folder of the files that people have becomes a project file that runs as it stands."""

import json
import re
import shutil

import geopandas as gpd
import pytest
import shapely

import towns
from grannskap import analysis, datasets, project, starting
from grannskap.maps import atlas
from grannskap.outputs import write

MAIL = re.compile(rb"[\w.-]{2,}@[\w-]+\.(?:se|com|org)\b")
PHONE = re.compile(r"\+46|\b0\d{1,3}[- ]\d{2,3} \d{2}")


def begun(folder, language="sv"):
    made = starting.project_file(starting.look(folder), language)
    (folder / "project.toml").write_text(made.text, encoding="utf-8")
    return made, project.read(folder / "project.toml")


@pytest.fixture
def folder(tmp_path):
    """A town of 40 areas with its delivery, a table of the web page, a key and the police's."""
    codes = [f"0380C{1000 + 10 * k:04d}" for k in range(40)]
    areas = towns.squares(codes, wide=8).rename_axis("deso").reset_index()
    areas.geometry = areas.geometry.translate(640_000, 6_640_000)
    areas.to_file(tmp_path / "areas.gpkg")
    lines = [f"{code};{20 + k};{30 - k % 7};{90 + k}" for k, code in enumerate(codes)]
    head = "DeSO;Kvartil1;Kvartil4;Totalt"
    (tmp_path / "Tab11_DeSO_2017.csv").write_text("\n".join([head, *lines]), encoding="cp1252")
    (tmp_path / "Tab11_DeSO_2022.csv").write_text("\n".join([head, *lines[::-1]]))
    jobs = [f'"{code}"\t{300 + k}\t{400 + k}' for k, code in enumerate(codes)]
    top = ["Arbetsmarknadsstatus efter region", "", "\t2022\t", "\tantal sysselsatta\tantal totalt"]
    text = "\n".join([*top, "\t20-64 år\t20-64 år", *jobs, "Källa:", "SCB", "Kontakt:", "a@scb.se"])
    (tmp_path / "jobb.txt").write_bytes(text.encode("utf-16"))
    key = [f"{code},Norra {k // 8}" for k, code in enumerate(codes)]
    (tmp_path / "key.csv").write_text("\n".join(["DeSO,RegSO-namn", *key]))
    one = {"NAMN": ["Gottsunda"], "KATEGORI": ["Utsatt område"]}
    box = shapely.box(640_100, 6_640_100, 641_000, 6_641_000)
    gpd.GeoDataFrame(one, geometry=[box], crs=3006).to_file(tmp_path / "uso.geojson")
    (tmp_path / "letter.docx").write_bytes(b"PK\x03\x04 no table")
    return tmp_path


def test_a_folder_becomes_a_project_that_reads_every_file_of_it(folder):
    made, read = begun(folder)
    assert made.runs
    assert [part.path for part in read.register_] == [
        "Tab11_DeSO_2017.csv",
        "Tab11_DeSO_2022.csv",
        "jobb.txt",
    ]
    assert read.boundaries.names.name == "RegSO-namn"
    assert [one.name for one in read.overlays] == ["NAMN"]
    assert read.segregation.components == ["employment_rate"]
    assert any("letter.docx" in line for line in made.told)
    assert "# letter.docx" in made.text
    data, options, _view = analysis.read(read)
    assert data.years == (2017, 2022)
    results = analysis.run(data, options)
    assert results.year == 2022
    assert results.options.balance.basis == "households"


@pytest.mark.parametrize("language", ["sv", "en"])
def test_what_is_lacking_is_told_and_not_made_up(folder, language):
    (folder / "areas.gpkg").unlink()
    for path in folder.glob("Tab11*"):
        path.unlink()
    looked = starting.look(folder)
    made = starting.project_file(looked, language)
    assert not made.runs
    assert "# [boundaries]" in made.text
    assert '[register.columns]\nemployed = "antal sysselsatta | 20-64 år"' in made.text


def test_two_files_of_the_same_figures_and_figures_of_another_year_are_left_aside(folder):
    shutil.copy(folder / "Tab11_DeSO_2022.csv", folder / "copy 2022.csv")
    text = (folder / "jobb.txt").read_text("utf-16").replace("2022", "2019")
    (folder / "jobb.txt").write_text(text, encoding="utf-16")
    made, read = begun(folder)
    assert [part.path for part in read.register_] == ["Tab11_DeSO_2017.csv", "copy 2022.csv"] or [
        part.path for part in read.register_
    ] == ["Tab11_DeSO_2017.csv", "Tab11_DeSO_2022.csv"]
    assert "samma uppgifter som" in made.text
    assert "gäller 2019, medan det som visas är 2022" in made.text
    assert "# employed =" in made.text


def test_the_municipality_that_the_folder_is_named_after_is_shown(folder):
    codes = [f"{town}C{1000 + 10 * k:04d}" for town in ("0305", "0380") for k in range(12)]
    town = folder / "uppsala"
    town.mkdir()
    areas = towns.squares([*codes, "0305C9990"], wide=8).rename_axis("deso").reset_index()
    areas.geometry = areas.geometry.translate(640_000, 6_640_000)
    areas.to_file(town / "areas.gpkg")
    rows = [f"{code};{5 + k};{9 + k};40" for k, code in enumerate([*codes, "0305C9990"])]
    table = "\n".join(["DeSO;Kvartil1;Kvartil4;Totalt", *rows])
    (town / "Tab11_DeSO_2022.csv").write_text(table)
    assert begun(town)[1].view == "0380"
    other = town.rename(folder / "elsewhere")
    (other / "project.toml").unlink()
    assert begun(other)[1].view == "0305"


def test_a_folder_that_an_earlier_run_wrote_is_no_input(folder):
    begun(folder)
    (folder / "outputs").mkdir()
    (folder / "outputs" / "manifest.json").write_text('{"grannskap_manifest": 1}')
    (folder / "outputs" / "areas.csv").write_text("deso,low\n0380C1000,3\n")
    named = [one.path.name for one in starting.look(folder).numbers]
    assert "areas.csv" not in named
    assert "project.toml" not in named


def test_our_own_columns_and_the_made_up_town_are_known(tmp_path):
    datasets.write_inputs(tmp_path)
    (tmp_path / "project.toml").unlink()
    made, read = begun(tmp_path)
    assert made.runs
    (register,) = read.register_
    assert register.path == "inputs/register.csv"
    assert {"low", "high", "households", "employed"} <= set(register.columns)


def test_an_empty_folder_gives_the_template(tmp_path):
    assert not starting.look(tmp_path)
    assert not starting.look(tmp_path / "nothing")


# Real files -------------------------------------------------------------------------------

BOUNDARIES = {
    "Uppsala": "deso2018_uppsala_lan_plus_neighbours_262.gpkg",
    "Stockholm": "deso2018_stockholms_lan_1287_simplified.gpkg",
}


def copied(shared_data, folder, town):
    for path in (shared_data / "scb-excel").glob("*.xlsx"):
        shutil.copy(path, folder)
    shutil.copy(shared_data / "polygons" / BOUNDARIES[town], folder)
    shutil.copy(shared_data / "keys" / "deso2018_regso2020_key_5984.csv", folder)


@pytest.mark.real
def test_the_eight_exports_beside_coarse_polygons_are_recognised(shared_data, tmp_path):
    town = "Stockholm"
    copied(shared_data, tmp_path, town)
    made, read = begun(tmp_path)
    assert made.runs
    assert read.title == f"{town} 2022"
    assert len(read.register_) == 7
    assert "# population" in made.text  # of 2023, while everything else is of 2022


@pytest.mark.real
def test_uppsala_runs_and_prints_neither_infinity_nor_anybodys_address(shared_data, tmp_path):
    copied(shared_data, tmp_path, "Uppsala")
    _, read = begun(tmp_path)
    data, options, view = analysis.read(read)
    assert data.division == 2018
    assert data.years == (2022,)
    results = analysis.run(data, options)
    assert len(results.components) == 3
    assert not results.index.empty
    assert len(results.clusterings) == 2
    sources = {one.style.name: one.style.source for one in atlas.maps(results, view)}
    assert "SCB 000006TA, uppdaterad 2024-01-23; DeSO 2018" in sources["balance"]
    assert {"balance", "clusters", "living-conditions"} <= set(sources)
    of_three = sources.pop("mean-of-shares")
    assert all(one in of_three for one in ("000005MO", "000006TA", "000007A8"))
    assert all(("000006TA" in line) != ("000007A8" in line) for line in sources.values())
    out = tmp_path / "out"
    with write.claim(out) as held:
        write.run(results, view, held)
    for path in sorted(out.rglob("*")):
        if path.suffix in (".html", ".json", ".csv", ".txt"):
            text = path.read_text(encoding="utf-8")
            told = re.sub(r"(?s)<script.*?</script>|base64,[\w+/=]+", "", text)
            assert "∞" not in told, path
            assert not MAIL.search(told.encode()), path
            assert not PHONE.search(told), path
        elif path.is_file():
            assert not MAIL.search(path.read_bytes()), path
    shown = results.areas[view.mask(results.areas.index)]
    assert (shown["balance_status"] == "rounded to zero").sum() == 14
    (source,) = [
        one
        for one in json.loads((out / "manifest.json").read_text())["sources"]
        if "low_standard" in one["columns"]
    ]
    assert source["table"] == "000006TA"
    assert source["updated"] == "2024-01-23"
