r"""Inference on the ratio of two odds when the households of one area are alike.

As in `grannskap.measures.balance.conditional`, low now is taken given the margins of its table, but
each year is beta-binomial. Its distribution then depends on the mean share too, which is not
known: what is worst (the greatest p, the widest interval) of the pooled share and of one standard
error to either side is used. By exact counting (`tests/test_balance_alike.py`) that keeps the
error below the stated one. Where the correlation goes to 0 it is Fisher's exact inference.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from grannskap.measures.balance.conditional import Tables
from grannskap.measures.overdispersion import increasing_root, running_sums, starts_of

__all__ = ["Alike", "lower_log_ratio", "two_sided_p"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_SHIFTS = (0.0, -1.0, 1.0)
_REACH = 14.0  # standard deviations beyond which a tail adds nothing that a float can hold
_LEAST = 1e-9  # below it, a correlation is none


@dataclass(frozen=True)
class Alike:
    """Two-by-two tables, with the correlation of two households of one area in each year."""

    tables: Tables
    now: Floats
    then: Floats

    def where(self, chosen: npt.NDArray[np.bool_] | Integers) -> Alike:
        """Return some of the tables."""
        tables = Tables(*(cell[chosen] for cell in self.tables))
        return Alike(tables, self.now[chosen], self.then[chosen])

    def mirrored(self) -> Alike:
        """Return the tables with low and high exchanged, whose log ratio has the other sign."""
        return Alike(self.tables.mirrored(), self.now, self.then)

    def sizes(self) -> tuple[Integers, Integers, Integers]:
        """Return how many are either now, how many then, and how many are low in both years."""
        a, b, c, d = self.tables
        return a + b, c + d, a + c

    def inflation(self) -> tuple[Floats, Floats]:
        """Return the variance of each year's count over that of independent households."""
        now, then, _ = self.sizes()
        return 1 + (now - 1) * self.now, 1 + (then - 1) * self.then


def two_sided_p(alike: Alike) -> Floats:
    """Two-sided p of equal odds: twice the smaller tail, each with what was observed, at most 1."""
    now, then, low = alike.sizes()
    p = np.ones(len(low))
    mixed = (low > 0) & (low < now + then)
    if mixed.any():
        some, even = alike.where(mixed), np.zeros(int(mixed.sum()))
        other = some.mirrored()
        tails = [
            np.minimum(_log_upper_tail(some, even, shift), _log_upper_tail(other, even, -shift))
            for shift in _SHIFTS
        ]
        p[mixed] = np.minimum(1.0, 2 * np.exp(np.maximum.reduce(tails)))
    return p


def lower_log_ratio(alike: Alike, *, tail: float) -> Floats:
    """Lower bound of the log ratio of the odds now to the odds then; −∞ where there is none."""
    bounded = (alike.tables.low_now > 0) & (alike.tables.high_then > 0)
    theta = np.full(len(bounded), -np.inf)
    if bounded.any():
        some = alike.where(bounded)
        bracket = _bracket(some, tail)
        roots = [increasing_root(_excess(some, shift, tail), *bracket) for shift in _SHIFTS]
        theta[bounded] = np.minimum.reduce(roots)
    return theta


def _excess(alike: Alike, shift: float, tail: float) -> Callable[[Floats, Integers], Floats]:
    def excess(theta: Floats, rows: Integers) -> Floats:
        above: Floats = _log_upper_tail(alike.where(rows), theta, shift) - np.log(tail)
        return above

    return excess


def _bracket(alike: Alike, tail: float) -> tuple[Floats, Floats]:
    """Return where the root is looked for: about the bound of the log ratio taken as normal."""
    from scipy.special import ndtri

    a, b, c, d = (cell + 0.5 for cell in alike.tables)
    now, then = alike.inflation()
    spread = np.sqrt(now * (1 / a + 1 / b) + then * (1 / c + 1 / d))
    centre = np.log(a * d / (b * c)) + ndtri(tail) * spread
    return centre - spread / 2, centre + spread / 2


def _log_upper_tail(alike: Alike, theta: Floats, shift: float) -> Floats:
    """Log of the probability of as much low now as observed, or more, given all that is low."""
    now, then, low = alike.sizes()
    share_now, share_then = _shares(alike, theta, shift)
    scale_now, scale_then = (1 / np.maximum(rho, _LEAST) - 1 for rho in (alike.now, alike.then))
    first, last = _window(alike)
    length = last - first + 1
    row, start = np.repeat(np.arange(len(first)), length), starts_of(length)
    x = (first[row] + np.arange(len(row)) - start[row] - 1).astype(float)  # the term before
    y, n, m = low[row] - x, now[row], then[row]
    alpha, beta = (share_now * scale_now)[row], ((1 - share_now) * scale_now)[row]
    gamma, delta = (share_then * scale_then)[row], ((1 - share_then) * scale_then)[row]
    with np.errstate(divide="ignore", invalid="ignore"):  # before the first there is none
        ratio = (n - x) * y / ((x + 1) * (m - y + 1))
        ratio *= (x + alpha) * (m - y + delta) / ((n - x - 1 + beta) * (y - 1 + gamma))
    ratio[start] = 1.0
    terms = running_sums(np.log(ratio), start, row)
    peak = np.maximum.reduceat(terms, start)
    weight = np.exp(terms - peak[row])
    whole = np.add.reduceat(weight, start)
    weight[x + 1 < alike.tables.low_now[row]] = 0.0
    with np.errstate(divide="ignore"):
        tail: Floats = np.log(np.add.reduceat(weight, start) / whole)
    return tail


def _window(alike: Alike) -> tuple[Integers, Integers]:
    """Return the least and the most of low now that matters to any tail."""
    now, then, low = alike.sizes()
    inflation = alike.inflation()
    reach = 50 + _REACH / 2 * np.sqrt(np.minimum(now * inflation[0], then * inflation[1]))
    expected, seen = low * (now / (now + then)), alike.tables.low_now
    first = np.floor(np.minimum(expected, seen) - reach).astype(np.int64)
    last = np.ceil(np.maximum(expected, seen) + reach).astype(np.int64)
    return np.maximum(first, np.maximum(0, low - then)), np.minimum(last, np.minimum(now, low))


def _shares(alike: Alike, theta: Floats, shift: float) -> tuple[Floats, Floats]:
    r"""Return the mean shares now and then whose odds differ by :math:`e^\theta`.

    Both lie about the pooled share, moved by `shift` standard errors of its log odds, the year
    with less information the further from it.
    """
    from scipy.special import expit

    now, then, low = alike.sizes()
    inflation = alike.inflation()
    known_now, known_then = now / inflation[0], then / inflation[1]
    known = known_now + known_then
    pooled = low / (now + then)
    steady = (pooled * known + 0.5) / (known + 1)
    error = 1 / np.sqrt(known * steady * (1 - steady))
    middle = np.log(pooled / (1 - pooled)) + shift * error
    at = middle + theta * known_then / known, middle - theta * known_now / known
    now_share, then_share = (expit(np.clip(odds, -600, 36)) for odds in at)
    return now_share, then_share
