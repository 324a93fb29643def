"""Tables of indicators: places side by side, or the years of one place and how they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from grannskap import catalogue
from grannskap.catalogue import SHARES
from grannskap.language import Language, inside_sentence, number, share
from grannskap.outputs import tables
from grannskap.outputs.report import cells, grids
from grannskap.outputs.report.cells import Cell, Column, Grid
from grannskap.wording import say

if TYPE_CHECKING:
    from grannskap.analysis import Results, View

__all__ = ["indicators"]

_MOST_PLACES = 8
_COUNTRY = ("country", "country")


def indicators(results: Results, view: View) -> tuple[Grid, ...]:
    """Shares by place: side by side where there are several years or groups."""
    table = tables.indicators(results, view)
    if "public_housing_share" in table:
        # Of those who live in public housing all do: the share says nothing there.
        own = table.index.get_level_values("group") == "public_housing"
        table = table.assign(public_housing_share=table["public_housing_share"].mask(own))
    names = [name for name in SHARES if name in table.columns and table[name].notna().any()]
    if not names:
        return ()
    table = table[table[names].notna().any(axis=1)]
    places = list(dict.fromkeys(table.index.get_level_values("place")))
    settings = len({(year, group) for _, year, group in table.index})
    if settings > 1 and len(places) <= _MOST_PLACES:
        keys = {**view.places(results), say("report.table.country", view.language): _COUNTRY}
        return tuple(
            _one_place(view, table.loc[[place]], names, (results, keys[place])) for place in places
        )
    return (_all_places(view, table, names),)


def _share_cell(row: pd.Series, name: str, language: Language) -> Cell:
    """A share, marked where not all of the place's areas have the counts."""
    value, gone = share(float(row[name]), language), int(row[f"{name}_missing"])
    if not gone or pd.isna(row[name]):
        return Cell(value)
    held = {"held": int(row["areas"] - gone), "every": int(row["areas"])}
    return Cell(f"{value}*", say("report.table.held_of", language, held))


def _all_places(view: View, table: pd.DataFrame, names: list[str]) -> Grid:
    language, several = view.language, grids.few(table)
    columns = [
        *grids.key_columns(language, several),
        *(Column(view.called(name)) for name in names),
    ]
    keys = [(place, -year, group != "all", group) for place, year, group in table.index]
    order = {place: i for i, place in enumerate(dict.fromkeys(key[0] for key in keys))}
    shown = sorted(range(len(keys)), key=lambda i: (order[keys[i][0]], *keys[i][1:]))
    rows: list[list[Cell | str]] = [
        [
            *grids.key_words(table.index[i], language, several),
            *(_share_cell(table.iloc[i], name, language) for name in names),
        ]
        for i in shown[: cells.MOST_ROWS]
    ]
    shared = {"common": grids.common(table, several, language)}
    caption = say("report.table.indicators", language, shared)
    return cells.grid(caption, columns, rows, file="tables/indicators.csv", every=len(keys))


def _one_place(
    view: View,
    table: pd.DataFrame,
    names: list[str],
    of: tuple[Results, tuple[str, str]] | None = None,
) -> Grid:
    """A row per indicator, and the years of each group beside each other, then their change."""
    language = view.language
    groups = [] if of is None else _groups_in_both(table, of[0])
    place = str(table.index.get_level_values("place")[0])
    shown = sorted(table.index, key=lambda key: (key[2] != "all", key[2], key[1]))
    columns = [
        Column(say("report.column.indicator", language), number=False),
        *(Column(_setting(key, language)) for key in shown),
        *(Column(_change_heading(group, len(groups), language)) for group in groups),
    ]
    rows: list[list[Cell | str]] = [
        [
            view.called(name),
            *(_share_cell(table.loc[one], name, language) for one in shown),
            *(_change_cell(of, name, group, language) for group in groups if of is not None),
        ]
        for name in names
        if table[name].notna().any()
    ]
    told = "report.table.indicators_since" if groups else "report.table.indicators_of"
    caption = say(told, language, {"place": place})
    return cells.grid(caption, columns, rows, file="tables/indicators.csv")


def _groups_in_both(table: pd.DataFrame, results: Results) -> list[str]:
    """Return the groups that have a row in both years compared, everybody first."""
    then, now = results.options.compare, results.year
    held = {(year, group) for _, year, group in table.index}
    both = {group for year, group in held if year == then and (now, group) in held}
    return sorted(both, key=lambda group: (group != "all", group))


def _setting(key: object, language: Language) -> str:
    return " ".join(reversed(grids.key_words(key, language, (False, True, True))))


def _change_heading(group: str, groups: int, language: Language) -> str:
    of = inside_sentence(catalogue.group_label(group)(language))
    return say("report.column.points", language, {"group": of, "several": groups > 1})


def _change_cell(
    of: tuple[Results, tuple[str, str]], name: str, group: str, language: Language
) -> Cell:
    """The change in points, and a mark where chance, or what is not known, could be all of it."""
    results, place = of
    table = results.table(f"{name}_change")
    key = (*place, results.year, group)
    if key not in table.index:
        return Cell("–")
    row = table.loc[[key]].iloc[0]
    if pd.isna(row["estimate"]):
        return Cell("–")
    told = _signed(100 * float(row["estimate"]), language)
    if row["lower"] < row["upper"] and row["lower"] <= 0 <= row["upper"]:
        return Cell(f"{told}‡")
    return Cell(f"{told}†" if row["q"] > 1 - results.options.balance.confidence else told)


def _signed(points: float, language: Language) -> str:
    told = number(points, decimals=1, language=language)
    return f"+{told}" if points > 0 else told
