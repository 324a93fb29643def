"""The alternative text: what the map shows, for who cannot see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from grannskap.language import Text, count, number
from grannskap.maps.figure.extent import View, shown
from grannskap.maps.style import Style, classify

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from grannskap.maps.marks import Overlay, Ring

__all__ = ["alt_text", "reference_told", "scatter_told"]


def alt_text(
    areas: gpd.GeoDataFrame,
    values: pd.Series[Any],
    style: Style,
    *,
    view: View | None = None,
    rings: Sequence[Ring] = (),
    overlays: Sequence[Overlay] = (),
) -> str:
    """Alternative text of a map: title, classes with their number of areas, marks, source.

    Parameters
    ----------
    areas, values, style, view, rings, overlays
        As in `draw`.

    Returns
    -------
    str
        One paragraph in the style's language; begins with `style.alt` where that is set.
    """
    say = style.language
    inside = shown(areas, view)
    classes = classify(values.reindex(areas.index)[inside], style).to_numpy()
    total = count(float(inside.sum()), say)
    parts = (
        [style.alt.rstrip(".")]
        if style.alt
        else [Text(f"Karta: {style.title}", f"Map: {style.title}")(say)]
    )
    if style.subtitle and not style.alt:
        parts.append(style.subtitle.rstrip("."))
    parts.append(Text(f"{total} områden", f"{total} areas")(say))
    numbers = [
        f"{label}: {count(float(np.sum(classes == place)), say)}"
        for place, label in enumerate(style.labels)
    ]
    missing = count(float(np.sum(classes < 0)), say)
    if style.missing_label not in style.labels:
        numbers.append(f"{style.missing_label}: {missing}")
    parts.append(Text("Områden per klass – ", "Areas per class – ")(say) + "; ".join(numbers))
    if style.caption:
        parts.append(style.caption.rstrip("."))
    if rings:
        names = ", ".join(ring.label for ring in rings)
        parts.append(Text(f"Markerade grannskap: {names}", f"Marked: {names}")(say))
    if overlays:
        names = ", ".join(overlay.label for overlay in overlays)
        parts.append(Text(f"Ovanpå ritat: {names}", f"Drawn on top: {names}")(say))
    if style.source:
        parts.append(style.source.rstrip("."))
    return ". ".join(parts) + "."


def scatter_told(
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


def reference_told(
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
