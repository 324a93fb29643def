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
    from grannskap.measures.autocorrelation.alignment import Bools, Floats, Ints
    from grannskap.measures.autocorrelation.null.grid import Grid
    from grannskap.measures.autocorrelation.null.query import Query

__all__ = ["LISTED", "Steps", "attained", "least_tails"]

MOST_LISTED = 1_000
"""Up to so many subsets, an area's attainable tails are listed from every one."""

MOST_SUMS = 128
"""Up to so many sums on a grid, they are listed from their distribution."""

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


def least_tails(values: Floats, query: Query, *, squared: bool) -> Floats:
    """Return the least that P(≤ observed) and P(≥ observed) can be, shape (2, areas).

    The rarest neighbourhood holds the smallest (or largest) values; as many others equal it as
    ties allow.
    """
    if squared:
        return _least_squared(values, query)
    return np.array([_least(values, query), _least(-values, query)])


def _least(values: Floats, query: Query) -> Floats:
    """Return the chance of the smallest sum over the others."""
    ordered, own, size = np.sort(values), values[query.own], query.sizes
    last = np.where(own <= ordered[size - 1], ordered[size], ordered[size - 1])
    start = np.searchsorted(ordered, last, side="left")
    equal = np.searchsorted(ordered, last, side="right") - start - (own == last)
    below = start - (own < last)
    others = np.full(len(own), len(values) - 1)
    return np.exp(log_choose(equal, size - below) - log_choose(others, size))


def _least_squared(values: Floats, query: Query) -> Floats:
    """Return the same for squared differences from each area's value."""
    others = len(values) - 1
    alone = np.exp(-log_choose(np.full(len(query.own), others), query.sizes))
    least = np.array([alone, alone])
    if others > MOST_SORTED:
        return least
    for row, (own, size) in enumerate(zip(query.own, query.sizes, strict=True)):
        apart = np.sort(np.abs(np.delete(values, own) - values[own]))
        for side, ordered in enumerate((apart, -apart[::-1])):
            tie = 1e3 * TIE * abs(ordered[size - 1])
            equal = np.abs(ordered - ordered[size - 1]) <= tie
            below = int((~equal[:size]).sum())
            least[side, row] *= comb(int(equal.sum()), int(size) - below)
    return least


def attained(values: Floats, query: Query, *, squared: bool) -> tuple[Steps, Bools]:
    """List the attainable tails of areas whose null is coarse, and say of which it could be done.

    Of the others no more is known than that each of their C(n − 1, k) subsets is as likely.
    """
    parts, done = [], np.zeros(len(query.own), dtype=bool)
    grid = None if squared else exact_grid(values)
    for size in np.unique(query.sizes):
        rows = np.flatnonzero(query.sizes == size)
        if comb(len(values) - 1, int(size)) <= MOST_LISTED:
            mass = _listed(values, query.own[rows], int(size), squared=squared)
        elif grid is not None and grid.steps * size <= MOST_SUMS:
            mass = _summed(grid, query.own[rows], int(size))
        else:
            continue
        parts.append(Steps.of(rows, mass))
        done[rows] = True
    return Steps.join(parts), done


def _listed(values: Floats, own: Ints, size: int, *, squared: bool) -> Floats:
    """Return the chance of each sum in order, from every subset; 0 but at the last of equal ones.

    Sums that differ by rounding are equal.
    """
    others = len(values) - 1
    pool = values[np.arange(others) + (np.arange(others) >= own[:, None])]
    pool = (pool - values[own][:, None]) ** 2 if squared else pool - np.median(values)
    sums = np.sort(pool[:, every_subset(others, size)].sum(axis=2), axis=1)
    tie = 1e3 * TIE * sums[:, 1:] if squared else TIE * np.abs(pool).sum(axis=1)[:, None]
    last = np.pad(np.diff(sums, axis=1) > tie, ((0, 0), (0, 1)), constant_values=True)
    place = np.flatnonzero(last.ravel())
    mass = np.zeros(sums.shape)
    mass.ravel()[place] = np.diff(place, prepend=-1) / sums.shape[1]
    return mass


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
