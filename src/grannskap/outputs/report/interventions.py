"""Interventions in the report: the grid, where they are, and what has none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from grannskap.analysis import headline
from grannskap.catalogue import (
    INTERVENTION_LEVELS,
    INTERVENTION_PARTS,
    INTERVENTION_PLACES,
    INTERVENTION_WHERE,
)
from grannskap.errors import few
from grannskap.language import inside_sentence, number
from grannskap.outputs import interventions
from grannskap.outputs.report import cells
from grannskap.outputs.report.cells import Cell, Column, Grid
from grannskap.outputs.report.model import Block, Paragraph, Picture, Section, Table
from grannskap.wording import listed, say

if TYPE_CHECKING:
    import pandas as pd

    from grannskap.analysis import Interventions, Placed, Results, View
    from grannskap.language import Language

__all__ = ["section", "table"]

_NAMED = 3
"""Interventions that a cell of the grid names."""

_WITHOUT = 5
"""Places without interventions that a sentence names."""


def section(results: Results, view: View, pictures: Sequence[Picture]) -> Section | None:
    """Tell of the interventions of a list; None where there is none."""
    held = view.interventions
    if held is None:
        return None
    blocks = tuple(_blocks(results, view, held, pictures))
    heading = say("report.interventions.heading", view.language)
    return Section(heading, blocks, anchor="what-is-done")


def _blocks(
    results: Results, view: View, held: Interventions, pictures: Sequence[Picture]
) -> Iterator[Block]:
    places = interventions.by_place(results, view)
    assert places is not None, "no list of interventions"
    language = view.language
    yield Paragraph(_found(results, view, held))
    yield Paragraph(" ".join((*_nothing_on(held, language), *_without(held, places, language))))
    yield from pictures
    yield Table(_grid(held, language))
    if len(places):
        yield Table(_places(places, language))
    caption = say("report.interventions.list", language)
    yield Table(table(held.placed, caption, language))
    limits = ("report.interventions.limits", "report.interventions.parts")
    yield Paragraph(" ".join(say(key, language) for key in limits), tone="quiet")


def _found(results: Results, view: View, held: Interventions) -> str:
    """How many there are, and how many areas of both poles those with a place touch."""
    words = headline.poles(results, view)
    touched = frozenset(code for one in held.placed for code in one.codes)
    balance = results.at("balance", "area").reindex(view.shown(results).index)["estimate"]
    sides = {"low": balance.index[balance > 1], "high": balance.index[balance < 1]}
    values: dict[str, object] = {"low": words.low, "than": words.than}
    for side, codes in sides.items():
        values[f"every_{side}"] = len(codes)
        values[f"{side}_areas"] = len(touched.intersection(codes))
    values["placed"] = sum(one.mark is not None for one in held.placed)
    poles = say("report.interventions.poles", view.language, values)
    told = {"every": len(held.placed), "poles": poles}
    return say("report.interventions.found", view.language, told)


def _nothing_on(held: Interventions, language: Language) -> Iterator[str]:
    """Say which levels and parts of criteria no row names, and how much of the grid is empty."""
    grid = held.grid()
    levels = [INTERVENTION_LEVELS[name] for name in grid.index[grid.sum(axis=1) == 0]]
    parts = [INTERVENTION_PARTS[name][1] for name in grid.columns[grid.sum(axis=0) == 0]]
    absent = [inside_sentence(text(language)) for text in (*levels, *parts)]
    if absent:
        yield say("report.interventions.none_of", language, {"names": listed(absent, language)})
    empty = {"every": grid.size, "empty": int((grid == 0).to_numpy().sum())}
    key = "report.interventions.empty" if empty["empty"] else "report.interventions.full"
    yield say(key, language, empty)


def _without(held: Interventions, places: pd.DataFrame, language: Language) -> Iterator[str]:
    """Say which places no placed intervention touches: none, where there is no place at all."""
    none = places[(places["interventions"] == 0) & (places["intervention_areas"] > 0)]
    if not len(none) or not any(one.mark is not None for one in held.placed):
        return
    names = [
        str(name) if kind == "neighbourhood" else inside_sentence(str(name))
        for kind, name in none.index.tolist()
    ]
    told, left = "; ".join(names[:_WITHOUT]), len(names) - _WITHOUT
    if left > 0:
        told = say("headline.few", language, {"list": told, "left": left})
    yield say("report.interventions.without", language, {"names": told})


def _grid(held: Interventions, language: Language) -> Grid:
    """Three levels by the two parts of three criteria: how many, and the first names."""
    columns = [
        Column(say("report.interventions.level", language), number=False),
        *(Column(words(language), number=False) for _, words in INTERVENTION_PARTS.values()),
    ]
    rows: list[list[Cell | str]] = [
        [words(language), *(_cell(held, level, part, language) for part in INTERVENTION_PARTS)]
        for level, words in INTERVENTION_LEVELS.items()
    ]
    caption = say("report.interventions.grid", language)
    return cells.grid(caption, columns, rows, file="tables/interventions-grid.csv")


def _cell(held: Interventions, level: str, part: str, language: Language) -> Cell:
    names = held.names_in(level, part)
    told = few(names, most=_NAMED)(language) if names else ""
    return Cell(number(len(names), decimals=0, language=language), detail=told)


def _places(places: pd.DataFrame, language: Language) -> Grid:
    columns = [
        Column(say("report.column.place", language), number=False),
        Column(say("report.interventions.kind", language), number=False),
        Column(say("report.column.areas", language)),
        Column(say("report.interventions.touching", language)),
    ]
    rows = [
        _place((str(key[0]), str(key[1])), places.iloc[number], language)
        for number, key in enumerate(places.index.tolist())
    ]
    caption = say("report.interventions.places", language)
    return cells.grid(caption, columns, rows, file="tables/interventions-by-place.csv")


def _place(key: tuple[str, str], row: pd.Series[int], language: Language) -> list[Cell | str]:
    kind, name = key
    counts = (row["intervention_areas"], row["interventions"])
    told = (number(count, decimals=0, language=language) for count in counts)
    return [name, INTERVENTION_PLACES[kind](language), *told]


def table(placed: Sequence[Placed], caption: str, language: Language) -> Grid:
    """Some interventions: where they are, their levels, criteria and years."""
    columns = [Column(say(key, language), number=False) for key in _HEADINGS]
    rows: list[list[Cell | str]] = [_row(one, language) for one in placed]
    return cells.grid(caption, columns, rows, file="tables/interventions.csv")


_HEADINGS = (
    "report.interventions.name",
    "report.interventions.where",
    "report.interventions.levels",
    "report.interventions.criteria",
    "report.interventions.years",
)


def _row(one: Placed, language: Language) -> list[Cell | str]:
    levels = [INTERVENTION_LEVELS[name](language) for name in one.row.levels]
    parts = [INTERVENTION_PARTS[name][1](language) for name in one.row.parts]
    return [
        one.row.name,
        Cell(one.row.place or "–", detail=INTERVENTION_WHERE[one.where](language)),
        listed([levels[0], *map(inside_sentence, levels[1:])], language),
        listed([parts[0], *map(inside_sentence, parts[1:])], language),
        _years(one, language),
    ]


def _years(one: Placed, language: Language) -> str:
    first, last = one.row.first, one.row.last
    if first is None:
        return "–"
    if last is None:
        return say("report.interventions.goes_on", language, {"first": str(first)})
    span = {"first": str(first), "last": str(last)}
    return say("report.interventions.span", language, span) if last > first else str(first)
