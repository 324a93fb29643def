"""Values as the page holds them: a class, or a reason for having none, and rounded numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.catalogue import BALANCE_STATUSES, Status
from grannskap.maps.style import Style, classify
from grannskap.maps.webmap.packing import Ints, zigzag

__all__ = ["Gap", "Rounding", "classes", "gaps_of", "shown", "shown_decimals"]

Rounding = Literal["even", "down", "up"]

_TIE = 1e-6


@dataclass(frozen=True)
class Gap:
    """A class of areas that have no value, for one reason.

    Attributes
    ----------
    status : str
        The reason, of `catalogue.Status` or `catalogue.BALANCE_STATUSES`.
    label, colour, hatch : str
        As for the classes of a style.
    """

    status: str
    label: str
    colour: str
    hatch: str


def gaps_of(style: Style) -> tuple[Gap, ...]:
    """Return the classes of areas without a value, the hidden ones first."""
    colour, language = style.missing_colour, style.language
    nobody = style.empty_label or _sentence(BALANCE_STATUSES["nobody either"](language))
    return (
        Gap("suppressed", _sentence(Status.SUPPRESSED.label()(language)), colour, "//"),
        Gap("missing", style.missing_label, colour, "\\\\"),
        Gap("nobody either", nobody, style.empty_colour, ".."),
        Gap("not joined", _sentence(Status.NOT_JOINED.label()(language)), colour, "--"),
        Gap("outside division", _sentence(Status.OUTSIDE_DIVISION.label()(language)), colour, "||"),
    )


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def classes(
    values: pd.Series[Any],
    style: Style,
    status: npt.NDArray[np.object_],
    *,
    lower: pd.Series[float] | None,
    upper: pd.Series[float] | None,
) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Place of each area in the legend, from 1, and where bounds alone put it there.

    After the style's classes come its gaps (see `gaps_of`); a gap with the words of a class
    is that class. An area without a value is in a class where both its bounds are.
    """
    found = classify(values, style).to_numpy(dtype=np.int64)
    bounded = np.zeros(len(found), dtype=bool)
    if lower is not None and upper is not None:
        ends = [classify(side, style).to_numpy(dtype=np.int64) for side in (lower, upper)]
        bounded = (found < 0) & (ends[0] == ends[1]) & (ends[0] >= 0)
        found = np.where(bounded, ends[0], found)
    labels, gaps = list(style.labels), gaps_of(style)
    places = {
        gap.status: labels.index(gap.label) if gap.label in labels else len(labels) + i
        for i, gap in enumerate(gaps)
    }
    missing = places[Status.MISSING.value]
    reasons = np.array([places.get(word, missing) for word in status], dtype=np.int64)
    return np.where(found < 0, reasons, found) + 1, bounded


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
