"""One set of random draws that serves every area: p from permutations, cheaply.

A draw is an ordered set of distinct areas. Its first k areas are a random neighbourhood of size k,
so its running sums hold one sum for every k. An area's null leaves out the draws whose first k hold
the area itself; what remains are random neighbourhoods made of the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grannskap.measures.autocorrelation.grid import exact_grid
from grannskap.measures.autocorrelation.query import TIE, Query

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grannskap.measures.autocorrelation.arrays import Floats, Ints, Seed

__all__ = ["draws", "equal_counts"]

BLOCK_CELLS = 2**21


def equal_counts(
    values: Floats, query: Query, *, permutations: int, seed: Seed
) -> tuple[Ints, Ints, Ints]:
    """Count the draws whose sum is at most the seen sum, at least it, and all, per area."""
    grid = exact_grid(values)
    kept = values - values.mean() if grid is None else grid.cells.astype(np.float64)
    tie = TIE * np.abs(kept).sum() if grid is None else 0.5
    seen = query.sums(kept)
    size = np.zeros(len(values), dtype=np.int64)
    size[query.own] = query.sizes
    limit = np.zeros(len(values))
    limit[query.own] = seen
    below, above, valid = (np.zeros(len(seen), dtype=np.int64) for _ in range(3))
    for block in draws(len(values), int(query.sizes.max()), permutations, seed):
        sums = np.cumsum(kept[block], axis=0)
        for k in np.unique(query.sizes):
            asked = query.sizes == k
            ordered = np.sort(sums[k - 1])
            below[asked] += np.searchsorted(ordered, seen[asked] + tie, side="right")
            above[asked] -= np.searchsorted(ordered, seen[asked] - tie, side="left")
        held = _holding(block, sums, size, limit, tie)
        below -= held[0][query.own]
        above += block.shape[1] - held[1][query.own]
        valid += block.shape[1] - held[2][query.own]
    return below, above, valid


def _holding(
    block: Ints, sums: Floats, size: Ints, limit: Floats, tie: float
) -> tuple[Ints, Ints, Ints]:
    """Count, per area, the draws that hold it: at most, at least, and in all."""
    count = len(size)
    below, above, valid = (np.zeros(count, dtype=np.int64) for _ in range(3))
    for place, areas in enumerate(block):
        held = np.flatnonzero(size[areas] > place)
        area = areas[held]
        reached = sums[size[area] - 1, held]
        below += np.bincount(area[reached <= limit[area] + tie], minlength=count)
        above += np.bincount(area[reached >= limit[area] - tie], minlength=count)
        valid += np.bincount(area, minlength=count)
    return below, above, valid


def draws(count: int, most: int, permutations: int, seed: Seed) -> Iterator[Ints]:
    """Make draws of `most` distinct numbers below `count`, a column each, in blocks.

    The blocks' size depends on `most` alone, so the draws depend on the seed alone.
    """
    rng = np.random.default_rng(seed)
    width = max(1024, BLOCK_CELLS // most)
    for start in range(0, permutations, width):
        yield _draw(rng, count, most, min(width, permutations - start))


def _draw(rng: np.random.Generator, count: int, most: int, width: int) -> Ints:
    """Draw without replacement: again where a number came twice, or by sorting where most would."""
    block = np.empty((most, width), dtype=np.int32)
    if most * most > count:
        rows = max(1, BLOCK_CELLS // count)
        for start in range(0, width, rows):
            keys = rng.random((min(rows, width - start), count))
            block[:, start : start + rows] = np.argsort(keys, axis=1)[:, :most].T
        return block
    redo = np.arange(width)
    while len(redo):
        trial = rng.integers(0, count, (most, len(redo)), dtype=np.int32)
        ordered = np.sort(trial, axis=0)
        good = (ordered[1:] != ordered[:-1]).all(axis=0)
        block[:, redo[good]] = trial[:, good]
        redo = redo[~good]
    return block
