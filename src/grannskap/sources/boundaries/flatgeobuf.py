"""Count a FlatGeobuf's vertices before it is read: its parts may be told many times over."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from grannskap.errors import InputFileError
from grannskap.sources import guard
from grannskap.sources.boundaries.limits import (
    MOST_ROWS,
    MOST_TEXT_BYTES,
    MOST_VERTICES,
    check_count,
)

__all__ = ["check"]

_MAGIC = 8
_NODE = 40
_MOST_DEPTH = 3
# Places of fields in the tables of https://github.com/flatgeobuf/flatgeobuf/tree/master/src/fbs
_FEATURES_COUNT, _NODE_SIZE = 8, 9
_GEOMETRY = 0
_XY, _PARTS = 1, 7


def check(file: Path) -> None:
    """Refuse too many rows or vertices; a part that stands in two places is counted twice.

    Raises
    ------
    InputFileError
        When there are too many, or parts of parts of parts.
    """
    content = guard.content(file, most=MOST_TEXT_BYTES)
    vertices = 0
    for row, feature in enumerate(_features(content)):
        check_count(file.name, row + 1, MOST_ROWS, "errors.phrases.rows")
        geometry = _table(content, feature, _GEOMETRY)
        if geometry:
            for found in _vertices(content, geometry, file, depth=0):
                vertices += found
                check_count(file.name, vertices, MOST_VERTICES, "errors.phrases.vertices")


def _features(content: bytes) -> Iterator[int]:
    """Yield where each feature's table begins."""
    header = _MAGIC + 4
    root = header + _uint(content, header)
    count = _number(content, root, _FEATURES_COUNT, "<Q", 0)
    node = _number(content, root, _NODE_SIZE, "<H", 16)
    at = header + _uint(content, _MAGIC) + _index_size(count, node)
    while at < len(content):
        length = _uint(content, at)
        yield at + 4 + _uint(content, at + 4)
        at += 4 + length


def _index_size(count: int, node: int) -> int:
    """Bytes of the packed tree in front of the features."""
    if not count or not node:
        return 0
    nodes = level = count
    while level != 1 and node > 1:
        level = -(-level // node)
        nodes += level
    return nodes * _NODE


def _vertices(content: bytes, geometry: int, file: Path, *, depth: int) -> Iterator[int]:
    """Yield the number of vertices of a geometry and of each of its parts."""
    if depth > _MOST_DEPTH:
        raise InputFileError("nested collections", {"name": file.name})
    xy = _table(content, geometry, _XY)
    yield 1 + (_uint(content, xy) // 2 if xy else 0)
    parts = _table(content, geometry, _PARTS)
    for place in range(_uint(content, parts) if parts else 0):
        at = parts + 4 + 4 * place
        yield from _vertices(content, at + _uint(content, at), file, depth=depth + 1)


def _field(content: bytes, table: int, place: int) -> int:
    """Where a table's field is, 0 where it has none."""
    (back,) = struct.unpack_from("<i", content, table)
    described = table - back
    (length,) = struct.unpack_from("<H", content, described)
    if 4 + 2 * place >= length:
        return 0
    (offset,) = struct.unpack_from("<H", content, described + 4 + 2 * place)
    return table + offset if offset else 0


def _table(content: bytes, table: int, place: int) -> int:
    """Where the table or the vector of a field begins, 0 where there is none."""
    field = _field(content, table, place)
    return field + _uint(content, field) if field else 0


def _number(content: bytes, table: int, place: int, form: str, default: int) -> int:
    field = _field(content, table, place)
    return int(struct.unpack_from(form, content, field)[0]) if field else default


def _uint(content: bytes, at: int) -> int:
    return int(struct.unpack_from("<I", content, at)[0])
