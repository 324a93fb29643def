"""What `build` refuses, each with its reason."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from grannskap.errors import CodeError, DataError, few

if TYPE_CHECKING:
    import geopandas as gpd
    from pyproj import CRS

__all__ = [
    "CONTIGUITY",
    "KINDS",
    "bridge_positions",
    "codes",
    "geometries",
    "metres",
    "options",
    "shapes",
]

CONTIGUITY = ("queen", "rook")
KINDS = (*CONTIGUITY, "knn", "distance", "kernel")

_POINT, _POLYGON, _MULTIPOLYGON = 0, 3, 6


def geometries(geometry: object) -> None:
    """Refuse what is no column of geometries: only by its index is an area known."""
    import geopandas as gpd

    if not isinstance(geometry, gpd.GeoSeries | gpd.GeoDataFrame):
        raise DataError(
            expected="geometries as a GeoSeries with the areas' codes as index",
            came=f"a {type(geometry).__module__}.{type(geometry).__name__}",
            remedy="make one with geopandas.GeoSeries(shapes, index=codes, crs=3006)",
        )


def codes(index: pd.Index[Any]) -> pd.Index[Any]:
    """Return the index, named ``deso``, or refuse one that repeats or lacks a code."""
    if len(index) == 0:
        raise DataError(expected="at least one area", came="none", remedy="check the selection")
    if index.hasnans:
        raise CodeError(expected="a code for every area", came="empty codes", remedy="fill them in")
    if not index.is_unique:
        twice = index[index.duplicated()].unique()
        raise CodeError(
            expected="each area once",
            came=f"codes that repeat ({few(twice)})",
            remedy="dissolve or remove the repeated areas",
        )
    named: pd.Index[Any] = index.rename("deso")
    return named


def shapes(geometry: gpd.GeoSeries, *, polygons: bool) -> npt.NDArray[np.object_]:
    """Return the geometries, or refuse those that are missing, empty or of the wrong type."""
    array = np.asarray(geometry.array, dtype=object)
    gone = np.asarray(shapely.is_missing(array) | shapely.is_empty(array))
    _refuse(geometry.index, gone, expected="a geometry for every area", came="none")
    types = shapely.get_type_id(array)
    areal = (types == _POLYGON) | (types == _MULTIPOLYGON)
    wanted = np.asarray(areal if polygons else areal | (types == _POINT))
    word = "polygons" if polygons else "polygons or points"
    _refuse(geometry.index, np.asarray(~wanted), expected=word, came="another type of geometry")
    finite = np.isfinite(shapely.bounds(array)).all(axis=1)
    _refuse(geometry.index, np.asarray(~finite), expected="finite coordinates", came="others")
    return array


def _refuse(
    index: pd.Index[Any], where: npt.NDArray[np.bool_], *, expected: str, came: str
) -> None:
    if where.any():
        raise DataError(
            expected=expected,
            came=f"{came} for {int(where.sum())} ({few(index[where])})",
            remedy="repair these geometries or leave the areas out",
        )


def metres(crs: CRS | None) -> None:
    """Refuse coordinates in which a distance is no distance in metres."""
    if crs is None:
        raise DataError(
            expected="a coordinate system in metres",
            came="geometries without one",
            remedy="set it, for example EPSG:3006",
        )
    units = {axis.unit_name for axis in crs.axis_info}
    if crs.is_geographic or units - {"metre"}:
        raise DataError(
            expected="a coordinate system in metres",
            came=f"{crs.name}, whose unit is {few(sorted(units))}",
            remedy="project the geometries, for example to EPSG:3006",
        )


def options(kind: str, k: int, sizes: dict[str, float | None]) -> None:
    """Refuse an unknown kind, a size that is no size, and one that the kind has no use for."""
    if kind not in KINDS:
        raise DataError(
            expected=f"one of {few(KINDS)}", came=repr(kind), remedy="choose one of these kinds"
        )
    if k < 1:
        raise DataError(expected="k of 1 or more", came=str(k), remedy="ask for more neighbours")
    uses = {"threshold": ("distance",), "bandwidth": ("kernel",), "tolerance": CONTIGUITY}
    for name, size in sizes.items():
        if size is None or (name == "tolerance" and size == 0):
            continue
        if not (math.isfinite(size) and size > 0):
            raise DataError(
                expected=f"{name} as a positive number of metres", came=str(size), remedy="give one"
            )
        if kind not in uses[name]:
            raise DataError(
                expected=f"{name} with kind {few(uses[name])} only",
                came=f"{name}={size} with kind {kind!r}",
                remedy=f"leave {name} out or change the kind",
            )


def bridge_positions(
    bridges: Iterable[tuple[str, str]], index: pd.Index[Any]
) -> npt.NDArray[np.int64]:
    """Return bridges as positions in the index, lower first, each once."""
    pairs = [tuple(bridge) for bridge in bridges]
    wrong = [pair for pair in pairs if len(pair) != 2 or pair[0] == pair[1]]
    if wrong:
        raise DataError(
            expected="bridges as pairs of two areas",
            came=few(wrong),
            remedy="write each as (code, code)",
        )
    flat = [code for pair in pairs for code in pair]
    places = index.get_indexer(pd.Index(flat, dtype=index.dtype))
    unknown = [code for code, place in zip(flat, places, strict=True) if place < 0]
    if unknown:
        raise CodeError(
            expected="bridges between areas that are there",
            came=few(dict.fromkeys(unknown)),
            remedy="correct the codes, or leave these bridges out",
        )
    return np.unique(np.sort(places.reshape(-1, 2).astype(np.int64), axis=1), axis=0)
