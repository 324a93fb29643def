"""Sum areas into groups: neighbourhoods, municipalities, RegSO."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.areas.shares import with_shares
from grannskap.catalogue import AMOUNTS, SHARES, Status, lower_column, status_column, upper_column
from grannskap.errors import DataError, few
from grannskap.notes import Note, of, with_notes
from grannskap.sources.boundaries.coverage import union

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["aggregate", "sum_counts"]

_WORST_FIRST = (
    Status.SUPPRESSED,
    Status.OUTSIDE_DIVISION,
    Status.NOT_JOINED,
    Status.MISSING,
    Status.VALUE,
)
_RANKS = {status.value: rank for rank, status in enumerate(_WORST_FIRST)}
_VALUE = _RANKS[Status.VALUE.value]


def aggregate(areas: gpd.GeoDataFrame, by: pd.Series[Any]) -> gpd.GeoDataFrame:
    """Counts summed and polygons merged over groups of areas.

    A count that is missing in any part of a group is missing in the group. Amounts such as
    medians cannot be summed: they are left out, with a note. Shares are made anew from the sums.

    Parameters
    ----------
    areas : GeoDataFrame
        Index ``deso``; from `join`.
    by : Series
        The group of each area, on the same codes; areas without one are left out, with a note.

    Returns
    -------
    GeoDataFrame
        Index named as `by`, sorted; ``areas`` (how many), counts with their status (and their
        bounds ``x_lower`` and ``x_upper`` where `areas` has them), shares, ``geometry``.

    Raises
    ------
    DataError
        When `by` names areas that are not there, or none that is.

    Examples
    --------
    >>> import geopandas, shapely
    >>> index = pd.Index(["0380C1010", "0380C1020"], name="deso")
    >>> squares = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]
    >>> counts = pd.DataFrame({"low": [5.0, 7.0], "low_status": "value"}, index=index)
    >>> areas = geopandas.GeoDataFrame(counts, geometry=squares, crs=3006)
    >>> groups = pd.Series("Hageby", index=index, name="neighbourhood")
    >>> aggregate(areas, groups)[["areas", "low"]].loc["Hageby"].tolist()
    [2.0, 12.0]
    """
    import geopandas as gpd

    group = _groups(areas, by)
    kept = areas.loc[group.index]
    kept.attrs = {}  # pandas copies them at every step, notes and all
    positions, labels = pd.factorize(group, sort=True)
    index = pd.Index(labels, name=by.name or "group")
    data: dict[str, Any] = {"areas": np.bincount(positions, minlength=len(index))}
    data |= sum_counts(kept, positions, len(index))
    merged = [union(kept.geometry.to_numpy()[positions == at]) for at in range(len(index))]
    summed = gpd.GeoDataFrame(data, geometry=merged, index=index, crs=areas.crs)
    summed.attrs = {"division": areas.attrs.get("division")}
    return with_shares(with_notes(summed, (*of(areas), *_notes(areas, group))))


def _groups(areas: gpd.GeoDataFrame, by: pd.Series[Any]) -> pd.Series[Any]:
    group = by.dropna()
    unknown = group.index.difference(areas.index)
    if len(unknown) or group.empty or group.index.has_duplicates:
        raise DataError(
            expected="one group for each of the areas",
            came=f"{len(unknown)} codes that are not among them ({few(unknown) or 'none'}), "
            f"{int(group.index.duplicated().sum())} twice, {len(group)} in all",
            remedy="name areas that the boundaries hold, each in one group",
        )
    return group.sort_index()


def _notes(areas: gpd.GeoDataFrame, group: pd.Series[Any]) -> list[Note]:
    notes = []
    outside = areas.index.difference(group.index)
    if len(outside):
        codes = tuple(map(str, outside))
        notes.append(Note("areas in no group", {"areas": len(codes)}, codes))
    amounts = [name for name in AMOUNTS if name in areas.columns]
    if amounts:
        notes.append(Note("amounts left out", {"names": amounts}, tuple(amounts)))
    return notes


def sum_counts(
    frame: pd.DataFrame,
    positions: npt.NDArray[np.intp],
    groups: int,
    *,
    weights: npt.NDArray[np.float64] | None = None,
) -> dict[str, Any]:
    """Sum every count by group, with its status, and with its bounds where it has them.

    Parameters
    ----------
    frame : DataFrame
        Counts, each with its status.
    positions : numpy.ndarray of int, shape (n,)
        Each row's group, 0 … groups - 1.
    groups : int
        How many groups there are.
    weights : numpy.ndarray of float, shape (n,), optional
        The share of each row that goes to its group.

    Returns
    -------
    dict
        By column: the sums, NaN where a part is not known; the sums of the bounds, which are
        never missing; and the gravest status that a part has.
    """
    data: dict[str, Any] = {}
    for name in _counts_of(frame):
        data[name], status = _sum(frame, name, positions, groups, weights)
        for bound in (lower_column(name), upper_column(name)):
            if bound in frame:
                data[bound] = _total(frame[bound], positions, groups, weights)
        data[status_column(name)] = status
    return data


def _counts_of(frame: pd.DataFrame) -> list[str]:
    """Return the columns that hold counts: a status beside them, no amount and no share."""
    return [
        name
        for name in frame.columns
        if status_column(name) in frame.columns and name not in {*AMOUNTS, *SHARES}
    ]


def _sum(
    frame: pd.DataFrame,
    name: str,
    positions: npt.NDArray[np.intp],
    groups: int,
    weights: npt.NDArray[np.float64] | None,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.object_]]:
    totals = _total(frame[name], positions, groups, weights)
    gravest = np.full(groups, _VALUE)
    np.minimum.at(gravest, positions, frame[status_column(name)].map(_RANKS).to_numpy(dtype=int))
    totals[gravest < _VALUE] = np.nan
    return totals, np.array([status.value for status in _WORST_FIRST], dtype=object)[gravest]


def _total(
    column: pd.Series[Any],
    positions: npt.NDArray[np.intp],
    groups: int,
    weights: npt.NDArray[np.float64] | None,
) -> npt.NDArray[np.float64]:
    values = column.to_numpy(dtype=float)
    parts = values if weights is None else values * weights
    return np.bincount(positions, weights=parts, minlength=groups).astype(np.float64)
