"""What a graph is like, as data and in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from grannskap.errors import DataError
from grannskap.language import Language, Text, count
from grannskap.measures.neighbours import assembly, wording
from grannskap.measures.neighbours.assembly import Neighbours
from grannskap.measures.neighbours.joins import absent, unordered
from grannskap.measures.neighbours.links import crossing_pairs
from grannskap.notes import Note
from grannskap.wording import say

if TYPE_CHECKING:
    import geopandas as gpd
    from libpysal.graph import Graph
    from libpysal.weights import W
    from shapely.geometry.base import BaseGeometry

__all__ = ["Description", "describe"]

Pair = tuple[str, str]


@dataclass(frozen=True)
class Description:
    """What a neighbour graph is like.

    Attributes
    ----------
    kind : str
        ``queen``, ``rook``, ``knn``, ``distance``, ``kernel``, ``union``, or ``unknown`` for a
        graph that `build` did not make.
    rule : Text
        The rule in words, with its sizes.
    areas, links : int
        Areas, and pairs of areas that are linked in either direction.
    symmetric : bool
        Whether every link goes both ways.
    mean, least, most : float, int, int
        Neighbours per area.
    components : tuple of int
        Sizes of the parts that hang together, largest first (links followed either way).
    isolated : tuple of str
        Areas that have no neighbours and are nobody's.
    without_land : tuple of str
        Areas that the land polygons do not reach.
    attached_isolates : tuple of str
        Areas that had no neighbours and were linked to their nearest.
    bridges : tuple of (str, str)
        Links that the caller added.
    crossing : tuple of (str, str), or None
        Links with more than a metre of water on the shortest way from land to land; None when
        no land was given.
    by_geometry : tuple of (str, str)
        Links between areas that touch or overlap although their vertices (or edges) differ.
    """

    kind: str
    rule: Text
    areas: int
    links: int
    symmetric: bool
    mean: float
    least: int
    most: int
    components: tuple[int, ...]
    isolated: tuple[str, ...]
    without_land: tuple[str, ...]
    attached_isolates: tuple[str, ...]
    bridges: tuple[Pair, ...]
    crossing: tuple[Pair, ...] | None
    by_geometry: tuple[Pair, ...]

    def sentence(self, language: Language = "sv") -> str:
        """Return the description in plain words, as one short paragraph."""
        parts = [self._size(language), self._parts(language)]
        parts += [note.text(language) for note in self.notes()]
        if self.crossing == ():
            parts.append(say("neighbours.no_crossing", language))
        return " ".join(part for part in parts if part)

    def _size(self, language: Language) -> str:
        values = {
            "areas": self.areas,
            "rule": self.rule(language),
            "links": self.links,
            "mean": self.mean,
            "least": self.least,
            "most": self.most,
        }
        return say("neighbours.size", language, values)

    def _parts(self, language: Language) -> str:
        if len(self.components) == 1:
            return say("neighbours.connected", language)
        shown = ", ".join(count(size, language) for size in self.components[:5])
        more = ", …" if len(self.components) > 5 else ""
        values = {"parts": len(self.components), "sizes": shown + more}
        return say("neighbours.parts", language, values)

    def notes(self) -> tuple[Note, ...]:
        """Return what a reader must be told, with the codes it concerns."""
        areas = (
            Note("areas without land", _told("areas", self.without_land), self.without_land),
            Note(
                "linked isolated areas",
                _told("areas", self.attached_isolates),
                self.attached_isolates,
            ),
        )
        alone = {**_told("areas", self.isolated), "of": "graph"}
        crossing, added, apart = map(_joined, (self.crossing or (), self.bridges, self.by_geometry))
        pairs = (
            Note("links across water", _told("pairs", crossing), crossing),
            Note("bridges", _told("pairs", added), added),
            Note("borders that do not match", _told("pairs", apart), apart),
        )
        every = (Note("areas without neighbours", alone, self.isolated), *areas, *pairs)
        return tuple(note for note in every if note.codes)

    def as_dict(self) -> dict[str, Any]:
        """Return everything as text, numbers and lists, ready to be written as JSON."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__}
        plain["rule"] = {"sv": self.rule.sv, "en": self.rule.en}
        return {name: _plain(value) for name, value in plain.items()}


def _told(noun: str, names: tuple[str, ...]) -> dict[str, object]:
    return {noun: len(names), "names": list(names)}


def _plain(value: object) -> object:
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _joined(pairs: tuple[Pair, ...]) -> tuple[str, ...]:
    return tuple(f"{first}–{second}" for first, second in pairs)


def describe(
    graph: Neighbours | Graph | W,
    *,
    geometry: gpd.GeoSeries | None = None,
    land: gpd.GeoSeries | gpd.GeoDataFrame | BaseGeometry | None = None,
) -> Description:
    """Areas, links, components, isolated areas and links across water of a graph.

    Parameters
    ----------
    graph : Neighbours, libpysal.graph.Graph or libpysal.weights.W
        From `find`, `build` or `union`, or any other; a transformed copy has lost how it was
        built, and is described by its links alone.
    geometry, land : optional
        Polygons of the areas and the land, to tell which links cross water in a graph that was
        built without land. Give both or neither.

    Returns
    -------
    Description
        With `sentence`, `notes` and `as_dict`.

    Raises
    ------
    DataError
        When only one of `geometry` and `land` is given.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from grannskap.measures.neighbours import build
    >>> row = gpd.GeoSeries(
    ...     [shapely.box(x, 0, x + 1, 1) for x in (0, 1, 5)],
    ...     index=["0114A0010", "0114A0020", "0114A0030"], crs="EPSG:3006",
    ... )
    >>> found = describe(build(row))
    >>> found.links, found.components, found.isolated
    (1, (2, 1), ('0114A0030',))
    """
    if (geometry is None) != (land is None):
        raise DataError("geometry or land alone")
    taken = assembly.take(graph)
    codes = assembly.codes_of(taken)
    directed, _ = assembly.linked(taken, codes)
    provenance = assembly.provenance_of(taken)
    pairs = unordered(directed, len(codes))
    cardinality = np.bincount(directed[:, 0], minlength=len(codes))
    known = assembly.recorded(provenance, "crossing")
    if geometry is not None and land is not None:
        known = crossing_pairs(taken, geometry, land)
    return Description(
        kind=provenance.get("kind", "unknown"),
        rule=wording.rule(provenance),
        areas=len(codes),
        links=len(pairs),
        symmetric=len(directed) == 2 * len(pairs),
        mean=float(cardinality.mean()),
        least=int(cardinality.min()),
        most=int(cardinality.max()),
        components=_components(directed, len(codes)),
        isolated=tuple(codes[absent(len(codes), directed.ravel())]),
        without_land=tuple(assembly.recorded(provenance, "without_land") or ()),
        attached_isolates=tuple(assembly.recorded(provenance, "attached_isolates") or ()),
        bridges=_pairs(assembly.recorded(provenance, "bridges") or ()),
        crossing=None if known is None else _pairs(known),
        by_geometry=_pairs(assembly.recorded(provenance, "by_geometry") or ()),
    )


def _pairs(pairs: Iterable[Iterable[str]]) -> tuple[Pair, ...]:
    return tuple((first, second) for first, second in pairs)


def _components(directed: npt.NDArray[np.int64], n: int) -> tuple[int, ...]:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    links = coo_array((np.ones(len(directed)), directed.T), shape=(n, n))
    labels = connected_components(links, directed=False)[1]
    return tuple(sorted(np.bincount(labels).tolist(), reverse=True))
