"""Opening: what a file is, told by its first bytes, and its table."""

from __future__ import annotations

from pathlib import Path

from grannskap.errors import InputFileError
from grannskap.sources.register import delimited
from grannskap.sources.register.table import Table

__all__ = ["open_table"]

_LARGEST = 1 << 29
"""Bytes: some ten times the largest register that has been seen."""


def open_table(path: Path, *, sheet: str | None) -> Table:
    """Read a file's table, whatever kind of file it is.

    Raises
    ------
    InputFileError
        When there is no such file, or it is of a kind that is not read.
    """
    content = _content(path)
    name = path.name
    if content.startswith(b"PK\x03\x04"):
        from grannskap.sources.register import workbook

        return workbook.read(content, name=name, sheet=sheet)
    if content.startswith(b"PAR1"):
        from grannskap.sources.register import columnar

        return columnar.read(content, name=name)
    _refuse_other_kinds(content, name)
    text = delimited.decode(content, name=name)
    if text.lstrip().startswith(("{", "[")):
        from grannskap.sources.register import cube

        return cube.read(text, name=name)
    return delimited.read(text, name=name)


def _content(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size == 0 or size > _LARGEST:
            raise InputFileError(
                expected="a register file of at most 512 MB",
                came=f"{path.name} of {size} bytes",
                remedy="fetch it again" if size == 0 else "keep the rows and columns you need",
            )
        return path.read_bytes()
    except OSError as error:
        raise InputFileError(
            expected="a register file that can be read",
            came=f"{path.name}, which cannot ({error.strerror})",
            remedy="check the path",
        ) from error


def _refuse_other_kinds(content: bytes, name: str) -> None:
    start = content[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
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
