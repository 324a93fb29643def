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
from grannskap.measures.autocorrelation.null.grid import exact_grid
from grannskap.measures.autocorrelation.null.query import TIE
from grannskap.measures.autocorrelation.null.subsets import every_subset, log_choose

if TYPE_CHECKING:
    from grannskap.measures.autocorrelation.alignment import Bools, Floats, Ints
    from grannskap.measures.autocorrelation.null.query import Query

__all__ = ["Steps", "attained", "least_tails"]

TABLED = 1_000
"""Up to so many subsets, or sums on a grid, an area's attainable tails are listed."""

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
    def join(cls, parts: list[Steps]) -> Steps:
        """Return the steps of several."""
        if not parts:
            empty = np.zeros(0)
            return cls(empty.astype(np.int64), empty, empty, empty.astype(bool))
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
        if comb(len(values) - 1, int(size)) <= TABLED:
            parts += [
                _listed(values, int(query.own[row]), int(size), int(row), squared) for row in rows
            ]
        elif grid is not None and grid.steps * size <= TABLED:
            parts += _summed(grid.cells, query.own[rows], int(size), grid.steps, rows)
        else:
            continue
        done[rows] = True
    return Steps.join(parts), done


def _listed(values: Floats, own: int, size: int, row: int, squared: bool) -> Steps:  # noqa: FBT001
    """List the attainable tails from every subset; sums that differ by rounding are ties."""
    pool = np.delete(values, own)
    pool = (pool - values[own]) ** 2 if squared else pool - np.median(values)
    sums = np.sort(pool[every_subset(len(pool), size)].sum(axis=1))
    rise = np.diff(sums) > (1e3 * TIE * sums[1:] if squared else TIE * np.abs(pool).sum())
    return _steps(np.diff(np.flatnonzero(np.r_[True, rise, True])) / len(sums), row)


def _summed(cells: Ints, own: Ints, size: int, steps: int, rows: Ints) -> list[Steps]:
    """List them from the distribution of the sums on a grid, once for all that share it."""
    from grannskap.measures.autocorrelation.null.grid import distributions

    others = len(cells) - 1
    turned = size > others // 2
    held = others - size if turned else size
    table = distributions(cells, held, steps)
    parts = []
    for cell in np.unique(cells[own]):
        sums = np.arange(held * steps + 1)
        leave = LeaveOneOut(table, np.full(len(sums), cell), np.full(len(sums), held), len(cells))
        mass = np.diff(leave.at(sums), prepend=0.0)
        mass = mass[mass > 1e-13][:: -1 if turned else 1]
        parts += [_steps(mass, int(row)) for row in rows[cells[own] == cell]]
    return parts


def _steps(mass: Floats, row: int) -> Steps:
    """Return both tails of a distribution over rising sums."""
    tails = np.concatenate([np.cumsum(mass), np.cumsum(mass[::-1])[::-1]])
    upper = np.repeat([False, True], len(mass))
    return Steps(np.full(len(tails), row), tails, np.concatenate([mass, mass]), upper)
