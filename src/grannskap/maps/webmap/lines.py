"""Lines over the areas, as they are handed to the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from grannskap.maps.hachures import hachures
from grannskap.maps.webmap.packing import Ints, Shapes, Steps, deltas

if TYPE_CHECKING:
    from grannskap.maps.marks import Frontier

__all__ = ["Shared", "add_frontier", "add_lines"]


def add_lines(columns: dict[str, Ints], key: str, geometry: Shapes, steps: Steps) -> None:
    """Add rings, lines or points one after the other, and the shape each belongs to."""
    parts, owner = shapely.get_parts(geometry, return_index=True)
    if (shapely.get_type_id(parts) == 3).any():
        rings, part = shapely.get_rings(parts, return_index=True)
        straight = shapely.get_dimensions(parts) < 2
        parts = np.concatenate([rings, parts[straight]])
        owner = np.concatenate([owner[part], owner[straight]])
    coordinates, line = shapely.get_coordinates(parts, return_index=True)
    points = steps.of(coordinates * 1.0)
    columns[f"{key}.x"] = deltas(points[:, 0])
    columns[f"{key}.y"] = deltas(points[:, 1])
    columns[f"{key}.lengths"] = np.bincount(line, minlength=len(parts)).astype(np.int64)
    columns[f"{key}.owner"] = owner.astype(np.int64)


@dataclass(frozen=True)
class Shared:
    """The areas as the page draws them, which lines between them lie on.

    Attributes
    ----------
    codes : pandas.Index
        DeSO of each.
    shapes : numpy.ndarray of shapely geometries
        Simplified as one coverage.
    tolerance : float
        Metres that lines are simplified by where two areas share none.
    """

    codes: pd.Index[Any]
    shapes: Shapes
    tolerance: float

    def between(self, one: Ints, other: Ints, lines: Shapes) -> Shapes:
        """Return what each pair of areas has in common, else the line that is given."""
        edges = shapely.boundary(self.shapes)
        common = shapely.intersection(edges[one], edges[other])
        parts, owner = shapely.get_parts(common, return_index=True)
        straight = (shapely.get_dimensions(parts) == 1) & ~shapely.is_empty(parts)
        rows, at = np.unique(owner[straight], return_inverse=True)
        held = shapely.multilinestrings(parts[straight], indices=at)
        found = np.array(shapely.simplify(lines, self.tolerance), dtype=object)
        found[rows] = shapely.line_merge(held)
        return found


def add_frontier(
    columns: dict[str, Ints], key: str, frontier: Frontier, areas: Shared, steps: Steps
) -> dict[str, object]:
    """Add the lines of one width and the areas on both sides of each; return what is told."""
    sides = np.array(frontier.sides, dtype=object).reshape(-1, 2)
    one, other = (
        areas.codes.get_indexer(pd.Index(sides[:, side])).astype(np.int64) for side in (0, 1)
    )
    lines = np.asarray(frontier.geometry.to_numpy(), dtype=object)
    drawn = areas.between(one, other, lines)
    add_lines(columns, key, drawn, steps)
    strokes = hachures(
        drawn,
        areas.shapes[one],
        spacing=_APART * max(frontier.strokes, areas.tolerance),
        length=max(frontier.strokes, areas.tolerance),
    )
    add_lines(columns, f"{key}.strokes", strokes, steps)
    columns |= {f"{key}.first": one, f"{key}.second": other}
    return {
        "label": frontier.label,
        "width": frontier.width,
        "says": list(frontier.says),
        "side": frontier.strokes_say,
    }


_APART = 2.0
"""Between two strokes, in lengths of one."""
