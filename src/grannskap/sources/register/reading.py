"""Reading: a file's table becomes a register frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from grannskap.deso import Division, parse
from grannskap.errors import CodeError, ColumnError, DataError, InputFileError, few
from grannskap.notes import with_notes
from grannskap.schema import status_column
from grannskap.sources.register.cells import STATUSES, numbers
from grannskap.sources.register.delimited import decode
from grannskap.sources.register.delimited import read as read_delimited
from grannskap.sources.register.table import Table

__all__ = ["read"]


def read(
    path: str | Path,
    *,
    columns: Mapping[str, str | Sequence[str]],
    code: str | None = None,
    year: int | str | None = None,
    group: str | None = None,
    groups: Mapping[str, str] | None = None,
    percent: Mapping[str, str] | None = None,
    amounts: Sequence[str] = (),
    division: Division | None = None,
    sheet: str | None = None,
) -> pd.DataFrame:
    """First version: plain CSV."""
    file = Path(path)
    if not file.is_file():
        raise InputFileError(
            expected="a register file", came=f"no file at {file.name}", remedy="check the path"
        )
    table = read_delimited(decode(file.read_bytes(), name=file.name), name=file.name)
    at = table.code if code is None else _position(table, code)
    assert at is not None
    texts, which = table.categories(at)
    codes = parse(texts, division=division)
    years = _years(table, year)
    kinds = _groups(table, group, groups or {})
    index = pd.MultiIndex.from_arrays(
        [codes.values[which], years, kinds], names=["deso", "year", "group"]
    )
    if not index.is_unique:
        twice = index[index.duplicated()].get_level_values("deso")
        raise CodeError(
            expected="one row per area, year and group",
            came=f"several for {few(dict.fromkeys(twice))}",
            remedy="name the columns of year and group, or remove rows",
        )
    data: dict[str, Any] = {}
    for name, parts in columns.items():
        read_parts = [
            numbers(table.columns[_position(table, part)])
            for part in ([parts] if isinstance(parts, str) else parts)
        ]
        wrong = [pair for cells in read_parts for pair in cells.wrong]
        if wrong:
            raise DataError(
                expected=f"numbers for {name}",
                came=few(f"{text!r}" for _, text in wrong),
                remedy="correct the cells",
            )
        data[name] = sum(cells.values for cells in read_parts)
        worst = np.maximum.reduce([cells.status for cells in read_parts])
        data[status_column(name)] = pd.array(
            np.array([status.value for status in STATUSES], dtype=object)[worst], dtype="str"
        )
    frame = pd.DataFrame(data, index=index).sort_index()
    frame.attrs["division"] = codes.division
    return with_notes(frame, (*table.notes, *codes.notes))


def _position(table: Table, name: str) -> int:
    if name not in table.names:
        raise ColumnError(
            expected=f"a column {name!r}", came=few(table.names), remedy="name one of these"
        )
    return table.names.index(name)


def _years(table: Table, year: int | str | None) -> Any:
    if isinstance(year, str):
        return numbers(table.columns[_position(table, year)]).values.astype(int)
    return np.full(len(table), year or 0)


def _groups(table: Table, group: str | None, groups: Mapping[str, str]) -> Any:
    if group is None or group not in table.names:
        return np.full(len(table), group or "all", dtype=object)
    texts, which = table.categories(_position(table, group))
    return np.array([groups.get(text, text) for text in texts], dtype=object)[which]
