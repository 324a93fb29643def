"""Workbook: one sheet of an Excel file becomes a table."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from contextlib import redirect_stdout
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from grannskap.errors import InputFileError
from grannskap.sources.guard import reading
from grannskap.sources.register.keys import nearest
from grannskap.sources.register.markup import Look, look_through
from grannskap.sources.register.regions import find_heading, is_area, read_tail, title_above
from grannskap.sources.register.table import Table
from grannskap.wording import in_both

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["read"]

_MOST_MEMBERS = 2_000
_MOST_BYTES = 1 << 28
_MOST_RATIO = 200
_SMALL = 1 << 24

_THREE_DECIMALS = re.compile(r"-?\d{1,3}\.\d{3}")

Rows = list[list[str]]


def read(content: bytes, *, name: str, sheet: str | None) -> Table:
    """Read the sheet that holds DeSO codes: title lines, headings, rows, footnotes.

    Numbers that are stored as text are read as they stand; a formula that no spreadsheet has
    computed is kept as its text, so that it is refused where a number belongs. Where a
    column has no heading, an empty cell repeats the one above, as in SCB's own workbooks.

    Raises
    ------
    InputFileError
        When the file is no workbook, is unsafe to unpack, or it is not clear which sheet to
        read.
    """
    printed = io.StringIO()  # the library prints what it makes of some numbers of styles
    with (
        reading(
            name,
            form=in_both("errors.phrases.an Excel workbook"),
            remedy=in_both("errors.phrases.save as xlsx or CSV"),
        ),
        redirect_stdout(printed),
    ):
        sheets = _sheets(content, name, sheet)
    found = {title: rows for title, rows in sheets.items() if _first(rows) is not None}
    if len(found) != 1:
        raise InputFileError(
            "sheets with codes", {"count": len(found), "name": name, "sheets": list(sheets)}
        )
    ((title, rows),) = found.items()
    return _table(rows, f"sheet {title!r} of {name}")


def _table(rows: Rows, name: str) -> Table:
    first = _first(rows)
    assert first is not None
    heading = find_heading(rows[:first], rows[first])
    if heading is None:
        raise InputFileError("no row of names", {"name": name})
    code = heading.codes[0]
    body = rows[heading.below :]
    if code in heading.headless:
        body = _filled_down(body, [place for place in heading.headless if place <= code + 9])
    last = max(k for k, row in enumerate(body) if len(row) > code and is_area(row[code]))
    width = len(heading.names)
    title = title_above(rows[: heading.below - 1])
    notes, origin = read_tail(body[last + 1 :], code=code, width=width, title=title)
    data = [row for row in body[: last + 1] if any(row)]
    return Table(
        names=heading.names,
        columns=_columns(data, width),
        codes=heading.codes,
        cells=heading.cells,
        headless=heading.headless,
        notes=notes,
        origin=origin,
    )


def _first(rows: Rows) -> int | None:
    """Return the place of the first row that describes a DeSO area."""
    return next((k for k, row in enumerate(rows) if any(map(is_area, row))), None)


def _filled_down(rows: Rows, places: Sequence[int]) -> Rows:
    """Repeat the text above in empty cells of some columns, in rows that hold figures."""
    above = dict.fromkeys(places, "")
    filled = []
    for row in rows:
        new = list(row)
        if sum(bool(cell) for cell in row) > 1:
            for place in places:
                if place < len(new):
                    above[place] = new[place] = new[place] or above[place]
        filled.append(new)
    return filled


def _columns(rows: Rows, width: int) -> tuple[pa.ChunkedArray, ...]:
    import pyarrow as pa

    padded = [row[:width] + [""] * (width - len(row)) for row in rows]
    return tuple(
        pa.chunked_array([pa.array(column, pa.string())]) for column in zip(*padded, strict=True)
    )


def _sheets(content: bytes, name: str, sheet: str | None) -> dict[str, Rows]:
    """Return the rows of the named sheet, or of all, as text."""
    seen = _looked_through(content, name)
    book = _load(content, name, seen, computed=True)
    titles = [one.title for one in book.worksheets]
    if sheet is not None and sheet not in titles:
        near = nearest(sheet, titles)
        raise InputFileError(
            "sheet not in workbook", {"sheet": sheet, "name": name, "titles": titles, "near": near}
        )
    chosen = titles if sheet is None else [sheet]
    sheets = {title: _rows(book[title]) for title in chosen}
    if seen.formulas:
        formulas = _load(content, name, seen, computed=False)
        sheets = {
            title: _with_formulas(rows, _rows(formulas[title])) for title, rows in sheets.items()
        }
    return sheets


def _load(content: bytes, name: str, seen: Look, *, computed: bool) -> Any:  # noqa: ANN401
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=computed)
    if len(book.sheetnames) != seen.sheets or len(set(book.sheetnames)) < seen.sheets:
        raise InputFileError(
            "sheets that are not there",
            {
                "sheets": seen.sheets,
                "name": name,
                "titles": book.sheetnames,
                "found": len(book.sheetnames),
            },
        )
    return book


def _rows(sheet: Any) -> Rows:  # noqa: ANN401 - openpyxl has no types
    sheet.reset_dimensions()
    return [[_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]


def _text(value: object) -> str:
    if value is None:
        return ""
    value = getattr(value, "text", value)  # a formula over several cells
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, float) and _THREE_DECIMALS.fullmatch(str(value)):
        return f"{value}0"  # a number, whose mark parts no thousands
    return str(value).strip()


def _with_formulas(rows: Rows, formulas: Rows) -> Rows:
    """Put a formula's text where it has no saved value."""
    both = zip_longest(rows, formulas, fillvalue=list[str]())
    return [[_first_of(*pair) for pair in zip_longest(*pair, fillvalue="")] for pair in both]


def _first_of(cell: str, formula: str) -> str:
    return cell or (formula if formula.startswith("=") else "")


def _looked_through(content: bytes, name: str) -> Look:
    """Refuse archives that unpack to too much, and look through what they hold."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        _refuse_large(members, name)
        names = [member.filename for member in members]
        if "xl/workbook.xml" not in names or len(set(names)) < len(names):
            raise InputFileError("archive that is no workbook", {"name": name})
        if any(member.flag_bits & 1 for member in members):
            raise InputFileError("locked workbook", {"name": name})
        return look_through(archive, name=name)


def _refuse_large(members: Sequence[zipfile.ZipInfo], name: str) -> None:
    size = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if (
        len(members) > _MOST_MEMBERS
        or size > _MOST_BYTES
        or (size > _SMALL and size > _MOST_RATIO * packed)
    ):
        raise InputFileError(
            "workbook too large",
            {"name": name, "packed": str(packed), "parts": str(len(members)), "size": str(size)},
        )
