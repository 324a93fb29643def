"""Counts of groups by area, as whatever kind of number they came, checked."""

from __future__ import annotations

from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from grannskap.errors import DataError

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["checked_groups"]


def checked_groups(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the counts as floats on the same index, NaN where they are missing.

    Raises
    ------
    DataError
        When there are fewer than two groups, or something is no count of 0 or more.
    """
    if counts.shape[1] < 2:
        raise DataError("one group alone", {"groups": [str(name) for name in counts.columns]})
    columns = [counts.iloc[:, place] for place in range(counts.shape[1])]
    wrong = np.logical_or.reduce([_is_no_number(column) for column in columns])
    if not wrong.any():
        values = np.column_stack(
            [column.to_numpy(dtype="float64", na_value=np.nan) for column in columns]
        )
        wrong = ((values < 0) | np.isinf(values)).any(axis=1)
    if wrong.any():
        areas = [str(area) for area in counts.index[wrong]]
        raise DataError("counts missing or negative", {"areas": areas})
    return pd.DataFrame(values, index=counts.index, columns=counts.columns)


def _is_no_number(column: pd.Series[Any]) -> npt.NDArray[np.bool_]:
    if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_complex_dtype(column):
        return np.zeros(len(column), dtype=bool)
    real = [isinstance(value, Real) for value in column]
    return ~np.array(real, dtype=bool) & ~column.isna().to_numpy()
