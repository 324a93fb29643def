"""Keys: which area, year and group each row of a table describes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice

import numpy as np
import numpy.typing as npt

from grannskap.catalogue import GROUPS
from grannskap.deso import Division, parse, same_division
from grannskap.errors import CodeError, ColumnError, DataError, InputFileError
from grannskap.language import Text
from grannskap.notes import Note
from grannskap.sources.register.limits import MOST_CODES
from grannskap.sources.register.regions import (
    is_area,
    is_other_region,
    level,
    note_on_others,
    suffix,
)
from grannskap.sources.register.table import Positions, Table
from grannskap.wording import in_both

__all__ = [
    "Areas",
    "CodeArray",
    "find_column",
    "find_name",
    "groups_of",
    "nearest",
    "pick_areas",
    "years_of",
]

CodeArray = npt.NDArray[np.object_]
"""Bare codes, as an array of text."""

_CODE_NAMES = (
    "deso",
    "desokod",
    "regsokod",
    "region",
    "regionkod",
    "områdeskod",
    "area",
    "code",
    "kod",
)
_YEAR_NAMES = ("year", "år", "ar", "tid", "time", "årtal")
_MOST_GROUPS = 10_000
_COMPOSED = 200
_COMPARED = 100
_MOST_COMPARED = 1000
_YEAR = re.compile(r"(?:19|20)\d\d(?:\.0+)?")


@dataclass(frozen=True)
class Areas:
    """The areas that a table describes.

    Attributes
    ----------
    names : list of str
        Bare codes, sorted.
    which : numpy.ndarray of int
        For each row, its place among the names.
    division : {2018, 2025} or None
        Their division, where it is known.
    notes : tuple of Note
        What was repaired or passed over.
    """

    names: list[str]
    which: Positions
    division: Division | None
    notes: tuple[Note, ...]

    def codes(self, places: Positions) -> CodeArray:
        """Return the names at these places."""
        return np.array(self.names, dtype=object)[places]


def find_name(names: tuple[str, ...], wanted: str) -> int | None:
    """Return the place of a heading, exactly or but for case and spaces; None when absent."""
    places = [place for place, name in enumerate(names) if name == wanted]
    plain = _plain(wanted)
    places = places or [place for place, name in enumerate(names) if _plain(name) == plain]
    if len(places) > 1:
        raise ColumnError("columns of the same name", {"wanted": wanted, "count": len(places)})
    return places[0] if places else None


@lru_cache(maxsize=1 << 15)
def _plain(name: str) -> str:
    """Return a name but for case, spaces and how its letters are made.

    Putting marks in order takes time that grows with the square of how many stand together.
    """
    from unicodedata import normalize

    composed = normalize("NFC", name) if len(name) <= _COMPOSED else name
    return " ".join(composed.casefold().split())


def find_column(names: tuple[str, ...], wanted: str, *, purpose: Text | str) -> int:
    """Return the place of a heading, or say which headings there are."""
    place = find_name(names, wanted)
    if place is not None:
        return place
    near = nearest(wanted, names)
    raise ColumnError(
        "column not in file", {"wanted": wanted, "purpose": purpose, "names": names, "near": near}
    )


def nearest(wanted: str, words: Iterable[str]) -> str | None:
    """Return the word that is most like another, among as many as can be compared at once."""
    short = (word for word in words if len(word) <= _COMPARED)
    near = get_close_matches(wanted[:_COMPARED], islice(short, _MOST_COMPARED), n=1, cutoff=0.5)
    return near[0] if near else None


def find_codes(table: Table, code: str | None) -> int:
    """Return the place of the column of area codes."""
    if code is not None:
        return find_column(table.names, code, purpose=in_both("errors.phrases.the area codes"))
    if len(table.codes) == 1:
        return table.codes[0]
    known = [place for place in table.codes if _plain(table.names[place]) in _CODE_NAMES]
    if len(known) == 1:
        return known[0]
    if not table.codes:
        raise ColumnError("no column of codes", {"names": table.names})
    raise ColumnError(
        "several columns of codes", {"names": [table.names[place] for place in table.codes]}
    )


def pick_areas(
    table: Table, *, code: str | None, division: Division | None
) -> tuple[Table, int, Areas]:
    """Keep the rows of DeSO areas of one division; tell the codes' place and the areas."""
    place = find_codes(table, code)
    texts, which = table.categories(place)
    if len(texts) > MOST_CODES:
        raise InputFileError("too many regions", {"most": MOST_CODES, "regions": len(texts)})
    area = np.array([is_area(text) for text in texts], dtype=bool)
    others = ~area & np.array([is_other_region(text) for text in texts], dtype=bool)
    divisions = _divisions(texts, area, service=table.service and division is None)
    kept = _one_of({divisions[k] for k in np.flatnonzero(area)}, division)
    foreign = area & np.array([one not in (None, kept) for one in divisions], dtype=bool)
    rows = np.flatnonzero(~(others | foreign)[which])
    notes = (
        *note_on_others([texts[k] for k in which[others[which]]]),
        *_note_on_foreign([texts[k] for k in np.flatnonzero(foreign)], kept),
    )
    small = table.take(rows)
    texts, which = small.categories(place)
    codes = parse(texts, division=kept, level=level())
    names = sorted(set(codes.values))
    order = {name: k for k, name in enumerate(names)}
    places = np.array([order[name] for name in codes.values], dtype=np.int64)[which]
    return small, place, Areas(names, places, codes.division, (*notes, *codes.notes))


def _divisions(
    texts: list[str], area: npt.NDArray[np.bool_], *, service: bool
) -> list[Division | None]:
    """Return each code's division: bare ones beside suffixed ones, and SCB's, are of 2018."""
    suffixed = [same_division([suffix(text)]) for text in texts]
    bare: Division | None = 2018 if service or any(suffixed) else None
    return [one or bare if here else None for one, here in zip(suffixed, area, strict=True)]


def _one_of(found: set[Division | None], division: Division | None) -> Division | None:
    if division is not None:
        return same_division([division])
    divisions = found - {None}
    if len(divisions) > 1:
        raise CodeError("codes of two divisions")
    return divisions.pop() if divisions else None


def _note_on_foreign(codes: list[str], kept: Division | None) -> tuple[Note, ...]:
    if not codes:
        return ()
    values = {"kept": str(kept), "codes": len(codes)}
    return (Note("other division", values, tuple(codes)),)


def years_of(table: Table, year: int | str | None) -> tuple[int | None, Positions | None]:
    """Return the place of the column of years, and each row's year; None where there is none."""
    place = table.year
    if isinstance(year, str):
        place = find_column(table.names, year, purpose=in_both("errors.phrases.the years"))
    if place is None:
        known = [k for k, name in enumerate(table.names) if _plain(name) in _YEAR_NAMES]
        known = known or _years_without_heading(table)
        place = known[0] if len(known) == 1 else None
    if place is None:
        return None, None
    texts, which = table.categories(place)
    wrong = [text or "(–)" for text in texts if _YEAR.fullmatch(text) is None]
    if wrong:
        raise DataError("no years in column", {"column": table.names[place], "texts": wrong})
    return place, np.array([int(text[:4]) for text in texts], dtype=np.int64)[which]


def _years_without_heading(table: Table) -> list[int]:
    """Return the columns without a heading that hold years and nothing else, left of values."""
    found = []
    for place in table.headless:
        if place not in table.codes and place < max(table.codes, default=0):
            texts, _ = table.categories(place)
            if texts and all(_YEAR.fullmatch(text) for text in texts):
                found.append(place)
    return found


def groups_of(
    table: Table, group: str | None, groups: Mapping[str, str] | None
) -> tuple[int | None, list[str], Positions]:
    """Return the place of the column of groups, the groups' keys, and each row's group."""
    if group is None or group in GROUPS:
        return None, [group or "all"], np.zeros(len(table), dtype=np.int64)
    place = find_column(table.names, group, purpose=in_both("errors.phrases.the groups"))
    known = _group_words(groups or {})
    texts, which = table.categories(place)
    if len(texts) > _MOST_GROUPS:
        raise InputFileError(
            "too many groups",
            {"most": _MOST_GROUPS, "groups": len(texts), "column": table.names[place]},
        )
    labels = table.labels.get(place, {})
    keys = [known.get(_plain(text)) or known.get(_plain(labels.get(text, ""))) for text in texts]
    strange = [text or "(–)" for text, key in zip(texts, keys, strict=True) if key is None]
    if strange:
        raise DataError(
            "unknown groups in column",
            {"column": table.names[place], "texts": strange, "groups": list(GROUPS)},
        )
    names = sorted({key for key in keys if key is not None})
    places = np.array([names.index(key) for key in keys if key is not None], dtype=np.int64)
    return place, names, places[which]


def _group_words(groups: Mapping[str, str]) -> dict[str, str]:
    """Return the key that each word means, in the caller's words, the keys' and the labels'."""
    strange = [key for key in groups.values() if key not in GROUPS]
    if strange:
        raise DataError("unknown groups", {"groups": list(GROUPS), "names": strange})
    own = {_plain(word): key for key, label in GROUPS.items() for word in (key, label.sv, label.en)}
    return own | {_plain(word): key for word, key in groups.items()}
