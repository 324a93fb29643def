"""Small multiples: years, tenures or towns side by side on one legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np

from grannskap.errors import DataError
from grannskap.maps.figure import insets, legend, signs
from grannskap.maps.figure import overlays as over
from grannskap.maps.figure.alt import alt_text
from grannskap.maps.figure.choropleth import paint_enlarged, paint_texts, paint_view_labels
from grannskap.maps.figure.extent import fitted, framing, shape_of
from grannskap.maps.figure.layout import Viewport, enlarged, texts, view_of
from grannskap.maps.figure.outlines import Shapes
from grannskap.maps.figure.scene import Known, Scene, paint_scene, scene
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

_INSET = 0.45
"""Share of a panel's height that its enlarged centre takes."""

_LABEL = 1.6
"""Height of a panel's title, in its type size."""

_MOST = 0.3
"""Share of a panel's width that is enlarged at most."""


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
    """Where the maps stand, and the enlarged centres under them."""

    height: float
    boxes: list[Box]
    insets: list[Box]


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
        raise DataError("no panel")
    size = PAGES[page]
    shared = shapes or Shapes()
    ready = [
        _ready(number, part, style, shared, land=land) for number, part in enumerate(panels, 1)
    ]
    shown = legend.Shown(
        np.concatenate([one.scene.classes[one.scene.shown] for one in ready]),
        np.concatenate([one.scene.bounded[one.scene.shown] for one in ready]),
        np.concatenate([one.scene.doubtful[one.scene.shown] for one in ready]),
    )
    marked = [highlight for part in panels for highlight in part.highlights]
    with typography():
        words = texts(style, size)
        lines = legend.entries(style, shown, highlights=marked, counts=counts)
        key = legend.measure(
            style,
            lines,
            size,
            columns=4,
            width=0.85 * size.width,
            classes=shown.classes if counts else None,
        )
        below = words.footer + key.block.height + size.gap
        framed = [one.bounds for one in ready]
        tiling = _best(size, framed, columns, words.header, below)
        cores = [_core(one, box) for one, box in zip(ready, tiling.boxes, strict=True)]
        if any(cores):
            tiling = _best(size, framed, columns, words.header, below, enlarged=True)
        figure, axes = sheet(size.width, tiling.height)
        paint_texts(axes, words, size, height=tiling.height)
        for one, core, box, under in zip(ready, cores, tiling.boxes, tiling.insets, strict=True):
            view = view_of(one.bounds, box)
            inner = None if core is None else enlarged(view, view_of(core, under))
            _paint_panel(figure, axes, one, view=view, inner=inner, page=size)
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
    tight = framing(what.geometry[what.shown])
    aspect = (tight[2] - tight[0]) / (tight[3] - tight[1])
    return _Ready(number, part, what, fitted(tight, aspect=aspect, margin=0.03))


def _core(one: _Ready, box: Box) -> Bounds | None:
    """The dense centre of a panel, where many of its areas are too small to be seen."""
    scale = view_of(one.bounds, box).metres_per_mm
    return insets.centre(one.scene, scale, one.bounds, most=_MOST)


def _best(
    page: Page,
    framed: Sequence[Bounds],
    columns: int | None,
    above: float,
    below: float,
    *,
    enlarged: bool = False,
) -> _Tiling:
    """The tiling whose maps are largest."""
    choices = [columns] if columns else range(1, len(framed) + 1)
    share = _INSET if enlarged else 0.0
    tilings = [_tiled(page, framed, choice, above, below, share=share) for choice in choices]

    def filled(tiling: _Tiling) -> float:
        """Share of the page that is map."""
        area = 0.0
        for box, (west, south, east, north) in zip(tiling.boxes, framed, strict=True):
            scale = min(box.width / (east - west), box.height / (north - south))
            area += scale**2 * (east - west) * (north - south)
        return area / tiling.height

    return max(tilings, key=filled)


def _tiled(
    page: Page,
    framed: Sequence[Bounds],
    columns: int,
    above: float,
    below: float,
    *,
    share: float,
) -> _Tiling:
    rows = ceil(len(framed) / columns)
    label = _LABEL * page.text * PT
    taken = 2 * page.margin + above + below + rows * label + (rows - 1) * page.gap
    room = (page.height - taken) / rows
    wide = (page.width - 2 * page.margin - (columns - 1) * page.gap) / columns
    aspect = float(np.median([shape_of(bounds) for bounds in framed]))
    tall = room if page.fixed else min(wide / aspect / (1 - share), room)
    height = page.height if page.fixed else taken + rows * tall
    boxes, inset = [], []
    part = share * tall
    for place in range(len(framed)):
        row, column = divmod(place, columns)
        x = page.margin + column * (wide + page.gap)
        top = height - page.margin - above - row * (label + tall + page.gap)
        boxes.append(Box(x, top - label - tall + part, wide, tall - part))
        inset.append(Box(x, top - label - tall, wide, max(part - 1.5, 0.0)))
    return _Tiling(height, boxes, inset)


def _paint_panel(
    figure: Figure,
    axes: Axes,
    one: _Ready,
    *,
    view: Viewport,
    inner: Viewport | None,
    page: Page,
) -> None:
    box = view.box
    top = box.top + _LABEL * page.text * PT
    lines_of_text(axes, [one.panel.title], x=box.x, top=top, size=page.text, bold=True)
    main = panel(figure, box, label="map")
    paint_scene(
        main, one.scene, view.bounds, metres_per_mm=view.metres_per_mm, ids=f"{one.number}-"
    )
    over.paint_highlights(main, one.panel.highlights)
    if inner is not None:
        below = panel(figure, inner.box, label="centre")
        paint_scene(
            below,
            one.scene,
            inner.bounds,
            metres_per_mm=inner.metres_per_mm,
            ids=f"{one.number}-centre-",
        )
        over.paint_highlights(below, one.panel.highlights)
        paint_enlarged(
            axes,
            main,
            below,
            view=view,
            inner=inner,
            page=page,
            language=one.scene.style.language,
        )
    paint_view_labels(axes, page, view, one.panel.highlights, (), what=one.scene)
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
