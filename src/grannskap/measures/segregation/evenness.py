"""Evenness and exposure: how differently two groups are spread over a municipality's areas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from grannskap.errors import DataError
from grannskap.measures.segregation.components import checked_municipality
from grannskap.notes import Note, with_notes

__all__ = ["evenness"]


def evenness(
    minority: pd.Series[Any], majority: pd.Series[Any], *, by: pd.Series[Any]
) -> pd.DataFrame:
    r"""Evenness and exposure of two groups in each municipality, no unit, 0–1.

    With :math:`x_i, y_i` the groups' counts in area i, :math:`t_i = x_i + y_i`, and
    capitals for sums over the municipality's areas:

    - ``dissimilarity`` :math:`\tfrac12 \sum |x_i/X - y_i/Y|`: the share of either group that
      would have to move for all areas to be alike; 0 even, 1 apart;
    - ``isolation`` :math:`\sum (x_i/X)(x_i/t_i)`: the minority's share where a member of
      the minority lives on average;
    - ``exposure`` :math:`\sum (x_i/X)(y_i/t_i)`: the majority's share there; the two sum to 1;
    - ``entropy`` :math:`E = -\sum p \log_2 p` of the two groups' shares: the mix of the
      whole municipality, 1 at halves;
    - ``theil_h`` :math:`\sum t_i (E - E_i) / (T E)`: how much less mixed its areas are.

    Parameters
    ----------
    minority, majority : pandas.Series of float
        Counts on the same index (``deso``); NaN is missing.
    by : pandas.Series of str
        The municipality of each area, on the same index; any other partition will do.

    Returns
    -------
    pandas.DataFrame
        A row per municipality: ``minority``, ``majority`` (sums), ``dissimilarity``,
        ``isolation``, ``exposure``, ``entropy``, ``theil_h``, ``areas``,
        ``areas_missing``. An area with a missing count enters nothing. What needs a group
        that nobody belongs to is NaN; notes count both.

    Raises
    ------
    DataError
        When indexes differ, an area has no municipality, or a count is negative.

    Notes
    -----
    With small counts chance alone makes areas uneven, so all of them lie above what the
    same places with more people would have; compare like with like.

    References
    ----------
    Massey, D. S. and Denton, N. A. (1988). The dimensions of residential segregation.
    *Social Forces* 67, 281–315. Theil, H. and Finizza, A. J. (1971). A note on the
    measurement of racial integration of schools. *Journal of Mathematical Sociology* 1.

    Examples
    --------
    >>> import pandas as pd
    >>> areas = pd.DataFrame({"x": [40, 10], "y": [10, 40]}, index=["0581C1010", "0581C1020"])
    >>> found = evenness(areas["x"], areas["y"], by=areas.index.to_series().str[:4])
    >>> found[["dissimilarity", "isolation", "exposure"]].round(2)
                  dissimilarity  isolation  exposure
    municipality
    0581                    0.6       0.68      0.32
    """
    place = checked_municipality(minority.index, by).astype("str")
    counts = pd.DataFrame(
        {"minority": _counts(minority, minority), "majority": _counts(majority, minority)}
    )
    known = counts.notna().all(axis=1)
    sums = counts[known].groupby(place[known]).sum()
    sums = sums.reindex(pd.Index(sorted(place.unique()), name="municipality"))
    table = _indices(counts[known], sums, place[known])
    areas = known.groupby(place).sum().reindex(sums.index)
    table["areas"] = areas
    table["areas_missing"] = place.value_counts().reindex(sums.index) - areas
    return with_notes(table, _notes(table, minority.index[~known]))


def _counts(column: pd.Series[Any], first: pd.Series[Any]) -> pd.Series[Any]:
    if not column.index.equals(first.index):
        raise DataError("groups on other areas", {"first": len(first), "second": len(column)})
    numeric = pd.api.types.is_numeric_dtype(column.dtype)
    values = column.astype("float64") if numeric else column
    wrong = (values < 0) | np.isinf(values) if numeric else pd.Series(data=True, index=column.index)
    if wrong.any():
        raise DataError(
            "group counts below nothing",
            {
                "name": repr(column.name),
                "count": int(wrong.sum()),
                "codes": list(column.index[wrong]),
            },
        )
    return values


def _indices(counts: pd.DataFrame, sums: pd.DataFrame, place: pd.Series[Any]) -> pd.DataFrame:
    """Return the measures of each municipality from counts without gaps.

    Where nobody belongs to a group, 0 / 0 makes NaN of what needs it.
    """
    whole = sums.loc[place].set_index(counts.index)
    both = counts.sum(axis=1)
    mix = _entropy(sums)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = counts / whole
        inside = counts.div(both.where(both > 0), axis=0).fillna(0.0)
        lost = both * (mix.loc[place].to_numpy() - _entropy(counts))
        terms = pd.DataFrame(
            {
                "dissimilarity": (spread["minority"] - spread["majority"]).abs() / 2,
                "isolation": spread["minority"] * inside["minority"],
                "exposure": spread["minority"] * inside["majority"],
                "theil_h": lost / (whole.sum(axis=1) * mix.loc[place].to_numpy()),
            }
        )
    summed = terms.groupby(place).sum(min_count=1).reindex(sums.index)
    table = sums.join(summed[["dissimilarity", "isolation", "exposure"]])
    table["entropy"] = mix.where(sums.sum(axis=1) > 0)
    table["theil_h"] = summed["theil_h"]
    return table


def _entropy(counts: pd.DataFrame) -> pd.Series[Any]:
    """Return the entropy of two counts in bits; 0 where nobody is."""
    from scipy.special import entr

    both = counts.sum(axis=1, skipna=False)
    shares = counts.div(both.where(both > 0), axis=0).fillna(0.0)
    return pd.Series(entr(shares.to_numpy()).sum(axis=1) / np.log(2), index=counts.index)


def _notes(table: pd.DataFrame, gone: pd.Index[Any]) -> list[Note]:
    told = []
    if len(gone):
        values = {"areas": len(gone), "of": "evenness"}
        told.append(Note("areas without counts", values, tuple(sorted(map(str, gone)))))
    lonely = table.index[table["dissimilarity"].isna()]
    if len(lonely):
        without = {"municipalities": len(lonely)}
        told.append(Note("municipalities without a group", without, tuple(map(str, lonely))))
    return told
