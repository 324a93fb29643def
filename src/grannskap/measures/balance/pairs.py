"""Two or more columns of counts on the same areas, checked before anything is divided."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.errors import DataError, few

__all__ = ["checked_counts"]


def checked_counts(*columns: pd.Series[Any]) -> list[npt.NDArray[np.float64]]:
    """Return the columns as floats, NaN where missing, when all stand on the same areas.

    Raises
    ------
    DataError
        When indexes differ or repeat a label, or a count is text, negative or infinite.
    """
    first = columns[0]
    if not first.index.is_unique:
        twice = first.index[first.index.duplicated()].unique()
        raise DataError(
            expected="every area once",
            came=f"{len(twice)} areas more than once ({few(twice)})",
            remedy="select one year and one group first",
        )
    for column in columns[1:]:
        if not column.index.equals(first.index):
            raise DataError(
                expected="counts on the same areas in the same order",
                came=f"{len(first)} areas in {first.name!r} and {len(column)} in {column.name!r}, "
                f"of which {len(first.index.intersection(column.index))} are shared",
                remedy="take both columns from one frame",
            )
    return [_counts(column) for column in columns]


def _counts(column: pd.Series[Any]) -> npt.NDArray[np.float64]:
    if not pd.api.types.is_numeric_dtype(column.dtype):
        raise DataError(
            expected=f"counts in {column.name!r}",
            came=f"values of type {column.dtype}",
            remedy="read the file with register.read, which turns text into counts",
        )
    values = column.to_numpy(dtype="float64", na_value=np.nan)
    wrong = (values < 0) | np.isinf(values)
    if wrong.any():
        raise DataError(
            expected=f"counts of 0 or more in {column.name!r}",
            came=f"{int(wrong.sum())} negative or infinite ({few(column.index[wrong])})",
            remedy="correct the file; a missing count is an empty cell",
        )
    return values
