"""Small multiples: years, tenures or towns side by side on one legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np

from grannskap.errors import DataError
from grannskap.maps.figure import legend, signs
from grannskap.maps.figure import overlays as over
from grannskap.maps.figure.alt import alt_text
from grannskap.maps.figure.choropleth import paint_texts, paint_view_labels
from grannskap.maps.figure.extent import fitted
from grannskap.maps.figure.layout import texts, view_of
from grannskap.maps.figure.scene import Known, Scene, Shapes, bounds_of, paint_scene, scene
from grannskap.maps.figure.sheet import (
    PAGES,
    PT,
    Box,
    Page,
    PageName,
    lines_of_text,
    panel,
    sheet,
    typography,
)

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from grannskap.maps.figure.extent import Bounds, Selection
    from grannskap.maps.marks import Highlight
    from grannskap.maps.style import Style

__all__ = ["Panel", "small_multiples"]


@dataclass(frozen=True)
class Panel:
    """One map among several.

    Attributes
    ----------
    title : str
        The year, tenure or town.
    areas : geopandas.GeoDataFrame
        Index ``deso``, in metres.
    values : pandas.Series
        On ``deso``.
    view : str, sequence of str, boolean array or boolean Series, optional
        What is shown, as in `draw`.
    highlights : tuple of Highlight
        Neighbourhoods to outline and label.
    status, lower, upper : pandas.Series, optional
        What is known of areas without a value, as in `draw`.
    """

    title: str
    areas: gpd.GeoDataFrame
    values: pd.Series[Any]
    view: Selection | None = None
    highlights: tuple[Highlight, ...] = ()
    status: pd.Series[Any] | None = None
    lower: pd.Series[Any] | None = None
    upper: pd.Series[Any] | None = None

    @property
    def known(self) -> Known:
        """What is known of areas without a value."""
        return Known(self.status, self.lower, self.upper)


@dataclass(frozen=True)
class _Tiling:
    """Where the maps stand."""

    height: float
    boxes: list[Box]


@dataclass(frozen=True)
class _Ready:
    """A panel ready to be painted."""

    number: int
    panel: Panel
    scene: Scene
    bounds: Bounds


def small_multiples(
    panels: Sequence[Panel],
    style: Style,
    *,
    page: PageName = "page",
    columns: int | None = None,
    counts: bool = False,
    land: gpd.GeoSeries | None = None,
    shapes: Shapes | None = None,
) -> Figure:
    """Draw several maps in one style on one legend.

    Parameters
    ----------
    panels : sequence of Panel
        At least one; each is framed by what it shows, and has its own scale bar.
    style : Style
        One for all: classes, texts, legend.
    page : {"half-column", "column", "page", "16:9"}
        Size of the picture.
    columns : int, optional
        Maps in a row; when None, as many as make the maps largest.
    counts : bool
        Whether the legend counts the areas of all panels together.
    land : GeoSeries, optional
        As in `draw`.
    shapes : Shapes, optional
        As in `draw`; the panels share one in any case.

    Returns
    -------
    matplotlib.figure.Figure
        To be given to `render`.

    Raises
    ------
    DataError
        When there is no panel.
    """
    if not panels:
        raise DataError(expected="at least one map", came="none", remedy="pass a panel")
    size = PAGES[page]
    shared = shapes or Shapes()
    ready = [
        _ready(number, part, style, shared, land=land) for number, part in enumerate(panels, 1)
    ]
    shown = legend.Shown(
        np.concatenate([one.scene.classes[one.scene.shown] for one in ready]),
        np.concatenate([one.scene.bounded[one.scene.shown] for one in ready]),
    )
    marked = [highlight for part in panels for highlight in part.highlights]
    with typography():
        words = texts(style, size)
        lines = legend.entries(style, shown, highlights=marked, counts=counts)
        key = legend.measure(style, lines, size, columns=4, width=0.85 * size.width)
        below = words.footer + key.block.height + size.gap
        tiling = _best(size, [one.bounds for one in ready], columns, words.header, below)
        figure, axes = sheet(size.width, tiling.height)
        paint_texts(axes, words, size, height=tiling.height)
        for one, box in zip(ready, tiling.boxes, strict=True):
            _paint_panel(figure, axes, one, box, size)
        foot = size.margin + words.footer
        place = Box(size.margin, foot, key.block.width, key.block.height)
        legend.paint(axes, place, key)
        _paint_arrow(axes, ready[0], size, place.top)
    figure.set_label(_alt(panels, style))
    return figure


def _ready(
    number: int, part: Panel, style: Style, shapes: Shapes, *, land: gpd.GeoSeries | None
) -> _Ready:
    what = scene(
        part.areas,
        part.values,
        style,
        view=part.view,
        background=None,
        land=land,
        known=part.known,
        shapes=shapes,
    )
    tight = bounds_of(what.geometry[what.shown])
    aspect = (tight[2] - tight[0]) / (tight[3] - tight[1])
    return _Ready(number, part, what, fitted(tight, aspect=aspect, margin=0.02))


def _best(
    page: Page, framed: Sequence[Bounds], columns: int | None, above: float, below: float
) -> _Tiling:
    """The tiling whose maps are largest."""
    choices = [columns] if columns else range(1, len(framed) + 1)
    tilings = [_tiled(page, framed, choice, above, below) for choice in choices]

    def filled(tiling: _Tiling) -> float:
        """Share of the page that is map."""
        area = 0.0
        for box, (west, south, east, north) in zip(tiling.boxes, framed, strict=True):
            scale = min(box.width / (east - west), box.height / (north - south))
            area += scale**2 * (east - west) * (north - south)
        return area / tiling.height

    return max(tilings, key=filled)


def _tiled(
    page: Page, framed: Sequence[Bounds], columns: int, above: float, below: float
) -> _Tiling:
    rows = ceil(len(framed) / columns)
    label = 1.6 * page.text * PT
    taken = 2 * page.margin + above + below + rows * label + (rows - 1) * page.gap
    room = (page.height - taken) / rows
    wide = (page.width - 2 * page.margin - (columns - 1) * page.gap) / columns
    aspect = float(np.median([(b[2] - b[0]) / (b[3] - b[1]) for b in framed]))
    tall = room if page.fixed else min(wide / min(max(aspect, 0.5), 2.0), room)
    height = page.height if page.fixed else taken + rows * tall
    boxes = []
    for place in range(len(framed)):
        row, column = divmod(place, columns)
        x = page.margin + column * (wide + page.gap)
        top = height - page.margin - above - row * (label + tall + page.gap)
        boxes.append(Box(x, top - label - tall, wide, tall))
    return _Tiling(height, boxes)


def _paint_panel(figure: Figure, axes: Axes, one: _Ready, box: Box, page: Page) -> None:
    view = view_of(one.bounds, box)
    top = box.top + 1.6 * page.text * PT
    lines_of_text(axes, [one.panel.title], x=box.x, top=top, size=page.text, bold=True)
    inner = panel(figure, box, label="map")
    paint_scene(
        inner, one.scene, view.bounds, metres_per_mm=view.metres_per_mm, ids=f"{one.number}-"
    )
    over.paint_highlights(inner, one.panel.highlights)
    paint_view_labels(axes, page, view, one.panel.highlights, ())
    if one.scene.schematic:
        return
    small = replace(page, text=0.75 * page.text)
    place = {"x": box.x + 1.5, "y": box.y + 1.5, "metres_per_mm": view.metres_per_mm}
    signs.paint_ground(axes, **place, page=small, language=one.scene.style.language)
    signs.paint_scale(axes, **place, page=small, language=one.scene.style.language)


def _paint_arrow(axes: Axes, one: _Ready, page: Page, top: float) -> None:
    """One arrow for all, at the right: convergence differs little within a picture."""
    if one.scene.schematic:
        return
    west, south, east, north = one.bounds
    angle = signs.convergence((west + east) / 2, (south + north) / 2, one.scene.crs)
    high, wide = 1.25 * page.text, 0.55 * page.text
    place = Box(page.width - page.margin - wide, top - high, wide, high)
    signs.paint_north(axes, place, angle=angle, page=page)


def _alt(panels: Sequence[Panel], style: Style) -> str:
    """The alternative texts of all panels, each under its own title."""
    parts = []
    for part in panels:
        own = replace(
            style,
            title=", ".join([style.title, *part.title.splitlines()]),
            caption="",
            source="",
            alt="",
        )
        text = alt_text(
            part.areas,
            part.values,
            own,
            status=part.status,
            lower=part.lower,
            upper=part.upper,
            view=part.view,
            highlights=part.highlights,
        )
        parts.append(text)
    return " ".join([*parts, *(text for text in (style.caption, style.source) if text)])
