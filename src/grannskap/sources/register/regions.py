"""Regions: which cells of a file are DeSO codes, other regions, footnotes or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from grannskap.deso import Level
from grannskap.errors import DataError
from grannskap.notes import Note
from grannskap.sources.register.footer import Origin, parted

__all__ = [
    "Heading",
    "find_heading",
    "is_area",
    "is_other_region",
    "level",
    "note_on_footnotes",
    "note_on_others",
    "read_tail",
    "reading_level",
    "suffix",
    "title_above",
]

_FLAGS = re.IGNORECASE | re.ASCII
_FORMS: dict[Level, re.Pattern[str]] = {
    "deso": re.compile(r"\d{3,4}[ABC]\d{4}(?:_DeSO(?P<division>\d{4}))?", _FLAGS),
    "regso": re.compile(r"\d{3,4}R\d{3}(?:_RegSO(?P<division>\d{4}))?", _FLAGS),
}
_LEVEL: ContextVar[Level] = ContextVar("level", default="deso")
_OTHER = re.compile(
    r"\d{1,4}(?:\.0)?(?:\s+[^\W\d].*)?|\d{3,4}R\d{3}(?:_RegSO\d{4})?"
    r"|riket|hela riket|sverige|sweden|totalt|samtliga|summa|total",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"[^\W\d_][^\d()]*\([^\d()]+\)"  # a RegSO: "Upplands Väsby (Bollstanäs)"
    r"|[^\W\d_][^\d()]* (?:kommun|län|county|municipality)",
    re.IGNORECASE,
)
"""Regions by name, as tables write them that are saved with texts in the place of codes."""

Row = Sequence[str]

_MOST_HEADINGS = 20


@dataclass(frozen=True)
class Heading:
    """Where a sheet's table begins.

    Attributes
    ----------
    names : tuple of str
        The headings, spaces put right; empty ones are named by their place, ``"column 2"``.
    cells : tuple of tuple of str
        What stands above each column in each row of headings, from the top; without empty ones.
    headless : tuple of int
        Positions of the columns that had no heading.
    codes : tuple of int
        Positions of the columns of DeSO codes.
    below : int
        How many rows lie above the data.
    """

    names: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    headless: tuple[int, ...]
    codes: tuple[int, ...]
    below: int


@contextmanager
def reading_level(which: Level) -> Iterator[None]:
    """Have a file's areas be RegSO meanwhile: all readers ask `is_area` which they are."""
    before = _LEVEL.set(which)
    try:
        yield
    finally:
        _LEVEL.reset(before)


def level() -> Level:
    """Return which areas are read."""
    return _LEVEL.get()


def is_area(text: str) -> bool:
    """Tell whether the text has the form of an area's code, with or without its first zero."""
    return _FORMS[level()].fullmatch(text.strip()) is not None


def suffix(text: str) -> str | None:
    """Return the division that a DeSO code's suffix tells, or None."""
    found = _FORMS[level()].fullmatch(text.strip())
    if found is None:
        return None
    return "2018" if found["division"] == "2020" else found["division"]


def is_other_region(text: str) -> bool:
    """Tell whether the text names another region: the country, a county, a municipality."""
    bare = text.strip()
    finer = level() == "regso" and _FORMS["deso"].fullmatch(bare) is not None
    return finer or _OTHER.fullmatch(bare) is not None or _NAMED.fullmatch(bare) is not None


def find_heading(above: Sequence[Row], row: Row) -> Heading | None:
    """Find the headings among the rows above the first row of a DeSO area.

    The heading is the nearest row above that describes no region. A row right above it
    that is empty up to the codes is a second heading, written once for several columns.
    """
    codes = tuple(place for place, cell in enumerate(row) if is_area(cell))
    code = codes[0]
    described = [_describes_region(row, code) for row in above]
    first = described.index(True) if any(described) else len(above)
    at = len(above) - 1
    while at >= 0 and _is_passed(above[at], code, below_a_region=at > first):
        at -= 1
    if at < 0:
        return None
    cells = [[cell] if (cell := " ".join(one.split())) else [] for one in above[at]]
    top = at - 1
    while top >= 0 and _is_heading_above(above[top], cells, code):
        if at - top > _MOST_HEADINGS:
            raise DataError("too many rows of headings", {"most": _MOST_HEADINGS})
        cells = _under(above[top], cells)
        top -= 1
    headless = tuple(place for place, column in enumerate(cells) if not column)
    named = (" ".join(one) or f"column {place + 1}" for place, one in enumerate(cells))
    return Heading(tuple(named), tuple(map(tuple, cells)), headless, codes, at + 1)


def _is_heading_above(row: Row, cells: Sequence[Sequence[str]], code: int) -> bool:
    """Tell whether a row is a heading above others: written where the columns of keys are empty.

    A heading of a column of keys may stand in an upper row alone, as its cells are merged
    downwards; a title, which stands in the first cell alone, is none.
    """
    filled = [place for place, cell in enumerate(row) if cell.strip()]
    keys = [place for place in filled if place <= code]
    among_keys = bool(keys) and any(cells[: code + 1])
    return len(filled) > len(keys) and not among_keys


def _describes_region(row: Row, code: int) -> bool:
    return len(row) > code and is_other_region(row[code]) and _filled(row) > 1


def _is_passed(row: Row, code: int, *, below_a_region: bool) -> bool:
    """Tell whether a row is empty, describes a region, or continues one that does."""
    if _filled(row) == 0 or len(row) <= code:
        return True
    return _describes_region(row, code) if row[code].strip() else below_a_region


def _filled(row: Row) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _under(upper: Row, lower: Sequence[Sequence[str]]) -> list[list[str]]:
    """Put an upper heading, which reaches to the next one, before each lower heading."""
    cells: list[list[str]] = []
    current = ""
    for place, below in enumerate(lower):
        here = " ".join(upper[place].split()) if place < len(upper) else ""
        current = here or current
        cells.append([*([current] if current else []), *below])
    return cells


def read_tail(
    rows: Iterable[Row], *, code: int, width: int, title: str = ""
) -> tuple[tuple[Note, ...], Origin]:
    """Check that nothing but other regions and footnotes stands below the last area.

    Returns the notes, and where the table comes from.
    """
    footnotes: list[str] = []
    others: list[str] = []
    region = False
    for row in rows:
        here = row[code].strip() if len(row) > code else ""
        if _filled(row) == 0:
            continue
        if _filled(row) > 1 and (is_other_region(here) or (region and not here)):
            others.append(here or others[-1])
            region = True
        elif _is_footnote(row, here, width):
            footnotes.append(" ".join(" ".join(row).split()))
        else:
            raise DataError("row among the codes", {"text": here[:40]})
    kept, origin = parted(footnotes, title=title)
    return (*note_on_footnotes(kept), *note_on_others(others)), origin


def title_above(rows: Sequence[Row]) -> str:
    """Return the title over a table: the first line, where it fills one cell."""
    first = next((row for row in rows if _filled(row)), ())
    return next(cell.strip() for cell in first if cell.strip()) if _filled(first) == 1 else ""


def _is_footnote(row: Row, here: str, width: int) -> bool:
    """Tell whether a row is text about the table: not full, no figures, no code gone wrong."""
    if re.match(r"\d{3,4}[^\W\d]\d", here):
        return False
    if not here and any(re.fullmatch(r"[-−]?[\d\s.,]*\d", cell.strip()) for cell in row):
        return False
    return _filled(row) == 1 or _filled(row) < width


def note_on_footnotes(footnotes: Sequence[str]) -> tuple[Note, ...]:
    """Return a note on what stands about a table beside its numbers."""
    if not footnotes:
        return ()
    return (Note("footnotes", {"rows": len(footnotes)}, tuple(footnotes)),)


def note_on_others(others: Sequence[str]) -> tuple[Note, ...]:
    """Return a note on rows that describe other regions than DeSO."""
    if not others:
        return ()
    return (Note("other regions", {"rows": len(others)}, tuple(dict.fromkeys(others))),)
