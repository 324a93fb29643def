"""Resolving: find what the catalogue means in what the service says that a table holds."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grannskap.deso import Division
from grannskap.errors import InputFileError, few
from grannskap.sources import jsonstat
from grannskap.sources.scb.tables import CONTENTS, REGION, TIME, Cells, Contents, Series
from grannskap.wording import in_both

__all__ = ["Metadata", "areas", "contents_code", "fixed", "metadata", "moved", "regso", "years"]

_DESO = re.compile(r"(\d{4}[ABC]\d{4})(?:_DeSO(\d{4}))?")
_REGSO = re.compile(r"(\d{4}R\d{3})(?:_RegSO(\d{4}))?")


@dataclass(frozen=True)
class Metadata:
    """What the service says that a table holds.

    Attributes
    ----------
    table, label, updated : str
        The table's id, title, and when it was published.
    codes : mapping of str to tuple of str
        By dimension, its categories.
    labels : mapping of str to dict
        By dimension, what its categories are called.
    free : frozenset of str
        Dimensions that may be left out of a query: their total is then given.
    """

    table: str
    label: str
    updated: str
    codes: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, dict[str, str]]
    free: frozenset[str]


def metadata(content: Mapping[str, Any], *, table: str) -> Metadata:
    """Take a table's metadata as the service gives it.

    Raises
    ------
    InputFileError
        When a part of it is missing or damaged.
    """
    ids = content.get("id")
    dimensions = content.get("dimension")
    if not isinstance(ids, list) or not isinstance(dimensions, dict):
        raise jsonstat.damaged(table, in_both("errors.phrases.no dimensions"))
    name = table
    codes = {one: tuple(jsonstat.categories(dimensions, one, name=name)) for one in ids}
    free = {one for one in ids if (dimensions[one].get("extension") or {}).get("elimination")}
    return Metadata(
        table=table,
        label=str(content.get("label") or ""),
        updated=str(content.get("updated") or ""),
        codes=codes,
        labels={one: jsonstat.labels(dimensions[one]) for one in ids},
        free=frozenset(free),
    )


def years(table: Metadata) -> tuple[int, ...]:
    """Return the years that a table holds, in order."""
    return tuple(sorted(int(code) for code in table.codes.get(TIME, ()) if code.isdigit()))


def areas(table: Metadata, division: Division, within: Sequence[str]) -> dict[str, str]:
    """Return the DeSO of a division within counties or municipalities: code in the table to bare.

    An empty `within` is the whole country.
    """
    return _areas(table, _DESO, 2018, division, within)


def regso(table: Metadata, division: Division, within: Sequence[str]) -> dict[str, str]:
    """Return the RegSO of a division, as `areas`."""
    return _areas(table, _REGSO, 2020, division, within)


def _areas(
    table: Metadata,
    form: re.Pattern[str],
    first: int,
    division: Division,
    within: Sequence[str],
) -> dict[str, str]:
    found = {}
    for code in table.codes.get(REGION, ()):
        match = form.fullmatch(code)
        if match is None:
            continue
        bare, told = match.groups()
        here = 2018 if told in (None, str(first)) else int(told)
        if here == division and (not within or bare.startswith(tuple(within))):
            found[code] = bare
    return dict(sorted(found.items(), key=lambda pair: pair[1]))


def contents_code(table: Metadata, wanted: Contents, *, english: Metadata | None = None) -> str:
    """Return the contents code of a number: by its label, else by its code.

    Parameters
    ----------
    table : Metadata
        What the table holds, in Swedish.
    wanted : Contents
        What is looked for.
    english : Metadata, optional
        The same in English, for a number that SCB has called by an English label alone.

    Raises
    ------
    InputFileError
        Naming what was looked for, and what is there.
    """
    there = table.codes.get(CONTENTS, ())
    called = [table.labels.get(CONTENTS, {}), english.labels.get(CONTENTS, {}) if english else {}]
    by_label = [
        code for labels in called for code in there if _plain(labels.get(code)) in _names(wanted)
    ]
    named = list(dict.fromkeys(by_label))
    if wanted.code in there and (wanted.code in named or not named or len(named) > 1):
        return wanted.code
    if len(named) == 1:
        return named[0]
    if not wanted.code and len(there) == 1:
        return there[0]
    raise _contents_moved(table, wanted)


def _names(wanted: Contents) -> set[str]:
    return {_plain(label) for label in wanted.labels}


def _plain(label: str | None) -> str:
    return " ".join((label or "").casefold().replace(",", " ").split()) or "-"


def _contents_moved(table: Metadata, wanted: Contents) -> InputFileError:
    labels = table.labels.get(CONTENTS, {})
    there = [f"{code} ({labels.get(code, '')})" for code in table.codes.get(CONTENTS, ())]
    values = {
        "table": table.table,
        "wanted": f"{wanted.labels[0]}{f' ({wanted.code})' if wanted.code else ''}",
        "there": there,
    }
    return InputFileError("contents moved", values)


def fixed(series: Series, table: Metadata) -> dict[str, tuple[str, ...]]:
    """Return what is asked of every dimension but region, contents and time.

    Raises
    ------
    InputFileError
        When a category is not there, or a dimension that the catalogue does not know must be
        chosen from.
    """
    wanted = _wanted(series.cells)
    chosen = {}
    for name, codes in table.codes.items():
        if name in (REGION, CONTENTS, TIME):
            continue
        if name in wanted:
            lacking = [code for code in wanted[name] if code not in codes]
            if lacking:
                raise _categories_moved(table, name, lacking)
            chosen[name] = wanted[name]
        elif len(codes) == 1:
            chosen[name] = codes
        elif name not in table.free:
            raise _categories_moved(table, name, ["…"])
    absent = [name for name in wanted if name not in table.codes]
    if absent:
        raise _categories_moved(table, absent[0], list(wanted[absent[0]]))
    return chosen


def _wanted(cells: Iterable[Cells]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for one in cells:
        for name, codes in one.where.items():
            found.setdefault(name, {}).update(dict.fromkeys(codes))
    return {name: tuple(codes) for name, codes in found.items()}


def _categories_moved(table: Metadata, dimension: str, lacking: Sequence[str]) -> InputFileError:
    there = table.codes.get(dimension)
    labels = table.labels.get(dimension, {})
    named = (
        [f"{code} ({labels[code]})" if code in labels else code for code in there]
        if there is not None
        else list(table.codes)
    )
    values = {
        "table": table.table,
        "wanted": in_both(
            "errors.phrases.column and codes", {"name": dimension, "codes": few(lacking)}
        ),
        "there": named,
    }
    return InputFileError("categories moved", values)


def moved(series: Series, candidates: Sequence[tuple[str, str]]) -> InputFileError:
    """Return the error for a table that has gone: what was looked for, and what is like it."""
    near = sorted(
        candidates,
        key=lambda one: difflib.SequenceMatcher(None, one[1], series.title.sv).ratio(),
        reverse=True,
    )
    named = [f"{table} ({label})" for table, label in near[:5]]
    values = {
        "table": series.table,
        "title": series.title,
        "there": named or ["–"],
    }
    return InputFileError("table moved", values)
