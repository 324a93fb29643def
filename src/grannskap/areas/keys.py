"""A key of shares: which part of each old area goes to which new one, as somebody stated it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from grannskap import deso
from grannskap.areas.links import Links
from grannskap.areas.spread import Spread
from grannskap.errors import ColumnError, DataError

__all__ = ["of_key"]

_COLUMNS = ("old", "new", "share")
_TOLERANCE = 0.01


def of_key(key: pd.DataFrame, *, sliver: float) -> tuple[Links, Spread]:
    """Take a key's shares as they are stated: nothing tells how sure they are.

    Parameters
    ----------
    key : DataFrame
        Columns ``old``, ``new`` (codes) and ``share`` (0–1 of the old area, summing to 1).
    sliver : float
        Shares below this are drawing noise: left out, and their old area's other shares scaled
        up to 1.

    Returns
    -------
    tuple of (Links, Spread)
        The pairs, and the share of each: certain where all of an area goes to one.

    Raises
    ------
    ColumnError
        When the key lacks a column.
    DataError
        When the shares do not sum to 1.
    """
    lacking = [name for name in _COLUMNS if name not in key.columns]
    if lacking:
        raise ColumnError(
            "columns missing in key",
            {"columns": _COLUMNS, "found": list(key.columns), "lacking": lacking},
        )
    codes = {name: deso.parse(key[name]).values for name in ("old", "new")}
    given = pd.to_numeric(key["share"], errors="coerce").to_numpy(dtype=float)
    shares = pd.DataFrame({**codes, "share": given})
    _check_sums(shares)
    kept = shares[shares["share"] >= max(sliver, np.finfo(float).tiny)].sort_values(["old", "new"])
    share = (kept["share"] / kept.groupby("old")["share"].transform("sum")).to_numpy()
    whole = share == 1
    slivers = int((shares["share"] > 0).sum() - len(kept))
    old, new = (kept[name].to_numpy(dtype=object) for name in ("old", "new"))
    links = Links(old, new, np.full(len(kept), None, dtype=object), slivers)
    how = np.where(whole, "whole", "key").astype(object)
    return links, Spread(share, np.where(whole, 1.0, 0.0), np.ones(len(kept)), how)


def _check_sums(shares: pd.DataFrame) -> None:
    totals = shares.groupby("old")["share"].sum()
    wrong = totals.index[~((totals - 1).abs() <= _TOLERANCE)]
    if len(wrong) or not (shares["share"] >= 0).all():
        raise DataError("shares of key do not sum", {"count": len(wrong), "codes": list(wrong)})
