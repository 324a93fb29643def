"""Tables of interventions: each by its row, the grid, and what has how many of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from grannskap.analysis import headline
from grannskap.catalogue import INTERVENTION_LEVELS, INTERVENTION_PARTS
from grannskap.letters import legible
from grannskap.wording import say

if TYPE_CHECKING:
    from grannskap.analysis import Results, View

__all__ = ["by_place", "by_row", "grid"]


def by_row(view: View) -> pd.DataFrame | None:
    """A row per intervention, index ``list_row``: where it is, its years, levels and criteria."""
    held = view.interventions
    if held is None:
        return None
    rows = [
        {
            "list_row": one.row.row,
            "intervention": one.row.name,
            "intervention_place": one.row.place or None,
            "intervention_where": one.where,
            "intervention_areas": len(one.codes),
            "first_year": one.row.first,
            "last_year": one.row.last,
            **{f"level_{name}": name in one.row.levels for name in INTERVENTION_LEVELS},
            **{f"criterion_{name}": name in one.row.parts for name in INTERVENTION_PARTS},
        }
        for one in held.placed
    ]
    table = pd.DataFrame(rows).set_index("list_row")
    years = ["first_year", "last_year"]
    return table.assign(**{name: table[name].astype("Float64") for name in years})


def grid(view: View) -> pd.DataFrame | None:
    """Interventions by level and part of a criterion, each counted in all of its cells."""
    held = view.interventions
    if held is None:
        return None
    rows = [
        (level, INTERVENTION_PARTS[part][0], part, len(held.names_in(level, part)))
        for level in INTERVENTION_LEVELS
        for part in INTERVENTION_PARTS
    ]
    index = ["intervention_level", "criterion", "criterion_part"]
    return pd.DataFrame(rows, columns=[*index, "interventions"]).set_index(index)


def by_place(results: Results, view: View) -> pd.DataFrame | None:
    """How many interventions touch each neighbourhood, each kind of cluster, and both poles.

    Index ``place_kind`` and ``place``. One touches a place where its own place or its point has
    an area there; those that are everywhere or nowhere touch none.
    """
    held = view.interventions
    if held is None:
        return None
    rows = [
        (kind, legible(name), len(codes), len(held.touching(codes)))
        for kind, name, codes in _places(results, view)
    ]
    columns = ["place_kind", "place", "intervention_areas", "interventions"]
    return pd.DataFrame(rows, columns=columns).set_index(columns[:2])


def _places(results: Results, view: View) -> Iterator[tuple[str, str, list[str]]]:
    """Yield neighbourhoods, the two poles and clusters: kind, name, and the areas shown."""
    shown = view.shown(results)
    for one in results.dataset.neighbourhoods:
        codes = [code for code in one.codes if code in shown.index]
        if codes:
            yield "neighbourhood", one.name, codes
    words = headline.poles(results, view)
    balance = results.at("balance", "area").reindex(shown.index)["estimate"]
    for chosen, key in ((balance > 1, "low"), (balance < 1, "high")):
        of = {"of": key, "low": words.low, "than": words.than}
        name = say("report.interventions.side", view.language, of)
        yield "pole", name, [*map(str, shown.index[chosen])]
    for clustering in results.clusterings:
        classes = clustering.local["cluster"].astype(object).reindex(shown.index)
        for cluster in ("high-high", "low-low"):
            told = {"what": view.called(clustering.variable), "cluster": cluster}
            name = say("report.interventions.cluster", view.language, told)
            yield "cluster", name, [*map(str, shown.index[(classes == cluster).to_numpy()])]
