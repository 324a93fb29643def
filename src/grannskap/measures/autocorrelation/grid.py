"""Values put on an integer grid: whole numbers and decimals exactly, other values finely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from grannskap.measures.autocorrelation.arrays import Floats, Ints

__all__ = ["Grid", "exact_grid", "fine_grid", "guarded"]

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


def guarded(tail: Floats, widest: Floats) -> Floats:
    """Return a tail as read between the steps, or the widest it can be where that is much wider.

    Rounding moves each value by half a step at most, so the tail from k/2 steps nearer is never
    smaller than the true one. It is given where it differs by more than a tenth.

    Examples
    --------
    >>> guarded(np.array([0.010, 0.010]), np.array([0.0105, 0.5])).tolist()
    [0.01, 0.5]
    """
    return np.where(widest <= 1.1 * tail, tail, widest)
