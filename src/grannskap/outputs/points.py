"""Table of how many percentage points each share of each place changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from grannskap.analysis import series
from grannskap.catalogue import SHARES
from grannskap.wording import say

if TYPE_CHECKING:
    from grannskap.analysis import Results, View

__all__ = ["by_place"]

_COUNTRY = ("country", "country")


def by_place(results: Results, view: View) -> pd.DataFrame | None:
    """A row per place, group and share: its change in percentage points between the years compared.

    ``points_at_least`` and ``points_at_most`` are what it can be, given what is hidden, rounded or
    missing, and ``points_unknown`` tells where these hold 0; ``within_chance`` tells where q is
    above the error that is allowed. None where no two years are compared.
    """
    names = [name for name in results.indicators if f"{name}_change" in results.measured]
    if results.options.compare is None or not names:
        return None
    found = pd.concat({str(name): _of_share(results, view, str(name)) for name in names})
    found.index = found.index.set_names("indicator", level=0)
    order = {place: i for i, place in enumerate(_places(results, view))}
    kept = found.dropna(subset="points").reorder_levels(["place", "group", "indicator"])
    rank = [order[place] for place in kept.index.get_level_values("place")]
    return kept.iloc[sorted(range(len(kept)), key=rank.__getitem__)]


def _places(results: Results, view: View) -> dict[str, tuple[str, str]]:
    """Return the places, and the country last, whether a map shows it or not."""
    places = dict(view.places(results))
    if _COUNTRY in places.values():
        return places
    return {**places, say("report.table.country", view.language): _COUNTRY}


def _of_share(results: Results, view: View, name: str) -> pd.DataFrame:
    table = results.table(f"{name}_change")
    keys = [
        (place, group, (*key, results.year, group))
        for place, key in _places(results, view).items()
        for group in results.dataset.groups
        if (*key, results.year, group) in table.index
    ]
    rows = table.loc[[key for *_, key in keys]]
    own = name == "public_housing_share"  # of those who live there all do
    index = pd.MultiIndex.from_tuples([key[:2] for key in keys], names=["place", "group"])
    made = pd.DataFrame(
        {
            "points": 100 * rows["estimate"].astype(float),
            "points_at_least": 100 * rows["lower"].astype(float),
            "points_at_most": 100 * rows["upper"].astype(float),
            "p": rows["p"].astype(float),
            "q": rows["q"].astype(float),
            "within_chance": rows["q"].astype(float) > 1 - results.options.balance.confidence,
            "points_unknown": rows["lower"].lt(rows["upper"])
            & rows["lower"].le(0)
            & rows["upper"].ge(0),
            "areas": rows["areas"],
            "areas_missing": rows["areas_missing"],
        }
    ).set_axis(index)
    made = series.with_break(made, results, (SHARES[name].part, SHARES[name].base))
    return made[made.index.get_level_values("group") != "public_housing"] if own else made
