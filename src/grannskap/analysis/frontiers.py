"""Which borders between neighbouring areas are frontiers, by place and year, and what became."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from grannskap import notes
from grannskap.analysis import series
from grannskap.analysis.results import Frontiers
from grannskap.catalogue import SHARES, TENURES
from grannskap.counts import Counts
from grannskap.measures import frontiers as measure
from grannskap.notes import Note

if TYPE_CHECKING:
    import geopandas as gpd

    from grannskap.analysis.options import Options
    from grannskap.dataset import Dataset

__all__ = ["frontiers_of", "notes_of"]

PARTED = ("municipality", "county", "country")
"""Levels whose places have no area in common."""

OVERLAPPING = ("neighbourhood", "scope")


def frontiers_of(
    dataset: Dataset, members: pd.DataFrame, asked: Options, year: int
) -> Frontiers | None:
    """Test every shared border in every year, and its change from an earlier year.

    Returns
    -------
    Frontiers or None
        None where the low pole has no base that it is a share of.
    """
    low, high = asked.balance.low, asked.balance.high
    base = next((one.base for one in SHARES.values() if one.part == low), None)
    if base is None or base not in dataset.variables:
        return None
    lines = _borders(dataset, asked)
    if lines.empty:
        return None
    tests = _Tests(dataset, (low, high, base), lines, asked)
    years = {year, *(one for one, group in dataset.years_and_groups() if group == "all")}
    found = {one: tests.of(one) for one in sorted(years)}
    then = _then(dataset, asked, year, found)
    became = None if then is None else tests.since(found[then], found[year])
    main = found[year][3].assign(**_tenures(dataset, found[year][3], year))
    return Frontiers(
        borders=main,
        places=_places({one: parts[3] for one, parts in found.items()}, members),
        then=then,
        became=became,
        notes=(*notes.of(lines), *notes.of(found[year][3])),
    )


def _borders(dataset: Dataset, asked: Options) -> gpd.GeoDataFrame:
    land = dataset.land
    if land is None and dataset.shore is not None:
        land = dataset.shore.land
    tolerance = max(measure.TOLERANCE, asked.autocorrelation.neighbours.tolerance)
    return measure.borders(dataset.geometry.geometry, land=land, tolerance=tolerance)


@dataclass(frozen=True)
class _Tests:
    """The tests of one run, all in the same way."""

    dataset: Dataset
    counted: tuple[str, str, str]
    lines: gpd.GeoDataFrame
    asked: Options

    def of(self, year: int) -> measure.Year:
        """Test a year's borders."""
        low, high, base = (self.dataset.count(name, year=year) for name in self.counted)
        base = _holding(base, low)
        confidence = self.asked.balance.confidence
        found = measure.find(low, high, base, self.lines, confidence=confidence, **self._options)
        return low, high, base, found

    def since(self, then: measure.Year, now: measure.Year) -> pd.DataFrame:
        """Test what became of each border."""
        return measure.since(then, now, **self._options)

    @property
    def _options(self) -> dict[str, Any]:
        persons = self.asked.balance.basis == "persons"
        return {
            "alpha": self.asked.autocorrelation.fdr,
            "correction": self.asked.autocorrelation.correction,
            "dispersion": self.asked.balance.dispersion,
            "alike": measure.PERSONS if persons else 1.0,
        }


def _holding(base: Counts, low: Counts) -> Counts:
    """Return the base as no less than its part: perturbed counts of few need not agree."""
    less = base.value < low.value
    if not less.any():
        return base
    value, upper = base.value.where(~less, low.value), base.upper.clip(lower=low.value)
    return Counts(value, base.lower, upper.fillna(base.upper), base.status)


def _then(
    dataset: Dataset, asked: Options, year: int, found: dict[int, measure.Year]
) -> int | None:
    """Return the year asked for, or else the first one known with no break before the focus."""
    if asked.compare is not None:
        return asked.compare
    last = max((one.year for one in series.of(dataset, dataset.variables)), default=0)
    known = [
        one
        for one, parts in found.items()
        if last <= one < year and (parts[3]["status"] != "untested").any()
    ]
    return min(known, default=None)


def _tenures(dataset: Dataset, found: pd.DataFrame, year: int) -> dict[str, Any]:
    """Return the main tenure of the dwellings on both sides, and whether it differs."""
    names = [name for name in TENURES if name in dataset.variables]
    if len(names) <= 1:
        return {}
    main = _main({name: dataset.count(name, year=year) for name in names})
    one, other = (main.reindex(found[side]).to_numpy(dtype=object) for side in ("first", "second"))
    known = np.array([a is not None and b is not None for a, b in zip(one, other, strict=True)])
    differs = pd.array(one != other, dtype="boolean")
    differs[~known] = pd.NA
    return {"tenure_first": one, "tenure_second": other, "tenure_differs": differs}


def _main(counts: dict[str, Counts]) -> pd.Series[Any]:
    """Return the largest of several counts by area; None where it may be another."""
    names = np.array(list(counts), dtype=object)
    lower, upper = (
        np.array([getattr(one, end).to_numpy(dtype=float) for one in counts.values()])
        for end in ("lower", "upper")
    )
    best = lower.argmax(axis=0)
    rest = np.where(np.arange(len(names))[:, None] == best, -np.inf, upper).max(axis=0)
    sure = lower.max(axis=0) > rest
    index = next(iter(counts.values())).value.index
    return pd.Series(np.where(sure, names[best], None), index=index, dtype=object)


def _places(found: dict[int, pd.DataFrame], members: pd.DataFrame) -> pd.DataFrame:
    """Index ``level``, ``place``, ``year``: `frontiers.of_places` of every place."""
    by = list(_parts(members))
    tables = {
        (level, year): measure.of_places(table, of)
        for year, table in found.items()
        for level, of in by
    }
    rows = []
    for (level, year), table in tables.items():
        keys = pd.MultiIndex.from_product([[level], table.index, [year]])
        rows.append(table.set_axis(keys))
    whole = pd.concat(rows)
    whole.index.names = ["level", "place", "year"]
    return whole.sort_index()


def _parts(members: pd.DataFrame) -> Iterator[tuple[str, pd.Series[Any]]]:
    """The place of each area, for places that have none in common."""
    for level, rows in members.groupby("level", sort=False):
        if level in PARTED:
            yield str(level), rows.set_index("deso")["place"]
        elif level in OVERLAPPING:
            for _, part in rows.groupby("place", sort=False):
                yield str(level), part.drop_duplicates("deso").set_index("deso")["place"]


def notes_of(found: Frontiers | None) -> tuple[Note, ...]:
    """Return what is to be said of the borders, or of there being none."""
    return (Note("no base for frontiers"),) if found is None else found.notes
