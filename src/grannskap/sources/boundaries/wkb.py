"""Shapes from well-known binary, as GeoPackage and GeoParquet hold them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from grannskap.errors import InputFileError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["check_depth", "shapes"]

_COLLECTION = re.compile(
    rb"\x01[\x04-\x07](?:\x00\x00[\x00\x20\x40\x60\x80\xa0\xc0\xe0]|\x03\x00\x00|[\x07\x0b]\x00\x00)"
    rb"|\x00[\x00\x20\x40\x60\x80\xa0\xc0\xe0]\x00[\x00\x03\x07\x0b][\x04-\x07]"
)
"""The head of a multi-part shape or a collection, of either byte order."""

_MOST_HEADS = 1_000
_CURVES = frozenset(range(8, 15))


def shapes(values: Sequence[bytes | None], *, name: str) -> npt.NDArray[np.object_]:
    """Return the shapes, None where there is none.

    Parameters
    ----------
    values : sequence of bytes or None
        Well-known binary of each row.
    name : str
        The file's name, for errors.

    Raises
    ------
    InputFileError
        When shapes are nested without end, or curved.
    """
    import shapely

    for value in values:
        if value is not None:
            check_depth(value, name=name)
    made: npt.NDArray[np.object_] = shapely.from_wkb(list(values))
    return made


def check_depth(value: bytes, *, name: str) -> None:
    """Refuse a shape inside shapes inside shapes, which would overrun the reader's stack."""
    for number, _ in enumerate(_COLLECTION.finditer(value)):
        if number >= _MOST_HEADS:
            raise InputFileError("nested collections", {"name": name})
    if _kind(value) in _CURVES:
        raise InputFileError("curved polygons", {"name": name})


def _kind(value: bytes) -> int:
    order = "little" if value[:1] == b"\x01" else "big"
    number = int.from_bytes(value[1:5], order)  # type: ignore[arg-type]
    return (number & 0x1FFFFFFF) % 1000
