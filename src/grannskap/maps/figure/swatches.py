"""Signs of a legend: the colour and hatch of a class, the mark of a bound, overlays' lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from grannskap.maps.figure.sheet import Box

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["HATCH_INK", "Entry", "paint_class", "paint_mark", "paint_sign"]

HATCH_INK = "#a9aeb4"
_MARK = "#1f1f1f"
_EDGE = "#8c8c8c"


@dataclass(frozen=True)
class Entry:
    """One line of the legend."""

    label: str
    colour: str
    kind: Literal[
        "class", "mark", "doubt", "dashes", "outline", "dashed", "points", "lines", "strokes"
    ] = "class"
    hatch: str = ""
    gap: bool = False
    width: float = 1.4


def paint_sign(axes: Axes, box: Box, entry: Entry) -> None:
    """Paint an entry's sign into its box of the sheet."""
    if entry.kind == "class":
        paint_class(axes, box, entry.colour, hatch=entry.hatch)
    elif entry.kind in ("mark", "doubt"):
        middle = np.array([[box.x + box.width / 2, box.y + box.height / 2]])
        paint_mark(axes, middle, hollow=entry.kind == "mark", gid=f"legend-{entry.kind}")
    elif entry.kind in ("outline", "dashed"):
        _paint_outline(axes, box, entry)
    elif entry.kind == "strokes":
        _paint_strokes(axes, box, entry)
    else:
        _paint_line(axes, box, entry)


def paint_class(axes: Axes, box: Box, colour: str, *, hatch: str = "") -> None:
    """Paint a class's colour, and its hatch over it."""
    corner = (box.x, box.y)
    axes.add_patch(
        Rectangle(
            corner,
            box.width,
            box.height,
            facecolor=colour,
            edgecolor=_EDGE,
            linewidth=0.3,
            gid="legend-class",
        )
    )
    if hatch:
        axes.add_patch(
            Rectangle(
                corner,
                box.width,
                box.height,
                facecolor="none",
                edgecolor=HATCH_INK,
                linewidth=0.0,
                hatch=hatch,
            )
        )


def paint_mark(
    axes: Axes, places: npt.NDArray[np.float64], *, hollow: bool = True, gid: str
) -> None:
    """Paint the hollow dot of areas of which the class alone is known, or the full one of doubt."""
    axes.add_line(
        Line2D(
            places[:, 0],
            places[:, 1],
            linestyle="",
            marker="o",
            markersize=2.6 if hollow else 1.9,
            markerfacecolor="white" if hollow else _MARK,
            markeredgecolor=_MARK if hollow else "white",
            markeredgewidth=0.5 if hollow else 0.4,
            zorder=2.5,
            gid=gid,
        )
    )


def _paint_outline(axes: Axes, box: Box, entry: Entry) -> None:
    axes.add_patch(
        Rectangle(
            (box.x + 0.2, box.y + 0.4),
            box.width - 0.4,
            box.height - 0.8,
            facecolor="none",
            edgecolor=entry.colour,
            linewidth=1.2,
            linestyle=(0, (3.0, 2.0)) if entry.kind == "dashed" else "-",
            gid="legend-overlay",
        )
    )


def _paint_strokes(axes: Axes, box: Box, entry: Entry) -> None:
    """A line with strokes on its lower side."""
    middle, foot = box.y + 0.65 * box.height, box.y + 0.1 * box.height
    across = [box.x + share * box.width for share in (0.15, 0.5, 0.85)]
    axes.vlines(
        across, foot, middle, color=entry.colour, linewidth=entry.width, gid="legend-strokes"
    )
    axes.add_line(
        Line2D(
            [box.x, box.x + box.width],
            [middle, middle],
            color=entry.colour,
            linewidth=2 * entry.width,
            gid="legend-overlay",
        )
    )


def _paint_line(axes: Axes, box: Box, entry: Entry) -> None:
    points = entry.kind == "points"
    xs = [box.x + box.width / 2] if points else [box.x, box.x + box.width]
    axes.add_line(
        Line2D(
            xs,
            [box.y + box.height / 2] * len(xs),
            color=entry.colour,
            linewidth=0.6 if entry.kind == "dashes" else entry.width,
            linestyle=(0, (6.0, 4.0)) if entry.kind == "dashes" else "-",
            marker="o" if points else "",
            markersize=3.6,
            markeredgecolor="white",
            markeredgewidth=0.5,
            gid="legend-overlay",
        )
    )
