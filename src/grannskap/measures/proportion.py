"""The exact interval of a proportion, which balance and indicators both build on."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from grannskap.errors import DataError

__all__ = ["check_confidence", "interval"]

Floats = npt.NDArray[np.float64]


def check_confidence(confidence: float) -> None:
    """Refuse a confidence that does not lie strictly between 0 and 1."""
    if not 0 < confidence < 1:
        raise DataError(
            expected="a confidence between 0 and 1, such as 0.95",
            came=f"{confidence}",
            remedy="write 95 per cent as 0.95",
        )


def interval(part: Floats, base: Floats, *, confidence: float = 0.95) -> tuple[Floats, Floats]:
    r"""Exact interval of a proportion, no unit, 0–1.

    The Clopper–Pearson interval: every proportion that a two-sided binomial test, with
    half of the error in each tail, does not reject. It covers the truth at least as often
    as `confidence` says. The bounds are quantiles of beta distributions,
    :math:`B(\alpha/2; x, n-x+1)` and :math:`B(1-\alpha/2; x+1, n-x)`, which also extend
    it to counts that were rounded from percentages and are not whole.

    Parameters
    ----------
    part, base : numpy.ndarray of float
        Counts, part of base; an element is missing when either is NaN or the base is 0.
    confidence : float
        Confidence, between 0 and 1.

    Returns
    -------
    lower, upper : numpy.ndarray of float
        The bounds; NaN where missing.

    Raises
    ------
    DataError
        When the confidence is not between 0 and 1.

    References
    ----------
    Clopper, C. J. and Pearson, E. S. (1934). The use of confidence or fiducial limits
    illustrated in the case of the binomial. *Biometrika* 26, 404–413.

    Examples
    --------
    >>> lower, upper = interval(np.array([0.0]), np.array([10.0]))
    >>> lower.round(3).tolist(), upper.round(3).tolist()
    ([0.0], [0.308])
    """
    from scipy.special import betaincinv

    check_confidence(confidence)
    tail = (1 - confidence) / 2
    rest = base - part
    known = (base > 0) & (part >= 0) & (rest >= 0)
    lower = np.where(known, 0.0, np.nan)
    upper = np.where(known, 1.0, np.nan)
    some, others = known & (part > 0), known & (rest > 0)
    lower[some] = betaincinv(part[some], rest[some] + 1, tail)
    upper[others] = betaincinv(part[others] + 1, rest[others], 1 - tail)
    return lower, upper
