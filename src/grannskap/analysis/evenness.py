"""How unevenly the two poles live over the areas of each place, in the year in focus."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from grannskap.catalogue import ORDERED, PARTITIONS
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
        Places that hold the same areas have the same rows. The scopes also have the measures of
        groups in order, where the poles are the ends of such (income quarters).
    """
    counts = _counts(dataset, [asked.balance.low, asked.balance.high], year)
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
    for key, codes in sets.items():
        if key[0] == LEVELS[-1] and len(codes) <= MOST_AREAS:
            own = first[codes]
            found[own] = _joined(found[own], _ordered(dataset, codes, asked, year))
    if not sets:
        return pd.DataFrame(index=pd.MultiIndex.from_arrays([[], [], []], names=_INDEX))
    every = {key: found[first[codes]] for key, codes in sets.items()}
    whole: pd.DataFrame = pd.concat(every, names=_INDEX)
    whole.attrs = {}
    return whole


def _counts(dataset: Dataset, names: list[str], year: int) -> pd.DataFrame:
    rows = dataset.counts.index
    chosen = (rows.get_level_values("year") == year) & (rows.get_level_values("group") == "all")
    counts = dataset.counts[chosen].droplevel(["year", "group"])[names].astype("float64")
    return counts.reindex(dataset.geometry.index)


def _ordered(
    dataset: Dataset, codes: tuple[str, ...], asked: Options, year: int
) -> pd.DataFrame | None:
    """Measures of all groups in order between the poles; None where there are none between."""
    ends, there = (asked.balance.low, asked.balance.high), set(dataset.variables)
    groups = next(
        (
            one.parts
            for one in PARTITIONS
            if len(one.parts) > len(ends)
            and (one.parts[0], one.parts[-1]) == ends
            and there.issuperset(one.parts)
        ),
        None,
    )
    if groups is None:
        return None
    counts = _counts(dataset, list(groups), year).loc[list(codes)]
    if counts.isna().all(axis=None):
        return None
    table = segregation.indices(
        counts,
        by=pd.Series("place", index=counts.index),
        ordered=True,
        redraws=REDRAWS,
        confidence=asked.balance.confidence,
        seed=asked.autocorrelation.seed,
    )
    return table.droplevel("place").loc[list(ORDERED)]


def _joined(table: pd.DataFrame, more: pd.DataFrame | None) -> pd.DataFrame:
    if more is None or more.index.isin(table.index).any():
        return table
    for one in (table, more):
        one.attrs = {}
    return pd.concat([table, more])


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
