"""Graphs put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grannskap.errors import CodeError, DataError
from grannskap.measures.neighbours import assembly
from grannskap.measures.neighbours.assembly import Neighbours
from grannskap.measures.neighbours.joins import once

if TYPE_CHECKING:
    from libpysal.graph import Graph
    from libpysal.weights import W

__all__ = ["union"]


def union(first: Neighbours | Graph | W, second: Neighbours | Graph | W) -> Graph:
    """Links of either graph, weight 1, over the same areas in the order of the first.

    Parameters
    ----------
    first, second : Neighbours, libpysal.graph.Graph or libpysal.weights.W
        Graphs whose weights are all equal, over the same codes (in any order).

    Returns
    -------
    libpysal.graph.Graph
        A link from an area to another where either graph has one.

    Raises
    ------
    CodeError
        When the two are not over the same areas.
    DataError
        When weights differ: which of two would hold has no answer.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from grannskap.measures.neighbours import build
    >>> row = gpd.GeoSeries(
    ...     [shapely.box(x, 0, x + 1, 1) for x in (0, 1, 5)],
    ...     index=["0114A0010", "0114A0020", "0114A0030"], crs="EPSG:3006",
    ... )
    >>> union(build(row), build(row, kind="knn", k=1)).cardinalities.tolist()
    [1, 1, 1]
    """
    both = assembly.take(first), assembly.take(second)
    codes = assembly.codes_of(both[0])
    other = assembly.codes_of(both[1]).symmetric_difference(codes)
    if len(other):
        raise CodeError("graphs over other areas", {"count": len(other), "codes": list(other)})
    parts = [assembly.linked(graph, codes) for graph in both]
    if any((weights != 1).any() for _, weights in parts):
        raise DataError("graphs of unequal weights")
    directed = once(np.concatenate([pairs for pairs, _ in parts]), len(codes))
    provenances = [assembly.provenance_of(graph) for graph in both]
    provenance: assembly.Provenance = {"kind": "union", "parts": provenances}
    made = assembly.assemble(codes, directed, np.ones(len(directed), dtype=np.int64), provenance)
    return made.graph
