"""The borders that a view shows, with what became of them, and how far their balances differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

if TYPE_CHECKING:
    import geopandas as gpd

    from grannskap.analysis.results import Results
    from grannskap.analysis.view import View

__all__ = ["least", "sharp", "shown"]

_OF_CHANGE = (
    *("border_years", "became", "status_then", "difference_then", "log2_change"),
    *("p_change", "q_change", "q_least_change"),
)


def shown(results: Results, view: View) -> gpd.GeoDataFrame | None:
    """Return the borders inside what is shown, frontiers first and the sharpest of them first.

    A frontier is the sharper, the greater its ratio of balances is at least, given chance. Where
    two years are compared the columns of the change's test end in ``_change``.
    """
    if results.frontiers is None:
        return None
    table, became = results.frontiers.borders, results.frontiers.became
    if became is not None:
        tests = {name: f"{name}_change" for name in ("p", "q", "q_least")}
        own = became.rename(columns=tests).assign(border_years=_of_years(became))
        table = table.assign(**{name: own[name].to_numpy() for name in _OF_CHANGE})
    inside = pd.Series(view.mask(results.areas.index), index=results.areas.index)
    here = inside.reindex(table["first"]).to_numpy() & inside.reindex(table["second"]).to_numpy()
    found: gpd.GeoDataFrame = table[here]
    rank = found["interval_lower"].where(found["status"] == "frontier", -np.inf)
    order = np.lexsort((found["second"], found["first"], -found["difference"], -rank))
    return found.iloc[order]


def sharp(results: Results, view: View) -> gpd.GeoDataFrame | None:
    """Return the frontiers inside what is shown, the sharpest first; None where none was tested."""
    found = shown(results, view)
    return None if found is None else found[found["status"] == "frontier"].reset_index(drop=True)


def least(table: pd.DataFrame) -> pd.Series[Any]:
    """Return how far the balances of both sides differ at least, log2, whatever is not known."""
    ends = np.stack([table["log2_ratio_lower"], -table["log2_ratio_upper"]])
    return pd.Series(np.fmax(ends.max(axis=0), 0.0), index=table.index)


def _of_years(became: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Return a key of `grannskap.catalogue.FRONTIER_YEARS` for each border."""
    then, now = (became[f"status_{when}"].to_numpy() for when in ("then", "now"))
    was, is_one = then == "frontier", now == "frontier"
    found = np.where(was | is_one, "once", "neither").astype(object)
    found[np.isin(then, _UNKNOWN) | np.isin(now, _UNKNOWN)] = "unknown"
    found[was & is_one] = "stayed"
    changed = became["became"].isin(["opened", "closed"]).to_numpy()
    return np.where(changed, became["became"], found)


_UNKNOWN = ("unsure", "untested")
