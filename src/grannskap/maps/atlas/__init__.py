"""The maps of one analysis, on paper and on screen."""

from grannskap.maps.atlas.extras import Extra, extras
from grannskap.maps.atlas.pages import page
from grannskap.maps.atlas.printed import Map, draw, maps, styles_by_column

__all__ = ["Extra", "Map", "draw", "extras", "maps", "page", "styles_by_column"]
