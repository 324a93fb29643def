"""Tables of the report: balance, segregation index and indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pandas as pd

from grannskap.catalogue import SHARES
from grannskap.language import Language, Text, count, inside_sentence, number, share
from grannskap.outputs import headings, tables
from grannskap.outputs.report import cells
from grannskap.outputs.report.cells import Cell, Column, Grid

if TYPE_CHECKING:
    from grannskap.analysis import Analysis

__all__ = ["balance", "index", "indicators"]

_MOST_PLACES = 8
_MOST_MUNICIPALITIES = 300


def balance(analysis: Analysis) -> Grid:
    """A row per place, year and group."""
    project, language = analysis.project, analysis.project.language
    table = _ordered(analysis)
    several = _several(table)
    without = bool((table["areas_without_high"] > 0).any())
    level = number(100 * project.balance.level, decimals=0, language=language)
    columns = [
        *_key_columns(language, several),
        Column(headings.pole(project, "low")),
        Column(headings.pole(project, "high")),
        Column(Text("Balans (på summan)", "Balance (of sums)")(language)),
        Column(Text(f"{level} %-intervall", f"{level}% interval")(language)),
        Column(Text("Medel av områden", "Mean of areas")(language)),
        Column(Text("Lägst", "Lowest")(language), number=False),
        Column(Text("Högst", "Highest")(language), number=False),
        Column(Text("Områden", "Areas")(language)),
        *([Column(headings.column("areas_without_high", project))] if without else []),
    ]
    names = cells.area_names(analysis)
    rows = [
        [*_key(key, language, several), *_balance_cells(row, names, language, without=without)]
        for key, row in table.iterrows()
    ]
    caption = Text("Balans per plats", "Balance by place")(language)
    caption += _common(table, several, language)
    starred = bool((table["areas_missing"] > 0).any())
    return cells.grid(
        caption, columns, rows, file="tables/balance.csv", foot=_foot(language) if starred else ""
    )


def _foot(language: Language) -> str:
    return Text(
        "* Alla områden har inte uppgift: talet gäller så många av platsens områden som står "
        "under det. Jämför det inte utan vidare med ett tal som gäller andra områden.",
        "* Not all areas have data: the figure is that of as many of the place's areas as stand "
        "under it. Compare it with care with a figure of other areas.",
    )(language)


def _several(table: pd.DataFrame) -> tuple[bool, bool, bool]:
    """Tell which of place, year and group get a column: not what is the same in every row."""
    years, groups = (len(table.index.unique(name)) > 1 for name in ("year", "group"))
    return True, years, groups


def _common(table: pd.DataFrame, several: tuple[bool, bool, bool], language: Language) -> str:
    """Return what is the same in every row, as the end of a caption: ", 2022, Alla"."""
    if table.empty:
        return ""
    words = _key(table.index[0], language, (True, True, True))
    alike = [w for w, has in zip(words, several, strict=True) if not has and w != "–"]
    return "".join(f", {inside_sentence(word)}" for word in alike)


def _key_columns(language: Language, several: tuple[bool, bool, bool]) -> list[Column]:
    words = cells.whole(Text("Plats|År|Grupp", "Place|Year|Group"), language)
    return [Column(word, number=False) for word, has in zip(words, several, strict=True) if has]


def _key(key: object, language: Language, several: tuple[bool, bool, bool]) -> list[str]:
    """Place, year and group of a row as words, those that have a column."""
    place, year, group = cast("tuple[str, int, str]", key)
    words = (str(place), str(year) if year else "–", headings.group(str(group), language))
    return [word for word, has in zip(words, several, strict=True) if has]


def _ordered(analysis: Analysis) -> pd.DataFrame:
    """Rows where anybody is counted, the latest year and everybody first."""
    table = analysis.balance
    table = table[(table["areas"] > 0) & (table["low"] + table["high"] > 0)]
    order = {name: i for i, name in enumerate(dict.fromkeys(table.index.get_level_values(0)))}
    keys = [(order[p], -y, g != "all", g) for p, y, g in table.index]
    return table.iloc[sorted(range(len(table)), key=keys.__getitem__)]


def _balance_cells(
    row: pd.Series, names: dict[str, str], language: Language, *, without: bool
) -> list[Cell | str]:
    lowest, highest = (cells.balance(row[name], language) for name in ("lowest", "highest"))
    return [
        count(row["low"], language),
        count(row["high"], language),
        cells.balance(row["ratio_of_sums"], language),
        cells.interval(row["lower"], row["upper"], language),
        cells.balance(row["mean_of_ratios"], language),
        cells.named(row["lowest_area"], names, before=lowest),
        cells.named(row["highest_area"], names, before=highest),
        _areas_of_balance(row, language),
        *([count(row["areas_without_high"], language)] if without else []),
    ]


def _areas_of_balance(row: pd.Series, language: Language) -> Cell:
    """The areas of the sums out of all, and those of the mean where they are fewer."""
    held, gone = int(row["areas"]), int(row["areas_missing"])
    told = f"{count(held, language)}*" if gone else count(held, language)
    of = Text(f"av {count(held + gone)}", f"of {count(held + gone, 'en')}")(language)
    nobody = int(row["areas_without_either"])
    mean = Text(f"medel av {count(held - nobody)}", f"mean of {count(held - nobody, 'en')}")
    return Cell(told, ", ".join([*([of] if gone else []), *([mean(language)] if nobody else [])]))


def index(analysis: Analysis) -> Grid:
    """A row per municipality: the index, and both the worst and the best area."""
    language = analysis.project.language
    table = tables.municipalities(analysis)
    students = "worst_student_share" in table and bool(table["worst_student_share"].notna().any())
    bottom = analysis.project.segregation.worst
    columns = [
        Column(Text("Kommun", "Municipality")(language), number=False),
        Column(Text("Segregationsindex", "Segregation index")(language)),
        Column(Text("Median", "Median")(language)),
        *([] if bottom == "min" else [Column(_percentile(bottom, language))]),
        Column(Text("Sämsta område", "Worst area")(language), number=False),
        *([Column(Text("20–29 år där", "Aged 20–29 there")(language))] if students else []),
        Column(Text("Bästa område", "Best area")(language), number=False),
        Column(Text("Områden", "Areas")(language)),
    ]
    names = cells.area_names(analysis)
    order = [] if table.empty else cells.order_by_name(table["municipality_name"])
    rows = [_index_cells(analysis, table.iloc[i], names, students=students) for i in order]
    caption = Text("Segregationsindex per kommun", "Segregation index by municipality")(language)
    starred = not table.empty and bool((table["score_areas_missing"] > 0).any())
    return cells.grid(
        caption,
        columns,
        rows,
        file="tables/municipalities.csv",
        foot=_foot(language) if starred else "",
        most=_MOST_MUNICIPALITIES,
    )


def _percentile(bottom: str, language: Language) -> str:
    percent = int(bottom.removeprefix("p"))
    return Text(f"{percent}:e percentilen", f"{percent}th percentile")(language)


def _index_cells(
    analysis: Analysis, row: pd.Series, names: dict[str, str], *, students: bool
) -> list[Cell | str]:
    language = analysis.project.language
    scores = analysis.areas["score"]

    def told(code: object) -> Cell:
        known = isinstance(code, str) and code in scores.index
        value = float(scores[code]) if known else float("nan")
        return cells.named(code, names, before=number(value, decimals=2, language=language))

    steady = analysis.project.segregation.worst != "min"
    return [
        str(row["municipality_name"]),
        number(row["segregation_index"], decimals=2, language=language),
        number(row["median"], decimals=2, language=language),
        *([number(row["worst_score"], decimals=2, language=language)] if steady else []),
        told(row["worst_area"]),
        *([share(row["worst_student_share"], language)] if students else []),
        told(row["best_area"]),
        _scored(row, language),
    ]


def _scored(row: pd.Series, language: Language) -> Cell:
    held, gone = int(row["score_areas"]), int(row["score_areas_missing"])
    if not gone:
        return Cell(count(held, language))
    of = Text(f"av {count(held + gone)}", f"of {count(held + gone, 'en')}")
    return Cell(f"{count(held, language)}*", of(language))


def indicators(analysis: Analysis) -> tuple[Grid, ...]:
    """Shares by place: side by side where there are several years or groups."""
    table = analysis.indicators
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
        return tuple(_one_place(analysis, table.loc[[place]], names) for place in places)
    return (_all_places(analysis, table, names),)


def _share_cell(row: pd.Series, name: str, language: Language) -> Cell:
    """A share, marked where not all of the place's areas have the counts."""
    value, gone = share(float(row[name]), language), int(row[f"{name}_missing"])
    if not gone or pd.isna(row[name]):
        return Cell(value)
    held, every = count(row["areas"] - gone, language), count(row["areas"], language)
    return Cell(f"{value}*", Text(f"{held} av {every}", f"{held} of {every}")(language))


def _foot_of_shares(table: pd.DataFrame, names: list[str], language: Language) -> str:
    gaps = [(table[f"{name}_missing"] > 0) & table[name].notna() for name in names]
    return _foot(language) if any(gap.any() for gap in gaps) else ""


def _all_places(analysis: Analysis, table: pd.DataFrame, names: list[str]) -> Grid:
    language, several = analysis.project.language, _several(table)
    columns = [
        *_key_columns(language, several),
        *(Column(headings.quantity(name, analysis.project)) for name in names),
    ]
    keys = [(place, -year, group != "all", group) for place, year, group in table.index]
    order = {place: i for i, place in enumerate(dict.fromkeys(key[0] for key in keys))}
    rows: list[list[Cell | str]] = [
        [
            *_key(table.index[i], language, several),
            *(_share_cell(table.iloc[i], name, language) for name in names),
        ]
        for i in sorted(range(len(keys)), key=lambda i: (order[keys[i][0]], *keys[i][1:]))
    ]
    caption = Text("Indikatorer per plats", "Indicators by place")(language)
    caption += _common(table, several, language)
    foot = _foot_of_shares(table, names, language)
    return cells.grid(caption, columns, rows, file="tables/indicators.csv", foot=foot)


def _one_place(analysis: Analysis, table: pd.DataFrame, names: list[str]) -> Grid:
    """A row per indicator, and the years of each group beside each other."""
    language = analysis.project.language
    place = str(table.index.get_level_values("place")[0])
    shown = sorted(table.index, key=lambda key: (key[2] != "all", key[2], key[1]))
    columns = [
        Column(Text("Indikator", "Indicator")(language), number=False),
        *(Column(" ".join(reversed(_key(key, language, (False, True, True))))) for key in shown),
    ]
    rows: list[list[Cell | str]] = [
        [
            headings.quantity(name, analysis.project),
            *(_share_cell(table.loc[key], name, language) for key in shown),
        ]
        for name in names
        if table[name].notna().any()
    ]
    caption = Text(f"Indikatorer: {place}", f"Indicators: {place}")(language)
    foot = _foot_of_shares(table, names, language)
    return cells.grid(caption, columns, rows, file="tables/indicators.csv", foot=foot)
