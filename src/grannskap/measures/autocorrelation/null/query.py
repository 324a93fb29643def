"""What is asked of a null distribution, and what is read off it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grannskap.measures.autocorrelation.alignment import Bools, Floats, Ints

__all__ = ["SMALLEST_P", "TIE", "Bracket", "Query", "Reading"]

TIE = 1e-14
"""Sums that differ by less than this share of all values' size are ties."""

SMALLEST_P = 1e-12
"""Tails below this are given as this: rounding could change them."""

TENTH = 0.1
"""A tail that rounding may have moved by more than this share of it is given as a bound."""


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


@dataclass(frozen=True)
class Reading:
    """Tails read off a null distribution, per area.

    Attributes
    ----------
    lower, upper : arrays
        P(sum ≤ observed) and P(sum ≥ observed).
    lower_excess, upper_excess : arrays
        How many times the true chance each may be where it is a bound; else 1.
    """

    lower: Floats
    upper: Floats
    lower_excess: Floats
    upper_excess: Floats

    @classmethod
    def certain(cls, count: int) -> Reading:
        """Return tails of 1, to be filled in."""
        return cls(*np.ones((4, count)))

    @classmethod
    def exact(cls, lower: Floats, upper: Floats) -> Reading:
        """Return tails that are no bounds."""
        return cls(lower, upper, np.ones(len(lower)), np.ones(len(upper)))

    @property
    def excess(self) -> Floats:
        """The larger excess of each area's two tails."""
        return np.maximum(self.lower_excess, self.upper_excess)

    @property
    def rarer(self) -> Floats:
        """The smaller of each area's two tails."""
        return np.minimum(self.lower, self.upper)

    def put(self, rows: Ints | Bools | slice, part: Reading) -> None:
        """Fill in the rows that were read apart."""
        self.lower[rows], self.upper[rows] = part.lower, part.upper
        self.lower_excess[rows], self.upper_excess[rows] = part.lower_excess, part.upper_excess

    def turned(self, where: Bools | None = None) -> Reading:
        """Return the tails of the neighbours from those of all that are none (where so told)."""
        swap = np.ones(len(self.lower), dtype=bool) if where is None else where
        return Reading(
            np.where(swap, self.upper, self.lower),
            np.where(swap, self.lower, self.upper),
            np.where(swap, self.upper_excess, self.lower_excess),
            np.where(swap, self.lower_excess, self.upper_excess),
        )

    def clipped(self) -> Reading:
        """Return the tails where rounding cannot change them."""
        return Reading(
            np.clip(self.lower, SMALLEST_P, 1.0),
            np.clip(self.upper, SMALLEST_P, 1.0),
            self.lower_excess,
            self.upper_excess,
        )


@dataclass(frozen=True)
class Bracket:
    """Tails read between the steps of a grid, and what rounding to the grid leaves possible.

    Attributes
    ----------
    read, least, most : arrays of shape (2, areas)
        P(sum ≤ observed) and P(sum ≥ observed): as read, and no less and no more than this.
    """

    read: Floats
    least: Floats
    most: Floats

    def settled(self) -> Reading:
        """Return the tails as read, or the most they can be where reading may be a tenth off.

        Examples
        --------
        >>> read, least, most = np.array([[[0.01] * 3], [[0.0095, 0.009, 0.001]], [[0.0105] * 3]])
        >>> reading = Bracket(read, least, most).settled()
        >>> reading.lower.tolist(), reading.lower_excess.round(2).tolist()
        ([0.01, 0.0105, 0.0105], [1.0, 1.17, 10.5])
        """
        read = np.clip(self.read, self.least, self.most)
        loose = ((1 - TENTH) * self.most > read) | (read > (1 + TENTH) * self.least)
        loose &= self.most > SMALLEST_P
        excess = np.divide(
            self.most, np.maximum(self.least, SMALLEST_P), out=np.ones_like(read), where=loose
        )
        given = np.where(loose, self.most, read)
        return Reading(given[0], given[-1], excess[0], excess[-1])
