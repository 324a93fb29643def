"""Which areas touch: by common vertices and edges where there are any, by geometry elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from grannskap.measures.neighbours.joins import Pairs, codes

__all__ = ["Contacts", "stretches", "touching"]

Geometries = npt.NDArray[np.object_]

_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9))
_HALF = np.uint64(32)


@dataclass(frozen=True)
class Contacts:
    """Pairs of positions (first < second, sorted), and which of them only geometry showed."""

    pairs: Pairs
    by_geometry: npt.NDArray[np.bool_]


def touching(geometries: Geometries, *, rook: bool, tolerance: float) -> Contacts:
    """Find every pair of areas that touch, overlap, or come within `tolerance` metres.

    In an exact coverage two areas that touch have a vertex in common, and two that share a
    stretch of border an edge: these are found by sorting hashes. Every pair that stays
    unmatched although its boxes meet is put to the geometric test, so borders whose vertices
    do not match, overlaps and near misses are found as well, and the answer is the same as if
    all pairs had been tested.
    """
    matched = _matched(geometries, edges=rook)
    near = _boxes_meet(geometries, rook=rook, tolerance=tolerance)
    left = near[~_among(codes(near, len(geometries)), codes(matched, len(geometries)))]
    found = left[_near(geometries, left, tolerance)]
    if rook:
        found = found[_share_stretch(geometries, found, tolerance)]
    pairs = np.concatenate([matched, found])
    by_geometry = np.repeat([False, True], [len(matched), len(found)])
    order = np.argsort(codes(pairs, len(geometries)))
    return Contacts(pairs[order], by_geometry[order])


def stretches(geometries: Geometries) -> tuple[Pairs, Geometries]:
    """Return pairs of areas that have edges in common (first < second, sorted), and these as lines.

    Where the vertices of two borders do not match, the pair is not among them.
    """
    xy, ring, area = _ring_vertices(geometries)
    p, partner = _common_edges(xy, ring, area)
    key = area[p] * len(geometries) + partner
    begins = np.ones(len(p), dtype=bool)
    follows = (p[1:] == p[:-1] + 1) & (ring[p[1:]] == ring[p[:-1]])
    begins[1:] = (key[1:] != key[:-1]) | ~follows
    starts = np.flatnonzero(begins)
    size = np.diff(np.r_[starts, len(p)]) + 1
    run = np.repeat(np.arange(len(starts)), size)
    step = np.arange(len(run)) - np.repeat(np.cumsum(size) - size, size)
    lines = shapely.linestrings(xy[p[starts][run] + step], indices=run)
    order = np.argsort(key[starts], kind="stable")
    pairs, of = np.unique(key[starts][order], return_inverse=True)
    whole = shapely.line_merge(shapely.multilinestrings(lines[order], indices=of))
    return np.column_stack(np.divmod(pairs, len(geometries))), np.asarray(whole)


def _common_edges(
    xy: npt.NDArray[np.float64], ring: npt.NDArray[np.int64], area: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Where edges start that two areas share, on the lower one's ring, and the other area."""
    spots = xy.view(np.complex128).ravel()
    first = np.flatnonzero((ring[1:] == ring[:-1]) & (spots[1:] != spots[:-1]))
    hashes = _hash(xy)
    order = np.argsort(hashes[first] + hashes[first + 1], kind="stable")
    sorted_hashes = (hashes[first] + hashes[first + 1])[order]
    same = np.flatnonzero(sorted_hashes[1:] == sorted_hashes[:-1])
    p, q = first[order[same]], first[order[same + 1]]
    ends = [np.sort(np.column_stack([spots[at], spots[at + 1]]), axis=1) for at in (p, q)]
    kept = (area[p] != area[q]) & (ends[0] == ends[1]).all(axis=1)
    p, q = p[kept], q[kept]
    swap = area[p] > area[q]
    p, q = np.where(swap, q, p), np.where(swap, p, q)
    order = np.argsort(p, kind="stable")
    return p[order], area[q[order]]


def _among(values: npt.NDArray[np.int64], ordered: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    places = np.searchsorted(ordered, values)
    return np.asarray(np.append(ordered, -1)[places] == values)


def _matched(geometries: Geometries, *, edges: bool) -> Pairs:
    """Pairs that have a vertex (or an edge, two vertices in a row on a ring) in common."""
    if edges:
        xy, ring, area = _ring_vertices(geometries)
        hashes = _hash(xy)
        spots = xy.view(np.complex128).ravel()
        # A repeated vertex makes an edge without length, which is no stretch of border.
        first = np.flatnonzero((ring[1:] == ring[:-1]) & (spots[1:] != spots[:-1]))
        ends = np.sort(np.column_stack([spots[first], spots[first + 1]]), axis=1)
        return _verified(hashes[first] + hashes[first + 1], ends, area[first], len(geometries))
    xy, area = shapely.get_coordinates(geometries, return_index=True)
    xy += 0.0  # makes -0.0 the same bits as 0.0
    return _verified(_hash(xy), xy.view(np.complex128), area, len(geometries))


def _ring_vertices(
    geometries: Geometries,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Coordinates of all rings, with the ring and the area that each belongs to."""
    parts, owner = shapely.get_parts(geometries, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    xy += 0.0
    return xy, ring, owner[part[ring]]


def _hash(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.uint64]:
    bits = xy.view(np.uint64)
    mixed = bits[:, 0] * _MIX[0]
    mixed ^= mixed >> _HALF
    mixed += bits[:, 1] * _MIX[1]
    mixed ^= mixed >> _HALF
    mixed *= _MIX[2]
    mixed ^= mixed >> _HALF
    return np.asarray(mixed)


def _verified(
    hashes: npt.NDArray[np.uint64],
    exact: npt.NDArray[np.complex128],
    area: npt.NDArray[np.int64],
    n: int,
) -> Pairs:
    """Pairs of areas that hold equal things: equal by hash, then one of each pair by value.

    A pair whose one looked-at match is a collision is left out here, and so meets the
    geometric test: a collision costs time, never truth.
    """
    p, q = _equal(hashes, area)
    swap = area[p] > area[q]
    p, q = np.where(swap, q, p), np.where(swap, p, q)
    _, at = np.unique(area[p] * n + area[q], return_index=True)
    p, q = p[at], q[at]
    same = (exact[p] == exact[q]).all(axis=1)
    return np.column_stack([area[p][same], area[q][same]])


def _equal(
    hashes: npt.NDArray[np.uint64], area: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Positions p, q of equal hashes in different areas, at least one for each pair of areas.

    Position and the hash's upper bits share one word, so that a plain sort serves; it is
    several times faster than an argsort.
    """
    bits = np.uint64(max(1, len(hashes).bit_length()))
    packed = (hashes >> bits) << bits
    packed |= np.arange(len(hashes), dtype=np.uint64)
    packed.sort()
    where = (packed & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)
    packed >>= bits
    starts = np.flatnonzero(packed[1:] == packed[:-1])
    ps, qs = [starts[:0]], [starts[:0]]
    shift = 1
    while len(starts):
        p, q = where[starts], where[starts + shift]
        other = area[p] != area[q]
        p, q = p[other], q[other]
        if 8 * len(p) > len(area):
            p, q = _thin(p, q, area)
        ps.append(p)
        qs.append(q)
        shift += 1
        starts = starts[starts + shift < len(hashes)]
        starts = starts[packed[starts] == packed[starts + shift]]
    return np.concatenate(ps), np.concatenate(qs)


def _thin(
    p: npt.NDArray[np.int64], q: npt.NDArray[np.int64], area: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Keep the first of each run along a ring: borders are shared by hundreds of vertices."""
    partner = np.full(len(area) + 1, -1, dtype=np.int64)
    partner[p] = q
    other = np.where(partner[:-1] >= 0, area[partner[:-1]], -1)
    begins = np.ones(len(area), dtype=bool)
    begins[1:] = (other[1:] != other[:-1]) | (area[1:] != area[:-1])
    kept = np.flatnonzero(begins & (other >= 0))
    return kept, partner[kept]


def _boxes_meet(geometries: Geometries, *, rook: bool, tolerance: float) -> Pairs:
    bounds = shapely.bounds(geometries)
    grown = bounds + np.array([-1, -1, 1, 1]) * tolerance
    wide = geometries if tolerance == 0 else np.asarray(shapely.box(*grown.T))
    pairs = shapely.STRtree(geometries).query(wide).T.astype(np.int64)
    pairs = pairs[pairs[:, 0] < pairs[:, 1]]
    if rook and tolerance == 0:  # boxes that meet in a point hold no common stretch
        low = np.maximum(bounds[pairs[:, 0], :2], bounds[pairs[:, 1], :2])
        high = np.minimum(bounds[pairs[:, 0], 2:], bounds[pairs[:, 1], 2:])
        pairs = pairs[(high > low).any(axis=1)]
    return pairs


def _near(geometries: Geometries, pairs: Pairs, tolerance: float) -> npt.NDArray[np.bool_]:
    first, second = geometries[pairs[:, 0]], geometries[pairs[:, 1]]
    if tolerance > 0:
        shapely.prepare(first)  # distances between detailed borders are dear without
        return np.asarray(shapely.dwithin(first, second, tolerance), dtype=bool)
    return np.asarray(shapely.intersects(first, second), dtype=bool)


def _share_stretch(geometries: Geometries, pairs: Pairs, tolerance: float) -> npt.NDArray[np.bool_]:
    """Overlap, or run along each other for more than a corner's worth (4 × tolerance)."""
    first, second = geometries[pairs[:, 0]], geometries[pairs[:, 1]]
    overlap = shapely.relate_pattern(first, second, "2********")
    if tolerance == 0:
        return np.asarray(overlap | shapely.relate_pattern(first, second, "****1****"))
    stretch = np.maximum(
        _length_within(first, second, tolerance), _length_within(second, first, tolerance)
    )
    return np.asarray(overlap | (stretch > 4 * tolerance))


def _length_within(
    first: Geometries, second: Geometries, tolerance: float
) -> npt.NDArray[np.float64]:
    """Metres of the first one's border that lie within `tolerance` of the second."""
    zone = shapely.buffer(second, tolerance)
    return np.asarray(shapely.length(shapely.intersection(shapely.boundary(first), zone)))
