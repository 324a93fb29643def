"""Classes that follow the data: edges rounded first, then classified."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.errors import DataError
from grannskap.language import Language
from grannskap.maps.style.model import Quantity, Style
from grannskap.maps.style.numbers import one_way, two_poles
from grannskap.maps.style.palettes import Pole

__all__ = ["Scheme", "edges_of", "from_values"]

Scheme = Literal["quantiles", "fisher_jenks", "head_tail", "equal_interval"]

_MOST = 9


def edges_of(
    values: pd.Series[Any], *, scheme: Scheme = "quantiles", k: int = 5, decimals: int = 2
) -> tuple[float, ...]:
    """Inner class edges that follow the data, in the values' unit, rounded.

    Missing and infinite values take no part. Edges that rounding or ties make equal are one
    edge, and an edge with no value on one side is left out, so that no class is empty.

    Parameters
    ----------
    values : pandas.Series
        Numbers.
    scheme : {"quantiles", "fisher_jenks", "head_tail", "equal_interval"}
        As mapclassify defines them; head-tail finds its own number of classes.
    k : int
        Number of classes, 2 to 9.
    decimals : int
        Edges are rounded to so many before anything is classified; may be negative.

    Returns
    -------
    tuple of float
        Ascending.

    Raises
    ------
    DataError
        When fewer than two different values are left, or `k` is out of range.

    Examples
    --------
    >>> edges_of(pd.Series([1.0, 2, 3, 4]), scheme="equal_interval", k=3, decimals=0)
    (2.0, 3.0)
    """
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    numbers = numbers[np.isfinite(numbers)]
    different = np.unique(np.round(numbers, decimals))
    if len(different) < 2 or not 2 <= k <= _MOST:
        raise DataError(
            "too few values for classes",
            {"most": _MOST, "decimals": decimals, "k": k, "count": len(different)},
        )
    raw = _bins(numbers, scheme, min(k, len(np.unique(numbers))))
    rounded = np.unique(np.round(raw, decimals) + 0.0)
    return tuple(float(edge) for edge in _filled(rounded, numbers))


def _bins(numbers: npt.NDArray[np.float64], scheme: Scheme, k: int) -> npt.NDArray[np.float64]:
    if scheme == "quantiles":  # mapclassify's are the same, and it takes seconds to import
        return np.asarray(np.quantile(numbers, np.arange(1, k) / k), dtype=float)
    import mapclassify

    if scheme == "head_tail":
        bins = mapclassify.HeadTailBreaks(numbers).bins
    elif scheme == "fisher_jenks":
        bins = mapclassify.FisherJenks(numbers, k=k).bins
    else:
        bins = mapclassify.EqualInterval(numbers, k=k).bins
    return np.asarray(bins, dtype=float)[:-1][: _MOST - 1]


def _filled(
    edges: npt.NDArray[np.float64], numbers: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Keep edges that part values: none of the classes between them is empty."""
    kept: list[float] = []
    low = -np.inf
    for edge in edges:
        if ((numbers > low) & (numbers <= edge)).any() and (numbers > edge).any():
            kept.append(float(edge))
            low = float(edge)
    return np.asarray(kept)


def from_values(
    values: pd.Series[Any],
    *,
    name: str,
    title: str,
    unit: str = "",
    scheme: Scheme = "quantiles",
    k: int = 5,
    edges: Sequence[float] = (),
    centre: float | None = None,
    poor: Pole = "high",
    quantity: Quantity = "index",
    decimals: int = 2,
    colours: Sequence[str] = (),
    language: Language = "sv",
) -> Style:
    """Style of any numbers, with classes that follow the data or the user's edges.

    Parameters
    ----------
    values : pandas.Series
        Numbers; a share lies in 0–1.
    name, title, unit : str
        As in `Style`.
    scheme : {"quantiles", "fisher_jenks", "head_tail", "equal_interval"}
        How edges are found when none are given.
    k : int
        Number of classes.
    edges : sequence of float
        Inner class edges of your own, instead of a scheme.
    centre : float, optional
        The middle of a scale with two poles; None for a one-way scale.
    poor : {"high", "low"}
        Which end is the poor one, and dark orange.
    quantity : {"ratio", "share", "amount", "index"}
        How values are written.
    decimals : int
        Of edges and labels (of per cent for a share).
    colours : sequence of str
        A palette of your own, refused when two classes cannot be told apart.
    language : {"sv", "en"}
        Of the texts.

    Returns
    -------
    Style
        Whose labels and classes agree: edges are rounded first.

    Raises
    ------
    DataError
        When values do not differ, or colours do not hold.

    Examples
    --------
    >>> shares = pd.Series([0.05, 0.12, 0.31, 0.44])
    >>> from_values(shares, name="s", title="Andel", edges=[0.1, 0.3], quantity="share",
    ...             decimals=0).edges
    (0.1, 0.3)
    """
    digits = decimals + 2 if quantity == "share" else decimals
    found = tuple(edges) or edges_of(values, scheme=scheme, k=k, decimals=digits)
    if centre is None:
        return one_way(
            found,
            name=name,
            title=title,
            unit=unit,
            dark=poor,
            quantity=quantity,
            decimals=decimals,
            colours=colours,
            language=language,
        )
    return two_poles(
        found,
        name=name,
        title=title,
        unit=unit,
        centre=centre,
        orange=poor,
        quantity=quantity,
        decimals=decimals,
        colours=colours,
        language=language,
    )
