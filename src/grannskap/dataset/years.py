"""The years of the registers that a project asks for; the others are left out, and told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grannskap.errors import DataError
from grannskap.notes import Note

if TYPE_CHECKING:
    from typing import Any

    import pandas as pd

__all__ = ["Years", "years_of"]


@dataclass(frozen=True)
class Years:
    """What is asked of years, and which of them the registers were found to hold.

    Attributes
    ----------
    asked : tuple of int
        Years; none where all are wanted.
    every : bool
        Whether each of them must be there: so of a list, not of a range.
    """

    asked: tuple[int, ...]
    every: bool

    @classmethod
    def of(cls, asked: str | list[int]) -> Years:
        """Return what a project file asks: a list, or a range as ``"2012-2017"``."""
        if not isinstance(asked, str):
            return cls(tuple(asked), every=True)
        first, last = (int(end) for end in asked.replace("–", "-").split("-"))
        return cls(tuple(range(first, last + 1)), every=False)

    def kept(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of a register that are of these years; all of one without years."""
        if not self.asked or not any(years_of(frame)):
            return frame
        if "year" not in frame.index.names:
            return frame if set(years_of(frame)) & set(self.asked) else frame.iloc[:0]
        return frame[frame.index.get_level_values("year").isin(self.asked)]

    def notes(self, frames: Iterable[pd.DataFrame]) -> tuple[Note, ...]:
        """Say which years of the registers as they were read are left out.

        Raises
        ------
        DataError
            When none of the years is there, or one of a list is not.
        """
        there = sorted({year for frame in frames for year in years_of(frame)})
        absent = [year for year in self.asked if year not in there]
        refused = bool(absent) and (self.every or len(absent) == len(self.asked))
        if refused and any(there):
            raise DataError("no such year", {"year": str(absent[0]), "years": there})
        left = [year for year in there if year and self.asked and year not in self.asked]
        return (Note("years left out", {"years": left}),) if left else ()


def years_of(frame: pd.DataFrame | pd.Series[Any]) -> tuple[int, ...]:
    """Return the years of a register, in order; empty where it states none."""
    if "year" in frame.index.names:
        return tuple(sorted(map(int, frame.index.unique("year"))))
    stated = frame.attrs.get("year")
    return () if stated is None else (int(stated),)
