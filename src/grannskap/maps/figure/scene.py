"""What every map of a picture shows, and painting it into axes at a given scale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_rgb, to_rgba_array
from matplotlib.path import Path

from grannskap.language import inside_sentence
from grannskap.maps.figure.extent import Bounds, Selection, shown
from grannskap.maps.figure.legend import HATCH_INK, paint_mark
from grannskap.maps.figure.outlines import Outlines, Shapes, line_vertices, near
from grannskap.maps.style import (
    BOUNDED,
    DOUBTFUL,
    Style,
    bounded,
    classify,
    doubtful,
    lightness,
    write_value,
)

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes

__all__ = [
    "SCHEMATIC",
    "AreaCollection",
    "Known",
    "Scene",
    "bounds_of",
    "paint_scene",
    "scene",
]

SCHEMATIC = "grannskap_schematic"
"""Attribute of a frame whose places are not true: no scale bar, no north arrow."""


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


_WATER, _GROUND, _COAST = "#dce7ed", "#eae8e3", "#8fa3b0"
_ON_DARK, _ON_LIGHT = "#ffffff", "#bdbdbd"
"""Borders: white parts dark areas, and grey the light ones that white would run together."""

_LIGHT = 85.0
"""Lightness (L*) from which an area's border is grey."""

_OUTLINE = "#4a4d52"


@dataclass(frozen=True)
class Known:
    """What is known of the values beside themselves, each on ``deso`` or None.

    Attributes
    ----------
    status : pandas.Series of str or None
        Why an area has no value.
    lower, upper : pandas.Series of float or None
        The least and the most that a value can be.
    """

    status: pd.Series[Any] | None = None
    lower: pd.Series[Any] | None = None
    upper: pd.Series[Any] | None = None

    def classes(self, values: pd.Series[Any], style: Style) -> npt.NDArray[np.int64]:
        """Class of each value, as `grannskap.maps.style.classify` counts them."""
        found = classify(values, style, status=self.status, lower=self.lower, upper=self.upper)
        return found.to_numpy(dtype=np.int64)

    def bounded(self, values: pd.Series[Any], style: Style) -> npt.NDArray[np.bool_]:
        """Tell which areas are in a class by their bounds alone."""
        if self.lower is None or self.upper is None:
            return np.zeros(len(values), dtype=bool)
        return bounded(values, style, lower=self.lower, upper=self.upper).to_numpy(dtype=bool)

    def doubtful(self, values: pd.Series[Any], style: Style) -> npt.NDArray[np.bool_]:
        """Tell which areas have a value that could lie in another class."""
        if self.lower is None or self.upper is None:
            return np.zeros(len(values), dtype=bool)
        return doubtful(values, style, lower=self.lower, upper=self.upper).to_numpy(dtype=bool)


@dataclass(frozen=True)
class Scene:
    """Areas with their classes, and which of them are shown.

    Attributes
    ----------
    codes : numpy.ndarray of str
        DeSO codes.
    geometry : numpy.ndarray of shapely geometries
        In metres.
    shown : numpy.ndarray of bool
        Areas in colour; the others are faint.
    classes : numpy.ndarray of int
        Class of each area, −1−g where it has none for the reason of gap g of the style.
    bounded : numpy.ndarray of bool
        Areas without a value whose bounds lie in their class: they carry a mark.
    doubtful : numpy.ndarray of bool
        Areas with a value that could lie in another class: they carry another mark.
    municipality : numpy.ndarray of str
        Municipality code of each area.
    values : numpy.ndarray
        What an area's title in SVG tells.
    style : Style
        Colours and hatches.
    background : numpy.ndarray of shapely geometries
        Outlines of municipalities given by the caller; may be empty.
    land : numpy.ndarray of shapely geometries
        Polygons of land, where it is known what is land and what is water; else empty.
    shapes : Shapes
        Outlines shared with other maps.
    crs : str
        The projection.
    schematic : bool
        Whether places are not true (hexagons): no scale bar, no north arrow.
    """

    codes: npt.NDArray[Any]
    geometry: npt.NDArray[Any]
    shown: npt.NDArray[np.bool_]
    classes: npt.NDArray[np.int64]
    bounded: npt.NDArray[np.bool_]
    doubtful: npt.NDArray[np.bool_]
    municipality: npt.NDArray[Any]
    values: npt.NDArray[Any]
    style: Style
    background: npt.NDArray[Any]
    land: npt.NDArray[Any]
    shapes: Shapes
    crs: str
    schematic: bool = False


def scene(
    areas: gpd.GeoDataFrame,
    values: pd.Series[Any],
    style: Style,
    *,
    view: Selection | None,
    background: gpd.GeoDataFrame | gpd.GeoSeries | None,
    land: gpd.GeoSeries | None = None,
    known: Known = Known(),
    shapes: Shapes | None = None,
) -> Scene:
    """Bring areas and values together by label; areas without a value are missing."""
    met = values.reindex(areas.index)
    codes = areas.index.to_numpy(dtype=object)
    outlines = [] if background is None else background.geometry.to_numpy()
    return Scene(
        codes=codes,
        geometry=np.asarray(areas.geometry.to_numpy(), dtype=object),
        shown=shown(areas, view),
        classes=known.classes(met, style),
        bounded=known.bounded(met, style),
        doubtful=known.doubtful(met, style),
        municipality=np.array([code[:4] for code in codes], dtype=object),
        values=met.to_numpy(dtype=object),
        style=style,
        background=np.asarray(outlines, dtype=object),
        land=np.asarray([] if land is None else land.to_numpy(), dtype=object),
        shapes=shapes or Shapes(),
        crs=str(areas.crs),
        schematic=bool(areas.attrs.get(SCHEMATIC, False)),
    )


def bounds_of(geometry: npt.NDArray[Any]) -> Bounds:
    """Bounds of all geometries together."""
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(geometry))
    return west, south, east, north


def paint_scene(
    axes: Axes, scene: Scene, bounds: Bounds, *, metres_per_mm: float, ids: str
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
    """
    west, south, east, north = bounds
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    rows, outlines = scene.shapes.near(scene, bounds, metres_per_mm=metres_per_mm)
    here = near(scene.geometry[rows], bounds)
    show = scene.shown[rows] & here
    width = _border_width(scene.geometry[rows[show]], metres_per_mm)
    _paint_ground(axes, outlines, ids=ids)
    faint = np.flatnonzero(here & ~show)
    if len(faint):
        axes.add_collection(
            PathCollection(
                [outlines.paths[i] for i in faint],
                facecolors=_GROUND,
                edgecolors=_GROUND,
                linewidths=0.2,
                gid=f"{ids}context",
            ),
            autolim=False,
        )
    if show.any():
        _paint_areas(axes, scene, rows, outlines, np.flatnonzero(show), width=width, ids=ids)
    _paint_borders(axes, scene, outlines, own=set(scene.municipality[scene.shown]), ids=ids)


def _paint_ground(axes: Axes, outlines: Outlines, *, ids: str) -> None:
    """Paint water, and land with its coast, where it is known which is which."""
    if not len(outlines.land):
        return
    axes.patch.set_facecolor(_WATER)
    axes.add_collection(
        PathCollection(
            outlines.ground,
            facecolors=_GROUND,
            edgecolors=_COAST,
            linewidths=0.2,
            gid=f"{ids}land",
        ),
        autolim=False,
    )


def _paint_borders(
    axes: Axes, scene: Scene, outlines: Outlines, *, own: set[str], ids: str
) -> None:
    """Paint borders of municipalities: white among neighbours, dark about what is shown."""
    given = line_vertices(scene.background)
    borders = {} if len(scene.background) else outlines.borders
    theirs = [line for name, lines in borders.items() if name not in own for line in lines]
    ours = [line for name, lines in borders.items() if name in own for line in lines]
    for lines, colour, width, gid in (
        (theirs, "white", 0.5, "neighbours"),
        (given or ours, _OUTLINE, 0.6, "municipalities"),
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


def _border_width(geometry: npt.NDArray[Any], metres_per_mm: float) -> float:
    """Points: thinner where areas are printed small, so that borders never drown colours."""
    if len(geometry) == 0:
        return 0.2
    side = float(np.median(np.sqrt(shapely.area(geometry)))) / metres_per_mm
    return float(np.clip(0.09 * side, 0.12, 0.5))


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
            edges=np.where(lightness(fills) < _LIGHT, _ON_DARK, _ON_LIGHT).tolist(),
            linewidth=width,
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
        marked = outlines.geometry[show][which[rows]]
        if len(marked):
            spots = shapely.get_coordinates(shapely.point_on_surface(marked))
            paint_mark(axes, spots, hollow=gid == "bounded", gid=gid)


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
