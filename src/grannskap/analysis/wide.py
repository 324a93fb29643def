"""The year in focus side by side: an area a row, a measure a column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from grannskap.catalogue import SHARES, TRANSLATED, status_column

if TYPE_CHECKING:
    import geopandas as gpd

    from grannskap.analysis.anatomy import Anatomy
    from grannskap.analysis.area_types import AreaTypes
    from grannskap.analysis.results import Clustering, Measured
    from grannskap.analysis.stack import Stack
    from grannskap.dataset import Dataset

__all__ = ["areas", "indicators", "with_parts", "with_tests", "with_types"]

_OF_CHANGE = {
    "estimate": "change_log2",
    "interval_lower": "change_lower",
    "interval_upper": "change_upper",
    "p": "change_p",
    "q": "change_q",
    "within_chance": "change_within_chance",
}


def areas(dataset: Dataset, measured: dict[str, Measured], year: int) -> gpd.GeoDataFrame:
    """Every area in a year, everybody: names, counts, shares and the balance with its bounds.

    The bounds of what is not shown stand in ``…_at_least`` and ``…_at_most``, where there are
    any; ``balance_lower`` and ``balance_upper`` are the interval of chance.
    """
    geometry = dataset.geometry
    columns: dict[str, Any] = {}
    for name in dataset.variables:
        one = dataset.count(name, year=year)
        columns[name], columns[status_column(name)] = one.value, one.status
    if TRANSLATED in dataset.counts:
        made = dataset.counts[[TRANSLATED]].xs((year, "all"), level=[1, 2])[TRANSLATED]
        columns[TRANSLATED] = made.reindex(geometry.index)
    for name in SHARES:
        if name in measured:
            columns |= _of_measure(measured[name], name, year)
    columns["complete"] = geometry["complete"]
    columns |= _of_measure(measured["balance"], "balance", year, interval=True)
    return geometry.drop(columns="complete").assign(**columns)


def _of_measure(
    measured: Measured, name: str, year: int, *, interval: bool = False
) -> dict[str, pd.Series[Any]]:
    table = measured.at("area", year)
    table.index.name = "deso"
    found = {name: table["estimate"]}
    if not interval:
        return {**found, status_column(name): table["status"]}
    known = table["estimate"].notna()
    found[f"{name}_lower"] = table["interval_lower"].where(known)
    found[f"{name}_upper"] = table["interval_upper"].where(known)
    told = (table["lower"] != table["upper"]) & ~((table["lower"] == 0) & np.isinf(table["upper"]))
    told &= table["lower"].notna()
    if told.any():
        found[f"{name}_at_least"] = table["lower"].where(told)
        found[f"{name}_at_most"] = table["upper"].where(told)
    return {**found, status_column(name): table["status"]}


def with_parts(areas: gpd.GeoDataFrame, anatomy: Anatomy) -> gpd.GeoDataFrame:
    """Return the areas with what each adds to the segregation of the place in focus."""
    told = anatomy.areas.dropna(axis=1, how="all")
    return areas.assign(**{str(name): told[name].reindex(areas.index) for name in told.columns})


def with_types(areas: gpd.GeoDataFrame, types: AreaTypes | None) -> gpd.GeoDataFrame:
    """Return the areas with the official index and type, or their like."""
    if types is None:
        return areas
    index, kind = types.columns
    columns = {index: types.areas["index"], kind: types.areas["type"]}
    return areas.assign(**(columns if types.known else {index: columns[index]}))


def with_tests(
    areas: gpd.GeoDataFrame, tested: tuple[Clustering, ...], change: pd.DataFrame | None
) -> gpd.GeoDataFrame:
    """Return the areas with what each test found, and with the change of their balance.

    The first variable's columns are ``local_statistic``, ``local_p``, ``local_q`` and
    ``cluster``; those of others end in their name.
    """
    columns: dict[str, Any] = {}
    for number, clustering in enumerate(tested):
        local = clustering.local.reindex(areas.index)
        ending = f"_{clustering.variable}" if number else ""
        for column in ("statistic", "p", "q"):
            columns[f"local_{column}{ending}"] = local[column]
        columns[f"cluster{ending}"] = local["cluster"]
    if change is not None:
        columns |= {name: change[own] for own, name in _OF_CHANGE.items()}
    return areas.assign(**columns)


def indicators(stack: Stack, measured: dict[str, Measured]) -> pd.DataFrame:
    """Index `KEY`: ``areas``, sizes, every share and how many areas lack it, of every place."""
    shares = [name for name in SHARES if name in measured]
    tables = {name: measured[name].table.iloc[stack.size :] for name in shares}
    columns: dict[str, Any] = dict(_sizes(stack))
    columns |= {name: tables[name]["estimate"] for name in shares}
    columns |= {f"{name}_missing": tables[name]["areas_missing"].astype("int64") for name in shares}
    return pd.DataFrame(columns)


def _sizes(stack: Stack) -> pd.DataFrame:
    """How many areas each place has, and how many people and households where all tell."""
    which = stack.members["place"]
    held = which.value_counts().sort_index()
    columns = {"areas": held}
    for name in ("population", "persons", "households"):
        if name in stack.dataset.variables:
            values = stack.count(name).value
            of_members = pd.Series(values.reindex(stack.members["deso"]).to_numpy())
            sums = of_members.groupby(which.to_numpy()).agg(["sum", "count"])
            columns[name] = sums["sum"].where(sums["count"] == held)
    return stack.of_places(pd.DataFrame(columns))
