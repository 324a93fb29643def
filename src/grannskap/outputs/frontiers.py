"""The table of frontiers: every border shown, with both sides, the sharpest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import geopandas as gpd

    from grannskap.analysis import Results, View

__all__ = ["borders", "by_place", "lines", "shown"]

_OF_CHANGE = ("became", "difference_then", "log2_change", "p", "q", "q_least")


def shown(results: Results, view: View) -> gpd.GeoDataFrame | None:
    """Return the borders inside what is shown, frontiers first and the sharpest of them first.

    A frontier is the sharper, the greater its ratio of balances is at least, given chance. Where
    two years are compared the columns of the change end in ``_change``.
    """
    if results.frontiers is None:
        return None
    table, became = results.frontiers.borders, results.frontiers.became
    if became is not None:
        own = became[list(_OF_CHANGE)].rename(columns={n: f"{n}_change" for n in _OF_CHANGE[3:]})
        table = table.assign(**{name: own[name].to_numpy() for name in own.columns})
    inside = pd.Series(view.mask(results.areas.index), index=results.areas.index)
    here = inside.reindex(table["first"]).to_numpy() & inside.reindex(table["second"]).to_numpy()
    found: gpd.GeoDataFrame = table[here]
    rank = found["interval_lower"].where(found["status"] == "frontier", -np.inf)
    order = np.lexsort((found["second"], found["first"], -found["difference"], -rank))
    return found.iloc[order]


def borders(results: Results, view: View) -> pd.DataFrame | None:
    """A row per border shown, index ``first`` and ``second``: both sides, test and length."""
    found = shown(results, view)
    if found is None or found.empty:
        return None
    table = pd.DataFrame(found.drop(columns="geometry"))
    names = results.areas.get("regso_name")
    if names is not None:
        for number, side in enumerate(("first", "second")):
            table.insert(2 + number, f"{side}_name", names.reindex(table[side]).to_numpy())
    table = table.rename(columns={"status": "frontier", "length": "border_length"})
    renamed = {name: f"border_{name}" for name in _RENAMED if name in table}
    return table.rename(columns=renamed).set_index(["first", "second"])


_RENAMED = (
    *("p", "q", "q_least", "p_change", "q_change", "q_least_change"),
    *("difference", "difference_lower", "difference_upper", "difference_then"),
    *("log2_ratio", "log2_ratio_lower", "log2_ratio_upper", "log2_change"),
    *("interval_lower", "interval_upper"),
)
"""Columns that other tables have too, of something else."""


def by_place(results: Results, view: View) -> pd.DataFrame | None:
    """A row per place shown and year: the share of its border length that is a frontier."""
    if results.frontiers is None:
        return None
    found, wanted = results.frontiers.places, view.places(results)
    keys = [
        (name, (*place, int(year)))
        for name, place in wanted.items()
        for year in results.dataset.years
        if (*place, int(year)) in found.index
    ]
    if not keys:
        return None
    index = pd.MultiIndex.from_tuples(
        [(name, key[2]) for name, key in keys], names=["place", "year"]
    )
    table = found.loc[[key for _, key in keys]].set_axis(index)
    return table.rename(columns={name: f"frontier_{name}" for name in table})


def lines(results: Results, view: View) -> gpd.GeoDataFrame | None:
    """Return the frontiers shown as lines, for a map of other programs."""
    found = shown(results, view)
    if found is None:
        return None
    return found[found["status"] == "frontier"].reset_index(drop=True)
