"""The borders that a view shows, with what became of them, and how far their balances differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.language import below, share

if TYPE_CHECKING:
    import geopandas as gpd

    from grannskap.analysis.results import Results
    from grannskap.analysis.view import View
    from grannskap.catalogue import Pole
    from grannskap.language import Language

__all__ = ["least", "shares", "sharp", "shown"]

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


def shares(
    results: Results, table: pd.DataFrame, pole: Pole, language: Language
) -> list[tuple[str, str]]:
    """Write the share of a pole on both sides of each border.

    What is written as none, but only known to be small, is told as less than it can be.
    """
    name = {"low": "share", "high": "high_share"}[pole]
    asked = results.options.balance
    count = results.dataset.count(asked.low if pole == "low" else asked.high, year=results.year)
    sides = []
    for side in ("first", "second"):
        most = count.upper.reindex(table[side]).to_numpy(dtype=float)
        values = table[f"{name}_{side}"].to_numpy(dtype=float)
        with np.errstate(divide="ignore", invalid="ignore"):
            people = (table[f"low_{side}"] / table[f"share_{side}"]).to_numpy(dtype=float)
            ends = most / people
        sides.append(
            [
                _under(end, language) if value == 0 and top > 0 else share(value, language)
                for value, top, end in zip(values, most, ends, strict=True)
            ]
        )
    return list(zip(*sides, strict=True))


def _under(most: float, language: Language) -> str:
    return below(share(most, language, decimals=1)) if np.isfinite(most) else "–"


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
