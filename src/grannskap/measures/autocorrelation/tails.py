"""From tails to p-values: which tails count, and what sampling leaves uncertain."""

from __future__ import annotations

from typing import Literal

import numpy as np

from grannskap.measures.autocorrelation.arrays import Floats, Ints

__all__ = ["Alternative", "monte_carlo_error", "p_value", "smallest_p"]

Alternative = Literal["two-sided", "greater", "less"]


def p_value(less: Floats, greater: Floats, alternative: Alternative) -> Floats:
    """Return p from P(statistic ≤ seen) and P(statistic ≥ seen); two-sided: twice the smaller.

    Examples
    --------
    >>> p_value(np.array([0.7, 0.99]), np.array([0.7, 0.02]), "two-sided").tolist()
    [1.0, 0.04]
    """
    if alternative == "greater":
        return greater
    if alternative == "less":
        return less
    both: Floats = np.minimum(2 * np.minimum(less, greater), 1.0)
    return both


def monte_carlo_error(p: Floats, draws: Ints, alternative: Alternative) -> Floats:
    """Return the standard error of pseudo-p that sampling leaves; 0 where there were no draws."""
    sides = 2 if alternative == "two-sided" else 1
    error = np.sqrt(p * (sides - p) / np.maximum(draws, 1))
    return np.where(draws > 0, error, p * 0)


def smallest_p(draws: int, alternative: Alternative) -> float:
    """Return the smallest pseudo-p that this many draws can give."""
    return (2 if alternative == "two-sided" else 1) / (draws + 1)
