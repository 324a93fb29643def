"""A table of indicators as the report prints it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from grannskap.notes import of, with_notes

__all__ = ["flat", "order"]

_REPORT = (
    "employment_rate",
    "post_secondary_share",
    "low_income_share",
    "born_outside_eu_share",
    "public_housing_share",
)
"""The report's indicators, in its order."""


def order(names: Iterable[str]) -> list[str]:
    """Return names of shares as the report has them: its own first, then the others as they came.

    Examples
    --------
    >>> order(["rented_share", "low_income_share", "employment_rate"])
    ['employment_rate', 'low_income_share', 'rented_share']
    """
    given = list(dict.fromkeys(names))
    own = [name for name in _REPORT if name in given]
    return [*own, *(name for name in given if name not in own)]


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
