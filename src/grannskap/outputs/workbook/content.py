"""What stands in each cell of the workbook: numbers as numbers, and words for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from grannskap import catalogue
from grannskap.catalogue import SHARES, Kind, Status, status_column
from grannskap.language import Text, inside_sentence
from grannskap.maps.style import Style
from grannskap.outputs import headings, tables

if TYPE_CHECKING:
    from grannskap.analysis import Analysis
    from grannskap.project import Project

__all__ = ["Kind", "Sheet", "cells", "kind", "sheets"]

# What a planner looks for stands first; counts and their shares after it.
_FIRST = ("deso", "regso_name", "municipality_name", "kind")
_MEASURES = (
    *("balance", "balance_lower", "balance_upper", "score"),
    *("cluster", "local_statistic", "local_p", "local_q"),
    *("change_log2", "change_lower", "change_upper", "change_p", "change_q"),
    "change_within_chance",
)
_LAST = ("in_view", "complete", "municipality", "regso")

# Amounts below this (thousands of kronor) are told with a decimal.
_SMALL_AMOUNT = 10_000

_INFINITE = Text("oändlig", "infinite")
_NO_HIGH = Text("oändlig (0 {pole})", "infinite (0 {pole})")
_NOBODY = Text("ingen i någon pol", "nobody in either pole")
_NO_BOUND = Text("ingen övre gräns", "no upper bound")
_MISSING = Text("uppgift saknas", "no data")
_NOT_TESTED = Text("ej prövat", "not tested")
_YES, _NO = Text("ja", "yes"), Text("nej", "no")

_BALANCES = ("balance", "ratio_of_sums", "lowest", "highest")
_OF_PLACES = ("balance_lowest", "balance_highest", "balance_mean")
_TESTED = (
    *("statistic", "expected", "p", "q", "least_p", "z", "lag", "influence"),
    *("monte_carlo_error", "quadrant"),
)


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

    def _is_hidden(self, name: str) -> bool:
        counts_gaps = name.endswith("_missing") and not (self.table[name] > 0).any()
        return name.endswith("_status") or counts_gaps


def sheets(analysis: Analysis) -> list[Sheet]:
    """Return the sheets in their order; those without rows are left out."""
    project = analysis.project
    found = [
        _sheet(Text("Områden", "Areas"), _ordered(tables.areas(analysis)), project, still=2),
        _sheet(
            Text("Kommuner", "Municipalities"), tables.municipalities(analysis), project, still=2
        ),
        _sheet(Text("Balans per plats", "Balance by place"), tables.balance(analysis), project),
        _sheet(Text("Indikatorer", "Indicators"), tables.indicators(analysis), project),
        _sheet(Text("Prövning", "Tests"), _with_names(analysis), project, still=2),
        _sheet(Text("Kommun för kommun", "One by one"), tables.within(analysis), project, still=2),
        _sheet(Text("Avstånd", "Distances"), tables.correlogram(analysis), project),
    ]
    return [sheet for sheet in found if sheet is not None]


def _sheet(
    name: Text, table: pd.DataFrame | None, project: Project, *, still: int = 1
) -> Sheet | None:
    if table is None or table.empty:
        return None
    flat = table.reset_index()
    places = "ratio_of_sums" in flat.columns
    head = headings.summed_column if places else headings.column
    return Sheet(
        name(project.language),
        flat,
        {str(column): head(str(column), project) for column in flat.columns},
        still if {"regso_name", "municipality_name"} & set(flat.columns[:2]) else 1,
    )


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    first = [name for name in (*_FIRST[1:], *_MEASURES) if name in table.columns]
    last = [name for name in _LAST if name in table.columns]
    middle = [name for name in table.columns if name not in first and name not in last]
    shares = [name for name in middle if name in SHARES]
    counts = [name for name in middle if name not in SHARES]
    in_view_first = table.sort_values("in_view", ascending=False, kind="stable")
    return in_view_first[[*first, *shares, *counts, *last]]


def _with_names(analysis: Analysis) -> pd.DataFrame:
    """The tests with the names of their areas."""
    table = tables.autocorrelation(analysis)
    told = [name for name in ("regso_name", "municipality_name") if name in analysis.areas.columns]
    named = pd.DataFrame(analysis.areas[told]).reindex(table.index)
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


def cells(
    name: str, sheet: Sheet, styles: Mapping[str, Style], project: Project
) -> list[float | str]:
    """Return a column as Excel shall hold it; an empty cell is an empty text."""
    values, language = sheet.table[name], project.language
    if pd.api.types.is_bool_dtype(values):
        words = [_MISSING if pd.isna(value) else _YES if value else _NO for value in values]
        return [word(language) for word in words]
    if not pd.api.types.is_numeric_dtype(values):
        return [_text(name, value, styles, project) for value in values]
    if name == "year":
        return [float(value) if value else "–" for value in values]
    reasons = _reasons(name, sheet)
    return [
        float(value) if np.isfinite(value) else _gap(name, float(value), why, project)
        for value, why in zip(values.astype(float), reasons, strict=True)
    ]


def _text(name: str, value: Any, styles: Mapping[str, Style], project: Project) -> str:  # noqa: ANN401
    if pd.isna(value):
        return _NOT_TESTED(project.language) if name in _TESTED else "–"
    text = str(value)
    if name in ("cluster", "quadrant"):
        return headings.classes(styles["cluster"]).get(text, text)
    if name == "status":
        return _YES(project.language) if text == "tested" else _why_not(text, project)
    return headings.group(text, project.language) if name == "group" else text


def _why_not(status: str, project: Project) -> str:
    words = {
        "too few areas": Text("nej, för få områden", "no, too few areas"),
        "constant": Text("nej, samma värde överallt", "no, the same value everywhere"),
        "no neighbours": Text("nej, inga grannar", "no, no neighbours"),
    }
    return words[status](project.language) if status in words else status


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


def _gap(name: str, value: float, why: str, project: Project) -> str:
    """Return what stands in the place of a number that Excel cannot hold."""
    if name.startswith("change_") and not np.isnan(value):
        return "∞" if value > 0 else "−∞"
    return _word(name, value, why, project)


def _word(name: str, value: float, why: str, project: Project) -> str:
    language = project.language
    if value > 0:
        if name in ("upper", "balance_upper"):
            return _NO_BOUND(language)
        if name not in (*_BALANCES, *_OF_PLACES):
            return _INFINITE(language)
        pole = inside_sentence(headings.pole(project, "high"))
        return _NO_HIGH(language).format(pole=pole)
    if why == "nobody either":
        return _NOBODY(language)
    if why in set(Status) and why != Status.VALUE:
        return Status(why).label()(language)
    tested = name in _TESTED or name.startswith("local_")
    return (_NOT_TESTED if tested else _MISSING)(language)
