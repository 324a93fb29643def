"""Addresses: how a caller names the cells of a column in a file of any form."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from grannskap.errors import ColumnError, few
from grannskap.language import Text
from grannskap.sources.register import headings
from grannskap.sources.register.keys import find_column, find_name, nearest
from grannskap.sources.register.table import Table
from grannskap.wording import in_both

__all__ = ["Selection", "resolve"]


@dataclass(frozen=True)
class Selection:
    """Cells of one column: all of them, or those of some categories.

    Attributes
    ----------
    column : int
        Place of the column of values.
    year : int or None
        The year that the column's heading tells.
    where : tuple of (int, str)
        Positions of category columns, and the category that each must hold.
    """

    column: int
    year: int | None
    where: tuple[tuple[int, str], ...] = ()


def resolve(
    table: Table, address: str, *, purpose: str, taken: Collection[int], headed: bool
) -> tuple[Selection, ...]:
    """Find the cells that an address names.

    An address is a heading (``"Kvartil1"``); or a heading without the year that it tells
    (``"000007Y7"`` for ``"000007Y7 2022"`` and ``"000007Y7 2023"``, where no column holds
    years); or words of a heading that tell it from the others (``"Låg ekonomisk standard"`` for
    ``"Låg ekonomisk standard, procent 2022 totalt ålder"``), of which a whole heading of one
    row comes first; or parts with `` | `` between them, in any order. A part is a heading, or
    words of one (all of which must fit), or a category by its code or label (``"20-64"``), or
    both (``"Alder=20-64"``), which it must be where two columns hold that category.

    Parameters
    ----------
    table : Table
        What the file holds.
    address : str
        The caller's words.
    purpose : str
        The canonical column, for errors.
    taken : collection of int
        Positions of the columns of codes, years and groups, which hold no categories.
    headed : bool
        Whether headings may tell years.

    Returns
    -------
    tuple of Selection
        One for each year that headings tell, else one.

    Raises
    ------
    ColumnError
        When a part is not in the file, or is there in two ways.
    """
    whole = _values(table, address, headed=headed)
    if whole:
        return whole
    values: tuple[Selection, ...] = ()
    where: list[tuple[int, str]] = []
    fits: list[int] = []
    for part in (part.strip() for part in address.split("|")):
        found = () if values or fits else _values(table, part, headed=headed)
        category = None if found else _category(table, part, purpose=purpose, taken=taken)
        if category is not None:
            where.append(category)
        elif not found:
            fits = _by_words(table, part, fits, purpose=purpose, taken=taken)
        values = values or found
    values = values or _told_apart(table, fits, address, purpose=purpose, headed=headed)
    values = values or _only_values(table, address, purpose=purpose, taken=taken, headed=headed)
    return tuple(Selection(one.column, one.year, tuple(where)) for one in values)


def _values(table: Table, part: str, *, headed: bool) -> tuple[Selection, ...]:
    """Return the columns of values that a part names: one, or one for each year."""
    place = find_name(table.names, part)
    if place is not None and table.value is None:
        return (_selection(table, place, headed=headed),)
    if not headed or table.value is not None:
        return ()
    return _of_stem(table, part)


def _selection(table: Table, place: int, *, headed: bool) -> Selection:
    return Selection(place, headings.of(table, place).year if headed else None)


def _of_stem(table: Table, stem: str) -> tuple[Selection, ...]:
    wanted = headings.plain(stem)
    found = []
    for place in range(len(table.names)):
        heading = headings.of(table, place)
        if heading.year is not None and heading.stem == wanted:
            found.append(Selection(place, heading.year))
    return tuple(found)


def _by_words(
    table: Table, part: str, among: Collection[int], *, purpose: str, taken: Collection[int]
) -> list[int]:
    """Return the columns, of some or of all, that words of their headings name."""
    free = among or [place for place in range(len(table.names)) if place not in taken]
    fits = headings.fitting(table, part, among=free) if table.value is None else []
    if not fits:
        raise _absent(table, part, purpose, taken)
    return fits


def _told_apart(
    table: Table, fits: Sequence[int], part: str, *, purpose: str, headed: bool
) -> tuple[Selection, ...]:
    """Return the one column that words name, or one for each year that headings tell."""
    stems = {headings.of(table, place).stem for place in fits}
    found = tuple(_selection(table, place, headed=headed) for place in fits)
    years = [one.year for one in found]
    if len(found) > 1 and (len(stems) > 1 or None in years or len(set(years)) < len(years)):
        names = [repr(table.names[place]) for place in fits]
        values = {"part": part, "purpose": purpose, "columns": len(names), "names": names}
        raise ColumnError("several columns fit", values)
    return found


def _only_values(
    table: Table, address: str, *, purpose: str, taken: Collection[int], headed: bool
) -> tuple[Selection, ...]:
    """Return the values where no part names them: the format's, or headings that are years."""
    if table.value is not None:
        return (Selection(table.value, None),)
    found = _of_stem(table, "") if headed else ()
    if not found:
        column = _column_of_values(table, taken)
        line = None if column is None else _line(purpose, address, column)
        raise ColumnError(
            "address without values",
            {"address": address, "purpose": purpose, "names": table.names, "line": line},
        )
    return found


def _line(purpose: str, category: str, column: str) -> str:
    """Write the line of a project file that names a category and a column of values."""
    return f'{purpose} = "{category} | {column}"'


_NUMBER = re.compile(r"[-+\u2212]?\d[\d \u00a0.,]*|\.{1,2}|[-\u2013]|")
_LOOKED_AT = 200


def _column_of_values(table: Table, taken: Collection[int]) -> str | None:
    """Return the one column of numbers beside codes, years and groups; None where several are."""
    found = [
        name
        for place, name in enumerate(table.names)
        if place not in taken
        and place not in table.codes
        and (
            not table.is_text(place)
            or all(
                _NUMBER.fullmatch(text.strip()) for text in table.categories(place)[0][:_LOOKED_AT]
            )
        )
    ]
    return found[0] if len(found) == 1 else None


def _category(
    table: Table, part: str, *, purpose: str, taken: Collection[int]
) -> tuple[int, str] | None:
    """Return the one category that a part names, with its column; None where none has it."""
    head, equals, word = part.partition("=")
    if equals and find_name(table.names, head.strip()) is not None:
        place = find_column(table.names, head.strip(), purpose=purpose)
        return place, _one_category(table, place, word.strip(), part, purpose)
    spots = [
        (place, category)
        for place in _categorical(table, taken)
        if (category := _find_category(table, place, part)) is not None
    ]
    if len(spots) == 1:
        return spots[0]
    if spots:
        raise ColumnError(
            "category in several columns",
            {
                "part": part,
                "purpose": purpose,
                "columns": [table.names[place] for place, _ in spots],
                "column": table.names[spots[0][0]],
                "bare": part,
            },
        )
    return None


def _one_category(table: Table, place: int, word: str, part: str, purpose: str) -> str:
    category = _find_category(table, place, word)
    if category is None:
        texts = table.categories(place)[0]
        near = nearest(word, texts)
        raise ColumnError(
            "category not in column",
            {"part": part, "purpose": purpose, "texts": texts, "near": near},
        )
    return category


def _find_category(table: Table, place: int, word: str) -> str | None:
    """Return the text of a category, by code, by label, or but for case."""
    texts, _ = table.categories(place)
    if word in texts:
        return word
    labels = table.labels.get(place, {})
    plain = word.casefold()
    same = [text for text in texts if plain in (text.casefold(), labels.get(text, "").casefold())]
    return same[0] if len(same) == 1 else None


def _categorical(table: Table, taken: Collection[int]) -> list[int]:
    return [
        place
        for place in range(len(table.names))
        if place not in taken and place != table.value and table.is_text(place)
    ]


def _likeness(one: str, other: str | None) -> float:
    """How like two words are: 1 where they are the same, 0 where there is no other."""
    return 0.0 if other is None else SequenceMatcher(None, one, other).ratio()


def _meant_category(
    table: Table, part: str, purpose: str, taken: Collection[int]
) -> ColumnError | None:
    """Say that a part is nearly a category of a column, and how to name it with the values."""
    values = _column_of_values(table, taken)
    for place in _categorical(table, taken) if values is not None else ():
        if table.names[place] != values:
            category = nearest(part, table.categories(place)[0])
            if category is not None:
                line = _line(purpose, category, str(values))
                return ColumnError(
                    "column is a category",
                    {
                        "wanted": part,
                        "purpose": purpose,
                        "category": category,
                        "column": table.names[place],
                        "line": line,
                    },
                )
    return None


def _absent(table: Table, part: str, purpose: str, taken: Collection[int]) -> ColumnError:
    """Say what the file has where a part is not in it, and what is nearest."""
    names = [name for place, name in enumerate(table.names) if place != table.value]
    shown: list[Text | str] = [*names]
    words = list(names)
    for place in _categorical(table, taken) if table.value is not None else ():
        texts = table.categories(place)[0]
        labels = table.labels.get(place, {})
        words += [*texts, *(labels[text] for text in texts if text in labels)]
        name = table.names[place]
        shown[names.index(name)] = in_both(
            "errors.phrases.column with texts", {"name": name, "texts": few(texts, most=8)}
        )
    near = nearest(part, words)
    meant = _meant_category(table, part, purpose, taken) if table.value is None else None
    if meant is not None and _likeness(part, near) < _likeness(part, str(meant.values["category"])):
        return meant
    return ColumnError(
        "column not in file", {"wanted": part, "purpose": purpose, "names": shown, "near": near}
    )
