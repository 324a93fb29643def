"""Make a dataset from the files that a project names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from grannskap import deso
from grannskap.catalogue import status_column
from grannskap.dataset import origins, regso, rows, scopes
from grannskap.dataset import shores as shores_of
from grannskap.dataset.crossing import Crossed, Ways, by_division, check_told, cross
from grannskap.dataset.model import Dataset, Source
from grannskap.dataset.neighbourhoods import Named
from grannskap.dataset.parts import assemble
from grannskap.dataset.years import Years, years_of
from grannskap.errors import CodeError, DataError, GrannskapError
from grannskap.language import Text
from grannskap.sources import boundaries as boundaries_source
from grannskap.sources import changes as changes_source
from grannskap.sources import guard
from grannskap.sources import register as register_source
from grannskap.sources import squares as squares_source
from grannskap.wording import in_both, say

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from grannskap.deso import Division, Level
    from grannskap.notes import Note
    from grannskap.project import NeighbourhoodPlace, Project, RegisterFile

__all__ = ["STAGES", "read", "read_overlays", "read_place_names"]

_READING = in_both("program.stage.boundaries")
_COUNTING = in_both("program.stage.register")
_JOINING = in_both("program.stage.joining")

STAGES = (_READING, _COUNTING, _JOINING)
"""The stages of `read`, in order, as its callers see them go by."""


def ignore_stage(_stage: Text) -> None:
    """Take the name of a stage and do nothing: nobody watches."""


def read(project: Project, *, on_stage: Callable[[Text], None] = ignore_stage) -> Dataset:
    """Read every file of areas and counts that a project names, once, and join them.

    Parameters
    ----------
    project : Project
        As `grannskap.project.read` returns it.
    on_stage : callable, optional
        Given each of `STAGES` as it begins.

    Returns
    -------
    Dataset
        Nothing is measured yet.

    Raises
    ------
    GrannskapError
        When a file, a code, a count or the join is not as it should be.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from grannskap import datasets, project
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = datasets.write_inputs(pathlib.Path(folder))
    ...     town = read(project.read(file))
    >>> town.years, town.groups
    ((2012, 2017), ('all', 'public_housing'))
    """
    on_stage(_READING)
    polygons, from_boundaries = _read_boundaries(project)
    project = scopes.by_code(project, polygons)
    on_stage(_COUNTING)
    frames, direct, from_register, left = _read_registers(project)
    named, from_neighbourhoods = _read_neighbourhoods(project)
    from_services, changed = origins.read(project)
    on_stage(_JOINING)
    register, crossed, from_division = _together(project, polygons, frames)
    if project.level == "regso":
        polygons, crossed = _lifted(project, polygons, register, direct, crossed)
        register = crossed.register
    assert register is not None, "a project without a register"
    shores = shores_of.read(project, polygons)
    found = assemble(
        polygons,
        register,
        year=_year_shown(project, register),
        scope=project.join.scope,
        unmatched=project.join.unmatched,
        hidden=_hidden(project),
        amounts=_amounts(project),
        crossed=crossed,
        named=named,
        land=shores.land,
        shore=shores.shore,
        provenance=(
            *(*from_boundaries, *from_register, *from_division),
            *(*from_neighbourhoods, *from_services),
        ),
    )
    used = shores.sources if shores.land is not None or found.shore is not None else ()
    return replace(
        found,
        provenance=(*found.provenance, *used),
        notes=tuple(dict.fromkeys((*found.notes, *left, *changed, *shores.notes))),
        framed=shores.framed,
        level=project.level,
    )


def read_overlays(project: Project) -> tuple[gpd.GeoDataFrame, ...]:
    """Read what a project lays over its maps, in its order; see `boundaries.read_overlay`."""
    return tuple(
        boundaries_source.read_overlay(
            project.path(named.path), layer=named.layer, name=named.name, crs=named.crs
        )
        for named in project.overlays
    )


def read_place_names(project: Project) -> gpd.GeoDataFrame | None:
    """Read the names of places that a project writes on its maps; None where it names none."""
    named = project.map.places
    return None if named is None else boundaries_source.read_overlay(project.path(named))


def _source(
    project: Project, role: str, path: str, frame: pd.DataFrame | pd.Series[Any], source: str = ""
) -> Source:
    origin = frame.attrs.get("origin") or {}
    columns = [str(name) for name in frame if status_column(str(name)) in frame]
    return Source(
        role=role,
        name=project.named(project.path(path)),
        sha256=guard.checksum(project.path(path)),
        source=source,
        rows=len(frame),
        division=frame.attrs.get("division"),
        years=years_of(frame),
        parameters={"columns": columns, **origin} if columns else {},
    )


def _read_boundaries(project: Project) -> tuple[gpd.GeoDataFrame, list[Source]]:
    named = project.boundaries
    polygons = boundaries_source.read(
        project.path(named.path),
        layer=named.layer,
        code=named.code,
        division=named.division,
        crs=named.crs,
    )
    sources = [_source(project, "boundaries", named.path, polygons)]
    if named.names is None:
        return polygons, sources
    names = register_source.read_names(
        project.path(named.names.path),
        name=named.names.name,
        code=named.names.code,
        sheet=named.names.sheet,
    )
    deso.same_division([polygons.attrs.get("division"), names.attrs.get("division")])
    sources.append(_source(project, "names", named.names.path, names))
    return polygons.assign(regso_name=names.reindex(polygons.index)), sources


def _read_registers(
    project: Project,
) -> tuple[dict[str, list[pd.DataFrame]], list[pd.DataFrame], list[Source], tuple[Note, ...]]:
    """Read every register file, and count microdata: a frame for each division; apart, RegSO's.

    Of each the years that are asked for; what the others are is told.
    """
    frames: dict[str, list[pd.DataFrame]] = {}
    direct, sources, whole = [], [], []
    years = Years.of(project.years)
    for named in project.register_:
        level = _level_of(project, named)
        for division in _divisions_of(project, named, level):
            frame = _read_register(project, named, division, level)
            credit = named.source or _credit(project, frame)
            sources.append(_source(project, "register", named.path, frame, credit))
            whole.append(frame)
            kept = years.kept(frame)
            if level == "regso":
                direct += [kept] if len(kept) else []
            elif len(kept) or not years.asked:
                frames.setdefault(named.path, []).append(kept)
    counted = rows.read(project)
    if counted is None:
        return frames, direct, sources, years.notes(whole)
    frames[counted.source.name or ""] = [years.kept(counted.frame)]
    notes = (*counted.notes, *years.notes([*whole, counted.frame]))
    return frames, direct, [*sources, counted.source], notes


def _level_of(project: Project, named: RegisterFile) -> Level:
    """Return which rows to read of a file: of RegSO, where they are shown and it has no others."""
    if project.level == "deso" or named.level is not None:
        return "deso" if project.level == "deso" else named.level or "deso"
    try:
        _read_register(project, named, named.division, "deso")
    except GrannskapError:
        try:
            _read_register(project, named, named.division or _shown(project), "regso")
        except GrannskapError:
            return "deso"
        return "regso"
    return "deso"


def _shown(project: Project) -> Division | None:
    return project.boundaries.division if project.division is None else project.division.show


def _divisions_of(
    project: Project, named: RegisterFile, level: Level
) -> tuple[Division | None, ...]:
    """Return which divisions to read of a file: both, where it has both and one is shown."""
    if level == "regso":
        return (named.division or _shown(project),)
    if project.division is None or named.division is not None:
        return (named.division,)
    try:
        _read_register(project, named, None, level)
    except CodeError as error:
        if error.name != "codes of two divisions":
            raise
        return (2018, 2025)
    return (None,)


def _read_register(
    project: Project, named: RegisterFile, division: Division | None, level: Level
) -> pd.DataFrame:
    return register_source.read(
        project.path(named.path),
        columns=named.columns,
        code=named.code,
        year=named.year,
        group=named.group,
        groups=named.groups,
        percent=named.percent,
        amounts=named.all_amounts,
        division=division,
        sheet=named.sheet,
        level=level,
        noise=named.noise,
    )


def _amounts(project: Project) -> list[str]:
    return [name for named in project.register_ for name in named.all_amounts]


def _lifted(
    project: Project,
    polygons: gpd.GeoDataFrame,
    register: pd.DataFrame | None,
    direct: list[pd.DataFrame],
    crossed: Crossed | None,
) -> tuple[gpd.GeoDataFrame, Crossed]:
    """Take polygons and counts to RegSO, by the key of the file of names or of the polygons."""
    named = project.boundaries.names
    told = None
    if named is not None:
        told = register_source.read_regso(
            project.path(named.path), code=named.code, sheet=named.sheet
        )
    asked = project.join
    return regso.lift(
        polygons,
        register,
        direct,
        crossed=crossed,
        told=told,
        join=regso.Join(project.year, asked.scope, asked.unmatched),
        hidden=_hidden(project),
        amounts=_amounts(project),
    )


def _together(
    project: Project, polygons: gpd.GeoDataFrame, frames: dict[str, list[pd.DataFrame]]
) -> tuple[pd.DataFrame | None, Crossed | None, list[Source]]:
    """Combine the registers, of one division or moved to the one that is shown."""
    every = [frame for parts in frames.values() for frame in parts]
    if not every:
        return None, None, []
    if project.division is None:
        check_told(polygons, frames)
        return every[0] if len(every) == 1 else register_source.combine(every), None, []
    show, told = project.division.show, polygons.attrs.get("division")
    if told not in (None, show):
        raise DataError("boundaries of the other division", {"show": str(show), "told": str(told)})
    registers, by_years = by_division(frames)
    if set(registers) == {show}:
        return registers[show], None, []
    ways, sources = _read_ways(project, show)
    crossed = cross(
        registers, polygons, ways, show=show, hidden=_hidden(project), amounts=_amounts(project)
    )
    crossed = replace(crossed, told=(*by_years, *crossed.told))
    return crossed.register, crossed, sources


def _read_ways(project: Project, show: Division) -> tuple[Ways, list[Source]]:
    """Read what counts are moved by: the other division's polygons, the log, the squares."""
    asked = project.division
    assert asked is not None, "no division is shown"
    other: Division = 2018 if show == 2025 else 2025
    source = changes = people = None
    sources = []
    if asked.source is not None:
        source = boundaries_source.read(project.path(asked.source), division=other)
        sources.append(_source(project, "boundaries", asked.source, source))
    if asked.changes is not None:
        changes = changes_source.read(project.path(asked.changes))
        sources.append(_source(project, "changes", asked.changes, changes))
    if asked.squares is not None:
        people = squares_source.read(project.path(asked.squares), people=asked.people)
        sources.append(_source(project, "squares", asked.squares, people))
    return Ways(source, changes, people, asked.by), sources


def _credit(project: Project, frame: pd.DataFrame) -> str:
    """Return the source line of a file that says where it comes from, where a project does not."""
    origin = frame.attrs["origin"]
    named = [str(origin[key]) for key in ("source", "table") if origin.get(key)]
    dated = bool(origin.get("updated"))
    values = {"named": " ".join(named), "updated": origin.get("updated", ""), "dated": dated}
    return say("maps.credit", project.language, values) if named else ""


def _read_neighbourhoods(project: Project) -> tuple[list[Named], list[Source]]:
    named: list[Named] = []
    sources: list[Source] = []
    for one in project.neighbourhoods:
        if one.path is None:
            named.append(Named(str(one.name), tuple(one.areas)))
            continue
        shapes = boundaries_source.read_overlay(project.path(one.path), name=one.by)
        sources.append(_source(project, "neighbourhood", one.path, shapes))
        people, from_squares = _squares_of(project, one)
        sources += from_squares
        if one.by is None:
            ground = shapes.geometry.union_all()
            named.append(Named(str(one.name), (), ground, one.rule, people))
            continue
        ground_of = shapes[shapes["name"] != ""].dissolve("name").geometry
        named += [
            Named(str(name), (), ground, one.rule, people, one_of_many=True, view=project.view)
            for name, ground in ground_of.items()
        ]
    return named, sources


def _squares_of(
    project: Project, place: NeighbourhoodPlace
) -> tuple[gpd.GeoDataFrame | None, list[Source]]:
    """Read the squares that a neighbourhood's rule asks for: its own, or those of [division]."""
    if place.rule != "squares":
        return None, []
    asked = project.division
    path = place.squares or (None if asked is None else asked.squares)
    if path is None:
        raise DataError("no squares for a rule", {})
    people = squares_source.read(project.path(path), people=None if asked is None else asked.people)
    return people, [_source(project, "squares", path, people)]


def _year_shown(project: Project, register: pd.DataFrame) -> int:
    years = sorted({int(year) for year in register.index.unique("year")})
    for asked in (project.year, project.compare):
        if asked is not None and asked not in years:
            raise DataError("no such year", {"year": str(asked), "years": list(years)})
    return project.year if project.year is not None else years[-1]


def _hidden(project: Project) -> dict[str, tuple[int, int]]:
    """Return what each column's hidden cells can be: the widest that its files state."""
    stated: dict[str, list[tuple[int, int] | None]] = {}
    for part in project.register_:
        for name in part.columns:
            stated.setdefault(name, []).append(part.hidden)
    return {
        name: (min(one[0] for one in ranges), max(one[1] for one in ranges))
        for name, found in stated.items()
        if len(ranges := [one for one in found if one is not None]) == len(found)
    }
