"""Areas as lines and paths for paper: simplified as one coverage, without islets and cracks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import pairwise
from math import ceil, floor, log, log2
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.path import Path
from shapely import MultiLineString, MultiPolygon, Polygon

from grannskap.maps.figure.extent import Bounds

__all__ = [
    "Outlines",
    "Shapes",
    "dissolved",
    "line_vertices",
    "near",
    "polygon_paths",
    "simplified",
    "within",
    "without_islets",
]

_FINEST = 0.12
"""Millimetres on paper below which a bend of a border is left out."""

_ISLET = 0.05
"""Square millimetres on paper below which a piece of land is left out."""

_STEP = 1.2
"""Scales that differ less than this many times share their outlines."""

_CRACK = 0.15
"""Half the width, in millimetres on paper, of a gap between areas that is no border."""

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


def within(geometry: Geometries, bounds: Bounds) -> npt.NDArray[np.bool_]:
    """Tell which geometries reach into the bounds, not only their boxes."""
    reaching = near(geometry, bounds)
    reaching[reaching] = shapely.intersects(geometry[reaching], shapely.box(*bounds))
    return reaching


def without_islets(
    geometry: Geometries, *, least: float, sized: Geometries | None = None
) -> Geometries:
    """Leave out parts that are smaller than `least`, but never the largest of a geometry.

    Parameters
    ----------
    geometry : numpy.ndarray of shapely geometries
        Polygons and multipolygons.
    least : float
        Square metres.
    sized : numpy.ndarray of shapely geometries, optional
        The same with the same parts, by whose size they are left out; their own when None.

    Returns
    -------
    numpy.ndarray of shapely geometries
        None of them empty.
    """
    parts, owner = shapely.get_parts(geometry, return_index=True)
    size = shapely.area(parts if sized is None else shapely.get_parts(sized))
    largest = np.zeros(len(geometry))
    np.maximum.at(largest, owner, size)
    kept = (size >= least) | (size == largest[owner])
    if kept.all():
        return geometry
    fewer = np.unique(owner[~kept])
    mine = kept & np.isin(owner, fewer)
    result = geometry.copy()
    result[fewer] = shapely.multipolygons(parts[mine], indices=np.searchsorted(fewer, owner[mine]))
    return result


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


def line_vertices(geometry: Geometries) -> list[npt.NDArray[np.float64]]:
    """Vertices of each line; borders of polygons count as lines."""
    lines = shapely.get_parts(shapely.boundary(geometry[shapely.get_dimensions(geometry) == 2]))
    lines = np.concatenate(
        [lines, shapely.get_parts(geometry[shapely.get_dimensions(geometry) == 1])]
    )
    xy, line = shapely.get_coordinates(lines, return_index=True)
    return np.split(xy, np.flatnonzero(np.diff(line)) + 1) if len(lines) else []


@dataclass(frozen=True)
class Outlines:
    """Areas as they are painted at one scale: what is too fine for it is left out.

    Attributes
    ----------
    geometry : numpy.ndarray of shapely geometries
        Simplified as one coverage.
    municipality : numpy.ndarray of str
        Municipality code of each.
    crack : float
        Half the width, in metres, of a gap between areas that is no border.
    land : numpy.ndarray of shapely geometries
        Land in and about the areas, simplified; empty where it is not known.
    """

    geometry: Geometries
    municipality: npt.NDArray[Any]
    crack: float
    land: Geometries

    @cached_property
    def whole(self) -> Geometries:
        """The areas with the cracks between them filled, each by the area along most of it."""
        found = [crack for outline in self._dissolved.values() for crack in outline.cracks]
        cracks = np.array(found, dtype=object)
        if len(self.land) and len(cracks):  # what holds water is no crack
            middle = shapely.point_on_surface(cracks)
            on_land, _ = shapely.STRtree(self.land).query(middle, predicate="intersects")
            cracks = cracks[np.unique(on_land)]
        return _filled(self.geometry, cracks)

    @cached_property
    def paths(self) -> list[Path]:
        """A path for each area."""
        return polygon_paths(self.whole)

    @cached_property
    def _dissolved(self) -> dict[str, Dissolved]:
        """Each municipality as one."""
        names = sorted(set(self.municipality))
        parts = [self.geometry[self.municipality == name] for name in names]
        with ThreadPoolExecutor() as beside:  # shapely lets go of the interpreter
            found = list(beside.map(partial(dissolved, crack=self.crack), parts))
        return dict(zip(names, found, strict=True))

    @cached_property
    def borders(self) -> dict[str, list[npt.NDArray[np.float64]]]:
        """Vertices of the outline of each municipality, without its coast."""
        outlines = [one.outline for one in self._dissolved.values()]
        with ThreadPoolExecutor() as beside:
            lines = list(beside.map(self._on_land, map(shapely.boundary, outlines)))
        return {
            name: line_vertices(np.array([line], dtype=object))
            for name, line in zip(self._dissolved, lines, strict=True)
        }

    def _on_land(self, border: shapely.Geometry) -> shapely.Geometry:
        """Leave out what of a border lies at the sea."""
        if not len(self.land):
            return border
        pieces = shapely.intersection(border, self._inland[self._tree.query(border)])
        whole: shapely.Geometry = shapely.line_merge(MultiLineString(list(_lines(pieces))))
        return whole

    @cached_property
    def _inland(self) -> Geometries:
        return np.asarray(shapely.buffer(self.land, -2 * self.crack, quad_segs=1))

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self._inland)

    @cached_property
    def ground(self) -> list[Path]:
        """A path for each piece of land."""
        return polygon_paths(self.land)


class Ground(Protocol):
    """What outlines are made of: areas, their municipalities, and land where it is known."""

    @property
    def geometry(self) -> Geometries:
        """In metres."""

    @property
    def municipality(self) -> Geometries:
        """Municipality code of each area."""

    @property
    def land(self) -> Geometries:
        """Polygons of land, or none."""


@dataclass(frozen=True)
class _Beforehand:
    """Areas that were simplified for a fine scale before any map was planned.

    To simplify them further gives what simplifying the areas themselves would: the corner that
    matters least goes first, whatever the scale.
    """

    scale: float
    geometry: Geometries
    simple: Geometries
    places: dict[int, int]

    def of(self, geometry: Geometries, scale: float) -> Geometries:
        """Return what is known of geometries for a coarser scale, or themselves."""
        places = [self.places.get(id(one), -1) for one in geometry]
        if scale < self.scale or min(places, default=-1) < 0:
            return geometry
        found = self.simple[places]
        same = shapely.get_num_geometries(found) == shapely.get_num_geometries(geometry)
        return found if same.all() else geometry


@dataclass(frozen=True)
class Shapes:
    """Outlines of areas, simplified once for a scale and shared by the maps of a run.

    Maps whose scale and frame differ little share their outlines: what is made depends on the
    scale in steps of a fifth and on the frame in steps of an eighth of its width, never on
    what was made before.
    """

    _made: dict[tuple[object, ...], tuple[Geometries, Geometries, Outlines]] = field(
        default_factory=dict
    )
    _beforehand: _Beforehand | None = None

    @classmethod
    def ready(cls, geometry: Geometries, *, metres_per_mm: float) -> Shapes:
        """Simplify areas before any map is planned, as finely as a scale can show.

        Maps of that scale and of coarser ones then cost less, and look the same. (Where a map
        shows a part of the areas, those at the rim, beyond its frame, keep other corners.)
        """
        scale = _step_of(metres_per_mm)
        simple = simplified(geometry, metres=_FINEST * scale)
        places = {id(one): place for place, one in enumerate(geometry)}
        return cls(_beforehand=_Beforehand(scale, geometry, simple, places))

    def near(
        self, ground: Ground, bounds: Bounds, *, metres_per_mm: float
    ) -> tuple[npt.NDArray[np.int64], Outlines]:
        """Return the rows of the areas in and about the bounds, and their outlines."""
        rows = np.flatnonzero(near(ground.geometry, _stepped(bounds)))
        scale = _step_of(metres_per_mm)
        geometry, municipality = ground.geometry[rows], ground.municipality[rows]
        land = ground.land[near(ground.land, _stepped(bounds))]
        key = (scale, *map(id, geometry), *municipality, *map(id, land))
        if key not in self._made:
            known = self._beforehand.of(geometry, scale) if self._beforehand else geometry
            large = without_islets(known, least=_ISLET * scale**2, sized=geometry)
            simple = simplified(large, metres=_FINEST * scale)
            shores = land[shapely.area(land) >= _ISLET * scale**2]
            plain = shapely.simplify(shores, _FINEST * scale)
            outlines = Outlines(simple, municipality, _CRACK * scale, plain)
            # The geometries are kept with what was made of them: so no other takes their id.
            self._made[key] = geometry, land, outlines
        return rows, self._made[key][2]


def _step_of(metres_per_mm: float) -> float:
    return _STEP ** floor(log(metres_per_mm, _STEP))


def _stepped(bounds: Bounds) -> Bounds:
    """Bounds moved outwards to a grid of an eighth of their width, or somewhat more."""
    west, south, east, north = bounds
    step = 2.0 ** ceil(log2(max(east - west, north - south) / 8))
    return (
        floor(west / step) * step,
        floor(south / step) * step,
        ceil(east / step) * step,
        ceil(north / step) * step,
    )


def _lines(geometry: Geometries) -> Geometries:
    """Every line inside, however nested."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return np.asarray(parts[(shapely.get_dimensions(parts) == 1) & ~shapely.is_empty(parts)])


@dataclass(frozen=True)
class Dissolved:
    """Areas as one.

    Attributes
    ----------
    outline : shapely.MultiPolygon
        Without the cracks and slivers between carelessly drawn areas.
    cracks : tuple of shapely.Polygon
        Those that areas enclose.
    """

    outline: MultiPolygon
    cracks: tuple[Polygon, ...]


def dissolved(geometry: npt.NDArray[Any], *, crack: float) -> Dissolved:
    """Make areas one, and close what between them is no wider than a few cracks.

    Parameters
    ----------
    geometry : numpy.ndarray of shapely geometries
        Polygons and multipolygons.
    crack : float
        Half the width, in metres, of a gap that is no border wherever it lies; one that the
        areas enclose may be four times as wide.
    """
    union = shapely.union_all(geometry)
    closed = shapely.buffer(union, crack, join_style="mitre", mitre_limit=2.0)
    closed = shapely.buffer(closed, -crack, join_style="mitre", mitre_limit=2.0)
    parts = []
    for part in shapely.get_parts(closed):
        holes = [ring for ring in part.interiors if not _thin(Polygon(ring), crack)]
        parts.append(Polygon(part.exterior, holes))
    enclosed = [Polygon(ring) for part in shapely.get_parts(union) for ring in part.interiors]
    return Dissolved(MultiPolygon(parts), tuple(hole for hole in enclosed if _thin(hole, crack)))


def _thin(hole: Polygon, crack: float) -> bool:
    """Tell whether no square of eight cracks fits, or there is nothing within four of an edge."""
    if hole.area <= (8 * crack) ** 2:
        return True
    if hole.area > 4 * crack * hole.length:  # more than a band of such a width can hold
        return False
    return bool(shapely.is_empty(shapely.buffer(hole, -4 * crack, quad_segs=2)))


def _filled(geometry: Geometries, cracks: Geometries) -> Geometries:
    """Give each crack that no other area fills to the area with the longest border along it."""
    if not len(cracks):
        return geometry
    tree = shapely.STRtree(geometry)
    middle = shapely.point_on_surface(cracks)
    taken, _ = tree.query(middle, predicate="intersects")
    cracks = np.delete(cracks, np.unique(taken))
    crack, area = tree.query(cracks, predicate="intersects")
    along = shapely.length(
        shapely.intersection(shapely.boundary(cracks)[crack], shapely.boundary(geometry)[area])
    )
    given: dict[int, list[Polygon]] = {}
    for number in np.unique(crack):
        beside = np.flatnonzero(crack == number)
        owner = int(area[beside[int(np.argmax(along[beside]))]])
        given.setdefault(owner, []).append(cracks[number])
    whole = geometry.copy()
    for owner, pieces in given.items():
        whole[owner] = shapely.union_all([geometry[owner], *pieces])
    return whole
