"""The official area types in the report, or their like: by place, at both ends, and in words."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from grannskap.catalogue import GROUP_LABELS, TYPE_LABELS
from grannskap.language import inside_sentence, number
from grannskap.outputs import area_types
from grannskap.outputs.report import cells
from grannskap.outputs.report.cells import Column, Grid
from grannskap.outputs.report.model import Block, Pair, Paragraph, Section, Table
from grannskap.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from grannskap.analysis import AreaTypes, Results, View

__all__ = ["in_short", "section"]

_MOST = 40
_ENDS = 8

_OFFICIAL = {
    "heading": "report.area_types.heading",
    "table": "report.area_types.table",
    "index": "report.area_types.index",
    "found": "report.area_types.found",
    "type": "report.area_types.type",
    "highest": "report.area_types.highest",
    "lowest": "report.area_types.lowest",
    "country": "report.area_types.by_country",
    "stated": "report.area_types.by_stated",
    "published": "report.area_types.published",
}
"""Sentences and words of the official measure."""

_LIKE = {
    "heading": "report.area_types.heading_other",
    "table": "report.area_types.table_other",
    "index": "report.area_types.mean",
    "found": "report.area_types.found_other",
    "type": "report.area_types.group",
    "highest": "report.area_types.highest_other",
    "lowest": "report.area_types.lowest_other",
    "country": "report.area_types.country_other",
    "stated": "report.area_types.stated_other",
}
"""Those of its like under another name."""


def in_short(results: Results, view: View) -> Iterator[Block]:
    """How many areas of each type there are, in a table by place and in words."""
    found, types = area_types.by_place(results, view), results.area_types
    if found is None or types is None:
        return
    yield Table(_by_place(view, types, found))
    yield Paragraph(_found(view, types, found), tone="quiet")


def section(results: Results, view: View) -> Section | None:
    """What the types are, what they were cut by, and the areas at both ends; None of none."""
    found, types = area_types.by_place(results, view), results.area_types
    if found is None or types is None:
        return None
    blocks = (Paragraph(_words(view, types)), _both_ends(results, view, types))
    limits = Paragraph(say("report.area_types.limits", view.language))
    return Section(_say("heading", view, types), (*blocks, limits), anchor="area-types")


def _say(key: str, view: View, types: AreaTypes) -> str:
    return say((_OFFICIAL if types.official else _LIKE)[key], view.language)


def _by_place(view: View, types: AreaTypes, found: pd.DataFrame) -> Grid:
    language = view.language
    labels = TYPE_LABELS if types.official else GROUP_LABELS
    counts = list(area_types.columns(official=types.official).values())
    columns = [
        Column(say("report.column.place", language), number=False),
        *(Column(text(language)) for text in labels.values()),
        Column(_say("index", view, types)),
        Column(say("report.area_types.range", language)),
        Column(say("report.column.areas", language)),
    ]
    rows = [
        [
            str(place),
            *(number(row[one], decimals=0, language=language) for one in counts),
            _percent(row["mean_index"], view),
            "–".join(_percent(row[one], view) for one in ("lowest_index", "highest_index")),
            number(row["areas"], decimals=0, language=language),
        ]
        for place, row in found.iterrows()
    ]
    caption = _say("table", view, types)
    return cells.grid(caption, columns, rows, file="tables/area-types.csv", most=_MOST)


def _percent(value: float, view: View) -> str:
    return "–" if isnan(value) else number(value, decimals=1, language=view.language)


def _found(view: View, types: AreaTypes, found: pd.DataFrame) -> str:
    whole = found.iloc[0]
    named = area_types.columns(official=types.official)
    values: dict[str, object] = {
        "place": str(found.index[0]),
        "areas": int(whole["areas"]),
        "worse": int(whole[named["1"]] + whole[named["2"]]),
        "middle": int(whole[named["3"]]),
        "better": int(whole[named["4"]] + whole[named["5"]]),
    }
    return say((_OFFICIAL if types.official else _LIKE)["found"], view.language, values)


def _words(view: View, types: AreaTypes) -> str:
    """What the measure is, and by what its types are told apart."""
    language, keys = view.language, _OFFICIAL if types.official else _LIKE
    cuts: dict[str, object] = {"country": types.country}
    if types.cuts is not None:
        cuts |= {"mean": types.cuts.mean, "deviation": types.cuts.deviation}
    by = say(keys[types.cut_by], language, cuts)
    if types.official:
        what = ("report.area_types.what", "report.area_types.types")
        return " ".join([*(say(key, language) for key in what), by])
    standard, school, work = (inside_sentence(view.called(one)) for one in types.parts)
    parts = {"standard": standard, "school": school, "work": work}
    return f"{say('report.area_types.other', language, parts)} {by}"


def _both_ends(results: Results, view: View, types: AreaTypes) -> Pair:
    """The areas with the highest index and those with the lowest, beside each other."""
    held = types.areas.reindex(view.shown(results).index).dropna()
    tables = []
    for key, rising in (("highest", False), ("lowest", True)):
        most = held.sort_values("index", ascending=rising, kind="stable")[:_ENDS]
        tables.append(Table(_end(results, view, types, (key, most))))
    return Pair(tuple(tables))


def _end(results: Results, view: View, types: AreaTypes, end: tuple[str, pd.DataFrame]) -> Grid:
    key, table = end
    names, labels = view.area_names(results), TYPE_LABELS if types.official else GROUP_LABELS
    columns = [
        Column(say("report.column.area", view.language), number=False),
        Column(say("report.area_types.value", view.language)),
        Column(_say("type", view, types), number=False),
    ]
    rows = [
        [
            cells.area(str(code), names),
            _percent(row["index"], view),
            labels[row["type"]](view.language),
        ]
        for code, row in table.iterrows()
    ]
    return cells.grid(_say(key, view, types), columns, rows, file="tables/areas.csv")
