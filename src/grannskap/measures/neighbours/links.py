"""Links as lines for a map, and which of them cross water."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from grannskap import land as dry
from grannskap.errors import CodeError
from grannskap.measures.neighbours import assembly, checks, water
from grannskap.measures.neighbours.assembly import Neighbours
from grannskap.measures.neighbours.joins import named, unordered

if TYPE_CHECKING:
    import geopandas as gpd
    from libpysal.graph import Graph
    from libpysal.weights import W
    from shapely.geometry.base import BaseGeometry

__all__ = ["crossing_pairs", "links"]


def links(
    graph: Neighbours | Graph | W,
    geometry: gpd.GeoSeries,
    *,
    land: gpd.GeoSeries | gpd.GeoDataFrame | BaseGeometry | None = None,
) -> gpd.GeoDataFrame:
    """Straight lines between the representative points of linked areas, for a map.

    Parameters
    ----------
    graph : Neighbours, libpysal.graph.Graph or libpysal.weights.W
        From `find` or `build`, or any other.
    geometry : geopandas.GeoSeries
        Polygons (or points) of all areas of the graph, index ``deso``, in any order.
    land : optional
        Land polygons, to tell which links cross water; not needed for a graph built on land.

    Returns
    -------
    geopandas.GeoDataFrame
        A row per pair of areas linked in either direction, sorted: ``focal``, ``neighbor``
        (the lower code first), ``crosses_water`` where land is known, and the line.

    Raises
    ------
    CodeError
        When an area of the graph has no geometry.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from grannskap.measures.neighbours import build
    >>> row = gpd.GeoSeries(
    ...     [shapely.box(x, 0, x + 1, 1) for x in (0, 1, 5)],
    ...     index=["0114A0010", "0114A0020", "0114A0030"], crs="EPSG:3006",
    ... )
    >>> links(build(row), row).geometry.length.tolist()
    [1.0]
    """
    import geopandas as gpd

    taken = assembly.take(graph)
    codes, pairs = _sorted_pairs(taken)
    points = shapely.point_on_surface(_shapes(geometry, codes, polygons=False))
    ends = shapely.get_coordinates(points)[pairs]
    columns: dict[str, Any] = {"focal": codes[pairs[:, 0]], "neighbor": codes[pairs[:, 1]]}
    known = assembly.recorded(assembly.provenance_of(taken), "crossing")
    if land is not None:
        known = crossing_pairs(taken, geometry, land)
    if known is not None:
        wet = {tuple(pair) for pair in known}
        columns["crosses_water"] = np.array(
            [pair in wet for pair in zip(columns["focal"], columns["neighbor"], strict=True)],
            dtype=bool,
        )
    return gpd.GeoDataFrame(columns, geometry=shapely.linestrings(ends), crs=geometry.crs)


def crossing_pairs(
    graph: Neighbours,
    geometry: gpd.GeoSeries,
    land: gpd.GeoSeries | gpd.GeoDataFrame | BaseGeometry,
) -> list[list[str]]:
    """Pairs of linked codes (lower first) with water on the shortest way from land to land."""
    checks.metres(geometry.crs)
    codes, pairs = _sorted_pairs(graph)
    shapes = _shapes(geometry, codes, polygons=True)
    ground = dry.of(land, geometry.crs)
    wet = water.crossing(dry.clip(shapes, ground), pairs, ground)
    return named(codes, pairs[wet])


def _sorted_pairs(graph: Neighbours) -> tuple[pd.Index[Any], npt.NDArray[np.int64]]:
    codes = assembly.codes_of(graph).sort_values()
    return codes, unordered(assembly.linked(graph, codes)[0], len(codes))


def _shapes(
    geometry: gpd.GeoSeries, codes: pd.Index[Any], *, polygons: bool
) -> npt.NDArray[np.object_]:
    places = checks.codes(geometry.index).get_indexer(codes)
    if (places < 0).any():
        gone = codes[places < 0]
        raise CodeError("geometries missing in graph", {"count": len(gone), "codes": list(gone)})
    return checks.shapes(geometry.geometry.iloc[places], polygons=polygons)
