"""Adjustment of p-values for the number of tests: each p's q, in the order they came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from grannskap.measures.autocorrelation.arrays import Floats

__all__ = ["Correction", "adjust"]

Correction = Literal["bh", "by", "bonferroni", "none"]


def adjust(p: Floats, correction: Correction) -> Floats:
    """Return the adjusted p-values (q), in (0, 1].

    A test is kept at level a where q ≤ a: `bh` (Benjamini and Hochberg 1995) holds the expected
    share of false discoveries at a, `by` (Benjamini and Yekutieli 2001) does so under any
    dependence, `bonferroni` holds the chance of a single false one.

    Examples
    --------
    >>> adjust(np.array([0.01, 0.02, 0.9]), "bh").round(3).tolist()
    [0.03, 0.03, 0.9]
    """
    count = len(p)
    if correction == "none" or count == 0:
        return p.copy()
    if correction == "bonferroni":
        return np.minimum(p * count, 1.0)
    ranks = np.arange(1, count + 1)
    order = np.argsort(p, kind="stable")
    scale = count * (np.sum(1 / ranks) if correction == "by" else 1.0)
    steps = np.minimum.accumulate((p[order] * scale / ranks)[::-1])[::-1]
    adjusted = np.empty(count)
    adjusted[order] = np.minimum(steps, 1.0)
    return adjusted
