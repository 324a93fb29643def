"""How unevenly the two poles live over the areas of each place, in the year in focus."""

from __future__ import annotations

from collections.abc import Iterator
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
    sets: dict[Place, tuple[str, ...]] = {
        (str(level), str(place)): tuple(sorted(map(str, codes)))
        for (level, place), codes in wanted.groupby(["level", "place"], sort=False)["deso"]
        if len(codes) > 1
    }
    first = {codes: key for key, codes in reversed(sets.items())}  # one for all of the same areas
    drawn = len(first) <= MOST_PLACES
    found: dict[Place, pd.DataFrame] = {}
    for part in _parts(first):
        redraws = REDRAWS if drawn and max(map(len, part.values())) <= MOST_AREAS else 0
        by = pd.Series({code: key[1] for key, codes in part.items() for code in codes})
        table = segregation.indices(
            counts.loc[by.index],
            by=by,
            redraws=redraws,
            confidence=asked.balance.confidence,
            seed=asked.autocorrelation.seed,
        )
        level = next(key[0] for key in part)
        for place, of_place in table.groupby(level="place"):
            found[(level, str(place))] = of_place.droplevel("place")
    if not sets:
        return pd.DataFrame(index=pd.MultiIndex.from_arrays([[], [], []], names=_INDEX))
    every = {key: found[first[codes]] for key, codes in sets.items()}
    whole: pd.DataFrame = pd.concat(every, names=_INDEX)
    whole.attrs = {}
    return whole


Place = tuple[str, str]
"""A level and a place of it."""


def _parts(first: dict[tuple[str, ...], Place]) -> Iterator[dict[Place, tuple[str, ...]]]:
    """Yield places that can be measured at once: of one level and size, no area in two of them."""
    for level in LEVELS[:-1]:
        for large in (False, True):
            part = {
                key: codes
                for codes, key in first.items()
                if key[0] == level and (len(codes) > MOST_AREAS) is large
            }
            if part:
                yield part
    for codes, key in first.items():
        if key[0] == LEVELS[-1]:
            yield {key: codes}


_INDEX = ["level", "place", "measure"]
