"""What stands in each cell of the workbook: numbers as numbers, and words for the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from grannskap import catalogue
from grannskap.catalogue import BALANCE_STATUSES, SHARES, Kind, Status, status_column
from grannskap.language import Language, Text, inside_sentence
from grannskap.maps.style import Style
from grannskap.outputs import anatomy, area_types, frontiers, history, interventions, points, tables
from grannskap.wording import in_both

if TYPE_CHECKING:
    from grannskap.analysis import Clustering, Results, View

__all__ = ["Kind", "Sheet", "Texts", "cells", "kind", "sheets"]

# What a planner looks for stands first; counts and their shares after it.
_FIRST = ("deso", "regso_name", "municipality_name", "kind")
_MEASURES = (
    *("balance", "balance_at_least", "balance_at_most", "balance_lower", "balance_upper", "score"),
    *("cluster", "local_statistic", "local_p", "local_q"),
    *("change_log2", "change_lower", "change_upper", "change_p", "change_q"),
    "change_within_chance",
)
_LAST = ("in_view", "complete", "municipality", "regso")

_GROUPS = {
    **{name: name for name in ("balance", "score", "change", "reference")},
    **dict.fromkeys(("cluster", "local"), "test"),
}
"""What columns tell of, by the first word of their names; the others count something."""

# Amounts below this (thousands of kronor) are told with a decimal.
_SMALL_AMOUNT = 10_000

_INFINITE = Text("oändlig", "infinite")
_NO_HIGH = Text("oändlig (0 {pole})", "infinite (0 {pole})")
_NOBODY = Text("ingen i någon grupp", "nobody in either group")
_NO_BOUND = Text("ingen gräns uppåt", "no upper bound")
_MISSING = Text("uppgift saknas", "no data")
_NOT_TESTED = Text("inte jämförd", "not compared")
_YES, _NO = Text("ja", "yes"), Text("nej", "no")

_BALANCES = ("balance", "ratio_of_sums", "lowest", "highest")
_OF_PLACES = ("balance_lowest", "balance_highest", "balance_mean")
_TESTED = (
    "statistic",
    "expected",
    "p",
    "q",
    "z",
    "lag",
    "influence",
    "monte_carlo_error",
    "quadrant",
)


_WORDS: Mapping[str, Mapping[str, Text]] = {
    "measure": catalogue.MEASURES_OF_CHANGE,
    "evenness_status": catalogue.EVENNESS_STATUSES,
    "frontier": catalogue.FRONTIERS,
    "over_became": catalogue.OVER_YEARS,
    "indicator": {name: one.label for name, one in SHARES.items()},
    "over_share": {name: one.label for name, one in SHARES.items()},
    "frontier_then": catalogue.FRONTIERS,
    "border_years": catalogue.FRONTIER_YEARS,
    "over_variable": {name: one.label for name, one in SHARES.items()},
    "became": catalogue.FRONTIER_CHANGES,
    **{f"tenure_{side}": catalogue.GROUPS for side in ("first", "second")},
    catalogue.TRANSLATED: catalogue.WAYS,
    "intervention_where": catalogue.INTERVENTION_WHERE,
    "intervention_level": catalogue.INTERVENTION_LEVELS,
    "criterion": catalogue.CRITERIA,
    "criterion_part": {name: one for name, (_, one) in catalogue.INTERVENTION_PARTS.items()},
    "place_kind": catalogue.INTERVENTION_PLACES,
    "partition": {one: in_both("report.partition", {"of": one}) for one in anatomy.PARTITIONS},
    "change_part": {one: in_both("report.change_part", {"of": one}) for one in anatomy.CHANGES},
}
"""Words of the keys that a column of text holds."""


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, its table, and how many columns stay in sight when scrolling.

    Attributes
    ----------
    name : str
        In the language of the project.
    table : pandas.DataFrame
        Canonical columns, the index among them; ``x_status`` columns explain gaps.
    heads : dict of str to str
        Heading of each column.
    still : int
        Columns that stay in sight.
    """

    name: str
    table: pd.DataFrame
    heads: dict[str, str]
    still: int = 1

    @property
    def shown(self) -> list[str]:
        """Columns that get a place: neither a status nor a count of gaps where there are none."""
        return [str(name) for name in self.table.columns if not self._is_hidden(str(name))]

    @property
    def groups(self) -> list[int]:
        """Columns, by their place among those shown, with which another kind of number begins."""
        kinds = [_group(name) for name in self.shown]
        return [place for place in range(1, len(kinds)) if kinds[place] != kinds[place - 1]]

    def _is_hidden(self, name: str) -> bool:
        counts_gaps = name.endswith("_missing") and not (self.table[name] > 0).any()
        return name.endswith("_status") or counts_gaps


@dataclass(frozen=True)
class Texts:
    """What the cells need of the view: the language, and the words for who is high."""

    language: Language
    high: str

    @classmethod
    def of(cls, results: Results, view: View) -> Texts:
        """Return the words of a view of results."""
        return cls(view.language, view.poles(results)[1])


def sheets(results: Results, view: View) -> list[Sheet]:
    """Return the sheets in their order; those without rows are left out."""
    made = (
        _sheet(name, table, results, view)
        for name, table in (*_of_places(results, view), *_of_tests(results, view))
    )
    return [sheet for sheet in made if sheet is not None]


def _of_places(results: Results, view: View) -> Iterator[tuple[Text, pd.DataFrame | None]]:
    """Yield what is told of areas and places, with the name of each sheet."""
    of_both = (
        (Text("Kommuner", "Municipalities"), tables.municipalities),
        (Text("Balansmått per plats", "Balance by place"), tables.balance),
        (Text("Jämnhet", "Evenness"), tables.evenness),
        (Text("Skarpa gränser", "Frontiers"), frontiers.borders),
        (Text("Skarpa gränser per plats", "Frontiers by place"), frontiers.by_place),
        (Text("Över åren", "Over the years"), history.over_years),
        (Text("Områdestyper", "Area types"), area_types.by_place),
        (Text("Kluster över åren", "Clusters over the years"), history.transitions),
        (Text("Delar", "Parts"), anatomy.parts),
        (Text("Skala", "Scale"), anatomy.profile),
        (Text("Jämnhetens förändring", "Change of evenness"), anatomy.change),
        (Text("Indikatorer", "Indicators"), tables.indicators),
        (Text("Indikatorernas förändring", "Change of indicators"), points.by_place),
    )
    yield Text("Områden", "Areas"), _ordered(tables.areas(results, view))
    for name, table in of_both:
        yield name, table(results, view)
    yield Text("Insatser", "Interventions"), interventions.by_row(view)
    yield Text("Insatsrutnät", "Interventions grid"), interventions.grid(view)
    yield (
        Text("Insatser per plats", "Interventions by place"),
        interventions.by_place(results, view),
    )


def _of_tests(results: Results, view: View) -> Iterator[tuple[Text, pd.DataFrame | None]]:
    """Yield what is told of each test; the names are numbered where there are several."""
    several = len(results.clusterings) > 1
    for number, clustering in enumerate(results.clusterings, 1):
        for name, table in (
            (Text("Test", "Tests"), _with_names(results, view, clustering)),
            (Text("Kommun för kommun", "One by one"), tables.within(results, clustering)),
            (Text("Avstånd", "Distances"), tables.correlogram(clustering)),
        ):
            yield Text(f"{name.sv} {number}", f"{name.en} {number}") if several else name, table


def _sheet(name: Text, table: pd.DataFrame | None, results: Results, view: View) -> Sheet | None:
    if table is None or table.empty:
        return None
    flat = table.reset_index()
    heads = {str(column): view.heading(str(column)) for column in flat.columns}
    high = inside_sentence(view.pole(results, "high"))
    without = Text(f"Områden med 0 {high}", f"Areas with 0 {high}")(view.language)
    heads |= {one: without for one in heads if one.removeprefix("balance_") == "areas_without_high"}
    if {"ratio_of_sums", "parted"} & set(flat.columns):
        heads |= {"low": view.pole(results, "low"), "high": view.pole(results, "high")}
    still = 2 if {"regso_name", "municipality_name"} & set(flat.columns[:2]) else 1
    return Sheet(name(view.language), flat, heads, still)


def _group(name: str) -> str:
    """What a column tells of: those that tell of the same are printed together if they can be."""
    if name in SHARES:
        return "shares"
    beginning = name.split("_", maxsplit=1)[0]
    return _GROUPS.get(beginning, "counts")


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    first = [name for name in (*_FIRST[1:], *_MEASURES) if name in table.columns]
    last = [name for name in _LAST if name in table.columns]
    middle = [name for name in table.columns if name not in first and name not in last]
    shares = [name for name in middle if name in SHARES]
    counts = [name for name in middle if name not in SHARES]
    in_view_first = table.sort_values("in_view", ascending=False, kind="stable")
    return in_view_first[[*first, *shares, *counts, *last]]


def _with_names(results: Results, view: View, clustering: Clustering) -> pd.DataFrame:
    """The tests with the names of their areas."""
    table = tables.autocorrelation(results, view, clustering)
    kept = [one for one in ("regso_name", "municipality_name") if one in results.areas.columns]
    named = pd.DataFrame(results.areas[kept]).reindex(table.index)
    return named.join(table)


def kind(name: str, sheet: Sheet) -> Kind:
    """Return how the numbers of a column are written."""
    flat = sheet.table
    if "pairs" in flat.columns and name in ("lower", "upper"):
        return "fine"
    known = catalogue.kind(name)
    if known == "amount" and not flat[name].max() < _SMALL_AMOUNT:
        return "count"
    return known


def cells(name: str, sheet: Sheet, styles: Mapping[str, Style], texts: Texts) -> list[float | str]:
    """Return a column as Excel shall hold it; an empty cell is an empty text."""
    values, language = sheet.table[name], texts.language
    if pd.api.types.is_bool_dtype(values):
        words = [_MISSING if pd.isna(value) else _YES if value else _NO for value in values]
        return [word(language) for word in words]
    if not pd.api.types.is_numeric_dtype(values):
        codes, different = pd.factorize(values)
        told = [_text(name, value, styles, texts) for value in (*different, None)]
        return [told[code] for code in codes]  # −1, the last, is missing
    if name == "year":
        return [float(value) if value else "–" for value in values]
    reasons = _reasons(name, sheet)
    return [
        float(value) if np.isfinite(value) else _gap(name, float(value), why, texts)
        for value, why in zip(values.astype(float), reasons, strict=True)
    ]


def _text(name: str, value: Any, styles: Mapping[str, Style], texts: Texts) -> str:  # noqa: ANN401
    if pd.isna(value):
        return _NOT_TESTED(texts.language) if name in _TESTED else "–"
    text = str(value)
    if name == "quadrant" or name.startswith("cluster"):
        return _class_words(styles["cluster"]).get(text, text)
    if text in _WORDS.get(name, ()):
        return _WORDS[name][text](texts.language)
    if name == "status":
        return _YES(texts.language) if text == "tested" else _why_not(text, texts)
    return catalogue.group_label(text)(texts.language) if name == "group" else text


def _class_words(style: Style) -> dict[str, str]:
    """Return the words of each class, as its map's legend has them."""
    named = dict(zip(style.categories, style.labels, strict=True))
    return {"no data": style.gaps[style.missing].label, **named}


def _why_not(status: str, texts: Texts) -> str:
    words = {
        "too few areas": Text("nej, för få områden", "no, too few areas"),
        "constant": Text("nej, samma värde överallt", "no, the same value everywhere"),
        "no neighbours": Text("nej, inga grannar", "no, no neighbours"),
    }
    return words[status](texts.language) if status in words else status


def _reasons(name: str, sheet: Sheet) -> list[str]:
    """Why a cell holds no number, where the table tells."""
    flat = sheet.table
    known = status_column("balance" if name.startswith("balance_") else name)
    if known in flat.columns:
        return [str(why) for why in flat[known]]
    if {"low", "high", "areas"} <= set(flat.columns):
        nobody = ((flat["low"] + flat["high"]) == 0) & (flat["areas"] > 0)
        return ["nobody either" if none else "" for none in nobody]
    return [""] * len(flat)


def _gap(name: str, value: float, why: str, texts: Texts) -> str:
    """Return what stands in the place of a number that Excel cannot hold."""
    if name.startswith("change_") and not np.isnan(value):
        return "∞" if value > 0 else "−∞"
    return _word(name, value, why, texts)


_WHY_NOT = {
    **{status.value: status.label() for status in Status if status is not Status.VALUE},
    "nobody either": _NOBODY,
    "rounded to zero": BALANCE_STATUSES["rounded to zero"],
}


_OF_SOME_ROWS = ("parted_even", "change_share", "first_year", "last_year")
"""Columns that some rows of a table have nothing to say in."""


def _word(name: str, value: float, why: str, texts: Texts) -> str:
    language = texts.language
    if name in _OF_SOME_ROWS or name.startswith("evenness_"):
        return "–"
    if value > 0:
        if name in ("upper", "balance_upper"):
            return _NO_BOUND(language)
        if name not in (*_BALANCES, *_OF_PLACES):
            return _INFINITE(language)
        return _NO_HIGH(language).format(pole=texts.high)
    if why in _WHY_NOT:
        return _WHY_NOT[why](language)
    tested = name in _TESTED or name.startswith("local_")
    return (_NOT_TESTED if tested else _MISSING)(language)
