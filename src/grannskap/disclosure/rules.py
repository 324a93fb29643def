"""Rules of what may not be shown, and the cells that they hide by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

__all__ = ["ACRO", "Rules", "dominated", "primary"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

Margin = Literal["regso", "neighbourhood", "municipality"]


@dataclass(frozen=True)
class Rules:
    """What makes a cell disclosive, and how wide what can be worked out of it must be.

    Attributes
    ----------
    profile : str
        The name of rules that somebody else has set.
    threshold : int
        Counts above zero and below it are hidden.
    width : int or None
        The least width of what an attacker can bound of a hidden cell; the threshold unless given.
    rounding : int
        What is shown is rounded to a multiple of it; 1 rounds nothing.
    zeros : bool
        Whether zeros are hidden too.
    all_the_same : bool
        Whether a part that is all of its whole is hidden.
    largest, dominance : int, float
        A sum is hidden where its `largest` greatest contributions are more than this share of it.
    p_ratio : float
        A sum is hidden where all but its two greatest contributions are less than this share of
        the greatest.
    freedom : int
        An amount of fewer households or persons than this is hidden.
    margins : tuple of str
        Levels whose totals are taken to be known to everybody.
    pictures : tuple of str
        The forms that pictures may be written in.
    """

    profile: str = ""
    threshold: int = 5
    width: int | None = None
    rounding: int = 1
    zeros: bool = False
    all_the_same: bool = False
    largest: int = 2
    dominance: float = 0.90
    p_ratio: float = 0.10
    freedom: int = 5
    margins: tuple[Margin, ...] = ("regso", "neighbourhood", "municipality")
    pictures: tuple[str, ...] = ("png", "svg", "pdf")

    @property
    def wide(self) -> float:
        """The least width of what an attacker can bound of a hidden cell."""
        return float(self.threshold if self.width is None else self.width)


ACRO = Rules(profile="acro", threshold=10, freedom=10, pictures=("png",))
"""The rules of ACRO: threshold 10, (2, 0.90), p-ratio 0.10, ten degrees of freedom, PNG alone."""


def primary(values: npt.ArrayLike, rules: Rules) -> Flags:
    """Tell which counts the rules hide by themselves.

    Parameters
    ----------
    values : array-like of float
        Counts, 0 or more; NaN is never hidden by a rule.
    rules : Rules
        The threshold, and whether zeros are hidden too.

    Returns
    -------
    numpy.ndarray of bool
        In the order of the counts.

    Examples
    --------
    >>> primary([0, 1, 4, 5], Rules(threshold=5)).tolist()
    [False, True, True, False]
    """
    counts = np.asarray(values, dtype=float)
    small: Flags = (counts > 0) & (counts < rules.threshold)
    return small | (counts == 0) if rules.zeros else small


def dominated(contributions: npt.ArrayLike, rules: Rules) -> float:
    """Return how far above a sum its upper bound must lie for its greatest parts to be safe.

    The greater of what the (n, k) rule and the p-ratio rule ask: ``(x1 + … + xn) / k − total``
    and ``p · x1 − (total − x1 − x2)``; neither above zero means a sum that may be shown.

    Parameters
    ----------
    contributions : array-like of float
        What each household or person gives to the sum, 0 or more.
    rules : Rules
        `largest`, `dominance` and `p_ratio`.

    Returns
    -------
    float
        In the unit of the sum; 0 where it may be shown.

    Examples
    --------
    >>> dominated([90, 8, 2], Rules(largest=2, dominance=0.8))
    22.5
    """
    parts = np.sort(np.asarray(contributions, dtype=float))[::-1]
    total = float(parts.sum())
    by_share = float(parts[: rules.largest].sum()) / rules.dominance - total
    by_ratio = rules.p_ratio * float(parts[:1].sum()) - float(parts[2:].sum())
    return max(0.0, by_share, by_ratio)
