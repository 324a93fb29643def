"""The table: what every kind of file becomes before its cells are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from grannskap.notes import Note

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Positions", "Table", "encode"]

Positions = npt.NDArray[np.int64]
"""For each row, a position in some list; or positions of rows."""


@dataclass(frozen=True)
class Table:
    """Columns as they stand in a file, below their headings.

    Attributes
    ----------
    names : tuple of str
        The headings, in the file's order; may repeat.
    columns : tuple of pyarrow.ChunkedArray
        Text (also dictionary-encoded) or numbers, all of one length.
    codes : tuple of int
        Positions of the columns that hold DeSO codes.
    year : int or None
        Position of the column of years, where the format says which it is.
    value : int or None
        Position of the one column of values, where the format has only one.
    marks : mapping of int to pyarrow.ChunkedArray
        For a column's position, the marks beside its numbers, empty where there is none.
    labels : mapping of int to mapping
        For a column's position, the label of each of its categories.
    service : bool
        Whether this is an answer of SCB's service, where bare codes are of division 2018.
    notes : tuple of Note
        What the reader left out or must say of the source.
    """

    names: tuple[str, ...]
    columns: tuple[pa.ChunkedArray, ...]
    codes: tuple[int, ...] = ()
    year: int | None = None
    value: int | None = None
    marks: Mapping[int, pa.ChunkedArray] = field(default_factory=dict)
    labels: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    service: bool = False
    notes: tuple[Note, ...] = ()
    _encoded: dict[int, tuple[list[str], Positions]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.columns[0]) if self.columns else 0

    def take(self, rows: Positions) -> Table:
        """Return the table with these rows only."""
        if len(rows) == len(self):
            return self
        columns = tuple(column.take(rows) for column in self.columns)
        marks = {position: column.take(rows) for position, column in self.marks.items()}
        return replace(self, columns=columns, marks=marks, _encoded={})

    def categories(self, position: int) -> tuple[list[str], Positions]:
        """Return a column's distinct texts and, for each row, which of them it holds."""
        if position not in self._encoded:
            self._encoded[position] = encode(self.columns[position])
        return self._encoded[position]

    def is_text(self, position: int) -> bool:
        """Tell whether a column holds text, not numbers."""
        import pyarrow as pa

        kind = self.columns[position].type
        return bool(pa.types.is_string(kind) or pa.types.is_dictionary(kind))


def encode(column: pa.ChunkedArray) -> tuple[list[str], Positions]:
    """Return a column's distinct stripped texts, and for each row which of them it holds."""
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = column.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = pa.concat_arrays(whole.chunks) if whole.num_chunks else pa.array([], pa.string())
    if pa.types.is_dictionary(whole.type):
        texts = [text.strip() for text in whole.dictionary.to_pylist()]
        if len(set(texts)) == len(texts) and whole.null_count == 0:
            return _used(texts, np.asarray(whole.indices, dtype=np.int64))
    text = whole.cast(pa.string())
    encoded = pc.dictionary_encode(pc.fill_null(pc.utf8_trim_whitespace(text), ""))
    return encoded.dictionary.to_pylist(), np.asarray(encoded.indices, dtype=np.int64)


def _used(texts: list[str], which: Positions) -> tuple[list[str], Positions]:
    """Leave out the texts that no row holds."""
    used = np.bincount(which, minlength=len(texts)) > 0
    places = np.cumsum(used) - 1
    return [text for text, here in zip(texts, used, strict=True) if here], places[which]
