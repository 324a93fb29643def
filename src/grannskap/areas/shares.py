"""Add the shares that follow from counts and their bases."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import pandas as pd

from grannskap.catalogue import PERTURBATION, SHARES, Share, Status, status_column
from grannskap.errors import DataError
from grannskap.notes import Note, with_notes

__all__ = ["with_shares"]

Frame = TypeVar("Frame", bound=pd.DataFrame)


def with_shares(areas: Frame) -> Frame:
    """Shares in 0–1, added wherever a count and its base are both there.

    A share is missing where either count is, or where the base is 0; its status says which.
    Where a part passes its base by at most 10, as SCB's perturbed small counts may, the share
    is 1 and a note says so.

    Parameters
    ----------
    areas : DataFrame
        Counts by canonical names, each with its status.

    Returns
    -------
    DataFrame
        A copy with a column and a status for each share of `grannskap.catalogue.SHARES`; shares
        that are there already are kept.

    Raises
    ------
    DataError
        When a part is greater than its base.

    Examples
    --------
    >>> index = pd.Index(["0380C1010"], name="deso")
    >>> counts = pd.DataFrame(
    ...     {"low": [5.0], "low_status": "value", "households": [20.0],
    ...      "households_status": "value"},
    ...     index=index,
    ... )
    >>> with_shares(counts)["low_income_share"].to_dict()
    {'0380C1010': 0.25}
    """
    counts = pd.DataFrame(areas)
    counts.attrs = {}  # pandas copies them at every step, notes and all
    added: dict[str, pd.Series[Any]] = {}
    notes: list[Note] = []
    for share in SHARES.values():
        there = share.part in counts and share.base in counts
        if there and share.name not in counts:
            notes += _check(counts, share)
            added[share.name] = _values(counts, share)
            added[status_column(share.name)] = _status(counts, share)
    return with_notes(areas.assign(**added), notes)


def _check(areas: pd.DataFrame, share: Share) -> list[Note]:
    excess = areas[share.part] - areas[share.base]
    wrong = areas.index[excess > PERTURBATION]
    if len(wrong):
        raise DataError(
            "part above its base",
            {"part": share.part, "base": share.base, "count": len(wrong), "codes": list(wrong)},
        )
    over = areas.index[excess > 0]
    if not len(over):
        return []
    values = {"named": True, "share": share.name, "areas": len(over)}
    return [Note("shares limited", values, tuple(map(str, over)))]


def _values(areas: pd.DataFrame, share: Share) -> pd.Series[Any]:
    base = areas[share.base].where(areas[share.base] > 0)
    return (areas[share.part] / base).clip(upper=1.0).rename(share.name)


def _status(areas: pd.DataFrame, share: Share) -> pd.Series[Any]:
    part = areas[status_column(share.part)]
    base = areas[status_column(share.base)]
    nobody = np.asarray(areas[share.base] == 0)
    known = base.mask(nobody, Status.MISSING.value)
    return part.where(part != Status.VALUE.value, known).rename(status_column(share.name))
