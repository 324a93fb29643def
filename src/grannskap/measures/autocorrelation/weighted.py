"""Shared draws for what is no plain sum: unequal weights, and squared differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grannskap.measures.autocorrelation.query import TIE, Query
from grannskap.measures.autocorrelation.sampled import draws

if TYPE_CHECKING:
    from grannskap.measures.autocorrelation.arrays import Floats, Ints, Seed

__all__ = ["weighted_counts"]

BATCH_CELLS = 2**21


def weighted_counts(
    values: Floats, query: Query, *, squared: bool, permutations: int, seed: Seed
) -> tuple[Ints, Ints, Ints]:
    """Count the draws at most what was seen, at least it, and all, per area.

    Seen is the weighted mean of the neighbours' values or, where `squared`, of their squared
    differences from the area's own value. A draw's places meet an area's weights in turn.
    """
    kept = values - values.mean()
    own = kept[query.own] if squared else None
    seen = query.means(kept)
    if own is not None:
        seen = query.means(kept**2) - 2 * own * seen + own**2
    tie = TIE * float(query.sizes.max()) * np.abs(kept).max() ** (2 if squared else 1)
    most = int(query.sizes.max())
    below, above, valid = (np.zeros(len(seen), dtype=np.int64) for _ in range(3))
    for block in draws(len(values), most, permutations, seed):
        drawn = kept[block.T]
        step = max(1, BATCH_CELLS // block.shape[1])
        for start in range(0, len(seen), step):
            batch = slice(start, start + step)
            reached = _reached(drawn, _padded(query, batch, most), own, batch)
            free = _free(block, query, batch)
            below[batch] += ((reached <= seen[batch] + tie) & free).sum(axis=0)
            above[batch] += ((reached >= seen[batch] - tie) & free).sum(axis=0)
            valid[batch] += free.sum(axis=0)
    return below, above, valid


def _padded(query: Query, batch: slice, most: int) -> Floats:
    """Return the weights of a batch of areas, a column each."""
    sizes = query.sizes[batch]
    first = query.starts[:-1][batch]
    weights = np.zeros((most, len(sizes)))
    area = np.repeat(np.arange(len(sizes)), sizes)
    place = np.arange(len(area)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    weights[place, area] = query.weights[first[0] : first[0] + len(area)]
    return weights


def _reached(drawn: Floats, weights: Floats, own: Floats | None, batch: slice) -> Floats:
    """Return the statistic of every draw (rows) for a batch of areas (columns)."""
    means: Floats = drawn @ weights
    if own is None:
        return means
    squares: Floats = drawn**2 @ weights
    return squares - 2 * own[batch] * means + own[batch] ** 2


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
