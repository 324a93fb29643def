"""The alternative text: what the map shows, for who cannot see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from grannskap.language import Text, count, counted, number
from grannskap.maps.figure.extent import Selection, shown
from grannskap.maps.figure.scene import Known
from grannskap.maps.style import BOUNDED, DOUBTFUL, Style, write_value

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from grannskap.maps.marks import Highlight, Overlay

__all__ = ["alt_text", "reference_sentence", "scatter_sentence"]


def alt_text(
    areas: gpd.GeoDataFrame,
    values: pd.Series[Any],
    style: Style,
    *,
    status: pd.Series[Any] | None = None,
    lower: pd.Series[Any] | None = None,
    upper: pd.Series[Any] | None = None,
    view: Selection | None = None,
    highlights: Sequence[Highlight] = (),
    overlays: Sequence[Overlay] = (),
) -> str:
    """Alternative text of a map: title, classes with their number of areas, extremes, marks.

    Parameters
    ----------
    areas, values, style, status, lower, upper, view, highlights, overlays
        As in `draw`.

    Returns
    -------
    str
        One paragraph in the style's language; begins with `style.alt` where that is set.
    """
    say = style.language
    inside = shown(areas, view)
    here = values.reindex(areas.index)[inside]
    total = count(float(inside.sum()), say)
    parts = (
        [style.alt.rstrip(".")]
        if style.alt
        else [Text(f"Karta: {style.title}", f"Map: {style.title}")(say)]
    )
    if style.subtitle and not style.alt:
        parts.append(style.subtitle.rstrip("."))
    parts.append(Text(f"{total} områden", f"{total} areas")(say))
    parts += _numbers(here, style, Known(status, lower, upper))
    if style.caption:
        parts.append(style.caption.rstrip("."))
    parts += _extremes(areas, here, style)
    parts += [highlight.sentence for highlight in highlights if highlight.sentence]
    names = ", ".join(highlight.label for highlight in highlights if not highlight.sentence)
    if names:
        parts.append(Text(f"Markerade grannskap: {names}", f"Marked: {names}")(say))
    if overlays:
        names = ", ".join(overlay.label for overlay in overlays)
        parts.append(Text(f"Ovanpå ritat: {names}", f"Drawn on top: {names}")(say))
    if style.source:
        parts.append(style.source.rstrip("."))
    return ". ".join(parts) + "."


def _numbers(values: pd.Series[Any], style: Style, known: Known) -> list[str]:
    """Say how many areas each class holds, each reason for none, and how many are bounded."""
    say = style.language
    classes = known.classes(values, style)
    held = [(label, np.sum(classes == place)) for place, label in enumerate(style.labels)]
    held += [
        (gap.label, np.sum(classes == -1 - place))
        for place, gap in enumerate(style.gaps)
        if gap.status == "missing" or (classes == -1 - place).any()
    ]
    words = "; ".join(f"{label}: {count(float(number), say)}" for label, number in held)
    parts = [Text("Områden per klass – ", "Areas per class – ")(say) + words]
    hidden = float(known.bounded(values, style).sum())
    if hidden:
        parts.append(f"{BOUNDED(say)}: {count(hidden, say)}")
    doubt = float(known.doubtful(values, style).sum())
    if doubt:
        parts.append(f"{DOUBTFUL(say)}: {count(doubt, say)}")
    return parts


def _extremes(areas: gpd.GeoDataFrame, values: pd.Series[Any], style: Style) -> list[str]:
    """Say which area has the lowest value and which the highest."""
    known = values.dropna()
    if style.categories or known.nunique() < 2:
        return []
    low, high = (_extreme(areas, known.astype(float), style, end) for end in ("min", "max"))
    return [Text(f"Lägst: {low}; högst: {high}", f"Lowest: {low}; highest: {high}")(style.language)]


def _extreme(areas: gpd.GeoDataFrame, numbers: pd.Series[Any], style: Style, end: str) -> str:
    """One area by code and name, or how many are written alike: none is singled out by order."""
    most = float(numbers.agg(end))
    value, near = write_value(most, style), numbers[np.isclose(numbers, most, rtol=0.2, atol=0.01)]
    alike = [str(code) for code, one in near.items() if write_value(float(one), style) == value]
    if len(alike) > 1:
        return f"{value} ({counted(len(alike), 'area')(style.language)})"
    named = areas.get("regso_name")
    name = "" if named is None or named.isna()[alike[0]] else f" {named[alike[0]]}"
    return f"{alike[0]}{name} ({value})"


def scatter_sentence(
    head: str, what: str, *, areas: int, slope: float, strongest: Sequence[str]
) -> Text:
    """Say what a Moran scatterplot shows."""
    alike = Text("intill höga, och låga intill låga", "beside high ones, and low beside low")
    apart = Text("intill låga, och låga intill höga", "beside low ones, and low beside high")
    beside = alike if slope > 0 else apart
    names = ", ".join(strongest)
    i_sv, i_en = (number(slope, decimals=2), number(slope, decimals=2, language="en"))
    return Text(
        f"{head}: {what} i {count(areas)} områden mot grannarnas medelvärde. Morans I är {i_sv}: "
        f"höga värden ligger mest {beside.sv}. Hårdast i lutningen drar {names}.",
        f"{head}: {what} of {count(areas, 'en')} areas against their neighbours' mean. Moran's I "
        f"is {i_en}: high values lie mostly {beside.en}. Those that pull hardest: {names}.",
    )


def reference_sentence(
    head: str,
    statistic: str,
    drawn: npt.NDArray[np.float64],
    *,
    value: float,
    expected: float,
    words: str,
) -> Text:
    """Say how many of the random maps reach what was observed."""
    higher = value >= expected
    as_far = float(np.sum(drawn >= value if higher else drawn <= value))
    far = (
        Text("minst så högt", "at least as high")
        if higher
        else Text("minst så lågt", "at least as low")
    )
    return Text(
        f"{head}: {statistic}, {words}. Av {count(len(drawn))} slumpade kartor ger "
        f"{count(as_far)} ett {far.sv} värde som det observerade.",
        f"{head}: {statistic}, {words}. Of {count(len(drawn), 'en')} random maps "
        f"{count(as_far, 'en')} give a value {far.en} as the observed one.",
    )
