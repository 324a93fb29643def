"""A table of indicators in other forms: two years side by side, and as the report prints it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from grannskap.catalogue import SHARES
from grannskap.errors import DataError, few
from grannskap.notes import of, with_notes

__all__ = ["compare", "flat"]

_SIZES = ("population", "households")
_REPORT = (
    "employment_rate",
    "post_secondary_share",
    "low_income_share",
    "born_outside_eu_share",
    "public_housing_share",
)
"""The report's indicators, in its order."""


def compare(table: pd.DataFrame, then: int, now: int) -> pd.DataFrame:
    """Shares of two years side by side, and their difference in percentage points, −100–100.

    Parameters
    ----------
    table : pandas.DataFrame
        As `table` returns it.
    then, now : int
        The two years.

    Returns
    -------
    pandas.DataFrame
        Index (``place``, ``group``), in the table's order. For each share ``x``:
        ``x_then``, ``x_now`` (0–1) and ``x_points``, 100 times now minus then; before them
        ``population`` and ``households`` then and now, where the table has them. What one
        of the years lacks is NaN.

    Raises
    ------
    DataError
        When the table does not hold both years, or they are the same.

    Examples
    --------
    >>> import pandas as pd
    >>> index = pd.MultiIndex.from_tuples([("Hageby", 2012, "all"), ("Hageby", 2017, "all")],
    ...                                   names=["place", "year", "group"])
    >>> shares = pd.DataFrame({"low_income_share": [0.5, 0.58]}, index=index)
    >>> compare(shares, 2012, 2017).round(2).loc[("Hageby", "all")].tolist()
    [0.5, 0.58, 8.0]
    """
    years = table.index.get_level_values("year")
    absent = [year for year in (then, now) if year not in years]
    if absent or then == now:
        raise DataError(
            expected=f"two of the years {few(sorted(set(years)), most=20)}",
            came=f"{then} and {now}",
            remedy="choose two years that the register holds",
        )
    pairs = table.reset_index("year").index.unique()
    before = table.xs(then, level="year").reindex(pairs)
    after = table.xs(now, level="year").reindex(pairs)
    columns: dict[str, pd.Series[Any]] = {}
    for name in (*_SIZES, *SHARES):
        if name in table:
            columns[f"{name}_then"], columns[f"{name}_now"] = before[name], after[name]
            if name in SHARES:
                columns[f"{name}_points"] = 100 * (after[name] - before[name])
    side_by_side = pd.DataFrame(columns, index=pairs)
    return with_notes(side_by_side, of(table))


def flat(
    table: pd.DataFrame,
    *,
    municipality: Mapping[str, str] | None = None,
    segregation_index: Mapping[str, float] | pd.Series[Any] | None = None,
) -> pd.DataFrame:
    """Table in the report's form, a row per place, year and group; shares in 0–1.

    Parameters
    ----------
    table : pandas.DataFrame
        As `table` returns it.
    municipality : mapping, optional
        The municipality's name of each place; adds the column, missing for other places.
    segregation_index : mapping or pandas.Series, optional
        The index by place; adds the column, filled in the rows of group ``"all"``.

    Returns
    -------
    pandas.DataFrame
        Columns ``place``, ``municipality``, ``year``, ``group``, the report's indicators as
        far as the table has them, ``segregation_index``; rows numbered from 0. The share
        living in public housing is missing in the rows of that group, where it says
        nothing.

    Examples
    --------
    >>> import pandas as pd
    >>> index = pd.MultiIndex.from_tuples([("Hageby", 2017, "all")],
    ...                                   names=["place", "year", "group"])
    >>> shares = pd.DataFrame({"low_income_share": [0.58]}, index=index)
    >>> flat(shares, municipality={"Hageby": "Norrköping"})
        place municipality  year group  low_income_share
    0  Hageby   Norrköping  2017   all              0.58
    """
    rows = table[[name for name in _REPORT if name in table]].reset_index()
    if "public_housing_share" in rows:
        own = rows["group"] == "public_housing"
        rows["public_housing_share"] = rows["public_housing_share"].mask(own)
    if municipality is not None:
        rows.insert(1, "municipality", rows["place"].map(dict(municipality.items())))
    if segregation_index is not None:
        values = rows["place"].map(dict(segregation_index.items())).astype("float64")
        rows["segregation_index"] = np.where(rows["group"] == "all", values, np.nan)
    return with_notes(rows, of(table))
