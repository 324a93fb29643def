"""Scopes of a project by name: municipalities and counties, as the files or Sweden call them."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from grannskap.deso import COUNTRY
from grannskap.errors import ProjectError
from grannskap.sources.boundaries.names import place_names
from grannskap.sources.scb import places

if TYPE_CHECKING:
    import geopandas as gpd

    from grannskap.project import Project

__all__ = ["by_code"]

_CODE = re.compile(r"\d.*")
"""No place's name begins with a digit: what does is a code, if a wrong one."""

_WORDS = (COUNTRY, "boundaries")

Scope = str | list[str]


def by_code(project: Project, polygons: gpd.GeoDataFrame) -> Project:
    """Return a project whose scopes are codes, whatever names it has for them.

    Parameters
    ----------
    project : Project
        Its scopes may be names: "Uppsala" is the municipality, "Uppsala län" the county.
    polygons : geopandas.GeoDataFrame
        With the columns ``municipality`` and ``municipality_name``, which go before the names
        that Sweden's municipalities have.

    Returns
    -------
    Project
        The same, where no scope is a name.

    Raises
    ------
    ProjectError
        When a name is not known, with the nearest ones.
    """
    tests = project.autocorrelation
    extent = project.map.extent
    scopes = (project.view, project.join.scope, tests.scope, tests.view)
    asked = (*scopes, extent if isinstance(extent, str) else None)
    if not any(_is_name(part) for scope in asked for part in _parts(scope)):
        return project
    own = dict(zip(polygons["municipality"], polygons["municipality_name"], strict=True))
    known = {**place_names(), **own}
    regso = sorted({str(name) for name in polygons.get("regso_name", ()) if name})
    for part in (part for scope in scopes for part in _parts(scope) if _is_name(part)):
        _refuse_regso(part, known, regso)
    given = {"scope": _coded(tests.scope, known), "view": _coded(tests.view, known)}
    scope = _coded(project.join.scope, known)
    changed = {
        "view": _coded(project.view, known),
        "join": project.join.model_copy(update={"scope": scope}),
        "autocorrelation": tests.model_copy(update=given),
        "map": project.map.model_copy(update={"extent": _extent(project, known)}),
    }
    return project.model_copy(update=changed)


def _refuse_regso(part: str, known: Mapping[str, str], names: Sequence[str]) -> None:
    """Refuse a name that is no place's but stands in names of RegSO, and say in which."""
    try:
        places.code(part, known)
    except ProjectError:
        near = [name for name in names if part.casefold() in name.casefold()]
        if near:
            raise ProjectError("place is in RegSO", {"place": part, "names": near}) from None
        raise


def _extent(project: Project, known: Mapping[str, str]) -> object:
    """Return what the maps reach over: a place by its code; a neighbourhood keeps its name."""
    extent = project.map.extent
    if not isinstance(extent, str) or not _is_name(extent):
        return extent
    with contextlib.suppress(ProjectError):
        return places.code(extent, known)
    return extent


def _parts(scope: Scope | None) -> list[str]:
    return [scope] if isinstance(scope, str) else list(scope or ())


def _is_name(part: str) -> bool:
    return part not in _WORDS and _CODE.fullmatch(part) is None


def _coded(scope: Scope | None, known: Mapping[str, str]) -> Scope | None:
    codes = [places.code(part, known) if _is_name(part) else part for part in _parts(scope)]
    return codes[0] if isinstance(scope, str) else codes or None
