"""Rates from small populations, standardised so that their uncertainty is the same everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from grannskap.errors import DataError
from grannskap.language import Text
from grannskap.measures.autocorrelation.alignment import check_series, numbers
from grannskap.wording import in_both

if TYPE_CHECKING:
    from grannskap.measures.autocorrelation.alignment import Bools

__all__ = ["empirical_bayes"]


def empirical_bayes(events: pd.Series, base: pd.Series) -> pd.Series[float]:
    """Empirical-Bayes standardised rate: deviations from the common rate, any real number.

    A share of 300 households varies more by chance than one of 1,500. Each area's rate is measured
    from the common rate in units of the standard deviation that a population of its size has.
    Hand the result to `overall` and `local`, which let the standardised rates change places.

    Parameters
    ----------
    events : pandas.Series
        Count of those who have the property, on the areas' index. NaN stays NaN.
    base : pandas.Series
        Count of all, on the same areas in any order. Where it is 0 or NaN the result is NaN.

    Returns
    -------
    pandas.Series
        Named ``empirical_bayes``, on the index of `events`: (r_i − b) / √v_i with r = events/base,
        b = Σ events / Σ base, a = Σ base (r − b)² / Σ base − b / mean(base), v_i = a + b / base_i,
        and v_i = b / base_i where that is negative.

    Raises
    ------
    DataError
        Negative counts, more events than the base, or no events at all.
    JoinError
        Areas that differ.

    Notes
    -----
    Assunção and Reis (1999), *Statistics in Medicine* 18, 2147–2162; computed by
    `esda.smoothing`, from which missing counts and empty bases are kept.

    Examples
    --------
    >>> codes = ["9999A0010", "9999A0020", "9999A0030"]
    >>> events = pd.Series([30, 25, 5], index=codes)
    >>> base = pd.Series([100, 110, 90], index=codes)
    >>> empirical_bayes(events, base).round(2).tolist()
    [1.01, 0.28, -1.44]
    """
    from esda.smoothing import assuncao_rate

    check_series(events, "errors.phrases.events")
    check_series(base, "errors.phrases.the base")
    counts, population = numbers(events, events.index), numbers(base, events.index)
    with np.errstate(invalid="ignore"):
        negative = (counts < 0) | (population < 0)
        wanted = in_both("errors.phrases.counts from nothing")
        _refuse(events.index, negative, wanted, in_both("errors.phrases.below nothing"))
        # A hair above is rounding: counts may be made of rounded per cents.
        more = (population > 0) & (counts > population * (1 + 1e-9))
        wanted = in_both("errors.phrases.no more than the base")
        _refuse(events.index, more, wanted, in_both("errors.phrases.more than it"))
        known = ~np.isnan(counts) & (population > 0)
    e, b = counts[known], population[known]
    if e.sum() == 0:
        raise DataError("no event")
    result = np.full(len(events), np.nan)
    result[known] = assuncao_rate(e, b)
    return pd.Series(result, index=events.index, name="empirical_bayes")


def _refuse(index: pd.Index, wrong: Bools, expected: Text, came: Text) -> None:
    if wrong.any():
        raise DataError(
            "counts out of range", {"expected": expected, "came": came, "codes": list(index[wrong])}
        )
