"""Sum areas into groups: neighbourhoods, municipalities, RegSO."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from grannskap.areas.parting import Parts, summed
from grannskap.areas.shares import with_shares
from grannskap.catalogue import AMOUNTS, lower_column, upper_column
from grannskap.errors import DataError
from grannskap.notes import Note, of, with_notes
from grannskap.sources.boundaries.coverage import union

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt

__all__ = ["aggregate"]


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
    data |= _sums(kept, positions, len(index))
    merged = [union(kept.geometry.to_numpy()[positions == at]) for at in range(len(index))]
    summed = gpd.GeoDataFrame(data, geometry=merged, index=index, crs=areas.crs)
    summed.attrs = {"division": areas.attrs.get("division")}
    return with_shares(with_notes(summed, (*of(areas), *_notes(areas, group))))


def _groups(areas: gpd.GeoDataFrame, by: pd.Series[Any]) -> pd.Series[Any]:
    group = by.dropna()
    unknown = group.index.difference(areas.index)
    if len(unknown) or group.empty or group.index.has_duplicates:
        raise DataError(
            "groups of areas",
            {
                "unknown": len(unknown),
                "codes": list(unknown),
                "twice": int(group.index.duplicated().sum()),
                "total": len(group),
            },
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


def _sums(frame: pd.DataFrame, positions: npt.NDArray[np.intp], groups: int) -> dict[str, Any]:
    """Sum every count of whole areas, with bounds where it has them."""
    rows, ones = np.arange(len(frame)), np.ones(len(frame))
    parts = Parts(rows, positions.astype(np.intp), groups, ones, ones, ones)
    data = summed(frame, parts, np.ones(len(frame), dtype=bool))
    bounds = {bound for name in data for bound in (lower_column(name), upper_column(name))}
    return {name: held for name, held in data.items() if name not in bounds or name in frame}
