"""Cube: an answer of SCB's service in JSON-stat 2 becomes a long table."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from grannskap.errors import InputFileError, few
from grannskap.notes import Note
from grannskap.sources.guard import reading
from grannskap.sources.register.cells import Floats, is_mark
from grannskap.sources.register.limits import too_much
from grannskap.sources.register.regions import is_area, note_on_others
from grannskap.sources.register.table import Positions, Table, encode

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["read"]

_MOST_BYTES = 1 << 26
_MOST_CELLS = 1_000_000
_MOST_PARTS = 2_500_000
_MOST_GROUPS = 200_000
_MOST_DIMENSIONS = 30
_TIME_NAMES = ("Tid", "tid", "år", "year", "time")
_LARGEST = 10**15
_POSITION = re.compile(r"0|[1-9][0-9]{0,9}")

Json = dict[str, Any]


def read(content: bytes, *, name: str) -> Table:
    """Read a JSON-stat 2 dataset, dense or sparse, as a row for each of its cells.

    The dimensions become columns of category codes; regions that are no DeSO are counted in
    a note. Every mark of `status` stays with its cell.

    Raises
    ------
    InputFileError
        When the text is no such dataset, or its parts do not fit each other.
    """
    with reading(name, form="JSON-stat 2", remedy="fetch it again; it may have been cut short"):
        return _table(_dataset(content, name), name)


def _table(data: Json, name: str) -> Table:
    ids: list[str] = data["id"]
    if len(set(ids)) < len(ids):
        raise _damaged(name, "a dimension twice")
    codes = [_codes(data["dimension"], dimension, name) for dimension in ids]
    size = [len(one) for one in codes]
    if size != list(data["size"]):
        raise _damaged(name, f"sizes {few(data['size'])} for dimensions of {few(size)} categories")
    if len(size) > _MOST_DIMENSIONS or math.prod(size) > _MOST_CELLS:
        raise too_much(
            f"{_MOST_CELLS:,} cells in {_MOST_DIMENSIONS} dimensions",
            f"{name} with the sizes {few(size)}",
        )
    region = _region(ids, codes, name)
    wanted = [k for k, code in enumerate(codes[region]) if is_area(code)]
    others = [code for code in codes[region] if not is_area(code)]
    at = np.arange(math.prod(size)).reshape(size).take(wanted, axis=region)
    values = _values(data["value"], math.prod(size), name)[at.ravel()]
    marks = _marks(data.get("status"), math.prod(size), at.ravel(), name)
    columns = [*_dimension_columns(codes, region, wanted, at.shape), _array(values)]
    labels = {k: _labels(data["dimension"][dimension]) for k, dimension in enumerate(ids)}
    return Table(
        names=(*ids, "value"),
        columns=tuple(columns),
        codes=(region,),
        year=_time(data, ids),
        value=len(ids),
        marks={len(ids): marks} if marks is not None else {},
        labels=labels,
        service=True,
        notes=(*_note_on_source(data), *note_on_others(others), *_note_on_marks(marks)),
    )


def _dataset(content: bytes, name: str) -> Json:
    parts = content.count(b",")
    groups = content.count(b"{") + content.count(b"[")
    if len(content) > _MOST_BYTES or parts > _MOST_PARTS or groups > _MOST_GROUPS:
        raise too_much(
            f"{_MOST_BYTES >> 20} MB and {_MOST_PARTS:,} parts of JSON",
            f"{name} with {len(content):,} bytes, {parts:,} commas and {groups:,} brackets",
        )
    data = json.loads(
        str(content, "utf-8-sig"), object_pairs_hook=_object, parse_constant=_refuse_constant
    )
    needed: dict[str, Any] = {"id": list, "size": list, "dimension": dict, "value": (list, dict)}
    if not isinstance(data, dict) or not all(
        isinstance(data.get(key), kind) for key, kind in needed.items()
    ):
        keys = few(data) if isinstance(data, dict) else type(data).__name__
        raise InputFileError(
            expected="a JSON-stat 2 dataset with id, size, dimension and value",
            came=f"{name} with {keys}",
            remedy="ask the service for outputFormat=json-stat2",
        )
    if not all(isinstance(dimension, str) for dimension in data["id"]):
        raise _damaged(name, "dimensions that are no names")
    return data


def _object(pairs: list[tuple[str, Any]]) -> Json:
    """Refuse an object that holds a key twice, of which one would be lost."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = (key for key, held in Counter(key for key, _ in pairs).items() if held > 1)
        raise _damaged("a file", f"the key {next(twice)!r} twice in one object")
    return found


def _refuse_constant(word: str) -> None:
    raise _damaged("a file", f"{word}, which is no number of JSON")


def _damaged(name: str, what: str) -> InputFileError:
    return InputFileError(
        expected="a JSON-stat 2 dataset whose parts fit each other",
        came=f"{name} with {what}",
        remedy="fetch it again",
    )


def _codes(dimensions: Json, dimension: str, name: str) -> list[str]:
    """Return a dimension's category codes in order."""
    described = dimensions.get(dimension)
    category = described.get("category") if isinstance(described, dict) else None
    index = category.get("index", category.get("label")) if isinstance(category, dict) else None
    if isinstance(index, dict) and category is not None and "index" in category:
        places = list(index.values())
        if not all(type(place) is int for place in places):
            raise _damaged(name, f"categories of {dimension!r} at no places")
        if sorted(places) != list(range(len(places))):
            raise _damaged(name, f"categories of {dimension!r} at places that skip or repeat")
        index = sorted(index, key=index.__getitem__)
    codes = list(index) if isinstance(index, dict | list) else None
    if codes is None or not all(isinstance(code, str | int) for code in codes):
        raise _damaged(name, f"a dimension {dimension!r} without categories")
    if len(set(map(str, codes))) < len(codes):
        raise _damaged(name, f"a category of {dimension!r} twice")
    return [str(code) for code in codes]


def _labels(dimension: Json) -> dict[str, str]:
    labels = dimension["category"].get("label")
    if not isinstance(labels, Mapping):
        return {}
    return {str(code): str(label) for code, label in labels.items()}


def _region(ids: Sequence[str], codes: Sequence[Sequence[str]], name: str) -> int:
    found = [k for k, one in enumerate(codes) if any(is_area(code) for code in one)]
    if len(found) != 1:
        raise InputFileError(
            expected="one dimension of DeSO codes",
            came=f"{name} with {len(found)} among {few(ids)}",
            remedy="choose DeSO in the table's regions",
        )
    return found[0]


def _time(data: Json, ids: Sequence[str]) -> int | None:
    role = data.get("role")
    named = role.get("time") if isinstance(role, Mapping) else None
    names = [*(named if isinstance(named, list) else ()), *_TIME_NAMES]
    return next((ids.index(name) for name in names if name in ids), None)


def _dimension_columns(
    codes: Sequence[Sequence[str]], region: int, wanted: Sequence[int], shape: tuple[int, ...]
) -> list[pa.ChunkedArray]:
    """Return a dictionary column for each dimension: which category each cell is of."""
    import pyarrow as pa

    columns = []
    for axis, names in enumerate(codes):
        kept = [names[k] for k in wanted] if axis == region else list(names)
        places = np.arange(len(kept), dtype=np.int32)
        spread = places.reshape([-1 if k == axis else 1 for k in range(len(shape))])
        which = np.broadcast_to(spread, shape).ravel()
        array = pa.DictionaryArray.from_arrays(pa.array(which), pa.array(kept, pa.string()))
        columns.append(pa.chunked_array([array]))
    return columns


def _array(values: Floats) -> pa.ChunkedArray:
    import pyarrow as pa

    return pa.chunked_array([pa.array(values, pa.float64())])


def _values(value: list[Any] | Json, cells: int, name: str) -> Floats:
    """Return every cell's number, NaN where there is none."""
    given = value if isinstance(value, list) else list(value.values())
    if any(isinstance(one, int) and abs(one) > _LARGEST for one in given):
        raise _damaged(name, "values too large to be true")
    strange = {type(one).__name__ for one in given} - {"int", "float", "NoneType"}
    if strange:
        raise _damaged(name, f"values that are no numbers ({few(sorted(strange))})")
    if isinstance(value, list):
        if len(value) != cells:
            raise _damaged(name, f"{len(value)} values for {cells} cells")
        return np.array(value, dtype=float)
    values = np.full(cells, np.nan)
    values[_positions(value, cells, name)] = np.array(given, dtype=float)
    return values


def _positions(keyed: Mapping[str, object], cells: int, name: str) -> Positions:
    strange = [key for key in keyed if _POSITION.fullmatch(key) is None]
    if strange:
        raise _damaged(name, f"values keyed by other than positions ({few(map(repr, strange))})")
    places = np.array([int(key) for key in keyed], dtype=np.int64)
    if len(places) and places.max() >= cells:
        raise _damaged(name, f"a value at a position outside its {cells} cells")
    return places


def _marks(status: object, cells: int, at: Positions, name: str) -> pa.ChunkedArray | None:
    """Return each cell's mark: one for all, a list, or an object keyed by position."""
    import pyarrow as pa

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
        raise _damaged(name, "statuses that do not fit its cells")
    return pa.chunked_array([pa.array(marks[at], pa.string())])


def _note_on_marks(marks: pa.ChunkedArray | None) -> tuple[Note, ...]:
    """Name the marks beside numbers that nobody here knows, so that they were passed over."""
    strange = sorted({mark for mark in encode(marks)[0] if not is_mark(mark)}) if marks else []
    if not strange:
        return ()
    return (Note("unknown marks", {"marks": strange}, tuple(strange)),)


def _note_on_source(data: Json) -> tuple[Note, ...]:
    """Say whose figures they are and when they were published, as the licence asks."""
    extension = data.get("extension")
    px = extension.get("px") if isinstance(extension, Mapping) else None
    table = px.get("tableid") if isinstance(px, Mapping) else None
    parts = [str(part) for part in (data.get("source"), table, data.get("label")) if part]
    updated = str(data.get("updated") or "")[:10]
    if not parts:
        return ()
    credit = ", ".join(parts)
    values = {"credit": credit, "updated": updated, "dated": bool(updated)}
    return (Note("source", values),)
