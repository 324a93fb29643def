"""The whole null distribution of a sum over a random subset: p without chance.

An area's neighbours are, under the null, a random subset of the other areas. Sums on a small grid
(counts, per cents) are counted exactly; other values exactly where the subsets, or those of the
tail, are few, and otherwise on a fine grid, read between its steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from grannskap.measures.autocorrelation.alignment import Bools, Floats, Ints
from grannskap.measures.autocorrelation.null.grid import (
    Grid,
    distributions,
    exact_grid,
    fine_grid,
)
from grannskap.measures.autocorrelation.null.query import TIE, Bracket, Query, Reading
from grannskap.measures.autocorrelation.null.subsets import (
    arrangements_of,
    chances,
    few_subsets,
    middle,
    rare_tails,
    tie_chance,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["LeaveOneOut", "Pool"]

LARGEST_SUBSET = 64
"""Subsets (or what they leave) up to this size have the exact way."""

FEWEST_STEPS, FEWEST_IN_TOWN, TOWN = 1_000, 700, 120
"""How many steps a grid has: fewer up to so many values, as they have fewer rare tails."""

MOST_CELLS = 2**19
STEPS_OF_BULK = 200
"""How many steps part the tenth and the ninetieth percentile, at the least."""

FINEST_CELLS = 2**24
"""How many cells a table of all sizes up to the largest may hold."""

FINER = 3
SETTLED = ((1e-5, 1.25), (1e-6, 1.5))
"""Bounds of tails this rare, and at most so many times too large, are not worth a finer grid.

No draws would show less than the second, and a bound as close as the first is as good as draws.
"""

RARE_SUBSETS = 2_000
"""A tail of so few subsets is uneven between any steps: its subsets are counted."""

BEGINNINGS, MOST_BEGINNINGS = 20_000, 200_000
"""How many beginnings of subsets are held at most: at first, and where no grid tells."""

SLACK = 1e-9
"""How many steps a sum of places may be off by what adding rounds."""

BANDS = ((1, 24), (25, LARGEST_SUBSET))


@dataclass(frozen=True)
class Pool:
    """The values that random neighbourhoods are drawn from, and the ways to their null.

    Attributes
    ----------
    values : array
        The values of all areas that may be drawn.
    grid : Grid or None
        The whole steps that the values lie on, if there are such.
    few : array of bool
        For each size of a subset, up to `LARGEST_SUBSET` and half of the values, whether its
        subsets are counted.
    """

    values: Floats
    grid: Grid | None
    few: Bools

    @classmethod
    def of(cls, values: Floats) -> Pool:
        """Return the pool of some values."""
        few = np.zeros(LARGEST_SUBSET + 1, dtype=bool)
        most = next((k for k in range(len(few)) if not few_subsets(len(values), k)), len(few))
        few[:most] = True
        return cls(values, exact_grid(values), few)

    def countable(self, sizes: Ints) -> Bools:
        """Say for which numbers of neighbours the null distribution can be counted.

        Not where both the neighbours and those left are many, nor where a few far values would
        press all others into too few steps of the grid.
        """
        sizes = np.minimum(sizes, len(self.values) - 1 - sizes)
        small: Bools = sizes <= LARGEST_SUBSET
        if self.grid is not None:
            return small
        can = small & self.few[np.minimum(sizes, LARGEST_SUBSET)]
        for band in _bands(sizes, ~can):
            most = int(sizes[band].max())
            room = max(MOST_CELLS, FINEST_CELLS // (most + 1))
            can |= band & (_steps(self.values) * most <= room)
        return can

    def tails(self, query: Query) -> Reading:
        """Return P(sum ≤ observed) and P(sum ≥ observed), each counting what equals the observed.

        Parameters
        ----------
        query : Query
            The areas asked about, whose sizes are `countable`.
        """
        others = len(self.values) - 1
        turned = query.sizes > others // 2
        sizes = np.where(turned, others - query.sizes, query.sizes)
        reading = Reading.certain(len(sizes))
        asked = sizes > 0
        if self.grid is not None:
            if asked.any():
                reading.put(asked, _on_grid(self.grid, query.pick(asked), turned[asked]))
            return reading.turned(turned).clipped()
        few = asked & self.few[sizes]
        if few.any():
            reading.put(few, _counted(self.values, query.pick(few), turned[few]))
        for band in _bands(sizes, asked & ~few):
            found = _finely(self.values, query.pick(band), turned[band], sizes[band])
            reading.put(band, found)
        return reading.turned(turned).clipped()


def _bands(sizes: Ints, asked: Bools) -> Iterator[Bools]:
    """Yield the areas that are read off one table, so that one large size costs the small none."""
    for low, high in BANDS:
        band = asked & (sizes >= low) & (sizes <= high)
        if band.any():
            yield band


def _finely(values: Floats, query: Query, turned: Bools, sizes: Ints) -> Reading:
    """Read off a fine grid, and off finer ones for the areas whose tail is left uncertain."""
    steps = _steps(values)
    bracket = _between_steps(fine_grid(values, steps), query, turned)
    reading = bracket.settled()
    arrangements = arrangements_of(len(values) - 1, sizes)
    rare = bracket.least.min(axis=0) * arrangements <= RARE_SUBSETS
    _count_rare(reading, values, query, turned, asked=rare, most=BEGINNINGS)
    while (rough := _open(reading)).any():
        most = int(sizes[rough].max())
        finer = min(FINER * steps, FINEST_CELLS // (most * (most + 1)))
        if finer < 2 * steps:
            break
        steps = finer
        grid = fine_grid(values, steps)
        reading.put(rough, _between_steps(grid, query.pick(rough), turned[rough]).settled())
    _count_rare(reading, values, query, turned, asked=_open(reading), most=MOST_BEGINNINGS)
    return reading


def _open(reading: Reading) -> Bools:
    """Say where a bound is given that could change what is concluded."""
    open_: Bools = reading.excess > 1
    for rare, close in SETTLED:
        open_ &= (reading.rarer >= rare) | (reading.excess > close)
    return open_


def _count_rare(
    reading: Reading, values: Floats, query: Query, turned: Bools, *, asked: Bools, most: int
) -> None:
    """Count the subsets of the rarer tail of the areas that are asked about, if they are few."""
    if not asked.any():
        return
    centred = values - middle(values)
    sums, tie = _of_subset(centred, query, turned), TIE * np.abs(centred).sum()
    sizes = np.where(turned, len(values) - 1 - query.sizes, query.sizes)
    for row in np.flatnonzero(asked):
        counted = rare_tails(
            np.delete(centred, query.own[row]),
            int(sizes[row]),
            float(sums[row]),
            upper=bool(reading.upper[row] < reading.lower[row]),
            tie=tie,
            most=most,
        )
        if counted is not None:
            reading.put(slice(row, row + 1), counted)


def _steps(values: Floats) -> int:
    """Return how many steps of the whole range give the bulk of the values enough of them."""
    kinds = np.unique(values)
    last = len(kinds) - 1
    low, high = np.interp((0.1 * last, 0.9 * last), np.arange(last + 1), kinds)
    bulk = int(STEPS_OF_BULK * min((kinds[-1] - kinds[0]) / max(high - low, 1e-300), 1e9))
    return max(FEWEST_STEPS if len(values) > TOWN else FEWEST_IN_TOWN, bulk)


def _counted(values: Floats, query: Query, turned: Bools) -> Reading:
    """Count every subset; sums that differ by rounding alone are ties."""
    centred = values - middle(values)
    sums = _of_subset(centred, query, turned)
    sizes = np.where(turned, len(values) - 1 - query.sizes, query.sizes)
    tie = TIE * np.abs(centred).sum()
    return Reading.exact(*chances(centred, centred[query.own], sizes, sums, tie=tie))


def _on_grid(grid: Grid, query: Query, turned: Bools) -> Reading:
    """Read the tails from the distribution of the sums of whole steps, which are the values."""
    sums = np.rint(_of_subset(grid.cells.astype(np.float64), query, turned)).astype(np.int64)
    upto, below = LeaveOneOut.of(grid, query, turned).at(np.array([sums, sums - 1]))
    return Reading.exact(upto, 1 - below)


def _between_steps(grid: Grid, query: Query, turned: Bools) -> Bracket:
    """Read the tails between the steps, at the sums before rounding.

    A sum is moved by what rounding moved its values, so the tails at the furthest that a subset of
    the size could be moved to either side hold the true one between them, and so does the chance of
    the very values observed.
    """
    leave = LeaveOneOut.of(grid, query, turned)
    cells = _of_subset(grid.cells.astype(np.float64), query, turned)
    sums = _of_subset(grid.places, query, turned)
    nearest = np.floor(sums + 0.5).astype(np.int64)
    lowered, raised = _moved(grid, leave.sizes)
    first = np.ceil(sums - lowered).astype(np.int64) - 1
    last = np.floor(sums + raised).astype(np.int64)
    low, below, upto, high = leave.at(np.array([first, nearest - 1, nearest, last]))
    smooth = below + (sums + 0.5 - nearest) * (upto - below)
    tied = tie_chance(grid.places, query)
    share = np.clip(sums + 0.5 - cells, 0.0, 1.0)  # how much of the ties lies below, as smoothed
    return Bracket(
        read=np.array([smooth + tied * (1 - share), 1 - smooth + tied * share]),
        least=np.maximum([low, 1 - high], tied),
        most=np.array([high, 1 - low]),
    )


def _moved(grid: Grid, sizes: Ints) -> tuple[Floats, Floats]:
    """Return how far rounding can have lowered and raised the sum of a subset of each size."""
    below = grid.places - grid.cells
    most = int(sizes.max())
    lowered = np.sort(np.maximum(below, 0.0))[: -most - 1 : -1].cumsum()
    raised = np.sort(np.maximum(-below, 0.0))[: -most - 1 : -1].cumsum()
    return lowered[sizes - 1] + SLACK, raised[sizes - 1] + SLACK


def _of_subset(values: Floats, query: Query, turned: Bools) -> Floats:
    """Return the sum over the neighbours, or over all that are none where `turned`."""
    sums = query.sums(values)
    return np.where(turned, values.sum() - values[query.own] - sums, sums)


@dataclass(frozen=True)
class LeaveOneOut:
    """Distribution of the sum over a random subset that leaves the area itself out."""

    table: Floats
    own: Ints
    sizes: Ints
    count: int

    @classmethod
    def of(cls, grid: Grid, query: Query, turned: Bools) -> LeaveOneOut:
        """Return it for the neighbours on a grid, or for all that are none where `turned`."""
        count = len(grid.cells)
        sizes = np.where(turned, count - 1 - query.sizes, query.sizes)
        table = distributions(grid.cells, int(sizes.max()), grid.steps)
        return cls(table, grid.cells[query.own], sizes, count)

    def at(self, sums: Ints) -> Floats:
        """Return P(sum ≤ `sums`): an alternating sum over how often the area is taken.

        The areas are the last dimension of `sums`.
        """
        width = self.table.shape[1]
        flat = self.table.ravel()
        order = np.argsort(-self.sizes, kind="stable")
        sizes, own, sums = self.sizes[order], self.own[order], sums[..., order]
        factor = self.count / (self.count - sizes)
        chance = np.zeros(sums.shape)
        for taken in range(int(sizes.max(initial=0)) + 1):
            left = int(np.searchsorted(-sizes, -taken, side="right"))
            column = sums[..., :left] - (taken * own[:left] - 1)
            np.minimum(np.maximum(column, 0, out=column), width - 1, out=column)
            column += (sizes[:left] - taken) * width
            chance[..., :left] += factor[:left] * flat[column]
            factor = -factor * (sizes - taken) / (self.count - sizes + taken + 1)
        found = np.empty_like(chance)
        found[..., order] = chance
        return found
