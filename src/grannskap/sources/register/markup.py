"""Markup: the parts of a workbook, looked through before a library reads them.

The library passes over what it does not know: a row with a damaged tag or a number that does
not rise is lost, a string with one moves all that follow, a cell with a damaged type is a number.
Here every element and attribute between a sheet and its values is one that is known, in order,
and there are not too many.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING
from xml.parsers import expat

from grannskap.errors import InputFileError
from grannskap.language import Text
from grannskap.sources.register.limits import MOST_COLUMNS, refuse_shape
from grannskap.wording import in_both

if TYPE_CHECKING:
    pass

__all__ = ["Look", "look_through"]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_CHUNK = 1 << 16
_LARGEST_TAG = 1 << 22
_LONGEST_CELL = 40_000
_DEEPEST = 60
_MOST_CELLS = 1_000_000
_MOST_TAGS = 6_000_000
_MOST_SHEETS = 1000
_MOST_SPREAD = 20_000_000
_MOST_LINES = 1 << 20
_MOST_STRINGS = 500_000
_MOST_ELEMENTS = 400_000
"""Elements beside cells and strings: styles, names, relations."""

_PARENTS = {"row", "c", "si"}
_CHILDREN = {
    "sheetData": {"row"},
    "row": {"c", "extLst"},
    "c": {"v", "f", "is", "extLst"},
    "v": set[str](),
    "f": set[str](),
    "sst": {"si", "extLst"},
    "si": {"t", "r", "rPh", "phoneticPr"},
    "is": {"t", "r", "rPh", "phoneticPr"},
    "r": {"t", "rPr"},
    "t": set[str](),
}
_PAIRS = {(inside, main) for inside, several in _CHILDREN.items() for main in several}
_ATTRIBUTES = {
    "c": {"r", "s", "t", "cm", "vm", "ph"},
    "row": {
        *("r", "spans", "s", "customFormat", "ht", "hidden", "customHeight", "outlineLevel"),
        *("collapsed", "thickTop", "thickBot", "ph"),
    },
}
_ENCODINGS = {"UTF-8", "UTF-16", "US-ASCII", "ISO-8859-1"}
_SHORT = {f"{_MAIN}}}{local}": local for local in ("row", "c", "v", "f", "is", "t", "si")}
_TYPES = {"n", "s", "b", "e", "str", "inlineStr", "d"}
_COORDINATE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_VALUES = {
    "n": re.compile(r"[-+]?[0-9]{1,400}(?:\.[0-9]{0,400})?(?:[eE][-+]?[0-9]{1,4})?"),
    "s": re.compile(r"[0-9]{1,9}"),
    "b": re.compile(r"[01]"),
}


@dataclass
class Look:
    """What was seen in a workbook's parts.

    Attributes
    ----------
    sheets : int
        How many sheets the workbook names.
    formulas : bool
        Whether any cell holds a formula.
    lines : int
        Rows of all sheets, those between them too.
    cells, strings, elements : int
        How many there are.
    spread : int
        Cells, and the empty places left of them.
    """

    sheets: int = 0
    formulas: bool = False
    lines: int = 0
    cells: int = 0
    spread: int = 0
    strings: int = 0
    elements: int = 0


def look_through(archive: zipfile.ZipFile, *, name: str) -> Look:
    """Look through every part that is markup.

    Raises
    ------
    InputFileError
        When one is not well-formed, declares entities, holds what is not known between a sheet
        and its values, or there is too much of it.
    """
    _refuse_many_tags(archive, name)
    seen = Look()
    for member in archive.infolist():
        with archive.open(member) as part:
            start = part.read(_CHUNK)
            if member.filename.endswith((".xml", ".rels")) or _is_markup(start, member.filename):
                _Part(member.filename, name, seen).parse(start, part.read)
    return seen


def _refuse_many_tags(archive: zipfile.ZipFile, name: str) -> None:
    """Read every part to its end, where its checksum is compared, and count its tags."""
    tags = 0
    for member in archive.infolist():
        with archive.open(member) as part:
            while chunk := part.read(1 << 20):
                tags += chunk.count(b"<")
                if tags > _MOST_TAGS:
                    raise InputFileError("too many tags", {"most": _MOST_TAGS, "name": name})


def _is_markup(start: bytes, filename: str) -> bool:
    first = start.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1]
    return first == b"<" and not filename.endswith(".vml")


@dataclass
class _Part:
    """One part, as it is parsed."""

    filename: str
    name: str
    seen: Look
    path: list[str] = field(default_factory=list)
    root: str = ""
    tables: int = 0
    row: int = 0
    column: int = 0
    kind: str = "n"
    text: list[str] = field(default_factory=list)
    letters: int = 0

    def parse(self, start: bytes, more: Callable[[int], bytes]) -> None:
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler = self.begin
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.hear
        parser.StartDoctypeDeclHandler = self.declared
        parser.XmlDeclHandler = self.encoded
        fed, chunk = 0, start
        while chunk:
            parser.Parse(chunk)
            fed += len(chunk)
            if fed - max(parser.CurrentByteIndex, 0) > _LARGEST_TAG:
                raise InputFileError(
                    "too large tag", {"most": _LARGEST_TAG >> 20, "name": self.name}
                )
            chunk = more(_CHUNK)
        parser.Parse(b"", True)  # noqa: FBT003 - it has no other way
        if self.root == "worksheet" and self.tables != 1:
            raise self.damaged(in_both("errors.phrases.tables of cells", {"tables": self.tables}))

    def encoded(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.upper() not in _ENCODINGS:
            raise self.damaged(
                in_both("errors.phrases.the encoding", {"encoding": repr(encoding[:40])})
            )

    def declared(self, *_: object) -> None:
        raise InputFileError(
            "declarations in a workbook", {"name": self.name, "part": self.filename}
        )

    def damaged(self, what: Text) -> InputFileError:
        return InputFileError(
            "damaged workbook", {"name": self.name, "what": what, "part": self.filename}
        )

    def begin(self, tag: str, given: dict[str, str]) -> None:
        main = _SHORT.get(tag) or tag.removeprefix(f"{_MAIN}}}")
        inside = self.path[-1] if self.path else ""
        self.path.append(main)
        self.root = self.root or main
        self.text.clear()
        self.letters = 0
        if len(self.path) > _DEEPEST:
            raise self.damaged(
                in_both("errors.phrases.elements within others", {"deepest": _DEEPEST})
            )
        if self.root in ("worksheet", "sst"):
            self.check_place(main, inside)
        self.count(main, inside)
        if self.root == "worksheet":
            if main == "c":
                self.begin_cell(given)
            elif main == "row":
                self.begin_row(given)

    def check_place(self, main: str, inside: str) -> None:
        """Refuse elements of values that stand elsewhere, and others among them."""
        if (inside, main) in _PAIRS:
            return
        if inside in _CHILDREN or main in _PARENTS:
            places = {"element": repr(main[-40:]), "inside": repr(inside[-40:])}
            raise self.damaged(in_both("errors.phrases.element in another", places))

    def count(self, main: str, inside: str) -> None:
        if main == "si":
            self.seen.strings += 1
        elif main not in ("c", "row", "v", "t"):
            self.seen.elements += main != "f"
            self.seen.formulas |= main == "f" and inside == "c"
            self.seen.sheets += main == "sheet" and inside == "sheets"
            if self.seen.sheets > _MOST_SHEETS:
                raise InputFileError("too many sheets", {"most": _MOST_SHEETS, "name": self.name})
            self.tables += main == "sheetData"
        if self.seen.strings > _MOST_STRINGS or self.seen.elements > _MOST_ELEMENTS:
            raise InputFileError(
                "too many texts in a workbook",
                {"texts": _MOST_STRINGS, "elements": _MOST_ELEMENTS, "name": self.name},
            )

    def known(self, tag: str, given: dict[str, str]) -> None:
        if given.keys() <= _ATTRIBUTES[tag]:
            return
        strange = [one for one in given if one not in _ATTRIBUTES[tag] and "}" not in one]
        if strange:
            names = {"attribute": repr(strange[0][:40]), "tag": repr(tag)}
            raise self.damaged(in_both("errors.phrases.attribute of a tag", names))

    def begin_row(self, given: dict[str, str]) -> None:
        self.known("row", given)
        number = given.get("r", str(self.row + 1))
        if not number.isascii() or not number.isdigit() or len(number) > 12:
            raise self.damaged(
                in_both("errors.phrases.row numbered", {"number": repr(number[:40])})
            )
        if int(number) <= self.row:
            rows = {"row": number, "above": str(self.row)}
            raise self.damaged(in_both("errors.phrases.row below another", rows))
        self.seen.lines += int(number) - self.row
        self.row, self.column = int(number), 0
        if self.seen.lines > _MOST_LINES:
            raise InputFileError(
                "too many rows in a workbook",
                {"most": _MOST_LINES, "name": self.name, "row": number},
            )

    def begin_cell(self, given: dict[str, str]) -> None:
        self.known("c", given)
        self.kind = given.get("t", "n")
        if self.kind not in _TYPES:
            raise self.damaged(
                in_both("errors.phrases.cell of type", {"kind": repr(self.kind[:40])})
            )
        column = self.place(given["r"]) if "r" in given else self.column + 1
        if column <= self.column:
            place = {"column": str(column), "row": str(self.row)}
            raise self.damaged(in_both("errors.phrases.cells out of order", place))
        if column > MOST_COLUMNS:
            refuse_shape(1, column, name=self.name)
        self.seen.spread += column - self.column
        self.column = column
        self.seen.cells += 1
        if self.seen.cells > _MOST_CELLS or self.seen.spread > _MOST_SPREAD:
            raise InputFileError(
                "too many cells in a workbook",
                {"cells": _MOST_CELLS, "spread": _MOST_SPREAD, "name": self.name},
            )

    def place(self, coordinate: str) -> int:
        found = _COORDINATE.fullmatch(coordinate)
        if found is None or int(found[2]) != self.row:
            cell = {"cell": repr(coordinate[:40]), "row": str(self.row)}
            raise self.damaged(in_both("errors.phrases.cell in row", cell))
        return _column(found[1])

    def hear(self, text: str) -> None:
        if self.root in ("worksheet", "sst"):
            self.letters += len(text)
            if self.letters > _LONGEST_CELL:
                raise InputFileError(
                    "too many letters in a cell", {"most": _LONGEST_CELL, "name": self.name}
                )
            if self.path[-1] == "v":
                self.text.append(text)

    def end(self, _: str) -> None:
        if self.path.pop() != "v" or self.root != "worksheet":
            return
        allowed = _VALUES.get(self.kind)
        text = "".join(self.text)
        if text and allowed is not None and allowed.fullmatch(text) is None:
            value = {"value": repr(text[:40]), "row": str(self.row)}
            raise self.damaged(in_both("errors.phrases.value in row", value))


@cache
def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return min(number, MOST_COLUMNS + 1)
