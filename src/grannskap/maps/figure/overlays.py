"""Outlines, hatching, points and lines drawn over the areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.collections import LineCollection, PathCollection

from grannskap.maps.figure.shapes import Bounds, line_paths, near, polygon_paths

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from grannskap.maps.marks import Overlay, Ring

__all__ = ["outside", "paint_overlays", "paint_rings"]

_CASING = "#ffffff"
_RING = "#111111"


def outside(overlays: Sequence[Overlay], bounds: Bounds | None) -> list[Overlay]:
    """Leave out points and areas within bounds, where another map shows them enlarged."""
    if bounds is None:
        return list(overlays)
    frame = shapely.box(*bounds)
    return [
        overlay
        if overlay.kind == "lines"
        else replace(overlay, geometry=overlay.geometry[~overlay.geometry.within(frame)])
        for overlay in overlays
    ]


def paint_overlays(axes: Axes, overlays: Sequence[Overlay], bounds: Bounds) -> None:
    """Paint each overlay in its colour, with a white casing that parts it from the areas."""
    for number, overlay in enumerate(overlays):
        geometry = np.asarray(overlay.geometry.to_numpy(), dtype=object)
        geometry = geometry[near(geometry, bounds)]
        if len(geometry) == 0:
            continue
        gid = f"overlay-{number}"
        if overlay.kind == "points":
            _paint_points(axes, geometry, overlay.colour, gid=gid)
            continue
        if overlay.kind == "hatch":
            axes.add_collection(
                PathCollection(
                    polygon_paths(geometry),
                    facecolors="none",
                    edgecolors=overlay.colour,
                    linewidths=0.6,
                    hatch="////",
                    gid=f"{gid}-hatch",
                    zorder=3,
                ),
                autolim=False,
            )
        _cased(
            axes,
            geometry,
            overlay.colour,
            width=0.55 * overlay.width if overlay.kind == "hatch" else overlay.width,
            gid=gid,
            zorder=3.5,
        )


def _paint_points(axes: Axes, geometry: np.ndarray, colour: str, *, gid: str) -> None:
    places = shapely.get_coordinates(shapely.point_on_surface(geometry))
    axes.plot(
        places[:, 0],
        places[:, 1],
        linestyle="",
        marker="o",
        markersize=3.4,
        color=colour,
        markeredgecolor="white",
        markeredgewidth=0.5,
        gid=gid,
        zorder=4,
    )


def paint_rings(axes: Axes, rings: Sequence[Ring]) -> None:
    """Outline each neighbourhood."""
    for number, ring in enumerate(rings):
        _cased(
            axes,
            np.array([ring.geometry], dtype=object),
            _RING,
            width=1.1,
            gid=f"ring-{number}",
            zorder=5,
        )


def _cased(
    axes: Axes, geometry: np.ndarray, colour: str, *, width: float, gid: str, zorder: float
) -> None:
    lines = [path.vertices for path in line_paths(geometry)]
    for ink, extra, name in ((_CASING, 0.85 * width, f"{gid}-casing"), (colour, 0.0, gid)):
        axes.add_collection(
            LineCollection(
                lines,
                colors=ink,
                linewidths=width + extra,
                gid=name,
                zorder=zorder,
                capstyle="round",
                joinstyle="round",
            ),
            autolim=False,
        )
