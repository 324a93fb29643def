"""Moran's scatterplot: each area's value against its neighbours' mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from grannskap.language import Language, Text, inside_sentence
from grannskap.maps.figure.alt import scatter_sentence
from grannskap.maps.figure.labels import Tag, paint_tags, place
from grannskap.maps.figure.plots import (
    Plot,
    check_enough,
    name_axes,
    page_texts,
    plot_page,
    signed,
)
from grannskap.maps.figure.sheet import (
    INK,
    PT,
    QUIET,
    Box,
    PageName,
    halo_text,
    text_width,
    typography,
)
from grannskap.maps.figure.views import on_sheet
from grannskap.maps.style import Style, clusters, lightness

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["moran_scatter"]


_QUIET_DOT = "#9a9a9a"
_DOT = 4.5
"""Points of a dot's width: 1.6 mm."""

_DARK = 60.0
"""Lightness (L*) above which words in a class's colour would be too pale to read."""

_SQUARE = (110.0, 110.0)
"""Millimetres of the axes."""

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
    look = style or clusters(language=language)
    with typography():
        words = page_texts(head, subtitle, caption, source, language)
        plot = plot_page(words, page, size=_SQUARE)
        _equal_units(plot, z, lag)
        _paint_points(plot, kept, look, slope)
        across = variable or Text("Värde", "Value")(language)
        name_axes(
            plot, _across(across), Text("Grannarnas medelvärde", "Neighbours' mean"), language
        )
        i = signed(slope, decimals=2, language=language)
        told = Text(f"Morans I = {i}", f"Moran's I = {i}")(language)
        corners = _name_quadrants(plot, look if "cluster" in kept.columns else None, told)
        strongest = _name_strongest(plot, kept, (z, lag), slope, named=named, corners=corners)
    sentence = scatter_sentence(head, what, areas=len(z), slope=slope, strongest=strongest)
    plot.figure.set_label(sentence(language))
    return plot.figure


def _across(what: str) -> Text:
    """Name the axis of the areas' own values."""
    return Text(f"{what} i området, standardavvikelser", f"{what} of the area, standard deviations")


def _equal_units(plot: Plot, z: npt.NDArray[np.float64], lag: npt.NDArray[np.float64]) -> None:
    """Give both axes the same unit: a slope of one is then a slope of one."""
    span = 1.08 * max(float(np.ptp(z)), float(np.ptp(lag)), 1e-9)
    for values, limit, side in (
        (z, plot.axes.set_xlim, plot.box.width),
        (lag, plot.axes.set_ylim, plot.box.height),
    ):
        middle, half = (values.min() + values.max()) / 2, span * side / plot.box.width / 2
        limit(middle - half, middle + half)


def _paint_points(plot: Plot, data: pd.DataFrame, style: Style, slope: float) -> None:
    """Paint a dot for each area, the crossing of the means, and the line of the slope."""
    z = data["z"].to_numpy(dtype=float)
    for cross in (plot.axes.axhline, plot.axes.axvline):
        cross(0, color=QUIET, linewidth=0.5, zorder=1)
    plot.axes.scatter(
        z,
        data["lag"].to_numpy(dtype=float),
        s=_DOT**2,
        c=_colours(data, style),
        alpha=0.7,
        linewidths=0.3,
        edgecolors="white",
        zorder=3,
        gid="areas",
    )
    ends = np.array([z.min(), z.max()])
    plot.axes.plot(ends, slope * ends, color=INK, linewidth=1.2, zorder=4, gid="slope")


def _colours(data: pd.DataFrame, style: Style) -> list[str]:
    """Colour each dot as the map of clusters does."""
    if "cluster" not in data.columns:
        return [_QUIET_DOT] * len(data)
    words = dict(zip(style.categories, style.colours, strict=True))
    coloured = {name: words[name] for name in _COLOURED}
    return [coloured.get(str(name), _QUIET_DOT) for name in data["cluster"]]


def _name_quadrants(plot: Plot, style: Style | None, told: str) -> list[Box]:
    """Say in each corner what its areas are, and the slope under that of the upper left."""
    box, size = plot.box, plot.page.small
    line = 1.3 * size * PT
    at = {
        "high-high": (box.right - 1, box.top - 1, "right", "top"),
        "low-high": (box.x + 1.5, box.top - 1, "left", "top"),
        "low-low": (box.x + 1.5, box.y + 1, "left", "bottom"),
        "high-low": (box.right - 1, box.y + 1, "right", "bottom"),
    }
    found = []
    for name, (x, y, side, end) in at.items() if style else ():
        place_ = style.categories.index(name) if style else 0
        colour = style.colours[place_] if style else INK
        ink = colour if float(lightness([colour])[0]) <= _DARK else QUIET
        label = style.labels[place_] if style else ""
        found.append(_word(plot, label, x, y, side=side, end=end, ink=ink))
    below = box.top - 1 - (1.3 * line if style else 0.0)
    found.append(_word(plot, told, box.x + 1.5, below, side="left", end="top", ink=INK))
    return found


def _word(plot: Plot, text: str, x: float, y: float, *, side: str, end: str, ink: str) -> Box:
    size = plot.page.small
    words = plot.sheet.text(
        x, y, text, fontsize=size, color=ink, fontweight="bold", ha=side, va=end, gid="note"
    )
    halo_text(plot.sheet, words)
    wide, high = text_width(text, size, bold=True) + 2, 1.4 * size * PT
    left = x - wide if side == "right" else x
    return Box(left, y - high if end == "top" else y, wide, high)


def _name_strongest(
    plot: Plot,
    data: pd.DataFrame,
    points: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]],
    slope: float,
    *,
    named: int,
    corners: Sequence[Box],
) -> list[str]:
    """Name the areas that pull the slope hardest, clear of dots, line and corners."""
    z, lag = points
    hardest = np.argsort(-np.abs(z * lag), kind="stable")[:named]
    names = data["name"] if "name" in data.columns else data.index.to_series()
    (west, east), (south, north) = plot.axes.get_xlim(), plot.axes.get_ylim()
    plot.axes.set_xlim(west, east)
    plot.axes.set_ylim(south, north)
    moved = on_sheet(plot.box, (west, south, east, north))
    dots = [_dot(*moved(float(x), float(y))) for x, y in zip(z, lag, strict=True)]
    line = [_dot(*moved(float(x), slope * float(x))) for x in np.linspace(z.min(), z.max(), 120)]
    texts = [str(names.iloc[row]) or str(data.index[row]) for row in hardest]
    tags = [Tag(text, dots[row], plot.page.small) for text, row in zip(texts, hardest, strict=True)]
    clear = [*dots, *line, *corners]
    paint_tags(plot.sheet, place(tags, plot.box, keep_clear=clear, weight=80.0), gid="area-name")
    return texts


def _dot(x: float, y: float) -> Box:
    return Box(x - 0.6, y - 0.6, 1.2, 1.2)
