"""The legend of ordered classes: one bar, with its breaks below and what is counted above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from grannskap.language import number
from grannskap.maps.figure.sheet import INK, PT, QUIET, Box, Page, text_width
from grannskap.maps.figure.swatches import paint_class
from grannskap.maps.style import breaks, lightness

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from grannskap.maps.style import Style

__all__ = ["Bar", "bar", "paint_bar"]

_WIDEST, _NARROWEST = 11.0, 7.0
"""Millimetres of a cell at most, and at least where there is room for it."""

_HIGH = 3.2
_COLUMN = 8.0
"""Millimetres of the highest column of counts."""

_TICK = 1.1
_GREY = "#b9bdc2"
_DARK = 55.0
"""Lightness (L*) above which words in a class's colour would be too pale to read."""


@dataclass(frozen=True)
class Bar:
    """A bar of classes, measured.

    Attributes
    ----------
    colours : tuple of str
        A cell each, the lowest first.
    ticks : tuple of str
        What stands at each break.
    ends : tuple of str
        Words under the low end, the middle and the high end; empty for none.
    counts : tuple of int
        Areas in each class, drawn as columns; empty for none.
    cell, height, above : float
        Millimetres of a cell, of all, and of the columns over the cells.
    """

    colours: tuple[str, ...]
    ticks: tuple[str, ...]
    ends: tuple[str, ...]
    counts: tuple[int, ...]
    cell: float
    height: float
    above: float

    @property
    def width(self) -> float:
        """Millimetres of all cells."""
        return self.cell * len(self.colours)


def bar(
    style: Style, page: Page, *, width: float, classes: npt.NDArray[np.int64] | None = None
) -> Bar | None:
    """Measure the bar of a style of ordered classes; None for categories.

    Parameters
    ----------
    style : Style
        Its edges are the breaks.
    page : Page
        Type sizes.
    width : float
        The greatest width in millimetres.
    classes : numpy.ndarray of int, optional
        Class of each area that is counted in columns over the bar.
    """
    ticks = style.ticks or breaks(style)
    if not ticks:
        return None
    k = len(style.colours)
    most = min(_WIDEST, (width - 1.0) / k)
    wanted = max(_NARROWEST, *(text_width(tick, page.text) + 2.0 for tick in ticks))
    cell = min(max(wanted, min(_WIDEST, 1.4 * page.text)), most)
    counts = () if classes is None else tuple(int((classes == c).sum()) for c in range(k))
    ends = style.ends
    if not ends and style.poles:
        ends = (f"← {style.poles[0]}", "", f"{style.poles[-1]} →")
    ends = ends if ends and _fit(ends, cell * k, page) else ()
    lines = 1 + bool(ends)
    above = _above(page) if counts else 0.0
    return Bar(
        style.colours,
        ticks,
        ends,
        counts,
        cell,
        above + _HIGH + _TICK + 1.3 * lines * page.text * PT + 0.4,
        above,
    )


def _above(page: Page) -> float:
    return _COLUMN + 1.5 * page.small * PT


def _fit(ends: tuple[str, ...], width: float, page: Page) -> bool:
    low, middle, high = (text_width(one, page.text, bold=True) for one in ends)
    return low + middle / 2 + 4.0 <= width / 2 and high + middle / 2 + 4.0 <= width / 2


def paint_bar(axes: Axes, x: float, top: float, found: Bar, page: Page) -> None:
    """Paint a bar whose upper left corner, with its columns, is (x, top)."""
    if found.counts:
        _paint_columns(axes, x, top, found, page)
        top -= found.above
    for place, colour in enumerate(found.colours):
        paint_class(axes, Box(x + place * found.cell, top - _HIGH, found.cell, _HIGH), colour)
    foot = top - _HIGH
    baseline = foot - _TICK - 0.9 * page.text * PT
    for place, tick in enumerate(found.ticks, 1):
        at = x + place * found.cell
        axes.plot([at, at], [foot - _TICK, foot], color=INK, linewidth=0.5, gid="legend-tick")
        axes.text(
            at,
            baseline,
            tick,
            fontsize=page.text,
            color=INK,
            ha="center",
            va="baseline",
            gid="legend-label",
        )
    if found.ends:
        _paint_ends(axes, x, baseline - 1.3 * page.text * PT, found, page)


def _paint_ends(axes: Axes, x: float, y: float, found: Bar, page: Page) -> None:
    places = ((x, "left"), (x + found.width / 2, "center"), (x + found.width, "right"))
    inks = (_readable(found.colours[0]), QUIET, _readable(found.colours[-1]))
    for number_, (text, (at, side), ink) in enumerate(zip(found.ends, places, inks, strict=True)):
        axes.text(
            at,
            y,
            text,
            fontsize=page.text,
            color=ink,
            fontweight="normal" if number_ == 1 else "bold",
            ha=side,
            va="baseline",
            gid="legend-end",
        )


def _readable(colour: str) -> str:
    """A class's colour where words in it can be read on white, else ink."""
    return colour if float(lightness([colour])[0]) <= _DARK and to_rgb(colour) else INK


def _paint_columns(axes: Axes, x: float, top: float, found: Bar, page: Page) -> None:
    most = max(*found.counts, 1)
    foot = top - _COLUMN - 1.3 * page.small * PT
    for place, counted in enumerate(found.counts):
        high = _COLUMN * counted / most
        left = x + (place + 0.12) * found.cell
        axes.add_patch(
            Rectangle(
                (left, foot),
                0.76 * found.cell,
                high,
                facecolor=_GREY,
                edgecolor="none",
                gid="legend-column",
            )
        )
        axes.text(
            x + (place + 0.5) * found.cell,
            foot + high + 0.5,
            number(counted, decimals=0),
            fontsize=page.small,
            color=QUIET,
            ha="center",
            va="baseline",
            gid="legend-count",
        )
