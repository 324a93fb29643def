"""What chance adds to a measure of segregation, and where its true value may lie.

The people of each area are taken for draws with that area's odds; the true measure is that of the
odds. Towns are made whose areas differ a little and much, their people are redrawn, and the
measure that was observed is held against what towns of each true value give.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from grannskap.measures.segregation.redraws import (
    heterogeneity,
    redrawn,
    shares_of,
    standardised,
)

if TYPE_CHECKING:
    from grannskap.measures.segregation.formulas import Floats, Measures

__all__ = ["FEWEST_AREAS", "Uncertain", "uncertain"]

REACH = (4.5, 5.5)
"""How far below and above the estimate towns are made, in standard errors of heterogeneity."""

FOR_BIAS = 0.3
"""The share of the redraws that are of the town as it is estimated, for the bias."""

FEWEST_AREAS = 3

FEWEST_REDRAWS = 10
"""With fewer redraws that have a measure no interval is told."""

ALIKE_VALUES = 1e-9
"""Measures that differ by no more are one."""

POINTS = 301
LEAST_SCALE = 0.1
"""No redraws are taken to be less spread than this share of all redraws' mean spread."""


@dataclass(frozen=True)
class Uncertain:
    """One measure's bias, standard error and interval, in the measure's own unit."""

    bias: float
    se: float
    lower: float
    upper: float


def uncertain(
    counts: Floats,
    measures: Measures,
    *,
    redraws: int,
    confidence: float,
    rng: np.random.Generator,
) -> dict[str, Uncertain]:
    """Bias, standard error and interval of each measure of one town, from redraws.

    Parameters
    ----------
    counts : array of shape (groups, areas)
        Whole people; at least three areas, each with somebody.
    measures : mapping of str to callable
        As in `grannskap.measures.segregation.formulas`.
    redraws : int
        How many towns are made and redrawn, for all measures together.
    confidence : float
        How often the interval should hold the true value, 0–1.
    rng : numpy.random.Generator
        The source of chance.

    Notes
    -----
    Bias is the mean of what redraws of the estimated town give beyond its true value. The interval
    holds the true values (of towns whose areas' odds are drawn from the observed ones, stretched
    or drawn in) that would have given what was observed within the middle `confidence` of their
    redraws. So a town that is even is told as one that may be even.
    """
    sizes, groups = counts.sum(axis=0), counts.sum(axis=1)
    town = (groups / groups.sum())[None]
    alike = float(np.nan_to_num(np.clip(heterogeneity(counts), 0.0, 1.0)))
    apart = standardised(counts, alike)
    own = round(FOR_BIAS * redraws)
    kept = shares_of(town, apart[None], np.full(own, np.sqrt(alike)))
    same = redrawn(sizes, kept, rng)
    low, high = _reach(alike, float(np.std(np.nan_to_num(heterogeneity(same)))))
    strength = np.sqrt(np.linspace(low, high, redraws - own))
    picked = rng.integers(0, len(sizes), (redraws - own, len(sizes)))
    towns = rng.multinomial(int(groups.sum()), town[0], redraws - own) / groups.sum()
    made = shares_of(towns, np.moveaxis(apart[:, picked], 0, 1), strength)
    drawn = redrawn(sizes, made, rng)
    tail = (1 - confidence) / 2
    wider = _student(len(sizes), tail)
    told = {}
    for name, measure in measures.items():
        repeated, true = _known(measure(same)), float(measure(sizes * kept[0]))
        true_ones, observed = measure(sizes * made), float(measure(counts))
        lower, upper = _held(observed, true_ones, measure(drawn), tail=tail, wider=wider)
        if len(repeated) < FEWEST_REDRAWS:
            told[name] = Uncertain(*[float("nan")] * 4)
            continue
        bias, se = float(np.mean(repeated) - true), float(np.std(repeated, ddof=1))
        told[name] = Uncertain(bias, se, lower, upper)
    return told


def _known(values: Floats) -> Floats:
    """Return the measures of towns that have one: a small group can be redrawn as nobody."""
    known: Floats = values[np.isfinite(values)]
    return known


def _reach(alike: float, spread: float) -> tuple[float, float]:
    below, above = REACH
    return max(0.0, alike - below * spread), min(1.0, alike + above * spread)


def _student(areas: int, tail: float) -> float:
    """Return how much wider an interval is whose spread is known from so many areas alone."""
    from scipy.special import ndtri, stdtrit

    return float(stdtrit(areas - 1, tail) / ndtri(tail))


def _held(
    observed: float, true: Floats, drawn: Floats, *, tail: float, wider: float
) -> tuple[float, float]:
    """Return the least and the greatest true value that gives what was observed often enough."""
    known = np.isfinite(true) & np.isfinite(drawn)
    true, drawn = true[known], drawn[known]
    if len(true) < FEWEST_REDRAWS:
        return float("nan"), float("nan")
    if np.ptp(true) <= ALIKE_VALUES:
        return float(true[0]), float(true[0])
    with warnings.catch_warnings():  # true values of few kinds leave a cubic undecided between them
        warnings.filterwarnings("ignore", message="The fit may be poorly conditioned")
        return _within(observed, true, drawn, tail=tail, wider=wider)


def _within(
    observed: float, true: Floats, drawn: Floats, *, tail: float, wider: float
) -> tuple[float, float]:
    fit = np.polynomial.Polynomial
    middle = fit.fit(true, drawn, 3)
    beside = drawn - middle(true)
    scale = fit.fit(true, np.abs(beside), 1)
    least = max(LEAST_SCALE * float(np.abs(beside).mean()), ALIKE_VALUES)
    low, high = wider * np.quantile(beside / np.maximum(scale(true), least), [tail, 1 - tail])
    asked = np.linspace(true.min(), true.max(), POINTS)
    width = np.maximum(scale(asked), least)
    given = (observed >= middle(asked) + low * width) & (observed <= middle(asked) + high * width)
    if given.any():
        return float(asked[given].min()), float(asked[given].max())
    end = asked[0] if observed < middle(asked[0]) + low * width[0] else asked[-1]
    return float(end), float(end)
