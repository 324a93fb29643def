"""Combining: several register frames become one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from grannskap.catalogue import Status, lower_column, status_column, upper_column
from grannskap.deso import same_division
from grannskap.errors import DataError
from grannskap.notes import of, with_notes

__all__ = ["combine"]

_LEVELS = ["deso", "year", "group"]

_STATUSES = (
    Status.NOT_JOINED,
    Status.MISSING,
    Status.SUPPRESSED,
    Status.OUTSIDE_DIVISION,
    Status.VALUE,
)
"""Of several frames' statuses the last of these holds: a value, else the best reason."""

_GRADES = {status.value: grade for grade, status in enumerate(_STATUSES)}


def combine(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Counts and amounts of several register frames, in one (index deso, year, group).

    Every area, year and group that stands in any frame stands in the result; what a frame
    has no row for is NaN with the status ``"not joined"``. A column may stand in several
    frames when it holds the same in each: a cell is then taken from the frame that has it.

    Parameters
    ----------
    frames : sequence of pandas.DataFrame
        Register frames, as `read` returns them.

    Returns
    -------
    pandas.DataFrame
        A register frame, sorted; its notes are those of all frames.

    Raises
    ------
    CodeError
        When the frames are of two divisions.
    DataError
        When there is no frame, some tell years and some do not, or two hold different values
        for the same cell.

    Examples
    --------
    >>> index = pd.MultiIndex.from_tuples([("9999A0010", 2022, "all")], names=_LEVELS)
    >>> one = pd.DataFrame({"low": [3.0], "low_status": ["value"]}, index=index)
    >>> two = pd.DataFrame({"high": [2.0], "high_status": ["value"]}, index=index)
    >>> combine([one, two])[["low", "high"]].values.tolist()
    [[3.0, 2.0]]
    """
    if not frames:
        raise DataError("no register frame")
    _refuse_half_stated_years(frames)
    division = same_division(frame.attrs.get("division") for frame in frames)
    index = frames[0].index
    for frame in frames[1:]:
        index = index.union(frame.index)
    index = index.set_names(_LEVELS)
    names = dict.fromkeys(
        name for frame in frames for name in map(str, frame) if status_column(name) in frame
    )
    data: dict[str, object] = {}
    for name in names:
        holding = [frame for frame in frames if name in frame]
        data[name], statuses = _merge(holding, name, index)
        if any(lower_column(name) in frame for frame in holding):
            data[lower_column(name)], data[upper_column(name)] = _merge_bounds(holding, name, index)
        data[status_column(name)] = statuses
    result = pd.DataFrame(data, index=index)
    result.attrs["division"] = division
    return with_notes(result, dict.fromkeys(note for frame in frames for note in of(frame)))


def _refuse_half_stated_years(frames: Sequence[pd.DataFrame]) -> None:
    years = {int(year) for frame in frames for year in frame.index.unique("year")}
    if 0 in years and len(years) > 1:
        raise DataError("years in some register files", {"years": sorted(years - {0})})


def _merge(
    frames: Sequence[pd.DataFrame], name: str, index: pd.Index
) -> tuple[np.ndarray, pd.api.extensions.ExtensionArray]:
    """Return a column's values and statuses on the whole index, each from whoever has them."""
    values = np.full(len(index), np.nan)
    grades = np.zeros(len(index), dtype=np.int8)
    for frame in frames:
        at = index.get_indexer(frame.index)
        new = frame[name].to_numpy(dtype=float)
        known = ~np.isnan(values[at])
        differ = known & ~np.isnan(new) & (values[at] != new)
        if differ.any():
            codes = frame.index.get_level_values("deso")[differ]
            raise DataError(
                "two values of a cell", {"name": name, "codes": list(dict.fromkeys(codes))}
            )
        values[at] = np.where(known, values[at], new)
        new_grades = frame[status_column(name)].map(_GRADES.__getitem__).to_numpy(dtype=np.int8)
        grades[at] = np.maximum(grades[at], new_grades)
    return values, pd.array([status.value for status in _STATUSES], dtype="str").take(grades)


def _merge_bounds(
    frames: Sequence[pd.DataFrame], name: str, index: pd.Index
) -> tuple[np.ndarray, np.ndarray]:
    """Return the bounds of a column on the whole index, the narrowest that a frame tells."""
    lower, upper = np.full((2, len(index)), np.nan)
    for frame in frames:
        at = index.get_indexer(frame.index)
        own = frame[name]
        least = frame.get(lower_column(name), own).to_numpy(dtype=float)
        most = frame.get(upper_column(name), own).to_numpy(dtype=float)
        lower[at], upper[at] = np.fmax(lower[at], least), np.fmin(upper[at], most)
    return lower, upper
