"""From tails to p, and from p to q: which tails count, and for how many tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, get_args

import numpy as np

from grannskap.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from numpy.typing import ArrayLike

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.signedinteger]

__all__ = [
    "Alternative",
    "Correction",
    "Rarity",
    "adjust",
    "adjusted",
    "answers",
    "check_correction",
    "monte_carlo_error",
    "p_value",
]

Alternative = Literal["two-sided", "greater", "less"]
Correction = Literal["bh", "by", "bonferroni", "none"]

SLACK = 1e-9
"""Chances that differ by less than this share are the same: one was made in another way."""


def p_value(less: Floats, greater: Floats, alternative: Alternative) -> Floats:
    """Return p from P(≤ observed) and P(≥ observed) of the statistic; two-sided: twice the smaller.

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


class Rarity(Protocol):
    """How many of a family's p-values are to be expected at or below a value, were all null."""

    def expected(self, t: Floats) -> Floats:
        """Return Σ F_i(t), with F_i(t) the null chance that test i's p is at most t."""


@dataclass(frozen=True)
class _Listed:
    """The expected number where each test's attainable p-values are listed: F_i(p) = p at them."""

    attainable: Sequence[Floats]

    def expected(self, t: Floats) -> Floats:
        total = np.zeros(len(t))
        for listed in self.attainable:
            ordered = np.concatenate([[0.0], np.sort(listed)])
            total += ordered[np.searchsorted(ordered, t * (1 + SLACK), side="right") - 1]
        return total


def adjust(
    p: ArrayLike,
    correction: Correction = "bh",
    *,
    attainable: Sequence[ArrayLike] | None = None,
) -> Floats:
    """Return the adjusted p-values (q), in (0, 1], in the order of p; NaN is no test and stays.

    A test is kept at rate a where q ≤ a: `bh` (Benjamini and Hochberg 1995) holds the expected
    share of false discoveries at a, `by` (Benjamini and Yekutieli 2001) does so under any
    dependence, `bonferroni` holds the chance of a single false one.

    Parameters
    ----------
    p : array of float
        A p-value per test, NaN where there was none.
    correction : {"bh", "by", "bonferroni", "none"}
        How p becomes q.
    attainable : sequence of arrays, optional
        The p-values that each test can take under its null, where they are few. Then the m p of a
        continuous family give way to Σ F_i(p), what is expected at or below p (Heyse 2011; for the
        family-wise rate Tarone 1990): q_(k) is the smallest Σ F_i(p_(j)) / j over j ≥ k.

    Raises
    ------
    DataError
        An unknown correction; p outside 0–1; not as many lists as tests.

    Notes
    -----
    Where every F_i(t) = t the discrete form is the continuous one. That Heyse's form holds the
    false-discovery rate is not proved (Döhler, Durand and Roquain 2018 give the case where it
    fails by a little); it does so in our simulations.

    Examples
    --------
    >>> adjust(np.array([0.01, np.nan, 0.02, 0.9]), "bh").round(3).tolist()
    [0.03, nan, 0.03, 0.9]
    >>> adjust([0.01, 0.02], attainable=[[0.01, 1.0], [0.02, 1.0]]).tolist()
    [0.01, 0.015]
    """
    given = np.asarray(p, dtype=np.float64)
    check_correction(correction)
    if ((given < 0) | (given > 1)).any():
        raise DataError("p-values out of range")
    listed = None
    if attainable is not None:
        if len(attainable) != len(given):
            raise DataError(
                "attainable p-values of other tests",
                {"tests": len(given), "lists": len(attainable)},
            )
        kept = zip(attainable, given, strict=True)
        listed = _Listed([np.asarray(a, dtype=np.float64) for a, at in kept if not np.isnan(at)])
    return adjusted(given, correction, listed)


def check_correction(correction: str) -> None:
    """Refuse a correction that is not known, which would otherwise be none."""
    if correction not in get_args(Correction):
        raise DataError(
            "no such correction", {"words": get_args(Correction), "word": repr(correction)}
        )


def adjusted(p: Floats, correction: Correction, rarity: Rarity | None) -> Floats:
    """Return q of the p that are there, held against what is expected of their family."""
    if correction == "none":
        return p.copy()
    q = np.full(len(p), np.nan)
    tests = np.flatnonzero(~np.isnan(p))
    count = len(tests)
    ordered = tests[np.argsort(p[tests], kind="stable")]
    expected = p[ordered] * count if rarity is None else rarity.expected(p[ordered])
    ranks = np.arange(1, count + 1)
    if correction == "bonferroni":
        q[ordered] = np.minimum(expected, 1.0)
        return q
    scale = np.sum(1 / ranks) if correction == "by" else 1.0
    steps = np.minimum.accumulate((expected * scale / ranks)[::-1])[::-1]
    q[ordered] = np.minimum(steps, 1.0)
    return q


def answers(
    greatest: Floats, least: Floats, *, alpha: float, correction: Correction, beyond: str
) -> dict[str, Any]:
    """Return p, q and what is known of each test, whatever the counts within their bounds are.

    Parameters
    ----------
    greatest, least : numpy.ndarray of float
        The greatest and the least p that the possible counts allow; NaN where there is no test.
    alpha : float
        Error rate that q is held against.
    correction : {"bh", "by", "bonferroni", "none"}
        How p becomes q.
    beyond : str
        The status of a test that chance does not explain; others are ``"chance"``, ``"unsure"``
        where that hangs on what is not known, and ``"untested"``.

    Returns
    -------
    dict
        ``p``, ``q``, ``q_least`` and ``status``.
    """
    q, q_least = adjusted(greatest, correction, None), adjusted(least, correction, None)
    status = np.where(q <= alpha, beyond, np.where(q_least <= alpha, "unsure", "chance"))
    status = np.where(np.isnan(greatest), "untested", status).astype(object)
    return {"p": greatest, "q": q, "q_least": q_least, "status": status}
