"""What is told of every town side by side: both poles, and how sure each number is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from grannskap.analysis import Results
    from grannskap.outputs.towns.making import Town

__all__ = ["clusters_told", "table"]


def table(results: Results, towns: Sequence[Town]) -> pd.DataFrame:
    """Return a row per town, index ``municipality``, of the year in focus and everybody.

    ``low`` and ``high`` are the people behind ``balance``, over the ``areas`` that are known;
    ``at_least`` and ``at_most`` what it can be, given what is not; ``lower`` and ``upper`` what
    chance could do; ``status`` says why there is no balance. ``clusters_…`` count the areas of a
    class that chance does not explain.
    """
    codes = pd.Index([town.code for town in towns], name="municipality")
    found = results.at("balance", "municipality").reindex(codes)
    behind = results.sums.loc["municipality"]
    behind = behind.xs((results.year, "all"), level=("year", "group")).reindex(codes)
    columns: dict[str, Any] = {
        "municipality_name": [town.name for town in towns],
        "county_name": [town.county for town in towns],
        "areas": found["areas"],
        "areas_missing": found["areas_missing"],
        "low": behind["low"],
        "high": behind["high"],
        "balance": found["estimate"],
        "at_least": found["lower"],
        "at_most": found["upper"],
        "lower": found["interval_lower"],
        "upper": found["interval_upper"],
        "status": found["status"],
    }
    if "segregation_index" in results.index:
        columns["segregation_index"] = results.index["segregation_index"].reindex(codes)
    for variable, cluster in clusters_told(results):
        columns[f"clusters_{variable}_{cluster.replace('-', '_')}"] = _counted(
            results, variable, cluster, codes
        )
    columns["folder"] = [town.folder for town in towns]
    return pd.DataFrame(columns, index=codes)


def clusters_told(results: Results) -> list[tuple[str, str]]:
    """Return which classes of clusters are counted, by variable: both poles.

    Of one variable the areas where it is high, and where it is low; of several, which are of
    both poles, the areas where each is high.
    """
    told = [one.variable for one in results.clusterings]
    classes = ("high-high",) if len(told) > 1 else ("high-high", "low-low")
    return [(variable, cluster) for variable in told for cluster in classes]


def _counted(results: Results, variable: str, cluster: str, codes: pd.Index[Any]) -> pd.Series[Any]:
    """Count the areas of a class in each town; missing where none of its areas was tested."""
    local = next(one.local for one in results.clusterings if one.variable == variable)
    municipality = results.areas["municipality"].reindex(local.index)
    tested = local["p"].notna().groupby(municipality).sum().reindex(codes, fill_value=0)
    held = (local["cluster"] == cluster).groupby(municipality).sum().reindex(codes, fill_value=0)
    return held.where(tested > 0)
