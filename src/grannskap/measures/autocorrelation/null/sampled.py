"""One set of random draws that serves every area: p from permutations, cheaply.

A draw is an ordered set of distinct areas. Its first k areas are a random neighbourhood of size k,
so its running sums hold one sum for every k. An area's null leaves out the draws whose first k hold
the area itself; what remains are random neighbourhoods made of the others. What is no plain sum
(unequal weights, squared differences) is worked out from the same draws, whose places meet the
weights in turn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grannskap.measures.autocorrelation.null.grid import exact_grid
from grannskap.measures.autocorrelation.null.query import TIE, Query

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grannskap.measures.autocorrelation.alignment import Bools, Floats, Ints, Seed

__all__ = ["draws", "equal_counts", "weighted_counts"]

BLOCK_CELLS = 2**21
BATCH_CELLS = 2**21


def equal_counts(
    values: Floats, query: Query, *, permutations: int, seed: Seed
) -> tuple[Ints, Ints, Ints]:
    """Count the draws whose sum is at most the observed sum, at least it, and all, per area."""
    grid = exact_grid(values)
    kept = values - np.median(values) if grid is None else grid.cells.astype(np.float64)
    tie = TIE * np.abs(kept).sum() if grid is None else 0.5
    observed = query.sums(kept)
    size = np.zeros(len(values), dtype=np.int64)
    size[query.own] = query.sizes
    limit = np.zeros(len(values))
    limit[query.own] = observed
    below, above, valid = (np.zeros(len(observed), dtype=np.int64) for _ in range(3))
    for block in draws(len(values), int(query.sizes.max()), permutations, seed):
        sums = np.cumsum(kept[block], axis=0)
        for k in np.unique(query.sizes):
            asked = query.sizes == k
            ordered = np.sort(sums[k - 1])
            below[asked] += np.searchsorted(ordered, observed[asked] + tie, side="right")
            above[asked] -= np.searchsorted(ordered, observed[asked] - tie, side="left")
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


def weighted_counts(
    values: Floats, query: Query, *, squared: bool, permutations: int, seed: Seed
) -> tuple[Ints, Ints, Ints]:
    """Count the draws at most what was observed, at least it, and all, per area.

    Observed is the weighted mean of the neighbours' values or, where `squared`, of their squared
    differences from the area's own value. A draw's places meet an area's weights in turn.
    """
    grid = exact_grid(values)
    kept = values if grid is None else grid.cells.astype(np.float64)
    rounding = (8 * np.finfo(float).eps * np.abs(kept))[query.own]
    kept = kept - np.median(kept)
    own = kept[query.own] if squared else None
    observed = query.means(kept) if own is None else _apart(kept, query)
    tie = _tie(np.abs(observed), rounding, most=int(query.sizes.max()))
    most = int(query.sizes.max())
    below, above, valid = (np.zeros(len(observed), dtype=np.int64) for _ in range(3))
    for block in draws(len(values), most, permutations, seed):
        drawn = kept[block.T]
        step = max(1, BATCH_CELLS // block.shape[1])
        for start in range(0, len(observed), step):
            batch = slice(start, start + step)
            weights = _padded(query, batch, most)
            if own is None:
                over, tied = _means(drawn, weights, observed[batch])
            else:
                over, tied = _differences(drawn, weights, observed[batch], own[batch], tie[batch])
            free = _free(block, query, batch)
            below[batch] += ((~over | tied) & free).sum(axis=0)
            above[batch] += ((over | tied) & free).sum(axis=0)
            valid[batch] += free.sum(axis=0)
    return below, above, valid


def _apart(kept: Floats, query: Query) -> Floats:
    """Return the weighted mean of the neighbours' squared differences from each area."""
    head = np.repeat(query.own, query.sizes)
    squares = (kept[query.members] - kept[head]) ** 2
    means: Floats = np.add.reduceat(query.weights * squares, query.starts[:-1])
    return means


def _tie(squares: Floats, rounding: Floats, *, most: int) -> Floats:
    """Return how far apart two means of squared differences are that rounding alone parts."""
    moved = rounding + most * TIE * np.sqrt(squares)
    tie: Floats = moved * (2 * np.sqrt(squares) + moved)
    return tie


def _means(drawn: Floats, weights: Floats, observed: Floats) -> tuple[Bools, Bools]:
    """Say which draws (rows) exceed and which equal what each area (columns) was observed to have.

    What rounding can do to a mean goes with the largest value in the draw, not in the map.
    """
    means = drawn @ weights
    tie = len(weights) * TIE * np.abs(drawn).max(axis=1)[:, None]
    return means > observed, np.abs(means - observed) <= tie + len(weights) * TIE * np.abs(observed)


def _differences(
    drawn: Floats, weights: Floats, observed: Floats, own: Floats, tie: Floats
) -> tuple[Bools, Bools]:
    """Say the same of squared differences from the areas' own values.

    Three products are quick but lose digits where values are large; draws that they cannot tell
    from the observed are worked out again, difference by difference.
    """
    squares, means = drawn**2 @ weights, drawn @ weights
    reached = squares - 2 * own * means + own**2
    lost = len(weights) * TIE * (np.sqrt(squares) + np.abs(own)) ** 2
    over = reached > observed
    near = np.abs(reached - observed) <= lost + tie
    tied = np.zeros_like(near)
    draw, area = np.nonzero(near)
    for start in range(0, len(draw), BATCH_CELLS // len(weights)):
        part = slice(start, start + BATCH_CELLS // len(weights))
        rows, columns = draw[part], area[part]
        apart = (drawn[rows] - own[columns, None]) ** 2
        exact = np.einsum("dk,kd->d", apart, weights[:, columns])
        tied[rows, columns] = np.abs(exact - observed[columns]) <= tie[columns]
        over[rows, columns] = exact > observed[columns]
    return over, tied


def _padded(query: Query, batch: slice, most: int) -> Floats:
    """Return the weights of a batch of areas, a column each."""
    sizes = query.sizes[batch]
    first = query.starts[:-1][batch]
    weights = np.zeros((most, len(sizes)))
    area = np.repeat(np.arange(len(sizes)), sizes)
    place = np.arange(len(area)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    weights[place, area] = query.weights[first[0] : first[0] + len(area)]
    return weights


def _free(block: Ints, query: Query, batch: slice) -> Ints:
    """Say which draws (rows) leave each area of the batch (columns) out of its neighbourhood."""
    own, sizes = query.own[batch], query.sizes[batch]
    column = np.full(int(max(block.max(), own.max())) + 1, -1)
    column[own] = np.arange(len(own))
    free = np.ones((block.shape[1], len(own)), dtype=bool)
    place, draw = np.nonzero(column[block] >= 0)
    area = column[block[place, draw]]
    within = place < sizes[area]
    free[draw[within], area[within]] = False
    return free
