"""The year in focus side by side: an area a row, a measure a column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from grannskap.analysis.results import KEY
from grannskap.catalogue import SHARES, TRANSLATED, status_column
from grannskap.measures.indicators import order

if TYPE_CHECKING:
    import geopandas as gpd

    from grannskap.analysis.anatomy import Anatomy
    from grannskap.analysis.area_types import AreaTypes
    from grannskap.analysis.results import Clustering, Measured
    from grannskap.analysis.stack import Stack
    from grannskap.dataset import Dataset

__all__ = ["areas", "indicators", "of_country", "with_parts", "with_tests", "with_types"]

_SIZES = ("population", "persons", "households")

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
    shares = order(name for name in SHARES if name in measured)
    places = {name: measured[name].table.iloc[stack.size :] for name in shares}
    return _beside(_sizes(stack), places)


def of_country(dataset: Dataset, more: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The rows of the country in the table of `indicators`, where it is measured without a map."""
    rows = {name: more[name] for name in order(SHARES) if name in more}
    keys = pd.MultiIndex.from_tuples(
        list(dict.fromkeys(key for one in rows.values() for key in one.index)), names=KEY
    )
    codes = dataset.counts.index.unique("deso")
    sizes = pd.DataFrame({"areas": len(codes)}, index=keys)
    for name in _SIZES:
        if name in dataset.variables:
            whole = [
                dataset.count(name, year=year, group=group, index=codes).value
                for _, _, year, group in keys
            ]
            sizes[name] = [float(one.sum()) if one.notna().all() else np.nan for one in whole]
    return _beside(sizes, {name: one.reindex(keys) for name, one in rows.items()})


def _beside(sizes: pd.DataFrame, shares: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Sizes, then every share, then how many areas each of them lacks."""
    columns: dict[str, Any] = dict(sizes)
    columns |= {name: one["estimate"] for name, one in shares.items()}
    for name, one in shares.items():
        gone = one["areas_missing"].fillna(sizes["areas"])
        columns[f"{name}_missing"] = gone.astype("int64")
    return pd.DataFrame(columns)


def _sizes(stack: Stack) -> pd.DataFrame:
    """How many areas each place has, and how many people and households where all tell."""
    which = stack.members["place"]
    held = which.value_counts().sort_index()
    columns = {"areas": held}
    for name in _SIZES:
        if name in stack.dataset.variables:
            values = stack.count(name).value
            of_members = pd.Series(values.reindex(stack.members["deso"]).to_numpy())
            sums = of_members.groupby(which.to_numpy()).agg(["sum", "count"])
            columns[name] = sums["sum"].where(sums["count"] == held)
    return stack.of_places(pd.DataFrame(columns))
