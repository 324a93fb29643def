"""What the gate hides stands in none of the files: tell-tale counts, looked for in all of them."""

import io
import json
import re
import sqlite3
import zipfile
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from shapely.geometry import box

from grannskap import analysis, dataset
from grannskap.analysis import View
from grannskap.disclosure import ACRO, Rules, protect
from grannskap.disclosure.attack import attack, widths
from grannskap.disclosure.tables import linked
from grannskap.outputs import acro, pictures, write
from grannskap.sources import register
from test_webmap import unpacked

PARTS = ("low", "medium_low", "medium_high", "high")
RULES = Rules(threshold=5_000)
"""All is a thousand times as large as in a town, so that what is hidden is not 1, 2 or 3."""


def town():
    """Sixteen areas in four RegSO, two years, everybody and public housing."""
    rng = np.random.default_rng(8)
    codes = [f"0180C{1000 + 10 * i}" for i in range(16)]
    rows = []
    for code, year in ((code, year) for code in codes for year in (2012, 2017)):
        everybody = rng.integers(6_000, 90_000, 4)
        public = (everybody * rng.uniform(0.02, 0.7, 4)).astype(int)
        for group, four in (("all", everybody), ("public_housing", public)):
            counts = dict(zip(PARTS, four.tolist(), strict=True))
            total = {"households": int(four.sum())}
            rows.append({"deso": code, "year": year, "group": group, **counts, **total})
    corners = [(650_000 + i % 4 * 900, 6_570_000 + i // 4 * 900) for i in range(16)]
    shapes = gpd.GeoDataFrame(
        {"deso": codes, "regso": [f"0180R00{1 + i // 4}" for i in range(16)]},
        geometry=[box(x, y, x + 900, y + 900) for x, y in corners],
        crs=3006,
    )
    made = dataset.from_frames(shapes, pd.DataFrame(rows))
    ground = made.geometry.geometry
    places = {"Norr": codes[:4], "Mitt": codes[2:7], "Söder": codes[9:15]}
    named = (
        dataset.Neighbourhood(name, tuple(held), ground.loc[held].union_all())
        for name, held in places.items()
    )
    return replace(made, neighbourhoods=tuple(named))


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    raw = town()
    safe = protect(raw, RULES)
    results = analysis.run(safe)
    folder = tmp_path_factory.mktemp("town") / "out"
    write.run(results, View(title="Stad 2017"), folder)
    return raw, safe, folder


def secrets(raw, safe):
    """Every count, difference and sum that is not shown, and ratios one could be had from."""
    counts, ratios = set(), set()
    before, after = raw.counts, safe.counts
    unseen = pd.DataFrame({name: after[name].isna() for name in raw.variables})
    for name in raw.variables:
        counts |= set(before.loc[unseen[name], name].astype(int))
        for other in raw.variables:
            either = (unseen[name] != unseen[other]) & (before[other] > 0)
            if other != name:
                ratios |= set(before.loc[either, name] / before.loc[either, other])
    everybody, public = (before.xs(group, level="group") for group in ("all", "public_housing"))
    hidden = unseen.xs("all", level="group") | unseen.xs("public_housing", level="group")
    for name in raw.variables:
        counts |= set((everybody[name] - public[name])[hidden[name]].astype(int))
    for place in [one.codes for one in raw.neighbourhoods] + [tuple(raw.geometry.index)]:
        inside = before.index.get_level_values("deso").isin(place)
        by = ["year", "group"]
        partly = unseen[inside].groupby(by).any().to_numpy()
        whole = before.loc[inside, [*raw.variables]].groupby(by).sum()
        counts |= set(whole.to_numpy(dtype=int)[partly])
    shown = {one for name in raw.variables for one in after[name].dropna()}
    return {one for one in counts - shown if one >= 1000}, ratios


def texts(folder):
    """Everything that can be read in the files, by file: unzipped, unpacked, queried."""
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".html":
            page = path.read_text(encoding="utf-8")
            if 'id="payload"' in page:
                head, columns = unpacked(page)
                yield path.name, json.dumps(head, ensure_ascii=False)
                told = [columns[key] for key in columns if key.startswith("counts")]
                assert told
                yield path.name, " ".join(str(one - 1) for many in told for one in many.tolist())
            # The page's own program is the same for every town; what it shows is the payload.
            bare = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
            yield path.name, re.sub(r'id="payload">[^<]*<|base64,[^"]*"', "", bare)
        elif path.suffix in {".csv", ".json", ".txt"}:
            yield path.name, path.read_text(encoding="utf-8")
        elif path.suffix == ".svg":
            found = re.findall(r">([^<>]+)<", path.read_text(encoding="utf-8"))
            yield path.name, " | ".join(found)
        elif path.suffix == ".xlsx":
            book = load_workbook(path)
            cells = (
                cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
            )
            yield path.name, " | ".join(str(cell) for cell in cells if cell is not None)
        elif path.suffix == ".docx":
            with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as held:
                body = held.read("word/document.xml").decode()
            yield path.name, " | ".join(re.findall(r"<w:t[^>]*>([^<]*)<", body))
        elif path.suffix == ".gpkg":
            with sqlite3.connect(path) as base:
                tables = [
                    r[0] for r in base.execute("SELECT name FROM sqlite_master WHERE type='table'")
                ]
                for table in set(tables) - {"gpkg_spatial_ref_sys"}:
                    held = base.execute(f'SELECT * FROM "{table}"').fetchall()
                    plain = (one for row in held for one in row if not isinstance(one, bytes))
                    yield path.name, " | ".join(str(one) for one in plain)


def numbers(text):
    """Every number of a text, with a comma read as a decimal mark and as one between columns."""
    plain = re.sub(r"(?<=\d)[\u00a0\u202f ](?=\d{3}\b)", "", text)
    forms = (text.replace(",", " "), re.sub(r"(?<=\d),(?=\d)", ".", plain), plain.replace(",", " "))
    pattern = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.]\d)")
    return {float(one) for form in forms for one in pattern.findall(form)}


def test_no_hidden_count_difference_or_ratio_stands_in_any_file(written):
    raw, safe, folder = written
    counts, ratios = secrets(raw, safe)
    assert len(counts) > 20
    exact = np.array(sorted(ratios))
    seen = set()
    for name, text in texts(folder):
        seen.add(name.rpartition(".")[2])
        found = numbers(text)
        assert not found & counts, (name, sorted(found & counts)[:5])
        fine = np.array([one for one in found if one != round(one, 3)])
        if len(fine):
            near = np.abs(fine[:, None] / exact[None, :] - 1).min(axis=1)
            assert (near > 1e-7).all(), (name, fine[near <= 1e-7][:5])
    assert seen >= {"html", "csv", "json", "txt", "svg", "xlsx", "docx", "gpkg"}


def test_the_search_finds_what_is_written_without_the_gate(written, tmp_path):
    raw, safe, _ = written
    counts, ratios = secrets(raw, safe)
    table = raw.counts.reset_index()
    table["share"] = table["low"] / table["households"]
    table.to_csv(tmp_path / "areas.csv")
    ((_, text),) = texts(tmp_path)
    assert len(numbers(text) & counts) > 20
    assert {round(one, 9) for one in ratios} & {round(one, 9) for one in numbers(text)}


def test_the_attack_on_the_written_table_leaves_every_hidden_count_wide(written):
    raw, safe, folder = written
    table = pd.read_csv(folder / "tables" / "areas.csv", index_col="deso", comment="#")
    for name in raw.variables:
        assert name in table
    tables = linked(raw, 2017, RULES)
    cells = tables.cells
    lower, upper = cells.least.copy(), np.full(len(cells.value), np.inf)
    for name in raw.variables:
        public, where = (
            safe.count(name, year=2017, group="public_housing"),
            tables.at(("public_housing", name)),
        )
        lower[where], upper[where] = public.lower, public.upper
        told, where = table[name].to_numpy(dtype=float), tables.at(("all", name))
        lower[where] = np.where(np.isnan(told), cells.least[where], told)
        upper[where] = np.where(np.isnan(told), np.inf, told)
    asked = (cells.width > 0) & tables.published()
    found = attack(cells.relations, lower, upper, of=asked)
    assert asked.any()
    assert (widths(found, cells.own)[asked] >= RULES.wide).all()


def test_report_manifest_and_register_say_what_was_hidden(written):
    _, safe, folder = written
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    rules = manifest["disclosure"]
    assert (rules["threshold"], rules["pictures"]) == (5_000, ["png", "svg", "pdf"])
    hidden = sum(int(safe.counts[name].isna().sum()) for name in safe.variables)
    assert rules["cells"] == hidden > 0
    report = (folder / "report.html").read_text(encoding="utf-8")
    assert report.count(f"{hidden} antal är dolda") == 1
    assert "procent av alla (hushåll)." in report
    first, header, *rows = (folder / "register.csv").read_text(encoding="utf-8").splitlines()
    assert first.startswith('"Skyddade uppgifter: antal under 5')
    assert header.startswith("deso;year;group;low;low_at_least;low_at_most")
    assert len(rows) == len(safe.counts)
    assert sum(row.split(";").count("..") for row in rows) == hidden
    assert not (folder / "results.json").exists()


def test_the_protected_register_can_be_read_again(written):
    _, safe, folder = written
    columns = {name: name for name in safe.variables}
    read = register.read(
        folder / "register.csv", columns=columns, code="deso", year="year", group="group"
    )
    again = read.sort_index()
    for name in safe.variables:
        told = again[name].to_numpy(dtype=float)
        assert np.array_equal(told, safe.counts[name].to_numpy(dtype=float), equal_nan=True)


def test_the_rules_of_secure_rooms_let_no_vectors_past_and_record_each_output():
    rules = replace(ACRO, threshold=5_000)
    results = analysis.run(protect(town(), rules))
    drawn = pictures.draw(results, View(title="Stad 2017"))
    assert {name.rpartition(".")[2] for name in drawn.files} == {"png", "txt"}
    names = ["tables/areas.csv", "maps/balance.png"]
    told = json.loads(acro.record(results, names))
    assert [one["files"][0]["name"] for one in told["results"].values()] == names
    keys = "uid status type properties files outcome command summary timestamp comments exception"
    for uid, one in told["results"].items():
        assert list(one) == keys.split()
        assert (one["uid"], one["status"]) == (uid, "review")
    hidden = results.dataset.protection["cells"]
    assert f"{hidden} cells suppressed" in told["results"]["output_0"]["summary"]
