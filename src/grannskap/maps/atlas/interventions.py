"""Where interventions are, as points over every map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grannskap.errors import few
from grannskap.maps.marks import Overlay
from grannskap.wording import say

if TYPE_CHECKING:
    from grannskap.analysis import View

__all__ = ["marks"]

_COLOUR = "#1a1c1f"
"""Of neither pole, and of no overlay unless it is asked for."""

_NAMED = 2
"""How many interventions of one place are named beside its point."""


def marks(view: View) -> tuple[Overlay, ...]:
    """Return a point for each place that has interventions, with their names."""
    held = view.interventions
    named: dict[tuple[float, float], list[str]] = {}
    for one in () if held is None else held.placed:
        if one.mark is not None:
            named.setdefault((one.mark.x, one.mark.y), []).append(one.row.name)
    if not named:
        return ()
    import geopandas as gpd

    label = say("maps.interventions.mark", view.language)
    points = gpd.GeoSeries(gpd.points_from_xy(*zip(*named, strict=True)), crs=3006)
    names = tuple(few(told, most=_NAMED)(view.language) for told in named.values())
    return (Overlay(label, "points", points, names, colour=_COLOUR),)
