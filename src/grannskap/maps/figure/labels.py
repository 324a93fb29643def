"""Labels that do not collide: each takes the best of its places, in a fixed order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grannskap.maps.figure.sheet import INK, PT, Box, halo_text, text_width

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from matplotlib.axes import Axes

__all__ = ["Placed", "Tag", "on_sheet", "paint_tags", "place"]


_LED = 4.0
"""Effort from which a text stands so far off that a line leads to what it names."""


_CROSSING = 0.7
"""What a millimetre of border under a label costs."""


@dataclass(frozen=True)
class Tag:
    """A text that belongs to a box of the sheet (a highlight's extent, a place's dot)."""

    text: str
    target: Box
    size: float
    bold: bool = False
    inside: bool = False


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

    Returns
    -------
    list of Placed
        In the order of the tags; the same for the same input.
    """
    placed: list[Placed] = []
    targets = [tag.target for tag in tags]
    for tag in tags:
        others = [box for box in targets if box is not tag.target]

        def cost(
            candidate: tuple[Box, float], others: list[Box] = others, target: Box = tag.target
        ) -> float:
            box, effort = candidate
            covered = sum(_shared(box, _grown(done.box, 0.4)) for done in placed)
            marks = sum(_shared(box, other) for other in others)
            clear = sum(_shared(box, other) for other in keep_clear)
            outside = box.width * box.height - _shared(box, frame)
            crossed = effort >= _LED and _crosses(*_leader(box, target), placed)
            outside += _CROSSING / 50 * _crossed(box, borders)
            return 20 * covered + 3 * marks + weight * clear + 50 * outside + 12 * crossed + effort

        best = min(_candidates(tag), key=cost)
        covered = sum(_shared(best[0], done.box) for done in placed)
        placed.append(Placed(tag, best[0], leader=best[1] >= _LED, overlap=covered))
    return placed


def _candidates(tag: Tag) -> list[tuple[Box, float]]:
    """Places round the target, nearest and most readable first, with the effort of each."""
    width = text_width(tag.text, tag.size, bold=tag.bold)
    height = tag.size * PT
    at = tag.target
    middle_x, middle_y = at.x + at.width / 2, at.y + at.height / 2
    found: list[tuple[Box, float]] = []
    if tag.inside:
        found.append((Box(middle_x - width / 2, middle_y - height / 2, width, height), 0.0))
    for step, gap in enumerate((0.9, 3.5, 7.0, 11.0, 16.0, 22.0)):
        right, left = at.right + gap, at.x - gap - width
        above, below = at.top + gap, at.y - gap - height
        centred_x, centred_y = middle_x - width / 2, middle_y - height / 2
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
    return found


def _grown(box: Box, by: float) -> Box:
    return Box(box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by)


def _shared(one: Box, other: Box) -> float:
    wide = min(one.right, other.right) - max(one.x, other.x)
    high = min(one.top, other.top) - max(one.y, other.y)
    return max(wide, 0.0) * max(high, 0.0)


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
            color=INK,
            fontweight="bold" if one.tag.bold else "normal",
            va="baseline",
            gid=gid,
            zorder=6,
        )
        halo_text(axes, words)


def _crossed(box: Box, borders: npt.NDArray[np.float64] | None) -> float:
    """Count the points of borders within a box."""
    if borders is None:
        return 0.0
    x, y = borders[:, 0], borders[:, 1]
    within = (x > box.x) & (x < box.right) & (y > box.y) & (y < box.top)
    return float(within.sum())


def _leader(box: Box, at: Box) -> tuple[tuple[float, float], tuple[float, float]]:
    """Ends of the line from a text to what it names."""
    start = _nearest(box, at.x + at.width / 2, at.y + at.height / 2)
    return start, _nearest(at, *start)


def _crosses(
    start: tuple[float, float], end: tuple[float, float], placed: Sequence[Placed]
) -> bool:
    """Tell whether a leader line runs over a text."""
    steps = [(i / 8, 1 - i / 8) for i in range(9)]
    dots = [Box(a * start[0] + b * end[0], a * start[1] + b * end[1], 0.1, 0.1) for a, b in steps]
    return any(_shared(dot, one.box) > 0 for dot in dots for one in placed)


def _nearest(box: Box, x: float, y: float) -> tuple[float, float]:
    return min(max(x, box.x), box.right), min(max(y, box.y), box.top)


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
