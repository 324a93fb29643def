"""Delimited text: a CSV file in any of its dialects becomes a table."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from grannskap.deso import Level
from grannskap.errors import DataError, InputFileError
from grannskap.language import Text
from grannskap.sources.guard import reading
from grannskap.sources.register.limits import (
    MOST_AROUND,
    MOST_COLUMNS,
    MOST_LINES_AROUND,
    refuse_shape,
)
from grannskap.sources.register.regions import (
    Heading,
    find_heading,
    is_area,
    level,
    read_tail,
    title_above,
)
from grannskap.sources.register.table import Table, in_arrow
from grannskap.wording import in_both

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.csv import InvalidRow

__all__ = ["decode", "read"]

Columns = tuple["pa.ChunkedArray", ...]

_CODES: dict[Level, re.Pattern[bytes]] = {
    "deso": re.compile(rb"\d{3,4}[ABC]\d{4}(?:_DeSO\d{4})?", re.IGNORECASE),
    "regso": re.compile(rb"\d{3,4}R\d{3}(?:_RegSO\d{4})?", re.IGNORECASE),
}
_MARKS = (b";", b"\t", b",")
_BESIDE = (*_MARKS, b"\n", b"")
_NEAR = 12
_ENOUGH = 2000

_UTF8_LETTER = re.compile(rb"[\xc2\xc3][\x80-\xbf]")
_CONTROL = re.compile(rb"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CONTROLS = bytes(byte for byte in range(256) if _CONTROL.match(bytes([byte])))
_CHUNK = 1 << 20
_SHOWN = 3

_ROW_WITHIN: dict[Level, str] = {
    "deso": r"\n[^\n]*\d{3,4}[A-Ca-c]\d{4}",
    "regso": r"\n[^\n]*\d{3,4}[Rr]\d{3}",
}
"""What a cell holds that has swallowed the row of an area below it."""


def decode(content: bytes, *, name: str) -> bytes:
    """Turn a file's text into UTF-8 without a mark, lines ended by line feeds.

    It is read as UTF-16 where its mark says so, as UTF-8, strictly, with or without its mark,
    then as Windows-1252; a text that is UTF-8 but for some bytes is refused, for as Windows-1252
    its letters would be others.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        content = _from_utf16(content, name)
    if b"\x00" in content:
        raise _neither(name, in_both("errors.phrases.zero bytes"))
    if len(content.translate(None, _CONTROLS)) != len(content):
        found = _CONTROL.search(content)
        at = content.count(b"\n", 0, found.start()) + 1 if found else 1
        raise InputFileError(
            "control character in text",
            {"name": name, "found": repr(found.group()) if found else None, "line": at},
        )
    text = content.removeprefix(codecs.BOM_UTF8)
    wrong = _first_wrong(text)
    if wrong is not None:
        if len(text) < len(content) or _UTF8_LETTER.search(text):
            raise _neither(
                name, in_both("errors.phrases.UTF-8 but for a byte", {"byte": str(wrong)})
            )
        text = _from_windows(text, name)
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return text.rstrip(b"\n")


def _neither(name: str, why: Text) -> InputFileError:
    return InputFileError("neither UTF-8 nor Windows", {"name": name, "why": why})


def _first_wrong(text: bytes) -> int | None:
    """Return the place of the first byte that is not UTF-8; decodes a part at a time."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(text), _CHUNK):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(text[start : start + _CHUNK], final=start + _CHUNK >= len(text))
        except UnicodeDecodeError as error:
            return start - pending + error.start
    return None


def _from_utf16(content: bytes, name: str) -> bytes:
    """Read what Excel saves as "Unicode text"."""
    try:
        return content.decode("utf-16").encode()
    except UnicodeError as error:
        raise _neither(name, in_both("errors.phrases.not UTF-16 to its end")) from error


def _from_windows(text: bytes, name: str) -> bytes:
    parts = []
    for start in range(0, len(text), _CHUNK):
        try:
            parts.append(text[start : start + _CHUNK].decode("cp1252").encode())
        except UnicodeDecodeError as error:
            why = in_both("errors.phrases.neither at a byte", {"byte": str(start + error.start)})
            raise _neither(name, why) from error
    return b"".join(parts)


def read(text: bytes, *, name: str) -> Table:
    """Read delimited text: title lines, a header, rows by area, footnotes.

    Parameters
    ----------
    text : bytes
        The file's text as `decode` returns it.
    name : str
        The file's name, for errors.

    Returns
    -------
    Table
        Text columns.

    Raises
    ------
    InputFileError
        When there is no DeSO code, no header, a quote that is never closed, or too much.
    DataError
        When rows have more or fewer cells than the header.
    """
    mark = _separator(text, name=name)
    with reading(
        name,
        form=in_both("errors.phrases.cells parted by", {"mark": repr(mark)}),
        remedy=in_both("errors.phrases.quotation mark left open"),
    ):
        heading, first, title = _heading(text, mark, name=name)
        last = _last(text, mark, code=heading.codes[0], first=first, name=name)
        tail = list(csv.reader(_around(text, last, name=name), delimiter=mark))
        width = len(heading.names)
        refuse_shape(text.count(b"\n", first, last) + 1, width, name=name)
        columns = _body(text, first, last, mark, width=width)
    notes, origin = read_tail(tail, code=heading.codes[0], width=width, title=title)
    return Table(
        names=heading.names,
        columns=tuple(_filled_down(columns, heading)),
        codes=heading.codes,
        cells=heading.cells,
        headless=heading.headless,
        notes=notes,
        origin=origin,
    )


def _filled_down(columns: Columns, heading: Heading) -> Iterator[pa.ChunkedArray]:
    """Repeat the text above in empty cells before the codes, where no column there has a name."""
    import pyarrow.compute as pc

    code = heading.codes[0]
    for place, column in enumerate(columns):
        if code in heading.headless and place in heading.headless and place < code:
            trimmed = pc.utf8_trim_whitespace(column)
            yield pc.fill_null_forward(pc.if_else(pc.equal(trimmed, ""), None, trimmed))
        else:
            yield column


def _separator(text: bytes, *, name: str) -> str:
    """Return the mark that stands beside most area codes."""
    codes = islice(_CODES[level()].finditer(text, 0, MOST_AROUND), _ENOUGH)
    beside = Counter(mark for found in codes if (mark := _mark_beside(text, *found.span())))
    if not beside:
        start = text[:1000].strip().split(b"\n")[0].decode(errors="ignore")
        raise InputFileError(
            "no table with codes", {"name": name, "start": repr(start[:60] or "nothing")}
        )
    return str(beside.most_common(1)[0][0].decode())


def _mark_beside(text: bytes, start: int, end: int) -> bytes | None:
    """Return the mark after a code, or before it, where it fills a cell."""
    before = text[max(start - _NEAR, 0) : start].rstrip(b" ").removesuffix(b'"').rstrip(b" ")[-1:]
    after = text[end : end + _NEAR].lstrip(b" ").removeprefix(b'"').lstrip(b" ")[:1]
    if before not in _BESIDE or after not in _BESIDE:
        return None
    return next((mark for mark in (after, before) if mark in _MARKS), None)


def _around(
    text: bytes, start: int, *, name: str, starts: list[int] | None = None
) -> Iterator[str]:
    """Give the lines from a place on, above or below the areas: not too many of them.

    The place of each is put into `starts`.
    """
    starts = [] if starts is None else starts
    at = start
    while at < len(text):
        if len(starts) >= MOST_LINES_AROUND or at - start > MOST_AROUND:
            raise _too_much_around(name)
        starts.append(at)
        end = text.find(b"\n", at) + 1 or len(text)
        if end - at > MOST_AROUND:
            raise _too_much_around(name)
        yield text[at:end].decode()
        at = end


def _too_much_around(name: str) -> InputFileError:
    return InputFileError(
        "too much around the areas",
        {"lines": MOST_LINES_AROUND, "megabytes": MOST_AROUND >> 20, "name": name},
    )


def _heading(text: bytes, mark: str, *, name: str) -> tuple[Heading, int, str]:
    """Return the headings, where the line below them begins, and the title above them."""
    starts: list[int] = []
    reader = csv.reader(_around(text, 0, name=name, starts=starts), delimiter=mark)
    above: list[list[str]] = []
    ends: list[int] = []
    heading = None
    for row in reader:
        if len(row) > MOST_COLUMNS:
            refuse_shape(1, len(row), name=name)
        if len(row) > 1 and any(is_area(cell) for cell in row):
            heading = find_heading(above, row)
            break
        above.append(row)
        ends.append(reader.line_num)
    if heading is None:
        raise InputFileError("no line of names", {"name": name})
    return heading, starts[ends[heading.below - 1]], title_above(above[: heading.below - 1])


def _last(text: bytes, mark: str, *, code: int, first: int, name: str) -> int:
    """Return where the last line that describes an area ends, quoted breaks and all."""
    last = _last_area(text, mark, code=code, first=first, name=name)
    quotes = text.count(b'"', first, last)
    while quotes % 2 and last < len(text):
        end = text.find(b"\n", last) + 1 or len(text)
        quotes += text.count(b'"', last, end)
        last = end
    return last


def _last_area(text: bytes, mark: str, *, code: int, first: int, name: str) -> int:
    end = len(text)
    lowest = max(first, end - MOST_AROUND)
    for _ in range(MOST_LINES_AROUND):
        start = text.rfind(b"\n", first, end - 1) + 1 or first
        if start < lowest:
            break
        row = next(csv.reader([text[start:end].decode()], delimiter=mark), [])
        if len(row) > code and is_area(row[code]):
            return end
        if start == first:
            return text.find(b"\n", first) + 1 or len(text)
        end = start
    raise _too_much_around(name)


def _body(text: bytes, first: int, last: int, mark: str, *, width: int) -> Columns:
    import pyarrow as pa
    from pyarrow import csv as arrow

    wrong: list[InvalidRow | None] = []
    quoted = text.find(b'"', first, last) >= 0

    def refuse(row: InvalidRow) -> str:
        if row.text.strip():
            wrong.append(row if len(wrong) < _SHOWN else None)
        return "skip"

    names = [str(place) for place in range(width)]
    table = arrow.read_csv(
        in_arrow(memoryview(text)[first:last]),
        # Threads would hold our function for wrong rows, and are no faster on text.
        read_options=arrow.ReadOptions(column_names=names, block_size=1 << 24, use_threads=False),
        parse_options=arrow.ParseOptions(
            delimiter=mark, newlines_in_values=quoted, invalid_row_handler=refuse
        ),
        convert_options=arrow.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )
    _refuse_ragged(wrong, width)
    if quoted:
        _refuse_swallowed(table)
    return tuple(table.columns)


def _refuse_ragged(wrong: Sequence[InvalidRow | None], width: int) -> None:
    if wrong:
        told = [
            in_both(
                "errors.phrases.cells of a row",
                {"cells": str(row.actual_columns), "text": repr(row.text[:30])},
            )
            for row in wrong[:_SHOWN]
            if row is not None
        ]
        raise DataError("ragged rows", {"width": width, "count": len(wrong), "rows": told})


def _refuse_swallowed(table: pa.Table) -> None:
    """Refuse cells that hold the row of an area, between two stray quotation marks."""
    import pyarrow.compute as pc

    for column in table.columns:
        within = pc.match_substring_regex(column, _ROW_WITHIN[level()])
        if pc.any(within).as_py():
            cell = column.filter(within)[0].as_py()
            raise DataError("row within a cell", {"cell": repr(cell[:60])})
