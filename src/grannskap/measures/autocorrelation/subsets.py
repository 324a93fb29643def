"""Sums of all subsets counted outright, where they are few."""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from grannskap.measures.autocorrelation.arrays import Floats, Ints

__all__ = ["chances", "few_subsets"]

MOST_SUBSETS = 60_000


def few_subsets(count: int, size: int) -> bool:
    """Say whether the subsets of this size are counted outright."""
    return comb(count, size) <= MOST_SUBSETS


def chances(
    values: Floats, own: Floats, sizes: Ints, sums: Floats, *, tie: float
) -> tuple[Floats, Floats]:
    """Return P(sum ≤ seen) and P(sum ≥ seen) over all subsets of the others.

    Parameters
    ----------
    values : array
        All areas' values.
    own : array
        Value of each area that is asked about, which its subsets leave out.
    sizes, sums : arrays
        Size of its subsets, and the seen sum.
    tie : float
        Sums that differ by no more than this are ties.
    """
    every = _sums(values, int(sizes.max()))
    below, under = np.zeros(len(own), dtype=np.int64), np.zeros(len(own), dtype=np.int64)
    for size in np.unique(sizes):
        asked = np.flatnonzero(sizes == size)
        sign = 1
        for taken in range(size + 1):  # inclusion and exclusion of the area itself
            left, ordered = sums[asked] - taken * own[asked], every[size - taken]
            below[asked] += sign * np.searchsorted(ordered, left + tie, side="right")
            under[asked] += sign * np.searchsorted(ordered, left - tie, side="right")
            sign = -sign
    arrangements = np.array([comb(len(values) - 1, int(size)) for size in sizes])
    return below / arrangements, 1 - under / arrangements


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
