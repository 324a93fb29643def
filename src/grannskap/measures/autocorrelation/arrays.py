"""Names for the kinds of array that the statistics are made of."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Bools", "Floats", "Ints", "Seed", "totals"]

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.signedinteger]
Bools: TypeAlias = NDArray[np.bool_]
Seed: TypeAlias = int | tuple[int, ...]


def totals(places: Ints, amounts: Floats, count: int) -> Floats:
    """Return the sum of the amounts at each of the places 0 … count − 1.

    Examples
    --------
    >>> totals(np.array([0, 2, 2]), np.array([1.0, 2.0, 3.0]), 3).tolist()
    [1.0, 0.0, 5.0]
    """
    sums: Floats = np.bincount(places, amounts, count).astype(np.float64)
    return sums
