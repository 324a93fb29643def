"""What a style is, which class a value falls in, and how a value is written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import pandas as pd

from grannskap.errors import DataError, few
from grannskap.language import Language, Text, number, ratio, share

__all__ = [
    "MISSING_LABEL",
    "Quantity",
    "Square",
    "Style",
    "classify",
    "interval_labels",
    "write_value",
]

Quantity = Literal["ratio", "share", "amount", "index", "category"]

MISSING_LABEL = Text("Uppgift saknas", "No data")


@dataclass(frozen=True)
class Square:
    """Legend of a map of two variables: categories run row by row of the first.

    Attributes
    ----------
    first, second : str
        What the two variables are; the first runs upwards, the second to the right.
    first_labels, second_labels : tuple of str
        Three classes each, lowest first.
    """

    first: str
    second: str
    first_labels: tuple[str, ...]
    second_labels: tuple[str, ...]


@dataclass(frozen=True)
class Style:
    """How one quantity is shown, on paper, on screen, in QGIS and in the spreadsheet.

    Attributes
    ----------
    name : str
        File stem and key, for example ``"balance"``.
    title, subtitle, unit, source, caption, alt : str
        Texts in the style's language. `source` is the source line, `caption` the line under
        the map ("Medel 1,57x, lägst 0,48x, högst 4,76x"), `alt` the alternative text.
    quantity : {"ratio", "share", "amount", "index", "category"}
        Decides how one value is written (see `write_value`).
    decimals : int
        Decimals of an amount or an index.
    edges : tuple of float
        Inner class edges, ascending; class i holds ``edges[i-1] < x <= edges[i]``.
        Empty for categories.
    categories : tuple of str
        Category values in legend order; empty for numbers.
    labels, colours : tuple of str
        One label and one hex colour per class, in legend order.
    missing_label, missing_colour, missing_hatch : str
        The class of areas without a value: hatched, and always in the legend.
    empty_label, empty_colour, empty_hatch : str
        The class of areas that nobody of what is compared lives in, on printed maps; without
        a label there is no such class, and they are missing.
    scale : {"log", "linear", "category"}
        How distances between edges are to be read.
    language : {"sv", "en"}
        The language of every text.
    hatches : tuple of str
        A matplotlib hatch per class, "" for none; empty when no class is hatched.
    poles : tuple of str
        Words for the low and the high end of the legend; empty when it needs none.
    square : Square or None
        How the legend of a map of two variables is read; None for one variable.
    """

    name: str
    title: str
    unit: str
    quantity: Quantity
    edges: tuple[float, ...]
    labels: tuple[str, ...]
    colours: tuple[str, ...]
    categories: tuple[str, ...] = ()
    scale: Literal["log", "linear", "category"] = "linear"
    decimals: int = 2
    subtitle: str = ""
    source: str = ""
    caption: str = ""
    alt: str = ""
    missing_label: str = MISSING_LABEL.sv
    missing_colour: str = "#ffffff"
    missing_hatch: str = "////"
    empty_label: str = ""
    empty_colour: str = "#ffffff"
    empty_hatch: str = "...."
    language: Language = "sv"
    hatches: tuple[str, ...] = ()
    poles: tuple[str, ...] = ()
    square: Square | None = None


def classify(values: pd.Series[Any], style: Style) -> pd.Series[Any]:
    """Class number of each value, 0 … k−1, and −1 where missing.

    Parameters
    ----------
    values : pandas.Series
        Numbers, or category names for a style of categories; any index.
    style : Style
        Whose edges are right-closed: class i holds ``edges[i-1] < x <= edges[i]``.

    Returns
    -------
    pandas.Series of int
        On the index of `values`, named ``class``.

    Raises
    ------
    DataError
        When a category is not one of the style's.

    Examples
    --------
    >>> from grannskap.maps.style import balance
    >>> classify(pd.Series([0.25, 1.0, float("inf"), float("nan")]), balance()).tolist()
    [0, 3, 6, -1]
    """
    if style.categories:
        names = values.to_numpy(dtype=object)
        codes = pd.Index(style.categories, dtype=object).get_indexer(pd.Index(names, dtype=object))
        strange = values[(codes < 0) & values.notna().to_numpy()]
        if len(strange):
            raise DataError(
                expected=f"one of {few(style.categories, most=9)}",
                came=few(dict.fromkeys(strange)),
                remedy="pass the categories that the style was made for",
            )
    else:
        numbers = values.to_numpy(dtype=float, na_value=np.nan)
        codes = np.searchsorted(np.asarray(style.edges), numbers, side="left")
        codes = np.where(np.isnan(numbers), -1, codes)
    return pd.Series(np.asarray(codes, dtype=np.int64), index=values.index, name="class")


def write_value(value: float | str, style: Style) -> str:
    """Write one value as the style's quantity is written, with its unit where short.

    Examples
    --------
    >>> from grannskap.maps.style import balance
    >>> write_value(1.568, balance()), write_value(float("inf"), balance())
    ('1,57x', '∞')
    """
    if isinstance(value, str):
        return dict(zip(style.categories, style.labels, strict=True)).get(value, value)
    if style.quantity == "ratio":
        seen = 0.0 if 0 < value < 0.005 else value  # as the page has it, which counts hundredths
        return "∞" if math.isinf(value) else ratio(seen, style.language)
    if style.quantity == "share":
        return share(value, style.language, decimals=1)
    return number(value, decimals=style.decimals, language=style.language)


def interval_labels(
    edges: Sequence[float], *, decimals: int, language: Language, unit: str = ""
) -> list[str]:
    """Legend labels of right-closed classes between inner edges.

    Parameters
    ----------
    edges : sequence of float
        Ascending; already rounded to `decimals`.
    decimals : int
        Digits after the decimal mark.
    language : {"sv", "en"}
        Decides the marks.
    unit : str
        Put behind each label: "x" after a space, "%" as the language has it.

    Returns
    -------
    list of str
        One more than there are edges.

    Examples
    --------
    >>> interval_labels([0.8, 1.25], decimals=2, language="sv", unit="x")
    ['≤ 0,80 x', '0,80–1,25 x', '> 1,25 x']
    """
    texts = [number(edge, decimals=decimals, language=language) for edge in edges]
    inner = [f"{low}–{high}" for low, high in pairwise(texts)]
    behind = f" {unit}" if unit else ""
    if unit == "%":
        behind = "\u00a0%" if language == "sv" else "%"
    return [f"{text}{behind}" for text in (f"≤ {texts[0]}", *inner, f"> {texts[-1]}")]
