"""Styles of categories: local clusters, and the change of a balance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from grannskap.catalogue import CLUSTERS
from grannskap.language import Language, Text
from grannskap.maps.style.colours import checked
from grannskap.maps.style.model import ABSENT, Square, Style, gaps
from grannskap.maps.style.palettes import QUIET, diverging

__all__ = [
    "CHANGES",
    "TOO_FEW",
    "area_types",
    "change",
    "changes",
    "clusters",
    "neighbourhoods",
    "plain",
]

TOO_FEW = "too few areas"
"""One more class of a local statistic, where areas are tested within their municipality."""

_VALUES: dict[str, Text] = {
    "high-high": Text("Högt värde, även hos grannarna", "High, as its neighbours"),
    "low-low": Text("Lågt värde, även hos grannarna", "Low, as its neighbours"),
    "high-low": Text("Högt värde, lågt hos grannarna", "High, low among neighbours"),
    "low-high": Text("Lågt värde, högt hos grannarna", "Low, high among neighbours"),
}
"""The clusters of what is no share."""

_TOO_FEW_LABEL = Text("För få områden", "Too few areas")

_CLUSTER_COLOURS = ("#b35806", "#542788", "#f9b961", "#a99dd0", QUIET, "#ffffff")
_CLUSTER_HATCHES = ("", "", "", "", "", "....")


def clusters(
    *,
    title: str = "",
    variable: str = "",
    share: bool = True,
    too_few: bool = False,
    colours: Sequence[str] = (),
    language: Language = "sv",
) -> Style:
    """Style of local clusters: the six classes, always all of them.

    Parameters
    ----------
    title : str
        The map's title; when empty, what is high or low and no more than that.
    variable : str
        What is high or low, for example ``"Andel med låg köpkraft"``, for the title.
    share : bool
        Whether it is a share; of others the labels say "Högt värde" instead of "Hög andel".
    too_few : bool
        Whether "too few areas" is a class too.
    colours : sequence of str
        Five hex colours of your own, for the first five classes.
    language : {"sv", "en"}
        Of the texts.

    Returns
    -------
    Style
        Of six or seven categories; areas without neighbours or data are hatched.

    Raises
    ------
    DataError
        When own colours do not hold.

    Examples
    --------
    >>> len(clusters().labels)
    6
    >>> clusters(variable="Andel med låg köpkraft").title
    'Andel med låg köpkraft: hög eller låg, även hos grannarna'
    """
    labels = {name: text(language) for name, text in CLUSTERS.items() if name != ABSENT}
    if not share:
        labels |= {name: text(language) for name, text in _VALUES.items()}
    if too_few:
        labels[TOO_FEW] = _TOO_FEW_LABEL(language)
    own = checked(colours, classes=5) if colours else _CLUSTER_COLOURS[:5]
    extra = 1 if too_few else 0
    return Style(
        name="clusters",
        title=title or _tested(variable, share=share)(language),
        unit="",
        quantity="category",
        scale="category",
        edges=(),
        categories=tuple(labels),
        labels=tuple(labels.values()),
        colours=(*own, *_CLUSTER_COLOURS[5:], *("#ffffff",) * extra),
        hatches=(*_CLUSTER_HATCHES, *("----",) * extra),
        gaps=gaps(language),
        language=language,
        square=_square(language),
    )


def _square(language: Language) -> Square:
    """Rows the area, columns its neighbours."""
    ends = (Text("låg", "low")(language), Text("hög", "high")(language))
    first, second = Text("området", "the area"), Text("grannarna", "its neighbours")
    return Square(first(language), second(language), ends, ends, cells=(1, 3, 2, 0))


def _tested(variable: str, *, share: bool) -> Text:
    """What was tested, and nothing more: few poor is not many rich."""
    beside = Text("även hos grannarna", "like the neighbours")
    if not variable:
        low = Text("Hög eller låg andel", "High or low share")
        plain = Text("Högt eller lågt värde", "High or low value")
        what = low if share else plain
        return Text(f"{what.sv}, {beside.sv}", f"{what.en}, {beside.en}")
    high = "hög eller låg" if share else "högt eller lågt värde"
    return Text(f"{variable}: {high}, {beside.sv}", f"{variable}: high or low, {beside.en}")


CHANGES: dict[str, Text] = {
    "halved": Text("Minst halverat", "Halved or less"),
    "fell much": Text("Minskat 30–50 %", "Fell by 30–50%"),
    "fell": Text("Minskat mindre än 30 %", "Fell by less than 30%"),
    "within chance": Text("Kan bero på slumpen", "May be due to chance"),
    "rose": Text("Ökat mindre än 40 %", "Rose by less than 40%"),
    "rose much": Text("Ökat 40–100 %", "Rose by 40–100%"),
    "doubled": Text("Mer än fördubblat", "More than doubled"),
}
"""Classes of a change in balance, in legend order; the limits are log2 of −1, −½, 0, ½, 1."""

_CHANGE_TICKS = (
    Text("−50\u00a0%", "−50%"),
    Text("−30\u00a0%", "−30%"),
    Text("", ""),
    Text("", ""),
    Text("+40\u00a0%", "+40%"),
    Text("+100\u00a0%", "+100%"),
)
_CHANGE_ENDS = (
    Text("← minskat", "← fell"),
    Text("kan bero på slumpen", "may be chance"),
    Text("ökat →", "rose →"),
)

_CHANGE_EDGES = (-1.0, -0.5, 0.0, 0.5, 1.0)


def change(*, title: str = "", unit: str = "", language: Language = "sv") -> Style:
    """Style of the change of a balance; areas within chance are grey.

    Examples
    --------
    >>> change().labels[3]
    'Kan bero på slumpen'
    """
    return Style(
        name="change",
        title=title or Text("Balansens förändring", "Change of the balance")(language),
        unit=unit or Text("balans nu mot då", "balance now against then")(language),
        quantity="category",
        scale="category",
        edges=(),
        categories=tuple(CHANGES),
        labels=tuple(text(language) for text in CHANGES.values()),
        colours=("#542788", "#8f83bd", "#b9b1dd", QUIET, "#f8cb8f", "#e99632", "#b35806"),
        gaps=gaps(language),
        language=language,
        ticks=tuple(text(language) for text in _CHANGE_TICKS),
        ends=tuple(text(language) for text in _CHANGE_ENDS),
    )


def changes(log2_change: pd.Series[Any], *, within_chance: pd.Series[Any]) -> pd.Series[Any]:
    """Class of each area's change of balance, from its log2.

    Parameters
    ----------
    log2_change : pandas.Series
        log2 of the balance now over the balance then, −∞ … ∞, on ``deso``; as
        `grannskap.measures.balance.change` returns it.
    within_chance : pandas.Series of bool
        Areas whose change is not distinguishable from chance; met by label.

    Returns
    -------
    pandas.Series of object
        Keys of `CHANGES`, None where the change is missing; on the index of `log2_change`,
        named ``change``.

    Examples
    --------
    >>> steps = pd.Series([1.3, 0.1, float("nan")], ["x", "y", "z"])
    >>> changes(steps, within_chance=steps < 1).tolist()
    ['doubled', 'within chance', None]
    """
    steps = log2_change.to_numpy(dtype=float, na_value=np.nan)
    places = np.searchsorted(np.asarray(_CHANGE_EDGES), steps, side="left")
    names = np.array([name for name in CHANGES if name != "within chance"], dtype=object)
    found = names[places]
    quiet = within_chance.reindex(log2_change.index).eq(other=True)
    found[quiet.to_numpy(dtype=bool, na_value=False)] = "within chance"
    found[np.isnan(steps)] = None
    return pd.Series(found, index=log2_change.index, name="change", dtype=object)


def area_types(
    labels: Mapping[str, str],
    *,
    name: str = "area-types",
    title: str = "",
    language: Language = "sv",
) -> Style:
    """Style of five types of areas: orange where challenges are great, purple at the other end.

    Parameters
    ----------
    labels : mapping of str to str
        By type, its words in the legend, from the highest index to the lowest.
    name : str
        File stem and key.
    title : str
        The map's title.
    language : {"sv", "en"}
        Of the texts.

    Returns
    -------
    Style
        Of five categories; an area without a type is hatched.

    Examples
    --------
    >>> area_types({"1": "1 most", "2": "2", "3": "3", "4": "4", "5": "5 least"}).colours[2]
    '#f7f7f7'
    """
    edges = [number + 0.5 for number in range(1, len(labels))]
    return Style(
        name=name,
        title=title,
        unit="",
        quantity="category",
        scale="category",
        edges=(),
        categories=tuple(labels),
        labels=tuple(labels.values()),
        colours=diverging(edges, centre=(len(labels) + 1) / 2, orange="low"),
        gaps=gaps(language),
        language=language,
    )


def neighbourhoods(
    *,
    title: str = "",
    subtitle: str = "",
    caption: str = "",
    source: str = "",
    language: Language = "sv",
) -> Style:
    """Style of a map of links: areas that have neighbours, and areas that have none.

    Examples
    --------
    >>> neighbourhoods(language="en").categories
    ('linked', 'alone')
    """
    return Style(
        name="neighbours",
        title=title or Text("Vilka områden som är grannar", "Which areas are neighbours")(language),
        unit="",
        quantity="category",
        scale="category",
        edges=(),
        categories=("linked", "alone"),
        labels=(
            Text("Har grannar", "Has neighbours")(language),
            CLUSTERS["no neighbours"](language),
        ),
        colours=(QUIET, "#ffffff"),
        hatches=("", _CLUSTER_HATCHES[5]),
        subtitle=subtitle,
        caption=caption,
        source=source,
        gaps=gaps(language),
        language=language,
    )


def plain(*, name: str, title: str, label: str, language: Language = "sv") -> Style:
    """Style of areas that all look alike, as what counts lies over them.

    Examples
    --------
    >>> plain(name="frontiers", title="Frontiers", label="Area", language="en").categories
    ('area',)
    """
    return Style(
        name=name,
        title=title,
        unit="",
        quantity="category",
        scale="category",
        edges=(),
        categories=("area",),
        labels=(label,),
        colours=(QUIET,),
        gaps=gaps(language),
        language=language,
    )
