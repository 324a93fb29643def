"""Tables, workbook and GeoPackage: the same numbers, in words, with nothing that acts."""

import re
import sqlite3
import zipfile
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from grannskap import analysis
from grannskap.catalogue import CLUSTERS, GROUPS
from grannskap.maps import atlas
from grannskap.maps.style import classify
from grannskap.outputs import geopackage, qgis, tables, workbook

ENGLISH = re.compile(
    r"\b(all|high-high|low-low|not significant|areas|municipality|missing|share|public_housing|"
    r"yes|no|balance|score|value|the|of)\b"
)
SWEDISH = re.compile(
    r"\b(och|områden|område|kommun|balans|låg|hög|saknas|ej|ja|nej|andel|alla|av|inte|år)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def thorough(demo_read):
    """The made-up town with other settings and bands of distance asked for."""
    return rerun(demo_read, sensitivity=True, correlogram=True)


@pytest.fixture(scope="module")
def within(demo_read):
    """The made-up town compared within its municipality only."""
    return rerun(demo_read, within="municipality")


def rerun(read, **update):
    data, options, _ = read
    asked = options.autocorrelation.model_copy(update=update | {"permutations": 199})
    return analysis.run(data, options.model_copy(update={"autocorrelation": asked}))


@pytest.fixture(scope="module")
def marked(demo_results):
    """The made-up town where one area has nobody high, one is suppressed and one is empty."""
    areas = demo_results.areas.copy()
    infinite, hidden, empty = areas.index[:3]
    areas.loc[infinite, ["balance", "balance_upper"]] = np.inf
    areas.loc[infinite, "balance_status"] = "nobody high"
    areas.loc[hidden, ["low", "balance"]] = np.nan
    areas.loc[hidden, ["low_status", "balance_status"]] = "suppressed"
    areas.loc[empty, "balance"] = np.nan
    areas.loc[empty, "balance_status"] = "nobody either"
    return replace(demo_results, areas=areas), (infinite, hidden, empty)


def styles_of(results, view):
    return atlas.styles_by_column(atlas.maps(results, view))


def opened(results, view):
    from openpyxl import load_workbook

    return load_workbook(BytesIO(workbook.build(results, view, styles_of(results, view))))


def rows_of(sheet):
    head, *rows = sheet.iter_rows()
    names = [cell.value for cell in head]
    return {row[0].value: dict(zip(names, row, strict=True)) for row in rows}


# --- Tables --------------------------------------------------------------------------------


def test_places_are_the_sums_of_their_areas(demo_results, demo_view):
    areas = tables.areas(demo_results, demo_view)
    balances = tables.balance(demo_results, demo_view).xs((2017, "all"), level=("year", "group"))
    whole = areas.loc[areas["in_view"] & areas["low"].notna() & areas["high"].notna()]
    assert balances.iloc[0]["low"] == whole["low"].sum()
    assert balances.iloc[0]["high"] == whole["high"].sum()
    assert balances.iloc[0]["ratio_of_sums"] == pytest.approx(
        whole["low"].sum() / whole["high"].sum()
    )


def test_every_row_of_the_measures_has_the_name_of_its_place(demo_results, demo_view):
    table = tables.measures(demo_results, demo_view)
    named = {
        key: demo_results.places.loc[key, "name"] for key in demo_view.places(demo_results).values()
    }
    for (_, level, place, *_), name in table["name"].items():
        assert name == named[level, place]


def test_every_municipality_names_both_its_worst_and_its_best_area(demo_results, demo_view):
    scores = demo_results.areas["score"]
    for code, row in tables.municipalities(demo_results, demo_view).iterrows():
        own = scores[demo_results.areas["municipality"] == code].dropna()
        assert (row["worst_area"], row["best_area"]) == (own.idxmin(), own.idxmax())
        assert (row["worst_score"], row["best_score"]) == (own.min(), own.max())


def test_the_change_of_each_area_stands_in_every_table(demo_results, demo_view, tmp_path):
    change, areas = tables.change(demo_results, demo_view), tables.areas(demo_results, demo_view)
    pairs = {"log2": "log2_change", "lower": "lower", "upper": "upper", "p": "p", "q": "q"}
    for name, own in pairs.items():
        np.testing.assert_array_equal(areas[f"change_{name}"], change[own])
    assert areas["change_within_chance"].equals(change["within_chance"])
    known = change["log2_change"].notna()
    both = np.isfinite(change["log2_change"]) & known
    np.testing.assert_allclose(
        2 ** change["log2_change"][both], (change["ratio_now"] / change["ratio_then"])[both]
    )
    styles = styles_of(demo_results, demo_view)
    geopackage.write(tmp_path / "a.gpkg", demo_results.areas, styles)
    with sqlite3.connect(tmp_path / "a.gpkg") as database:
        written = database.execute("SELECT deso, change_within_chance FROM areas").fetchall()
    asked = {code: None if pd.isna(v) else float(v) for code, v in change["within_chance"].items()}
    assert dict(written) == asked
    rows = rows_of(opened(demo_results, demo_view)["Områden"])
    words = {None: "uppgift saknas", 1.0: "ja", 0.0: "nej"}
    for code, value in asked.items():
        assert rows[code]["Förändringen kan bero på slumpen"].value == words[value]
    alone = replace(demo_results, change=None)
    assert "change" not in tables.named(alone, demo_view)


def test_areas_of_the_score_and_of_the_balance_are_counted_apart(demo_results, demo_view):
    table = tables.municipalities(demo_results, demo_view)
    own = tables.balance(demo_results, demo_view).loc[("Påhittköping", 2017, "all")]
    row = table.loc["9999"]
    assert row["balance"] == own["ratio_of_sums"]
    of_chance, of_what_is_hidden = ("lower", "upper"), ("at_least", "at_most")
    for name in (*of_chance, *of_what_is_hidden, "lowest", "highest", "areas", "areas_missing"):
        assert row[f"balance_{name}"] == own[name]
    shown = demo_view.shown(demo_results)
    assert row["score_areas"] == shown["score"].notna().sum()
    assert row["score_areas_missing"] == shown["score"].isna().sum()
    assert not {"areas", "areas_missing", "lower", "upper"} & set(table.columns)


def test_what_was_not_asked_for_has_no_table(demo_results, demo_view, thorough, within):
    plain = set(tables.named(demo_results, demo_view))
    for stem, results in (("correlogram", thorough), ("within", within)):
        more = set(tables.named(results, demo_view)) - plain
        assert more == {stem, f"{stem}-high_income_share"}


def test_each_tested_variable_has_its_tables_and_the_first_has_the_plain_names(
    thorough, within, demo_view
):
    for results, stem, of_test in (
        (thorough, "autocorrelation", lambda one: tables.autocorrelation(thorough, demo_view, one)),
        (within, "within", lambda one: tables.within(within, one)),
        (thorough, "correlogram", tables.correlogram),
    ):
        named = tables.named(results, demo_view)
        first, second = results.clusterings
        assert (first.variable, second.variable) == ("low_income_share", "high_income_share")
        pd.testing.assert_frame_equal(named[stem], of_test(first))
        pd.testing.assert_frame_equal(named[f"{stem}-high_income_share"], of_test(second))


def test_other_settings_stand_beside_each_tested_area(thorough, demo_view):
    for clustering in thorough.clusterings:
        table = tables.autocorrelation(thorough, demo_view, clustering)
        counts = clustering.sensitivity
        assert (table["same"] == counts["same"]).all()
        assert (table["share_same"] == counts["same"] / counts["settings"]).all()
        assert (table["cluster"] == clustering.local["cluster"]).all()


def test_every_table_can_be_read_back(thorough, within, demo_view):
    every = {**tables.named(within, demo_view), **tables.named(thorough, demo_view)}
    for stem, table in every.items():
        text = tables.csv(table)
        back = pd.read_csv(BytesIO(text), dtype={"deso": str, "municipality": str})
        assert len(back) == len(table), stem
        for name in table.select_dtypes("number"):
            np.testing.assert_allclose(back[name], table[name].to_numpy(), rtol=1e-5, err_msg=stem)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_text_of_a_csv_runs_in_a_spreadsheet(text):
    frame = pd.DataFrame({"name": [text]}, index=pd.Index(["a"], name="deso"))
    back = pd.read_csv(BytesIO(tables.csv(frame)))
    assert back["name"].item().startswith("'")


def test_infinities_keep_their_sign_and_what_is_missing_is_empty():
    frame = pd.DataFrame({"change": [np.inf, -np.inf, np.nan, -0.5]}, index=list("abcd"))
    lines = tables.csv(frame).decode().splitlines()[1:]
    assert lines == ["a,inf", "b,-inf", "c,", "d,-0.5"]
    back = pd.read_csv(BytesIO(tables.csv(frame)))["change"]
    np.testing.assert_array_equal(back, frame["change"])


# --- Workbook ------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "foreign"), [("sv", ENGLISH), ("en", SWEDISH)])
def test_headings_and_classes_are_in_one_language(thorough, within, demo_view, language, foreign):
    view = replace(demo_view, language=language)
    sheets = [sheet for one in (thorough, within) for sheet in list(opened(one, view))[:-1]]
    places = {place.name for place in thorough.dataset.neighbourhoods}
    names = {str(name) for name in thorough.areas["regso_name"]} | places
    names |= {one.row.name for one in view.interventions.placed}
    for sheet in sheets:
        texts = {
            str(cell.value)
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, str) and cell.value not in names
        }
        texts -= set(thorough.areas["municipality_name"])
        assert not [text for text in texts if foreign.search(text)], sheet.title
        keys = {*CLUSTERS, *GROUPS} - {"no data"}  # a key that is its own English words
        assert not [text for text in texts if "_" in text or text in keys]


def test_no_two_columns_of_a_sheet_share_a_heading(thorough, demo_view):
    for language in ("sv", "en"):
        for sheet in list(opened(thorough, replace(demo_view, language=language)))[:-1]:
            heads = [cell.value for cell in sheet[1]]
            assert len(heads) == len(set(heads)), sheet.title


def test_headings_stay_and_filter_every_row(thorough, demo_view):
    for sheet in list(opened(thorough, demo_view))[:-1]:
        assert sheet.freeze_panes.endswith("2")
        assert sheet.auto_filter.ref == sheet.dimensions
        for column in sheet.iter_cols(max_row=1):
            assert sheet.column_dimensions[column[0].column_letter].width >= 9


def test_no_cell_of_a_table_is_left_without_a_word(within, demo_view):
    for sheet in list(opened(within, demo_view))[:-1]:
        for column in sheet.iter_cols():
            assert all(cell.value is not None for cell in column), (sheet.title, column[0].value)


def test_gaps_and_infinity_are_words(marked, demo_view):
    results, (infinite, hidden, empty) = marked
    rows = rows_of(opened(results, demo_view)["Områden"])
    assert rows[infinite]["Balansmått"].value == "oändlig (0 hög köpkraft)"
    assert rows[infinite]["Balansmått, osäkerhet till"].value == "ingen gräns uppåt"
    assert rows[hidden]["Låg köpkraft"].value == "dold av sekretess"
    assert rows[hidden]["Balansmått"].value == "dold av sekretess"
    assert rows[empty]["Balansmått"].value == "ingen i någon grupp"


def test_cells_have_the_colour_of_their_class(marked, demo_view):
    results, _ = marked
    rows = rows_of(opened(results, demo_view)["Områden"])
    style = styles_of(results, demo_view)["balance"]
    codes = classify(results.areas["balance"], style)
    assert {-1, 6} < set(codes)
    for deso, code in codes.items():
        fill = rows[deso]["Balansmått"].fill
        if code < 0:
            assert fill.fill_type is None
        else:
            assert fill.fgColor.rgb[2:].lower() == style.colours[code].lstrip("#")


def test_numbers_are_written_as_their_kind(demo_results, demo_view):
    book = opened(demo_results, demo_view)
    row = next(iter(rows_of(book["Områden"]).values()))
    formats = {name: cell.number_format for name, cell in row.items()}
    assert formats["Balansmått"] == "0.00"
    assert formats["Andel med låg köpkraft"] == "0.0%"
    assert formats["Låg köpkraft"] == "#,##0"
    assert "0.0000" in formats["Lokalt p-värde"]
    years = rows_of(book["Balansmått per plats"])
    assert {cells["År"].number_format for cells in years.values()} == {"0"}


def test_people_are_counted_whole_and_areas_of_the_map_come_first(demo_read, demo_view):
    data, options, _ = demo_read
    outside, *inside = data.geometry.index
    scope = tuple(inside)
    results = analysis.run(data, options.model_copy(update={"scopes": (scope,)}))
    book = opened(results, replace(demo_view, scope=scope))
    people = {row["Befolkning"].number_format for row in rows_of(book["Indikatorer"]).values()}
    assert people == {"#,##0"}
    *others, last = rows_of(book["Områden"])
    assert last == outside
    assert others == inside


def test_the_views_own_labels_head_its_columns(demo_results, demo_view):
    own = replace(demo_view, labels={"low_income_share": "Andel fattiga hushåll"})
    heads = [cell.value for cell in opened(demo_results, own)["Områden"][1]]
    assert "Andel fattiga hushåll" in heads
    assert "Balansmått" in heads


def test_hostile_text_is_text(demo_results, demo_view):
    hostile = ["=1+1", "http://example.org", "mailto:a@b.se", "{=SUM(A1)}", "<b>", "internal:A1"]
    areas = demo_results.areas.copy()
    areas["regso_name"] = [hostile[i % len(hostile)] for i in range(len(areas))]
    results = replace(demo_results, areas=areas)
    view = replace(demo_view, title="=T()", labels={"low": "=cmd()"})
    content = workbook.build(results, view, styles_of(results, view))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode()
            assert "<f>" not in text
            assert "hyperlink" not in text
    rows = rows_of(opened(results, view)["Områden"])
    assert {row["RegSO-namn"].value for row in rows.values()} == set(hostile)
    assert all(cell.data_type in "sn" for row in rows.values() for cell in row.values())


def test_the_workbook_has_the_same_bytes_twice(demo_results, demo_view):
    styles = styles_of(demo_results, demo_view)
    first, second = (workbook.build(demo_results, demo_view, styles) for _ in range(2))
    assert first == second


def test_a_note_on_thousands_of_areas_fits_on_the_sheet(demo_results, demo_view):
    from grannskap.notes import Note

    codes = tuple(f"{i:04d}C1010" for i in range(6000))
    results = replace(demo_results, notes=(Note("areas not joined", {"areas": len(codes)}, codes),))
    concerns = opened(results, demo_view)["Noteringar"]["B2"].value
    assert len(concerns) < 500
    assert re.sub(r"\D", "", concerns.split(" och ")[1].split(" till")[0]) == "5975"


def test_qgis_gets_each_colour_of_a_style_as_red_green_and_blue(demo_results, demo_view):
    """Checked without QGIS too: the amounts are in the order that the hex code has them in."""
    drawn = {**styles_of(demo_results, demo_view)}
    drawn["made"] = replace(drawn["balance"], colours=("#0102ff", *drawn["balance"].colours[1:]))
    for column, style in drawn.items():
        root = ET.fromstring(qgis.qml(style, column).split("\n", 1)[1])
        filled = {
            symbol.get("name"): symbol.find("layer/Option/Option[@name='color']").get("value")
            for symbol in root.iter("symbol")
        }
        rules = {rule.get("label"): filled[rule.get("symbol")] for rule in root.iter("rule")}
        for label, colour in zip(style.labels, style.colours, strict=True):
            rgb = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
            assert rules[label] == ",".join(map(str, [*rgb, 255])), (column, label)


# --- GeoPackage ----------------------------------------------------------------------------


def test_style_names_fit_and_differ(demo_results, demo_view, tmp_path):
    style = styles_of(demo_results, demo_view)["balance"]
    long = replace(style, title="En mycket lång titel som inte ryms i tabellen")
    areas = demo_results.areas.assign(other=1.0)
    geopackage.write(tmp_path / "a.gpkg", areas, {"balance": long, "other": long})
    with sqlite3.connect(tmp_path / "a.gpkg") as database:
        names = [row[0] for row in database.execute("SELECT styleName FROM layer_styles")]
    assert len(set(names)) == 2
    assert all(len(name) <= 30 for name in names)


def test_the_geopackage_has_the_same_bytes_twice(demo_results, demo_view, tmp_path):
    styles = styles_of(demo_results, demo_view)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        geopackage.write(tmp_path / name / "areas.gpkg", demo_results.areas, styles)
    first, second = ((tmp_path / name / "areas.gpkg").read_bytes() for name in ("a", "b"))
    assert first == second


def test_bands_of_distance_follow_each_other(thorough):
    for clustering in thorough.clusterings:
        table = tables.correlogram(clustering)
        assert all(first[1] == second[0] for first, second in pairwise(table.index))
