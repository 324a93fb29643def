"""Assembling: gathered cells, masked and checked, become the register frame."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.catalogue import (
    PERTURBED_FROM,
    Status,
    lower_column,
    status_column,
    upper_column,
)
from grannskap.deso import Division
from grannskap.errors import ColumnError
from grannskap.notes import Note
from grannskap.sources.register import checks
from grannskap.sources.register.cells import STATUSES, Floats, grade
from grannskap.sources.register.checks import Kind
from grannskap.sources.register.gathering import Gathered, Rows

__all__ = ["assemble"]

_MOST_DECIMALS = 6
_HAIR = 1e-6

_FIRST_YEAR_OF_2025 = 2024


def assemble(
    gathered: Gathered,
    rows: Rows,
    *,
    kinds: Mapping[str, Kind],
    percent: Mapping[str, str],
    noise: Mapping[str, float],
) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """Mask what lies outside the division, check what is left, and build the frame.

    `noise` is how far each perturbed count may be from the truth, by column.
    """
    if len(set(gathered.year == 0)) > 1:
        raise ColumnError("years in some headings")
    division = rows.areas.division
    outside = _outside(gathered.year, division)
    for name, values in gathered.values.items():
        values[outside] = np.nan
        gathered.grades[name][outside] = grade(Status.OUTSIDE_DIVISION)
    _check(gathered, rows, kinds=kinds)
    bounds = {name: _from_percent(gathered, name, base) for name, base in percent.items()}
    bounds |= {name: _perturbed(gathered, name, bounds, noise[name]) for name in noise}
    frame = pd.DataFrame(_columns(gathered, bounds), index=_index(gathered, rows))
    frame.attrs["division"] = division
    return frame, _notes(gathered, rows, percent, outside, noise)


def _outside(year: npt.NDArray[np.int64], division: Division | None) -> npt.NDArray[np.bool_]:
    """Tell which years are not of the division; a year that is not stated never is."""
    if division is None:
        return np.zeros(len(year), dtype=bool)
    late = year >= _FIRST_YEAR_OF_2025
    return (year > 0) & (late if division == 2018 else ~late)


def _check(gathered: Gathered, rows: Rows, *, kinds: Mapping[str, Kind]) -> None:
    codes = rows.areas.codes(gathered.code)
    for name, values in gathered.values.items():
        checks.refuse_empty(values, gathered.grades[name], name=name)
        if kinds[name] == "count":
            checks.refuse_bad_count(values, codes, name=name)
        elif kinds[name] == "percent":
            checks.refuse_bad_percent(values, codes, name=name)
        else:
            checks.refuse_bad_amount(values, codes, name=name)


def _from_percent(gathered: Gathered, name: str, base: str) -> tuple[Floats, Floats]:
    """Turn a column's per cent into counts, in place; return the least and the most they can be.

    A file that writes whole per cent has rounded them, by half a per cent at most; one that
    writes decimals by half of its last one.
    """
    per_cent, whole = gathered.values[name], gathered.values[base]
    half = 0.5 * 10.0 ** -_decimals(per_cent)
    gathered.values[name] = np.rint(per_cent / 100 * whole)
    gathered.grades[name] = np.maximum(gathered.grades[name], gathered.grades[base])
    # What lies on the border may have been rounded either way; a float may miss it by a hair.
    least = np.ceil((per_cent - half) / 100 * whole - _HAIR)
    most = np.floor((per_cent + half) / 100 * whole + _HAIR)
    value = gathered.values[name]
    return (
        np.clip(np.minimum(least, value), 0, None),
        np.minimum(np.maximum(most, value), whole),
    )


def _perturbed(
    gathered: Gathered, name: str, bounds: Mapping[str, tuple[Floats, Floats]], noise: float
) -> tuple[Floats, Floats]:
    """Return the least and the most that counts can be which SCB has perturbed.

    Zeros are left as they are and no count is made less than nothing, so what is shown above
    zero is more than nobody; a zero may be a few.
    """
    value = gathered.values[name]
    least, most = bounds.get(name, (value, value))
    here = gathered.year >= PERTURBED_FROM
    floor = np.where(value > 0, 1.0, 0.0)
    lowest = np.minimum(np.maximum(least - noise, floor), value)
    return np.where(here, lowest, least), np.where(here, most + noise, most)


def _decimals(values: Floats) -> int:
    """Return how many decimals the numbers are written with."""
    known = values[np.isfinite(values)]
    near = (
        np.allclose(known, np.round(known, n), rtol=0, atol=1e-9) for n in range(_MOST_DECIMALS)
    )
    return next((n for n, exact in enumerate(near) if exact), _MOST_DECIMALS)


def _columns(gathered: Gathered, bounds: Mapping[str, tuple[Floats, Floats]]) -> dict[str, object]:
    words = pd.array([status.value for status in STATUSES], dtype="str")
    columns: dict[str, object] = {}
    for name, values in gathered.values.items():
        columns[name] = values
        if name in bounds:
            columns[lower_column(name)], columns[upper_column(name)] = bounds[name]
        columns[status_column(name)] = words.take(gathered.grades[name])
    return columns


def _index(gathered: Gathered, rows: Rows) -> pd.MultiIndex:
    codes = rows.areas.codes(gathered.code)
    groups = np.array(rows.groups, dtype=object)[gathered.group]
    return pd.MultiIndex.from_arrays(
        [pd.Index(codes, dtype="str"), pd.Index(gathered.year), pd.Index(groups, dtype="str")],
        names=["deso", "year", "group"],
    )


def _notes(
    gathered: Gathered,
    rows: Rows,
    percent: Mapping[str, str],
    outside: npt.NDArray[np.bool_],
    noise: Mapping[str, float],
) -> tuple[Note, ...]:
    notes: list[Note] = []
    if outside.any():
        years = ", ".join(str(year) for year in np.unique(gathered.year[outside]))
        division = rows.areas.division
        told = {"years": years, "division": str(division), "rows": int(outside.sum())}
        notes.append(Note("outside division", told))
    grades = np.stack(list(gathered.grades.values()))
    missing = int((grades == grade(Status.MISSING)).sum())
    hidden = int((grades == grade(Status.SUPPRESSED)).sum())
    if missing or hidden:
        without = np.isin(grades, [grade(Status.MISSING), grade(Status.SUPPRESSED)]).any(axis=0)
        codes = dict.fromkeys(rows.areas.codes(gathered.code[without]))
        cells = {"missing": missing, "hidden": hidden}
        notes.append(Note("missing cells", cells, tuple(codes)))
    if gathered.dashes:
        notes.append(Note("dashes", {"cells": int(gathered.dashes)}))
    notes.extend(map(_note_on_rounding, percent))
    notes.extend(_notes_far_apart(gathered, rows))
    if (gathered.year >= PERTURBED_FROM).any():
        notes.append(Note("perturbed counts", {"stated": bool(noise)}))
    return tuple(notes)


def _note_on_rounding(name: str) -> Note:
    return Note("rounded from per cent", {"column": name})


def _notes_far_apart(gathered: Gathered, rows: Rows) -> list[Note]:
    """Say which incomes look as if they were of another unit than the others."""
    notes = []
    for name, values in gathered.values.items():
        apart = checks.far_apart(values, name=name)
        if apart.any():
            codes = tuple(dict.fromkeys(rows.areas.codes(gathered.code[apart])))
            told = {"column": name, "cells": int(apart.sum())}
            notes.append(Note("amounts far apart", told, codes))
    return notes
