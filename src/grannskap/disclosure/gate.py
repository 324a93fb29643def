"""The gate: a dataset goes in, and one that may leave comes out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.catalogue import AMOUNTS, Status, lower_column, status_column, upper_column
from grannskap.disclosure.attack import attack
from grannskap.disclosure.rules import Rules
from grannskap.disclosure.suppression import Pattern, suppress
from grannskap.disclosure.tables import Linked, linked
from grannskap.notes import FOR_THE_OWNER, Note

if TYPE_CHECKING:
    from grannskap.dataset import Dataset

__all__ = ["protect"]

Floats = npt.NDArray[np.float64]

_SECRET = frozenset({"register", "microdata"})
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
    counts, hidden, gap = dataset.counts[there].copy(), 0, 0.0
    for year in dataset.years:
        tables = linked(dataset, year, asked)
        pattern = suppress(tables.cells)
        gap = max(gap, pattern.gap)
        hidden += _hide(counts, year, tables, pattern)
        _hide_amounts(counts, dataset, year, asked)
    values = {
        "cells": hidden,
        "threshold": asked.threshold,
        "gap": round(gap, 4),
        "share": _held(dataset, counts),
    }
    sources = tuple(
        replace(one, sha256=None) if one.role in _SECRET else one for one in dataset.provenance
    )
    kept = tuple(note for note in dataset.notes if note.kind != FOR_THE_OWNER)
    told = (*kept, Note("hidden by disclosure control", values))
    return replace(dataset, counts=counts, provenance=sources, notes=told, pools=None)


def _hide(counts: pd.DataFrame, year: int, tables: Linked, pattern: Pattern) -> int:
    """Put bounds in place of what is hidden, in place; return how many counts that are."""
    cells, hidden, number = tables.cells, pattern.hidden, 0
    lower = np.where(hidden, cells.least, cells.shown[0])
    found = attack(cells.relations, lower, np.where(hidden, np.inf, cells.shown[1]))
    middle = cells.shown.mean(axis=0)
    index = cast("pd.MultiIndex", counts.index)
    for group, name in tables.keys:
        where = tables.at((group, name))
        wanted = pd.MultiIndex.from_product([tables.codes, [year], [group]])
        rows = index.get_indexer(wanted)
        known = np.isfinite(counts[name].to_numpy()[rows]) & (rows >= 0)
        at, unseen = rows[known], hidden[where][known]
        _put(counts, name, at, np.where(unseen, np.nan, middle[where][known]))
        _put(counts, lower_column(name), at, found.least[where][known])
        _put(counts, upper_column(name), at, found.most[where][known])
        status = counts[status_column(name)].to_numpy(dtype=object, copy=True)
        status[at[unseen]] = Status.SUPPRESSED.value
        counts[status_column(name)] = status
        number += int(unseen.sum())
    return number


def _put(counts: pd.DataFrame, column: str, at: npt.NDArray[np.intp], values: Floats) -> None:
    whole = counts[column].to_numpy(dtype=float, copy=True)
    whole[at] = values
    counts[column] = whole


def _held(dataset: Dataset, counts: pd.DataFrame) -> float:
    """Return the share of everybody's counts, over all variables, that is hidden."""
    everybody = counts.index.get_level_values("group") == "all"
    names = [name for name in dataset.variables if name not in AMOUNTS]
    before = dataset.counts.reindex(counts.index).loc[everybody, names]
    total = float(before.sum().sum())
    left = float(before.where(counts.loc[everybody, names].notna()).sum().sum())
    return round(1 - left / total, 3) if total else 0.0


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
