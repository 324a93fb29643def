"""Overall statistics: is the variable clustered at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from grannskap.measures.autocorrelation.alignment import Laid, check_varies, lay
from grannskap.measures.autocorrelation.arrays import Floats, totals
from grannskap.measures.autocorrelation.permuted import Quadratic, simulate
from grannskap.measures.autocorrelation.statistics import check_not_negative, standardise
from grannskap.measures.autocorrelation.tails import monte_carlo_error, p_value

if TYPE_CHECKING:
    import pandas as pd
    from libpysal.graph import Graph

    from grannskap.measures.autocorrelation.tails import Alternative
    from grannskap.notes import Note

__all__ = ["Overall", "OverallStatistic", "overall"]

OverallStatistic = Literal["moran", "geary", "g"]


@dataclass(frozen=True)
class Overall:
    """An overall statistic with its inference.

    Attributes
    ----------
    statistic : str
        Which one.
    value, expected : float
        The statistic, and its mean over all arrangements of the values.
    p : float
        Pseudo-p in (0, 1].
    monte_carlo_error : float
        Standard error of `p` that comes from sampling.
    z : float
        How many standard deviations of the simulated values the statistic lies from their mean.
    alternative : str
        Which tails `p` counts.
    permutations, seed : int
        How `p` was made.
    areas, no_data, no_neighbours, links : int
        What was tested, and what was not.
    simulated : array
        The statistic of every random arrangement: the reference distribution.
    notes : tuple of Note
        What was left out.
    """

    statistic: str
    value: float
    expected: float
    p: float
    monte_carlo_error: float
    z: float
    alternative: str
    permutations: int
    seed: int
    areas: int
    no_data: int
    no_neighbours: int
    links: int
    simulated: Floats = field(repr=False, compare=False)
    notes: tuple[Note, ...] = ()


def overall(
    values: pd.Series,
    graph: Graph,
    *,
    statistic: OverallStatistic = "moran",
    permutations: int = 9999,
    seed: int = 0,
    alternative: Alternative = "two-sided",
) -> Overall:
    """Overall spatial autocorrelation of a variable: statistic and pseudo-p in (0, 1]."""
    laid = lay((values,), graph)
    check_varies(laid.columns[0])
    form, x, scale, expected = _form(laid, statistic)
    seen = form.of(x)
    simulated = simulate(form, x, permutations=permutations, seed=seed)
    tie = 1e-12 * np.abs(simulated).max()
    less = (np.count_nonzero(simulated <= seen + tie) + 1) / (permutations + 1)
    greater = (np.count_nonzero(simulated >= seen - tie) + 1) / (permutations + 1)
    p = p_value(np.array([less]), np.array([greater]), alternative)
    return Overall(
        statistic=statistic,
        value=scale * seen,
        expected=expected,
        p=float(p[0]),
        monte_carlo_error=float(monte_carlo_error(p, np.array([permutations]), alternative)[0]),
        z=float((seen - simulated.mean()) / simulated.std()),
        alternative=alternative,
        permutations=permutations,
        seed=seed,
        areas=len(x),
        no_data=len(values) - len(x),
        no_neighbours=int((laid.degrees == 0).sum()),
        links=len(laid.neighbours),
        simulated=scale * simulated,
        notes=laid.notes,
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
