"""The null distribution of squared differences from an area's own value: local Geary's p.

Given the area's value, the squared differences of the others are a pool of their own, so each area
has its own distribution. Only differences up to the observed sum can be part of a sum below it, so
the grid spans no more than that and is finest where the sum is small: among neighbours who are
alike.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import comb

import numpy as np

from grannskap.measures.autocorrelation.alignment import Bools, Floats, Ints
from grannskap.measures.autocorrelation.null.grid import exact_grid, sums_of_rows
from grannskap.measures.autocorrelation.null.query import TIE, Bracket, Query, Reading
from grannskap.measures.autocorrelation.null.subsets import every_subset, rare_tails, tie_chance

__all__ = ["LARGEST_SUBSET", "MOST_AREAS", "tails"]

LARGEST_SUBSET = 24
"""Subsets (or what they leave) up to this size have the exact way."""

MOST_AREAS = 20_000
"""The cost grows with the square of the number of areas; above this, draws are used."""

MOST_SUBSETS = 20_000
CELLS = 4_096
FEWEST_STEPS = 512
BATCH_CELLS = 2**17
FINER = 16
"""How much finer the grid is where the first one leaves a tail uncertain."""

RARE_SUBSETS = 2_000
"""A tail of so few subsets is uneven between any steps: its subsets are counted."""

BEGINNINGS, MOST_BEGINNINGS = 20_000, 200_000
"""How many beginnings of subsets are held at most: at first, and where no grid tells."""


@dataclass(frozen=True)
class _Pools:
    """What the neighbours of some areas, all of one number, are drawn from.

    Attributes
    ----------
    pool : array, a row per area
        Squared differences of the others from the area, less the smallest of them.
    taken : array of bool
        Which of them are its neighbours'.
    tied : array
        The chance of the very values observed.
    least : array
        The smallest difference.
    moved : array
        How much of a difference may be rounding; 0 for whole numbers.
    whole : bool
        Whether the values are whole numbers, so that sums and ties are exact.
    """

    pool: Floats
    taken: Bools
    tied: Floats
    least: Floats
    moved: Floats
    whole: bool

    @property
    def size(self) -> int:
        return int(np.count_nonzero(self.taken[0]))

    @property
    def others(self) -> int:
        return int(self.pool.shape[1])

    @cached_property
    def observed(self) -> Floats:
        """Each area's sum over its neighbours."""
        sums: Floats = (self.pool * self.taken).sum(axis=1)
        return sums

    @property
    def noise(self) -> Floats:
        """How much of the smallest square may be rounding."""
        return self.moved * (2 * self.least + self.moved)

    @property
    def tie(self) -> Floats:
        """How far from the observed sum another may be and be its equal."""
        whole = self.size * (self.observed + self.size * self.least**2)
        tie: Floats = TIE * self.observed + self.moved * (2 * np.sqrt(whole) + self.moved)
        return tie

    def pick(self, rows: Ints | Bools | slice) -> _Pools:
        """Return some of the areas."""
        return _Pools(
            self.pool[rows],
            self.taken[rows],
            self.tied[rows],
            self.least[rows],
            self.moved[rows],
            self.whole,
        )


def tails(values: Floats, query: Query) -> Reading:
    """Return P(sum ≤ observed) and P(sum ≥ observed) of the squared differences, counting ties."""
    grid = exact_grid(values)
    kept = _centred(values) if grid is None else grid.cells.astype(np.float64)
    noise = None if grid is not None else _rounding(values)
    reading = Reading.certain(len(query.own))
    tied = tie_chance(kept, query)
    others = len(values) - 1
    for size in np.unique(query.sizes):
        if min(size, others - size) == 0:
            continue
        same = np.flatnonzero(query.sizes == size)
        step = max(1, BATCH_CELLS // max(CELLS, others))
        for start in range(0, len(same), step):
            batch = same[start : start + step]
            reading.put(batch, _batch(_pools(kept, query, batch, tied[batch], noise)))
    return reading.clipped()


def _centred(values: Floats) -> Floats:
    """Return the values from their median, at most 1 in size, so that no square is lost."""
    centred = values - np.median(values)
    largest = float(np.abs(centred).max())
    scaled: Floats = centred / (largest or 1.0)
    return scaled


def _rounding(values: Floats) -> Floats:
    """Return how much of each value may be rounding, in the units of `_centred`."""
    largest = float(np.abs(values - np.median(values)).max())
    rounding: Floats = 8 * np.finfo(float).eps * np.abs(values) / (largest or 1.0)
    return rounding


def _pools(
    kept: Floats, query: Query, batch: Ints, tied: Floats, rounding: Floats | None
) -> _Pools:
    """Return the pools of areas that have the same number of neighbours."""
    size, others = int(query.sizes[batch[0]]), len(kept) - 1
    own = query.own[batch]
    places = np.arange(others) + (np.arange(others) >= own[:, None])
    apart = np.abs(kept[places] - kept[own][:, None])
    least = apart.min(axis=1)
    members = query.members[query.starts[batch][:, None] + np.arange(size)]
    taken = np.zeros(apart.shape, dtype=bool)
    np.put_along_axis(taken, members - (members > own[:, None]), values=True, axis=1)
    # The smallest square is the same for every subset, so the grid need not hold it.
    pool = (apart - least[:, None]) * (apart + least[:, None])
    if rounding is None:
        return _Pools(pool, taken, tied, least, np.zeros(len(batch)), whole=True)
    moved = rounding[own] + 8 * np.finfo(float).eps * least
    return _Pools(pool, taken, tied, least, moved, whole=False)


def _batch(pools: _Pools) -> Reading:
    """Return the tails of areas that have the same number of neighbours."""
    if comb(pools.others, pools.size) <= MOST_SUBSETS:
        return _counted(pools)
    if pools.size <= pools.others // 2:
        return _read(pools)
    return _read(replace(pools, taken=~pools.taken)).turned()


def _counted(pools: _Pools) -> Reading:
    """Count every subset; sums that differ by rounding alone are ties."""
    sums = pools.pool[:, every_subset(pools.others, pools.size)].sum(axis=2)
    return Reading.exact(
        (sums <= (pools.observed + pools.tie)[:, None]).mean(axis=1),
        (sums >= (pools.observed - pools.tie)[:, None]).mean(axis=1),
    )


def _read(pools: _Pools) -> Reading:
    """Read the tails of subset sums off grids that end at the observed sums."""
    size, observed = pools.size, pools.observed
    reading = Reading.certain(len(observed))
    lowest = observed <= size * pools.noise
    equal = (pools.pool <= pools.noise[:, None]).sum(axis=1)
    reading.lower[lowest] = [
        comb(int(count), size) / comb(pools.others, size) for count in equal[lowest]
    ]
    lossless = ~lowest & (observed * size <= CELLS * 8) & pools.whole
    if lossless.any():
        reading.put(np.flatnonzero(lossless), _whole_numbers(pools.pick(lossless)))
    rest = ~lowest & ~lossless
    if rest.any():
        reading.put(np.flatnonzero(rest), _finely(pools.pick(rest)))
    return reading


def _finely(pools: _Pools) -> Reading:
    """Read between steps; count rare tails, and look closer where a tail is left uncertain."""
    steps = max(FEWEST_STEPS, CELLS // pools.size)
    bracket = _between_steps(pools, steps)
    reading = bracket.settled()
    rare = bracket.least.min(axis=0) * comb(pools.others, pools.size) <= RARE_SUBSETS
    for row in np.flatnonzero(rare):
        _count_rare(reading, pools, int(row), BEGINNINGS)
    for row in np.flatnonzero(reading.excess > 1):  # one at a time: the finer grid is long
        one = slice(row, row + 1)
        reading.put(one, _between_steps(pools.pick(one), steps * FINER).settled())
        if reading.excess[row] > 1:
            _count_rare(reading, pools, int(row), MOST_BEGINNINGS)
    return reading


def _count_rare(reading: Reading, pools: _Pools, row: int, most: int) -> None:
    """Count the subsets of the rarer tail of one area, if they are few."""
    counted = rare_tails(
        pools.pool[row],
        pools.size,
        float(pools.observed[row]),
        upper=bool(reading.upper[row] < reading.lower[row]),
        tie=float(pools.tie[row]),
        most=most,
    )
    if counted is not None:
        reading.put(slice(row, row + 1), counted)


def _whole_numbers(pools: _Pools) -> Reading:
    limit = np.rint(pools.observed).astype(np.int64)
    cells = np.rint(pools.pool).astype(np.int64)
    below = cells <= limit[:, None]
    chance = sums_of_rows(cells, below, pools.size, int(limit.max()), pools.others)
    row = np.arange(len(limit))
    return Reading.exact(chance[row, limit + 1], 1 - chance[row, limit])


def _between_steps(pools: _Pools, steps: int) -> Bracket:
    size, observed, tied = pools.size, pools.observed, pools.tied
    scale = steps / np.minimum(observed, pools.pool.max(axis=1))
    cells = np.rint(np.minimum(pools.pool * scale[:, None], steps + 1)).astype(np.int64)
    chance = sums_of_rows(cells, cells <= steps, size, steps, pools.others)
    place = observed * scale + 0.5
    nearest = np.minimum(np.floor(place).astype(np.int64), size * steps)
    row = np.arange(len(observed))
    below = chance[row, nearest]
    smooth = below + np.clip(place - nearest, 0, 1) * (chance[row, nearest + 1] - below)
    # How much of the ties lies below, as smoothed.
    share = np.clip(place - (cells * pools.taken).sum(axis=1), 0, 1)
    reach = (size + 1) // 2
    high = chance[row, np.minimum(nearest + reach, size * steps) + 1]
    low = chance[row, np.maximum(nearest - reach, 0)]
    return Bracket(
        read=np.array([smooth + tied * (1 - share), 1 - smooth + tied * share]),
        least=np.maximum([low, 1 - high], tied),
        most=np.array([high, 1 - low]),
    )
