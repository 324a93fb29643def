"""Tables of the report: balance, its extremes, index, and distances."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, cast

import pandas as pd

from grannskap import catalogue
from grannskap.analysis import headline
from grannskap.language import Language, count, counted, inside_sentence, number, share
from grannskap.outputs import tables
from grannskap.outputs.report import cells
from grannskap.outputs.report.cells import Cell, Column, Grid
from grannskap.wording import say

if TYPE_CHECKING:
    from grannskap.analysis import Clustering, Results, View
    from grannskap.project import BalanceOptions

__all__ = [
    "balance",
    "common",
    "distances",
    "extremes",
    "few",
    "has_between",
    "has_mark",
    "index",
    "key_columns",
    "key_words",
    "reach",
]

_MOST_IN_MAIN = 30
_MOST_MUNICIPALITIES = 300


def balance(results: Results, view: View, *, every: bool) -> Grid | None:
    """A row per place: of the year in focus and everybody, or of every year and group.

    None where the second would say nothing that the first does not.
    """
    language = view.language
    table = _ordered(tables.balance(results, view))
    keys = [table.index.get_level_values(name) for name in ("year", "group")]
    focus = (keys[0] == results.year) & (keys[1] == "all")
    if every and focus.all():
        return None
    table = table if every else table[focus]
    several = few(table)
    without = bool((table["areas_without_high"] > 0).any())
    columns = [*key_columns(language, several), *_balance_columns(results, view)]
    if without:
        pole = {"pole": inside_sentence(view.pole(results, "high"))}
        columns.append(Column(say("report.column.without_high", language, pole)))
    names, known = view.area_names(results), _known_balances(results, view)
    most = cells.MOST_ROWS if every else _MOST_IN_MAIN
    rows = [
        [
            *key_words(key, language, several),
            *_balance_cells(row, known(key), names, language, without=without),
        ]
        for key, row in table[:most].iterrows()
    ]
    shared = {"common": common(table, several, language)}
    caption = "report.table.balance_all" if every else "report.table.balance"
    words = say(caption, language, shared)
    return cells.grid(words, columns, rows, file="tables/balance.csv", most=most, every=len(table))


def _balance_columns(results: Results, view: View) -> list[Column]:
    language, confidence = view.language, 100 * results.options.balance.confidence
    held = {"confidence": number(confidence, decimals=0, language=language)}
    return [
        Column(view.pole(results, "low")),
        Column(view.pole(results, "high")),
        Column(say("report.column.balance", language)),
        Column(say("report.column.interval", language, held)),
        Column(say("report.column.mean_of_areas", language)),
        Column(say("report.column.lowest", language), number=False),
        Column(say("report.column.highest", language), number=False),
        Column(say("report.column.areas", language)),
    ]


def _known_balances(results: Results, view: View) -> Callable[[object], pd.Series[Any]]:
    """Return what gives the balances of the areas behind a row, each taken out once."""
    measured, places = results.measured["balance"], view.places(results)
    codes = results.members.groupby(["level", "place"])["deso"]

    @cache
    def areas(year: int, group: str) -> pd.Series[Any]:
        return measured.at("area", year, group)["estimate"]

    def known(key: object) -> pd.Series[Any]:
        place, year, group = cast("tuple[str, int, str]", key)
        return areas(year, group)[codes.get_group(places[place])]

    return known


def few(table: pd.DataFrame) -> tuple[bool, bool, bool]:
    """Tell which of place, year and group get a column: not what is the same in every row."""
    years, groups = (len(table.index.unique(name)) > 1 for name in ("year", "group"))
    return True, years, groups


def common(table: pd.DataFrame, several: tuple[bool, bool, bool], language: Language) -> str:
    """Return what is the same in every row, as the end of a caption: ", 2022, Alla"."""
    if table.empty:
        return ""
    words = key_words(table.index[0], language, (True, True, True))
    alike = [w for w, has in zip(words, several, strict=True) if not has and w != "–"]
    return "".join(f", {inside_sentence(word)}" for word in alike)


def key_columns(language: Language, several: tuple[bool, bool, bool]) -> list[Column]:
    """Return the columns of place, year and group, those that are wanted."""
    words = (
        say("report.column.place", language),
        say("report.column.year", language),
        say("report.column.group", language),
    )
    return [Column(word, number=False) for word, has in zip(words, several, strict=True) if has]


def key_words(key: object, language: Language, several: tuple[bool, bool, bool]) -> list[str]:
    """Place, year and group of a row as words, those that have a column."""
    place, year, group = cast("tuple[str, int, str]", key)
    words = (str(place), str(year) if year else "–", catalogue.group_label(str(group))(language))
    return [word for word, has in zip(words, several, strict=True) if has]


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    """Rows where anybody is counted, the latest year and everybody first."""
    table = table[(table["areas"] > 0) & (table["low"] + table["high"] > 0)]
    order = {name: i for i, name in enumerate(dict.fromkeys(table.index.get_level_values(0)))}
    keys = [(order[p], -y, g != "all", g) for p, y, g in table.index]
    return table.iloc[sorted(range(len(table)), key=keys.__getitem__)]


def _balance_cells(
    row: pd.Series[Any],
    areas: pd.Series[Any],
    names: dict[str, str],
    language: Language,
    *,
    without: bool,
) -> list[Cell | str]:
    known = headline.balance(row["ratio_of_sums"], language)
    least, most = row.get("at_least", float("nan")), row.get("at_most", float("nan"))
    between = headline.bounds(least, most, language)
    gone = "report.table.all_areas" if row["areas_missing"] else "report.table.unrounded"
    every = say(gone, language, {"between": between})
    return [
        count(row["low"], language),
        count(row["high"], language),
        Cell(known, detail=every if between else ""),
        cells.interval(row["lower"], row["upper"], language),
        headline.balance(row["mean_of_ratios"], language),
        *(_extreme(row, end, areas, names, language) for end in ("lowest", "highest")),
        _areas_of_balance(row, language),
        *([count(row["areas_without_high"], language)] if without else []),
    ]


def _extreme(
    row: pd.Series[Any], end: str, areas: pd.Series[Any], names: dict[str, str], language: Language
) -> Cell:
    """An area's balance with its name under it; of several written alike, how many they are."""
    value, code = headline.balance(row[end], language), row[f"{end}_area"]
    alike = headline.written_alike(areas, row[end], language)
    if alike > 1:
        return Cell(value, detail=counted(alike, "area")(language))
    return cells.named(code, names, before=value)


def _areas_of_balance(row: pd.Series, language: Language) -> Cell:
    """The areas of the sums out of all, and those of the mean where they are fewer."""
    held, gone = int(row["areas"]), int(row["areas_missing"])
    told = f"{count(held, language)}*" if gone else count(held, language)
    of = say("report.table.of", language, {"every": held + gone})
    nobody = int(row["areas_without_either"]) + int(row.get("areas_rounded_to_zero", 0))
    mean = say("report.table.mean_of", language, {"held": held - nobody})
    return Cell(told, ", ".join([*([of] if gone else []), *([mean] if nobody else [])]))


def index(results: Results, view: View) -> Grid:
    """A row per municipality: the index, and both the worst and the best area."""
    language = view.language
    found = tables.municipalities(results, view)
    table = pd.DataFrame() if found is None else found
    students = "worst_student_share" in table and bool(table["worst_student_share"].notna().any())
    bottom = results.options.segregation.worst
    columns = [
        Column(say("report.column.municipality", language), number=False),
        Column(say("report.column.index", language)),
        Column(say("report.column.median", language)),
        *([] if bottom == "min" else [Column(_percentile(bottom, language))]),
        Column(say("report.column.lowest_value", language), number=False),
        *([Column(say("report.column.young_there", language))] if students else []),
        Column(say("report.column.highest_value", language), number=False),
        Column(say("report.column.areas", language)),
    ]
    names = view.area_names(results)
    order = [] if table.empty else cells.order_by_name(table["municipality_name"])
    rows = [_index_cells(results, view, table.iloc[i], names, students=students) for i in order]
    return cells.grid(
        say("report.table.index", language),
        columns,
        rows,
        file="tables/municipalities.csv",
        most=_MOST_MUNICIPALITIES,
    )


def _percentile(bottom: str, language: Language) -> str:
    percent = int(bottom.removeprefix("p"))
    return say("report.column.percentile", language, {"percent": percent})


def _index_cells(
    results: Results, view: View, row: pd.Series, names: dict[str, str], *, students: bool
) -> list[Cell | str]:
    language = view.language
    scores = results.areas["score"]

    def told(code: object) -> Cell:
        known = isinstance(code, str) and code in scores.index
        value = float(scores[code]) if known else float("nan")
        return cells.named(code, names, before=number(value, decimals=2, language=language))

    steady = results.options.segregation.worst != "min"
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
    of = say("report.table.of", language, {"every": held + gone})
    return Cell(f"{count(held, language)}*", of)


def has_mark(tables: Mapping[str, Any], mark: str) -> bool:
    """Tell whether a sign that needs an explanation stands in one of the tables."""
    return any(mark in cell.text for cell in _every_cell(tables))


def has_between(tables: Mapping[str, Any]) -> bool:
    """Tell whether a balance stands with what it can be under it."""
    balance = 3  # after the place and both counts
    return any(row[balance].detail for row in tables["balance"].rows)


def _every_cell(tables: Mapping[str, Any]) -> Iterator[Cell]:
    for table in tables.values():
        for one in [table] if isinstance(table, Grid) else table or ():
            yield from (cell for row in one.rows for cell in row)


# --- Extremes --------------------------------------------------------------------------

_ROWS = 10

End = Literal["lowest", "highest"]


def extremes(results: Results, view: View, end: End) -> Grid | None:
    """The ten areas at one end; fewer where the ends would meet, None where there are no two.

    Areas that are written alike stand together: where they do not fit, they are counted.
    """
    language = view.language
    options = results.options.balance
    known = view.shown(results)
    known = known[known["balance"].notna()]
    room = min(_ROWS, len(known) // 2)
    if not room:
        return None
    columns = [
        Column(say("report.column.area", language), number=False),
        Column(say("report.column.balance", language)),
        Column(view.pole(results, "low")),
        Column(view.pole(results, "high")),
    ]
    by = options.high if end == "lowest" else options.low
    ordered = known.sort_index().sort_values(
        ["balance", by], ascending=[end == "lowest", False], kind="stable"
    )
    names = view.area_names(results)
    rows: list[tuple[Cell | str, ...]] = []
    while len(rows) < room:
        alike = _written_alike(ordered, len(rows), language)
        if rows and len(rows) + len(alike) > room:
            break
        if len(alike) > room:
            sums = [count(alike[name].sum(), language) for name in (options.low, options.high)]
            value = headline.balance(float(alike["balance"].iloc[0]), language)
            rows.append((counted(len(alike), "area")(language), value, *sums))
            break
        rows += [
            _extreme_row(str(code), row, names, view, options) for code, row in alike.iterrows()
        ]
    told = ordered["balance"].iloc[: len(rows)]
    return cells.grid(_caption_of_end(results, view, end, told), columns, rows, file="")


def _caption_of_end(results: Results, view: View, end: End, told: pd.Series[Any]) -> str:
    """Say which side is larger there; the numbers alone where that differs."""
    low, high = view.poles(results)
    if end == "lowest":
        if (told < 1).all():
            return say("report.table.excess", view.language, {"pole": high})
        return say("report.table.lowest", view.language)
    if (told > 1).all():
        return say("report.table.excess", view.language, {"pole": low})
    return say("report.table.highest", view.language)


def _written_alike(ordered: pd.DataFrame, start: int, language: Language) -> pd.DataFrame:
    """Return the areas from a row on whose balance is written as that row's."""
    written = headline.balance(float(ordered["balance"].iloc[start]), language)
    stop = start + 1
    while stop < len(ordered):
        if headline.balance(float(ordered["balance"].iloc[stop]), language) != written:
            break
        stop += 1
    return ordered.iloc[start:stop]


def _extreme_row(
    code: str, row: pd.Series, names: dict[str, str], view: View, options: BalanceOptions
) -> tuple[Cell | str, ...]:
    return (
        cells.named(code, names),
        headline.balance(float(row["balance"]), view.language),
        count(row[options.low], view.language),
        count(row[options.high], view.language),
    )


# --- Distances -------------------------------------------------------------------------


def reach(view: View, clustering: Clustering, alpha: float) -> str:
    """Say how far areas are alike; empty where not asked for.

    Bands without pairs say nothing. All bands are tested at once, hence q and not the envelope,
    which holds for one band at a time.
    """
    bands, language = _with_pairs(clustering), view.language
    if bands is None:
        return ""
    if bands.empty:
        return say("report.reach.none", language)
    larger = bands["statistic"] > bands["expected"]
    alike = larger & (bands["q"] <= alpha)
    unbroken = int(alike.cumprod().sum())
    if not unbroken:
        nearest = {"nearest": _bounds(bands.iloc[0], language)}
        return say("report.reach.not_even", language, nearest)
    furthest = _kilometres(float(bands["to"].iloc[unbroken - 1]), language)
    level = cells.rate(alpha, language)
    return say("report.reach.to", language, {"furthest": furthest, "level": level})


def _with_pairs(clustering: Clustering) -> pd.DataFrame | None:
    bands = clustering.correlogram
    return None if bands is None else bands[bands["pairs"] > 0]


def _bounds(row: pd.Series, language: Language) -> str:
    return "–".join(_kilometres(float(row[name]), language) for name in ("from", "to"))


def _kilometres(metres: float, language: Language) -> str:
    return number(metres / 1000, decimals=1, language=language)


def distances(results: Results, view: View, clustering: Clustering) -> Grid | None:
    """Moran's I by distance between areas; None where not asked for."""
    bands, language = _with_pairs(clustering), view.language
    if bands is None:
        return None
    columns = (
        Column(say("report.column.distance", language), number=False),
        Column(say("report.column.pairs", language)),
        Column(say("report.column.moran", language)),
        Column(say("report.column.envelope", language)),
        Column(say("report.column.q", language)),
    )
    rows = [_distance_cells(row, language) for _, row in bands.iterrows()]
    caption = say("report.table.distances", language)
    return cells.grid(
        caption, columns, rows, file=cells.file_of("correlogram", results, clustering)
    )


def _distance_cells(row: pd.Series[Any], language: Language) -> tuple[str, ...]:
    ends = {
        "low": number(row["lower"], decimals=3, language=language),
        "high": number(row["upper"], decimals=3, language=language),
    }
    return (
        _bounds(row, language),
        count(row["pairs"], language),
        number(row["statistic"], decimals=3, language=language),
        say("report.table.to", language, ends),
        cells.p_value(row["q"], language),
    )
