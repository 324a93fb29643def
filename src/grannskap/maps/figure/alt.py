"""The alternative text: what the map shows, for who cannot see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from grannskap.language import Text, count
from grannskap.maps.figure.extent import View, shown
from grannskap.maps.style import Style, classify

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from grannskap.maps.marks import Overlay, Ring

__all__ = ["alt_text"]


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
