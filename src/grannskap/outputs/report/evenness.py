"""How unevenly the two poles live: a table by place, and what its numbers say and do not say."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np

from grannskap.catalogue import BASES, EVENNESS
from grannskap.contrasts import are_quarters
from grannskap.language import inside_sentence, number
from grannskap.outputs import tables
from grannskap.outputs.report import cells
from grannskap.outputs.report.cells import Cell, Column, Grid
from grannskap.wording import say

if TYPE_CHECKING:
    import pandas as pd

    from grannskap.analysis import Results, View
    from grannskap.language import Language

__all__ = ["by_place", "words"]

_SHOWN = ("dissimilarity", "isolation", "isolation_of_second")
_MOST = 40


def by_place(results: Results, view: View) -> Grid:
    """A row per place: the index of dissimilarity, and how alone each pole lives."""
    language = view.language
    found = tables.evenness(results, view)
    confidence = number(100 * results.options.balance.confidence, decimals=0, language=language)
    poles = [inside_sentence(pole) for pole in view.poles(results)]
    columns = [
        Column(say("report.column.place", language), number=False),
        Column(EVENNESS["dissimilarity"](language)),
        *([Column(say("report.evenness.hundred", language))] if _of_quarters(results) else []),
        Column(say("report.column.interval", language, {"confidence": confidence})),
        Column(say("report.evenness.even", language)),
        *(Column(say("report.evenness.isolation", language, {"pole": pole})) for pole in poles),
        Column(say("report.column.areas", language)),
    ]
    rows = [] if found is None else _rows(found, language, hundred=_of_quarters(results))
    every = 0 if found is None else found.index.get_level_values("place").nunique()
    return cells.grid(
        say("report.table.evenness", language),
        columns,
        rows,
        file="tables/evenness.csv",
        most=_MOST,
        every=every,
    )


def _of_quarters(results: Results) -> bool:
    """Tell whether the poles are quarters, so that the index is the like of Boverket's."""
    return are_quarters(results.options.balance.low, results.options.balance.high)


def _rows(found: pd.DataFrame, language: Language, *, hundred: bool) -> list[list[Cell | str]]:
    places = found.index.get_level_values("place")
    shown = found[places.isin(places.unique()[:_MOST])]
    return [
        _row(str(place), table.droplevel("place"), language, hundred=hundred)
        for place, table in shown.groupby("place", sort=False)
    ]


def _row(place: str, table: pd.DataFrame, language: Language, *, hundred: bool) -> list[Cell | str]:
    main, one, other = _main(table)
    held, gone = int(main["areas"]), int(main["areas_missing"])
    of = say("report.table.of", language, {"every": held + gone})
    return [
        place,
        _number(main["evenness"], language),
        *([_number(100 * main["evenness"], language, decimals=0)] if hundred else []),
        _between(main, language),
        _number(main["evenness_even"], language),
        _number(one["evenness"], language),
        _number(other["evenness"], language),
        Cell(f"{held}*" if gone else str(held), of if gone else ""),
    ]


def _main(table: pd.DataFrame) -> tuple[pd.Series[Any], pd.Series[Any], pd.Series[Any]]:
    """Return dissimilarity, the isolation of the low, and that of the high."""
    rows = [table.loc[[name]].iloc[0] for name in _SHOWN]
    return rows[0], rows[1], rows[2]


def _number(value: float, language: Language, *, decimals: int = 2) -> str:
    return "–" if isnan(value) else number(value, decimals=decimals, language=language)


def _between(row: pd.Series[Any], language: Language) -> str:
    ends = [_number(float(np.maximum(row[end], 0.0)), language) for end in _ENDS]
    return "–" if "–" in ends else "–".join(ends)


_ENDS = ("evenness_lower", "evenness_upper")


def words(results: Results, view: View) -> tuple[str, ...]:
    """Return what the measures of the place shown say, for both poles, and what they do not."""
    table, language = results.evenness_of(view.whole(results)), view.language
    if table.empty:
        return ()
    main, one, other = _main(table)
    if main["status"] not in ("ok", "too few areas"):
        return ()
    values = {
        "place": view.whole_name(results),
        "unit": BASES[results.options.balance.basis](language),
        "low": inside_sentence(view.pole(results, "low")),
        "high": inside_sentence(view.pole(results, "high")),
        "moved": float(main["estimate"]),
        "even": float(main["even"]),
        "with_low": float(one["estimate"]),
        "with_high": float(other["estimate"]),
        "hundred": 100 * float(main["estimate"]),
    }
    unknown = isnan(main["even"])
    known = "report.evenness.no_chance" if unknown else "report.evenness.chance"
    moved = ("report.evenness.moved", known, "report.evenness.met")
    rounded = ("report.evenness.rounded",) if _is_rounded(results, view) else ()
    kind = ("report.evenness.of_its_kind",) if _of_quarters(results) else ()
    limits = ("report.evenness.limits", *rounded, "report.evenness.index")
    every = (moved, kind, limits)
    return tuple(" ".join(say(key, language, values) for key in keys) for keys in every if keys)


def _is_rounded(results: Results, view: View) -> bool:
    """Tell whether a count behind the measures is known only within bounds."""
    shown = results.at("balance", "area").reindex(view.shown(results).index)
    return bool((shown["estimate"].notna() & (shown["lower"] < shown["upper"])).any())
