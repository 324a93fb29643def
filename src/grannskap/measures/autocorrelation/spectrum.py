"""How sums over random subsets are distributed: all subsets of every size at once.

The sums of all k-subsets are the coefficients of an elementary symmetric polynomial. On the unit
circle its value follows from the power sums by Newton's identities, the power sums are the Fourier
transform of the values' histogram read at multiples of the frequency, and an inverse transform
returns the counts. Divided by C(n, k) all along, no number grows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from grannskap.measures.autocorrelation.arrays import Floats, Ints

__all__ = ["distributions"]


def distributions(cells: Ints, most: int, steps: int) -> Floats:
    """Return P(sum ≤ s) for the sum of a random k-subset of the cells.

    Row k = 0 … `most`, column s + 1; column 0 is P(sum < 0) = 0. The sums are whole and lie in
    0 … k · `steps`. Accurate to 1e-13 while `most` is at most half of the cells.
    """
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
    frequency = np.arange(length // 2 + 1)
    powers = np.empty((most + 1, len(frequency)), dtype=np.complex128)
    place = np.zeros_like(frequency)
    for power in range(most + 1):
        np.take(whole, place, out=powers[power])
        place += frequency
        place[place >= length] -= length
    return powers


def _newton(count: int, size: int) -> Floats:
    """Return (−1)^(r−1) C(n, k−r) / C(n, k) / k for r = 1 … k."""
    r = np.arange(1, size + 1)
    ratios = np.cumprod((size - r + 1) / (count - size + r))
    return ratios * np.where(r % 2, 1.0, -1.0) / size
