"""The GeoPackage: every area with every measure and its styles, the same bytes every time."""

from __future__ import annotations

import contextlib
import sqlite3
import textwrap
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from grannskap.letters import well_formed
from grannskap.maps.style import Style
from grannskap.outputs.ownership import settled
from grannskap.outputs.qgis import inert, qml

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Lines", "write"]

# GDAL stamps the time of writing into the file; a fixed one keeps reruns identical.
_TIME = "2000-01-01T00:00:00.000Z"
_LAYER, _ON_LAND, _BORDERS = "areas", "areas_on_land", "borders"
_HEADER = 100  # bytes
_NAME_LENGTH = 30

_STYLES_TABLE = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
    f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
    styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
    owner TEXT(30), ui TEXT(30), update_time DATETIME)
"""


@dataclass(frozen=True)
class Lines:
    """A layer of lines and how QGIS draws it.

    Attributes
    ----------
    frame : geopandas.GeoDataFrame
        Lines with their columns.
    title : str
        What the style is called.
    qml : str
        The style.
    """

    frame: gpd.GeoDataFrame
    title: str
    qml: str


def write(
    path: Path,
    areas: gpd.GeoDataFrame,
    styles: Mapping[str, Style],
    *,
    aliases: Mapping[str, str] | None = None,
    drawn: gpd.GeoSeries | None = None,
    borders: Lines | None = None,
) -> None:
    """Write areas as the layer ``areas`` of a GeoPackage, with a QGIS style per map.

    Parameters
    ----------
    path : pathlib.Path
        Where to; must not exist.
    areas : geopandas.GeoDataFrame
        Index ``deso``, EPSG:3006. Categories become text, and what may be
        neither true nor false 1, 0 or nothing.
    styles : mapping
        Column name to its style; the first is the one that QGIS opens with.
    aliases : mapping, optional
        What QGIS's attribute table calls each column; the columns keep their names.
    drawn : geopandas.GeoSeries, optional
        The areas without their water: a second layer, ``areas_on_land``, with the same columns
        and styles, to be shown where the first would colour the sea.
    borders : Lines, optional
        Lines between areas: one more layer, ``borders``, with a style of its own.
    """
    flat = _flat(areas.reset_index())
    layers = {_LAYER: flat}
    if drawn is not None:
        layers[_ON_LAND] = flat.assign(geometry=drawn.to_numpy())
    with _gdal_option("OGR_CURRENT_DATE", _TIME):
        for name, frame in layers.items():
            _add_layer(path, name, frame, "MultiPolygon")
        if borders is not None:
            _add_layer(path, _BORDERS, _flat(borders.frame), "MultiLineString")
    columns = list(flat.columns)
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        _add_styles(database, layers, styles, columns=columns, aliases=aliases or {})
        if borders is not None:
            _insert(database, [(_BORDERS, inert(borders.title), borders.qml, True, borders.title)])
    with path.open("r+b") as file:
        header = settled(file.read(_HEADER))
        file.seek(0)
        file.write(header)


def _flat(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a frame of numbers and texts: categories as text, and what is true as 1 and 0."""
    flat = frame.copy(deep=False)
    for name in flat.columns.drop("geometry"):
        if isinstance(flat[name].dtype, pd.CategoricalDtype):
            flat[name] = flat[name].astype(object)
        if isinstance(flat[name].dtype, pd.BooleanDtype):
            flat[name] = flat[name].astype("Float64").astype(float)
        if not pd.api.types.is_numeric_dtype(flat[name].dtype):
            flat[name] = flat[name].map(_written).astype(object)
    return flat


def _add_layer(path: Path, name: str, frame: gpd.GeoDataFrame, kind: str) -> None:
    import pyogrio

    pyogrio.write_dataframe(
        frame,
        path,
        layer=name,
        driver="GPKG",
        geometry_type=kind,
        promote_to_multi=True,
        append=name != _LAYER,
    )


def _written(value: object) -> object:
    return well_formed(value) if isinstance(value, str) else value


@contextlib.contextmanager
def _gdal_option(name: str, value: str) -> Iterator[None]:
    import pyogrio

    before = pyogrio.get_gdal_config_option(name)
    pyogrio.set_gdal_config_options({name: value})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({name: before})


def _add_styles(
    database: sqlite3.Connection,
    layers: Collection[str],
    styles: Mapping[str, Style],
    *,
    columns: Collection[str],
    aliases: Mapping[str, str],
) -> None:
    """Add the table that QGIS reads its layer styles from."""
    database.execute(_STYLES_TABLE)
    texts = [
        qml(style, column, columns=columns, aliases=aliases) for column, style in styles.items()
    ]
    _insert(
        database,
        [
            (layer, name, text, number == 0, style.title)
            for layer in layers
            for number, (name, style, text) in enumerate(
                zip(_short_names(styles), styles.values(), texts, strict=True)
            )
        ],
    )
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change) "
        "VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?)",
        (_TIME,),
    )


def _insert(database: sqlite3.Connection, rows: Iterable[tuple[str, str, str, bool, str]]) -> None:
    """Insert styles: layer, name, QML, whether it is the one to open with, and description."""
    database.executemany(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
        "f_geometry_column, styleName, styleQML, useAsDefault, description, update_time) "
        "VALUES ('', '', ?, 'geom', ?, ?, ?, ?, ?)",
        [
            (layer, _cut(name), text, first, inert(title), _TIME)
            for layer, name, text, first, title in rows
        ],
    )


def _cut(name: str) -> str:
    """Return a name cut at a word, as the table holds 30 letters."""
    return textwrap.shorten(inert(name), _NAME_LENGTH, placeholder=" …")


def _short_names(styles: Mapping[str, Style]) -> list[str]:
    """Titles cut at a word, as the table holds 30 letters, and no two alike."""
    names: list[str] = []
    for style in styles.values():
        name = _cut(style.title) or style.name
        names.append(name if name not in names else f"{len(names) + 1}. {name}"[:_NAME_LENGTH])
    return names
