"""Classes, colours, labels and the missing class: decided once, read by every output."""

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
from grannskap.schema import CLUSTERS

__all__ = [
    "BALANCE_EDGES",
    "Quantity",
    "Style",
    "balance",
    "classify",
    "clusters",
    "write_value",
]

Quantity = Literal["ratio", "share", "amount", "index", "category"]

BALANCE_EDGES = (0.25, 0.5, 0.8, 1.25, 2.0, 4.0)
"""Class edges of a balance: the same distance for 2 and for 1/2, and fixed across years."""

# ColorBrewer PuOr, seven classes: keeps its order in grey and for the colour-blind. Orange
# is the pole where low income outweighs high.
_PUOR = ("#542788", "#998ec3", "#d8daeb", "#f7f7f7", "#fee0b6", "#f1a340", "#b35806")
_CLUSTER_COLOURS = (
    "#b35806",
    "#542788",
    "#fdb863",
    "#b2abd2",
    "#e6e6e6",
    "#ffffff",
    "#ffffff",
)

_BALANCE_TITLE = Text(
    "Balans mellan låg och hög köpkraft", "Balance of low and high purchasing power"
)
MISSING_LABEL = Text("Uppgift saknas", "No data")


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
    scale : {"log", "linear", "category"}
        How distances between edges are to be read.
    language : {"sv", "en"}
        The language of every text.
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
    language: Language = "sv"


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
    >>> classify(pd.Series([0.25, 1.0, float("inf"), float("nan")]), balance()).tolist()
    [0, 3, 6, -1]
    """
    if style.categories:
        codes = pd.Categorical(values, categories=list(style.categories)).codes
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
    >>> write_value(1.568, balance()), write_value(float("inf"), balance())
    ('1,57x', '∞')
    """
    if isinstance(value, str):
        return dict(zip(style.categories, style.labels, strict=True)).get(value, value)
    if style.quantity == "ratio":
        return "∞" if math.isinf(value) else ratio(value, style.language)
    if style.quantity == "share":
        return share(value, style.language, decimals=1)
    return number(value, decimals=style.decimals, language=style.language)


def interval_labels(edges: Sequence[float], *, decimals: int, language: Language) -> list[str]:
    """Legend labels of right-closed classes between inner edges."""
    texts = [number(edge, decimals=decimals, language=language) for edge in edges]
    inner = [f"{low}–{high}" for low, high in pairwise(texts)]
    return [f"≤ {texts[0]}", *inner, f"> {texts[-1]}"]


def balance(
    *,
    title: str = "",
    unit: str = "",
    edges: Sequence[float] = BALANCE_EDGES,
    language: Language = "sv",
) -> Style:
    """Style of a balance: PuOr around 1 on a log scale.

    Examples
    --------
    >>> balance().labels[3]
    '0,80–1,25 x'
    """
    labels = [f"{text} x" for text in interval_labels(edges, decimals=2, language=language)]
    return Style(
        name="balance",
        title=title
        or Text("Balans mellan låg och hög köpkraft", "Balance of low and high")(language),
        unit=unit or Text("låg per hög", "low per high")(language),
        quantity="ratio",
        scale="log",
        edges=tuple(edges),
        labels=tuple(labels),
        colours=_PUOR,
        missing_label=MISSING_LABEL(language),
        language=language,
    )


def clusters(*, title: str = "", language: Language = "sv") -> Style:
    """Style of local clusters: the seven classes, always all of them.

    Examples
    --------
    >>> len(clusters().labels)
    7
    """
    return Style(
        name="low-income-clusters",
        title=title or Text("Koncentration av låg inkomst", "Clusters of low income")(language),
        unit="",
        quantity="category",
        scale="category",
        edges=(),
        categories=tuple(CLUSTERS),
        labels=tuple(text(language) for text in CLUSTERS.values()),
        colours=_CLUSTER_COLOURS,
        missing_label=CLUSTERS["no data"](language),
        language=language,
    )
