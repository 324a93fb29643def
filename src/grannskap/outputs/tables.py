"""Tables of an analysis, and how they stand in a text file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from grannskap.analysis import Analysis

__all__ = [
    "areas",
    "autocorrelation",
    "balance",
    "change",
    "correlogram",
    "csv",
    "indicators",
    "municipalities",
    "named",
    "within",
]

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def areas(analysis: Analysis) -> pd.DataFrame:
    """A row per area, index ``deso``: names, counts with their status, shares and measures.

    Shares are 0–1, the balance 0 … ∞; a missing value is empty and its status column says
    why. Areas that were tested but are not shown are there too, with ``in_view`` false.
    """
    return pd.DataFrame(analysis.areas.drop(columns="geometry"))


def named(analysis: Analysis) -> dict[str, pd.DataFrame]:
    """Every table of an analysis by the stem of its file; those not asked for are left out."""
    every = {
        "areas": areas(analysis),
        "municipalities": municipalities(analysis),
        "autocorrelation": autocorrelation(analysis),
        "balance": balance(analysis),
        "indicators": indicators(analysis),
        "change": change(analysis),
        "within": within(analysis),
        "correlogram": correlogram(analysis),
    }
    return {stem: table for stem, table in every.items() if table is not None}


# Balance and score count areas each in their own way: every name says which it belongs to.
_OF_BALANCE = {
    "low": "low",
    "high": "high",
    "ratio_of_sums": "balance",
    "lower": "balance_lower",
    "upper": "balance_upper",
    "mean_of_ratios": "balance_mean",
    "lowest": "balance_lowest",
    "lowest_area": "balance_lowest_area",
    "highest": "balance_highest",
    "highest_area": "balance_highest_area",
    "areas": "balance_areas",
    "areas_without_high": "balance_areas_without_high",
    "areas_without_either": "balance_areas_without_either",
    "areas_missing": "balance_areas_missing",
}


def municipalities(analysis: Analysis) -> pd.DataFrame:
    """A row per whole municipality shown, index ``municipality``: index, both poles, balance.

    ``score_areas`` are those with a score, ``balance_areas`` those with both counts;
    ``reference_x`` is the municipality's median of x, where that is what areas are held to.
    """
    table = analysis.municipalities
    if table.empty:
        return table
    shown = analysis.balance.xs((analysis.year, "all"), level=("year", "group"))
    of_each = shown.reindex(table["municipality_name"]).set_axis(table.index)
    of_balance = pd.DataFrame({name: of_each[own] for own, name in _OF_BALANCE.items()})
    return table.join(_best(analysis)).join(of_balance)


def change(analysis: Analysis) -> pd.DataFrame | None:
    """A row per area, index ``deso``: balance then and now, and whether chance explains it.

    ``log2_change`` is 1 for a doubling, with ``lower`` and ``upper`` of the area alone;
    ``within_chance`` goes by ``q``. None where no two years are compared.
    """
    if analysis.change is None:
        return None
    return analysis.change.assign(in_view=analysis.areas["in_view"])


def _best(analysis: Analysis) -> pd.DataFrame:
    """The best area of each municipality: the worst alone is half a picture."""
    scored = analysis.shown[["municipality", "score"]].dropna().sort_index()
    scores = scored.groupby("municipality")["score"]
    return pd.DataFrame({"best_area": scores.idxmax().astype(object), "best_score": scores.max()})


def autocorrelation(analysis: Analysis) -> pd.DataFrame:
    """A row per tested area, index ``deso``: its value, statistic, p, q, cluster and influence.

    Where nulls are coarse ``least_p`` is the smallest p that the area could have got.
    Where other settings were tried, ``same`` of ``settings`` gave the area the same class.
    """
    clustering = analysis.clustering
    values = analysis.areas[clustering.variable].reindex(clustering.local.index)
    table = pd.DataFrame(clustering.local).assign(in_view=analysis.areas["in_view"])
    if not clustering.local.attrs["parameters"]["coarse"]:
        table = table.drop(columns="least_p")
    table.insert(0, clustering.variable, values)
    table = table.join(clustering.scatter[["z", "lag", "influence"]])
    if clustering.sensitivity is not None:
        stayed = clustering.sensitivity[["same", "settings", "share"]]
        table = table.join(stayed.rename(columns={"share": "share_same"}))
    return table


def within(analysis: Analysis) -> pd.DataFrame | None:
    """A row per municipality tested by itself, with its name; None where none was."""
    table = analysis.clustering.within
    if table is None:
        return None
    names = analysis.areas.groupby("municipality")["municipality_name"].first()
    whole = table.copy()
    whole.insert(0, "municipality_name", names.reindex(table.index))
    return whole


def correlogram(analysis: Analysis) -> pd.DataFrame | None:
    """A row per band of distance: Moran's I and its envelope; None where not asked for."""
    table = analysis.clustering.correlogram
    return None if table is None else table.set_index(["from", "to"])


def balance(analysis: Analysis) -> pd.DataFrame:
    """A row per place, year and group: balance on summed counts, and its extremes."""
    return analysis.balance


def indicators(analysis: Analysis) -> pd.DataFrame:
    """A row per place, year and group: shares of summed counts, 0–1."""
    return analysis.indicators


def csv(table: pd.DataFrame) -> bytes:
    """Comma-separated text of a table, UTF-8, decimal point, six digits, LF line ends.

    Counts are written whole, infinity as ``inf``, missing as nothing. Text that a
    spreadsheet would run as a formula gets an apostrophe before it.

    Parameters
    ----------
    table : pandas.DataFrame
        Its index becomes the first columns.

    Returns
    -------
    bytes
        The file's content.

    Examples
    --------
    >>> frame = pd.DataFrame({"low": [3.0], "name": ["=1+1"]}, index=pd.Index(["a"], name="deso"))
    >>> csv(frame).decode().splitlines()
    ['deso,low,name', "a,3,'=1+1"]
    """
    flat = table.reset_index()
    columns = {name: _as_text(flat[name]) for name in flat.columns}
    return pd.DataFrame(columns).to_csv(index=False, lineterminator="\n").encode()


def _as_text(values: pd.Series[Any]) -> pd.Series[Any]:
    if pd.api.types.is_bool_dtype(values):
        return values.map({True: "true", False: "false"})
    if pd.api.types.is_numeric_dtype(values):
        return values.map(_number, na_action="ignore")
    texts = values.astype(object)
    return texts.map(_inert, na_action="ignore")


def _number(value: float) -> str:
    if np.isinf(value):
        return "inf" if value > 0 else "-inf"
    return str(int(value)) if float(value).is_integer() else f"{value:.6g}"


def _inert(value: object) -> str:
    text = str(value)
    line = " ".join(text.splitlines())
    return f"'{line}" if text.startswith(_FORMULA_STARTS) else line
