"""Read GeoParquet, and count what it unpacks to before it is unpacked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grannskap.errors import InputFileError
from grannskap.language import Text
from grannskap.sources.boundaries import wkb
from grannskap.sources.boundaries.limits import (
    MOST_ROWS,
    MOST_TEXT_BYTES,
    MOST_VERTICES,
    check_columns,
    check_count,
)
from grannskap.wording import in_both

if TYPE_CHECKING:
    import geopandas as gpd
    import pyarrow as pa

__all__ = ["columns", "read"]

_MOST_SHAPES = 48 * MOST_VERTICES
_MOST_TEXTS = 1 << 27
_MOST_METADATA = 1 << 20
_MOST_DEPTH = 40


def columns(file: Path) -> tuple[str, ...]:
    """Return the columns of texts and numbers; nested ones are not offered.

    Raises
    ------
    InputFileError
        When it is too large once unpacked, or holds no shapes.
    """
    from pyarrow.parquet import ParquetFile

    with ParquetFile(file) as opened:
        found = opened.metadata
        check_count(file.name, found.num_rows, MOST_ROWS, "errors.phrases.rows")
        groups = [found.row_group(k) for k in range(found.num_row_groups)]
        unpacked = sum(group.total_byte_size for group in groups)
        check_count(file.name, unpacked, MOST_TEXT_BYTES, "errors.phrases.bytes once unpacked")
        schema = opened.schema_arrow
    geometry = _geometry(file, schema.metadata)
    flat = [one.name for one in schema if one.name != geometry and not one.type.num_fields]
    return check_columns(file.name, flat)


def read(file: Path, wanted: Sequence[str]) -> gpd.GeoDataFrame:
    """Return these columns and the shapes."""
    import geopandas as gpd
    from pyarrow.parquet import ParquetFile

    with ParquetFile(file) as opened:
        metadata = opened.schema_arrow.metadata
        geometry = _geometry(file, metadata)
    _check_unpacked(file, wanted, geometry)
    frame = gpd.read_parquet(file, columns=[*wanted, geometry])
    return frame.rename_geometry("geometry") if geometry != "geometry" else frame


def _geometry(file: Path, metadata: dict[bytes, bytes] | None) -> str:
    """Return the column of shapes, told by metadata that is small and shallow."""
    told = (metadata or {}).get(b"geo")
    if told is None:
        raise _refused(file, in_both("errors.phrases.Parquet without geometry"))
    check_count(file.name, len(told), _MOST_METADATA, "errors.phrases.bytes of metadata")
    content = json.loads(told)
    if _depth(content) > _MOST_DEPTH:
        raise _refused(file, in_both("errors.phrases.metadata nested too deep"))
    primary = content.get("primary_column") if isinstance(content, dict) else None
    described = content.get("columns") if isinstance(content, dict) else None
    if not isinstance(primary, str) or not isinstance(described, dict) or primary not in described:
        raise _refused(file, in_both("errors.phrases.metadata without shapes"))
    if not isinstance(described[primary], dict) or described[primary].get("encoding") != "WKB":
        raise _refused(file, in_both("errors.phrases.shapes in another encoding"))
    return primary


def _depth(content: Any) -> int:  # noqa: ANN401 - any JSON
    depth, level = 0, [content]
    while level and depth <= _MOST_DEPTH:
        depth += 1
        inner = [one for one in level if isinstance(one, dict | list)]
        level = [x for one in inner for x in (one.values() if isinstance(one, dict) else one)]
    return depth


def _check_unpacked(file: Path, wanted: Sequence[str], geometry: str) -> None:
    """Count what repeated values unpack to, from one copy of each."""
    from pyarrow.parquet import ParquetFile

    with ParquetFile(file, read_dictionary=[*wanted, geometry]) as opened:
        for name in dict.fromkeys((*wanted, geometry)):
            (column,) = opened.read(columns=[name], use_threads=False).columns
            most = _MOST_SHAPES if name == geometry else _MOST_TEXTS
            total = 0
            for chunk in column.chunks:
                total += _bytes(chunk)
                check_count(
                    file.name, total, most, "errors.phrases.bytes in the column", column=name
                )
                if name == geometry:
                    _check_depth(chunk, file)


def _bytes(chunk: pa.Array) -> int:
    import pyarrow as pa
    from pyarrow import compute

    if not pa.types.is_dictionary(chunk.type):
        return int(chunk.nbytes)
    values = chunk.dictionary
    lengths = compute.binary_length(values) if _has_length(values.type) else None
    if lengths is None:
        return len(chunk) * 8
    return compute.sum(lengths.take(chunk.indices).cast(pa.int64())).as_py() or 0


def _has_length(kind: pa.DataType) -> bool:
    import pyarrow as pa

    tests = (pa.types.is_binary, pa.types.is_string, pa.types.is_large_binary)
    return any(test(kind) for test in (*tests, pa.types.is_large_string))


def _check_depth(chunk: pa.Array, file: Path) -> None:
    import pyarrow as pa

    values = chunk.dictionary if pa.types.is_dictionary(chunk.type) else chunk
    for value in values:
        blob = value.as_py()
        if not isinstance(blob, bytes | None):
            raise _refused(file, in_both("errors.phrases.shapes in another encoding"))
        if blob is not None:
            wkb.check_depth(blob, name=file.name)


def _refused(file: Path, came: Text) -> InputFileError:
    return InputFileError("no GeoParquet", {"name": file.name, "what": came})
