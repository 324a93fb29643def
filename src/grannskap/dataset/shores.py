"""Which land a project's neighbours and drawings know, read once for both."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, cast

from grannskap.dataset.model import Source
from grannskap.notes import Note
from grannskap.sources import boundaries as boundaries_source
from grannskap.sources import coast

if TYPE_CHECKING:
    import geopandas as gpd

    from grannskap.project import Project

__all__ = ["Shores", "of_name", "read"]

_NONE = "none"


@dataclass(frozen=True, eq=False)
class Shores:
    """Land for neighbours and for drawing, where it came from, what is lacking, what is framed."""

    land: gpd.GeoSeries | None
    shore: gpd.GeoSeries | None
    sources: tuple[Source, ...]
    notes: tuple[Note, ...] = ()
    framed: gpd.GeoSeries | None = None


def read(project: Project, areas: gpd.GeoDataFrame) -> Shores:
    """Read the land that a project names; else the coast, where areas reach into the sea.

    Parameters
    ----------
    project : Project
        ``land`` of its neighbours tells who is next to whom, ``land`` of its map what is drawn:
        a file, ``"osm"`` or ``"gshhg"``. Where one of them is not said, drawings use the other's.
    areas : GeoDataFrame
        The polygons, EPSG:3006.

    Returns
    -------
    Shores
        Where no land is named, areas reach into the sea and the extra is not installed: with a
        note that says what it would bring.
    """
    linked, drawn = project.autocorrelation.neighbours.land, project.map.land
    notes: tuple[Note, ...] = ()
    framed = None
    if drawn is None and linked in (None, _NONE) and boundaries_source.reach_sea(areas):
        drawn = "osm" if coast.installed() else None
        if not coast.installed():
            notes = (_NOT_INSTALLED,)
            framed = boundaries_source.within_outlines(areas)
    drawn = linked if drawn is None else drawn
    found = {
        name: _named(project, name, areas)
        for name in dict.fromkeys((linked, drawn))
        if name is not None and name != _NONE
    }
    land, shore = (found[name][0] if name in found else None for name in (linked, drawn))
    return Shores(land, shore, tuple(source for _, source in found.values()), notes, framed)


def _named(project: Project, name: str, areas: gpd.GeoDataFrame) -> tuple[gpd.GeoSeries, Source]:
    if name in coast.CREDITS:
        return of_name(name, areas)
    path = project.path(name)
    land = boundaries_source.read_overlay(path)
    checksum = hashlib.sha256(path.read_bytes()).hexdigest()
    return land.geometry, Source("land", name, checksum, "", len(land), None)


def of_name(name: str, areas: gpd.GeoDataFrame) -> tuple[gpd.GeoSeries, Source]:
    """Return the coast of that name in and about areas, and whose it is."""
    west, south, east, north = areas.total_bounds
    about = max(east - west, north - south) / 2
    frame = (west - about, south - about, east + about, north + about)
    land = coast.read(cast("coast.Coast", name), frame)
    told = {"coast": name, "roaring-landmask": metadata.version("roaring-landmask")}
    return land, Source("land", None, None, coast.CREDITS[name], len(land), None, (), told)


_NOT_INSTALLED = Note("coast not installed")
