"""Pictures of several years: maps side by side, and curves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from grannskap.analysis import headline, series
from grannskap.catalogue import EVENNESS, SHARES
from grannskap.maps.atlas import words
from grannskap.maps.atlas.model import Extra
from grannskap.maps.atlas.printed import balance_map
from grannskap.wording import say

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from grannskap.analysis import Results, View
    from grannskap.breaks import Break
    from grannskap.maps.figure import Trend
    from grannskap.maps.style import Style

__all__ = ["curve", "curves", "indicators", "indices", "panels", "titled", "years"]

_MOST_CURVES, _MOST_TRENDS, _MOST_PANELS = 12, 5, 8


def titled(style: Style, title: str) -> Style:
    """Return a style under another title, without the line under the map."""
    return replace(style, title=title, caption="")


def panels(
    results: Results, view: View, rows: list[tuple[str, int, str]], style: Style, measure: str
) -> Figure:
    """Draw the balance several times, a panel for each title, year and group."""
    from grannskap.maps import figure

    drawn = []
    for title, year, group in rows:
        table = results.at("balance", "area", year=year, group=group)
        whole = results.row(measure, view.whole(results), year=year, group=group)
        loose = table["estimate"].isna() | (table["lower"] < table["upper"])
        drawn.append(
            figure.Panel(
                f"{title} · {headline.balance_words(whole, view.language)}",
                results.drawn,
                table["estimate"],
                view=view.mask(results.areas.index),
                highlights=words.balances(results, view, year, group, measure),
                status=table["status"],
                lower=table["lower"].where(loose),
                upper=table["upper"].where(loose),
            )
        )
    return figure.small_multiples(drawn, style, page=view.map.page, land=words.land(results))


def years(results: Results, view: View) -> Extra:
    """Year by year, each place on the areas that every year knows."""
    every = results.dataset.years
    title = say("maps.years_title", view.language)
    style = titled(balance_map(results, view).style, title)
    measure = _balance(results)
    rows = [(str(year or ""), year, "all") for year in every]
    held = int(results.row(measure, view.whole(results))["areas"])
    caption = say("maps.years_caption", view.language, {"areas": held})
    unit = words.balance_unit(results, view)
    options = results.options.balance
    found = series.of(results.dataset, (options.low, options.high))
    style = replace(
        style,
        subtitle=words.spanning(results, view, every, unit),
        caption=_with_breaks("", found, view),
    )
    caption = _with_breaks(caption, found, view)
    drawn = panels(results, view, rows, style, measure)
    return Extra("balance-years", style.title, caption, drawn)


def curves(results: Results, view: View) -> Extra:
    """Each place against the town over the years, on the areas that every year knows."""
    from grannskap.maps import figure

    years, chosen = results.dataset.years, _places(results, view, _MOST_CURVES)
    data, lower, upper = _of_measure(results, view, _balance(results), chosen)
    title = say("maps.curves_title", view.language)
    poles = (results.options.balance.low, results.options.balance.high)
    found = series.of(results.dataset, poles)
    caption = _with_breaks(say("maps.curves_caption", view.language), found, view)
    drawn = figure.curves(
        data,
        whole=view.whole_name(results),
        intervals=(lower, upper),
        breaks=[one.year for one in found],
        title=title,
        subtitle=words.spanning(
            results, view, years, words.balance_unit(results, view), places=True
        ),
        caption=caption,
        source=words.source_line(results, view, "balance"),
        language=view.language,
    )
    return Extra("balance-curves", title, caption, drawn)


def curve(results: Results, view: View, name: str) -> Extra | None:
    """Draw one neighbourhood against the town over the years; None of a single known year."""
    from grannskap.maps import figure

    if len(results.dataset.years) < _PAIR:
        return None
    language, whole = view.language, view.whole_name(results)
    data, *ends = _of_measure(results, view, _balance(results), [whole, name])
    if (data[name] > 0).sum() < _PAIR or whole == name:
        return None
    options = results.options.balance
    found = series.of(results.dataset, (options.low, options.high))
    told = {"name": name, "whole": whole}
    title = say("maps.profiles.curve", language, told)
    caption = _with_breaks(say("maps.profiles.curve_caption", language, told), found, view)
    drawn = figure.curves(
        data,
        whole=whole,
        intervals=(ends[0], ends[1]),
        breaks=[one.year for one in found],
        title=title,
        subtitle=words.balance_unit(results, view),
        source=words.source_line(results, view, "balance"),
        page="half-column",
        language=language,
    )
    return Extra("balance-curve", title, caption, drawn)


_PAIR = 2


def _balance(results: Results) -> str:
    return "balance_common" if "balance_common" in results.measured else "balance"


def _places(results: Results, view: View, most: int) -> list[str]:
    """The whole, and so many of its neighbourhoods, or else of the places shown."""
    places, whole = view.places(results), view.whole_name(results)
    named = {place.name for place in results.dataset.neighbourhoods}
    chosen = [name for name in places if name in named] or list(places)
    return [whole, *[name for name in chosen if name != whole][:most]]


def _of_measure(
    results: Results, view: View, measure: str, chosen: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return a measure by year and place, and the ends of what chance could do to it."""
    places, years = view.places(results), results.dataset.years
    rows = {
        name: [results.row(measure, places[name], year=year) for year in years] for name in chosen
    }
    estimate, lower, upper = (
        pd.DataFrame(
            {name: [row[end] for row in held] for name, held in rows.items()},
            index=list(years),
            dtype=float,
        )
        for end in ("estimate", "interval_lower", "interval_upper")
    )
    return estimate, lower, upper


def _with_breaks(caption: str, found: Iterable[Break], view: View) -> str:
    """Name the breaks after a caption."""
    names = [
        say("maps.break", view.language, {"year": str(one.year), "what": one.what}) for one in found
    ]
    return ". ".join(part for part in (caption, " ".join(names)) if part)


def indices(results: Results, view: View) -> Extra | None:
    """Evenness of both poles, and the segregation index, over the years; None where none is."""
    history, language = results.history, view.language
    if history is None or history.evenness.empty:
        return None
    low, high = view.poles(results)
    titles = {
        "dissimilarity": EVENNESS["dissimilarity"](language),
        "isolation": say("maps.scale_isolation", language, {"pole": low}),
        "isolation_of_second": say("maps.scale_isolation", language, {"pole": high}),
    }
    options = results.options.balance
    breaks = series.of(results.dataset, (options.low, options.high))
    panels = [
        _evenness(results, view, measure, title, tuple(one.year for one in breaks))
        for measure, title in titles.items()
    ]
    panels = [one for one in panels if len(one.data.columns)]
    of_index, parts = _index(results, view)
    panels += [] if of_index is None else [of_index]
    every = dict.fromkeys((*breaks, *series.of(results.dataset, parts)))
    return _drawn(results, view, panels, "indices-curves", (every, (options.low, options.high)))


def _evenness(
    results: Results, view: View, measure: str, title: str, breaks: tuple[int, ...]
) -> Trend:
    """One measure of evenness in the places shown that have it, every year.

    Where any place has it without its bias, those are drawn: their intervals are of that.
    """
    from grannskap.maps import figure

    assert results.history is not None
    found = results.history.evenness.xs(measure, level="measure")
    years = results.history.years
    by_place = {
        (str(one), str(name)): table for (one, name), table in found.groupby(["level", "place"])
    }
    there = {name: by_place[key] for name, key in view.places(results).items() if key in by_place}
    corrected = {name: one for name, one in there.items() if one["corrected"].notna().any()}
    middle, there = ("corrected", corrected) if corrected else ("estimate", there)
    told = say("maps.evenness", view.language, {"of": middle, "what": title})
    ends = [
        pd.DataFrame(
            {
                name: table[end].droplevel(["level", "place"])
                for name, table in list(there.items())[: _MOST_TRENDS + 1]
            },
            index=list(years),
            dtype=float,
        ).clip(lower=0.0)
        for end in (middle, "lower", "upper")
    ]
    return figure.Trend(told, ends[0], "share", (ends[1], ends[2]), breaks)


def _index(results: Results, view: View) -> tuple[Trend | None, list[str]]:
    """Return the segregation index of the municipalities shown, and what it is made from."""
    from grannskap.maps import figure

    assert results.history is not None
    found, shown = results.history.index, view.index(results)
    if found.empty or shown.empty:
        return None, []
    made = [SHARES.get(name) for name in results.components]
    parts = [
        *(one.part for one in made if one),
        *(name for name in results.components if name not in SHARES),
    ]
    data, lower, upper = (
        pd.DataFrame(
            {
                str(shown.loc[code, "municipality_name"]): found[name].xs(
                    code, level="municipality"
                )
                for code in shown.index[: _MOST_TRENDS + 1]
            },
            index=list(results.history.years),
            dtype=float,
        )
        for name in ("segregation_index", "segregation_index_lower", "segregation_index_upper")
    )
    breaks = tuple(one.year for one in series.of(results.dataset, parts))
    title = say("report.column.index", view.language)
    return figure.Trend(title, data, "index", (lower, upper), breaks), parts


def indicators(results: Results, view: View) -> Extra | None:
    """The shares of the places shown over the years, those of both poles first."""
    from grannskap.maps import figure

    chosen = _places(results, view, _MOST_TRENDS)
    options = results.options.balance
    panels: list[Trend] = []
    every: dict[Break, None] = {}
    names = [name for name in SHARES if name in results.measured]
    names.sort(key=lambda name: SHARES[name].part not in (options.low, options.high))
    for name in names:
        data, lower, upper = _of_measure(results, view, name, chosen)
        if data.notna().sum().max() > 1 and len(panels) < _MOST_PANELS:
            breaks = series.of(results.dataset, (SHARES[name].part, SHARES[name].base))
            every |= dict.fromkeys(breaks)
            own = tuple(one.year for one in breaks)
            panels.append(figure.Trend(view.called(name), data, "share", (lower, upper), own))
    return _drawn(results, view, panels, "indicators-curves", (every, names)) if panels else None


_WORDS = {
    "indices-curves": ("maps.indices_title", "maps.indices_unit", "maps.indices_caption"),
    "indicators-curves": (
        *("maps.indicators_title", "maps.indicators_unit"),
        "maps.indicators_caption",
    ),
}
"""Title, unit and caption of each picture."""


def _drawn(
    results: Results,
    view: View,
    panels: list[Trend],
    name: str,
    told: tuple[Iterable[Break], Sequence[str]],
) -> Extra:
    """Draw panels, with the breaks and the columns that they tell of."""
    from grannskap.maps import figure

    breaks, of = told
    language, years = view.language, results.dataset.years
    confidence = {"confidence": 100 * results.options.balance.confidence}
    keys = _WORDS[name]
    title, unit, under = (say(key, language, confidence) for key in keys)
    caption = _with_breaks(under, breaks, view)
    drawn = figure.trends(
        panels,
        whole=view.whole_name(results),
        title=title,
        subtitle=words.spanning(results, view, years, unit, places=True),
        caption=caption,
        source=words.source_line(results, view, *of),
        language=language,
    )
    return Extra(name, title, caption, drawn)
