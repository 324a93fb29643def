"""The whole null distribution of a sum over a random subset: p without chance.

An area's neighbours are, under the null, a random subset of the other areas. Sums on a small grid
(counts, per cents) are counted exactly; other values exactly where the subsets are few, and
otherwise on a fine grid, read between its steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grannskap.measures.autocorrelation.arrays import Bools, Floats, Ints, totals
from grannskap.measures.autocorrelation.grid import Grid, exact_grid, fine_grid, guarded
from grannskap.measures.autocorrelation.query import TIE, Query
from grannskap.measures.autocorrelation.spectrum import distributions
from grannskap.measures.autocorrelation.subsets import chances, few_subsets

__all__ = ["countable", "tails"]

LARGEST_SUBSET = 64
"""Subsets (or what they leave) up to this size have the exact way."""

SMALLEST_P = 1e-12
"""Tails below this are given as this: rounding could change them."""

FINE_CELLS = 8_192
FEWEST_STEPS = 1_000
MOST_CELLS = 2**19
STEPS_OF_BULK = 400
RARE = 0.1
BANDS = ((1, 4), (5, LARGEST_SUBSET))


def tails(values: Floats, query: Query) -> tuple[Floats, Floats]:
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
    lower, upper = np.ones(len(sizes)), np.ones(len(sizes))
    asked = sizes > 0
    if not asked.any():
        return lower, upper
    grid = exact_grid(values)
    if grid is not None:
        lower[asked], upper[asked] = _on_grid(grid, query.pick(asked), turned[asked])
        return _bounded(lower, upper, turned)
    few = asked & _few(len(values), sizes)
    if few.any():
        lower[few], upper[few] = _counted(values, query.pick(few), turned[few])
    for low, high in BANDS:
        band = asked & ~few & (sizes >= low) & (sizes <= high)
        if band.any():
            fine = fine_grid(values, _steps(values, int(sizes[band].max())))
            lower[band], upper[band] = _on_grid(fine, query.pick(band), turned[band])
    return _bounded(lower, upper, turned)


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
            can |= band & (_steps(values, most) * most <= MOST_CELLS)
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


def _bounded(lower: Floats, upper: Floats, turned: Bools) -> tuple[Floats, Floats]:
    """Turn tails of what is left back into those of the neighbours, and bound them."""
    below, above = np.where(turned, upper, lower), np.where(turned, lower, upper)
    return np.clip(below, SMALLEST_P, 1.0), np.clip(above, SMALLEST_P, 1.0)


def _counted(values: Floats, query: Query, turned: Bools) -> tuple[Floats, Floats]:
    """Count every subset; sums that differ by rounding alone are ties."""
    centred = values - values.mean()
    sums = _of_subset(centred, query, turned)
    sizes = np.where(turned, len(values) - 1 - query.sizes, query.sizes)
    return chances(centred, centred[query.own], sizes, sums, tie=TIE * np.abs(centred).sum())


def _on_grid(grid: Grid, query: Query, turned: Bools) -> tuple[Floats, Floats]:
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
        return leave.at(whole), 1 - leave.at(whole - 1)
    places = _of_subset(grid.places, query, turned) + 0.5
    nearest = np.floor(places).astype(np.int64)
    below = leave.at(nearest - 1)
    smooth = below + (places - nearest) * (leave.at(nearest) - below)
    tied = _tie_chance(grid.places, query)
    share = np.clip(places - cells, 0.0, 1.0)  # how much of the ties lies below, as smoothed
    lower, upper = smooth + tied * (1 - share), 1 - smooth + tied * share
    rare = np.flatnonzero(np.minimum(lower, upper) < RARE)
    near = leave.pick(rare)
    reach = (near.sizes + 1) // 2
    lower[rare] = guarded(lower[rare], near.at(nearest[rare] + reach))
    upper[rare] = guarded(upper[rare], 1 - near.at(nearest[rare] - reach - 1))
    return lower, upper


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

    def pick(self, chosen: Ints) -> _LeaveOneOut:
        """Return the distributions of some of the areas."""
        return _LeaveOneOut(self.table, self.own[chosen], self.sizes[chosen], self.count)

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


def _tie_chance(values: Floats, query: Query) -> Floats:
    """Return the chance of the very values that were seen: equal subsets are ties."""
    count = len(values)
    log = -_log_choose(np.full(len(query.sizes), count - 1), query.sizes)
    kinds, kind, copies = np.unique(values, return_inverse=True, return_counts=True)
    if len(kinds) < count:
        head = np.repeat(np.arange(len(query.sizes)), query.sizes)
        pair, seen = np.unique(head * len(kinds) + kind[query.members], return_counts=True)
        area, which = np.divmod(pair, len(kinds))
        there = copies[which] - (kind[query.own[area]] == which)
        log += totals(area, _log_choose(there, seen), len(log))
    chance: Floats = np.exp(log)
    return chance


def _log_choose(count: Ints, size: Ints) -> Floats:
    from scipy.special import gammaln

    log: Floats = gammaln(count + 1) - gammaln(size + 1) - gammaln(count - size + 1)
    return log
