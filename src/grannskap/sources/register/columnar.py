"""Columnar: a Parquet file, or a table in memory, becomes a table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

from grannskap.errors import InputFileError
from grannskap.sources.guard import reading
from grannskap.sources.register.limits import LONGEST, MOST_CODES, refuse_shape
from grannskap.sources.register.regions import is_area
from grannskap.sources.register.table import Table, encode, in_arrow
from grannskap.wording import in_both

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

__all__ = ["of_arrow", "read"]

_MOST_BYTES = 1 << 29
_MOST_SCHEMA = 1 << 24
_MOST_GROUPS = 10_000
_BATCH = 1 << 16


def read(content: bytes, *, name: str) -> Table:
    """Read a Parquet file's columns of text and numbers; others are not offered.

    Texts are read as a dictionary and never expanded, and a batch at a time: a few bytes can
    say that a long text stands in every row.

    Raises
    ------
    InputFileError
        When the file is damaged, or too large when unpacked.
    """
    with reading(
        name,
        form=in_both("errors.phrases.a Parquet file"),
        remedy=in_both("errors.phrases.fetch again"),
    ):
        import pyarrow as pa

        offered = _offered(_opened(content, name=name, texts=()))
        file = _opened(content, name=name, texts=[name for name, text in offered.items() if text])
        total = 0
        batches = []
        for batch in file.iter_batches(batch_size=_BATCH, columns=list(offered)):
            total += batch.nbytes
            if total > _MOST_BYTES:
                raise _too_large(name, total)
            batch.validate(full=True)  # that no text is looked up beyond the end of its dictionary
            _refuse_long(batch, name)
            batches.append(batch)
        if not batches:
            raise InputFileError("parquet without rows", {"name": name})
        return of_arrow(pa.Table.from_batches(batches))


def _opened(content: bytes, *, name: str, texts: Sequence[str]) -> ParquetFile:
    """Open the file, and refuse what it says to hold before any of it is unpacked."""
    from pyarrow import parquet

    if not content.endswith(b"PAR1"):
        raise InputFileError("parquet cut short", {"name": name})
    schema = int.from_bytes(content[-8:-4], "little")
    if _MOST_SCHEMA < schema <= len(content):
        raise InputFileError(
            "too much schema", {"most": _MOST_SCHEMA >> 20, "name": name, "bytes": schema}
        )
    file = parquet.ParquetFile(
        in_arrow(content),
        read_dictionary=list(texts),
        thrift_string_size_limit=_MOST_SCHEMA,
        thrift_container_size_limit=_MOST_SCHEMA >> 4,
        page_checksum_verification=True,
    )
    meta = file.metadata
    refuse_shape(meta.num_rows, meta.num_columns, name=name)
    if meta.num_row_groups > _MOST_GROUPS:
        raise InputFileError(
            "too many groups of rows",
            {"most": _MOST_GROUPS, "name": name, "groups": meta.num_row_groups},
        )
    size = sum(meta.row_group(k).total_byte_size for k in range(meta.num_row_groups))
    if size > _MOST_BYTES:
        raise _too_large(name, size)
    return file


def _too_large(name: str, size: int) -> InputFileError:
    return InputFileError(
        "too large unpacked", {"most": _MOST_BYTES >> 20, "name": name, "bytes": size}
    )


def _offered(file: ParquetFile) -> dict[str, bool]:
    """Tell of each column that is offered whether it is text; nested ones are not read at all."""
    found = {field.name: _is_text(field.type) for field in file.schema_arrow}
    return {name: text for name, text in found.items() if text is not None}


def _refuse_long(batch: pa.RecordBatch, name: str) -> None:
    import pyarrow as pa
    import pyarrow.compute as pc

    for column in batch.columns:
        if pa.types.is_dictionary(column.type) and _is_text(column.type.value_type):
            longest = pc.max(pc.binary_length(column.dictionary)).as_py() or 0
            if longest > 4 * LONGEST:
                raise InputFileError(
                    "too many letters in a text", {"most": LONGEST, "name": name, "bytes": longest}
                )


def of_arrow(whole: pa.Table) -> Table:
    """Take columns of text and numbers; others are not offered."""
    both = zip(whole.column_names, whole.columns, strict=True)
    found = [(name, _plain(column)) for name, column in both]
    kept = [(name, column) for name, column in found if column is not None]
    codes = [k for k, (_, column) in enumerate(kept) if _holds_codes(column)]
    return Table(
        names=tuple(name for name, _ in kept),
        columns=tuple(column for _, column in kept),
        codes=tuple(codes),
    )


def _is_text(kind: pa.DataType) -> bool | None:
    """Tell whether a type is text, or read as numbers or as another's text; None is not read."""
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        return _is_text(kind.value_type)
    if str(kind) in ("string", "large_string", "string_view"):
        return True
    numbers = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)
    others = (pa.types.is_boolean, pa.types.is_date, pa.types.is_null)
    return False if any(is_kind(kind) for is_kind in (*numbers, *others)) else None


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Return the column as text (of a dictionary too) or floating numbers, or None."""
    import pyarrow as pa

    text = _is_text(column.type)
    if text is None:
        return None
    kind = column.type
    if text and pa.types.is_dictionary(kind):
        return pa.chunked_array(
            [
                pa.DictionaryArray.from_arrays(chunk.indices, chunk.dictionary.cast(pa.string()))
                for chunk in column.unify_dictionaries().chunks
            ],
            pa.dictionary(kind.index_type, pa.string()),
        )
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
        column = column.cast(kind)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return column.cast(pa.float64(), safe=False)
    return column.cast(pa.string())


def _holds_codes(column: pa.ChunkedArray) -> bool:
    import pyarrow as pa

    if not (pa.types.is_string(column.type) or pa.types.is_dictionary(column.type)):
        return False
    return any(map(is_area, islice(encode(column)[0], MOST_CODES)))
