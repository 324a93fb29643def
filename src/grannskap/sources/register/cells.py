"""Cells: numbers as people and SCB write them, and why a cell holds none."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from grannskap.catalogue import Status
from grannskap.sources.register.table import Positions, encode

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["STATUSES", "Cells", "Floats", "Grades", "grade", "is_mark", "read"]

STATUSES = (
    Status.VALUE,
    Status.MISSING,
    Status.SUPPRESSED,
    Status.OUTSIDE_DIVISION,
    Status.NOT_JOINED,
)
"""Statuses by their grade: a sum takes the highest grade of its parts."""

Floats = npt.NDArray[np.float64]
Grades = npt.NDArray[np.int8]

_MARKS = {
    **dict.fromkeys(("..", "…"), Status.SUPPRESSED),
    **dict.fromkeys(("", ".", "-", "–", "—", "−"), Status.MISSING),
    **dict.fromkeys(("na", "n/a", "#n/a", "nan", "null", "none"), Status.MISSING),
}
_BESIDE = {**_MARKS, **{status.value: status for status in Status}}
"""What a mark beside a number says: a sign of SCB's, or a status by its name."""

_DASHES = frozenset("-–—−")
_SPACES = " \u00a0\u2009\u202f"
_NO_SPACES = str.maketrans("", "", _SPACES)
_NUMBER = re.compile(
    rf"(?P<sign>[-−+]?)(?P<whole>\d+|\d{{1,3}}(?:[{_SPACES}]\d{{3}})+)"
    r"(?:(?P<mark>[.,])(?P<decimals>\d*))?(?P<power>[eE][-+]?\d{1,2})?",
    re.ASCII,
)
_MOST_DIGITS = 20
_GROUPED = re.compile(r"[-−+]?(?!0)\d{1,3}(?P<mark>[.,])\d{3}", re.ASCII)


@dataclass(frozen=True)
class Cells:
    """One column's cells, read.

    Attributes
    ----------
    values : numpy.ndarray of float
        NaN where there is no number.
    grades : numpy.ndarray of int8
        Positions in `STATUSES`.
    wrong : tuple of (int, str)
        Row and text of cells that are neither a number nor a mark for a missing one.
    grouped : tuple of (int, str)
        Row and text of cells such as ``1.234``, whose mark may part thousands or decimals.
    ambiguous : bool
        Whether no other cell of the column shows that those marks part decimals.
    powers : tuple of (int, str)
        Row and text of cells such as ``1E2``, whose last digits may have been rounded away.
    dashes : int
        How many cells hold a dash.
    """

    values: Floats
    grades: Grades
    wrong: tuple[tuple[int, str], ...] = ()
    grouped: tuple[tuple[int, str], ...] = ()
    ambiguous: bool = False
    powers: tuple[tuple[int, str], ...] = ()
    dashes: int = 0


def grade(status: Status) -> int:
    """Return a status's place in `STATUSES`."""
    return STATUSES.index(status)


def is_mark(text: str) -> bool:
    """Tell whether a text beside a number is a mark that is known, or none."""
    return text in _BESIDE


def read(column: pa.ChunkedArray, marks: pa.ChunkedArray | None = None) -> Cells:
    """Read a column's cells, each distinct text once.

    ``..`` is *suppressed*: SCB's mark for what is not available or too uncertain to be
    shown. ``.`` (cannot occur), a dash, an empty cell and NA, NaN or null are *missing*. A
    dash is a zero in SCB's own tables but not in everybody's, so it is counted and told,
    and never becomes a number.
    """
    import pyarrow as pa

    if pa.types.is_floating(column.type):
        return _of_numbers(column, marks)
    texts, which = encode(column)
    read_texts = [_read(text) for text in texts]
    values = np.array([value for value, _ in read_texts], dtype=float)
    grades = np.array([place for _, place in read_texts], dtype=np.int8)
    dash = np.array([text in _DASHES for text in texts], dtype=bool)
    grouped = np.array([_GROUPED.fullmatch(text) is not None for text in texts], dtype=bool)
    powers = np.array([_is_power(text) for text in texts], dtype=bool) & (grades == 0)
    return Cells(
        values[which],
        grades[which],
        wrong=_where(grades < 0, texts, which),
        grouped=_where(grouped, texts, which),
        ambiguous=bool(grouped.any()) and _is_ambiguous(texts),
        powers=_where(powers, texts, which),
        dashes=int(dash[which].sum()) if dash.any() else 0,
    )


def _is_power(text: str) -> bool:
    """Tell whether a number is written with a power of ten, other than a negative one."""
    head, power, digits = text.upper().partition("E")
    return bool(head and power) and not digits.startswith("-")


def _is_ambiguous(texts: list[str]) -> bool:
    """Tell whether a mark before three digits is nowhere shown to part decimals."""
    marks = {found["mark"] for text in texts if (found := _GROUPED.fullmatch(text))}
    return not marks <= {_decimal_mark(text) for text in texts}


def _decimal_mark(text: str) -> str | None:
    """Return a number's mark where it can only part decimals."""
    found = _NUMBER.fullmatch(text) if len(text) <= 2 * _MOST_DIGITS else None
    if found is None or found["mark"] is None or _GROUPED.fullmatch(text):
        return None
    return found["mark"]


def _of_numbers(column: pa.ChunkedArray, marks: pa.ChunkedArray | None) -> Cells:
    values = np.array(column.to_numpy(), dtype=float)
    grades = np.where(np.isnan(values), grade(Status.MISSING), 0).astype(np.int8)
    wrong = tuple((int(row), str(values[row])) for row in np.flatnonzero(np.isinf(values)))
    if marks is None:
        return Cells(values, grades, wrong)
    texts, which = encode(marks)
    statuses = [_BESIDE.get(text, Status.VALUE) if text else Status.VALUE for text in texts]
    marked = np.array([grade(status) for status in statuses], dtype=np.int8)[which]
    dash = np.array([text in _DASHES for text in texts], dtype=bool)[which]
    grades = np.maximum(grades, marked)
    values = np.where(grades > 0, np.nan, values)
    return Cells(values, grades, wrong, dashes=int(dash.sum()))


def _read(text: str) -> tuple[float, int]:
    """Return a text's number and grade; the grade is -1 when it is neither."""
    if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS:
        return float(text), 0
    found = _NUMBER.fullmatch(text) if len(text) <= 2 * _MOST_DIGITS else None
    if found is None:
        status = _MARKS.get(text.lower())
        return math.nan, -1 if status is None else grade(status)
    whole = found["whole"].translate(_NO_SPACES)
    number = float(f"{whole}.{found['decimals'] or 0}{found['power'] or ''}")
    return -number if found["sign"] in ("-", "−") else number, 0


def _where(
    chosen: npt.NDArray[np.bool_], texts: list[str], which: Positions
) -> tuple[tuple[int, str], ...]:
    if not chosen.any():
        return ()
    return tuple((int(row), texts[which[row]]) for row in np.flatnonzero(chosen[which]))
