"""What happened over all the years: where each pole's share changed more than chance explains."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from grannskap.language import Language, share
from grannskap.outputs.report import cells, findings
from grannskap.outputs.report.cells import Column, Grid
from grannskap.outputs.report.model import Block, Pair, Paragraph, Section, Table
from grannskap.wording import say

if TYPE_CHECKING:
    import pandas as pd

    from grannskap.analysis import Results, View

__all__ = ["section"]

_MOST, _PAIR = 10, 2
_ENDS = ("report.over.lowest", "report.over.highest")


def section(results: Results, view: View) -> Section | None:
    """What the report tells of several years; None of a single one."""
    if results.history is None:
        return None
    language = view.language
    parts = (("report.over.shares", tuple(_shares(results, view))),)
    inner = [Section(say(key, language), blocks) for key, blocks in parts if blocks]
    if not inner:
        return None
    heading = say("report.over.heading", language)
    return Section(heading, (*_breaks(results, language), *inner), anchor="years")


def _breaks(results: Results, language: Language) -> Iterator[Paragraph]:
    """Name each break, which nothing below is told across."""
    assert results.history is not None
    for one in results.history.breaks:
        values = {"year": str(one.year), "what": one.what}
        yield Paragraph(say("report.over.break", language, values))


def _shares(results: Results, view: View) -> Iterator[Block]:
    """In how many areas each pole's share changed, and where that is clearest."""
    assert results.history is not None
    found = results.history.shares
    shown = found[found.index.isin(view.shown(results).index, level="deso")]
    if shown.empty:
        return
    for first, of_segment in shown.groupby(level="first_year"):
        poles = [of_segment.loc[[name]] for name in of_segment.index.unique("over_share")]
        said = [_words(table, view) for table in poles]
        when = {"first": str(first), "last": str(of_segment["last_year"].iloc[0])}
        span = say("report.over.span", view.language, when)
        yield Paragraph(f"{span} {' '.join(said)}")
        grids = [_changed(results, view, table, when) for table in poles]
        tables = tuple(Table(one) for one in grids if one.rows)
        if tables:
            yield Pair(tables)
    values = {"alpha": results.options.autocorrelation.fdr}
    rate = cells.rate(values["alpha"], view.language)
    yield Paragraph(say("report.over.how", view.language, {"alpha": rate}), tone="quiet")


def _words(table: pd.DataFrame, view: View) -> str:
    """Say in how many areas one pole's share changed, and in how many that is not known."""
    counts = table["status"].value_counts()
    tested = len(table) - int(counts.get("untested", 0))
    values = {
        "share": findings.what_is(str(table.index[0][0]), view),
        "changed": int(counts.get("changed", 0)),
        "areas": tested,
        "unsure": int(counts.get("unsure", 0)),
    }
    keys = ["report.over.changed" if tested else "report.over.untested"]
    keys += ["report.over.unsure"] if values["unsure"] else []
    return " ".join(say(key, view.language, values) for key in keys)


def _changed(results: Results, view: View, table: pd.DataFrame, when: dict[str, str]) -> Grid:
    """The areas whose share changed most surely, first and last, lowest and highest."""
    language, names = view.language, view.area_names(results)
    found = table[table["status"] == "changed"]
    several = bool((table["years"] > _PAIR).any())
    order = np.lexsort((found["share_least"] - found["share_most"], found["q"]))
    columns = [
        Column(say("report.column.area", language), number=False),
        Column(when["first"]),
        Column(when["last"]),
        *(Column(say(key, language)) for key in _ENDS if several),
    ]
    shown = ("share_first", "share_last", *(("share_least", "share_most") if several else ()))
    there = found.iloc[order]
    codes = there.index.get_level_values("deso").astype(str)
    rows = [
        [cells.area(code, names), *(_share(value, language) for value in values)]
        for code, values in zip(codes, there[list(shown)].to_numpy(), strict=True)
    ]
    of = {"share": findings.what_is(str(table.index[0][0]), view)}
    caption = say("report.over.table", language, {**when, **of})
    return cells.grid(caption, columns, rows, file="tables/over-years.csv", most=_MOST)


def _share(value: float, language: Language) -> str:
    return "–" if np.isnan(value) else share(value, language)
