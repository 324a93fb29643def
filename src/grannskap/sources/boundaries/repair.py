"""Bring geometries to EPSG:3006, valid and non-empty, and say what was mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from grannskap.errors import DataError, InputFileError
from grannskap.notes import Note
from grannskap.sources.boundaries import place, tangles
from grannskap.sources.boundaries.limits import is_crs_name

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    import pyproj
    from shapely.geometry.base import BaseGeometry

__all__ = ["CRS", "check_polygons", "mended", "to_sweref"]

CRS = "EPSG:3006"
"""SWEREF 99 TM, metres."""

Kind = Literal["areas", "made-up areas", "shapes"]

_POLYGONS = (3, 6)
_COLLECTION = 7


def to_sweref(
    frame: gpd.GeoDataFrame, *, crs: str | None, assumed: bool, kind: Kind
) -> tuple[gpd.GeoDataFrame, tuple[Note, ...]]:
    """Return the frame in EPSG:3006, and what is odd about where it lies.

    Parameters
    ----------
    frame : GeoDataFrame
        As read.
    crs : str or None
        The caller's coordinate system, for files that state none.
    assumed : bool
        True where the file states none but its format has a default.
    kind : {"areas", "made-up areas", "shapes"}
        Areas, on their codes, must all lie in Sweden, and most near the municipality that the
        codes tell; made-up ones lie anywhere; of shapes to lay over a map one must be in Sweden.

    Returns
    -------
    tuple of (GeoDataFrame, tuple of Note)
        In metres.

    Raises
    ------
    InputFileError
        When the coordinate system is unknown, contradicted or impossible.
    """
    known = _known(frame, crs, assumed=assumed)
    placed = _flat(frame).set_crs(known, allow_override=True)
    _check_degrees(placed, assumed=assumed and crs is None)
    moved = placed if placed.crs == CRS else placed.to_crs(CRS)
    _check_finite(moved)
    return _where(placed, moved, kind)


def _where(
    placed: gpd.GeoDataFrame, moved: gpd.GeoDataFrame, kind: Kind
) -> tuple[gpd.GeoDataFrame, tuple[Note, ...]]:
    """Refuse what lies elsewhere; note what is odd about it."""
    odd: tuple[Note, ...] = ()
    if kind != "made-up areas":
        place.check_country(placed, moved, every=kind == "areas")
    if kind == "areas":
        odd = (*place.check_codes(placed, moved), *place.rounded(placed, moved))
    return moved.set_crs(CRS, allow_override=True), odd


def _flat(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    import shapely

    values = frame.geometry.to_numpy()
    return frame.set_geometry(shapely.force_2d(values)) if shapely.has_z(values).any() else frame


def _known(frame: gpd.GeoDataFrame, crs: str | None, *, assumed: bool) -> pyproj.CRS:
    import pyproj
    from pyproj.exceptions import CRSError

    stated: pyproj.CRS | None = None if assumed and crs is not None else frame.crs
    if stated is not None and stated.name.lower().startswith("undefined"):
        stated = None  # what a GeoPackage calls no coordinate system
    if crs is None:
        if stated is None:
            raise InputFileError("no coordinate system")
        return stated
    if not is_crs_name(crs):
        raise _no_crs(crs)
    try:
        given = pyproj.CRS.from_user_input(crs)
    except CRSError:
        raise _no_crs(crs) from None
    if stated is not None and stated != given:
        raise InputFileError("two coordinate systems", {"name": stated.name, "crs": crs})
    return given


def _no_crs(crs: str) -> InputFileError:
    return InputFileError("unknown coordinate system", {"crs": crs})


def _check_degrees(frame: gpd.GeoDataFrame, *, assumed: bool) -> None:
    if not frame.crs.is_geographic:
        return
    left, bottom, right, top = frame.total_bounds
    if left < -180 or right > 180 or bottom < -90 or top > 90:
        raise InputFileError(
            "degrees beyond the globe",
            {
                "left": f"{left:.0f}",
                "bottom": f"{bottom:.0f}",
                "right": f"{right:.0f}",
                "top": f"{top:.0f}",
                "assumed": assumed,
            },
        )


def _check_finite(frame: gpd.GeoDataFrame) -> None:
    import shapely

    if not np.isfinite(shapely.get_coordinates(frame.geometry.to_numpy())).all():
        raise InputFileError("coordinates beyond SWEREF")


def check_polygons(geometry: gpd.GeoSeries) -> None:
    """Refuse empty geometries and those that are no polygons.

    Parameters
    ----------
    geometry : GeoSeries
        On the areas' codes.

    Raises
    ------
    DataError
        Naming the areas.
    """
    import shapely

    values = geometry.to_numpy()
    if not len(values):
        raise DataError("no areas in file")
    empty = geometry.index[shapely.is_missing(values) | shapely.is_empty(values)]
    if len(empty):
        raise DataError("areas without polygon", {"count": len(empty), "codes": list(empty)})
    other = geometry[~np.isin(shapely.get_type_id(values), _POLYGONS)]
    if len(other):
        raise DataError(
            "shapes that are no polygons",
            {
                "count": len(other),
                "kinds": list(other.geom_type.unique()),
                "codes": list(other.index),
            },
        )


def mended(geometry: gpd.GeoSeries) -> tuple[gpd.GeoSeries, tuple[Note, ...]]:
    """Return valid geometries, polygon parts only, and a note on those that were not.

    Parameters
    ----------
    geometry : GeoSeries
        Polygons on the areas' codes.

    Returns
    -------
    tuple of (GeoSeries, tuple of Note)
        The same index.

    Raises
    ------
    DataError
        When nothing is left of an area.
    """
    import geopandas as gpd
    import shapely

    values: npt.NDArray[np.object_] = geometry.to_numpy()
    tangles.check(geometry[shapely.get_num_coordinates(values) > tangles.LARGE])
    broken = ~shapely.is_valid(values)
    if not broken.any():
        return geometry, ()
    tangles.check(geometry[broken])
    repaired = values.copy()
    repaired[broken] = [_polygon_parts(one) for one in shapely.make_valid(values[broken])]
    codes = geometry.index[broken]
    lost = codes[shapely.is_empty(repaired[broken])]
    if len(lost):
        raise DataError("polygons that collapse", {"count": len(lost), "codes": list(lost)})
    mended_geometry = gpd.GeoSeries(repaired, index=geometry.index, crs=geometry.crs)
    return mended_geometry, (_repair_note(codes),)


def _polygon_parts(geometry: BaseGeometry) -> BaseGeometry:
    import shapely

    if shapely.get_type_id(geometry) != _COLLECTION:
        return geometry if shapely.get_type_id(geometry) in _POLYGONS else shapely.Polygon()
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return shapely.union_all(parts[shapely.get_type_id(parts) == _POLYGONS[0]])


def _repair_note(codes: pd.Index[Any]) -> Note:
    return Note("repaired polygons", {"count": len(codes)}, tuple(map(str, codes)))
