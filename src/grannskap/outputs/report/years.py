"""What happened over all the years: where each pole's share changed more than chance explains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from grannskap.language import Language, count, number, share
from grannskap.outputs import history
from grannskap.outputs.report import cells, findings
from grannskap.outputs.report.cells import Cell, Column, Grid
from grannskap.outputs.report.model import Block, Pair, Paragraph, Picture, Section, Table
from grannskap.wording import say

if TYPE_CHECKING:
    import pandas as pd

    from grannskap.analysis import Results, View
    from grannskap.maps.style import Style

__all__ = ["PICTURES", "in_short", "section"]

PICTURES = (
    *("clusters-years", "balance-years", "balance-curves"),
    *("indices-curves", "indicators-curves"),
)
"""Names of the pictures that belong in the section."""

_OF_CLUSTERS = ("clusters-years",)
_MOST, _PAIR = 10, 2
_ENDS = ("report.over.lowest", "report.over.highest")


def section(
    results: Results,
    view: View,
    pictures: Sequence[Picture],
    cluster_styles: Mapping[str, Style],
) -> Section | None:
    """What the report tells of several years; None of a single one.

    `pictures` are those that belong here, `cluster_styles` the classes of each tested variable.
    """
    if results.history is None:
        return None
    language = view.language
    parts = (
        ("report.over.shares", _shares(results, view)),
        ("report.over.clusters", _clusters(results, view, pictures, cluster_styles)),
        ("report.over.curves", (one for one in pictures if one.name not in _OF_CLUSTERS)),
    )
    told = [(key, tuple(blocks)) for key, blocks in parts]
    inner = [Section(say(key, language), blocks) for key, blocks in told if blocks]
    if not inner:
        return None
    heading = say("report.over.heading", language)
    return Section(heading, (*_breaks(results, language), *inner), anchor="years")


def in_short(results: Results, view: View) -> list[str]:
    """Say in how many areas each pole's share changed in the last three years or more."""
    if results.history is None or results.history.shares.empty:
        return []
    shares = results.history.shares
    last = shares[shares["last_year"] == max(results.history.years)]
    shown = last[last.index.isin(view.shown(results).index, level="deso")]
    if shown.empty or shown["years"].max() <= _PAIR:
        return []
    first = shown.index.get_level_values("first_year").min()
    when = {"first": str(first), "last": str(shown["last_year"].max())}
    told = []
    for name in shown.index.unique("over_share"):
        values = {**when, **_counted(shown.loc[[name]], view)}
        told.append(say("report.over.from_to_year", view.language, values))
    return told


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
    asked = results.options.autocorrelation
    values = {
        "correction": asked.correction,
        "alpha": cells.rate(asked.fdr, view.language),
        "rate": asked.fdr,
    }
    rate = say("report.over.rate", view.language, values)
    yield Paragraph(say("report.over.how", view.language, {"rate": rate}), tone="quiet")


def _words(table: pd.DataFrame, view: View) -> str:
    """Say in how many areas one pole's share changed, and in how many that is not known."""
    values = _counted(table, view)
    keys = ["report.over.changed" if values["areas"] else "report.over.untested"]
    keys += ["report.over.unsure"] if values["unsure"] else []
    return " ".join(say(key, view.language, values) for key in keys)


def _counted(table: pd.DataFrame, view: View) -> dict[str, object]:
    """Count the areas where one pole's share changed, and those where that is not known."""
    counts = table["status"].value_counts()
    return {
        "share": findings.what_is(str(table.index[0][0]), view),
        "changed": int(counts.get("changed", 0)),
        "areas": len(table) - int(counts.get("untested", 0)),
        "unsure": int(counts.get("unsure", 0)),
    }


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


def _clusters(
    results: Results, view: View, pictures: Sequence[Picture], styles: Mapping[str, Style]
) -> Iterator[Block]:
    """Which clusters stayed, came and left, for every tested variable and segment."""
    found = history.transitions(results, view)
    if found is None:
        return
    told_of = found[found.index.isin(list(styles), level="over_variable")]
    for variable, of_variable in told_of.groupby(level="over_variable", sort=False):
        for (first, last), table in of_variable.groupby(level=["first_year", "last_year"]):
            when = {"first": str(first), "last": str(last)}
            of = {"what": findings.what_is(str(variable), view), **when}
            plain = table.droplevel(["over_variable", "first_year", "last_year"])
            told = [_moved(plain, view, name, of) for name in _CORES]
            yield Paragraph(" ".join([say("report.over.span", view.language, when), *told]))
            yield Table(_transitions(plain, view, styles[str(variable)], of))
    yield from (one for one in pictures if one.name in _OF_CLUSTERS)
    yield Paragraph(say("report.over.null", view.language), tone="quiet")


_CORES = ("high-high", "low-low")


def _moved(table: pd.DataFrame, view: View, name: str, of: Mapping[str, object]) -> str:
    """Say how many areas of a class are still of it, how many are not, and how many came."""
    areas = table["areas"]
    first, last = (int(areas.xs(name, level=level).sum()) for level in _LEVELS)
    stayed = int(areas[(name, name)])
    where = say("report.clusters.where", view.language, {"class": name})
    counts = {"held": first, "stayed": stayed, "left": first - stayed, "came": last - stayed}
    return say("report.over.moved", view.language, {**of, **counts, "where": where})


_LEVELS = ("cluster_first", "cluster_last")


def _transitions(table: pd.DataFrame, view: View, style: Style, of: Mapping[str, object]) -> Grid:
    """Classes of the first year down, those of the last across: areas, and what is expected."""
    language, areas = view.language, table["areas"]
    some = [
        str(name)
        for name in table.index.unique("cluster_first")
        if any(areas.xs(name, level=level).sum() for level in _LEVELS)
    ]
    words = [cells.class_cell(name, style) for name in some]
    columns = [
        Column(say("report.over.from_to", language, of), number=False),
        *(Column(one.text) for one in words),
    ]
    rows = [
        [word, *(_cell(table, (name, other), language) for other in some)]
        for name, word in zip(some, words, strict=True)
    ]
    caption = say("report.over.transitions", language, of)
    return cells.grid(caption, columns, rows, file="tables/transitions.csv")


def _cell(table: pd.DataFrame, pair: tuple[str, str], language: Language) -> Cell:
    expected = number(float(table["expected_areas"][pair]), decimals=1, language=language)
    return Cell(count(int(table["areas"][pair]), language), detail=f"({expected})")
