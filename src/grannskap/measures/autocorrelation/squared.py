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

from grannskap.measures.autocorrelation.arrays import Floats, Ints
from grannskap.measures.autocorrelation.grid import exact_grid, guarded
from grannskap.measures.autocorrelation.query import TIE, Query
from grannskap.measures.autocorrelation.spectrum import sums_of_rows

__all__ = ["LARGEST_SUBSET", "MOST_AREAS", "tails"]

LARGEST_SUBSET = 24
"""Subsets (or what they leave) up to this size have the exact way."""

MOST_AREAS = 20_000
"""The cost grows with the square of the number of areas; above this, draws are used."""

MOST_SUBSETS = 20_000
CELLS = 4_096
FEWEST_STEPS = 512
BATCH_CELLS = 2**17


def tails(values: Floats, query: Query) -> tuple[Floats, Floats]:
    """Return P(sum ≤ seen) and P(sum ≥ seen) of the squared differences, counting ties."""
    grid = exact_grid(values)
    kept = values if grid is None else grid.cells.astype(np.float64)
    lower, upper = np.ones(len(query.own)), np.ones(len(query.own))
    others = len(values) - 1
    for size in np.unique(query.sizes):
        if min(size, others - size) == 0:
            continue
        same = np.flatnonzero(query.sizes == size)
        step = max(1, BATCH_CELLS // max(CELLS, others))
        for start in range(0, len(same), step):
            batch = same[start : start + step]
            low, high = _batch(kept, query, batch, whole=grid is not None)
            lower[batch], upper[batch] = low, high
    return np.clip(lower, 1e-12, 1.0), np.clip(upper, 1e-12, 1.0)


def _batch(kept: Floats, query: Query, batch: Ints, *, whole: bool) -> tuple[Floats, Floats]:
    """Return the tails of a batch of areas that have the same number of neighbours."""
    size, others = int(query.sizes[batch[0]]), len(kept) - 1
    own = query.own[batch]
    places = np.arange(len(kept) - 1) + (np.arange(len(kept) - 1) >= own[:, None])
    pool = (kept[places] - kept[own][:, None]) ** 2
    members = query.members[query.starts[batch][:, None] + np.arange(size)]
    seen = ((kept[members] - kept[own][:, None]) ** 2).sum(axis=1)
    if comb(others, size) <= MOST_SUBSETS:
        sums = pool[:, _subsets(others, size)].sum(axis=2)
        tie = 1e3 * TIE * seen
        return (
            (sums <= (seen + tie)[:, None]).mean(axis=1),
            (sums >= (seen - tie)[:, None]).mean(axis=1),
        )
    if size <= others // 2:
        return _read(pool, seen, size, others, whole=whole)
    upper, lower = _read(pool, pool.sum(axis=1) - seen, others - size, others, whole=whole)
    return lower, upper


@lru_cache(maxsize=64)
def _subsets(count: int, size: int) -> Ints:
    """Return every subset of `size` out of `count` numbers, a row each."""
    flat = chain.from_iterable(combinations(range(count), size))
    return np.fromiter(flat, dtype=np.int64).reshape(-1, size)


def _read(
    pool: Floats, seen: Floats, size: int, others: int, *, whole: bool
) -> tuple[Floats, Floats]:
    """Read the tails of subset sums off grids that end at the seen sums."""
    lower, upper = np.empty(len(seen)), np.empty(len(seen))
    lossless = seen * size <= CELLS * 8 if whole else np.zeros(len(seen), dtype=bool)
    for exactly in (True, False):
        rows = np.flatnonzero(lossless == exactly)
        if len(rows):
            way = _whole_numbers if exactly else _between_steps
            lower[rows], upper[rows] = way(pool[rows], seen[rows], size, others)
    return lower, upper


def _whole_numbers(pool: Floats, seen: Floats, size: int, others: int) -> tuple[Floats, Floats]:
    limit = np.rint(seen).astype(np.int64)
    cells = np.rint(pool).astype(np.int64)
    chance = sums_of_rows(cells, cells <= limit[:, None], size, int(limit.max()), others)
    row = np.arange(len(seen))
    return chance[row, limit + 1], 1 - chance[row, limit]


def _between_steps(pool: Floats, seen: Floats, size: int, others: int) -> tuple[Floats, Floats]:
    steps = max(FEWEST_STEPS, CELLS // size)
    reach = np.maximum(np.minimum(seen, pool.max(axis=1)), np.finfo(float).tiny)
    scale = steps / reach
    cells = np.rint(np.minimum(pool * scale[:, None], steps + 1)).astype(np.int64)
    chance = sums_of_rows(cells, cells <= steps, size, steps, others)
    place = seen * scale + 0.5
    nearest = np.minimum(np.floor(place).astype(np.int64), size * steps)
    row = np.arange(len(seen))
    below = chance[row, nearest]
    smooth = below + np.clip(place - nearest, 0, 1) * (chance[row, nearest + 1] - below)
    itself = 1 / comb(others, size)
    reach = (size + 1) // 2
    wide = np.minimum(nearest + reach, size * steps) + 1, np.maximum(nearest - reach, 0)
    lower, upper = smooth + itself / 2, 1 - smooth + itself / 2
    return guarded(lower, chance[row, wide[0]]), guarded(upper, 1 - chance[row, wide[1]])
