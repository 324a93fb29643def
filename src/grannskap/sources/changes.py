"""SCB's log of changes between divisions: which area gave ground or people to which."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd

from grannskap import deso
from grannskap.errors import ColumnError, few
from grannskap.sources import guard
from grannskap.sources.register.limits import MOST_BYTES
from grannskap.sources.register.opening import open_table

__all__ = ["read"]

_NAMES = {
    "old": ("tidigare deso", "från", "fran", "from", "old"),
    "new": ("deso", "till", "to", "new"),
    "kind": ("förändringstyp", "forandringstyp", "typ", "kind", "type"),
    "date": ("datum för förändring", "datum", "date"),
}
_LAST_OF_2018 = 2023
_EPOCH = pd.Timestamp("1899-12-30")


def read(path: str | Path, *, sheet: str | None = None) -> pd.DataFrame:
    r"""Changes from the division of 2018 to that of 2025, a row for each pair of areas.

    Parameters
    ----------
    path : str or Path
        SCB's "Historiska förändringar i DeSO" (Excel, or saved as CSV), or the same as JSON.
    sheet : str, optional
        The Excel sheet.

    Returns
    -------
    DataFrame
        Columns ``old``, ``new`` (bare codes) and ``kind`` (SCB's words). Changes before 2024,
        which are corrections of the older division, are left out.

    Raises
    ------
    InputFileError, ColumnError, CodeError
        When the file is no such log.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "log.csv"
    >>> _ = path.write_text(
    ...     "Tidigare DeSO;DeSO;Förändringstyp\n0114C1060;0114C1061;Upphör, till nybildad\n"
    ... )
    >>> read(path)[["old", "new"]].to_numpy().tolist()
    [['0114C1060', '0114C1061']]
    """
    file = Path(path)
    with guard.reading(file, form="a log of changes"):
        raw = guard.content(file, most=MOST_BYTES)
        frame = _of_json(raw) if raw.lstrip()[:1] == b"{" else _of_table(file, sheet)
        years = frame["date"].map(_year)
        kept = frame[~(years <= _LAST_OF_2018)].reset_index(drop=True)
        codes = {name: deso.parse(kept[name]).values for name in ("old", "new")}
    return pd.DataFrame({**codes, "kind": kept["kind"].to_numpy(dtype=object)})


def _of_json(raw: bytes) -> pd.DataFrame:
    content: Any = json.loads(raw)
    rows = content.get("forandringar", []) if isinstance(content, dict) else []
    if not rows or not all(isinstance(row, list) and len(row) >= 3 for row in rows):
        raise ColumnError("no log of changes", {"columns": few(content, most=12)})
    texts = [[*map(str, row[:4]), ""][:4] for row in rows]
    return pd.DataFrame(texts, columns=list(_NAMES))


def _of_table(path: Path, sheet: str | None) -> pd.DataFrame:
    table = open_table(path, sheet=sheet)
    plain = [" ".join(name.casefold().split()) for name in table.names]
    found = {
        key: next((plain.index(name) for name in names if name in plain), None)
        for key, names in _NAMES.items()
    }
    if None in (found["old"], found["new"], found["kind"]):
        raise ColumnError("no log of changes", {"columns": few(table.names, most=12)})
    columns = {}
    for key, place in found.items():
        if place is None:
            columns[key] = [""] * len(table)
            continue
        texts, which = table.categories(place)
        columns[key] = [texts[at] for at in which]
    return pd.DataFrame(columns)


def _year(text: str) -> float:
    """Return the year of a date as Excel or ISO 8601 writes it; NaN where there is none."""
    iso = re.match(r"(\d{4})-\d{2}-\d{2}", text)
    if iso is not None:
        return float(iso[1])
    serial = re.fullmatch(r"(\d{5})(?:\.0+)?", text)
    return (
        float("nan") if serial is None else float((_EPOCH + pd.Timedelta(days=int(serial[1]))).year)
    )
