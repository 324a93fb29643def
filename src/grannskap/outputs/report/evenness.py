"""How unevenly the two poles live: a table by place, and what its numbers say and do not say."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

from grannskap.catalogue import BASES
from grannskap.contrasts import are_quarters
from grannskap.language import inside_sentence, number
from grannskap.outputs import history, tables
from grannskap.outputs.report import cells
from grannskap.outputs.report.cells import Cell, Column, Grid
from grannskap.wording import say

if TYPE_CHECKING:
    import pandas as pd

    from grannskap.analysis import Results, View
    from grannskap.language import Language

__all__ = ["by_place", "words"]

_SHOWN = ("dissimilarity", "isolation", "isolation_of_second")
_MOST, _DECIMALS = 40, 2


def by_place(results: Results, view: View) -> Grid:
    """A row per place: the index of dissimilarity, and how alone each pole lives.

    The interval is that of the corrected index, so the two stand beside each other.
    """
    language = view.language
    found = tables.evenness(results, view)
    confidence = number(100 * results.options.balance.confidence, decimals=0, language=language)
    poles = [inside_sentence(pole) for pole in view.poles(results)]
    columns = [
        Column(say("report.column.place", language), number=False),
        Column(say("report.evenness.corrected", language)),
        Column(say("report.column.interval", language, {"confidence": confidence})),
        Column(say("report.evenness.raw", language)),
        *([Column(say("report.evenness.hundred", language))] if _of_quarters(results) else []),
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
    fine = max((_decimals(row) for _, row in _of_main(shown).iterrows()), default=_DECIMALS)
    return [
        _row(str(place), table.droplevel("place"), language, fine, hundred=hundred)
        for place, table in shown.groupby("place", sort=False)
    ]


def _of_main(found: pd.DataFrame) -> pd.DataFrame:
    return found[found.index.get_level_values("measure") == _SHOWN[0]]


def _decimals(row: pd.Series[Any]) -> int:
    """As many as part the two ends of an interval, within reason."""
    ends = [row["evenness_lower"], row["evenness_upper"]]
    alike = round(ends[0], _DECIMALS) == round(ends[1], _DECIMALS)
    return _DECIMALS + 1 if alike and ends[0] < ends[1] else _DECIMALS


def _row(
    place: str, table: pd.DataFrame, language: Language, fine: int, *, hundred: bool
) -> list[Cell | str]:
    main, one, other = _main(table)
    held, gone = int(main["areas"]), int(main["areas_missing"])
    of = say("report.table.of", language, {"every": held + gone})
    return [
        place,
        _number(main["evenness_corrected"], language, decimals=fine),
        _between(main, language, decimals=fine),
        _number(main["evenness_raw"], language, decimals=fine),
        *([_number(100 * main["evenness_raw"], language, decimals=0)] if hundred else []),
        _number(main["evenness_even"], language),
        _number(one["evenness_raw"], language),
        _number(other["evenness_raw"], language),
        Cell(f"{held}*" if gone else str(held), of if gone else ""),
    ]


def _main(table: pd.DataFrame) -> tuple[pd.Series[Any], pd.Series[Any], pd.Series[Any]]:
    """Return dissimilarity, the isolation of the low, and that of the high."""
    rows = [table.loc[[name]].iloc[0] for name in _SHOWN]
    return rows[0], rows[1], rows[2]


def _number(value: float, language: Language, *, decimals: int = 2) -> str:
    return "–" if isnan(value) else number(value, decimals=decimals, language=language)


def _between(row: pd.Series[Any], language: Language, *, decimals: int) -> str:
    ends = [_number(row[end], language, decimals=decimals) for end in _ENDS]
    return "–" if "–" in ends else "–".join(ends)


_ENDS = ("evenness_lower", "evenness_upper")


def words(results: Results, view: View) -> tuple[str, ...]:
    """Return what the measures of the place shown say, for both poles, and what they do not."""
    table, language = results.evenness_of(view.whole(results)), view.language
    if table.empty:
        return ()
    main, one, other = _main(history.told_evenness(table))
    if main["evenness_status"] not in ("ok", "too few areas"):
        return ()
    values = {
        "place": view.whole_name(results),
        "unit": BASES[results.options.balance.basis](language),
        "low": inside_sentence(view.pole(results, "low")),
        "high": inside_sentence(view.pole(results, "high")),
        "moved": float(main["evenness_raw"]),
        "even": float(main["evenness_even"]),
        "with_low": float(one["evenness_raw"]),
        "with_high": float(other["evenness_raw"]),
        "hundred": 100 * float(main["evenness_raw"]),
        **_corrected(main, results, language),
    }
    unknown = isnan(main["evenness_even"])
    without = [] if isnan(main["evenness_lower"]) else ["report.evenness.without_chance"]
    known = "report.evenness.no_chance" if unknown else "report.evenness.chance"
    moved = ("report.evenness.moved", known, *without, "report.evenness.met")
    rounded = ("report.evenness.rounded",) if _is_rounded(results, view) else ()
    kind = ("report.evenness.of_its_kind",) if _of_quarters(results) else ()
    limits = ("report.evenness.limits", *rounded, "report.evenness.index")
    every = (moved, kind, limits)
    return tuple(" ".join(say(key, language, values) for key in keys) for keys in every if keys)


def _corrected(main: pd.Series[Any], results: Results, language: Language) -> dict[str, str]:
    """Return the corrected index and its interval, in words' numbers."""
    fine = _decimals(main)
    names = {"corrected": "evenness_corrected", "least": _ENDS[0], "most": _ENDS[1]}
    told = {key: _number(main[name], language, decimals=fine) for key, name in names.items()}
    confidence = 100 * results.options.balance.confidence
    return told | {"confidence": number(confidence, decimals=0, language=language)}


def _is_rounded(results: Results, view: View) -> bool:
    """Tell whether a count behind the measures is known only within bounds."""
    shown = results.at("balance", "area").reindex(view.shown(results).index)
    return bool((shown["estimate"].notna() & (shown["lower"] < shown["upper"])).any())
