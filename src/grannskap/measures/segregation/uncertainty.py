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
    likely,
    redrawn,
    shares_of,
    standardised,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from grannskap.measures.segregation.formulas import Floats, Measures

__all__ = ["FEWEST_AREAS", "FEWEST_REDRAWS", "Uncertain", "student", "uncertain"]

REACH = (4.5, 5.5)
"""How far below and above the estimate towns are made, in standard errors of heterogeneity."""

FOR_BIAS = 0.3
"""The share of the redraws that are of likely towns, for the bias."""

FOR_EVEN = 0.2
"""The share of the others that are of an even town, where the town may be one."""

FEWEST_AREAS = 3

FEWEST_REDRAWS = 10
"""With fewer redraws that have a measure no interval is told."""

ALIKE_VALUES = 1e-9
"""Measures that differ by no more are one."""

MOST_STRETCHED, TRIED = 4.0, 161
"""How far shares are stretched to make towns that are as much apart as is asked for."""

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
    Bias is the mean of what redraws of likely towns (`redraws.likely`) give beyond the true value
    of each; the standard error is the spread of that. The interval holds the true values (of towns
    whose areas' odds are drawn from the observed ones, stretched or drawn in) that would have given
    what was observed within the middle `confidence` of their redraws. An even town is one of them
    unless a share of 1 − `confidence` of its own redraws, or fewer, reach what was observed. It
    is widened to hold the estimate without its bias (or 0, where that is less).
    """
    sizes, observed = counts.sum(axis=0), {name: float(of(counts)) for name, of in measures.items()}
    alike = float(np.nan_to_num(np.clip(heterogeneity(counts), 0.0, 1.0)))
    kept = likely(counts, alike, round(FOR_BIAS * redraws), rng)
    same = redrawn(sizes, kept, rng)
    spread = float(np.std(np.nan_to_num(heterogeneity(same))))
    towns = _towns(counts, alike, spread, redraws - len(kept), rng)
    tail = (1 - confidence) / 2
    wider = student(len(sizes), tail)
    told = {}
    for name, measure in measures.items():
        errors = measure(same) - measure(sizes * kept)
        errors = errors[np.isfinite(errors)]
        if len(errors) < FEWEST_REDRAWS:  # a small group can be redrawn as nobody
            told[name] = Uncertain(*[float("nan")] * 4)
            continue
        bias, se = float(np.mean(errors)), float(np.std(errors, ddof=1))
        seen = _Seen(observed[name], max(observed[name] - bias, 0.0), se)
        ends = _held(seen, towns.measured(measure), tail=tail, wider=wider)
        told[name] = Uncertain(bias, se, *_with(seen.corrected, *ends))
    return told


def _with(corrected: float, lower: float, upper: float) -> tuple[float, float]:
    """Widen an interval to hold the corrected estimate, which comes from redraws of other towns."""
    return float(np.minimum(lower, corrected)), float(np.maximum(upper, corrected))


@dataclass(frozen=True)
class _Seen:
    """What was observed, what is left of it without its bias, and its standard error."""

    observed: float
    corrected: float
    se: float


@dataclass(frozen=True)
class _Towns:
    """Towns made a little and much apart, after so many even ones, and what was drawn of each."""

    even: int
    true: Floats
    drawn: Floats

    def measured(self, measure: Callable[[Floats], Floats]) -> _Towns:
        """Return what they measure."""
        return _Towns(self.even, measure(self.true), measure(self.drawn))


def _towns(
    counts: Floats, alike: float, spread: float, redraws: int, rng: np.random.Generator
) -> _Towns:
    sizes, groups = counts.sum(axis=0), counts.sum(axis=1)
    low, high = _reach(alike, spread)
    even = round(FOR_EVEN * redraws) if low == 0 else 0
    picked = rng.integers(0, len(sizes), (redraws, len(sizes)))
    whole = rng.multinomial(int(groups.sum()), groups / groups.sum(), redraws) / groups.sum()
    apart = standardised(counts, alike)
    strength = _strengths(counts, apart, np.linspace(low, high, redraws - even))
    made = shares_of(whole, np.moveaxis(apart[:, picked], 0, 1), np.r_[np.zeros(even), strength])
    people = sizes[picked]  # large areas may be those far apart
    return _Towns(even, people[:, None] * made, redrawn(people, made, rng))


def _strengths(counts: Floats, apart: Floats, wanted: Floats) -> Floats:
    """Return how far shares are to be stretched for people of one area to be so much alike.

    No share is below 0 or above 1, so that areas far apart come less far than they are stretched.
    """
    tried = np.sqrt(np.linspace(0.0, MOST_STRETCHED, TRIED))
    sizes, groups = counts.sum(axis=0), counts.sum(axis=1)
    whole = np.broadcast_to(groups / groups.sum(), (TRIED, len(groups)))
    made = sizes * shares_of(whole, np.broadcast_to(apart, (TRIED, *apart.shape)), tried)
    unlike = np.nan_to_num(heterogeneity(made))
    free = 1 - unlike[0]
    reached = np.maximum.accumulate((unlike - unlike[0]) / free)
    found: Floats = np.interp(wanted, reached, tried)
    return found


def _reach(alike: float, spread: float) -> tuple[float, float]:
    below, above = REACH
    return max(0.0, alike - below * spread), min(1.0, alike + above * spread)


def student(areas: int, tail: float) -> float:
    """Return how much wider an interval is whose spread is known from so many areas alone."""
    from scipy.special import ndtri, stdtrit

    return float(stdtrit(areas - 1, tail) / ndtri(tail))


def _held(seen: _Seen, towns: _Towns, *, tail: float, wider: float) -> tuple[float, float]:
    """Return the least and the greatest true value that gives what was observed often enough."""
    known = np.isfinite(towns.true) & np.isfinite(towns.drawn)
    apart = known & (np.arange(len(known)) >= towns.even)
    true, drawn = towns.true[apart], towns.drawn[apart]
    if len(true) < FEWEST_REDRAWS:
        return float("nan"), float("nan")
    if np.ptp(true) <= ALIKE_VALUES:
        return float(true[0]), float(true[0])
    with warnings.catch_warnings():  # true values of few kinds leave a cubic undecided between them
        warnings.filterwarnings("ignore", message="The fit may be poorly conditioned")
        asked, given = _within(seen, true, drawn, tail=tail, wider=wider)
    even = known & ~apart
    if even.any() and np.ptp(towns.true[even]) <= ALIKE_VALUES:
        asked = np.r_[towns.true[even][0], asked[1:]]
        given[0] = seen.observed <= np.quantile(towns.drawn[even], 1 - 2 * tail)
    if not given.any():
        given[0 if seen.observed < drawn.mean() else -1] = True
    return float(asked[given].min()), float(asked[given].max())


def _within(
    seen: _Seen, true: Floats, drawn: Floats, *, tail: float, wider: float
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return true values from the least to the greatest, and which would give what was observed.

    Shares that are cut at 0 or 1 have no chance left, so that made towns may be drawn too much
    alike: none are taken to vary less than likely ones of what was observed.
    """
    fit = np.polynomial.Polynomial
    middle = fit.fit(true, drawn, 3)
    beside = drawn - middle(true)
    scale = fit.fit(true, np.abs(beside), 1)
    least = max(LEAST_SCALE * float(np.abs(beside).mean()), ALIKE_VALUES)
    even = beside / np.maximum(scale(true), least)
    low, high = wider * np.quantile(even, [tail, 1 - tail])
    asked = np.linspace(true.min(), true.max(), POINTS)
    width = np.maximum(scale(asked), least)
    told = wider * float(even.std() * np.interp(seen.corrected, asked, width))
    width *= max(1.0, seen.se / max(told, ALIKE_VALUES))
    above = seen.observed - middle(asked)
    return asked, (above >= low * width) & (above <= high * width)
