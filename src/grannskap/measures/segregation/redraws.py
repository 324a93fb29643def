"""Towns as chance could make them: of people who change places, or are redrawn where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from grannskap.measures.segregation.formulas import Floats

__all__ = [
    "generator",
    "heterogeneity",
    "likely",
    "redrawn",
    "shares_of",
    "shuffled",
    "standardised",
]

TINY = 1e-12


def generator(seed: int, place: str) -> np.random.Generator:
    """Return a place's own draws: the same whatever other places are measured beside it."""
    return np.random.default_rng((seed, crc32(place.encode())))


def shuffled(counts: Floats, redraws: int, rng: np.random.Generator) -> Floats:
    """Draw towns in which everybody changes places: areas and groups keep their sizes.

    Returns an array of shape (redraws, groups, areas). Each area draws its people without
    replacement from those who are left.
    """
    groups, areas = counts.shape
    left = np.repeat(counts.sum(axis=1)[None].astype(np.int64), redraws, axis=0)
    drawn = np.zeros((redraws, groups, areas))
    for area, size in enumerate(counts.sum(axis=0).astype(np.int64)):
        seats, others = np.full(redraws, size), left.sum(axis=1)
        for group in range(groups - 1):
            others = others - left[:, group]
            taken = rng.hypergeometric(left[:, group], others, seats)
            drawn[:, group, area] = taken
            seats = seats - taken
        drawn[:, -1, area] = seats
        left = left - drawn[:, :, area].astype(np.int64)
    return drawn


def redrawn(sizes: Floats, shares: Floats, rng: np.random.Generator) -> Floats:
    """Draw towns in which each area's people belong to the groups with that area's odds.

    `shares` has shape (redraws, groups, areas) and sums to 1 over the groups; so has the result.
    `sizes` are those of every town, or of each (redraws, areas).
    """
    seats = np.broadcast_to(sizes.astype(np.int64), (len(shares), shares.shape[-1]))
    rest = np.ones(seats.shape)
    drawn = np.zeros(shares.shape)
    for group in range(shares.shape[1] - 1):
        odds = np.divide(shares[:, group], rest, out=np.zeros_like(rest), where=rest > TINY)
        drawn[:, group] = rng.binomial(seats, np.clip(odds, 0.0, 1.0))
        seats = seats - drawn[:, group].astype(np.int64)
        rest = rest - shares[:, group]
    drawn[:, -1] = seats
    return drawn


def heterogeneity(counts: Floats) -> Floats:
    r"""How much alike two people of one area are beyond the town, no unit, near 0–1.

    The moment estimator of :math:`\rho` where :math:`Var(p_{ig}) = P_g (1 - P_g)(\rho + (1 - \rho)
    / t_i)`: :math:`\hat\rho = (Q - (n - 1)) / (T - \sum t_i^2 / T - (n - 1))`, with Q Pearson's
    :math:`\chi^2` over one less than the number of groups. Below 0 where the areas differ less
    than chance would make them; NaN where nobody could differ.

    Examples
    --------
    >>> wholly_apart = np.array([[50.0, 0.0] * 100, [0.0, 50.0] * 100])
    >>> float(heterogeneity(wholly_apart).round(2))
    1.01
    """
    sizes, groups = counts.sum(axis=-2), counts.sum(axis=-1)
    whole = groups.sum(axis=-1)
    expected = groups[..., None] * (sizes / whole[..., None])[..., None, :]
    apart = np.divide(
        (counts - expected) ** 2, expected, out=np.zeros_like(counts), where=expected > 0
    ).sum(axis=(-2, -1))
    free = (sizes > 0).sum(axis=-1) - 1
    kinds = np.maximum((groups > 0).sum(axis=-1) - 1, 1)
    room = whole - (sizes**2).sum(axis=-1) / whole - free
    found: Floats = np.divide(
        apart / kinds - free, room, out=np.full(np.shape(room), np.nan), where=room > 0
    )
    return found


def likely(counts: Floats, alike: float, redraws: int, rng: np.random.Generator) -> Floats:
    """Draw shares, of shape (redraws, groups, areas), that the town's areas may truly have.

    Areas that are so much alike within have odds of a Dirichlet distribution around the town's;
    of each area those are drawn that its own people leave likely. Their mean over towns differs as
    true areas do, where observed shares differ more; so what redraws of them measure beyond them
    is on average what what was observed measures beyond what is true.
    """
    town = counts.sum(axis=1, keepdims=True) / counts.sum()
    if alike <= 0:
        return np.broadcast_to(town, (redraws, *counts.shape)).copy()
    drawn = rng.standard_gamma(town * (1 / alike - 1) + counts, (redraws, *counts.shape))
    shares: Floats = drawn / drawn.sum(axis=1, keepdims=True)
    return shares


def standardised(counts: Floats, alike: float) -> Floats:
    """Return how far each area's shares lie from the town's, of what people so alike would make.

    Multiplied by the square root of a heterogeneity and added to the town's shares, they are areas
    that differ as true ones would: observed shares differ more, since chance adds to them, and
    redrawn as they stand they would be given chance twice.
    """
    sizes, groups = counts.sum(axis=0), counts.sum(axis=1)
    town = (groups / groups.sum())[:, None]
    spread = np.sqrt(alike + (1 - alike) / sizes)
    areas = len(sizes)
    apart: Floats = (counts / sizes - town) / spread * np.sqrt(areas / max(areas - 1, 1))
    return apart


def shares_of(town: Floats, apart: Floats, strength: Floats) -> Floats:
    """Return shares of shape (redraws, groups, areas): the town's, and so much of what is apart."""
    shares = np.clip(town[..., None] + strength[:, None, None] * apart, 0.0, 1.0)
    told: Floats = shares / shares.sum(axis=1, keepdims=True)
    return told
