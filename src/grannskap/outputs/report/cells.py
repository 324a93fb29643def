"""Cells of the report's tables: numbers and areas as a reader sees them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from grannskap.language import Language, Text, number, ratio

if TYPE_CHECKING:
    from grannskap.analysis import Analysis
    from grannskap.maps.style import Style

__all__ = [
    "Cell",
    "Column",
    "Grid",
    "area_names",
    "balance",
    "class_cell",
    "grid",
    "interval",
    "level",
    "named",
    "order_by_name",
    "p_value",
    "told",
    "whole",
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
    foot : str
        What its marks mean.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    left_out: int = 0
    file: str = ""
    foot: str = ""


def grid(
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell | str]],
    *,
    file: str = "",
    foot: str = "",
    most: int = MOST_ROWS,
) -> Grid:
    """Make a table of at most `most` rows, and count the others."""
    shown = tuple(
        tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in row) for row in rows[:most]
    )
    return Grid(
        caption, tuple(columns), shown, left_out=len(rows) - len(shown), file=file, foot=foot
    )


def balance(value: float, language: Language) -> str:
    """Write a balance: "∞" where nobody is high, and never "0,00x" for what is not nothing.

    Examples
    --------
    >>> balance(1.568, "sv"), balance(float("inf"), "sv"), balance(0.002, "en"), balance(0, "sv")
    ('1,57x', '∞', '<0.01x', '0x')
    """
    if math.isinf(value):
        return "∞"
    if value == 0:
        return "0x"
    return f"<{ratio(0.01, language)}" if value < 0.005 else ratio(value, language)


def interval(lower: float, upper: float, language: Language) -> str:
    """Write an interval of balances, "–" when missing.

    Examples
    --------
    >>> interval(1.41, 1.46, "sv"), interval(9.25, float("inf"), "sv")
    ('1,41–1,46', '9,25–∞')
    """
    if math.isnan(lower) or math.isnan(upper):
        return "–"
    return "–".join(balance(bound, language).removesuffix("x") for bound in (lower, upper))


def p_value(p: float, language: Language) -> str:
    """Write p with four decimals, and what is smaller as smaller than that.

    Examples
    --------
    >>> p_value(0.0123, "sv"), p_value(3e-9, "en"), p_value(float("nan"), "sv")
    ('0,0123', '<0.0001', '–')
    """
    if p < 0.00005:
        return f"<{number(0.0001, decimals=4, language=language)}"
    return number(p, decimals=4, language=language)


def level(value: float, language: Language) -> str:
    """Write a level with as many decimals as it has.

    Examples
    --------
    >>> level(0.05, "sv"), level(0.025, "en")
    ('0,05', '0.025')
    """
    return number(value, decimals=len(f"{value:g}".partition(".")[2]), language=language)


def area_names(analysis: Analysis) -> dict[str, str]:
    """Return the name of each area by its code: its RegSO's, else that of its neighbourhood."""
    names = {code: place.name for place in reversed(analysis.places) for code in place.codes}
    if "regso_name" in analysis.areas.columns:
        given = analysis.areas["regso_name"].dropna().astype(str)
        names |= {str(code): name for code, name in given.items() if name}
    return names


def told(code: str, names: Mapping[str, str]) -> str:
    """Write an area inside a sentence: its code, and its name after it."""
    return " ".join(part for part in (code, names.get(code, "")) if part)


def named(code: object, names: Mapping[str, str], *, before: str = "") -> Cell:
    """A cell for an area: what is told of it or its code, and its name under it."""
    if not isinstance(code, str) or not code:
        return Cell(before or "–")
    if before:
        return Cell(before, detail=told(code, names))
    return Cell(code, detail=names.get(code, ""))


def class_cell(name: str, style: Style) -> Cell:
    """A cell for a class: its words, and its colour as on the map."""
    if name not in style.categories:
        gap = style.gaps[style.missing]
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


def whole(text: Text, language: Language) -> list[str]:
    """Part a text of headings at its bars."""
    return text(language).split("|")
