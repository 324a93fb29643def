"""What the page draws and reads: borders as shared arcs, numbers in byte planes, gzip, letters."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from grannskap.errors import DataError
from grannskap.letters import MARK, well_formed

__all__ = [
    "Borders",
    "Ints",
    "Shapes",
    "Steps",
    "arcs_of",
    "deltas",
    "letters",
    "pack",
    "planes",
    "simplified",
    "steps_for",
    "unzigzag",
    "zigzag",
]

Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%()*+,-./:;=?@[]^_|~"

_CONTROL = re.compile(r"(?<!\\)((?:\\\\)*)\\(?:u00[01][0-9a-f]|[bf])")
"""A control character as JSON writes it; after an even number of backslashes it is one."""

_MOST = 2**32 - 1
_MOST_TO_SIMPLIFY = 500_000
_ROUNDS_OF_THINNING = 3


@dataclass(frozen=True)
class Steps:
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

    def of(self, coordinates: npt.NDArray[np.float64]) -> Ints:
        """Return metres as whole steps from the origin."""
        moved = coordinates - np.array([self.x, self.y])
        moved /= self.step
        np.rint(moved, out=moved)
        return np.asarray(moved, dtype=np.int64)


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


@dataclass(frozen=True)
class _Rings:
    """Open rings on the grid, one after the other: points, where each begins, whose it is."""

    points: Ints
    starts: Ints
    owner: Ints

    @property
    def sizes(self) -> Ints:
        return np.diff(self.starts, append=len(self.points))


def steps_for(geometry: Shapes, tolerance: float) -> Steps:
    """Steps of the tolerance for very many vertices, else finer: smooth borders cost little."""
    west, south, *_ = shapely.total_bounds(geometry)
    step = tolerance if _many(geometry) else tolerance / 4
    return Steps(float(np.floor(west)), float(np.floor(south)), step or 1.0)


def _many(geometry: Shapes) -> bool:
    return bool(shapely.get_num_coordinates(geometry).sum() > _MOST_TO_SIMPLIFY)


def simplified(geometry: Shapes, tolerance: float) -> Shapes:
    """Polygons simplified together, so that neighbours stay neighbours; none gets empty.

    Of very many vertices the grid alone, and the thinning on it, take enough away.
    """
    if tolerance <= 0 or _many(geometry):
        return geometry
    simple = shapely.coverage_simplify(geometry, tolerance)
    lost = shapely.is_empty(simple) | shapely.is_missing(simple)
    return np.asarray(np.where(lost, geometry, simple))


def arcs_of(geometry: Shapes, steps: Steps) -> Borders:
    """Cut polygons into arcs between the points where three borders meet."""
    rings = _with_all_areas(_rings(geometry, steps), geometry, steps)
    vertex = _numbered(rings.points)
    cuts = np.flatnonzero(_junctions(vertex, rings))
    ring_of = np.repeat(np.arange(len(rings.starts)), rings.sizes)
    walk, bounds = _walk(cuts, ring_of, rings)
    arcs, first, backwards = _matched(vertex[walk], bounds)
    keep = np.repeat(first, np.diff(bounds))
    points, lengths = _thinned(rings.points[walk[keep]], np.diff(bounds)[first])
    return Borders(
        points=points,
        lengths=lengths,
        rings=np.bincount(rings.owner, minlength=len(geometry)),
        parts=np.bincount(ring_of[cuts], minlength=len(rings.starts)),
        arcs=arcs,
        backwards=backwards,
    )


def _rings(geometry: Shapes, steps: Steps) -> _Rings:
    """Rings of three different points or more; what rounding made of lesser ones is left out."""
    polygons, area = shapely.get_parts(geometry, return_index=True)
    lines, polygon = shapely.get_rings(polygons, return_index=True)
    coordinates, ring = shapely.get_coordinates(lines, return_index=True)
    points = steps.of(coordinates)
    # A ring repeats its first point at the end, and rounding makes points fall together.
    keep = np.zeros(len(points), dtype=bool)
    keep[:-1] = (points[1:] != points[:-1]).any(axis=1) & (ring[1:] == ring[:-1])
    sizes = np.bincount(ring[keep], minlength=len(lines))
    keep &= (sizes >= 3)[ring]
    sizes = sizes[sizes >= 3]
    owner = area[polygon[np.unique(ring[keep])]]
    return _Rings(points[keep], np.cumsum(sizes) - sizes, owner)


def _with_all_areas(rings: _Rings, geometry: Shapes, steps: Steps) -> _Rings:
    """Give areas smaller than a step a triangle of one step: as many shapes as areas."""
    lost = np.setdiff1d(np.arange(len(geometry)), rings.owner)
    if not len(lost):
        return rings
    inside = shapely.get_coordinates(shapely.point_on_surface(geometry[lost]))
    corners = steps.of(inside)[:, None, :] + np.array([[0, 0], [1, 0], [0, 1]])
    pieces = [*np.split(rings.points, rings.starts[1:]), *corners] if len(rings.starts) else corners
    owner = np.concatenate([rings.owner, lost])
    order = np.argsort(owner, kind="stable")
    sizes = np.array([len(pieces[i]) for i in order])
    points = np.concatenate([pieces[i] for i in order])
    return _Rings(points, np.cumsum(sizes) - sizes, owner[order])


def _numbered(points: Ints) -> Ints:
    """One number per place: points that fall together have the same."""
    return np.asarray(pd.factorize((points[:, 0] << 32) + points[:, 1])[0])


def _junctions(vertex: Ints, rings: _Rings) -> npt.NDArray[np.bool_]:
    """Points whose two neighbours differ from ring to ring: there arcs begin and end.

    A ring without any (an island, an enclave) begins at its lowest number.
    """
    last = rings.starts + rings.sizes - 1
    before, after = np.roll(vertex, 1), np.roll(vertex, -1)
    before[rings.starts], after[last] = vertex[last], vertex[rings.starts]
    low, high = np.minimum(before, after), np.maximum(before, after)
    some = np.empty(vertex.max() + 1, dtype=np.int64)
    some[vertex] = np.arange(len(vertex))
    one = some[vertex]
    places = np.zeros(len(some), dtype=bool)
    places[vertex[(low != low[one]) | (high != high[one])]] = True
    junction = places[vertex]
    without = ~np.logical_or.reduceat(junction, rings.starts)
    lowest = np.repeat(np.minimum.reduceat(vertex, rings.starts), rings.sizes)
    junction |= (vertex == lowest) & np.repeat(without, rings.sizes)
    return np.asarray(junction)


def _walk(cuts: Ints, ring_of: Ints, rings: _Rings) -> tuple[Ints, Ints]:
    """Positions of the points of every arc, and where each arc's positions begin."""
    ring = ring_of[cuts]
    first_of_ring = np.searchsorted(ring, np.arange(len(rings.starts)))
    last_cut = np.r_[ring[1:] != ring[:-1], True]
    following = np.where(last_cut, cuts[first_of_ring[ring]] + rings.sizes[ring], np.roll(cuts, -1))
    lengths = following - cuts + 1
    bounds = np.r_[0, np.cumsum(lengths)]
    position = np.arange(bounds[-1]) + np.repeat(cuts - bounds[:-1], lengths)
    end = np.repeat((rings.starts + rings.sizes)[ring], lengths)
    size = np.repeat(rings.sizes[ring], lengths)
    return np.where(position >= end, position - size, position), bounds


def _matched(ids: Ints, bounds: Ints) -> tuple[Ints, npt.NDArray[np.bool_], Ints]:
    """Number of each arc (equal ones share it), which come first, which are walked backwards.

    Arcs are equal when they hold the same points, in either order: each point has a random
    number, and the sums of different sets differ but for one chance in 10^18.
    """
    random = np.random.default_rng(0).integers(0, 2**63, ids.max() + 1, dtype=np.uint64)
    starts, ends = bounds[:-1], bounds[1:] - 1
    inner = np.add.reduceat(random[ids], starts)
    # The first point is left out once, so that a closed arc is not an open one.
    closed = ids[starts] == ids[ends]
    number, _ = pd.factorize(inner + closed.astype(np.uint64))
    leads = np.where(closed, np.minimum(starts + 1, ends), starts)
    first = np.zeros(len(starts), dtype=bool)
    first[np.unique(number, return_index=True)[1]] = True
    lead = ids[leads]
    backwards = lead != lead[first][number]
    return np.asarray(number, dtype=np.int64), first, backwards.astype(np.int64)


def _thinned(points: Ints, lengths: Ints) -> tuple[Ints, Ints]:
    """Leave out points whose triangle with their neighbours is flat or of one square at most.

    A triangle of grid points with an area of one square or half a square holds no other grid
    point inside it (Pick's theorem), so that a border never passes over another's point: no
    crossing can arise.
    """
    arc = np.repeat(np.arange(len(lengths)), lengths)
    for _ in range(_ROUNDS_OF_THINNING):
        inside = np.zeros(len(arc), dtype=bool)
        inside[1:-1] = (arc[:-2] == arc[1:-1]) & (arc[2:] == arc[1:-1])
        step = np.diff(points, axis=0)
        twice = np.zeros(len(arc), dtype=np.int64)
        twice[1:-1] = np.abs(step[:-1, 0] * step[1:, 1] - step[:-1, 1] * step[1:, 0])
        away = inside & (twice <= 2) & (np.bincount(arc)[arc] > 6)
        # Of neighbours only every other may go at a time.
        away[1:] &= ~(away[:-1] & (np.arange(1, len(arc)) % 2 == 1))
        away[1:] &= ~away[:-1]
        points, arc = points[~away], arc[~away]
    return points, np.bincount(arc, minlength=len(lengths))


def zigzag(values: Ints) -> Ints:
    """Fold signed numbers into unsigned ones: 0, −1, 1, −2 become 0, 1, 2, 3."""
    return np.where(values < 0, -2 * values - 1, 2 * values)


def unzigzag(folded: Ints) -> Ints:
    """Unfold what `zigzag` folded."""
    return np.where(folded % 2 == 1, -(folded + 1) // 2, folded // 2)


def deltas(values: Ints) -> Ints:
    """Fold the steps from each number to the next (the first: from 0)."""
    return zigzag(np.diff(values, prepend=0))


def planes(values: Ints) -> bytes:
    """Lay unsigned numbers out byte by byte: all lowest bytes first, the highest last.

    Bytes that no number needs are left out (see `width`). Like bytes stand together, which
    suits gzip, and the page needs few lines to read them.
    """
    if len(values) and (values.min() < 0 or values.max() > _MOST):
        raise DataError("too many digits to pack", {"most": str(values.max())})
    return values.astype("<u4").view(np.uint8).reshape(-1, 4).T[: width(values)].tobytes()


def width(values: Ints) -> int:
    """Bytes that the greatest number needs, 1 to 4."""
    return max(1, -(-int(values.max(initial=0)).bit_length() // 8))


def pack(head: Mapping[str, object], columns: Mapping[str, Ints]) -> str:
    """Text of gzip of: length of the head (4 bytes), the head as JSON, the columns.

    The head is told under ``columns`` the name, length and width of each column, in order. The same
    input gives the same text: gzip is given no time.
    """
    sizes = [[name, len(values), width(values)] for name, values in columns.items()]
    text = json.dumps({**head, "columns": sizes}, ensure_ascii=False, allow_nan=False)
    first = _CONTROL.sub(rf"\1{MARK}", well_formed(text)).encode("utf-8")
    body = b"".join(planes(values) for values in columns.values())
    whole = len(first).to_bytes(4, "little") + first + body
    return letters(gzip.compress(whole, compresslevel=8, mtime=0))


def letters(data: bytes) -> str:
    """Bytes as letters that mean nothing in HTML: five for each four (base64: five and a third).

    Before them stand the number of bytes and the alphabet, which has no quote, angle bracket,
    ampersand, backslash or brace.
    """
    padded = np.frombuffer(data + bytes(-len(data) % 4), dtype=">u4").astype(np.int64)
    digits = np.empty((len(padded), 5), dtype=np.uint8)
    for place in range(4, -1, -1):
        digits[:, place] = padded % 85
        padded //= 85
    alphabet = np.frombuffer(_ALPHABET.encode("ascii"), dtype=np.uint8)
    return f"{len(data)} {_ALPHABET} {alphabet[digits].tobytes().decode('ascii')}"
