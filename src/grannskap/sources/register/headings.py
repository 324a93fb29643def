"""Headings: the year that one tells, and which columns some words of theirs fit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from grannskap.sources.register.table import Table

__all__ = ["Headed", "fitting", "of", "plain"]

_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
_ALONE = re.compile(r"(?<![\w.,/–-])(?:19|20)\d\d(?![\w/–-]|[.,]\d)")
_AT_END = re.compile(r"(?<![^\W_])(?:19|20)\d\d$", re.ASCII)


class Headed(NamedTuple):
    """A heading without the year that it tells.

    Attributes
    ----------
    stem : str
        The rest, but for case and spaces.
    year : int or None
        The year; None where it tells none, or several.
    cell : bool
        Whether the year fills a cell of the heading.
    """

    stem: str
    year: int | None
    cell: bool


def plain(text: str) -> str:
    """Return a text but for case and spaces."""
    return " ".join(text.casefold().split())


def of(table: Table, place: int) -> Headed:
    """Return what a column's heading tells."""
    return _headed(table.names[place], table.heads(place))


@lru_cache(maxsize=1 << 15)
def _headed(name: str, cells: tuple[str, ...]) -> Headed:
    """Part a heading from its year: a cell of its own, at its end, or alone in its midst."""
    years = [cell for cell in cells if _YEAR.fullmatch(cell)]
    if len(years) == 1:
        rest = " ".join(cell for cell in cells if cell != years[0])
        return Headed(plain(rest), int(years[0]), cell=True)
    found = _AT_END.search(name) or _only(_ALONE.finditer(name))
    if found is None:
        return Headed(plain(name), None, cell=False)
    rest = f"{name[: found.start()].rstrip('_')} {name[found.end() :]}"
    return Headed(plain(rest), int(found.group()), cell=False)


def _only(found: Iterable[re.Match[str]]) -> re.Match[str] | None:
    every = list(found)
    return every[0] if len(every) == 1 else None


def fitting(table: Table, words: str, *, among: Iterable[int]) -> list[int]:
    """Return the columns whose heading holds these words together, or has them as one cell.

    Where some have the words as a whole cell of their heading, the others do not fit.
    """
    wanted = plain(words)
    if not wanted:
        return []
    held = [place for place in among if _holds(plain(table.names[place]), wanted)]
    whole = [place for place in held if wanted in map(plain, table.heads(place))]
    return whole or held


def _holds(name: str, words: str) -> bool:
    """Tell whether a name holds words together, none of them a part of another."""
    at = name.find(words)
    while at >= 0:
        before, after = name[:at][-1:], name[at + len(words) :][:1]
        if not (_joins(before, words[0]) or _joins(words[-1], after)):
            return True
        at = name.find(words, at + 1)
    return False


def _joins(left: str, right: str) -> bool:
    return (left.isalnum() or left == "_") and (right.isalnum() or right == "_")
