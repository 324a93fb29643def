"""Tables of what happened over all the years."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from grannskap.analysis import Results, View

__all__ = ["clusters", "evenness", "index", "over_years", "told_evenness", "transitions"]

_OF_SHARES = {
    "last_year": "last_year",
    "years": "over_years",
    "share_first": "over_first",
    "share_last": "over_last",
    "share_least": "over_least",
    "share_most": "over_most",
    "statistic": "over_statistic",
    "p": "over_p",
    "q": "over_q",
    "q_least": "over_q_least",
    "status": "over_became",
}


def over_years(results: Results, view: View) -> pd.DataFrame | None:
    """A row per share of a pole, segment between breaks, and area: did the share change at all.

    ``over_became`` is ``"changed"`` only where no possible counts leave it to chance; it does not
    say when, nor which way. Areas that were tested but are not shown are there too, with
    ``in_view`` false. None of a single year.
    """
    if results.history is None or results.history.shares.empty:
        return None
    found = results.history.shares
    shown = pd.Series(view.mask(results.areas.index), index=results.areas.index)
    here = shown.reindex(found.index.get_level_values("deso")).to_numpy()
    table = found.rename(columns=_OF_SHARES).assign(in_view=here)
    table.attrs = {}
    return table


def clusters(results: Results, view: View) -> pd.DataFrame | None:
    """A row per tested variable, year and area: its class, each year tested by itself.

    None where no variable was tested in two years.
    """
    history = results.history
    if history is None or history.clusters.index.unique("year").size < _FEWEST:
        return None
    found = history.clusters
    shown = pd.Series(view.mask(results.areas.index), index=results.areas.index)
    here = shown.reindex(found.index.get_level_values("deso")).to_numpy()
    table = found.rename(columns={"q": "local_q"}).assign(in_view=here)
    return table.rename_axis(index={"variable": "over_variable"})


_FEWEST = 2


def transitions(results: Results, view: View) -> pd.DataFrame | None:
    """A row per tested variable, segment and pair of classes: areas shown that went from a to b.

    ``expected_areas`` are those there would be if the years were independent, which they are not.
    None where no variable was tested in two years of a segment.
    """
    if results.history is None or results.history.moves.empty:
        return None
    moves, place = results.history.moves, view.whole(results)
    levels, places = (moves.index.get_level_values(number) for number in (0, 1))
    found = moves[(levels == place[0]) & (places == place[1])].droplevel(["level", "place"])
    table = found.rename_axis(index={"variable": "over_variable"})
    return None if table.empty else table.rename(columns={"expected": "expected_areas"})


def evenness(results: Results, view: View) -> pd.DataFrame | None:
    """A row per place, year and measure of evenness; None of a single year."""
    if results.history is None:
        return None
    found = results.history.evenness
    names = {place: name for name, place in view.places(results).items()}
    there = set(zip(*(found.index.get_level_values(i) for i in (1, 2)), strict=True))
    parts = {
        name: found.xs(place, level=["level", "place"])
        for place, name in names.items()
        if place in there
    }
    if not parts:
        return None
    return told_evenness(pd.concat(parts, names=["place"]))


def index(results: Results, view: View) -> pd.DataFrame | None:
    """A row per whole municipality shown and year: the segregation index; None of a single year."""
    if results.history is None or results.history.index.empty:
        return None
    shown = view.shown(results)
    codes = set(shown["municipality"][shown["complete"].to_numpy()])
    found = results.history.index
    here = found[found.index.get_level_values("municipality").isin(codes)]
    table = here.swaplevel().sort_index()
    return None if table.empty else table


def told_evenness(found: pd.DataFrame) -> pd.DataFrame:
    """Measures of evenness as they stand in tables: what is corrected by its own interval.

    All are 0–1. What is corrected may be less than 0 where nothing is left beyond chance, and is
    then told as 0, as the ends of its interval are.
    """
    table = found.rename(columns=_OF_EVENNESS)
    ends = ["evenness_corrected", "evenness_lower", "evenness_upper"]
    table[ends] = table[ends].clip(0.0, 1.0)
    ordered = [*_OF_EVENNESS.values()]
    return table[[*ordered, *(name for name in table.columns if name not in ordered)]]


_OF_EVENNESS = {
    "corrected": "evenness_corrected",
    "lower": "evenness_lower",
    "upper": "evenness_upper",
    "se": "evenness_se",
    "estimate": "evenness_raw",
    "bias": "evenness_bias",
    "even": "evenness_even",
    "p": "evenness_p",
    "people": "evenness_people",
    "status": "evenness_status",
}
"""Columns of the measures of evenness, in the order of tables."""
