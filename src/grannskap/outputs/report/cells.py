"""Cells of the report's tables: numbers and areas as a reader sees them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from grannskap.analysis import headline
from grannskap.language import TIMES, Language, below, number

if TYPE_CHECKING:
    from grannskap.analysis import Clustering, Results
    from grannskap.maps.style import Style

__all__ = [
    "MOST_ROWS",
    "Cell",
    "Column",
    "Grid",
    "area",
    "class_cell",
    "file_of",
    "grid",
    "interval",
    "named",
    "order_by_name",
    "p_value",
    "rate",
]

MOST_ROWS = 60


@dataclass(frozen=True)
class Cell:
    """A cell: its text, a smaller line under it, and the colour and texture of a class.

    The texture is "dots", "lines" or "", as on the map.
    """

    text: str
    detail: str = ""
    colour: str = ""
    texture: str = ""


@dataclass(frozen=True)
class Column:
    """A column: its heading, and whether it holds numbers, which stand to the right."""

    heading: str
    number: bool = True


@dataclass(frozen=True)
class Grid:
    """A table of texts.

    Attributes
    ----------
    caption : str
        What the table shows.
    columns : tuple of Column
        Headings; the first column holds the heading of each row.
    rows : tuple of tuple of Cell
        Cells.
    left_out : int
        Rows that are in the file but not here, because the table would be too long.
    file : str
        The table file that holds all of it.
    codes : tuple of str
        The codes of the areas in it, for those who ask.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    left_out: int = 0
    file: str = ""
    codes: tuple[str, ...] = ()


def grid(
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell | str]],
    *,
    file: str = "",
    codes: tuple[str, ...] = (),
    most: int = MOST_ROWS,
    every: int | None = None,
) -> Grid:
    """Make a table of at most `most` rows, and count the others.

    `every` is how many rows there are, where those that are not shown were never made.
    """
    shown = tuple(
        tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in row) for row in rows[:most]
    )
    left = (len(rows) if every is None else every) - len(shown)
    return Grid(caption, tuple(columns), shown, left_out=left, file=file, codes=codes)


def file_of(stem: str, results: Results, clustering: Clustering) -> str:
    """Name the file of a test's table: those of the first variable have the plain name."""
    first = clustering.variable == results.clusterings[0].variable
    return f"tables/{stem}{'' if first else f'-{clustering.variable}'}.csv"


def interval(lower: float, upper: float, language: Language) -> str:
    """Write an interval of balances, "–" when missing.

    Examples
    --------
    >>> interval(1.41, 1.46, "sv"), interval(9.25, float("inf"), "sv")
    ('1,41–1,46', '9,25–∞')
    """
    if math.isnan(lower) or math.isnan(upper):
        return "–"
    return "–".join(
        headline.balance(bound, language).removesuffix(TIMES) for bound in (lower, upper)
    )


def p_value(p: float, language: Language) -> str:
    r"""Write p with four decimals, and what is smaller as smaller than that.

    Examples
    --------
    >>> p_value(0.0123, "sv"), p_value(3e-9, "en"), p_value(float("nan"), "sv")
    ('0,0123', '<\xa00.0001', '–')
    """
    if p < 0.00005:
        return below(number(0.0001, decimals=4, language=language))
    return number(p, decimals=4, language=language)


def rate(value: float, language: Language) -> str:
    """Write an error rate with as many decimals as it has.

    Examples
    --------
    >>> rate(0.05, "sv"), rate(0.025, "en")
    ('0,05', '0.025')
    """
    return number(value, decimals=len(f"{value:g}".partition(".")[2]), language=language)


def area(code: str, names: Mapping[str, str]) -> str:
    """Write an area where it stands for itself: its name, and its code in the municipality.

    Examples
    --------
    >>> area("0380C1460", {"0380C1460": "Västra Flogsta"}), area("0380C1460", {})
    ('Västra Flogsta (C1460)', '0380C1460')
    """
    return f"{names[code]} ({code[4:]})" if names.get(code) else code


def named(code: object, names: Mapping[str, str], *, before: str = "") -> Cell:
    """A cell for an area, with its name; under what is told of it, where something is."""
    if not isinstance(code, str) or not code:
        return Cell(before or "–")
    return Cell(before, detail=area(code, names)) if before else Cell(area(code, names))


def class_cell(name: str, style: Style) -> Cell:
    """A cell for a class, or for why there is none: its words, and its colour as on the map."""
    if name not in style.categories:
        gap = next((gap for gap in style.gaps if gap.status == name), style.gaps[style.missing])
        return Cell(gap.label, colour=gap.colour, texture=_texture(gap.hatch))
    i = style.categories.index(name)
    return Cell(
        style.labels[i],
        colour=style.colours[i],
        texture=_texture(style.hatches[i] if style.hatches else ""),
    )


def _texture(hatch: str) -> str:
    """Return what a hatch of the map looks like."""
    return ("dots" if set(hatch) <= set(".oO") else "lines") if hatch else ""


def order_by_name(names: pd.Series) -> list[int]:
    """Return the rows of a Series of names in Swedish order: å, ä, ö after z."""
    order = str.maketrans({"å": "{", "ä": "|", "ö": "}"})
    keys = [str(name).lower().translate(order) for name in names]
    return sorted(range(len(keys)), key=keys.__getitem__)
