"""The printed map: areas and a style in, a picture out."""

from grannskap.maps.figure.alt import alt_text
from grannskap.maps.figure.choropleth import draw
from grannskap.maps.figure.extent import around, shown
from grannskap.maps.figure.page import PAGES, PageName
from grannskap.maps.figure.render import FileFormat, render

__all__ = [
    "PAGES",
    "FileFormat",
    "PageName",
    "alt_text",
    "around",
    "draw",
    "render",
    "shown",
]
