"""Check that a Shapefile's index tells each of its records once."""

from __future__ import annotations

from pathlib import Path

from grannskap.errors import InputFileError
from grannskap.sources import guard
from grannskap.sources.boundaries.limits import MOST_BYTES, MOST_ROWS, check_count

__all__ = ["check"]

_HEADER = 100
_ENTRY = 8


def check(file: Path) -> None:
    """Refuse a Shapefile whose index repeats records until they are more than the file.

    Parameters
    ----------
    file : Path
        The ``.shp``; its ``.shx`` lies beside it.

    Raises
    ------
    InputFileError
        When there are too many records, or they are longer together than the file.
    """
    import numpy as np

    index = file.with_suffix(".shx")
    if not index.exists():
        raise InputFileError("parts of shapefile missing", {"name": file.name})
    entries = guard.content(index, most=MOST_BYTES)[_HEADER:]
    count = len(entries) // _ENTRY
    check_count(file.name, count, MOST_ROWS, "errors.phrases.rows")
    lengths = np.frombuffer(entries[: count * _ENTRY], dtype=">u4")[1::2].astype("i8")
    if 2 * int(lengths.sum()) > file.stat().st_size:
        raise InputFileError("index of shapefile repeats", {"name": file.name})
