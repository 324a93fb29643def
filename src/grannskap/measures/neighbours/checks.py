"""What `build` refuses, each with its reason."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from grannskap.errors import CodeError, DataError
from grannskap.wording import in_both

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
            "no geometries of areas",
            {"kind": f"{type(geometry).__module__}.{type(geometry).__name__}"},
        )


def codes(index: pd.Index[Any]) -> pd.Index[Any]:
    """Return the index, named ``deso``, or refuse one that repeats or lacks a code."""
    if len(index) == 0:
        raise DataError("no area selected")
    if index.hasnans:
        raise CodeError("codes that are empty")
    if not index.is_unique:
        twice = index[index.duplicated()].unique()
        raise CodeError("areas that repeat", {"codes": list(twice)})
    named: pd.Index[Any] = index.rename("deso")
    return named


def shapes(geometry: gpd.GeoSeries, *, polygons: bool) -> npt.NDArray[np.object_]:
    """Return the geometries, or refuse those that are missing, empty or of the wrong type."""
    array = np.asarray(geometry.array, dtype=object)
    gone = np.asarray(shapely.is_missing(array) | shapely.is_empty(array))
    _refuse(
        geometry.index,
        gone,
        expected="errors.phrases.a geometry for every area",
        came="errors.phrases.no geometry",
    )
    types = shapely.get_type_id(array)
    areal = (types == _POLYGON) | (types == _MULTIPOLYGON)
    wanted = np.asarray(areal if polygons else areal | (types == _POINT))
    word = "errors.phrases.polygons" if polygons else "errors.phrases.polygons or points"
    other = "errors.phrases.another type of geometry"
    _refuse(geometry.index, np.asarray(~wanted), expected=word, came=other)
    finite = np.isfinite(shapely.bounds(array)).all(axis=1)
    _refuse(
        geometry.index,
        np.asarray(~finite),
        expected="errors.phrases.finite coordinates",
        came="errors.phrases.other coordinates",
    )
    return array


def _refuse(
    index: pd.Index[Any], where: npt.NDArray[np.bool_], *, expected: str, came: str
) -> None:
    if where.any():
        raise DataError(
            "geometries that will not do",
            {
                "wanted": in_both(expected),
                "what": in_both(came),
                "count": int(where.sum()),
                "codes": list(index[where]),
            },
        )


def metres(crs: CRS | None) -> None:
    """Refuse coordinates in which a distance is no distance in metres."""
    if crs is None:
        raise DataError("geometries without a system")
    units = {axis.unit_name for axis in crs.axis_info}
    if crs.is_geographic or units - {"metre"}:
        raise DataError("geometries not in metres", {"name": crs.name, "units": sorted(units)})


def options(kind: str, k: int, sizes: dict[str, float | None]) -> None:
    """Refuse an unknown kind, a size that is no size, and one that the kind has no use for."""
    if kind not in KINDS:
        raise DataError("no such kind of neighbours", {"kinds": KINDS, "kind": repr(kind)})
    if k < 1:
        raise DataError("too few nearest", {"k": str(k)})
    uses = {"threshold": ("distance",), "bandwidth": ("kernel",), "tolerance": CONTIGUITY}
    for name, size in sizes.items():
        if size is None or (name == "tolerance" and size == 0):
            continue
        if not (math.isfinite(size) and size > 0):
            raise DataError("size that is no size", {"name": name, "size": str(size)})
        if kind not in uses[name]:
            raise DataError(
                "size of another kind",
                {"name": name, "kinds": uses[name], "size": str(size), "kind": repr(kind)},
            )


def bridge_positions(
    bridges: Iterable[tuple[str, str]], index: pd.Index[Any]
) -> npt.NDArray[np.int64]:
    """Return bridges as positions in the index, lower first, each once."""
    pairs = [tuple(bridge) for bridge in bridges]
    wrong = [pair for pair in pairs if len(pair) != 2 or pair[0] == pair[1]]
    if wrong:
        raise DataError("bridges that are no pairs", {"pairs": wrong})
    flat = [code for pair in pairs for code in pair]
    places = index.get_indexer(pd.Index(flat, dtype=index.dtype))
    unknown = [code for code, place in zip(flat, places, strict=True) if place < 0]
    if unknown:
        raise CodeError("bridges between others", {"codes": list(dict.fromkeys(unknown))})
    return np.unique(np.sort(places.reshape(-1, 2).astype(np.int64), axis=1), axis=0)
