"""A page with one plot on it: texts, axes, and numbers as the language writes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.ticker import FuncFormatter, MaxNLocator

from grannskap.errors import DataError
from grannskap.language import Language, Text, number
from grannskap.maps.figure.choropleth import paint_texts
from grannskap.maps.figure.page import PAGES, PT, Box, Page, PageName
from grannskap.maps.figure.plan import texts
from grannskap.maps.figure.sheet import INK, QUIET, panel, sheet
from grannskap.maps.style import Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Plot", "check_enough", "name_axes", "note", "page_texts", "plot_page"]


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
        raise DataError(
            expected="at least three rows to draw", came=str(rows), remedy="pass more areas"
        )


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


def plot_page(style: Style, page: PageName) -> Plot:
    """Set the texts of a page and put empty axes on it."""
    size = PAGES[page]
    words = texts(style, size)
    left, bottom = 6.5 * size.text * PT, 4.2 * size.text * PT
    width = size.width - 2 * size.margin - left - 1.5
    tall = size.height - 2 * size.margin - words.header - words.footer - bottom
    tall = tall if size.fixed else min(0.62 * width, tall)
    height = 2 * size.margin + words.header + words.footer + bottom + tall
    figure, axes = sheet(size.width, height)
    paint_texts(axes, words, size, height=height)
    box = Box(size.margin + left, size.margin + words.footer + bottom, width, tall)
    inner = panel(figure, box, label="plot")
    inner.patch.set_facecolor("white")
    for side in ("left", "bottom"):
        inner.spines[side].set(visible=True, linewidth=0.6, color=QUIET)
    inner.grid(visible=True, color="#ececec", linewidth=0.5)
    inner.set_axisbelow(True)
    for axis in (inner.xaxis, inner.yaxis):
        axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
        axis.set_major_formatter(FuncFormatter(_writer(style.language)))
    inner.tick_params(labelsize=size.small, labelcolor=INK, color=QUIET, width=0.5, length=2.5)
    return Plot(figure, axes, inner, box, size)


def _writer(language: Language) -> Callable[[float, int], str]:
    def write(value: float, _: int) -> str:
        decimals = next((d for d in range(4) if abs(value - round(value, d)) < 1e-9), 4)
        return number(value, decimals=decimals, language=language)

    return write


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
