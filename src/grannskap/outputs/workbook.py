"""The workbook: areas, municipalities, tests and notes, as a planner opens them in Excel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from grannskap.language import Language, Text
from grannskap.maps.style import Style, classify
from grannskap.outputs import tables
from grannskap.schema import AMOUNTS, COUNTS, SHARES, Status, label, status_column

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from grannskap.analysis import Analysis

__all__ = ["build"]

# Excel stores the hour of writing; a fixed one keeps reruns identical.
_FIXED_TIME = dt.datetime(2000, 1, 1)

_INFINITE = Text("ingen hög", "nobody high")

_HEADINGS = {
    "deso": Text("DeSO", "DeSO"),
    "municipality": Text("Kommunkod", "Municipality code"),
    "municipality_name": Text("Kommun", "Municipality"),
    "regso": Text("RegSO", "RegSO"),
    "regso_name": Text("RegSO-namn", "RegSO name"),
    "kind": Text("Typ (A, B, C)", "Kind (A, B, C)"),
    "in_view": Text("Visas på kartan", "Shown on the map"),
    "balance": Text("Balans", "Balance"),
    "balance_lower": Text("Balans, undre gräns", "Balance, lower bound"),
    "balance_upper": Text("Balans, övre gräns", "Balance, upper bound"),
    "score": Text("Levnadsvillkor", "Living conditions"),
    "statistic": Text("Lokal statistik", "Local statistic"),
    "expected": Text("Förväntad", "Expected"),
    "p": Text("p", "p"),
    "q": Text("q (rättat p)", "q (adjusted p)"),
    "local_statistic": Text("Lokal statistik", "Local statistic"),
    "local_p": Text("Lokalt p", "Local p"),
    "local_q": Text("Lokalt q (rättat p)", "Local q (adjusted p)"),
    "quadrant": Text("Kvadrant", "Quadrant"),
    "cluster": Text("Klass", "Class"),
    "segregation_index": Text("Segregationsindex", "Segregation index"),
    "median": Text("Median av levnadsvillkor", "Median of living conditions"),
    "worst_area": Text("Sämsta område", "Worst area"),
    "worst_score": Text("Dess levnadsvillkor", "Its living conditions"),
    "worst_student_share": Text("Dess andel 20–29 år", "Its share aged 20–29"),
    "areas": Text("Områden", "Areas"),
    "ratio_of_sums": Text("Balans (summor)", "Balance (sums)"),
    "mean_of_ratios": Text("Balans (medel av områden)", "Balance (mean of areas)"),
    "lower": Text("Undre gräns", "Lower bound"),
    "upper": Text("Övre gräns", "Upper bound"),
    "lowest": Text("Lägsta balans", "Lowest balance"),
    "lowest_area": Text("Lägsta område", "Lowest area"),
    "highest": Text("Högsta balans", "Highest balance"),
    "highest_area": Text("Högsta område", "Highest area"),
}

_NUMBER_FORMATS = {"count": "#,##0", "share": "0.0%", "ratio": "0.00", "p": "0.0000"}


@dataclass(frozen=True)
class _Formats:
    """Cell formats of the workbook, made once: xlsxwriter keeps every one that is added."""

    head: Any
    numbers: Mapping[str, Any]
    wrapped: Any
    fills: Mapping[tuple[str, str], Any]


def build(analysis: Analysis, styles: Mapping[str, Style]) -> bytes:
    """Return a workbook of an analysis; no cell of it is a formula or a link.

    Parameters
    ----------
    analysis : Analysis
        What was measured.
    styles : mapping
        Column name to the style whose class colours its cells get.

    Returns
    -------
    bytes
        An xlsx file, the same for the same analysis.
    """
    from xlsxwriter import Workbook

    language = analysis.project.language
    into = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with Workbook(into, options) as book:
        book.set_properties({"title": analysis.project.title, "created": _FIXED_TIME})
        formats = _formats(book, styles)
        for name, table in _sheets(analysis).items():
            _write_table(book.add_worksheet(name(language)), table, styles, formats, language)
        notes_name = Text("Noteringar", "Notes")(language)
        _write_notes(book.add_worksheet(notes_name), analysis, formats)
    return into.getvalue()


def _sheets(analysis: Analysis) -> dict[Text, pd.DataFrame]:
    return {
        Text("Områden", "Areas"): tables.areas(analysis),
        Text("Kommuner", "Municipalities"): tables.municipalities(analysis),
        Text("Balans per plats", "Balance by place"): tables.balance(analysis),
        Text("Indikatorer", "Indicators"): tables.indicators(analysis),
        Text("Prövning", "Tests"): tables.autocorrelation(analysis),
    }


def _formats(book: Workbook, styles: Mapping[str, Style]) -> _Formats:
    fills = {
        (column, colour): book.add_format(
            {
                "bg_color": colour,
                "font_color": _ink_on(colour),
                "num_format": _NUMBER_FORMATS.get(_kind(column), "General"),
            }
        )
        for column, style in styles.items()
        for colour in dict.fromkeys(style.colours)
    }
    return _Formats(
        head=book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
        numbers={
            kind: book.add_format({"num_format": code}) for kind, code in _NUMBER_FORMATS.items()
        },
        wrapped=book.add_format({"text_wrap": True, "valign": "top"}),
        fills=fills,
    )


def _ink_on(colour: str) -> str:
    """Black or white, whichever is read more easily on a colour (relative luminance)."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#000000" if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "#ffffff"


def _kind(column: str) -> str:
    if column in SHARES or column.endswith("_share"):
        return "share"
    if column in COUNTS or column in AMOUNTS or column in ("areas", "low", "high"):
        return "count"
    return "p" if column in ("p", "q", "local_p", "local_q") else "ratio"


def _write_table(
    sheet: Worksheet,
    table: pd.DataFrame,
    styles: Mapping[str, Style],
    formats: _Formats,
    language: Language,
) -> None:
    flat = table.reset_index()
    shown = [name for name in flat.columns if not str(name).endswith("_status")]
    for j, name in enumerate(shown):
        heading = _HEADINGS.get(name)
        text = heading(language) if heading else label(str(name))(language)
        sheet.write_string(0, j, text, formats.head)
        cells = _cells(flat, name, language)
        fills = _fills(flat[name], styles.get(name), formats, str(name))
        _write_column(sheet, j, cells, fills, formats.numbers[_kind(str(name))])
        sheet.set_column(j, j, max(11, min(30, len(text))))
    sheet.freeze_panes(1, 1)
    if len(flat):
        sheet.autofilter(0, 0, len(flat), len(shown) - 1)


def _cells(flat: pd.DataFrame, name: str, language: Language) -> list[object]:
    """Cells as Excel shall hold them: numbers as numbers, infinity and missing as words."""
    values = flat[name]
    if pd.api.types.is_bool_dtype(values):
        words = {True: Text("ja", "yes")(language), False: Text("nej", "no")(language)}
        return [words[bool(value)] for value in values]
    if not pd.api.types.is_numeric_dtype(values):
        return ["" if pd.isna(value) else str(value) for value in values]
    known = status_column(name) in flat.columns
    status = flat[status_column(name)] if known else pd.Series("", index=flat.index)
    return [
        _word(float(value), str(why), language)
        for value, why in zip(values.astype(float), status, strict=True)
    ]


def _word(value: float, why: str, language: Language) -> object:
    if np.isposinf(value):
        return _INFINITE(language)
    if np.isfinite(value):
        return value
    if why in set(Status) and why != Status.VALUE:
        return Status(why).label()(language)
    return Text("uppgift saknas", "no data")(language) if why else ""


def _fills(
    values: pd.Series[Any], style: Style | None, formats: _Formats, name: str
) -> Sequence[Any]:
    if style is None:
        return [None] * len(values)
    comparable = values.astype(object) if style.categories else values
    codes = classify(comparable, style)
    return [formats.fills[name, style.colours[code]] if code >= 0 else None for code in codes]


def _write_column(
    sheet: Worksheet,
    j: int,
    cells: Sequence[object],
    fills: Sequence[Any],
    plain: Any,  # noqa: ANN401
) -> None:
    for i, (cell, fill) in enumerate(zip(cells, fills, strict=True), start=1):
        if isinstance(cell, float):
            sheet.write_number(i, j, cell, fill if fill is not None else plain)
        elif cell != "":
            sheet.write_string(i, j, str(cell), fill)


def _write_notes(sheet: Worksheet, analysis: Analysis, formats: _Formats) -> None:
    language = analysis.project.language
    headings = Text("Notering|Gäller", "Note|Concerns")(language).split("|")
    for j, text in enumerate(headings):
        sheet.write_string(0, j, text, formats.head)
    sources = [part.source for part in analysis.project.register_ if part.source]
    rows = [(note.text(language), ", ".join(note.codes)) for note in analysis.notes]
    rows += [(f"{Text('Källa', 'Source')(language)}: {source}", "") for source in sources]
    for i, row in enumerate(rows, start=1):
        for j, text in enumerate(row):
            sheet.write_string(i, j, _that_fits(text, language), formats.wrapped)
    sheet.set_column(0, 0, 80)
    sheet.set_column(1, 1, 50)
    sheet.freeze_panes(1, 0)


def _that_fits(text: str, language: Language) -> str:
    """Excel holds 32,767 characters in a cell; what does not fit is said to be elsewhere."""
    if len(text) <= 32_767:
        return text
    return text[:32_000] + Text(" … (alla i manifest.json)", " … (all in manifest.json)")(language)
