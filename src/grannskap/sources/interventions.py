"""Interventions: what is done, where, on which levels and by which criteria, as a list tells."""

from __future__ import annotations

import csv
import difflib
import io
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grannskap import letters
from grannskap.catalogue import INTERVENTION_LEVELS, INTERVENTION_PARTS
from grannskap.errors import ColumnError, DataError, InputFileError
from grannskap.sources import guard
from grannskap.sources.register import delimited
from grannskap.wording import in_both

if TYPE_CHECKING:
    from grannskap.language import Text

__all__ = ["Intervention", "read"]

_MOST_BYTES = 1 << 22
_MOST_ROWS = 2_000
_MOST_LETTERS = 200
_MOST_CELL = 1 << 16

_HEADINGS = {
    "name": ("name", "namn", "insats", "intervention"),
    "place": ("place", "plats", "område", "area"),
    "east": ("e", "x", "east", "easting", "öst"),
    "north": ("n", "y", "north", "northing", "nord"),
    "longitude": ("lon", "longitude", "longitud"),
    "latitude": ("lat", "latitude", "latitud"),
    "levels": ("levels", "level", "nivåer", "nivå"),
    "criteria": ("criteria", "criterion", "kriterier", "kriterium"),
    "years": ("years", "year", "år"),
}
_NEEDED = ("name", "levels", "criteria")

_OTHER_WORDS = {
    "individual": ("individer", "individnivå"),
    "neighbourhood": ("grannskapsnivå",),
    "society": ("stad", "samhälle", "town", "city", "stad/samhälle"),
    "causes": ("orsak", "cause"),
    "potentials": ("potential",),
    "social": ("socialt", "socially"),
    "systems": ("system", "i system", "systemintegration", "into systems"),
    "conditions": ("villkor", "levnadsvillkor", "living conditions"),
    "distance": ("avstånd", "geografiskt avstånd", "geographic distance"),
}
_PARTING = re.compile(r"[,;+|]")
_YEARS = re.compile(r"(\d{4})(?:\s*([-–])\s*(\d{4})?)?", re.ASCII)
_EARLIEST, _LATEST = 1800, 2200
_SWEDEN = ((200_000.0, 1_000_000.0), (6_000_000.0, 7_800_000.0))
"""Easting and northing in SWEREF 99 TM, with room to spare."""

_DEGREES = ((9.0, 26.0), (54.0, 71.0))
"""Longitude and latitude."""


@dataclass(frozen=True)
class Intervention:
    """One row of a list of interventions.

    Attributes
    ----------
    row : int
        Its row in the file, the headings' being 1.
    name : str
        What it is called.
    place : str
        The place that it names; empty where it names none.
    point : tuple of float or None
        Easting and northing in SWEREF 99 TM.
    levels : tuple of str
        Of `grannskap.catalogue.INTERVENTION_LEVELS`, in their order.
    parts : tuple of str
        Of `grannskap.catalogue.INTERVENTION_PARTS`, in their order.
    first, last : int or None
        Its years; neither is known where none is stated, and without a last one it goes on.
    """

    row: int
    name: str
    place: str
    point: tuple[float, float] | None
    levels: tuple[str, ...]
    parts: tuple[str, ...]
    first: int | None
    last: int | None


def read(path: Path) -> tuple[Intervention, ...]:
    r"""Interventions of a list, in its order.

    Parameters
    ----------
    path : pathlib.Path
        CSV in any dialect, with a row of headings: ``name``, ``levels`` and ``criteria``, and
        where they are known ``place``, ``e`` and ``n`` (SWEREF 99 TM) or ``lon`` and ``lat``,
        and ``years``; or the same in Swedish. A cell of levels or criteria holds one word or
        several, with a plus sign, comma, semicolon or upright line between them.

    Returns
    -------
    tuple of Intervention
        Without rows that are empty.

    Raises
    ------
    InputFileError, ColumnError, DataError
        When it is no such list, or a row holds what is none of its kind: named by its row.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "interventions.csv"
    >>> _ = path.write_text(
    ...     "namn;plats;nivåer;kriterier;år\nLäxhjälp;Solviken;individ;orsaker+socialt;2015–2017\n",
    ...     encoding="utf-8",
    ... )
    >>> (one,) = read(path)
    >>> one.name, one.levels, one.parts, one.first, one.last
    ('Läxhjälp', ('individual',), ('causes', 'social'), 2015, 2017)
    """
    file = Path(path)
    with guard.reading(file, form=in_both("errors.phrases.a list of interventions")):
        content = guard.content(file, most=_MOST_BYTES)
        rows = _rows(delimited.decode(content, name=file.name).decode("utf-8"), file.name)
        _, headings = next(rows, (0, []))
        columns = _columns(headings, file.name)
        found = tuple(
            _intervention(_Row(file.name, at, _held(cells, columns))) for at, cells in rows
        )
        if not found:
            raise DataError("no interventions", {"file": file.name})
    return found


def _rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold something, each with its number."""
    first = text.split("\n", 1)[0]
    mark = max(";\t,", key=first.count)
    table = csv.reader(io.StringIO(text), delimiter=mark, strict=True)
    try:
        for number, cells in enumerate(table, start=1):
            if number > _MOST_ROWS or max(map(len, cells), default=0) > _MOST_CELL:
                most = {"file": name, "rows": _MOST_ROWS, "letters": _MOST_CELL}
                raise InputFileError("list of interventions too long", most)
            plain = [letters.cleaned(" ".join(cell.split())).strip() for cell in cells]
            if any(plain):
                yield number, plain
    except csv.Error as error:
        values = {"file": name, "row": table.line_num, "error": str(error)}
        raise InputFileError("list of interventions damaged", values) from None


def _columns(headings: list[str], name: str) -> dict[str, int]:
    """Return the position of each column that is known."""
    plain = [_plain(one) for one in headings]
    found: dict[str, int] = {}
    for key, words in _HEADINGS.items():
        here = [at for at, one in enumerate(plain) if one in {_plain(word) for word in words}]
        if len(here) > 1:
            raise ColumnError("two columns of interventions", {"file": name, "names": list(words)})
        found |= {key: here[0]} if here else {}
    missing = [" / ".join(_HEADINGS[key][:2]) for key in _NEEDED if key not in found]
    pairs = (("east", "north"), ("longitude", "latitude"))
    missing += [_HEADINGS[b][0] for a, b in pairs if a in found and b not in found]
    missing += [_HEADINGS[a][0] for a, b in pairs if b in found and a not in found]
    if missing:
        values = {"file": name, "missing": missing, "headings": [one[:40] for one in headings]}
        raise ColumnError("no columns of interventions", values)
    return found


def _held(cells: list[str], columns: Mapping[str, int]) -> dict[str, str]:
    return {key: cells[at] if at < len(cells) else "" for key, at in columns.items()}


@dataclass(frozen=True)
class _Row:
    """A row of the file, and what each of its columns holds."""

    file: str
    number: int
    cells: Mapping[str, str]

    def get(self, key: str) -> str:
        """Return what a column holds; nothing where it is not there."""
        return self.cells.get(key, "")


def _intervention(row: _Row) -> Intervention:
    name = row.get("name")
    if not name or len(name) > _MOST_LETTERS:
        values = {
            "file": row.file,
            "row": row.number,
            "letters": len(name),
            "most": _MOST_LETTERS,
        }
        raise DataError("intervention without a name", values)
    parts = {key: words for key, (_, words) in INTERVENTION_PARTS.items()}
    first, last = _years(row)
    return Intervention(
        row=row.number,
        name=name,
        place=row.get("place")[:_MOST_LETTERS],
        point=_point(row),
        levels=_chosen(row, "levels", INTERVENTION_LEVELS),
        parts=_chosen(row, "criteria", parts),
        first=first,
        last=last,
    )


def _chosen(row: _Row, key: str, words: Mapping[str, Text]) -> tuple[str, ...]:
    """Return which of some words a cell holds, in their order."""
    known = {
        _plain(word): name
        for name, text in words.items()
        for word in (name, text.sv, text.en, *_OTHER_WORDS.get(name, ()))
    }
    given = [one.strip() for one in _PARTING.split(row.get(key)) if one.strip()]
    strange = [one for one in given if _plain(one) not in known]
    if strange or not given:
        word = strange[0] if strange else ""
        near = difflib.get_close_matches(_plain(word), known, n=1, cutoff=0.6)
        values = {
            "file": row.file,
            "row": row.number,
            "column": key,
            "given": word[:40] or " ",
            "known": [*words.values()],
            "near": words[known[near[0]]] if near else None,
        }
        raise DataError("unknown word of an intervention", values)
    held = {known[_plain(one)] for one in given}
    return tuple(name for name in words if name in held)


def _years(row: _Row) -> tuple[int | None, int | None]:
    """Return the first and the last year: "2015", "2015–2017", or "2015–" of what goes on."""
    given = row.get("years")
    if not given:
        return None, None
    found = _YEARS.fullmatch(given)
    first = int(found[1]) if found else 0
    last = (int(found[3]) if found[3] else None) if found and found[2] else first
    if not _EARLIEST <= first <= (last or _LATEST) <= _LATEST:
        values = {"file": row.file, "row": row.number, "given": given[:40]}
        raise DataError("unknown years of an intervention", values)
    return first, last


def _point(row: _Row) -> tuple[float, float] | None:
    """Return where it is in SWEREF 99 TM; None where the row does not say."""
    plane = _pair(row, ("east", "north"), _SWEDEN)
    if plane is not None:
        return plane
    degrees = _pair(row, ("longitude", "latitude"), _DEGREES)
    if degrees is None:
        return None
    from pyproj import Transformer

    east, north = Transformer.from_crs(4326, 3006, always_xy=True).transform(*degrees)
    return float(east), float(north)


def _pair(
    row: _Row, keys: tuple[str, str], ends: tuple[tuple[float, float], tuple[float, float]]
) -> tuple[float, float] | None:
    """Return two numbers within their ends; None where both cells are empty."""
    given = [row.get(key) for key in keys]
    if not any(given):
        return None
    first, second = map(_number, given)
    if not all(low <= one <= high for one, (low, high) in zip((first, second), ends, strict=True)):
        values = {"file": row.file, "row": row.number, "given": " ".join(given)[:40]}
        raise DataError("point of an intervention outside", values)
    return first, second


def _number(text: str) -> float:
    try:
        return float(re.sub(r"\s", "", text).replace(",", ".").replace("\u2212", "-"))
    except ValueError:
        return math.nan


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
