"""Places to measure: every level of geography, and which areas make up each place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from grannskap import deso
from grannskap.sources.boundaries.names import place_names

if TYPE_CHECKING:
    from grannskap.dataset import Dataset

__all__ = ["EVERYTHING", "LEVELS", "members", "names"]

LEVELS = ("area", "regso", "neighbourhood", "municipality", "county", "country", "scope")
"""Every level of geography that a measure can be taken at, the smallest first."""

EVERYTHING = "all"
"""The scope that holds every area of the dataset."""

Scope = str | tuple[str, ...]


def members(dataset: Dataset, scopes: Sequence[Scope]) -> pd.DataFrame:
    """A row per place and area: ``level``, ``place``, ``deso``; above the areas themselves.

    Municipalities, counties and the country are there only whole: a part has no measure of
    its own under the name of the whole.
    """
    parts = [
        pd.DataFrame({"level": level, "place": place, "deso": list(codes)})
        for level, place, codes in _places(dataset, scopes)
    ]
    return pd.concat(parts, ignore_index=True)


def _places(
    dataset: Dataset, scopes: Sequence[Scope]
) -> Iterator[tuple[str, Any, Sequence[str] | pd.Index[Any]]]:
    geometry = dataset.geometry
    if dataset.level == "deso":
        regso = _regso(geometry).dropna()
        yield "regso", regso.to_list(), regso.index
    for place in dataset.neighbourhoods:
        yield "neighbourhood", place.name, place.codes
    whole = geometry.index[geometry["complete"].to_numpy()]
    municipality = deso.municipality(whole)
    yield "municipality", municipality.to_list(), whole
    in_county = municipality.groupby(deso.county(whole)).nunique()
    counties = [c for c, held in in_county.items() if held == deso.MUNICIPALITIES.get(str(c))]
    within = whole[deso.county(whole).isin(counties).to_numpy()]
    yield "county", deso.county(within).to_list(), within
    if len(counties) == len(deso.MUNICIPALITIES):
        yield "country", "country", whole
    yield "scope", EVERYTHING, geometry.index
    for scope in dict.fromkeys(scopes):
        asked = scope if isinstance(scope, str) else list(scope)
        yield "scope", scope_name(scope), geometry.index[deso.in_scope(geometry.index, asked)]


def scope_name(scope: Scope) -> str:
    """Return the name that a scope has among the places."""
    return scope if isinstance(scope, str) else ", ".join(scope)


def _regso(geometry: pd.DataFrame) -> pd.Series[Any]:
    """Key of each area's RegSO: its code, or its municipality and name."""
    if "regso" in geometry.columns:
        return geometry["regso"].astype(object)
    if "regso_name" not in geometry.columns:
        return pd.Series(index=geometry.index, dtype=object)
    name = geometry["regso_name"].astype(object)
    known = name.notna() & (name.fillna("").astype(str).str.strip() != "")
    return (geometry["municipality"].astype(str) + " " + name.astype(str)).where(known)


def names(dataset: Dataset, members: pd.DataFrame) -> pd.DataFrame:
    """Index ``level``, ``place``: ``name`` and ``size`` of every place above the areas."""
    grouped = members.groupby(["level", "place"], sort=False)["deso"]
    table = pd.DataFrame({"size": grouped.size()})
    first = grouped.first().reset_index()
    geometry = dataset.geometry
    called = []
    for level, place, code in first.itertuples(index=False):
        if level == "municipality":
            called.append(str(geometry.at[code, "municipality_name"]))
        elif level == "county":
            called.append(place_names().get(str(place), str(place)))
        elif level == "regso" and "regso_name" in geometry.columns:
            called.append(str(geometry.at[code, "regso_name"]))
        else:
            called.append(str(place))
    table.insert(0, "name", called)
    return table
