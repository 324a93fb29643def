"""The workbook's cells: what stands where there is no number, and how each sheet is to be read."""

from dataclasses import replace
from io import BytesIO
from itertools import pairwise, product

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

import towns
from grannskap import analysis, catalogue
from grannskap.analysis import View
from grannskap.catalogue import Status
from grannskap.maps import atlas
from grannskap.maps import style as styles
from grannskap.notes import FOR_THE_OWNER, Note
from grannskap.outputs import workbook
from grannskap.outputs.workbook import book
from grannskap.outputs.workbook.content import Sheet, Texts, cells, kind

TEXTS = Texts("sv", "hög köpkraft")
VIEW = View(title="Stad 2017")


def column(name, values, **others):
    """What a sheet writes of one column, beside others that it holds."""
    sheet = Sheet("Blad", pd.DataFrame({name: values, **others}), {})
    return cells(name, sheet, {"cluster": styles.clusters()}, TEXTS)


# --- What stands in a cell ------------------------------------------------------------------


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_missing_number_gives_way_to_the_reason_that_the_table_tells(language):
    texts = replace(TEXTS, language=language)
    reasons = [status for status in Status if status is not Status.VALUE]
    for name in ("balance", "balance_at_least", "balance_upper"):
        table = pd.DataFrame({name: np.nan, "balance_status": [s.value for s in reasons]})
        found = cells(name, Sheet("Blad", table, {}), {}, texts)
        assert found == [status.label()(language) for status in reasons]
    own = pd.DataFrame({"low": np.nan, "low_status": [s.value for s in reasons]})
    found = cells("low", Sheet("Blad", own, {}), {}, texts)
    assert found == [status.label()(language) for status in reasons]


def test_zero_that_nobody_knows_and_zero_that_is_nobody_are_told_apart():
    words = ["rounded to zero", "nobody either", "something else"]
    found = column("balance", [np.nan] * 3, balance_status=words)
    assert found == [
        catalogue.BALANCE_STATUSES["rounded to zero"].sv,
        "ingen i någon grupp",
        "uppgift saknas",
    ]


def test_a_place_where_nobody_is_either_says_so_and_one_without_areas_lacks_data():
    table = {"low": [0.0, 0.0, 0.0, 4.0, np.nan], "high": [0.0, 0.0, 3.0, 0.0, np.nan]}
    areas = [2, 0, 2, 2, 0]
    for name in ("ratio_of_sums", "lowest", "mean_of_ratios"):
        found = column(name, [np.nan, np.nan, 0.0, np.nan, np.nan], **table, areas=areas)
        assert found == [
            "ingen i någon grupp", "uppgift saknas", 0.0, "uppgift saknas", "uppgift saknas",
        ]  # fmt: skip


def test_what_excel_cannot_hold_is_said_by_what_it_is_of():
    no_high, sides = "oändlig (0 hög köpkraft)", [np.inf, -np.inf]
    for name in ("balance", "ratio_of_sums", "lowest", "highest"):
        assert column(name, [np.inf]) == [no_high]
    for name in ("balance_lowest", "balance_highest", "balance_mean"):
        assert column(name, [np.inf]) == [no_high]
    for name in ("upper", "balance_upper"):
        assert column(name, [np.inf]) == ["ingen gräns uppåt"]
    for name in ("balance_at_most", "at_most", "mean_of_ratios", "segregation_index"):
        assert column(name, [np.inf]) == ["oändlig"]
    for name in ("change_log2", "change_lower", "change_upper"):
        assert column(name, [*sides, 1.5]) == ["∞", "−∞", 1.5]


def test_what_was_not_tested_is_not_compared_and_what_is_gone_lacks_data():
    tested = ("statistic", "expected", "p", "q", "z", "lag", "influence", "monte_carlo_error")
    for name in (*tested, "local_statistic", "local_p", "local_q_high_income_share"):
        assert column(name, [np.nan, 0.25]) == ["inte jämförd", 0.25]
    for name in ("score", "low", "disposable_income", "change_p", "change_log2"):
        assert column(name, [np.nan, 0.25]) == ["uppgift saknas", 0.25]
    assert column("quadrant", ["high-high", None]) == [styles.clusters().labels[0], "inte jämförd"]
    assert column("regso_name", ["Hageby", None]) == ["Hageby", "–"]


def test_classes_flags_years_and_groups_have_words():
    style = styles.clusters()
    words = column("cluster", [*style.categories, "no data"])
    assert words == [*style.labels, style.gaps[style.missing].label]
    assert column("cluster_high_income_share", ["low-low"]) == [style.labels[1]]
    flags = pd.array([True, False, None], dtype="boolean")
    assert column("change_within_chance", flags) == ["ja", "nej", "uppgift saknas"]
    assert column("in_view", [True, False]) == ["ja", "nej"]
    assert column("year", [2017, 0]) == [2017.0, "–"]
    assert column("group", ["all", "egen"]) == [catalogue.group_label("all").sv, "egen"]
    statuses = ["tested", "too few areas", "constant", "no neighbours", "annat"]
    assert column("status", statuses) == [
        "ja", "nej, för få områden", "nej, samma värde överallt", "nej, inga grannar", "annat",
    ]  # fmt: skip


def test_small_amounts_have_a_decimal_and_great_ones_none():
    (amount, *_) = catalogue.AMOUNTS
    for greatest, expected in ((9_999.9, "amount"), (10_000.0, "count"), (np.nan, "count")):
        table = pd.DataFrame({amount: [greatest / 2, greatest, np.nan]})
        assert kind(amount, Sheet("Blad", table, {})) == expected
    bands = Sheet("Blad", pd.DataFrame({"pairs": [3], "lower": [-0.1], "upper": [0.1]}), {})
    assert [kind(name, bands) for name in ("lower", "upper", "pairs")] == ["fine", "fine", "count"]
    plain = Sheet("Blad", pd.DataFrame({"lower": [-0.1], "upper": [0.1]}), {})
    assert [kind(name, plain) for name in ("lower", "upper")] == ["ratio", "ratio"]


def test_columns_that_only_explain_others_get_no_place():
    table = pd.DataFrame(
        {"low": [1, 2], "low_status": "value", "areas_missing": [0, 0], "score_missing": [0, 1]}
    )
    assert Sheet("Blad", table, {}).shown == ["low", "score_missing"]


# --- How it looks ---------------------------------------------------------------------------


def luminance(colour):
    """Relative luminance, as WCAG 2 defines it."""
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_words_on_any_colour_can_be_read():
    levels = ["00", "33", "66", "99", "cc", "ff"]
    for parts in product(levels, repeat=3):
        colour = "#" + "".join(parts)
        ink = book._ink_on(colour)
        assert contrast(ink, colour) >= 4.5, colour
    assert book._ink_on("#00ff00") == book._ink_on("#ff0000") == "#000000"
    assert book._ink_on("#0000ff") == "#ffffff"


def test_a_column_is_as_wide_as_its_words_within_reason():
    for length in (1, 5, 20, 60):
        for written in ("x", "x" * 15, "x" * 30, "x" * 99):
            head = "y" * length
            width = book._width(head, [3.0, written, "x"])
            assert 9 <= width <= 44
            assert width > min(len(written), 43)
            assert width >= min(length + 3, 44)  # a heading's word, and the arrow of its filter
    assert book._width("y", [3.0]) == 9
    assert book._width("y", ["x" * 43]) == 44
    assert book._width("y", ["x" * 20]) == 21
    many = "abc " * 30
    assert book._width(many, []) == len(many) // 3 + 3  # three lines


def test_no_cell_is_longer_than_excel_takes():
    assert book._that_fits("x" * 32_767) == "x" * 32_767
    cut = book._that_fits("x" * 32_768)
    assert len(cut) <= 32_767
    assert cut.startswith("x" * 32_000)
    assert cut.endswith(" …")


@pytest.fixture(scope="module")
def small():
    """30 areas of which four have hidden counts."""
    return analysis.run(towns.with_small_cells().dataset(hidden=(1, 3)))


def drawn(results, view=VIEW):
    return atlas.styles_by_column(atlas.maps(results, view))


def opened(results, view=VIEW):
    return load_workbook(BytesIO(workbook.build(results, view, drawn(results, view))))


def widths(sheet):
    """The width of each column; openpyxl tells of columns alike beside each other once."""
    told = [(one.max - one.min + 1, one.width) for one in sheet.column_dimensions.values()]
    return [width for times, width in told for _ in range(times)]


def test_every_sheet_is_printed_across_with_its_heading_on_each_page(small):
    found = opened(small)
    assert found.properties.title == "Stad 2017"
    for sheet in found.worksheets[:-1]:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9  # A4
        assert sheet.print_title_rows == "$1:$1"
        lines = 1
        for cell, width in zip(sheet[1], widths(sheet), strict=True):
            lines = max(lines, -(-len(cell.value) // (int(width) - 3)))
            assert 9 <= width < 45
            assert cell.font.bold
        assert sheet.row_dimensions[1].height >= 15 * min(lines, 6)
        assert sheet.row_dimensions[1].height <= 90


def test_names_of_an_area_stay_in_sight_beside_its_code(small):
    found = opened(small)
    for sheet in found.worksheets[:-1]:
        heads = [cell.value for cell in sheet[1]][:2]
        named = {"RegSO-namn", "Kommun"} & {*heads}
        assert sheet.freeze_panes == ("C2" if named else "B2"), sheet.title
    assert found["Noteringar"].freeze_panes == "A2"


def test_a_hidden_balance_in_one_class_has_its_colour(small):
    style = drawn(small)["balance"]
    areas = small.areas
    codes = styles.classify(
        areas["balance"],
        style,
        status=areas["balance_status"],
        lower=areas["balance_at_least"],
        upper=areas["balance_at_most"],
    )
    sheet = opened(small)["Områden"]
    place = [cell.value for cell in sheet[1]].index("Balansmått")
    seen = {row[0].value: row[place] for row in sheet.iter_rows(min_row=2)}
    coloured = 0
    for deso, code in codes.items():
        cell = seen[deso]
        if code < 0:
            assert cell.fill.fill_type is None
            continue
        assert cell.fill.fgColor.rgb[2:].lower() == style.colours[code].lstrip("#")
        coloured += isinstance(cell.value, str)
    assert coloured == 2  # of the four hidden ones the bounds of two lie in one class


def test_the_notes_name_what_they_concern_and_where_numbers_came_from(small):
    codes = tuple(f"9999C{i}" for i in range(1000, 1026))
    plain = Note("areas not joined", {"areas": 25}, codes[:25])
    more = Note("areas drawn without water", {"areas": 26}, codes)
    owner = Note(FOR_THE_OWNER, {"cells": 1}, ("9999C1000",))
    results = replace(small, notes=(plain, more, owner))
    sheet = opened(results)["Noteringar"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(max_col=2)]
    assert rows[0] == ["Notering", "Gäller"]
    assert [row[0] for row in rows[1:3]] == [plain.text.sv, more.text.sv]
    told = [row[1].split(", ") for row in rows[1:3]]
    assert [len(names) for names in told] == [25, 25]
    assert "till" not in rows[1][1]
    assert rows[2][1].endswith(" och 1 till (alla i manifest.json)")
    assert not any("Dolda celler" in str(cell) for row in rows for cell in row)
    sources = {one.source for one in small.dataset.provenance if one.source}
    listed = [row[0] for row in rows if row[0] and row[0].startswith("Källa: ")]
    assert listed == [f"Källa: {source}" for source in dict.fromkeys(sources)]


def test_the_key_has_every_class_in_its_colour(small):
    sheet = opened(small)["Noteringar"]
    cells_down = [row[0] for row in sheet.iter_rows(max_col=1)]
    values = [cell.value for cell in cells_down]
    at = values.index("Färgerna")
    for style in drawn(small).values():
        at += 1
        assert cells_down[at].value == style.title
        assert cells_down[at].font.bold
        for label, colour in zip(style.labels, style.colours, strict=True):
            at += 1
            assert cells_down[at].value == label
            assert cells_down[at].fill.fgColor.rgb[2:].lower() == colour.lstrip("#")
    assert at == len(values) - 1


def test_every_sheet_prints_readably_and_says_where_it_is_from(demo_folder, demo_results):
    """Letters of 11 points stay 7 or larger, and every page says whose numbers stand on it."""
    source = next(one.source for one in demo_results.dataset.provenance if one.source)
    for sheet in load_workbook(demo_folder / "tables.xlsx"):
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.print_title_rows == "$1:$1"
        across = (11.69 - sheet.page_margins.left - sheet.page_margins.right) * 96
        pixels = [7 * width for width in widths(sheet)]
        if sheet.sheet_properties.pageSetUpPr and sheet.sheet_properties.pageSetUpPr.fitToPage:
            assert sheet.page_setup.fitToWidth in (None, 1)  # 1 is what it is unless told
            assert sheet.page_setup.fitToHeight == 0
            assert 11 * across / sum(pixels) >= 7
        else:
            scale = sheet.page_setup.scale / 100
            assert 11 * scale >= 7
            still = int(sheet.freeze_panes and ord(sheet.freeze_panes[0]) - ord("A"))
            assert sheet.print_title_cols == f"$A:${chr(ord('A') + still - 1)}"
            assert sheet.page_setup.pageOrder == "overThenDown"
            breaks = [still, *(one.id for one in sheet.col_breaks.brk), len(pixels)]
            for start, end in pairwise(breaks):
                assert end > start
                assert sum(pixels[:still]) + sum(pixels[start:end]) <= across / scale
        assert sheet.oddHeader.right.text == sheet.title
        assert source in sheet.oddFooter.left.text


def test_no_note_is_taller_than_a_row_can_be(small):
    """A footnote of a statistical office can fill a page: it goes on in the next rows, whole."""
    long = " ".join(f"ord{k}" for k in range(2_000))
    note = Note("footnotes", {"rows": 2}, ("Kort.", long))
    sheet = opened(replace(small, notes=(note,))).worksheets[-1]
    rows = list(sheet.iter_rows(min_row=2, max_col=2, values_only=True))
    texts = [b for _, b in rows if b]
    assert texts[0] == "Kort."
    assert " ".join(texts[1:]) == long
    assert [bool(a) for a, _ in rows[: len(texts)]] == [True] + [False] * (len(texts) - 1)
    assert all((sheet.row_dimensions[k].height or 15) <= 409 for k in range(1, len(rows)))
