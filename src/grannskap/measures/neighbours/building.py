"""Neighbours of every area, by one of five rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from grannskap import land as dry
from grannskap.errors import DataError
from grannskap.measures.neighbours import assembly, checks, contiguity, distance, joins, water

if TYPE_CHECKING:
    import geopandas as gpd
    from libpysal.graph import Graph
    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

__all__ = ["Kernel", "Kind", "Rule", "build", "find"]

Kind = Literal["queen", "rook", "knn", "distance", "kernel"]
Kernel = Literal["triangular", "gaussian"]
Directed = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Rule:
    """By which rule areas are neighbours; `build` describes each part."""

    kind: Kind = "queen"
    k: int = 6
    threshold: float | None = None
    bandwidth: float | None = None
    kernel: Kernel = "triangular"
    tolerance: float = 0.0

    def as_provenance(self) -> assembly.Provenance:
        """Return the parts of the rule that the kind uses."""
        used = {
            "queen": ("tolerance",),
            "rook": ("tolerance",),
            "knn": ("k",),
            "distance": ("threshold",),
            "kernel": ("bandwidth", "kernel"),
        }[self.kind]
        return {"kind": self.kind, **{name: getattr(self, name) for name in used}}


def build(
    geometry: gpd.GeoSeries,
    *,
    kind: Kind = "queen",
    k: int = 6,
    threshold: float | None = None,
    bandwidth: float | None = None,
    kernel: Kernel = "triangular",
    tolerance: float = 0.0,
    land: gpd.GeoSeries | gpd.GeoDataFrame | BaseGeometry | None = None,
    bridges: Iterable[tuple[str, str]] = (),
    attach_isolates: int | None = None,
) -> Graph:
    """Neighbours of every area, as a graph of weights 1 (kernels: falling with distance).

    Two areas are **queen** neighbours when they have a point in common, **rook** neighbours
    when they have a stretch of border in common. Areas that overlap are neighbours under both.
    Where borders share their vertices this is found by hashing vertices (or edges); every
    other pair whose boxes meet is tested by geometry, so a vertex of one area on the edge of
    another counts too. `describe` says how many links only the geometry showed.

    Parameters
    ----------
    geometry : geopandas.GeoSeries
        Valid polygons, index ``deso``, in any order. For ``knn``, ``distance`` and ``kernel``
        also points, such as population-weighted middles; polygons are measured between their
        representative points (a point inside each).
    kind : {"queen", "rook", "knn", "distance", "kernel"}
        The rule. ``knn`` is not symmetric.
    k : int
        ``knn``: how many. Distances equal to the millimetre go to the lower code. Where there
        are fewer than `k` others, all of them.
    threshold : float
        ``distance``: metres up to which areas are neighbours.
    bandwidth : float
        ``kernel``: metres, the same for every area.
    kernel : {"triangular", "gaussian"}
        With z = distance / bandwidth: 1 − z, or exp(−z²/2)/√(2π) up to z = 3.
    tolerance : float
        ``queen``, ``rook``: areas no more than this many metres apart touch. Two areas are
        then rook neighbours when one runs within `tolerance` of the other for more than four
        times `tolerance`, which two areas that meet at a right corner do not.
    land : geopandas.GeoSeries, geopandas.GeoDataFrame or shapely geometry, optional
        Land as polygons. Areas are cut to it before they are compared (and touch within a
        centimetre), so islands are no neighbours across the sea. An area without land has no
        neighbours, and `describe` names it.
    bridges : iterable of (str, str)
        Pairs of codes to link, both ways, whatever the rule says.
    attach_isolates : int, optional
        Links each area that is left without neighbours to this many nearest, both ways.

    Returns
    -------
    libpysal.graph.Graph
        Areas in the order of `geometry`; never a link from an area to itself. How it was built
        lies in ``graph.adjacency.attrs``, where `describe` finds it.

    Raises
    ------
    CodeError
        When codes repeat, or a bridge names an area that is not there.
    DataError
        When a geometry is missing, empty or of the wrong type, when metres are needed and the
        coordinate system has none, or when an option does not belong to the kind.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> squares = gpd.GeoSeries(
    ...     [shapely.box(x, 0, x + 1, 1) for x in (0, 1, 5)],
    ...     index=["0114A0010", "0114A0020", "0114A0030"], crs="EPSG:3006",
    ... )
    >>> build(squares).cardinalities.tolist()
    [1, 1, 0]
    """
    rule = Rule(kind, k, threshold, bandwidth, kernel, float(tolerance))
    return find(geometry, rule, land=land, bridges=bridges, attach_isolates=attach_isolates).graph


def find(
    geometry: gpd.GeoSeries,
    rule: Rule,
    *,
    land: gpd.GeoSeries | gpd.GeoDataFrame | BaseGeometry | None = None,
    bridges: Iterable[tuple[str, str]] = (),
    attach_isolates: int | None = None,
) -> assembly.Neighbours:
    """Neighbours of every area, as `build` finds them, without making a graph of libpysal.

    Parameters
    ----------
    geometry, land, bridges, attach_isolates
        As in `build`.
    rule : Rule
        By which rule areas are neighbours.

    Returns
    -------
    Neighbours
        What `describe`, `links` and the measures take; its ``graph`` is what `build` returns.

    Raises
    ------
    CodeError, DataError
        As `build`.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> squares = gpd.GeoSeries(
    ...     [shapely.box(x, 0, x + 1, 1) for x in (0, 1, 5)],
    ...     index=["0114A0010", "0114A0020", "0114A0030"], crs="EPSG:3006",
    ... )
    >>> find(squares, Rule("rook")).adjacency.tolist()
    [1, 1, 0]
    """
    checks.geometries(geometry)
    _check(rule, land, attach_isolates, geometry.crs)
    codes = checks.codes(geometry.index)
    order = np.argsort(codes.to_numpy(dtype=object), kind="stable")
    shapes = checks.shapes(
        geometry.geometry, polygons=rule.kind in checks.CONTIGUITY or land is not None
    )[order]
    ground = None if land is None else dry.of(land, geometry.crs)
    shapes = shapes if ground is None else dry.clip(shapes, ground)
    directed, weights, unmatched = _links(shapes, rule, on_land=ground is not None)
    provenance = rule.as_provenance()
    provenance["by_geometry"] = joins.named(codes[order], unmatched)
    extra = checks.bridge_positions(bridges, codes[order])
    if rule.kind == "kernel":
        _refuse_extras(extra, attach_isolates)
    else:
        directed, lonely = _with_extras(shapes, directed, extra, attach_isolates)
        weights = np.ones(len(directed), dtype=np.int64)
        provenance["attached_isolates"] = codes[order][lonely].tolist()
    provenance["bridges"] = joins.named(codes[order], extra)
    provenance["attach_isolates"] = attach_isolates
    if ground is not None:
        provenance |= _on_land(codes[order], shapes, directed, ground)
    return assembly.assemble(codes, order[directed], weights, provenance)


def _check(rule: Rule, land: object, attach_isolates: int | None, crs: CRS | None) -> None:
    sizes = {"threshold": rule.threshold, "bandwidth": rule.bandwidth, "tolerance": rule.tolerance}
    checks.options(rule.kind, rule.k, sizes)
    if rule.kernel not in distance.KERNELS:
        raise DataError(
            "no such kernel", {"kernels": list(distance.KERNELS), "kernel": repr(rule.kernel)}
        )
    if attach_isolates is not None and attach_isolates < 1:
        raise DataError("no neighbour to attach", {"count": str(attach_isolates)})
    by_metres = rule.kind not in checks.CONTIGUITY or rule.tolerance > 0
    if by_metres or land is not None or attach_isolates is not None:
        checks.metres(crs)


def _refuse_extras(extra: Directed, attach_isolates: int | None) -> None:
    if len(extra) or attach_isolates is not None:
        raise DataError("kernel with added links")


def _links(
    shapes: npt.NDArray[np.object_], rule: Rule, *, on_land: bool
) -> tuple[Directed, npt.NDArray[np.float64], Directed]:
    """Links, weights, and pairs that only geometry showed, among areas that have a shape."""
    there = np.flatnonzero(~shapely.is_empty(shapes))
    if rule.kind in checks.CONTIGUITY:
        reach = max(rule.tolerance, water.TOUCH) if on_land else rule.tolerance
        touch = contiguity.touching(shapes[there], rook=rule.kind == "rook", tolerance=reach)
        directed = there[np.concatenate([touch.pairs, touch.pairs[:, ::-1]])]
        return directed, np.ones(len(directed)), there[touch.pairs[touch.by_geometry]]
    directed, weights = _by_distance(_points(shapes[there]), rule)
    return there[directed], weights, np.empty((0, 2), dtype=np.int64)


def _by_distance(
    points: npt.NDArray[np.float64], rule: Rule
) -> tuple[Directed, npt.NDArray[np.float64]]:
    size = rule.threshold if rule.kind == "distance" else rule.bandwidth
    if rule.kind == "knn":
        directed = distance.nearest(points, rule.k)
    elif size is None:
        name = "threshold" if rule.kind == "distance" else "bandwidth"
        raise DataError(
            "no metres given",
            {
                "name": name,
                "kind": repr(rule.kind),
                "metres": f"{distance.nearest_distance(points):.0f}",
            },
        )
    elif rule.kind == "distance":
        directed = distance.within(points, size)
    else:
        return distance.kernel(points, size, shape=rule.kernel)
    return directed, np.ones(len(directed))


def _points(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.float64]:
    return np.asarray(shapely.get_coordinates(shapely.point_on_surface(shapes)))


def _with_extras(
    shapes: npt.NDArray[np.object_],
    directed: Directed,
    extra: Directed,
    attach_isolates: int | None,
) -> tuple[Directed, npt.NDArray[np.int64]]:
    """Add bridges, then nearest ones for whoever is left alone (and has land)."""
    linked = joins.once(np.concatenate([directed, extra, extra[:, ::-1]]), len(shapes))
    there = np.flatnonzero(~shapely.is_empty(shapes))
    alone = np.flatnonzero(np.isin(there, joins.absent(len(shapes), linked.ravel())))
    if attach_isolates is None or len(alone) == 0:
        return linked, np.empty(0, dtype=np.int64)
    added = there[distance.nearest(_points(shapes[there]), attach_isolates, of=alone)]
    return joins.once(np.concatenate([linked, added, added[:, ::-1]]), len(shapes)), there[alone]


def _on_land(
    codes: pd.Index[Any], shapes: npt.NDArray[np.object_], directed: Directed, ground: dry.Land
) -> assembly.Provenance:
    links = joins.unordered(directed, len(shapes))
    wet = water.crossing(shapes, links, ground)
    return {
        "without_land": codes[shapely.is_empty(shapes)].tolist(),
        "crossing": joins.named(codes, links[wet]),
    }
