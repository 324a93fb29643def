"""The legend: every class even when empty, the missing class, and what lies over the areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from grannskap.language import count
from grannskap.maps.figure.page import PT, Block, Box, Page, text_width, wrap
from grannskap.maps.figure.sheet import INK, lines_of_text
from grannskap.maps.figure.square import measure_square, paint_square
from grannskap.maps.figure.swatch import Entry, paint_sign
from grannskap.maps.style import BOUNDED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from grannskap.maps.marks import Overlay
    from grannskap.maps.style import Style

__all__ = ["Entry", "Legend", "Line", "Shown", "entries", "fitting", "measure", "paint"]

_SPACE = 1.6
_LEADING = 1.25
_COLUMN = 5.0
"""Millimetres between columns."""


@dataclass(frozen=True)
class Shown:
    """What a legend is of: the classes of the areas that are shown, and which have a mark."""

    classes: npt.NDArray[np.int64]
    bounded: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Line:
    """An entry with its label broken, and the height it takes."""

    entry: Entry
    label: tuple[str, ...]
    height: float


@dataclass(frozen=True)
class Column:
    """Lines one under the other, and how wide they are."""

    lines: tuple[Line, ...]
    width: float


@dataclass(frozen=True)
class Legend:
    """A legend broken into columns, ready to be painted."""

    style: Style
    page: Page
    heading: tuple[str, ...]
    columns: tuple[Column, ...]
    square: Block | None
    block: Block


def entries(
    style: Style,
    shown: Shown,
    *,
    overlays: Sequence[Overlay] = (),
    counts: bool = False,
) -> list[Entry]:
    """List the style's classes, those of areas without a value, marks and overlays.

    Parameters
    ----------
    style : Style
        Classes in legend order, each listed; of its gaps the missing one, and others where
        they are shown.
    shown : Shown
        Classes of the shown areas.
    overlays : sequence of Overlay
        Each gets a line.
    counts : bool
        Whether the number of areas stands behind each label.

    Returns
    -------
    list of Entry
        In legend order.
    """

    def worded(label: str, here: npt.NDArray[np.bool_]) -> str:
        number = count(float(np.sum(here)), style.language)
        return f"{label}  ({number})" if counts else label

    hatches = style.hatches or ("",) * len(style.labels)
    found = [
        Entry(worded(label, shown.classes == place), colour, hatch=hatch)
        for place, (label, colour, hatch) in enumerate(
            zip(style.labels, style.colours, hatches, strict=True)
        )
    ]
    for place, pole in zip((0, len(found) - 1), style.poles, strict=False):
        found[place] = replace(found[place], label=f"{found[place].label} – {pole}")
    for place, gap in enumerate(style.gaps):
        here = shown.classes == -1 - place
        if gap.status == "missing" or here.any():
            found.append(Entry(worded(gap.label, here), gap.colour, hatch=gap.hatch, gap=True))
    if shown.bounded.any():
        found.append(Entry(worded(BOUNDED(style.language), shown.bounded), INK, kind="mark"))
    return found + [Entry(o.label, o.colour, kind=o.kind) for o in overlays]


def measure(
    style: Style, found: Sequence[Entry], page: Page, *, columns: int, width: float
) -> Legend:
    """Break the legend into columns and say how much room it takes.

    Parameters
    ----------
    style : Style
        Its unit is the heading; a style of two variables has a square first.
    found : sequence of Entry
        What it lists.
    page : Page
        Type sizes.
    columns : int
        How many columns at most.
    width : float
        The greatest width in millimetres; longer labels are broken.

    Returns
    -------
    Legend
        With its block.
    """
    square = measure_square(style.square, page) if style.square else None
    listed = found[len(style.labels) :] if square else found
    beside = _swatch(page)[0] + _SPACE
    choices = []
    for share in (1.0,) if columns == 1 else (1.0, 0.55, 0.4):
        lines = [_line(entry, page, share * width - beside) for entry in listed]
        choices.append(_parts(lines, page, columns=columns, width=width))
    parts = min(choices, key=lambda parts: max((_depth(p.lines) for p in parts), default=0.0))
    heading = tuple(wrap(style.unit, page.text, max(width, 20.0), bold=True))
    across = max(
        sum(part.width for part in parts) + _COLUMN * (len(parts) - 1),
        max((text_width(line, page.text, bold=True) for line in heading), default=0.0),
    )
    height = len(heading) * 1.5 * page.text * PT + max(
        (_depth(part.lines) for part in parts), default=0.0
    )
    if square:
        across, height = max(across, square.width), height + square.height + 1.5
    return Legend(style, page, heading, tuple(parts), square, Block("legend", across, height))


def fitting(
    style: Style, found: Sequence[Entry], page: Page, *, width: float, height: float
) -> Legend:
    """Measure a legend in one column, in smaller type where it would be higher than `height`."""
    for smaller in (1.0, 0.9, 0.8, 0.7, 0.6):
        size = replace(page, text=smaller * page.text, small=smaller * page.small)
        legend = measure(style, found, size, columns=1, width=width)
        if legend.block.height <= height:
            break
    return legend


def _parts(lines: Sequence[Line], page: Page, *, columns: int, width: float) -> list[Column]:
    """As few rows as the width allows; what lies over the areas has a column of its own."""
    if columns == 1:
        return _columns([lines], page, deep=max(len(lines), 1))
    groups = [
        [line for line in lines if (line.entry.kind == "class") is of_class]
        for of_class in (True, False)
    ]
    for deep in range(ceil(len(groups[0]) / columns), len(lines) + 1):
        found = _columns(groups, page, deep=max(deep, 2))
        if sum(part.width for part in found) + _COLUMN * (len(found) - 1) <= width:
            return found
    return _columns([lines], page, deep=max(len(lines), 1))


def _columns(groups: Sequence[Sequence[Line]], page: Page, *, deep: int) -> list[Column]:
    beside = _swatch(page)[0] + _SPACE
    found = []
    for lines in groups:
        for start in range(0, len(lines), deep):
            part = tuple(lines[start : start + deep])
            long = max(text_width(text, page.text) for line in part for text in line.label)
            found.append(Column(part, beside + long))
    return found


def _swatch(page: Page) -> tuple[float, float]:
    return page.text * PT * 2.3, page.text * PT * 1.55


def _line(entry: Entry, page: Page, width: float) -> Line:
    label = tuple(wrap(entry.label, page.text, width))
    height = max(_swatch(page)[1], (len(label) * _LEADING + 0.3) * page.text * PT)
    return Line(entry, label, height * (1.0 if entry.kind == "class" else 1.12))


def _depth(lines: Sequence[Line]) -> float:
    return sum(line.height + _extra(lines, i) for i, line in enumerate(lines))


def _extra(lines: Sequence[Line], place: int) -> float:
    """Space that parts what is not known, and the overlays, from the classes."""
    if place == 0:
        return 0.0
    before, entry = lines[place - 1].entry, lines[place].entry
    parted = before.gap != entry.gap or (before.kind == "class") != (entry.kind == "class")
    return 1.2 if parted else 0.0


def paint(axes: Axes, box: Box, legend: Legend) -> None:
    """Paint the legend into its box of the sheet, in the type size it was measured in."""
    page = legend.page
    size = page.text
    top = lines_of_text(
        axes, legend.heading, x=box.x, top=box.top, size=size, bold=True, leading=1.5
    )
    if legend.square is not None:
        place = Box(box.x, top - legend.square.height, box.width, legend.square.height)
        paint_square(axes, place, legend.style, page)
        top = place.y - 1.5
    wide, high = _swatch(page)
    x = box.x
    for column in legend.columns:
        y = top
        for i, line in enumerate(column.lines):
            y -= _extra(column.lines, i)
            tall = line.height if line.entry.kind == "class" else high
            middle = y - line.height / 2
            paint_sign(axes, Box(x, middle - tall / 2, wide, tall), line.entry)
            first = middle + (len(line.label) - 1) / 2 * _LEADING * size * PT
            for row, text in enumerate(line.label):
                axes.text(
                    x + wide + _SPACE,
                    first - row * _LEADING * size * PT,
                    text,
                    fontsize=size,
                    color=INK,
                    va="center_baseline",
                    gid="legend-label",
                )
            y -= line.height
        x += column.width + _COLUMN
