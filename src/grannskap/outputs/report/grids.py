"""Tables of the report: balance, its extremes, index, indicators, and distances."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, cast

import pandas as pd

from grannskap import catalogue
from grannskap.analysis import headline
from grannskap.catalogue import SHARES
from grannskap.language import Language, Text, count, counted, inside_sentence, number, share
from grannskap.outputs import tables
from grannskap.outputs.report import cells
from grannskap.outputs.report.cells import Cell, Column, Grid

if TYPE_CHECKING:
    from grannskap.analysis import Clustering, Results, View
    from grannskap.project import BalanceOptions

__all__ = ["balance", "distances", "extremes", "index", "indicators", "reach"]

_MOST_PLACES = 8
_MOST_MUNICIPALITIES = 300


def balance(results: Results, view: View) -> Grid:
    """A row per place, year and group."""
    language = view.language
    table = _ordered(tables.balance(results, view))
    several = _several(table)
    without = bool((table["areas_without_high"] > 0).any())
    confidence = number(100 * results.options.balance.confidence, decimals=0, language=language)
    columns = [
        *_key_columns(language, several),
        Column(view.pole(results, "low")),
        Column(view.pole(results, "high")),
        Column(Text("Balans (på summan)", "Balance (of sums)")(language)),
        Column(Text(f"Osäkerhet ({confidence} %)", f"Interval ({confidence}%)")(language)),
        Column(Text("Medelvärde av områden", "Mean of areas")(language)),
        Column(Text("Lägst", "Lowest")(language), number=False),
        Column(Text("Högst", "Highest")(language), number=False),
        Column(Text("Områden", "Areas")(language)),
        *([Column(_without_high(results, view))] if without else []),
    ]
    names, known = view.area_names(results), _known_balances(results, view)
    rows = [
        [
            *_key(key, language, several),
            *_balance_cells(row, known(key), names, language, without=without),
        ]
        for key, row in table.iterrows()
    ]
    caption = Text("Balans per plats", "Balance by place")(language)
    caption += _common(table, several, language)
    return cells.grid(
        caption, columns, rows, file="tables/balance.csv", foot=_foot_of_balance(table, language)
    )


def _foot_of_balance(table: pd.DataFrame, language: Language) -> str:
    rounded = Text(
        "Områden där ett antal är avrundat till noll är med i summan, men har inget eget "
        "balansmått.",
        "Areas with a count that is rounded to zero are in the sum, and have no balance of "
        "their own.",
    )
    starred = bool((table["areas_missing"] > 0).any())
    told = [_foot(language)] if starred else []
    return " ".join([*told, *([rounded(language)] if "areas_rounded_to_zero" in table else [])])


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


def _without_high(results: Results, view: View) -> str:
    pole = inside_sentence(view.pole(results, "high"))
    return Text(f"Områden med 0 {pole}", f"Areas with 0 {pole}")(view.language)


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
    every = Text(f"alla områden: {between}", f"all areas: {between}")(language)
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
    of = Text(f"av {count(held + gone)}", f"of {count(held + gone, 'en')}")(language)
    nobody = int(row["areas_without_either"]) + int(row.get("areas_rounded_to_zero", 0))
    mean = Text(f"medel av {count(held - nobody)}", f"mean of {count(held - nobody, 'en')}")
    return Cell(told, ", ".join([*([of] if gone else []), *([mean(language)] if nobody else [])]))


def index(results: Results, view: View) -> Grid:
    """A row per municipality: the index, and both the worst and the best area."""
    language = view.language
    found = tables.municipalities(results, view)
    table = pd.DataFrame() if found is None else found
    students = "worst_student_share" in table and bool(table["worst_student_share"].notna().any())
    bottom = results.options.segregation.worst
    columns = [
        Column(Text("Kommun", "Municipality")(language), number=False),
        Column(Text("Segregationsindex", "Segregation index")(language)),
        Column(Text("Median", "Median")(language)),
        *([] if bottom == "min" else [Column(_percentile(bottom, language))]),
        Column(Text("Lägst värde", "Lowest value")(language), number=False),
        *([Column(Text("20–29 år där", "Aged 20–29 there")(language))] if students else []),
        Column(Text("Högst värde", "Highest value")(language), number=False),
        Column(Text("Områden", "Areas")(language)),
    ]
    names = view.area_names(results)
    order = [] if table.empty else cells.order_by_name(table["municipality_name"])
    rows = [_index_cells(results, view, table.iloc[i], names, students=students) for i in order]
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
    of = Text(f"av {count(held + gone)}", f"of {count(held + gone, 'en')}")
    return Cell(f"{count(held, language)}*", of(language))


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
        return tuple(_one_place(view, table.loc[[place]], names) for place in places)
    return (_all_places(view, table, names),)


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


def _all_places(view: View, table: pd.DataFrame, names: list[str]) -> Grid:
    language, several = view.language, _several(table)
    columns = [
        *_key_columns(language, several),
        *(Column(view.called(name)) for name in names),
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


def _one_place(view: View, table: pd.DataFrame, names: list[str]) -> Grid:
    """A row per indicator, and the years of each group beside each other."""
    language = view.language
    place = str(table.index.get_level_values("place")[0])
    shown = sorted(table.index, key=lambda key: (key[2] != "all", key[2], key[1]))
    columns = [
        Column(Text("Indikator", "Indicator")(language), number=False),
        *(Column(" ".join(reversed(_key(key, language, (False, True, True))))) for key in shown),
    ]
    rows: list[list[Cell | str]] = [
        [
            view.called(name),
            *(_share_cell(table.loc[key], name, language) for key in shown),
        ]
        for name in names
        if table[name].notna().any()
    ]
    caption = Text(f"Indikatorer: {place}", f"Indicators: {place}")(language)
    foot = _foot_of_shares(table, names, language)
    return cells.grid(caption, columns, rows, file="tables/indicators.csv", foot=foot)


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
        Column(Text("Område", "Area")(language), number=False),
        Column(Text("Balans", "Balance")(language)),
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
    words = {
        "lowest": Text("Områden med lägst balans", "Areas of the lowest balance"),
        "highest": Text("Områden med högst balans", "Areas of the highest balance"),
    }
    return cells.grid(words[end](language), columns, rows, file="")


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
        return Text(
            "Inget avstånd har par av områden att jämföra.",
            "No distance has pairs of areas to compare.",
        )(language)
    larger = bands["statistic"] > bands["expected"]
    alike = larger & (bands["q"] <= alpha)
    unbroken = int(alike.cumprod().sum())
    nearest = _bounds(bands.iloc[0], language)
    if not unbroken:
        return Text(
            f"Redan på det kortaste avståndet med par av områden ({nearest} km) går likheten "
            "inte att skilja från slumpen.",
            f"Even at the shortest distance with pairs of areas ({nearest} km) likeness cannot "
            "be told from chance.",
        )(language)
    furthest = _kilometres(float(bands["to"].iloc[unbroken - 1]), language)
    level = cells.rate(alpha, language)
    return Text(
        f"Områden liknar varandra mer än slumpen ger upp till {furthest} km från varandra "
        f"(q ≤ {level} på alla avstånd dit som har par av områden).",
        f"Areas are more alike than chance gives up to {furthest} km from each other "
        f"(q ≤ {level} at all distances so far that have pairs of areas).",
    )(language)


def _with_pairs(clustering: Clustering) -> pd.DataFrame | None:
    bands = clustering.correlogram
    return None if bands is None else bands[bands["pairs"] > 0]


def _bounds(row: pd.Series, language: Language) -> str:
    return "–".join(_kilometres(float(row[name]), language) for name in ("from", "to"))


def _kilometres(metres: float, language: Language) -> str:
    return number(metres / 1000, decimals=1, language=language)


def distances(view: View, clustering: Clustering) -> Grid | None:
    """Moran's I by distance between areas; None where not asked for."""
    bands, language = _with_pairs(clustering), view.language
    if bands is None:
        return None
    head = Text(
        "Avstånd (km)|Par av områden|Morans I|Slumpens gränser, ett avstånd i taget|justerat p (q)",
        "Distance (km)|Pairs of areas|Moran's I|Bounds of chance, one distance at a time|"
        "q (adjusted p)",
    )
    first, *others = cells.whole(head, language)
    rows = [
        (
            _bounds(row, language),
            count(row["pairs"], language),
            number(row["statistic"], decimals=3, language=language),
            Text("{low} till {high}", "{low} to {high}")(language).format(
                low=number(row["lower"], decimals=3, language=language),
                high=number(row["upper"], decimals=3, language=language),
            ),
            cells.p_value(row["q"], language),
        )
        for _, row in bands.iterrows()
    ]
    caption = Text("Morans I efter avstånd mellan områden", "Moran's I by distance between areas")
    return cells.grid(
        caption(language),
        [Column(first, number=False), *map(Column, others)],
        rows,
        file="tables/correlogram.csv",
    )
