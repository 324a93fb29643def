"""Which links cross water."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from grannskap.land import Land

__all__ = ["TOUCH", "WATER", "crossing"]

Geometries = npt.NDArray[np.object_]

TOUCH = 0.01
"""Metres within which two areas on land touch: cutting moves a border by less than this."""

WATER = 1.0
"""Metres of water on the shortest way from land to land that make a link cross water."""


def crossing(
    on_land: Geometries, pairs: npt.NDArray[np.int64], land: Land
) -> npt.NDArray[np.bool_]:
    """Tell which pairs have water on the shortest way from one's land to the other's."""
    first, second = on_land[pairs[:, 0]], on_land[pairs[:, 1]]
    shapely.prepare(first)  # distances between detailed coasts are dear without
    landless = shapely.is_empty(first) | shapely.is_empty(second)
    apart = ~landless & ~shapely.dwithin(first, second, WATER)
    ways = shapely.shortest_line(first[apart], second[apart])
    way, tile = shapely.STRtree(land.tiles).query(ways)
    dry = shapely.length(shapely.intersection(ways[way], land.tiles[tile]))
    wet = shapely.length(ways) - np.bincount(way, weights=dry, minlength=len(ways))
    crosses = landless.copy()
    crosses[apart] = wet > WATER
    return np.asarray(crosses)
