"""The way to p that each area's statistic has: exact where there is one, else from draws."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING, Literal
from zlib import crc32

import numpy as np

from grannskap.measures.autocorrelation import exact, squared
from grannskap.measures.autocorrelation.query import Query
from grannskap.measures.autocorrelation.sampled import equal_counts
from grannskap.measures.autocorrelation.weighted import weighted_counts

if TYPE_CHECKING:
    from grannskap.measures.autocorrelation.alignment import Laid
    from grannskap.measures.autocorrelation.arrays import Bools, Floats, Ints, Seed
    from grannskap.measures.autocorrelation.statistics import Seen

__all__ = ["Inference", "Tails", "can_reach", "infer"]

Inference = Literal["exact", "sampled"]

CLOSE = 1.25
"""A bound that is at most this many times the true tail is as good as draws."""

FEWEST_HITS = 10
"""A bound under which fewer draws than this are to be expected is better than draws."""


@dataclass(frozen=True)
class Tails:
    """The null chances of what was seen, per area; NaN where nothing was tested.

    Attributes
    ----------
    below, above : arrays
        P(≤ seen) and P(≥ seen) of the neighbours' sum or mean.
    draws : array of int
        Draws behind them; 0 where they are exact.
    excess : array
        How many times the true chance the rarer one may be where it is a bound; else 1.
    few : array of bool
        Areas whose group is too small to be tested.
    """

    below: Floats
    above: Floats
    draws: Ints
    excess: Floats
    few: Bools


def can_reach(areas: int, level: float, sides: int) -> bool:
    """Say whether any arrangement of this many areas is rare enough for the level.

    The rarest neighbourhood is one of C(n − 1, ⌊(n − 1) / 2⌋), so p is at least `sides` over that.

    Examples
    --------
    >>> can_reach(8, 0.05, 2), can_reach(9, 0.05, 2)
    (False, True)
    """
    return areas > 1 and sides / comb(areas - 1, (areas - 1) // 2) <= level


def infer(
    laid: Laid,
    seen: Seen,
    *,
    inference: Inference,
    permutations: int,
    seed: int,
    large_enough: Bools,
) -> Tails:
    """Return the tails of every area that has neighbours, in groups that can be tested."""
    count = len(laid.positions)
    tails = Tails(
        below=np.full(count, np.nan),
        above=np.full(count, np.nan),
        draws=np.zeros(count, dtype=np.int64),
        excess=np.ones(count),
        few=~large_enough[laid.group],
    )
    ends = np.cumsum(laid.sizes)
    for number in np.flatnonzero(large_enough & ~laid.constant):
        block = slice(ends[number] - laid.sizes[number], ends[number])
        query = _query(laid, block)
        if len(query.own) == 0:
            continue
        way = _exact_way(laid, seen, query, block) & (inference == "exact")
        if way.any():
            way[way] = _read(tails, seen, query.pick(way), block, permutations)
        if not way.all():
            name = crc32(str(laid.group_names[int(number)]).encode())
            counts = _counts(
                laid, seen, query.pick(~way), block, permutations=permutations, seed=(seed, name)
            )
            _put(tails, query.own[~way] + block.start, *counts)
    return tails


def _read(tails: Tails, seen: Seen, query: Query, block: slice, permutations: int) -> Bools:
    """Fill in exact tails, and say for which areas they do better than draws would.

    A bound that may be far from the tail gives way to draws, unless it is so low that hardly any
    draw would get there.
    """
    read = squared.tails if seen.squared else exact.tails
    found = read(seen.pool[block], query)
    rarer = np.minimum(found.lower, found.upper)
    kept = (found.excess <= CLOSE) | (rarer < FEWEST_HITS / (permutations + 1))
    areas = query.own[kept] + block.start
    tails.below[areas], tails.above[areas] = found.lower[kept], found.upper[kept]
    tails.excess[areas] = found.excess[kept]
    return kept


def _counts(
    laid: Laid, seen: Seen, query: Query, block: slice, *, permutations: int, seed: Seed
) -> tuple[Ints, Ints, Ints]:
    """Count the draws at most what was seen, at least it, and all."""
    values = seen.pool[block]
    if laid.equal and not seen.squared:
        return equal_counts(values, query, permutations=permutations, seed=seed)
    return weighted_counts(
        values, query, squared=seen.squared, permutations=permutations, seed=seed
    )


def _put(tails: Tails, areas: Ints, low: Ints, high: Ints, held: Ints) -> None:
    """Fill in tails counted in draws; the seen arrangement counts as one."""
    tails.below[areas], tails.above[areas] = (low + 1) / (held + 1), (high + 1) / (held + 1)
    tails.draws[areas] = held


def _query(laid: Laid, block: slice) -> Query:
    """Return the areas of one group that have neighbours."""
    degrees = laid.degrees[block]
    own = np.flatnonzero(degrees)
    links = slice(laid.starts[block.start], laid.starts[block.stop])
    sizes = degrees[own]
    return Query(
        own=own,
        sizes=sizes,
        starts=np.concatenate([[0], np.cumsum(sizes)]),
        members=laid.neighbours[links] - block.start,
        weights=laid.shares[links],
    )


def _exact_way(laid: Laid, seen: Seen, query: Query, block: slice) -> Bools:
    """Say which areas' null is a sum over a random subset that can be counted."""
    count = block.stop - block.start
    if not laid.equal or (seen.squared and count > squared.MOST_AREAS):
        return np.zeros(len(query.own), dtype=bool)
    if not seen.squared:
        return exact.countable(seen.pool[block], query.sizes)
    small: Bools = np.minimum(query.sizes, count - 1 - query.sizes) <= squared.LARGEST_SUBSET
    return small
