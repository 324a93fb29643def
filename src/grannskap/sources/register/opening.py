"""Opening: what a file is, told by its first bytes, and its table."""

from __future__ import annotations

import re
from pathlib import Path

from grannskap.errors import InputFileError
from grannskap.sources import guard
from grannskap.sources.register import delimited
from grannskap.sources.register.limits import MOST_BYTES, refuse_texts
from grannskap.sources.register.table import Table

__all__ = ["open_table"]

_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]")


def open_table(path: Path, *, sheet: str | None) -> Table:
    """Read a file's table, whatever kind of file it is.

    Raises
    ------
    InputFileError
        When there is no such file, it is of a kind that is not read, damaged, or too large.
    """
    table = _table(guard.content(path, most=MOST_BYTES), name=path.name, sheet=sheet)
    shown = (text for note in table.notes for text in (note.text.en, *note.codes))
    refuse_texts((*table.names, *shown), what=f"texts in {path.name}")
    return table


def _table(content: bytes, *, name: str, sheet: str | None) -> Table:
    if content.startswith(b"PK\x03\x04"):
        from grannskap.sources.register import workbook

        return workbook.read(content, name=name, sheet=sheet)
    if content.startswith(b"PAR1"):
        from grannskap.sources.register import columnar

        return columnar.read(content, name=name)
    _refuse_other_kinds(content, name)
    if _JSON.match(content):
        from grannskap.sources.register import cube

        return cube.read(content, name=name)
    return delimited.read(delimited.decode(content, name=name), name=name)


def _refuse_other_kinds(content: bytes, name: str) -> None:
    start = content[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not content:
        raise InputFileError(
            expected="a register file", came=f"{name} of 0 bytes", remedy="fetch it again"
        )
    kinds = {
        b"\xd0\xcf\x11\xe0": ("an old Excel file (.xls)", "save it as .xlsx"),
        b"CHARSET=": ("a PX file", "download the table as CSV or JSON-stat 2 instead"),
        b"AXIS-VERSION=": ("a PX file", "download the table as CSV or JSON-stat 2 instead"),
        b"<": ("a web page or XML", "download the table as CSV, Excel or JSON-stat 2"),
        b"SQLite format 3": ("a GeoPackage or database", "export its table as CSV"),
        b"%PDF": ("a PDF", "ask for the table as CSV or Excel"),
    }
    for mark, (kind, remedy) in kinds.items():
        if start.startswith(mark):
            raise InputFileError(
                expected="CSV, Excel (.xlsx), Parquet or JSON-stat 2",
                came=f"{name}, {kind}",
                remedy=remedy,
            )
