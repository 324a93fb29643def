"""The shared borders of neighbouring areas, as lines on land."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely

from grannskap import land as dry
from grannskap.errors import DataError
from grannskap.measures import neighbours
from grannskap.measures.neighbours import stretches
from grannskap.notes import Note, with_notes

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

__all__ = ["TOLERANCE", "borders"]

TOLERANCE = 1.0
"""Metres within which two borders that share no vertices are one."""

_LEAST = 1.0
"""Metres of a border on land below which it lies in water."""

Geometries = npt.NDArray[np.object_]


def borders(
    geometry: gpd.GeoSeries,
    *,
    land: gpd.GeoSeries | gpd.GeoDataFrame | BaseGeometry | None = None,
    tolerance: float = TOLERANCE,
) -> gpd.GeoDataFrame:
    """Lines along which two areas meet, and their length in metres, on land where it is known.

    Parameters
    ----------
    geometry : geopandas.GeoSeries
        Polygons of the areas in metres, index ``deso``.
    land : optional
        Land as polygons. What of a border lies in water is cut away; a border with less than a
        metre on land is left out, with a note, as there is no town on either side of it.
    tolerance : float
        Metres within which two borders that share no vertices are one. Areas that come so near
        for less than four times as far meet in a corner, and have no border.

    Returns
    -------
    geopandas.GeoDataFrame
        A row per pair of areas: ``first`` and ``second``, the lower code first, ``length``, and
        the border as a line. Sorted by codes.

    Raises
    ------
    DataError
        When the polygons are not in metres.

    Examples
    --------
    >>> import geopandas as gpd
    >>> row = gpd.GeoSeries(
    ...     [shapely.box(x, 0, x + 100, 100) for x in (0, 100, 300)],
    ...     index=["0114A0010", "0114A0020", "0114A0030"], crs="EPSG:3006",
    ... )
    >>> borders(row)[["first", "second", "length"]].values.tolist()
    [['0114A0010', '0114A0020', 100.0]]
    """
    import geopandas as gpd

    if geometry.crs is None or not geometry.crs.is_projected:
        raise DataError("polygons not in metres", {"crs": str(geometry.crs)})
    ordered = geometry.sort_index()
    shapes = np.asarray(ordered.to_numpy(), dtype=object)
    pairs, lines = _lines(ordered, shapes, tolerance)
    length, notes = shapely.length(lines), []
    if land is not None:
        lines = dry.along(lines, dry.of(land, geometry.crs))
        length = shapely.length(lines)
        wet = int((length < _LEAST).sum())
        notes = [Note("borders in water", {"borders": wet})] if wet else []
    kept = length >= (_LEAST if land is not None else 0.0)
    codes = ordered.index.to_numpy(dtype=object)[pairs[kept]]
    columns = {"first": codes[:, 0], "second": codes[:, 1], "length": length[kept]}
    return with_notes(gpd.GeoDataFrame(columns, geometry=lines[kept], crs=geometry.crs), notes)


def _lines(
    ordered: gpd.GeoSeries, shapes: Geometries, tolerance: float
) -> tuple[npt.NDArray[np.int64], Geometries]:
    """Return the pairs that share a border, as positions, and their lines."""
    linked = neighbours.find(ordered, neighbours.Rule("rook", tolerance=tolerance)).adjacency
    ends = [ordered.index.get_indexer(linked.index.get_level_values(side)) for side in (0, 1)]
    one, other = (end[(linked > 0).to_numpy()] for end in ends)
    pairs = np.column_stack([one, other])[one < other]
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    exact, found = stretches(shapes)
    lines = np.full(len(pairs), shapely.MultiLineString(), dtype=object)
    at = np.searchsorted(_key(pairs, len(shapes)), _key(exact, len(shapes)))
    lines[at] = found
    left = np.ones(len(pairs), dtype=bool)
    left[at] = False
    lines[left] = _near(shapes, pairs[left], tolerance)
    there = shapely.length(lines) > 0
    return pairs[there], lines[there]


def _key(pairs: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.int64]:
    return np.asarray(pairs[:, 0] * size + pairs[:, 1])


def _near(shapes: Geometries, pairs: npt.NDArray[np.int64], tolerance: float) -> Geometries:
    """Return what of the first one's border lies within the tolerance of the other."""
    zone = shapely.buffer(shapes[pairs[:, 1]], tolerance)
    found = shapely.intersection(shapely.boundary(shapes[pairs[:, 0]]), zone)
    return dry.lines_of(found)
