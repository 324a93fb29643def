"""Names of clusters on their map: the places that the areas which lie together are parts of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from grannskap.maps.marks import Highlight
from grannskap.wording import say

if TYPE_CHECKING:
    from grannskap.analysis import Clustering, Results, View
    from grannskap.maps.style import Style

__all__ = ["names"]

_FEWEST, _MOST = 3, 5
"""Areas of a cluster that is named, and how many are."""

_TWO = 2


def names(
    results: Results, view: View, clustering: Clustering, style: Style
) -> tuple[Highlight, ...]:
    """Name the largest clusters of three areas or more, each in its colour.

    A cluster is of areas of one class, high or low as their neighbours, that are neighbours of
    each other; it is called after the two RegSO that most of its areas are parts of.
    """
    if "regso_name" not in results.areas.columns:
        return ()
    cluster = clustering.local["cluster"].astype(object)
    shown = view.drawn(results)
    found: list[tuple[int, str, list[str]]] = []
    for kind in ("high-high", "low-low"):
        codes = cluster.index[(cluster == kind).to_numpy()].intersection(shown.index)
        parts = (part for part in _together(codes, clustering) if len(part) >= _FEWEST)
        found += [(len(part), kind, part) for part in parts]
    found.sort(key=lambda one: (-one[0], one[2][0]))
    colours = dict(zip(style.categories, style.colours, strict=True))
    return tuple(
        Highlight(
            name,
            say("maps.cluster", view.language, {"name": name, "areas": size}),
            shown.geometry.loc[part].union_all(),
            tuple(part),
            sentence=say("maps.cluster_told", view.language, {"name": name, "areas": size}),
            colour=colours[kind],
        )
        for size, kind, part in found[:_MOST]
        if (name := _called(results.areas["regso_name"].reindex(part)))
    )


def _together(codes: pd.Index[Any], clustering: Clustering) -> list[list[str]]:
    """Part areas into those that are neighbours of each other, directly or by others."""
    links = clustering.neighbours.adjacency.reset_index()
    ends = [codes.get_indexer(pd.Index(links[end])) for end in ("focal", "neighbor")]
    both = (ends[0] >= 0) & (ends[1] >= 0) & (links["weight"] > 0).to_numpy()
    here = (ends[0][both], ends[1][both])
    graph = coo_array((np.ones(int(both.sum())), here), shape=(len(codes), len(codes)))
    count, part = connected_components(graph, directed=False)
    return [[str(code) for code in codes[part == number]] for number in range(count)]


def _called(given: pd.Series[Any]) -> str:
    """Return the two names that most areas have, the most common first."""
    counts = given.dropna().astype(str).value_counts(sort=False)
    largest = sorted(counts.items(), key=lambda one: (-one[1], str(one[0])))[:_TWO]
    return "–".join(str(name).split("-")[0] for name, _ in largest)
