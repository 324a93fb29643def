"""Counts: a file's table, or a frame in memory, becomes a register frame."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from grannskap.catalogue import AMOUNTS
from grannskap.deso import Division, Level
from grannskap.errors import ColumnError, DataError, GrannskapError, InputFileError
from grannskap.notes import with_notes
from grannskap.sources.guard import reading
from grannskap.sources.register import frames
from grannskap.sources.register.assembling import assemble
from grannskap.sources.register.checks import Kind
from grannskap.sources.register.gathering import Rows, gather
from grannskap.sources.register.keys import groups_of, pick_areas, years_of
from grannskap.sources.register.opening import open_table
from grannskap.sources.register.regions import reading_level
from grannskap.sources.register.table import Table
from grannskap.wording import in_both

__all__ = ["from_frame", "read", "register_of", "rows_of"]

_FIRST_YEAR, _LAST_YEAR = 1900, 2099
_BEYOND = 10**9
_INDEX = ("deso", "year", "group", "geometry")


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
    level: Level = "deso",
    noise: int | None = None,
) -> pd.DataFrame:
    r"""Counts and amounts by area, year and group, each with its status (counts ≥ 0, whole).

    CSV (semicolon, comma or tab; decimal comma; UTF-8, UTF-16 with its mark, else
    Windows-1252; spaces as thousands marks; title lines above and footnotes below), Excel,
    Parquet, PX and JSON-stat 2 are told by their content, not by the file's name.

    A cell is *suppressed* where the file says ``..`` (SCB: not available or too uncertain to
    be shown), *missing* where it is empty or holds ``.``, a dash, NA, NaN or null, and
    *outside division* where its year is not one of its division's: 2018 reaches to 2023,
    2025 begins with 2024. Rows of the country, counties, municipalities and RegSO are
    counted in a note, not read.

    Parameters
    ----------
    path : str or Path
        The file.
    columns : mapping of str to str or sequence of str
        Canonical name to the *address* of its cells, or to several whose sum it is. An
        address is a heading; or a heading without the year it ends in (``"000007Y7"`` for
        ``"000007Y7 2024"``); or words of a heading that no other column has (``"Låg ekonomisk
        standard"``); or several parts with `` | `` between them, each a heading or a
        category by code or label, which leads its column's name where two columns hold it:
        ``"Alder=20-64 | Kon=1+2 | 0000089X"``. Every category column of a long file or a
        JSON-stat answer that has more than one category must be in the address.
    code : str, optional
        The column of DeSO codes; found by itself where only one column holds them.
    year : int or str, optional
        The year of all rows, or which to choose where the file tells years; or the column of
        years. By itself: the format's, a column such as ``år`` or ``Tid``, or the headings'.
    group : str, optional
        A key of `grannskap.catalogue.GROUPS` that holds for all rows, or the column of groups.
    groups : mapping of str to str, optional
        The file's words for groups to their keys.
    percent : mapping of str to str, optional
        Canonical name of a column that holds per cent to the canonical column whose per cent
        it is: turned into counts, rounded; columns ``x_lower`` and ``x_upper`` tell what they
        can be.
    amounts : sequence of str
        Names in `columns` that hold amounts, beside those the catalogue knows.
    division : {2018, 2025}, optional
        The division of the codes, where the file does not tell, or which to read of two.
    sheet : str, optional
        The Excel sheet; found by itself where only one holds DeSO codes.
    level : {"deso", "regso"}
        Which rows are read: of DeSO, or of RegSO (``0380R001``), where a source tells of them.

    noise : int, optional
        How far a count may be from the truth that SCB has perturbed (from 2025 every count
        above zero): columns ``x_lower`` and ``x_upper`` then hold what it can be, and a sum of
        several columns has as much for each. SCB publishes no bound.

    Returns
    -------
    pandas.DataFrame
        Index ``deso``, ``year`` (0 when not stated), ``group`` (``"all"`` when not stated),
        sorted and unique. For each name ``x`` a float column ``x`` and a column
        ``x_status``. ``attrs["division"]``; ``attrs["origin"]``, what the file says
        of where it comes from (`source`, `title`, `table`, `updated`); notes by
        `grannskap.notes.of`.

    Raises
    ------
    InputFileError
        When the file is missing, of another kind, damaged or unsafe.
    ColumnError
        When an address is not in the file; the error lists what is, and the nearest.
    CodeError
        When codes are malformed, repeated or of two divisions.
    DataError
        When a number is text, negative, or fractional where a count belongs, or a column
        holds no number.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "made-up.csv"
    >>> _ = path.write_text("område;år;låg;hög\n9999A0010;2022;1 204;..\n9999A0020;2022;7;5")
    >>> frame = read(path, columns={"low": "låg", "high": "hög"})
    >>> frame["low"].tolist(), frame["high_status"].tolist()
    ([1204.0, 7.0], ['suppressed', 'value'])
    """
    percent = percent or {}
    _check_names(columns, percent, amounts)
    with reading(path, form=in_both("errors.phrases.a register file")), reading_level(level):
        try:
            opened = open_table(Path(path), sheet=sheet)
            rows = rows_of(opened, code, division=division, year=year, group=group, groups=groups)
        except (InputFileError, ColumnError) as error:
            if error.name in _WITHOUT_CODES and level == "deso" and _holds_regso(path, sheet):
                raise InputFileError("RegSO alone", {"name": Path(path).name}) from None
            raise
        return register_of(rows, columns, percent=percent, amounts=amounts, noise=noise)


_WITHOUT_CODES = {
    "no table with codes",
    "sheets with codes",
    "no column of codes",
    "dimensions of codes",
}
"""What is said of a file in which no codes of DeSO are found."""


def _holds_regso(path: str | Path, sheet: str | None) -> bool:
    with reading_level("regso"), contextlib.suppress(GrannskapError):
        return bool(open_table(Path(path), sheet=sheet).codes)
    return False


def from_frame(
    frame: pd.DataFrame,
    *,
    columns: Mapping[str, str | Sequence[str]] | None = None,
    code: str | None = None,
    year: int | str | None = None,
    group: str | None = None,
    groups: Mapping[str, str] | None = None,
    percent: Mapping[str, str] | None = None,
    amounts: Sequence[str] = (),
    division: Division | None = None,
    noise: int | None = None,
) -> pd.DataFrame:
    """Counts and amounts of a frame in memory, checked as those of a file are.

    Parameters
    ----------
    frame : pandas.DataFrame
        Codes, years and groups as index levels or as columns; a level ``deso``, ``year`` or
        ``group`` is found by its name. NaN is *missing*, unless a column ``x_status`` beside
        ``x`` says otherwise (of `grannskap.catalogue.Status`).
    columns : mapping of str to str or sequence of str, optional
        As in `read`; every column of numbers under its own name when not given.
    code, year, group, groups, percent, amounts, division, noise
        As in `read`.

    Returns
    -------
    pandas.DataFrame
        As `read` returns.

    Raises
    ------
    ColumnError, CodeError, DataError
        As `read`.

    Examples
    --------
    >>> frame = pd.DataFrame({"low": [7, 9]}, index=["9999A0010", "9999A0020"])
    >>> from_frame(frame, year=2022)["low"].to_dict()
    {('9999A0010', 2022, 'all'): 7.0, ('9999A0020', 2022, 'all'): 9.0}
    """
    percent = percent or {}
    with reading(
        "the frame", form=in_both("errors.phrases.columns of numbers or text"), refused=DataError
    ):
        framed = frames.take(frame, code=code, year=year, group=group)
        chosen = framed.numbers if columns is None else columns
        _check_names(chosen, percent, amounts)
        rows = rows_of(
            framed.table,
            framed.code,
            division=division,
            year=framed.year,
            group=framed.group,
            groups=groups,
        )
        return register_of(rows, chosen, percent=percent, amounts=amounts, noise=noise)


def register_of(
    rows: Rows,
    columns: Mapping[str, str | Sequence[str]],
    *,
    percent: Mapping[str, str],
    amounts: Sequence[str] = (),
    noise: int | None = None,
) -> pd.DataFrame:
    """Read the cells that columns name, check them, and build the register frame."""
    kinds: dict[str, Kind] = dict.fromkeys(columns, "count")
    kinds |= {name: "amount" for name in columns if name in {*amounts, *AMOUNTS}}
    kinds |= dict.fromkeys(percent, "percent")
    gathered = gather(rows, columns, kinds=kinds)
    each = {
        name: float(noise or 0) * (1 if isinstance(named, str) else len(named))
        for name, named in columns.items()
        if noise and kinds[name] != "amount"
    }
    frame, notes = assemble(gathered, rows, kinds=kinds, percent=percent, noise=each)
    frame.attrs["origin"] = rows.table.origin.as_dict()
    return with_notes(frame, (*rows.table.notes, *rows.areas.notes, *notes))


def _check_names(
    columns: Mapping[str, str | Sequence[str]], percent: Mapping[str, str], amounts: Sequence[str]
) -> None:
    if not columns:
        raise ColumnError("no column to read")
    bad = [name for name in columns if not name or name in _INDEX or name.endswith("_status")]
    bad += [name for name, named in columns.items() if not named]
    strange = [name for name in (*percent, *percent.values(), *amounts) if name not in columns]
    strange += [name for name, whole in percent.items() if whole in percent or name in amounts]
    if bad or strange:
        raise ColumnError(
            "names that do not agree", {"names": list(dict.fromkeys([*bad, *strange]))}
        )
    added = [
        name
        for name, named in columns.items()
        if name in {*amounts, *AMOUNTS} and not isinstance(named, str) and len(named) > 1
    ]
    if added:
        raise ColumnError("amounts summed", {"names": added})


def rows_of(
    opened: Table,
    code: str | None = None,
    *,
    division: Division | None = None,
    year: int | str | None = None,
    group: str | None = None,
    groups: Mapping[str, str] | None = None,
) -> Rows:
    """Tell each row's area, year and group; a stated year chooses among the years of rows."""
    table, at, areas = pick_areas(opened, code=code, division=division)
    year_at, years = years_of(table, year)
    stated = year if isinstance(year, int) else None
    if stated is not None and not _FIRST_YEAR <= stated <= _LAST_YEAR:
        raise DataError(
            "year out of use",
            {
                "first": str(_FIRST_YEAR),
                "last": str(_LAST_YEAR),
                "stated": str(stated) if abs(stated) < _BEYOND else None,
            },
        )
    if years is not None and stated is not None:
        chosen = np.flatnonzero(years == stated)
        if not len(chosen):
            raise DataError(
                "rows of another year", {"stated": str(stated), "years": np.unique(years).tolist()}
            )
        table, years = table.take(chosen), years[chosen]
        areas = replace(areas, which=areas.which[chosen])
    group_at, names, which = groups_of(table, group, groups)
    taken = tuple(place for place in (at, year_at, group_at) if place is not None)
    return Rows(table, areas, years, stated, names, which, taken)
