"""What the page can show: one quantity at one time for one group, and points to brush."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.errors import DataError, few
from grannskap.maps.style import Style
from grannskap.maps.webmap.packing import Ints, zigzag

__all__ = ["Layer", "Scatter", "checked", "shown", "shown_decimals"]


@dataclass(frozen=True)
class Layer:
    """One choice of the page: a quantity of one year and one group.

    Attributes
    ----------
    style : Style
        Classes, colours and words. Layers of one indicator share the style's name.
    values : pandas.Series
        Numbers (shares in 0–1), or category names; index `deso`.
    year : int or None
        The year, where there are several or it is worth saying.
    group : str or None
        A key of `catalogue.GROUPS`, or words of one's own.
    interval : pandas.DataFrame or None
        Columns `lower` and `upper`, in the unit of the values; index `deso`.
    status : pandas.Series or None
        Values of `catalogue.Status`; index `deso`. Without it a NaN is "missing".
    """

    style: Style
    values: pd.Series[Any]
    year: int | None = None
    group: str | None = None
    interval: pd.DataFrame | None = None
    status: pd.Series[str] | None = None


@dataclass(frozen=True)
class Scatter:
    """A scatterplot to brush, such as Moran's: each area's value and its neighbours' mean.

    Attributes
    ----------
    title, x_label, y_label : str
        Words beside the plot.
    x, y : pandas.Series
        Numbers on `deso`; areas without both are left out.
    slope : float or None
        The line's slope through the means (Moran's I), if it is to be drawn.
    """

    title: str
    x: pd.Series[float]
    y: pd.Series[float]
    x_label: str = ""
    y_label: str = ""
    slope: float | None = None


def checked(layers: Sequence[Layer], codes: pd.Index[Any]) -> tuple[Layer, ...]:
    """Refuse no layers, two of the same choice, and layers that lack an area.

    Raises
    ------
    DataError
        When there is nothing to show, or nothing to tell two layers apart.
    """
    if not layers:
        raise DataError(
            expected="at least one layer", came="none", remedy="pass what is to be shown"
        )
    choices = [(layer.style.name, layer.year, layer.group) for layer in layers]
    twice = [choice for choice in dict.fromkeys(choices) if choices.count(choice) > 1]
    if twice:
        raise DataError(
            expected="one layer per indicator, year and group",
            came=f"several of {few(twice)}",
            remedy="give the styles names of their own, or the layers years",
        )
    for layer in layers:
        absent = codes.difference(layer.values.index)
        if len(absent):
            raise DataError(
                expected=f"a value or NaN of {layer.style.name} for every area",
                came=f"none for {few(absent)}",
                remedy="reindex the values by the areas, and give the reason in status",
            )
    return tuple(layers)


def shown_decimals(style: Style) -> int:
    """Decimals that every number of a style is kept with in the page."""
    if style.quantity == "ratio":
        return 2
    return 1 if style.quantity == "share" else style.decimals


def shown(values: pd.Series[Any], style: Style) -> Ints:
    """Numbers rounded as `style.write_value` rounds them, as whole units of the last decimal.

    0 is missing, 1 is infinite, 2 is minus infinite, and 3 onwards are folded numbers.
    """
    decimals = shown_decimals(style)
    scale = np.int64(10**decimals)
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    if style.quantity == "share":
        numbers = numbers * 100
    finite = np.isfinite(numbers)
    large = np.abs(numbers[finite]) >= 9.995 if style.quantity == "ratio" else False
    rounded = _rounded(numbers[finite], np.where(large, 1, scale)) * np.where(large, scale, 1)
    out = np.zeros(len(numbers), dtype=np.int64)
    out[np.isposinf(numbers)] = 1
    out[np.isneginf(numbers)] = 2
    out[finite] = zigzag(rounded) + 3
    return out


def _rounded(numbers: npt.NDArray[np.float64], scale: Ints) -> Ints:
    """Numbers times scale (a power of ten), rounded as Python's `round` does it, in bulk.

    Multiplying errs in the last bits, which matters only at a tie: those go through `round`.
    """
    scale = np.broadcast_to(scale, numbers.shape)
    product = numbers * scale
    whole = np.rint(product)
    tied = np.abs(np.abs(product - np.floor(product)) - 0.5) < 1e-6
    for i in np.flatnonzero(tied):
        decimals = len(str(scale[i])) - 1
        whole[i] = round(round(float(numbers[i]), decimals) * int(scale[i]))
    return np.asarray(whole, dtype=np.int64)
