"""Short strokes across one side of a line, as a map shows which side of a cliff is the lower."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["hachures"]

_NEAR = 0.25
"""How far along a line its direction is taken, in lengths of a stroke."""


def hachures(
    lines: npt.NDArray[np.object_],
    sides: npt.NDArray[np.object_],
    *,
    spacing: float,
    length: float,
) -> npt.NDArray[np.object_]:
    """Strokes from each line into the polygon on one of its sides.

    Parameters
    ----------
    lines : array of shapely lines
        Borders; what is no line in them has no strokes.
    sides : array of shapely polygons
        The side of each line that the strokes point into.
    spacing, length : float
        Between two strokes, and of each, in the unit of the lines. A short line has one.

    Returns
    -------
    array of shapely multilines
        The strokes of each line.

    Examples
    --------
    >>> line, above = shapely.from_wkt(["LINESTRING (0 0, 9 0)", "POLYGON ((0 0, 9 0, 4 5, 0 0))"])
    >>> drawn = hachures(np.array([line]), np.array([above]), spacing=9, length=2)
    >>> drawn[0].wkt
    'MULTILINESTRING ((4.5 0, 4.5 2))'
    """
    parts, owner = shapely.get_parts(shapely.line_merge(lines), return_index=True)
    straight = (shapely.get_dimensions(parts) == 1) & ~shapely.is_empty(parts)
    parts, owner = parts[straight], owner[straight]
    long = shapely.length(parts)
    many = np.maximum(np.rint(long / spacing), 1).astype(np.int64)
    which = np.repeat(np.arange(len(parts)), many)
    order = np.arange(len(which)) - np.repeat(np.cumsum(many) - many, many)
    along = (order + 0.5) / many[which] * long[which]
    feet, across = _feet(parts[which], along, length * _NEAR)
    within = sides[owner[which]]
    ends = [feet + sign * length * across for sign in (1, -1)]
    away = [shapely.distance(shapely.points((feet + end) / 2), within) for end in ends]
    tips = np.where((away[0] <= away[1])[:, None], *ends)
    strokes = np.asarray(shapely.linestrings(np.stack([feet, tips], axis=1)), dtype=object)
    found = np.full(len(lines), shapely.MultiLineString(), dtype=object)
    held = np.unique(owner)
    at = np.searchsorted(held, owner[which])
    found[held] = shapely.multilinestrings(strokes, indices=at)
    return found


def _feet(
    lines: npt.NDArray[np.object_], along: npt.NDArray[np.float64], near: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the points of lines at distances along them, and the unit across each."""
    before, foot, after = (
        shapely.get_coordinates(shapely.line_interpolate_point(lines, np.maximum(at, 0)))
        for at in (along - near, along, along + near)
    )
    ahead = after - before
    size = np.maximum(np.hypot(*ahead.T), np.finfo(float).tiny)[:, None]
    return foot, np.stack([-ahead[:, 1], ahead[:, 0]], axis=1) / size
