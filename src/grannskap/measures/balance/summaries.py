"""The balance of places: summed counts beside the mean, lowest and highest of the areas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.errors import DataError, few
from grannskap.language import Text, counted
from grannskap.measures.balance.pairs import checked_counts
from grannskap.measures.balance.ratio import interval, ratio
from grannskap.notes import Note, with_notes

__all__ = ["summary"]

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]


def summary(
    low: pd.Series[Any],
    high: pd.Series[Any],
    *,
    groups: pd.Series[Any] | Mapping[str, Sequence[str]] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Balance of places, low for each high, 0 … ∞, with its lowest and highest area.

    A place is measured on summed counts (``ratio_of_sums``). The unweighted mean of its
    areas' ratios (``mean_of_ratios``) is another number, and infinite as soon as one area
    has nobody high. An area with a missing count enters neither, and is counted.

    Parameters
    ----------
    low, high : pandas.Series of float
        Counts on the same index (``deso``); NaN is missing.
    groups : pandas.Series or mapping, optional
        The place of each area: a Series of labels on the same index (a missing label is
        no place), or a mapping from a place's name to its areas, which may overlap.
        Without it all areas are one place, ``"all"``.
    level : float
        Confidence of the interval of ``ratio_of_sums``.

    Returns
    -------
    pandas.DataFrame
        A row per place, in order of label (of the mapping, when one is given): ``low``,
        ``high``, ``ratio_of_sums``, ``lower``, ``upper``, ``mean_of_ratios``, ``lowest``,
        ``lowest_area``, ``highest``, ``highest_area``, ``areas`` (with both counts),
        ``areas_without_high``, ``areas_without_either``, ``areas_missing``. Of areas that
        tie, the first code is named. NaN, and no name, where no area has a balance.
        Carries a note on areas with missing counts.

    Raises
    ------
    DataError
        As for `ratio`, and when `groups` stands on other areas.

    References
    ----------
    Clopper and Pearson (1934), see `interval`.

    Examples
    --------
    >>> import pandas as pd
    >>> codes = ["0581C1010", "0581C1020", "0581C1030"]
    >>> low, high = pd.Series([13, 30, 5], index=codes), pd.Series([1, 10, 10], index=codes)
    >>> places = {"Hageby": codes[:2], "Norrköping": codes}
    >>> table = summary(low, high, groups=places)
    >>> table[["low", "high", "ratio_of_sums", "mean_of_ratios", "highest_area"]].round(2)
                 low  high  ratio_of_sums  mean_of_ratios highest_area
    Hageby      43.0  11.0           3.91             8.0    0581C1010
    Norrköping  48.0  21.0           2.29             5.5    0581C1010
    """
    lows, highs = checked_counts(low, high)
    members = _members(low.index, groups)
    areas = np.column_stack([lows, highs, ratio(low, high)])
    codes = low.index.to_numpy(dtype=object)
    rows = [_row(areas[where], codes[where]) for where in members.values()]
    table = pd.DataFrame(rows, index=pd.Index(list(members), dtype=object), columns=_COLUMNS)
    table["ratio_of_sums"] = ratio(table["low"], table["high"])
    bounds = interval(table["low"], table["high"], level=level)
    table[["lower", "upper"]] = bounds[["lower", "upper"]]
    return with_notes(table, _notes(low, high, members.values()))


_COLUMNS = [
    "low",
    "high",
    "ratio_of_sums",
    "lower",
    "upper",
    "mean_of_ratios",
    "lowest",
    "lowest_area",
    "highest",
    "highest_area",
    "areas",
    "areas_without_high",
    "areas_without_either",
    "areas_missing",
]


def _members(
    index: pd.Index[Any], groups: pd.Series[Any] | Mapping[str, Sequence[str]] | None
) -> dict[Any, Positions]:
    """Return each place's positions in the index, sorted by area code."""
    ordered = np.argsort(index.to_numpy(), kind="stable")
    if groups is None:
        return {"all": ordered}
    if isinstance(groups, pd.Series):
        if not groups.index.equals(index):
            raise DataError(
                expected="a place for each area, on the same areas as the counts",
                came=f"{len(groups)} labels for {len(index)} areas",
                remedy="reindex the labels to the counts' areas",
            )
        labels = groups.iloc[ordered]
        return {
            label: ordered[labels.to_numpy() == label] for label in sorted(labels.dropna().unique())
        }
    return {name: _positions(index, name, areas) for name, areas in groups.items()}


def _positions(index: pd.Index[Any], name: str, areas: Sequence[str]) -> Positions:
    wanted = sorted(set(areas))
    where = index.get_indexer(pd.Index(wanted))
    absent = [area for area, position in zip(wanted, where, strict=True) if position < 0]
    if absent or not wanted:
        raise DataError(
            expected=f"the areas of {name!r} among the counts",
            came=f"{len(absent)} of {len(wanted)} absent ({few(absent)})" if wanted else "no area",
            remedy="correct the place's list of areas, or read the areas in",
        )
    return where


def _row(areas: Floats, codes: npt.NDArray[np.object_]) -> dict[str, Any]:
    """Measure one place from low, high and ratio of its areas, which come sorted by code."""
    known = ~np.isnan(areas[:, :2]).any(axis=1)
    low, high = areas[known, 0], areas[known, 1]
    measured = ~np.isnan(areas[:, 2])
    ratios, names = areas[measured, 2], codes[measured]
    some = bool(measured.any())
    return {
        "low": low.sum() if known.any() else np.nan,
        "high": high.sum() if known.any() else np.nan,
        "mean_of_ratios": ratios.mean() if some else np.nan,
        "lowest": ratios.min() if some else np.nan,
        "lowest_area": names[ratios.argmin()] if some else None,
        "highest": ratios.max() if some else np.nan,
        "highest_area": names[ratios.argmax()] if some else None,
        "areas": int(known.sum()),
        "areas_without_high": int(((high == 0) & (low > 0)).sum()),
        "areas_without_either": int(((high == 0) & (low == 0)).sum()),
        "areas_missing": int((~known).sum()),
    }


def _notes(low: pd.Series[Any], high: pd.Series[Any], members: Iterable[Positions]) -> list[Note]:
    inside = np.zeros(len(low), dtype=bool)
    for where in members:
        inside[where] = True
    gone = low.index[inside & (low.isna() | high.isna()).to_numpy()]
    if gone.empty:
        return []
    text = Text(
        f"{counted(len(gone), 'area').sv} saknar uppgift och ingår inte i balansmåttets summor.",
        f"{len(gone)} areas have no count and are not in the sums of the balance.",
    )
    return [Note("areas without counts", text, tuple(sorted(map(str, gone))))]
