"""Contrasts: the pairs of poles that a balance can hold against each other, by concept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from grannskap.catalogue import BASES, COUNTS, SHARES, Concept

__all__ = [
    "CONTRASTS",
    "Contrast",
    "are_quarters",
    "basis_of",
    "contrast_in",
    "contrast_of",
    "shares_of",
]


@dataclass(frozen=True)
class Contrast:
    """Two poles of one concept, counted in one unit.

    Attributes
    ----------
    concept : str
        What both tell of.
    low, high : str
        The columns that count them.
    whole : str
        The column of all whom both are parts of.
    tables : tuple of str
        Where SCB publishes it: ids of tables, or the name of a delivery.
    """

    concept: Concept
    low: str
    high: str
    whole: str
    tables: tuple[str, ...]


CONTRASTS: tuple[Contrast, ...] = (
    Contrast("purchasing power", "low", "high", "households", ("Tab11_DeSO",)),
    Contrast("economic standard", "low_standard", "high_standard", "persons", ("TAB6685",)),
    Contrast("income quarters", "quarter_1", "quarter_4", "persons", ("TAB6684",)),
)
"""What a balance is of where a project does not say: the first whose poles are both there."""

_QUARTERS: tuple[Concept, ...] = ("purchasing power", "income quarters")
"""Concepts whose poles are the country's lowest and highest quarter."""


def contrast_in(columns: Collection[str]) -> Contrast | None:
    """Return the first contrast whose poles are both among the columns.

    Examples
    --------
    >>> found = contrast_in(["persons", "low_standard", "high_standard"])
    >>> found.concept if found else None
    'economic standard'
    """
    return next((one for one in CONTRASTS if {one.low, one.high} <= set(columns)), None)


def contrast_of(low: str, high: str) -> Contrast | None:
    """Return the contrast of these two poles; None where they are others."""
    return next((one for one in CONTRASTS if (one.low, one.high) == (low, high)), None)


def are_quarters(low: str, high: str) -> bool:
    """Tell whether two poles are the country's lowest and highest quarter by income.

    Examples
    --------
    >>> are_quarters("quarter_1", "quarter_4"), are_quarters("low_standard", "high_standard")
    (True, False)
    """
    found = contrast_of(low, high)
    return found is not None and found.concept in _QUARTERS


def basis_of(name: str) -> str | None:
    """Return what a count counts, a key of `BASES`; None where the catalogue does not know it.

    Examples
    --------
    >>> basis_of("low"), basis_of("low_standard"), basis_of("my_own")
    ('households', 'persons', None)
    """
    if name not in COUNTS:
        return None
    return next(key for key, unit in BASES.items() if unit == COUNTS[name].unit)


def shares_of(low: str, high: str, columns: Collection[str]) -> list[str]:
    """Return the shares of two poles that columns give, the low one's first.

    Examples
    --------
    >>> shares_of("low_standard", "high_standard", ["persons", "low_standard", "high_standard"])
    ['low_standard_share', 'high_standard_share']
    """
    given = {one.part: one.name for one in SHARES.values() if {one.part, one.base} <= set(columns)}
    return [given[pole] for pole in (low, high) if pole in given]
