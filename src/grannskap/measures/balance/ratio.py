"""The balance of two counts by area, why it can be missing, and how sure it is."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.catalogue import BALANCE_STATUSES, Status
from grannskap.counts import Counts
from grannskap.language import Text
from grannskap.measures import proportion
from grannskap.measures.membership import Bounded, bounded
from grannskap.measures.overdispersion import check_dispersion

__all__ = [
    "STATUSES",
    "areas",
    "ratio_bounds",
    "ratio_columns",
    "ratios",
    "rounded_to_zero",
    "status_words",
]

Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]

STATUSES: dict[str, Text] = {
    **BALANCE_STATUSES,
    **{state.value: state.label() for state in Status},
}
"""What `status` can say, with the words that outputs use."""


def areas(
    low: Counts | pd.Series[Any],
    high: Counts | pd.Series[Any],
    *,
    confidence: float = 0.95,
    dispersion: float = 0.0,
) -> pd.DataFrame:
    r"""Balance of each area, low for each high, 0 … ∞; 1 is an even mix.

    ``balance = low / high``. What is hidden from us is told by bounds, the least and the
    most that the balance can be when each count lies anywhere between its own. What chance
    could do is told by an interval, under a model that it is no better than. The register
    counts everybody, so chance is who happens to live there when it is counted.

    With a `dispersion` of 0 the model is independent households with equal odds: given how
    many are either, low is binomial, and the Clopper–Pearson bounds :math:`p` of its
    proportion are turned into odds, :math:`p/(1-p)`. Families, stairwells and blocks move
    and earn together, and then the interval is too narrow. A dispersion above 0 is the
    correlation of two households of one area, and low is beta-binomial (see
    `grannskap.measures.proportion.interval`). Where counts are only bounded, the interval
    reaches from the lower end at the lower bound to the upper end at the upper bound.

    Any two categories can be balanced, also sums of columns: ``areas(q1 + q2, q3 + q4)``
    takes the middle groups in.

    Parameters
    ----------
    low, high : Counts, or pandas.Series of float
        Counts on the same index (``deso``). In a plain column NaN is missing, and the count
        may be anything.
    confidence : float
        Confidence of the interval, between 0 and 1; under its model it covers at least as
        often.
    dispersion : float
        Correlation of two households in one area, from 0 to below 1.

    Returns
    -------
    pandas.DataFrame
        On the index of the counts: ``estimate``, infinite where nobody is high, NaN where
        nobody is either, a count has no value, or its zero may be a few that were rounded;
        ``lower`` and ``upper``, the bounds, both equal to the estimate where the counts are
        known, NaN only where nobody is either, 0 and infinity where nothing is known;
        ``interval_lower`` and ``interval_upper``;
        ``status``, a key of `STATUSES`: ``"value"``, ``"nobody high"``, ``"nobody either"``,
        ``"rounded to zero"`` or why a count has no value (of two reasons, that of low).

    Raises
    ------
    DataError
        When the indexes differ, an area comes twice, a count is negative or infinite or
        outside its bounds, or the confidence or the dispersion is not what it can be.

    References
    ----------
    Grander, M. (2020). Follow-up research of Allmännyttans innovationslabb. Malmö
    universitet. Clopper, C. J. and Pearson, E. S. (1934). The use of confidence or fiducial
    limits illustrated in the case of the binomial. *Biometrika* 26, 404–413.

    Examples
    --------
    >>> import pandas as pd
    >>> codes = ["0114A0010", "0114A0020", "0114A0030"]
    >>> low = pd.Series([36.0, 10.0, 0.0], index=codes)
    >>> hidden = pd.Series([20.0, None, 0.0], index=codes)
    >>> status = pd.Series(["value", "suppressed", "value"], index=codes)
    >>> high = Counts(hidden, hidden.fillna(1), hidden.fillna(3), status)
    >>> areas(low, high)[["estimate", "lower", "upper", "status"]].round(2)
               estimate  lower  upper         status
    0114A0010       1.8   1.80    1.8          value
    0114A0020       NaN   3.33   10.0     suppressed
    0114A0030       NaN    NaN    NaN  nobody either
    """
    proportion.check_confidence(confidence)
    check_dispersion(dispersion)
    index, (lows, highs) = bounded(low, high)
    rounded = rounded_to_zero(lows, highs)
    columns = ratio_columns(
        lows, highs, rounded, confidence=confidence, dispersion=(dispersion, dispersion)
    )
    told = pd.Series(status_words(lows, highs, rounded), index=index, dtype="str")
    return pd.DataFrame(columns, index=index).assign(status=told)


def ratio_columns(
    low: Bounded,
    high: Bounded,
    rounded: Marks,
    *,
    confidence: float,
    dispersion: tuple[float | Floats, float | Floats],
) -> dict[str, Floats]:
    """Return estimate, bounds and interval of low to high.

    `dispersion` is that of the counts where the ratio is lowest, and where it is highest.
    """
    least, most = ratio_bounds((low.lower, low.upper), (high.lower, high.upper))
    share = _lower_share(low.lower, high.upper, confidence, dispersion[0])
    # The upper end is one over the lower end of high to low; 1 - p would lose digits.
    rest = _lower_share(high.lower, low.upper, confidence, dispersion[1])
    undefined = np.isnan(least)
    with np.errstate(divide="ignore"):
        below, above = share / (1 - share), (1 - rest) / rest
    return {
        "estimate": ratios(low, high, rounded),
        "lower": least,
        "upper": most,
        "interval_lower": np.where(undefined, np.nan, below),
        "interval_upper": np.where(undefined, np.nan, above),
    }


def ratios(low: Bounded, high: Bounded, rounded: Marks) -> Floats:
    """Return low per high; NaN where one is missing, or a zero that may be a rounded few."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = low.value / high.value
    return np.where(rounded, np.nan, found)


def rounded_to_zero(*counts: Bounded) -> Marks:
    """Tell where a count is zero as it is written, and may be more: "0 per cent" of a register."""
    rounded: Marks = np.any([(one.value == 0) & (one.upper > 0) for one in counts], axis=0)
    return rounded


def _lower_share(
    part: Floats, rest: Floats, confidence: float, dispersion: float | Floats
) -> Floats:
    """Return the lower end of the share of part; 0 where nobody, or anybody, may be there."""
    finite = np.isfinite(part) & np.isfinite(rest)
    part, rest = np.where(finite, part, 0.0), np.where(finite, rest, 0.0)
    lower = proportion.lower_end(part, part + rest, confidence=confidence, dispersion=dispersion)
    return np.where(part + rest > 0, lower, 0.0)


def ratio_bounds(
    above: tuple[Floats, Floats], below: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    """Return the least and the most of one quantity over another, wherever they are in bounds.

    A pair of two zeros, or of two infinities, has no ratio and is left out; both ends are NaN
    where no other pair is possible.
    """
    (a_least, a_most), (b_least, b_most) = above, below
    with np.errstate(divide="ignore", invalid="ignore"):
        least, most = a_least / b_most, a_most / b_least
    zeros, infinities = (a_least == 0) & (b_most == 0), np.isinf(a_least) & np.isinf(b_most)
    least = np.where(zeros & (a_most > 0) | infinities & (b_least < np.inf), np.inf, least)
    zeros, infinities = (a_most == 0) & (b_least == 0), np.isinf(a_most) & np.isinf(b_least)
    most = np.where(zeros & (b_most > 0) | infinities & (a_least < np.inf), 0.0, most)
    return least, most


def status_words(low: Bounded, high: Bounded, rounded: Marks) -> npt.NDArray[np.object_]:
    """Return why each balance is a number, infinite or missing."""
    words = np.full(len(low.value), Status.VALUE.value, dtype=object)
    words[(high.value == 0) & (low.value > 0)] = "nobody high"
    words[(high.value == 0) & (low.value == 0)] = "nobody either"
    words[rounded] = "rounded to zero"
    for count in (high, low):
        words[~count.known] = count.reason()[~count.known]
    return words
