"""Curves over years: each place against the town."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from grannskap.errors import DataError
from grannskap.language import Language, Text, number, ratio
from grannskap.maps.figure.plots import Plot, name_axes, page_texts, plot_page
from grannskap.maps.figure.sheet import INK, PT, QUIET, PageName, halo_text, text_width, typography

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["Intervals", "apart", "curves", "draw_curves", "name_ends", "set_years"]

Intervals = tuple["pd.DataFrame", "pd.DataFrame"]
"""Lower and upper ends, in the shape of what is drawn."""

_MOST = 12
_TOWN, _PLACE = 1.8, 0.9
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0, 20.0, 50.0, 100.0)
_FRACTIONS = {0.25: "¼", 0.5: "½"}


def curves(
    data: pd.DataFrame,
    *,
    whole: str,
    intervals: Intervals | None = None,
    breaks: Sequence[int] = (),
    title: str = "",
    subtitle: str = "",
    caption: str = "",
    source: str = "",
    page: PageName = "column",
    language: Language = "sv",
) -> Figure:
    """Draw a balance over the years, a curve for each place and a thick one for the town.

    Parameters
    ----------
    data : pandas.DataFrame
        A row per year, ascending; a column per place with its balance, above 0. What is missing
        parts a curve.
    whole : str
        The column of the town.
    intervals : tuple of pandas.DataFrame, optional
        The lower and the upper ends of what chance could do, in the shape of `data`: a band
        round the town's curve, a line through each point of the others.
    breaks : sequence of int
        First years of another way of counting: no curve crosses from before them.
    title, subtitle, caption, source : str
        Texts; the title has a default.
    page : {"half-column", "column", "page", "16:9"}
        Size of the picture.
    language : {"sv", "en"}
        Of the texts.

    Returns
    -------
    matplotlib.figure.Figure
        To be given to `render`; distances are read as ratios, so that 2 and ½ are as far from 1.

    Raises
    ------
    DataError
        When there are fewer than two years, or more than a dozen places beside the town.
    """
    if len(data) < 2 or not 1 <= len(data.columns) <= _MOST + 1:
        raise DataError(
            "too few or many curves",
            {"most": _MOST, "years": len(data), "places": len(data.columns) - 1},
        )
    head = title or Text("Balans över tid", "Balance over time")(language)
    known = data.where(np.isfinite(data) & (data > 0))
    with typography():
        plot = plot_page(page_texts(head, subtitle, caption, source, language), page)
        _scale(plot, known, language)
        draw_curves(plot, known, whole=whole, intervals=intervals, breaks=breaks)
        name_ends(plot, known, whole)
        name_axes(plot, Text("År", "Year"), Text("Balans", "Balance"), language)
    plot.figure.set_label(f"{head}: {_told(known, language)}.")
    return plot.figure


def draw_curves(
    plot: Plot,
    known: pd.DataFrame,
    *,
    whole: str,
    intervals: Intervals | None = None,
    breaks: Sequence[int] = (),
) -> None:
    """Draw a curve for each column, a thick one for the whole, with what chance could do."""
    parted = _parted(plot, known, breaks)
    for name in known.columns:
        own = name == whole
        colour = INK if own else QUIET
        if intervals is not None:
            lower, upper = (_on_years(one[name], parted.index) for one in intervals)
            _interval(plot, lower, upper, band=own)
        plot.axes.plot(
            parted.index.to_numpy(),
            parted[name].to_numpy(),
            color=colour,
            linewidth=_TOWN if own else _PLACE,
            marker="o",
            markersize=4 if own else 2.6,
            zorder=4 if own else 3,
            gid=f"curve-{name}",
        )


def _on_years(ends: pd.Series[float], years: pd.Index[float]) -> pd.Series[float]:
    return ends.set_axis(ends.index.to_numpy(dtype=float)).reindex(years)


def _interval(plot: Plot, lower: pd.Series[float], upper: pd.Series[float], *, band: bool) -> None:
    """Draw an interval as a band, or as a line through each point, also where one stands alone.

    What is endless is left out.
    """
    years = lower.index.to_numpy()
    ends = [np.asarray(one, dtype=float) for one in (lower, upper)]
    there = np.isfinite(ends[0]) & np.isfinite(ends[1])
    low, high = (np.where(there, end, np.nan) for end in ends)
    if band:
        plot.axes.fill_between(
            years, low, high, color=QUIET, alpha=0.25, linewidth=0, zorder=2, gid="interval"
        )
    beside = np.concatenate([[False], there, [False]])
    lined = there & ~(beside[:-2] | beside[2:]) if band else there
    plot.axes.vlines(
        years[lined], low[lined], high[lined], color=QUIET, linewidth=0.6, zorder=2, gid="interval"
    )


def _parted(plot: Plot, known: pd.DataFrame, breaks: Sequence[int]) -> pd.DataFrame:
    """Part the curves where something is counted in another way, and mark where that is."""
    years = known.index.to_numpy(dtype=float)
    middles = {
        (years[years < year].max() + years[years >= year].min()) / 2
        for year in breaks
        if (years < year).any() and (years >= year).any()
    }
    for middle in sorted(middles):
        plot.axes.axvline(middle, color=QUIET, linewidth=0.7, linestyle=":", zorder=1, gid="break")
    return known.set_axis(years, axis=0).reindex(sorted({*years, *middles}))


def _told(known: pd.DataFrame, language: Language) -> str:
    """Each place's first and last balance in words."""
    parts = []
    for name in known.columns:
        held = known[name].dropna()
        if len(held):
            first, last = (ratio(float(held.iloc[end]), language) for end in (0, -1))
            parts.append(f"{name} {first} {held.index[0]}, {last} {held.index[-1]}")
    return "; ".join(parts)


def _scale(plot: Plot, known: pd.DataFrame, language: Language) -> None:
    """Years across, with room for names at the right; ratios upwards, 1 marked."""
    axes = plot.axes
    low, high = float(known.min().min()), float(known.max().max())
    axes.set_yscale("log")
    axes.set_ylim(min(low, 1.0) / 1.25, max(high, 1.0) * 1.25)
    axes.yaxis.set_major_locator(FixedLocator(_STEPS))
    axes.yaxis.set_minor_locator(NullLocator())

    def write(value: float, _: int) -> str:
        return _FRACTIONS.get(value) or number(
            value, decimals=0 if value >= 1 else 2, language=language
        )

    axes.yaxis.set_major_formatter(FuncFormatter(write))
    set_years(plot, known)
    axes.axhline(1.0, color=QUIET, linewidth=0.6, zorder=2)


def set_years(plot: Plot, known: pd.DataFrame) -> None:
    """Set the years across, with room for names at the right."""
    axes = plot.axes
    first, last = known.index.min(), known.index.max()
    ticks = MaxNLocator(6, integer=True).tick_values(first, last)
    axes.xaxis.set_major_locator(FixedLocator([year for year in ticks if first <= year <= last]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{year:.0f}"))
    longest = max(text_width(str(name), plot.page.text, bold=True) for name in known.columns)
    room = (longest + 3.0) / max(plot.box.width - longest - 3.0, 1.0)
    axes.set_xlim(first - 0.03 * (last - first), last + room * (last - first))


def name_ends(plot: Plot, known: pd.DataFrame, whole: str) -> None:
    """Name each curve at its end, no two names closer than a line."""
    ends = {name: known[name].dropna() for name in known.columns}
    there = [name for name, held in ends.items() if len(held)]
    values = np.array([float(ends[name].iloc[-1]) for name in there])
    heights = apart(_on_sheet(plot, values), 1.15 * plot.page.text * PT)
    x = plot.box.x + plot.box.width * _share(plot, float(known.index.max())) + 1.5
    for name, y in zip(there, heights, strict=True):
        own = name == whole
        words = plot.sheet.text(
            x,
            y,
            str(name),
            fontsize=plot.page.text,
            color=INK if own else QUIET,
            fontweight="bold" if own else "normal",
            va="center",
            gid="curve-name",
            zorder=6,
        )
        halo_text(plot.sheet, words)


def _share(plot: Plot, year: float) -> float:
    left, right = plot.axes.get_xlim()
    return float((year - left) / (right - left))


def _on_sheet(plot: Plot, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    scale = plot.axes.yaxis.get_transform().transform
    low, high = scale(np.array(plot.axes.get_ylim()))
    return np.asarray(plot.box.y + plot.box.height * (scale(values) - low) / (high - low))


def apart(heights: npt.NDArray[np.float64], least: float) -> npt.NDArray[np.float64]:
    """Move heights apart as little as keeps their order."""
    order = np.argsort(heights, kind="stable")
    moved = heights[order].copy()
    for _ in range(200):
        gaps = np.diff(moved)
        short = np.flatnonzero(gaps < least - 1e-9)
        if not len(short):
            break
        for i in short:
            push = (least - (moved[i + 1] - moved[i])) / 2
            moved[i] -= max(push, 0.0)
            moved[i + 1] += max(push, 0.0)
    result = np.empty_like(moved)
    result[order] = moved
    return result
