"""Select one year and group of a register, and join it to boundaries, one to one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from grannskap import deso
from grannskap.catalogue import Status
from grannskap.errors import CodeError, DataError, JoinError
from grannskap.notes import Note, of, with_notes
from grannskap.wording import in_both

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["BOUNDARIES", "join", "select"]

Frame = TypeVar("Frame", bound=pd.DataFrame)

BOUNDARIES = "boundaries"
"""The scope that holds what the boundaries hold."""

CRS = "EPSG:3006"
"""The coordinate system of every areas frame: SWEREF 99 TM, metres."""


def select(register: pd.DataFrame, *, year: int, group: str) -> pd.DataFrame:
    """One year and one group of a register frame, a row per area.

    Parameters
    ----------
    register : DataFrame
        Index levels ``deso``, ``year`` and ``group``.
    year : int
        A year that the register holds; 0 where it states none.
    group : str
        A key of `grannskap.catalogue.GROUPS`.

    Returns
    -------
    DataFrame
        Index ``deso``, the same columns, division and notes.

    Raises
    ------
    DataError
        When the register holds no such rows.

    Examples
    --------
    >>> index = pd.MultiIndex.from_tuples(
    ...     [("0380C1010", 2022, "all"), ("0380C1010", 2023, "all")],
    ...     names=["deso", "year", "group"],
    ... )
    >>> register = pd.DataFrame({"low": [7.0, 9.0], "low_status": "value"}, index=index)
    >>> select(register, year=2023, group="all")["low"].to_dict()
    {'0380C1010': 9.0}
    """
    years = register.index.get_level_values("year")
    groups = register.index.get_level_values("group")
    chosen = np.asarray(years == year) & np.asarray(groups == group)
    if not chosen.any():
        there = sorted({f"{one} {name}" for one, name in zip(years, groups, strict=True)})
        raise DataError(
            "no rows of year and group",
            {"year": str(year), "group": group, "known": there, "count": len(there)},
        )
    selected = register[chosen].droplevel(["year", "group"])
    selected.attrs = dict(register.attrs)
    return selected


def join(
    boundaries: gpd.GeoDataFrame,
    register: pd.DataFrame,
    *,
    scope: str | Sequence[str] | None = None,
    unmatched: float = 0.0,
) -> gpd.GeoDataFrame:
    """Boundaries with the register's columns, one to one by code.

    Every area of the boundaries is kept: one without a partner in the register has NaN and the
    status "not joined". Register rows without a polygon are left out, counted and noted.

    Parameters
    ----------
    boundaries : GeoDataFrame
        From `grannskap.boundaries.read`.
    register : DataFrame
        Index ``deso``: one year and one group (`select`).
    scope : str or sequence of str, optional
        Which codes must match: all on both sides (None), those of the boundaries
        (``"boundaries"``), or those in a scope of `grannskap.deso.in_scope`.
    unmatched : float
        The largest share (0–1) of the scope's codes, on both sides, that may lack a partner.

    Returns
    -------
    GeoDataFrame
        Index ``deso``, sorted; geometry of the boundaries, columns of both, the division that
        either knows, and the notes of both.

    Raises
    ------
    CodeError
        When the two are of different divisions, or a code repeats.
    DataError
        When the register still has levels, or a column that the boundaries have too.
    JoinError
        When more codes than allowed lack a partner; both sides are counted and named.

    Examples
    --------
    >>> import geopandas, shapely
    >>> index = pd.Index(["0380C1010"], name="deso")
    >>> square = geopandas.GeoDataFrame(geometry=[shapely.box(0, 0, 9, 9)], index=index, crs=3006)
    >>> register = pd.DataFrame({"low": [7.0], "low_status": ["value"]}, index=index)
    >>> join(square, register)["low"].to_dict()
    {'0380C1010': 7.0}
    """
    _check_frames(boundaries, register)
    stated = [boundaries.attrs.get("division"), register.attrs.get("division")]
    division = deso.same_division(stated)
    bare = boundaries.index.difference(register.index)
    loose = register.index.difference(boundaries.index)
    needed = _needed(boundaries.index, register.index, scope)
    _check_match(needed, bare, loose, unmatched)
    values = _filled(_bare(register).reindex(boundaries.index), bare)
    joined = _bare(boundaries).join(values).sort_index()
    joined.attrs = {**boundaries.attrs, "division": division}
    return with_notes(joined, (*of(register), *_notes(bare, loose)))


def _bare(frame: Frame) -> Frame:
    """Return the frame without its attributes, which pandas copies at every step."""
    bare = frame.copy(deep=False)
    bare.attrs = {}
    return bare


def _check_frames(boundaries: gpd.GeoDataFrame, register: pd.DataFrame) -> None:
    if register.index.nlevels > 1:
        raise DataError("register of several years", {"names": list(register.index.names)})
    if boundaries.crs != CRS:
        raise DataError(
            "boundaries in another system",
            {"crs": str(CRS), "system": boundaries.crs.name if boundaries.crs else None},
        )
    for name, frame in (("boundaries", boundaries), ("register", register)):
        repeated = frame.index[frame.index.duplicated()].unique()
        if len(repeated):
            raise CodeError(
                "area twice", {"name": name, "count": len(repeated), "codes": list(repeated)}
            )
    both = boundaries.columns.intersection(register.columns)
    if len(both):
        raise DataError("columns of both", {"names": list(both)})


def _needed(
    areas: pd.Index[Any], rows: pd.Index[Any], scope: str | Sequence[str] | None
) -> pd.Index[Any]:
    if scope == BOUNDARIES:
        return areas
    codes = areas.union(rows)
    return codes if scope is None else codes[deso.in_scope(codes, scope)]


def _check_match(
    needed: pd.Index[Any], bare: pd.Index[Any], loose: pd.Index[Any], unmatched: float
) -> None:
    if not 0 <= unmatched <= 1:
        raise DataError("share of unmatched", {"share": str(unmatched)})
    without_row, without_polygon = needed.intersection(bare), needed.intersection(loose)
    lacking = len(without_row) + len(without_polygon)
    if lacking <= unmatched * len(needed):
        return
    sides = [
        in_both(key, {"count": len(codes), "codes": list(codes)})
        for key, codes in (
            ("errors.phrases.areas without a row", without_row),
            ("errors.phrases.rows without an area", without_polygon),
        )
        if len(codes)
    ]
    both = in_both("errors.phrases.both", {"first": sides[0], "second": sides[-1]})
    raise JoinError(
        "areas without partner",
        {
            "sides": both if len(sides) > 1 else sides[0],
            "share": unmatched,
            "total": len(needed),
        },
    )


def _filled(values: pd.DataFrame, bare: pd.Index[Any]) -> pd.DataFrame:
    """Return the values with a status where a partner is missing."""
    status = [name for name in values.columns if name.endswith("_status")]
    filled = values.copy()
    filled.loc[bare, status] = Status.NOT_JOINED.value
    return filled


def _notes(bare: pd.Index[Any], loose: pd.Index[Any]) -> list[Note]:
    notes = []
    if len(bare):
        codes = tuple(map(str, bare))
        notes.append(Note("areas not joined", {"areas": len(codes)}, codes))
    if len(loose):
        codes = tuple(map(str, loose))
        notes.append(Note("register rows not joined", {"areas": len(codes)}, codes))
    return notes
