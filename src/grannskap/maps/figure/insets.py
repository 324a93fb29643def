"""Small maps beside the main one: the dense centre enlarged, and where the view lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely
from matplotlib.collections import PathCollection
from matplotlib.patches import Rectangle

from grannskap.maps.figure.extent import Bounds, fitted
from grannskap.maps.figure.scene import Scene, bounds_of, near
from grannskap.maps.figure.sheet import Block, Page

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "Inset",
    "centre",
    "locator_block",
    "paint_frame",
    "paint_locator",
    "wants_locator",
]

Inset = Literal["auto", "none", "centre", "locator", "both"]

_TINY = 2.6
"""Millimetres of an area's side on paper below which a reader sees no colour."""

_CENTRE = 0.35
"""Share of the map's width beyond which an inset would enlarge too little."""

_NARROW = 100.0
"""Millimetres of page width below which no locator is drawn unasked."""

_INK = "#1f1f1f"


def centre(scene: Scene, metres_per_mm: float, bounds: Bounds) -> Bounds | None:
    """Bounds of the dense centre, when many areas are too small to be seen on the map.

    Parameters
    ----------
    scene : Scene
        Its shown areas count.
    metres_per_mm : float
        Scale of the main map.
    bounds : tuple of float
        What the main map shows.

    Returns
    -------
    tuple of float or None
        None when few areas are small, or when they lie all over the map.
    """
    geometry = scene.geometry[scene.shown & near(scene.geometry, bounds)]
    side = np.sqrt(shapely.area(geometry)) / metres_per_mm
    small = side < _TINY
    if small.sum() < max(5, 0.3 * len(geometry)):
        return None
    points = shapely.get_coordinates(shapely.centroid(geometry[small]))
    middle = np.median(points, axis=0)
    away = np.hypot(*(points - middle).T)
    pad = 1.5 * float(np.median(side[small])) * metres_per_mm
    widest = max(bounds[2] - bounds[0], bounds[3] - bounds[1])
    best, found = 0.0, None
    for held in (0.95, 0.85, 0.75, 0.65, 0.5, 0.4):
        core = points[away <= np.quantile(away, held)]
        west, south, east, north = (
            float(edge) for edge in (*(core.min(axis=0) - pad), *(core.max(axis=0) + pad))
        )
        share = max(east - west, north - south) / widest
        gain = -held * float(np.log(share))
        if share < _CENTRE and gain > best:
            best, found = gain, (west, south, east, north)
    return found


def wants_locator(scene: Scene, bounds: Bounds, page: Page) -> bool:
    """Whether the areas reach far beyond what the map shows, and the page has room for it."""
    if page.width < _NARROW:
        return False
    west, south, east, north = bounds_of(scene.geometry)
    whole = (east - west) * (north - south)
    return (bounds[2] - bounds[0]) * (bounds[3] - bounds[1]) < 0.6 * whole


def locator_block(page: Page, scene: Scene) -> Block:
    """Room for the map that shows where the view lies."""
    west, south, east, north = bounds_of(scene.geometry)
    aspect = (east - west) / (north - south)
    longest = 3.4 * page.text
    return Block("locator", longest * min(1.0, aspect), longest * min(1.0, 1 / aspect))


def paint_locator(axes: Axes, scene: Scene, bounds: Bounds, *, metres_per_mm: float) -> None:
    """Paint all areas as one grey shape, the shown ones dark, and the main map's frame."""
    whole = bounds_of(scene.geometry)
    west, south, east, north = fitted(
        whole, aspect=(whole[2] - whole[0]) / (whole[3] - whole[1]), margin=0.02
    )
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.patch.set_visible(False)
    rows, outlines = scene.shapes.near(scene, whole, metres_per_mm=2 * metres_per_mm)
    shown = scene.shown[rows]
    for inside, colour in ((~shown, "#d5d7d8"), (shown, "#7d7d7d")):
        if inside.any():
            axes.add_collection(
                PathCollection(
                    [outlines.paths[i] for i in np.flatnonzero(inside)],
                    facecolors=colour,
                    edgecolors=colour,
                    linewidths=0.2,
                ),
                autolim=False,
            )
    paint_frame(axes, _at_least(bounds, 2.2 * metres_per_mm))


def _at_least(bounds: Bounds, metres: float) -> Bounds:
    """Bounds grown about their middle until a reader can see their frame."""
    west, south, east, north = bounds
    x, y = (west + east) / 2, (south + north) / 2
    wide, high = max(east - west, metres) / 2, max(north - south, metres) / 2
    return x - wide, y - high, x + wide, y + high


def paint_frame(axes: Axes, bounds: Bounds) -> None:
    """Outline what another map shows, dark on a white casing."""
    west, south, east, north = bounds
    for colour, width, gid in (("white", 1.9, "frame-casing"), (_INK, 0.8, "frame")):
        axes.add_patch(
            Rectangle(
                (west, south),
                east - west,
                north - south,
                facecolor="none",
                edgecolor=colour,
                linewidth=width,
                gid=gid,
                zorder=6,
            )
        )
