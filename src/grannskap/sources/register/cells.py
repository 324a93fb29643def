"""Cells: numbers as people and SCB write them, and why a cell holds none."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from grannskap.schema import Status
from grannskap.sources.register.table import encode

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["STATUSES", "Cells", "numbers", "status_number"]

STATUSES = tuple(Status)
"""Statuses by their number, the mildest first; a sum takes its worst part's."""

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int8]

_MARKS = {
    "..": Status.SUPPRESSED,
    "…": Status.SUPPRESSED,
    **dict.fromkeys(("", ".", "-", "–", "—", "−"), Status.MISSING),
    **dict.fromkeys(("na", "n/a", "#n/a", "nan", "null", "none"), Status.MISSING),
}
_DASHES = frozenset("-–—−")
_SPACE = "[ \u00a0\u2009\u202f]"
_NUMBER = re.compile(
    rf"(?P<sign>[-−+]?)(?P<whole>\d+|\d{{1,3}}(?:{_SPACE}\d{{3}})+)"
    r"(?:[.,](?P<decimals>\d*))?(?P<power>[eE][-+]?\d{1,2})?"
)


@dataclass(frozen=True)
class Cells:
    """One column's cells, read.

    Attributes
    ----------
    values : numpy.ndarray of float
        NaN where there is no number.
    status : numpy.ndarray of int8
        Numbers of `STATUSES`.
    wrong : tuple of (int, str)
        Row and text of cells that are neither a number nor a mark for a missing one.
    grouped : tuple of (int, str)
        Row and text of cells such as ``1.234`` whose mark may part thousands or decimals.
    dashes : int
        How many cells hold a dash.
    """

    values: Floats
    status: Numbers
    wrong: tuple[tuple[int, str], ...] = ()
    grouped: tuple[tuple[int, str], ...] = ()
    dashes: int = 0


def status_number(status: Status) -> int:
    """Return a status's number in `STATUSES`."""
    return STATUSES.index(status)


def numbers(column: pa.ChunkedArray, marks: pa.ChunkedArray | None = None) -> Cells:
    """Read a column's cells: each distinct text once.

    ``..`` is *suppressed* (SCB: not available or too uncertain to be shown). ``.``, a dash,
    an empty cell and the words NA, NaN and null are *missing*. A dash is not read as zero,
    which it is in SCB's tables but not in everybody's: it is counted, to be told.
    """
    import pyarrow as pa

    if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
        return _plain(column, marks)
    encoded = encode(column)
    texts: list[str] = encoded.dictionary.to_pylist()
    which = np.asarray(encoded.indices)
    read = [_read(text) for text in texts]
    values = np.array([value for value, _ in read], dtype=float)
    status = np.array([number for _, number in read], dtype=np.int8)
    wrong = [text for text, number in zip(texts, status, strict=True) if number < 0]
    return Cells(
        values[which],
        status[which],
        _where(wrong, texts, which),
        _where([text for text in texts if _is_grouped(text)], texts, which),
        int(np.isin(which, [k for k, text in enumerate(texts) if text in _DASHES]).sum()),
    )


def _plain(column: pa.ChunkedArray, marks: pa.ChunkedArray | None) -> Cells:
    values = np.array(column.to_numpy(), dtype=float)
    status = np.where(np.isnan(values), status_number(Status.MISSING), 0).astype(np.int8)
    if marks is None:
        return Cells(values, status)
    encoded = encode(marks)
    known = [_MARKS.get(text, Status.VALUE) for text in encoded.dictionary.to_pylist()]
    told = np.array([status_number(one) for one in known], dtype=np.int8)
    told[[k for k, text in enumerate(encoded.dictionary.to_pylist()) if not text]] = 0
    status = np.maximum(status, told[np.asarray(encoded.indices)])
    return Cells(np.where(status > 0, np.nan, values), status)


def _read(text: str) -> tuple[float, int]:
    found = _NUMBER.fullmatch(text)
    if found is None:
        status = _MARKS.get(text.lower())
        return math.nan, -1 if status is None else status_number(status)
    whole = re.sub(_SPACE, "", found["whole"])
    sign = "-" if found["sign"] in ("-", "−") and found["sign"] else ""
    return float(f"{sign}{whole}.{found['decimals'] or 0}{found['power'] or ''}"), 0


def _is_grouped(text: str) -> bool:
    return len(text) >= 5 and text[-4] in ".," and text[-3:].isdigit()


def _where(
    chosen: list[str], texts: list[str], which: npt.NDArray[np.int64]
) -> tuple[tuple[int, str], ...]:
    if not chosen:
        return ()
    rows = np.flatnonzero(np.isin(which, [texts.index(text) for text in chosen]))
    return tuple((int(row), texts[which[row]]) for row in rows)
