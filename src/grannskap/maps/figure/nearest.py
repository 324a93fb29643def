"""A profile of segregation: measures by how many of the nearest are each one's surroundings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from grannskap.language import Language, Text, count, share
from grannskap.letters import legible
from grannskap.maps.figure.curves import apart
from grannskap.maps.figure.plots import Plot, check_enough, name_axes, page_texts, plot_page
from grannskap.maps.figure.sheet import INK, PT, PageName, halo_text, text_width, typography

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["profile"]

_LINES = {"dissimilarity": (INK, 1.8), "isolation": ("#b35806", 1.4)}
_OTHER = ("#542788", 1.4)
_STEPS = (1, 2, 5)
_MOST_LETTERS = 60
"""Of the name of a curve."""


def profile(
    data: pd.DataFrame,
    names: Mapping[str, str],
    *,
    across: Text,
    title: str,
    subtitle: str = "",
    caption: str = "",
    source: str = "",
    page: PageName = "column",
    language: Language = "sv",
) -> Figure:
    """Draw measures of segregation from near to far, one curve for the whole and one for each pole.

    Parameters
    ----------
    data : pandas.DataFrame
        Index: how many people the surroundings hold, ascending; a column per measure, 0–1.
    names : mapping of str to str
        The columns that are drawn, and what stands at the end of each curve.
    across : Text
        What is counted along the axis.
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
        When there are fewer than three numbers of people.
    """
    check_enough(len(data))
    names = {name: legible(words, most=_MOST_LETTERS) for name, words in names.items()}
    people = data.index.to_numpy(dtype=float)
    with typography():
        plot = plot_page(page_texts(title, subtitle, caption, source, language), page)
        _scale(plot, people, names, language)
        for name in names:
            colour, width = _LINES.get(name, _OTHER)
            plot.axes.plot(
                people,
                data[name].to_numpy(dtype=float),
                color=colour,
                linewidth=width,
                marker="o",
                markersize=3.4,
                zorder=3,
                gid=f"curve-{name}",
            )
        _name(plot, data, names)
        name_axes(plot, across, Text("Procent", "Per cent"), language)
    plot.figure.set_label(f"{title}: {_told(data, names, language)}.")
    return plot.figure


def _scale(
    plot: Plot, people: np.typing.NDArray[np.float64], names: Mapping[str, str], language: Language
) -> None:
    """People across, each number twice or so the one before, with room for names at the right."""
    axes = plot.axes
    axes.set_xscale("log")
    axes.set_ylim(-0.02, 1.02)
    powers = range(int(np.log10(people[0])), int(np.log10(people[-1])) + 1)
    ticks = [step * 10.0**power for power in powers for step in _STEPS]
    kept = [tick for tick in ticks if people[0] <= tick <= people[-1]]
    axes.xaxis.set_major_locator(FixedLocator(kept[:: 1 + len(kept) // 9]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: count(value, language)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.0f}"))
    longest = max(text_width(name, plot.page.text, bold=True) for name in names.values())
    room = (longest + 3.0) / max(plot.box.width - longest - 3.0, 1.0)
    wide = float(np.log10(people[-1] / people[0]))
    axes.set_xlim(people[0] / 10 ** (0.02 * wide), people[-1] * 10 ** (room * wide))


def _name(plot: Plot, data: pd.DataFrame, names: Mapping[str, str]) -> None:
    """Name each curve at its right end, no two names closer than a line."""
    box, axes = plot.box, plot.axes
    low, high = axes.get_ylim()
    last = data[list(names)].iloc[-1].to_numpy(dtype=float)
    heights = apart(box.y + box.height * (last - low) / (high - low), 1.15 * plot.page.text * PT)
    west, east = np.log10(axes.get_xlim())
    x = box.x + box.width * (np.log10(float(data.index[-1])) - west) / (east - west) + 1.8
    for (name, words), y in zip(names.items(), heights, strict=True):
        text = plot.sheet.text(
            x,
            y,
            words,
            fontsize=plot.page.text,
            color=_LINES.get(name, _OTHER)[0],
            fontweight="bold",
            va="center",
            gid="curve-name",
            zorder=6,
        )
        halo_text(plot.sheet, text)


def _told(data: pd.DataFrame, names: Mapping[str, str], language: Language) -> str:
    """Each curve's first and last value in words."""
    ends = [count(float(number), language) for number in data.index[[0, -1]]]
    parts = []
    for name, words in names.items():
        first, last = (share(float(data[name].iloc[end]), language) for end in (0, -1))
        parts.append(
            Text(
                f"{words} {first} bland de närmaste {ends[0]}, {last} bland alla {ends[1]}",
                f"{words} {first} among the nearest {ends[0]}, {last} among all {ends[1]}",
            )(language)
        )
    return "; ".join(parts)
