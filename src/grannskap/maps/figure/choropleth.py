"""The printed map: everything on one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely

from grannskap.maps.figure import insets, legend, overlays, signs
from grannskap.maps.figure.alt import alt_text
from grannskap.maps.figure.extent import View, fitted
from grannskap.maps.figure.labels import Tag, on_sheet, paint_tags, place
from grannskap.maps.figure.page import (
    PAGES,
    PT,
    Block,
    Box,
    Layout,
    Page,
    PageName,
    arrange,
    wrap,
)
from grannskap.maps.figure.scene import Scene, bounds_of, paint_scene, scene
from grannskap.maps.figure.sheet import INK, QUIET, lines_of_text, panel, sheet, typography

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from grannskap.maps.figure.shapes import Bounds
    from grannskap.maps.marks import Label, Overlay, Ring
    from grannskap.maps.style import Style

__all__ = ["draw"]

_MARGIN = 0.02


@dataclass(frozen=True)
class _Plan:
    """A page laid out: what each box holds, before anything is painted."""

    page: Page
    layout: Layout
    title: list[str]
    subtitle: list[str]
    caption: list[str]
    source: list[str]
    legend: legend.Legend
    bounds: Bounds
    metres_per_mm: float
    centre: Bounds | None


def draw(
    areas: gpd.GeoDataFrame,
    values: pd.Series[Any],
    style: Style,
    *,
    view: View | None = None,
    page: PageName = "page",
    rings: Sequence[Ring] = (),
    overlays: Sequence[Overlay] = (),
    labels: Sequence[Label] = (),
    background: gpd.GeoDataFrame | gpd.GeoSeries | None = None,
    inset: insets.Inset = "auto",
    counts: bool = False,
) -> Figure:
    """Draw a map of one quantity over areas, with all that a report needs on it.

    Parameters
    ----------
    areas : geopandas.GeoDataFrame
        Index ``deso``, in metres (EPSG:3006); a superset of what is shown.
    values : pandas.Series
        Numbers or categories on ``deso``; an area without one is missing and hatched.
    style : Style
        Classes, colours, labels and texts.
    view : str, sequence of str, boolean array or boolean Series, optional
        What is shown; other areas are drawn faint where they come into the picture.
        See also `main_locality`, `around` and `in_box`.
    page : {"half-column", "column", "page", "16:9"}
        Size of the picture.
    rings : sequence of Ring
        Neighbourhoods to outline and label.
    overlays : sequence of Overlay
        Areas, points and lines from other files; each gets a line in the legend.
    labels : sequence of Label
        Names of places.
    background : GeoDataFrame or GeoSeries, optional
        Outlines of municipalities; when None they are made from the areas.
    inset : {"auto", "none", "centre", "locator", "both"}
        An enlarged dense centre, and a map of where the view lies; "auto" when they help.
    counts : bool
        Whether the legend tells how many areas each class holds.

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
    what = scene(areas, values, style, view=view, background=background)
    with typography():
        plan = _plan(what, PAGES[page], overlays, inset=inset, counts=counts)
        figure, axes = sheet(plan.layout.width, plan.layout.height)
        _paint_texts(axes, plan)
        _paint_maps(figure, what, plan, rings, overlays)
        legend.paint(axes, plan.layout.blocks["legend"], plan.legend, plan.page)
        _paint_signs(axes, what, plan)
        _paint_labels(axes, plan, rings, labels)
    figure.set_label(alt_text(areas, values, style, view=view, rings=rings, overlays=overlays))
    return figure


def _plan(
    what: Scene, page: Page, over: Sequence[Overlay], *, inset: insets.Inset, counts: bool
) -> _Plan:
    style = what.style
    width = page.width - 2 * page.margin
    texts = [
        wrap(style.title, page.title, width, bold=True),
        wrap(style.subtitle, page.subtitle, width),
        wrap(style.caption, page.text, width),
        wrap(style.source, page.small, width),
    ]
    sizes = (page.title, page.subtitle, page.text, page.small)
    header = sum(1.3 * len(t) * s * PT for t, s in zip(texts[:2], sizes[:2], strict=True)) + (
        0.6 * page.gap
    )
    footer = sum(1.35 * len(t) * s * PT for t, s in zip(texts[2:], sizes[2:], strict=True)) + (
        0.7 * page.gap if any(texts[2:]) else 0.0
    )
    area = bounds_of(what.geometry[what.shown])
    wanted = fitted(area, aspect=(area[2] - area[0]) / (area[3] - area[1]), margin=_MARGIN)
    aspect = min(max((wanted[2] - wanted[0]) / (wanted[3] - wanted[1]), 0.45), 2.6)
    classes = pd.Series(what.classes[what.shown]) if counts else None
    lines = legend.entries(style, overlays=over, classes=classes)
    blocks, core = _blocks(what, page, lines, wanted, inset)

    def laid(chosen: dict[bool, tuple[legend.Legend, list[Block]]]) -> Layout:
        return arrange(
            page,
            aspect,
            header=header,
            footer=footer,
            beside=chosen[True][1],
            below=chosen[False][1],
        )

    layout = laid(blocks)
    beside = layout.blocks["legend"].x > layout.map.x + 0.9 * layout.map.width
    bounds = fitted(wanted, aspect=layout.map.width / layout.map.height, margin=0.0)
    return _Plan(
        page,
        layout,
        *texts,
        blocks[beside][0],
        bounds,
        (bounds[2] - bounds[0]) / layout.map.width,
        core,
    )


def _blocks(
    what: Scene, page: Page, lines: Sequence[legend.Entry], wanted: Bounds, inset: insets.Inset
) -> tuple[dict[bool, tuple[legend.Legend, list[Block]]], Bounds | None]:
    """The blocks when stacked beside the map (True) and when in a row below it (False)."""
    rough = (wanted[2] - wanted[0]) / (0.6 * page.width)
    core = insets.centre(what, rough, wanted) if inset in ("auto", "centre", "both") else None
    where = inset in ("locator", "both") or (inset == "auto" and insets.wants_locator(what, wanted))
    heading = what.style.unit
    signs_block = Block("signs", page.text * 5.2, page.text * 1.25)
    found = {}
    for beside in (True, False):
        blocks = [insets.centre_block(page, core)] if core else []
        taken = sum(block.width for block in blocks) + signs_block.width
        room = 0.42 * page.width if beside else page.width - taken - 4 * page.gap
        key = legend.measure(heading, lines, page, columns=1 if beside or core else 4, width=room)
        blocks.append(key.block)
        if where:
            blocks.append(insets.locator_block(page, what))
        blocks.append(signs_block)
        found[beside] = (key, blocks)
    return found, core


def _paint_texts(axes: Axes, plan: _Plan) -> None:
    page, layout = plan.page, plan.layout
    top = layout.height - page.margin
    top = lines_of_text(axes, plan.title, x=page.margin, top=top, size=page.title, bold=True)
    lines_of_text(axes, plan.subtitle, x=page.margin, top=top, size=page.subtitle, colour=QUIET)
    depth = 1.35 * PT * (len(plan.caption) * page.text + len(plan.source) * page.small)
    top = lines_of_text(
        axes, plan.caption, x=page.margin, top=page.margin + depth, size=page.text, leading=1.35
    )
    lines_of_text(
        axes, plan.source, x=page.margin, top=top, size=page.small, colour=QUIET, leading=1.35
    )


def _paint_maps(
    figure: Figure, what: Scene, plan: _Plan, rings: Sequence[Ring], over: Sequence[Overlay]
) -> None:
    main = panel(figure, plan.layout.map, label="map")
    paint_scene(main, what, plan.bounds, metres_per_mm=plan.metres_per_mm, ids="")
    overlays.paint_overlays(main, over, plan.bounds)
    overlays.paint_rings(main, rings)
    if plan.centre is not None:
        box = plan.layout.blocks["centre"]
        bounds = fitted(plan.centre, aspect=box.width / box.height, margin=0.0)
        axes = panel(figure, box, label="centre")
        scale = (bounds[2] - bounds[0]) / box.width
        paint_scene(axes, what, bounds, metres_per_mm=scale, ids="centre-")
        overlays.paint_overlays(axes, over, bounds)
        overlays.paint_rings(axes, rings)
        _framed(axes)
        main.add_patch(insets.frame(bounds))
    if "locator" in plan.layout.blocks:
        box = plan.layout.blocks["locator"]
        axes = panel(figure, box, label="locator")
        west, _, east, _ = bounds_of(what.geometry)
        insets.paint_locator(axes, what, plan.bounds, metres_per_mm=(east - west) / box.width)


def _framed(axes: Axes) -> None:
    for spine in axes.spines.values():
        spine.set_visible(True)
        spine.set_linewidth(0.7)
        spine.set_color(INK)


def _paint_signs(axes: Axes, what: Scene, plan: _Plan) -> None:
    box = plan.layout.blocks["signs"]
    page = plan.page
    arrow = Box(box.x, box.y, 0.55 * page.text, box.height)
    west, south, east, north = plan.bounds
    angle = signs.convergence((west + east) / 2, (south + north) / 2, what.crs)
    signs.paint_north(axes, arrow, angle=angle, page=page)
    signs.paint_scale(
        axes,
        x=arrow.right + 0.4 * page.text,
        y=box.y,
        metres_per_mm=plan.metres_per_mm,
        page=page,
        language=what.style.language,
    )
    if plan.centre is not None:
        inner = plan.layout.blocks["centre"]
        bounds = fitted(plan.centre, aspect=inner.width / inner.height, margin=0.0)
        signs.paint_scale(
            axes,
            x=inner.x + 1.5,
            y=inner.y + 1.5,
            metres_per_mm=(bounds[2] - bounds[0]) / inner.width,
            page=replace(page, text=0.8 * page.text),
            language=what.style.language,
        )


def _paint_labels(axes: Axes, plan: _Plan, rings: Sequence[Ring], labels: Sequence[Label]) -> None:
    moved = on_sheet(plan.layout.map, plan.bounds)
    tags = []
    for ring in rings:
        west, south, east, north = shapely.bounds(ring.geometry)
        low, high = moved(west, south), moved(east, north)
        tags.append(
            Tag(
                ring.label, Box(*low, high[0] - low[0], high[1] - low[1]), plan.page.text, bold=True
            )
        )
    named = place(tags, plan.layout.map)
    paint_tags(axes, named, gid="ring-label")
    frame = plan.layout.map
    spots = [
        Tag(label.text, Box(*moved(label.x, label.y), 0.0, 0.0), plan.page.small, inside=True)
        for label in sorted(labels, key=lambda label: label.rank)
    ]
    spots = [
        tag
        for tag in spots
        if frame.x <= tag.target.x <= frame.right and frame.y <= tag.target.y <= frame.top
    ]
    kept = [one for one in place(spots, frame, keep_clear=[n.box for n in named]) if not one.leader]
    paint_tags(axes, kept, gid="place-name")
