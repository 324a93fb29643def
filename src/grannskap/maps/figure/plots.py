"""A page with one plot: its axes, their names, and words beside its lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from matplotlib.ticker import FuncFormatter, MaxNLocator

from grannskap.errors import DataError
from grannskap.language import Language, Text, number
from grannskap.maps.figure.headings import paint_texts, texts
from grannskap.maps.figure.sheet import (
    INK,
    PAGES,
    PT,
    QUIET,
    Box,
    Page,
    PageName,
    panel,
    sheet,
    text_width,
)
from grannskap.maps.style import Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "Plot",
    "check_enough",
    "empty_axes",
    "mark",
    "name_axes",
    "note",
    "page_texts",
    "plot_page",
    "signed",
]


@dataclass(frozen=True)
class Plot:
    """A page with one plot on it."""

    figure: Figure
    sheet: Axes
    axes: Axes
    box: Box
    page: Page


def check_enough(rows: int) -> None:
    """Refuse to draw fewer than three rows."""
    if rows < 3:
        raise DataError("too few rows to draw", {"rows": str(rows)})


def page_texts(title: str, subtitle: str, caption: str, source: str, language: Language) -> Style:
    """A style that is nothing but the texts of a page."""
    return Style(
        name="plot",
        title=title,
        unit="",
        quantity="index",
        edges=(),
        labels=(),
        colours=(),
        subtitle=subtitle,
        caption=caption,
        source=source,
        language=language,
    )


def plot_page(style: Style, page: PageName, *, size: tuple[float, float] | None = None) -> Plot:
    """Set the texts of a page and put empty axes on it; of so many millimetres, if there is room.

    A page whose axes are smaller than it is made narrower, but for a slide.
    """
    sizes = PAGES[page]
    left, bottom = 6.5 * sizes.text * PT, 4.2 * sizes.text * PT
    beside = 2 * sizes.margin + left + 1.5
    wide, tall = size or (sizes.width, sizes.height)
    width = min(wide, sizes.width - beside)
    if not sizes.fixed:
        sizes = replace(sizes, width=width + beside)
    words = texts(style, sizes)
    room = sizes.height - 2 * sizes.margin - words.header - words.footer - bottom
    most = min(tall * width / wide, room) if size else 0.62 * width
    tall = room if sizes.fixed and not size else min(most, room)
    width = width if size is None else min(width, wide * tall / size[1])
    height = 2 * sizes.margin + words.header + words.footer + bottom + tall
    height = sizes.height if sizes.fixed else height
    figure, axes = sheet(sizes.width, height)
    paint_texts(axes, words, sizes, height=height)
    box = Box(sizes.margin + left, sizes.margin + words.footer + bottom, width, tall)
    return Plot(figure, axes, empty_axes(figure, box, style.language, sizes), box, sizes)


def empty_axes(figure: Figure, box: Box, language: Language, size: Page) -> Axes:
    """Put axes without names on a page."""
    inner = panel(figure, box, label="plot")
    inner.patch.set_facecolor("white")
    for side in ("left", "bottom"):
        inner.spines[side].set(visible=True, linewidth=0.6, color=QUIET)
    inner.grid(visible=True, color="#ececec", linewidth=0.5)
    inner.set_axisbelow(True)
    for axis in (inner.xaxis, inner.yaxis):
        axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
        axis.set_major_formatter(FuncFormatter(_writer(language)))
    inner.tick_params(labelsize=size.small, labelcolor=INK, color=QUIET, width=0.5, length=2.5)
    return inner


def _writer(language: Language) -> Callable[[float, int], str]:
    def write(value: float, _: int) -> str:
        decimals = next((d for d in range(4) if abs(value - round(value, d)) < 1e-9), 4)
        return signed(value, decimals=decimals, language=language)

    return write


def signed(value: float, *, decimals: int, language: Language) -> str:
    """Write a number with a true minus sign, in English too."""
    return number(value, decimals=decimals, language=language).replace("-", "−")


def name_axes(plot: Plot, across: Text, up: Text, language: Language) -> None:
    """Name the axes below and at the left."""
    size = plot.page.text
    box = plot.box
    plot.sheet.text(
        box.x + box.width / 2,
        box.y - 3.2 * size * PT,
        across(language),
        fontsize=size,
        color=INK,
        ha="center",
        va="center",
    )
    plot.sheet.text(
        plot.page.margin + 0.6 * size * PT,
        box.y + box.height / 2,
        up(language),
        fontsize=size,
        color=INK,
        ha="center",
        va="center",
        rotation=90,
    )


def note(plot: Plot, words: str, *, left: bool = True) -> None:
    """Set a result in an upper corner of the plot."""
    box, size = plot.box, plot.page.text
    plot.sheet.text(
        box.x + 2 if left else box.right - 1,
        box.top - 1,
        words,
        fontsize=size,
        color=INK,
        ha="left" if left else "right",
        va="top",
        fontweight="bold",
        gid="note",
    )


def mark(
    plot: Plot,
    value: float,
    words: str,
    *,
    gid: str,
    row: int = 0,
    colour: str = QUIET,
    width: float = 1.0,
    dashed: bool = False,
    shun: float | None = None,
) -> None:
    """Draw a vertical line up to a row of words above the plot, and its words beside it.

    The words stand on the side that has room, this side of the value that they are to shun.
    """
    box, size = plot.box, plot.page.text
    west, east = plot.axes.get_xlim()
    plot.axes.set_xlim(west, east)
    scale = box.width / (east - west)
    x = box.x + (value - west) * scale
    top = box.top - (0.4 + 1.6 * row) * size * PT
    plot.axes.axvline(
        value,
        ymax=(top - box.y) / box.height,
        color=colour,
        linewidth=width,
        linestyle=(0, (4, 3)) if dashed else "-",
        zorder=4 - row,
        gid=gid,
    )
    long = text_width(words, size, bold=row == 0) + 2.0
    ends = [box.x, box.right]
    if shun is not None:
        ends[shun > value] = box.x + (shun - west) * scale
    right = ends[1] - x >= long or ends[1] - x >= x - ends[0]
    plot.sheet.text(
        x + 1.2 if right else x - 1.2,
        top,
        words,
        fontsize=size,
        color=INK,
        ha="left" if right else "right",
        va="top",
        fontweight="bold" if row == 0 else "normal",
        gid="note",
    )
