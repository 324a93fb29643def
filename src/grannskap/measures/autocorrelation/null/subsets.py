"""Sums of subsets counted outright: all of them where they are few, else those of a rare tail."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain, combinations
from math import comb
from typing import TYPE_CHECKING

import numpy as np

from grannskap.measures.autocorrelation.alignment import totals
from grannskap.measures.autocorrelation.null.query import Reading

if TYPE_CHECKING:
    from grannskap.measures.autocorrelation.alignment import Floats, Ints
    from grannskap.measures.autocorrelation.null.query import Query

__all__ = [
    "arrangements_of",
    "chances",
    "every_subset",
    "few_subsets",
    "log_choose",
    "middle",
    "rare_tails",
    "tie_chance",
]

MOST_SUBSETS = 60_000


def middle(values: Floats) -> float:
    """Return a value that as many lie below as above: sums of what is left of it lose no digits."""
    half = len(values) // 2
    return float(np.partition(values, half)[half])


def few_subsets(count: int, size: int) -> bool:
    """Say whether the subsets of this size are counted outright."""
    return comb(count, size) <= MOST_SUBSETS


@lru_cache(maxsize=64)
def every_subset(count: int, size: int) -> Ints:
    """Return every subset of `size` out of `count` numbers, a row each."""
    flat = chain.from_iterable(combinations(range(count), size))
    return np.fromiter(flat, dtype=np.int64).reshape(-1, size)


def chances(
    values: Floats, own: Floats, sizes: Ints, sums: Floats, *, tie: float
) -> tuple[Floats, Floats]:
    """Return P(sum ≤ observed) and P(sum ≥ observed) over all subsets of the others.

    Parameters
    ----------
    values : array
        All areas' values.
    own : array
        Value of each area that is asked about, which its subsets leave out.
    sizes, sums : arrays
        Size of its subsets, and the observed sum.
    tie : float
        Sums that differ by no more than this are ties.
    """
    reached, under = np.zeros((2, len(own)), dtype=np.int64)
    for size, subsets in enumerate(_sums(values, int(sizes.max()))):
        asked = np.flatnonzero(sizes >= size)
        taken = sizes[asked] - size  # inclusion and exclusion of the area itself
        left, sign = sums[asked] - taken * own[asked], 1 - 2 * (taken % 2)
        ends = np.concatenate([left + tie, np.nextafter(left - tie, -np.inf)])
        upto, below = _counts(subsets, ends).reshape(2, -1)
        reached[asked] += sign * upto
        under[asked] += sign * below
    arrangements = arrangements_of(len(values) - 1, sizes)
    return reached / arrangements, 1 - under / arrangements


def _sums(values: Floats, most: int) -> list[Floats]:
    """Return the sums of all subsets, per size."""
    count = len(values)
    sums = [np.zeros(comb(count, size)) for size in range(most + 1)]
    filled = [1] + [0] * most
    for value in values:
        for size in range(most, 0, -1):
            start, more = filled[size], filled[size - 1]
            np.add(sums[size - 1][:more], value, out=sums[size][start : start + more])
            filled[size] = start + more
    return sums


def _counts(sums: Floats, ends: Floats) -> Ints:
    """Return how many sums lie at or below each end.

    Each sum is looked up among the ends, which are few, so that the sums need not be sorted.
    """
    order = np.argsort(ends)
    place = np.searchsorted(ends[order], sums, side="left")
    counts = np.empty(len(ends), dtype=np.int64)
    counts[order] = np.bincount(place, minlength=len(ends) + 1)[:-1].cumsum()
    return counts


def arrangements_of(others: int | Ints, sizes: Ints) -> Floats:
    """Return how many subsets of the others each size has."""
    width = int(sizes.max(initial=0)) + 1
    kinds, kind = np.unique(others * width + sizes, return_inverse=True)
    return np.array([float(comb(*divmod(one, width))) for one in kinds.tolist()])[kind]


def rare_tails(
    pool: Floats, size: int, total: float, *, upper: bool, tie: float, most: int
) -> Reading | None:
    """Count the subsets of the tail that `total` lies in, or return None where they are many.

    Parameters
    ----------
    pool : array
        The values of the others.
    size : int
        How many of them a subset has.
    total : float
        The observed sum.
    upper : bool
        Whether the rarer tail is that of larger sums.
    tie : float
        Sums that differ by no more than this are ties.
    most : int
        How many beginnings of subsets may be held at once.
    """
    counted = _count_below(-pool if upper else pool, size, -total if upper else total, tie, most)
    if counted is None:
        return None
    under, reached = counted
    arrangements = comb(len(pool), size)
    rarer, other = np.array([reached / arrangements]), np.array([1 - under / arrangements])
    return Reading.exact(other, rarer) if upper else Reading.exact(rarer, other)


def _count_below(
    pool: Floats, size: int, total: float, tie: float, most: int
) -> tuple[int, int] | None:
    """Count the subsets whose sum is under the total, and those at most it, ties told apart.

    Subsets are begun from the smallest value and go on as long as the values next in order would
    not carry them past the total, so each beginning that is held has at least one end.
    """
    ordered = np.sort(pool)
    least = [np.zeros(len(ordered) + 1)]  # the sum of the next so many values, from each place
    for _ in range(size):
        least.append(ordered[: len(least[-1]) - 1] + least[-1][1:])
    sums, last = np.zeros(1), np.full(1, -1)
    for left in range(size, 1, -1):
        ends = np.searchsorted(least[left], total + 2 * tie - sums, side="right")
        more = np.maximum(ends - last - 1, 0)
        if more.sum() > most:
            return None
        start = np.repeat(np.arange(len(sums)), more)
        place = np.arange(len(start)) - np.repeat(np.cumsum(more) - more, more)
        last = last[start] + 1 + place
        sums = sums[start] + ordered[last]
    under = np.searchsorted(ordered, total - tie - sums, side="left") - last - 1
    reached = np.searchsorted(ordered, total + tie - sums, side="right") - last - 1
    return int(np.maximum(under, 0).sum()), int(np.maximum(reached, 0).sum())


def tie_chance(values: Floats, query: Query) -> Floats:
    """Return the chance of the very values that were observed: equal subsets are ties."""
    count = len(values)
    log = -log_choose(np.full(len(query.sizes), count - 1), query.sizes)
    kinds, kind, copies = np.unique(values, return_inverse=True, return_counts=True)
    if len(kinds) < count:
        head = np.repeat(np.arange(len(query.sizes)), query.sizes)
        pair, held = np.unique(head * len(kinds) + kind[query.members], return_counts=True)
        area, which = np.divmod(pair, len(kinds))
        there = copies[which] - (kind[query.own[area]] == which)
        log += totals(area, log_choose(there, held), len(log))
    chance: Floats = np.exp(log)
    return chance


def log_choose(count: Ints, size: Ints) -> Floats:
    """Return the logarithm of the number of subsets."""
    from scipy.special import gammaln

    log: Floats = gammaln(count + 1) - gammaln(size + 1) - gammaln(count - size + 1)
    return log
