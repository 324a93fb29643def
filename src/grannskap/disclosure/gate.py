"""The gate: a dataset goes in, and one that may leave comes out."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.catalogue import (
    AMOUNTS,
    PARTITIONS,
    Status,
    lower_column,
    status_column,
    upper_column,
)
from grannskap.dataset import Source
from grannskap.disclosure.attack import attack
from grannskap.disclosure.rules import Rules
from grannskap.disclosure.suppression import Pattern, suppress
from grannskap.disclosure.tables import Linked, linked, rounded
from grannskap.notes import FOR_THE_OWNER, Note

if TYPE_CHECKING:
    from grannskap.dataset import Dataset

__all__ = ["protect"]

Floats = npt.NDArray[np.float64]

_SECRET = frozenset({"register", "microdata"})
_WORTH_TELLING = 0.01
_COUNTED = ("households", "persons", "population")


def protect(dataset: Dataset, rules: Rules | None = None) -> Dataset:
    """Return a dataset of which no small count can be worked out.

    Hidden counts are suppressed, and their bounds are what an attacker works out of the rest, so
    that nothing which is made of the dataset tells more. Checksums of the registers are left out:
    whoever guesses a count could try the guess by them.

    Parameters
    ----------
    dataset : Dataset
        True counts.
    rules : Rules, optional
        A threshold of five unless given.

    Returns
    -------
    Dataset
        With a note on what is hidden.

    Raises
    ------
    DataError
        When no safe table exists.
    """
    asked = rules or Rules()
    there = dataset.counts.index.get_level_values("deso").isin(dataset.geometry.index)
    counts, hidden, totals, gap = dataset.counts[there].copy(), 0, 0, 0.0
    for year in dataset.years:
        tables = linked(dataset, year, asked)
        pattern = suppress(tables.cells)
        gap = max(gap, pattern.gap)
        hidden += _hide(counts, year, tables, pattern, asked)
        totals += _totals(tables, pattern)
        _hide_amounts(counts, dataset, year, asked)
    told = _notes(replace(dataset, counts=counts), asked, hidden, totals, gap)
    sources = tuple(
        replace(one, sha256=None) if one.role in _SECRET else one for one in dataset.provenance
    )
    rule = {**asdict(asked), "cells": hidden, "totals": totals, "gap": round(gap, 4)}
    gate = Source("disclosure", None, None, "", hidden, None, parameters=rule)
    kept = tuple(_coarse(one, asked) for one in dataset.notes if one.kind != FOR_THE_OWNER)
    notes = (*kept, *told)
    return replace(dataset, counts=counts, provenance=(*sources, gate), notes=notes, pools=None)


def _hide(counts: pd.DataFrame, year: int, tables: Linked, pattern: Pattern, rules: Rules) -> int:
    """Put bounds in place of what is hidden, in place; return how many counts that are."""
    cells, hidden, number = tables.cells, pattern.hidden, 0
    lower = np.where(hidden, cells.least, cells.shown[0])
    upper = np.where(hidden, np.inf, cells.shown[1])
    found = attack(cells.relations, lower, upper, of=tables.published())
    shown = np.clip(rounded(cells.value, rules.rounding), found.least, found.most)
    index = cast("pd.MultiIndex", counts.index)
    for group, name in tables.keys:
        where = tables.at((group, name))
        wanted = pd.MultiIndex.from_product([tables.codes, [year], [group]])
        rows = index.get_indexer(wanted)
        known = np.isfinite(counts[name].to_numpy()[rows]) & (rows >= 0)
        at, unseen = rows[known], hidden[where][known]
        _put(counts, name, at, np.where(unseen, np.nan, shown[where][known]))
        for column, ends, wider in (
            (lower_column(name), found.least, np.minimum),
            (upper_column(name), found.most, np.maximum),
        ):
            _put(counts, column, at, wider(counts[column].to_numpy()[at], ends[where][known]))
        status = counts[status_column(name)].to_numpy(dtype=object, copy=True)
        status[at[unseen]] = Status.SUPPRESSED.value
        counts[status_column(name)] = status
        number += int(unseen.sum())
    return number


def _coarse(note: Note, rules: Rules) -> Note:
    """Tell of people that were moved between areas no closer than a hidden count is told."""
    people, step = note.values.get("people"), max(rules.threshold, rules.rounding)
    if not isinstance(people, int | float):
        return note
    return replace(note, values={**note.values, "people": int(-(-people // step) * step)})


def _totals(tables: Linked, pattern: Pattern) -> int:
    """Count the totals of places that nobody may have either."""
    areas = tables.published()
    places = np.arange(len(areas)) < len(tables.keys) * tables.locations
    return int((pattern.hidden & places & ~areas).sum())


def _put(counts: pd.DataFrame, column: str, at: npt.NDArray[np.intp], values: Floats) -> None:
    whole = counts[column].to_numpy(dtype=float, copy=True)
    whole[at] = values
    counts[column] = whole


def _notes(safe: Dataset, rules: Rules, cells: int, totals: int, gap: float) -> list[Note]:
    """Tell what is hidden, of nothing but what is shown."""
    values = {"cells": cells, "threshold": rules.threshold, "width": int(rules.wide)}
    told = [Note("hidden by disclosure control", values)]
    held = _held(safe)
    if held is not None:
        told.append(Note("people in hidden counts", held))
    if totals:
        told.append(Note("totals hidden too", {"totals": totals}))
    if gap > _WORTH_TELLING:
        told.append(Note("hidden more than needed", {"share": round(gap, 2)}))
    amounts = [name for name in safe.variables if name in AMOUNTS]
    if rules.profile and amounts:
        told.append(Note("dominance not judged", {"profile": rules.profile, "amounts": amounts}))
    if rules.rounding > 1:
        told.append(Note("counts rounded", {"rounding": rules.rounding}))
    return told


def _held(safe: Dataset) -> dict[str, object] | None:
    """Return between which per cents of everybody the hidden parts of a whole hold."""
    there = set(safe.variables)
    for one in PARTITIONS:
        if not (one.exhaustive and there.issuperset({one.whole, *one.parts})):
            continue
        counts = safe.counts[safe.counts.index.get_level_values("group") == "all"]
        whole = [counts[of(one.whole)].sum() for of in (lower_column, upper_column)]
        ends = []
        for of in (lower_column, upper_column):
            parts = [
                counts[of(part)].where(counts[status_column(part)].eq(Status.SUPPRESSED.value))
                for part in one.parts
            ]
            ends.append(float(sum(part.sum() for part in parts)))
        if whole[0] > 0 and np.isfinite(ends[1]):
            shares = [round(100 * min(1.0, end / whole[0]), 1) for end in ends]
            return {"least": shares[0], "most": shares[1], "base": [one.whole]}
    return None


def _hide_amounts(counts: pd.DataFrame, dataset: Dataset, year: int, rules: Rules) -> None:
    """Hide amounts of too few, and of groups that leave too few of everybody."""
    amounts = [name for name in dataset.variables if name in AMOUNTS]
    base = next((name for name in _COUNTED if name in dataset.variables), None)
    years = counts.index.get_level_values("year") == year
    for name in amounts:
        few = np.ones(len(counts), dtype=bool)
        if base is not None:
            value = dataset.counts[base].reindex(counts.index)
            everybody = value.xs("all", level="group")
            index = cast("pd.MultiIndex", counts.index)
            whole = everybody.reindex(index.droplevel(["group"])).to_numpy()
            left = whole - value.to_numpy()
            few = (~(value.to_numpy() >= rules.freedom)) | ((left > 0) & (left < rules.freedom))
            few |= counts[status_column(base)].eq(Status.SUPPRESSED.value).to_numpy()
        gone = few & years & counts[name].notna().to_numpy()
        counts.loc[gone, [name, lower_column(name), upper_column(name)]] = [np.nan, 0.0, np.inf]
        counts.loc[gone, status_column(name)] = Status.SUPPRESSED.value
