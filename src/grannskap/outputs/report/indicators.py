"""Tables of indicators: places side by side, or the years of one place and how they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from grannskap import catalogue
from grannskap.analysis import series
from grannskap.catalogue import SHARES
from grannskap.language import Language, inside_sentence, number, share
from grannskap.outputs import tables
from grannskap.outputs.report import cells, grids
from grannskap.outputs.report.cells import Cell, Column, Grid
from grannskap.wording import say

if TYPE_CHECKING:
    from grannskap.analysis import Results, View

__all__ = ["indicators", "share_cell"]

_MOST_PLACES = 8
_COUNTRY = ("country", "country")

_OF_STUDY = (
    *("employment_rate", "post_secondary_share", "low_income_share", "high_income_share"),
    *("born_outside_eu_share", "public_housing_share"),
)
"""The study's indicators in its order, and beside low purchasing power the other pole."""


def indicators(results: Results, view: View) -> tuple[Grid, ...]:
    """Shares by place: of the year in focus side by side, then over the years of each place.

    Of many places the changes stand in one table instead.
    """
    table = tables.indicators(results, view)
    if "public_housing_share" in table:
        # Of those who live in public housing all do: the share says nothing there.
        own = table.index.get_level_values("group") == "public_housing"
        table = table.assign(public_housing_share=table["public_housing_share"].mask(own))
    names = [str(one) for one in table if one in SHARES and table[one].notna().any()]
    if not names:
        return ()
    table = table[table[names].notna().any(axis=1)]
    places = table.index.get_level_values("place").unique()
    if len({(year, group) for _, year, group in table.index}) == 1:
        return (_all_places(view, table, names),)
    keys = {**view.places(results), say("report.table.country", view.language): _COUNTRY}
    found = _side_by_side(results, view, table, names) if len(places) > 1 else ()
    if len(places) > _MOST_PLACES:
        return (*found, *_changes(results, view, table, (_chosen(results, names), keys)))
    return (
        *found,
        *(_one_place(view, table.loc[[place]], names, (results, keys[place])) for place in places),
    )


def _chosen(results: Results, names: list[str]) -> list[str]:
    """Return the indicators that stand beside each other: those asked for, or the study's."""
    own = [name for name in _OF_STUDY if name in names]
    return names if results.options.indicators.shares or not own else own


def _side_by_side(
    results: Results, view: View, table: pd.DataFrame, names: list[str]
) -> tuple[Grid, ...]:
    """Places as rows in the year in focus, each of everybody and of every group."""
    focus = table[table.index.get_level_values("year") == results.year]
    return (_all_places(view, focus, _chosen(results, names)),) if len(focus) else ()


def _changes(
    results: Results,
    view: View,
    table: pd.DataFrame,
    of: tuple[list[str], dict[str, tuple[str, str]]],
) -> tuple[Grid, ...]:
    """Places as rows, and how many points each share changed between the years compared."""
    (names, keys), language = of, view.language
    groups = _groups_in_both(table, results)
    focus = table[table.index.get_level_values("year") == results.year]
    focus = focus[focus.index.get_level_values("group").isin(groups)]
    if focus.empty:
        return ()
    several = (True, False, len(groups) > 1)
    columns = [
        *grids.key_columns(language, several),
        *(Column(view.called(name)) for name in names),
    ]
    rows: list[list[Cell | str]] = [
        [
            *grids.key_words(key, language, several),
            *(_change_cell((results, keys[key[0]]), name, key[2], language) for name in names),
        ]
        for key in focus.index[: cells.MOST_ROWS]
    ]
    years = {"then": str(results.options.compare), "now": str(results.year)}
    caption = _warned(
        say("report.table.indicators_changed", language, years), results, names, language
    )
    return (cells.grid(caption, columns, rows, file="tables/measures.csv", every=len(focus)),)


def share_cell(row: pd.Series[Any], name: str, language: Language) -> Cell:
    """Write a share, marked where not all of the place's areas have the counts."""
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
            *(share_cell(table.iloc[i], name, language) for name in names),
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
            *(share_cell(table.loc[one], name, language) for one in shown),
            *(_change_cell(of, name, group, language) for group in groups if of is not None),
        ]
        for name in names
        if table[name].notna().any()
    ]
    told = "report.table.indicators_since" if groups else "report.table.indicators_of"
    caption = say(told, language, {"place": place})
    if groups and of is not None:
        caption = _warned(caption, of[0], names, language)
    return cells.grid(caption, columns, rows, file="tables/indicators.csv")


def _warned(caption: str, results: Results, names: list[str], language: Language) -> str:
    """Name the breaks that the changes of some shares cross, where they stand."""
    columns = [one for name in names for one in (SHARES[name].part, SHARES[name].base)]
    crossed = series.warning(results, columns, language)
    return f"{caption}. {crossed}" if crossed else caption


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
    return f"+{told}" if round(points, 1) > 0 else told
