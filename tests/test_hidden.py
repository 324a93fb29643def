"""Towns with hidden cells, from counts to paper, page, QGIS and Excel: never more than is known."""

import itertools
import re
import sqlite3
from dataclasses import replace
from io import BytesIO

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

import towns
from grannskap import analysis
from grannskap.analysis import View, headline
from grannskap.maps import atlas
from grannskap.maps import style as styles
from grannskap.notes import FOR_THE_OWNER, Note
from grannskap.outputs import geopackage, report, tables, workbook, write
from grannskap.outputs.report import findings, summary
from test_report import Page
from test_webmap import unpacked

VIEW = View(title="Stad 2017")
TRUTH = 0.842


@pytest.fixture(scope="module")
def twelve():
    """320 areas with twelve hidden ones: 0.842 in truth, 0.80 over those that are known."""
    town = towns.with_twelve_hidden()
    return town, analysis.run(town.dataset())


@pytest.fixture(scope="module")
def small():
    """30 areas with counts of 1–3 hidden, and stated to be 1–3."""
    town = towns.with_small_cells()
    return town, analysis.run(town.dataset(hidden=(1, 3)))


def page_of(results, view=VIEW):
    styles = atlas.cluster_styles(results, view)
    return Page(report.build(results, view, [], cluster_styles=styles))


def whole(results):
    return results.row("balance", VIEW.whole(results))


def limits(text):
    """What a Swedish text says that a balance lies between: "0,79–0,91×", "mellan 79 och 91"."""
    between = re.search(r"(\d+,\d\d)–(\d+,\d\d)×", text)
    if between:
        return tuple(float(part.replace(",", ".")) for part in between.groups())
    people = re.search(r"mellan (\d+) och (\d+) hushåll [^.]* på 100", text)
    return tuple(int(part) / 100 for part in people.groups())


# --- A town of 320 areas, twelve of them hidden --------------------------------------------


def test_the_town_is_what_it_says(twelve):
    town, results = twelve
    assert town.truth["low"].sum() / town.truth["high"].sum() == pytest.approx(TRUTH, abs=5e-4)
    row = whole(results)
    assert row["estimate"] == pytest.approx(0.80)
    assert (row["areas"], row["areas_missing"]) == (308, 12)


def test_bounds_hold_the_truth_of_every_area_and_place(twelve):
    town, results = twelve
    areas = results.at("balance", "area")
    truth = town.truth["low"] / town.truth["high"]
    assert (areas["lower"] <= truth + 1e-12).all()
    assert (truth <= areas["upper"] + 1e-12).all()
    known = areas["estimate"].notna()
    assert (~known).sum() == 12
    assert (areas.loc[known, "lower"] == areas.loc[known, "upper"]).all()
    places = results.table("balance").drop("area", level="level")
    assert set(places["areas_missing"]) == {12}
    assert ((places["lower"] <= TRUTH) & (places["upper"] >= TRUTH)).all()
    assert ((places["lower"] < 0.80) | (places["upper"] > 0.80)).all()


def test_what_is_told_first_holds_the_truth_and_never_the_known_alone(twelve):
    _, results = twelve
    figure = findings.key_figures(results, VIEW)[0]
    told = summary.summary(results, VIEW)[0]
    caption = atlas.maps(results, VIEW)[0].style.caption
    panel = headline.balance_words(whole(results), "sv")
    for text in (figure.value, told, caption, panel):
        lower, upper = limits(text)
        assert lower <= TRUTH <= upper, text
    assert "0,80×" not in figure.value + caption + panel
    told = page_of(results).text
    assert "exakt 0,79" not in told
    assert not re.search(r"0,80×, exakt", told)


def test_beside_every_total_stands_how_many_areas_it_lacks(twelve):
    _, results = twelve
    figure = findings.key_figures(results, VIEW)[0]
    assert "308 av 320 områden har uppgift" in figure.says
    assert "12 områden av 320 saknar uppgift" in summary.summary(results, VIEW)[0]
    assert "308 områden av 320 har uppgift" in atlas.maps(results, VIEW)[0].style.caption
    seen = page_of(results)
    (row,) = seen.table("Balansmått per plats")[1:]
    assert "308* av 320" in " ".join(row)
    shares = seen.table("Indikatorer")[1:]
    assert shares
    assert all("* 308 av 320" in cell for row in shares for cell in row[1:])
    for name, table in tables.named(results, VIEW).items():
        for column in ("areas_missing", "balance_areas_missing", "low_income_share_missing"):
            if column in table and name != "measures":
                assert (table[column] == 12).all(), (name, column)
    measures = tables.measures(results, VIEW)
    of_counts = measures.index.get_level_values("measure").isin(["balance", "low_income_share"])
    assert (measures.loc[of_counts, "areas_missing"] == 12).all()


def test_the_table_of_the_report_says_what_all_areas_could_be(twelve):
    _, results = twelve
    head, row = page_of(results).table("Balansmått per plats")
    cells = dict(zip(head, row, strict=True))
    known, everybody = cells["Balansmått"].split(" alla områden: ")
    assert known == "0,80×"
    lower, upper = limits(everybody)
    assert lower <= TRUTH <= upper


# --- Counts of which a range is stated -----------------------------------------------------


def completions(town):
    """Every town that the hidden cells could be."""
    values = town.truth[["low", "high"]].to_numpy().ravel()
    unseen = np.flatnonzero(values <= 3)
    for filled in itertools.product((1, 2, 3), repeat=len(unseen)):
        values[unseen] = filled
        yield values.reshape(-1, 2).copy()


def test_bounds_are_those_of_every_way_to_fill_the_hidden_cells_in(small):
    town, results = small
    every = list(completions(town))
    assert len(every) == 3**5
    sums = [one[:, 0].sum() / one[:, 1].sum() for one in every]
    row = whole(results)
    assert row["lower"] == pytest.approx(min(sums))
    assert row["upper"] == pytest.approx(max(sums))
    by_area = np.array([one[:, 0] / one[:, 1] for one in every])
    areas = results.at("balance", "area")
    np.testing.assert_allclose(areas["lower"], by_area.min(axis=0))
    np.testing.assert_allclose(areas["upper"], by_area.max(axis=0))


def test_the_report_and_the_caption_show_the_stated_range_of_the_town(small):
    town, results = small
    truth = town.truth["low"].sum() / town.truth["high"].sum()
    for text in (
        findings.key_figures(results, VIEW)[0].value,
        atlas.maps(results, VIEW)[0].style.caption,
    ):
        lower, upper = limits(text)
        assert lower - 0.005 <= truth <= upper + 0.005
        assert upper - lower < 0.03


def balance_codes(results):
    which = atlas.maps(results, VIEW)[0]
    bounds = {"lower": which.lower, "upper": which.upper}
    return which, styles.classify(which.values, which.style, status=which.status, **bounds)


def test_an_area_whose_bounds_lie_in_one_class_is_coloured_and_marked_in_print(small):
    town, results = small
    which, codes = balance_codes(results)
    lowest, spread, highest, both = town.hidden
    assert codes[lowest] == 0
    assert codes[highest] == len(which.style.labels) - 1
    suppressed = [gap.status for gap in which.style.gaps].index("suppressed")
    assert codes[spread] == codes[both] == -1 - suppressed
    alt = atlas.draw(results, VIEW, which).get_label()
    assert f"{styles.BOUNDED('sv')}: 2" in alt
    assert "Dold av sekretess: 2" in alt
    assert "Uppgift saknas: 0" in alt


def test_it_is_coloured_and_marked_on_the_page(small):
    _, results = small
    head, columns = unpacked(results.page(view=VIEW))
    layer = next(one for one in head["layers"] if one["name"] == "balance")
    style = next(one for one in head["styles"] if one["name"] == "balance")
    assert "suppressed" in [gap["status"] for gap in style["gaps"]]
    assert head["words"]["bounded"] == styles.BOUNDED("sv")
    assert any("lower" in name or "bound" in name for name in columns), sorted(columns)
    assert layer["year"] == 2017


def test_qgis_gets_the_bounds_and_why_there_is_no_value(small, tmp_path):
    town, results = small
    by_column = atlas.styles_by_column(atlas.maps(results, VIEW))
    geopackage.write(tmp_path / "areas.gpkg", results.areas, by_column)
    with sqlite3.connect(tmp_path / "areas.gpkg") as database:
        rows = database.execute(
            "SELECT deso, balance, balance_status, balance_at_least, balance_at_most FROM areas"
        ).fetchall()
        (qml,) = database.execute(
            "SELECT styleQML FROM layer_styles WHERE useAsDefault = 1"
        ).fetchone()
    by_code = {code: rest for code, *rest in rows}
    least = results.at("balance", "area")
    for code in town.hidden:
        value, status, at_least, at_most = by_code[code]
        assert value is None
        assert status == "suppressed"
        assert at_least == pytest.approx(least.loc[code, "lower"])
        assert at_most == pytest.approx(least.loc[code, "upper"])
    for gap in by_column["balance"].gaps:
        assert gap.label in qml
    assert "balance_at_least" in qml


def test_excel_says_why_and_what_it_can_be_and_colours_what_lies_in_one_class(small):
    town, results = small
    by_column = atlas.styles_by_column(atlas.maps(results, VIEW))
    book = load_workbook(BytesIO(workbook.build(results, VIEW, by_column)))
    head, *rows = book["Områden"].iter_rows()
    names = [cell.value for cell in head]
    by_code = {row[0].value: dict(zip(names, row, strict=True)) for row in rows}
    _, codes = balance_codes(results)
    bounds = results.at("balance", "area")
    for code in town.hidden:
        cells = by_code[code]
        assert cells["Balansmått"].value == "dold av sekretess"
        assert cells["Balansmått, minst"].value == pytest.approx(bounds.loc[code, "lower"])
        assert cells["Balansmått, högst"].value == pytest.approx(bounds.loc[code, "upper"])
        fill = cells["Balansmått"].fill
        if codes[code] >= 0:
            colour = by_column["balance"].colours[codes[code]]
            assert fill.fill_type is not None, code
            assert fill.fgColor.rgb[2:].lower() == colour.lstrip("#")
        else:
            assert fill.fill_type is None


def test_a_suppressed_area_is_suppressed_on_every_map(small):
    _, results = small
    for which in atlas.maps(results, VIEW):
        if which.values.name.startswith(("balance", "cluster")):
            alt = atlas.draw(results, VIEW, which).get_label()
            assert "Uppgift saknas: 0" in alt, which.style.name
            assert "Dold av sekretess: " in alt, which.style.name


def test_the_lowest_and_highest_are_said_to_be_of_the_areas_that_are_known(small):
    """Of a hidden area it is known that its balance is at least 13: 1,70× is of the others."""
    town, results = small
    assert results.at("balance", "area").loc[town.hidden[2], "lower"] > 13
    told = summary.summary(results, VIEW)[1]
    assert "Där talet kan räknas är det lägst i " in told
    assert ": 100 på 100." in told
    assert "170 på 100" in told
    caption = atlas.maps(results, VIEW)[0].style.caption
    assert caption.endswith("26 områden av 30 har uppgift, från 1,00× till 1,70×")
    assert findings.key_figures(results, VIEW)[0].says.endswith("26 av 30 områden har uppgift")


# --- Why there is no value -----------------------------------------------------------------


@pytest.fixture(scope="module")
def reasons():
    """A suppressed area, one that is missing, and one where nobody is in either group."""
    town = towns.with_small_cells()
    counts = town.truth[["low", "high", "households"]].copy()
    words = pd.Series("value", index=counts.index, dtype=object)
    suppressed, missing, nobody = counts.index[10:13]
    counts.loc[[suppressed, missing], ["low", "high"]] = np.nan
    counts.loc[nobody, ["low", "high"]] = 0
    words[suppressed], words[missing] = "suppressed", "missing"
    counts = counts.assign(low_status=words, high_status=words)
    results = analysis.run(towns.Town(town.areas, counts, counts, ()).dataset())
    return results, {"suppressed": suppressed, "missing": missing, "nobody either": nobody}


def test_each_reason_is_a_class_of_its_own_in_print_page_qgis_and_excel(reasons, tmp_path):
    results, codes = reasons
    which, classes = balance_codes(results)
    gaps = {gap.status: gap for gap in which.style.gaps}
    in_print = {why: which.style.gaps[-1 - classes[code]].status for why, code in codes.items()}
    assert in_print == {why: why for why in codes}
    assert len({gaps[why].hatch for why in codes}) == len(codes)
    alt = atlas.draw(results, VIEW, which).get_label()
    for why in codes:
        assert f"{gaps[why].label}: 1" in alt
    head, _ = unpacked(results.page(view=VIEW))
    on_page = next(one for one in head["styles"] if one["name"] == "balance")["gaps"]
    assert {(gap["status"], gap["label"]) for gap in on_page} >= {
        (why, gaps[why].label) for why in codes
    }
    by_column = atlas.styles_by_column(atlas.maps(results, VIEW))
    geopackage.write(tmp_path / "areas.gpkg", results.areas, by_column)
    with sqlite3.connect(tmp_path / "areas.gpkg") as database:
        written = dict(database.execute("SELECT deso, balance_status FROM areas"))
        (qml,) = database.execute(
            "SELECT styleQML FROM layer_styles WHERE useAsDefault = 1"
        ).fetchone()
    assert {why: written[code] for why, code in codes.items()} == {why: why for why in codes}
    assert all(f'label="{gaps[why].label}"' in qml for why in codes)
    book = load_workbook(BytesIO(workbook.build(results, VIEW, by_column)))
    head, *rows = book["Områden"].iter_rows(values_only=True)
    cells = {row[0]: dict(zip(head, row, strict=True))["Balansmått"] for row in rows}
    assert {why: cells[code] for why, code in codes.items()} == {
        "suppressed": "dold av sekretess",
        "missing": "uppgift saknas",
        "nobody either": "ingen i någon grupp",
    }


def test_who_is_missing_bounds_nobody_in_and_who_is_nobody_is_counted(reasons):
    results, codes = reasons
    areas = results.at("balance", "area")
    assert areas.loc[codes["nobody either"], "status"] == "nobody either"
    row = whole(results)
    behind = results.behind(VIEW.whole(results))
    assert (row["areas"], row["areas_missing"]) == (28, 2)
    assert behind["areas_without_either"] == 1


# --- For the owner of the data alone -------------------------------------------------------


def test_which_cells_are_given_away_is_told_to_the_owner_and_in_nothing_to_publish(tmp_path):
    """A part hidden beside its total: whoever reads the note knows where to subtract."""
    results = analysis.run(towns.with_small_cells().dataset(hidden=(1, 3)))
    told = ("9999C1010 low 2017 all", "9999C9999 high 2017 all")
    pinned = replace(results, notes=(*results.notes, Note(FOR_THE_OWNER, {"cells": 2}, told)))
    written = write.run(pinned, VIEW, tmp_path / "outputs")
    assert written.given_away == 2
    assert any("röjer 2 dolda celler, som står i manifest.json" in line for line in written.lines())
    assert told[1] in (written.folder / "manifest.json").read_text(encoding="utf-8")
    for path in written.paths:
        if path.suffix in {".html", ".csv"}:
            assert "räkna ut: 2" not in path.read_text(encoding="utf-8"), path
    book = load_workbook(written.folder / "tables.xlsx")
    cells = [str(c) for sheet in book for row in sheet.iter_rows(values_only=True) for c in row]
    assert not [cell for cell in cells if "räkna ut: 2" in cell or told[1] in cell]
