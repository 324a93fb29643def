"""The printed map: areas and a style in, a picture out."""

from grannskap.maps.figure.alt import alt_text
from grannskap.maps.figure.chance import correlogram, reference_distribution
from grannskap.maps.figure.choropleth import draw
from grannskap.maps.figure.curves import curves
from grannskap.maps.figure.extent import around, fitted, framing, shown
from grannskap.maps.figure.hexes import hexagons
from grannskap.maps.figure.matrix import matrix
from grannskap.maps.figure.multiples import Panel, small_multiples
from grannskap.maps.figure.nearest import profile
from grannskap.maps.figure.outlines import Shapes
from grannskap.maps.figure.render import FORMATS, FileFormat, Rendered, render, render_all
from grannskap.maps.figure.scatter import moran_scatter
from grannskap.maps.figure.sheet import PAGES, PageName, faces, letters, signless, without_sign
from grannskap.maps.figure.trends import Trend, trends
from grannskap.maps.figure.variants import bivariate, change, links
from grannskap.maps.figure.vignette import Vignettes

__all__ = [
    "FORMATS",
    "PAGES",
    "FileFormat",
    "PageName",
    "Panel",
    "Rendered",
    "Shapes",
    "Trend",
    "Vignettes",
    "alt_text",
    "around",
    "bivariate",
    "change",
    "correlogram",
    "curves",
    "draw",
    "faces",
    "fitted",
    "framing",
    "hexagons",
    "letters",
    "links",
    "matrix",
    "moran_scatter",
    "profile",
    "reference_distribution",
    "render",
    "render_all",
    "shown",
    "signless",
    "small_multiples",
    "trends",
    "without_sign",
]
