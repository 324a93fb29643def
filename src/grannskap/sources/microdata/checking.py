"""What the columns of microdata must be, told before any row is counted."""

from __future__ import annotations

import difflib
from typing import Any

from grannskap.errors import ColumnError
from grannskap.sources.microdata.asked import HOUSEHOLD_COLUMNS, PERSON_COLUMNS, Asked

__all__ = ["check_columns", "check_types"]

_NUMBERS = ("age", "income", "year", "adults", "children")


def check_columns(asked: Asked) -> None:
    """Refuse column names that are unknown, and what is missing among them."""
    persons = asked.rows == "persons"
    known = PERSON_COLUMNS if persons else HOUSEHOLD_COLUMNS
    absent = [name for name in known[: 4 if persons else 5] if name not in asked.columns]
    if asked.year is None and "year" not in asked.columns:
        absent.append("year")
    if absent:
        raise ColumnError("columns of microdata not named", {"names": absent, "rows": asked.rows})
    strange = [name for name in asked.columns if name not in known]
    if strange:
        values = {"name": strange[0], "names": list(known), "rows": asked.rows}
        raise ColumnError("unknown column of microdata", values)


def check_types(rows: Any, asked: Asked) -> None:  # noqa: ANN401 - Ibis has no types of its own
    """Refuse columns that the rows do not have, and text where a number belongs."""
    there = list(rows.columns)
    for column in asked.columns.values():
        if column not in there:
            near = difflib.get_close_matches(column, there, n=1, cutoff=0.5)
            values = {"column": column, "names": there, "near": near[0] if near else None}
            raise ColumnError("column not in microdata", values)
    for name in _NUMBERS:
        column = asked.columns.get(name, "")
        if column and not rows[column].type().is_numeric():
            told = {"column": column, "name": name, "kind": str(rows[column].type())}
            raise ColumnError("column of microdata no number", told)
