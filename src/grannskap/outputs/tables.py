"""Tables of results as a view shows them, and how they stand in a text file."""

from __future__ import annotations

from math import isfinite, isnan
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from grannskap.analysis import series
from grannskap.catalogue import GROUPS, SHARES
from grannskap.letters import well_formed
from grannskap.outputs import anatomy, area_types, frontiers, history, interventions, points
from grannskap.wording import say

if TYPE_CHECKING:
    from grannskap.analysis import Clustering, Results, View

__all__ = [
    "areas",
    "autocorrelation",
    "balance",
    "change",
    "correlogram",
    "csv",
    "evenness",
    "indicators",
    "measures",
    "municipalities",
    "named",
    "within",
]

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

_BOUNDS = ["at_least", "at_most"]


def areas(results: Results, view: View) -> pd.DataFrame:
    """A row per area, index ``deso``: names, counts with their status, shares and measures.

    Shares are 0–1, the balance 0 … ∞; a missing value is empty and its status column says
    why. Areas that were tested but are not shown are there too, with ``in_view`` false.
    """
    table = pd.DataFrame(results.areas.drop(columns="geometry"))
    shown = view.mask(results.areas.index)
    table.insert(table.columns.tolist().index("complete"), "in_view", shown)
    balance = results.options.balance
    poles = (balance.low, balance.high)
    return series.with_break(table, results, poles) if results.change is not None else table


def named(results: Results, view: View) -> dict[str, pd.DataFrame]:
    """Every table by the stem of its file; those not asked for are left out."""
    every = {
        "areas": areas(results, view),
        "municipalities": municipalities(results, view),
        "balance": balance(results, view),
        "indicators": indicators(results, view),
        "indicators-change": points.by_place(results, view),
        "change": change(results, view),
        "evenness": evenness(results, view),
        "area-types": area_types.by_place(results, view),
        "frontiers": frontiers.borders(results, view),
        "frontiers-by-place": frontiers.by_place(results, view),
        "over-years": history.over_years(results, view),
        "clusters-over-years": history.clusters(results, view),
        "evenness-over-years": history.evenness(results, view),
        "index-over-years": history.index(results, view),
        "transitions": history.transitions(results, view),
        "parts": anatomy.parts(results, view),
        "profile": anatomy.profile(results, view),
        "evenness-change": anatomy.change(results, view),
        "interventions": interventions.by_row(view),
        "interventions-grid": interventions.grid(view),
        "interventions-by-place": interventions.by_place(results, view),
        "measures": measures(results, view),
    }
    for number, clustering in enumerate(results.clusterings):
        ending = f"-{clustering.variable}" if number else ""
        every |= {
            f"autocorrelation{ending}": autocorrelation(results, view, clustering),
            f"within{ending}": within(results, clustering),
            f"correlogram{ending}": correlogram(clustering),
        }
    return {stem: table for stem, table in every.items() if table is not None}


# Balance and score count areas each in their own way: every name says which it belongs to.
_OF_BALANCE = {
    "low": "low",
    "high": "high",
    "ratio_of_sums": "balance",
    "lower": "balance_lower",
    "upper": "balance_upper",
    "at_least": "balance_at_least",
    "at_most": "balance_at_most",
    "mean_of_ratios": "balance_mean",
    "lowest": "balance_lowest",
    "lowest_area": "balance_lowest_area",
    "highest": "balance_highest",
    "highest_area": "balance_highest_area",
    "areas": "balance_areas",
    "areas_without_high": "balance_areas_without_high",
    "areas_without_either": "balance_areas_without_either",
    "areas_rounded_to_zero": "balance_areas_rounded_to_zero",
    "areas_missing": "balance_areas_missing",
}


def municipalities(results: Results, view: View) -> pd.DataFrame | None:
    """A row per whole municipality shown, index ``municipality``: index, both poles, balance.

    ``score_areas`` are those with a score, ``balance_areas`` those with both counts;
    ``reference_x`` is the municipality's median of x, where that is what areas are held to.
    """
    table = view.index(results)
    if table.empty:
        return None
    keys = [("municipality", str(code), results.year, "all") for code in table.index]
    of_each = _balances(results).loc[keys].set_axis(table.index)
    of_balance = {own: of_each[name] for name, own in _OF_BALANCE.items() if name in of_each}
    if (table["worst_areas"] <= 1).all():
        table = table.drop(columns="worst_areas")
    return table.join(pd.DataFrame(of_balance))


def evenness(results: Results, view: View) -> pd.DataFrame | None:
    """A row per place and measure of evenness between the poles; None where no place has one.

    ``evenness_corrected`` is the measure less its bias, ``evenness_lower`` and ``evenness_upper``
    the interval of the true value, which holds it; ``evenness_raw`` is the measure of the counts
    as they stand, and ``evenness_even`` what chance alone would make of it.
    """
    names = {place: name for name, place in view.places(results).items()}
    order = {place: number for number, place in enumerate(names)}
    levels, places, measures = (results.evenness.index.get_level_values(i) for i in range(3))
    keys = list(zip(levels, places, strict=True))
    which = np.array([order.get(key, len(order)) for key in keys], dtype=int)
    rows = np.argsort(which, kind="stable")[: int((which < len(order)).sum())]
    if not len(rows):
        return None
    index = pd.MultiIndex.from_arrays(
        [[names[keys[row]] for row in rows], measures[rows]], names=["place", "measure"]
    )
    return history.told_evenness(results.evenness.iloc[rows].set_axis(index))


def change(results: Results, view: View) -> pd.DataFrame | None:
    """A row per area, index ``deso``: balance then and now, and whether chance explains it.

    ``log2_change`` is 1 for a doubling, with ``lower`` and ``upper`` of the area alone;
    ``within_chance`` goes by ``q``. None where no two years are compared.
    """
    found = results.change
    if found is None:
        return None
    table = pd.DataFrame(
        {
            "ratio_then": found["ratio_then"],
            "ratio_now": found["ratio_now"],
            "log2_change": found["estimate"],
            "lower": found["interval_lower"],
            "upper": found["interval_upper"],
            **_bounds(found, [name for name in ("p", "q", "within_chance") if name in found]),
        }
    )
    balance = results.options.balance
    told = series.with_break(table, results, (balance.low, balance.high))
    return told.assign(in_view=view.mask(results.areas.index))


def _bounds(found: pd.DataFrame, more: list[str]) -> dict[str, pd.Series[Any]]:
    """Bounds where anything is hidden and anything is known, and after them other columns."""
    columns = {}
    differ = (found["lower"] != found["upper"]) & found["lower"].notna()
    silent = found["lower"].isin([0, -np.inf]) & np.isposinf(found["upper"])
    differ &= ~silent
    if differ.any():
        columns["at_least"] = found["lower"].where(differ)
        columns["at_most"] = found["upper"].where(differ)
    return {**columns, **{name: found[name] for name in more}}


def autocorrelation(results: Results, view: View, clustering: Clustering) -> pd.DataFrame:
    """A row per tested area, index ``deso``: its value, statistic, p, q, cluster and influence.

    Where nulls are coarse ``least_p`` is the smallest p that the area could have got. Where other
    settings were tried, ``same`` of ``settings`` gave the area the same class.
    """
    held = results.areas.index
    local = clustering.local[clustering.local.index.isin(held)]
    values = results.areas[clustering.variable].reindex(local.index)
    shown = pd.Series(view.mask(held), index=held)
    table = pd.DataFrame(local).assign(in_view=shown)
    table.insert(0, clustering.variable, values)
    if not clustering.local.attrs["parameters"]["coarse"]:
        table = table.drop(columns="least_p")
    table = table.join(clustering.scatter[["z", "lag", "influence"]])
    if clustering.sensitivity is not None:
        stayed = clustering.sensitivity[["same", "settings", "share"]]
        table = table.join(stayed.rename(columns={"share": "share_same"}))
    return table


def within(results: Results, clustering: Clustering) -> pd.DataFrame | None:
    """A row per municipality tested by itself, with its name; None where none was."""
    table = clustering.within
    if table is None:
        return None
    names = results.areas.groupby("municipality")["municipality_name"].first()
    whole = table.copy()
    whole.insert(0, "municipality_name", names.reindex(table.index))
    return whole


def correlogram(clustering: Clustering) -> pd.DataFrame | None:
    """A row per band of distance: Moran's I and its envelope; None where not asked for."""
    table = clustering.correlogram
    return None if table is None else table.set_index(["from", "to"])


def balance(results: Results, view: View) -> pd.DataFrame:
    """A row per place, year and group: balance on summed counts, and its extremes.

    ``lower`` and ``upper`` are the interval of chance; where an area of the place is hidden or
    missing, ``at_least`` and ``at_most`` are what the balance of all its areas can be. Where
    several areas share an extreme none is named, and ``lowest_areas`` or ``highest_areas``
    count them.
    """
    rows = [
        (name, (level, place, *setting))
        for setting in results.dataset.years_and_groups()
        for name, (level, place) in view.places(results).items()
    ]
    return _rows(_balances(results), rows)


def _balances(results: Results) -> pd.DataFrame:
    """Index level, place, year, group: the balance of every place and what stands behind it."""
    sums = results.sums
    found = results.measured["balance"].table.loc[sums.index]
    known = found["estimate"].notna()
    columns = {
        "low": sums["low"],
        "high": sums["high"],
        "ratio_of_sums": found["estimate"],
        "lower": found["interval_lower"].where(known),
        "upper": found["interval_upper"].where(known),
        **_bounds(found, []),
    }
    shared = [end for end in ("lowest_areas", "highest_areas") if (sums[end] > 1).any()]
    rounded = ["areas_rounded_to_zero"] if (sums["areas_rounded_to_zero"] > 0).any() else []
    return pd.DataFrame(columns).join(sums[[*_BEHIND, *shared, *rounded]])


_BEHIND = (
    *("mean_of_ratios", "lowest", "lowest_area", "highest", "highest_area"),
    *("areas", "areas_without_high", "areas_without_either", "areas_missing"),
)


def indicators(results: Results, view: View) -> pd.DataFrame:
    """A row per place, year and group: shares of summed counts, 0–1; the country last.

    The country is there where a register holds all of it. Shares stand in the order that is asked
    for.
    """
    table = _chosen(results)
    order = [*GROUPS, *sorted(set(results.dataset.groups) - {*GROUPS})]
    settings = sorted(
        results.dataset.years_and_groups(), key=lambda one: (one[0], order.index(one[1]))
    )
    rows = [
        (name, (level, place, *setting))
        for name, (level, place) in view.places(results).items()
        for setting in settings
    ]
    if _COUNTRY not in view.places(results).values():
        beside = [(*_COUNTRY, *setting) for setting in settings]
        country = say("report.table.country", view.language)
        rows += [(country, key) for key in beside if key in table.index]
    return _rows(table, rows)


_COUNTRY = ("country", "country")


def _chosen(results: Results) -> pd.DataFrame:
    """Return the indicators with the shares that are asked for, in that order; all unless asked."""
    asked = [name for name in results.options.indicators.shares if name in results.indicators]
    if not asked:
        return results.indicators
    others = [
        name for name in results.indicators if str(name).removesuffix("_missing") not in SHARES
    ]
    return results.indicators[[*others, *asked, *(f"{name}_missing" for name in asked)]]


def _rows(table: pd.DataFrame, rows: list[tuple[str, tuple[str, str, int, str]]]) -> pd.DataFrame:
    """Take rows by level, place, year and group, under the names of their places."""
    index = pd.MultiIndex.from_tuples(
        [(name, *key[2:]) for name, key in rows], names=["place", "year", "group"]
    )
    return table.loc[[key for _, key in rows]].set_axis(index)


def measures(results: Results, view: View) -> pd.DataFrame:
    """A row per measure, level, place, year and group above the areas, in the one shape.

    ``estimate`` is of the areas that are known, ``lower`` and ``upper`` are what it could be
    given what is hidden, ``interval_lower`` and ``interval_upper`` what chance could do.
    """
    wanted = set(view.places(results).values())
    tables = {}
    for name, one in results.measured.items():
        places = list(zip(*(one.table.index.get_level_values(i) for i in (0, 1)), strict=True))
        chosen = one.table[[place in wanted for place in places]]
        if len(chosen):
            tables[name] = chosen.assign(unit=one.unit, model=one.model)
    whole = pd.concat(tables, names=["measure"])
    named = results.places["name"]
    pairs = pd.MultiIndex.from_arrays([whole.index.get_level_values(i) for i in (1, 2)])
    whole.insert(0, "name", named.reindex(pairs).to_numpy())
    return whole


def csv(table: pd.DataFrame) -> bytes:
    """Comma-separated text of a table, UTF-8, decimal point, six digits, LF line ends.

    Counts are written whole, infinity as ``inf``, missing as nothing. Text that a
    spreadsheet would run as a formula gets an apostrophe before it.

    Parameters
    ----------
    table : pandas.DataFrame
        Its index becomes the first columns.

    Returns
    -------
    bytes
        The file's content.

    Examples
    --------
    >>> frame = pd.DataFrame({"low": [3.0], "name": ["=1+1"]}, index=pd.Index(["a"], name="deso"))
    >>> csv(frame).decode().splitlines()
    ['deso,low,name', "a,3,'=1+1"]
    """
    flat = table.reset_index()
    columns = {name: _as_text(flat[name]) for name in flat.columns}
    return pd.DataFrame(columns).to_csv(index=False, lineterminator="\n").encode()


def _as_text(values: pd.Series[Any]) -> pd.Series[Any]:
    if pd.api.types.is_bool_dtype(values):
        return values.map({True: "true", False: "false"})
    if pd.api.types.is_numeric_dtype(values):
        numbers = values.to_numpy(dtype=float, na_value=np.nan).tolist()
        return pd.Series([_number(one) for one in numbers], dtype=object)
    codes, different = pd.factorize(values)
    texts = np.array([*map(_inert, different), None], dtype=object)
    return pd.Series(texts[codes], dtype=object)  # −1, the last, is missing


def _number(value: float) -> str | None:
    if not isfinite(value):
        return None if isnan(value) else f"{value}"
    return str(int(value)) if value.is_integer() else f"{value:.6g}"


def _inert(value: object) -> str:
    text = str(value)
    line = well_formed(" ".join(text.splitlines()))
    return f"'{line}" if text.startswith(_FORMULA_STARTS) else line
