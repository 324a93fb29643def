"""The table: what every kind of file becomes before its cells are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from grannskap.notes import Note

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Rows", "Table"]

Rows = npt.NDArray[np.int64]
"""Positions of rows."""


@dataclass(frozen=True)
class Table:
    """Columns as they stand in a file, below their headings.

    Attributes
    ----------
    names : tuple of str
        The headings, in the file's order; may repeat, may be empty.
    columns : tuple of pyarrow.ChunkedArray
        Text (also dictionary-encoded) or numbers, all of one length.
    code : int or None
        Position of the column of area codes, where the reader found it.
    year : int or None
        Position of the column of years, where the format says which it is.
    value : int or None
        Position of the one column of values, where the format has only one.
    status : pyarrow.ChunkedArray or None
        The marks beside the one column of values, empty where there is none.
    labels : mapping of int to mapping
        For a column's position, the label of each of its categories.
    service : bool
        Whether this is an answer of SCB's service, where bare codes are of division 2018.
    notes : tuple of Note
        What the reader left out or must say of the source.
    """

    names: tuple[str, ...]
    columns: tuple[pa.ChunkedArray, ...]
    code: int | None = None
    year: int | None = None
    value: int | None = None
    status: pa.ChunkedArray | None = None
    labels: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    service: bool = False
    notes: tuple[Note, ...] = ()

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.columns[0]) if self.columns else 0

    def take(self, rows: Rows) -> Table:
        """Return the table with these rows only."""
        if len(rows) == len(self):
            return self
        columns = tuple(column.take(rows) for column in self.columns)
        status = None if self.status is None else self.status.take(rows)
        return replace(self, columns=columns, status=status)

    def categories(self, position: int) -> tuple[list[str], npt.NDArray[np.int64]]:
        """Return a column's distinct texts and, for each row, which of them it holds."""
        encoded = encode(self.columns[position])
        return encoded.dictionary.to_pylist(), np.asarray(encoded.indices)


def encode(column: pa.ChunkedArray) -> Any:
    """Return the column as one dictionary array of stripped text, missing as empty."""
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = column.combine_chunks()
    if pa.types.is_dictionary(whole.type):
        whole = whole.cast(pa.string())
    text = whole if pa.types.is_string(whole.type) else whole.cast(pa.string())
    return pc.dictionary_encode(pc.fill_null(pc.utf8_trim_whitespace(text), ""))
