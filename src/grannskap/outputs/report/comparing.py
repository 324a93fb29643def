"""The segregation index in ways that can be held side by side, in a table and plain words."""

from __future__ import annotations

from math import isfinite, isnan
from typing import TYPE_CHECKING, Any

from grannskap.language import Language, number
from grannskap.outputs.report import cells
from grannskap.outputs.report.cells import Cell, Column, Grid
from grannskap.outputs.report.model import Paragraph, Section, Table
from grannskap.wording import say

if TYPE_CHECKING:
    import pandas as pd

    from grannskap.analysis import Results, View

__all__ = ["in_short", "section"]

_MOST = 60
_PLAIN = (
    *("index_without_students", "index_rarefied_without_students"),
    *("index_worst_mean", "index_p05", "index_p10"),
)


def in_short(results: Results, view: View) -> str:
    """Say what the index of the one municipality shown would be without its lowest area."""
    table = view.index(results)
    if len(table) != 1:
        return ""
    row = table.iloc[0]
    area, left = row["worst_area"], float(row["index_without_worst"])
    if not isinstance(area, str) or not isfinite(left):
        return ""
    index = float(row["segregation_index"])
    written = [_number(value, view.language) for value in (left, index)]
    values = {
        "place": cells.area(area, view.area_names(results)),
        "left": left,
        "index": index,
        "same": written[0] == written[1],
    }
    return say("report.comparable.without_worst", view.language, values)


def section(results: Results, view: View) -> Section | None:
    """The index of as many areas in each municipality, and without single areas; None of none."""
    table = view.index(results)
    if table.empty:
        return None
    heading = say("report.comparable.heading", view.language)
    words = Paragraph(_words(results, view, table))
    return Section(heading, (words, Table(_grid(results, view, table))), anchor="comparable")


def _words(results: Results, view: View, table: pd.DataFrame) -> str:
    values = {
        "areas": 9,
        "confidence": 100 * results.options.balance.confidence,
        "municipalities": int(results.index["index_rarefied"].notna().sum()),
    }
    known = table["segregation_index_lower"].notna().any()
    keys = ["report.comparable.why", *(["report.comparable.chance"] if known else [])]
    keys += ["report.comparable.rarefied"]
    keys += ["report.comparable.ranks"] if _ranked(results) else []
    keys += ["report.comparable.students"] if "index_without_students" in table else []
    return " ".join(say(key, view.language, values) for key in keys)


def _ranked(results: Results) -> bool:
    return int(results.index["index_rank"].notna().sum()) > 1


def _grid(results: Results, view: View, table: pd.DataFrame) -> Grid:
    language = view.language
    plain = [name for name in _PLAIN if name in table]
    columns = [
        Column(say("report.column.municipality", language), number=False),
        Column(say("report.column.index", language)),
        Column(say("report.comparable.rarefied_column", language)),
        *([Column(say("report.comparable.rank", language))] if _ranked(results) else []),
        Column(say("report.comparable.without_worst_column", language)),
        *(Column(say(_COLUMNS[name], language)) for name in plain),
        Column(say("report.column.areas", language)),
    ]
    names = view.area_names(results)
    order = cells.order_by_name(table["municipality_name"])
    rows = [_row(results, table.iloc[i], plain, names, language) for i in order]
    caption = say("report.comparable.table", language)
    return cells.grid(caption, columns, rows, file="tables/municipalities.csv", most=_MOST)


_COLUMNS = {
    "index_without_students": "report.comparable.without_students",
    "index_rarefied_without_students": "report.comparable.rarefied_without_students",
    "index_worst_mean": "report.comparable.worst_mean",
    "index_p05": "report.comparable.p05",
    "index_p10": "report.comparable.p10",
}


def _row(
    results: Results, row: pd.Series[Any], plain: list[str], names: dict[str, str], lang: Language
) -> list[Cell | str]:
    left = _number(row["index_without_worst"], lang)
    area = row["worst_area"]
    return [
        str(row["municipality_name"]),
        _between(row, "segregation_index", lang, decimals=2),
        _between(row, "index_rarefied", lang, decimals=2),
        *([_between(row, "index_rank", lang, decimals=0)] if _ranked(results) else []),
        Cell(left, detail=cells.area(area, names)) if isinstance(area, str) else left,
        *(_number(row[name], lang) for name in plain),
        _number(row["score_areas"], lang, decimals=0),
    ]


def _between(row: pd.Series[Any], name: str, language: Language, *, decimals: int) -> Cell | str:
    """A value over its ends; the value alone where there are none."""
    value = _number(row[name], language, decimals=decimals)
    ends = [_number(row[f"{name}_{end}"], language, decimals=decimals) for end in _ENDS]
    return value if "–" in ends else Cell(value, detail="–".join(ends))


_ENDS = ("lower", "upper")


def _number(value: float, language: Language, *, decimals: int = 2) -> str:
    if isnan(value):
        return "–"
    return "∞" if value == float("inf") else number(value, decimals=decimals, language=language)
