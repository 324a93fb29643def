"""Land as polygons: areas on it, for who is next to whom and for what is drawn."""

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

__all__ = ["Land", "along", "clip", "drawn", "lines_of", "of"]

Geometries = npt.NDArray[np.object_]

_LEAST = 1e-3
"""Share of land from which an area has not vanished."""

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
            raise DataError("land without coordinate system")
        series = land.geometry if land.crs == crs else land.geometry.to_crs(crs)
        parts = np.asarray(series.array, dtype=object)
        whole = shapely.disjoint_subset_union_all(parts)  # a coast is many islands
    parts = _polygons(np.array([whole], dtype=object))
    if len(parts) == 0:
        raise DataError("land without polygons")
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
        result[place] = pieces[0] if len(pieces) == 1 else shapely.disjoint_subset_union_all(pieces)
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


def drawn(areas: gpd.GeoSeries, land: gpd.GeoSeries) -> gpd.GeoSeries:
    """Areas as they are drawn: without their water; whole where next to nothing would be left.

    Parameters
    ----------
    areas : geopandas.GeoSeries
        Polygons that are measured.
    land : geopandas.GeoSeries
        Polygons of land, in any coordinate system.

    Returns
    -------
    geopandas.GeoSeries
        On the areas' index, none of them empty; an area without water is itself.

    Examples
    --------
    >>> import geopandas as gpd
    >>> areas = gpd.GeoSeries([shapely.box(0, 0, 2, 1), shapely.box(5, 0, 6, 1)], crs="EPSG:3006")
    >>> drawn(areas, gpd.GeoSeries([shapely.box(0, 0, 1, 1)], crs="EPSG:3006")).area.tolist()
    [1.0, 1.0]
    """
    whole = np.asarray(areas.to_numpy(), dtype=object)
    cut = clip(whole, of(land, areas.crs))
    kept = np.where(shapely.area(cut) < _LEAST * shapely.area(whole), whole, cut)
    return type(areas)(kept, index=areas.index, crs=areas.crs)


def along(lines: Geometries, land: Land) -> Geometries:
    """Return what of each line lies on land; an empty line where nothing does."""
    tree = shapely.STRtree(land.tiles)
    line, tile = tree.query(lines, predicate="intersects")
    inside = np.unique(tree.query(lines, predicate="covered_by")[0])
    cut = ~np.isin(line, inside)
    pieces, piece = shapely.get_parts(
        shapely.intersection(lines[line[cut]], land.tiles[tile[cut]]), return_index=True
    )
    linear = shapely.get_dimensions(pieces) == 1
    found = np.full(len(lines), shapely.MultiLineString(), dtype=object)
    shapely.multilinestrings(pieces[linear], indices=line[cut][piece][linear], out=found)
    found[inside] = lines[inside]
    return np.asarray(shapely.line_merge(found))


def lines_of(shapes: Geometries) -> Geometries:
    """Return the lines of each geometry, merged, without its points."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    linear = shapely.get_dimensions(parts) == 1
    found = np.full(len(shapes), shapely.MultiLineString(), dtype=object)
    shapely.multilinestrings(parts[linear], indices=owner[linear], out=found)
    return np.asarray(shapely.line_merge(found))
