"""Delimited text: a CSV file in any of its dialects becomes a table."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from grannskap.errors import DataError, InputFileError, few
from grannskap.sources.register.regions import Heading, find_heading, is_area, read_tail
from grannskap.sources.register.table import Table

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.csv import InvalidRow

__all__ = ["decode", "read"]

_BESIDE_CODE = re.compile(
    r'(?:(?P<before>[;\t,])|^)[ ]*"?[ ]*'
    r"\d{3,4}[ABC]\d{4}(?:_DeSO\d{4})?"
    r'(?:[ ]*"?[ ]*(?P<after>[;\t,])|[ ]*"?[ ]*$)',
    re.MULTILINE | re.IGNORECASE,
)
_ENOUGH = 2000


def decode(content: bytes, *, name: str) -> str:
    """Decode a file's text: UTF-8 strictly, with or without its mark, then Windows-1252."""
    if b"\x00" in content:
        raise InputFileError(
            expected="text in UTF-8 or Windows-1252",
            came=f"{name}, which holds zero bytes (UTF-16, or no text at all)",
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
    """Read delimited text: title lines, a header, rows by area, footnotes.

    Parameters
    ----------
    text : str
        The file's text, its lines ended by line feeds.
    name : str
        The file's name, for errors.

    Returns
    -------
    Table
        Text columns.

    Raises
    ------
    InputFileError
        When there is no DeSO code, no header, or a quote that is never closed.
    DataError
        When rows have more or fewer cells than the header.
    """
    mark = _separator(text, name=name)
    try:
        heading, first = _heading(text, mark, name=name)
        lines = text.split("\n")
        last = _last(lines, mark, code=heading.codes[0], first=first)
        tail = list(csv.reader(lines[last + 1 :], delimiter=mark))
    except csv.Error as error:
        raise InputFileError(
            expected=f"cells parted by {mark!r}",
            came=f"{name}, which cannot be read so ({error})",
            remedy="look for a quotation mark that is never closed",
        ) from error
    width = len(heading.names)
    columns = _body("\n".join(lines[first : last + 1]) + "\n", mark, width=width)
    notes = read_tail(tail, code=heading.codes[0], width=width)
    return Table(names=heading.names, columns=columns, codes=heading.codes, notes=notes)


def _separator(text: str, *, name: str) -> str:
    """Return the mark that stands beside most area codes."""
    beside = Counter(
        found["after"] or found["before"] for found in islice(_BESIDE_CODE.finditer(text), _ENOUGH)
    )
    del beside[None]
    if not beside:
        first = next((line for line in text.split("\n") if line.strip()), "nothing")
        raise InputFileError(
            expected="a table with a column of DeSO codes, parted by semicolon, comma or tab",
            came=f"{name}, which has none and begins {first[:60]!r}",
            remedy="save it as CSV with a row for each area",
        )
    return str(beside.most_common(1)[0][0])


def _heading(text: str, mark: str, *, name: str) -> tuple[Heading, int]:
    """Return the headings, and the number of the line below them."""
    reader = csv.reader(io.StringIO(text), delimiter=mark)
    above: list[list[str]] = []
    ends: list[int] = []
    heading = None
    for row in reader:
        if len(row) > 1 and any(is_area(cell) for cell in row):
            heading = find_heading(above, row)
            break
        above.append(row)
        ends.append(reader.line_num)
    if heading is None:
        raise InputFileError(
            expected="a line of column names above the areas",
            came=f"{name}, which has none",
            remedy="add a header line",
        )
    return heading, ends[heading.below - 1]


def _last(lines: list[str], mark: str, *, code: int, first: int) -> int:
    """Return the number of the last line that describes an area, quoted breaks and all."""
    last = first
    for number in range(len(lines) - 1, first, -1):
        row = next(csv.reader([lines[number]], delimiter=mark), [])
        if len(row) > code and is_area(row[code]):
            last = number
            break
    quotes = sum(line.count('"') for line in lines[first : last + 1])
    while quotes % 2 and last + 1 < len(lines):
        last += 1
        quotes += lines[last].count('"')
    return last


def _body(body: str, mark: str, *, width: int) -> tuple[pa.ChunkedArray, ...]:
    import pyarrow as pa
    from pyarrow import csv as arrow

    wrong: list[InvalidRow] = []

    def refuse(row: InvalidRow) -> str:
        wrong.append(row)
        return "skip"

    names = [str(place) for place in range(width)]
    try:
        table = arrow.read_csv(
            io.BytesIO(body.encode()),
            read_options=arrow.ReadOptions(column_names=names, block_size=1 << 24),
            parse_options=arrow.ParseOptions(
                delimiter=mark, newlines_in_values='"' in body, invalid_row_handler=refuse
            ),
            convert_options=arrow.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        raise DataError(
            expected=f"rows of {width} cells parted by {mark!r}",
            came=f"text that cannot be read so ({error})",
            remedy="look for a quotation mark that is never closed",
        ) from error
    _refuse_ragged(wrong, width)
    return tuple(table.columns)


def _refuse_ragged(wrong: list[InvalidRow], width: int) -> None:
    ragged = [row for row in wrong if row.text.strip()]
    if ragged:
        raise DataError(
            expected=f"{width} cells in every row, as in the header",
            came=f"{len(ragged)} rows with another number ("
            + few((f"{row.actual_columns} in {row.text[:30]!r}" for row in ragged), most=3)
            + ")",
            remedy="put text that holds the separator in quotes, or fetch the file again if it "
            "was cut short",
        )
