"""Values put on a grid of whole steps, and how the sums of their random subsets are distributed.

Whole numbers and decimals lie on a grid exactly; other values are put on a fine one.

The sums of all k-subsets are the coefficients of an elementary symmetric polynomial. Of few values
it is multiplied out, factor by factor. Of many, its value on the unit circle follows from the power
sums by Newton's identities, the power sums are the Fourier transform of the values' histogram read
at multiples of the frequency, and an inverse transform returns the counts. Divided by C(n, k) all
along, no number grows.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from grannskap.measures.autocorrelation.alignment import Bools, Floats, Ints

__all__ = [
    "Grid",
    "distributions",
    "exact_grid",
    "fine_grid",
    "sums_of_rows",
]

MOST_STEPS = 8192
DECIMALS = 6
EPSILON = float(np.finfo(float).eps)
MOST_NOISE = 1e-3
"""How far from a whole step rounding may have moved a value that lies on one."""

MULTIPLIED = 120
"""Up to so many values, multiplying out is quicker than a transform."""


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
    noise = max(1e-12 * above.max(), 8 * EPSILON * np.abs(values).max())
    if above.max() < 2**53 / 10**DECIMALS and not _whole(above, DECIMALS, noise):
        return None  # what is whole at fewer decimals is so at more
    whole = (few for few in range(DECIMALS + 1) if _whole(above, few, noise))
    decimals = next(whole, None)
    if decimals is None or noise * 10.0**decimals > MOST_NOISE:
        return None
    cells = np.rint(above * 10.0**decimals).astype(np.int64)
    cells //= max(int(np.gcd.reduce(cells)), 1)
    steps = int(cells.max())
    if steps > MOST_STEPS:
        return None
    return Grid(cells=cells, places=cells.astype(float), steps=steps, lossless=True)


def _whole(above: Floats, decimals: int, noise: float) -> bool:
    """Say whether the values have no more decimals than these, but for noise."""
    scaled = above * 10.0**decimals
    off = np.abs(scaled - np.rint(scaled))
    return bool(scaled.max() < 2**53 and off.max() <= noise * 10.0**decimals)


def fine_grid(values: Floats, steps: int) -> Grid:
    """Round the values to `steps` equal steps of their range."""
    above = values - values.min()
    places = above * (steps / above.max())
    return Grid(cells=np.rint(places).astype(np.int64), places=places, steps=steps, lossless=False)


def distributions(cells: Ints, most: int, steps: int) -> Floats:
    """Return P(sum ≤ s) for the sum of a random k-subset of the cells.

    Row k = 0 … `most`, column s + 1; column 0 is P(sum < 0) = 0. The sums are whole and lie in
    0 … k · `steps`. Accurate to 1e-13 while `most` is at most half of the cells.
    """
    if len(cells) <= MULTIPLIED:
        return _multiplied(cells, most, steps)
    return _transformed(cells, most, steps)


def _multiplied(cells: Ints, most: int, steps: int) -> Floats:
    """Count the subsets of each sum, one cell after another.

    From the lowest cell on, so that each row is added to no further than its sums reach by then.
    """
    ways = np.zeros((most + 1, most * steps + 2))
    ways[0, 1] = 1.0
    rows = list(ways)
    for count, cell in enumerate(np.sort(cells).tolist(), start=1):
        for size in range(min(count, most), 0, -1):
            end = size * cell + 2
            reached = rows[size][cell + 1 : end]
            np.add(reached, rows[size - 1][1 : end - cell], out=reached)
    np.cumsum(ways, axis=1, out=ways)
    ways /= np.array([[float(comb(len(cells), size))] for size in range(most + 1)])
    return ways


def _transformed(cells: Ints, most: int, steps: int) -> Floats:
    """Read the same off the polynomial's values on the unit circle."""
    from scipy import fft

    length = fft.next_fast_len(most * steps + 1, real=True)
    powers = _power_sums(cells, most, length)
    symmetric = np.empty_like(powers)
    symmetric[0] = 1.0
    for size in range(1, most + 1):
        factors = _newton(len(cells), size)
        symmetric[size] = np.einsum(
            "r,rf,rf->f", factors, symmetric[size - 1 :: -1][:size], powers[1 : size + 1]
        )
    table = np.zeros((most + 1, length + 1))
    np.cumsum(fft.irfft(symmetric, n=length, axis=1), axis=1, out=table[:, 1:])
    return table


def _power_sums(cells: Ints, most: int, length: int) -> NDArray[np.complex128]:
    """Return row r: the sum over values of exp(−2πi r f value / length) per frequency f."""
    from scipy import fft

    whole = fft.fft(np.bincount(cells, minlength=length).astype(np.float64))
    powers = np.empty((most + 1, length // 2 + 1), dtype=np.complex128)
    for power, place in enumerate(_multiples(length, most)):
        np.take(whole, place, out=powers[power])
    return powers


def _newton(count: int, size: int) -> Floats:
    """Return (−1)^(r−1) C(n, k−r) / C(n, k) / k for r = 1 … k."""
    r = np.arange(1, size + 1)
    ratios = np.cumprod((size - r + 1) / (count - size + r))
    return ratios * np.where(r % 2, 1.0, -1.0) / size


def sums_of_rows(cells: Ints, taken: Bools, size: int, steps: int, others: int) -> Floats:
    """Return P(sum ≤ s and all cells `taken`) for a random subset of each row's cells.

    Column s + 1; column 0 is 0. The subsets have `size` of the row's `others` cells, and the taken
    ones lie in 0 … `steps`.
    """
    from scipy import fft

    rows = len(cells)
    length = fft.next_fast_len(size * steps + 1, real=True)
    row = np.broadcast_to(np.arange(rows)[:, None], cells.shape)[taken]
    histogram = np.bincount(row * length + cells[taken], minlength=rows * length)
    whole = fft.fft(histogram.reshape(rows, length).astype(np.float64), axis=1)
    powers = np.empty((size + 1, rows, length // 2 + 1), dtype=np.complex128)
    for power, place in enumerate(_multiples(length, size)):
        np.take(whole, place, axis=1, out=powers[power])
    symmetric = np.empty_like(powers)
    symmetric[0] = 1.0
    for order in range(1, size + 1):
        symmetric[order] = np.einsum(
            "r,raf,raf->af",
            _newton(others, order),
            symmetric[order - 1 :: -1][:order],
            powers[1 : order + 1],
        )
    table = np.zeros((rows, length + 1))
    np.cumsum(fft.irfft(symmetric[size], n=length, axis=1), axis=1, out=table[:, 1:])
    return table


def _multiples(length: int, most: int) -> Iterator[Ints]:
    """Yield, for r = 0 … most, where r times each frequency lies in a whole transform."""
    frequency = np.arange(length // 2 + 1)
    place = np.zeros_like(frequency)
    for _ in range(most + 1):
        yield place
        place = place + frequency
        place[place >= length] -= length
