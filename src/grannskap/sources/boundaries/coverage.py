"""Measure how areas fit together: overlaps, and holes that areas enclose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from grannskap.language import Language, Text, count, number
from grannskap.notes import Note

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely import STRtree
    from shapely.geometry.base import BaseGeometry

__all__ = ["fit", "outline"]

_LEAST = 1.0  # m²; smaller ones are rounding of coordinates, not areas


def fit(geometry: gpd.GeoSeries) -> tuple[Note, ...]:
    """Measure overlaps between areas and holes that they enclose, in m².

    What is open towards the outside of the file is no hole. Overlaps and holes of less than
    1 m² are left out.

    Parameters
    ----------
    geometry : GeoSeries
        Valid polygons in metres, on the areas' codes.

    Returns
    -------
    tuple of Note
        Kinds ``"overlaps"`` and ``"holes"``, each where there are any.
    """
    import shapely

    values = geometry.to_numpy()
    tree = shapely.STRtree(values)
    misfits = ~shapely.is_empty(shapely.coverage_invalid_edges(values))
    notes = [*_overlaps(geometry, tree, misfits), *_holes(geometry, tree, misfits)]
    return tuple(notes)


def outline(values: npt.NDArray[np.object_], misfits: npt.NDArray[np.bool_]) -> BaseGeometry:
    """Return the union, fast where the areas fit together and exact where they do not."""
    import shapely

    fitting = shapely.coverage_union_all(values[~misfits])
    return shapely.union_all([fitting, *values[misfits]])


def _overlaps(
    geometry: gpd.GeoSeries, tree: STRtree, misfits: npt.NDArray[np.bool_]
) -> tuple[Note, ...]:
    import shapely

    values, odd = geometry.to_numpy(), np.flatnonzero(misfits)
    first, second = tree.query(values[odd], predicate="intersects")
    first = odd[first]
    once = (first < second) | ((first > second) & ~misfits[second])
    first, second = first[once], second[once]
    size = shapely.area(shapely.intersection(values[first], values[second]))
    large = size >= _LEAST
    if not large.any():
        return ()
    codes = geometry.index[np.union1d(first[large], second[large])]
    total = float(size[large].sum())
    text = Text(
        f"{count(large.sum())} par av områden överlappar varandra med sammanlagt {_area(total)}.",
        f"{count(large.sum(), 'en')} pairs of areas overlap by {_area(total, 'en')} in all.",
    )
    return (Note("overlaps", text, tuple(map(str, codes))),)


def _holes(
    geometry: gpd.GeoSeries, tree: STRtree, misfits: npt.NDArray[np.bool_]
) -> tuple[Note, ...]:
    import shapely

    polygons = shapely.get_parts(outline(geometry.to_numpy(), misfits))
    rings = [ring for polygon in polygons for ring in shapely.get_rings(polygon)[1:]]
    holes = shapely.polygons(rings) if rings else np.array([], dtype=object)
    holes = holes[shapely.area(holes) >= _LEAST]
    if not len(holes):
        return ()
    around = np.unique(tree.query(holes, predicate="intersects")[1])
    total = float(shapely.area(holes).sum())
    text = Text(
        f"{count(len(holes))} hål mellan områden, sammanlagt {_area(total)}.",
        f"{count(len(holes), 'en')} holes between areas, {_area(total, 'en')} in all.",
    )
    return (Note("holes", text, tuple(map(str, geometry.index[around]))),)


def _area(size: float, language: Language = "sv") -> str:
    if size < 1e5:
        return f"{count(size, language)} m²"
    return f"{number(size / 1e6, decimals=1, language=language)} km²"
