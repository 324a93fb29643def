"""Measure how areas fit together: overlaps, and holes that areas enclose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from grannskap.notes import Note

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely import STRtree
    from shapely.geometry.base import BaseGeometry

__all__ = ["Misfit", "fit", "measure", "union"]

_LEAST = 1.0  # m²; smaller ones are rounding of coordinates, not areas


@dataclass(frozen=True)
class Misfit:
    """Overlaps or holes: how many, how large, where.

    Attributes
    ----------
    count : int
        Pairs of areas that overlap, or holes.
    area : float
        Their sum, m².
    codes : tuple of str
        The areas that overlap, or that border the holes.
    """

    count: int
    area: float
    codes: tuple[str, ...]


def fit(geometry: gpd.GeoSeries) -> tuple[Note, ...]:
    """Note overlaps between areas and holes that they enclose, where there are any.

    Parameters
    ----------
    geometry : GeoSeries
        Valid polygons in metres, on the areas' codes.

    Returns
    -------
    tuple of Note
        Kinds ``"overlaps"`` and ``"holes"``.
    """
    overlaps, holes = measure(geometry)
    notes = (
        Note("overlaps", _told(overlaps), overlaps.codes),
        Note("holes", _told(holes), holes.codes),
    )
    return tuple(note for note in notes if note.values["count"])


def _told(misfit: Misfit) -> dict[str, object]:
    return {"count": misfit.count, "area": float(misfit.area)}


def measure(geometry: gpd.GeoSeries) -> tuple[Misfit, Misfit]:
    """Overlaps between pairs of areas, and holes that areas enclose, in m².

    What is open towards the outside of the file is no hole. Overlaps and holes of less than
    1 m² are left out. Three areas over one place count as three pairs.

    Parameters
    ----------
    geometry : GeoSeries
        Valid polygons in metres, on the areas' codes.

    Returns
    -------
    tuple of Misfit
        Overlaps, holes.
    """
    import shapely

    values = geometry.to_numpy()
    clean = _clean_union(values)
    if clean is not None and not shapely.get_num_interior_rings(shapely.get_parts(clean)).any():
        nothing = Misfit(0, 0.0, ())
        return nothing, nothing
    tree = shapely.STRtree(values)
    misfits = ~shapely.is_empty(shapely.coverage_invalid_edges(values))
    return _overlaps(geometry, tree, misfits), _holes(geometry, tree, misfits)


def union(parts: npt.NDArray[np.object_]) -> BaseGeometry:
    """Merge polygons: fast where they fit together, exact where they do not.

    Parameters
    ----------
    parts : numpy.ndarray of object
        Valid polygons.

    Returns
    -------
    shapely geometry
        Their union.
    """
    import shapely

    clean = _clean_union(parts)
    return shapely.union_all(parts) if clean is None else clean


def _clean_union(parts: npt.NDArray[np.object_]) -> BaseGeometry | None:
    """Return the union of polygons that share whole borders, None when they do not.

    The fast union drops the borders that two polygons share and trusts that nothing overlaps.
    Where something does, its result is invalid, or smaller than its parts.
    """
    import shapely

    try:
        merged = shapely.coverage_union_all(parts)
    except shapely.GEOSException:
        return None
    whole = np.isclose(shapely.area(merged), shapely.area(parts).sum(), rtol=1e-9, atol=0)
    return merged if whole and shapely.is_valid(merged) else None


def _overlaps(geometry: gpd.GeoSeries, tree: STRtree, misfits: npt.NDArray[np.bool_]) -> Misfit:
    import shapely

    values, odd = geometry.to_numpy(), np.flatnonzero(misfits)
    found, second = tree.query(values[odd], predicate="intersects")
    first = odd[found]
    # An area around another may fit its own neighbours: the pair is then met from one side only.
    once = (first < second) | ((first > second) & ~misfits[second])
    first, second = first[once], second[once]
    size = shapely.area(shapely.intersection(values[first], values[second]))
    large = size >= _LEAST
    codes = geometry.index[np.union1d(first[large], second[large])]
    return Misfit(int(large.sum()), float(size[large].sum()), tuple(map(str, codes)))


def _holes(geometry: gpd.GeoSeries, tree: STRtree, misfits: npt.NDArray[np.bool_]) -> Misfit:
    import shapely

    parts = shapely.get_parts(_outline(geometry.to_numpy(), misfits))
    rings = [ring for part in parts for ring in shapely.get_rings(part)[1:]]
    holes = _without_islands(np.array([shapely.Polygon(ring) for ring in rings], object), parts)
    holes = holes[shapely.area(holes) >= _LEAST]
    around = np.unique(tree.query(holes, predicate="intersects")[1])
    total = float(shapely.area(holes).sum())
    return Misfit(len(holes), total, tuple(map(str, geometry.index[around])))


def _outline(values: npt.NDArray[np.object_], misfits: npt.NDArray[np.bool_]) -> BaseGeometry:
    """Return the union: fast where the areas fit together, exact where they do not."""
    import shapely

    fitting = shapely.coverage_union_all(values[~misfits])
    return shapely.union_all([fitting, *values[misfits]])


def _without_islands(
    holes: npt.NDArray[np.object_], parts: npt.NDArray[np.object_]
) -> npt.NDArray[np.object_]:
    import shapely

    inside, which = shapely.STRtree(parts).query(holes, predicate="contains")
    filled = np.array([shapely.Polygon(part.exterior) for part in parts[which]], object)
    open_holes = holes.copy()
    for at in np.unique(inside):
        open_holes[at] = holes[at].difference(shapely.union_all(filled[inside == at]))
    return open_holes
