"""Regions: which cells of a file are DeSO codes, other regions, footnotes or nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["is_area", "is_footnote", "is_other_region", "suffix"]

_AREA = re.compile(r"\d{3,4}[ABC]\d{4}(?:_DeSO(?P<division>\d{4}))?", re.IGNORECASE)
_OTHER = re.compile(
    r"\d{1,4}(?:\.0)?(?:\s+\D.*)?|\d{3,4}R\d{3}(?:_RegSO\d{4})?"
    r"|riket|hela riket|sverige|totalt|samtliga|summa|total|sweden",
    re.IGNORECASE,
)


def is_area(text: str) -> bool:
    """Tell whether the text has the form of a DeSO code, with or without its first zero."""
    return _AREA.fullmatch(text.strip()) is not None


def suffix(text: str) -> str | None:
    """Return the division that a DeSO code's suffix tells, or None."""
    found = _AREA.fullmatch(text.strip())
    return found["division"] if found else None


def is_other_region(text: str) -> bool:
    """Tell whether the text names the country, a county, a municipality or a RegSO."""
    return _OTHER.fullmatch(text.strip()) is not None


def is_footnote(row: Sequence[str], *, code: int, width: int) -> bool:
    """Tell whether a row below the data is text about them: no code, and not full."""
    cells = [cell.strip() for cell in row]
    filled = sum(bool(cell) for cell in cells)
    if filled <= 1:
        return not (len(cells) > code and is_area(cells[code]))
    here = cells[code] if len(cells) > code else ""
    return filled < width and not is_area(here) and not is_other_region(here)
