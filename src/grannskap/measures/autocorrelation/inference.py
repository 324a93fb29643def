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
    from grannskap.measures.autocorrelation.arrays import Bools, Floats, Ints
    from grannskap.measures.autocorrelation.statistics import Seen

__all__ = ["Inference", "Tails", "can_reach", "infer"]

Inference = Literal["exact", "sampled"]


@dataclass(frozen=True)
class Tails:
    """The null chances of what was seen, per area; NaN where nothing was tested.

    Attributes
    ----------
    below, above : arrays
        P(≤ seen) and P(≥ seen) of the neighbours' sum or mean.
    draws : array of int
        Draws behind them; 0 where they are exact.
    few : array of bool
        Areas whose group is too small to be tested.
    """

    below: Floats
    above: Floats
    draws: Ints
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
    """Return the tails of every area that has neighbours, group by group."""
    count = len(laid.positions)
    below, above = np.full(count, np.nan), np.full(count, np.nan)
    made = np.zeros(count, dtype=np.int64)
    ends = np.cumsum(laid.sizes)
    for number in np.flatnonzero(large_enough):
        block = slice(ends[number] - laid.sizes[number], ends[number])
        query = _query(laid, block)
        if len(query.own) == 0:
            continue
        values, areas = seen.pool[block], query.own + block.start
        way = _exact_way(laid, seen, query, block) & (inference == "exact")
        if way.any():
            tails = squared.tails if seen.squared else exact.tails
            below[areas[way]], above[areas[way]] = tails(values, query.pick(way))
        if not way.all():
            rest, left = areas[~way], query.pick(~way)
            name = crc32(str(laid.group_names[int(number)]).encode())
            if laid.equal and not seen.squared:
                low, high, held = equal_counts(
                    values, left, permutations=permutations, seed=(seed, name)
                )
            else:
                low, high, held = weighted_counts(
                    values, left, squared=seen.squared, permutations=permutations, seed=(seed, name)
                )
            below[rest], above[rest] = (low + 1) / (held + 1), (high + 1) / (held + 1)
            made[rest] = held
    return Tails(below, above, made, ~large_enough[laid.group])


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
