"""The balance of two counts by area, why it can be missing, and how sure it is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from grannskap.catalogue import Status
from grannskap.language import Text
from grannskap.measures import proportion
from grannskap.measures.balance.pairs import checked_counts

__all__ = ["STATUSES", "interval", "ratio", "status"]

STATUSES: dict[str, Text] = {
    "nobody high": Text("ingen i den höga gruppen", "nobody in the high category"),
    "nobody either": Text("ingen i någon av grupperna", "nobody in either category"),
    **{state.value: state.label() for state in Status},
}
"""What `status` can say, with the words that outputs use."""


def ratio(low: pd.Series[Any], high: pd.Series[Any]) -> pd.Series[Any]:
    """Balance, low for each high, 0 … ∞; 1 is an even mix.

    ``balance = low / high``. Infinite where nobody is high, NaN where nobody is either
    or where a count is missing; `status` tells which. Any two categories can be balanced,
    also sums of columns: ``ratio(q1 + q2, q3 + q4)`` takes the middle groups in.

    Parameters
    ----------
    low, high : pandas.Series of float
        Counts on the same index (``deso``); NaN is missing.

    Returns
    -------
    pandas.Series of float
        The balance, named ``ratio``, on the index of `low`.

    Raises
    ------
    DataError
        When the indexes differ, an area comes twice, or a count is negative or infinite.

    References
    ----------
    Grander, M. (2020). Follow-up research of Allmännyttans innovationslabb. Malmö
    universitet.

    Examples
    --------
    >>> import pandas as pd
    >>> q = pd.DataFrame({"q1": [36, 10, 0], "q2": [9, 5, 0], "q3": [5, 5, 0], "q4": [20, 0, 0]},
    ...                  index=["0114A0010", "0114A0020", "0114A0030"])
    >>> ratio(q["q1"], q["q4"]).tolist()
    [1.8, inf, nan]
    >>> ratio(q["q1"] + q["q2"], q["q3"] + q["q4"]).tolist()
    [1.8, 3.0, nan]
    """
    lows, highs = checked_counts(low, high)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = lows / highs
    return pd.Series(values, index=low.index, name="ratio")


def status(
    low: pd.Series[Any],
    high: pd.Series[Any],
    *,
    low_status: pd.Series[Any] | None = None,
    high_status: pd.Series[Any] | None = None,
) -> pd.Series[Any]:
    """Why a balance is a number, infinite or missing; a key of `STATUSES`.

    Parameters
    ----------
    low, high : pandas.Series of float
        Counts on the same index (``deso``); NaN is missing.
    low_status, high_status : pandas.Series of str, optional
        The status columns of the counts. Where a count is missing they say why; the first
        that does so is taken. Without them the word is ``"missing"``.

    Returns
    -------
    pandas.Series of str
        ``"value"``, ``"nobody high"`` (infinite), ``"nobody either"`` (NaN), or the reason
        why a count is missing (NaN); named ``ratio_status``.

    Raises
    ------
    DataError
        As for `ratio`.

    Examples
    --------
    >>> import pandas as pd
    >>> status(pd.Series([3, 1, 0, None]), pd.Series([2, 0, 0, 4])).tolist()
    ['value', 'nobody high', 'nobody either', 'missing']
    """
    lows, highs = checked_counts(low, high)
    words = np.full(len(low), Status.VALUE.value, dtype=object)
    words[(highs == 0) & (lows > 0)] = "nobody high"
    words[(highs == 0) & (lows == 0)] = "nobody either"
    words[np.isnan(lows) | np.isnan(highs)] = Status.MISSING.value
    for values, reasons in ((highs, high_status), (lows, low_status)):
        if reasons is not None:
            told = reasons.reindex(low.index).to_numpy(dtype=object)
            gone = np.isnan(values) & pd.notna(told) & (told != Status.VALUE.value)
            words[gone] = told[gone]
    return pd.Series(words, index=low.index, name="ratio_status", dtype="str")


def interval(low: pd.Series[Any], high: pd.Series[Any], *, level: float = 0.95) -> pd.DataFrame:
    r"""Exact confidence interval of the balance, low for each high, 0 … ∞.

    Given how many are either, the number of low is taken as binomial. The Clopper–Pearson
    bounds :math:`p` of the proportion low / (low + high) are turned into odds,
    :math:`p/(1-p)`. So few households give a wide interval, nobody low gives ``[0, x]``
    and nobody high gives ``[x, ∞]``. The counts come from a register, not from a sample:
    the interval says how far chance alone, with the same odds for every household, would
    move the balance.

    Parameters
    ----------
    low, high : pandas.Series of float
        Counts on the same index (``deso``); NaN is missing.
    level : float
        Confidence, between 0 and 1; the interval covers at least as often.

    Returns
    -------
    pandas.DataFrame
        ``lower`` and ``upper`` on the index of `low`; NaN where nobody is either or a
        count is missing.

    Raises
    ------
    DataError
        As for `ratio`, and when the level is not between 0 and 1.

    References
    ----------
    Clopper, C. J. and Pearson, E. S. (1934). The use of confidence or fiducial limits
    illustrated in the case of the binomial. *Biometrika* 26, 404–413.

    Examples
    --------
    >>> import pandas as pd
    >>> interval(pd.Series([18, 180, 7]), pd.Series([10, 100, 0])).round(2).values.tolist()
    [[0.79, 4.36], [1.4, 2.32], [1.44, inf]]
    """
    lows, highs = checked_counts(low, high)
    below, _ = proportion.interval(lows, lows + highs, level=level)
    # The upper bound is one over the lower bound of high to low; 1 - p would lose digits.
    rest, _ = proportion.interval(highs, lows + highs, level=level)
    with np.errstate(divide="ignore", invalid="ignore"):
        lower, upper = below / (1 - below), (1 - rest) / rest
    return pd.DataFrame({"lower": lower, "upper": upper}, index=low.index)
