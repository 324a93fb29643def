"""Tables of the report: headings and cells as a reader sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pandas as pd

from grannskap.language import Language, Text, count, number, ratio, share
from grannskap.schema import CLUSTERS, GROUPS, SHARES, label

if TYPE_CHECKING:
    from grannskap.analysis import Analysis

__all__ = ["Grid", "of"]

_MOST_ROWS = 60


@dataclass(frozen=True)
class Grid:
    """A table of texts.

    Attributes
    ----------
    caption : str
        What the table shows.
    head : tuple of str
        Column headings.
    rows : tuple of tuple of str
        Cells; the first of each row is its heading.
    left_out : int
        Rows that are in the CSV but not here, because the table would be too long.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: int = 0


def of(analysis: Analysis) -> dict[str, Grid]:
    """Return the report's tables by name."""
    return {
        "balance": _balance(analysis),
        "index": _index(analysis),
        "clusters": _clusters(analysis),
        "indicators": _indicators(analysis),
    }


def _grid(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Grid:
    shown = tuple(tuple(row) for row in rows[:_MOST_ROWS])
    return Grid(caption, tuple(head), shown, left_out=len(rows) - len(shown))


def _key(key: object, language: Language) -> tuple[str, str, str]:
    """Place, year and group of a row as words."""
    place, year, group = cast("tuple[str, int, str]", key)
    words = GROUPS[group](language) if group in GROUPS else group
    return str(place), str(year) if year else "–", words


def _balance(analysis: Analysis) -> Grid:
    language = analysis.project.language
    low, high = (label(name)(language) for name in _pair(analysis))
    head = Text(
        f"Plats|År|Grupp|{low}|{high}|Balans (summor)|Intervall|Medel av områden|Lägst|Högst|"
        "Områden",
        f"Place|Year|Group|{low}|{high}|Balance (sums)|Interval|Mean of areas|Lowest|Highest|Areas",
    )(language)
    rows = [
        (*_key(key, language), *_balance_cells(row, language))
        for key, row in _ordered(analysis).iterrows()
    ]
    return _grid(
        Text("Balans per plats, år och grupp", "Balance by place, year and group")(language),
        head.split("|"),
        rows,
    )


def _ordered(analysis: Analysis) -> pd.DataFrame:
    """Rows of places in the order of the analysis, the latest year and everybody first."""
    table = analysis.balance[analysis.balance["areas"] > 0]
    order = {name: i for i, name in enumerate(dict.fromkeys(table.index.get_level_values(0)))}
    keys = [(order[p], -y, g != "all", g) for p, y, g in table.index]
    return table.iloc[sorted(range(len(table)), key=keys.__getitem__)]


def _pair(analysis: Analysis) -> tuple[str, str]:
    return analysis.project.balance.low, analysis.project.balance.high


def _balance_cells(row: pd.Series, language: Language) -> list[str]:
    return [
        count(row["low"], language),
        count(row["high"], language),
        ratio(row["ratio_of_sums"], language),
        f"{ratio(row['lower'], language)}–{ratio(row['upper'], language)}",
        ratio(row["mean_of_ratios"], language),
        f"{ratio(row['lowest'], language)} ({row['lowest_area']})",
        f"{ratio(row['highest'], language)} ({row['highest_area']})",
        count(row["areas"], language),
    ]


def _index(analysis: Analysis) -> Grid:
    language = analysis.project.language
    head = Text(
        "Kommun|Segregationsindex|Median|Sämsta område|Dess värde|Dess andel 20–29 år|Områden",
        "Municipality|Segregation index|Median|Worst area|Its score|Its share aged 20–29|Areas",
    )(language)
    rows = [
        (
            str(row["municipality_name"]),
            number(row["segregation_index"], decimals=2, language=language),
            number(row["median"], decimals=2, language=language),
            str(row["worst_area"]),
            number(row["worst_score"], decimals=2, language=language),
            share(row.get("worst_student_share", float("nan")), language),
            count(row["areas"], language),
        )
        for _, row in analysis.municipalities.iterrows()
    ]
    return _grid(
        Text("Segregationsindex per kommun", "Segregation index by municipality")(language),
        head.split("|"),
        rows,
    )


def _clusters(analysis: Analysis) -> Grid:
    language = analysis.project.language
    local = analysis.clustering.local
    shown = local[analysis.areas["in_view"].reindex(local.index).to_numpy()]
    counts, tested = shown["cluster"].value_counts(), local["cluster"].value_counts()
    rows = [
        (
            CLUSTERS[name](language) if name in CLUSTERS else name,
            count(counts.get(name, 0), language),
            count(tested.get(name, 0), language),
        )
        for name in local["cluster"].cat.categories
    ]
    head = Text("Klass|Områden som visas|Områden som prövades", "Class|Areas shown|Areas tested")
    return _grid(
        Text("Områden per klass", "Areas per class")(language), head(language).split("|"), rows
    )


def _indicators(analysis: Analysis) -> Grid:
    language = analysis.project.language
    table = analysis.indicators
    names = [name for name in SHARES if name in table.columns and table[name].notna().any()]
    head = [*Text("Plats|År|Grupp", "Place|Year|Group")(language).split("|")]
    head += [label(name)(language) for name in names]
    rows = [
        (*_key(key, language), *(share(row[name], language) for name in names))
        for key, row in table.iterrows()
        if row[names].notna().any()
    ]
    return _grid(
        Text("Indikatorer per plats, år och grupp", "Indicators by place, year and group")(
            language
        ),
        head,
        rows,
    )
