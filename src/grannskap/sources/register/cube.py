"""Cube: an answer of SCB's service in JSON-stat 2 becomes a long table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from grannskap.errors import InputFileError
from grannskap.notes import Note
from grannskap.sources import jsonstat
from grannskap.sources.guard import reading
from grannskap.sources.register.cells import Floats, is_mark
from grannskap.sources.register.footer import Origin, without_contacts
from grannskap.sources.register.regions import is_area, note_on_footnotes, note_on_others
from grannskap.sources.register.table import Positions, Table, encode
from grannskap.wording import in_both

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["read", "table_of"]


def read(content: bytes, *, name: str) -> Table:
    """Read a JSON-stat 2 dataset, dense or sparse, as a row for each of its cells.

    The dimensions become columns of category codes; regions that are no DeSO are counted in
    a note. Every mark of `status` stays with its cell.

    Raises
    ------
    InputFileError
        When the text is no such dataset, or its parts do not fit each other.
    """
    with reading(
        name, form="JSON-stat 2", remedy=in_both("errors.phrases.fetch again when cut short")
    ):
        return table_of(jsonstat.read(content, name=name), name)


def table_of(cube: jsonstat.Cube, name: str) -> Table:
    """Take the cells of areas as a long table."""
    region = _region(cube.ids, cube.codes, name)
    wanted = [k for k, code in enumerate(cube.codes[region]) if is_area(code)]
    others = [code for code in cube.codes[region] if not is_area(code)]
    at = np.arange(len(cube.values)).reshape(cube.shape).take(wanted, axis=region)
    marks = _marks(cube, at.ravel())
    columns = _dimension_columns(cube.codes, region, wanted, at.shape)
    return Table(
        names=(*cube.ids, "value"),
        columns=(*columns, _array(cube.values[at.ravel()])),
        codes=(region,),
        year=cube.time,
        value=len(cube.ids),
        marks={len(cube.ids): marks} if marks is not None else {},
        labels=dict(enumerate(cube.labels)),
        service=True,
        notes=(
            *note_on_footnotes(without_contacts(cube.notes)),
            *note_on_others(others),
            *_note_on_marks(marks),
        ),
        origin=_origin(cube),
    )


def _region(ids: Sequence[str], codes: Sequence[Sequence[str]], name: str) -> int:
    found = [k for k, one in enumerate(codes) if any(is_area(code) for code in one)]
    if len(found) != 1:
        raise InputFileError("dimensions of codes", {"name": name, "count": len(found), "ids": ids})
    return found[0]


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


def _marks(cube: jsonstat.Cube, at: Positions) -> pa.ChunkedArray | None:
    import pyarrow as pa

    if cube.marks is None:
        return None
    return pa.chunked_array([pa.array(cube.marks[at], pa.string())])


def _note_on_marks(marks: pa.ChunkedArray | None) -> tuple[Note, ...]:
    """Name the marks beside numbers that nobody here knows, so that they were passed over."""
    strange = sorted({mark for mark in encode(marks)[0] if not is_mark(mark)}) if marks else []
    if not strange:
        return ()
    return (Note("unknown marks", {"marks": strange}, tuple(strange)),)


def _origin(cube: jsonstat.Cube) -> Origin:
    """Say whose figures they are and when they were published, as the licence asks."""
    told = (cube.source, cube.label, cube.table)
    source, title, table = (next(iter(without_contacts([text])), "") for text in told)
    return Origin(source, title, table, cube.updated[:10])
