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
TURNS = 4
MANY_AREAS = 1000


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
    """Return the statistic of random arrangements of the values over all areas.

    Shuffling is what costs, so over many areas a shuffled row is laid out `TURNS` times, each time
    turned by a part of its length, along an order of the areas that is random itself. Each layout
    is a uniformly random arrangement. Two of a row put the same pair of values on a link as rarely
    as two independent ones do, so their statistics are as good as independent.
    """
    from scipy import sparse

    rng = np.random.default_rng(seed)
    count = len(x)
    turns = TURNS if count >= MANY_AREAS else 1
    place = rng.permutation(count)
    links = place[form.heads], place[form.tails]
    matrix = sparse.csr_array((form.products, links), shape=(count, count))
    squares = None if form.squares is None else form.squares[np.argsort(place)]
    width = min(max(8, BLOCK_CELLS // (count * turns)), -(-permutations // turns))
    simulated = np.empty((-(-permutations // (width * turns)), turns, width))
    for block in simulated:
        rows = np.tile(x, (width, 1))
        rng.permuted(rows, axis=1, out=rows)
        shuffled = np.ascontiguousarray(rows.T)
        for turn in range(turns):
            laid = np.roll(shuffled, turn * (count // turns), axis=0)
            block[turn] = np.einsum("ij,ij->j", laid, matrix @ laid)
            if squares is not None:
                block[turn] += squares @ laid**2
    return simulated.ravel()[:permutations]
