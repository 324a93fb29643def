"""The legend: every class even when empty, the missing class, and what lies over the areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Literal

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from grannskap.language import count
from grannskap.maps.figure.page import PT, Block, Box, Page, text_width, wrap
from grannskap.maps.figure.sheet import INK, lines_of_text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from grannskap.maps.marks import Overlay
    from grannskap.maps.style import Style

__all__ = ["HATCH_INK", "Entry", "Legend", "entries", "measure", "paint"]

HATCH_INK = "#9a9a9a"
_EDGE = "#8c8c8c"


@dataclass(frozen=True)
class Entry:
    """One line of the legend."""

    label: str
    colour: str
    kind: Literal["class", "outline", "hatch", "points", "lines"] = "class"
    hatch: str = ""
    missing: bool = False


@dataclass(frozen=True)
class Legend:
    """A legend broken into columns, ready to be painted."""

    heading: tuple[str, ...]
    columns: tuple[tuple[Entry, ...], ...]
    width: float
    block: Block


def entries(
    style: Style, *, overlays: Sequence[Overlay] = (), classes: pd.Series[int] | None = None
) -> list[Entry]:
    """List the style's classes, its missing class, and the overlays.

    Parameters
    ----------
    style : Style
        Classes in legend order.
    overlays : sequence of Overlay
        Each gets a line.
    classes : pandas.Series of int, optional
        Classes of the shown areas: when given, their number stands behind each label.

    Returns
    -------
    list of Entry
        In legend order.
    """
    hatches = style.hatches or ("",) * len(style.labels)
    rows = zip(style.labels, style.colours, hatches, strict=True)
    found = [Entry(label, colour, hatch=hatch) for label, colour, hatch in rows]
    if style.missing_label not in style.labels:
        found.append(
            Entry(
                style.missing_label, style.missing_colour, hatch=style.missing_hatch, missing=True
            )
        )
    if classes is not None:
        found = [_counted(entry, i, classes, style) for i, entry in enumerate(found)]
    return found + [Entry(o.label, o.colour, kind=o.kind) for o in overlays]


def _counted(entry: Entry, place: int, classes: pd.Series[int], style: Style) -> Entry:
    numbers = classes.to_numpy()
    here = numbers == (-1 if entry.missing else place)
    if entry.label == style.missing_label:
        here = here | (numbers == -1)
    label = f"{entry.label}  ({count(float(np.sum(here)), style.language)})"
    return Entry(label, entry.colour, entry.kind, entry.hatch, entry.missing)


def measure(
    style: Style, lines: Sequence[Entry], page: Page, *, columns: int, width: float
) -> Legend:
    """Break the legend into columns and say how much room it takes.

    Parameters
    ----------
    style : Style
        Whose unit is the heading, and whose poles stand behind the outer classes.
    lines : sequence of Entry
        What it lists.
    page : Page
        Type sizes.
    columns : int
        How many columns at most.
    width : float
        The greatest width in millimetres.

    Returns
    -------
    Legend
        With its block.
    """
    size = page.text
    long = max((text_width(entry.label, size) for entry in lines), default=0.0)
    column = _swatch(page)[0] + 1.6 + long + 1.5
    fit = max(1, min(columns, int(width // column)))
    deep = ceil(len(lines) / fit)
    parts = tuple(tuple(lines[i : i + deep]) for i in range(0, len(lines), deep))
    top = tuple(wrap(style.unit, size, max(width, 20.0), bold=True)) if style.unit else ()
    height = len(top) * 1.5 * size * PT + deep * _swatch(page)[1] * 1.12 + 1.2
    across = max(
        column * len(parts), max((text_width(line, size, bold=True) for line in top), default=0.0)
    )
    return Legend(top, parts, column, Block("legend", across, height))


def _swatch(page: Page) -> tuple[float, float]:
    return page.text * PT * 2.3, page.text * PT * 1.55


def paint(axes: Axes, box: Box, legend: Legend, page: Page) -> None:
    """Paint the legend into its box of the sheet."""
    size = page.text
    top = lines_of_text(
        axes, legend.heading, x=box.x, top=box.top, size=size, bold=True, leading=1.5
    )
    wide, high = _swatch(page)
    for number, column in enumerate(legend.columns):
        x = box.x + number * legend.width
        y = top
        for before, entry in zip((None, *column), column, strict=False):
            extra = 1.2 if _parted(before, entry) else 0.0
            y -= extra
            _sign(axes, Box(x, y - high, wide, high), entry)
            axes.text(
                x + wide + 1.6,
                y - high / 2,
                entry.label,
                fontsize=size,
                color=INK,
                va="center_baseline",
                gid="legend-label",
            )
            y -= high * (1.0 if entry.kind == "class" else 1.12)


def _parted(before: Entry | None, entry: Entry) -> bool:
    return before is not None and (
        entry.missing or (before.kind == "class") != (entry.kind == "class")
    )


def _sign(axes: Axes, box: Box, entry: Entry) -> None:
    middle = box.y + box.height / 2
    if entry.kind == "class":
        axes.add_patch(
            Rectangle(
                (box.x, box.y),
                box.width,
                box.height,
                facecolor=entry.colour,
                edgecolor=_EDGE,
                linewidth=0.3,
                gid="legend-class",
            )
        )
        if entry.hatch:
            axes.add_patch(
                Rectangle(
                    (box.x, box.y),
                    box.width,
                    box.height,
                    facecolor="none",
                    edgecolor=HATCH_INK,
                    linewidth=0.0,
                    hatch=entry.hatch,
                )
            )
    elif entry.kind in ("outline", "hatch"):
        inner = Rectangle(
            (box.x + 0.2, box.y + 0.4),
            box.width - 0.4,
            box.height - 0.8,
            facecolor="none",
            edgecolor=entry.colour,
            linewidth=1.2,
            hatch="////" if entry.kind == "hatch" else None,
            gid="legend-overlay",
        )
        axes.add_patch(inner)
    else:
        points = entry.kind == "points"
        xs = [box.x + box.width / 2] if points else [box.x, box.x + box.width]
        axes.add_line(
            Line2D(
                xs,
                [middle] * len(xs),
                color=entry.colour,
                linewidth=1.4,
                marker="o" if points else "",
                markersize=3.6,
                markeredgecolor="white",
                markeredgewidth=0.5,
                gid="legend-overlay",
            )
        )
