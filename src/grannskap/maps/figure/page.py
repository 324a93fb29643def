"""Page sizes, type sizes and the arrangement of a page, all in millimetres."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

__all__ = [
    "MM",
    "PAGES",
    "PT",
    "Block",
    "Box",
    "Page",
    "PageName",
    "text_width",
    "wrap",
]

MM = 25.4
"""Millimetres to the inch."""

PT = MM / 72
"""Millimetres to the typographic point."""

PageName = Literal["half-column", "column", "page", "16:9"]


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
    "half-column": Page(80, 125, 1.5, 2.5, 6.2, 5.2, 8.5, 6.5),
    "column": Page(160, 190, 2.5, 4.0, 7.2, 6.0, 11.5, 8.0),
    "page": Page(190, 270, 3.0, 5.0, 8.0, 6.5, 14.0, 9.0),
    "16:9": Page(254, 142.875, 8.0, 6.0, 10.0, 8.0, 18.0, 11.5, fixed=True),
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
    from matplotlib.font_manager import FontProperties, findfont, get_font

    weight = "bold" if bold else "normal"
    font = get_font(findfont(FontProperties(family="DejaVu Sans", weight=weight)))
    font.set_size(100, 72)
    font.set_text(text, 0.0)
    width, _ = font.get_width_height()
    return float(width) / 64 / 100 * size * PT


def wrap(text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines that are at most `width` millimetres wide."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return [line for line in lines if line]
