"""The legend: every class even when empty, what is not known, and what lies over the areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from grannskap.language import Text, count
from grannskap.maps.figure.bar import Bar, bar, paint_bar
from grannskap.maps.figure.sheet import INK, PT, Block, Box, Page, lines_of_text, text_width, wrap
from grannskap.maps.style import BOUNDED, DOUBTFUL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from grannskap.maps.figure.sheet import Box
    from grannskap.maps.marks import Highlight, Overlay
    from grannskap.maps.style import Square, Style

__all__ = [
    "HATCH_INK",
    "Entry",
    "Legend",
    "Line",
    "Shown",
    "entries",
    "fitting",
    "measure",
    "measure_square",
    "paint",
    "paint_class",
    "paint_mark",
    "paint_sign",
    "paint_square",
]

HATCH_INK = "#a9aeb4"
_MARK = "#1f1f1f"
_EDGE = "#8c8c8c"


@dataclass(frozen=True)
class Entry:
    """One line of the legend."""

    label: str
    colour: str
    kind: Literal["class", "mark", "doubt", "dashes", "outline", "dashed", "points", "lines"] = (
        "class"
    )
    hatch: str = ""
    gap: bool = False


def paint_sign(axes: Axes, box: Box, entry: Entry) -> None:
    """Paint an entry's sign into its box of the sheet."""
    if entry.kind == "class":
        paint_class(axes, box, entry.colour, hatch=entry.hatch)
    elif entry.kind in ("mark", "doubt"):
        middle = np.array([[box.x + box.width / 2, box.y + box.height / 2]])
        paint_mark(axes, middle, hollow=entry.kind == "mark", gid=f"legend-{entry.kind}")
    elif entry.kind in ("outline", "dashed"):
        _paint_outline(axes, box, entry)
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


def _paint_line(axes: Axes, box: Box, entry: Entry) -> None:
    points = entry.kind == "points"
    xs = [box.x + box.width / 2] if points else [box.x, box.x + box.width]
    axes.add_line(
        Line2D(
            xs,
            [box.y + box.height / 2] * len(xs),
            color=entry.colour,
            linewidth=0.6 if entry.kind == "dashes" else 1.4,
            linestyle=(0, (6.0, 4.0)) if entry.kind == "dashes" else "-",
            marker="o" if points else "",
            markersize=3.6,
            markeredgecolor="white",
            markeredgewidth=0.5,
            gid="legend-overlay",
        )
    )


def _cell(square: Square, page: Page) -> tuple[float, float]:
    wide = max(text_width(label, page.small) for label in square.second_labels)
    return max(wide + 1.6, 3.4 * page.text * PT), 2.4 * page.text * PT


def _titles(square: Square) -> tuple[str, str]:
    return f"↑ {square.first}", f"{square.second} →"


def _beside(square: Square, page: Page) -> float:
    return max(text_width(label, page.small) for label in square.first_labels) + 1.4


def measure_square(square: Square, page: Page) -> Block:
    """Room for the square with the names of its two axes."""
    wide, high = _cell(square, page)
    left = _beside(square, page)
    upper, lower = (text_width(title, page.text, bold=True) for title in _titles(square))
    across = max(upper, left + 3 * wide, left + lower)
    line = 1.5 * PT
    return Block("square", across, 3 * high + 2 * line * page.text + line * page.small + 1.6)


def paint_square(axes: Axes, box: Box, style: Style, page: Page) -> None:
    """Paint the square: the first variable upwards, the second to the right."""
    square = style.square
    if square is None:
        return
    wide, high = _cell(square, page)
    left = box.x + _beside(square, page)
    upper, lower = _titles(square)
    top = box.top - 1.5 * PT * page.text
    bold: dict[str, Any] = {
        "fontsize": page.text,
        "color": INK,
        "fontweight": "bold",
        "va": "baseline",
    }
    axes.text(box.x, box.top - 0.82 * page.text * PT, upper, **bold)
    for row, label in enumerate(square.first_labels):
        y = top - (3 - row) * high
        axes.text(
            left - 1.2,
            y + high / 2,
            label,
            fontsize=page.small,
            color=INK,
            ha="right",
            va="center_baseline",
            gid="legend-label",
        )
        for column in range(3):
            place = Box(left + column * wide, y, wide, high)
            paint_class(axes, place, style.colours[3 * row + column])
    foot = top - 3 * high - 0.8 - 0.82 * page.small * PT
    for column, label in enumerate(square.second_labels):
        x = left + (column + 0.5) * wide
        _set_label(axes, x, foot, label, page)
    axes.text(left, foot - 0.7 * page.small * PT - 0.82 * page.text * PT, lower, **bold)


def _set_label(axes: Axes, x: float, y: float, label: str, page: Page) -> None:
    axes.text(
        x,
        y,
        label,
        fontsize=page.small,
        color=INK,
        ha="center",
        va="baseline",
        gid="legend-label",
    )


_POLYGON = Text("Grannskapets egen gräns", "The neighbourhood's own outline")

_SPACE = 1.6
_LEADING = 1.25
_UNDER = 1.2
"""Millimetres between a bar and what is listed under it."""

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
    ]
    for place, pole in zip((0, len(found) - 1), style.poles, strict=False):
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
    return found + [Entry(o.label, o.colour, kind=o.kind) for o in overlays]


def measure(
    style: Style,
    found: Sequence[Entry],
    page: Page,
    *,
    columns: int,
    width: float,
    classes: npt.NDArray[np.int64] | None = None,
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
    classes : numpy.ndarray of int, optional
        Classes of the areas that columns over a bar count.

    Returns
    -------
    Legend
        With its block.
    """
    square = measure_square(style.square, page) if style.square else None
    ordered = bar(style, page, width=width, classes=classes)
    listed = found[len(style.labels) :] if square or ordered else found
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
    if ordered:
        across, height = max(across, ordered.width), height + ordered.height + _UNDER * bool(listed)
    block = Block("legend", across, height)
    return Legend(style, page, heading, tuple(parts), square, ordered, block)


def fitting(
    style: Style,
    found: Sequence[Entry],
    page: Page,
    *,
    width: float,
    height: float,
    classes: npt.NDArray[np.int64] | None = None,
) -> Legend:
    """Measure a legend in one column, in smaller type where it would be higher than `height`."""
    for smaller in (1.0, 0.9, 0.8, 0.7, 0.6):
        size = replace(page, text=smaller * page.text, small=smaller * page.small)
        legend = measure(style, found, size, columns=1, width=width, classes=classes)
        if legend.block.height <= height:
            break
    return legend


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
    if legend.square is not None:
        place = Box(box.x, top - legend.square.height, box.width, legend.square.height)
        paint_square(axes, place, legend.style, page)
        top = place.y - 1.5
    if legend.bar is not None:
        paint_bar(axes, box.x, top, legend.bar, page)
        top -= legend.bar.height + _UNDER
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
