"""How much a file of polygons may hold; docs/limits.md says it in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from grannskap.errors import InputFileError
from grannskap.wording import in_both

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = [
    "MOST_BYTES",
    "MOST_COLUMNS",
    "MOST_LAYERS",
    "MOST_LETTERS",
    "MOST_ROWS",
    "MOST_TEXT_BYTES",
    "MOST_VERTICES",
    "check_columns",
    "check_count",
    "check_shapes",
    "is_crs_name",
]

MOST_BYTES = 1 << 30
MOST_TEXT_BYTES = 1 << 29
MOST_ROWS = 200_000
MOST_COLUMNS = 1_000
MOST_LAYERS = 200
MOST_VERTICES = 10_000_000
MOST_LETTERS = 1_000


# By its number in a list: a definition in full could name files for PROJ to open.
_CRS_NAME = re.compile(
    r"[A-Za-z]{2,12}:[A-Za-z0-9]{1,12}"
    r"|urn:(?:x-)?ogc:def:crs:[A-Za-z0-9.:_]{1,60}"
    r"|https?://www\.opengis\.net/def/crs/[A-Za-z0-9./_]{1,60}"
)


def is_crs_name(text: str) -> bool:
    """Whether a text is the name of a coordinate system by its number in a list.

    Examples
    --------
    >>> is_crs_name("EPSG:3006"), is_crs_name("+init=/etc/passwd:1")
    (True, False)
    """
    return _CRS_NAME.fullmatch(text) is not None


def check_count(name: str, found: int, most: int, what: str, *, column: str = "") -> None:
    """Refuse a file that holds more of something than is allowed.

    Parameters
    ----------
    name : str
        The file's name.
    found, most : int
        How many there are, and how many may be.
    what : str
        What they are called, as a key of the message catalogue.
    column : str
        The column that they are in, where the words name it.

    Raises
    ------
    InputFileError
        Saying how many there are and how many may be.
    """
    if found > most:
        raise InputFileError(
            "too many in boundaries",
            {"most": most, "what": in_both(what, {"column": column}), "name": name, "found": found},
        )


def check_columns(name: str, columns: Sequence[str]) -> tuple[str, ...]:
    """Refuse too many columns, and names that are no names; return them."""
    check_count(name, len(columns), MOST_COLUMNS, "errors.phrases.columns")
    check_count(
        name,
        max(map(len, columns), default=0),
        MOST_LETTERS,
        "errors.phrases.letters in a name of a column",
    )
    return tuple(columns)


def check_shapes(name: str, shapes: npt.NDArray[np.object_]) -> None:
    """Refuse too many rows or vertices, and coordinates that are no numbers."""
    import numpy as np
    import shapely

    check_count(name, len(shapes), MOST_ROWS, "errors.phrases.rows")
    check_count(
        name,
        int(shapely.get_num_coordinates(shapes).sum()),
        MOST_VERTICES,
        "errors.phrases.vertices",
    )
    coordinates: npt.NDArray[Any] = shapely.get_coordinates(shapes)
    if not np.isfinite(coordinates).all():
        raise InputFileError("coordinates that are no numbers", {"name": name})
