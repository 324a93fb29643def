"""The way to p that each area's statistic has: exact where there is one, else from draws."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from math import comb
from typing import TYPE_CHECKING, Literal
from zlib import crc32

import numpy as np

from grannskap.measures.autocorrelation.null import exact, geary
from grannskap.measures.autocorrelation.null.attainable import (
    Asked,
    Steps,
    attained,
    least_tails,
)
from grannskap.measures.autocorrelation.null.query import Query, Reading
from grannskap.measures.autocorrelation.null.sampled import equal_counts, weighted_counts
from grannskap.measures.autocorrelation.null.subsets import arrangements_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grannskap.measures.autocorrelation.alignment import Aligned, Bools, Floats, Ints, Seed
    from grannskap.measures.autocorrelation.options import Options
    from grannskap.measures.autocorrelation.statistics import Observed

__all__ = ["Inference", "Tails", "can_reach", "infer", "steps"]

Inference = Literal["exact", "sampled"]

CLOSE = 1.25
"""A bound that is at most this many times the true tail is as good as draws."""

FEWEST_HITS = 10
"""An area whose rarer tail fewer draws than this have reached is worth more of them."""


@dataclass(frozen=True)
class Tails:
    """The null chances of what was observed, per area; NaN where nothing was tested.

    Attributes
    ----------
    chance : array of shape (2, areas)
        P(≤ observed) and P(≥ observed) of the neighbours' sum or mean.
    excess : array of shape (2, areas)
        How many times the true chance each may be where it is a bound; else 1.
    least : array of shape (2, areas)
        The least that each can be, whatever neighbours the area had.
    draws : array of int
        Draws behind them; 0 where they are exact.
    asked : array of int
        Draws that were made for them, of which those that hold the area itself do not count.
    few : array of bool
        Areas whose group is too small to be tested.
    """

    chance: Floats
    excess: Floats
    least: Floats
    draws: Ints
    asked: Ints
    few: Bools


def can_reach(areas: int, alpha: float, sides: int) -> bool:
    """Say whether any arrangement of this many areas is rare enough for the rate.

    The rarest neighbourhood is one of C(n − 1, ⌊(n − 1) / 2⌋), so p is at least `sides` over that.

    Examples
    --------
    >>> can_reach(8, 0.05, 2), can_reach(9, 0.05, 2)
    (False, True)
    """
    return areas > 1 and sides / comb(areas - 1, (areas - 1) // 2) <= alpha


def infer(aligned: Aligned, observed: Observed, options: Options, large_enough: Bools) -> Tails:
    """Return the tails of every area that has neighbours, in groups that can be tested."""
    count = len(aligned.positions)
    tails = Tails(
        chance=np.full((2, count), np.nan),
        excess=np.ones((2, count)),
        least=np.full((2, count), np.nan),
        draws=np.zeros(count, dtype=np.int64),
        asked=np.zeros(count, dtype=np.int64),
        few=~large_enough[aligned.group],
    )
    tested = (aligned.degrees > 0) & ~np.isnan(observed.statistic)
    tested &= (large_enough & ~aligned.constant)[aligned.group]
    enough = options.enough_draws(int(tested.sum()))
    for number, block in _blocks(aligned):
        query = _query(aligned, block).pick(tested[block][aligned.degrees[block] > 0])
        if len(query.own) == 0:
            continue
        way = np.zeros(len(query.own), dtype=bool)
        if options.inference == "exact" and aligned.equal:
            way = _read(tails, observed, query, block, enough)
        if not way.all():
            name = crc32(str(aligned.group_names[number]).encode())
            left, seed = query.pick(~way), (options.seed, name)
            _draw(
                tails, aligned, observed, left, block, permutations=options.permutations, seed=seed
            )
            few = _hits(tails, left.own + block.start) < FEWEST_HITS
            if enough > options.permutations and few.any():
                _draw(
                    tails, aligned, observed, left.pick(few), block, permutations=enough, seed=seed
                )
    _bound_below(tails, aligned, observed, np.flatnonzero(tested))
    return tails


def _blocks(aligned: Aligned) -> Iterator[tuple[int, slice]]:
    """Yield each group's number, and the areas that it spans."""
    ends = np.cumsum(aligned.sizes)
    for number, (size, end) in enumerate(zip(aligned.sizes, ends, strict=True)):
        yield number, slice(int(end - size), int(end))


def _read(tails: Tails, observed: Observed, query: Query, block: slice, draws: int) -> Bools:
    """Fill in exact tails, and say for which areas they do better than draws would.

    A bound that may be far from the tail gives way to draws, unless it is so low that so many
    could not show less.
    """
    way = _sums if not observed.squared else _squares
    can, read = way(observed.pool[block], query)
    if not can.any():
        return can
    found = read(query.pick(can))
    kept = (found.excess <= CLOSE) | (found.rarer < 1 / (draws + 1))
    areas = query.own[can][kept] + block.start
    tails.chance[:, areas] = found.lower[kept], found.upper[kept]
    tails.excess[:, areas] = found.lower_excess[kept], found.upper_excess[kept]
    can[can] = kept
    return can


def _draw(
    tails: Tails,
    aligned: Aligned,
    observed: Observed,
    query: Query,
    block: slice,
    *,
    permutations: int,
    seed: Seed,
) -> None:
    """Fill in tails counted in draws; the observed arrangement counts as one."""
    values = observed.pool[block]
    if aligned.equal and not observed.squared:
        counts = equal_counts(values, query, permutations=permutations, seed=seed)
    else:
        counts = weighted_counts(
            values, query, squared=observed.squared, permutations=permutations, seed=seed
        )
    low, high, held = counts
    areas = query.own + block.start
    tails.chance[:, areas] = (low + 1) / (held + 1), (high + 1) / (held + 1)
    tails.draws[areas], tails.asked[areas] = held, permutations


def _hits(tails: Tails, areas: Ints) -> Floats:
    """Return how many draws reached each area's rarer tail."""
    hits: Floats = np.rint(tails.chance[:, areas].min(axis=0) * (tails.draws[areas] + 1)) - 1
    return hits


def _bound_below(tails: Tails, aligned: Aligned, observed: Observed, areas: Ints) -> None:
    """Fill in the least that each tail can be: by its arrangements, and by its draws."""
    by_draws = np.where(tails.draws[areas] > 0, 1 / (tails.draws[areas] + 1), 0.0)
    least = np.zeros((2, len(areas)))
    if aligned.equal and len(areas):
        asked = Asked.of(areas, aligned.degrees, aligned.sizes, aligned.group)
        least = least_tails(observed.pool, asked, squared=observed.squared)
    tails.least[:, areas] = np.maximum(least, by_draws)


def steps(aligned: Aligned, observed: Observed, chosen: Bools) -> tuple[Steps, Bools, Floats]:
    """List the attainable tails of the chosen areas, where they are few enough to be listed.

    Returns
    -------
    Steps
        The attainable tails.
    array of bool
        The areas of which it could be done.
    array
        The number of arrangements of each area that was chosen.
    """
    areas = np.flatnonzero(chosen & (aligned.degrees > 0))
    asked = Asked.of(areas, aligned.degrees, aligned.sizes, aligned.group)
    found, done = attained(observed.pool, asked, squared=observed.squared)
    listed = np.zeros(len(chosen), dtype=bool)
    listed[areas] = done
    arrangements = np.full(len(chosen), np.inf)
    arrangements[areas] = arrangements_of(asked.others, asked.sizes)
    return replace(found, row=areas[found.row]), listed, arrangements


def _query(aligned: Aligned, block: slice) -> Query:
    """Return the areas of one group that have neighbours."""
    degrees = aligned.degrees[block]
    own = np.flatnonzero(degrees)
    links = slice(aligned.starts[block.start], aligned.starts[block.stop])
    sizes = degrees[own]
    return Query(
        own=own,
        sizes=sizes,
        starts=np.concatenate([[0], np.cumsum(sizes)]),
        members=aligned.neighbours[links] - block.start,
        weights=aligned.shares[links],
    )


def _sums(values: Floats, query: Query) -> tuple[Bools, Callable[[Query], Reading]]:
    """Say of which areas the sums can be counted, and how."""
    pool = exact.Pool.of(values)
    return pool.countable(query.sizes), pool.tails


def _squares(values: Floats, query: Query) -> tuple[Bools, Callable[[Query], Reading]]:
    """Say of which areas the squared differences can be counted, and how."""
    smaller = np.minimum(query.sizes, len(values) - 1 - query.sizes)
    can = (smaller <= geary.LARGEST_SUBSET) & (len(values) <= geary.MOST_AREAS)
    return can, partial(geary.tails, values)
