"""The printed map: everything on one page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely

from grannskap.maps.figure import footing, free, insets, legend, signs
from grannskap.maps.figure import overlays as over
from grannskap.maps.figure.alt import alt_text
from grannskap.maps.figure.extent import Selection
from grannskap.maps.figure.headings import paint_texts
from grannskap.maps.figure.labels import Tag, paint_tags, place
from grannskap.maps.figure.outlines import Shapes, near
from grannskap.maps.figure.painting import INSET_PEN, NARROW_PEN, PEN, Pen, paint_scene
from grannskap.maps.figure.plan import Plan, plan
from grannskap.maps.figure.scene import Known, Scene, bounds_of, scene
from grannskap.maps.figure.sheet import (
    INK,
    NARROW,
    PAGES,
    Box,
    PageName,
    panel,
    sheet,
    typography,
)
from grannskap.maps.figure.views import Viewport, framed, on_sheet

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from grannskap.language import Language
    from grannskap.maps.figure.extent import Bounds
    from grannskap.maps.figure.sheet import Page
    from grannskap.maps.marks import Highlight, Label, Overlay
    from grannskap.maps.style import Style

__all__ = ["draw", "paint_enlarged", "paint_view_labels"]


def draw(
    areas: gpd.GeoDataFrame,
    values: pd.Series[Any],
    style: Style,
    *,
    status: pd.Series[Any] | None = None,
    lower: pd.Series[Any] | None = None,
    upper: pd.Series[Any] | None = None,
    view: Selection | None = None,
    extent: Bounds | None = None,
    page: PageName = "page",
    highlights: Sequence[Highlight] = (),
    overlays: Sequence[Overlay] = (),
    labels: Sequence[Label] = (),
    background: gpd.GeoDataFrame | gpd.GeoSeries | None = None,
    land: gpd.GeoSeries | None = None,
    inset: insets.Inset = "auto",
    counts: bool = False,
    shapes: Shapes | None = None,
) -> Figure:
    """Draw a map of one quantity over areas, with all that a report needs on it.

    Parameters
    ----------
    areas : geopandas.GeoDataFrame
        Index ``deso``, in metres (EPSG:3006); a superset of what is shown.
    values : pandas.Series
        Numbers or categories on ``deso``; an area without one is hatched.
    style : Style
        Classes, colours, labels and texts.
    status : pandas.Series of str, optional
        Why an area on ``deso`` has no value: each of the style's gaps has a hatch of its own.
    lower, upper : pandas.Series of float, optional
        The least and the most that a value on ``deso`` can be: an area without a value whose
        bounds lie in one class is coloured, with a hollow dot in it.
    view : str, sequence of str, boolean array or boolean Series, optional
        What is shown; other areas are drawn faint where they come into the picture.
        ``"0380C"`` is the main locality of a municipality.
    extent : tuple of float, optional
        West, south, east and north, in metres, that the map frames, for example from
        `around` a neighbourhood; what is shown when None.
    page : {"half-column", "column", "page", "16:9"}
        Size of the picture.
    highlights : sequence of Highlight
        Neighbourhoods to outline and label.
    overlays : sequence of Overlay
        Areas, points and lines from other files; each gets a line in the legend.
    labels : sequence of Label
        Names of places.
    background : GeoDataFrame or GeoSeries, optional
        Outlines of municipalities; when None they are made from the areas.
    land : GeoSeries, optional
        Polygons of land in and about the areas, where it is known: the rest is then water.
    inset : {"auto", "none", "centre", "locator", "both"}
        An enlarged dense centre, and a map of where the view lies; "auto" when they help.
    counts : bool
        Whether the legend tells how many areas each class holds.
    shapes : Shapes, optional
        Pass one to all maps of a run: areas are then simplified once for a scale.

    Returns
    -------
    matplotlib.figure.Figure
        To be given to `render`; its label is the alternative text.

    Raises
    ------
    CodeError
        When the view shows nothing.
    DataError
        When a category is not one of the style's.
    """
    known = Known(status, lower, upper)
    what = scene(
        areas,
        values,
        style,
        view=view,
        background=background,
        land=land,
        known=known,
        shapes=shapes,
    )
    with typography():
        laid = plan(
            what, PAGES[page], overlays, highlights, extent=extent, inset=inset, counts=counts
        )
        figure, axes = sheet(laid.layout.width, laid.layout.height)
        paint_texts(axes, laid.texts, laid.page, height=laid.layout.height)
        _paint_maps(figure, what, laid, highlights, overlays)
        for box in _on_map(laid):
            free.paint_ground(axes, box)
        legend.paint(axes, laid.layout.blocks["legend"], laid.legend)
        if "signs" in laid.layout.blocks:
            _paint_signs(axes, what, laid)
        _paint_labels(axes, what, laid, highlights, labels)
    figure.set_label(
        alt_text(
            areas,
            values,
            style,
            status=status,
            lower=lower,
            upper=upper,
            view=view,
            highlights=highlights,
            overlays=overlays,
        )
    )
    return figure


def _paint_maps(
    figure: Figure,
    what: Scene,
    laid: Plan,
    highlights: Sequence[Highlight],
    marks: Sequence[Overlay],
) -> None:
    main = panel(figure, laid.main.box, label="map")
    outer = [
        highlight
        for highlight in highlights
        if laid.centre is None or not _lies_in(laid.centre, highlight)
    ]
    inside = laid.centre.bounds if laid.centre else None
    narrow = laid.page.width < NARROW
    pens = (NARROW_PEN, NARROW_PEN) if narrow else (PEN, INSET_PEN)
    _paint_map(main, what, laid.main, outer, over.outside(marks, inside), ids="", pen=pens[0])
    if laid.centre is not None:
        axes = panel(figure, laid.centre.box, label="centre")
        _paint_map(axes, what, laid.centre, highlights, marks, ids="centre-", pen=pens[1])
        language = what.style.language
        paint_enlarged(
            figure.axes[0],
            main,
            axes,
            view=laid.main,
            inner=laid.centre,
            page=laid.page,
            language=language,
        )
    if "locator" in laid.layout.blocks:
        box = laid.layout.blocks["locator"]
        axes = panel(figure, box, label="locator")
        west, _, east, _ = bounds_of(what.geometry)
        scale = (east - west) / box.width
        insets.paint_locator(axes, what, laid.main.bounds, metres_per_mm=scale)


def paint_enlarged(
    over_all: Axes,
    main: Axes,
    inset: Axes,
    *,
    view: Viewport,
    inner: Viewport,
    page: Page,
    language: Language,
) -> None:
    """Frame an inset and what it enlarges, lead from one to the other, and say how many times."""
    for spine in inset.spines.values():
        spine.set(visible=True, linewidth=0.6, color=INK)
    insets.paint_frame(main, inner.bounds)
    insets.paint_connectors(over_all, framed(view, inner), inner.box)
    said = insets.words(view.metres_per_mm, inner.metres_per_mm, language)
    insets.paint_words(over_all, inner.box, said, page)


def _on_map(laid: Plan) -> list[Box]:
    """What stands on the main map."""
    blocks, inside = laid.layout.blocks, laid.layout.inside
    return [blocks[name] for name in ("legend", "locator") if name in inside]


def _kept_clear(laid: Plan) -> list[Box]:
    """What labels of the main map leave free: what stands on it, and what leads to its centre."""
    found = [free.grown(box, free.PAD + 0.5) for box in _on_map(laid)]
    if "signs" in laid.layout.inside:
        found.append(free.grown(laid.layout.blocks["signs"], 1.0))
    if laid.centre is not None:
        shown = framed(laid.main, laid.centre)
        found += [shown, laid.centre.box, *insets.along(shown, laid.centre.box)]
    return found


def _paint_map(
    axes: Axes,
    what: Scene,
    view: Viewport,
    highlights: Sequence[Highlight],
    marks: Sequence[Overlay],
    *,
    ids: str,
    pen: Pen,
) -> None:
    scale = view.metres_per_mm
    paint_scene(axes, what, view.bounds, metres_per_mm=scale, ids=ids, pen=pen)
    over.paint_overlays(axes, marks, view.bounds)
    over.paint_highlights(axes, highlights, metres_per_mm=scale, narrow=pen is NARROW_PEN)


def _paint_signs(axes: Axes, what: Scene, laid: Plan) -> None:
    signs.paint_signs(
        axes,
        laid.layout.blocks["signs"],
        metres_per_mm=laid.main.metres_per_mm,
        angle=what.turned(laid.main.bounds),
        page=laid.page,
        language=what.style.language,
    )


def _paint_labels(
    axes: Axes, what: Scene, laid: Plan, highlights: Sequence[Highlight], labels: Sequence[Label]
) -> None:
    """Label highlights and places once: in the enlarged centre where they lie in it."""
    inner = [
        laid.centre is not None and _lies_in(laid.centre, highlight) for highlight in highlights
    ]
    dots = [laid.centre is not None and _holds(laid.centre, (p.x, p.y, p.x, p.y)) for p in labels]
    for view, enlarged in ((laid.main, False), (laid.centre, True)):
        if view is not None:
            paint_view_labels(
                axes,
                laid.page,
                view,
                [
                    highlight
                    for highlight, inside in zip(highlights, inner, strict=True)
                    if inside is enlarged
                ],
                [label for label, inside in zip(labels, dots, strict=True) if inside is enlarged],
                what=what,
                enlarged=enlarged,
                clear=[] if enlarged else _kept_clear(laid),
            )


def _borders(what: Scene, view: Viewport) -> npt.NDArray[np.float64]:
    """Points a millimetre apart along the borders that a map shows, on the sheet."""
    here = what.geometry[near(what.geometry, view.bounds) & what.shown]
    lines = shapely.simplify(shapely.boundary(here), 0.3 * view.metres_per_mm)
    dense = shapely.get_coordinates(shapely.segmentize(lines, view.metres_per_mm))
    west, south, _, _ = view.bounds
    moved = (dense - [west, south]) / view.metres_per_mm + [view.box.x, view.box.y]
    return np.unique(np.round(moved, 1), axis=0)


def _lies_in(view: Viewport, highlight: Highlight) -> bool:
    return _holds(view, shapely.bounds(highlight.geometry).tolist())


def _holds(view: Viewport, box: Sequence[float]) -> bool:
    west, south, east, north = view.bounds
    return bool(west <= box[0] and box[2] <= east and south <= box[1] and box[3] <= north)


def paint_view_labels(
    axes: Axes,
    page: Page,
    view: Viewport,
    highlights: Sequence[Highlight],
    labels: Sequence[Label],
    *,
    what: Scene,
    enlarged: bool = False,
    clear: Sequence[Box] = (),
) -> None:
    """Label the highlights and places of one map: where they cover least, or not at all."""
    moved, ground = on_sheet(view.box, view.bounds), footing.Footing.of(what, view)
    tags = []
    for highlight in highlights:
        west, south, east, north = shapely.bounds(highlight.geometry)
        low, high = moved(west, south), moved(east, north)
        target = Box(*low, high[0] - low[0], high[1] - low[1])
        colour = highlight.colour or INK
        tags.append(Tag(highlight.label, target, page.text, bold=True, colour=colour))
    borders = _borders(what, view) if tags else None
    marked = place(tags, view.box, keep_clear=clear, borders=borders, smaller=ground.smaller)
    marked = [one for one in marked if one.tag.colour == INK or not one.leader]
    taken = [*clear, *(one.box for one in marked), *(tag.target for tag in tags)]
    here = [one for one in labels if _holds(view, (one.x, one.y, one.x, one.y))]
    most = footing.most_names(page, view, enlarged=enlarged)
    named = footing.named(here, ground, page, clear=taken, most=most)
    paint_tags(axes, named, gid="place-name")
    paint_tags(axes, marked, gid="highlight-label")
