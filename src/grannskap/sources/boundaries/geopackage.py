"""Read a GeoPackage's tables of features, and run nothing that its writer put into it.

A GeoPackage is a database, whose views, triggers, generated columns and virtual tables are
programs. SQLite opens it here to read only, an authorizer refuses everything but plain columns of
plain tables, and a counter ends what takes too long. GDAL would run them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grannskap.errors import InputFileError
from grannskap.sources import guard
from grannskap.sources.boundaries import wkb
from grannskap.sources.boundaries.limits import (
    MOST_BYTES,
    MOST_LAYERS,
    MOST_ROWS,
    MOST_VERTICES,
    check_columns,
    check_count,
)

if TYPE_CHECKING:
    import geopandas as gpd
    import pyproj

__all__ = ["FeatureTable", "read", "tables"]

_MOST_STEPS = 20_000
_STEPS = 10_000
"""SQLite's steps between two counts: 200 million in all; a country's areas take 100,000."""

_MOST_BLOB = 1 << 28
_MOST_GEOMETRY = 48 * MOST_VERTICES
_MOST_ATTRIBUTES = 1 << 27
_MOST_DEFINITION = 1 << 20
_ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_SIDECARS = ("-wal", "-shm", "-journal")
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_PRAGMA}


@dataclass(frozen=True)
class FeatureTable:
    """A table of features: its name, its columns, and where its shapes are.

    Attributes
    ----------
    name : str
        The layer's name.
    geometry : str
        The column of shapes.
    columns : tuple of str
        The other columns, without the row's number.
    srs : int
        Its coordinate system among those that the file describes.
    """

    name: str
    geometry: str
    columns: tuple[str, ...]
    srs: int


def tables(file: Path) -> list[FeatureTable]:
    """Return the tables of features that a GeoPackage lists; views are none.

    Parameters
    ----------
    file : Path
        A GeoPackage.

    Raises
    ------
    InputFileError
        When it lists too many, or takes too long to tell.
    """
    with _connected(file) as database:
        listed = database.execute(
            "SELECT c.table_name, g.column_name, g.srs_id FROM gpkg_contents AS c "
            "JOIN gpkg_geometry_columns AS g ON c.table_name = g.table_name "
            "WHERE c.data_type = 'features' LIMIT ?",
            (MOST_LAYERS + 1,),
        ).fetchall()
        check_count(file.name, len(listed), MOST_LAYERS, "errors.phrases.layers")
        found = [_table(database, file, str(row[0]), str(row[1]), row[2]) for row in listed]
        return [one for one in found if one is not None]


def read(file: Path, table: FeatureTable, columns: Sequence[str]) -> gpd.GeoDataFrame:
    """Return these columns and the shapes of a table of features, in the table's order."""
    import geopandas as gpd
    import pandas as pd

    with _connected(file) as database:
        rows = list(_rows(database, file, table, columns))
        crs = _crs(database, file, table.srs)
    made = wkb.shapes([_without_header(row[-1], file) for row in rows], name=file.name)
    data = {name: pd.Series([row[at] for row in rows]) for at, name in enumerate(columns)}
    return gpd.GeoDataFrame(data, geometry=made, crs=crs)


@contextmanager
def _connected(file: Path) -> Iterator[sqlite3.Connection]:
    for ending in _SIDECARS:  # what SQLite would open beside the file
        beside = file.with_name(file.name + ending)
        if beside.exists():
            guard.size(beside, most=MOST_BYTES)
    logged = file.with_name(f"{file.name}-wal")
    # Without a log of changes the file is all there is, and SQLite need put nothing beside it.
    still = "" if logged.exists() and logged.stat().st_size else "&immutable=1"
    address = f"{file.absolute().as_uri()}?mode=ro{still}"
    with closing(sqlite3.connect(address, uri=True)) as database:
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BLOB)
        database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        database.execute("PRAGMA trusted_schema = OFF")
        database.execute("PRAGMA cell_size_check = ON")
        database.set_authorizer(_authorize)
        left = iter(range(_MOST_STEPS))
        database.set_progress_handler(lambda: next(left, None) is None, _STEPS)
        yield database


def _authorize(
    action: int, _first: str | None, _second: str | None, _database: str | None, view: str | None
) -> int:
    """Allow plain columns to be read, directly: not for a view, a trigger or a function."""
    return sqlite3.SQLITE_OK if action in _ALLOWED and view is None else sqlite3.SQLITE_DENY


def _table(
    database: sqlite3.Connection, file: Path, name: str, geometry: str, srs: object
) -> FeatureTable | None:
    kinds = database.execute(
        "SELECT type, sql FROM sqlite_master WHERE name = ? LIMIT 1", (name,)
    ).fetchall()
    if not kinds or kinds[0][0] != "table" or not str(kinds[0][1]).upper().startswith("CREATE TAB"):
        return None  # a view or a virtual table: a program, not a table
    if "\0" in name + geometry:
        return None
    described = database.execute(f"PRAGMA table_xinfo({_quoted(name)})").fetchall()
    generated = [str(one[1]) for one in described if one[6]]
    if generated:
        raise InputFileError("computed columns", {"name": file.name, "column": generated[0]})
    plain = [str(one[1]) for one in described if not _is_row_number(one)]
    if geometry not in plain:
        return None
    columns = check_columns(file.name, [one for one in plain if one != geometry])
    return FeatureTable(name, geometry, columns, int(srs) if isinstance(srs, int) else 0)


def _is_row_number(column: Sequence[Any]) -> bool:
    return bool(column[5]) and str(column[2]).upper() == "INTEGER"


def _rows(
    database: sqlite3.Connection, file: Path, table: FeatureTable, columns: Sequence[str]
) -> Iterator[tuple[Any, ...]]:
    wanted = ", ".join(map(_quoted, (*columns, table.geometry)))
    shapes = attributes = 0
    for number, row in enumerate(
        database.execute(f"SELECT {wanted} FROM {_quoted(table.name)} NOT INDEXED")  # noqa: S608
    ):
        check_count(file.name, number + 1, MOST_ROWS, "errors.phrases.rows")
        shapes += len(row[-1]) if isinstance(row[-1], bytes) else 0
        attributes += sum(len(one) for one in row[:-1] if isinstance(one, str | bytes))
        check_count(file.name, shapes, _MOST_GEOMETRY, "errors.phrases.bytes of shapes")
        check_count(
            file.name, attributes, _MOST_ATTRIBUTES, "errors.phrases.bytes of codes and names"
        )
        yield row


def _crs(database: sqlite3.Connection, file: Path, srs: int) -> pyproj.CRS | None:
    import pyproj

    found = database.execute(
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys "
        "WHERE srs_id = ? LIMIT 1",
        (srs,),
    ).fetchone()
    if found is None or srs in (-1, 0):
        return None
    organization, code, definition = found
    if str(organization).upper() == "EPSG" and isinstance(code, int):
        return pyproj.CRS.from_epsg(code)
    check_count(
        file.name,
        len(str(definition)),
        _MOST_DEFINITION,
        "errors.phrases.letters of coordinate system",
    )
    return pyproj.CRS.from_wkt(str(definition))


def _without_header(blob: object, file: Path) -> bytes | None:
    """Return the well-known binary behind a GeoPackage's header, None where there is no shape."""
    if blob is None:
        return None
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) < 8:
        raise InputFileError("no shapes of GeoPackage", {"name": file.name})
    envelope = _ENVELOPES.get((blob[3] >> 1) & 0b111)
    if envelope is None or blob[3] & 0b100000:
        raise InputFileError("extended shapes", {"name": file.name})
    return blob[8 + envelope :]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
