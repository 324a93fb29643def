"""Columnar: a Parquet file, or a table in memory, becomes a table."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from grannskap.errors import InputFileError
from grannskap.sources.register.regions import is_area
from grannskap.sources.register.table import Table, encode

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["of_arrow", "read"]

_MOST_BYTES = 1 << 31


def read(content: bytes, *, name: str) -> Table:
    """Read a Parquet file's columns of text and numbers; others are not offered.

    Raises
    ------
    InputFileError
        When the file is damaged, too large when unpacked, or holds no DeSO code.
    """
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(io.BytesIO(content))
        groups = [file.metadata.row_group(k) for k in range(file.metadata.num_row_groups)]
        size = sum(group.total_byte_size for group in groups)
        if size > _MOST_BYTES:
            raise InputFileError(
                expected="a Parquet file of at most 2 GB when unpacked",
                came=f"{name}, which holds {size} bytes",
                remedy="keep the rows and columns you need",
            )
        whole = file.read()
    except (pa.ArrowException, OSError) as error:
        raise InputFileError(
            expected="a Parquet file", came=f"{name}, which is damaged", remedy="fetch it again"
        ) from error
    return of_arrow(whole)


def of_arrow(whole: pa.Table) -> Table:
    """Take columns of text and numbers; others are not offered."""
    found = {
        heading: _plain(column)
        for heading, column in zip(whole.column_names, whole.columns, strict=True)
    }
    columns = {heading: column for heading, column in found.items() if column is not None}
    codes = [k for k, column in enumerate(columns.values()) if _holds_codes(column)]
    return Table(names=tuple(columns), columns=tuple(columns.values()), codes=tuple(codes))


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Return the column as text or floating numbers, or None when it is neither."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return column.cast(kind).cast(pa.float64(), safe=False)
    texts = (pa.types.is_string, pa.types.is_large_string, pa.types.is_boolean, pa.types.is_date)
    if any(is_kind(kind) for is_kind in texts) or str(kind) in ("string_view", "null"):
        return column.cast(kind).cast(pa.string())
    return None


def _holds_codes(column: pa.ChunkedArray) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(column.type)) and any(map(is_area, encode(column)[0]))
