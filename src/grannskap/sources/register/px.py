"""PX: a file of SCB's, or of any other PxWeb, becomes the cells of a table.

A PX file is statements, ``KEY("dimension")="value","value";``, of which the last is ``DATA=``
with every cell: the dimensions of STUB run slowest, those of HEADING fastest.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from grannskap.errors import InputFileError
from grannskap.sources.guard import reading
from grannskap.sources.jsonstat import Cube, Floats, Words
from grannskap.sources.register import cube
from grannskap.sources.register.table import Table
from grannskap.wording import in_both

__all__ = ["MARKS", "read"]

MARKS = (b"CHARSET=", b"AXIS-VERSION=", b"CODEPAGE=", b"LANGUAGE=")
"""What such a file begins with."""

_MOST_HEAD = 1 << 24
_MOST_CELLS = 1_000_000
_MOST_PARTS = 2_000_000
_DATA = re.compile(r"(?:^|;)\s*DATA\s*=", re.ASCII)
_TOKEN = re.compile(r'"([^"]*)"|([=,;()\[\]])|([^\s"=,;()\[\]]+)')
_CELL = re.compile(r'"[^"]*"|[^\s,;"]+')
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_YEARS = re.compile(r"(?:19|20)\d\d")
_TIME = ("tid", "år", "time", "year")
_UNKNOWN = {"......": "..", ".....": "..", "....": "..", "...": "..", "": "."}
"""Marks of more dots than two say, each in another way, that there is no number to show."""


_NOTES = ("NOTE", "NOTEX", "VALUENOTE", "VALUENOTEX")


class _Key(NamedTuple):
    """What a statement is of: a keyword, and what stands in its brackets."""

    word: str
    of: tuple[str, ...]


_Said = Mapping[_Key, tuple[str, ...]]


def read(content: bytes, *, name: str) -> Table:
    """Read a PX file as a row for each of its cells, as `cube.read` does JSON-stat.

    Raises
    ------
    InputFileError
        When a part is missing, does not fit the others, or there is too much of it.
    """
    remedy = in_both("errors.phrases.fetch again when cut short")
    with reading(name, form=in_both("errors.phrases.a PX file"), remedy=remedy):
        return cube.table_of(_cube(_decoded(content), name), name)


def _decoded(content: bytes) -> str:
    """Return the text: in the encoding that it states, or in UTF-8 or Windows-1252."""
    head = content[:500].lower()
    if b'codepage="utf-8"' in head or content.startswith(b"\xef\xbb\xbf"):
        return content.decode("utf-8-sig")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def _cube(text: str, name: str) -> Cube:
    found = _DATA.search(text)
    if found is None:
        raise _lacking(name, "DATA")
    if found.start() > _MOST_HEAD or text.count(",", 0, found.start()) > _MOST_PARTS:
        raise InputFileError("PX of too much", {"name": name, "most": _MOST_CELLS})
    said = dict(_statements(text[: found.start() + 1]))
    if any(key.word == "KEYS" for key in said):
        raise InputFileError("PX with keys", {"name": name})
    ids = (*said.get(_Key("STUB", ()), ()), *said.get(_Key("HEADING", ()), ()))
    if not ids or len(set(ids)) < len(ids):
        raise _lacking(name, "STUB, HEADING")
    labels = [said.get(_Key("VALUES", (one,)), ()) for one in ids]
    codes = [
        said.get(_Key("CODES", (one,)), ()) or own for one, own in zip(ids, labels, strict=True)
    ]
    for one, own, called in zip(ids, codes, labels, strict=True):
        if not own or len(own) != len(called) or len(set(own)) < len(own):
            raise _lacking(name, f"VALUES, CODES ({one})")
    cells = math.prod(map(len, codes))
    values, marks = _cells(text[found.end() :], cells, name)
    return Cube(
        ids=ids,
        codes=tuple(map(tuple, codes)),
        labels=tuple(dict(zip(*pair, strict=True)) for pair in zip(codes, labels, strict=True)),
        values=values,
        marks=marks,
        time=_time(ids, codes, said),
        label=_first(said, "TITLE", "DESCRIPTION", "CONTENTS"),
        source=_first(said, "SOURCE"),
        table=_first(said, "TABLEID", "MATRIX"),
        updated=_day(said),
        notes=tuple(" ".join(values) for key, values in said.items() if key.word in _NOTES),
    )


def _statements(text: str) -> Iterator[tuple[_Key, tuple[str, ...]]]:
    """Give each statement of the file's own language; texts that follow each other are one."""
    tokens: list[tuple[str, str]] = []
    for string, sign, word in _TOKEN.findall(text):
        if sign != ";":
            tokens.append(("sign", sign) if sign else ("word", word) if word else ("text", string))
            continue
        equals = tokens.index(("sign", "=")) if ("sign", "=") in tokens else 0
        head, rest = tokens[:equals], tokens[equals + 1 :]
        tokens = []
        if head and head[0][0] == "word" and ("sign", "[") not in head:
            of = tuple(said for kind, said in head[1:] if kind == "text")
            yield _Key(head[0][1].upper(), of), _values(rest)


def _values(tokens: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Join texts broken over lines, and part them at commas."""
    parts: list[list[str]] = [[]]
    for kind, said in tokens:
        if (kind, said) == ("sign", ","):
            parts.append([])
        elif kind != "sign":
            parts[-1].append(said)
    return tuple("".join(part).replace("#", " ").strip() for part in parts if part)


def _cells(text: str, cells: int, name: str) -> tuple[Floats, Words | None]:
    """Return every cell's number, and the mark in its place."""
    if cells > _MOST_CELLS or text.count(" ") > 20 * _MOST_CELLS:
        raise InputFileError("PX of too much", {"name": name, "most": _MOST_CELLS})
    held = _CELL.findall(text)
    if len(held) != cells:
        raise InputFileError("PX cells", {"name": name, "held": len(held), "cells": cells})
    values = np.full(cells, np.nan)
    marks = np.full(cells, "", dtype=object)
    for place, cell in enumerate(held):
        if cell.startswith('"'):
            mark = cell.strip('"').strip()
            marks[place] = _UNKNOWN.get(mark, mark)
        elif _NUMBER.fullmatch(cell):
            values[place] = float(cell)
        else:
            raise InputFileError("PX cell that is no number", {"name": name, "cell": cell[:40]})
    return values, marks if (marks != "").any() else None


def _time(ids: Sequence[str], codes: Sequence[Sequence[str]], said: _Said) -> int | None:
    """Return the dimension of time: that of TIMEVAL, else one by its name that holds years."""
    stated = [key.of[0] for key in said if key.word == "TIMEVAL" and key.of]
    for place, one in enumerate(ids):
        named = one in stated or (not stated and one.casefold() in _TIME)
        if named and all(_YEARS.fullmatch(code) for code in codes[place]):
            return place
    return None


def _first(said: _Said, *words: str) -> str:
    """Return what the first of some keywords says; contact persons are never asked for."""
    found = (values for word in words for key, values in said.items() if key.word == word)
    return next((values[0] for values in found if values), "")


def _day(said: _Said) -> str:
    day = re.match(r"(\d{4})-?(\d{2})-?(\d{2})", _first(said, "LAST-UPDATED", "CREATION-DATE"))
    return "-".join(day.groups()) if day else ""


def _lacking(name: str, what: str) -> InputFileError:
    return InputFileError("PX without a part", {"name": name, "part": what})
