"""What became of the rows: refused, left out or taken in by a rule, counted and told."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from grannskap.notes import Note
from grannskap.sources.microdata.asked import Asked
from grannskap.sources.microdata.households import NOT_COUNTED

__all__ = ["RULES", "by_reason", "placed", "refused", "ruled"]

RULES = ("nothing", "no_adult", "split")
"""Rules that take a household in which could have been refused."""


def by_reason(cells: pd.DataFrame) -> pd.DataFrame:
    """Return rows and households by reason ("" where none), and those that a rule took in."""
    by = cells.rename(columns={"n": "households"}).groupby("reason")
    return by[["rows", "households", *RULES]].sum()


def refused(told: pd.DataFrame) -> tuple[Note, ...]:
    """Return a note for each reason for which households were not counted, or have no quartile."""
    found = told.drop(index="", errors="ignore")
    values = [
        {"reason": str(reason), "rows": int(rows), "households": int(households)}
        for reason, rows, households in zip(
            found.index, found["rows"], found["households"], strict=True
        )
    ]
    out = [one for one in values if one["reason"] in NOT_COUNTED]
    kept = [one for one in values if one["reason"] not in NOT_COUNTED]
    return (
        *(Note("microdata refused", one) for one in out),
        *(Note("microdata without quartile", one) for one in kept),
    )


def ruled(told: pd.DataFrame) -> tuple[Note, ...]:
    """Return a note for each rule that took households in: of no income, of children, split."""
    good = told.loc[told.index == ""]
    sums = {rule: int(good[rule].sum()) for rule in RULES}
    return tuple(
        Note("microdata rule", {"rule": rule, "households": number})
        for rule, number in sums.items()
        if number
    )


def placed(
    bounds: Mapping[int, tuple[float, ...]], ties: Mapping[int, int], asked: Asked
) -> tuple[Note, ...]:
    """Return what each year's bounds are, how many lie on one, and what was taken for granted."""
    notes = []
    for year, (one, two, three) in sorted(bounds.items()):
        values = {"year": str(year), "one": one, "two": two, "three": three}
        known = {"given": year in asked.bounds, "ties": ties.get(year, 0)}
        notes.append(Note("microdata bounds", {**values, **known}))
    if "cohabiting" not in asked.columns:
        notes.append(Note("microdata couples assumed"))
    return tuple(notes)
