"""What every map of a picture shows, and painting it into axes at a given scale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from matplotlib.backend_bases import RendererBase
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_hex
from matplotlib.path import Path
from shapely import MultiPolygon, Polygon

from grannskap.language import inside_sentence
from grannskap.maps.figure.extent import Bounds, Selection, shown
from grannskap.maps.figure.legend import HATCH_INK, paint_mark
from grannskap.maps.style import BOUNDED, Style, bounded, classify, lightness, write_value

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes

__all__ = [
    "SCHEMATIC",
    "AreaCollection",
    "Known",
    "Scene",
    "bounds_of",
    "line_paths",
    "near",
    "paint_scene",
    "polygon_paths",
    "scene",
    "simplified",
]

SCHEMATIC = "grannskap_schematic"
"""Attribute of a frame whose places are not true: no scale bar, no north arrow."""

Geometries = npt.NDArray[Any]


def near(geometry: Geometries, bounds: Bounds) -> npt.NDArray[np.bool_]:
    """Tell which geometries' boxes touch the bounds."""
    boxes = shapely.bounds(geometry)
    west, south, east, north = bounds
    inside: npt.NDArray[np.bool_] = (
        (boxes[:, 0] <= east)
        & (boxes[:, 2] >= west)
        & (boxes[:, 1] <= north)
        & (boxes[:, 3] >= south)
    )
    return inside


def simplified(geometry: Geometries, *, metres: float) -> Geometries:
    """Simplify polygons as one coverage, so that neighbours stay neighbours.

    Parameters
    ----------
    geometry : numpy.ndarray of shapely geometries
        Polygons and multipolygons that share borders.
    metres : float
        What the print cannot show.

    Returns
    -------
    numpy.ndarray of shapely geometries
        None of them empty.
    """
    if metres <= 0 or len(geometry) == 0:
        return geometry
    simple = shapely.coverage_simplify(geometry, metres)
    lost = shapely.is_empty(simple)
    return np.where(lost, geometry, simple)


def polygon_paths(geometry: Geometries) -> list[Path]:
    """One matplotlib path per polygon or multipolygon, holes included."""
    if len(geometry) == 0:
        return []
    turned = shapely.orient_polygons(geometry)  # holes run against their shell: they stay open
    polygons, owners = shapely.get_parts(turned, return_index=True)
    multi = np.asarray(shapely.multipolygons(polygons, indices=owners), dtype=object)
    _, xy, (rings, parts, wholes) = shapely.to_ragged_array(list(multi))
    codes = np.full(len(xy), Path.LINETO, dtype=Path.code_type)
    codes[rings[:-1]] = Path.MOVETO
    codes[rings[1:] - 1] = Path.CLOSEPOLY
    ends = rings[parts[wholes]]
    return [Path(xy[start:end], codes[start:end]) for start, end in pairwise(ends)]


def line_paths(geometry: Geometries) -> list[Path]:
    """One matplotlib path per line; borders of polygons count as lines."""
    lines = shapely.get_parts(shapely.boundary(geometry[shapely.get_dimensions(geometry) == 2]))
    lines = np.concatenate(
        [lines, shapely.get_parts(geometry[shapely.get_dimensions(geometry) == 1])]
    )
    return [Path(shapely.get_coordinates(line)) for line in lines]


class AreaCollection(PathCollection):
    """Areas that are drawn at once, but written one by one where the format keeps ids."""

    def __init__(
        self,
        paths: Sequence[Path],
        *,
        ids: Sequence[str],
        title: Callable[[int], str],
        facecolors: Sequence[str],
        edgecolors: Sequence[str],
        linewidth: float,
    ) -> None:
        super().__init__(paths, facecolors=facecolors, edgecolors=edgecolors, linewidths=linewidth)
        self.ids = tuple(ids)
        self.title = title

    def draw(self, renderer: RendererBase) -> None:
        """Draw the areas; an SVG gets a group with id and title for each."""
        writer: Any = getattr(renderer, "writer", None)
        if writer is None:
            super().draw(renderer)
            return
        context = renderer.new_gc()
        context.set_clip_rectangle(self.get_clip_box())
        context.set_linewidth(float(np.atleast_1d(self.get_linewidth())[0]))
        context.set_joinstyle("round")
        faces = [_rgb(face) for face in np.atleast_2d(self.get_facecolor())]
        edges = [to_hex(_rgb(edge)) for edge in np.atleast_2d(self.get_edgecolor())]
        for place, (path, identity) in enumerate(zip(self.get_paths(), self.ids, strict=True)):
            renderer.open_group("area", gid=identity)
            writer.element("title", text=self.title(place))
            context.set_foreground(edges[place])
            renderer.draw_path(context, path, self.get_transform(), faces[place])
            renderer.close_group("area")
        context.restore()
        self.stale = False


def _rgb(colour: npt.NDArray[Any]) -> tuple[float, float, float]:
    red, green, blue = (float(channel) for channel in colour[:3])
    return red, green, blue


_CONTEXT = "#edeeef"
_ON_DARK, _ON_LIGHT = "#ffffff", "#bdbdbd"
"""Borders: white parts dark areas, and grey the light ones that white would run together."""

_LIGHT = 85.0
"""Lightness (L*) from which an area's border is grey."""

_OUTLINE = "#4d4d4d"
_FINEST = 0.12
"""Millimetres on paper below which a bend of a border is left out."""

_CRACK = 0.15
"""Half the width, in millimetres on paper, of a gap between areas that is no border."""


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
    municipality : numpy.ndarray of str
        Municipality code of each area.
    values : numpy.ndarray
        What an area's title in SVG tells.
    style : Style
        Colours and hatches.
    background : numpy.ndarray of shapely geometries
        Outlines of municipalities given by the caller; may be empty.
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
    municipality: npt.NDArray[Any]
    values: npt.NDArray[Any]
    style: Style
    background: npt.NDArray[Any]
    crs: str
    schematic: bool = False


def scene(
    areas: gpd.GeoDataFrame,
    values: pd.Series[Any],
    style: Style,
    *,
    view: Selection | None,
    background: gpd.GeoDataFrame | gpd.GeoSeries | None,
    known: Known = Known(),
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
        municipality=np.array([code[:4] for code in codes], dtype=object),
        values=met.to_numpy(dtype=object),
        style=style,
        background=np.asarray(outlines, dtype=object),
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
    here = near(scene.geometry, bounds)
    geometry = simplified(scene.geometry[here], metres=_FINEST * metres_per_mm)
    show = scene.shown[here]
    width = _border_width(scene.geometry[here & scene.shown], metres_per_mm)
    if not show.all():
        axes.add_collection(
            PathCollection(
                polygon_paths(geometry[~show]),
                facecolors=_CONTEXT,
                edgecolors=_ON_DARK,
                linewidths=width,
                gid=f"{ids}context",
            ),
            autolim=False,
        )
    if show.any():
        _paint_areas(axes, scene, geometry[show], np.flatnonzero(here)[show], width=width, ids=ids)
    _paint_outlines(axes, scene, geometry, here, ids, crack=_CRACK * metres_per_mm)


def _border_width(geometry: npt.NDArray[Any], metres_per_mm: float) -> float:
    """Points: thinner where areas are printed small, so that borders never drown colours."""
    if len(geometry) == 0:
        return 0.2
    side = float(np.median(np.sqrt(shapely.area(geometry)))) / metres_per_mm
    return float(np.clip(0.09 * side, 0.12, 0.5))


def _paint_areas(
    axes: Axes,
    scene: Scene,
    geometry: npt.NDArray[Any],
    rows: npt.NDArray[np.int64],
    *,
    width: float,
    ids: str,
) -> None:
    style = scene.style
    classes = scene.classes[rows]
    without = style.gaps[::-1]  # from the end, as negative classes count
    colours = np.array([*style.colours, *(gap.colour for gap in without)], dtype=object)
    borders = np.where(lightness(colours.tolist()) < _LIGHT, _ON_DARK, _ON_LIGHT)
    paths = polygon_paths(geometry)
    axes.add_collection(
        AreaCollection(
            paths,
            ids=[f"{ids}{code}" for code in scene.codes[rows]],
            title=_titles(scene, rows),
            facecolors=list(colours[classes]),
            edgecolors=list(borders[classes]),
            linewidth=width,
        ),
        autolim=False,
    )
    plain = ("",) * len(style.colours)
    hatches = (*(style.hatches or plain), *(gap.hatch for gap in without))
    for number in sorted(set(classes.tolist())):
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
    marked = geometry[scene.bounded[rows]]
    if len(marked):
        paint_mark(axes, shapely.get_coordinates(shapely.point_on_surface(marked)), gid="bounded")


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
        return f"{scene.codes[row]}: {words}"

    return title


def _paint_outlines(
    axes: Axes,
    scene: Scene,
    geometry: npt.NDArray[Any],
    here: npt.NDArray[np.bool_],
    ids: str,
    *,
    crack: float,
) -> None:
    if len(scene.background):
        outlines = scene.background
    else:
        names = scene.municipality[here]
        groups = [names == name for name in sorted(set(names))]
        outlines = np.array(
            [_dissolved(geometry[group], crack=crack) for group in groups], dtype=object
        )
    axes.add_collection(
        LineCollection(
            [path.vertices for path in line_paths(outlines)],
            colors=_OUTLINE,
            linewidths=0.45,
            gid=f"{ids}municipalities",
            capstyle="round",
            joinstyle="round",
        ),
        autolim=False,
    )


def _dissolved(geometry: npt.NDArray[Any], *, crack: float) -> MultiPolygon:
    """One outline; cracks and slivers between carelessly drawn areas are closed."""
    union = shapely.union_all(geometry)
    closed = shapely.buffer(union, crack, join_style="mitre", mitre_limit=2.0)
    closed = shapely.buffer(closed, -crack, join_style="mitre", mitre_limit=2.0)
    least = (8 * crack) ** 2
    parts = []
    for part in shapely.get_parts(closed):
        holes = [ring for ring in part.interiors if Polygon(ring).area > least]
        parts.append(Polygon(part.exterior, holes))
    return MultiPolygon(parts)
