"""Recognising: which known table a file is, and by which addresses its columns are read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grannskap.catalogue import AMOUNTS, COUNTS, GROUPS
from grannskap.deso import Division
from grannskap.errors import GrannskapError
from grannskap.sources.guard import reading
from grannskap.sources.register import headings
from grannskap.sources.register.address import resolve
from grannskap.sources.register.counts import register_of, rows_of
from grannskap.sources.register.footer import Origin
from grannskap.sources.register.gathering import Rows
from grannskap.sources.register.keys import find_codes
from grannskap.sources.register.known import KNOWN, Address, Known, Subject
from grannskap.sources.register.opening import open_table
from grannskap.sources.register.regions import is_area
from grannskap.sources.register.table import Table
from grannskap.wording import in_both

__all__ = ["Recognised", "recognise"]

_TOTALS = (
    "",
    " | totalt",
    " | totalt ålder",
    " | Kon=1+2",
    " | Alder=totalt",
    " | Kon=1+2 | Alder=totalt",
)
"""What an address may have to add where a table is also parted by sex or age."""

_FIRST_OF_OLDER_AGES = 2023
_YEAR_IN_NAME = re.compile(r"(?<!\d)(?<!deso)(?:19|20)\d\d(?!\d)", re.IGNORECASE)

_GROUP_WORDS = {
    **{
        headings.plain(word): key
        for key, label in GROUPS.items()
        for word in (key, label.sv, label.en)
    },
    **dict.fromkeys(("samtliga", "totalt", "alla hushåll", "total"), "all"),
}
"""The words that people write for groups, and their keys."""

Columns = dict[str, str | list[str]]


@dataclass(frozen=True)
class Recognised:
    """What a file of numbers is found to be.

    Attributes
    ----------
    subjects : tuple of str
        What it tells of; empty where nothing of it is known.
    columns : dict of str to str or list of str
        As `read` takes them.
    percent : dict of str to str
        As `read` takes it.
    year : int or None
        The year that the file's name tells, where nothing in it does.
    years : tuple of int
        The years that it holds.
    areas : frozenset of str
        Bare codes of its areas.
    division : {2018, 2025} or None
        Their division, where the file tells it.
    names : str or None
        The column of names of areas, where that is what it holds.
    code, group : str or None
        The columns of codes and of groups, where they must be named.
    groups : dict of str to str
        What the words for groups mean.
    origin : Origin
        Where it says that it comes from.
    headings : tuple of str
        What stands above its columns.
    """

    subjects: tuple[Subject | str, ...]
    columns: Columns
    percent: dict[str, str]
    year: int | None
    years: tuple[int, ...]
    areas: frozenset[str]
    division: Division | None
    names: str | None
    code: str | None
    group: str | None
    groups: dict[str, str]
    origin: Origin
    headings: tuple[str, ...]


def recognise(path: Path) -> Recognised:
    r"""Find out what a file of numbers holds: by its id or reference code, title and headings.

    Parameters
    ----------
    path : Path
        A file of any form that `read` takes.

    Returns
    -------
    Recognised
        Its columns are those that can be read as they stand.

    Raises
    ------
    GrannskapError
        When the file cannot be read, or holds no areas.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "Tab11_DeSO_2017.csv"
    >>> _ = path.write_text("DeSO;Kvartil1;Kvartil4;Totalt\n9999A0010;12;9;40")
    >>> found = recognise(path)
    >>> found.subjects, found.columns["low"], found.years
    (('purchasing power',), 'Kvartil1', (2017,))
    """
    with reading(path, form=in_both("errors.phrases.a register file")):
        table = open_table(path, sheet=None)
        code = _code(table)
        group, groups = _groups(table)
        rows = rows_of(table, code, group=group, groups=groups)
        told = _YEAR_IN_NAME.findall(path.stem)
        year = int(told[-1]) if told and rows.years is None and not _headed(rows) else None
        if year is not None:
            rows = rows_of(table, code, year=year, group=group, groups=groups)
        found = list(_found(rows))
    columns: Columns = {}
    percent: dict[str, str] = {}
    years: set[int] = set()
    for _, own, of, held in found:
        columns |= {name: address for name, address in own.items() if name not in columns}
        percent |= {name: whole for name, whole in of.items() if name in own}
        years |= held
    return Recognised(
        subjects=tuple(dict.fromkeys(subject for subject, *_ in found)),
        columns=columns,
        percent=percent,
        year=year,
        years=tuple(sorted(years)),
        areas=frozenset(rows.areas.names),
        division=rows.areas.division,
        names=None if found else _names(table),
        code=code,
        group=group,
        groups=groups,
        origin=table.origin,
        headings=tuple(
            name for place, name in enumerate(table.names) if place not in table.headless
        ),
    )


def _code(table: Table) -> str | None:
    """Return the column of codes where it must be named: the first of several."""
    try:
        find_codes(table, None)
    except GrannskapError:
        return table.names[table.codes[0]] if table.codes else None
    return None


def _groups(table: Table) -> tuple[str | None, dict[str, str]]:
    """Return the column that parts everybody into groups, and what its words mean."""
    for place, name in enumerate(table.names):
        if place not in table.codes and table.is_text(place):
            texts, _ = table.categories(place)
            known = {text: _GROUP_WORDS.get(headings.plain(text)) for text in texts}
            keys = {key for key in known.values() if key is not None}
            if None not in known.values() and "all" in keys and len(keys) == len(texts) > 1:
                return name, {text: str(key) for text, key in known.items()}
    return None, {}


def _headed(rows: Rows) -> bool:
    """Tell whether some heading tells a year."""
    places = [place for place in range(len(rows.table.names)) if place not in rows.taken]
    return any(headings.of(rows.table, place).year is not None for place in places)


Found = tuple[Subject | str, Columns, Mapping[str, str], set[int]]


def _found(rows: Rows) -> Iterator[Found]:
    """Give the known tables that a file is, each with its columns, and our own names in it."""
    table = rows.table
    named = [one for one in KNOWN if table.origin.table and table.origin.table in one.tables]
    taken: set[str] = set()
    for known in (*named, *(one for one in KNOWN if one not in named)):
        sure = known in named
        if taken & set(known.needed) or not _may_be(known, rows, sure=sure):
            continue
        for total in _TOTALS:
            columns = _columns(known, rows, total)
            years = _read(rows, columns, known.percent)
            if years:
                yield known.subject, columns, known.percent, years
                taken |= set(columns)
                break
    own: Columns = {
        name: name for name in (*COUNTS, *AMOUNTS) if name in table.names and name not in taken
    }
    years = _read(rows, own, {})
    if years:
        yield "own names", own, {}, years


def _may_be(known: Known, rows: Rows, *, sure: bool) -> bool:
    """Tell whether what a file says of itself, if anything, speaks for a known table."""
    title = headings.plain(rows.table.origin.title).replace("–", "-")
    if known.told and not sure and known.title not in title:
        return False
    if known.subject == "education":
        return (known.title == "25-65") == _is_of_older_ages(rows, title)
    return not title or sure or not known.title or known.title in title


def _is_of_older_ages(rows: Rows, title: str) -> bool:
    """Tell whether education is of ages 25–65, as SCB has it from 2023 on."""
    if "25-64" in title or "25-65" in title:
        return "25-65" in title
    held = rows.year or (int(rows.years.min()) if rows.years is not None and len(rows.years) else 0)
    return held >= _FIRST_OF_OLDER_AGES


def _columns(known: Known, rows: Rows, total: str) -> Columns:
    """Return the addresses that fit; none of them where a column that is needed has none."""
    found: Columns = {}
    for name, addresses in {**known.needed, **known.more}.items():
        fits = next((one for one in addresses if _fits(rows, one, total, name=name)), None)
        if fits is not None:
            every = [f"{part}{total}" for part in ([fits] if isinstance(fits, str) else fits)]
            found[name] = every[0] if len(every) == 1 else every
        elif name in known.needed:
            return {}
    return found


def _fits(rows: Rows, address: Address, total: str, *, name: str) -> bool:
    parts = (address,) if isinstance(address, str) else address
    try:
        for part in parts:
            resolve(
                rows.table,
                f"{part}{total}",
                purpose=name,
                taken=rows.taken,
                headed=rows.years is None,
            )
    except GrannskapError:
        return False
    return True


def _read(rows: Rows, columns: Columns, percent: Mapping[str, str]) -> set[int]:
    """Read the columns as a run would; return the years that they hold, or none."""
    if not columns:
        return set()
    of = {name: whole for name, whole in percent.items() if name in columns}
    try:
        frame = register_of(rows, columns, percent=of)
    except GrannskapError:
        return set()
    return {int(year) for year in frame.index.unique("year")}


def _names(table: Table) -> str | None:
    """Return the column of names in a key between DeSO and RegSO; None where there is none."""
    for place, name in enumerate(table.names):
        if place in table.codes or "regso" not in name.casefold():
            continue
        texts, _ = table.categories(place)
        if texts and not any(text[:1].isdigit() or is_area(text) for text in texts):
            return name
    return None
