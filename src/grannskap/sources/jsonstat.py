"""JSON-stat 2: an answer of SCB's service, checked part by part, as flat arrays."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from grannskap.errors import InputFileError
from grannskap.language import Text
from grannskap.wording import in_both

__all__ = ["Cube", "categories", "damaged", "labels", "parsed", "read"]

_MOST_BYTES = 1 << 26
_MOST_CELLS = 1_000_000
_MOST_PARTS = 2_500_000
_MOST_GROUPS = 200_000
_MOST_DIMENSIONS = 30
_TIME_NAMES = ("Tid", "tid", "år", "year", "time")
_LARGEST = 10**15
_POSITION = re.compile(r"0|[1-9][0-9]{0,9}")

Json = dict[str, Any]
Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.object_]
Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Cube:
    """The cells of an answer, in the order of its dimensions.

    Attributes
    ----------
    ids : tuple of str
        Names of the dimensions.
    codes : tuple of tuple of str
        The categories of each dimension, in order.
    labels : tuple of dict
        What the answer calls them; may be empty.
    values : numpy.ndarray of float
        Every cell, row by row; NaN where there is none.
    marks : numpy.ndarray of str or None
        The mark beside each cell, ``""`` where there is none; None where no cell has one.
    time : int or None
        Place of the dimension of time.
    label, source, table, updated : str
        What the answer says of itself; may be empty.
    notes : tuple of str
        What the answer says beside its numbers.
    """

    ids: tuple[str, ...]
    codes: tuple[tuple[str, ...], ...]
    labels: tuple[dict[str, str], ...]
    values: Floats
    marks: Words | None
    time: int | None
    label: str
    source: str
    table: str
    updated: str
    notes: tuple[str, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """How many categories each dimension has."""
        return tuple(map(len, self.codes))


def read(content: bytes, *, name: str) -> Cube:
    """Read a JSON-stat 2 dataset, dense or sparse.

    Parameters
    ----------
    content : bytes
        Its text.
    name : str
        What it is called in errors.

    Returns
    -------
    Cube
        Every cell, and the mark of ``status`` beside it.

    Raises
    ------
    InputFileError
        When the text is no such dataset, or its parts do not fit each other.
    """
    data = parsed(content, name=name)
    ids: list[str] = data["id"]
    if len(set(ids)) < len(ids):
        raise damaged(name, in_both("errors.phrases.a dimension twice"))
    codes = [categories(data["dimension"], dimension, name=name) for dimension in ids]
    size = [len(one) for one in codes]
    if size != list(data["size"]):
        sizes = {"sizes": list(data["size"]), "counts": size}
        raise damaged(name, in_both("errors.phrases.sizes of dimensions", sizes))
    cells = math.prod(size)
    if len(size) > _MOST_DIMENSIONS or cells > _MOST_CELLS:
        raise InputFileError(
            "too many cells in dimensions",
            {"cells": _MOST_CELLS, "dimensions": _MOST_DIMENSIONS, "name": name, "sizes": size},
        )
    return Cube(
        ids=tuple(ids),
        codes=tuple(map(tuple, codes)),
        labels=tuple(labels(data["dimension"][dimension]) for dimension in ids),
        values=_values(data["value"], cells, name),
        marks=_marks(data.get("status"), cells, name),
        time=_time(data, ids),
        label=str(data.get("label") or ""),
        source=str(data.get("source") or ""),
        table=_table(data),
        updated=str(data.get("updated") or ""),
        notes=_notes(data.get("note")),
    )


def parsed(content: bytes, *, name: str) -> Json:
    """Parse a JSON-stat 2 dataset within its limits; its cells are not looked at.

    Raises
    ------
    InputFileError
        When the text is no such dataset.
    """
    parts = content.count(b",")
    groups = content.count(b"{") + content.count(b"[")
    if len(content) > _MOST_BYTES or parts > _MOST_PARTS or groups > _MOST_GROUPS:
        raise InputFileError(
            "too much JSON",
            {
                "megabytes": _MOST_BYTES >> 20,
                "parts": _MOST_PARTS,
                "name": name,
                "bytes": len(content),
                "commas": parts,
                "brackets": groups,
            },
        )
    data = json.loads(
        str(content, "utf-8-sig"), object_pairs_hook=_object, parse_constant=_refuse_constant
    )
    needed: dict[str, Any] = {"id": list, "size": list, "dimension": dict, "value": (list, dict)}
    if not isinstance(data, dict) or not all(
        isinstance(data.get(key), kind) for key, kind in needed.items()
    ):
        keys = list(data) if isinstance(data, dict) else [type(data).__name__]
        raise InputFileError("no dataset of JSON-stat", {"name": name, "keys": keys})
    if not all(isinstance(dimension, str) for dimension in data["id"]):
        raise damaged(name, in_both("errors.phrases.dimensions that are no names"))
    return data


def _object(pairs: list[tuple[str, Any]]) -> Json:
    """Refuse an object that holds a key twice, of which one would be lost."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = (key for key, held in Counter(key for key, _ in pairs).items() if held > 1)
        what = in_both("errors.phrases.key twice", {"key": next(twice)})
        raise damaged(in_both("errors.phrases.a file"), what)
    return found


def _refuse_constant(word: str) -> None:
    what = in_both("errors.phrases.no number of JSON", {"word": word})
    raise damaged(in_both("errors.phrases.a file"), what)


def damaged(name: Text | str, what: Text) -> InputFileError:
    """Return the error for parts that do not fit each other."""
    return InputFileError("JSON-stat that does not fit", {"name": name, "what": what})


def categories(dimensions: Json, dimension: str, *, name: str) -> list[str]:
    """Return a dimension's category codes in order."""
    named = {"dimension": dimension}
    described = dimensions.get(dimension)
    category = described.get("category") if isinstance(described, dict) else None
    index = category.get("index", category.get("label")) if isinstance(category, dict) else None
    if isinstance(index, dict) and category is not None and "index" in category:
        places = list(index.values())
        if not all(type(place) is int for place in places):
            raise damaged(name, in_both("errors.phrases.categories at no places", named))
        if sorted(places) != list(range(len(places))):
            raise damaged(name, in_both("errors.phrases.categories that skip or repeat", named))
        index = sorted(index, key=index.__getitem__)
    codes = list(index) if isinstance(index, dict | list) else None
    if codes is None or not all(isinstance(code, str | int) for code in codes):
        raise damaged(name, in_both("errors.phrases.dimension without categories", named))
    if len(set(map(str, codes))) < len(codes):
        raise damaged(name, in_both("errors.phrases.category twice", named))
    return [str(code) for code in codes]


def labels(dimension: Json) -> dict[str, str]:
    """Return what a dimension's categories are called; nothing where it does not say."""
    told = dimension["category"].get("label")
    if not isinstance(told, Mapping):
        return {}
    return {str(code): str(label) for code, label in told.items()}


def _time(data: Json, ids: Sequence[str]) -> int | None:
    role = data.get("role")
    named = role.get("time") if isinstance(role, Mapping) else None
    names = [*(named if isinstance(named, list) else ()), *_TIME_NAMES]
    return next((ids.index(name) for name in names if name in ids), None)


def _values(value: list[Any] | Json, cells: int, name: str) -> Floats:
    """Return every cell's number, NaN where there is none."""
    given = value if isinstance(value, list) else list(value.values())
    if any(isinstance(one, int) and abs(one) > _LARGEST for one in given):
        raise damaged(name, in_both("errors.phrases.values too large"))
    strange = {type(one).__name__ for one in given} - {"int", "float", "NoneType"}
    if strange:
        raise damaged(
            name, in_both("errors.phrases.values that are no numbers", {"kinds": sorted(strange)})
        )
    if isinstance(value, list):
        if len(value) != cells:
            both = {"values": len(value), "cells": cells}
            raise damaged(name, in_both("errors.phrases.values for cells", both))
        return np.array(value, dtype=float)
    values = np.full(cells, np.nan)
    values[_positions(value, cells, name)] = np.array(given, dtype=float)
    return values


def _positions(keyed: Mapping[str, object], cells: int, name: str) -> Positions:
    strange = [key for key in keyed if _POSITION.fullmatch(key) is None]
    if strange:
        raise damaged(name, in_both("errors.phrases.values at no positions", {"keys": strange}))
    places = np.array([int(key) for key in keyed], dtype=np.int64)
    if len(places) and places.max() >= cells:
        raise damaged(name, in_both("errors.phrases.value outside the cells", {"cells": cells}))
    return places


def _marks(status: object, cells: int, name: str) -> Words | None:
    """Return each cell's mark: one for all, a list, or an object keyed by position."""
    if not status:
        return None
    marks = np.full(cells, "", dtype=object)
    if isinstance(status, str):
        marks[:] = status
    elif isinstance(status, list) and len(status) == cells:
        marks[:] = ["" if mark is None else str(mark) for mark in status]
    elif isinstance(status, Mapping):
        marks[_positions(status, cells, name)] = [str(mark) for mark in status.values()]
    else:
        raise damaged(name, in_both("errors.phrases.statuses that do not fit"))
    return marks


def _table(data: Json) -> str:
    extension = data.get("extension")
    px = extension.get("px") if isinstance(extension, Mapping) else None
    table = px.get("tableid") if isinstance(px, Mapping) else None
    return str(table or "")


def _notes(note: object) -> tuple[str, ...]:
    return tuple(one for one in note if isinstance(one, str)) if isinstance(note, list) else ()
