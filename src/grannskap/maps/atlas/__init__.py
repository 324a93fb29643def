"""The maps of results as a view shows them, on paper and on screen."""

from grannskap.maps.atlas import frontiers
from grannskap.maps.atlas.interactive import explore, notebook, page
from grannskap.maps.atlas.model import Map
from grannskap.maps.atlas.moving import of_years
from grannskap.maps.atlas.pictures import Extra, extras
from grannskap.maps.atlas.printed import (
    cluster_style,
    cluster_styles,
    draw,
    finest,
    maps,
    plot,
    styles_by_column,
)

__all__ = [
    "Extra",
    "Map",
    "cluster_style",
    "cluster_styles",
    "draw",
    "explore",
    "extras",
    "finest",
    "frontiers",
    "maps",
    "notebook",
    "of_years",
    "page",
    "plot",
    "styles_by_column",
]
