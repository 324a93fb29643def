"""The Moran scatterplot: each area against its neighbours, and the slope through all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from grannskap.language import Language, Text, inside_sentence
from grannskap.maps.figure.alt import scatter_told
from grannskap.maps.figure.labels import Tag, on_sheet, paint_tags, place
from grannskap.maps.figure.page import PT, Box, PageName, text_width
from grannskap.maps.figure.plotting import (
    Plot,
    check_enough,
    name_axes,
    note,
    page_texts,
    plot_page,
    signed,
)
from grannskap.maps.figure.sheet import INK, QUIET, typography
from grannskap.maps.figure.swatch import Entry
from grannskap.maps.style import Style, clusters

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["moran_scatter"]

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
    colours, dots = _dots(kept, style or clusters(variable=what, language=language))
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
    told = scatter_told(head, what, areas=len(z), slope=slope, strongest=strongest)
    plot.figure.set_label(told(language))
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
