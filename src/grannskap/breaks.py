"""Breaks: the years from which SCB counts something in another way than before."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise

from grannskap.catalogue import AMOUNTS, COUNTS, Concept

__all__ = ["BREAKS", "Break", "between", "of_columns"]


@dataclass(frozen=True)
class Break:
    """The first year of another way of counting.

    Attributes
    ----------
    year : int
        The first year that is counted so.
    what : str
        What changed, a key of the message catalogue.
    concepts : tuple of str
        The concepts that it is of; empty for all.
    """

    year: int
    what: str
    concepts: tuple[Concept, ...] = ()


BREAKS: tuple[Break, ...] = (
    Break(2015, "addresses"),
    Break(2020, "employment", ("employment",)),
    Break(2023, "ages", ("education",)),
)
"""In order. People are placed by address from 2015, before that by property; the employed are
counted in another register from 2020; education is of ages 25–65 from 2023."""


def of_columns(columns: Iterable[str]) -> tuple[Break, ...]:
    """Return the breaks that some of the columns have.

    Examples
    --------
    >>> [one.year for one in of_columns(["low", "employed"])]
    [2015, 2020]
    """
    known = {**COUNTS, **AMOUNTS}
    concepts = {known[name].concept for name in columns if name in known}
    return tuple(one for one in BREAKS if not one.concepts or concepts & set(one.concepts))


def between(years: Collection[int], breaks: Iterable[Break]) -> tuple[Break, ...]:
    """Return the breaks that lie between two of the years; a year that is not stated has none.

    Examples
    --------
    >>> [one.year for one in between([2012, 2017], BREAKS)], between([2016, 2018], BREAKS)
    ([2015], ())
    """
    pairs = list(pairwise(sorted(year for year in years if year)))
    return tuple(one for one in breaks if any(a < one.year <= b for a, b in pairs))
