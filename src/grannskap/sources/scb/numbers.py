"""Numbers: the cells of a series over areas and years, gathered from as few answers as fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from grannskap.deso import Division
from grannskap.errors import InputFileError
from grannskap.sources import jsonstat
from grannskap.sources.scb import resolving
from grannskap.sources.scb.records import Record
from grannskap.sources.scb.resolving import Metadata
from grannskap.sources.scb.service import Service
from grannskap.sources.scb.tables import CONTENTS, REGION, TIME, Cells, Series, division_of

__all__ = ["Columns", "blocks", "read"]

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.object_]
_HIDDEN = ".."
_TRIES = 3

Level = Literal["deso", "regso"]
OnPiece = Callable[[int, int], None]
_ORDER = {"": 0, "-": 1, ".": 2, _HIDDEN: 3}
"""Marks by what they say of a sum: it takes the last of its parts'."""


@dataclass(frozen=True)
class Columns:
    """The columns of a series.

    Attributes
    ----------
    series : Series
        What they are.
    areas : tuple of str
        Bare codes, sorted.
    years : tuple of int
        In order.
    values : mapping of str to numpy.ndarray of float, shape (areas, years)
        By column; NaN where there is no number.
    marks : mapping of str to numpy.ndarray of str, shape (areas, years)
        By column, SCB's mark in place of a number; ``""`` where there is none.
    strange : tuple of str
        Marks that are not known, whose cells count as missing.
    records : tuple of Record
        The answers that they came in.
    """

    series: Series
    areas: tuple[str, ...]
    years: tuple[int, ...]
    values: Mapping[str, Floats]
    marks: Mapping[str, Words]
    strange: tuple[str, ...]
    records: tuple[Record, ...]


def blocks(codes: Sequence[str], *, most: int) -> Iterator[Sequence[str]]:
    """Split codes into parts of at most so many.

    Examples
    --------
    >>> list(blocks("abc", most=2))
    ['ab', 'c']
    """
    width = max(1, most)
    for start in range(0, len(codes), width):
        yield codes[start : start + width]


def read(
    service: Service,
    series: Series,
    *,
    division: Division,
    within: Sequence[str],
    years: Sequence[int],
    level: Level = "deso",
    on_piece: OnPiece = lambda _done, _all: None,
) -> Columns | None:
    """Read the columns of a series from the service.

    Parameters
    ----------
    service : Service
        What is asked.
    series : Series
        Which columns.
    division : {2018, 2025}
        The division of the areas; years of the other are passed over.
    within : sequence of str
        Codes of counties or municipalities; the country where empty.
    years : sequence of int
        Years that are wanted; those that the table lacks are passed over.
    level : {"deso", "regso"}
        Which areas.
    on_piece : callable
        Given how many answers have come, and how many there are.

    Returns
    -------
    Columns or None
        None where the table holds none of it.

    Raises
    ------
    InputFileError
        When the service refuses or does not answer, or publishes the table anew again and again.
    """
    for _ in range(_TRIES):
        found = _read(
            service,
            series,
            division=division,
            within=within,
            years=years,
            level=level,
            on_piece=on_piece,
        )
        if found is None or len({record.updated for record in found.records}) == 1:
            return found
        service.forget(series)  # published anew between two answers: all of it again
    raise InputFileError("table updated meanwhile", {"table": series.table})


def _read(
    service: Service,
    series: Series,
    *,
    division: Division,
    within: Sequence[str],
    years: Sequence[int],
    level: Level,
    on_piece: OnPiece,
) -> Columns | None:
    wanted = [
        year
        for year in sorted(set(years))
        if series.first <= year <= series.last and division_of(year) == division
    ]
    if not wanted:
        return None
    table = service.table(series)
    there = set(resolving.years(table))
    chosen = [year for year in wanted if year in there]
    find = resolving.areas if level == "deso" else resolving.regso
    codes = find(table, division, within)
    if not chosen or not codes:
        return None
    contents = service.contents(series)
    selection = {
        REGION: list(codes),
        **resolving.fixed(series, table),
        CONTENTS: tuple(dict.fromkeys(contents.values())),
    }
    gathered = _Gathered(series, contents, list(codes), chosen)
    parts = _queries(service, table, selection, [str(year) for year in chosen])
    for number, part in enumerate(parts, 1):
        piece = service.data(table, part)
        gathered.take(piece.cube, piece.record)
        on_piece(number, len(parts))
    return gathered.columns(tuple(codes.values()))


def _queries(
    service: Service, table: Metadata, selection: Mapping[str, Sequence[str]], years: Sequence[str]
) -> list[dict[str, Sequence[str]]]:
    """Return the queries that together ask for all of it: those that are kept, then the rest.

    Regions are parted only where one year of them is too much, so that a later query for other
    years parts them the same way and finds what is kept.
    """
    beside = math.prod(len(codes) for name, codes in selection.items() if name != REGION)
    most = service.limits().cells // beside
    found = []
    for regions in blocks(selection[REGION], most=most):
        part = {**selection, REGION: regions}
        left = list(years)
        for kept in service.kept_years(table, part):
            if set(kept) & set(left):
                found.append({**part, TIME: kept})
                left = [year for year in left if year not in kept]
        found += [{**part, TIME: some} for some in blocks(left, most=most // len(regions))]
    return found


class _Gathered:
    """Columns that fill as answers come."""

    def __init__(
        self,
        series: Series,
        contents: Mapping[str, str],
        regions: Sequence[str],
        years: Sequence[int],
    ) -> None:
        shape = (len(regions), len(years))
        self.series, self.contents, self.years = series, contents, tuple(years)
        self.rows = {code: place for place, code in enumerate(regions)}
        self.steps = {str(year): place for place, year in enumerate(years)}
        self.values = {cells.name: np.full(shape, np.nan) for cells in series.cells}
        self.marks = {cells.name: np.full(shape, "", dtype=object) for cells in series.cells}
        self.strange: set[str] = set()
        self.records: list[Record] = []

    def take(self, cube: jsonstat.Cube, record: Record) -> None:
        """Put the cells of one answer where they belong."""
        self.records.append(record)
        values = cube.values.reshape(cube.shape)
        marks = None if cube.marks is None else cube.marks.reshape(cube.shape)
        years = cube.codes[cube.ids.index(TIME)]
        rows = [self.rows[code] for code in cube.codes[cube.ids.index(REGION)]]
        taken = [place for place, code in enumerate(years) if code in self.steps]
        at = np.ix_(rows, [self.steps[years[place]] for place in taken])
        for cells in self.series.cells:
            added, told = self._summed(cube, values, marks, cells)
            self.values[cells.name][at] = added[:, taken]
            self.marks[cells.name][at] = told[:, taken]

    def _summed(
        self, cube: jsonstat.Cube, values: Floats, marks: Words | None, cells: Cells
    ) -> tuple[Floats, Words]:
        """Return a column's sum by region and year, and the mark where a part has one."""
        where = {CONTENTS: (self.contents[cells.name],), **cells.where}
        order = [cube.ids.index(REGION), cube.ids.index(TIME)]
        rest = [axis for axis in range(len(cube.ids)) if axis not in order]
        some = np.transpose(values, [*order, *rest])
        beside = None if marks is None else np.transpose(marks, [*order, *rest])
        for place, axis in enumerate(rest, 2):
            codes = cube.codes[axis]
            wanted = where.get(cube.ids[axis], codes)
            kept = [codes.index(code) for code in wanted]
            some = some.take(kept, axis=place)
            beside = None if beside is None else beside.take(kept, axis=place)
        flat = some.reshape(*some.shape[:2], -1)
        grades = self._grades(beside, flat)
        total: Floats = np.where(grades > 0, np.nan, flat.sum(axis=2) * cells.factor)
        words: Words = np.array(list(_ORDER), dtype=object)
        return total.round(6), words[grades]

    def _grades(self, beside: Words | None, flat: Floats) -> npt.NDArray[np.int64]:
        """Return the place in `_ORDER` of each sum's mark; what has no number is at least ``.``."""
        grades = np.where(np.isnan(flat), _ORDER["."], 0)
        if beside is not None:
            marks = beside.reshape(flat.shape)
            for mark in set(marks.ravel()):
                here = marks == mark
                if mark not in _ORDER:
                    self.strange.add(str(mark))
                grades[here] = np.maximum(grades[here], _ORDER.get(mark, _ORDER["."]))
        return np.asarray(grades.max(axis=2))

    def columns(self, areas: tuple[str, ...]) -> Columns:
        """Return what was gathered."""
        return Columns(
            self.series,
            areas,
            self.years,
            self.values,
            self.marks,
            tuple(sorted(self.strange)),
            tuple(self.records),
        )
