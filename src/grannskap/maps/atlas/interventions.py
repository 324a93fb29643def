"""Where interventions are, as points over every map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grannskap.catalogue import CRITERIA, INTERVENTION_LEVELS, INTERVENTION_PARTS
from grannskap.errors import few
from grannskap.maps.atlas.model import Extra
from grannskap.maps.marks import Overlay
from grannskap.wording import say

if TYPE_CHECKING:
    from grannskap.analysis import View

__all__ = ["draw_grid", "marks"]

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


def draw_grid(view: View) -> Extra | None:
    """Draw the interventions by level and criterion; None where there is no list of them."""
    from grannskap.maps import figure

    held, language = view.interventions, view.language
    if held is None:
        return None
    title = say("maps.interventions.title", language)
    caption = say("maps.interventions.caption", language)
    drawn = figure.matrix(
        [
            [held.names_in(level, part) for part in INTERVENTION_PARTS]
            for level in INTERVENTION_LEVELS
        ],
        rows=[words(language) for words in INTERVENTION_LEVELS.values()],
        columns=[
            (CRITERIA[criterion](language), words(language))
            for criterion, words in INTERVENTION_PARTS.values()
        ],
        title=title,
        subtitle=say(
            "maps.interventions.subtitle",
            language,
            {"place": view.title, "every": len(held.placed)},
        ),
        caption=caption,
        source=say("maps.source", language, {"sources": held.file}),
        page=view.map.page,
        language=language,
    )
    return Extra("interventions", title, caption, drawn)
