"""Which chances a tail can take under the null: where neighbourhoods are few, not many.

A p-value from few arrangements cannot be small, and mostly takes values well above what it is held
against. F_i(t), the null chance that area i's p is at most t, is then far below t.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING

import numpy as np

from grannskap.measures.autocorrelation.null.exact import LeaveOneOut
from grannskap.measures.autocorrelation.null.grid import distributions, exact_grid
from grannskap.measures.autocorrelation.null.query import TIE
from grannskap.measures.autocorrelation.null.subsets import every_subset, log_choose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grannskap.measures.autocorrelation.alignment import Bools, Floats, Ints
    from grannskap.measures.autocorrelation.null.grid import Grid

__all__ = ["LISTED", "Asked", "Steps", "attained", "least_tails"]

MOST_LISTED = 1_000
"""Up to so many subsets, an area's attainable tails are listed from every one."""

MOST_SUMS = 128
"""Up to so many sums on a grid, they are listed from their distribution."""

MOST_CELLS = 2**20
"""How many values of subsets are held at once."""

LISTED = 0.1
"""Only tails up to this are listed: above it nothing is concluded."""

ROUNDING = 1e-13
"""Chances below this are what rounding leaves of none."""

MOST_SORTED = 2_000
"""Squared differences are sorted, to know ties among extreme ones, in groups up to this size."""


@dataclass(frozen=True)
class Steps:
    """Attainable tails, with the chance of those that come there for the first time.

    Attributes
    ----------
    row : array of int
        Which of the areas asked about.
    tail, mass : arrays
        An attainable P(sum ≤ observed) or P(sum ≥ observed), and the chance of the sums that have
        it.
    upper : array of bool
        Whether it is the tail of larger sums.
    """

    row: Ints
    tail: Floats
    mass: Floats
    upper: Bools

    @classmethod
    def of(cls, rows: Ints, mass: Floats) -> Steps:
        """Return both tails of distributions over rising sums, a row each."""
        tails = np.array([np.cumsum(mass, axis=1), np.cumsum(mass[:, ::-1], axis=1)[:, ::-1]])
        held = (mass > 0) & (tails <= LISTED)
        upper, row, place = np.nonzero(held)
        return cls(rows[row], tails[held], mass[row, place], upper == 1)

    @classmethod
    def join(cls, parts: list[Steps]) -> Steps:
        """Return the steps of several."""
        if not parts:
            return cls.of(np.zeros(0, dtype=np.int64), np.zeros((0, 1)))
        return cls(
            np.concatenate([part.row for part in parts]),
            np.concatenate([part.tail for part in parts]),
            np.concatenate([part.mass for part in parts]),
            np.concatenate([part.upper for part in parts]),
        )


@dataclass(frozen=True)
class Asked:
    """Areas asked about; all have neighbours, and the areas of a group follow each other.

    Attributes
    ----------
    own : array of int
        Position of each area among all values.
    sizes : array of int
        Number of its neighbours.
    first, others : arrays of int
        Where its group begins, and how many other areas the group has.
    """

    own: Ints
    sizes: Ints
    first: Ints
    others: Ints

    @classmethod
    def of(cls, areas: Ints, degrees: Ints, groups: Ints, group: Ints) -> Asked:
        """Return the areas at some positions, in groups of the given sizes."""
        first = np.cumsum(groups) - groups
        return cls(areas, degrees[areas], first[group[areas]], groups[group[areas]] - 1)

    def alike(self, keys: Ints) -> Iterator[Ints]:
        """Yield the rows of the areas that have the same key and number of neighbours."""
        both = np.array([keys, self.sizes])
        order = np.lexsort(both)
        parts = np.flatnonzero(np.diff(both[:, order], axis=1).any(axis=0)) + 1
        yield from (rows for rows in np.split(order, parts) if len(rows))


def least_tails(values: Floats, asked: Asked, *, squared: bool) -> Floats:
    """Return the least that P(≤ observed) and P(≥ observed) can be, shape (2, areas).

    The rarest neighbourhood holds the smallest (or largest) values; as many others equal it as
    ties allow.
    """
    if squared:
        return _least_squared(values, asked)
    return np.array([_least(values, asked), _least(-values, asked)])


def _least(values: Floats, asked: Asked) -> Floats:
    """Return the chance of the smallest sum over the others."""
    edges = np.union1d(asked.first, asked.first + asked.others + 1)
    member = np.searchsorted(edges, np.arange(len(values)), side="right")
    ordered = values[np.lexsort((values, member))]
    new = np.concatenate([[True], (np.diff(ordered) != 0) | (np.diff(member) != 0)])
    starts = np.flatnonzero(new)
    run = np.cumsum(new) - 1
    own, place = values[asked.own], asked.first + asked.sizes
    place = np.where(own <= ordered[place - 1], place, place - 1)
    start, end = starts[run[place]], np.append(starts[1:], len(values))[run[place]]
    equal = end - start - (own == ordered[place])
    below = start - asked.first - (own < ordered[place])
    every = log_choose(asked.others, asked.sizes)
    least: Floats = np.exp(log_choose(equal, asked.sizes - below) - every)
    return least


def _least_squared(values: Floats, asked: Asked) -> Floats:
    """Return the same for squared differences from each area's value."""
    alone = np.exp(-log_choose(asked.others, asked.sizes))
    least = np.array([alone, alone])
    for row in np.flatnonzero(asked.others <= MOST_SORTED):
        own, size, first = asked.own[row], int(asked.sizes[row]), asked.first[row]
        group = values[first : first + asked.others[row] + 1]
        apart = np.sort(np.abs(np.delete(group, own - first) - values[own]))
        for side, ordered in enumerate((apart, -apart[::-1])):
            tie = 1e3 * TIE * abs(ordered[size - 1])
            equal = np.abs(ordered - ordered[size - 1]) <= tie
            below = int((~equal[:size]).sum())
            least[side, row] *= comb(int(equal.sum()), size - below)
    return least


def attained(values: Floats, asked: Asked, *, squared: bool) -> tuple[Steps, Bools]:
    """List the attainable tails of areas whose null is coarse, and say of which it could be done.

    Of the others no more is known than that each of their C(n − 1, k) subsets is as likely.
    """
    parts, done = [], np.zeros(len(asked.own), dtype=bool)
    for rows in asked.alike(asked.others):
        others, size = int(asked.others[rows[0]]), int(asked.sizes[rows[0]])
        if comb(others, size) <= MOST_LISTED:
            parts += _listed(values, asked, rows, squared=squared)
            done[rows] = True
    rest = np.flatnonzero(~done) if not squared else np.zeros(0, dtype=np.int64)
    for group in np.unique(asked.first[rest]):
        mine = rest[asked.first[rest] == group]
        grid = exact_grid(values[group : group + asked.others[mine[0]] + 1])
        if grid is None:
            continue
        for size in np.unique(asked.sizes[mine[asked.sizes[mine] * grid.steps <= MOST_SUMS]]):
            rows = mine[asked.sizes[mine] == size]
            parts.append(Steps.of(rows, _summed(grid, asked.own[rows] - group, int(size))))
            done[rows] = True
    return Steps.join(parts), done


def _listed(values: Floats, asked: Asked, rows: Ints, *, squared: bool) -> list[Steps]:
    """List the tails of areas that have as many others and as many neighbours, from every subset.

    Sums that differ by rounding are equal: the chance is that of the last of them.
    """
    others, size = int(asked.others[rows[0]]), int(asked.sizes[rows[0]])
    subsets = every_subset(others, size)
    parts = []
    for some in np.array_split(rows, 1 + len(rows) * subsets.size // MOST_CELLS):
        own = asked.own[some]
        place = asked.first[some][:, None] + np.arange(others)
        pool = values[place + (place >= own[:, None])]
        pool -= values[own][:, None] if squared else np.median(pool, axis=1, keepdims=True)
        pool = pool**2 if squared else pool
        sums = pool[:, subsets[:, 0]]
        for member in range(1, size):
            sums += pool[:, subsets[:, member]]
        sums.sort(axis=1)
        tie = 1e3 * TIE * sums[:, 1:] if squared else TIE * np.abs(pool).sum(axis=1)[:, None]
        last = np.ones(sums.shape, dtype=bool)
        np.greater(sums[:, 1:] - sums[:, :-1], tie, out=last[:, :-1])
        place = np.flatnonzero(last)
        mass = np.zeros(sums.shape)
        mass.ravel()[place] = np.diff(place, prepend=-1) / sums.shape[1]
        parts.append(Steps.of(some, mass))
    return parts


def _summed(grid: Grid, own: Ints, size: int) -> Floats:
    """Return the chance of each sum in order, from their distribution on a grid."""
    others = len(grid.cells) - 1
    held = min(size, others - size)  # what is left has the sums in the other order
    sums = np.arange(held * grid.steps + 1)
    table = distributions(grid.cells, held, grid.steps)
    cells, which = np.unique(grid.cells[own], return_inverse=True)
    spread = np.repeat(cells, len(sums))
    leave = LeaveOneOut(table, spread, np.full(len(spread), held), len(grid.cells))
    below = leave.at(np.tile(sums, len(cells))).reshape(len(cells), -1)
    mass = np.diff(below, axis=1, prepend=0.0)
    mass = np.where(mass > ROUNDING, mass, 0.0)
    return (mass if held == size else mass[:, ::-1])[which]
