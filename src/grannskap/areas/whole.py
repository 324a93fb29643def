"""Split whole counts into whole parts, so that nobody is lost and no part outgrows its base."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["split"]

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]


def split(counts: Floats, row: Positions, share: Floats) -> Floats:
    """What each part gets of the count of its row, whole where the count is.

    Webster's method: of several parts each gets the rounded quotient of its share and a divisor
    that makes the sum right. What is a part of another count never gets more than that one does,
    as a larger count never gives a part less (its rival, the largest remainder, may).

    Parameters
    ----------
    counts : numpy.ndarray of float, shape (n,)
        Of each part, the count of its row.
    row : numpy.ndarray of int, shape (n,)
        Of each part, its row.
    share : numpy.ndarray of float, shape (n,)
        Of each part, its share of the row, 0–1; what they lack of 1 goes to no part.

    Returns
    -------
    numpy.ndarray of float, shape (n,)
        The parts; of equal ones the first is served first. A count that is not whole, and one
        that is not known, is multiplied by its share.

    Examples
    --------
    >>> split(np.full(3, 10.0), np.zeros(3, dtype=np.intp), np.array([0.5, 0.25, 0.25]))
    array([5., 3., 2.])
    """
    parts = counts * share
    open_parts = np.flatnonzero((share > 0) & (share < 1) & (counts == np.floor(counts)))
    if not len(open_parts):
        return parts
    which, rows = pd.factorize(row[open_parts], sort=True)
    place = pd.Series(which).groupby(which).cumcount().to_numpy()
    weights = np.zeros((len(rows), int(place.max()) + 2))
    weights[which, place] = share[open_parts]
    weights[:, -1] = np.clip(1 - weights[:, :-1].sum(axis=1), 0.0, None)
    weights[weights[:, -1] < 1e-9, -1] = 0.0
    total = np.zeros(len(rows))
    total[which] = counts[open_parts]
    parts[open_parts] = _apportioned(total, weights)[which, place]
    return parts


def _apportioned(total: Floats, weights: Floats) -> Floats:
    """Give each row's seats to its parts: one more to the dearest, one less to the cheapest."""
    seats = np.rint(total[:, None] * weights)
    lines = np.arange(len(total))
    while True:
        lacking = total - seats.sum(axis=1)
        more, less = lacking > 0, lacking < 0
        if not (more | less).any():
            return seats
        next_one = np.where(weights > 0, weights / (2 * seats + 1), -1.0).argmax(axis=1)
        last_one = np.where(seats > 0, weights / np.maximum(2 * seats - 1, 1), np.inf)
        cheapest = last_one.shape[1] - 1 - last_one[:, ::-1].argmin(axis=1)
        seats[lines[more], next_one[more]] += 1
        seats[lines[less], cheapest[less]] -= 1
