"""Values as the page holds them: a class, or a reason for having none, and rounded numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.maps.style import Style, classify, gaps
from grannskap.maps.webmap.packing import Ints, unzigzag, zigzag

__all__ = ["Rounding", "bounds", "classes", "rest", "shown", "shown_decimals", "with_all_gaps"]

Rounding = Literal["even", "down", "up"]

_TIE = 1e-6


def with_all_gaps(style: Style) -> Style:
    """Return the style with a class for every reason why an area has no value."""
    every = gaps(
        style.language, "nobody either", "rounded to zero", "not joined", "outside division"
    )
    own = {gap.status for gap in style.gaps}
    return replace(style, gaps=(*style.gaps, *(gap for gap in every if gap.status not in own)))


def classes(
    values: pd.Series[Any],
    style: Style,
    status: pd.Series[Any],
    *,
    lower: pd.Series[float] | None,
    upper: pd.Series[float] | None,
) -> Ints:
    """Place of each area in the legend, from 1: the style's classes, and after them its gaps."""
    found = classify(values, style, status=status, lower=lower, upper=upper).to_numpy()
    return np.where(found < 0, len(style.labels) - found, found + 1).astype(np.int64)


def shown_decimals(style: Style) -> int:
    """Decimals that every number of a style is kept with in the page."""
    if style.quantity == "ratio":
        return 2
    return 1 if style.quantity == "share" else style.decimals


def shown(values: pd.Series[Any], style: Style, *, rounding: Rounding = "even") -> Ints:
    """Numbers rounded as `style.write_value` rounds them, as whole units of the last decimal.

    0 is missing, 1 is infinite, 2 is minus infinite, and 3 onwards are folded numbers. Bounds
    are rounded down or up, so that they hold what they held.
    """
    decimals = shown_decimals(style)
    scale = np.int64(10**decimals)
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    if style.quantity == "share":
        numbers = numbers * 100
    finite = np.isfinite(numbers)
    least = 10.0 if rounding == "down" else 9.995
    large = np.abs(numbers[finite]) >= least if style.quantity == "ratio" else False
    rounded = _rounded(numbers[finite], np.where(large, 1, scale), rounding)
    out = np.zeros(len(numbers), dtype=np.int64)
    out[np.isposinf(numbers)] = 1
    out[np.isneginf(numbers)] = 2
    out[finite] = zigzag(rounded * np.where(large, scale, 1)) + 3
    return out


def _rounded(numbers: npt.NDArray[np.float64], scale: Ints, rounding: Rounding) -> Ints:
    """Numbers times scale (a power of ten), rounded as Python's `round` does it, in bulk.

    Multiplying errs in the last bits, which matters only at a tie: those go through `round`;
    and a bound that errs from a whole number by them is that number.
    """
    scale = np.broadcast_to(scale, numbers.shape)
    product = numbers * scale
    if rounding != "even":
        error = np.copysign(_TIE, 1 if rounding == "down" else -1)
        away = np.floor if rounding == "down" else np.ceil
        return np.asarray(away(product + error), dtype=np.int64)
    whole = np.rint(product)
    tied = np.abs(np.abs(product - np.floor(product)) - 0.5) < _TIE
    for i in np.flatnonzero(tied):
        decimals = len(str(scale[i])) - 1
        whole[i] = round(round(float(numbers[i]), decimals) * int(scale[i]))
    return np.asarray(whole, dtype=np.int64)


def rest(values: pd.Series[Any], style: Style) -> Ints:
    """What rounding took, in hundredths of the last decimal, folded: for ranks and for files.

    0 where there is no number. The shown number and its rest give two more decimals.
    """
    codes = shown(values, style)
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    units = numbers * (100 if style.quantity == "share" else 1) * 10.0 ** shown_decimals(style)
    there = codes > 2
    out = np.zeros(len(codes), dtype=np.int64)
    away = units[there] - unzigzag(codes[there] - 3)
    out[there] = zigzag(np.rint(away * 100).astype(np.int64))
    return out


def bounds(
    bound: pd.Series[float], values: pd.Series[float], style: Style, rounding: Rounding
) -> Ints:
    """Bounds rounded away from what they hold; 0 where they say nothing."""
    silent = np.isinf(bound) | (bound == values)
    if rounding == "down" and style.quantity in ("ratio", "share", "amount"):
        silent |= bound <= 0
    if rounding == "up" and style.quantity == "share":
        silent |= bound >= 1
    return shown(bound.mask(silent), style, rounding=rounding)
