"""A map's place on the sheet, what it shows there, and its scale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grannskap.maps.figure import insets
from grannskap.maps.figure.extent import fitted
from grannskap.maps.figure.sheet import Box

if TYPE_CHECKING:
    from grannskap.maps.figure.extent import Bounds

__all__ = ["Viewport", "enlarged", "framed", "on_sheet", "view_of"]

_WORTH = 2
"""How many times an inset must enlarge the centre to be worth its room."""


@dataclass(frozen=True)
class Viewport:
    """A map's place on the sheet, what it shows, and its scale."""

    box: Box
    bounds: Bounds
    metres_per_mm: float


def view_of(bounds: Bounds, box: Box) -> Viewport:
    """Fill a box with bounds, widened to its shape."""
    full = fitted(bounds, aspect=box.width / box.height, margin=0.0)
    return Viewport(box, full, (full[2] - full[0]) / box.width)


def enlarged(main: Viewport, inner: Viewport) -> Viewport | None:
    """Show somewhat more in an inset, so that it enlarges a whole number of times, or none."""
    often = insets.times(main.metres_per_mm, inner.metres_per_mm)
    if often < _WORTH:
        return None
    scale = main.metres_per_mm / often
    west, south, east, north = inner.bounds
    wide, high = inner.box.width * scale / 2, inner.box.height * scale / 2
    x, y = (west + east) / 2, (south + north) / 2
    return Viewport(inner.box, (x - wide, y - high, x + wide, y + high), scale)


def on_sheet(
    map_box: Box, bounds: tuple[float, float, float, float]
) -> Callable[[float, float], tuple[float, float]]:
    """Return the function from metres on the map to millimetres on the sheet."""
    west, south, east, north = bounds
    x_scale = map_box.width / (east - west)
    y_scale = map_box.height / (north - south)

    def moved(x: float, y: float) -> tuple[float, float]:
        return map_box.x + (x - west) * x_scale, map_box.y + (y - south) * y_scale

    return moved


def framed(view: Viewport, inner: Viewport) -> Box:
    """What an inset enlarges, on the sheet."""
    west, south, east, north = inner.bounds
    moved = on_sheet(view.box, view.bounds)
    (left, low), (right, high) = moved(west, south), moved(east, north)
    return Box(left, low, right - left, high - low)
