"""Values put on an integer grid: whole numbers and decimals exactly, other values finely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from grannskap.measures.autocorrelation.arrays import Bools, Floats, Ints

__all__ = ["Grid", "Reading", "exact_grid", "fine_grid", "guarded"]

SMALLEST_P = 1e-12
"""Tails below this are given as this: rounding could change them."""

RARE = 0.1
"""Tails that cannot be below this are given as read: nothing is concluded from them."""

MOST_STEPS = 8192
DECIMALS = 6


@dataclass(frozen=True)
class Grid:
    """Values as whole numbers of steps above the lowest.

    Attributes
    ----------
    cells : array of int
        Each value's number of steps; the lowest value has 0.
    places : array of float
        Each value's place in steps, before rounding to its cell.
    steps : int
        The highest cell.
    lossless : bool
        Whether the cells are the values themselves, so that sums and ties are exact.
    """

    cells: Ints
    places: Floats
    steps: int
    lossless: bool


@dataclass(frozen=True)
class Reading:
    """Tails read off a null distribution, per area.

    Attributes
    ----------
    lower, upper : arrays
        P(sum ≤ seen) and P(sum ≥ seen).
    excess : array
        How many times the true chance the rarer of them may be where it is a bound; else 1.
    """

    lower: Floats
    upper: Floats
    excess: Floats

    def put(self, rows: Ints | Bools | slice, part: Reading) -> None:
        """Fill in the rows that were read apart."""
        self.lower[rows], self.upper[rows] = part.lower, part.upper
        self.excess[rows] = part.excess

    def turned(self) -> Reading:
        """Return the tails of the neighbours from those of all that are none."""
        return Reading(self.upper, self.lower, self.excess)

    def clipped(self) -> Reading:
        """Return the tails where rounding cannot change them."""
        return Reading(
            np.clip(self.lower, SMALLEST_P, 1.0), np.clip(self.upper, SMALLEST_P, 1.0), self.excess
        )


def exact_grid(values: Floats) -> Grid | None:
    """Return the grid that the values lie on, or None where they lie on none that is small.

    Counts, yes and no, per cents and other numbers of up to six decimals lie on one.

    Examples
    --------
    >>> exact_grid(np.array([0.12, 0.14, 0.2])).cells.tolist()
    [0, 1, 4]
    >>> exact_grid(np.array([0.1234567, 0.2, 0.7654321])) is None
    True
    """
    above = values - values.min()
    largest = above.max()
    noise = 1e-10 * max(largest, float(np.abs(values).max()) * 1e-3)
    for decimals in range(DECIMALS + 1):
        scaled = above * 10.0**decimals
        whole = np.rint(scaled)
        if whole.max() >= 2**53:
            return None
        if np.abs(scaled - whole).max() <= noise * 10.0**decimals:
            cells = whole.astype(np.int64)
            cells //= max(int(np.gcd.reduce(cells)), 1)
            steps = int(cells.max())
            if steps > MOST_STEPS:
                return None
            return Grid(cells=cells, places=cells.astype(float), steps=steps, lossless=True)
    return None


def fine_grid(values: Floats, steps: int) -> Grid:
    """Round the values to `steps` equal steps of their range."""
    above = values - values.min()
    places = above * (steps / above.max())
    return Grid(cells=np.rint(places).astype(np.int64), places=places, steps=steps, lossless=False)


def guarded(tail: Floats, widest: Floats, narrowest: Floats) -> tuple[Floats, Floats]:
    """Return a tail as read between the steps, or the widest it can be where that is much wider.

    Rounding moves each value by half a step at most, so the tail from k/2 steps nearer is never
    smaller than the true one. It is given where it differs by more than a tenth and the tail may
    be rare, with how many times the true one it may be (else 1).

    Examples
    --------
    >>> seen, widest, narrowest = np.array([[0.01, 0.01], [0.0105, 0.05], [0.009, 0.005]])
    >>> [found.tolist() for found in guarded(seen, widest, narrowest)]
    [[0.01, 0.05], [1.0, 10.0]]
    """
    bounded = (narrowest < RARE) & (widest > 1.1 * tail) & (widest > SMALLEST_P)
    excess = np.divide(widest, narrowest, out=np.ones_like(tail), where=bounded)
    return np.where(bounded, widest, tail), np.maximum(excess, 1.0)
