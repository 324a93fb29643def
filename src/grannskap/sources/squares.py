"""Population squares: how many people live in each square of a grid."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.errors import ColumnError, DataError, few
from grannskap.sources import guard
from grannskap.sources.boundaries import repair
from grannskap.sources.boundaries.formats import only_layer, opened
from grannskap.sources.register import delimited
from grannskap.sources.register.limits import MOST_BYTES

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["read"]

_PEOPLE = re.compile(
    r"(?:befolkning|beftotalt|people|population|pop|personer|invånare|invanare|totalt?|antal)"
    r"(?:_?(?P<year>(?:19|20)\d\d))?",
    re.IGNORECASE,
)
_CORNERS = ("rutid", "rutid_scb", "ruta", "rut_id")
_MIDDLES = (("e", "n"), ("x", "y"), ("easting", "northing"), ("x_koord", "y_koord"))
_SIDES = (1000, 500, 250, 100)
"""Metres: the grids that SCB uses, the coarsest first."""

_GEOMETRIES = (b"SQLite format 3\x00", b"fgb", b"PK\x03\x04", b"PAR1", b"\x00\x00\x27\x0a")


def read(
    path: str | Path, *, people: str | None = None, side: float | None = None
) -> gpd.GeoDataFrame:
    r"""People by square, as polygons in EPSG:3006.

    Parameters
    ----------
    path : str or Path
        A file of square polygons (GeoPackage, …), such as ``stat:befolkning_1km_2025``; or a CSV
        with SCB's ``rutid`` (the lower left corner) or the middles as ``e`` and ``n``.
    people : str, optional
        The column of people; found by itself where it has a name such as ``befolkning_2025``.
    side : float, optional
        Metres, for a CSV; otherwise the coarsest of SCB's grids (1000, 500, 250 and 100 m) that
        all squares lie on.

    Returns
    -------
    GeoDataFrame
        ``people`` and ``geometry``; ``attrs["year"]`` where the name of the column, the layer or
        the file ends in it. What is not in the file is a square without people.

    Raises
    ------
    InputFileError, ColumnError, DataError
        When it holds no squares, or numbers of people that are none.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "squares.csv"
    >>> _ = path.write_text("rutid;befolkning_2025\n3520006860000;3\n3520006862000;14\n")
    >>> squares = read(path)
    >>> squares["people"].tolist(), squares.total_bounds.tolist(), squares.attrs["year"]
    ([3.0, 14.0], [352000.0, 6860000.0, 353000.0, 6863000.0], 2025)
    """
    file = Path(path)
    with guard.reading(file, form="population squares"):
        with guard.opened(file, most=MOST_BYTES * 8) as stream:
            start = stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
        drawn = start.startswith((*_GEOMETRIES, b"{"))
        frame = _of_shapes(file, people) if drawn else _of_text(file, people, side)
        held = frame["people"].to_numpy(dtype=float)
        if not (held >= 0).all() or not np.isfinite(held).all():
            raise DataError("people of squares", {"file": file.name})
        if frame.geometry.duplicated().any():
            raise DataError("squares that repeat", {"file": file.name})
    return frame


def _column(columns: list[str], people: str | None) -> tuple[str, int | None]:
    """Return the column of people, and the year that its name tells."""
    wanted = [name for name in columns if name == people] if people is not None else columns
    found = [(name, match) for name in wanted if (match := _PEOPLE.fullmatch(name))]
    if people is not None and wanted:
        year = re.search(r"(?:19|20)\d\d", people)
        return people, None if year is None else int(year[0])
    if not found:
        raise ColumnError("no people in squares", {"columns": few(columns, most=20)})
    name, match = found[0]
    return name, None if match["year"] is None else int(match["year"])


def _of_shapes(path: Path, people: str | None) -> gpd.GeoDataFrame:
    with opened(path) as layers:
        chosen = only_layer(layers, None, path)
        column, year = _column(list(chosen.columns), people)
        year = year or _year_in(chosen.name) or _year_in(path.stem)
        raw = chosen.load([column])
    placed, _ = repair.to_sweref(raw, crs=None, assumed=chosen.crs_assumed, kind="shapes")
    if not placed.geom_type.isin(["Polygon", "MultiPolygon"]).all():
        raise DataError("squares that are none", {"file": path.name})
    return _frame(pd.to_numeric(placed[column], errors="coerce"), placed.geometry.to_numpy(), year)


def _of_text(path: Path, people: str | None, side: float | None) -> gpd.GeoDataFrame:
    raw = delimited.decode(guard.content(path, most=MOST_BYTES), name=path.name)
    text = raw.decode("utf-8").lstrip("\ufeff")
    first = text.split("\n", 1)[0]
    mark = max(";,\t", key=first.count)
    table = pd.read_csv(io.StringIO(text), sep=mark, dtype=str)
    column, year = _column(list(map(str, table.columns)), people)
    corners, length = _corners(table, side, path.name)
    import shapely

    boxes = shapely.box(*corners.T, *(corners + length).T)
    people_in = pd.to_numeric(table[column], errors="coerce")
    return _frame(people_in, boxes, year or _year_in(path.stem))


def _year_in(name: str) -> int | None:
    """Return the year that a name ends in, as ``befolkning_1km_2025`` does."""
    found = re.search(r"(?<!\d)((?:19|20)\d\d)$", name)
    return None if found is None else int(found[1])


def _frame(people: pd.Series[Any], shapes: Any, year: int | None) -> gpd.GeoDataFrame:  # noqa: ANN401
    import geopandas as gpd

    data = {"people": people.to_numpy(dtype=float)}
    frame = gpd.GeoDataFrame(data, geometry=shapes, crs=repair.CRS)
    frame.attrs = {"year": year}
    return frame


def _corners(
    table: pd.DataFrame, side: float | None, name: str
) -> tuple[npt.NDArray[np.float64], float]:
    """Return the lower left corners, and the side of the squares."""
    plain = {str(column).casefold(): str(column) for column in table.columns}
    column = next((plain[one] for one in _CORNERS if one in plain), None)
    if column is not None and table[column].str.fullmatch(r"\d{13}").all():
        texts = table[column]
        corners = np.column_stack([texts.str[:6].astype(float), texts.str[6:].astype(float)])
        return corners, side or _side(corners, name)
    pair = next((one for one in _MIDDLES if set(one) <= set(plain)), None)
    if pair is None:
        raise ColumnError("no places of squares", {"columns": few(table.columns, most=20)})
    numbers = (pd.to_numeric(table[plain[one]], errors="coerce") for one in pair)
    middles = np.round(np.column_stack(list(numbers)), 1)
    for length in (side,) if side else _SIDES:
        corners = np.round(middles - length / 2)
        if side or not (corners % length).any():
            return corners, float(length)
    raise DataError("squares off every grid", {"file": name})


def _side(corners: npt.NDArray[np.float64], name: str) -> float:
    for length in _SIDES:
        if not (corners % length).any():
            return float(length)
    raise DataError("squares off every grid", {"file": name})
