"""What a cell that is not shown can be: bounds from what is shown around it.

Two questions are kept apart. *What do the tables leave open?* is answered by interval
propagation: each relation between a whole and its parts narrows each of its cells by the bounds
of the others, until nothing changes. *What may be shown?* is never less than what hides the
cell: a suppressed cell that the tables pin closer than its range gets the range back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.catalogue import (
    AMOUNTS,
    PARTITIONS,
    PERTURBATION,
    PERTURBED_FROM,
    SHARES,
    TENURES,
    Status,
    lower_column,
    status_column,
    upper_column,
)
from grannskap.errors import DataError
from grannskap.notes import FOR_THE_OWNER, Note

__all__ = ["WIDTH", "Hidden", "with_bounds"]

Hidden = tuple[int, int] | Mapping[str, tuple[int, int]] | None
"""The least and the most that a suppressed count can be: for all, by name, or not stated."""

WIDTH = 3
"""How many values a suppressed cell keeps where no range is stated."""

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_ROUNDS = 20


@dataclass(frozen=True)
class _Relation:
    """Parts that are together at most a whole, or exactly it; rows of `_Cells`.

    `slack` is how far from it they may be, by area and year; where it is infinite the relation
    says nothing.
    """

    whole: int
    parts: tuple[int, ...]
    exact: bool
    slack: Floats


@dataclass(frozen=True)
class _Cells:
    """A register with a row for each group and column, and a column for each area and year.

    Attributes
    ----------
    groups, names : list of str
        What each row holds.
    keys : pandas.MultiIndex
        The area and year of each column.
    known : numpy.ndarray of float
        The counts; NaN where one is not known or the register has no such row.
    by_itself : numpy.ndarray of float, shape (2, rows, columns)
        The least and the most that each count can be, whatever the others are.
    there : numpy.ndarray of bool
        Where the register has a row.
    hidden : numpy.ndarray of bool
        Where a count is suppressed.
    ranges : numpy.ndarray of float, shape (2, rows)
        The stated range of each row's hidden counts; NaN where none is stated.
    places : dict of str to tuple of numpy.ndarray of int
        For each group, its rows in the register, and the column of each.
    """

    groups: list[str]
    names: list[str]
    keys: pd.MultiIndex
    known: Floats
    by_itself: Floats
    there: Flags
    hidden: Flags
    ranges: Floats
    places: dict[str, tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]

    def row(self, group: str, name: str) -> int | None:
        """Return the row of a group's column, None where there is none."""
        if group not in self.groups or name not in self.names:
            return None
        return self.groups.index(group) * len(self.names) + self.names.index(name)

    def column(self, values: Floats, name: str, length: int) -> Floats:
        """Return one column of all groups, in the register's order."""
        result = np.full(length, np.nan)
        for group, (rows, places) in self.places.items():
            result[rows] = values[cast("int", self.row(group, name))][places]
        return result


def with_bounds(
    register: pd.DataFrame, *, hidden: Hidden = None, amounts: Sequence[str] = ()
) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """Counts with the least and the most that each of them can be.

    A known cell is its own bounds, or has those that `register` tells of one made from rounded
    per cent, narrowed by what the parts of its whole leave; its value is put within them. One
    that is not known is at least 0 and at most what the
    totals leave: by `grannskap.catalogue.PARTITIONS`, by the bases of shares, and by the group
    ``"all"``, which holds every other. A *suppressed* cell keeps its stated range, or at least
    `WIDTH` values (a block that begins at a multiple of it), however the tables pin it. Amounts
    that are not known are 0 … ∞.

    Parameters
    ----------
    register : DataFrame
        As `grannskap.register.read` returns it.
    hidden : tuple of int, mapping of str to tuple of int, or None
        The least and the most that a suppressed count can be, for all or by name.
    amounts : sequence of str
        Columns that hold amounts, beside those that the catalogue knows.

    Returns
    -------
    tuple of (DataFrame, tuple of Note)
        Each column with its bounds and its status; notes on cells that the tables give away,
        on parts that do not make up their total, and on stated ranges that totals contradict.

    Raises
    ------
    DataError
        When a range is stated of a column that is not there, or is no range.
    """
    names = [name for name in map(str, register) if status_column(name) in register]
    _check(hidden, names)
    counts = [name for name in names if name not in {*AMOUNTS, *amounts}]
    cells = _cells(register, counts, hidden)
    lower, upper, notes = _bounds(cells)
    data: dict[str, object] = {}
    for name in names:
        values = register[name].astype(float)
        data[name] = values
        if name not in counts:
            data[lower_column(name)] = values.fillna(0.0)
            data[upper_column(name)] = values.fillna(np.inf)
        else:
            least, most = (cells.column(one, name, len(register)) for one in (lower, upper))
            data[name] = values.clip(least, most)
            data[lower_column(name)], data[upper_column(name)] = least, most
        data[status_column(name)] = register[status_column(name)]
    return pd.DataFrame(data, index=register.index), notes


def _check(hidden: Hidden, names: Sequence[str]) -> None:
    stated = hidden if isinstance(hidden, Mapping) else {"all": hidden}
    strange = [name for name in stated if name not in names and isinstance(hidden, Mapping)]
    wrong = [one for one in stated.values() if one is not None and not 0 <= one[0] < one[1]]
    if strange or wrong:
        raise DataError(
            "hidden columns unknown",
            {"count": len(strange), "wrong": wrong, "strange": strange, "names": list(names)},
        )


def _cells(register: pd.DataFrame, names: list[str], hidden: Hidden) -> _Cells:
    index = cast("pd.MultiIndex", register.index)
    which, keys = pd.factorize(index.droplevel("group"))
    of_group = np.asarray(index.get_level_values("group"), dtype=object)
    groups = sorted(map(str, index.unique("group")))
    places = {group: ((rows := np.flatnonzero(of_group == group)), which[rows]) for group in groups}
    known = np.full((len(groups) * len(names), len(keys)), np.nan)
    by_itself = np.full((2, *known.shape), np.nan)
    there, suppressed = np.zeros((2, *known.shape), dtype=bool)
    for column, name in enumerate(names):
        values = register[name].to_numpy(dtype=float)
        least = register.get(lower_column(name), register[name]).to_numpy(dtype=float)
        most = register.get(upper_column(name), register[name]).to_numpy(dtype=float)
        unseen = (register[status_column(name)] == Status.SUPPRESSED.value).to_numpy(dtype=bool)
        for number, group in enumerate(groups):
            rows, at = places[group]
            cell = number * len(names) + column
            known[cell, at], suppressed[cell, at] = values[rows], unseen[rows]
            by_itself[:, cell, at] = least[rows], most[rows]
            there[cell, at] = True
    ranges = np.array([_stated(hidden, name) for name in names] * len(groups)).reshape(-1, 2).T
    years = cast("pd.MultiIndex", keys).set_names(["deso", "year"])
    for values, far in zip(by_itself, (0.0, np.inf), strict=True):
        values[np.isnan(values)] = far
    return _Cells(groups, names, years, known, by_itself, there, suppressed, ranges, places)


def _stated(hidden: Hidden, name: str) -> tuple[float, float]:
    stated = hidden.get(name) if isinstance(hidden, Mapping) else hidden
    return (np.nan, np.nan) if stated is None else stated


def _bounds(cells: _Cells) -> tuple[Floats, Floats, tuple[Note, ...]]:
    """Return the least and the most that may be shown of each cell, and what to tell of them."""
    relations, unequal = _consistent(_relations(cells), cells)
    lower, upper, contradicted, wrong = _left_open(cells, relations)
    given = _widen(lower, upper, cells, contradicted)
    _narrow_missing(lower, upper, cells, relations)
    return (
        lower,
        upper,
        (
            *_note_unequal(cells, unequal | wrong),
            *_note_contradicted(cells, contradicted),
            *_note_given(cells, given),
        ),
    )


def _relations(cells: _Cells) -> Iterator[_Relation]:
    """Give every relation between cells that the catalogue tells of and the register holds."""
    for group in cells.groups:
        for whole, parts, exact in _of_columns():
            named = [(group, whole), *((group, part) for part in parts)]
            yield from _related(cells, named, exact=exact)
    for name in cells.names:
        sets = [TENURES, *((group,) for group in cells.groups if group not in {"all", *TENURES})]
        for groups in sets:
            named = [("all", name), *((group, name) for group in groups)]
            yield from _related(cells, named, exact=False)


def _of_columns() -> Iterator[tuple[str, tuple[str, ...], bool]]:
    for one in PARTITIONS:
        yield one.whole, one.parts, one.exhaustive
    for share in SHARES.values():
        yield share.base, (share.part,), False


def _related(
    cells: _Cells,
    named: Sequence[tuple[str, str]],
    *,
    exact: bool,
) -> Iterator[_Relation]:
    """Give the relation of a whole (named first) to those of its parts that are there."""
    whole, *parts = (cells.row(*one) for one in named)
    there = tuple(part for part in parts if part is not None)
    if whole is None or not there:
        return
    years = np.asarray(cells.keys.get_level_values("year"), dtype=int)
    slack = np.where(years >= PERTURBED_FROM, PERTURBATION, 0.0)
    yield _Relation(whole, there, exact and len(there) == len(parts), slack)


def _consistent(relations: Iterator[_Relation], cells: _Cells) -> tuple[list[_Relation], Flags]:
    """Return the relations, without what they say where they cannot hold; and where that is."""
    least, most = cells.by_itself
    unequal = np.zeros(len(cells.keys), dtype=bool)
    kept = []
    for one in relations:
        parts = list(one.parts)
        wrong = least[parts].sum(axis=0) > most[one.whole] + one.slack
        if one.exact:
            wrong |= most[parts].sum(axis=0) < least[one.whole] - one.slack
        unequal |= wrong
        kept.append(replace(one, slack=np.where(wrong, np.inf, one.slack)))
    return kept, unequal


def _left_open(cells: _Cells, relations: list[_Relation]) -> tuple[Floats, Floats, Flags, Flags]:
    """Return what the tables leave of each cell, where they contradict ranges, and each other."""
    lower, upper = cells.by_itself.copy()
    rounded = cells.by_itself[0] < cells.by_itself[1]
    free = (np.isnan(cells.known) | rounded) & cells.there
    ranged = cells.hidden & ~np.isnan(cells.ranges[0])[:, None]
    for values, stated in zip((lower, upper), cells.ranges, strict=True):
        values[ranged] = np.broadcast_to(stated[:, None], ranged.shape)[ranged]
    contradicted = _narrow(lower, upper, relations, free)
    lower[:, contradicted], upper[:, contradicted] = (
        one[:, contradicted] for one in cells.by_itself
    )
    wrong = _narrow(lower, upper, relations, free & contradicted)
    lower[:, wrong], upper[:, wrong] = (one[:, wrong] for one in cells.by_itself)
    return lower, upper, contradicted & ~wrong, wrong


def _narrow(lower: Floats, upper: Floats, relations: list[_Relation], free: Flags) -> Flags:
    """Narrow the free cells by every relation, in place; tell where nothing is left of one."""
    busy = np.flatnonzero(free.any(axis=0))
    least, most, here = lower[:, busy], upper[:, busy], free[:, busy]
    of_busy = [replace(one, slack=one.slack[busy]) for one in relations]
    for _ in range(_ROUNDS):
        changed = False
        for one in of_busy:
            changed |= _apply(least, most, one, here)
        if not changed:
            break
    lower[:, busy], upper[:, busy] = least, most
    return np.asarray((lower > upper).any(axis=0), dtype=bool)


def _apply(lower: Floats, upper: Floats, one: _Relation, free: Flags) -> bool:
    """Narrow the free cells of one relation, in place; tell whether any changed."""
    changed = False
    for part in one.parts:
        others = [other for other in one.parts if other != part]
        top = upper[one.whole] + one.slack - lower[others].sum(axis=0)
        changed |= _cut(upper, part, top, free[part] & (top < upper[part]))
        if one.exact:
            bottom = lower[one.whole] - one.slack - upper[others].sum(axis=0)
            changed |= _cut(lower, part, bottom, free[part] & (bottom > lower[part]))
    parts = list(one.parts)
    bottom = lower[parts].sum(axis=0) - one.slack
    changed |= _cut(lower, one.whole, bottom, free[one.whole] & (bottom > lower[one.whole]))
    if one.exact:
        top = upper[parts].sum(axis=0) + one.slack
        changed |= _cut(upper, one.whole, top, free[one.whole] & (top < upper[one.whole]))
    return changed


def _cut(values: Floats, cell: int, bound: Floats, where: Flags) -> bool:
    values[cell, where] = bound[where]
    return bool(where.any())


def _widen(lower: Floats, upper: Floats, cells: _Cells, contradicted: Flags) -> Flags:
    """Give suppressed cells that are pinned their range back, in place; tell which they are."""
    least, most = (np.broadcast_to(one[:, None], lower.shape) for one in cells.ranges)
    ranged = cells.hidden & ~np.isnan(least) & ~contradicted
    bare = cells.hidden & ~ranged
    pinned = bare & (upper - lower < WIDTH - 1)
    given: Flags = pinned | (ranged & (upper - lower < most - least))
    lower[ranged], upper[ranged] = least[ranged], most[ranged]
    lower[pinned] = WIDTH * np.floor(lower[pinned] / WIDTH)
    upper[pinned] = WIDTH * np.floor(upper[pinned] / WIDTH) + WIDTH - 1
    return given


def _narrow_missing(
    lower: Floats, upper: Floats, cells: _Cells, relations: list[_Relation]
) -> None:
    """Bound what is missing by what is shown, in place: nothing hidden may be read off it."""
    missing = np.isnan(cells.known) & ~cells.hidden
    lower[missing], upper[missing] = 0.0, np.inf
    wrong = _narrow(lower, upper, relations, missing & cells.there)
    lower[missing & wrong], upper[missing & wrong] = 0.0, np.inf


def _note_unequal(cells: _Cells, unequal: Flags) -> list[Note]:
    if not unequal.any():
        return []
    rows = {"rows": int(unequal.sum())}
    return [Note("parts and totals disagree", rows, _areas(cells, unequal))]


def _note_contradicted(cells: _Cells, contradicted: Flags) -> list[Note]:
    if not contradicted.any():
        return []
    rows = {"rows": int(contradicted.sum())}
    return [Note("stated range contradicted", rows, _areas(cells, contradicted))]


def _note_given(cells: _Cells, given: Flags) -> list[Note]:
    """Tell the owner which cells his tables give away, and never what they hold."""
    if not given.any():
        return []
    columns = [(group, name) for group in cells.groups for name in cells.names]
    named = []
    for place, cell in zip(*np.nonzero(given.T), strict=True):
        deso, year = cells.keys[place]
        group, name = columns[cell]
        named.append(" ".join([deso, name, *([str(year)] if year else []), group]))
    return [Note(FOR_THE_OWNER, {"cells": int(given.sum())}, tuple(named))]


def _areas(cells: _Cells, where: Flags) -> tuple[str, ...]:
    codes = cells.keys.get_level_values("deso")[where]
    return tuple(sorted(set(map(str, codes))))
