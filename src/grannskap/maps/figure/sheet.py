"""The sheet of a picture: page sizes, type sizes, and axes in millimetres."""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patheffects import Stroke
from matplotlib.text import Text as Words

from grannskap.letters import well_formed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.ft2font import FT2Font

__all__ = [
    "FAMILIES",
    "INK",
    "MM",
    "NARROW",
    "PAGES",
    "PT",
    "QUIET",
    "SHEET",
    "Block",
    "Box",
    "Page",
    "PageName",
    "Role",
    "faces",
    "halo_text",
    "letters",
    "lines_of_text",
    "panel",
    "sheet",
    "signless",
    "text_width",
    "typography",
    "without_sign",
    "wrap",
]

MM = 25.4
"""Millimetres to the inch."""

PT = MM / 72
"""Millimetres to the typographic point."""

PageName = Literal["half-column", "column", "page", "16:9"]

Role = Literal["title", "subtitle", "caption", "source"]
"""What a text of a page is; the names of its lines say it: ``title-0``, ``title-1``."""


@dataclass(frozen=True)
class Page:
    """Size of a picture in a report, and its type sizes.

    Attributes
    ----------
    width : float
        Millimetres.
    height : float
        Greatest height in millimetres; the picture is lower when the map is.
    margin, gap : float
        Millimetres round everything, and between things.
    text, small, title, subtitle : float
        Type sizes in points.
    fixed : bool
        Whether the height is always the greatest (a slide).
    """

    width: float
    height: float
    margin: float
    gap: float
    text: float
    small: float
    title: float
    subtitle: float
    fixed: bool = False


PAGES: dict[PageName, Page] = {
    "half-column": Page(80, 125, 1.5, 2.5, 6.5, 6.0, 9.5, 7.0),
    "column": Page(160, 200, 2.5, 4.0, 7.2, 6.2, 12.5, 8.4),
    "page": Page(190, 240, 3.0, 5.0, 8.0, 7.0, 15.0, 9.5),
    "16:9": Page(254, 142.875, 8.0, 6.0, 10.0, 9.0, 20.0, 12.0, fixed=True),
}
"""What a report on A4 and a slide have room for."""


@dataclass(frozen=True)
class Box:
    """A rectangle on the page: lower left corner, width and height in millimetres."""

    x: float
    y: float
    width: float
    height: float

    @property
    def top(self) -> float:
        """Upper edge."""
        return self.y + self.height

    @property
    def right(self) -> float:
        """Right edge."""
        return self.x + self.width


@dataclass(frozen=True)
class Block:
    """Something beside or below the map that needs room."""

    name: str
    width: float
    height: float


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of a line of text in millimetres, at `size` points in the bundled font."""
    from matplotlib.font_manager import get_font

    font = get_font(_files("bold" if bold else "normal"))
    font.set_size(100, 72)
    with _unheard():
        font.set_text(well_formed(text), 0.0)
    width, _ = font.get_width_height()
    return float(width) / 64 / 100 * size * PT


def signless(figure: Figure) -> tuple[str, ...]:
    """Letters of a picture's texts that its typefaces have no sign for, in order.

    PNG and PDF show a box in the place of each; in an SVG it is the letter, which other
    typefaces may have.
    """
    return without_sign(words.get_text() for words in figure.findobj(Words))


def without_sign(texts: Iterable[str]) -> tuple[str, ...]:
    """Letters of texts that the typefaces of pictures have no sign for, in order."""
    known = letters()
    lost = sorted(one for one in set("".join(texts)) if ord(one) not in known)
    # Format characters have no sign of their own, and line breaks are not drawn.
    return tuple(one for one in lost if unicodedata.category(one) not in ("Cc", "Cf"))


@cache
def letters() -> frozenset[int]:
    """Code points that the typefaces of pictures have a sign for, together."""
    from matplotlib.font_manager import get_font

    fonts: list[FT2Font] = [get_font(file) for file in _files("normal")]
    return frozenset(code for font in fonts for code in font.get_charmap())


def faces() -> tuple[str, ...]:
    """Files of the typefaces of pictures: the bundled one, and what lends the letters it lacks."""
    return (*_files("normal"), *_files("bold"))


@cache
def _files(weight: str) -> tuple[str, ...]:
    """The files of the bundled font, and of what lends the letters that it lacks."""
    from matplotlib.font_manager import FontProperties, findfont

    _register()
    return tuple(findfont(FontProperties(family=one, weight=weight)) for one in FAMILIES)


def wrap(text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines that are at most `width` millimetres wide."""
    lines: list[str] = []
    for word in _pieces(text.split(" "), size, width, bold=bold):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return [line for line in lines if line]


def _pieces(words: Sequence[str], size: float, width: float, *, bold: bool) -> list[str]:
    """Cut words that no line holds."""
    pieces = []
    for word in words:
        wide = text_width(word, size, bold=bold)
        room = len(word) if wide <= width else max(1, int(len(word) * width / wide))
        pieces += [word[i : i + room] for i in range(0, max(len(word), 1), max(room, 1))]
    return pieces


NARROW = 100.0
"""Millimetres of page width below which little stands on a map: no names, fewer rings."""

INK = "#1a1c1f"
QUIET = "#5b6168"

FAMILY = "Grannskap Sans"
"""The bundled typeface: the letters of Source Sans that Europe writes, under another name."""

_WHOLE = "DejaVu Sans"
"""Lends the letters that the bundled typeface lacks; matplotlib carries it."""

FAMILIES = (FAMILY, _WHOLE)
"""Typefaces of pictures and of documents: a letter is of the first that has it."""

SHEET = "sheet"
"""Name of the white ground of a page."""

_FONTS = ("GrannskapSans-Bold.ttf", "GrannskapSans-Regular.ttf")

_SETTINGS: Any = {
    "font.family": list(FAMILIES),
    "svg.fonttype": "none",
    "svg.hashsalt": "grannskap",
    "svg.image_inline": True,
    "pdf.fonttype": 42,
    "pdf.compression": 4,
    "hatch.linewidth": 0.4,
    "axes.unicode_minus": True,
    "path.simplify": True,
    "text.usetex": False,
    "text.hinting": "none",  # else letters stand where the pixels are, closer than measured
    "text.parse_math": False,
    "figure.autolayout": False,
    "figure.constrained_layout.use": False,
}


@contextmanager
def typography() -> Iterator[None]:
    """Settings that every picture is drawn and saved under, whatever the user's own are.

    What the typefaces lack is told by `signless`, once, and not by a warning for every letter.
    """
    _register()
    with rc_context(_SETTINGS), _unheard():
        yield


@contextmanager
def _unheard() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing", category=UserWarning)
        yield


@lru_cache(maxsize=1)
def _register() -> None:
    """Tell matplotlib of the bundled typeface, once."""
    from matplotlib.font_manager import fontManager

    folder = resources.files("grannskap.maps.figure") / "fonts"
    for name in _FONTS:
        with resources.as_file(folder / name) as path:
            fontManager.addfont(path)


def sheet(width: float, height: float) -> tuple[Figure, Axes]:
    """Make a white page of so many millimetres, with axes that count in them."""
    figure = Figure(figsize=(width / MM, height / MM), facecolor="white")
    FigureCanvasAgg(figure)
    figure.patch.set_gid(SHEET)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0), label="sheet")
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    axes.set_axis_off()
    axes.set_zorder(3)
    return figure, axes


def panel(figure: Figure, box: Box, *, label: str) -> Axes:
    """Add axes that fill a box of the sheet."""
    width, height = figure.get_size_inches() * MM
    place = (box.x / width, box.y / height, box.width / width, box.height / height)
    axes = figure.add_axes(place, label=label)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.patch.set_facecolor("white")
    for spine in axes.spines.values():
        spine.set_visible(False)
    return axes


def lines_of_text(
    axes: Axes,
    lines: Sequence[str],
    *,
    x: float,
    top: float,
    size: float,
    colour: str = INK,
    bold: bool = False,
    leading: float = 1.3,
    role: Role | None = None,
) -> float:
    """Set lines of text from `top` downwards; returns where the next thing can begin."""
    for place, line in enumerate(lines):
        axes.text(
            x,
            top - 0.82 * size * PT,
            line,
            fontsize=size,
            color=colour,
            fontweight="bold" if bold else "normal",
            va="baseline",
            gid=f"{role}-{place}" if role else None,
        )
        top -= leading * size * PT
    return top


def halo_text(axes: Axes, words: Words, *, width: float = 2.0) -> None:
    """Put a white halo under a text, and leave the text itself a text in SVG and PDF."""
    x, y = words.get_position()
    halo = axes.text(
        x,
        y,
        words.get_text(),
        fontproperties=words.get_fontproperties(),
        color="white",
        ha=words.get_horizontalalignment(),
        va=words.get_verticalalignment(),
        zorder=words.get_zorder() - 0.01,
    )
    halo.set_path_effects([Stroke(linewidth=width, foreground="white", joinstyle="round")])
    halo.set_gid("halo")
