"""Local statistics: what is observed around each area, and what chance would give on average.

Formulas as in esda 2.9 (the tests hold them equal to 1e-12), computed here because esda reads
values by position, knows no groups, and changes the process's warning filters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from grannskap.errors import DataError
from grannskap.measures.autocorrelation.alignment import Bools, Floats, Ints, totals

if TYPE_CHECKING:
    from grannskap.measures.autocorrelation.alignment import Aligned

__all__ = [
    "LocalStatistic",
    "Observed",
    "block_means",
    "check_not_negative",
    "observe",
    "standardise",
]

LocalStatistic = Literal["moran", "bivariate_moran", "geary", "g", "g_star", "join_counts"]


@dataclass(frozen=True)
class Observed:
    """A local statistic per area, and what its null distribution is made of.

    Attributes
    ----------
    statistic, expected : arrays
        The statistic, and its mean under the conditional null; NaN where it is not defined.
    pool : array
        The values that a random neighbourhood is drawn from.
    sign : array
        How the statistic moves with the neighbours' sum: 1, −1, or 0 where it cannot move.
    high, surrounded : arrays of bool
        Whether the area, and its surroundings, lie above the mean; where `squared`, whether the
        surroundings lie above the area.
    squared : bool
        Whether the statistic is made of squared differences from the area's own value.
    """

    statistic: Floats
    expected: Floats
    pool: Floats
    sign: Ints
    high: Bools
    surrounded: Bools
    squared: bool = False


def observe(aligned: Aligned, statistic: LocalStatistic) -> Observed:
    """Return the local statistic of every area that has data."""
    x = aligned.columns[0]
    if statistic in ("moran", "bivariate_moran"):
        return _moran(aligned, x, aligned.columns[-1])
    if statistic == "geary":
        return _geary(aligned, x)
    if statistic == "join_counts":
        return _join_counts(aligned, x)
    return _getis_ord(aligned, x, star=statistic == "g_star")


def block_means(aligned: Aligned, x: Floats) -> Floats:
    """Return each area's group mean."""
    sums = totals(aligned.group, x, len(aligned.group_names))
    means: Floats = (sums / np.maximum(aligned.sizes, 1))[aligned.group]
    return means


def standardise(aligned: Aligned, x: Floats) -> Floats:
    """Return z-scores within each group; 0 in a group where all values are the same."""
    centred = x - block_means(aligned, x)
    centred -= block_means(aligned, centred)
    deviation = np.sqrt(block_means(aligned, centred**2))
    largest = np.zeros(len(aligned.group_names))
    np.maximum.at(largest, aligned.group, np.abs(x))
    same = deviation <= 1e-12 * largest[aligned.group]
    z = np.divide(centred, deviation, out=np.zeros_like(centred), where=~same)
    z[np.abs(z) < 1e-12] = 0.0
    return z


def _moran(aligned: Aligned, x: Floats, y: Floats) -> Observed:
    z, other = standardise(aligned, x), standardise(aligned, y)
    lag = aligned.lag(other)
    n = np.maximum(aligned.sizes[aligned.group], 2)
    return Observed(
        statistic=(n - 1) / n * z * lag,
        expected=-z * other / n * (aligned.degrees > 0),
        pool=y,
        sign=np.sign(z).astype(np.int64),
        high=z > 0,
        surrounded=lag > 0,
    )


def _geary(aligned: Aligned, x: Floats) -> Observed:
    z = standardise(aligned, x)
    n = np.maximum(aligned.sizes[aligned.group], 2)
    squares = aligned.lag(z**2) - 2 * z * aligned.lag(z) + z**2
    return Observed(
        statistic=squares,
        expected=n * (1 + z**2) / (n - 1),
        pool=x,
        sign=np.ones(len(z), dtype=np.int64),
        high=z > 0,
        surrounded=aligned.lag(z) > z,
        squared=True,
    )


def _getis_ord(aligned: Aligned, x: Floats, *, star: bool) -> Observed:
    check_not_negative(x)
    n = np.maximum(aligned.sizes[aligned.group], 2)
    total = totals(aligned.group, x, len(aligned.group_names))[aligned.group]
    own = aligned.largest_weight() if star else np.zeros(len(x))
    whole = total - (0 if star else x)
    around = (total - x) / (n - 1)
    scale = np.divide(1.0, (1 + own) * whole, out=np.full(len(x), np.nan), where=whole > 0)
    statistic = (aligned.lag(x) + own * x) * scale
    expected = (around + own * x) * scale
    return Observed(
        statistic=statistic,
        expected=expected,
        pool=x,
        sign=np.ones(len(x), dtype=np.int64),
        high=x > block_means(aligned, x),
        surrounded=aligned.lag(x) > around,
    )


def _join_counts(aligned: Aligned, x: Floats) -> Observed:
    if not np.isin(x, (0.0, 1.0)).all():
        raise DataError("join counts of other values")
    if not aligned.equal:
        raise DataError("join counts of unequal weights")
    n = np.maximum(aligned.sizes[aligned.group], 2)
    total = totals(aligned.group, x, len(aligned.group_names))[aligned.group]
    joined = aligned.lag(x) * aligned.degrees
    return Observed(
        statistic=np.where(x > 0, np.rint(joined), np.nan),  # counted for those that have 1
        expected=x * aligned.degrees * (total - x) / (n - 1),
        pool=x,
        sign=x.astype(np.int64),
        high=x > 0,
        surrounded=joined > aligned.degrees * (total - x) / (n - 1),
    )


def check_not_negative(x: Floats) -> None:
    """Refuse values below 0: Getis–Ord statistics are quotients of sums."""
    if (x < 0).any():
        raise DataError("values below nothing", {"count": int((x < 0).sum())})
