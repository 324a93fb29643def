"""What happened over all the years of a dataset, never across a break in its series."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from grannskap.analysis import clustering, series, wide
from grannskap.analysis.evenness import LEVELS, evenness_of
from grannskap.analysis.index import segregation_of
from grannskap.catalogue import CLUSTER_KEYS, SHARES, Share
from grannskap.measures import autocorrelation, balance, frontiers

if TYPE_CHECKING:
    from grannskap.analysis.options import Options
    from grannskap.analysis.results import Clustering, Measured
    from grannskap.breaks import Break
    from grannskap.dataset import Dataset

__all__ = ["MOVING", "Focus", "History", "history_of"]

MOVING = (*CLUSTER_KEYS, "not significant")
"""The classes of clusters that an area can come from and go to."""


Span = tuple[int, int]
"""A first and a last year."""


@dataclass(frozen=True)
class History:
    """All the years together.

    Attributes
    ----------
    years : tuple of int
        Those that tell of everybody, in order.
    breaks : tuple of Break
        What is counted in another way from some year on; years before and after are not compared.
    clusters : pandas.DataFrame
        Index ``variable``, ``year``, ``deso``: the class (``cluster``) and ``q`` of each tested
        area, each year by itself, over the same neighbours.
    evenness : pandas.DataFrame
        Index ``year``, ``level``, ``place``, ``measure``: as `Results.evenness`, of every year.
    index : pandas.DataFrame
        Index ``year``, ``municipality``: as `Results.index`, of every year that has one.
    moves : pandas.DataFrame
        Index ``level``, ``place``, ``variable``, ``first_year``, ``last_year``,
        ``cluster_first``, ``cluster_last``: as `autocorrelation.transitions` gives it, between the
        ends of each of the `spans`, over the areas of each place.
    shares : pandas.DataFrame
        Index ``over_share`` (the share of each pole), ``first_year`` of each segment between
        breaks, and ``deso``: as `balance.over_years` gives it. Each share is a family of tests of
        its own.
    spans : mapping of str to tuple
        The first and last year of each segment between breaks in which clusters of a variable are
        known in two years or more.
    """

    years: tuple[int, ...]
    breaks: tuple[Break, ...]
    clusters: pd.DataFrame
    evenness: pd.DataFrame
    index: pd.DataFrame
    moves: pd.DataFrame
    shares: pd.DataFrame
    spans: Mapping[str, tuple[Span, ...]]

    def classes(self, variable: str, year: int) -> pd.Series[Any]:
        """Return the class of each area in the test of one variable and year."""
        found: pd.Series[Any] = self.clusters["cluster"].loc[variable].loc[year]
        return found


@dataclass(frozen=True)
class Focus:
    """What was found in the year in focus, so that it is not made twice."""

    year: int
    clusterings: tuple[Clustering, ...]
    evenness: pd.DataFrame
    index: pd.DataFrame


@dataclass(frozen=True)
class _Year:
    """What is told of one year: the local test of each variable, evenness and index."""

    tests: dict[str, pd.DataFrame]
    evenness: pd.DataFrame
    index: pd.DataFrame


@dataclass(frozen=True)
class _Making:
    """What the measures of every year are made of."""

    dataset: Dataset
    asked: Options
    measured: dict[str, Measured]
    members: pd.DataFrame
    focus: Focus

    def of(self, year: int) -> _Year:
        """Return what is told of a year: of that in focus what is known already."""
        focus = self.focus
        if year == focus.year:
            local = {one.variable: one.local for one in focus.clusterings}
            return _Year(local, focus.evenness, focus.index)
        areas = wide.areas(self.dataset, self.measured, year)
        index = segregation_of(areas, self.dataset, self.asked, year)
        tests = {
            one.variable: clustering.in_year(one, index.areas, self.asked.autocorrelation)
            for one in focus.clusterings
        }
        found = {name: table for name, table in tests.items() if table is not None}
        even = evenness_of(self.dataset, self.members, self.asked, year)
        return _Year(found, even, index.table)


def history_of(
    dataset: Dataset,
    asked: Options,
    measured: dict[str, Measured],
    members: pd.DataFrame,
    focus: Focus,
) -> History | None:
    """Test the share of each pole in every area over all years, and measure each year.

    Parameters
    ----------
    dataset : Dataset
        Its counts of every year.
    asked : Options
        Which poles, and how they are tested.
    measured : dict of str to Measured
        The shares that are tested for clusters.
    members : pandas.DataFrame
        A row per place and area.
    focus : Focus
        What was found in the year in focus.

    Returns
    -------
    History or None
        None of a single year.
    """
    years = tuple(
        sorted(year for year, group in dataset.years_and_groups() if group == "all" and year)
    )
    if len(years) <= 1:
        return None
    shares = _shares(dataset, asked)
    names = (asked.balance.low, asked.balance.high, *(one.base for one in shares))
    breaks = series.of(dataset, dict.fromkeys(names))
    making = _Making(dataset, asked, measured, members, focus)
    each = {year: making.of(year) for year in years}
    clusters = {
        (name, year): pd.DataFrame(local)[["cluster", "q"]].astype({"cluster": object})
        for year, found in each.items()
        for name, local in found.tests.items()
    }
    whole = _stacked(clusters, ("variable", "year", "deso"), ("cluster", "q"))
    spans = _spans(clusters, breaks)
    indexes = {year: one.index for year, one in each.items() if len(one.index)}
    return History(
        years=years,
        breaks=breaks,
        clusters=whole,
        evenness=_stacked(
            {year: one.evenness for year, one in each.items() if len(one.evenness)},
            ("year", "level", "place", "measure"),
        ),
        index=_stacked(indexes, ("year", "municipality")),
        moves=_moves(whole["cluster"], spans, members),
        shares=_over_years(dataset, asked, shares, (years, breaks)),
        spans=spans,
    )


def _spans(
    known: Iterable[tuple[str, int]], breaks: tuple[Break, ...]
) -> dict[str, tuple[Span, ...]]:
    """The ends of each segment of two years or more that a variable is known in."""
    years: dict[str, list[int]] = {}
    for name, year in known:
        years.setdefault(name, []).append(year)
    parts = {
        name: balance.segments(held, [one.year for one in breaks]) for name, held in years.items()
    }
    return {
        name: tuple((one[0], one[-1]) for one in found if len(one) > 1)
        for name, found in parts.items()
    }


def _moves(
    classes: pd.Series[Any], spans: dict[str, tuple[Span, ...]], members: pd.DataFrame
) -> pd.DataFrame:
    """From class to class between the ends of each span, in every place."""
    inside = members[members["level"].isin(LEVELS)].groupby(["level", "place"], sort=False)["deso"]
    found = {}
    for name, of_variable in spans.items():
        for span in of_variable:
            first, last = (classes.loc[name].loc[year] for year in span)
            for (level, place), codes in inside:
                here = first.index.intersection(pd.Index(codes))
                found[(level, place, name, *span)] = autocorrelation.transitions(
                    first.reindex(here), last.reindex(here), MOVING
                )
    names = ("level", "place", "variable", "first_year", "last_year")
    return _stacked(found, (*names, "cluster_first", "cluster_last"), ("areas", "expected"))


def _stacked(
    found: dict[Any, pd.DataFrame], names: tuple[str, ...], columns: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Set tables under each other; without any, a table of no rows."""
    if not found:
        keys = pd.MultiIndex.from_arrays([[] for _ in names], names=names)
        return pd.DataFrame(index=keys, columns=list(columns))
    plain = {key: table.set_axis(table.index) for key, table in found.items()}
    for table in plain.values():
        table.attrs = {}
    whole: pd.DataFrame = pd.concat(plain, names=list(names))
    return whole


def _shares(dataset: Dataset, asked: Options) -> list[Share]:
    """The shares of the two poles, where it is known of how many they are."""
    poles, there = (asked.balance.low, asked.balance.high), set(dataset.variables)
    every = [one for one in SHARES.values() if one.part in poles and one.base in there]
    return sorted(every, key=lambda one: poles.index(one.part))


def _over_years(
    dataset: Dataset,
    asked: Options,
    shares: Iterable[Share],
    when: tuple[tuple[int, ...], tuple[Break, ...]],
) -> pd.DataFrame:
    years, breaks = when
    found = {}
    for share in shares:
        parts, bases = (
            {year: dataset.count(name, year=year) for year in years}
            for name in (share.part, share.base)
        )
        found[share.name] = balance.over_years(
            parts,
            bases,
            breaks=[one.year for one in breaks],
            alpha=asked.autocorrelation.fdr,
            correction=asked.autocorrelation.correction,
            dispersion=asked.balance.dispersion,
            alike=frontiers.PERSONS if asked.balance.basis == "persons" else 1.0,
            seed=asked.autocorrelation.seed,
        )
    return _stacked(found, ("over_share", "first_year", "deso"), balance.OVER_YEARS)
