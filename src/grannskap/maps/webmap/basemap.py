"""A map under the map, on request: its tiles are fetched from a server while one looks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from grannskap.errors import DataError
from grannskap.wording import in_both

if TYPE_CHECKING:
    import geopandas as gpd

    from grannskap.maps.marks import Frontier, Highlight, Overlay

__all__ = [
    "OPENSTREETMAP",
    "Basemap",
    "bounds_in_mercator",
    "frontier_in_mercator",
    "highlight_in_mercator",
    "in_mercator",
    "overlay_in_mercator",
]


@dataclass(frozen=True)
class Basemap:
    """A provider of map tiles in Web Mercator.

    A page with one calls out to the provider, which sees who looks at what; some providers
    (OpenStreetMap among them) refuse pages that are opened from disk.

    Attributes
    ----------
    name : str
        What readers are told that the page calls out to.
    url : str
        Address of a tile, https, with ``{z}``, ``{x}`` and ``{y}``; ``{s}`` for subdomains.
    attribution : str
        The words that the provider asks for, shown as text on the map.
    most_zoom : int
        The closest zoom that the provider has tiles for.
    """

    name: str
    url: str
    attribution: str
    most_zoom: int = 19

    @property
    def host(self) -> str:
        """Return the only address that the page may fetch pictures from."""
        parts = urlsplit(self.url)
        if parts.scheme != "https" or not all(key in self.url for key in ("{z}", "{x}", "{y}")):
            raise DataError(
                "no address of tiles",
                {
                    "url": self.url,
                    "keys": in_both(
                        "errors.phrases.keys of tiles", {"z": "{z}", "x": "{x}", "y": "{y}"}
                    ),
                },
            )
        return f"https://{parts.netloc.replace('{s}', '*')}"


OPENSTREETMAP = Basemap(
    name="OpenStreetMap",
    url="https://tile.openstreetmap.org/{z}/{x}/{y}.png",
    attribution="© OpenStreetMap contributors",
)
"""OpenStreetMap's own tiles, for pages with few visitors."""


def in_mercator(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Areas in Web Mercator, as tiles are."""
    return areas.to_crs(3857)


def bounds_in_mercator(
    bounds: tuple[float, float, float, float],
) -> tuple[float, float, float, float]:
    """Bounds in Web Mercator."""
    from pyproj import Transformer

    there = Transformer.from_crs(3006, 3857, always_xy=True)
    west, south, east, north = there.transform_bounds(*bounds)
    return west, south, east, north


def highlight_in_mercator(highlight: Highlight) -> Highlight:
    """Return the highlight in Web Mercator."""
    import geopandas as gpd

    moved = gpd.GeoSeries([highlight.geometry, highlight.polygon], crs=3006).to_crs(3857)
    return replace(highlight, geometry=moved.iloc[0], polygon=moved.iloc[1])


def frontier_in_mercator(frontier: Frontier) -> Frontier:
    """Return the lines in Web Mercator."""
    return replace(frontier, geometry=frontier.geometry.to_crs(3857))


def overlay_in_mercator(overlay: Overlay) -> Overlay:
    """Return the overlay in Web Mercator."""
    return replace(overlay, geometry=overlay.geometry.to_crs(3857))
