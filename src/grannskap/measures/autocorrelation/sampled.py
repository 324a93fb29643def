"""One set of random draws that serves every area: p from permutations, cheaply.

A draw is an ordered set of distinct areas. Its first k areas are a random subset of size k, so its
running sums hold one sum for every k. An area's null leaves out the draws whose first k hold the
area itself; what remains is a random subset of the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grannskap.measures.autocorrelation.exact import TIE
from grannskap.measures.autocorrelation.grid import exact_grid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from grannskap.measures.autocorrelation.arrays import Floats, Ints, Seed
    from grannskap.measures.autocorrelation.exact import Query

__all__ = ["counts", "draws"]

BLOCK_CELLS = 2**21


def counts(
    values: Floats, query: Query, *, permutations: int, seed: Seed
) -> tuple[Ints, Ints, Ints]:
    """Count the draws at most, at least, and in all, per area.

    Returns
    -------
    below, above, valid : arrays of int
        Draws whose sum is at most the seen sum, at least it, and draws without the area itself.
    """
    grid = exact_grid(values)
    kept = values - values.mean() if grid is None else grid.cells.astype(np.float64)
    tie = TIE * np.abs(kept).sum() if grid is None else 0.5
    seen = query.sums(kept)
    totals = [np.zeros(len(seen), dtype=np.int64) for _ in range(3)]
    size = np.zeros(len(values), dtype=np.int64)
    size[query.own] = query.sizes
    limit = np.zeros(len(values))
    limit[query.own] = seen
    for block in draws(len(values), int(query.sizes.max()), permutations, seed):
        sums = np.cumsum(kept[block], axis=0)
        for k in np.unique(query.sizes):
            asked = query.sizes == k
            ordered = np.sort(sums[k - 1])
            totals[0][asked] += np.searchsorted(ordered, seen[asked] + tie, side="right")
            totals[1][asked] += block.shape[1] - np.searchsorted(
                ordered, seen[asked] - tie, side="left"
            )
            totals[2][asked] += block.shape[1]
        for number, held in enumerate(_holding(block, sums, size, limit, tie)):
            totals[number] -= held[query.own]
    return totals[0], totals[1], totals[2]


def _holding(
    block: NDArray[np.int32],
    sums: Floats,
    size: Ints,
    limit: Floats,
    tie: float,
) -> list[Ints]:
    """Count, per area, the draws that hold it: at most, at least, and in all."""
    count = len(size)
    found = [np.zeros(count, dtype=np.int64) for _ in range(3)]
    for place, areas in enumerate(block):
        held = np.flatnonzero(size[areas] > place)
        area = areas[held]
        reached = sums[size[area] - 1, held]
        found[0] += np.bincount(area[reached <= limit[area] + tie], minlength=count)
        found[1] += np.bincount(area[reached >= limit[area] - tie], minlength=count)
        found[2] += np.bincount(area, minlength=count)
    return found


def draws(count: int, most: int, permutations: int, seed: Seed) -> Iterator[NDArray[np.int32]]:
    """Make draws of `most` distinct numbers below `count`, a column each, in blocks.

    The blocks' size depends on `most` alone, so the draws depend on the seed alone.
    """
    rng = np.random.default_rng(seed)
    width = max(1024, BLOCK_CELLS // most)
    for start in range(0, permutations, width):
        yield _draw(rng, count, most, min(width, permutations - start))


def _draw(rng: np.random.Generator, count: int, most: int, width: int) -> NDArray[np.int32]:
    """Draw without replacement: the place-th of those not yet drawn, place by place."""
    block = np.empty((most, width), dtype=np.int32)
    if most * most > count:
        keys = rng.random((width, count))
        block[:] = np.argsort(keys, axis=1)[:, :most].T
        return block
    redo = np.arange(width)
    while len(redo):
        trial = rng.integers(0, count, (most, len(redo)), dtype=np.int32)
        ordered = np.sort(trial, axis=0)
        good = (ordered[1:] != ordered[:-1]).all(axis=0)
        block[:, redo[good]] = trial[:, good]
        redo = redo[~good]
    return block
