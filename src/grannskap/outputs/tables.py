"""Tables of an analysis, and how they stand in a text file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from grannskap.analysis import Analysis

__all__ = ["areas", "autocorrelation", "balance", "csv", "indicators", "municipalities"]

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def areas(analysis: Analysis) -> pd.DataFrame:
    """A row per area, index ``deso``: names, counts with their status, shares and measures.

    Shares are 0–1, the balance 0 … ∞; a missing value is empty and its status column says
    why. Areas that were tested but are not shown are there too, with ``in_view`` false.
    """
    return pd.DataFrame(analysis.areas.drop(columns="geometry"))


def municipalities(analysis: Analysis) -> pd.DataFrame:
    """A row per whole municipality shown, index ``municipality``: balance and index."""
    table = analysis.municipalities
    if table.empty:
        return table
    shown = analysis.balance.xs((analysis.year, "all"), level=("year", "group"))
    of_each = shown.reindex(table["municipality_name"]).set_axis(table.index)
    added = [name for name in of_each.columns if name not in table.columns]
    return table.join(of_each[added])


def autocorrelation(analysis: Analysis) -> pd.DataFrame:
    """A row per tested area, index ``deso``: its value, statistic, p, q and cluster."""
    clustering = analysis.clustering
    values = analysis.areas[clustering.variable].reindex(clustering.local.index)
    table = pd.DataFrame(clustering.local).assign(in_view=analysis.areas["in_view"])
    table.insert(0, clustering.variable, values)
    if clustering.sensitivity is not None:
        kept = clustering.sensitivity.drop(columns="cluster").add_prefix("sensitivity_")
        table = table.join(kept)
    return table


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
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
