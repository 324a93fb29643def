"""What happened over all the years of a dataset, never across a break in its series."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from grannskap.analysis import series
from grannskap.catalogue import SHARES, Share
from grannskap.measures import balance, frontiers

if TYPE_CHECKING:
    from grannskap.analysis.options import Options
    from grannskap.breaks import Break
    from grannskap.dataset import Dataset

__all__ = ["History", "history_of"]


@dataclass(frozen=True)
class History:
    """All the years together.

    Attributes
    ----------
    years : tuple of int
        Those that tell of everybody, in order.
    breaks : tuple of Break
        What is counted in another way from some year on; years before and after are not compared.
    shares : pandas.DataFrame
        Index ``over_share`` (the share of each pole), ``first_year`` of each segment between
        breaks, and ``deso``: as `balance.over_years` gives it. Each share is a family of tests of
        its own.
    """

    years: tuple[int, ...]
    breaks: tuple[Break, ...]
    shares: pd.DataFrame


def history_of(dataset: Dataset, asked: Options) -> History | None:
    """Test the share of each pole in every area over all years.

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
    return History(years, breaks, _over_years(dataset, asked, shares, (years, breaks)))


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
    names = ["over_share", "first_year", "deso"]
    if not found:
        keys = pd.MultiIndex.from_arrays([[], [], []], names=names)
        return pd.DataFrame(index=keys, columns=list(balance.OVER_YEARS))
    return pd.concat(found, names=names)
