"""Names of places on maps: few, and those that a reader uses."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import shapely

from grannskap.maps.marks import Label, place_names

if TYPE_CHECKING:
    import geopandas as gpd

    from grannskap.analysis import Results, View

__all__ = ["labels"]

_LONGEST = 16
"""Letters beyond which a name stands in cards and tables alone."""

_POINTS = "norra|södra|östra|västra|nordöstra|nordvästra|sydöstra|sydvästra"
_PART = re.compile(
    rf"^(?:{_POINTS}|mellersta|inre|yttre|centrala)\s+"
    rf"|\s+(?:{_POINTS}|mellersta|inre|yttre|centrum|norr|söder|öster|väster)$",
    re.IGNORECASE,
)
_AROUND = re.compile(r"omland$", re.IGNORECASE)


def labels(
    results: Results, view: View, *, drawn: gpd.GeoDataFrame | None = None
) -> tuple[Label, ...]:
    """Return the names of places: of the project's file, or else of the RegSO that are shown.

    Parts of one place (*Norra Hageby*, *Hageby centrum*) have its name once; what is called the
    surroundings of something, and what is longer than 16 letters, is not named. Places with the
    most areas, and so with the most people, come first. `drawn` are the areas where they are
    not where they lie (hexagons): a place is then where the area is that holds it.
    """
    if view.place_names is not None:
        named = place_names(view.place_names)
        return named if drawn is None else _moved(named, results, drawn)
    if "regso_name" not in results.areas.columns:
        return ()
    shown = (view.drawn(results) if drawn is None else drawn)[["regso_name", "geometry"]]
    given = shown["regso_name"].fillna("").astype(str).str.strip()
    outlined = {place.name for place in results.dataset.neighbourhoods}
    names = {name: _short(name, set(given)) for name in sorted(set(given))}
    called = given.map(names)
    kept = ~given.isin(outlined) & (called != "") & (called.str.len() <= _LONGEST)
    grouped = [(str(name), part) for name, part in shown[kept].groupby(called[kept])]
    grouped = [(name, part) for name, part in grouped if name not in outlined]
    grouped.sort(key=lambda one: (-len(one[1]), one[0]))
    found = []
    for rank, (name, part) in enumerate(grouped, 1):
        place = part.geometry.union_all()
        point = place.representative_point()
        found.append(Label(name, point.x, point.y, rank, place))
    return tuple(found)


def _moved(
    named: tuple[Label, ...], results: Results, drawn: gpd.GeoDataFrame
) -> tuple[Label, ...]:
    """Move each name to the cell of the area that it lies in."""
    tree = shapely.STRtree(results.areas.geometry.to_numpy())
    points = shapely.points([(one.x, one.y) for one in named])
    which, areas = tree.query(points, predicate="intersects")
    found = []
    for number, area in dict(zip(which.tolist(), areas.tolist(), strict=True)).items():
        code = results.areas.index[area]
        if code in drawn.index:
            cell = drawn.geometry[code]
            one = replace(named[number], x=cell.centroid.x, y=cell.centroid.y, place=cell)
            found.append(one)
    return tuple(found)


def _short(name: str, given: set[str]) -> str:
    """Return the name that parts of one place share; its own where it shares none."""
    if _AROUND.search(name):
        return ""
    stem = _PART.sub("", name)
    shared = sum(_PART.sub("", other) == stem for other in given)
    return stem if shared > 1 else name
