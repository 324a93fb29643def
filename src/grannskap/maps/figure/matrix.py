"""A grid of boxes with names in them: rows by columns, the columns in groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from matplotlib.patches import Rectangle

from grannskap.errors import few
from grannskap.language import Language
from grannskap.maps.figure.headings import Texts, paint_texts, texts
from grannskap.maps.figure.plots import page_texts
from grannskap.maps.figure.sheet import (
    INK,
    NARROW,
    PAGES,
    PT,
    QUIET,
    Box,
    Page,
    PageName,
    lines_of_text,
    sheet,
    typography,
    wrap,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["matrix"]

_HELD, _EMPTY, _LINE = "#e0dfdb", "#ffffff", "#a9aeb4"
_NAMED = 3
_MOST_LINES = 8
_INSIDE = 1.2
"""Millimetres between a box and its text."""

_LEADING = 1.25


def matrix(
    names: Sequence[Sequence[Sequence[str]]],
    *,
    rows: Sequence[str],
    columns: Sequence[tuple[str, str]],
    title: str,
    subtitle: str = "",
    caption: str = "",
    source: str = "",
    page: PageName = "page",
    language: Language = "sv",
) -> Figure:
    """Draw how many names each box of a grid holds, and the first of them.

    Parameters
    ----------
    names : sequence of sequence of sequence of str
        For each row and column the names in its box.
    rows : sequence of str
        Words of the rows.
    columns : sequence of tuple of str
        For each column the words of its group and its own; columns of a group stand together.
    title, subtitle, caption, source : str
        Texts of the page.
    page : {"half-column", "column", "page", "16:9"}
        Size of the picture; on a half-column the boxes hold numbers alone.
    language : {"sv", "en"}
        Of the texts.

    Returns
    -------
    matplotlib.figure.Figure
        To be given to `render`.

    Examples
    --------
    >>> drawn = matrix([[["a"], []]], rows=["One"], columns=[("G", "x"), ("G", "y")], title="T")
    >>> drawn.get_label()
    'T. One: x 1, y 0.'
    """
    with typography():
        size = PAGES[page]
        told = texts(page_texts(title, subtitle, caption, source, language), size)
        grid = _Grid.of(size, rows, columns, names, language)
        room = size.height - 2 * size.margin - told.header - told.footer
        if size.fixed or grid.height > room:
            grid = grid.within(room)
        height = size.height if size.fixed else grid.height + size.height - room
        figure, axes = sheet(size.width, height)
        paint_texts(axes, told, size, height=height)
        _paint(axes, grid, size, top=_top(told, size, height))
    figure.set_label(_alt(title, rows, columns, names))
    return figure


def _top(told: Texts, size: Page, height: float) -> float:
    return height - size.margin - told.header


@dataclass(frozen=True)
class _Grid:
    """The words of a grid, broken into lines, and how large its parts are."""

    left: float
    wide: float
    heads: tuple[tuple[int, tuple[str, ...]], ...]
    columns: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]
    counts: tuple[tuple[int, ...], ...]
    names: tuple[tuple[tuple[str, ...], ...], ...]
    line: float
    text: float

    @classmethod
    def of(
        cls,
        size: Page,
        rows: Sequence[str],
        columns: Sequence[tuple[str, str]],
        names: Sequence[Sequence[Sequence[str]]],
        language: Language,
    ) -> _Grid:
        """Break the words into lines that their boxes hold."""
        whole = size.width - 2 * size.margin
        left = 0.15 * whole
        wide = (whole - left) / len(columns)
        room, quiet = wide - 2 * _INSIDE, size.width < NARROW

        def broken(words: Sequence[str]) -> tuple[str, ...]:
            told = [] if quiet or not words else [*words[:_NAMED]]
            if told and len(words) > _NAMED:
                told = [*told[:-1], few(words[_NAMED - 1 :], most=1)(language)]
            return tuple(line for one in told for line in wrap(one, size.small, room))

        groups = [(head, len([*held])) for head, held in groupby(group for group, _ in columns)]
        return cls(
            left=left,
            wide=wide,
            heads=tuple(
                (n, tuple(wrap(head, size.small, n * wide - 2 * _INSIDE, bold=True)))
                for head, n in groups
            ),
            columns=tuple(tuple(wrap(name, size.small, room)) for _, name in columns),
            rows=tuple(tuple(wrap(row, size.text, left - _INSIDE, bold=True)) for row in rows),
            counts=tuple(tuple(map(len, row)) for row in names),
            names=tuple(tuple(broken(box)[:_MOST_LINES] for box in row) for row in names),
            line=_LEADING * size.small * PT,
            text=size.text,
        )

    @property
    def head(self) -> float:
        """How high the words of the groups are."""
        return max(len(lines) for _, lines in self.heads) * self.line + 2 * _INSIDE

    @property
    def under(self) -> float:
        """How high the words of the columns are."""
        return max(map(len, self.columns)) * self.line + 2 * _INSIDE

    @property
    def tall(self) -> tuple[float, ...]:
        """How high each row is."""
        least = 1.3 * self.text * PT
        return tuple(
            max(
                least + max(map(len, row)) * self.line,
                len(words) * _LEADING * self.text * PT,
            )
            + 2.4 * _INSIDE
            for row, words in zip(self.names, self.rows, strict=True)
        )

    @property
    def height(self) -> float:
        """How high all of it is."""
        return self.head + self.under + sum(self.tall)

    def within(self, room: float) -> _Grid:
        """Return it with as many lines in its boxes as a room holds."""
        most = _MOST_LINES
        grid = self
        while grid.height > room and most:
            most -= 1
            names = tuple(tuple(box[:most] for box in row) for row in self.names)
            grid = replace(self, names=names)
        return grid


def _paint(axes: Axes, grid: _Grid, size: Page, *, top: float) -> None:
    x, y = size.margin + grid.left, top - grid.head
    for n, lines in grid.heads:
        axes.add_patch(Rectangle((x, y), n * grid.wide, grid.head, fc=_EMPTY, ec=_LINE, lw=0.5))
        lines_of_text(
            axes, lines, x=x + _INSIDE, top=y + grid.head - _INSIDE, size=size.small, bold=True
        )
        x += n * grid.wide
    for number, lines in enumerate(grid.columns):
        x = size.margin + grid.left + number * grid.wide
        lines_of_text(axes, lines, x=x + _INSIDE, top=y - _INSIDE, size=size.small, colour=QUIET)
    y -= grid.under
    for number, tall in enumerate(grid.tall):
        y -= tall
        box = Box(size.margin, y, grid.wide, tall)
        _paint_row(axes, grid, size, box, number)


def _paint_row(axes: Axes, grid: _Grid, size: Page, place: Box, row: int) -> None:
    top = place.top - _INSIDE
    lines_of_text(axes, grid.rows[row], x=place.x, top=top, size=size.text, bold=True)
    for number, (count, lines) in enumerate(zip(grid.counts[row], grid.names[row], strict=True)):
        x = place.x + grid.left + number * grid.wide
        fill = _HELD if count else _EMPTY
        axes.add_patch(
            Rectangle((x, place.y), place.width, place.height, fc=fill, ec=_LINE, lw=0.5)
        )
        under = lines_of_text(
            axes,
            [str(count)],
            x=x + _INSIDE,
            top=top,
            size=size.text,
            colour=INK if count else QUIET,
            bold=bool(count),
        )
        lines_of_text(axes, lines, x=x + _INSIDE, top=under, size=size.small, leading=_LEADING)


def _alt(
    title: str,
    rows: Sequence[str],
    columns: Sequence[tuple[str, str]],
    names: Sequence[Sequence[Sequence[str]]],
) -> str:
    told = []
    for row, boxes in zip(rows, names, strict=True):
        counts = [f"{name} {len(box)}" for (_, name), box in zip(columns, boxes, strict=True)]
        told.append(f"{row}: {', '.join(counts)}")
    return f"{title}. {'; '.join(told)}."
