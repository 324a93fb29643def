"""Opening: what a file is, told by its first bytes, and its table."""

from __future__ import annotations

import re
from pathlib import Path

from grannskap.errors import InputFileError
from grannskap.sources import guard
from grannskap.sources.register import delimited, px
from grannskap.sources.register.limits import MOST_BYTES, refuse_texts
from grannskap.sources.register.table import Table
from grannskap.wording import in_both

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
    refuse_texts(
        (*table.names, *shown, *table.origin.texts),
        what=in_both("errors.phrases.texts in", {"name": path.name}),
    )
    return table


def _table(content: bytes, *, name: str, sheet: str | None) -> Table:
    if content.startswith(b"PK\x03\x04"):
        from grannskap.sources.register import workbook

        return workbook.read(content, name=name, sheet=sheet)
    if content.startswith(b"PAR1"):
        from grannskap.sources.register import columnar

        return columnar.read(content, name=name)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(px.MARKS):
        return px.read(content, name=name)
    _refuse_other_kinds(content, name)
    if _JSON.match(content):
        from grannskap.sources.register import cube

        return cube.read(content, name=name)
    return delimited.read(delimited.decode(content, name=name), name=name)


def _refuse_other_kinds(content: bytes, name: str) -> None:
    start = content[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not content:
        raise InputFileError("empty file", {"name": name})
    kinds = {
        b"\xd0\xcf\x11\xe0": ("errors.phrases.an old Excel file", "errors.phrases.save as xlsx"),
        b"<": ("errors.phrases.a web page or XML", "errors.phrases.CSV or Excel or JSON-stat"),
        b"SQLite format 3": (
            "errors.phrases.a GeoPackage or database",
            "errors.phrases.export as CSV",
        ),
        b"%PDF": ("errors.phrases.a PDF", "errors.phrases.ask for CSV or Excel"),
    }
    for mark, (kind, remedy) in kinds.items():
        if start.startswith(mark):
            raise InputFileError(
                "file of another kind",
                {"name": name, "kind": in_both(kind), "remedy": in_both(remedy)},
            )
