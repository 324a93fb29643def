"""What part of the country a picture shows: areas, bounds, and how much room they need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from grannskap.deso import in_scope
from grannskap.errors import CodeError, few

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

__all__ = ["Bounds", "Selection", "around", "fitted", "shown"]

Bounds = tuple[float, float, float, float]
"""West, south, east, north in metres."""

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
            raise CodeError(
                expected="a boolean for every area",
                came=f"none for {few(lacking)}",
                remedy="make the view on the areas' own index",
            )
        chosen = view.reindex(areas.index).to_numpy(dtype=bool)
    elif isinstance(view, np.ndarray) and view.dtype == bool:
        chosen = view
    else:
        chosen = in_scope(areas.index, view if isinstance(view, str) else [str(v) for v in view])
    if not chosen.any():
        raise CodeError(
            expected="a view that shows areas", came="one that shows none", remedy="widen the view"
        )
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
