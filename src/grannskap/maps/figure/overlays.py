"""Outlines, hatching, points and lines drawn over the areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.collections import LineCollection

from grannskap.maps.figure.extent import Bounds
from grannskap.maps.figure.outlines import dissolved, line_vertices, near

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from grannskap.maps.marks import Highlight, Overlay

__all__ = ["outside", "paint_highlights", "paint_overlays"]

_CASING = "#ffffff"
_OUTLINE = "#1a1c1f"
_RING, _NARROW_RING = 1.3, 0.9
"""Points of a neighbourhood's outline; its casing is twice as wide."""

_GAP = 0.3
"""Half the width, in millimetres on paper, of a gap within a neighbourhood that is none."""


def outside(overlays: Sequence[Overlay], bounds: Bounds | None) -> list[Overlay]:
    """Leave out points and areas within bounds, where another map shows them enlarged."""
    if bounds is None:
        return list(overlays)
    frame = shapely.box(*bounds)
    return [
        overlay
        if overlay.kind in ("lines", "strokes")
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
        _cased(
            axes,
            geometry,
            overlay.colour,
            width=overlay.width,
            gid=gid,
            zorder=3.5,
            dashes=(3.0, 2.0) if overlay.kind == "dashed" else None,
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


def paint_highlights(
    axes: Axes, highlights: Sequence[Highlight], *, metres_per_mm: float, narrow: bool = False
) -> None:
    """Outline each neighbourhood, and the polygon that names it where that is another.

    Gaps between its areas that are narrower than the line are no border of it.
    """
    for number, highlight in enumerate(highlights):
        if highlight.colour:
            continue
        whole = np.array([highlight.geometry], dtype=object)
        ring = dissolved(whole, crack=_GAP * metres_per_mm).outline
        _cased(
            axes,
            whole if ring.is_empty else np.array([ring], dtype=object),
            _OUTLINE,
            width=_NARROW_RING if narrow else _RING,
            gid=f"highlight-{number}",
            zorder=5,
        )
        if highlight.polygon is not None:
            _cased(
                axes,
                np.array([highlight.polygon], dtype=object),
                _OUTLINE,
                width=0.5,
                gid=f"highlight-{number}-polygon",
                zorder=5.1,
                dashes=(6.0, 4.0),
            )


def _cased(
    axes: Axes,
    geometry: np.ndarray,
    colour: str,
    *,
    width: float,
    gid: str,
    zorder: float,
    dashes: tuple[float, float] | None = None,
) -> None:
    lines = line_vertices(geometry)
    for ink, more, name in ((_CASING, width, f"{gid}-casing"), (colour, 0.0, gid)):
        axes.add_collection(
            LineCollection(
                lines,
                colors=ink,
                linewidths=width + more,
                linestyles="solid" if dashes is None or more else [(0, dashes)],
                gid=name,
                zorder=zorder,
                capstyle="round",
                joinstyle="round",
            ),
            autolim=False,
        )
