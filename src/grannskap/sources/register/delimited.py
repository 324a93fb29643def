"""Delimited text: a CSV file in any of its dialects becomes a table."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any

from grannskap.errors import DataError, InputFileError, few
from grannskap.language import Text
from grannskap.notes import Note
from grannskap.sources.register.regions import is_area, is_footnote, is_other_region
from grannskap.sources.register.table import Table

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["decode", "read"]

_BESIDE_CODE = re.compile(
    r'(?:(?P<before>[;\t,])[ ]*"?[ ]*|^[ ]*"?[ ]*)'
    r"\d{3,4}[ABC]\d{4}(?:_DeSO\d{4})?"
    r'(?:[ ]*"?[ ]*(?P<after>[;\t,])|[ ]*"?[ ]*$)',
    re.MULTILINE | re.IGNORECASE,
)
_ENOUGH = 2000
_LARGEST_CELL = 1_000_000


def decode(content: bytes, *, name: str) -> str:
    """Decode a file's text: UTF-8 strictly, with or without its mark, then Windows-1252."""
    if b"\x00" in content:
        raise InputFileError(
            expected="text in UTF-8 or Windows-1252",
            came=f"{name}, which holds zero bytes (UTF-16 or no text at all)",
            remedy="save it as CSV UTF-8",
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError as error:
            raise InputFileError(
                expected="text in UTF-8 or Windows-1252",
                came=f"{name}, which is neither (byte {error.start})",
                remedy="save it as CSV UTF-8",
            ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read(text: str, *, name: str) -> Table:
    """Read delimited text: title lines, a header, rows by area, footnotes."""
    mark = _separator(text, name=name)
    header, code, first = _header(text, mark, name=name)
    lines = text.split("\n")
    last = _last(lines, mark, code=code, first=first)
    columns = _body("\n".join(lines[first : last + 1]), mark, width=len(header), first=first)
    notes = _tail(lines[last + 1 :], mark, code=code, width=len(header), first=last + 2)
    names = tuple(" ".join(cell.split()) for cell in header)
    return Table(names=names, columns=columns, code=code, notes=notes)


def _separator(text: str, *, name: str) -> str:
    """Return the mark that stands beside most area codes."""
    beside = Counter(
        found["after"] or found["before"] for found in islice(_BESIDE_CODE.finditer(text), _ENOUGH)
    )
    del beside[None]
    if not beside:
        raise InputFileError(
            expected="a table with a column of DeSO codes, parted by semicolon, comma or tab",
            came=f"{name}, which has none",
            remedy="save it as CSV with one row per area",
        )
    return str(beside.most_common(1)[0][0])


def _header(text: str, mark: str, *, name: str) -> tuple[list[str], int, int]:
    """Return the header's cells, the codes' position, and the number of the line below."""
    reader = csv.reader(io.StringIO(text), delimiter=mark)
    above: list[tuple[list[str], int]] = []
    for row in reader:
        codes = [k for k, cell in enumerate(row) if is_area(cell)]
        if codes and len(row) > 1:
            break
        above.append((row, reader.line_num))
    code = codes[0]
    while above and (len(above[-1][0]) <= code or _is_data(above[-1][0], code)):
        above.pop()
    if not above:
        raise InputFileError(
            expected="a line of column names above the areas",
            came=f"{name}, which has none",
            remedy="add a header line",
        )
    header, below = above[-1]
    return header, code, below


def _is_data(row: list[str], code: int) -> bool:
    filled = [cell for cell in row if cell.strip()]
    return not filled or (len(filled) > 1 and is_other_region(row[code]))


def _last(lines: list[str], mark: str, *, code: int, first: int) -> int:
    """Return the number of the last line that describes an area."""
    for number in range(len(lines) - 1, first, -1):
        row = next(csv.reader([lines[number]], delimiter=mark), [])
        if len(row) > code and is_area(row[code]):
            return number
    return first


def _body(body: str, mark: str, *, width: int, first: int) -> tuple[pa.ChunkedArray, ...]:
    import pyarrow as pa
    from pyarrow import csv as arrow

    wrong: list[Any] = []

    def refuse(row: Any) -> str:
        wrong.append(row)
        return "skip"

    names = [str(position) for position in range(width)]
    table = arrow.read_csv(
        io.BytesIO(body.encode()),
        read_options=arrow.ReadOptions(column_names=names, use_threads=False),
        parse_options=arrow.ParseOptions(
            delimiter=mark, newlines_in_values='"' in body, invalid_row_handler=refuse
        ),
        convert_options=arrow.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )
    if wrong:
        raise DataError(
            expected=f"{width} cells in every row, as in the header",
            came=f"{len(wrong)} rows with another number: "
            + few(f"{row.text[:40]!r} with {row.actual_columns}" for row in wrong),
            remedy="put text that holds the separator in quotes, or fetch the file again",
        )
    return tuple(table.columns)


def _tail(lines: list[str], mark: str, *, code: int, width: int, first: int) -> tuple[Note, ...]:
    """Check that nothing but other regions and footnotes stands below the last area."""
    footnotes: list[str] = []
    others: list[str] = []
    for row in csv.reader(lines, delimiter=mark):
        if not any(cell.strip() for cell in row):
            continue
        if is_footnote(row, code=code, width=width):
            footnotes.append(" ".join(" ".join(row).split()))
        elif is_other_region(row[code]):
            others.append(row[code].strip())
        else:
            raise DataError(
                expected="area codes down to the footnotes",
                came=f"{mark.join(row)[:60]!r} near line {first + len(lines)}",
                remedy="remove the row, or give it its code",
            )
    return (*_note_on_footnotes(footnotes), *note_on_others(others))


def _note_on_footnotes(footnotes: list[str]) -> tuple[Note, ...]:
    if not footnotes:
        return ()
    text = Text(
        f"{len(footnotes)} rader under tabellen lästes som fotnoter.",
        f"{len(footnotes)} lines below the table were read as footnotes.",
    )
    return (Note("footnotes", text, tuple(footnotes)),)


def note_on_others(others: list[str]) -> tuple[Note, ...]:
    """Return a note on rows that describe other regions than DeSO."""
    if not others:
        return ()
    text = Text(
        f"{len(others)} rader om riket, län, kommuner eller RegSO lästes inte.",
        f"{len(others)} rows on the country, counties, municipalities or RegSO were not read.",
    )
    return (Note("other regions", text, tuple(dict.fromkeys(others))),)
