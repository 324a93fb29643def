"""Frames: a data frame in memory becomes a table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from grannskap.catalogue import Status, status_column
from grannskap.errors import ColumnError, DataError
from grannskap.sources.register.columnar import of_arrow
from grannskap.sources.register.keys import find_name
from grannskap.sources.register.limits import refuse_texts
from grannskap.sources.register.regions import is_area
from grannskap.sources.register.table import Table
from grannskap.wording import in_both

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Framed", "take"]

_LEVELS = ("deso", "year", "group")


@dataclass(frozen=True)
class Framed:
    """A frame as a table, and which of its columns hold the keys.

    Attributes
    ----------
    table : Table
        Its columns and index levels; the marks of ``x`` are what ``x_status`` says.
    code : str or None
        The column of codes, where the caller or the index tells it.
    year : int or str or None
        The year, or the column of years.
    group : str or None
        The group, or the column of groups.
    numbers : dict of str to str
        Every column of numbers that is no key, under its own name.
    """

    table: Table
    code: str | None
    year: int | str | None
    group: str | None
    numbers: dict[str, str]


def take(
    frame: pd.DataFrame, *, code: str | None, year: int | str | None, group: str | None
) -> Framed:
    """Take a frame as a table, its index levels as columns."""
    flat, levels = _flat(frame)
    code = code or next((name for name in levels if name == "deso"), None)
    year = "year" if year is None and "year" in flat else year
    group = "group" if group is None and "group" in flat else group
    table = _table(flat)
    refuse_texts(table.names, what=in_both("errors.phrases.names of columns"))
    keys = {code, year, group}
    numbers = {
        name: name
        for place, name in enumerate(table.names)
        if name not in keys and not table.is_text(place) and not _is_bound(name, table.names)
    }
    return Framed(table, code, year, group, numbers)


def _flat(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return the frame without an index, and the names of the levels that became columns."""
    names = list(map(str, frame.columns))
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated or frame.columns.nlevels > 1:
        raise ColumnError("columns of one name", {"names": repeated, "count": len(repeated)})
    shapes = [kind.name == "geometry" for kind in frame.dtypes]
    bare = pd.DataFrame(frame).set_axis(names, axis=1).loc[:, ~np.array(shapes, dtype=bool)]
    bare.attrs = {}
    if isinstance(frame.index, pd.RangeIndex):
        return bare, []
    levels = [str(name) for name in frame.index.names if name is not None]
    if frame.index.nlevels == 1 and not levels:
        coded = any(is_area(str(one)) for one in frame.index)
        if not coded:
            return bare.reset_index(drop=True), []
        levels = ["deso"]
    elif len(levels) < frame.index.nlevels:
        raise ColumnError(
            "levels without names",
            {"levels": _LEVELS, "names": [repr(name) for name in frame.index.names]},
        )
    both = [name for name in levels if name in bare.columns]
    if both:
        raise ColumnError("level called as a column", {"names": both})
    return bare.reset_index(names=levels), levels


def _table(flat: pd.DataFrame) -> Table:
    import pyarrow as pa

    try:
        whole = pa.Table.from_pandas(flat, preserve_index=False)
    except (pa.ArrowException, ValueError) as error:
        raise DataError(
            "column of two kinds", {"why": " ".join(map(str, error.args))[:120]}
        ) from None
    table = of_arrow(whole)
    marks = {
        place: pa.chunked_array([_marks(flat, name)])
        for place, name in enumerate(table.names)
        if status_column(name) in flat
    }
    return replace(table, marks=marks)


def _marks(flat: pd.DataFrame, name: str) -> pa.Array:
    """Return what a column's status says, where it agrees with the column."""
    import pyarrow as pa

    words = flat[status_column(name)].astype(object).fillna("").astype(str)
    known = {status.value for status in Status}
    strange = sorted(set(words) - known - {""})
    held = flat[name].notna().to_numpy() & ~words.isin(["", Status.VALUE.value]).to_numpy()
    if strange or held.any():
        raise DataError(
            "statuses that disagree",
            {
                "name": name,
                "known": sorted(known),
                "column": status_column(name),
                "cells": None if strange else int(held.sum()),
                "strange": strange,
            },
        )
    return pa.array(np.where(words == Status.VALUE.value, "", words), pa.string())


def _is_bound(name: str, names: tuple[str, ...]) -> bool:
    """Tell whether a column is the lower or upper bound of another, as a dataset's are."""
    stem, _, end = name.rpartition("_")
    return end in ("lower", "upper") and find_name(names, stem) is not None
