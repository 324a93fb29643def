"""Overall statistics of permuted values, many permutations at a time.

Each is a quadratic form of the values, so only its symmetric part matters, and of that one half.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from grannskap.measures.autocorrelation.arrays import Floats, Ints, Seed


__all__ = ["Quadratic", "simulate"]

BLOCK_CELLS = 2**19


@dataclass(frozen=True)
class Quadratic:
    """A statistic of the form Σ a_ij x_i x_j + Σ b_i x_i².

    Attributes
    ----------
    heads, tails : arrays of int
        The pairs i, j, each once.
    products : array
        a_ij of each pair.
    squares : array or None
        b_i, where there is such a part.
    """

    heads: Ints
    tails: Ints
    products: Floats
    squares: Floats | None = None

    def of(self, x: Floats) -> float:
        """Return the statistic of one arrangement of the values."""
        value = float(np.dot(self.products, x[self.heads] * x[self.tails]))
        return value if self.squares is None else value + float(np.dot(self.squares, x * x))


def simulate(form: Quadratic, x: Floats, *, permutations: int, seed: Seed) -> Floats:
    """Return the statistic of random arrangements of the values over all areas."""
    from scipy import sparse

    rng = np.random.default_rng(seed)
    count = len(x)
    matrix = sparse.csr_array((form.products, (form.heads, form.tails)), shape=(count, count))
    width = max(8, min(permutations, BLOCK_CELLS // count))
    simulated = np.empty(permutations)
    for start in range(0, permutations, width):
        rows = np.tile(x, (min(width, permutations - start), 1))
        rng.permuted(rows, axis=1, out=rows)
        arrangements = np.ascontiguousarray(rows.T)
        block = np.einsum("ij,ij->j", arrangements, matrix @ arrangements)
        if form.squares is not None:
            block += form.squares @ arrangements**2
        simulated[start : start + len(block)] = block
    return simulated
