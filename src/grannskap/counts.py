"""One count by area, with what is not known about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.catalogue import Status

if TYPE_CHECKING:
    from typing import Self

__all__ = ["Counts", "Pooled"]


@dataclass(frozen=True, eq=False)
class Pooled:
    """Areas whose sum is known closer than each of them by itself.

    Attributes
    ----------
    which : numpy.ndarray of int
        The pool of each area, in the order of the counts; −1 where it is in none.
    lower, upper : numpy.ndarray of float
        The least and the most that the areas of each pool can be together.
    """

    which: npt.NDArray[np.int64]
    lower: npt.NDArray[np.float64]
    upper: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Counts:
    """A count by area: its value where it is known, its bounds everywhere.

    Attributes
    ----------
    value : pandas.Series of float
        The count, 0 … ∞; NaN where it is hidden, missing or not stated exactly.
    lower, upper : pandas.Series of float
        The least and the most that it can be, on the same index; both are the value where that
        is known. `upper` is infinite where nothing limits it.
    status : pandas.Series of str
        Values of `grannskap.catalogue.Status`, on the same index.
    pooled : Pooled or None
        What is known of the sums of some of the areas.
    """

    value: pd.Series[Any]
    lower: pd.Series[Any]
    upper: pd.Series[Any]
    status: pd.Series[Any]
    pooled: Pooled | None = None

    @classmethod
    def known(cls, value: pd.Series[Any]) -> Self:
        """Take a plain column: a number is known, NaN is missing and may be 0 … ∞.

        Examples
        --------
        >>> Counts.known(pd.Series([3.0, None])).upper.tolist()
        [3.0, inf]
        """
        value = value.astype(float)
        missing = value.isna()
        words = np.where(missing, Status.MISSING.value, Status.VALUE.value)
        return cls(
            value,
            value.fillna(0.0),
            value.fillna(np.inf),
            pd.Series(words, index=value.index, dtype=object),
        )

    def at(self, index: pd.Index[Any]) -> Self:
        """Return the counts of some of the areas."""
        value, lower, upper, status = (
            part.reindex(index) for part in (self.value, self.lower, self.upper, self.status)
        )
        return type(self)(value, lower, upper, status)

    def less(self, part: Counts) -> Self:
        """Return those who are not of a part: between what the bounds of both leave, never below 0.

        Examples
        --------
        >>> whole, part = Counts.known(pd.Series([9.0, 4.0])), Counts.known(pd.Series([2.0, None]))
        >>> rest = whole.less(part)
        >>> rest.value.tolist(), rest.lower.tolist(), rest.upper.tolist()
        ([7.0, nan], [7.0, 0.0], [7.0, 4.0])
        """
        value = (self.value - part.value).clip(lower=0.0)
        lower = (self.lower - part.upper).clip(lower=0.0)
        upper = (self.upper - part.lower).clip(lower=0.0)
        status = part.status.where(part.value.isna(), self.status)
        return type(self)(value, lower, upper, status)

    @property
    def is_exact(self) -> pd.Series[Any]:
        """Tell where the two bounds are one number."""
        return self.lower == self.upper
