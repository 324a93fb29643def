"""Polygons as matplotlib paths, built in one go, each area with its own id in SVG."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.backend_bases import RendererBase
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.path import Path

__all__ = ["AreaCollection", "Bounds", "line_paths", "near", "polygon_paths", "simplified"]

Bounds = tuple[float, float, float, float]
"""West, south, east, north in metres."""

Geometries = npt.NDArray[Any]


def near(geometry: Geometries, bounds: Bounds) -> npt.NDArray[np.bool_]:
    """Tell which geometries' boxes touch the bounds."""
    boxes = shapely.bounds(geometry)
    west, south, east, north = bounds
    inside: npt.NDArray[np.bool_] = (
        (boxes[:, 0] <= east)
        & (boxes[:, 2] >= west)
        & (boxes[:, 1] <= north)
        & (boxes[:, 3] >= south)
    )
    return inside


def simplified(geometry: Geometries, *, metres: float) -> Geometries:
    """Simplify polygons as one coverage, so that neighbours stay neighbours.

    Parameters
    ----------
    geometry : numpy.ndarray of shapely geometries
        Polygons and multipolygons that share borders.
    metres : float
        What the print cannot show.

    Returns
    -------
    numpy.ndarray of shapely geometries
        None of them empty.
    """
    if metres <= 0 or len(geometry) == 0:
        return geometry
    simple = shapely.coverage_simplify(geometry, metres)
    lost = shapely.is_empty(simple)
    return np.where(lost, geometry, simple)


def polygon_paths(geometry: Geometries) -> list[Path]:
    """One matplotlib path per polygon or multipolygon, holes included."""
    if len(geometry) == 0:
        return []
    turned = shapely.orient_polygons(geometry)  # holes run against their shell: they stay open
    polygons, owners = shapely.get_parts(turned, return_index=True)
    multi = np.asarray(shapely.multipolygons(polygons, indices=owners), dtype=object)
    _, xy, (rings, parts, wholes) = shapely.to_ragged_array(list(multi))
    codes = np.full(len(xy), Path.LINETO, dtype=Path.code_type)
    codes[rings[:-1]] = Path.MOVETO
    codes[rings[1:] - 1] = Path.CLOSEPOLY
    ends = rings[parts[wholes]]
    return [Path(xy[start:end], codes[start:end]) for start, end in pairwise(ends)]


def line_paths(geometry: Geometries) -> list[Path]:
    """One matplotlib path per line; borders of polygons count as lines."""
    lines = shapely.get_parts(shapely.boundary(geometry[shapely.get_dimensions(geometry) == 2]))
    lines = np.concatenate(
        [lines, shapely.get_parts(geometry[shapely.get_dimensions(geometry) == 1])]
    )
    return [Path(shapely.get_coordinates(line)) for line in lines]


class AreaCollection(PathCollection):
    """Areas that are drawn at once, but written one by one where the format keeps ids."""

    def __init__(
        self,
        paths: Sequence[Path],
        *,
        ids: Sequence[str],
        title: Callable[[int], str],
        facecolors: Sequence[str],
        edgecolors: Sequence[str],
        linewidth: float,
    ) -> None:
        super().__init__(paths, facecolors=facecolors, edgecolors=edgecolors, linewidths=linewidth)
        self.ids = tuple(ids)
        self.title = title

    def draw(self, renderer: RendererBase) -> None:
        """Draw the areas; an SVG gets a group with id and title for each."""
        writer: Any = getattr(renderer, "writer", None)
        if writer is None:
            super().draw(renderer)
            return
        context = renderer.new_gc()
        context.set_clip_rectangle(self.get_clip_box())
        context.set_linewidth(float(np.atleast_1d(self.get_linewidth())[0]))
        context.set_joinstyle("round")
        faces = [_rgb(face) for face in np.atleast_2d(self.get_facecolor())]
        edges = [to_hex(_rgb(edge)) for edge in np.atleast_2d(self.get_edgecolor())]
        for place, (path, identity) in enumerate(zip(self.get_paths(), self.ids, strict=True)):
            renderer.open_group("area", gid=identity)
            writer.element("title", text=self.title(place))
            context.set_foreground(edges[place])
            renderer.draw_path(context, path, self.get_transform(), faces[place])
            renderer.close_group("area")
        context.restore()
        self.stale = False


def _rgb(colour: npt.NDArray[Any]) -> tuple[float, float, float]:
    red, green, blue = (float(channel) for channel in colour[:3])
    return red, green, blue
