"""Read and join what a project names, and say what was found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from grannskap import deso, notes
from grannskap.areas import join, select, with_shares
from grannskap.errors import CodeError, DataError, few
from grannskap.language import Text, counted
from grannskap.notes import Note
from grannskap.project import NeighbourhoodPlace, Project
from grannskap.sources import boundaries as boundaries_source
from grannskap.sources import register as register_source

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

__all__ = ["Gathered", "Place", "gather", "ignore_stage"]

OnStage = Callable[[str], None]

READING = Text("Läser gränser", "Reading boundaries")
COUNTING = Text("Läser register", "Reading the register")
JOINING = Text("Fogar ihop", "Joining")


@dataclass(frozen=True)
class Place:
    """A named neighbourhood and the areas that make it up.

    Attributes
    ----------
    name : str
        As in the project file.
    codes : tuple of str
        DeSO codes, sorted.
    geometry : shapely geometry
        The polygon that named it, or the union of its areas; EPSG:3006.
    """

    name: str
    codes: tuple[str, ...]
    geometry: BaseGeometry


@dataclass(frozen=True)
class Gathered:
    """What a project's files hold, joined, before anything is measured.

    Attributes
    ----------
    project : Project
        The project.
    year : int
        The year that is shown; 0 when the register states none.
    register : pandas.DataFrame
        Every count, by deso, year and group.
    areas : geopandas.GeoDataFrame
        Every area of the boundaries with its counts and shares in `year`; the column
        ``in_view`` tells what is shown and ``complete`` whether the whole municipality is here.
    places : tuple of Place
        The named neighbourhoods.
    overlays : tuple of geopandas.GeoDataFrame
        One per overlay of the project, in its order.
    place_names : geopandas.GeoDataFrame or None
        Names of places to write on the maps, where the project names a file of them.
    division : int or None
        The DeSO division, where files or project tell it.
    notes : tuple of Note
        What was dropped, repaired or approximated on the way.
    """

    project: Project
    year: int
    register: pd.DataFrame
    areas: gpd.GeoDataFrame
    places: tuple[Place, ...]
    overlays: tuple[gpd.GeoDataFrame, ...]
    place_names: gpd.GeoDataFrame | None
    division: int | None
    notes: tuple[Note, ...]


def ignore_stage(_name: str) -> None:
    """Take the name of a stage and do nothing: nobody watches."""


def gather(project: Project, *, on_stage: OnStage = ignore_stage) -> Gathered:
    """Read and join every file that a project names.

    Parameters
    ----------
    project : Project
        As `grannskap.project.read` returns it.
    on_stage : callable, optional
        Told the name of each stage as it begins.

    Returns
    -------
    Gathered
        Joined, not yet measured.

    Raises
    ------
    GrannskapError
        When a file, a code, a count or the join is not as it should be.
    """
    on_stage(READING(project.language))
    polygons = _read_boundaries(project)
    on_stage(COUNTING(project.language))
    register = _read_register(project)
    on_stage(JOINING(project.language))
    year = _year_shown(project, register)
    division = deso.same_division([polygons.attrs.get("division"), register.attrs.get("division")])
    joined = join(
        polygons,
        select(register, year=year, group="all"),
        scope=project.join.scope,
        unmatched=project.join.unmatched,
    )
    marked, partial = _mark_scope(with_shares(joined), register, project)
    places = tuple(_place(place, marked, project) for place in project.neighbourhoods)
    return Gathered(
        project=project,
        year=year,
        register=register,
        areas=marked,
        places=places,
        overlays=tuple(_read_overlays(project)),
        place_names=_read_place_names(project),
        division=division,
        notes=(*notes.of(polygons), *notes.of(register), *_new_notes(joined, polygons), *partial),
    )


def _new_notes(joined: pd.DataFrame, polygons: pd.DataFrame) -> tuple[Note, ...]:
    """Notes that the join made itself: it may hand on those of its inputs."""
    known = set(notes.of(polygons))
    return tuple(note for note in notes.of(joined) if note not in known)


def _read_boundaries(project: Project) -> gpd.GeoDataFrame:
    named = project.boundaries
    polygons = boundaries_source.read(
        project.path(named.path),
        layer=named.layer,
        code=named.code,
        division=named.division,
        crs=named.crs,
    )
    if named.names is None:
        return polygons
    names = register_source.read_names(
        project.path(named.names.path),
        name=named.names.name,
        code=named.names.code,
        sheet=named.names.sheet,
    )
    return polygons.assign(regso_name=names.reindex(polygons.index))


def _read_register(project: Project) -> pd.DataFrame:
    frames = [
        register_source.read(
            project.path(named.path),
            columns=named.columns,
            code=named.code,
            year=named.year,
            group=named.group,
            groups=named.groups,
            percent=named.percent,
            division=named.division,
            sheet=named.sheet,
        )
        for named in project.register_
    ]
    return frames[0] if len(frames) == 1 else register_source.combine(frames)


def _read_overlays(project: Project) -> list[gpd.GeoDataFrame]:
    return [
        boundaries_source.read_overlay(
            project.path(named.path), layer=named.layer, name=named.name, crs=named.crs
        )
        for named in project.overlays
    ]


def _codes_named(named: NeighbourhoodPlace, areas: gpd.GeoDataFrame) -> tuple[str, ...]:
    """Return the areas of a neighbourhood, listed by code or by the name of their RegSO."""
    called = areas["regso_name"] if "regso_name" in areas.columns else pd.Series(dtype=object)
    codes: set[str] = set()
    absent = []
    for entry in named.areas:
        found = {entry} & set(areas.index) or set(called.index[(called == entry).to_numpy()])
        codes |= found
        absent += [] if found else [entry]
    if absent:
        raise CodeError(
            expected=f"areas of {named.name} that are in the boundaries, by code or RegSO name",
            came=few(absent),
            remedy="correct the list of areas in [[neighbourhoods]]; names need names = { … } "
            "in [boundaries]",
        )
    return tuple(sorted(codes))


def _read_place_names(project: Project) -> gpd.GeoDataFrame | None:
    named = project.map.places
    return None if named is None else boundaries_source.read_overlay(project.path(named))


def _year_shown(project: Project, register: pd.DataFrame) -> int:
    years = sorted({int(year) for year in register.index.get_level_values("year")})
    for asked in (project.year, project.compare):
        if asked is not None and asked not in years:
            raise DataError(
                expected=f"the year {asked} in the register",
                came=f"the years {few(years)}",
                remedy="correct year or compare in the project file",
            )
    return project.year if project.year is not None else years[-1]


def _mark_scope(
    areas: gpd.GeoDataFrame, register: pd.DataFrame, project: Project
) -> tuple[gpd.GeoDataFrame, tuple[Note, ...]]:
    """Mark what is shown, and municipalities of which the boundaries hold only a part."""
    codes = register.index.get_level_values("deso").unique()
    absent = codes.difference(areas.index)
    partial = sorted(set(absent.str[:4]) & set(areas["municipality"]))
    marked = areas.assign(
        in_view=deso.in_scope(areas.index, project.view),
        complete=~areas["municipality"].isin(partial).to_numpy(),
    )
    if marked["in_view"].sum() < 3:
        raise DataError(
            expected="at least 3 areas to show",
            came=f"{int(marked['in_view'].sum())} in view = {project.view!r}",
            remedy="choose a larger view",
        )
    return marked, _note_partial(partial)


def _note_partial(partial: list[str]) -> tuple[Note, ...]:
    if not partial:
        return ()
    text = Text(
        f"{counted(len(partial), 'municipality').sv} "
        f"finns bara till en del i kartfilen och får därför inga "
        "kommunmått.",
        f"{len(partial)} municipalities are only partly in the boundaries and get no "
        "municipal measures.",
    )
    return (Note("partial municipalities", text, tuple(partial)),)


def _place(named: NeighbourhoodPlace, areas: gpd.GeoDataFrame, project: Project) -> Place:
    if named.path is None:
        codes = _codes_named(named, areas)
        return Place(named.name, codes, areas.geometry.loc[list(codes)].union_all())
    outline = boundaries_source.read_overlay(project.path(named.path)).geometry.union_all()
    middle = areas.geometry.representative_point()
    inside = areas.index[middle.within(outline).to_numpy()]
    if not len(inside):
        raise DataError(
            expected=f"areas whose middle lies in the polygon of {named.name}",
            came="none",
            remedy="check the polygon, or list the areas by code",
        )
    return Place(named.name, tuple(inside), outline)
