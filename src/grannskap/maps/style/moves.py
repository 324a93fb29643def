"""Style of clusters over the years: which stayed, came and left."""

from __future__ import annotations

from collections.abc import Sequence

from grannskap.language import Language
from grannskap.maps.style.model import Style, gaps
from grannskap.maps.style.palettes import QUIET
from grannskap.wording import say

__all__ = ["moves"]

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
    return Style(
        name="clusters-years",
        title=title,
        unit="",
        quantity="category",
        scale="category",
        edges=(),
        categories=tuple(labels),
        labels=tuple(labels.values()),
        colours=(*_MOVE_COLOURS, QUIET),
        gaps=gaps(language),
        language=language,
    )
