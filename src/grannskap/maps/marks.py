"""What is drawn over the areas: rings round neighbourhoods, overlays from other files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

__all__ = ["Overlay", "Ring"]


@dataclass(frozen=True)
class Ring:
    """A named neighbourhood, outlined and labelled.

    Attributes
    ----------
    name : str
        The neighbourhood's name ("Hageby").
    label : str
        What stands on the map ("Hageby 13x").
    geometry : shapely geometry
        The union of its areas, EPSG:3006 metres.
    codes : tuple of str
        The DeSO that make it up.
    """

    name: str
    label: str
    geometry: BaseGeometry
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Overlay:
    """Polygons, points or lines from another file.

    Attributes
    ----------
    label : str
        Its words in the legend ("Polisens utsatta områden").
    kind : {"outline", "hatch", "points", "lines"}
        How it is drawn.
    geometry : geopandas.GeoSeries
        In EPSG:3006.
    names : tuple of str
        A name per geometry, or empty.
    colour : str
        Hex colour; the police's areas are green.
    """

    label: str
    kind: Literal["outline", "hatch", "points", "lines"]
    geometry: gpd.GeoSeries
    names: tuple[str, ...] = ()
    colour: str = "#1b7837"
