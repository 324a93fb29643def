"""Find SCB's columns by the names they go by, and the division they tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from grannskap.errors import ColumnError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MUNICIPALITY_NAMES", "code_column", "divisions_of", "label_column", "named", "wanted"]

_CODES = ("deso", "desokod", "desocode", "desoid", "deso2018", "deso2025", "desokod2018")
_CODES_2 = ("desokod2025", "region", "regionkod", "kod", "code")
_LABELS = ("name", "namn", "label", "beteckning", "omrade", "område", "rubrik", "titel", "title")
MUNICIPALITY_NAMES = ("kommunnamn", "municipalityname")
_VERSIONS = ("version",)
_IDS = ("id", "objectid", "gmlid", "fid")
_IN_VERSION = re.compile(r"(2018|2025)(?:\D|$)")
_IN_NAME = re.compile(r"deso(?:kod)?[_ ]?(2018|2025)", re.IGNORECASE)


def plain(name: str) -> str:
    """Return a column's name without case, marks and spaces."""
    return re.sub(r"[\W_]", "", name.casefold())


def named(columns: Iterable[str], names: Sequence[str]) -> list[str]:
    """Return the columns that go by one of the names, the best first."""
    known = {name: position for position, name in enumerate(names)}
    found = [column for column in columns if plain(column) in known]
    return sorted(found, key=lambda column: known[plain(column)])


def code_column(columns: Sequence[str], code: str | None) -> str:
    """Return the column of DeSO codes.

    Parameters
    ----------
    columns : sequence of str
        The file's columns.
    code : str or None
        The caller's choice.

    Returns
    -------
    str
        The column.

    Raises
    ------
    ColumnError
        When there is none, or two equally good ones.
    """
    if code is not None:
        return _chosen(columns, code)
    found = named(columns, (*_CODES, *_CODES_2))
    divisions = {year for column in found if (year := division_in_name(column)) is not None}
    if not found or (len(divisions) > 1 and plain(found[0]) not in _CODES[:4]):
        raise ColumnError(
            "no column of codes in boundaries", {"columns": list(columns), "count": len(columns)}
        )
    return found[0]


def _chosen(columns: Sequence[str], name: str) -> str:
    if name not in columns:
        raise ColumnError(
            "column not in boundaries",
            {"name": name, "columns": list(columns), "count": len(columns)},
        )
    return name


def label_column(columns: Sequence[str], name: str | None) -> str | None:
    """Return the column of an overlay's names, or None when it has none."""
    if name is not None:
        return _chosen(columns, name)
    return next(iter(named(columns, _LABELS)), None)


def wanted(columns: Sequence[str], code: str) -> list[str]:
    """Return the columns worth reading beside the geometry."""
    extra = [column for column in columns if plain(column).startswith("regso")]
    called = named(columns, MUNICIPALITY_NAMES)
    chosen = [code, *called, *named(columns, (*_VERSIONS, *_IDS)), *extra]
    return list(dict.fromkeys(chosen))


def division_in_name(name: str) -> str | None:
    """Return the division that a column's or a layer's name tells, if any."""
    found = _IN_NAME.search(name)
    return found[1] if found else None


def divisions_of(frame: pd.DataFrame, code: str, layer: str) -> set[str]:
    """Return the divisions told by columns, or else by the layer's name."""
    divisions = {year for year in [division_in_name(code)] if year is not None}
    for names, pattern in ((_VERSIONS, _IN_VERSION), (_IDS, _IN_NAME)):
        for column in named(frame.columns, names):
            divisions |= _divisions_in_values(frame[column], pattern)
    if divisions:
        return divisions
    return {year for year in [division_in_name(layer)] if year is not None}


def _divisions_in_values(values: pd.Series[Any], pattern: re.Pattern[str]) -> set[str]:
    texts = [value for value in values.dropna().unique() if isinstance(value, str)]
    return {found[1] for text in texts if (found := pattern.match(text))}
