"""Police areas: what the police publish as polygons, cut to a place."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal
from zipfile import BadZipFile, ZipFile

from grannskap.errors import ColumnError, InputFileError
from grannskap.sources import guard
from grannskap.sources.boundaries import repair
from grannskap.sources.boundaries.formats import only_layer, opened
from grannskap.sources.scb.records import Record
from grannskap.sources.scb.store import Store
from grannskap.sources.scb.web import RefusalError, Web

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

__all__ = ["ADDRESSES", "YEARS", "PoliceYear", "fetch", "meeting", "read"]

PoliceYear = Literal[2023, 2025]

_FOLDER = (
    "https://polisen.se/33a4eb398c9ca7879ac47049931a252f/contentassets/"
    "1f86e17354294629b5b66559eef35972"
)

ADDRESSES: Mapping[PoliceYear, str] = MappingProxyType(
    {2023: f"{_FOLDER}/uso_2023_shp.zip", 2025: f"{_FOLDER}/uso_2025_geojson.zip"}
)
"""Where the police's files are; that of 2023 was replaced by that of 2025 and may be gone."""

YEARS: tuple[PoliceYear, ...] = tuple(ADDRESSES)
"""Since 2025 there are two categories, utsatt and särskilt utsatt; in 2023 also riskområde."""

_NAME = ("NAMN", "namn")
_CATEGORY = ("KATEGORI", "kategori")
_LOCALITY = ("ORT", "ort")
_ZIP = ".zip"


def fetch(
    web: Web, store: Store, *, year: PoliceYear, address: str | None = None, offline: bool = False
) -> tuple[gpd.GeoDataFrame, Record]:
    """Fetch the police's areas of a year; parameters as in `read`.

    Raises
    ------
    InputFileError
        When the file is not where it was, or cannot be read.
    """
    url = address or ADDRESSES[year]
    kept = store.find("police", url)
    content = None if kept is None else kept.content()
    if kept is None or content is None:
        if offline:
            raise InputFileError("nothing kept", {"name": url.rsplit("/", 1)[-1]})
        try:
            content = web.ask(url, check=_whole_archive)
        except RefusalError as error:
            values = {"url": url, "status": str(error.status)}
            raise InputFileError("police file moved", values) from None
        now = web.clock.date().isoformat(timespec="seconds")
        kept = store.keep("police", url, content, {"url": url, "fetched": now})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / url.rsplit("/", 1)[-1]
        path.write_bytes(content)
        frame = read(path)
    told = kept.record
    record = Record(
        source="Polisen",
        name=f"utsatta områden {year}",
        label=f"Polisens utsatta områden {year}",
        url=str(told["url"]),
        query={},
        sha256=str(told["sha256"]),
        updated="",
        notes=(),
        fetched=str(told["fetched"]),
    )
    return frame, record


def _whole_archive(content: bytes) -> None:
    import io

    try:
        with ZipFile(io.BytesIO(content)) as archive:
            archive.infolist()
    except BadZipFile as error:
        raise ValueError(str(error)) from None


def read(path: Path) -> gpd.GeoDataFrame:
    """Police areas of a file: GeoJSON or Shapefile, also in a zip archive.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    GeoDataFrame
        ``namn``, ``kategori``, ``ort`` and ``geometry`` in EPSG:3006, without heights.

    Raises
    ------
    InputFileError, ColumnError
        When it is no file of polygons, or has no names and categories.
    """
    import geopandas as gpd
    import shapely

    with guard.reading(path, form="GeoJSON"), opened(path) as layers:
        chosen = only_layer(layers, None, path)
        columns = {
            ours: next((name for name in theirs if name in chosen.columns), None)
            for ours, theirs in (("namn", _NAME), ("kategori", _CATEGORY), ("ort", _LOCALITY))
        }
        if columns["namn"] is None or columns["kategori"] is None:
            values = {"file": path.name, "columns": list(chosen.columns)}
            raise ColumnError("no police areas", values)
        raw = chosen.load([name for name in columns.values() if name is not None])
        placed, _ = repair.to_sweref(raw, crs=None, assumed=chosen.crs_assumed, kind="shapes")
        flat = shapely.force_2d(placed.geometry.to_numpy())
        data = {
            ours: placed[theirs].astype(object).map(str).to_numpy()
            for ours, theirs in columns.items()
            if theirs is not None
        }
        return gpd.GeoDataFrame(data, geometry=flat, crs=repair.CRS)


def meeting(areas: gpd.GeoDataFrame, ground: BaseGeometry) -> gpd.GeoDataFrame:
    """Return the areas that share ground with a place: they carry no municipality code."""
    import shapely

    shapely.prepare(ground)
    shared = shapely.area(shapely.intersection(areas.geometry.to_numpy(), ground))
    return areas[shared > 0].reset_index(drop=True)
