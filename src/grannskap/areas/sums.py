"""Sum counts into groups, with the status of what is missing."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.catalogue import AMOUNTS, SHARES, Status, status_column

__all__ = ["counts_of", "sums"]

_WORST_FIRST = (
    Status.SUPPRESSED,
    Status.OUTSIDE_DIVISION,
    Status.NOT_JOINED,
    Status.MISSING,
    Status.VALUE,
)
_RANKS = {status.value: rank for rank, status in enumerate(_WORST_FIRST)}
_VALUE = _RANKS[Status.VALUE.value]


def counts_of(frame: pd.DataFrame) -> list[str]:
    """Return the columns that hold counts: a status beside them, no amount and no share."""
    return [
        name
        for name in frame.columns
        if status_column(name) in frame.columns and name not in {*AMOUNTS, *SHARES}
    ]


def sums(
    frame: pd.DataFrame,
    name: str,
    positions: npt.NDArray[np.intp],
    groups: int,
    *,
    weights: npt.NDArray[np.float64] | None = None,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.object_]]:
    """Sum one count by group; a group with a missing part is missing.

    Parameters
    ----------
    frame : DataFrame
        The count and its status.
    name : str
        The count's column.
    positions : numpy.ndarray of int, shape (n,)
        Each row's group, 0 … groups - 1.
    groups : int
        How many groups there are.
    weights : numpy.ndarray of float, shape (n,), optional
        The share of each row that goes to its group.

    Returns
    -------
    tuple of numpy.ndarray
        The sums, and their status: the gravest that a part has.
    """
    values = frame[name].to_numpy(dtype=float)
    parts = values if weights is None else values * weights
    totals = np.bincount(positions, weights=parts, minlength=groups).astype(np.float64)
    gravest = np.full(groups, _VALUE)
    np.minimum.at(gravest, positions, frame[status_column(name)].map(_RANKS).to_numpy(dtype=int))
    totals[gravest < _VALUE] = np.nan
    return totals, np.array([status.value for status in _WORST_FIRST], dtype=object)[gravest]
