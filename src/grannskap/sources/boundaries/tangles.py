"""Refuse shapes that cross themselves or each other so often that mending them never ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from grannskap.errors import DataError, few

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

__all__ = ["LARGE", "check", "check_crowd"]

_MOST_CROSSINGS = 20
"""Boxes of segments that may overlap, for each segment; neighbours in the ring are two."""

LARGE = 2_000
"""Vertices from which a tangle costs seconds before it is even known to be invalid."""

_AT_A_TIME = 64
_MOST_NEIGHBOURS = 200
_MOST_LAYERS = 3


def check(geometry: gpd.GeoSeries) -> None:
    """Refuse polygons whose borders cross each other, or all but do, all over.

    Parameters
    ----------
    geometry : GeoSeries
        The invalid ones, or those of many vertices.

    Raises
    ------
    DataError
        Naming them.
    """
    tangled = [name for name, one in geometry.items() if _is_tangled(one)]
    if tangled:
        raise DataError(
            expected="polygons whose borders seldom cross themselves",
            came=f"{len(tangled)} that do so all over ({few(tangled)})",
            remedy="draw or fetch these areas again",
        )


def _is_tangled(shape: BaseGeometry) -> bool:
    import shapely

    coordinates, ring = shapely.get_coordinates(shapely.get_rings(shape), return_index=True)
    along = np.flatnonzero(np.diff(ring) == 0)
    ends = np.stack([coordinates[along], coordinates[along + 1]], axis=1)
    segments = np.atleast_1d(np.asarray(shapely.linestrings(ends)))
    return not _overlap_at_most(segments, most=1000 + _MOST_CROSSINGS * len(segments))


def check_crowd(geometry: gpd.GeoSeries) -> None:
    """Refuse areas that lie over one another instead of beside each other.

    Parameters
    ----------
    geometry : GeoSeries
        Valid polygons on the areas' codes.

    Raises
    ------
    DataError
        When their boxes overlap more often than a division's can.
    """
    import shapely

    values = geometry.to_numpy()
    hull = shapely.MultiPoint(shapely.get_coordinates(values)).convex_hull
    over = shapely.area(values).sum() > _MOST_LAYERS * hull.area
    if over or not _overlap_at_most(values, most=_MOST_NEIGHBOURS * len(values)):
        raise DataError(
            expected="areas that lie beside each other",
            came=f"{len(values)} areas that lie over one another",
            remedy="check that each area is in the file once, and that it is a division",
        )


def _overlap_at_most(shapes: npt.NDArray[np.object_], *, most: int) -> bool:
    """Whether at most so many pairs of shapes have boxes that overlap."""
    import shapely

    tree = shapely.STRtree(shapes)
    total = 0
    for start in range(0, len(shapes), _AT_A_TIME):
        first, second = tree.query(shapes[start : start + _AT_A_TIME])
        total += int((first + start < second).sum())
        if total > most:
            return False
    return True
