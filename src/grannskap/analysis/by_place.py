"""The balance of every place, by year and group, and what its sums leave out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from grannskap import notes
from grannskap.analysis.gathering import Gathered
from grannskap.areas import select
from grannskap.catalogue import GROUPS
from grannskap.errors import ColumnError, few
from grannskap.language import Text
from grannskap.measures import balance
from grannskap.notes import Note

if TYPE_CHECKING:
    from grannskap.project import Project

__all__ = ["balances", "pair", "years_and_groups"]


def pair(frame: pd.DataFrame, project: Project) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """Return the two categories that are held against each other.

    Raises
    ------
    ColumnError
        When the register has not both.
    """
    names = (project.balance.low, project.balance.high)
    absent = [name for name in names if name not in frame.columns]
    if absent:
        known = [c.removesuffix("_status") for c in frame.columns if c.endswith("_status")]
        raise ColumnError(
            expected=f"the columns {' and '.join(names)} of [balance]",
            came=f"a register with {few(known, most=12)}",
            remedy="name two of them in [balance], or add them to [register.columns]",
        )
    return frame[names[0]], frame[names[1]]


def balances(
    gathered: Gathered, places: dict[str, list[str]]
) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """Balance of every place, by year and group, on summed counts and as a mean of ratios."""
    project = gathered.project
    everywhere = pd.Index(sorted({code for codes in places.values() for code in codes}))
    tables = {}
    for year, group in years_and_groups(gathered.register):
        flat = select(gathered.register, year=year, group=group).reindex(everywhere)
        low, high = pair(flat, project)
        tables[year, group] = balance.summary(low, high, groups=places, level=project.balance.level)
    whole = pd.concat(tables, names=["year", "group", "place"])
    told = {setting: notes.of(table) for setting, table in tables.items()}
    return whole.reorder_levels(["place", "year", "group"]), _merged(told)


def _merged(told: dict[tuple[int, str], tuple[Note, ...]]) -> tuple[Note, ...]:
    """One note for the years and groups that lack the same areas, with their names before it."""
    settings: dict[Note, list[tuple[int, str]]] = {}
    for setting, of_setting in told.items():
        for note in of_setting:
            settings.setdefault(note, []).append(setting)
    if len(told) == 1:
        return tuple(settings)
    return tuple(
        Note(
            note.kind,
            Text(f"{_named(where).sv}: {note.text.sv}", f"{_named(where).en}: {note.text.en}"),
            note.codes,
        )
        for note, where in settings.items()
    )


def _named(settings: list[tuple[int, str]]) -> Text:
    """Return "All 2012, Public housing 2012 2017" in both languages."""
    years: dict[str, list[str]] = {}
    for year, group in settings:
        years.setdefault(group, []).append(str(year) if year else "")
    words = {group: GROUPS.get(group, Text(group, group)) for group in years}
    return Text(
        *(
            ", ".join(" ".join([words[g](language), *years[g]]).strip() for g in years)
            for language in ("sv", "en")
        )
    )


def years_and_groups(register: pd.DataFrame) -> list[tuple[int, str]]:
    """Return the years and groups that a register holds, sorted."""
    years = register.index.get_level_values("year")
    groups = register.index.get_level_values("group")
    return sorted({(int(year), str(group)) for year, group in zip(years, groups, strict=True)})
