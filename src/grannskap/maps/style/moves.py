"""Styles of several years: clusters that stayed, came and left; shares that changed at all."""

from __future__ import annotations

from collections.abc import Sequence

from grannskap.catalogue import Pole
from grannskap.language import Language
from grannskap.maps.style.model import Style, gaps
from grannskap.maps.style.palettes import QUIET
from grannskap.wording import say

__all__ = ["moves", "over_years"]

_MOVES = ("stayed", "came", "left")
"""What can have become of a cluster."""

_MOVE_COLOURS = (
    *("#b35806", "#e99632", "#f8cb8f"),
    *("#542788", "#8f83bd", "#b9b1dd"),
)


def moves(poles: Sequence[str], *, title: str, language: Language = "sv") -> Style:
    """Style of clusters over years: of two poles, those that stayed, came and left.

    Parameters
    ----------
    poles : sequence of str
        What the clusters of each pole are called; the poor one's first.
    title : str
        The map's title.
    language : {"sv", "en"}
        Of the texts.

    Returns
    -------
    Style
        Categories ``"0 stayed"``, ``"0 came"``, ``"0 left"``, the same of 1, and ``"neither"``.

    Examples
    --------
    >>> moves(["Låg", "Hög"], title="Kluster").labels[:2]
    ('Låg: kvar', 'Låg: ny')
    """
    labels = {
        f"{number} {name}": say("maps.moved", language, {"became": name, "pole": pole})
        for number, pole in enumerate(poles)
        for name in _MOVES
    }
    labels["neither"] = say("maps.moved", language, {"became": "neither"})
    return _categories("clusters-years", labels, (*_MOVE_COLOURS, QUIET), title, language)


def over_years(
    pole: Pole, years: tuple[str, str], *, title: str, language: Language = "sv"
) -> Style:
    """Style of whether chance explains that a share has not been one over the years.

    Parameters
    ----------
    pole : {"low", "high"}
        Whose share it is: a larger share of the low is orange, and of the high purple.
    years : tuple of str
        The first and the last.
    title : str
        The map's title.
    language : {"sv", "en"}
        Of the texts.

    Returns
    -------
    Style
        Categories ``"up"``, ``"down"``, ``"same"`` (of those that changed: how the last share is
        beside the first), ``"chance"`` and ``"unsure"``.

    Examples
    --------
    >>> over_years("low", ("2012", "2017"), title="Andelen").labels[3]
    'Kan bero på slumpen'
    """
    when = dict(zip(("first", "last"), years, strict=True))
    labels = {
        one: say("maps.over_years_class", language, {"became": one, **when})
        for one in ("up", "down", "same", "chance", "unsure")
    }
    poor, rich = _MOVE_COLOURS[0], _MOVE_COLOURS[3]
    ends = (poor, rich) if pole == "low" else (rich, poor)
    return _categories(f"over-years-{pole}", labels, (*ends, *_REST), title, language)


_REST = ("#b9b1dd", QUIET, "#f8cb8f")


def _categories(
    name: str, labels: dict[str, str], colours: tuple[str, ...], title: str, language: Language
) -> Style:
    return Style(
        name=name,
        title=title,
        unit="",
        quantity="category",
        scale="category",
        edges=(),
        categories=tuple(labels),
        labels=tuple(labels.values()),
        colours=colours,
        gaps=gaps(language),
        language=language,
    )
