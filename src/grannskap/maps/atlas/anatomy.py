"""The maps of segregation taken apart: what each area adds, and how distorted it looks from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from grannskap.maps import style as styles
from grannskap.maps.atlas import words
from grannskap.maps.atlas.model import Map
from grannskap.wording import say

if TYPE_CHECKING:
    import pandas as pd

    from grannskap.analysis import Anatomy, Results, View
    from grannskap.maps.style import Style

__all__ = ["NAMES", "anatomy_maps"]

NAMES = {"contributions": "contribution", "distortion": "distortion_pole"}
"""Each map, and the column of the areas that it shows."""

_CAPTIONS = {
    "contributions": "maps.contributions_caption",
    "distortion": "maps.distortion_caption",
}
_TIMES_MEAN = (0.5, 1.0, 2.0, 4.0)
_DISTORTED = (0.02, 0.05, 0.1, 0.2)


def anatomy_maps(results: Results, view: View) -> Iterator[Map]:
    """Yield the maps that what is shown can have, whether or not they are asked for in print."""
    anatomy = view.anatomy(results)
    if anatomy is None:
        return
    for name, column in NAMES.items():
        if anatomy.areas[column].notna().any():
            style = _contributions(view) if name == "contributions" else _walked(view)
            dressed = _dressed(results, view, anatomy, style)
            values = anatomy.areas[column].reindex(results.areas.index)
            yield Map(dressed, values, words.neighbourhoods(results))


def _contributions(view: View) -> Style:
    return styles.two_poles(
        [*(-edge for edge in reversed(_TIMES_MEAN)), *_TIMES_MEAN],
        name="contributions",
        title=say("maps.contributions_title", view.language),
        unit=say("maps.contributions_unit", view.language),
        centre=0.0,
        decimals=1,
        language=view.language,
    )


def _walked(view: View) -> Style:
    return styles.two_poles(
        [*(-edge for edge in reversed(_DISTORTED)), *_DISTORTED],
        name="distortion",
        title=say("maps.distortion_title", view.language),
        unit=say("maps.distortion_unit", view.language),
        centre=0.0,
        quantity="share",
        decimals=0,
        language=view.language,
    )


def _dressed(results: Results, view: View, anatomy: Anatomy, style: Style) -> Style:
    """Give a style its place, its source, both its poles and the figures under it."""
    language, balance = view.language, results.options.balance
    low, high = words.short_poles(results, view)
    return replace(
        style,
        subtitle=words.subtitle(results, view, style.unit),
        source=words.source_line(results, view, balance.low, balance.high),
        caption=_caption(results, view, anatomy.areas, style.name),
        poles=tuple(say("maps.surplus", language, {"pole": pole}) for pole in (high, low)),
    )


def _caption(results: Results, view: View, areas: pd.DataFrame, name: str) -> str:
    """The town's own index, and how many areas lean to each pole."""
    low, high = view.poles(results)
    leaning: pd.Series[Any] = areas["contribution"].dropna()
    walked = bool(areas["distortion"].notna().any())
    values: dict[str, object] = {
        "place": words.place(results, view),
        "whole": float(areas["contribution_dissimilarity"].sum()),
        "low": low,
        "high": high,
        **view.pole_shares(results),
        "more_low": int((leaning > 0).sum()),
        "more_high": int((leaning < 0).sum()),
        "median": 100 * float(np.median(areas["distortion"].dropna())) if walked else 0.0,
    }
    return say(_CAPTIONS[name], view.language, values)
