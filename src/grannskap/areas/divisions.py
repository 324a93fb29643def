"""Move counts from one division to another by a key of shares."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from grannskap import deso
from grannskap.areas.groups import sum_counts
from grannskap.catalogue import AMOUNTS, SHARES
from grannskap.errors import ColumnError, DataError, JoinError, few
from grannskap.notes import Note, of, with_notes

__all__ = ["crosswalk"]

_COLUMNS = ("old", "new", "share")
_OTHER: dict[int | None, int | None] = {2018: 2025, 2025: 2018, None: None}
_TOLERANCE = 0.01


def crosswalk(register: pd.DataFrame, key: pd.DataFrame, *, sliver: float = 0.001) -> pd.DataFrame:
    """Counts of a register moved to the areas of the other division.

    Each count of an old area is split among new ones by the key's shares, as if people lived
    evenly over what the shares measure; totals are preserved. A count that is missing in an old
    area is missing in every new area that takes part of it.

    Parameters
    ----------
    register : DataFrame
        Counts with their status, and with bounds or without; index ``deso``, or ``deso``,
        ``year`` and ``group``.
    key : DataFrame
        Columns ``old``, ``new`` (codes) and ``share`` (0–1 of the old area, summing to 1).
    sliver : float
        Shares below this are drawing noise: left out, and their old area's other shares scaled
        up to 1.

    Returns
    -------
    DataFrame
        The register on the new codes, counts no longer whole; the other division; a note names
        the areas whose numbers are approximate.

    Raises
    ------
    ColumnError
        When the key lacks a column.
    DataError
        When the register holds amounts or shares, or the key's shares do not sum to 1.
    JoinError
        When the key lacks an area of the register.

    Examples
    --------
    >>> index = pd.Index(["0380C1010"], name="deso")
    >>> old = pd.DataFrame({"low": [8.0], "low_status": "value"}, index=index)
    >>> key = pd.DataFrame(
    ...     {"old": "0380C1010", "new": ["0380C1011", "0380C1012"], "share": [0.25, 0.75]}
    ... )
    >>> crosswalk(old, key)["low"].tolist()
    [2.0, 6.0]
    """
    _check_register(register)
    shares, slivers = _checked_key(key, sliver)
    _check_match(register.index.get_level_values("deso"), pd.Index(shares["old"]))
    old = register.index.get_level_values("deso")
    moves = pd.DataFrame({"row": np.arange(len(old)), "old": old}).merge(shares, on="old")
    moved = register.iloc[moves["row"].to_numpy()]
    levels = moved.index.to_frame(index=False).assign(deso=moves["new"])
    groups = levels.groupby(list(levels.columns), sort=True)
    positions, index = groups.ngroup().to_numpy().astype(np.intp), groups.size().index
    if register.index.nlevels == 1:
        index = pd.Index(index, name="deso")
    weights = moves["share"].to_numpy(dtype=float)
    data = sum_counts(moved, positions, len(index), weights=weights)
    crossed = pd.DataFrame(data, index=index)
    crossed.attrs = {"division": _OTHER[register.attrs.get("division")]}
    return with_notes(crossed, (*of(register), *_notes(shares, slivers)))


def _check_register(register: pd.DataFrame) -> None:
    other = [name for name in register.columns if name in {*AMOUNTS, *SHARES}]
    if other:
        raise DataError(
            expected="counts, which can be split and summed",
            came=f"amounts or shares ({few(other)})",
            remedy="leave these columns out; they cannot be moved between divisions",
        )


def _checked_key(key: pd.DataFrame, sliver: float) -> tuple[pd.DataFrame, int]:
    lacking = [name for name in _COLUMNS if name not in key.columns]
    if lacking:
        raise ColumnError(
            expected=f"the columns {few(_COLUMNS)} in the key",
            came=f"the columns {few(key.columns, most=30)}",
            remedy=f"name or add {few(lacking)}",
        )
    codes = {name: deso.parse(key[name]).values for name in ("old", "new")}
    given = pd.to_numeric(key["share"], errors="coerce").to_numpy(dtype=float)
    shares = pd.DataFrame({**codes, "share": given})
    totals = shares.groupby("old")["share"].sum()
    wrong = totals.index[~((totals - 1).abs() <= _TOLERANCE)]
    if len(wrong) or not (shares["share"] >= 0).all():
        named = few(wrong) or "a share that is negative, or no number"
        raise DataError(
            expected="shares of 0–1 that sum to 1 for each old area",
            came=f"other sums in {len(wrong)} areas ({named})",
            remedy="complete the key",
        )
    kept = shares[shares["share"] >= sliver]
    kept = kept.assign(share=kept["share"] / kept.groupby("old")["share"].transform("sum"))
    return kept, int((shares["share"] > 0).sum() - (kept["share"] > 0).sum())


def _check_match(codes: pd.Index[Any], known: pd.Index[Any]) -> None:
    lacking = codes.unique().difference(known)
    if len(lacking):
        raise JoinError(
            expected="every area of the register in the key",
            came=f"{len(lacking)} that it lacks ({few(lacking)})",
            remedy="use the key of the register's division, or complete it",
        )


def _notes(shares: pd.DataFrame, slivers: int) -> list[Note]:
    split = shares.loc[shares["share"] < 1, "new"].drop_duplicates().sort_values()
    values = {"areas": len(split), "slivers": slivers}
    return [Note("approximated", values, tuple(split))]
