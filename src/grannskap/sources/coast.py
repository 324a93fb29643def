"""Sweden's coast, of OpenStreetMap or GSHHG, from the package roaring-landmask."""

from __future__ import annotations

import contextlib
import os
import tempfile
from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import shapely

from grannskap.errors import DataError, ProjectError

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["CREDITS", "Coast", "installed", "read"]

Coast = Literal["osm", "gshhg"]
Geometries = npt.NDArray[np.object_]

CREDITS: dict[str, str] = {"osm": "© OpenStreetMap (ODbL)", "gshhg": "GSHHG (LGPL)"}
"""Whose coast it is, as a source line names it."""

_PACKAGE = "roaring_landmask"
_AROUND_SWEDEN = (9.5, 54.5, 25.5, 69.8)
_FORM = 1
"""Number of the form of what is kept: another one is made anew."""


def installed() -> bool:
    """Tell whether the extra ``grannskap[sea]`` is there, without reading it."""
    return util.find_spec(_PACKAGE) is not None


def read(name: Coast, bounds: tuple[float, float, float, float]) -> gpd.GeoSeries:
    """Land in and about the bounds, as polygons in EPSG:3006 that do not overlap.

    The world's coast is read once and Sweden's part of it kept in the user's cache, by version;
    a cache that cannot be written or read costs time alone.

    Parameters
    ----------
    name : {"osm", "gshhg"}
        OpenStreetMap's coast, finer, or GSHHG's.
    bounds : tuple of float
        West, south, east and north in EPSG:3006: the land ends there.

    Returns
    -------
    geopandas.GeoSeries
        The same for the same package and bounds, cached or not.

    Raises
    ------
    ProjectError
        When the extra is not installed.
    DataError
        When there is no land within the bounds.
    """
    import geopandas as gpd

    if not installed():
        raise ProjectError("coast not installed", {"name": name})
    parts = _kept(name)
    frame = shapely.box(*bounds)
    near = parts[shapely.intersects(shapely.box(*shapely.bounds(parts).T), frame)]
    inside = shapely.contains_properly(frame, near)
    near[~inside] = shapely.intersection(near[~inside], frame)
    land = near[~shapely.is_empty(near) & (shapely.get_dimensions(near) == 2)]
    if len(land) == 0:
        raise DataError("no land about")
    return gpd.GeoSeries(land, crs="EPSG:3006")


def _kept(name: Coast) -> Geometries:
    """Sweden's coast from the cache, or from the package and then into the cache."""
    path = _cache(name)
    with contextlib.suppress(Exception):  # unreadable for whatever reason: made anew
        return _unpacked(path.read_bytes())
    made = _made(name)
    _keep(path, _packed(made))
    return _unpacked(_packed(made))


def _cache(name: Coast) -> Path:
    import platformdirs

    version = metadata.version("roaring-landmask")
    folder = Path(platformdirs.user_cache_dir("grannskap", appauthor=False))
    return folder / f"coast-{name}-{version}-{_FORM}.wkb"


def _keep(path: Path, content: bytes) -> None:
    """Write the cache whole or not at all; where that cannot be, do without."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(content)
        os.replace(file.name, path)  # noqa: PTH105 - the same call on every platform


def _packed(parts: Geometries) -> bytes:
    collection = shapely.multipolygons(parts)
    return bytes(shapely.to_wkb(collection))


def _unpacked(content: bytes) -> Geometries:
    return np.asarray(shapely.get_parts(shapely.from_wkb(content)), dtype=object)


def _made(name: Coast) -> Geometries:
    """Sweden's part of the world's coast, in metres."""
    import geopandas as gpd
    from roaring_landmask import LandmaskProvider, Shapes

    provider = LandmaskProvider.Osm if name == "osm" else LandmaskProvider.Gshhg
    world = shapely.get_parts(shapely.from_wkb(bytes(Shapes.wkb(provider))))
    frame = shapely.box(*_AROUND_SWEDEN)
    west, south, east, north = shapely.bounds(world).T
    here = (east >= _AROUND_SWEDEN[0]) & (west <= _AROUND_SWEDEN[2])
    here &= (north >= _AROUND_SWEDEN[1]) & (south <= _AROUND_SWEDEN[3])
    near = world[here]
    outer = ~shapely.contains_properly(frame, near)
    near[outer] = shapely.intersection(shapely.make_valid(near[outer]), frame)
    placed = gpd.GeoSeries(near, crs="EPSG:4326").to_crs("EPSG:3006").to_numpy()
    valid = shapely.make_valid(np.asarray(placed, dtype=object))
    parts = shapely.get_parts(shapely.get_parts(valid))
    parts = parts[(shapely.get_dimensions(parts) == 2) & ~shapely.is_empty(parts)]
    return np.asarray(shapely.normalize(shapely.set_precision(parts, 0.0)), dtype=object)
