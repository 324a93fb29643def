"""How unevenly the two poles live over the areas of each place, in the year in focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from grannskap.measures import segregation

if TYPE_CHECKING:
    from grannskap.analysis.options import Options
    from grannskap.dataset import Dataset

__all__ = ["MOST_PLACES", "REDRAWS", "evenness_of"]

REDRAWS = 500
"""Towns that chance makes of each place, for its intervals and tests."""

MOST_AREAS, MOST_PLACES = 700, 40
"""In larger places, and beyond so many, the estimates stand alone: redraws would take minutes."""

LEVELS = ("municipality", "county", "country", "scope")


def evenness_of(dataset: Dataset, members: pd.DataFrame, asked: Options, year: int) -> pd.DataFrame:
    """Measures of evenness between the poles of each place of two areas or more.

    Returns
    -------
    pandas.DataFrame
        Index ``level``, ``place``, ``measure``; columns as `segregation.indices` gives them.
        Places that hold the same areas have the same rows.
    """
    rows = dataset.counts.index
    chosen = (rows.get_level_values("year") == year) & (rows.get_level_values("group") == "all")
    poles = [asked.balance.low, asked.balance.high]
    counts = dataset.counts[chosen].droplevel(["year", "group"])[poles].astype("float64")
    counts = counts.reindex(dataset.geometry.index)
    wanted = members[members["level"].isin(LEVELS)]
    areas = {
        key: tuple(sorted(map(str, codes)))
        for key, codes in wanted.groupby(["level", "place"], sort=False)["deso"]
        if len(codes) > 1
    }
    drawn = len(set(areas.values())) <= MOST_PLACES
    found: dict[tuple[str, ...], pd.DataFrame] = {}
    for (_, place), codes in areas.items():
        if codes not in found:
            of_place = counts.loc[list(codes)]
            redraws = REDRAWS if drawn and len(codes) <= MOST_AREAS else 0
            by = pd.Series(str(place), index=of_place.index)
            table = segregation.indices(
                of_place,
                by=by,
                redraws=redraws,
                confidence=asked.balance.confidence,
                seed=asked.autocorrelation.seed,
            )
            found[codes] = table.droplevel("place")
    if not areas:
        return pd.DataFrame(index=pd.MultiIndex.from_arrays([[], [], []], names=_INDEX))
    whole = pd.concat({key: found[codes] for key, codes in areas.items()}, names=_INDEX)
    whole.attrs = {}
    return whole


_INDEX = ["level", "place", "measure"]
