"""Put boundaries, a register and what is named in them together as a dataset."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from grannskap import areas, deso, notes
from grannskap import land as ground
from grannskap.dataset.bounds import Hidden, with_bounds
from grannskap.dataset.crossing import Crossed
from grannskap.dataset.model import Dataset, Neighbourhood, Overlap, Shore, Source
from grannskap.errors import CodeError, DataError
from grannskap.notes import Note

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

__all__ = ["Named", "assemble"]

_WET = 0.999
"""Share of an area that is land, below which it is drawn without the rest."""


@dataclass(frozen=True, eq=False)
class Named:
    """A neighbourhood as it is asked for: entries (codes or names of RegSO), or a polygon."""

    name: str
    entries: tuple[str, ...] = ()
    polygon: BaseGeometry | None = None


def assemble(
    polygons: gpd.GeoDataFrame,
    register: pd.DataFrame,
    *,
    year: int,
    scope: str | Sequence[str] | None,
    unmatched: float,
    hidden: Hidden,
    amounts: Sequence[str] = (),
    crossed: Crossed | None = None,
    named: Iterable[Named],
    land: gpd.GeoSeries | None,
    shore: gpd.GeoSeries | None,
    provenance: tuple[Source, ...],
) -> Dataset:
    """Check that the parts fit each other, bound what is hidden, and put them together.

    Parameters
    ----------
    polygons : GeoDataFrame
        As `grannskap.boundaries.read` returns it.
    register : DataFrame
        As `grannskap.register.read` returns it.
    year : int
        The year whose rows must meet the polygons.
    scope, unmatched
        As in `grannskap.areas.join`.
    hidden : tuple of int, mapping of str to tuple of int, or None
        The least and the most that a suppressed count can be, for all or by name.
    amounts : sequence of str
        Columns that hold amounts, beside those that the catalogue knows.
    crossed : Crossed, optional
        What `register` was made of, where it has its bounds already.
    named : iterable of Named
        Neighbourhoods.
    land : GeoSeries or None
        Land as polygons, for neighbours.
    shore : GeoSeries or None
        Land as polygons, for drawing.
    provenance : tuple of Source
        What all of it was read from.

    Returns
    -------
    Dataset
        Frozen.

    Raises
    ------
    GrannskapError
        When two divisions are mixed, or a code, a count or a neighbourhood has no partner.
    """
    division = deso.same_division([polygons.attrs.get("division"), register.attrs.get("division")])
    shown = areas.select(register, year=year, group="all")
    joined = areas.join(polygons, shown, scope=scope, unmatched=unmatched)
    areas.with_shares(joined)  # refuses a part that is greater than its whole
    geometry, partial = _marked(polygons, register, () if crossed is None else crossed.lacking)
    counts, bounded = (
        with_bounds(register, hidden=hidden, amounts=amounts)
        if crossed is None
        else (_bare(register), crossed.told)
    )
    neighbourhoods = _neighbourhoods(tuple(named), geometry)
    drawn, cut = _drawn(geometry, shore)
    found = (
        *notes.of(polygons),
        *notes.of(register),
        *notes.of(joined),
        *partial,
        *bounded,
        *_notes_on_polygons(neighbourhoods),
        *cut,
    )
    return Dataset(
        counts=counts,
        geometry=geometry,
        division=division,
        neighbourhoods=neighbourhoods,
        land=land,
        shore=drawn,
        provenance=provenance,
        notes=tuple(dict.fromkeys(found)),
    )


def _drawn(
    geometry: gpd.GeoDataFrame, land: gpd.GeoSeries | None
) -> tuple[Shore | None, tuple[Note, ...]]:
    """Cut the areas by land, for drawing alone; none of it where none of them has water."""
    if land is None:
        return None, ()
    drawn = ground.drawn(geometry.geometry, land)
    wet = [str(code) for code in geometry.index[(drawn.area < _WET * geometry.area).to_numpy()]]
    if not wet:
        return None, ()
    told = Note("areas drawn without water", {"areas": len(wet)}, tuple(wet))
    return Shore(land, drawn), (told,)


def _bare(register: pd.DataFrame) -> pd.DataFrame:
    """Return the frame without its attributes, which pandas copies at every step."""
    bare = register.copy(deep=False)
    bare.attrs = {}
    return bare


def _marked(
    polygons: gpd.GeoDataFrame, register: pd.DataFrame, lacking: Iterable[str]
) -> tuple[gpd.GeoDataFrame, tuple[Note, ...]]:
    """Mark the municipalities of which the boundaries hold all that the register does."""
    bare = polygons.copy(deep=False)
    bare.attrs = {}
    absent = register.index.unique("deso").difference(bare.index)
    partial = sorted({*absent.str[:4], *lacking} & set(bare["municipality"]))
    marked = bare.assign(complete=~bare["municipality"].isin(partial).to_numpy())
    return marked, _note_partial(partial)


def _note_partial(partial: list[str]) -> tuple[Note, ...]:
    if not partial:
        return ()
    values = {"municipalities": len(partial)}
    return (Note("partial municipalities", values, tuple(partial)),)


def _neighbourhoods(
    named: tuple[Named, ...], geometry: gpd.GeoDataFrame
) -> tuple[Neighbourhood, ...]:
    drawn = any(one.polygon is not None for one in named)
    middles = geometry.geometry.representative_point() if drawn else geometry.geometry
    codes = [
        _codes_named(one, geometry)
        if one.polygon is None
        else _codes_inside(one.name, one.polygon, middles)
        for one in named
    ]
    return tuple(_neighbourhood(*pair, geometry) for pair in zip(named, codes, strict=True))


def _neighbourhood(
    named: Named, codes: tuple[str, ...], geometry: gpd.GeoDataFrame
) -> Neighbourhood:
    drawn = geometry.geometry.loc[list(codes)].union_all()
    overlap = None if named.polygon is None else _overlap(drawn, named.polygon)
    return Neighbourhood(named.name, codes, drawn, named.polygon, overlap)


def _codes_inside(name: str, polygon: BaseGeometry, middles: gpd.GeoSeries) -> tuple[str, ...]:
    """Return the areas whose middle lies in a polygon."""
    codes = tuple(map(str, middles.index[middles.within(polygon).to_numpy()]))
    if not codes:
        raise DataError("no area in polygon", {"name": name})
    return codes


def _codes_named(named: Named, geometry: gpd.GeoDataFrame) -> tuple[str, ...]:
    """Return the areas of a neighbourhood, listed by code or by the name of their RegSO."""
    called = geometry.get("regso_name", pd.Series("", index=geometry.index)).to_numpy()
    codes: set[str] = set()
    absent = []
    for entry in named.entries:
        found = {entry} & set(geometry.index) or set(geometry.index[called == entry])
        codes |= found
        absent += [] if found else [entry]
    if absent:
        raise CodeError(
            "neighbourhood not in boundaries",
            {"name": named.name, "names": absent, "example": "names = { … }"},
        )
    return tuple(sorted(map(str, codes)))


def _overlap(drawn: BaseGeometry, polygon: BaseGeometry) -> Overlap:
    both = drawn.intersection(polygon).area
    return Overlap(covered=float(both / polygon.area), inside=float(both / drawn.area))


def _notes_on_polygons(neighbourhoods: Iterable[Neighbourhood]) -> list[Note]:
    found = []
    for one in neighbourhoods:
        if one.overlap is not None:
            values = {
                "name": one.name,
                "areas": len(one.codes),
                "covered": float(one.overlap.covered),
                "inside": float(one.overlap.inside),
            }
            found.append(Note("neighbourhood by its areas", values, one.codes))
    return found
