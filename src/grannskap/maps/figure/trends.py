"""Several measures over the years, a panel each: curves of places with what chance could do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Literal

import numpy as np
from matplotlib.ticker import FuncFormatter, MaxNLocator

from grannskap.errors import DataError
from grannskap.language import Language, number, share
from grannskap.maps.figure.curves import Intervals, draw_curves, name_ends, set_years
from grannskap.maps.figure.headings import paint_texts, texts
from grannskap.maps.figure.plots import Plot, empty_axes, page_texts
from grannskap.maps.figure.sheet import (
    INK,
    PAGES,
    PT,
    Box,
    PageName,
    sheet,
    typography,
    wrap,
)
from grannskap.maps.style import Style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["Trend", "trends"]

_ABREAST, _MOST, _PLACES = 2, 8, 6
_FINE, _LINES = 0.05, 2
_YEARS, _CLOSE = 2, 1e-6


@dataclass(frozen=True)
class Trend:
    """One measure over the years.

    Attributes
    ----------
    title : str
        What it is called.
    data : pandas.DataFrame
        A row per year, ascending; a column per place. What is missing parts a curve.
    kind : {"share", "index"}
        How its values are written: per cent from 0, or two decimals from 1.
    intervals : tuple of pandas.DataFrame, optional
        The lower and upper ends of what chance could do, in the shape of `data`.
    breaks : tuple of int
        First years of another way of counting: no curve crosses from before them.
    """

    title: str
    data: pd.DataFrame
    kind: Literal["share", "index"]
    intervals: Intervals | None = None
    breaks: tuple[int, ...] = ()

    @property
    def top(self) -> float:
        """The greatest value that is drawn, 0 where there is none."""
        every = [self.data] if self.intervals is None else [self.data, self.intervals[1]]
        values = np.concatenate([one.to_numpy(dtype=float).ravel() for one in every])
        return float(values[np.isfinite(values)].max(initial=0.0))

    def write(self, value: float, language: Language) -> str:
        """Write a value of it."""
        if self.kind == "share":
            return share(value, language, decimals=0 if self.top >= _FINE else 1)
        return number(value, decimals=2, language=language)

    def tick(self, value: float, language: Language) -> str:
        """Write a tick with as many decimals as it has."""
        shown = 100 * value if self.kind == "share" else value
        decimals = next((d for d in range(3) if abs(shown - round(shown, d)) < _CLOSE), 3)
        if self.kind == "share":
            return share(value, language, decimals=decimals)
        return number(value, decimals=max(decimals, 1), language=language)


def trends(
    panels: Sequence[Trend],
    *,
    whole: str,
    title: str,
    subtitle: str = "",
    caption: str = "",
    source: str = "",
    page: PageName = "page",
    language: Language = "sv",
) -> Figure:
    """Draw several measures over the years, a panel each: shares from 0 upwards, indices from 1.

    Parameters
    ----------
    panels : sequence of Trend
        One to eight, each of one to six places.
    whole : str
        The column of the whole, whose curve is thick.
    title, subtitle, caption, source : str
        Texts.
    page : {"half-column", "column", "page", "16:9"}
        Size of the picture.
    language : {"sv", "en"}
        Of the texts.

    Returns
    -------
    matplotlib.figure.Figure
        To be given to `render`.

    Raises
    ------
    DataError
        When there are too few or too many panels, places or years.
    """
    for one in panels:
        if len(one.data) < _YEARS or not 1 <= len(one.data.columns) <= _PLACES:
            values = {"most": _PLACES, "years": len(one.data), "places": len(one.data.columns)}
            raise DataError("too few or many curves", values)
    if not 1 <= len(panels) <= _MOST:
        raise DataError("too few or many panels", {"most": _MOST, "panels": len(panels)})
    with typography():
        figure, plots = _plots(panels, page_texts(title, subtitle, caption, source, language), page)
        for one, plot in zip(panels, plots, strict=True):
            _paint(plot, one, whole, language)
    told = "; ".join(_told(one, language) for one in panels)
    figure.set_label(f"{title}: {told}.")
    return figure


def _plots(panels: Sequence[Trend], style: Style, page: PageName) -> tuple[Figure, list[Plot]]:
    """Set the texts of a page, and empty axes under their titles, two abreast."""
    sizes = PAGES[page]
    abreast = min(_ABREAST, len(panels))
    rows = ceil(len(panels) / abreast)
    words = texts(style, sizes)
    left, bottom, above = (lines * sizes.text * PT for lines in (4.5, 2.6, 2.8))
    inside = sizes.width - 2 * sizes.margin - (abreast - 1) * sizes.gap
    width = inside / abreast - left
    used = 2 * sizes.margin + words.header + words.footer + (rows - 1) * sizes.gap
    most = (sizes.height - used) / rows - bottom - above
    tall = min(0.62 * width, most)
    height = sizes.height if sizes.fixed else used + rows * (bottom + above + tall)
    figure, axes = sheet(sizes.width, height)
    paint_texts(axes, words, sizes, height=height)
    plots = []
    for number_of in range(len(panels)):
        row, column = divmod(number_of, abreast)
        top = height - sizes.margin - words.header - row * (bottom + above + tall + sizes.gap)
        x = sizes.margin + column * (width + left + sizes.gap) + left
        box = Box(x, top - above - tall, width, tall)
        inner = empty_axes(figure, box, style.language, sizes)
        plots.append(Plot(figure, axes, inner, box, sizes))
    return figure, plots


def _paint(plot: Plot, one: Trend, whole: str, language: Language) -> None:
    known = one.data.where(np.isfinite(one.data))
    top = one.top or 1.0
    least = 1.0 if one.kind == "index" else 0.0
    plot.axes.set_ylim(least, least + 1.12 * (top - least if top > least else 1.0))
    plot.axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    plot.axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: one.tick(y, language)))
    set_years(plot, known)
    draw_curves(plot, known, whole=whole, intervals=one.intervals, breaks=one.breaks)
    name_ends(plot, known, whole)
    _head(plot, one.title)


def _head(plot: Plot, title: str) -> None:
    """Write a panel's title over it, on two lines at most."""
    size = plot.page.text
    lines = wrap(title, size, plot.box.width, bold=True)[:_LINES]
    plot.sheet.text(
        plot.box.x,
        plot.box.top + 0.7 * size * PT,
        "\n".join(lines),
        fontsize=size,
        fontweight="bold",
        color=INK,
        va="bottom",
        gid="panel-title",
    )


def _told(one: Trend, language: Language) -> str:
    """Each place's first and last value in words."""
    parts = []
    for name in one.data.columns:
        held = one.data[name].dropna()
        if len(held):
            first, last = (one.write(float(held.iloc[end]), language) for end in (0, -1))
            parts.append(f"{name} {first} {held.index[0]}, {last} {held.index[-1]}")
    return f"{one.title} – {', '.join(parts)}"
