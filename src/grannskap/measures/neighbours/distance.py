"""Who is near whom by the distance between points: k nearest, bands and kernels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

__all__ = ["KERNELS", "kernel", "nearest", "nearest_distance", "within"]

Points = npt.NDArray[np.float64]
Directed = npt.NDArray[np.int64]

KERNELS = ("triangular", "gaussian")
TIE = 0.001
"""Distances that differ by less than this many metres are tied."""


def _tree(points: Points) -> cKDTree:
    from scipy.spatial import cKDTree  # areas that touch need no distances

    return cKDTree(points)


def nearest(points: Points, k: int, *, of: npt.NDArray[np.int64] | None = None) -> Directed:
    """Pairs (focal, neighbour): the k nearest others of each point (or of those in `of`).

    Distances count in whole millimetres; ties go to the lower position, so a caller that
    sorts by code gets the same pairs whatever the order of the rows was.
    """
    focal = np.arange(len(points)) if of is None else of
    tree = _tree(points)
    others = len(points) - 1
    found = []
    asked = min(k + 4, others)
    while len(focal):
        distance, place = tree.query(points[focal], k=asked + 1)
        distance, place = distance.reshape(len(focal), -1), place.reshape(len(focal), -1)
        steps = np.where(place == focal[:, None], -1, np.rint(distance / TIE)).astype(np.int64)
        order = np.lexsort([place, steps], axis=1)
        steps = np.take_along_axis(steps, order, axis=1)
        place = np.take_along_axis(place, order, axis=1)
        # Sure once the farthest seen is farther than the k-th, or all have been seen.
        sure = (steps[:, -1] > steps[:, min(k, others)] + 1) | (asked == others)
        sure &= steps[:, 0] < 0  # many at one spot may hide the point from itself
        chosen = place[sure, 1 : min(k, others) + 1]
        found.append(np.column_stack([np.repeat(focal[sure], chosen.shape[1]), chosen.ravel()]))
        focal = focal[~sure]
        asked = min(2 * asked, others)
    return np.concatenate(found).astype(np.int64)


def nearest_distance(points: Points) -> float:
    """Return the metres within which every point has at least one other."""
    return float(_tree(points).query(points, k=2)[0][:, 1].max())


def within(points: Points, threshold: float) -> Directed:
    """Pairs (focal, neighbour) no more than `threshold` metres apart, both ways."""
    pairs = _tree(points).query_pairs(threshold, output_type="ndarray").astype(np.int64)
    return np.concatenate([pairs, pairs[:, ::-1]])


def kernel(
    points: Points, bandwidth: float, *, shape: str
) -> tuple[Directed, npt.NDArray[np.float64]]:
    """Pairs within the bandwidth and weights that fall with distance: z = distance / bandwidth.

    Triangular: 1 − z. Gaussian: exp(−z²/2) / √(2π), cut at z = 3, where it is 1 % of its peak.
    """
    pairs = within(points, bandwidth if shape == "triangular" else 3 * bandwidth)
    z = np.linalg.norm(points[pairs[:, 0]] - points[pairs[:, 1]], axis=1) / bandwidth
    bell = np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi)
    weights = 1 - z if shape == "triangular" else bell
    real = weights > 0
    return pairs[real], weights[real]
