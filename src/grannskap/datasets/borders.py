"""Borders between areas: smoothed and wiggled once each, then chained into rings."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["trace"]

Points = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
Ring = npt.NDArray[np.int64]

_WIGGLE = 0.15  # of the edge's length; more makes borders cross
_BEND_FROM = 0.16  # km: shorter edges stay straight


def trace(
    atoms: Points,
    vertices: Points,
    pairs: Labels,
    ends: Labels,
    areas: Labels,
    *,
    rng: np.random.Generator,
    origin: tuple[int, int],
) -> list[list[Ring]]:
    """Rings of each area, the outer one first, in whole metres.

    Parameters
    ----------
    atoms, vertices : numpy.ndarray, shape (n, 2)
        Voronoi sites and vertices, in km from the origin.
    pairs, ends : numpy.ndarray, shape (edges, 2)
        The two sites that an edge parts, and its two vertices.
    areas : numpy.ndarray
        Area number of each site; −1 for water and what lies outside.
    rng : numpy.random.Generator
        Wiggles the borders.
    origin : tuple of int
        East and north of the origin in metres.

    Returns
    -------
    list of list of numpy.ndarray
        Closed rings: outer ones counter-clockwise, holes clockwise.

    Examples
    --------
    A square of 100 m round one site, with water beyond its four sides:

    >>> atoms = np.array([[0.0, 0.0], [0.1, 0.0], [0.0, 0.1], [-0.1, 0.0], [0.0, -0.1]])
    >>> corners = np.array([[0.05, -0.05], [0.05, 0.05], [-0.05, 0.05], [-0.05, -0.05]])
    >>> ((ring,),) = trace(
    ...     atoms,
    ...     corners,
    ...     np.array([[0, 1], [0, 2], [0, 3], [0, 4]]),
    ...     np.array([[0, 1], [1, 2], [2, 3], [3, 0]]),
    ...     np.array([0, -1, -1, -1, -1]),
    ...     rng=np.random.default_rng(0),
    ...     origin=(0, 0),
    ... )
    >>> len(ring), bool((ring[0] == ring[-1]).all())
    (5, True)
    """
    kept = areas[pairs[:, 0]] != areas[pairs[:, 1]]
    pairs, ends = pairs[kept], ends[kept]
    lines = _wiggled(_smoothed(vertices, ends), ends, rng)
    metres = [np.rint(line * 1000).astype(np.int64) + np.asarray(origin) for line in lines]
    steps: list[dict[int, tuple[int, Ring]]] = [{} for _ in range(int(areas.max()) + 1)]
    for (one, other), (start, end), line in zip(pairs.tolist(), ends.tolist(), metres, strict=True):
        to_left = _cross(vertices[end] - vertices[start], atoms[one] - vertices[start]) > 0
        left, right = (one, other) if to_left else (other, one)
        if areas[left] >= 0:
            steps[areas[left]][start] = (end, line)
        if areas[right] >= 0:
            steps[areas[right]][end] = (start, line[::-1])
    return [_rings(step) for step in steps]


def _cross(a: Points, b: Points) -> float:
    return float(a[0] * b[1] - a[1] * b[0])


def _smoothed(vertices: Points, ends: Labels) -> Points:
    """Pull vertices where only two areas meet halfway to their neighbours on the border."""
    degree = np.bincount(ends.ravel(), minlength=len(vertices))
    moving = degree == 2
    for _ in range(2):
        total = np.zeros_like(vertices)
        np.add.at(total, ends[:, 0], vertices[ends[:, 1]])
        np.add.at(total, ends[:, 1], vertices[ends[:, 0]])
        pulled = vertices.copy()
        pulled[moving] = 0.5 * vertices[moving] + 0.25 * total[moving]
        vertices = pulled
    return vertices


def _wiggled(vertices: Points, ends: Labels, rng: np.random.Generator) -> list[Points]:
    """Displace midpoints sideways: once on edges of a street's length, thrice on long ones."""
    start, end = vertices[ends[:, 0]], vertices[ends[:, 1]]
    push = (rng.random((len(ends), 3)) - 0.5) * 2 * _WIGGLE
    middle = _displaced(start, end, push[:, 0])
    first = _displaced(start, middle, push[:, 1])
    last = _displaced(middle, end, push[:, 2])
    length = np.hypot(*(end - start).T)
    bends = np.digitize(length, [_BEND_FROM, 3 * _BEND_FROM])
    rows = np.stack([start, first, middle, last, end], axis=1)
    take = {0: [0, 4], 1: [0, 2, 4], 2: [0, 1, 2, 3, 4]}
    return [row[take[bend]] for row, bend in zip(rows, bends.tolist(), strict=True)]


def _displaced(start: Points, end: Points, push: Points) -> Points:
    along = end - start
    sideways = np.column_stack([-along[:, 1], along[:, 0]])
    middle: Points = (start + end) / 2 + push[:, None] * sideways
    return middle


def _rings(steps: dict[int, tuple[int, Ring]]) -> list[Ring]:
    """Chain an area's directed border lines, the area always on the left."""
    left = dict(steps)
    rings = []
    while left:
        at = next(iter(left))
        parts = []
        while at in left:
            at, line = left.pop(at)
            parts.append(line[:-1])
        rings.append(_closed(np.concatenate(parts)))
    return sorted(rings, key=_signed_area, reverse=True)


def _closed(ring: Ring) -> Ring:
    """Start at the westernmost point, whatever order the edges came in."""
    kept = ring[(ring != np.roll(ring, 1, axis=0)).any(axis=1)]
    begin = int(np.lexsort((kept[:, 1], kept[:, 0]))[0])
    rolled = np.roll(kept, -begin, axis=0)
    return np.concatenate([rolled, rolled[:1]])


def _signed_area(ring: Ring) -> float:
    x, y = (ring - ring[0]).T.astype(float)
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2)
