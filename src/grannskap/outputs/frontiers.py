"""The table of frontiers: every border shown, with both sides, the sharpest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from grannskap.analysis import borders as of_view
from grannskap.analysis import series
from grannskap.catalogue import FRONTIERS
from grannskap.outputs.qgis import Stroke

if TYPE_CHECKING:
    import geopandas as gpd

    from grannskap.analysis import Results, View
    from grannskap.language import Language

__all__ = ["borders", "by_place", "layer", "strokes"]


def borders(results: Results, view: View) -> pd.DataFrame | None:
    """A row per border shown, index ``first`` and ``second``: both sides, test and length."""
    found = of_view.shown(results, view)
    if found is None or found.empty:
        return None
    table = pd.DataFrame(found.drop(columns="geometry"))
    names = results.areas.get("regso_name")
    if names is not None:
        for number, side in enumerate(("first", "second")):
            table.insert(2 + number, f"{side}_name", names.reindex(table[side]).to_numpy())
    table = table.rename(columns=_NAMES)
    if results.frontiers is not None and results.frontiers.became is not None:
        balance = results.options.balance
        table = series.with_break(table, results, (balance.low, balance.high))
    renamed = {name: f"border_{name}" for name in _RENAMED if name in table}
    return table.rename(columns=renamed).set_index(["first", "second"])


def layer(results: Results, view: View) -> gpd.GeoDataFrame | None:
    """Return every border shown as a line with the columns of `borders`, and how wide it is."""
    from grannskap.maps.atlas import frontiers

    lines, table = of_view.shown(results, view), borders(results, view)
    if lines is None or table is None:
        return None
    rows = table.reset_index().assign(line_width=frontiers.widths(lines) + 1)
    return lines[["geometry"]].reset_index(drop=True).join(rows)[[*rows, "geometry"]]


def strokes(language: Language) -> list[Stroke]:
    """How the lines of the layer are drawn: frontiers by width, and what may be one dashed."""
    from grannskap.maps.atlas import frontiers

    drawn = zip(frontiers.said(language), frontiers.POINTS, strict=True)
    sharp = [
        Stroke(told, f'"frontier" = \'frontier\' AND "line_width" = {n}', frontiers.INK, points)
        for n, (told, points) in enumerate(drawn, start=1)
    ]
    label = FRONTIERS["unsure"](language).capitalize()
    return [
        Stroke(label, "\"frontier\" = 'unsure'", _UNSURE, frontiers.POINTS[0], dashed=True),
        *sharp,
    ]


_UNSURE = "#5b6168"

_NAMES = {"status": "frontier", "status_then": "frontier_then", "length": "border_length"}

_RENAMED = (
    *("p", "q", "q_least", "p_change", "q_change", "q_least_change"),
    *("difference", "difference_lower", "difference_upper", "difference_then"),
    *("log2_ratio", "log2_ratio_lower", "log2_ratio_upper", "log2_change"),
    *("interval_lower", "interval_upper"),
)
"""Columns that other tables have too, of something else."""


def by_place(results: Results, view: View) -> pd.DataFrame | None:
    """A row per place shown and year: the share of its border length that is a frontier."""
    if results.frontiers is None:
        return None
    found, wanted = results.frontiers.places, view.places(results)
    keys = [
        (name, (*place, int(year)))
        for name, place in wanted.items()
        for year in results.dataset.years
        if (*place, int(year)) in found.index
    ]
    if not keys:
        return None
    index = pd.MultiIndex.from_tuples(
        [(name, key[2]) for name, key in keys], names=["place", "year"]
    )
    table = found.loc[[key for _, key in keys]].set_axis(index)
    return table.rename(columns={name: f"frontier_{name}" for name in table})
