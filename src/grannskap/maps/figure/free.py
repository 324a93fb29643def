"""Free places on a map, where a legend, an inset or a scale bar cover none of what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.patches import Rectangle

from grannskap.maps.figure.sheet import Block, Box

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from grannskap.maps.figure.extent import Bounds

__all__ = ["PAD", "Covered", "Room", "grown", "paint_ground"]

PAD, _SPARE = 2.5, 2.0
"""Millimetres of white round what stands on a map, and from there to what is shown."""

_CELL = 0.5
"""Millimetres of the cells that are asked whether they are free."""

_STEPS = 600
"""Of how many cells the longer side of a map is."""

_CORNERS = {
    "upper left": (0, 1),
    "upper right": (1, 1),
    "lower left": (0, 0),
    "lower right": (1, 0),
}
"""Where a block would rather stand, by the shares of width and height at its left and below."""


@dataclass(frozen=True)
class Covered:
    """What is shown, in cells of the ground: asked anew for every map that is planned.

    Attributes
    ----------
    west, south, step : float
        Lower left corner and side of a cell, in metres.
    cells : numpy.ndarray of bool
        From the lower left: whether anything that is shown lies in a cell, or beside it.
    """

    west: float
    south: float
    step: float
    cells: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, shown: npt.NDArray[np.object_], bounds: Bounds) -> Covered:
        """Take the areas that are shown, for maps that show about these bounds."""
        from PIL import Image, ImageDraw

        west, south, east, north = bounds
        wide, high = east - west, north - south
        step = max(wide, high) / _STEPS
        west, south = west - wide, south - high  # a map may show more than it must
        size = (int(3 * wide / step) + 1, int(3 * high / step) + 1)
        image = Image.new("1", size)
        pen = ImageDraw.Draw(image)
        for part in _rings(shown, west, south, step):
            if len(part) > 1:
                pen.polygon(part.ravel().tolist(), fill=1, outline=1)
            elif len(part):
                pen.point(part.ravel().tolist(), fill=1)
        return cls(west, south, step, _spread(np.asarray(image, dtype=bool)))

    def room(self, frame: Box, bounds: Bounds) -> Room:
        """Tell what is free on a map of these bounds that fills a box of the sheet."""
        west, south, east, north = bounds
        across, up = (
            np.floor((low + (np.arange(count) + 0.5) * (high - low) / count - edge) / self.step)
            for low, high, edge, count in (
                (west, east, self.west, max(1, int(frame.width / _CELL))),
                (south, north, self.south, max(1, int(frame.height / _CELL))),
            )
        )
        rows, columns = self.cells.shape
        inside = (up >= 0) & (up < rows), (across >= 0) & (across < columns)
        taken = np.zeros((len(up), len(across)), dtype=bool)
        here = np.ix_(up[inside[0]].astype(np.int64), across[inside[1]].astype(np.int64))
        taken[np.ix_(*inside)] = self.cells[here]
        return Room(frame, taken)


def _rings(
    shown: npt.NDArray[np.object_], west: float, south: float, step: float
) -> list[npt.NDArray[np.int64]]:
    """Cells along each ring, without those that lie on one another."""
    rings = shapely.get_exterior_ring(shapely.get_parts(shown))
    places, ring = shapely.get_coordinates(rings, return_index=True)
    cells = np.floor((places - [west, south]) / step).astype(np.int64)
    new = np.ones(len(cells), dtype=bool)
    new[1:] = (np.diff(cells, axis=0) != 0).any(axis=1) | (np.diff(ring) != 0)
    cells, ring = cells[new], ring[new]
    return np.split(cells, np.flatnonzero(np.diff(ring)) + 1)


def _spread(cells: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Cells, and those beside them: so that none is missed between the cells of a sheet."""
    wide = cells.copy()
    wide[:, 1:] |= cells[:, :-1]
    wide[:, :-1] |= cells[:, 1:]
    found = wide.copy()
    found[1:] |= wide[:-1]
    found[:-1] |= wide[1:]
    return found


@dataclass(frozen=True)
class Room:
    """A map on the sheet, in cells that are taken or free.

    Attributes
    ----------
    frame : Box
        The map on the sheet.
    taken : numpy.ndarray of bool
        Cells, from the lower left: what is shown, and what already stands on the map.
    """

    frame: Box
    taken: npt.NDArray[np.bool_]

    def place(self, block: Block, *, prefer: Sequence[str], pad: float = PAD) -> Box | None:
        """Return the free place of a block that is nearest to a corner, the first ones rather.

        Parameters
        ----------
        block : Block
            How large it is.
        prefer : sequence of str
            Corners: "upper left" and so on.
        pad : float
            Millimetres of ground round the block, which too is to be free.

        Returns
        -------
        Box or None
            On the sheet, without its ground; None where there is no such place.
        """
        need = [side + 2 * pad for side in (block.width, block.height)]
        wide, high = (int(np.ceil((side + _SPARE) / _CELL)) for side in need)
        rows, columns = self.taken.shape
        if high > rows or wide > columns:
            return None
        sums = np.zeros((rows + 1, columns + 1), dtype=np.int64)
        sums[1:, 1:] = self.taken.cumsum(axis=0).cumsum(axis=1)
        inside = (
            sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide] + sums[:-high, :-wide]
        )
        low, left = np.nonzero(inside == 0)
        if not len(low):
            return None
        across, up = left / max(columns - wide, 1), low / max(rows - high, 1)
        far = [
            np.abs(across - right) + np.abs(up - top) + 0.15 * order
            for order, (right, top) in enumerate(_CORNERS[name] for name in prefer)
        ]
        nearest = np.min(far, axis=0)
        best = int(np.argmin(np.round(nearest, 6)))
        sides = ((left, columns - wide, block.width), (low, rows - high, block.height))
        x, y = (
            _flush(float(cell[best]) * _CELL, side, pad, end=bool(cell[best] == last), of=whole)
            for (cell, last, side), whole in zip(
                sides, (self.frame.width, self.frame.height), strict=True
            )
        )
        return Box(self.frame.x + x, self.frame.y + y, block.width, block.height)

    def without(self, box: Box, *, pad: float = PAD) -> Room:
        """The room that is left when something stands in a box."""
        wide = grown(box, pad)
        taken = self.taken.copy()
        left, right = (floor((x - self.frame.x) / _CELL) for x in (wide.x, wide.right))
        low, top = (floor((y - self.frame.y) / _CELL) for y in (wide.y, wide.top))
        taken[max(low, 0) : max(top + 1, 0), max(left, 0) : max(right + 1, 0)] = True
        return Room(self.frame, taken)


def _flush(at: float, side: float, pad: float, *, end: bool, of: float) -> float:
    """Where a block begins: at the edge that it is nearest to, which needs nothing kept free."""
    if end:
        return of - pad - side
    return at + pad if at == 0 else at + pad + _SPARE / 2


def grown(box: Box, by: float) -> Box:
    """A box with so many millimetres more on every side."""
    return Box(box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by)


def paint_ground(axes: Axes, box: Box) -> None:
    """Paint the white that a legend on a map stands on."""
    wide = grown(box, PAD)
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
