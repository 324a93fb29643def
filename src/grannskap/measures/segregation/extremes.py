"""Concentration at the extremes: how far each area's people lie towards one pole or the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from grannskap.measures import proportion
from grannskap.measures.membership import Bounded, bounded
from grannskap.measures.overdispersion import check_dispersion

if TYPE_CHECKING:
    from grannskap.counts import Counts
    from grannskap.measures.segregation.formulas import Floats

__all__ = ["extremes"]

STEPS = 60
"""Halvings of the interval (−1, 1): beyond them nothing is left that a double could hold."""


def extremes(
    low: Counts | pd.Series[Any],
    high: Counts | pd.Series[Any],
    base: Counts | pd.Series[Any],
    *,
    confidence: float = 0.95,
    dispersion: float = 0.0,
) -> pd.DataFrame:
    r"""Index of concentration at the extremes of each area, ICE, −1 (all low) … 1 (all high).

    :math:`(high - low) / base`. Unlike the balance it is 0 as well where there are as many of
    both as where nobody is either, and it has a value where one of them is nobody.

    Parameters
    ----------
    low, high, base : Counts, or pandas.Series of float
        Counts on the same index (``deso``): both poles, and all that they are of. In a plain
        column NaN is missing, and the count may be anything.
    confidence : float
        Confidence of the interval of what chance could do, 0–1.
    dispersion : float
        Correlation of two households in one area, from 0 to below 1: the counts weigh as if
        there were so many fewer.

    Returns
    -------
    pandas.DataFrame
        On the index of the counts: ``estimate``, NaN where a count has no value or the base is
        0; ``lower`` and ``upper``, the least and the most that it can be when each count lies
        anywhere between its own bounds, −1 and 1 where nothing is known; ``interval_lower`` and
        ``interval_upper``, from the lower end at the lower bound to the upper end at the upper.

    Raises
    ------
    DataError
        When indexes differ, a count is negative or infinite or outside its bounds, or the
        confidence or the dispersion is not what it can be.

    Notes
    -----
    The interval is Tango's score interval of a difference between two shares of the same people,
    which holds the true value about as often as it says also where people are few.

    References
    ----------
    Massey, D. S. (2001). The prodigal paradigm returns. In *Does It Take a Village?* Erlbaum.
    Tango, T. (1998). Equivalence test and confidence interval for the difference in proportions
    for the paired-sample design. *Statistics in Medicine* 17, 891–908.

    Examples
    --------
    >>> area = ["0114A0010"]
    >>> low, high, base = (pd.Series([count], index=area) for count in (60.0, 20.0, 160.0))
    >>> extremes(low, high, base).iloc[0].round(2).tolist()
    [-0.25, -0.25, -0.25, -0.35, -0.14]
    """
    proportion.check_confidence(confidence)
    check_dispersion(dispersion)
    index, (lows, highs, bases) = bounded(low, high, base)
    part = highs.value - lows.value
    estimate = np.divide(part, bases.value, out=np.full(len(index), np.nan), where=bases.value > 0)
    lower, least = _least(lows, highs, bases)
    upper, most = _least(highs, lows, bases)
    chance = (confidence, dispersion)
    ends = {
        "estimate": np.clip(estimate, -1.0, 1.0),
        "lower": lower,
        "upper": -upper,
        "interval_lower": _lower_end(least, *chance),
        "interval_upper": -_lower_end(most, *chance),
    }
    return pd.DataFrame(ends, index=index)


def _least(
    many: Bounded, few: Bounded, base: Bounded
) -> tuple[Floats, tuple[Floats, Floats, Floats]]:
    """Return the least that (few − many) / base can be, and the three counts that make it."""
    less = few.lower
    more = np.minimum(many.upper, np.maximum(base.upper - less, many.lower))
    whole = np.where(less < more, np.maximum(base.lower, less + more), base.upper)
    nothing = ~np.isfinite(more)
    share = np.divide(less - more, whole, out=np.full(len(whole), np.nan), where=whole > 0)
    found = np.where(nothing, -1.0, np.clip(share, -1.0, 1.0))
    return found, (less, np.where(nothing, np.nan, more), whole)


def _lower_end(
    counts: tuple[Floats, Floats, Floats], confidence: float, dispersion: float
) -> Floats:
    """Return the least share (plus − minus) / whole from which so much is not too rare."""
    from scipy.special import ndtri

    plus, minus, whole = counts
    whole = np.where(np.isfinite(whole), whole, 0.0)
    weight = 1 / (1 + (np.maximum(whole, 1) - 1) * dispersion)
    plus, minus, whole = plus * weight, minus * weight, whole * weight
    square = ndtri((1 + confidence) / 2) ** 2
    told = np.full(len(whole), -1.0)
    known = np.isfinite(plus) & np.isfinite(minus) & (whole > 0)
    plus, minus, whole = plus[known], minus[known], np.maximum(whole, plus + minus)[known]
    low, high = np.full(len(whole), -1.0), (plus - minus) / whole
    for _ in range(STEPS):
        middle = (low + high) / 2
        beyond = (plus - minus - whole * middle) ** 2
        rare = beyond > square * whole * _variance(plus, minus, whole, middle)
        low, high = np.where(rare, middle, low), np.where(rare, high, middle)
    told[known] = high
    return told


def _variance(plus: Floats, minus: Floats, whole: Floats, apart: Floats) -> Floats:
    """Return the variance of one person's score where the difference is `apart`, fitted."""
    middle = (2 * whole - plus + minus) * apart - plus - minus
    root = np.sqrt(np.maximum(middle**2 + 8 * whole * minus * apart * (1 - apart), 0.0))
    share = (root - middle) / (4 * whole)
    return np.maximum(2 * share + apart * (1 - apart), 0.0)
