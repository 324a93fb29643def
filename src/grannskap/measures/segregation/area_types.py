"""The official measure: a mean of three shares, cut into five types by the country's areas."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from grannskap.errors import DataError

if TYPE_CHECKING:
    from grannskap.measures.segregation.formulas import Floats

__all__ = ["Cuts", "area_types", "country_cuts", "mean_of_shares"]

DEVIATIONS = (-1.0, 0.0, 1.0, 2.0)
"""Where the country's areas are cut, in standard deviations from its mean."""

FEWEST = 2
"""Areas of which a deviation can be taken."""


@dataclass(frozen=True)
class Cuts:
    """The mean and the standard deviation of an index over the country's areas.

    Attributes
    ----------
    mean, deviation : float
        In the unit of the index.

    Examples
    --------
    >>> [round(edge, 2) for edge in Cuts(9.10, 5.47).edges]
    [3.63, 9.1, 14.57, 20.04]
    """

    mean: float
    deviation: float

    def __post_init__(self) -> None:
        """Refuse what cuts nothing."""
        if not (isfinite(self.mean) and isfinite(self.deviation) and self.deviation > 0):
            raise DataError(
                "no cuts", {"mean": f"{self.mean:g}", "deviation": f"{self.deviation:g}"}
            )

    @property
    def edges(self) -> tuple[float, ...]:
        """What parts the types, from the lowest index up."""
        return tuple(self.mean + step * self.deviation for step in DEVIATIONS)


def mean_of_shares(shares: pd.DataFrame) -> pd.Series[Any]:
    """Unweighted mean of the shares of each area, per cent (0–100).

    The socio-economic index of Segregationsbarometern is that of three: persons with low economic
    standard (all ages), with pre-secondary education (20–64), and with social assistance for at
    least ten months or unemployed for more than six (20–64). The higher it is, the worse.

    Parameters
    ----------
    shares : pandas.DataFrame of float
        A column per share, 0–1, a row per area.

    Returns
    -------
    pandas.Series of float
        On the same index; NaN where a share is missing.

    Raises
    ------
    DataError
        When a share lies outside 0–1, or there is none.

    References
    ----------
    Boverket and Statistics Sweden. *Segregationsbarometern*; SCB's table TAB6586.

    Examples
    --------
    >>> shares = pd.DataFrame({"low": [0.12], "school": [0.09], "aid": [0.06]})
    >>> mean_of_shares(shares).round(9).tolist()
    [9.0]
    """
    values = shares.to_numpy(dtype=float)
    outside = int(((values < 0) | (values > 1)).sum())
    if outside or not shares.shape[1]:
        raise DataError("shares outside", {"cells": outside, "columns": shares.shape[1]})
    return pd.Series(100 * values.mean(axis=1), index=shares.index, name="mean_of_shares")


def country_cuts(index: pd.Series[Any]) -> Cuts:
    """Mean and standard deviation over the country's areas of one year, each counted once.

    They are of all areas that there are and no sample, so the deviation is divided by their
    number.

    Parameters
    ----------
    index : pandas.Series of float
        The index of every area of the country; NaN is left out.

    Returns
    -------
    Cuts
        In the unit of the index.

    Raises
    ------
    DataError
        When fewer than two areas have an index, or all the same.

    Examples
    --------
    >>> country_cuts(pd.Series([4.0, 8.0, 12.0, 16.0]))
    Cuts(mean=10.0, deviation=4.47213595499958)
    """
    known = index.to_numpy(dtype=float)
    known = known[np.isfinite(known)]
    if len(known) < FEWEST:
        raise DataError("no cuts", {"mean": "–", "deviation": "–"})
    return Cuts(float(known.mean()), float(known.std()))


def area_types(index: pd.Series[Any], cuts: Cuts) -> pd.Series[Any]:
    """Type of each area, 1 (the highest index) to 5 (the lowest).

    Type 1 lies above the mean and two standard deviations, 2 above one, 3 above the mean, 4
    above the mean less one, and 5 the others; a value on a cut is of the type below it.

    Parameters
    ----------
    index : pandas.Series of float
        The index of each area; NaN is missing.
    cuts : Cuts
        Of the whole country: the areas of one town have other ones, and other types.

    Returns
    -------
    pandas.Series of float
        On the same index; NaN where the index is missing.

    Examples
    --------
    >>> area_types(pd.Series([25.0, 15.0, 9.2, 9.1, 3.0, float("nan")]), Cuts(9.10, 5.47)).tolist()
    [1.0, 2.0, 3.0, 4.0, 5.0, nan]
    """
    values: Floats = index.to_numpy(dtype=float)
    types = 5.0 - np.searchsorted(np.asarray(cuts.edges), values, side="left")
    return pd.Series(np.where(np.isnan(values), np.nan, types), index=index.index, name="area_type")
