"""One hexagon per area, all of one size, because big rural areas drown the town."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely

from grannskap.errors import DataError
from grannskap.maps.figure.outlines import simplified
from grannskap.maps.figure.scene import SCHEMATIC

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["hexagons"]

_MOST = 3000
Floats = npt.NDArray[np.float64]


def hexagons(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Replace each area by a hexagon of equal size, neighbours roughly kept.

    A honeycomb with as many cells as there are areas is laid over the town; areas are
    matched to cells so that the sum of squared distances moved is least.

    Parameters
    ----------
    areas : geopandas.GeoDataFrame
        Index ``deso``, in metres.

    Returns
    -------
    geopandas.GeoDataFrame
        The same rows, columns and notes with hexagons for polygons; touching hexagons share
        their corners exactly. Maps of it have neither scale bar nor north arrow.

    Raises
    ------
    DataError
        When there are more areas than can be matched in a reasonable time (3,000).

    References
    ----------
    Crouse, D. F. (2016). On implementing 2D rectangular assignment algorithms. *IEEE
    Transactions on Aerospace and Electronic Systems* 52(4): the matching, as in
    ``scipy.optimize.linear_sum_assignment``.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> row = gpd.GeoDataFrame(
    ...     geometry=[shapely.box(x, 0, x + 900, 900) for x in (0, 900, 1800)],
    ...     index=["0114A0010", "0114A0020", "0114A0030"], crs="EPSG:3006",
    ... )
    >>> len(set(hexagons(row).geometry.area.round(0)))
    1
    """
    from scipy.optimize import linear_sum_assignment

    if len(areas) > _MOST:
        raise DataError("too many hexagons", {"most": str(_MOST), "count": str(len(areas))})
    geometry = np.asarray(areas.geometry.to_numpy(), dtype=object)
    cells, side = _honeycomb(geometry)
    points = shapely.get_coordinates(shapely.centroid(geometry))
    cost = ((points[:, None, :] - cells[None, :, :]) ** 2).sum(axis=2)
    _, chosen = linear_sum_assignment(cost)
    shapes = _hexagon(cells[chosen], side)
    found = areas.set_geometry(areas.geometry.set_axis(areas.index))
    found = found.set_geometry(type(areas.geometry)(shapes, index=areas.index, crs=areas.crs))
    found.attrs = {**areas.attrs, SCHEMATIC: True}
    return found


def _honeycomb(geometry: npt.NDArray[np.object_]) -> tuple[Floats, float]:
    """Centres of the smallest honeycomb over the areas that has a cell for each."""
    area = float(shapely.area(geometry).sum())
    side = float(np.sqrt(area / len(geometry) * 2 / (3 * np.sqrt(3))))
    land = shapely.union_all(simplified(geometry, metres=0.1 * side))
    for _ in range(200):
        cells = _cells(land, side)
        if len(cells) >= len(geometry):
            return cells, side
        side *= 0.985
    raise DataError("no honeycomb", {"count": len(geometry), "area": f"{area:.0f}"})


def _cells(land: shapely.Geometry, side: float) -> Floats:
    west, south, east, north = shapely.bounds(land)
    across, up = np.sqrt(3) * side, 1.5 * side
    rows = np.arange(int((north - south) / up) + 2)
    columns = np.arange(int((east - west) / across) + 2)
    row, column = (part.ravel() for part in np.meshgrid(rows, columns, indexing="ij"))
    cells = np.column_stack([west + across * (column + 0.5 * (row % 2)), south + up * row])
    shapely.prepare(land)
    return np.asarray(cells[shapely.dwithin(land, shapely.points(cells), 0.35 * side)])


def _hexagon(centres: Floats, side: float) -> npt.NDArray[np.object_]:
    """Hexagons whose shared corners are equal to the last digit."""
    angle = np.pi / 6 + np.arange(6) * np.pi / 3
    corners = centres[:, None, :] + side * np.column_stack([np.cos(angle), np.sin(angle)])[None]
    return np.asarray(shapely.polygons(np.round(corners, 3)), dtype=object)
