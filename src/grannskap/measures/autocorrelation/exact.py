"""The whole null distribution of a sum over a random subset: p without chance.

An area's neighbours are, under the null, a random subset of the other areas. Sums on a small grid
(counts, per cents) are counted exactly; other values exactly where the subsets are few, and
otherwise on a fine grid, read between its steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grannskap.measures.autocorrelation.arrays import Bools, Floats, Ints
from grannskap.measures.autocorrelation.grid import (
    Grid,
    Reading,
    exact_grid,
    fine_grid,
    guarded,
)
from grannskap.measures.autocorrelation.query import TIE, Query
from grannskap.measures.autocorrelation.spectrum import distributions
from grannskap.measures.autocorrelation.subsets import chances, few_subsets
from grannskap.measures.autocorrelation.ties import tie_chance

__all__ = ["countable", "tails"]

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

BANDS = ((1, 4), (5, 8), (9, 16), (17, LARGEST_SUBSET))


def tails(values: Floats, query: Query) -> Reading:
    """Return P(sum ≤ seen) and P(sum ≥ seen), each counting what equals the seen sum.

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
    reading = Reading(*np.ones((3, len(sizes))))
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
    lower = np.where(turned, reading.upper, reading.lower)
    upper = np.where(turned, reading.lower, reading.upper)
    return Reading(lower, upper, reading.excess).clipped()


def _finely(values: Floats, query: Query, turned: Bools, sizes: Ints) -> Reading:
    """Read off a fine grid, and off finer ones for the areas whose tail is left uncertain."""
    steps = _steps(values, int(sizes.max()))
    reading = _on_grid(fine_grid(values, steps), query, turned)
    while (rough := _open(reading)).any():
        most = int(sizes[rough].max())
        finer = min(FINER * steps, FINEST_CELLS // (most * (most + 1)))
        if finer < 2 * steps:
            break
        steps = finer
        part = _on_grid(fine_grid(values, steps), query.pick(rough), turned[rough])
        reading.put(rough, part)
    return reading


def _open(reading: Reading) -> Bools:
    """Say where a bound is given that could change what is concluded."""
    rarer = np.minimum(reading.lower, reading.upper)
    settled = (rarer < NEGLIGIBLE) & (reading.excess <= SETTLED_EXCESS)
    return (reading.excess > 1) & ~settled


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
    centred = values - values.mean()
    sums = _of_subset(centred, query, turned)
    sizes = np.where(turned, len(values) - 1 - query.sizes, query.sizes)
    tie = TIE * np.abs(centred).sum()
    return Reading(*chances(centred, centred[query.own], sizes, sums, tie=tie), np.ones(len(sizes)))


def _on_grid(grid: Grid, query: Query, turned: Bools) -> Reading:
    """Read the tails from the distribution of the sums of cells."""
    sizes = np.where(turned, len(grid.cells) - 1 - query.sizes, query.sizes)
    leave = _LeaveOneOut(
        distributions(grid.cells, int(sizes.max()), grid.steps),
        grid.cells[query.own],
        sizes,
        len(grid.cells),
    )
    cells = _of_subset(grid.cells.astype(np.float64), query, turned)
    if grid.lossless:
        whole = np.rint(cells).astype(np.int64)
        return Reading(leave.at(whole), 1 - leave.at(whole - 1), np.ones(len(sizes)))
    places = _of_subset(grid.places, query, turned) + 0.5
    nearest = np.floor(places).astype(np.int64)
    below = leave.at(nearest - 1)
    smooth = below + (places - nearest) * (leave.at(nearest) - below)
    tied = tie_chance(grid.places, query)
    share = np.clip(places - cells, 0.0, 1.0)  # how much of the ties lies below, as smoothed
    lower, upper = smooth + tied * (1 - share), 1 - smooth + tied * share
    reach = (sizes + 1) // 2
    high, low = leave.at(nearest + reach), leave.at(nearest - reach - 1)
    lower, less = guarded(lower, high, np.maximum(low, tied))
    upper, more = guarded(upper, 1 - low, np.maximum(1 - high, tied))
    return Reading(lower, upper, np.maximum(less, more))


def _of_subset(values: Floats, query: Query, turned: Bools) -> Floats:
    """Return the sum over the neighbours, or over all that are none where `turned`."""
    sums = query.sums(values)
    return np.where(turned, values.sum() - values[query.own] - sums, sums)


@dataclass(frozen=True)
class _LeaveOneOut:
    """Distribution of the sum over a random subset that leaves the area itself out."""

    table: Floats
    own: Ints
    sizes: Ints
    count: int

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
