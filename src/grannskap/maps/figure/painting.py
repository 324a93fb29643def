"""Painting areas, their surroundings and borders into axes at a given scale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_rgb, to_rgba_array
from matplotlib.path import Path

from grannskap.language import inside_sentence
from grannskap.maps.figure.outlines import line_vertices, near
from grannskap.maps.figure.swatches import HATCH_INK, paint_mark
from grannskap.maps.style import BOUNDED, DOUBTFUL, Style, lightness, write_value

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from grannskap.maps.figure.extent import Bounds
    from grannskap.maps.figure.outlines import Outlines
    from grannskap.maps.figure.scene import Scene

__all__ = [
    "INSET_PEN",
    "LAND",
    "NARROW_PEN",
    "PEN",
    "WATER",
    "AreaCollection",
    "Pen",
    "paint_scene",
]


@dataclass(frozen=True)
class Pen:
    """Widths of lines, in points.

    Attributes
    ----------
    areas : float
        Between areas; 0 for none.
    own, theirs : float
        Round the municipalities that are shown, and between the others.
    """

    areas: float
    own: float
    theirs: float = 0.5


PEN, INSET_PEN, NARROW_PEN = Pen(0.28, 0.7), Pen(0.4, 0.7), Pen(0.0, 0.5)
"""Of a map, of what enlarges a part of it, and of a map on half a column."""

_LEAST_SIDE = 1.5
"""Millimetres of the side of an area in the middle below which there are no lines between them."""

_SEAM = 0.2
"""Points of a line in an area's own colour, that closes the seam to the next."""

WATER, _COAST = "#dce7ed", "#8fa3b0"
LAND, _PALER = "#eae8e3", "#f6f5f1"
"""Land of neighbours, and where most of what is shown is grey."""

_ON_DARK, _ON_LIGHT = "#ffffff", "#c9ccd0"
"""Borders: white parts dark areas, and grey the light ones that white would run together."""

_LIGHT = 85.0
"""Lightness (L*) from which an area's border is grey."""

_OUTLINE = "#4a4d52"


class AreaCollection(PathCollection):
    """Areas of some classes that are drawn at once, but one by one where a format keeps ids."""

    def __init__(
        self,
        paths: Sequence[Path],
        looks: npt.NDArray[np.int64],
        *,
        ids: Sequence[str],
        title: Callable[[int], str],
        fills: Sequence[str],
        edges: Sequence[str],
        linewidth: float,
    ) -> None:
        """Take paths, and the number of each one's fill and edge."""
        super().__init__(
            paths,
            facecolors=to_rgba_array(fills)[looks],
            edgecolors=to_rgba_array(edges)[looks],
            linewidths=linewidth,
        )
        self.ids = tuple(ids)
        self.title = title
        self.looks = looks
        self.colours = tuple((to_rgb(fill), edge) for fill, edge in zip(fills, edges, strict=True))

    def draw(self, renderer: RendererBase) -> None:
        """Draw the areas; an SVG gets a group with id and title for each."""
        if hasattr(renderer, "writer"):
            self._write_areas(renderer)
        elif hasattr(renderer, "file"):
            self._write_classes(renderer)
        else:
            super().draw(renderer)
        self.stale = False

    def _context(self, renderer: RendererBase) -> GraphicsContextBase:
        context = renderer.new_gc()
        context.set_clip_rectangle(self.get_clip_box())
        context.set_linewidth(float(np.atleast_1d(self.get_linewidth())[0]))
        context.set_joinstyle("round")
        return context

    def _write_areas(self, renderer: Any) -> None:  # noqa: ANN401 - an SVG's has a writer
        context, moved, before = self._context(renderer), self.get_transform().frozen(), ""
        for place, (path, identity) in enumerate(zip(self.get_paths(), self.ids, strict=True)):
            fill, edge = self.colours[self.looks[place]]
            renderer.open_group("area", gid=identity)
            renderer.writer.element("title", text=self.title(place))
            if edge != before:
                context.set_foreground(edge)
                before = edge
            renderer.draw_path(context, path, moved, fill)
            renderer.close_group("area")
        context.restore()

    def _write_classes(self, renderer: RendererBase) -> None:
        """Write all areas of a class as one path: a PDF keeps no ids."""
        context, moved, paths = self._context(renderer), self.get_transform(), self.get_paths()
        for look in np.unique(self.looks):
            fill, edge = self.colours[look]
            context.set_foreground(edge)
            here = np.flatnonzero(self.looks == look).tolist()
            whole = Path.make_compound_path(*(paths[i] for i in here))
            renderer.draw_path(context, whole, moved, fill)
        context.restore()


def paint_scene(
    axes: Axes, scene: Scene, bounds: Bounds, *, metres_per_mm: float, ids: str, pen: Pen = PEN
) -> None:
    """Paint areas, faint context and municipality borders.

    Parameters
    ----------
    axes : Axes
        Whose limits become the bounds.
    scene : Scene
        What to paint.
    bounds : tuple of float
        West, south, east, north.
    metres_per_mm : float
        The scale: what is too fine for it is left out.
    ids : str
        Put before each code to make the ids of an SVG; "" on the main map.
    pen : Pen
        Widths of the lines.
    """
    west, south, east, north = bounds
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    rows, outlines = scene.shapes.near(scene, bounds, metres_per_mm=metres_per_mm)
    here = near(scene.geometry[rows], bounds)
    show = scene.shown[rows] & here
    _paint_surroundings(axes, scene, outlines, np.flatnonzero(here & ~show), ids=ids)
    if show.any():
        side = np.sqrt(np.median(shapely.area(scene.geometry[rows[show]]))) / metres_per_mm
        width = pen.areas if side >= _LEAST_SIDE else 0.0
        _paint_areas(axes, scene, rows, outlines, np.flatnonzero(show), width=width, ids=ids)
    _paint_borders(axes, scene, outlines, pen, ids=ids)


def _paint_surroundings(
    axes: Axes, scene: Scene, outlines: Outlines, faint: npt.NDArray[np.int64], *, ids: str
) -> None:
    """Paint water and coast where it is known which is which, and the areas not shown."""
    ground = _PALER if scene.quiet else LAND
    if scene.schematic:
        axes.patch.set_facecolor("white")
        return
    axes.patch.set_facecolor(WATER if len(outlines.land) else ground)
    painted = ((outlines.ground, _COAST, "land"), ([outlines.paths[i] for i in faint], ground, ""))
    for paths, edge, gid in painted:
        if paths:
            axes.add_collection(
                PathCollection(
                    paths,
                    facecolors=ground,
                    edgecolors=edge,
                    linewidths=0.2,
                    gid=f"{ids}{gid or 'context'}",
                ),
                autolim=False,
            )


def _paint_borders(axes: Axes, scene: Scene, outlines: Outlines, pen: Pen, *, ids: str) -> None:
    """Paint borders of municipalities: pale among neighbours, dark about what is shown."""
    own = set(scene.municipality[scene.shown])
    given = line_vertices(scene.background)
    borders = {} if len(scene.background) else outlines.borders
    theirs = [line for name, lines in borders.items() if name not in own for line in lines]
    ours = [line for name, lines in borders.items() if name in own for line in lines]
    between = "#dedbd3" if scene.quiet else "white"
    for lines, colour, width, gid in (
        (theirs, between, pen.theirs, "neighbours"),
        (given or ours, _OUTLINE, pen.own, "municipalities"),
    ):
        axes.add_collection(
            LineCollection(
                lines,
                colors=colour,
                linewidths=width,
                gid=f"{ids}{gid}",
                capstyle="round",
                joinstyle="round",
            ),
            autolim=False,
        )


def _paint_areas(
    axes: Axes,
    scene: Scene,
    rows: npt.NDArray[np.int64],
    outlines: Outlines,
    show: npt.NDArray[np.int64],
    *,
    width: float,
    ids: str,
) -> None:
    style, rows = scene.style, rows[show]
    classes = scene.classes[rows]
    without = style.gaps[::-1]  # from the end, as negative classes count
    fills = [*style.colours, *(gap.colour for gap in without)]
    paths = [outlines.paths[i] for i in show]
    axes.add_collection(
        AreaCollection(
            paths,
            classes,
            ids=[f"{ids}{code}" for code in scene.codes[rows]],
            title=_titles(scene, rows),
            fills=fills,
            edges=_edges(fills) if width else fills,
            linewidth=width or _SEAM,
        ),
        autolim=False,
    )
    hatches = (*(style.hatches or ("",) * len(style.colours)), *(gap.hatch for gap in without))
    for number in np.unique(classes):
        if hatches[number]:
            axes.add_collection(
                PathCollection(
                    [paths[i] for i in np.flatnonzero(classes == number)],
                    facecolors="none",
                    edgecolors=HATCH_INK,
                    linewidths=0.25,
                    hatch=hatches[number],
                    gid=f"{ids}hatch-{number if number >= 0 else _word(style, number)}",
                ),
                autolim=False,
            )
    for gid, which in (("doubtful", scene.doubtful), ("bounded", scene.bounded)):
        marked = outlines.whole[show][which[rows]]
        if len(marked):
            spots = shapely.get_coordinates(shapely.point_on_surface(marked))
            paint_mark(axes, spots, hollow=gid == "bounded", gid=gid)


def _edges(fills: Sequence[str]) -> list[str]:
    """The line round areas of each colour."""
    return [str(one) for one in np.where(lightness(fills) < _LIGHT, _ON_DARK, _ON_LIGHT)]


def _word(style: Style, number: int) -> str:
    """The status of a class without values, as an id has it."""
    return style.gaps[-1 - number].status.replace(" ", "-")


def _titles(scene: Scene, rows: npt.NDArray[np.int64]) -> Callable[[int], str]:
    def title(place: int) -> str:
        row = rows[place]
        value = scene.values[row]
        number = int(scene.classes[row])
        if number < 0:
            words = scene.style.gaps[-1 - number].label
        elif scene.bounded[row]:
            words = (
                f"{scene.style.labels[number]} ({inside_sentence(BOUNDED(scene.style.language))})"
            )
        else:
            words = write_value(value, scene.style)
            if scene.doubtful[row]:
                words = f"{words} ({inside_sentence(DOUBTFUL(scene.style.language))})"
        return f"{scene.codes[row]}: {words}"

    return title
