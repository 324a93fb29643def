"""The table: what every kind of file becomes before its cells are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from grannskap.notes import Note
from grannskap.sources.register.footer import NOWHERE, Origin
from grannskap.sources.register.limits import refuse_texts
from grannskap.wording import in_both

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Positions", "Table", "encode", "in_arrow"]

Positions = npt.NDArray[np.int64]
"""For each row, a position in some list; or positions of rows."""


@dataclass(frozen=True)
class Table:
    """Columns as they stand in a file, below their headings.

    Attributes
    ----------
    names : tuple of str
        The headings, in the file's order; may repeat.
    cells : tuple of tuple of str
        What each heading is put together from, where several rows of them stand above each
        other; empty where the format has one.
    headless : tuple of int
        Positions of the columns without a heading, which are named by their place.
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
        What the reader left out.
    origin : Origin
        Where it comes from, as it says itself.
    """

    names: tuple[str, ...]
    columns: tuple[pa.ChunkedArray, ...]
    codes: tuple[int, ...] = ()
    cells: tuple[tuple[str, ...], ...] = ()
    headless: tuple[int, ...] = ()
    year: int | None = None
    value: int | None = None
    marks: Mapping[int, pa.ChunkedArray] = field(default_factory=dict)
    labels: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    service: bool = False
    notes: tuple[Note, ...] = ()
    origin: Origin = NOWHERE
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

    def heads(self, position: int) -> tuple[str, ...]:
        """Return the headings above a column, from the top: one where the format has one."""
        return self.cells[position] if self.cells else (self.names[position],)

    def categories(self, position: int) -> tuple[list[str], Positions]:
        """Return a column's distinct texts and, for each row, which of them it holds."""
        if position not in self._encoded:
            texts, which = encode(self.columns[position])
            shown = (*texts, *self.labels.get(position, {}).values())
            refuse_texts(
                shown,
                what=in_both(
                    "errors.phrases.texts in column", {"name": self.names[position][:100]}
                ),
            )
            self._encoded[position] = texts, which
        return self._encoded[position]

    def is_text(self, position: int) -> bool:
        """Tell whether a column holds text, not numbers."""
        import pyarrow as pa

        kind = self.columns[position].type
        return bool(pa.types.is_string(kind) or pa.types.is_dictionary(kind))


def in_arrow(content: bytes | memoryview) -> pa.BufferReader:
    """Copy bytes into memory of Arrow's own, for a reader to read.

    Arrow's threads outlive the call that started them. One that is the last to let go of a
    Python object needs the interpreter for it, and aborts the process ("terminate called
    without an active exception") where that is ending: so they are given none.
    """
    import pyarrow as pa

    stream = pa.BufferOutputStream()
    stream.write(content)
    return pa.BufferReader(stream.getvalue())


def encode(column: pa.ChunkedArray) -> tuple[list[str], Positions]:
    """Return a column's distinct stripped texts, and for each row which of them it holds.

    A dictionary is never expanded: it may repeat a long text in every row.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        return _of_dictionary(column.unify_dictionaries())
    text = pc.fill_null(pc.utf8_trim_whitespace(column.cast(pa.string())), "")
    encoded = pc.dictionary_encode(text).unify_dictionaries()
    return _of_dictionary(encoded)


def _of_dictionary(column: pa.ChunkedArray) -> tuple[list[str], Positions]:
    import pyarrow.compute as pc

    if not column.num_chunks:
        return [], np.array([], dtype=np.int64)
    held = [(text or "").strip() for text in column.chunk(0).dictionary.to_pylist()]
    texts = {text: place for place, text in enumerate(dict.fromkeys((*held, "")))}
    places = np.array([texts[text] for text in (*held, "")], dtype=np.int64)
    indices = (pc.fill_null(chunk.indices, len(held)) for chunk in column.chunks)
    which = np.concatenate([np.asarray(one, dtype=np.int64) for one in indices])
    return _used(list(texts), places[which])


def _used(texts: list[str], which: Positions) -> tuple[list[str], Positions]:
    """Leave out the texts that no row holds."""
    used = np.bincount(which, minlength=len(texts)) > 0
    places = np.cumsum(used) - 1
    return [text for text, here in zip(texts, used, strict=True) if here], places[which]
