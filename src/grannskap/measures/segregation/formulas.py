"""The formulas of evenness and exposure, on counts of groups by area.

Every function takes counts of shape (…, groups, areas) and returns one number for each of the
leading places, so that a thousand redraws of a town are one call. Where a group or a town has
nobody, the number is NaN.
"""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Measures = Mapping[str, Callable[[Floats], Floats]]

__all__ = [
    "MANY",
    "ORDERED",
    "TWO",
    "atkinson",
    "correlation_ratio",
    "dissimilarity",
    "entropy",
    "exposure",
    "gini",
    "information",
    "isolation",
    "isolation_of_second",
    "ordinal",
    "ordinal_root",
    "ordinal_variance",
    "rank_order",
    "root",
    "theil_h",
    "variance",
]


def dissimilarity(counts: Floats) -> Floats:
    r"""Share who would have to move for all areas to be alike, 0–1 (Morgan 1975; Sakoda 1981).

    :math:`\sum_{ig} t_i |p_{ig} - P_g| / (2 T \sum_g P_g (1 - P_g))`; with two groups it is
    :math:`\tfrac12 \sum_i |x_i / X - y_i / Y|`.

    Examples
    --------
    >>> float(dissimilarity(np.array([[40.0, 10.0], [10.0, 40.0]])))
    0.6
    """
    whole, shares, sizes = _margins(counts)
    apart = np.abs(counts - shares[..., None] * sizes[..., None, :]).sum(axis=(-2, -1))
    return _divided(apart, 2 * whole * (shares * (1 - shares)).sum(axis=-1))


def gini(counts: Floats) -> Floats:
    r"""Mean difference between the areas of two people drawn at random, 0–1 (Reardon 2002).

    :math:`\sum_g \sum_{ij} t_i t_j |p_{ig} - p_{jg}| / (2 T^2 \sum_g P_g (1 - P_g))`. In order of
    a group's share the double sum is one over the cumulated people.
    """
    whole, shares, sizes = _margins(counts)
    people = np.broadcast_to(sizes[..., None, :], counts.shape)
    inside = np.divide(counts, people, out=np.zeros_like(counts), where=people > 0)
    order = np.argsort(inside, axis=-1, kind="stable")
    held = np.take_along_axis(counts, order, axis=-1)
    people = np.take_along_axis(people, order, axis=-1)
    below_people = people.cumsum(axis=-1) - people
    below_held = held.cumsum(axis=-1) - held
    differences = 2 * (held * below_people - people * below_held).sum(axis=(-2, -1))
    return _divided(differences, 2 * whole**2 * (shares * (1 - shares)).sum(axis=-1))


def information(counts: Floats) -> Floats:
    r"""Mutual information of group and area in nats, 0 … the groups' entropy (Theil 1971).

    :math:`M = \sum_{ig} \frac{t_{ig}}{T} \ln \frac{p_{ig}}{P_g}`, which is also the mean
    divergence of the areas from the town (Roberto 2016).

    Examples
    --------
    >>> round(float(information(np.array([[50.0, 0.0], [0.0, 50.0]]))), 4)
    0.6931
    """
    whole = counts.sum(axis=(-2, -1))
    cells = _plogp(counts).sum(axis=(-2, -1))
    rows, columns = _plogp(counts.sum(axis=-1)).sum(-1), _plogp(counts.sum(axis=-2)).sum(-1)
    return _divided(cells - rows - columns + _plogp(whole), whole)


def theil_h(counts: Floats) -> Floats:
    r"""How much less mixed the areas are than the town, 0–1: :math:`H = M / E` (Theil 1971)."""
    whole = counts.sum(axis=(-2, -1))
    entropy = _plogp(whole) - _plogp(counts.sum(axis=-1)).sum(-1)
    return _divided(information(counts) * whole, entropy)


def isolation(counts: Floats) -> Floats:
    r"""The first group's share where its members live, 0–1: :math:`\sum (x_i/X)(x_i/t_i)`."""
    return _met(counts, 0)


def isolation_of_second(counts: Floats) -> Floats:
    r"""The second group's share where its members live, 0–1: :math:`\sum (y_i/Y)(y_i/t_i)`."""
    return isolation(counts[..., ::-1, :])


def exposure(counts: Floats) -> Floats:
    r"""The second group's share where the first lives, 0–1: :math:`\sum (x_i/X)(y_i/t_i)`."""
    return _met(counts, 1)


def correlation_ratio(counts: Floats) -> Floats:
    r"""Isolation beyond what an even spread gives, 0–1: :math:`\eta^2 = (I - P) / (1 - P)`."""
    _, shares, _ = _margins(counts)
    return _divided(isolation(counts) - shares[..., 0], 1 - shares[..., 0])


def atkinson(counts: Floats) -> Floats:
    r"""Atkinson's index with equal weight on both ends (b = ½), 0–1.

    :math:`1 - \frac{1}{XY} (\sum_i \sqrt{x_i y_i})^2`, as White (1986) writes it for b = ½.
    """
    first, second = counts[..., 0, :], counts[..., 1, :]
    together = np.sqrt(first * second).sum(axis=-1)
    return 1 - _divided(together**2, first.sum(axis=-1) * second.sum(axis=-1))


def ordinal(counts: Floats) -> Floats:
    r"""Ordinal information theory index of groups in order, 0–1 (Reardon 2009).

    :math:`1 - \sum_i t_i v_i / (T v)`, where v is the mean variation over all ways to cut the
    order in two, here the entropy :math:`E(c)` of the share c below the cut, in bits.
    """
    return _of_cuts(counts, entropy)


def ordinal_variance(counts: Floats) -> Floats:
    r"""Ordinal variation ratio index of groups in order, 0–1 (Reardon 2009).

    As `ordinal`, the variation of a cut being :math:`4 c (1 - c)`.

    Examples
    --------
    >>> float(ordinal_variance(np.array([[5.0, 0.0], [0.0, 0.0], [0.0, 5.0]])))
    1.0
    """
    return _of_cuts(counts, variance)


def ordinal_root(counts: Floats) -> Floats:
    r"""Ordinal square root index of groups in order, 0–1 (Reardon 2009).

    As `ordinal`, the variation of a cut being :math:`2 \sqrt{c (1 - c)}`. Of two groups it is what
    Hutchens's index is.
    """
    return _of_cuts(counts, root)


def _of_cuts(counts: Floats, variation: Callable[[Floats], Floats]) -> Floats:
    sizes, whole = counts.sum(axis=-2), counts.sum(axis=-1)
    inside = (variation(_below(counts)).sum(axis=-2) * sizes).sum(axis=-1)
    town = variation(_below(whole[..., None]))[..., 0].sum(axis=-1)
    return 1 - _divided(inside, town * whole.sum(axis=-1))


def rank_order(counts: Floats) -> Floats:
    r"""Rank-order information theory index of groups in order, 0–1 (Reardon and Bischoff 2011).

    H of each cut of the order is fitted by a polynomial of the share p below the cut, weighted by
    its squared entropy; :math:`H^R = 2 \ln 2 \int_0^1 E(p) H(p)\,dp` of the polynomial. With
    quartiles it is of the second degree and goes through all three cuts. A cut that nobody is on
    one side of, or that shares its place with another, adds nothing.
    """
    flat = counts.reshape(-1, *counts.shape[-2:])
    below = flat.cumsum(axis=1)[:, :-1]
    places = _divided(below.sum(axis=2), flat.sum(axis=(1, 2))[:, None])
    steps = np.diff(places, axis=1, prepend=0.0, append=1.0)
    plain = (steps > _APART).all(axis=1)
    found = np.full(len(flat), np.nan)
    found[plain] = _fitted(places[plain], _split(flat[plain], below[plain]))
    for town in np.flatnonzero(~plain & ~np.isnan(places).any(axis=1)):
        kept = np.unique(np.round(places[town] / _APART), return_index=True)[1]
        kept = kept[(places[town, kept] > _APART) & (places[town, kept] < 1 - _APART)]
        if len(kept):
            cut = _split(flat[[town]], below[[town]][:, kept])
            found[town] = _fitted(places[[town]][:, kept], cut)[0]
    return found.reshape(counts.shape[:-2])


def _split(counts: Floats, below: Floats) -> Floats:
    """Return H of those below and above each cut, of shape (towns, cuts)."""
    above = counts.sum(axis=1)[:, None] - below
    return theil_h(np.stack([below, above], axis=2))


def _fitted(places: Floats, heights: Floats) -> Floats:
    """Integrate the polynomial through each town's cuts, weighted by their entropy."""
    degree = min(places.shape[1] - 1, _HIGHEST_DEGREE)
    powers = places[..., None] ** np.arange(degree + 1)
    weighted = powers * (entropy(places) ** 2)[..., None]
    normal = weighted.swapaxes(1, 2) @ powers
    fitted = np.linalg.solve(normal, weighted.swapaxes(1, 2) @ heights[..., None])
    integral: Floats = fitted[..., 0] @ [_moment(power) for power in range(degree + 1)]
    return integral


_APART = 1e-9
"""Cuts that are no farther apart than this share of the people are one."""

_HIGHEST_DEGREE = 4
"""Reardon and Bischoff find that no higher one is needed, with sixteen income classes."""


def _moment(power: int) -> float:
    r"""Return :math:`2 \ln 2 \int_0^1 E(p) p^m dp`, E in bits."""
    other = sum((-1) ** k * comb(power, k) / (k + 2) ** 2 for k in range(power + 1))
    return float(2 * (1 / (power + 2) ** 2 + other))


def _met(counts: Floats, other: int) -> Floats:
    first, sizes = counts[..., 0, :], counts.sum(axis=-2)
    met = np.divide(first * counts[..., other, :], sizes, out=np.zeros_like(first), where=sizes > 0)
    return _divided(met.sum(axis=-1), first.sum(axis=-1))


def _margins(counts: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the people, the groups' shares and the areas' people."""
    groups, whole = counts.sum(axis=-1), counts.sum(axis=(-2, -1))
    return whole, _divided(groups, whole[..., None]), counts.sum(axis=-2)


def _below(counts: Floats) -> Floats:
    """Return the share of each area's people below each cut of the order."""
    below = counts.cumsum(axis=-2)[..., :-1, :]
    people = np.broadcast_to(counts.sum(axis=-2)[..., None, :], below.shape)
    shares: Floats = np.divide(below, people, out=np.zeros_like(below), where=people > 0)
    return shares


def entropy(share: Floats) -> Floats:
    """Return the entropy in bits of a share and the rest: 0 at the ends, 1 at a half."""
    from scipy.special import entr

    bits: Floats = (entr(share) + entr(np.maximum(1 - share, 0.0))) / np.log(2)
    return bits


def variance(share: Floats) -> Floats:
    """Return 4 c (1 − c)."""
    return 4 * share * (1 - share)


def root(share: Floats) -> Floats:
    """Return twice the square root of c (1 − c)."""
    both: Floats = 2 * np.sqrt(share * np.maximum(1 - share, 0.0))
    return both


def _plogp(values: Floats) -> Floats:
    from scipy.special import xlogy

    logs: Floats = xlogy(values, values)
    return logs


def _divided(above: Floats, below: Floats) -> Floats:
    quotient: Floats = np.divide(
        above, below, out=np.full(np.broadcast(above, below).shape, np.nan), where=below > 0
    )
    return quotient


TWO: Measures = {
    "dissimilarity": dissimilarity,
    "gini": gini,
    "theil_h": theil_h,
    "atkinson": atkinson,
    "isolation": isolation,
    "isolation_of_second": isolation_of_second,
    "exposure": exposure,
    "correlation_ratio": correlation_ratio,
}
"""Measures of a first group against a second."""

MANY: Measures = {
    "dissimilarity": dissimilarity,
    "gini": gini,
    "theil_h": theil_h,
    "information": information,
}
"""Measures of any number of groups at once."""

ORDERED: Measures = {
    "rank_order": rank_order,
    "ordinal": ordinal,
    "ordinal_variance": ordinal_variance,
    "ordinal_root": ordinal_root,
}
"""Measures of groups that have an order, such as quartiles."""
