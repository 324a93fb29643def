"""What each part of an area can hold of its counts, when it is known how its people are spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.areas.whole import split
from grannskap.catalogue import (
    AMOUNTS,
    COUNTS,
    PARTITIONS,
    SHARES,
    Status,
    lower_column,
    status_column,
    upper_column,
)

__all__ = ["Parts", "amounts_of", "base_of", "bounds_of", "counts_of", "summed", "total_of"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.intp]

_GRAVEST_FIRST = (
    Status.SUPPRESSED,
    Status.OUTSIDE_DIVISION,
    Status.NOT_JOINED,
    Status.MISSING,
    Status.VALUE,
)
_RANKS = {status.value: rank for rank, status in enumerate(_GRAVEST_FIRST)}
_VALUE, _MISSING = _RANKS[Status.VALUE.value], _RANKS[Status.MISSING.value]


@dataclass(frozen=True)
class Parts:
    """Parts of areas, and the sums they go into.

    Attributes
    ----------
    row : numpy.ndarray of int
        Of each part, the row of the counts that it is a part of; −1 where there is none.
    sum : numpy.ndarray of int
        Of each part, which sum it goes into.
    sums : int
        How many sums there are.
    share, lower, upper : numpy.ndarray of float
        The share (0–1) of the row's people that live in the part; NaN where it is not known.
    """

    row: Positions
    sum: Positions
    sums: int
    share: Floats
    lower: Floats
    upper: Floats

    def total(self, values: Floats) -> Floats:
        """Add up what the parts hold."""
        return np.bincount(self.sum, values, self.sums).astype(np.float64)


def counts_of(frame: pd.DataFrame, amounts: tuple[str, ...] = ()) -> list[str]:
    """Return the columns that hold counts: a status beside them, no amount and no share."""
    return [
        str(name)
        for name in frame.columns
        if status_column(str(name)) in frame and name not in {*AMOUNTS, *SHARES, *amounts}
    ]


def amounts_of(frame: pd.DataFrame, amounts: tuple[str, ...] = ()) -> list[str]:
    """Return the columns that cannot be summed: medians, means and shares."""
    return [
        str(name)
        for name in frame.columns
        if status_column(str(name)) in frame and name in {*AMOUNTS, *SHARES, *amounts}
    ]


def total_of(names: list[str]) -> str:
    """Return the count that tells how many there are in all: of persons, else of households.

    Examples
    --------
    >>> total_of(["low", "households"])
    'households'
    """
    return next((one for one in ("population", "persons", "households") if one in names), names[0])


def base_of(name: str, there: set[str]) -> str | None:
    """Return the count that a count is a part of, itself for a total; None where none is known.

    Examples
    --------
    >>> base_of("low", {"low", "households"}), base_of("households", {"households"})
    ('households', 'households')
    """
    wholes = [share.base for share in SHARES.values() if share.part == name]
    wholes += [one.whole for one in PARTITIONS if name in one.parts]
    found = next((whole for whole in wholes if whole in there), None)
    if found is not None:
        return found
    if name == "population" or name not in COUNTS or wholes:
        return name if name == "population" else None
    return "population" if "population" in there and _of_persons(name) else name


def _of_persons(name: str) -> bool:
    return COUNTS[name].unit == COUNTS["population"].unit


def summed(frame: pd.DataFrame, parts: Parts, everybody: Flags) -> dict[str, Any]:
    """Sum every count over parts, with what is known of each sum.

    A total (persons, households) is taken to be spread as the people are. Of a part of it,
    such as those with low income, it is only known that they are among the people who live
    there: at least those who have no room elsewhere, at most all who live there.

    Parameters
    ----------
    frame : DataFrame
        Counts, each with its status, and with its bounds where it has them.
    parts : Parts
        Of its rows.
    everybody : numpy.ndarray of bool
        Which rows tell of all, and not of a group, whose share in a part is anybody's guess.

    Returns
    -------
    dict
        By column: sums, NaN where a part is not known; bounds; the gravest status of a part.
    """
    there = set(counts_of(frame))
    data: dict[str, Any] = {}
    for name in counts_of(frame):
        base = base_of(name, there)
        value, rank = _values(frame, name, parts)
        lower, upper = _bounds(frame, name, base, parts, everybody)
        known = rank == _VALUE
        data[name] = np.where(known, value, np.nan)
        data[lower_column(name)] = np.where(known, np.minimum(lower, value), lower)
        data[upper_column(name)] = np.where(known, np.maximum(upper, value), upper)
        words = np.array([status.value for status in _GRAVEST_FIRST], dtype=object)
        data[status_column(name)] = words[rank]
    return data


def _taken(column: pd.Series[Any], parts: Parts, instead: float) -> Floats:
    values = column.to_numpy(dtype=float)
    return np.where(parts.row >= 0, values[parts.row], instead)


def _values(frame: pd.DataFrame, name: str, parts: Parts) -> tuple[Floats, Positions]:
    """Return the sums of the estimates, and the rank of each sum's status."""
    values = _taken(frame[name], parts, np.nan)
    ranks = frame[status_column(name)].map(_RANKS).to_numpy(dtype=int)[parts.row]
    ranks = np.where(parts.row >= 0, ranks, _RANKS[Status.NOT_JOINED.value])
    nothing = (parts.share == 0) | (values == 0)
    ranks = np.where((ranks == _VALUE) & np.isnan(parts.share), _MISSING, ranks)
    ranks = np.where(nothing, _VALUE, ranks)
    gravest = np.full(parts.sums, _VALUE)
    np.minimum.at(gravest, parts.sum, ranks)
    held = np.where(nothing, 0.0, split(values, parts.row, parts.share))
    return parts.total(np.nan_to_num(held)), gravest


def _bounds(
    frame: pd.DataFrame, name: str, base: str | None, parts: Parts, everybody: Flags
) -> tuple[Floats, Floats]:
    """Return the least and the most that each sum can be."""
    least, most = bounds_of(frame, name)
    own = np.where(parts.row >= 0, least[parts.row], 0.0)
    top = np.where(parts.row >= 0, most[parts.row], np.inf)
    whole = parts.lower == 1
    told = (parts.row >= 0) & everybody[parts.row] & (base is not None)
    least_share = np.where(told, parts.lower, np.where(whole, 1.0, 0.0))
    most_share = np.where(told, parts.upper, np.where(parts.upper > 0, 1.0, 0.0))
    if base is None or base == name:
        lower, upper = own * least_share, _times(top, most_share)
    else:
        _, room = bounds_of(frame, base)
        held = np.where(parts.row >= 0, room[parts.row], np.inf)
        lower = np.clip(own - _times(held, 1 - least_share), 0.0, None)
        upper = np.where(whole, top, np.minimum(top, _times(held, most_share)))
    return parts.total(np.where(whole, own, lower)), parts.total(upper)


def _times(values: Floats, shares: Floats) -> Floats:
    """Multiply, where nothing of what has no limit is nothing."""
    return np.where(shares == 0, 0.0, values * np.where(shares == 0, 1.0, shares))


def bounds_of(frame: pd.DataFrame, name: str) -> tuple[Floats, Floats]:
    """Return the least and the most that a column can be, by row."""
    values = frame[name]
    least = frame.get(lower_column(name), values).to_numpy(dtype=float)
    most = frame.get(upper_column(name), values).to_numpy(dtype=float)
    return np.where(np.isnan(least), 0.0, least), np.where(np.isnan(most), np.inf, most)
