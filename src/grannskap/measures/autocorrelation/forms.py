"""Overall statistics as quadratic forms, and what their permutations say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from grannskap.measures.autocorrelation.alignment import Laid
from grannskap.measures.autocorrelation.arrays import Floats, Seed, totals
from grannskap.measures.autocorrelation.permuted import Quadratic, simulate
from grannskap.measures.autocorrelation.statistics import check_not_negative, standardise
from grannskap.measures.autocorrelation.tails import Alternative, monte_carlo_error, p_value

__all__ = ["Outcome", "OverallStatistic", "permute"]

OverallStatistic = Literal["moran", "geary", "g"]


@dataclass(frozen=True)
class Outcome:
    """An overall statistic, its p, and the arrangements that p was counted in."""

    value: float
    expected: float
    p: float
    monte_carlo_error: float
    z: float
    simulated: Floats


def permute(
    laid: Laid,
    statistic: OverallStatistic,
    *,
    permutations: int,
    seed: Seed,
    alternative: Alternative,
) -> Outcome:
    """Let the values change places over all areas, and count tails with ties."""
    form, x, scale, expected = _form(laid, statistic)
    seen = form.of(x)
    simulated = simulate(form, x, permutations=permutations, seed=seed)
    tie = 1e-12 * float(np.abs(form.products).sum() * (x**2).max())
    less = (np.count_nonzero(simulated <= seen + tie) + 1) / (permutations + 1)
    greater = (np.count_nonzero(simulated >= seen - tie) + 1) / (permutations + 1)
    p = p_value(np.array([less]), np.array([greater]), alternative)
    spread = float(simulated.std())
    return Outcome(
        value=scale * seen,
        expected=expected,
        p=float(p[0]),
        monte_carlo_error=float(monte_carlo_error(p, np.array([permutations]), alternative)[0]),
        z=(seen - float(simulated.mean())) / spread if spread > tie else 0.0,
        simulated=scale * simulated,
    )


def _form(laid: Laid, statistic: OverallStatistic) -> tuple[Quadratic, Floats, float, float]:
    """Return the statistic as a quadratic form, its values, its scale, and its mean."""
    x = laid.columns[0]
    n, linked = len(x), int((laid.degrees > 0).sum())
    z = standardise(laid, x)
    if statistic == "g":
        check_not_negative(x)
        products = np.ones(len(laid.weights))
        pairs = x.sum() ** 2 - (x**2).sum()
        return _half(laid, products), x, 1 / pairs, len(products) / (n * (n - 1))
    if statistic == "moran":
        return _half(laid, laid.shares), z, 1 / linked, -1 / (n - 1)
    around = totals(laid.heads, laid.shares, n) + totals(laid.neighbours, laid.shares, n)
    half = _half(laid, -2 * laid.shares)
    form = Quadratic(half.heads, half.tails, half.products, around)
    return form, z, (n - 1) / (2 * linked * n), 1.0


def _half(laid: Laid, weights: Floats) -> Quadratic:
    """Put both directions of a link into one."""
    n = len(laid.positions)
    low, high = np.minimum(laid.heads, laid.neighbours), np.maximum(laid.heads, laid.neighbours)
    pair, place = np.unique(low * n + high, return_inverse=True)
    return Quadratic(pair // n, pair % n, totals(place, weights, len(pair)))
