"""Registers and polygons of DeSO become those of RegSO: counts summed, polygons merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from grannskap import areas
from grannskap.areas.parting import Parts, amounts_of, summed
from grannskap.catalogue import TRANSLATED, WAYS
from grannskap.dataset.bounds import Hidden, with_bounds
from grannskap.dataset.crossing import Crossed, together
from grannskap.dataset.pooling import coarser
from grannskap.errors import DataError
from grannskap.notes import Note, of
from grannskap.sources.boundaries.coverage import union

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Join", "Key", "counts", "lift", "polygons"]

_RANKS = {way: rank for rank, way in enumerate(WAYS)}


@dataclass(frozen=True, eq=False)
class Key:
    """Which RegSO each DeSO is part of.

    Attributes
    ----------
    regso : pandas.Series of str
        Code of the RegSO, on DeSO codes: of all that a key file tells, not of the map alone.
    whole : pandas.Index
        The RegSO of which every DeSO has a polygon.
    """

    regso: pd.Series[Any]
    whole: pd.Index[Any]

    @classmethod
    def of(
        cls, areas: gpd.GeoDataFrame, told: pd.Series[Any] | None, absent: pd.Index[Any]
    ) -> tuple[Key, tuple[Note, ...]]:
        """Take the key of a file, else the codes that the polygons have.

        Parameters
        ----------
        areas : GeoDataFrame
            The polygons of DeSO.
        told : Series or None
            Of a key file.
        absent : Index
            DeSO that the register has and the polygons have not.

        Returns
        -------
        Key, and tuple of Note
            Which RegSO are left out as parts of them lie outside the map, and which DeSO have none.

        Raises
        ------
        DataError
            When nothing tells the codes, or no RegSO is whole.
        """
        if told is None and "regso" not in areas:
            raise DataError("no key to RegSO", {"example": 'names = { path = "…", name = "…" }'})
        own = areas["regso"].dropna().astype(str) if told is None else told
        outside = own.index.difference(areas.index) if told is not None else absent
        broken = set(own.reindex(outside).dropna())
        if told is None:
            partial = own.index.str[:4].isin(absent.str[:4].unique())
            broken |= set(own[partial])
        there = own[own.index.isin(areas.index)]
        whole = pd.Index(sorted(set(there) - broken), name="deso", dtype="str")
        if not len(whole):
            raise DataError("no whole RegSO", {"areas": len(areas)})
        return cls(own, whole), _notes(areas, there, broken)


def _notes(areas: gpd.GeoDataFrame, there: pd.Series[Any], broken: set[str]) -> tuple[Note, ...]:
    notes = []
    cut = tuple(sorted(set(there) & broken))
    if cut:
        notes.append(Note("regso cut by the map", {"places": len(cut)}, cut))
    loose = tuple(map(str, areas.index.difference(there.index)))
    if loose:
        notes.append(Note("areas in no group", {"areas": len(loose)}, loose))
    return tuple(notes)


def polygons(areas: gpd.GeoDataFrame, key: Key) -> gpd.GeoDataFrame:
    """Merge the polygons of each whole RegSO.

    Parameters
    ----------
    areas : GeoDataFrame
        The polygons of DeSO, as `grannskap.boundaries.read` returns them.
    key : Key
        Which RegSO each is part of.

    Returns
    -------
    GeoDataFrame
        Index ``deso`` with codes of RegSO, sorted; ``municipality``, ``municipality_name``,
        ``regso_name`` where known, ``geometry``; the division.
    """
    import geopandas as gpd

    regso = key.regso.reindex(areas.index)
    kept = areas[regso.isin(key.whole).to_numpy()]
    codes = regso[kept.index].to_numpy()
    first = pd.DataFrame(kept.drop(columns="geometry")).groupby(codes).first()
    names = [name for name in ("municipality_name", "regso_name") if name in first]
    values = kept.geometry.to_numpy()
    ground = [union(values[codes == code]) for code in key.whole]
    data = {
        "municipality": key.whole.str[:4],
        **{one: first[one].reindex(key.whole) for one in names},
    }
    made = gpd.GeoDataFrame(data, geometry=ground, index=key.whole, crs=areas.crs)
    made.attrs = {"division": areas.attrs.get("division")}
    return made


def counts(
    register: pd.DataFrame, key: Key, amounts: Sequence[str] = ()
) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """Sum a register's counts over RegSO, with their bounds and statuses.

    Parameters
    ----------
    register : DataFrame
        A register frame of DeSO, with bounds.
    key : Key
        Which RegSO each is part of.
    amounts : sequence of str
        Columns that hold amounts, beside those that the catalogue knows.

    Returns
    -------
    DataFrame
        A register frame of RegSO; amounts are left out, with a note.
    """
    codes = register.index.get_level_values("deso")
    regso = key.regso.reindex(codes).to_numpy(dtype=object)
    kept = np.asarray(pd.Index(regso).isin(key.whole), dtype=bool)
    lost = amounts_of(register, tuple(amounts))
    frame = register[kept].drop(columns=lost)
    frame.attrs = {}
    index = frame.index.to_frame(index=False).assign(deso=regso[kept])
    groups = index.groupby(["deso", "year", "group"], sort=True)
    which = groups.ngroup().to_numpy().astype(np.intp)
    labels: pd.Index[Any] = groups.size().index
    ones = np.ones(len(frame))
    parts = Parts(np.arange(len(frame)), which, len(labels), ones, ones, ones)
    made = pd.DataFrame(summed(frame, parts, np.ones(len(frame), dtype=bool)), index=labels)
    if TRANSLATED in register:
        made[TRANSLATED] = _ways(frame[TRANSLATED], which, len(labels))
    made.attrs = {"division": register.attrs.get("division")}
    if not lost:
        return made, ()
    return made, (Note("amounts left out", {"names": lost}, tuple(lost)),)


def _ways(ways: pd.Series[Any], which: Any, groups: int) -> Any:  # noqa: ANN401
    """Return the least sure way of each sum's parts; missing where all were read."""
    ranks = np.full(groups, -1)
    np.maximum.at(ranks, which, ways.map(_RANKS).fillna(-1).to_numpy(dtype=int))
    words = np.array([*WAYS, None], dtype=object)
    return np.asarray(words[ranks], dtype=object)


def lift(
    areas_: gpd.GeoDataFrame,
    register: pd.DataFrame | None,
    direct: Sequence[pd.DataFrame],
    *,
    crossed: Crossed | None,
    told: pd.Series[Any] | None,
    join: Join,
    hidden: Hidden,
    amounts: Sequence[str] = (),
) -> tuple[gpd.GeoDataFrame, Crossed]:
    """Take a dataset's parts from DeSO to RegSO.

    Parameters
    ----------
    areas_ : GeoDataFrame
        The polygons of DeSO.
    register : DataFrame or None
        A register frame of DeSO.
    direct : sequence of DataFrame
        Register frames that tell of RegSO themselves.
    crossed : Crossed or None
        What `register` was made of, where it has its bounds already.
    told : Series or None
        Codes of RegSO by DeSO code, of a key file.
    join : Join
        What must match between the polygons and `register`.
    hidden : tuple of int, mapping of str to tuple of int, or None
        The least and the most that a suppressed count can be.
    amounts : sequence of str
        Columns that hold amounts, beside those that the catalogue knows.

    Returns
    -------
    GeoDataFrame
        The polygons of RegSO.
    Crossed
        Their register, with its bounds.

    Raises
    ------
    GrannskapError
        When DeSO polygons and register do not match, or nothing tells the RegSO.
    """
    notes, parts, pools = list(of(areas_)), [], None
    absent: pd.Index[Any] = pd.Index([], dtype="str")
    if register is not None:
        notes += _joined(areas_, register, join)
        absent = register.index.unique("deso").difference(areas_.index)
    key, of_key = Key.of(areas_, told, absent)
    if register is not None:
        bounded, of_bounds = (
            _bounded(register, hidden, amounts) if crossed is None else (register, crossed.told)
        )
        bounded.attrs = {"division": register.attrs.get("division")}
        made, of_sums = counts(bounded, key, amounts)
        if crossed is not None and crossed.pools is not None:
            group = key.regso[key.regso.isin(key.whole).to_numpy()]
            pools, exact = coarser(crossed.pools, bounded, group)
            made = _bounded_by(made, exact)
        parts.append(made)
        notes += [*of_bounds, *of_sums]
    for frame in direct:
        bounded, of_bounds = _bounded(frame, hidden, amounts)
        bounded.attrs = {"division": frame.attrs.get("division")}
        parts.append(bounded)
        notes += [*of(frame), *of_bounds]
    lacking = {*absent.str[:4], *(() if crossed is None else crossed.lacking)}
    whole = together(parts)
    return polygons(areas_, key), Crossed(
        whole, tuple(dict.fromkeys((*notes, *of_key))), frozenset(map(str, lacking)), pools
    )


def _bounded_by(made: pd.DataFrame, exact: pd.DataFrame) -> pd.DataFrame:
    """Bound RegSO that hold all of their pools by what these are together."""
    if exact.empty:
        return made
    at = made.index.get_indexer(exact.rename_axis(made.index.names).index)
    told = {str(name): made[name].to_numpy(dtype=float).copy() for name in exact if name in made}
    for name, values in told.items():
        values[at[at >= 0]] = exact[name].to_numpy(dtype=float)[at >= 0]
    bounded = made.assign(**told)
    bounded.attrs = dict(made.attrs)
    return bounded


@dataclass(frozen=True)
class Join:
    """What must match between polygons and register; as in `grannskap.areas.join`."""

    year: int | None = None
    scope: str | Sequence[str] | None = None
    unmatched: float = 0.0


def _joined(areas_: gpd.GeoDataFrame, register: pd.DataFrame, join: Join) -> tuple[Note, ...]:
    """Check that DeSO meet before they are summed; return what there is to tell."""
    years = register.index.unique("year")
    asked = join.year is not None and join.year in years
    year = int(join.year if asked and join.year is not None else years.max())
    shown = areas.select(register, year=year, group="all")
    met = areas.join(areas_, shown, scope=join.scope, unmatched=join.unmatched)
    areas.with_shares(met)  # refuses a part that is greater than its whole
    return of(met)


def _bounded(
    register: pd.DataFrame, hidden: Hidden, amounts: Sequence[str]
) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    known = hidden
    if isinstance(hidden, Mapping):
        known = {name: one for name, one in hidden.items() if name in register}
    there = [name for name in amounts if name in register]
    return with_bounds(register, hidden=known, amounts=there)
