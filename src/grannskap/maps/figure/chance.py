"""Plots of what chance gives: the distribution of a statistic, and its reach by distance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from grannskap.language import Language, Text, number
from grannskap.maps.figure.alt import reference_sentence
from grannskap.maps.figure.plots import (
    Plot,
    check_enough,
    mark,
    name_axes,
    page_texts,
    plot_page,
    signed,
)
from grannskap.maps.figure.sheet import (
    INK,
    QUIET,
    PageName,
    halo_text,
    typography,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["correlogram", "reference_distribution"]


_POOR = "#b35806"
_BAND = "#e3e5e6"
_HISTOGRAM = (80.0, 50.0)
"""Millimetres of the axes of what chance gives."""

_HEADROOM = 0.82
"""Share of the height that bars take: above them stand words."""

_ENVELOPE = Text("vad slumpen ger på ett avstånd", "what chance gives at one distance")


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
        plot = plot_page(
            page_texts(head, subtitle, caption, source, language), page, size=_HISTOGRAM
        )
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
        km = (far + np.concatenate([[0.0], far[:-1]])) / 2000  # the middle of each band
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
        _name_band(plot, low, high, language)
    bands = Text(
        f"{int(beyond.sum())} av {len(km)} avstånd skiljer sig från slumpen",
        f"{int(beyond.sum())} of {len(km)} distances differ from chance",
    )(language)
    plot.figure.set_label(f"{head}: {statistic}; {bands}.")
    return plot.figure


def _name_band(
    plot: Plot,
    low: npt.NDArray[np.float64],
    high: npt.NDArray[np.float64],
    language: Language,
) -> None:
    """Name the band of chance at its right end, on the side where no point lies."""
    (south, north), box, size = plot.axes.get_ylim(), plot.box, plot.page.text
    scale = box.height / (north - south)
    under = float(low[-1]) - south > north - float(high[-1])
    edge = box.y + (float(low[-1] if under else high[-1]) - south) * scale
    words = plot.sheet.text(
        box.right - 1,
        edge + (-1.2 if under else 1.2),
        _ENVELOPE(language),
        fontsize=size,
        color=QUIET,
        ha="right",
        va="top" if under else "bottom",
        gid="note",
    )
    halo_text(plot.sheet, words)
