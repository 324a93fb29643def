"""Refuse shapes that cross themselves or each other so often that mending them never ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from grannskap.errors import DataError

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

__all__ = ["LARGE", "check", "check_crowd"]

_MOST_CROSSINGS = 40
"""Segments whose boxes may overlap a segment's, on average; itself and its neighbours are three."""

_SAMPLE = 500
_FEW = 100

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
        raise DataError("tangled polygons", {"count": len(tangled), "codes": list(tangled)})


def _is_tangled(shape: BaseGeometry) -> bool:
    """Whether a segment's box overlaps many others on average, told by a sample of segments."""
    import shapely

    coordinates, ring = shapely.get_coordinates(shapely.get_rings(shape), return_index=True)
    along = np.flatnonzero(np.diff(ring) == 0)
    low, high = (
        np.ascontiguousarray(end(coordinates[along], coordinates[along + 1]).T)
        for end in (np.minimum, np.maximum)
    )
    sample = range(0, len(along), max(1, len(along) // _SAMPLE))
    overlapping = [
        np.count_nonzero(
            (low[0] <= high[0, k])
            & (high[0] >= low[0, k])
            & (low[1] <= high[1, k])
            & (high[1] >= low[1, k])
        )
        for k in sample
    ]
    return len(along) > _FEW and float(np.mean(overlapping)) > _MOST_CROSSINGS


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
    hull = shapely.convex_hull(shapely.geometrycollections(values))
    over = shapely.area(values).sum() > _MOST_LAYERS * shapely.area(hull)
    if over or not _overlap_at_most(values, most=_MOST_NEIGHBOURS * len(values)):
        raise DataError("areas over one another", {"count": len(values)})


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
