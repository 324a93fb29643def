"""What is asked of a null distribution: areas, and the neighbours they were seen to have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grannskap.measures.autocorrelation.arrays import Bools, Floats, Ints

__all__ = ["TIE", "Query"]

TIE = 1e-14
"""Sums that differ by less than this share of all values' size are ties."""


@dataclass(frozen=True)
class Query:
    """Areas that are asked about; all have neighbours.

    Attributes
    ----------
    own : array of int
        Position of each area; its random neighbourhoods leave it out.
    sizes : array of int
        Number of its neighbours.
    starts, members : arrays of int
        Its neighbours, in compressed rows.
    weights : array
        The neighbours' shares of the weight, which sum to 1 over each area.
    """

    own: Ints
    sizes: Ints
    starts: Ints
    members: Ints
    weights: Floats

    def sums(self, values: Floats) -> Floats:
        """Return the sum of the values over each area's neighbours."""
        sums: Floats = np.add.reduceat(values[self.members], self.starts[:-1])
        return sums

    def means(self, values: Floats) -> Floats:
        """Return the weighted mean of the values over each area's neighbours."""
        means: Floats = np.add.reduceat(self.weights * values[self.members], self.starts[:-1])
        return means

    def pick(self, chosen: Bools) -> Query:
        """Return the query of some of the areas."""
        if chosen.all():
            return self
        sizes = self.sizes[chosen]
        kept = np.repeat(chosen, self.sizes)
        starts = np.concatenate([[0], np.cumsum(sizes)])
        return Query(self.own[chosen], sizes, starts, self.members[kept], self.weights[kept])
