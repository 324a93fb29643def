"""What part of the country a picture shows: areas, bounds, and how much room they need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from grannskap.deso import in_scope
from grannskap.errors import CodeError

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

__all__ = ["Bounds", "Selection", "around", "fitted", "framing", "shape_of", "shown"]

Bounds = tuple[float, float, float, float]
"""West, south, east, north in metres."""

_PART = 0.1
"""Share of its area below which a part need not be in the frame."""

_AMPLE, _OWN = 0.4, 0.3
"""Shares of the frame that what is shown should fill: small parts, then any, are let go for it."""

_NARROWEST, _WIDEST = 0.6, 1.7
"""Width over height of a map."""

_STEPS = 12

Selection = str | Sequence[str] | npt.NDArray[np.bool_] | pd.Series
"""A scope ("0380", "0380C", "03", "country"), codes, or a boolean per area."""


def shown(areas: gpd.GeoDataFrame, view: Selection | None) -> npt.NDArray[np.bool_]:
    """Tell which areas a view shows.

    Parameters
    ----------
    areas : geopandas.GeoDataFrame
        Index ``deso``.
    view : str, sequence of str, boolean array or boolean Series, optional
        A scope as in `grannskap.deso.in_scope`, codes, or a boolean per area (a Series
        meets the areas by label). None shows all.

    Returns
    -------
    numpy.ndarray of bool, shape (n,)
        In the areas' order.

    Raises
    ------
    CodeError
        When nothing would be shown, or a boolean Series lacks areas.
    """
    if view is None:
        return np.ones(len(areas), dtype=bool)
    if isinstance(view, pd.Series) and view.dtype == bool:
        lacking = areas.index.difference(view.index)
        if len(lacking):
            raise CodeError("areas not told in view", {"codes": list(lacking)})
        chosen = view.reindex(areas.index).to_numpy(dtype=bool)
    elif isinstance(view, np.ndarray) and view.dtype == bool:
        chosen = view
    else:
        chosen = in_scope(areas.index, view if isinstance(view, str) else [str(v) for v in view])
    if not chosen.any():
        raise CodeError("view that shows nothing")
    return np.asarray(chosen, dtype=bool)


def around(geometry: BaseGeometry, *, margin: float = 1000.0) -> Bounds:
    """Bounds of a neighbourhood with `margin` metres on every side.

    Examples
    --------
    >>> import shapely
    >>> around(shapely.box(0, 0, 100, 100), margin=50)
    (-50.0, -50.0, 150.0, 150.0)
    """
    west, south, east, north = (float(edge) for edge in shapely.bounds(geometry))
    return west - margin, south - margin, east + margin, north + margin


def framing(geometry: npt.NDArray[np.object_]) -> Bounds:
    """Bounds of what a map frames: every area, but not islets far out.

    Where what is shown fills less than 0.4 of the frame, its sides move inwards past parts under
    a tenth of their area; where it fills less than 0.3 even so, past all parts but the largest of
    each area.

    Parameters
    ----------
    geometry : numpy.ndarray of shapely geometries
        The areas that are shown, as they are drawn.

    Examples
    --------
    >>> import shapely
    >>> framing(shapely.box([0, 10], 0, [10, 15], 10))
    (0.0, 0.0, 15.0, 10.0)
    """
    parts, owner = shapely.get_parts(geometry, return_index=True)
    size, boxes = shapely.area(parts), shapely.bounds(parts)
    whole = np.bincount(owner, weights=size)
    largest = np.zeros(len(whole))
    np.maximum.at(largest, owner, size)
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    main = _around(boxes[size >= np.minimum(_PART * whole, largest)[owner]])
    frame = _drawn_in(_around(boxes), main, middle, size, until=_AMPLE)
    inner = _around(boxes[size == largest[owner]])
    frame = _drawn_in(frame, inner, middle, size, until=_OWN)
    west, south, east, north = map(float, frame)
    return west, south, east, north


def _drawn_in(
    frame: npt.NDArray[np.float64],
    inner: npt.NDArray[np.float64],
    middle: npt.NDArray[np.float64],
    size: npt.NDArray[np.float64],
    *,
    until: float,
) -> npt.NDArray[np.float64]:
    """Move the sides of a frame inwards, the one that helps most first, until it is filled."""
    step = (inner - frame) / _STEPS
    left = np.where(np.abs(step) > 0, _STEPS, 0)
    while _filled(frame, middle, size) < until and left.any():
        sides = np.flatnonzero(left)
        moved = [frame + step * (np.arange(4) == side) for side in sides]
        best = int(np.argmax([_filled(one, middle, size) for one in moved]))
        frame, left = moved[best], left - (np.arange(4) == sides[best])
    return frame


def _around(boxes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])


def _filled(
    frame: npt.NDArray[np.float64], middle: npt.NDArray[np.float64], size: npt.NDArray[np.float64]
) -> float:
    """Share of a frame that parts with their middle in it fill."""
    inside = np.all((middle >= frame[:2]) & (middle <= frame[2:]), axis=1)
    wide, high = frame[2:] - frame[:2]
    ratio = min(max(wide / high, _NARROWEST), _WIDEST)
    return float(size[inside].sum()) / float(max(wide, high * ratio) * max(high, wide / ratio))


def shape_of(bounds: Bounds) -> float:
    """Width over height of a map of these bounds, neither very narrow nor very wide."""
    west, south, east, north = bounds
    return min(max((east - west) / (north - south), _NARROWEST), _WIDEST)


def fitted(bounds: Bounds, *, aspect: float, margin: float) -> Bounds:
    """Bounds widened by a share on every side, then to an aspect ratio, about their middle.

    Examples
    --------
    >>> fitted((0.0, 0.0, 10.0, 10.0), aspect=2.0, margin=0.0)
    (-5.0, 0.0, 15.0, 10.0)
    """
    west, south, east, north = bounds
    wide, high = (east - west) * (1 + 2 * margin), (north - south) * (1 + 2 * margin)
    wide, high = max(wide, high * aspect), max(high, wide / aspect)
    x, y = (west + east) / 2, (south + north) / 2
    return (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
