"""Gathering: the cells of every canonical column, put on one list of keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from grannskap.catalogue import Status
from grannskap.errors import CodeError, ColumnError, few
from grannskap.language import Text
from grannskap.sources.register import cells, headings
from grannskap.sources.register.address import Selection, resolve
from grannskap.sources.register.cells import Floats, Grades, grade
from grannskap.sources.register.checks import Kind, refuse_text
from grannskap.sources.register.keys import Areas
from grannskap.sources.register.table import Positions, Table
from grannskap.wording import in_both

__all__ = ["Gathered", "Rows", "gather"]

_YEARS = 10_000
"""A key is (code · 10,000 + year) · groups + group: rising as the index does."""


@dataclass(frozen=True)
class Rows:
    """A table's rows, and the area, year and group of each.

    Attributes
    ----------
    table : Table
        Rows of DeSO areas of one division.
    areas : Areas
        The area of each row.
    years : numpy.ndarray of int or None
        The year of each row, where a column tells it.
    year : int or None
        The year that the caller stated.
    groups : list of str
        Keys of the groups, sorted.
    group : numpy.ndarray of int
        For each row, its place among the groups.
    taken : tuple of int
        Positions of the columns of codes, years and groups.
    """

    table: Table
    areas: Areas
    years: Positions | None
    year: int | None
    groups: list[str]
    group: Positions
    taken: tuple[int, ...]


@dataclass(frozen=True)
class Gathered:
    """Values and grades of every canonical column, on sorted keys.

    Attributes
    ----------
    code, year, group : numpy.ndarray of int
        For each key, the place of its code, its year, the place of its group.
    values : dict of str to numpy.ndarray of float
        By canonical column.
    grades : dict of str to numpy.ndarray of int8
        By canonical column; places in `cells.STATUSES`.
    dashes : int
        How many cells held a dash.
    """

    code: Positions
    year: Positions
    group: Positions
    values: dict[str, Floats]
    grades: dict[str, Grades]
    dashes: int


@dataclass(frozen=True)
class _Pick:
    """Rows of some categories and one heading's year: where they are, and their keys."""

    rows: Positions | None
    keys: Positions
    places: dict[int, Positions] = field(default_factory=dict)

    def among(self, keys: Positions) -> Positions:
        """Return the place of each row's key among all keys."""
        if 0 not in self.places:
            self.places[0] = np.searchsorted(keys, self.keys)
        return self.places[0]


_Picks = dict[tuple[int | None, tuple[tuple[int, str], ...]], _Pick]


def gather(
    rows: Rows, columns: Mapping[str, str | Sequence[str]], *, kinds: Mapping[str, Kind]
) -> Gathered:
    """Read the cells that each canonical column names, and add up the parts of sums.

    A sum misses where a part misses. A key that an address has no row for is *missing*.
    """
    named = {name: [one] if isinstance(one, str) else list(one) for name, one in columns.items()}
    sources = {
        name: [_selections(rows, address, name=name) for address in addresses]
        for name, addresses in named.items()
    }
    picks: _Picks = {}
    for source in (one for parts in sources.values() for part in parts for one in part):
        if (source.year, source.where) not in picks:
            picks[source.year, source.where] = _pick(rows, source)
    keys = np.unique(np.concatenate([pick.keys for pick in picks.values()]))
    values: dict[str, Floats] = {}
    grades: dict[str, Grades] = {}
    dashes = 0
    for name, parts in sources.items():
        values[name] = np.zeros(len(keys))
        grades[name] = np.zeros(len(keys), dtype=np.int8)
        for address, part in zip(named[name], parts, strict=True):
            here = _read(rows, part, picks, keys, name=name, address=address, kind=kinds[name])
            values[name] += here[0]
            grades[name] = np.maximum(grades[name], here[1])
            dashes += here[2]
    rest, group = np.divmod(keys, len(rows.groups))
    code, year = np.divmod(rest, _YEARS)
    return Gathered(code, year, group, values, grades, dashes)


def _selections(rows: Rows, address: str, *, name: str) -> tuple[Selection, ...]:
    """Find an address's sources; a stated year chooses among headings that tell years."""
    headed = rows.years is None
    found = resolve(rows.table, address, purpose=name, taken=rows.taken, headed=headed)
    told = len(found) == 1 and headings.of(rows.table, found[0].column).cell
    if rows.year is None or (len(found) == 1 and not (headed and told)):
        return found
    right = tuple(source for source in found if source.year == rows.year)
    if not right:
        raise ColumnError(
            "column of another year",
            {
                "address": address,
                "year": str(rows.year),
                "years": [source.year for source in found],
            },
        )
    return right


def _pick(rows: Rows, source: Selection) -> _Pick:
    chosen = None
    if source.where:
        here = np.ones(len(rows.table), dtype=bool)
        for place, category in source.where:
            texts, which = rows.table.categories(place)
            here &= which == texts.index(category)
        chosen = np.flatnonzero(here)
    years = rows.years
    if years is None:
        stated = rows.year if rows.year is not None else source.year
        years = np.full(len(rows.table), stated or 0, dtype=np.int64)
    keys = (rows.areas.which * _YEARS + years) * len(rows.groups) + rows.group
    keys = keys if chosen is None else keys[chosen]
    _refuse_repeated(rows, keys, chosen, source)
    return _Pick(chosen, keys)


def _refuse_repeated(
    rows: Rows, keys: Positions, chosen: Positions | None, source: Selection
) -> None:
    """Refuse several rows for one key, and name the columns in which they differ."""
    _, first, counts = np.unique(keys, return_index=True, return_counts=True)
    if counts.max(initial=1) == 1:
        return
    names = rows.areas.names
    places = rows.areas.which if chosen is None else rows.areas.which[chosen]
    codes = [names[places[one]] for one in first[counts > 1]]
    one = int(np.flatnonzero(counts > 1)[0])
    same = np.flatnonzero(keys == keys[first[one]])
    same = same if chosen is None else chosen[same]
    differ = _differing(rows, same, source)
    raise CodeError(
        "several rows of a key", {"codes": codes, "differ": differ, "differing": len(differ)}
    )


def _differing(rows: Rows, same: Positions, source: Selection) -> list[Text]:
    """Return the category columns, and some of their categories, in which rows differ."""
    used = {*rows.taken, source.column, *(place for place, _ in source.where)}
    found = []
    for place, name in enumerate(rows.table.names):
        if place in used:
            continue
        texts, which = rows.table.categories(place)
        here = [texts[k] for k in np.unique(which[same])]
        if len(here) > 1:
            values = {"name": name, "texts": few(here, most=3)}
            found.append(in_both("errors.phrases.column with texts", values))
    return found[:4]


def _read(
    rows: Rows,
    sources: tuple[Selection, ...],
    picks: _Picks,
    keys: Positions,
    *,
    name: str,
    address: str,
    kind: Kind,
) -> tuple[Floats, Grades, int]:
    """Read one address's cells onto the keys; return how many dashes there were too."""
    values = np.full(len(keys), np.nan)
    grades = np.full(len(keys), grade(Status.MISSING), dtype=np.int8)
    dashes = 0
    for source in sources:
        pick = picks[source.year, source.where]
        column = rows.table.columns[source.column]
        marks = rows.table.marks.get(source.column)
        if pick.rows is not None:
            column = column.take(pick.rows)
            marks = None if marks is None else marks.take(pick.rows)
        read = cells.read(column, marks)
        if read.wrong or read.grouped or read.powers:
            which = rows.areas.which if pick.rows is None else rows.areas.which[pick.rows]
            codes = rows.areas.codes(which)
            refuse_text(read, codes, name=name, heading=repr(address), kind=kind)
        at = pick.among(keys)
        values[at] = read.values
        grades[at] = read.grades
        dashes += read.dashes
    return values, grades, dashes
