"""The whole null distribution of a sum over a random subset: p without chance.

An area's neighbours are, under the null, a random subset of the other areas. Sums on a small grid
(counts, per cents) are counted exactly; other values exactly where the subsets, or those of the
tail, are few, and otherwise on a fine grid, read between its steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

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
    chances,
    few_subsets,
    rare_tails,
    tie_chance,
)

__all__ = ["LeaveOneOut", "countable", "tails"]

LARGEST_SUBSET = 64
"""Subsets (or what they leave) up to this size have the exact way."""

FINE_CELLS = 8_192
FEWEST_STEPS = 1_000
MOST_CELLS = 2**19
STEPS_OF_BULK = 400
FINEST_CELLS = 2**24
"""How many cells a table of all sizes up to the largest may hold."""

FINER = 16
NEGLIGIBLE = 1e-5
SETTLED_EXCESS = 1.5
"""A bound of a tail this rare, and at most so many times too large, is not worth a finer grid."""

RARE_SUBSETS = 2_000
"""A tail of so few subsets is uneven between any steps: its subsets are counted."""

BEGINNINGS, MOST_BEGINNINGS = 20_000, 200_000
"""How many beginnings of subsets are held at most: at first, and where no grid tells."""

BANDS = ((1, 4), (5, 8), (9, 16), (17, LARGEST_SUBSET))


def tails(values: Floats, query: Query) -> Reading:
    """Return P(sum ≤ observed) and P(sum ≥ observed), each counting what equals the observed sum.

    Parameters
    ----------
    values : array
        The values of all areas that may be drawn.
    query : Query
        The areas asked about, whose sizes are `countable`.
    """
    others = len(values) - 1
    turned = query.sizes > others // 2
    sizes = np.where(turned, others - query.sizes, query.sizes)
    reading = Reading.certain(len(sizes))
    asked = sizes > 0
    if not asked.any():
        return reading
    grid = exact_grid(values)
    few = asked & _few(len(values), sizes)
    if grid is not None:
        reading.put(asked, _on_grid(grid, query.pick(asked), turned[asked]))
    elif few.any():
        reading.put(few, _counted(values, query.pick(few), turned[few]))
    for low, high in BANDS if grid is None else ():
        band = asked & ~few & (sizes >= low) & (sizes <= high)
        if band.any():
            reading.put(band, _finely(values, query.pick(band), turned[band], sizes[band]))
    return reading.turned(turned).clipped()


def _finely(values: Floats, query: Query, turned: Bools, sizes: Ints) -> Reading:
    """Read off a fine grid, and off finer ones for the areas whose tail is left uncertain."""
    steps = _steps(values, int(sizes.max()))
    bracket = _between_steps(fine_grid(values, steps), query, turned)
    reading = bracket.settled()
    arrangements = np.array([comb(len(values) - 1, int(size)) for size in sizes], dtype=float)
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
    settled = (reading.rarer < NEGLIGIBLE) & (reading.excess <= SETTLED_EXCESS)
    return (reading.excess > 1) & ~settled


def _count_rare(
    reading: Reading, values: Floats, query: Query, turned: Bools, *, asked: Bools, most: int
) -> None:
    """Count the subsets of the rarer tail of the areas that are asked about, if they are few."""
    if not asked.any():
        return
    centred = values - np.median(values)
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


def countable(values: Floats, sizes: Ints) -> Bools:
    """Say for which numbers of neighbours the null distribution can be counted.

    Not where both the neighbours and those left are many, nor where a few far values would press
    all others into too few steps of the grid.
    """
    sizes = np.minimum(sizes, len(values) - 1 - sizes)
    if exact_grid(values) is not None:
        return sizes <= LARGEST_SUBSET
    can = _few(len(values), sizes)
    for low, high in BANDS:
        band = (sizes >= low) & (sizes <= high)
        if band.any():
            most = int(sizes[band].max())
            room = max(MOST_CELLS, FINEST_CELLS // (most + 1))
            can |= band & (_steps(values, most) * most <= room)
    return can


def _few(count: int, sizes: Ints) -> Bools:
    """Say where the subsets are so few that each is counted."""
    small = [size for size in np.unique(sizes) if few_subsets(count, int(size))]
    return np.isin(sizes, small)


def _steps(values: Floats, size: int) -> int:
    """Return how many steps of the whole range give the bulk of the values enough of them."""
    tenth, last = np.quantile(np.unique(values), (0.1, 0.9))
    bulk = int(STEPS_OF_BULK * min(np.ptp(values) / max(last - tenth, 1e-300), 1e9))
    return max(FEWEST_STEPS, FINE_CELLS // size, bulk)


def _counted(values: Floats, query: Query, turned: Bools) -> Reading:
    """Count every subset; sums that differ by rounding alone are ties."""
    centred = values - np.median(values)
    sums = _of_subset(centred, query, turned)
    sizes = np.where(turned, len(values) - 1 - query.sizes, query.sizes)
    tie = TIE * np.abs(centred).sum()
    return Reading.exact(*chances(centred, centred[query.own], sizes, sums, tie=tie))


def _on_grid(grid: Grid, query: Query, turned: Bools) -> Reading:
    """Read the tails from the distribution of the sums of whole steps, which are the values."""
    sums = np.rint(_of_subset(grid.cells.astype(np.float64), query, turned)).astype(np.int64)
    leave = LeaveOneOut.of(grid, query, turned)
    return Reading.exact(leave.at(sums), 1 - leave.at(sums - 1))


def _between_steps(grid: Grid, query: Query, turned: Bools) -> Bracket:
    """Read the tails between the steps, at the sums before rounding.

    Rounding moves each value by half a step at most, so the tails k/2 steps further to either side
    hold the true one between them, and so does the chance of the very values observed.
    """
    leave = LeaveOneOut.of(grid, query, turned)
    cells = _of_subset(grid.cells.astype(np.float64), query, turned)
    places = _of_subset(grid.places, query, turned) + 0.5
    nearest = np.floor(places).astype(np.int64)
    below = leave.at(nearest - 1)
    smooth = below + (places - nearest) * (leave.at(nearest) - below)
    tied = tie_chance(grid.places, query)
    share = np.clip(places - cells, 0.0, 1.0)  # how much of the ties lies below, as smoothed
    reach = (leave.sizes + 1) // 2
    high, low = leave.at(nearest + reach), leave.at(nearest - reach - 1)
    return Bracket(
        read=np.array([smooth + tied * (1 - share), 1 - smooth + tied * share]),
        least=np.maximum([low, 1 - high], tied),
        most=np.array([high, 1 - low]),
    )


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
        """Return P(sum ≤ `sums`): an alternating sum over how often the area is taken."""
        width = self.table.shape[1]
        flat = self.table.ravel()
        chance = np.zeros(len(sums))
        left = np.arange(len(sums))
        factor = self.count / (self.count - self.sizes)
        for taken in range(int(self.sizes.max(initial=0)) + 1):
            left = left[self.sizes[left] >= taken]
            column = np.clip(sums[left] - taken * self.own[left], -1, width - 2) + 1
            chance[left] += factor[left] * flat[(self.sizes[left] - taken) * width + column]
            factor = -factor * (self.sizes - taken) / (self.count - self.sizes + taken + 1)
        return chance
