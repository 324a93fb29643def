"""Named neighbourhoods: which areas each is, and how far these are the polygon that named it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from grannskap import areas, deso
from grannskap.dataset.alike import alike
from grannskap.dataset.model import Neighbourhood, Overlap
from grannskap.errors import CodeError, DataError
from grannskap.notes import Note

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

__all__ = ["Named", "build"]

_HALF = 0.5
_TOLD_ONE_BY_ONE = 3
"""How many neighbourhoods by polygon have a note each; more have one together."""


@dataclass(frozen=True, eq=False)
class Named:
    """A neighbourhood as it is asked for.

    Attributes
    ----------
    name : str
        What it is called.
    entries : tuple of str
        Codes or names of RegSO; empty where a polygon names it.
    polygon : shapely geometry or None
        Its ground.
    rule : {"containment", "area", "squares"}
        Which areas it is: those whose middle is inside, or at least half of whose ground or
        people.
    squares : GeoDataFrame or None
        For the rule ``"squares"``.
    one_of_many : bool
        Whether it comes from a file of many, of which some may lie elsewhere.
    view : str or sequence of str
        What is shown: of many, those without an area in it are left out.
    """

    name: str
    entries: tuple[str, ...] = ()
    polygon: BaseGeometry | None = None
    rule: areas.Inclusion = "containment"
    squares: gpd.GeoDataFrame | None = None
    one_of_many: bool = False
    view: str | Sequence[str] = deso.COUNTRY


@dataclass(frozen=True)
class _Found:
    """A neighbourhood, and by squares how far its people are those of its polygon."""

    place: Neighbourhood
    people: dict[str, float] | None = None


def build(
    named: Sequence[Named], geometry: gpd.GeoDataFrame
) -> tuple[tuple[Neighbourhood, ...], tuple[Note, ...]]:
    """Find the areas of every neighbourhood.

    Parameters
    ----------
    named : sequence of Named
        What is asked for.
    geometry : GeoDataFrame
        The areas, with ``regso_name`` where it is known.

    Returns
    -------
    tuple of Neighbourhood, and of Note
        How far the areas are the polygons; which of a file of many are elsewhere.

    Raises
    ------
    CodeError
        When an area or a RegSO is not there, or a name comes twice.
    DataError
        When a polygon by itself has no area.
    """
    _check_names(named)
    found, elsewhere, empty = [], [], []
    ground = geometry.geometry
    for one in named:
        made = _listed(one, geometry) if one.polygon is None else _drawn(one, one.polygon, ground)
        if made is not None and _is_shown(one, made.place.codes):
            found.append(made)
        elif not one.one_of_many:
            raise DataError("no area in polygon", {"name": one.name})
        elif made is None and ground.intersects(one.polygon).any():
            empty.append(one.name)
        else:
            elsewhere.append(one.name)
    notes = (*_notes(found), *_left_out(elsewhere, empty))
    return tuple(one.place for one in found), notes


def _is_shown(named: Named, codes: Sequence[str]) -> bool:
    """Tell whether a neighbourhood, where it is one of many, has an area that is shown."""
    parts = [named.view] if isinstance(named.view, str) else named.view
    shown = tuple(parts)
    return (
        not named.one_of_many
        or deso.COUNTRY in shown
        or any(code.startswith(shown) for code in codes)
    )


def _check_names(named: Sequence[Named]) -> None:
    names = pd.Index([one.name for one in named])
    twice = names[names.duplicated()].unique()
    if len(twice):
        raise CodeError("neighbourhoods of one name", {"names": list(twice)})


def _listed(named: Named, geometry: gpd.GeoDataFrame) -> _Found:
    codes = _codes_named(named, geometry)
    return _Found(Neighbourhood(named.name, codes, geometry.geometry.loc[list(codes)].union_all()))


def _drawn(named: Named, polygon: BaseGeometry, ground: gpd.GeoSeries) -> _Found | None:
    """Return the areas that a polygon's rule gives it; None where there are none."""
    table = areas.inside(ground, polygon, rule=named.rule, squares=named.squares)
    held = table["share"] >= _HALF
    if not held.any():
        return None
    codes = tuple(map(str, table.index[held]))
    drawn = ground.loc[list(codes)].union_all()
    both = drawn.intersection(polygon).area
    overlap = Overlap(covered=float(both / polygon.area), inside=float(both / drawn.area))
    place = Neighbourhood(named.name, codes, drawn, polygon, overlap)
    return _Found(place, _people(table, held) if "people" in table else None)


def _people(table: pd.DataFrame, held: pd.Series[bool]) -> dict[str, float]:
    """Return which share of those inside live in the areas, and of these areas inside."""

    def inside(which: pd.Series[bool], how: str) -> float:
        return float((table["people"] * table[how])[which].sum())

    def share(part: float, rest: float) -> float:
        return part / (part + rest) if part + rest else float("nan")

    every = float(table["people"][held].sum())
    return {
        "covered": share(inside(held, "share"), inside(~held, "share")),
        "covered_least": share(inside(held, "lower"), inside(~held, "upper")),
        "covered_most": share(inside(held, "upper"), inside(~held, "lower")),
        "inside": inside(held, "share") / every if every else float("nan"),
        "inside_least": inside(held, "lower") / every if every else float("nan"),
        "inside_most": inside(held, "upper") / every if every else float("nan"),
    }


def _codes_named(named: Named, geometry: gpd.GeoDataFrame) -> tuple[str, ...]:
    """Return the areas of a neighbourhood, listed by code or by the name of their RegSO."""
    empty = pd.Series("", index=geometry.index)
    called, coded = (geometry.get(name, empty).to_numpy() for name in ("regso_name", "regso"))
    codes: set[str] = set()
    absent = []
    for entry in named.entries:
        found = {entry} & set(geometry.index)
        found = found or set(geometry.index[(called == entry) | (coded == entry)])
        codes |= found
        absent += [] if found else [entry]
    if absent:
        near = alike(absent, (name for name in called if isinstance(name, str)))
        raise CodeError(
            "neighbourhood not in boundaries",
            {
                "name": named.name,
                "names": absent,
                "near": near,
                "found": bool(near),
                "example": "names = { … }",
            },
        )
    return tuple(sorted(map(str, codes)))


def _notes(found: Sequence[_Found]) -> list[Note]:
    drawn = [one for one in found if one.place.overlap is not None]
    by_people = [
        Note("neighbourhood by its people", {**_told(one), **one.people}, one.place.codes)
        for one in drawn
        if one.people is not None and np.isfinite([*one.people.values()]).all()
    ]
    if len(drawn) > _TOLD_ONE_BY_ONE:
        return [_note_on_all(drawn), *by_people]
    each = [Note("neighbourhood by its areas", _told(one), one.place.codes) for one in drawn]
    return [*each, *by_people]


def _told(one: _Found) -> dict[str, object]:
    overlap = one.place.overlap
    assert overlap is not None, "a neighbourhood without a polygon"
    return {
        "name": one.place.name,
        "areas": len(one.place.codes),
        "covered": overlap.covered,
        "inside": overlap.inside,
    }


def _note_on_all(drawn: Sequence[_Found]) -> Note:
    """Tell of many at once how far they are their polygons: the least and the most."""
    table = pd.DataFrame([_told(one) for one in drawn]).set_index("name")
    values: dict[str, object] = {"places": len(table), "areas": int(table["areas"].sum())}
    for name in ("covered", "inside"):
        values |= {
            f"{name}_least": float(table[name].min()),
            f"{name}_most": float(table[name].max()),
            f"{name}_worst": str(table[name].idxmin()),
        }
    return Note("neighbourhoods by their areas", values, tuple(map(str, table.index)))


def _left_out(elsewhere: list[str], empty: list[str]) -> list[Note]:
    notes = []
    if elsewhere:
        values = {"places": len(elsewhere)}
        notes.append(Note("neighbourhoods elsewhere", values, tuple(elsewhere)))
    if empty:
        told = {"places": len(empty), "names": empty}
        notes.append(Note("polygons without areas", told, tuple(empty)))
    return notes
