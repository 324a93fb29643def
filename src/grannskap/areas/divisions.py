"""Move counts from one division to the other, and say of each how it was made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from grannskap.areas.keys import of_key
from grannskap.areas.links import NOWHERE, Links, of_log, of_polygons, with_log
from grannskap.areas.parting import Parts, amounts_of, bounds_of, counts_of, summed, total_of
from grannskap.areas.pools import pools
from grannskap.areas.spread import Rule, Spread, spread
from grannskap.catalogue import TRANSLATED, WAYS, Status, lower_column, status_column, upper_column
from grannskap.errors import DataError, JoinError, few
from grannskap.notes import Note, of, with_notes

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt

__all__ = ["crosswalk"]

_RANKS = {way: rank for rank, way in enumerate(WAYS)}
_SURE = ("same", "sum")

_OTHER: dict[int | None, int | None] = {2018: 2025, 2025: 2018, None: None}


def crosswalk(
    counts: pd.DataFrame,
    *,
    to: int | None = None,
    source: gpd.GeoDataFrame | gpd.GeoSeries | None = None,
    target: gpd.GeoDataFrame | gpd.GeoSeries | None = None,
    changes: pd.DataFrame | None = None,
    squares: gpd.GeoDataFrame | None = None,
    by: Rule = "squares",
    key: pd.DataFrame | None = None,
    amounts: tuple[str, ...] = (),
    thin: float = 10.0,
    sliver: float = 0.001,
) -> pd.DataFrame:
    """Counts on the areas of the other division, each with how it was made and how sure it is.

    Where areas were only split from nothing else, merged or renamed the result is exact: a new
    area that is made of whole old ones is their sum. Where an old area's people went to several
    new ones, population squares tell how many went where; what they leave open stands in the
    bounds. Sums over all areas are kept. Medians and means are never translated.

    Parameters
    ----------
    counts : DataFrame
        Counts with their status, and with bounds or without; index ``deso``, or ``deso``,
        ``year`` and ``group``; ``attrs["division"]`` where it is known.
    to : {2018, 2025}, optional
        The division to go to; the other one unless given. The counts' own changes nothing.
    source, target : GeoDataFrame or GeoSeries, optional
        Polygons of the counts' division and of the one to go to, on their codes, EPSG:3006.
    changes : DataFrame, optional
        SCB's change log (`grannskap.changes.read`): areas that are not in it are unchanged,
        however their borders are drawn.
    squares : GeoDataFrame, optional
        Population squares (`grannskap.squares.read`), of any size: column ``people``.
    by : {"squares", "area"}
        What tells how an area's people are spread. By area is a guess that must be asked for:
        its bounds are from none to all.
    key : DataFrame, optional
        In place of all these: columns ``old``, ``new`` and ``share`` (0–1, summing to 1 for each
        old area).
    amounts : tuple of str
        Columns that hold medians or means, beside those that the catalogue knows.
    thin : float
        Metres. Ground thinner than this is nobody's: the same border drawn in two ways.
    sliver : float
        Shares of a key below this are left out.

    Returns
    -------
    DataFrame
        Index as in `counts`, on the new codes; for each count ``x``, ``x_lower``, ``x_upper`` and
        ``x_status``; and ``translated``: ``"same"``, ``"sum"``, ``"squares"``, ``"area"``,
        ``"key"``, or ``"unknown"`` where nothing tells, with the status *missing*. The note
        ``"translated"`` counts them, ``"translated by"`` each uncertain way, and the people of
        whom it is not certain in which area they live. Whole counts stay whole.
        ``attrs["pools"]`` numbers old and new areas that share such people among themselves
        alone: of all of a pool's areas together nothing is uncertain.

    Raises
    ------
    ColumnError, DataError, JoinError
        When neither a key, the change log nor both divisions' polygons are given, or they lack
        areas of the counts.

    Examples
    --------
    >>> index = pd.Index(["0380C1010", "0380C1020"], name="deso")
    >>> old = pd.DataFrame({"low": [8.0, 5.0], "low_status": "value"}, index=index)
    >>> log = pd.DataFrame(
    ...     {
    ...         "old": ["0380C1010", "0380C1020"],
    ...         "new": ["0380C1030", "0380C1030"],
    ...         "kind": "Upphör; till nybildad",
    ...     }
    ... )
    >>> crosswalk(old, to=2025, changes=log)[["low", "translated"]]
                low translated
    deso
    0380C1030  13.0        sum
    """
    division = counts.attrs.get("division")
    if to is not None and to == division:
        return counts
    reached = to if to is not None else _OTHER[division]
    if key is not None:
        links, shares = of_key(key, sliver=sliver)
    else:
        links = _links(counts, source, target, changes, thin=thin, backwards=reached == 2018)
        shares = spread(links, by=by, squares=squares, thin=thin)
    _check_match(counts.index.get_level_values("deso"), links)
    moves = _moves(counts, links, shares)
    lost = amounts_of(counts, amounts)
    made = _made(counts, moves, lost)
    made.attrs = {"division": reached, "pools": pools(links, shares)}
    told = [
        *_notes_on_ways(counts, made, moves, {"to": str(reached or ""), "slivers": links.slivers}),
        *_note_on_amounts(made, lost),
        *_note_outside(counts, links, shares),
    ]
    return with_notes(made, (*of(counts), *told))


def _links(
    counts: pd.DataFrame,
    source: gpd.GeoDataFrame | gpd.GeoSeries | None,
    target: gpd.GeoDataFrame | gpd.GeoSeries | None,
    changes: pd.DataFrame | None,
    *,
    thin: float,
    backwards: bool,
) -> Links:
    log = changes
    if changes is not None and backwards:
        log = changes.rename(columns={"old": "new", "new": "old"})
    new = None if target is None else target.geometry
    if source is not None and new is not None:
        links = of_polygons(source.geometry, new, thin=thin)
        return links if log is None else with_log(links, log)
    if log is None or backwards:
        raise DataError("nothing to translate by", {"to": "2018" if backwards else "2025"})
    return of_log(counts.index.unique("deso"), log, new)


def _check_match(codes: pd.Index[Any], links: Links) -> None:
    lacking = codes.unique().difference(pd.Index(links.old))
    if len(lacking):
        raise JoinError(
            "areas not in the other division", {"areas": len(lacking), "codes": few(lacking)}
        )


@dataclass(frozen=True)
class _Moves:
    """Parts of rows of the counts on their way to new areas.

    Attributes
    ----------
    parts : Parts
        A part for each row and new area that takes some of it.
    how : numpy.ndarray of object
        Of each part, one of `WAYS`.
    index : Index
        The new areas, with years and groups where the counts have them.
    """

    parts: Parts
    how: npt.NDArray[np.object_]
    index: pd.Index[Any]


def _moves(counts: pd.DataFrame, links: Links, shares: Spread) -> _Moves:
    """Lay every row of the counts out over the new areas that take part of its area."""
    levels = counts.index.to_frame(index=False)
    times = [str(name) for name in levels.columns if name != "deso"]
    levels["row"] = np.arange(len(levels))
    pairs = pd.DataFrame({"deso": links.old, "new": links.new, "link": np.arange(len(links))})
    pairs = pairs[(shares.upper > 0) & (links.new != NOWHERE)]
    given = levels.merge(pairs[pairs["deso"] != NOWHERE], on="deso")
    unknown = pairs[pairs["deso"] == NOWHERE]
    if len(unknown):
        settings = levels[times].drop_duplicates().assign(row=-1)
        given = pd.concat([given, settings.merge(unknown, how="cross")], ignore_index=True)
    given["deso"] = given["new"]
    groups = given.groupby(["deso", *times], sort=True)
    which, index = groups.ngroup().to_numpy().astype(np.intp), groups.size().index
    link = given["link"].to_numpy().astype(np.intp)
    parts = Parts(
        given["row"].to_numpy().astype(np.intp),
        which,
        len(index),
        shares.share[link],
        shares.lower[link],
        shares.upper[link],
    )
    how = _how(shares.how[link], (links.old == links.new)[link], which)
    return _Moves(parts, how, index if times else pd.Index(index, name="deso"))


def _how(
    how: npt.NDArray[np.object_], same: npt.NDArray[np.bool_], which: npt.NDArray[np.intp]
) -> npt.NDArray[np.object_]:
    """Tell the same area from a whole one that is summed with others, or has another code."""
    alone = np.bincount(which)[which] == 1
    of_whole = np.where(same & alone, "same", "sum")
    return np.where(how == "whole", of_whole, how).astype(object)


def _made(counts: pd.DataFrame, moves: _Moves, lost: list[str]) -> pd.DataFrame:
    data = summed(counts.drop(columns=lost), moves.parts, _of_all(counts))
    ranks = np.array([_RANKS[word] for word in moves.how], dtype=int)
    found = np.zeros(moves.parts.sums, dtype=int)
    np.maximum.at(found, moves.parts.sum, ranks)
    made = np.array(list(WAYS), dtype=object)[found]
    for name in lost:
        data |= _carried(counts, name, moves.parts, made == "same")
    return pd.DataFrame({**data, TRANSLATED: made}, index=moves.index)


def _of_all(counts: pd.DataFrame) -> npt.NDArray[np.bool_]:
    if "group" not in counts.index.names:
        return np.ones(len(counts), dtype=bool)
    return np.asarray(counts.index.get_level_values("group") == "all", dtype=bool)


def _carried(
    counts: pd.DataFrame, name: str, parts: Parts, same: npt.NDArray[np.bool_]
) -> dict[str, Any]:
    """Carry an amount where the area is the same; nothing else has the median of another."""
    row = np.full(parts.sums, -1, dtype=np.intp)
    row[parts.sum] = parts.row
    least, most = bounds_of(counts, name)
    status = counts[status_column(name)].to_numpy(dtype=object)
    return {
        name: np.where(same, counts[name].to_numpy(dtype=float)[row], np.nan),
        lower_column(name): np.where(same, least[row], 0.0),
        upper_column(name): np.where(same, most[row], np.inf),
        status_column(name): np.where(same, status[row], Status.MISSING.value),
    }


def _notes_on_ways(
    counts: pd.DataFrame, made: pd.DataFrame, moves: _Moves, values: dict[str, object]
) -> list[Note]:
    """Count how areas were made, and of each uncertain way the people whom it leaves open."""
    ways = made[TRANSLATED].groupby(level="deso").first()
    found: dict[str, object] = {way: int((ways == way).sum()) for way in WAYS}
    notes = [Note("translated", {**values, **found})]
    for way in WAYS:
        codes = tuple(map(str, ways.index[ways == way]))
        if way in _SURE or not codes:
            continue
        column, people = _people(counts, _open(moves, len(counts), way))
        told = {"way": way, "areas": len(codes), "column": [column], "people": people}
        notes.append(Note("translated by", told, codes))
    return notes


def _open(moves: _Moves, rows: int, way: str) -> npt.NDArray[np.float64]:
    """Return the share of each row's people that is not certain to be in one area."""
    parts = moves.parts
    there = parts.row >= 0
    certain = np.bincount(parts.row[there], parts.lower[there], rows)
    by_way = np.bincount(parts.row[there], moves.how[there] == way, rows) > 0
    return np.where(by_way, 1 - np.minimum(certain, 1.0), 0.0)


def _note_on_amounts(made: pd.DataFrame, lost: list[str]) -> list[Note]:
    ways = made[TRANSLATED].groupby(level="deso").first()
    changed = tuple(map(str, ways.index[ways != "same"]))
    if not lost or not changed:
        return []
    return [Note("amounts not translated", {"names": lost, "areas": len(changed)}, changed)]


def _note_outside(counts: pd.DataFrame, links: Links, shares: Spread) -> list[Note]:
    """Tell whose people live on ground that the new division's areas do not cover."""
    gone = (links.new == NOWHERE) & (shares.upper > 0)
    share = pd.Series(np.nan_to_num(shares.share[gone], nan=1.0), index=links.old[gone])
    codes = counts.index.get_level_values("deso")
    left = np.asarray(share.groupby(level=0).sum().reindex(codes).fillna(0.0), dtype=float)
    if not left.any():
        return []
    column, people = _people(counts, left)
    areas = tuple(map(str, codes[left > 0].unique()))
    return [Note("moved out", {"areas": len(areas), "column": [column], "people": people}, areas)]


def _people(counts: pd.DataFrame, share: npt.NDArray[np.float64]) -> tuple[str, int]:
    """Return a total, and how many of it are meant by a share of each row, in the last year."""
    column = total_of(counts_of(counts))
    _, most = bounds_of(counts, column)
    chosen = _of_all(counts) & np.isfinite(most)
    if "year" in counts.index.names:
        years = np.asarray(counts.index.get_level_values("year"))
        chosen &= years == years.max()
    return column, round(float((most[chosen] * share[chosen]).sum()))
