"""Open a file of polygons by what it holds, not by what it is called."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from grannskap.errors import InputFileError
from grannskap.language import Text
from grannskap.sources import guard
from grannskap.sources.boundaries import (
    archive,
    flatgeobuf,
    geojson,
    geopackage,
    geoparquet,
    shapefile,
)
from grannskap.sources.boundaries.limits import (
    MOST_BYTES,
    MOST_ROWS,
    MOST_TEXT_BYTES,
    check_columns,
)
from grannskap.wording import in_both

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Layer", "only_layer", "opened"]

_HEAD = 4096
_SMALL = 1 << 16
_GDAL = {
    "FlatGeobuf": ("FlatGeobuf", {".fgb": MOST_TEXT_BYTES}),
    "Shapefile": (
        "ESRI Shapefile",
        {
            ".shp": MOST_TEXT_BYTES,
            ".shx": MOST_TEXT_BYTES,
            ".dbf": MOST_TEXT_BYTES,
            ".prj": _SMALL,
            ".cpg": _SMALL,
        },
    ),
}
# Drivers that obey orders found in a file's text; GDAL looks for them in any file's head.
_ORDERS = (b"<OGRVRTDataSource", b"gdal_streamed_alg")


@dataclass(frozen=True)
class Layer:
    """One layer of a file: its columns are known before its rows are read.

    Attributes
    ----------
    name : str
        The layer's name in the file, or the file's stem.
    columns : tuple of str
        Attribute columns, geometry not counted.
    load : callable
        Takes the columns to keep; returns a GeoDataFrame with them and the geometry.
    crs_assumed : bool
        True for GeoJSON that states no coordinate system (WGS 84 by its standard).
    """

    name: str
    columns: tuple[str, ...]
    load: Callable[[Sequence[str]], gpd.GeoDataFrame]
    crs_assumed: bool = False


@contextmanager
def opened(path: str | Path) -> Iterator[list[Layer]]:
    """Open a file of geometries and give its layers; archives are unpacked meanwhile.

    Parameters
    ----------
    path : str or Path
        The file.

    Yields
    ------
    list of Layer
        Every layer that holds geometries.

    Raises
    ------
    InputFileError
        When the file is missing, of a form that is not read, damaged or unsafe.
    """
    file = Path(path)
    form = _form(file)
    with TemporaryDirectory(prefix="grannskap-") as folder:
        if form == "zip":
            file = archive.unpack(file, Path(folder))
            form = _form(file)
        yield _layers(file, form, Path(folder))


def only_layer(layers: list[Layer], layer: str | None, file: Path) -> Layer:
    """Return the layer of this name, or the only one.

    Parameters
    ----------
    layers : list of Layer
        What the file holds.
    layer : str or None
        The caller's choice.
    file : Path
        For the error's text.

    Returns
    -------
    Layer
        The one.

    Raises
    ------
    InputFileError
        When there is none, or several to choose from; the layers are named.
    """
    found = [one for one in layers if layer in (None, one.name)]
    if len(found) == 1:
        return found[0]
    raise InputFileError(
        "which layer",
        {
            "layer": layer,
            "name": file.name,
            "layers": [one.name for one in layers],
            "count": len(layers),
        },
    )


def _form(file: Path) -> str:
    head = _head(file)
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(b"PAR1"):
        return "GeoParquet"
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return "GeoJSON"
    orders = [order.decode() for order in _ORDERS if order in head]
    if orders:
        order = {"order": orders[0].strip("<")}
        raise _refused(file, in_both("errors.phrases.file of orders", order))
    if head.startswith(b"SQLite format 3\x00"):
        if head[68:70] != b"GP":  # the application id: GPKG, or GP10 and GP11 of old
            raise _refused(file, in_both("errors.phrases.database that is no GeoPackage"))
        return "GeoPackage"
    if head.startswith(b"fgb\x03fgb"):
        return "FlatGeobuf"
    if head.startswith(b"\x00\x00\x27\x0a"):
        return "Shapefile"
    key = "errors.phrases.something else" if head else "errors.phrases.an empty file"
    raise _refused(file, in_both(key))


def _head(file: Path) -> bytes:
    with guard.opened(file, most=MOST_BYTES) as stream:
        return stream.read(_HEAD)


def _refused(file: Path, came: Text) -> InputFileError:
    return InputFileError("form of polygons not read", {"name": file.name, "what": came})


def _layers(file: Path, form: str, folder: Path) -> list[Layer]:
    if form == "GeoPackage":
        return [_table_layer(file, table) for table in geopackage.tables(file)]
    if form in _GDAL:
        return [_gdal_layer(_copied(file, form, folder), form, stem=file.stem)]
    if form == "GeoParquet":
        names = geoparquet.columns(file)
        return [Layer(file.stem, names, lambda columns: geoparquet.read(file, columns))]
    if form == "GeoJSON":
        document = geojson.parse(file)
        return [Layer(file.stem, document.columns, document.frame, document.crs_assumed)]
    raise _refused(file, in_both("errors.phrases.archive in archive"))


def _table_layer(file: Path, table: geopackage.FeatureTable) -> Layer:
    return Layer(table.name, table.columns, lambda names: geopackage.read(file, table, names))


def _copied(file: Path, form: str, folder: Path) -> Path:
    """Copy a file's parts, and nothing else that lies beside it, under a name that says nothing.

    GDAL takes orders from names, and opens whatever has the same name with other endings.
    """
    _, parts = _GDAL[form]
    main = folder / f"plain{next(iter(parts))}"
    for suffix, most in parts.items():
        endings = [file] if suffix == main.suffix else _endings(file, suffix)
        for part in [one for one in endings if one == file or one.exists()][:1]:
            copy = main.with_suffix(suffix)
            with guard.opened(part, most=most) as source, copy.open("wb") as target:
                shutil.copyfileobj(source, target)
    return main


def _endings(file: Path, suffix: str) -> list[Path]:
    return [file.with_suffix(suffix), file.with_suffix(suffix.upper())]


def _gdal_layer(file: Path, form: str, *, stem: str) -> Layer:
    import pyogrio

    if form == "Shapefile":
        shapefile.check(file)
    else:
        flatgeobuf.check(file)
    driver, _ = _GDAL[form]
    info = pyogrio.read_info(file, layer=0)
    if info["driver"] != driver:
        other = {"driver": info["driver"]}
        raise _refused(file, in_both("errors.phrases.file for a driver", other))
    columns = check_columns(file.name, [str(field) for field in info["fields"]])

    def load(wanted: Sequence[str]) -> gpd.GeoDataFrame:
        return pyogrio.read_dataframe(
            file, layer=0, columns=list(wanted), max_features=MOST_ROWS + 1
        )

    name = str(info["layer_name"])
    return Layer(stem if name == file.stem else name, columns, load)
