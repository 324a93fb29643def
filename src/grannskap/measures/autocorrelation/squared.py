"""The null distribution of squared differences from an area's own value: local Geary's p.

Given the area's value, the squared differences of the others are a pool of their own, so each area
has its own distribution. Only differences up to the seen sum can be part of a sum below it, so the
grid spans no more than that and is finest where the sum is small: among neighbours who are alike.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import chain, combinations
from math import comb

import numpy as np

from grannskap.measures.autocorrelation.arrays import Bools, Floats, Ints
from grannskap.measures.autocorrelation.grid import Reading, exact_grid, guarded
from grannskap.measures.autocorrelation.query import TIE, Query
from grannskap.measures.autocorrelation.spectrum import sums_of_rows
from grannskap.measures.autocorrelation.ties import tie_chance

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


def tails(values: Floats, query: Query) -> Reading:
    """Return P(sum ≤ seen) and P(sum ≥ seen) of the squared differences, counting ties."""
    grid = exact_grid(values)
    kept = _centred(values) if grid is None else grid.cells.astype(np.float64)
    reading = Reading(*np.ones((3, len(query.own))))
    tied = tie_chance(kept, query)
    others = len(values) - 1
    for size in np.unique(query.sizes):
        if min(size, others - size) == 0:
            continue
        same = np.flatnonzero(query.sizes == size)
        step = max(1, BATCH_CELLS // max(CELLS, others))
        for start in range(0, len(same), step):
            batch = same[start : start + step]
            reading.put(batch, _batch(kept, query, batch, tied[batch], whole=grid is not None))
    return reading.clipped()


def _centred(values: Floats) -> Floats:
    """Return the values from their mean, at most 1 in size, so that no square is lost."""
    centred = values - values.mean()
    largest = float(np.abs(centred).max())
    scaled: Floats = centred / (largest or 1.0)
    return scaled


def _batch(kept: Floats, query: Query, batch: Ints, tied: Floats, *, whole: bool) -> Reading:
    """Return the tails of a batch of areas that have the same number of neighbours."""
    size, others = int(query.sizes[batch[0]]), len(kept) - 1
    own = query.own[batch]
    places = np.arange(others) + (np.arange(others) >= own[:, None])
    pool = (kept[places] - kept[own][:, None]) ** 2
    members = query.members[query.starts[batch][:, None] + np.arange(size)]
    taken = np.zeros(pool.shape, dtype=bool)
    np.put_along_axis(taken, members - (members > own[:, None]), values=True, axis=1)
    if comb(others, size) <= MOST_SUBSETS:
        return _counted(pool, (pool * taken).sum(axis=1), size)
    pool -= pool.min(axis=1)[:, None]  # the same for every subset, so the grid need not hold it
    if size <= others // 2:
        return _read(pool, taken, tied, whole=whole)
    return _read(pool, ~taken, tied, whole=whole).turned()


def _counted(pool: Floats, seen: Floats, size: int) -> Reading:
    """Count every subset; sums that differ by rounding alone are ties."""
    sums = pool[:, _subsets(pool.shape[1], size)].sum(axis=2)
    tie = 1e3 * TIE * seen
    return Reading(
        (sums <= (seen + tie)[:, None]).mean(axis=1),
        (sums >= (seen - tie)[:, None]).mean(axis=1),
        np.ones(len(seen)),
    )


@lru_cache(maxsize=64)
def _subsets(count: int, size: int) -> Ints:
    """Return every subset of `size` out of `count` numbers, a row each."""
    flat = chain.from_iterable(combinations(range(count), size))
    return np.fromiter(flat, dtype=np.int64).reshape(-1, size)


def _read(pool: Floats, taken: Bools, tied: Floats, *, whole: bool) -> Reading:
    """Read the tails of subset sums off grids that end at the seen sums."""
    size, others = int(taken[0].sum()), pool.shape[1]
    seen = (pool * taken).sum(axis=1)
    reading = Reading(*np.ones((3, len(seen))))
    nought = 0.0 if whole else TIE
    lowest = seen <= size * nought
    equal = (pool <= nought).sum(axis=1)
    reading.lower[lowest] = [comb(int(m), size) / comb(others, size) for m in equal[lowest]]
    lossless = ~lowest & (seen * size <= CELLS * 8) & whole
    if lossless.any():
        reading.put(np.flatnonzero(lossless), _whole_numbers(pool[lossless], seen[lossless], size))
    steps = max(FEWEST_STEPS, CELLS // size)
    rest = np.flatnonzero(~lowest & ~lossless)
    if len(rest):
        reading.put(rest, _between_steps(pool[rest], taken[rest], tied[rest], steps))
    for row in np.flatnonzero(reading.excess > 1):  # one at a time: the finer grid is long
        one = slice(row, row + 1)
        reading.put(one, _between_steps(pool[one], taken[one], tied[one], steps * FINER))
    return reading


def _whole_numbers(pool: Floats, seen: Floats, size: int) -> Reading:
    limit = np.rint(seen).astype(np.int64)
    cells = np.rint(pool).astype(np.int64)
    chance = sums_of_rows(cells, cells <= limit[:, None], size, int(limit.max()), pool.shape[1])
    row = np.arange(len(seen))
    return Reading(chance[row, limit + 1], 1 - chance[row, limit], np.ones(len(seen)))


def _between_steps(pool: Floats, taken: Bools, tied: Floats, steps: int) -> Reading:
    size, others = int(taken[0].sum()), pool.shape[1]
    seen = (pool * taken).sum(axis=1)
    scale = steps / np.minimum(seen, pool.max(axis=1))
    cells = np.rint(np.minimum(pool * scale[:, None], steps + 1)).astype(np.int64)
    chance = sums_of_rows(cells, cells <= steps, size, steps, others)
    place = seen * scale + 0.5
    nearest = np.minimum(np.floor(place).astype(np.int64), size * steps)
    row = np.arange(len(seen))
    below = chance[row, nearest]
    smooth = below + np.clip(place - nearest, 0, 1) * (chance[row, nearest + 1] - below)
    # How much of the ties lies below, as smoothed.
    share = np.clip(place - (cells * taken).sum(axis=1), 0, 1)
    reach = (size + 1) // 2
    high = chance[row, np.minimum(nearest + reach, size * steps) + 1]
    low = chance[row, np.maximum(nearest - reach, 0)]
    lower, less = guarded(smooth + tied * (1 - share), high, np.maximum(low, tied))
    upper, more = guarded(1 - smooth + tied * share, 1 - low, np.maximum(1 - high, tied))
    return Reading(lower, upper, np.maximum(less, more))
