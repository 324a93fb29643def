"""The whole null distribution of a sum over a random subset: p without chance.

An area's neighbours are, under the null, a random subset of the other areas. Sums on a small grid
(counts, per cents) are counted exactly; other values exactly where the subsets are few, and
otherwise on a fine grid, read between its steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grannskap.measures.autocorrelation.arrays import Bools, Floats, Ints, totals
from grannskap.measures.autocorrelation.grid import Grid, exact_grid, fine_grid
from grannskap.measures.autocorrelation.spectrum import distributions
from grannskap.measures.autocorrelation.subsets import count_below, few_subsets

__all__ = ["LARGEST_SUBSET", "SMALLEST_P", "Query", "tails"]

LARGEST_SUBSET = 64
"""Subsets (or what they leave) up to this size have the exact way."""

SMALLEST_P = 1e-12
"""Tails below this are given as this: rounding could change them."""

FINE_CELLS = 32_768
FEWEST_STEPS = 1_000
TIE = 1e-11


@dataclass(frozen=True)
class Query:
    """Areas that are asked about, and what they were seen to have.

    Attributes
    ----------
    own : array of int
        Position of each area; its subsets leave it out.
    sizes : array of int
        Number of its neighbours.
    starts, members : arrays of int
        Its neighbours, in compressed rows.
    """

    own: Ints
    sizes: Ints
    starts: Ints
    members: Ints

    def sums(self, values: Floats) -> Floats:
        """Return the sum of the values over each area's neighbours."""
        sums: Floats = np.add.reduceat(values[self.members], self.starts[:-1])
        return sums

    def pick(self, chosen: Bools) -> Query:
        """Return the query of some of the areas."""
        sizes = self.sizes[chosen]
        kept = np.repeat(chosen, self.sizes)
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        return Query(self.own[chosen], sizes, starts, self.members[kept])


def tails(values: Floats, query: Query) -> tuple[Floats, Floats]:
    """Return P(sum ≤ seen) and P(sum ≥ seen), each counting what equals the seen sum.

    Parameters
    ----------
    values : array
        The values of all areas that may be drawn.
    query : Query
        The areas asked about; none may have 0 neighbours, nor more than `LARGEST_SUBSET` of them
        and of those it leaves.
    """
    others = len(values) - 1
    turned = query.sizes > others // 2
    sizes = np.where(turned, others - query.sizes, query.sizes)
    lower, upper = np.ones(len(sizes)), np.ones(len(sizes))
    asked = sizes > 0
    grid = exact_grid(values)
    if grid is not None:
        lower[asked], upper[asked] = _on_grid(grid, query.pick(asked), turned[asked])
    else:
        few = asked & np.array([few_subsets(len(values), int(size)) for size in sizes])
        if few.any():
            lower[few], upper[few] = _counted(values, query.pick(few), turned[few])
        for low, high in ((1, 4), (5, LARGEST_SUBSET)):
            band = asked & ~few & (sizes >= low) & (sizes <= high)
            if band.any():
                steps = max(FEWEST_STEPS, FINE_CELLS // int(sizes[band].max()))
                fine = fine_grid(values, steps)
                lower[band], upper[band] = _on_grid(fine, query.pick(band), turned[band])
    lower, upper = np.where(turned, upper, lower), np.where(turned, lower, upper)
    return _bounded(lower), _bounded(upper)


def _bounded(tail: Floats) -> Floats:
    bounded: Floats = np.clip(tail, SMALLEST_P, 1.0)
    return bounded


def _counted(values: Floats, query: Query, turned: Bools) -> tuple[Floats, Floats]:
    """Count every subset; sums that differ by rounding alone are ties."""
    from scipy.special import comb

    centred = values - values.mean()
    own = centred[query.own]
    sums = _of_subset(centred, query, turned)
    sizes = np.where(turned, len(values) - 1 - query.sizes, query.sizes)
    tie = TIE * np.abs(centred).sum()
    arrangements = comb(len(values) - 1, sizes)
    lower = count_below(centred, own, sizes, sums + tie) / arrangements
    upper = 1 - count_below(centred, own, sizes, sums - tie) / arrangements
    return lower, upper


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
    return smooth + tied * (1 - share), 1 - smooth + tied * share


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
        for taken in range(int(self.sizes.max()) + 1):
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
