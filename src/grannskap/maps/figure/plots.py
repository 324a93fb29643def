"""Plots of the tests: Moran scatterplot, reference distribution, correlogram."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from grannskap.language import Language, Text, number
from grannskap.maps.figure.labels import Tag, on_sheet, paint_tags, place
from grannskap.maps.figure.page import Box, PageName
from grannskap.maps.figure.plotting import (
    Plot,
    check_enough,
    name_axes,
    note,
    page_texts,
    plot_page,
)
from grannskap.maps.figure.sheet import INK, QUIET, typography
from grannskap.maps.style import clusters

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["correlogram", "moran_scatter", "reference_distribution"]

_POOR, _QUIET_DOT = "#b35806", "#9a9a9a"
_BAND = "#e3e5e6"
_ENVELOPE = Text("grått: vad slumpen ger på ett avstånd", "grey: what chance gives at one distance")


def moran_scatter(
    data: pd.DataFrame,
    *,
    title: str = "",
    subtitle: str = "",
    caption: str = "",
    source: str = "",
    variable: str = "",
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
        `grannskap.schema.CLUSTERS`) where there are such columns. Rows without z or lag are
        left out.
    title, subtitle, caption, source : str
        Texts; the title has a default.
    variable : str
        What z stands for, for the axes.
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
    slope = float(z @ lag / (z @ z))
    head = title or Text("Morans spridningsdiagram", "Moran scatterplot")(language)
    what = variable or Text("värde", "value")(language)
    with typography():
        plot = plot_page(page_texts(head, subtitle, caption, source, language), page)
        axes = plot.axes
        for value in (axes.axhline, axes.axvline):
            value(0, color=QUIET, linewidth=0.5, zorder=1)
        axes.scatter(
            z,
            lag,
            s=9,
            c=_dot_colours(kept),
            linewidths=0.3,
            edgecolors="white",
            zorder=3,
            gid="areas",
        )
        ends = np.array([z.min(), z.max()])
        axes.plot(ends, slope * ends, color=INK, linewidth=1.2, zorder=4, gid="slope")
        name_axes(
            plot,
            Text(f"Områdets {what}, standardavvikelser", f"Area's {what}, standard deviations"),
            Text("Grannarnas medelvärde", "Neighbours' mean"),
            language,
        )
        _name_strongest(plot, kept, z, lag, named)
        i = number(slope, decimals=2, language=language)
        note(plot, Text(f"Morans I = {i}", f"Moran's I = {i}")(language))
    sentence = Text(
        f"{head}: {len(z)} områden, Morans I {i}", f"{head}: {len(z)} areas, Moran's I {i}"
    )
    plot.figure.set_label(sentence(language) + ".")
    return plot.figure


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
        axes.axvline(expected, color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)), zorder=3)
        axes.axvline(value, color=_POOR, linewidth=1.8, zorder=4, gid="observed")
        name_axes(
            plot,
            Text(statistic, statistic),
            Text("Antal slumpade kartor", "Random maps"),
            language,
        )
        seen = number(value, decimals=3, language=language)
        chance = number(p, decimals=4, language=language)
        words = Text(f"observerat {seen}, p = {chance}", f"observed {seen}, p = {chance}")(language)
        note(plot, words, left=value > float(np.mean(axes.get_xlim())))
    plot.figure.set_label(f"{head}: {statistic}, {words}.")
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


def _dot_colours(data: pd.DataFrame) -> list[str]:
    if "cluster" not in data.columns:
        return [_QUIET_DOT] * len(data)
    style = clusters()
    colours: dict[Any, str] = dict(zip(style.categories, style.colours, strict=True))
    colours |= {"not significant": _QUIET_DOT}
    return [colours.get(name, _QUIET_DOT) for name in data["cluster"]]


def _name_strongest(
    plot: Plot,
    data: pd.DataFrame,
    z: npt.NDArray[np.float64],
    lag: npt.NDArray[np.float64],
    named: int,
) -> None:
    """Name the areas that pull the slope hardest, where the names do not collide."""
    hardest = np.argsort(-np.abs(z * lag), kind="stable")[:named]
    names = data["name"] if "name" in data.columns else data.index.to_series()
    (west, east), (south, north) = plot.axes.get_xlim(), plot.axes.get_ylim()
    plot.axes.set_xlim(west, east)
    plot.axes.set_ylim(south, north)
    moved = on_sheet(plot.box, (west, south, east, north))
    tags = []
    for row in hardest:
        x, y = moved(float(z[row]), float(lag[row]))
        text = str(names.iloc[row]) or str(data.index[row])
        tags.append(Tag(text, Box(x - 0.6, y - 0.6, 1.2, 1.2), plot.page.small))
    paint_tags(plot.sheet, place(tags, plot.box), gid="area-name")
