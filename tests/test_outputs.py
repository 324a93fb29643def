"""Tables, workbook and GeoPackage: the same numbers, in words, with nothing that acts."""

import re
import sqlite3
import zipfile
from dataclasses import replace
from io import BytesIO
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from grannskap import analysis, project
from grannskap.catalogue import CLUSTERS, GROUPS
from grannskap.maps import atlas
from grannskap.maps.style import classify
from grannskap.outputs import geopackage, headings, tables, workbook

ENGLISH = re.compile(
    r"\b(all|high-high|low-low|not significant|areas|municipality|missing|share|public_housing|"
    r"yes|no|balance|score|value|the|of)\b"
)
SWEDISH = re.compile(
    r"\b(och|områden|område|kommun|balans|låg|hög|saknas|ej|ja|nej|andel|alla|av|inte|år)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def thorough(demo_folder):
    """The made-up town with every test of clustering asked for."""
    read = project.read(demo_folder / "project.toml")
    options = read.autocorrelation.model_copy(
        update={
            "within": "municipality",
            "sensitivity": True,
            "correlogram": True,
            "permutations": 199,
        }
    )
    return analysis.run(read.model_copy(update={"autocorrelation": options}))


@pytest.fixture(scope="module")
def marked(demo_analysis):
    """The made-up town where one area has nobody high, one is suppressed and one is empty."""
    areas = demo_analysis.areas.copy()
    infinite, hidden, empty = areas.index[:3]
    areas.loc[infinite, ["balance", "balance_upper"]] = np.inf
    areas.loc[infinite, "balance_status"] = "nobody high"
    areas.loc[hidden, ["low", "balance"]] = np.nan
    areas.loc[hidden, ["low_status", "balance_status"]] = "suppressed"
    areas.loc[empty, "balance"] = np.nan
    areas.loc[empty, "balance_status"] = "nobody either"
    return replace(demo_analysis, areas=areas), (infinite, hidden, empty)


def styles_of(result):
    return atlas.styles_by_column(atlas.maps(result))


def opened(result):
    from openpyxl import load_workbook

    return load_workbook(BytesIO(workbook.build(result, styles_of(result))))


def rows_of(sheet):
    head, *rows = sheet.iter_rows()
    names = [cell.value for cell in head]
    return {row[0].value: dict(zip(names, row, strict=True)) for row in rows}


def with_project(result, **update):
    return replace(result, project=result.project.model_copy(update=update))


# --- Tables --------------------------------------------------------------------------------


def test_places_are_the_sums_of_their_areas(demo_analysis):
    areas = tables.areas(demo_analysis)
    balances = tables.balance(demo_analysis).xs((2017, "all"), level=("year", "group"))
    whole = areas.loc[areas["in_view"] & areas["low"].notna() & areas["high"].notna()]
    assert balances.iloc[0]["low"] == whole["low"].sum()
    assert balances.iloc[0]["high"] == whole["high"].sum()
    assert balances.iloc[0]["ratio_of_sums"] == pytest.approx(
        whole["low"].sum() / whole["high"].sum()
    )


def test_every_municipality_names_both_its_worst_and_its_best_area(demo_analysis):
    scores = demo_analysis.areas["score"]
    for code, row in tables.municipalities(demo_analysis).iterrows():
        own = scores[demo_analysis.areas["municipality"] == code].dropna()
        assert (row["worst_area"], row["best_area"]) == (own.idxmin(), own.idxmax())
        assert (row["worst_score"], row["best_score"]) == (own.min(), own.max())


def test_the_change_of_each_area_stands_in_every_table(demo_analysis, tmp_path):
    change, areas = tables.change(demo_analysis), tables.areas(demo_analysis)
    pairs = {"log2": "log2_change", "lower": "lower", "upper": "upper", "p": "p", "q": "q"}
    for name, own in pairs.items():
        np.testing.assert_array_equal(areas[f"change_{name}"], change[own])
    assert areas["change_within_chance"].equals(change["within_chance"])
    known = change["log2_change"].notna()
    both = np.isfinite(change["log2_change"]) & known
    np.testing.assert_allclose(
        2 ** change["log2_change"][both], (change["ratio_now"] / change["ratio_then"])[both]
    )
    geopackage.write(tmp_path / "a.gpkg", demo_analysis.areas, styles_of(demo_analysis))
    with sqlite3.connect(tmp_path / "a.gpkg") as database:
        written = database.execute("SELECT deso, change_within_chance FROM areas").fetchall()
    asked = {code: None if pd.isna(v) else float(v) for code, v in change["within_chance"].items()}
    assert dict(written) == asked
    rows = rows_of(opened(demo_analysis)["Områden"])
    words = {None: "uppgift saknas", 1.0: "ja", 0.0: "nej"}
    for code, value in asked.items():
        assert rows[code]["Förändring inom slumpen"].value == words[value]
    alone = replace(demo_analysis, change=None)
    assert "change" not in tables.named(alone)


def test_areas_of_the_score_and_of_the_balance_are_counted_apart(demo_analysis):
    table = tables.municipalities(demo_analysis)
    own = demo_analysis.balance.loc[("Påhittköping", 2017, "all")]
    row = table.loc["9999"]
    assert row["balance"] == own["ratio_of_sums"]
    for name in ("lower", "upper", "lowest", "highest", "areas", "areas_missing"):
        assert row[f"balance_{name}"] == own[name]
    shown = demo_analysis.shown
    assert row["score_areas"] == shown["score"].notna().sum()
    assert row["score_areas_missing"] == shown["score"].isna().sum()
    assert not {"areas", "areas_missing", "lower", "upper"} & set(table.columns)


def test_what_was_not_asked_for_has_no_table(demo_analysis, thorough):
    assert set(tables.named(thorough)) - set(tables.named(demo_analysis)) == {
        "within",
        "correlogram",
    }


def test_other_settings_stand_beside_each_tested_area(thorough):
    table = tables.autocorrelation(thorough)
    counts = thorough.clustering.sensitivity
    assert (table["same"] == counts["same"]).all()
    assert (table["share_same"] == counts["same"] / counts["settings"]).all()
    assert (table["cluster"] == thorough.clustering.local["cluster"]).all()


def test_every_table_can_be_read_back(thorough):
    for stem, table in tables.named(thorough).items():
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


# --- Workbook ------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "foreign"), [("sv", ENGLISH), ("en", SWEDISH)])
def test_headings_and_classes_are_in_one_language(thorough, language, foreign):
    book = opened(with_project(thorough, language=language))
    names = {str(n) for n in thorough.areas["regso_name"]} | {p.name for p in thorough.places}
    for sheet in list(book)[:-1]:
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


def test_no_two_columns_of_a_sheet_share_a_heading(thorough):
    for language in ("sv", "en"):
        for sheet in list(opened(with_project(thorough, language=language)))[:-1]:
            heads = [cell.value for cell in sheet[1]]
            assert len(heads) == len(set(heads)), sheet.title


def test_headings_stay_and_filter_every_row(thorough):
    for sheet in list(opened(thorough))[:-1]:
        assert sheet.freeze_panes.endswith("2")
        assert sheet.auto_filter.ref == sheet.dimensions
        for column in sheet.iter_cols(max_row=1):
            assert sheet.column_dimensions[column[0].column_letter].width >= 9


def test_gaps_and_infinity_are_words(marked):
    result, (infinite, hidden, empty) = marked
    rows = rows_of(opened(result)["Områden"])
    assert rows[infinite]["Balans"].value == "oändlig (0 hög köpkraft)"
    assert rows[infinite]["Balans, övre gräns"].value == "ingen övre gräns"
    assert rows[hidden]["Låg köpkraft"].value == "dold av sekretess"
    assert rows[hidden]["Balans"].value == "dold av sekretess"
    assert rows[empty]["Balans"].value == "ingen i någon pol"


def test_cells_have_the_colour_of_their_class(marked):
    result, _ = marked
    rows = rows_of(opened(result)["Områden"])
    style = styles_of(result)["balance"]
    codes = classify(result.areas["balance"], style)
    assert {-1, 6} < set(codes)
    for deso, code in codes.items():
        fill = rows[deso]["Balans"].fill
        if code < 0:
            assert fill.fill_type is None
        else:
            assert fill.fgColor.rgb[2:].lower() == style.colours[code].lstrip("#")


def test_numbers_are_written_as_their_kind(demo_analysis):
    row = next(iter(rows_of(opened(demo_analysis)["Områden"]).values()))
    formats = {name: cell.number_format for name, cell in row.items()}
    assert formats["Balans"] == "0.00"
    assert formats["Andel med låg köpkraft"] == "0.0%"
    assert formats["Låg köpkraft"] == "#,##0"
    assert "0.0000" in formats["Lokalt p-värde"]
    years = rows_of(opened(demo_analysis)["Balans per plats"])
    assert {cells["År"].number_format for cells in years.values()} == {"0"}


def test_people_are_counted_whole_and_areas_of_the_map_come_first(demo_analysis):
    places = rows_of(opened(demo_analysis)["Indikatorer"])
    assert {row["Befolkning"].number_format for row in places.values()} == {"#,##0"}
    outside = demo_analysis.areas.index[0]
    areas = demo_analysis.areas.assign(in_view=demo_analysis.areas.index != outside)
    first, *others, last = rows_of(opened(replace(demo_analysis, areas=areas))["Områden"])
    assert last == outside
    assert [first, *others] == list(areas.index[1:])


def test_the_projects_own_labels_head_its_columns(demo_analysis):
    own = with_project(demo_analysis, labels={"low_income_share": "Andel fattiga hushåll"})
    assert "Andel fattiga hushåll" in [cell.value for cell in opened(own)["Områden"][1]]
    assert headings.column("balance", own.project) == "Balans"


def test_hostile_text_is_text(demo_analysis):
    hostile = ["=1+1", "http://example.org", "mailto:a@b.se", "{=SUM(A1)}", "<b>", "internal:A1"]
    areas = demo_analysis.areas.copy()
    areas["regso_name"] = [hostile[i % len(hostile)] for i in range(len(areas))]
    result = replace(
        with_project(demo_analysis, title="=T()", labels={"low": "=cmd()"}), areas=areas
    )
    content = workbook.build(result, styles_of(result))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode()
            assert "<f>" not in text
            assert "hyperlink" not in text
    rows = rows_of(opened(result)["Områden"])
    assert {row["RegSO-namn"].value for row in rows.values()} == set(hostile)
    assert all(cell.data_type in "sn" for row in rows.values() for cell in row.values())


def test_the_workbook_has_the_same_bytes_twice(demo_analysis):
    styles = styles_of(demo_analysis)
    assert workbook.build(demo_analysis, styles) == workbook.build(demo_analysis, styles)


def test_a_note_on_thousands_of_areas_fits_on_the_sheet(demo_analysis):
    from grannskap.language import Text
    from grannskap.notes import Note

    codes = tuple(f"{i:04d}C1010" for i in range(6000))
    result = replace(demo_analysis, notes=(Note("many", Text("Många.", "Many."), codes),))
    concerns = opened(result)["Noteringar"]["B2"].value
    assert len(concerns) < 500
    assert re.sub(r"\D", "", concerns.split(" och ")[1].split(" till")[0]) == "5975"


# --- GeoPackage ----------------------------------------------------------------------------


def test_style_names_fit_and_differ(demo_analysis, tmp_path):
    style = styles_of(demo_analysis)["balance"]
    long = replace(style, title="En mycket lång titel som inte ryms i tabellen")
    areas = demo_analysis.areas.assign(other=1.0)
    geopackage.write(tmp_path / "a.gpkg", areas, {"balance": long, "other": long})
    with sqlite3.connect(tmp_path / "a.gpkg") as database:
        names = [row[0] for row in database.execute("SELECT styleName FROM layer_styles")]
    assert len(set(names)) == 2
    assert all(len(name) <= 30 for name in names)


def test_the_geopackage_has_the_same_bytes_twice(demo_analysis, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        geopackage.write(
            tmp_path / name / "areas.gpkg", demo_analysis.areas, styles_of(demo_analysis)
        )
    first, second = ((tmp_path / name / "areas.gpkg").read_bytes() for name in ("a", "b"))
    assert first == second


def test_bands_of_distance_follow_each_other(thorough):
    table = tables.correlogram(thorough)
    assert all(first[1] == second[0] for first, second in pairwise(table.index))
