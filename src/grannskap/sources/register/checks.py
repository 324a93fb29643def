"""Checks: what a count, an amount and a percentage can be, and what they cannot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from grannskap.catalogue import AMOUNTS, COUNTS
from grannskap.errors import DataError, few
from grannskap.sources.register.cells import STATUSES, Cells, Floats, Grades
from grannskap.sources.register.keys import CodeArray

__all__ = [
    "Kind",
    "far_apart",
    "refuse_bad_amount",
    "refuse_bad_count",
    "refuse_bad_percent",
    "refuse_empty",
    "refuse_text",
]


Kind = Literal["count", "amount", "percent"]
"""What a column of the register holds."""

MOST_PEOPLE = 20_000_000
"""More than the country holds: no area has as many persons, households or dwellings."""

MOST = 2.0**53
"""From here on a floating number does not hold every whole one."""

MOST_MONEY = 1e9
"""Kronor, or thousands of them: no area's median or mean income comes near it."""

_APART = 100.0
"""How far an area's income is from the middle one before it looks like another unit."""


def refuse_text(cells: Cells, codes: CodeArray, *, name: str, heading: str, kind: Kind) -> None:
    """Refuse text in a number, and numbers that may be read in two ways.

    A mark before three digits may part thousands or decimals: never in per cent, in amounts
    where no other cell shows which, in counts always. A power of ten may have lost digits.
    """
    if cells.wrong:
        formulas = all(text.startswith("=") for _, text in cells.wrong)
        raise DataError(
            expected=f"numbers in {heading} for {name}",
            came=f"{len(cells.wrong)} other cells ({_shown(cells.wrong, codes)})",
            remedy="open the file in a spreadsheet and save it, so that its formulas have values"
            if formulas
            else "correct the cells; '..' and empty cells mean missing",
        )
    if cells.grouped and (kind == "count" or (kind == "amount" and cells.ambiguous)):
        whole = kind == "count"
        raise DataError(
            expected=f"{'whole ' if whole else ''}numbers in {heading} for {name}",
            came=f"{len(cells.grouped)} with a mark that may part thousands or decimals "
            f"({_shown(cells.grouped, codes)})",
            remedy="write 1234 or 1 234" if whole else "write 1234 or 1 234, or 1,2340 for 1,234",
        )
    if cells.powers:
        raise DataError(
            expected=f"numbers with all their digits in {heading} for {name}",
            came=f"{len(cells.powers)} rounded to a power of ten ({_shown(cells.powers, codes)})",
            remedy="show the column as whole numbers in the spreadsheet, and save it anew",
        )


def _shown(pairs: Sequence[tuple[int, str]], codes: CodeArray) -> str:
    return few(f"{text[:30]!r} for {codes[row]}" for row, text in pairs)


def refuse_bad_count(values: Floats, codes: CodeArray, *, name: str) -> None:
    """Refuse negative and fractional counts; say so where they look like shares."""
    _refuse(values < 0, values, codes, expected=f"counts of {name}, none negative")
    most = MOST_PEOPLE if name in COUNTS else MOST
    _refuse(values > most, values, codes, expected=f"counts of {name}, none above {most:,.0f}")
    fractional = np.isfinite(values) & (values != np.floor(values))
    if not fractional.any():
        return
    if name in COUNTS and np.nanmax(values) <= 100:
        raise DataError(
            expected=f"counts in {name}",
            came=f"what looks like per cent ({_listed(fractional, values, codes)})",
            remedy=f"name the column whose per cent it is: percent = {{{name} = ...}}",
        )
    remedy = "correct the cells" if name in COUNTS else "name the column in amounts if it is one"
    _refuse(fractional, values, codes, expected=f"whole counts of {name}", remedy=remedy)


def refuse_bad_amount(values: Floats, codes: CodeArray, *, name: str) -> None:
    """Refuse amounts that nothing amounts to, and incomes of nothing or of more than there is."""
    if name not in AMOUNTS:
        too_much = np.abs(values) > MOST
        _refuse(too_much, values, codes, expected=f"amounts of {name} of at most 2^53")
        return
    _refuse(values < 0, values, codes, expected=f"amounts of {name}, none negative")
    remedy = "leave the cell empty, or write .., where it is not known"
    _refuse(values == 0, values, codes, expected=f"amounts of {name} above 0", remedy=remedy)
    too_much = values > MOST_MONEY
    _refuse(too_much, values, codes, expected=f"amounts of {name}, none above {MOST_MONEY:,.0f}")


def far_apart(values: Floats, *, name: str) -> npt.NDArray[np.bool_]:
    """Tell which incomes are so far from the middle one that they look like another unit."""
    if name not in AMOUNTS:
        return np.zeros(len(values), dtype=bool)
    middle = np.nanmedian(values)
    return (values > middle * _APART) | (values < middle / _APART)


def refuse_bad_percent(values: Floats, codes: CodeArray, *, name: str) -> None:
    """Refuse percentages outside 0–100, and shares in 0–1 called percentages."""
    outside = (values < 0) | (values > 100)
    _refuse(outside, values, codes, expected=f"per cent in 0–100 for {name}")
    known = values[np.isfinite(values)]
    if known.size and known.max() <= 1 and (known != np.floor(known)).any():
        raise DataError(
            expected=f"per cent in 0–100 for {name}",
            came=f"values up to {known.max():g}, which look like shares in 0–1",
            remedy="multiply the column by 100 in the file",
        )


def refuse_empty(values: Floats, grades: Grades, *, name: str) -> None:
    """Refuse a column without any number, and say why its cells hold none."""
    if np.isfinite(values).any():
        return
    reasons = [
        f"{count} {STATUSES[place].value}"
        for place, count in enumerate(np.bincount(grades, minlength=len(STATUSES)))
        if count
    ]
    raise DataError(
        expected=f"some number for {name}",
        came=f"none ({', '.join(reasons)})",
        remedy="choose another column, year or division",
    )


def _refuse(
    bad: npt.NDArray[np.bool_],
    values: Floats,
    codes: CodeArray,
    *,
    expected: str,
    remedy: str = "correct the cells",
) -> None:
    if bad.any():
        raise DataError(
            expected=expected,
            came=f"{int(bad.sum())} others ({_listed(bad, values, codes)})",
            remedy=remedy,
        )


def _listed(bad: npt.NDArray[np.bool_], values: Floats, codes: CodeArray) -> str:
    return few(f"{values[row]:g} for {codes[row]}" for row in np.flatnonzero(bad))
