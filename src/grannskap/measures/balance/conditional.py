r"""Exact inference on the ratio of two odds, for thousands of two-by-two tables at once.

Given its margins, the count :math:`X` of low now is hypergeometric when both years have the
same odds, and has Fisher's noncentral distribution with parameter :math:`e^\theta` when the
odds now are :math:`e^\theta` times those then. Its supports have different lengths, so all
of them lie end to end in one array, and every sum over a table is one ``reduceat``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Tables", "lower_log_ratio", "tails_of_change", "two_sided_p"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_STEPS = 60
_CLOSE = 1e-11
_REACH = 40.0
"""Standard deviations beyond which no table has a probability that a float can hold."""


class Tables(NamedTuple):
    """Counts of two-by-two tables: low and high, now and then; every row has someone."""

    low_now: Integers
    high_now: Integers
    low_then: Integers
    high_then: Integers

    def mirrored(self) -> Tables:
        """Return the tables with low and high exchanged, whose log ratio has the other sign."""
        return Tables(self.high_now, self.low_now, self.high_then, self.low_then)


@dataclass(frozen=True)
class _Supports:
    """What low now can be, minus what it was, table after table, with log weights."""

    table: Integers
    start: Integers
    offset: Floats
    log_weight: Floats

    def where(self, chosen: npt.NDArray[np.bool_]) -> _Supports:
        table = self.table[chosen]
        start = np.flatnonzero(np.r_[True, table[1:] != table[:-1]])
        return _Supports(table, start, self.offset[chosen], self.log_weight[chosen])

    def log_sum_and_mean(self, theta: Floats) -> tuple[Floats, Floats]:
        """Return each table's log of the summed tilted weights, and its mean offset."""
        tilted = self.log_weight + theta[self.table] * self.offset
        peak = np.maximum.reduceat(tilted, self.start)
        weight = np.exp(tilted - peak[self.table])
        total = np.add.reduceat(weight, self.start)
        return peak + np.log(total), np.add.reduceat(weight * self.offset, self.start) / total


def _supports(tables: Tables, *, reach: float = np.inf) -> _Supports:
    """Lay out what low now can be; at most so many standard deviations beyond what is likely."""
    a, b, c, d = tables
    return _supports_of((a, d), (b, c), _likely(tables, reach) if np.isfinite(reach) else None)


def _supports_of(
    rising: Sequence[Integers],
    falling: Sequence[Integers],
    within: tuple[Integers, Integers] | None = None,
) -> _Supports:
    """Supports of tables where some cells rise by one while the others fall by one."""
    from scipy.special import gammaln

    first = -np.minimum.reduce(rising)
    last = np.minimum.reduce(falling)
    if within is not None:
        first, last = np.maximum(first, within[0]), np.minimum(last, within[1])
    length = last - first + 1
    table = np.repeat(np.arange(len(first)), length)
    start = np.r_[0, np.cumsum(length)[:-1]]
    offset = np.arange(len(table)) - start[table] + first[table]
    most = sum(int(cell.max()) for cell in (*rising, *falling))
    log_factorial = gammaln(np.arange(most + 1) + 1.0) if most < 4 * len(table) else None
    log_weight = np.zeros(len(table))
    for sign, cells in ((1, rising), (-1, falling)):
        for cell in cells:
            held = cell[table] + sign * offset
            log_weight -= gammaln(held + 1.0) if log_factorial is None else log_factorial[held]
    return _Supports(table, start, offset.astype(float), log_weight)


def _likely(tables: Tables, reach: float) -> tuple[Integers, Integers]:
    """Return from where to where low now, less what it was, can lie at equal odds."""
    a, b, c, d = (cell.astype(float) for cell in tables)
    whole = a + b + c + d
    mean = (a + b) * ((a + c) / whole)
    spread = np.sqrt(mean * ((c + d) / whole) * ((b + d) / np.maximum(whole - 1, 1))) + 1
    least = np.floor(np.minimum(mean - reach * spread - a, 0)).astype(np.int64)
    most = np.ceil(np.maximum(mean + reach * spread - a, 0)).astype(np.int64)
    return least, most


def two_sided_p(tables: Tables) -> Floats:
    """Two-sided p of equal odds: twice the smaller tail, each with what was observed, at most 1."""
    p: Floats = np.minimum(1.0, 2 * np.minimum(*_tails(_supports(tables, reach=_REACH))))
    return p


def tails_of_change(now: Tables, then: Tables) -> tuple[Floats, Floats]:
    """Tails of Zelen's exact test that the ratio of odds is the same now as then.

    Given the margins of both tables and the low now of both together, their weights are the
    products of the two tables' own, whatever that ratio is. The first tail is of as much low in
    the table of now as was counted, or more; the second of as much or less.
    """
    if not len(now.low_now):
        return np.zeros(0), np.zeros(0)
    a, b, c, d = now
    e, f, g, h = then
    return _tails(_supports_of((a, d, f, g), (b, c, e, h)))


def _tails(every: _Supports) -> tuple[Floats, Floats]:
    """Return the probability of what was observed or more, and of it or less, at equal odds."""
    even = np.zeros(len(every.start))
    whole, _ = every.log_sum_and_mean(even)
    above, _ = every.where(every.offset >= 0).log_sum_and_mean(even)
    below, _ = every.where(every.offset <= 0).log_sum_and_mean(even)
    return np.exp(above - whole), np.exp(below - whole)


def lower_log_ratio(tables: Tables, *, tail: float) -> Floats:
    r"""Lower bound of the log ratio of the odds now to the odds then.

    The :math:`\theta` at which as much low now as observed, or more, has probability `tail`.
    The log of that probability rises with :math:`\theta` and is concave, since the weights
    are log-concave and cutting such a distribution never widens it; so Newton's steps reach
    the root from any start, and from below after the first. Minus infinity where low now
    could not have been less.
    """
    bounded = (tables.low_now > 0) & (tables.high_then > 0)
    theta = np.full(len(bounded), -np.inf)
    if bounded.any():
        theta[bounded] = _root(Tables(*(cell[bounded] for cell in tables)), tail)
    return theta


def _root(tables: Tables, tail: float) -> Floats:
    every = _supports(tables)
    above = every.where(every.offset >= 0)
    theta = _normal_bound(tables, tail)
    for _ in range(_STEPS):
        whole, mean = every.log_sum_and_mean(theta)
        upper, upper_mean = above.log_sum_and_mean(theta)
        step = (np.log(tail) - (upper - whole)) / (upper_mean - mean)
        theta = theta + step
        if np.abs(step).max() < _CLOSE * (1 + np.abs(theta).max()):
            break
    return theta


def _normal_bound(tables: Tables, tail: float) -> Floats:
    """Return where Newton starts: the bound of the log ratio taken as normal."""
    from scipy.special import ndtri

    a, b, c, d = (cell + 0.5 for cell in tables)
    spread = np.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    start: Floats = np.log(a * d / (b * c)) + ndtri(tail) * spread
    return start
