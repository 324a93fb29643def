"""Checks: what a count, an amount and a percentage can be, and what they cannot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from grannskap.catalogue import AMOUNTS, COUNTS
from grannskap.errors import DataError, few
from grannskap.language import Text
from grannskap.sources.register.cells import STATUSES, Cells, Floats, Grades
from grannskap.sources.register.keys import CodeArray
from grannskap.wording import in_both

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
            "text among numbers",
            {
                "heading": heading,
                "name": name,
                "count": len(cells.wrong),
                "cells": _shown(cells.wrong, codes),
                "formulas": formulas,
            },
        )
    if cells.grouped and (kind == "count" or (kind == "amount" and cells.ambiguous)):
        whole = kind == "count"
        raise DataError(
            "mark that may part thousands",
            {
                "heading": heading,
                "name": name,
                "count": len(cells.grouped),
                "whole": whole,
                "cells": _shown(cells.grouped, codes),
            },
        )
    if cells.powers:
        raise DataError(
            "digits lost to a power",
            {
                "heading": heading,
                "name": name,
                "count": len(cells.powers),
                "cells": _shown(cells.powers, codes),
            },
        )


def _shown(pairs: Sequence[tuple[int, str]], codes: CodeArray) -> Text:
    cells = (_cell(repr(text[:30]), codes[row]) for row, text in pairs)
    return few(cells, total=len(pairs))


def _cell(cell: str, code: str) -> Text:
    return in_both("errors.phrases.cell of an area", {"cell": cell, "code": code})


def refuse_bad_count(values: Floats, codes: CodeArray, *, name: str) -> None:
    """Refuse negative and fractional counts; say so where they look like shares."""
    positive = in_both("errors.phrases.counts not negative", {"name": name})
    _refuse(values < 0, values, codes, expected=positive)
    most = MOST_PEOPLE if name in COUNTS else MOST
    usual = in_both("errors.phrases.counts not above", {"name": name, "most": most})
    _refuse(values > most, values, codes, expected=usual)
    fractional = np.isfinite(values) & (values != np.floor(values))
    if not fractional.any():
        return
    if name in COUNTS and np.nanmax(values) <= 100:
        raise DataError(
            "per cent among counts",
            {
                "name": name,
                "cells": _listed(fractional, values, codes),
                "example": f"percent = {{{name} = ...}}",
            },
        )
    key = "errors.phrases.correct the cells"
    remedy = in_both(key if name in COUNTS else "errors.phrases.name it in amounts")
    whole = in_both("errors.phrases.whole counts", {"name": name})
    _refuse(fractional, values, codes, expected=whole, remedy=remedy)


def refuse_bad_amount(values: Floats, codes: CodeArray, *, name: str) -> None:
    """Refuse amounts that nothing amounts to, and incomes of nothing or of more than there is."""
    if name not in AMOUNTS:
        floating = in_both("errors.phrases.amounts within floating numbers", {"name": name})
        _refuse(np.abs(values) > MOST, values, codes, expected=floating)
        return
    positive = in_both("errors.phrases.amounts not negative", {"name": name})
    _refuse(values < 0, values, codes, expected=positive)
    some = in_both("errors.phrases.amounts above nothing", {"name": name})
    remedy = in_both("errors.phrases.leave unknown empty")
    _refuse(values == 0, values, codes, expected=some, remedy=remedy)
    usual = in_both("errors.phrases.amounts not above", {"name": name, "most": MOST_MONEY})
    _refuse(values > MOST_MONEY, values, codes, expected=usual)


def far_apart(values: Floats, *, name: str) -> npt.NDArray[np.bool_]:
    """Tell which incomes are so far from the middle one that they look like another unit."""
    if name not in AMOUNTS:
        return np.zeros(len(values), dtype=bool)
    middle = np.nanmedian(values)
    return (values > middle * _APART) | (values < middle / _APART)


def refuse_bad_percent(values: Floats, codes: CodeArray, *, name: str) -> None:
    """Refuse percentages outside 0–100, and shares in 0–1 called percentages."""
    outside = (values < 0) | (values > 100)
    _refuse(outside, values, codes, expected=in_both("errors.phrases.per cent", {"name": name}))
    known = values[np.isfinite(values)]
    if known.size and known.max() <= 1 and (known != np.floor(known)).any():
        raise DataError("shares called per cent", {"name": name, "most": float(known.max())})


def refuse_empty(values: Floats, grades: Grades, *, name: str) -> None:
    """Refuse a column without any number, and say why its cells hold none."""
    if np.isfinite(values).any():
        return
    reasons = [
        in_both(
            "errors.phrases.status of cells",
            {"count": str(count), "status": STATUSES[place].label()},
        )
        for place, count in enumerate(np.bincount(grades, minlength=len(STATUSES)))
        if count
    ]
    raise DataError("column without a number", {"name": name, "reasons": reasons})


def _refuse(
    bad: npt.NDArray[np.bool_],
    values: Floats,
    codes: CodeArray,
    *,
    expected: Text,
    remedy: Text | None = None,
) -> None:
    if bad.any():
        raise DataError(
            "values that cannot be",
            {
                "expected": expected,
                "remedy": remedy,
                "count": int(bad.sum()),
                "cells": _listed(bad, values, codes),
            },
        )


def _listed(bad: npt.NDArray[np.bool_], values: Floats, codes: CodeArray) -> Text:
    cells = (_cell(f"{values[row]:g}", codes[row]) for row in np.flatnonzero(bad))
    return few(cells, total=int(bad.sum()))
