"""Put boundaries, a register and what is named in them together as a dataset."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from grannskap import areas, deso, notes
from grannskap import land as ground
from grannskap.dataset.bounds import Hidden, with_bounds
from grannskap.dataset.crossing import Crossed
from grannskap.dataset.model import Dataset, Shore, Source
from grannskap.dataset.neighbourhoods import Named, build
from grannskap.notes import Note

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["assemble"]

_WET = 0.999
"""Share of an area that is land, below which it is drawn without the rest."""


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
    neighbourhoods, of_polygons = build(tuple(named), geometry)
    drawn, cut = _drawn(geometry, shore)
    found = (
        *notes.of(polygons),
        *notes.of(register),
        *notes.of(joined),
        *partial,
        *bounded,
        *of_polygons,
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
        pools=None if crossed is None else crossed.pools,
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
