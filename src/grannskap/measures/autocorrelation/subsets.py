"""Sums of all subsets counted outright, where they are few."""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from grannskap.measures.autocorrelation.arrays import Floats, Ints

__all__ = ["count_below", "few_subsets"]

MOST_SUBSETS = 60_000


def few_subsets(count: int, size: int) -> bool:
    """Say whether the subsets of this size are counted outright."""
    return comb(count, size) <= MOST_SUBSETS


def count_below(
    values: Floats,
    own: Floats,
    sizes: Ints,
    limits: Floats,
) -> Ints:
    """Count, per area, the subsets of the others whose sum is at most the limit.

    Parameters
    ----------
    values : array
        All areas' values.
    own : array
        Value of each area that is asked about, which its subsets leave out.
    sizes, limits : arrays
        Size of its subsets, and the limit of their sums.
    """
    sums = _sums(values, int(sizes.max()))
    counts = np.zeros(len(own), dtype=np.int64)
    for size in np.unique(sizes):
        asked = np.flatnonzero(sizes == size)
        sign = 1
        for taken in range(size + 1):  # inclusion and exclusion of the area itself
            below = limits[asked] - taken * own[asked]
            counts[asked] += sign * np.searchsorted(sums[size - taken], below, side="right")
            sign = -sign
    return counts


def _sums(values: Floats, most: int) -> list[Floats]:
    """Return the sorted sums of all subsets, per size."""
    count = len(values)
    sums = [np.zeros(comb(count, size)) for size in range(most + 1)]
    filled = [1] + [0] * most
    for value in values:
        for size in range(most, 0, -1):
            start, more = filled[size], filled[size - 1]
            np.add(sums[size - 1][:more], value, out=sums[size][start : start + more])
            filled[size] = start + more
    for array in sums:
        array.sort()
    return sums
