"""Who is next to whom, and the door to libpysal, whose graphs come in and go out here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.errors import DataError
from grannskap.measures.neighbours.joins import absent

if TYPE_CHECKING:
    from libpysal.graph import Graph
    from libpysal.weights import W

__all__ = [
    "Neighbours",
    "Provenance",
    "assemble",
    "codes_of",
    "linked",
    "provenance_of",
    "recorded",
    "take",
]

Provenance = dict[str, Any]
"""How a graph was built: text, numbers and lists only, so that it can be written as JSON."""

_KEY = "grannskap_neighbours"


@dataclass(frozen=True)
class Neighbours:
    """Who is next to whom: links with their weights, as a graph of libpysal holds them.

    libpysal takes longer to import than a town takes to test, so that its graph is made for
    those who ask for it.

    Attributes
    ----------
    adjacency : pandas.Series
        Weights by ``focal`` and ``neighbor``, in the order of the areas; an area without
        neighbours has a link of weight 0 to itself. How it was built lies in its ``attrs``.
    """

    adjacency: pd.Series[Any]

    @cached_property
    def graph(self) -> Graph:
        """The same as a graph of libpysal."""
        from libpysal.graph import Graph

        return Graph(self.adjacency, is_sorted=True)


def assemble(
    codes: pd.Index[Any],
    directed: npt.NDArray[np.int64],
    weights: npt.NDArray[Any],
    provenance: Provenance,
) -> Neighbours:
    """Return who is next to whom from positions (focal, neighbour) in `codes`, each pair once.

    They keep the order of `codes`; an area without neighbours gets the self-loop of weight 0
    by which libpysal marks it. How it was built travels in the adjacency's attrs.
    """
    alone = absent(len(codes), directed[:, 0])
    both = np.concatenate([directed, np.column_stack([alone, alone])])
    weight = np.concatenate([weights, np.zeros(len(alone), dtype=weights.dtype)])
    order = np.lexsort([both[:, 1], both[:, 0]])
    levels: list[Any] = [codes, codes]
    index = pd.MultiIndex(
        levels=levels, codes=[both[order, 0], both[order, 1]], names=["focal", "neighbor"]
    )
    adjacency = pd.Series(weight[order], index=index, name="weight")
    adjacency.attrs[_KEY] = json.dumps(provenance)  # pandas copies attrs deeply, often
    return Neighbours(adjacency)


def take(neighbours: Neighbours | Graph | W) -> Neighbours:
    """Neighbours, whether they come as such or as a graph or the older weights of libpysal.

    Parameters
    ----------
    neighbours : Neighbours, libpysal.graph.Graph or libpysal.weights.W
        Who is next to whom; a W with its weights as they are transformed.

    Returns
    -------
    Neighbours
        The same links, those of a W over its ids.

    Raises
    ------
    DataError
        Anything else.

    Examples
    --------
    >>> from libpysal.weights import W
    >>> take(W({"a": ["b"], "b": ["a"]})).graph.cardinalities.tolist()
    [1, 1]
    """
    if isinstance(neighbours, Neighbours):
        return neighbours
    from libpysal.graph import Graph
    from libpysal.weights import W

    if isinstance(neighbours, W):
        neighbours = Graph.from_W(neighbours)
    if not isinstance(neighbours, Graph):
        raise DataError(
            "no graph", {"kind": f"{type(neighbours).__module__}.{type(neighbours).__name__}"}
        )
    return Neighbours(neighbours.adjacency)


def codes_of(graph: Neighbours) -> pd.Index[Any]:
    """Return the codes of a graph's areas, in its order."""
    codes: pd.Index[Any] = graph.adjacency.index.unique("focal").rename("deso")
    return codes


def linked(
    graph: Neighbours, codes: pd.Index[Any]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return links as positions in `codes`, and their weights, without the marks of isolation."""
    adjacency = graph.adjacency
    focal = codes.get_indexer(adjacency.index.get_level_values("focal"))
    neighbor = codes.get_indexer(adjacency.index.get_level_values("neighbor"))
    weights = adjacency.to_numpy(dtype=float)
    real = (focal != neighbor) & (weights != 0)
    return np.column_stack([focal, neighbor])[real].astype(np.int64), weights[real]


def provenance_of(graph: Neighbours) -> Provenance:
    """Return how `build` made the graph; empty for a graph that came from elsewhere."""
    return dict(json.loads(graph.adjacency.attrs.get(_KEY, "{}")))


def recorded(provenance: Provenance, name: str) -> list[Any] | None:
    """Return a list of the provenance; for a union that of its parts, or None if one lacks it."""
    if provenance.get("kind") != "union":
        return provenance.get(name)
    lists = [recorded(part, name) for part in provenance["parts"]]
    if any(found is None for found in lists):
        return None
    return list({json.dumps(item): item for found in lists for item in found or ()}.values())
