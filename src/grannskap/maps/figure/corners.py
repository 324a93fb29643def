"""Free corners of a map, where a legend and a scale bar cover none of what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.patches import Rectangle

from grannskap.maps.figure.sheet import Block, Box

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from grannskap.maps.figure.extent import Bounds

__all__ = ["grown", "in_corners", "paint_ground"]

_PAD, _SPARE = 2.5, 2.0
"""Millimetres of white round what stands on a map, and from there to what is shown."""


def in_corners(
    blocks: Sequence[Block], frame: Box, bounds: Bounds, shown: npt.NDArray[np.object_]
) -> dict[str, Box] | None:
    """Put each block into a corner of a map that nothing shown reaches into.

    Parameters
    ----------
    blocks : sequence of Block
        The first has the choice of corners, the upper ones before the lower; the others take
        the lower ones before the upper.
    frame : Box
        The map on the sheet.
    bounds : tuple of float
        What it shows, in metres.
    shown : numpy.ndarray of shapely geometries
        What is not to be covered.

    Returns
    -------
    dict of str to Box or None
        By the blocks' names; None where one of them finds no corner.
    """
    tree, scale = shapely.STRtree(shown), (bounds[2] - bounds[0]) / frame.width
    found: dict[str, Box] = {}
    free = [(0, 1), (1, 1), (0, 0), (1, 0)]
    for block in blocks:
        for corner in tuple(reversed(free)) if found else tuple(free):
            box = _placed(block, frame, corner)
            wide = grown(box, _PAD + _SPARE)
            west = bounds[0] + (wide.x - frame.x) * scale
            south = bounds[1] + (wide.y - frame.y) * scale
            east, north = west + wide.width * scale, south + wide.height * scale
            ground = shapely.box(west, south, east, north)
            apart = all(
                wide.right <= other.x
                or other.right <= wide.x
                or wide.top <= other.y
                or other.top <= wide.y
                for other in found.values()
            )
            if apart and not len(tree.query(ground, predicate="intersects")):
                found[block.name] = box
                free.remove(corner)
                break
        else:
            return None
    return found


def _placed(block: Block, frame: Box, corner: tuple[int, int]) -> Box:
    right, upper = corner
    x = frame.right - _PAD - block.width if right else frame.x + _PAD
    y = frame.top - _PAD - block.height if upper else frame.y + _PAD
    return Box(x, y, block.width, block.height)


def grown(box: Box, by: float) -> Box:
    """A box with so many millimetres more on every side."""
    return Box(box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by)


def paint_ground(axes: Axes, box: Box) -> None:
    """Paint the white that a legend or a scale bar on a map stands on."""
    wide = grown(box, _PAD)
    axes.add_patch(
        Rectangle(
            (wide.x, wide.y),
            wide.width,
            wide.height,
            facecolor="white",
            edgecolor="none",
            alpha=0.86,
            gid="key-ground",
        )
    )
