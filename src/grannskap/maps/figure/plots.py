"""Plots of the tests: reference distribution, correlogram and Moran scatterplot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from matplotlib.ticker import FuncFormatter, MaxNLocator

from grannskap.errors import DataError
from grannskap.language import Language, Text, inside_sentence, number
from grannskap.maps.figure import legend
from grannskap.maps.figure.alt import reference_sentence, scatter_sentence
from grannskap.maps.figure.headings import paint_texts, texts
from grannskap.maps.figure.labels import Tag, paint_tags, place
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
    typography,
)
from grannskap.maps.figure.swatches import Entry
from grannskap.maps.figure.views import on_sheet
from grannskap.maps.style import Style, clusters

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "Plot",
    "check_enough",
    "correlogram",
    "mark",
    "moran_scatter",
    "name_axes",
    "note",
    "page_texts",
    "plot_page",
    "reference_distribution",
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


def plot_page(style: Style, page: PageName, *, dots: Sequence[Entry] = ()) -> Plot:
    """Set the texts of a page and put empty axes on it, above a legend of dots."""
    size = PAGES[page]
    full = size.width - 2 * size.margin
    key = legend.measure(style, dots, size, columns=3, width=full) if dots else None
    words = texts(style, size)
    left = 6.5 * size.text * PT
    below = key.block.height + 0.6 * size.gap if key else 0.0
    bottom = 4.2 * size.text * PT + below
    width = size.width - 2 * size.margin - left - 1.5
    tall = size.height - 2 * size.margin - words.header - words.footer - bottom
    tall = tall if size.fixed else min(0.62 * width, tall)
    height = 2 * size.margin + words.header + words.footer + bottom + tall
    figure, axes = sheet(size.width, height)
    paint_texts(axes, words, size, height=height)
    box = Box(size.margin + left, size.margin + words.footer + bottom, width, tall)
    if key:
        foot = size.margin + words.footer
        legend.paint(axes, Box(size.margin, foot, key.block.width, key.block.height), key)
    inner = _empty_axes(figure, box, style.language, size)
    return Plot(figure, axes, inner, box, size)


def _empty_axes(figure: Figure, box: Box, language: Language, size: Page) -> Axes:
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


_POOR = "#b35806"
_BAND = "#e3e5e6"
_HEADROOM = 0.82
"""Share of the height that bars take: above them stand words."""

_ENVELOPE = Text("grått: vad slumpen ger på ett avstånd", "grey: what chance gives at one distance")


def reference_distribution(
    simulated: Sequence[float] | npt.NDArray[np.float64],
    value: float,
    *,
    expected: float,
    p: float,
    title: str = "",
    subtitle: str = "",
    caption: str = "",
    source: str = "",
    statistic: str = "Morans I",
    page: PageName = "column",
    language: Language = "sv",
) -> Figure:
    """Draw what chance gives (simulated statistics) and what was observed.

    Parameters
    ----------
    simulated : sequence of float
        The statistic of every random arrangement.
    value, expected, p : float
        Observed statistic, its mean under chance, and its p in (0, 1].
    title, subtitle, caption, source : str
        Texts; the title has a default.
    statistic : str
        Its name, for the axis.
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
        When there are fewer than three simulated values.
    """
    drawn = np.asarray(simulated, dtype=float)
    check_enough(len(drawn))
    head = title or Text("Vad slumpen ger", "What chance gives")(language)
    with typography():
        plot = plot_page(page_texts(head, subtitle, caption, source, language), page)
        axes = plot.axes
        axes.hist(drawn, bins=min(60, max(8, len(drawn) // 20)), color="#bdbdbd", zorder=2)
        south, north = axes.get_ylim()
        axes.set_ylim(south, north / _HEADROOM)
        ends = np.array([drawn.min(), drawn.max(), value, expected])
        axes.set_xlim(ends.min() - 0.05 * np.ptp(ends), ends.max() + 0.05 * np.ptp(ends))
        name_axes(
            plot,
            Text(statistic, statistic),
            Text("Antal slumpade kartor", "Random maps"),
            language,
        )
        observed = signed(value, decimals=3, language=language)
        mean = signed(expected, decimals=3, language=language)
        chance = number(p, decimals=4, language=language)
        words = Text(f"observerat {observed}, p = {chance}", f"observed {observed}, p = {chance}")(
            language
        )
        middle = Text(f"slumpens medel {mean}", f"mean of chance {mean}")(language)
        mark(plot, value, words, gid="observed", colour=_POOR, width=1.8)
        mark(plot, expected, middle, gid="expected", row=1, width=0.8, dashed=True, shun=value)
    sentence = reference_sentence(
        head, statistic, drawn, value=value, expected=expected, words=words
    )
    plot.figure.set_label(sentence(language))
    return plot.figure


def correlogram(
    data: pd.DataFrame,
    *,
    title: str = "",
    subtitle: str = "",
    caption: str = "",
    source: str = "",
    statistic: str = "Morans I",
    level: float = 0.05,
    page: PageName = "column",
    language: Language = "sv",
) -> Figure:
    """Draw a statistic by distance, with the envelope that chance gives.

    Parameters
    ----------
    data : pandas.DataFrame
        A row per distance band: ``distance`` (its upper edge in metres), ``value``, and
        ``lower`` and ``upper`` of the envelope of that band alone; ``q`` (p corrected for all
        bands) where there is such a column, which then decides what differs from chance. Rows
        without a value are left out.
    title, subtitle, caption, source : str
        Texts; the title has a default.
    statistic : str
        Its name, for the axis.
    level : float
        Largest q of a band that differs from chance.
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
        When there are fewer than three bands.
    """
    kept = data.dropna(subset=["value"])
    check_enough(len(kept))
    far, value, low, high = (
        kept[name].to_numpy(dtype=float) for name in ("distance", "value", "lower", "upper")
    )
    head = title or Text("Hur långt likheten räcker", "How far likeness reaches")(language)
    with typography():
        plot = plot_page(page_texts(head, subtitle, caption, source, language), page)
        axes = plot.axes
        km = far / 1000
        axes.fill_between(km, low, high, color=_BAND, linewidth=0, zorder=1, gid="envelope")
        axes.axhline(0, color=QUIET, linewidth=0.6, zorder=2)
        if "q" in kept.columns:
            beyond = kept["q"].to_numpy(dtype=float) <= level
        else:
            beyond = (value < low) | (value > high)
        axes.plot(km, value, color=INK, linewidth=1.2, zorder=3)
        for inside, colour in ((beyond, _POOR), (~beyond, "white")):
            axes.plot(
                km[inside],
                value[inside],
                linestyle="",
                marker="o",
                markersize=4.5,
                color=colour,
                markeredgecolor=INK,
                markeredgewidth=0.7,
                zorder=4,
            )
        name_axes(plot, Text("Avstånd, km", "Distance, km"), Text(statistic, statistic), language)
        note(plot, _ENVELOPE(language), left=False)
    bands = Text(
        f"{int(beyond.sum())} av {len(km)} avstånd skiljer sig från slumpen",
        f"{int(beyond.sum())} of {len(km)} distances differ from chance",
    )(language)
    plot.figure.set_label(f"{head}: {statistic}; {bands}.")
    return plot.figure


_QUIET_DOT = "#9a9a9a"
_COLOURED = ("high-high", "low-low", "high-low", "low-high")


def moran_scatter(
    data: pd.DataFrame,
    *,
    title: str = "",
    subtitle: str = "",
    caption: str = "",
    source: str = "",
    variable: str = "",
    value: float | None = None,
    style: Style | None = None,
    named: int = 5,
    page: PageName = "column",
    language: Language = "sv",
) -> Figure:
    """Draw each area's value against its neighbours' mean, with Moran's I as the slope.

    Parameters
    ----------
    data : pandas.DataFrame
        ``z`` (standardised value) and ``lag`` (the neighbours' mean z) on ``deso``;
        ``name`` (what an area is called; else its code) and ``cluster`` (a key of
        `grannskap.catalogue.CLUSTERS`) where there are such columns. Rows without z or lag are
        left out.
    title, subtitle, caption, source : str
        Texts; the title has a default.
    variable : str
        What z stands for, for the axes.
    value : float, optional
        Moran's I over all areas, also those that have no neighbours; when None it is the slope
        through the areas that are drawn.
    style : Style, optional
        Of the map of clusters, whose colours and words the dots then have; `style.clusters`
        when None.
    named : int
        How many areas are named: those that pull the slope hardest, by abs(z · lag).
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
        When fewer than three areas have both numbers.
    """
    kept = data.dropna(subset=["z", "lag"])
    check_enough(len(kept))
    z, lag = kept["z"].to_numpy(dtype=float), kept["lag"].to_numpy(dtype=float)
    slope = float(z @ lag / (z @ z)) if value is None else value
    head = title or Text("Morans spridningsdiagram", "Moran scatterplot")(language)
    what = inside_sentence(variable) or Text("värde", "value")(language)
    across = variable or Text("Värde", "Value")(language)
    colours, dots = _dots(kept, style or clusters(language=language))
    with typography():
        plot = plot_page(page_texts(head, subtitle, caption, source, language), page, dots=dots)
        axes = plot.axes
        for cross in (axes.axhline, axes.axvline):
            cross(0, color=QUIET, linewidth=0.5, zorder=1)
        axes.scatter(
            z,
            lag,
            s=9,
            c=colours,
            linewidths=0.3,
            edgecolors="white",
            zorder=3,
            gid="areas",
        )
        ends = np.array([z.min(), z.max()])
        axes.plot(ends, slope * ends, color=INK, linewidth=1.2, zorder=4, gid="slope")
        name_axes(
            plot,
            Text(
                f"{across} i området, standardavvikelser",
                f"{across} of the area, standard deviations",
            ),
            Text("Grannarnas medelvärde", "Neighbours' mean"),
            language,
        )
        i = signed(slope, decimals=2, language=language)
        words = Text(f"Morans I = {i}", f"Moran's I = {i}")(language)
        note(plot, words)
        strongest = _name_strongest(plot, kept, (z, lag), slope, named=named, note=words)
    sentence = scatter_sentence(head, what, areas=len(z), slope=slope, strongest=strongest)
    plot.figure.set_label(sentence(language))
    return plot.figure


def _dots(data: pd.DataFrame, style: Style) -> tuple[list[str], list[Entry]]:
    """Colour each dot as the map of clusters does, and list what the colours are."""
    if "cluster" not in data.columns:
        return [_QUIET_DOT] * len(data), []
    words = dict(zip(style.categories, zip(style.labels, style.colours, strict=True), strict=True))
    present = set(data["cluster"].dropna())
    coloured = {name: words[name] for name in _COLOURED if name in present}
    dots = [Entry(label, colour, kind="points") for label, colour in coloured.values()]
    if len(present) > len(coloured):
        dots.append(Entry(words["not significant"][0], _QUIET_DOT, kind="points"))
    colours = {name: colour for name, (_, colour) in coloured.items()}
    return [colours.get(str(name), _QUIET_DOT) for name in data["cluster"]], dots


def _name_strongest(
    plot: Plot,
    data: pd.DataFrame,
    points: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]],
    slope: float,
    *,
    named: int,
    note: str,
) -> list[str]:
    """Name the areas that pull the slope hardest, clear of dots, of the line and of the note."""
    z, lag = points
    hardest = np.argsort(-np.abs(z * lag), kind="stable")[:named]
    names = data["name"] if "name" in data.columns else data.index.to_series()
    (west, east), (south, north) = plot.axes.get_xlim(), plot.axes.get_ylim()
    plot.axes.set_xlim(west, east)
    plot.axes.set_ylim(south, north)
    moved = on_sheet(plot.box, (west, south, east, north))
    dots = [_dot(*moved(float(x), float(y))) for x, y in zip(z, lag, strict=True)]
    line = [_dot(*moved(float(x), slope * float(x))) for x in np.linspace(z.min(), z.max(), 120)]
    size = plot.page.text
    wide, high = text_width(note, size, bold=True) + 3, 1.6 * size * PT
    corner = Box(plot.box.x, plot.box.top - high, wide, high)
    texts = [str(names.iloc[row]) or str(data.index[row]) for row in hardest]
    tags = [Tag(text, dots[row], plot.page.small) for text, row in zip(texts, hardest, strict=True)]
    clear = [*dots, *line, corner]
    paint_tags(plot.sheet, place(tags, plot.box, keep_clear=clear, weight=80.0), gid="area-name")
    return texts


def _dot(x: float, y: float) -> Box:
    return Box(x - 0.6, y - 0.6, 1.2, 1.2)
