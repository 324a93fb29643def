"""Write the sheets: headings, filters, formats, class colours, and no cell that acts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import pandas as pd

from grannskap.language import Language, Text, count
from grannskap.letters import legible, well_formed
from grannskap.maps.style import Style, classify, lightness
from grannskap.notes import FOR_THE_OWNER, Note
from grannskap.outputs.workbook import printing
from grannskap.outputs.workbook.content import Kind, Sheet, Texts, cells, kind, sheets
from grannskap.wording import say

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from grannskap.analysis import Results, View

__all__ = ["build"]

# Excel stores the hour of writing; a fixed one keeps reruns identical.
_FIXED_TIME = dt.datetime(2000, 1, 1)

_LINE = 15
"""Points of a line of text."""

_NOTE_WIDTHS = (80, 60)
_MOST_LINES = 20
_WIDEST, _NARROWEST = 44, 9
_MOST_CODES = 25
_MOST_IN_HEAD = 110


@dataclass(frozen=True)
class _Formats:
    """Cell formats of the workbook, made once: xlsxwriter keeps every one that is added."""

    head: Any
    heading: Any
    words: Any
    said: Any
    numbers: Mapping[Kind, Any]
    wrapped: Any
    fills: Mapping[tuple[str, str], Any]


def build(results: Results, view: View, styles: Mapping[str, Style]) -> bytes:
    """Return a workbook of an analysis; no cell of it is a formula or a link.

    Parameters
    ----------
    results : Results
        What was measured.
    view : View
        What of it is shown, and in which words.
    styles : mapping
        Column name to the style whose class colours its cells get; ``cluster`` among them.

    Returns
    -------
    bytes
        An xlsx file, the same for the same analysis.
    """
    from xlsxwriter import Workbook

    language = view.language
    into = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with Workbook(into, options) as book:
        book.set_properties({"title": well_formed(view.title), "created": _FIXED_TIME})
        formats = _formats(book, styles, language)
        texts = Texts.of(results, view)
        for sheet in sheets(results, view):
            _write_table(book.add_worksheet(sheet.name), sheet, styles, formats, texts)
        name = Text("Noteringar", "Notes")(language)
        _write_notes(book.add_worksheet(name), results, view, styles, formats)
        for page in book.worksheets():
            _put_source(page, results, view)
    return into.getvalue()


def _codes(language: Language) -> dict[Kind, str]:
    """Number formats: Excel puts in the decimal mark of whoever opens the file."""
    least = "0,0001" if language == "sv" else "0.0001"
    return {
        "text": "@",
        "year": "0",
        "count": "#,##0",
        "amount": "#,##0.0",
        "share": "0.0%",
        "ratio": "0.00",
        "fine": "0.000",
        "p": f'[<0.0001]"<\u00a0{least}";0.0000',
        "flag": "@",
    }


def _formats(book: Workbook, styles: Mapping[str, Style], language: Language) -> _Formats:
    number_formats = _codes(language)
    fills = {
        (column, colour): book.add_format(
            {
                "bg_color": colour,
                "font_color": _ink_on(colour),
                "num_format": "@" if style.categories else number_formats["ratio"],
                **({"indent": 1} if style.categories else {}),
            }
        )
        for column, style in styles.items()
        for colour in dict.fromkeys(style.colours)
    }
    head = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#f0f0f3"}
    return _Formats(
        head=book.add_format(head),
        heading=book.add_format({"bold": True}),
        words=book.add_format({"indent": 1}),
        said=book.add_format({"align": "right"}),
        numbers={of: book.add_format({"num_format": code}) for of, code in number_formats.items()},
        wrapped=book.add_format({"text_wrap": True, "valign": "top"}),
        fills=fills,
    )


def _ink_on(colour: str) -> str:
    """Black or white, whichever stands out more: on a lightness of 49.4 both do alike."""
    return "#000000" if lightness([colour])[0] > 49.4 else "#ffffff"


def _write_table(
    into: Worksheet, sheet: Sheet, styles: Mapping[str, Style], formats: _Formats, texts: Texts
) -> None:
    lines, widths = 1, []
    for j, name in enumerate(sheet.shown):
        head = well_formed(sheet.heads[name])
        into.write_string(0, j, head, formats.head)
        written = cells(name, sheet, styles, texts)
        fills = _fills(sheet.table, styles.get(name), formats, name)
        plain = kind(name, sheet) if any(isinstance(cell, float) for cell in written) else "text"
        words = formats.words if plain == "text" else formats.said
        _write_column(into, j, written, fills, plain=formats.numbers[plain], words=words)
        width = _width(head, written)
        into.set_column(j, j, width)
        widths.append(width)
        lines = max(lines, -(-len(head) // max(width - 3, 1)))
    into.set_row(0, _LINE * min(lines + 1, 6))
    into.freeze_panes(1, sheet.still)
    into.autofilter(0, 0, len(sheet.table), len(sheet.shown) - 1)
    printing.lay(into, widths, still=sheet.still, groups=sheet.groups)


def _put_source(into: Worksheet, results: Results, view: View) -> None:
    """Write over each printed page what the sheet is, and under it where it is from."""
    sources = dict.fromkeys(one.source for one in results.dataset.provenance if one.source)
    source = say("report.page.sources", view.language, {"sources": "; ".join(sources)})
    title, name, from_where = map(_in_head, (view.title, into.get_name(), source))
    into.set_header(f"&L&B{title}&R{name}")
    into.set_footer(f"&L{from_where if sources else ''}&R&P / &N")


def _in_head(text: str) -> str:
    """Excel holds 255 characters in a header, of which & begins a command."""
    text = legible(text)
    short = text if len(text) <= _MOST_IN_HEAD else f"{text[:_MOST_IN_HEAD]} …"
    return short.replace("&", "&&")


def _width(head: str, written: Sequence[float | str]) -> int:
    """Wide enough for its words and for the heading on a few lines, with its filter arrow."""
    longest = max((len(cell) for cell in written if isinstance(cell, str)), default=0)
    words = max(map(len, head.split()), default=0) + 3
    return max(_NARROWEST, min(_WIDEST, max(longest + 1, words, len(head) // 3 + 3)))


def _fills(table: pd.DataFrame, style: Style | None, formats: _Formats, name: str) -> Sequence[Any]:
    """The colour of each cell's class, also of a hidden one that can be in one class only."""
    if style is None:
        return [None] * len(table)
    values = table[name]
    codes = classify(
        values.astype(object) if style.categories else values,
        style,
        status=table.get(f"{name}_status"),
        lower=table.get(f"{name}_at_least"),
        upper=table.get(f"{name}_at_most"),
    )
    return [formats.fills[name, style.colours[code]] if code >= 0 else None for code in codes]


def _write_column(
    into: Worksheet,
    j: int,
    written: Sequence[float | str],
    fills: Sequence[Any],
    *,
    plain: Any,  # noqa: ANN401
    words: Any,  # noqa: ANN401
) -> None:
    """Write numbers, and words where there is none: to the right, as the numbers are."""
    for i, (cell, fill) in enumerate(zip(written, fills, strict=True), start=1):
        looks = fill if fill is not None else plain
        if isinstance(cell, float):
            into.write_number(i, j, cell, looks)
        elif cell:
            into.write_string(i, j, _that_fits(cell), words if fill is None else fill)


def _write_notes(
    into: Worksheet, results: Results, view: View, styles: Mapping[str, Style], formats: _Formats
) -> None:
    """Notes, sources, and the key to the colours."""
    language = view.language
    for j, text in enumerate(Text("Notering|Gäller", "Note|Concerns")(language).split("|")):
        into.write_string(0, j, text, formats.head)
    sources = dict.fromkeys(one.source for one in results.dataset.provenance if one.source)
    told = [note for note in results.notes if note.kind != FOR_THE_OWNER]
    rows = [row for note in told for row in _note_rows(note, view)]
    rows += [(f"{Text('Källa', 'Source')(language)}: {source}", "") for source in sources]
    for i, row in enumerate(rows, start=1):
        lines = 1
        for j, text in enumerate(row):
            into.write_string(i, j, _that_fits(text), formats.wrapped)
            lines = max(lines, len(wrap(text, _NOTE_WIDTHS[j])))
        into.set_row(i, _LINE * lines)  # not every program makes room for what is wrapped
    for j, width in enumerate(_NOTE_WIDTHS):
        into.set_column(j, j, width)
    into.freeze_panes(1, 0)
    printing.lay(into, _NOTE_WIDTHS)
    _write_key(into, len(rows) + 2, styles, formats, language)


def _write_key(
    into: Worksheet,
    at: int,
    styles: Mapping[str, Style],
    formats: _Formats,
    language: Language,
) -> None:
    into.write_string(at, 0, Text("Färgerna", "The colours")(language), formats.heading)
    for column, style in styles.items():
        at += 1
        into.write_string(at, 0, style.title, formats.heading)
        for words, colour in zip(style.labels, style.colours, strict=True):
            at += 1
            into.write_string(at, 0, words, formats.fills[column, colour])


def _note_rows(note: Note, view: View) -> list[tuple[str, str]]:
    """Return the rows of a note: no text is taller than a row can be, or than a page."""
    footnotes = note.kind == "footnotes"
    concerned = list(note.codes) if footnotes else [_named(note.codes, view)]
    pieces = [
        " ".join(lines)
        for text in concerned
        for lines in _batched(wrap(text, _NOTE_WIDTHS[1]) or [""])
    ]
    return [(view.tell(note) if k == 0 else "", piece) for k, piece in enumerate(pieces or [""])]


def _batched(lines: Sequence[str]) -> Iterator[Sequence[str]]:
    return (lines[at : at + _MOST_LINES] for at in range(0, len(lines), _MOST_LINES))


def _named(codes: Sequence[str], view: View) -> str:
    """Name what a note concerns; thousands of codes belong in the manifest."""
    left = len(codes) - _MOST_CODES
    told = ", ".join(view.concerned(code, {}) for code in codes[:_MOST_CODES])
    if left <= 0:
        return told
    held = count(left, view.language)
    return told + Text(
        f" och {held} till (alla i manifest.json)", f" and {held} more (all in manifest.json)"
    )(view.language)


def _that_fits(text: str) -> str:
    """Excel holds 32,767 characters in a cell, and none that XML does not."""
    written = well_formed(text)
    return written if len(written) <= 32_767 else f"{written[:32_000]} …"
