"""Neighbours of every area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from grannskap.measures.neighbours import assembly, contact, distance

if TYPE_CHECKING:
    import geopandas as gpd
    from libpysal.graph import Graph

__all__ = ["build"]


def build(
    geometry: gpd.GeoSeries,
    *,
    kind: str = "queen",
    k: int = 6,
    threshold: float | None = None,
    bandwidth: float | None = None,
    tolerance: float = 0.0,
    land: Any = None,
    bridges: Any = (),
    link_isolated: int | None = None,
) -> Graph:
    """Neighbours of every area, as a graph."""
    order = np.argsort(geometry.index.to_numpy(dtype=object), kind="stable")
    shapes = np.asarray(geometry.array)[order]
    if kind in ("queen", "rook"):
        pairs = contact.touching(shapes, rook=kind == "rook", tolerance=tolerance).pairs
        directed = np.concatenate([pairs, pairs[:, ::-1]])
    else:
        points = shapely.get_coordinates(shapely.point_on_surface(shapes))
        directed = distance.nearest(points, k)
    weights = np.ones(len(directed), dtype=np.int64)
    return assembly.assemble(geometry.index, order[directed], weights, {"kind": kind})
