"""What a style is, which class a value falls in, and how a value is written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.errors import DataError
from grannskap.language import Language, Text, number, ratio, share
from grannskap.letters import settle

__all__ = [
    "ABSENT",
    "BOUNDED",
    "DOUBTFUL",
    "Gap",
    "Quantity",
    "Square",
    "Style",
    "bounded",
    "breaks",
    "classify",
    "doubtful",
    "gaps",
    "interval_labels",
    "named_gap",
    "write_value",
]

Quantity = Literal["ratio", "share", "amount", "index", "category"]

Statuses = Literal[
    "missing", "suppressed", "nobody either", "rounded to zero", "not joined", "outside division"
]

ABSENT = "no data"
"""What a table of local statistics writes where there is no value: no class, but a gap."""

BOUNDED = Text("Osäkert tal, säker klass", "Value not exact, class certain")
"""What the mark of an area says whose value is not shown to us, but whose class is known."""

DOUBTFUL = Text("Osäker klass", "Class not certain")
"""What the mark of an area says whose value could lie in another class, as far as is shown."""

_LONGEST = {
    **{"title": 300, "subtitle": 300, "unit": 200, "labels": 200, "poles": 200},
    **{"caption": 1000, "source": 2000, "alt": 100_000},
}
"""Letters of a style's texts: with more of them there is no room for a map."""


@dataclass(frozen=True)
class Gap:
    """A class of areas without a value: why there is none, and its sign.

    Attributes
    ----------
    status : str
        A value of `grannskap.catalogue.Status`, ``"nobody either"`` or ``"rounded to zero"``.
    label : str
        Its words in a legend, in the style's language.
    hatch : str
        A matplotlib hatch; no two gaps of a style have the same.
    colour : str
        Hex colour of the ground under the hatch.
    """

    status: str
    label: str
    hatch: str
    colour: str = "#ffffff"

    def __post_init__(self) -> None:
        """Make its label legible."""
        settle(self, {"label": _LONGEST["labels"]})


_GAPS: dict[str, tuple[Text, str]] = {
    "missing": (Text("Uppgift saknas", "No data"), "\\\\\\\\"),
    "suppressed": (Text("Dold av sekretess", "Hidden for confidentiality"), "////"),
    "nobody either": (
        Text("Ingen i någon av grupperna", "Nobody in either group"),
        "....",
    ),
    "rounded to zero": (Text("Avrundat till noll", "Rounded to zero"), "----"),
    "not joined": (Text("Saknas i registret", "Not in the register"), "||||"),
    "outside division": (Text("Utanför indelningen", "Outside the division"), "++++"),
}


def gaps(language: Language, *statuses: Statuses) -> tuple[Gap, ...]:
    """Classes of what is not known: missing first, then suppressed, then those asked for.

    Parameters
    ----------
    language : {"sv", "en"}
        Of the labels.
    *statuses : str
        Further reasons why an area has no value.

    Returns
    -------
    tuple of Gap
        For `Style.gaps`; a reason that none of them names counts as missing.

    Examples
    --------
    >>> [gap.label for gap in gaps("sv")]
    ['Uppgift saknas', 'Dold av sekretess']
    """
    wanted = dict.fromkeys(("missing", "suppressed", *statuses))
    return tuple(
        Gap(status, label(language), hatch)
        for status, (label, hatch) in ((status, _GAPS[status]) for status in wanted)
    )


@dataclass(frozen=True)
class Square:
    """Legend of categories that two things cross: a row for each class of the first.

    Attributes
    ----------
    first, second : str
        What the two are; the first runs upwards, the second to the right.
    first_labels, second_labels : tuple of str
        As many classes each, lowest first: what stands at a row, and at a column.
    cells : tuple of int
        Place of each cell's category in the style, row by row from the lowest.
    first_breaks, second_breaks : tuple of str
        What stands between rows and between columns instead of labels; empty for none.
    corners : tuple of str
        Words for both low, the second alone high, the first alone high, both high; empty for
        none.
    """

    first: str
    second: str
    first_labels: tuple[str, ...]
    second_labels: tuple[str, ...]
    cells: tuple[int, ...]
    first_breaks: tuple[str, ...] = ()
    second_breaks: tuple[str, ...] = ()
    corners: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Make its words legible."""
        names = ("first", "second", "first_labels", "second_labels")
        settle(self, dict.fromkeys(names, _LONGEST["labels"]))

    @property
    def side(self) -> int:
        """How many rows and columns it has."""
        return len(self.first_labels)


@dataclass(frozen=True)
class Style:
    """How one quantity is shown, on paper, on screen, in QGIS and in the spreadsheet.

    Attributes
    ----------
    name : str
        File stem and key, for example ``"balance"``.
    title, subtitle, unit, source, caption, alt : str
        Texts in the style's language, made legible (see `grannskap.letters.legible`), and cut
        where they would leave no room for a map. `source` is the source line, `caption` the
        line under the map ("Medel 1,57x, lägst 0,48x, högst 4,76x"), `alt` the alternative text.
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
    gaps : tuple of Gap
        The classes of areas without a value, by why there is none; hatched. The missing one
        is always there and always in the legend, the others where a map shows them.
    scale : {"log", "linear", "category"}
        How distances between edges are to be read.
    language : {"sv", "en"}
        The language of every text.
    hatches : tuple of str
        A matplotlib hatch per class, "" for none; empty when no class is hatched.
    poles : tuple of str
        Words for the low and the high end of the legend; empty when it needs none.
    ends : tuple of str
        What stands under the low end, the middle and the high end of a printed legend; empty
        for nothing, or for the words of `poles`.
    ticks : tuple of str
        What stands at the breaks of a printed legend where categories are an ordered scale.
    square : Square or None
        How the legend of what two things cross is read; None for a scale.
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
    gaps: tuple[Gap, ...] = gaps("sv")
    language: Language = "sv"
    hatches: tuple[str, ...] = ()
    poles: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    ticks: tuple[str, ...] = ()
    square: Square | None = None

    def __post_init__(self) -> None:
        """Make its texts legible; refuse a style without a class for areas without a value."""
        settle(self, _LONGEST)
        if all(gap.status != "missing" for gap in self.gaps):
            raise DataError(
                "style without missing",
                {"count": len(self.gaps), "names": [gap.status for gap in self.gaps]},
            )

    @property
    def missing(self) -> int:
        """Place in `gaps` of areas of which nothing else is said."""
        return [gap.status for gap in self.gaps].index("missing")


def named_gap(style: Style, status: str, label: str) -> Style:
    """Return the style with other words for one of its gaps.

    Examples
    --------
    >>> from grannskap.maps.style import balance
    >>> named_gap(balance(), "nobody either", "Ingen alls").gaps[2].label
    'Ingen alls'
    """
    found = tuple(replace(gap, label=label) if gap.status == status else gap for gap in style.gaps)
    return replace(style, gaps=found)


def classify(
    values: pd.Series[Any],
    style: Style,
    *,
    status: pd.Series[Any] | None = None,
    lower: pd.Series[Any] | None = None,
    upper: pd.Series[Any] | None = None,
) -> pd.Series[Any]:
    """Class number of each value, 0 … k−1, and −1−g where it has none for the reason of gap g.

    An area without a value whose bounds lie in one class has that class: see `bounded`.

    Parameters
    ----------
    values : pandas.Series
        Numbers, or category names for a style of categories; any index. The category
        ``"no data"`` is no value.
    style : Style
        Whose edges are right-closed: class i holds ``edges[i-1] < x <= edges[i]``.
    status : pandas.Series of str, optional
        Why an area has no value: a status of one of the style's gaps; any other, or none,
        is missing. Met by label; said of an area with a value it counts for nothing.
    lower, upper : pandas.Series of float, optional
        The least and the most that a value can be, 0 … ∞; met by label. A style of categories
        reads neither.

    Returns
    -------
    pandas.Series of int
        On the index of `values`, named ``class``; ``style.gaps[-1 - number]`` is the gap.

    Raises
    ------
    DataError
        When a category is not one of the style's.

    Examples
    --------
    >>> from grannskap.maps.style import balance
    >>> classify(pd.Series([0.25, 1.0, float("inf"), float("nan")]), balance()).tolist()
    [0, 3, 6, -1]
    >>> hidden = pd.Series([float("nan")])
    >>> classify(hidden, balance(), status=pd.Series(["suppressed"])).tolist()
    [-2]
    >>> classify(hidden, balance(), lower=pd.Series([0.05]), upper=pd.Series([0.15])).tolist()
    [0]
    """
    codes = _codes(values, style)
    lost = codes < 0
    codes[lost] = -1 - _reasons(values, style, status)[lost]
    if lower is not None and upper is not None and not style.categories:
        inside = bounded(values, style, lower=lower, upper=upper).to_numpy()
        codes[inside] = _codes(lower.reindex(values.index), style)[inside]
    return pd.Series(codes, index=values.index, name="class")


def bounded(
    values: pd.Series[Any], style: Style, *, lower: pd.Series[Any], upper: pd.Series[Any]
) -> pd.Series[Any]:
    """Tell which areas have no value, but bounds that lie in one class.

    Parameters
    ----------
    values, style, lower, upper
        As in `classify`.

    Returns
    -------
    pandas.Series of bool
        On the index of `values`, named ``bounded``; no area of a style of categories.

    Examples
    --------
    >>> from grannskap.maps.style import balance
    >>> two, least, most = pd.Series([None, None]), pd.Series([0.0, 0.0]), pd.Series([0.2, 0.3])
    >>> bounded(two, balance(), lower=least, upper=most).tolist()
    [True, False]
    """
    if style.categories:
        return pd.Series(data=False, index=values.index, name="bounded", dtype=bool)
    least, most = (_codes(side.reindex(values.index), style) for side in (lower, upper))
    found = values.isna().to_numpy(dtype=bool) & (least >= 0) & (least == most)
    return pd.Series(found, index=values.index, name="bounded")


def doubtful(
    values: pd.Series[Any], style: Style, *, lower: pd.Series[Any], upper: pd.Series[Any]
) -> pd.Series[Any]:
    """Tell which areas have a value, but bounds that reach into another class.

    Parameters
    ----------
    values, style, lower, upper
        As in `classify`; without bounds a value is exact.

    Returns
    -------
    pandas.Series of bool
        On the index of `values`, named ``doubtful``; no area of a style of categories.

    Examples
    --------
    >>> from grannskap.maps.style import balance
    >>> two, least, most = pd.Series([1.5, 1.5]), pd.Series([1.3, 1.1]), pd.Series([1.8, 1.8])
    >>> doubtful(two, balance(), lower=least, upper=most).tolist()
    [False, True]
    """
    if style.categories:
        return pd.Series(data=False, index=values.index, name="doubtful", dtype=bool)
    own = _codes(values, style)
    sides = (_codes(side.reindex(values.index), style) for side in (lower, upper))
    found = np.logical_or.reduce([(own >= 0) & (side >= 0) & (side != own) for side in sides])
    return pd.Series(found, index=values.index, name="doubtful")


def _codes(values: pd.Series[Any], style: Style) -> npt.NDArray[np.int64]:
    """Class of each value, −1 where there is none."""
    if not style.categories:
        numbers = values.to_numpy(dtype=float, na_value=np.nan)
        places = np.searchsorted(np.asarray(style.edges), numbers, side="left")
        return np.where(np.isnan(numbers), -1, places).astype(np.int64)
    names = values.astype(object)
    names = names.where(names.notna() & names.ne(ABSENT), None)
    codes = pd.Index(style.categories, dtype=object).get_indexer(
        pd.Index(names.to_numpy(), dtype=object)
    )
    strange = names[(codes < 0) & names.notna().to_numpy()]
    if len(strange):
        raise DataError(
            "category of another style",
            {"categories": list(style.categories), "names": list(dict.fromkeys(strange))},
        )
    return np.asarray(codes, dtype=np.int64)


def _reasons(
    values: pd.Series[Any], style: Style, status: pd.Series[Any] | None
) -> npt.NDArray[np.int64]:
    """Place in the style's gaps of the reason why each area would have no value."""
    if status is None:
        return np.full(len(values), style.missing, dtype=np.int64)
    given = status.reindex(values.index).astype(object)
    places = pd.Index([gap.status for gap in style.gaps], dtype=object).get_indexer(
        pd.Index(given.to_numpy(), dtype=object)
    )
    return np.where(places < 0, style.missing, places).astype(np.int64)


def write_value(value: float | str, style: Style) -> str:
    """Write one value as the style's quantity is written, with its unit where short.

    Examples
    --------
    >>> from grannskap.maps.style import balance
    >>> write_value(1.568, balance()), write_value(float("inf"), balance())
    ('1,57×', '∞')
    """
    if isinstance(value, str):
        return dict(zip(style.categories, style.labels, strict=True)).get(value, value)
    if style.quantity == "ratio":
        shown = 0.0 if 0 < value < 0.005 else value  # as the page has it, which counts hundredths
        return "∞" if math.isinf(value) else ratio(shown, style.language)
    if style.quantity == "share":
        return share(value, style.language, decimals=1)
    return number(value, decimals=style.decimals, language=style.language)


_FRACTIONS = {0.25: "¼", 0.5: "½", 0.75: "¾"}


def breaks(style: Style) -> tuple[str, ...]:
    """Write a style's edges without trailing zeros; the per cent sign once, at the last.

    Examples
    --------
    >>> from grannskap.maps.style import balance
    >>> breaks(balance())
    ('¼', '½', '0,8', '1,25', '2', '4')
    """
    share = style.quantity == "share"
    texts = [_short(100 * edge if share else edge, style) for edge in style.edges]
    if share and texts:
        texts[-1] += "\u00a0%" if style.language == "sv" else "%"
    return tuple(texts)


def _short(value: float, style: Style) -> str:
    if style.quantity == "ratio" and value in _FRACTIONS:
        return _FRACTIONS[value]
    text = number(value, decimals=4, language=style.language)
    mark = "," if style.language == "sv" else "."
    return text.rstrip("0").removesuffix(mark)


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
        Put behind each label: "×" close up, "%" as the language has it.

    Returns
    -------
    list of str
        One more than there are edges.

    Examples
    --------
    >>> interval_labels([0.8, 1.25], decimals=2, language="sv", unit="×")
    ['≤ 0,80×', '0,80–1,25×', '> 1,25×']
    """
    texts = [number(edge, decimals=decimals, language=language) for edge in edges]
    inner = [f"{low}–{high}" for low, high in pairwise(texts)]
    behind = "\u00a0%" if unit == "%" and language == "sv" else unit
    return [f"{text}{behind}" for text in (f"≤ {texts[0]}", *inner, f"> {texts[-1]}")]
