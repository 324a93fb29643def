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
from grannskap.maps.figure.choropleth import paint_enlarged, paint_view_labels
from grannskap.maps.figure.extent import fitted, framing, shape_of
from grannskap.maps.figure.free import Covered
from grannskap.maps.figure.headings import paint_texts, texts
from grannskap.maps.figure.outlines import Shapes
from grannskap.maps.figure.painting import paint_scene
from grannskap.maps.figure.scene import Known, Scene, scene
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
from grannskap.maps.figure.views import Viewport, enlarged, framed, view_of

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

_SCALES = (0.3, 0.2, 0.12)
"""Shares of a panel's width that its scale bar takes at most, tried until there is room."""

_CORNERS = ("lower left", "lower right", "upper left", "upper right")


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
    scaled: bool = True


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
        At least one; each is framed by what it shows. Of maps of one place the first has the
        scale bar and the names of neighbourhoods.
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
    size, shared = PAGES[page], shapes or Shapes()
    ready = [
        _ready(number, part, style, shared, land=land) for number, part in enumerate(panels, 1)
    ]
    with typography():
        words = texts(style, size)
        key = _key(ready, style, size, counts=counts)
        above = words.header + key.block.height + size.gap
        shown = [one.bounds for one in ready]
        tiling = _best(size, shown, columns, above, words.footer)
        cores = [_core(one, box) for one, box in zip(ready, tiling.boxes, strict=True)]
        if any(cores):
            tiling = _best(size, shown, columns, above, words.footer, enlarged=True)
        figure, axes = sheet(size.width, tiling.height)
        paint_texts(axes, words, size, height=tiling.height)
        top = tiling.height - size.margin - words.header
        place = Box(size.margin, top - key.block.height, key.block.width, key.block.height)
        legend.paint(axes, place, key)
        for one, core, box, under in zip(ready, cores, tiling.boxes, tiling.insets, strict=True):
            view = view_of(one.bounds, box)
            inner = None if core is None else enlarged(view, view_of(core, under))
            _paint_panel(figure, axes, _alone(one, ready[0]), view=view, inner=inner, page=size)
    figure.set_label(_alt(panels, style))
    return figure


def _key(ready: Sequence[_Ready], style: Style, page: Page, *, counts: bool) -> legend.Legend:
    """One legend for all."""
    shown = legend.Shown(
        np.concatenate([one.scene.classes[one.scene.shown] for one in ready]),
        np.concatenate([one.scene.bounded[one.scene.shown] for one in ready]),
        np.concatenate([one.scene.doubtful[one.scene.shown] for one in ready]),
    )
    marked = [highlight for one in ready for highlight in one.panel.highlights]
    lines = legend.entries(style, shown, highlights=marked, counts=counts)
    full = page.width - 2 * page.margin
    return legend.measure(style, lines, page, columns=4, width=full, shown=shown, counts=counts)


def _alone(one: _Ready, first: _Ready) -> _Ready:
    """Leave to the first of several maps of one place what they share: names, and the scale."""
    if one is first or one.bounds != first.bounds:
        return one
    short = tuple(
        replace(ring, label=ring.label.removeprefix(ring.name).strip() or ring.label)
        for ring in one.panel.highlights
    )
    return replace(one, panel=replace(one.panel, highlights=short), scaled=False)


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
    top = view.box.top + _LABEL * page.text * PT
    title = [one.panel.title]
    lines_of_text(axes, title, x=view.box.x, top=top, size=page.text, bold=True)
    main = _paint_view(figure, one, view, label="map", ids=f"{one.number}-")
    clear = []
    if inner is not None:
        below = _paint_view(figure, one, inner, label="centre", ids=f"{one.number}-centre-")
        language = one.scene.style.language
        paint_enlarged(axes, main, below, view=view, inner=inner, page=page, language=language)
        clear += insets.along(framed(view, inner), inner.box)
    if one.scaled and not one.scene.schematic:
        clear.append(_paint_signs(axes, one, view, page, clear))
    paint_view_labels(axes, page, view, one.panel.highlights, (), what=one.scene, clear=clear)


def _paint_view(figure: Figure, one: _Ready, view: Viewport, *, label: str, ids: str) -> Axes:
    painted, scale = panel(figure, view.box, label=label), view.metres_per_mm
    paint_scene(painted, one.scene, view.bounds, metres_per_mm=scale, ids=ids)
    over.paint_highlights(painted, one.panel.highlights, metres_per_mm=scale)
    return painted


def _paint_signs(axes: Axes, one: _Ready, view: Viewport, page: Page, taken: Sequence[Box]) -> Box:
    """Paint the scale bar where it covers nothing shown, else in the lower left corner."""
    what = one.scene
    angle, language = what.turned(view.bounds), what.style.language
    free = Covered.of(what.geometry[what.shown], view.bounds).room(view.box, view.bounds)
    for box in taken:
        free = free.without(box, pad=0.3)
    for share in _SCALES:
        most = share * view.box.width
        block = signs.block(page, angle, language, most=most)
        found = free.place(block, prefer=_CORNERS, pad=1.0)
        if found is not None:
            break
    box = found or Box(view.box.x + 1.5, view.box.y + 1.5, block.width, block.height)
    signs.paint_signs(
        axes,
        box,
        metres_per_mm=view.metres_per_mm,
        angle=angle,
        page=page,
        language=language,
        most=most,
    )
    return box


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
