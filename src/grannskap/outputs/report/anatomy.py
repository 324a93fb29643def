"""The segregation taken apart, in tables and plain words: between and within parts."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan
from typing import TYPE_CHECKING

from grannskap.language import Language, number, share
from grannskap.outputs import anatomy
from grannskap.outputs.report import cells
from grannskap.outputs.report.cells import Column, Grid
from grannskap.outputs.report.model import Block, Paragraph, Section, Table
from grannskap.wording import say

if TYPE_CHECKING:
    import pandas as pd

    from grannskap.analysis import Results, View

__all__ = ["section"]

_MOST = 40


def section(results: Results, view: View) -> Section | None:
    """What the report tells of the parts that segregation is made of; None of none."""
    blocks = tuple(_parts(results, view))
    heading = say("report.parts.heading", view.language)
    return Section(heading, blocks, anchor="parts") if blocks else None


def _parts(results: Results, view: View) -> Iterator[Block]:
    """Segregation between and within municipalities, kinds of locality, neighbourhoods, tenures."""
    found = anatomy.parts(results, view)
    if found is None:
        return
    for name, table in found.groupby(level="partition", sort=False):
        part = table.droplevel("partition")
        yield Paragraph(_words_of_part(results, view, str(name), part))
        yield Table(_part(results, view, str(name), part))


def _part(results: Results, view: View, name: str, table: pd.DataFrame) -> Grid:
    language = view.language
    columns = [
        Column(say("report.parts.part", language), number=False),
        Column(say("report.column.areas", language)),
        *(Column(view.pole(results, pole)) for pole in ("low", "high")),
        Column(say("report.parts.measure", language)),
        Column(say("report.parts.share", language)),
    ]
    rows = [
        [
            str(row["part_name"]),
            *(number(row[one], decimals=0, language=language) for one in ("areas", "low", "high")),
            _fine(row["parted"], language),
            share(row["parted_share"], language),
        ]
        for _, row in table.iterrows()
    ]
    caption = say("report.parts.table", language, {"of": name})
    return cells.grid(caption, columns, rows, file="tables/parts.csv", most=_MOST)


def _words_of_part(results: Results, view: View, name: str, table: pd.DataFrame) -> str:
    even = float(table["parted_even"]["total"])
    values = {
        "of": name,
        "place": view.whole_name(results),
        "value": float(table["parted"]["total"]),
        "between": float(table["parted_share"]["between"]),
        "within": float(table["parted_share"]["within"]),
        "even": even,
    }
    keys = ["report.parts.of_whole", *([] if isnan(even) else ["report.parts.of_chance"])]
    return " ".join(say(key, view.language, values) for key in keys)


def _fine(value: float, language: Language) -> str:
    return "–" if isnan(value) else number(value, decimals=3, language=language)
