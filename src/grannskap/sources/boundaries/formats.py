"""Open a file of polygons by what it holds, not by what it is called."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from grannskap.errors import InputFileError, few
from grannskap.language import Text
from grannskap.notes import Note, with_notes
from grannskap.sources.boundaries import archive, geojson

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Layer", "only_layer", "opened"]

_FORMATS = "GeoPackage, GeoJSON, Shapefile (also zipped), FlatGeobuf or GeoParquet"

_HEAD = 4096
_GDAL = {
    "GeoPackage": ("GPKG", (".gpkg",)),
    "FlatGeobuf": ("FlatGeobuf", (".fgb",)),
    "Shapefile": ("ESRI Shapefile", (".shp", ".shx", ".dbf", ".prj", ".cpg")),
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
        if form in _GDAL:
            yield _gdal_layers(_plain(file, form, Path(folder)), form)
        else:
            yield [_other_layer(file, form)]


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
        expected=f"one layer in {file.name}" if layer is None else f"a layer {layer!r}",
        came=f"the layers {few([one.name for one in layers], most=30) or 'none'}",
        remedy="name the right one with layer=",
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
        raise _refused(file, f"a file of orders to other files ({orders[0].strip('<')})")
    if head.startswith(b"SQLite format 3\x00"):
        if head[68:70] != b"GP":  # the application id: GPKG, or GP10 and GP11 of old
            raise _refused(file, "an SQLite database that is no GeoPackage")
        return "GeoPackage"
    if head.startswith(b"fgb\x03fgb"):
        return "FlatGeobuf"
    if head.startswith(b"\x00\x00\x27\x0a"):
        return "Shapefile"
    raise _refused(file, "an empty file" if not head else "something else")


def _head(file: Path) -> bytes:
    if file.is_dir():
        raise _refused(file, "a folder")
    try:
        with file.open("rb") as stream:
            return stream.read(_HEAD)
    except FileNotFoundError:
        raise InputFileError(
            expected=f"a file at {file}", came="no such file", remedy="correct the path"
        ) from None
    except OSError as error:
        raise InputFileError(
            expected=f"a readable file at {file}",
            came=error.strerror or "an error",
            remedy="check its permissions",
        ) from None


def _refused(file: Path, came: str) -> InputFileError:
    return InputFileError(
        expected=f"{_FORMATS} in {file.name}",
        came=came,
        remedy="save the polygons in one of these forms, GeoPackage at best",
    )


def _plain(file: Path, form: str, folder: Path) -> Path:
    """Return the file, or a copy where its name would mean more to GDAL than a name."""
    _, suffixes = _GDAL[form]
    whole = file.absolute()
    if whole.suffix.lower() == suffixes[0] and not set("!;") & set(str(whole)):
        return whole
    for suffix in suffixes:
        part = whole if suffix == suffixes[0] else whole.with_suffix(suffix)
        if part.is_file():
            shutil.copyfile(part, folder / f"plain{suffix}")
    return folder / f"plain{suffixes[0]}"


def _other_layer(file: Path, form: str) -> Layer:
    if form == "GeoParquet":
        return _parquet_layer(file)
    if form == "GeoJSON":
        document = geojson.parse(file)
        return Layer(file.stem, document.columns, document.frame, document.crs_assumed)
    raise _refused(file, "an archive inside an archive")


def _parquet_layer(file: Path) -> Layer:
    import json

    from pyarrow import ArrowException
    from pyarrow.parquet import read_schema

    try:
        schema = read_schema(file)
        geometry = json.loads((schema.metadata or {})[b"geo"])["primary_column"]
    except KeyError:
        raise _refused(file, "Parquet without geometry") from None
    except (ArrowException, ValueError, TypeError, OSError) as error:
        raise _damaged(file, error) from None

    def load(columns: Sequence[str]) -> gpd.GeoDataFrame:
        import geopandas as gpd

        try:
            frame = gpd.read_parquet(file, columns=[*columns, geometry])
        except (ArrowException, ValueError, TypeError, KeyError, OSError) as error:
            raise _damaged(file, error) from None
        return frame.rename_geometry("geometry") if geometry != "geometry" else frame

    return Layer(file.stem, tuple(name for name in schema.names if name != geometry), load)


def _gdal_layers(file: Path, form: str) -> list[Layer]:
    import pyogrio

    driver, _ = _GDAL[form]
    try:
        first = pyogrio.read_info(file, layer=0)
        if first["driver"] != driver:
            raise _refused(file, f"a file for the driver {first['driver']}")
        names = [str(name) for name, kind in pyogrio.list_layers(file) if kind is not None]
        return [_gdal_layer(file, name) for name in names]
    except (RuntimeError, IndexError) as error:
        raise _damaged(file, error) from None


def _gdal_layer(file: Path, name: str) -> Layer:
    import pyogrio

    def load(columns: Sequence[str]) -> gpd.GeoDataFrame:
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            try:
                frame = pyogrio.read_dataframe(file, layer=name, columns=list(columns))
            except (RuntimeError, ValueError, OSError) as error:
                raise _damaged(file, error) from None
        return with_notes(frame, _notes(heard))

    info = pyogrio.read_info(file, layer=name)
    return Layer(name, tuple(str(field) for field in info["fields"]), load)


def _notes(heard: list[warnings.WarningMessage]) -> tuple[Note, ...]:
    warned = few(dict.fromkeys(" ".join(str(one.message).split()) for one in heard))
    text = Text(f"Filens läsare varnade: {warned}.", f"The file's reader warned: {warned}.")
    return (Note("reader warnings", text),) if warned else ()


def _damaged(file: Path, error: Exception) -> InputFileError:
    return InputFileError(
        expected=f"a whole file in {file.name}",
        came=str(error) or type(error).__name__,
        remedy="fetch or save the file again",
    )
