"""Which areas of one division have ground, and perhaps people, of which areas of another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from grannskap.sources.boundaries.coverage import union

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

__all__ = ["NOWHERE", "Links", "of_log", "of_polygons", "with_log"]

NOWHERE = ""
"""In place of a code: ground that the other division's areas do not cover."""

_UNCOVERED = 0.01
"""Share of an area from which on ground without an area in the other division is more than
another way of drawing the same border."""


@dataclass(frozen=True, eq=False)
class Links:
    """Pairs of areas with ground in common.

    Attributes
    ----------
    old, new : numpy.ndarray of object
        The codes of each pair; `NOWHERE` where the ground has no area of that division.
    ground : numpy.ndarray of object
        What the two have in common, as a polygon in EPSG:3006; None where it is not known.
    slivers : int
        How many pairs were left out because their ground is too thin to live on.
    """

    old: npt.NDArray[np.object_]
    new: npt.NDArray[np.object_]
    ground: npt.NDArray[np.object_]
    slivers: int = 0

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.old)

    def only(self, kept: npt.NDArray[np.bool_]) -> Links:
        """Return some of the pairs."""
        return Links(self.old[kept], self.new[kept], self.ground[kept], self.slivers)


def of_polygons(source: gpd.GeoSeries, target: gpd.GeoSeries, *, thin: float) -> Links:
    """Lay two divisions over each other.

    Parameters
    ----------
    source, target : GeoSeries
        Valid polygons in metres on the codes of either division.
    thin : float
        Metres. Common ground without a spot that is wider is another way of drawing one border,
        and is left out; the largest part of an area never is.

    Returns
    -------
    Links
        In the order of their codes.
    """
    import shapely

    olds, news = source.to_numpy(), target.to_numpy()
    first, second = shapely.STRtree(news).query(olds, predicate="intersects")
    ground = shapely.intersection(olds[first], news[second])
    size = shapely.area(ground)
    codes = source.index.to_numpy(dtype=object), target.index.to_numpy(dtype=object)
    frame = pd.DataFrame(
        {"old": codes[0][first], "new": codes[1][second], "ground": ground, "size": size}
    )[size > 0]
    rest = (
        _uncovered(source, frame.groupby("old")["size"].sum(), news, other="new", own="old"),
        _uncovered(target, frame.groupby("new")["size"].sum(), olds, other="old", own="new"),
    )
    parts = [part for part in (frame, *rest) if len(part)]
    frame = pd.concat(parts or [frame], ignore_index=True).sort_values(["old", "new"])
    largest = frame["size"] == frame.groupby("old")["size"].transform("max")
    doubtful = np.flatnonzero(~largest.to_numpy() | (frame["old"] == NOWHERE).to_numpy())
    kept = np.ones(len(frame), dtype=bool)
    kept[doubtful] = wide(frame["ground"].to_numpy()[doubtful], thin)
    old, new, shapes = (
        frame[name].to_numpy(dtype=object)[kept] for name in ("old", "new", "ground")
    )
    return Links(old, new, shapes, int((~kept).sum()))


def wide(shapes: npt.NDArray[np.object_], thin: float) -> npt.NDArray[np.bool_]:
    """Tell which shapes have a spot that is wider than so many metres."""
    import shapely

    shrunk = shapely.buffer(shapes, -thin / 2, join_style="mitre")
    return np.asarray(~shapely.is_empty(shrunk), dtype=bool)


def _uncovered(
    areas: gpd.GeoSeries,
    covered: pd.Series[Any],
    others: npt.NDArray[np.object_],
    *,
    other: str,
    own: str,
) -> pd.DataFrame:
    """Return the ground of areas that have some outside of all areas of the other division."""
    import shapely

    size = areas.area
    lacking = 1 - covered.reindex(areas.index).fillna(0.0) / size
    open_areas = areas[(lacking > _UNCOVERED).to_numpy()]
    if not len(open_areas):
        return pd.DataFrame({"old": [], "new": [], "ground": [], "size": []}, dtype=object)
    ground = shapely.difference(open_areas.to_numpy(), _near(open_areas, others))
    codes = open_areas.index.to_numpy(dtype=object)
    return pd.DataFrame(
        {own: codes, other: NOWHERE, "ground": ground, "size": shapely.area(ground)}
    )


def _near(areas: gpd.GeoSeries, others: npt.NDArray[np.object_]) -> BaseGeometry:
    """Return the union of those of the others that meet any of the areas."""
    import shapely

    _, which = shapely.STRtree(others).query(areas.to_numpy(), predicate="intersects")
    return union(others[np.unique(which)]) if len(which) else shapely.Polygon()


def of_log(codes: pd.Index[Any], changes: pd.DataFrame, target: gpd.GeoSeries | None) -> Links:
    """Read the pairs off SCB's change log alone: what is not in it is unchanged.

    Parameters
    ----------
    codes : Index
        The areas of the counts.
    changes : DataFrame
        Columns ``old``, ``new`` and ``kind``, as `grannskap.sources.changes.read` returns it.
    target : GeoSeries or None
        The new division's polygons: those of areas that one old area was split into are the
        ground of their pairs.

    Returns
    -------
    Links
        With `NOWHERE` where the log tells that an area was extended or reduced, but not by which,
        and where an area that the counts lack gave to one that they reach.
    """
    log = _Log.of(changes)
    pairs = {(old, new) for old, new in log.pairs}
    pairs |= {(str(code), str(code)) for code in codes if code not in log.ended}
    pairs |= {(NOWHERE, code) for code in log.extended} | {(code, NOWHERE) for code in log.reduced}
    there = set(map(str, codes))
    reached = {new for old, new in pairs if old in there}
    known = sorted(
        {
            (old if old in there else NOWHERE, new)
            for old, new in pairs
            if old in there or new in reached or (old == NOWHERE and new in there)
        }
    )
    old, new = (np.array([pair[at] for pair in known], dtype=object) for at in (0, 1))
    ground = np.full(len(known), None, dtype=object)
    if target is not None:
        single = pd.Series(old).groupby(new).transform("nunique").eq(1)
        split = single.groupby(old).transform("all").to_numpy(dtype=bool) & np.isin(
            new, target.index.to_numpy(dtype=object)
        )
        ground[split] = target.loc[new[split]].to_numpy()
    return Links(old, new, ground)


def with_log(links: Links, changes: pd.DataFrame) -> Links:
    """Leave out pairs that SCB's change log knows no change of: a border drawn in two ways.

    Parameters
    ----------
    links : Links
        From `of_polygons`.
    changes : DataFrame
        Columns ``old``, ``new`` and ``kind``.

    Returns
    -------
    Links
        An area that is in no row of the log is whole. Where the log tells that an area was
        extended or reduced but not by which, its pairs are all kept.
    """
    log = _Log.of(changes)
    listed = {*log.pairs}
    kept = [
        bool(old)
        and bool(new)
        and (old == new or (old, new) in listed or new in log.extended or old in log.reduced)
        for old, new in zip(links.old, links.new, strict=True)
    ]
    alone = ~pd.Series(links.old).isin(links.old[np.array(kept, dtype=bool)]).to_numpy()
    return links.only(np.array(kept, dtype=bool) | (alone & (links.old != NOWHERE)))


_EXTENDED, _REDUCED = "utvidgas", "minskas"
_WATER = "territorialvatten"
_ENDING = ("upphör", "kodändrad")


@dataclass(frozen=True)
class _Log:
    """What the change log says: who gives to whom, who ends, and whose givers it does not name."""

    pairs: frozenset[tuple[str, str]]
    ended: frozenset[str]
    extended: frozenset[str]
    reduced: frozenset[str]

    @classmethod
    def of(cls, changes: pd.DataFrame) -> _Log:
        rows = list(
            zip(*(changes[name].astype(str) for name in ("old", "new", "kind")), strict=True)
        )
        pairs = {(old, new) for old, new, _ in rows if old != new}
        givers, takers = {old for old, _ in pairs}, {new for _, new in pairs}
        own = [(old, kind.casefold()) for old, new, kind in rows if old == new]
        extended = {code for code, kind in own if kind.startswith(_EXTENDED) and _WATER not in kind}
        reduced = {code for code, kind in own if kind.startswith(_REDUCED)}
        ended = {old for old, _, kind in rows if kind.casefold().startswith(_ENDING)}
        return cls(
            frozenset(pairs),
            frozenset(ended),
            frozenset(extended - takers),
            frozenset(reduced - givers),
        )
