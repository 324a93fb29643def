"""Labels that do not collide: each takes the best of its places, in a fixed order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from grannskap.maps.figure.sheet import INK, PT, Box, halo_text, text_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Placed", "Tag", "paint_tags", "place"]


_LED = 4.0
"""Effort from which a text stands so far off that a line leads to what it names."""


Floats = npt.NDArray[np.float64]

_CROSSING = 0.7
"""What a millimetre of border under a label costs."""


_SMALLER = 8.0
"""What it costs to cover an area that is smaller than the label."""


@dataclass(frozen=True)
class Tag:
    """A text that belongs to a box of the sheet (a highlight's extent, a place's dot)."""

    text: str
    target: Box
    size: float
    bold: bool = False
    inside: bool = False
    colour: str = INK


@dataclass(frozen=True)
class Placed:
    """Where a tag's text goes, and whether a leader line is needed."""

    tag: Tag
    box: Box
    leader: bool
    overlap: float


def place(
    tags: Sequence[Tag],
    frame: Box,
    *,
    keep_clear: Sequence[Box] = (),
    weight: float = 3.0,
    borders: npt.NDArray[np.float64] | None = None,
    smaller: Callable[[Floats], npt.NDArray[np.int64]] | None = None,
) -> list[Placed]:
    """Place tags one after the other, each where it covers least.

    Parameters
    ----------
    tags : sequence of Tag
        The first are placed first.
    frame : Box
        What labels should stay within.
    keep_clear : sequence of Box
        What labels should not cover.
    weight : float
        What it costs to cover a square millimetre of that.
    borders : numpy.ndarray, optional
        Points along the borders of areas, x and y: labels rather stand where there are few.
    smaller : callable, optional
        Counts the areas under each of some boxes that are smaller than the box.

    Returns
    -------
    list of Placed
        In the order of the tags; the same for the same input.
    """
    placed: list[Placed] = []
    targets, clear = _edges([tag.target for tag in tags]), _edges(keep_clear)
    for number, tag in enumerate(tags):
        boxes, effort = _candidates(tag)
        edges = _edges(boxes)
        done = _edges([one.box for one in placed])
        covered = _shared(edges, _grown(done, 0.4)).sum(axis=1)
        marks = _shared(edges, np.delete(targets, number, axis=0)).sum(axis=1)
        hidden = _shared(edges, clear).sum(axis=1)
        size = (edges[:, 2] - edges[:, 0]) * (edges[:, 3] - edges[:, 1])
        outside = size - _shared(edges, _edges([frame]))[:, 0]
        crossed = (effort >= _LED) & _crosses(edges, tag.target, done)
        cost = 20 * covered + 3 * marks + weight * hidden + 50 * outside + 12 * crossed + effort
        cost += _CROSSING * _crossed(edges, borders)
        cost += 0 if smaller is None else _SMALLER * smaller(edges)
        best = int(np.argmin(np.round(cost, 6)))  # of equals the first, whatever the last digits
        overlap = float(_shared(edges[best : best + 1], done).sum())
        placed.append(Placed(tag, boxes[best], leader=bool(effort[best] >= _LED), overlap=overlap))
    return placed


def _candidates(tag: Tag) -> tuple[list[Box], Floats]:
    """Places round the target, nearest and most readable first, with the effort of each."""
    width = text_width(tag.text, tag.size, bold=tag.bold)
    height = tag.size * PT
    at = tag.target
    middle_x, middle_y = at.x + at.width / 2, at.y + at.height / 2
    centred_x, centred_y = middle_x - width / 2, middle_y - height / 2
    found: list[tuple[Box, float]] = []
    if tag.inside:
        found.append((Box(centred_x, centred_y, width, height), 0.0))
    for step, gap in enumerate((0.9, 3.5, 7.0, 11.0, 16.0, 22.0)):
        right, left = at.right + gap, at.x - gap - width
        above, below = at.top + gap, at.y - gap - height
        corners = (
            (right, centred_y),
            (left, centred_y),
            (centred_x, above),
            (centred_x, below),
            (right, above),
            (right, below),
            (left, above),
            (left, below),
        )
        found += [
            (Box(x, y, width, height), step * 4.0 + 0.3 * order)
            for order, (x, y) in enumerate(corners)
        ]
    return [box for box, _ in found], np.array([effort for _, effort in found])


def _edges(boxes: Sequence[Box]) -> Floats:
    """Left, lower, right and upper edge of each box."""
    edges = [(box.x, box.y, box.right, box.top) for box in boxes]
    return np.array(edges, dtype=float).reshape(-1, 4)


def _grown(edges: Floats, by: float) -> Floats:
    return np.asarray(edges + np.array([-by, -by, by, by]), dtype=float)


def _shared(one: Floats, other: Floats) -> Floats:
    """Square millimetres that each box of one kind shares with each of another."""
    low = np.maximum(one[:, None, :2], other[None, :, :2])
    high = np.minimum(one[:, None, 2:], other[None, :, 2:])
    return np.asarray(np.maximum(high - low, 0.0).prod(axis=2))


def paint_tags(axes: Axes, placed: Sequence[Placed], *, gid: str) -> None:
    """Paint placed tags on the sheet, with halo and, where moved away, a leader line."""
    for one in placed:
        box, at = one.box, one.tag.target
        if one.leader:
            start, end = _leader(box, at)
            for colour, width in (("white", 1.6), (INK, 0.6)):
                axes.plot(
                    [start[0], end[0]],
                    [start[1], end[1]],
                    color=colour,
                    linewidth=width,
                    solid_capstyle="round",
                    gid="leader",
                )
        words = axes.text(
            box.x,
            box.y + 0.12 * box.height,
            one.tag.text,
            fontsize=one.tag.size,
            color=one.tag.colour,
            fontweight="bold" if one.tag.bold else "normal",
            va="baseline",
            gid=gid,
            zorder=6,
        )
        halo_text(axes, words)


def _crossed(edges: Floats, borders: Floats | None) -> npt.NDArray[np.int64] | int:
    """Count the points of borders within each box."""
    if borders is None:
        return 0
    x, y = borders[:, 0], borders[:, 1]
    left, low, right, high = edges.T[:, :, None]
    within = (x > left) & (x < right) & (y > low) & (y < high)
    return np.asarray(within.sum(axis=1))


def _leader(box: Box, at: Box) -> tuple[tuple[float, float], tuple[float, float]]:
    """Ends of the line from a text to what it names."""
    start = _nearest(box, at.x + at.width / 2, at.y + at.height / 2)
    return start, _nearest(at, *start)


def _crosses(edges: Floats, at: Box, texts: Floats) -> npt.NDArray[np.bool_]:
    """Tell which boxes have a leader line that runs over a text."""
    middle = np.array([at.x + at.width / 2, at.y + at.height / 2])
    start = np.clip(middle, edges[:, :2], edges[:, 2:])
    end = np.clip(start, [at.x, at.y], [at.right, at.top])
    along = np.linspace(0.0, 1.0, 9)[:, None, None]
    dots = (along * start + (1 - along) * end).reshape(-1, 2)
    over = _shared(np.hstack([dots, dots + 0.1]), texts) > 0
    return np.asarray(over.any(axis=1).reshape(9, -1).any(axis=0))


def _nearest(box: Box, x: float, y: float) -> tuple[float, float]:
    return min(max(x, box.x), box.right), min(max(y, box.y), box.top)
