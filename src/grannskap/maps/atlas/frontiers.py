"""Frontiers as lines over the areas, the wider the more the balances of both sides differ."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from grannskap.analysis import borders
from grannskap.language import ratio
from grannskap.maps import style as styles
from grannskap.maps.atlas import places, words
from grannskap.maps.marks import Frontier, Overlay
from grannskap.wording import listed, say

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    from matplotlib.figure import Figure

    from grannskap.analysis import Results, View
    from grannskap.language import Language
    from grannskap.maps.figure import Shapes
    from grannskap.maps.style import Style

__all__ = ["INK", "POINTS", "TIMES", "draw_frontiers", "on_page", "said", "widths"]

INK = "#1a1c1f"

TIMES = (2, 4)
"""How many times the balances differ at least, where a line becomes wider."""

POINTS = (0.8, 1.6, 2.4)
"""How wide the lines are drawn."""


def widths(lines: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return the width of each line: 0, 1 or 2, by what the balances differ by at least."""
    return np.searchsorted(np.log2(TIMES), borders.least(lines), side="right").astype(np.int64)


def said(language: Language) -> list[str]:
    """Return what the lines of each width say."""
    return [say(key, language) for key in _WORDS]


def draw_frontiers(
    results: Results, view: View, *, shapes: Shapes | None = None
) -> tuple[Style, Figure] | None:
    """Draw the frontiers that are shown; None where no border was tested."""
    from grannskap.maps import figure

    lines = borders.sharp(results, view)
    if lines is None:
        return None
    style = _style(results, view, lines)
    low = results.dataset.count(results.options.balance.low, year=results.year)
    known = low.value.reindex(results.areas.index).notna()
    values = known.map({True: "area", False: None}).astype(object)
    return style, figure.draw(
        results.drawn,
        values,
        style,
        status=low.status,
        view=view.mask(results.areas.index),
        page=view.map.page,
        overlays=[*_strokes(results, view, lines), *_lines(lines, view)],
        highlights=[replace(one, colour=INK) for one in words.neighbourhoods(results)],
        labels=places.labels(results, view),
        land=words.land(results),
        inset="auto" if view.map.inset else "none",
        shapes=shapes,
    )


def on_page(results: Results, view: View) -> tuple[Frontier, ...]:
    """Return the frontiers shown for the page, by width, with what is told of each."""
    lines = borders.sharp(results, view)
    if lines is None or lines.empty:
        return ()
    language, wide, told = view.language, widths(lines), _told(results, view, lines)
    found = []
    for number, (words_of, points) in enumerate(zip(said(language), POINTS, strict=True)):
        rows = np.flatnonzero(wide == number)
        part = lines.iloc[rows]
        sides = tuple(part[list(_SIDES)].itertuples(index=False, name=None))
        says = tuple(told[row] for row in rows)
        found.append(
            Frontier(
                words_of,
                points,
                part.geometry,
                sides,
                says,
                strokes=_millimetre(results, view) * _STROKE,
                strokes_say=_side(results, view),
            )
        )
    return tuple(found)


_STROKE, _APART, _THIN = 1.0, 2.0, 0.6
"""Millimetres of a stroke and between two of them, on paper; and how wide they are, in points."""


def _millimetre(results: Results, view: View) -> float:
    """Return the metres of a millimetre on paper, about."""
    from grannskap.maps import figure

    west, south, east, north = results.drawn[view.mask(results.areas.index)].total_bounds
    page = figure.PAGES[view.map.page]
    return float(max((east - west) / page.width, (north - south) / page.height))


def _side(results: Results, view: View) -> str:
    return say("maps.frontiers_side", view.language, view.pole_shares(results))


def _strokes(results: Results, view: View, lines: pd.DataFrame) -> list[Overlay]:
    """Return strokes along the frontiers, on the side that has the larger share of the low."""
    import geopandas as gpd

    from grannskap.maps.hachures import hachures

    if lines.empty:
        return []
    sides = results.areas.geometry.reindex(lines["first"]).to_numpy()
    one = _millimetre(results, view)
    drawn = hachures(
        np.asarray(lines.geometry.to_numpy()), sides, spacing=one * _APART, length=one * _STROKE
    )
    geometry = gpd.GeoSeries(drawn, crs=results.areas.crs)
    return [Overlay(_side(results, view), "strokes", geometry, colour=INK, width=_THIN)]


def _told(results: Results, view: View, lines: pd.DataFrame) -> list[str]:
    """Return both poles' shares on both sides, and how many times the balances differ."""
    language = view.language
    low, high = (borders.shares(results, lines, pole, language) for pole in ("low", "high"))
    names = dict(zip(("low", "high"), view.poles(results), strict=True))
    loose = (lines["log2_ratio_upper"] - lines["log2_ratio_lower"]).abs() > _SAME
    times = [ratio(float(2**one), language) for one in borders.least(lines)]
    return [
        say(
            "maps.frontiers_told",
            language,
            {
                **names,
                "low_first": low[row][0],
                "low_second": low[row][1],
                "high_first": high[row][0],
                "high_second": high[row][1],
                "times": say("headline.at_least", language, {"value": one}) if unsure else one,
            },
        )
        for row, (one, unsure) in enumerate(zip(times, loose, strict=True))
    ]


_SAME = 1e-9


def _lines(lines: pd.DataFrame, view: View) -> list[Overlay]:
    """Return the lines of each width, the narrow first, so that the wide lie over them."""
    wide = widths(lines)
    return [
        Overlay(told, "lines", part, colour=INK, width=points)
        for number, (told, points) in enumerate(zip(said(view.language), POINTS, strict=True))
        for part in (lines.geometry[wide == number],)
        if len(part)
    ]


_WORDS = (
    "maps.frontiers_narrow",
    "maps.frontiers_twice",
    "maps.frontiers_four_times",
)


def _style(results: Results, view: View, lines: pd.DataFrame) -> Style:
    language, balance = view.language, results.options.balance
    low, high = view.poles(results)
    title = say("maps.frontiers_title", language)
    told = {
        "low": low,
        "high": high,
        **view.pole_shares(results),
        "place": words.place(results, view),
        "sharp": len(lines),
        "title": title,
    }
    unit = say("maps.frontiers_unit", language, told)
    return replace(
        styles.plain(
            name="frontiers",
            title=title,
            label=say("maps.frontiers_area", language),
            language=language,
        ),
        subtitle=words.subtitle(results, view, unit, whole=True),
        source=words.source_line(results, view, balance.low, balance.high),
        caption=say("maps.frontiers_caption", language, told),
        alt=_alt(results, view, lines, told),
    )


def _alt(results: Results, view: View, lines: pd.DataFrame, told: dict[str, object]) -> str:
    """Tell how many lines have each width, and between which areas the sharpest are."""
    language, names, wide = view.language, words.names(results), widths(lines)
    parts = [say("maps.frontiers_alt", language, told)]
    parts += [f"{one}: {int((wide == number).sum())}" for number, one in enumerate(said(language))]
    sharpest = [
        say("maps.frontiers_pair", language, {side: names[row[side]] for side in _SIDES})
        for _, row in lines.iloc[:_TOLD].iterrows()
    ]
    if sharpest:
        pairs = {**told, "pairs": listed(sharpest, language)}
        parts.append(say("maps.frontiers_sharpest", language, pairs))
    return ". ".join(parts)


_TOLD = 3
_SIDES = ("first", "second")
