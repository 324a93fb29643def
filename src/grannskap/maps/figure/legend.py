"""The legend: every class even when empty, what is not known, and what lies over the areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from grannskap.language import Text, count
from grannskap.maps.figure.bar import Bar, bar, paint_bar
from grannskap.maps.figure.sheet import INK, PT, Block, Box, Page, lines_of_text, text_width, wrap
from grannskap.maps.figure.squares import measure_square, paint_square
from grannskap.maps.figure.swatches import Entry, paint_sign
from grannskap.maps.style import BOUNDED, DOUBTFUL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from grannskap.maps.marks import Highlight, Overlay
    from grannskap.maps.style import Style

__all__ = ["Legend", "Line", "Shown", "entries", "fitting", "measure", "paint"]

_POLYGON = Text("Grannskapets egen gräns", "The neighbourhood's own outline")

_SPACE = 1.6
_LEADING = 1.25
_UNDER = 1.5
"""Millimetres between a bar or a square and what is listed under it."""

_NARROW = 25.0
"""Millimetres that what is listed needs beside a bar."""

_COLUMN = 5.0
"""Millimetres between columns."""


@dataclass(frozen=True)
class Shown:
    """What a legend is of: the classes of the areas that are shown, and which have a mark."""

    classes: npt.NDArray[np.int64]
    bounded: npt.NDArray[np.bool_]
    doubtful: npt.NDArray[np.bool_]


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
    bar: Bar | None
    block: Block
    classes: npt.NDArray[np.int64]
    abreast: bool = False

    @property
    def scale(self) -> tuple[float, float]:
        """Width and height of the bar or square, 0 where there is none."""
        if self.bar is not None:
            return self.bar.width, self.bar.height
        return (self.square.width, self.square.height) if self.square is not None else (0.0, 0.0)


def entries(
    style: Style,
    shown: Shown,
    *,
    overlays: Sequence[Overlay] = (),
    highlights: Sequence[Highlight] = (),
    counts: bool = False,
) -> list[Entry]:
    """List the style's classes, those of areas without a value, marks and overlays.

    Parameters
    ----------
    style : Style
        Classes in legend order, each listed; of its gaps those that are shown.
    shown : Shown
        Classes of the shown areas.
    overlays : sequence of Overlay
        Each gets a line.
    highlights : sequence of Highlight
        One line for all whose polygon is drawn beside their areas.
    counts : bool
        Whether the number of areas stands behind each label.

    Returns
    -------
    list of Entry
        In legend order.
    """

    def worded(label: str, here: npt.NDArray[np.bool_]) -> str:
        number = count(float(np.sum(here)), style.language)
        told = counts or (style.quantity == "category" and not here.any())
        return f"{label}  ({number})" if told else label

    hatches = style.hatches or ("",) * len(style.labels)
    found = [
        Entry(worded(label, shown.classes == place), colour, hatch=hatch)
        for place, (label, colour, hatch) in enumerate(
            zip(style.labels, style.colours, hatches, strict=True)
        )
        if _listed(style, place, shown)
    ]
    if style.square is not None:
        found += _corners(style)
    elif style.ticks:
        found = []
    for place, pole in zip((0, len(found) - 1), style.poles if found else (), strict=False):
        found[place] = replace(found[place], label=f"{found[place].label} – {pole}")
    for place, gap in enumerate(style.gaps):
        here = shown.classes == -1 - place
        if here.any():
            found.append(Entry(worded(gap.label, here), gap.colour, hatch=gap.hatch, gap=True))
    if shown.bounded.any():
        found.append(Entry(worded(BOUNDED(style.language), shown.bounded), INK, kind="mark"))
    if shown.doubtful.any():
        found.append(Entry(worded(DOUBTFUL(style.language), shown.doubtful), INK, kind="doubt"))
    if any(highlight.polygon is not None for highlight in highlights):
        found.append(Entry(_POLYGON(style.language), INK, kind="dashes"))
    return found + [Entry(o.label, o.colour, kind=o.kind, width=o.width) for o in overlays]


def _listed(style: Style, place: int, shown: Shown) -> bool:
    """Tell whether a class has a line: in a bar or a square it has its own place anyway."""
    if style.square is not None:
        return place not in style.square.cells and bool((shown.classes == place).any())
    return not style.ticks and not style.edges


def _corners(style: Style) -> list[Entry]:
    """What the corners of a square mean, in words."""
    square = style.square
    if square is None or not square.corners:
        return []
    last = square.side - 1
    corners = [(last, last), (last, 0), (0, last), (0, 0)]
    words = (square.corners[3], square.corners[2], square.corners[1], square.corners[0])
    return [
        Entry(text, style.colours[square.cells[row * square.side + column]])
        for text, (row, column) in zip(words, corners, strict=True)
    ]


def measure(
    style: Style,
    found: Sequence[Entry],
    page: Page,
    *,
    columns: int,
    width: float,
    shown: Shown | None = None,
    counts: bool = False,
) -> Legend:
    """Break the legend into columns and say how much room it takes.

    Parameters
    ----------
    style : Style
        Its unit is the heading, where the subtitle does not say it.
    found : sequence of Entry
        What it lists beside its bar or square.
    page : Page
        Type sizes.
    columns : int
        How many columns at most.
    width : float
        The greatest width in millimetres; longer labels are broken.
    shown : Shown, optional
        What a square counts in its cells.
    counts : bool
        Whether columns over a bar count it too.

    Returns
    -------
    Legend
        With its block. What is listed stands beside the bar or square where the width allows,
        in a legend of several columns, else under it.
    """
    classes = np.zeros(0, dtype=np.int64) if shown is None else shown.classes
    square = measure_square(style.square, page) if style.square else None
    counted = classes if counts else None
    ordered = None if square else bar(style, page, width=width, classes=counted)
    scale = square or ordered
    wide, high = (scale.width, scale.height) if scale else (0.0, 0.0)
    heading = tuple(wrap(_unit(style), page.text, max(width, 20.0), bold=True))
    least = max((text_width(line, page.text, bold=True) for line in heading), default=0.0)
    above = len(heading) * 1.5 * page.text * PT
    beside = width - wide - _COLUMN
    for room in (beside, width) if columns > 1 and scale and beside > _NARROW else (width,):
        parts = _broken(found, page, columns=columns, width=room)
        across = sum(part.width for part in parts) + _COLUMN * (len(parts) - 1)
        deep = max((_depth(part.lines) for part in parts), default=0.0)
        abreast = room < width and deep <= high
        if abreast:
            break
    if abreast:
        block = Block("legend", max(wide + _COLUMN + across, least), above + max(high, deep))
    else:
        under = _UNDER if scale and found else 0.0
        block = Block("legend", max(across, wide, least), above + high + under + deep)
    return Legend(
        style, page, heading, tuple(parts), square, ordered, block, classes, abreast=abreast
    )


def _unit(style: Style) -> str:
    """What the scale counts, once: nothing where the subtitle says it."""
    told = style.unit.casefold() in style.subtitle.casefold()
    return "" if told or style.ticks else style.unit


def fitting(
    style: Style,
    found: Sequence[Entry],
    page: Page,
    *,
    width: float,
    height: float,
    shown: Shown | None = None,
    counts: bool = False,
) -> Legend:
    """Measure a legend in one column, in smaller type where it would be higher than `height`."""
    for smaller in (1.0, 0.9, 0.8, 0.7, 0.6):
        size = replace(page, text=smaller * page.text, small=smaller * page.small)
        legend = measure(style, found, size, columns=1, width=width, shown=shown, counts=counts)
        if legend.block.height <= height:
            break
    return legend


def _broken(found: Sequence[Entry], page: Page, *, columns: int, width: float) -> list[Column]:
    """Labels broken so that the longest column is shortest."""
    beside = _swatch(page)[0] + _SPACE
    choices = []
    for share in (1.0,) if columns == 1 else (1.0, 0.55, 0.4):
        lines = [_line(entry, page, share * width - beside) for entry in found]
        choices.append(_parts(lines, page, columns=columns, width=width))
    return min(choices, key=lambda parts: max((_depth(p.lines) for p in parts), default=0.0))


def _parts(lines: Sequence[Line], page: Page, *, columns: int, width: float) -> list[Column]:
    """As few rows as the width allows; what lies over the areas has a column of its own."""
    if columns == 1 or not lines:
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
            long = max(
                (text_width(text, page.text) for line in part for text in line.label), default=0.0
            )
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
    wide, high = legend.scale
    if legend.square is not None:
        place = Box(box.x, top - high, wide, high)
        paint_square(axes, place, legend.style, page, legend.classes)
    if legend.bar is not None:
        paint_bar(axes, box.x, top, legend.bar, page)
    if legend.abreast:
        deep = max((_depth(column.lines) for column in legend.columns), default=0.0)
        above = 0.0 if legend.bar is None else min(legend.bar.above, high - deep)
        _paint_columns(axes, box.x + wide + _COLUMN, top - above, legend)
    else:
        _paint_columns(axes, box.x, top - high - (_UNDER if high else 0.0), legend)


def _paint_columns(axes: Axes, x: float, top: float, legend: Legend) -> None:
    """Paint what is listed, from the upper left corner on."""
    page, size = legend.page, legend.page.text
    wide, high = _swatch(page)
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
