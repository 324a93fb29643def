"""Small maps beside the main one: the dense centre enlarged, and where the view lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely
from matplotlib.collections import PathCollection
from matplotlib.patches import Rectangle

from grannskap.maps.figure.extent import fitted
from grannskap.maps.figure.page import Block, Page
from grannskap.maps.figure.scene import Scene, bounds_of
from grannskap.maps.figure.shapes import Bounds, polygon_paths, simplified

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "Inset",
    "centre",
    "centre_block",
    "frame",
    "locator_block",
    "paint_locator",
    "wants_locator",
]

Inset = Literal["auto", "none", "centre", "locator", "both"]

_TINY = 2.6
"""Millimetres of an area's side on paper below which a reader sees no colour."""

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
    geometry = scene.geometry[scene.shown]
    side = np.sqrt(shapely.area(geometry)) / metres_per_mm
    small = side < _TINY
    if small.sum() < max(5, 0.3 * len(geometry)):
        return None
    points = shapely.get_coordinates(shapely.centroid(geometry[small]))
    middle = np.median(points, axis=0)
    away = np.hypot(*(points - middle).T)
    core = points[away <= np.quantile(away, 0.8)]
    pad = 1.5 * float(np.median(side[small])) * metres_per_mm
    west, south = core.min(axis=0) - pad
    east, north = core.max(axis=0) + pad
    share = max((east - west) / (bounds[2] - bounds[0]), (north - south) / (bounds[3] - bounds[1]))
    return None if share > 0.45 else (float(west), float(south), float(east), float(north))


def centre_block(page: Page, bounds: Bounds) -> Block:
    """Room for the dense centre: nearly as much as the main map has."""
    aspect = float(np.clip((bounds[2] - bounds[0]) / (bounds[3] - bounds[1]), 0.75, 1.33))
    width = 0.37 * page.width
    return Block("centre", width, width / aspect)


def wants_locator(scene: Scene, bounds: Bounds) -> bool:
    """Whether the areas reach far beyond what the map shows."""
    if scene.shown.all():
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
    geometry = simplified(scene.geometry, metres=0.25 * metres_per_mm)
    for inside, colour in ((~scene.shown, "#d5d7d8"), (scene.shown, "#7d7d7d")):
        if inside.any():
            axes.add_collection(
                PathCollection(
                    polygon_paths(geometry[inside]),
                    facecolors=colour,
                    edgecolors=colour,
                    linewidths=0.2,
                ),
                autolim=False,
            )
    axes.add_patch(frame(bounds))


def frame(bounds: Bounds) -> Rectangle:
    """Outline of what another map shows."""
    west, south, east, north = bounds
    return Rectangle(
        (west, south),
        east - west,
        north - south,
        facecolor="none",
        edgecolor=_INK,
        linewidth=0.7,
        gid="frame",
    )
