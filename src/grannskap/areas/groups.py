"""Sum areas into groups: neighbourhoods, municipalities, RegSO."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from grannskap.areas.inclusion import Inclusion, inside
from grannskap.areas.parting import Parts, bounds_of, counts_of, summed, total_of
from grannskap.areas.shares import with_shares
from grannskap.catalogue import AMOUNTS, lower_column, upper_column
from grannskap.errors import DataError
from grannskap.notes import Note, of, with_notes
from grannskap.sources.boundaries.coverage import union

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt

__all__ = ["aggregate"]


def aggregate(
    areas: gpd.GeoDataFrame,
    by: pd.Series[Any] | gpd.GeoSeries,
    *,
    rule: Inclusion = "containment",
    squares: gpd.GeoDataFrame | None = None,
    thin: float = 10.0,
) -> gpd.GeoDataFrame:
    """Counts summed over groups of areas, or over polygons that cut them.

    A count that is missing in any part of a group is missing in the group. Amounts such as
    medians cannot be summed: they are left out, with a note. Shares are made anew from the sums.

    Parameters
    ----------
    areas : GeoDataFrame
        Index ``deso``; from `join`.
    by : Series or GeoSeries
        The group of each area, on the same codes; areas without one are left out, with a note.
        Or polygons on their names (police areas, school districts, estates), EPSG:3006: those
        with no part of any area are left out, with a note.
    rule : {"containment", "area", "squares"}
        Of polygons: whole areas whose middle is inside; each area's share of ground; or of
        people, by population squares.
    squares : GeoDataFrame, optional
        From `grannskap.squares.read`.
    thin : float
        Metres; ground thinner than this is nobody's.

    Returns
    -------
    GeoDataFrame
        Index named as `by`, sorted; ``areas`` (how many), counts with their status (and their
        bounds ``x_lower`` and ``x_upper`` where `areas` has them, and always of polygons), shares,
        ``geometry``. Of polygons the bounds are what the areas, or the squares, leave open of
        those who live inside; ``uncertain`` is the share (0–1) of the most people that can live
        there who need not; by containment the geometry is that of the areas that are summed.

    Raises
    ------
    DataError
        When `by` names areas that are not there, or none that is; when no polygon has an area.

    Examples
    --------
    >>> import geopandas, shapely
    >>> index = pd.Index(["0380C1010", "0380C1020"], name="deso")
    >>> boxes = [shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)]
    >>> counts = pd.DataFrame({"low": [5.0, 8.0], "low_status": "value"}, index=index)
    >>> areas = geopandas.GeoDataFrame(counts, geometry=boxes, crs=3006)
    >>> groups = pd.Series("Hageby", index=index, name="neighbourhood")
    >>> aggregate(areas, groups)[["areas", "low"]].loc["Hageby"].tolist()
    [2.0, 13.0]
    >>> school = geopandas.GeoSeries({"Norra": shapely.box(0, 0, 125, 100)}, crs=3006)
    >>> aggregate(areas, school, rule="area")[["low", "low_lower", "low_upper"]]
           low  low_lower  low_upper
    Norra  7.0        5.0       13.0
    """
    import geopandas as gpd

    if isinstance(by, gpd.GeoSeries):
        return _over_polygons(areas, by, rule=rule, squares=squares, thin=thin)
    group = _groups(areas, by)
    kept = areas.loc[group.index]
    kept.attrs = {}  # pandas copies them at every step, notes and all
    positions, labels = pd.factorize(group, sort=True)
    index = pd.Index(labels, name=by.name or "group")
    data: dict[str, Any] = {"areas": np.bincount(positions, minlength=len(index))}
    data |= _sums(kept, positions, len(index))
    merged = [union(kept.geometry.to_numpy()[positions == at]) for at in range(len(index))]
    return _summed(areas, data, gpd.GeoSeries(merged, index=index), _notes(areas, group))


def _summed(
    areas: gpd.GeoDataFrame, data: dict[str, Any], ground: gpd.GeoSeries, told: list[Note]
) -> gpd.GeoDataFrame:
    import geopandas as gpd

    made = gpd.GeoDataFrame(data, geometry=ground.to_numpy(), index=ground.index, crs=areas.crs)
    made.attrs = {"division": areas.attrs.get("division")}
    return with_shares(with_notes(made, (*of(areas), *told)))


def _over_polygons(
    areas: gpd.GeoDataFrame,
    by: gpd.GeoSeries,
    *,
    rule: Inclusion,
    squares: gpd.GeoDataFrame | None,
    thin: float,
) -> gpd.GeoDataFrame:
    import geopandas as gpd

    found = {
        name: inside(areas.geometry, polygon, rule=rule, squares=squares, thin=thin)
        for name, polygon in by.sort_index().items()
    }
    outside = [str(name) for name, table in found.items() if not (table["share"] > 0).any()]
    found = {name: table for name, table in found.items() if str(name) not in outside}
    if not found:
        raise DataError("polygons without areas", {"names": outside})
    table = pd.concat(found)
    sums, names = pd.factorize(table.index.get_level_values(0))
    row = areas.index.get_indexer(table.index.get_level_values(1))
    shares = (table[name].to_numpy(dtype=float) for name in ("share", "lower", "upper"))
    parts = Parts(row.astype(np.intp), sums.astype(np.intp), len(names), *shares)
    bare = areas.copy(deep=False)
    bare.attrs = {}
    counts = summed(bare, parts, np.ones(len(areas), dtype=bool))
    held = np.bincount(sums[table["share"] > 0], minlength=len(names))
    ground = by.loc[names]
    if rule == "containment":
        chosen = [one.index[one["share"] > 0] for one in found.values()]
        merged = [union(areas.geometry.loc[codes].to_numpy()) for codes in chosen]
        ground = gpd.GeoSeries(merged, index=pd.Index(names, name=by.index.name))
    data: dict[str, Any] = {"areas": held, "uncertain": _uncertain(bare, parts), **counts}
    return _summed(areas, data, ground, _notes_on_polygons(areas, outside))


def _uncertain(areas: pd.DataFrame, parts: Parts) -> npt.NDArray[np.float64]:
    """Return the share of the most people that can live inside who need not."""
    name = total_of(counts_of(areas))
    least, most = bounds_of(areas, name)
    low, high = (
        parts.total(least[parts.row] * parts.lower),
        parts.total(most[parts.row] * parts.upper),
    )
    return np.divide(high - low, high, out=np.zeros(len(high)), where=high > 0)


def _notes_on_polygons(areas: gpd.GeoDataFrame, outside: list[str]) -> list[Note]:
    notes = []
    if outside:
        values = {"places": len(outside), "names": outside}
        notes.append(Note("polygons without areas", values, tuple(outside)))
    amounts = [name for name in AMOUNTS if name in areas.columns]
    if amounts:
        notes.append(Note("amounts left out", {"names": amounts}, tuple(amounts)))
    return notes


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
