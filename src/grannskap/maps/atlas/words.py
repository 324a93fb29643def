"""Words and marks that every map of results shares."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from grannskap.analysis import headline
from grannskap.catalogue import AMOUNTS, SHARES
from grannskap.maps.atlas import interventions
from grannskap.maps.marks import Highlight, Overlay
from grannskap.wording import say

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from grannskap.analysis import Results, View
    from grannskap.dataset import Neighbourhood

__all__ = [
    "balance_title",
    "balance_unit",
    "balances",
    "changes",
    "kind",
    "land",
    "moved",
    "names",
    "neighbourhoods",
    "nobody",
    "on_land",
    "overlays",
    "place",
    "short_poles",
    "source_line",
    "spanning",
    "subtitle",
    "unit",
]


def source_line(results: Results, view: View, *names: str) -> str:
    """Return the source line of a map of some measures: "Källa: SCB, …; DeSO 2018".

    Sources that hold none of the columns behind them are left out; none is without names.
    """
    behind = _behind(results, names)
    told = [
        one
        for one in results.dataset.provenance
        if one.source and (not behind or behind & {*one.parameters.get("columns", behind)})
    ]
    named = dict.fromkeys(one.source for one in told if one.role != "land")
    coasts = dict.fromkeys(one.source for one in told if one.role == "land")
    areas = results.dataset.areas_called
    line = say("maps.source", view.language, {"sources": "; ".join([*named, areas])})
    if not coasts:
        return line
    return say("maps.coast", view.language, {"source": line, "coasts": ", ".join(coasts)})


def _behind(results: Results, names: Sequence[str]) -> set[str]:
    """Return the columns that measures are made from."""
    asked = results.options.balance
    found: set[str] = set()
    for name in names:
        if name == "balance":
            found |= {asked.low, asked.high}
        else:
            found |= {SHARES[name].part, SHARES[name].base} if name in SHARES else {name}
    return found


def balance_title(results: Results, view: View) -> str:
    """Name the two poles."""
    return say("maps.balance_title", view.language, _poles(results, view))


def balance_unit(results: Results, view: View) -> str:
    """Say what the balance counts: one of persons is not one of households."""
    values = {**_poles(results, view), "of": results.options.balance.basis}
    return say("maps.balance_unit", view.language, values)


def _poles(results: Results, view: View) -> dict[str, str]:
    """Both poles, and each without the words that they share: "låg", "låg köpkraft"."""
    low, high = view.poles(results)
    return {"low": low, "high": high, "lower": _short(low, high), "higher": _short(high, low)}


def short_poles(results: Results, view: View) -> tuple[str, str]:
    """Return both poles without the words that they share, the low one first."""
    poles = _poles(results, view)
    return poles["lower"], poles["higher"]


def _short(pole: str, other: str) -> str:
    """What a pole begins with, where it ends as the other does."""
    words, others = pole.split(" "), other.split(" ")
    while len(words) > 1 and len(others) > 1 and words[-1] == others[-1]:
        words, others = words[:-1], others[:-1]
    return " ".join(words)


def subtitle(results: Results, view: View, what: str = "", *, whole: bool = False) -> str:
    """Say what the map shows, where and when; that it counts in each area, unless it is whole."""
    title, year = view.title, str(results.year or "")
    place = title if year in title else f"{title}, {year}".removeprefix(", ")
    return _told(what if whole else _each(results, view, what), place)


def spanning(
    results: Results, view: View, years: Sequence[int], what: str, *, places: bool = False
) -> str:
    """Say what is counted in each area or place, where, from which year and until which."""
    span = "–".join(dict.fromkeys(str(year) for year in (min(years), max(years)) if year))
    place = _undated(view.title, years) or view.whole_name(results)
    each = say("maps.each_place", view.language, {"what": what})
    return _told(each if places else _each(results, view, what), f"{place} {span}".strip())


def place(results: Results, view: View) -> str:
    """Return what all that is shown is called: its name, or else the project's title."""
    name = view.whole_name(results)
    return _undated(view.title, results.dataset.years) or name if name.isdigit() else name


def _undated(title: str, years: Sequence[int]) -> str:
    """Return a title without the years in it."""
    return re.sub(rf",? *\b({'|'.join(str(year) for year in years)})\b", "", title)


def kind(results: Results) -> str:
    """Return what the areas are called, without their division: "DeSO"."""
    return results.dataset.areas_called.split(" ")[0]


def _each(results: Results, view: View, what: str) -> str:
    values = {"what": what, "kind": kind(results), "told": "yes" if what else "no"}
    return say("maps.each_area", view.language, values)


def _told(what: str, place: str) -> str:
    return f"{what}. {place}" if place else what


def neighbourhoods(results: Results) -> tuple[Highlight, ...]:
    """Outlines of the named neighbourhoods, labelled with their names."""
    return _highlights(results, {})


def balances(
    results: Results, view: View, year: int, group: str = "all", measure: str = "balance"
) -> tuple[Highlight, ...]:
    """Outlines labelled with their balance on summed counts, or with what it lies between."""
    if not results.dataset.neighbourhoods:
        return ()
    table = results.at(measure, "neighbourhood", year=year, group=group)
    known = {
        str(name): headline.balance_words(row, view.language)
        for name, row in table.iterrows()
        if not pd.isna(row["estimate"])
    }
    return _highlights(results, known)


def changes(results: Results, view: View) -> tuple[Highlight, ...]:
    """Outlines labelled with their balance then and now, over the areas known in both years."""
    if not results.dataset.neighbourhoods or results.change_sums is None:
        return ()
    table = results.change_sums.xs(
        ("neighbourhood", results.year, "all"), level=("level", "year", "group")
    )
    labels = {
        str(name): " → ".join(
            headline.balance(float(row[one]), view.language) for one in ("ratio_then", "ratio_now")
        )
        for name, row in table.iterrows()
        if not row[["ratio_then", "ratio_now"]].isna().any()
    }
    return _highlights(results, labels)


def _highlights(results: Results, values: Mapping[str, str]) -> tuple[Highlight, ...]:
    """What is outlined is what was measured: the union of the areas, beside the polygon."""
    return tuple(
        Highlight(
            one.name,
            f"{one.name} {values.get(one.name, '')}".strip(),
            on_land(results, one),
            one.codes,
            polygon=one.polygon,
        )
        for one in results.dataset.neighbourhoods
    )


def on_land(results: Results, one: Neighbourhood) -> BaseGeometry:
    """Return a neighbourhood as it is drawn."""
    if results.dataset.shore is None:
        return one.geometry
    union: BaseGeometry = results.drawn.geometry.reindex(list(one.codes)).union_all()
    return union


def moved(highlights: Sequence[Highlight], cells: gpd.GeoDataFrame) -> tuple[Highlight, ...]:
    """Outline the cells that stand for the areas of each neighbourhood."""
    found = []
    for highlight in highlights:
        here = cells.geometry.reindex([*highlight.codes]).dropna()
        if len(here):
            found.append(replace(highlight, geometry=here.union_all(), polygon=None))
    return tuple(found)


def land(results: Results) -> gpd.GeoSeries | None:
    """Return the land in and about the areas, where it is known."""
    shore = results.dataset.shore
    return None if shore is None else shore.land


def nobody(results: Results, view: View) -> str:
    """Return the words of areas where nobody is in either group of the balance."""
    poles = _poles(results, view)
    return say("maps.nobody", view.language, {"low": poles["lower"], "high": poles["high"]})


def unit(name: str, view: View) -> str:
    """What an amount counts; empty for shares and for what the catalogue does not know."""
    return AMOUNTS[name].unit(view.language) if name in AMOUNTS else ""


def overlays(view: View) -> tuple[Overlay, ...]:
    """What other files put over the areas, and where interventions are."""
    others = tuple(
        Overlay(
            label=one.label,
            kind=one.kind,
            geometry=one.frame.geometry,
            names=tuple(one.frame["name"]),
            colour=one.colour,
        )
        for one in view.overlays
    )
    return (*others, *interventions.marks(view))


def names(results: Results) -> pd.Series[Any]:
    """What each area is called: its RegSO and its own code, or the code alone."""
    codes = [str(code) for code in results.areas.index]
    named = [""] * len(codes)
    if "regso_name" in results.areas.columns:
        named = results.areas["regso_name"].fillna("").astype(str).str.strip().tolist()
    called = [
        f"{name} {code[4:]}" if name else code for name, code in zip(named, codes, strict=True)
    ]
    return pd.Series(called, index=results.areas.index, dtype=object)
