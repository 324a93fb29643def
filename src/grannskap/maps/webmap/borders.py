"""Borders: simplified as a coverage, cut into arcs, every shared border stored once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from grannskap.maps.webmap.packing import Ints

__all__ = ["Borders", "Grid", "Shapes", "arcs_of", "simplified"]

Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Grid:
    """Whole steps of `step` metres from an origin: what the page computes in.

    Attributes
    ----------
    x, y : float
        The origin, metres.
    step : float
        The length of one step, metres.
    """

    x: float
    y: float
    step: float

    def steps(self, coordinates: npt.NDArray[np.float64]) -> Ints:
        """Return metres as whole steps from the origin."""
        return np.rint((coordinates - [self.x, self.y]) / self.step).astype(np.int64)


@dataclass(frozen=True)
class Borders:
    """Areas as rings of arcs.

    Attributes
    ----------
    points : array of int, shape (n, 2)
        The points of all arcs, in steps, one arc after the other.
    lengths : array of int
        Points per arc.
    rings : array of int
        Rings per area.
    parts : array of int
        Arcs per ring.
    arcs : array of int
        Arc of every part, in order.
    backwards : array of int
        1 where the arc is walked from its end.
    """

    points: Ints
    lengths: Ints
    rings: Ints
    parts: Ints
    arcs: Ints
    backwards: Ints


def simplified(geometry: Shapes, tolerance: float) -> Shapes:
    """Polygons simplified together, so that neighbours stay neighbours; none gets empty."""
    if tolerance <= 0:
        return geometry
    simple = shapely.coverage_simplify(geometry, tolerance)
    lost = shapely.is_empty(simple) | shapely.is_missing(simple)
    return np.where(lost, geometry, simple)


def arcs_of(geometry: Shapes, grid: Grid) -> Borders:
    """Cut polygons into arcs between the points where three borders meet."""
    points, ring, owner = _rings(geometry, grid)
    _, vertex = np.unique((points[:, 0] << 32) + points[:, 1], return_inverse=True)
    starts = np.flatnonzero(np.r_[True, ring[1:] != ring[:-1]])
    ends = np.r_[starts[1:], len(ring)]
    junction = _junctions(vertex, starts, ends)
    seen: dict[bytes, int] = {}
    cut = _Cut([], [], [], [])
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        _cut_ring(cut, seen, vertex[start:end], junction[start:end], start)
    order = np.concatenate(cut.pieces)
    return Borders(
        points=points[order],
        lengths=np.array([len(piece) for piece in cut.pieces]),
        rings=np.bincount(owner[starts], minlength=len(geometry)),
        parts=np.array(cut.parts),
        arcs=np.array(cut.arcs),
        backwards=np.array(cut.backwards),
    )


@dataclass(frozen=True)
class _Cut:
    """What grows while rings are cut: pieces are positions in the array of points."""

    pieces: list[Ints]
    parts: list[int]
    arcs: list[int]
    backwards: list[int]


def _rings(geometry: Shapes, grid: Grid) -> tuple[Ints, Ints, Ints]:
    """Open rings on the grid: points, ring number and area of every point."""
    polygons, area = shapely.get_parts(geometry, return_index=True)
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    points = grid.steps(coordinates)
    # A ring repeats its first point at the end, and rounding makes points fall together.
    same_ring = np.r_[ring[1:] == ring[:-1], False]
    moved = np.r_[(points[1:] != points[:-1]).any(axis=1), False]
    keep = same_ring & moved
    points, ring = points[keep], ring[keep]
    owner = area[polygon[ring]]
    enough = np.bincount(ring, minlength=len(rings))[ring] >= 3
    points, ring, owner = points[enough], ring[enough], owner[enough]
    return _restore(geometry, grid, points, ring, owner)


def _restore(
    geometry: Shapes, grid: Grid, points: Ints, ring: Ints, owner: Ints
) -> tuple[Ints, Ints, Ints]:
    """Give areas smaller than a step a triangle of one step: as many shapes as areas."""
    lost = np.setdiff1d(np.arange(len(geometry)), owner)
    if not len(lost):
        return points, ring, owner
    inside = shapely.get_coordinates(shapely.point_on_surface(geometry[lost]))
    corners = grid.steps(inside)[:, None, :] + np.array([[0, 0], [1, 0], [0, 1]])
    first = ring.max(initial=-1) + 1
    points = np.concatenate([points, corners.reshape(-1, 2)])
    ring = np.concatenate([ring, np.repeat(first + np.arange(len(lost)), 3)])
    owner = np.concatenate([owner, np.repeat(lost, 3)])
    order = np.lexsort((ring, owner))
    return points[order], ring[order], owner[order]


def _junctions(vertex: Ints, starts: Ints, ends: Ints) -> npt.NDArray[np.bool_]:
    """Points whose two neighbours differ from ring to ring: there arcs begin and end."""
    before = np.r_[vertex[:1], vertex[:-1]]
    before[starts] = vertex[ends - 1]
    after = np.r_[vertex[1:], vertex[:1]]
    after[ends - 1] = vertex[starts]
    low, high = np.minimum(before, after), np.maximum(before, after)
    _, first = np.unique(vertex, return_index=True)
    differs = (low != low[first][vertex]) | (high != high[first][vertex])
    return (np.bincount(vertex, weights=differs) > 0)[vertex]


def _cut_ring(
    cut: _Cut, seen: dict[bytes, int], vertex: Ints, junction: npt.NDArray[np.bool_], start: int
) -> None:
    """Add one ring's arcs to the cut, each only if it was not met before."""
    places = np.flatnonzero(junction)
    if not len(places):
        places = np.array([int(np.argmin(vertex))])
    turned = np.r_[np.arange(places[0], len(vertex)), np.arange(places[0] + 1)]
    bounds = np.r_[places - places[0], len(vertex)].tolist()
    turned[-1] = places[0]
    ids = vertex[turned]
    cut.parts.append(len(bounds) - 1)
    for i in range(len(bounds) - 1):
        piece = slice(bounds[i], bounds[i + 1] + 1)
        arc = ids[piece]
        backward = _is_backward(arc)
        key = (arc[::-1] if backward else arc).tobytes()
        number = seen.setdefault(key, len(cut.pieces))
        if number == len(cut.pieces):
            where = start + turned[piece]
            cut.pieces.append(where[::-1] if backward else where)
        cut.arcs.append(number)
        cut.backwards.append(int(backward))


def _is_backward(arc: Ints) -> bool:
    """Whether an arc is walked from its greater end (closed: from its greater second point)."""
    if arc[0] != arc[-1]:
        return bool(arc[0] > arc[-1])
    return bool(arc[1] > arc[-2])
