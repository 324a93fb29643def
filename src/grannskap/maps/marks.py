"""What is drawn over the areas: outlines of neighbourhoods, overlays, names of places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from grannskap.letters import settle

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

__all__ = ["Frontier", "Highlight", "Label", "Overlay", "place_names"]

_LONGEST = 200
"""Letters of a name, and of what stands on a map or in its legend."""


@dataclass(frozen=True)
class Highlight:
    """A named neighbourhood, outlined and labelled.

    Attributes
    ----------
    name : str
        The neighbourhood's name ("Hageby").
    label : str
        What stands on the map ("Hageby 13×").
    geometry : shapely geometry
        The union of its areas, EPSG:3006 metres.
    codes : tuple of str
        The DeSO that make it up.
    sentence : str
        What the alternative text says of it, where it is no neighbourhood.
    polygon : shapely geometry or None
        The outline that names it, where that is not the outline of its areas: drawn thin and
        dashed beside `geometry`, which is what was measured.
    colour : str
        Hex colour of its label, where its areas have that colour: it then has no outline.
    """

    name: str
    label: str
    geometry: BaseGeometry
    codes: tuple[str, ...] = ()
    sentence: str = ""
    polygon: BaseGeometry | None = None
    colour: str = ""

    def __post_init__(self) -> None:
        """Make its texts legible."""
        settle(self, {"name": _LONGEST, "label": _LONGEST, "sentence": 10 * _LONGEST})


@dataclass(frozen=True)
class Overlay:
    """Polygons, points or lines from another file.

    Attributes
    ----------
    label : str
        Its words in the legend ("Polisens utsatta områden").
    kind : {"outline", "dashed", "points", "lines", "strokes"}
        How it is drawn; strokes lie along one side of lines.
    geometry : geopandas.GeoSeries
        In EPSG:3006.
    names : tuple of str
        A name per geometry, or empty.
    colour : str
        Hex colour; the police's areas are green.
    width : float
        Of outlines and lines, in points.
    """

    label: str
    kind: Literal["outline", "dashed", "points", "lines", "strokes"]
    geometry: gpd.GeoSeries
    names: tuple[str, ...] = ()
    colour: str = "#1b7837"
    width: float = 1.3

    def __post_init__(self) -> None:
        """Make its texts legible."""
        settle(self, {"label": _LONGEST, "names": _LONGEST})


@dataclass(frozen=True)
class Frontier:
    """Lines between areas that are drawn alike.

    Attributes
    ----------
    label : str
        Their words in the legend.
    width : float
        Points.
    geometry : geopandas.GeoSeries
        A line for each.
    sides : tuple of tuple of str
        The DeSO on both sides of each.
    says : tuple of str
        What is told of each beside the names of its sides.
    strokes : float
        Metres of the short strokes along each, into the first of its sides; 0 for none.
    strokes_say : str
        The words of the strokes in the legend.
    """

    label: str
    width: float
    geometry: gpd.GeoSeries
    sides: tuple[tuple[str, str], ...]
    says: tuple[str, ...]
    strokes: float = 0.0
    strokes_say: str = ""

    def __post_init__(self) -> None:
        """Make its texts legible."""
        settle(self, {"label": _LONGEST, "says": 10 * _LONGEST, "strokes_say": _LONGEST})


@dataclass(frozen=True)
class Label:
    """The name of a place.

    Attributes
    ----------
    text : str
        The name ("Gottsunda").
    x, y : float
        Where the place is, EPSG:3006 metres.
    rank : int
        Lower ranks are placed first; a name that finds no room is left out.
    place : shapely geometry or None
        The ground of the place, where it is known: the name stands on it.
    """

    text: str
    x: float
    y: float
    rank: int = 1
    place: BaseGeometry | None = None

    def __post_init__(self) -> None:
        """Make its text legible."""
        settle(self, {"text": _LONGEST})


def place_names(overlay: gpd.GeoDataFrame) -> tuple[Label, ...]:
    """Names of places from a file that `boundaries.read_overlay` read.

    Parameters
    ----------
    overlay : geopandas.GeoDataFrame
        EPSG:3006, column ``name``; polygons and lines are named at a point on them.

    Returns
    -------
    tuple of Label
        In the file's order; places without a name are left out.
    """
    points = overlay.geometry.representative_point()
    rows = zip(overlay["name"].fillna(""), points.x, points.y, strict=True)
    return tuple(Label(str(name), float(x), float(y)) for name, x, y in rows if str(name).strip())
