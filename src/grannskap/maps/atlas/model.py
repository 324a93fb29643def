"""A map of the atlas before it is drawn on paper or woven into the page, and other pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from grannskap.maps.marks import Highlight
    from grannskap.maps.style import Style

__all__ = ["Extra", "Map"]


@dataclass(frozen=True)
class Map:
    """One map of the atlas.

    Attributes
    ----------
    style : Style
        With its title, caption and source line.
    values : pandas.Series
        What is mapped, on every area of the boundaries.
    highlights : tuple of Highlight
        Neighbourhoods, and the area with the lowest value where it is marked.
    scope : str or sequence of str, optional
        What is shown, where it is not what the whole view shows.
    status : pandas.Series of str, optional
        Why an area has no value.
    lower, upper : pandas.Series of float, optional
        What the value of an area lies between, where it is not shown.
    """

    style: Style
    values: pd.Series[Any]
    highlights: tuple[Highlight, ...] = ()
    scope: str | Sequence[str] | None = None
    status: pd.Series[Any] | None = None
    lower: pd.Series[Any] | None = None
    upper: pd.Series[Any] | None = None


@dataclass(frozen=True)
class Extra:
    """A picture beside the main maps.

    Attributes
    ----------
    name : str
        File stem; its beginning tells the section of the report it belongs to.
    title, caption : str
        Its heading and the line under it.
    figure : matplotlib.figure.Figure
        To be rendered.
    """

    name: str
    title: str
    caption: str
    figure: Figure
