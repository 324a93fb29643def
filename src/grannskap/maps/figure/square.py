"""The square legend of a map of two variables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grannskap.maps.figure.page import PT, Block, Box, Page, text_width
from grannskap.maps.figure.sheet import INK
from grannskap.maps.figure.swatch import paint_class

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from grannskap.maps.style import Square, Style

__all__ = ["measure_square", "paint_square"]


def _cell(square: Square, page: Page) -> tuple[float, float]:
    wide = max(text_width(label, page.small) for label in square.second_labels)
    return max(wide + 1.6, 3.4 * page.text * PT), 2.4 * page.text * PT


def _titles(square: Square) -> tuple[str, str]:
    return f"↑ {square.first}", f"{square.second} →"


def _beside(square: Square, page: Page) -> float:
    return max(text_width(label, page.small) for label in square.first_labels) + 1.4


def measure_square(square: Square, page: Page) -> Block:
    """Room for the square with the names of its two axes."""
    wide, high = _cell(square, page)
    left = _beside(square, page)
    upper, lower = (text_width(title, page.text, bold=True) for title in _titles(square))
    across = max(upper, left + 3 * wide, left + lower)
    line = 1.5 * PT
    return Block("square", across, 3 * high + 2 * line * page.text + line * page.small + 1.6)


def paint_square(axes: Axes, box: Box, style: Style, page: Page) -> None:
    """Paint the square: the first variable upwards, the second to the right."""
    square = style.square
    if square is None:
        return
    wide, high = _cell(square, page)
    left = box.x + _beside(square, page)
    upper, lower = _titles(square)
    top = box.top - 1.5 * PT * page.text
    bold: dict[str, Any] = {
        "fontsize": page.text,
        "color": INK,
        "fontweight": "bold",
        "va": "baseline",
    }
    axes.text(box.x, box.top - 0.82 * page.text * PT, upper, **bold)
    for row, label in enumerate(square.first_labels):
        y = top - (3 - row) * high
        axes.text(
            left - 1.2,
            y + high / 2,
            label,
            fontsize=page.small,
            color=INK,
            ha="right",
            va="center_baseline",
            gid="legend-label",
        )
        for column in range(3):
            place = Box(left + column * wide, y, wide, high)
            paint_class(axes, place, style.colours[3 * row + column])
    foot = top - 3 * high - 0.8 - 0.82 * page.small * PT
    for column, label in enumerate(square.second_labels):
        x = left + (column + 0.5) * wide
        _set_label(axes, x, foot, label, page)
    axes.text(left, foot - 0.7 * page.small * PT - 0.82 * page.text * PT, lower, **bold)


def _set_label(axes: Axes, x: float, y: float, label: str, page: Page) -> None:
    axes.text(
        x,
        y,
        label,
        fontsize=page.small,
        color=INK,
        ha="center",
        va="baseline",
        gid="legend-label",
    )
