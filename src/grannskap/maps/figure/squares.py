"""The legend of categories that two things cross: a square of cells with what each counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy.typing as npt

from grannskap.maps.figure.sheet import INK, PT, QUIET, Block, Box, Page, text_width
from grannskap.maps.figure.swatches import paint_class
from grannskap.maps.style import lightness

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes

    from grannskap.maps.style import Square, Style

__all__ = ["measure_square", "paint_square"]

_SIDE = {2: 9.0, 3: 7.4}
"""Millimetres of a cell, by how many there are on a side."""

_LEADING = 1.35
_DARK = 60.0
"""Lightness (L*) below which a number in a cell is white."""


def _labels(square: Square) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What stands beside the rows, and at the columns."""
    return (
        square.first_breaks or square.first_labels,
        square.second_breaks or square.second_labels,
    )


def _names(square: Square) -> tuple[str, str]:
    """Names of the two axes: with arrows where breaks show that they are scales."""
    if square.first_breaks:
        return f"↑ {square.first}", f"{square.second} →"
    return square.first, square.second


def _cell(square: Square, page: Page) -> float:
    rows, columns = _labels(square)
    widest = max(text_width(label, page.small) for label in (*rows, *columns))
    return max(_SIDE[square.side], widest + 1.2 if square.second_breaks else 0.0)


def _left(square: Square, page: Page) -> float:
    """Room for what stands at the left of the cells."""
    labels = max(text_width(label, page.small) for label in _labels(square)[0]) + 1.6
    if square.first_breaks:
        return labels
    return labels + text_width(square.first, page.small) + 1.6


def measure_square(square: Square, page: Page) -> Block:
    """Room for the square with the names of its two axes."""
    cells = square.side * _cell(square, page)
    left, line = _left(square, page), _LEADING * PT
    upper, lower = (text_width(name, page.text, bold=True) for name in _names(square))
    if not square.first_breaks:
        return Block("square", left + cells, cells + 2 * line * page.small + 0.6)
    across = max(upper, left + cells, left + lower)
    return Block("square", across, cells + 2 * line * page.text + line * page.small + 1.6)


def paint_square(
    axes: Axes, box: Box, style: Style, page: Page, classes: npt.NDArray[np.int64]
) -> None:
    """Paint the square: the first upwards, the second to the right, counts in the cells."""
    square = style.square
    if square is None:
        return
    cell, left = _cell(square, page), box.x + _left(square, page)
    scales = bool(square.first_breaks)
    above = _LEADING * PT * (page.text if scales else 2 * page.small)
    top = box.top - above - (0.0 if scales else 0.6)
    for place, category in enumerate(square.cells):
        row, column = divmod(place, square.side)
        low = top - (square.side - row) * cell
        here = Box(left + column * cell, low, cell, cell)
        colour = style.colours[category]
        paint_class(axes, here, colour)
        _paint_count(axes, here, int((classes == category).sum()), colour=colour, page=page)
    ground = Box(left, top - square.side * cell, square.side * cell, square.side * cell)
    if scales:
        _paint_scales(axes, box, ground, square, page)
    else:
        _paint_labels(axes, box, ground, square, page)


def _paint_count(axes: Axes, box: Box, counted: int, *, colour: str, page: Page) -> None:
    dark = float(lightness([colour])[0]) < _DARK
    axes.text(
        box.x + box.width / 2,
        box.y + box.height / 2,
        str(counted),
        fontsize=page.small,
        color="white" if dark else INK,
        fontweight="bold",
        ha="center",
        va="center_baseline",
        gid="legend-count",
    )


def _paint_scales(axes: Axes, box: Box, ground: Box, square: Square, page: Page) -> None:
    """Breaks between the cells, and the names of both scales with their arrows."""
    upper, lower = _names(square)
    cell = ground.width / square.side
    _write(axes, box.x, box.top - 0.82 * page.text * PT, upper, page.text, bold=True)
    for place, label in enumerate(square.first_breaks, 1):
        y = ground.y + place * cell
        axes.plot([ground.x - 0.8, ground.x], [y, y], color=INK, linewidth=0.5, gid="legend-tick")
        low = y - 0.35 * page.small * PT
        _write(axes, ground.x - 1.3, low, label, page.small, side="right")
    foot = ground.y - 0.9 - 0.9 * page.small * PT
    for place, label in enumerate(square.second_breaks, 1):
        x = ground.x + place * cell
        axes.plot([x, x], [ground.y - 0.8, ground.y], color=INK, linewidth=0.5, gid="legend-tick")
        _write(axes, x, foot, label, page.small, side="center")
    low = foot - _LEADING * page.text * PT
    _write(axes, ground.x, low, lower, page.text, bold=True)


def _paint_labels(axes: Axes, box: Box, ground: Box, square: Square, page: Page) -> None:
    """What rows and columns are: the area at the left, its neighbours above."""
    cell, middle = ground.width / square.side, ground.x + ground.width / 2
    line = _LEADING * page.small * PT
    _write(axes, middle, ground.top + 0.6 + line, square.second, page.small, side="center")
    for place, label in enumerate(square.second_labels):
        x = ground.x + (place + 0.5) * cell
        _write(axes, x, ground.top + 0.6 + 0.1 * line, label, page.small, side="center", ink=INK)
    for place, label in enumerate(square.first_labels):
        y = ground.y + (place + 0.5) * cell - 0.35 * page.small * PT
        _write(axes, ground.x - 1.3, y, label, page.small, side="right", ink=INK)
    y = ground.y + ground.height / 2 - 0.35 * page.small * PT
    _write(axes, box.x, y, square.first, page.small)


def _write(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    size: float,
    *,
    side: str = "left",
    bold: bool = False,
    ink: str = QUIET,
) -> None:
    axes.text(
        x,
        y,
        text,
        fontsize=size,
        color=INK if bold else ink,
        fontweight="bold" if bold else "normal",
        ha=side,
        va="baseline",
        gid="legend-label",
    )
