"""Areas on land, and which links cross water."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from grannskap.errors import DataError

if TYPE_CHECKING:
    import geopandas as gpd
    from pyproj import CRS

__all__ = ["TOUCH", "WATER", "Land", "clip", "crossing", "of"]

Geometries = npt.NDArray[np.object_]

TOUCH = 0.01
"""Metres within which two areas on land touch: cutting moves a border by less than this."""

WATER = 1.0
"""Metres of water on the shortest way from land to land that make a link cross water."""

_LARGEST = 512
_POLYGON = 3


@dataclass(frozen=True)
class Land:
    """Land as polygons that do not overlap, none with very many vertices."""

    tiles: Geometries


def of(land: gpd.GeoSeries | gpd.GeoDataFrame | BaseGeometry, crs: CRS | None) -> Land:
    """Take land as it comes, dissolved and cut into tiles that are quick to compare with."""
    if isinstance(land, BaseGeometry):
        whole = land
    else:
        if land.crs is None:
            raise DataError(
                expected="land with a coordinate system", came="none", remedy="set its CRS"
            )
        series = land.geometry if land.crs == crs else land.geometry.to_crs(crs)
        whole = shapely.union_all(np.asarray(series.array, dtype=object))
    parts = _polygons(np.array([whole], dtype=object))
    if len(parts) == 0:
        raise DataError(
            expected="land as polygons", came="none", remedy="check the land file and its layer"
        )
    return Land(_tiles(parts))


def _polygons(geometries: Geometries) -> Geometries:
    """Every polygon inside, however nested; lines and points are no land."""
    parts = shapely.get_parts(shapely.get_parts(geometries))
    return np.asarray(parts[(shapely.get_type_id(parts) == _POLYGON) & ~shapely.is_empty(parts)])


def _tiles(parts: Geometries) -> Geometries:
    """Halve the polygons across their longer side until none is large."""
    done = []
    while len(parts):
        large = shapely.get_num_coordinates(parts) > _LARGEST
        done.append(parts[~large])
        parts = _polygons(_halves(parts[large]))
    return np.concatenate(done)


def _halves(parts: Geometries) -> Geometries:
    low, high = np.split(shapely.bounds(parts), 2, axis=1)
    wide = (high - low)[:, 0] >= (high - low)[:, 1]
    middle = np.where(wide[:, None], [1.0, 0.0], [0.0, 1.0]) * (high - low) / 2
    first = shapely.box(*low.T, *np.where(middle > 0, low + middle, high).T)
    second = shapely.box(*(low + middle).T, *high.T)
    both = np.concatenate([parts, parts])
    return np.asarray(shapely.intersection(both, np.concatenate([first, second])))


def clip(shapes: Geometries, land: Land) -> Geometries:
    """Each area's land; an empty polygon where it has none, and itself where it has no water."""
    area, tile = shapely.STRtree(land.tiles).query(shapes, predicate="intersects")
    cut = _polygons_of(shapely.intersection(shapes[area], land.tiles[tile]))
    result = np.full(len(shapes), shapely.Polygon(), dtype=object)
    starts = np.flatnonzero(np.r_[True, area[1:] != area[:-1]]) if len(area) else area
    for place, pieces in zip(area[starts], np.split(cut, starts[1:]), strict=False):
        result[place] = pieces[0] if len(pieces) == 1 else shapely.union_all(pieces)
    whole = shapely.area(shapes)
    dry = np.abs(shapely.area(result) - whole) <= 1e-9 * whole
    return np.where(dry, shapes, result)


def _polygons_of(geometries: Geometries) -> Geometries:
    """Keep the polygons of each geometry: where land only touches an area there is none."""
    mixed = shapely.get_type_id(geometries) == 7  # collections
    flat = shapely.get_dimensions(geometries) < 2
    result = geometries.copy()
    result[flat] = shapely.Polygon()
    for place in np.flatnonzero(mixed & ~flat):
        result[place] = shapely.multipolygons(_polygons(geometries[place : place + 1]))
    return result


def crossing(
    on_land: Geometries, pairs: npt.NDArray[np.int64], land: Land
) -> npt.NDArray[np.bool_]:
    """Tell which pairs have water on the shortest way from one's land to the other's."""
    first, second = on_land[pairs[:, 0]], on_land[pairs[:, 1]]
    shapely.prepare(first)  # distances between detailed coasts are dear without
    landless = shapely.is_empty(first) | shapely.is_empty(second)
    apart = ~landless & ~shapely.dwithin(first, second, WATER)
    ways = shapely.shortest_line(first[apart], second[apart])
    way, tile = shapely.STRtree(land.tiles).query(ways)
    dry = shapely.length(shapely.intersection(ways[way], land.tiles[tile]))
    wet = shapely.length(ways) - np.bincount(way, weights=dry, minlength=len(ways))
    crosses = landless.copy()
    crosses[apart] = wet > WATER
    return np.asarray(crosses)
