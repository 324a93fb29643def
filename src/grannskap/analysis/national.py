"""The country beside the places: shares of a register that holds all of it, without polygons."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from grannskap import deso
from grannskap.analysis.results import KEY, SHAPE
from grannskap.catalogue import SHARES
from grannskap.measures import indicators, proportion

if TYPE_CHECKING:
    from grannskap.analysis.options import Options
    from grannskap.analysis.results import Measured
    from grannskap.counts import Counts
    from grannskap.dataset import Dataset

__all__ = ["COUNTRY", "longer", "rows"]

COUNTRY = ("country", "country")
"""The level and the place of the whole country."""

ENOUGH = 0.95
"""The share of the country's areas that must be known, before their sum is called the country."""


def rows(
    dataset: Dataset, asked: Options, shares: Collection[str], years: tuple[int, ...]
) -> dict[str, pd.DataFrame]:
    """Rows of the country for shares and their changes, where the register holds all of it.

    Parameters
    ----------
    dataset : Dataset
        Whose counts may reach beyond its polygons.
    asked : Options
        What is measured.
    shares : collection of str
        Those that are measured.
    years : tuple of int
        The year that is compared with and the year in focus; one year where none is compared.

    Returns
    -------
    dict of str to pandas.DataFrame
        By name of the measure, rows in the shape of every measure; empty where the polygons hold
        the country themselves, or the register does not.
    """
    codes = dataset.counts.index.unique("deso")
    sizes = [deso.AREAS[dataset.division]] if dataset.division else list(deso.AREAS.values())
    whole = dataset.level == "deso" and len(codes) in sizes
    if not asked.indicators.country or not whole or len(dataset.geometry) == len(codes):
        return {}
    found = {}
    for name in shares:
        of_years = [_share(dataset, asked, name, codes, one) for one in dataset.years_and_groups()]
        found[name] = [row for row in of_years if row is not None]
        if len(years) > 1:
            changes = [_change(dataset, asked, name, codes, (years, g)) for g in dataset.groups]
            found[f"{name}_change"] = [row for row in changes if row is not None]
    return {name: pd.concat(held) for name, held in found.items() if held}


def longer(
    measured: Mapping[str, Measured], more: Mapping[str, pd.DataFrame]
) -> dict[str, Measured]:
    """Return measures with further rows."""
    return {
        name: replace(one, table=pd.concat([one.table, more[name]])) if name in more else one
        for name, one in measured.items()
    }


def _counts(
    dataset: Dataset, name: str, codes: pd.Index[Any], key: tuple[int, str]
) -> tuple[Counts, Counts]:
    part, base = (
        dataset.count(one, year=key[0], group=key[1], index=codes)
        for one in (SHARES[name].part, SHARES[name].base)
    )
    return part, base


def _share(
    dataset: Dataset, asked: Options, name: str, codes: pd.Index[Any], key: tuple[int, str]
) -> pd.DataFrame | None:
    part, base = _counts(dataset, name, codes, key)
    options = asked.balance
    found = proportion.places(
        part, base, confidence=options.confidence, dispersion=options.dispersion
    )
    return _row(found, key)


def _change(
    dataset: Dataset,
    asked: Options,
    name: str,
    codes: pd.Index[Any],
    between: tuple[tuple[int, ...], str],
) -> pd.DataFrame | None:
    years, group = between
    if any((year, group) not in dataset.years_and_groups() for year in years):
        return None
    then, now = (_counts(dataset, name, codes, (year, group)) for year in years)
    found = indicators.change(then, now, dispersion=asked.balance.dispersion)
    return _row(found.assign(q=found["p"]), (years[-1], group))


def _row(found: pd.DataFrame, key: tuple[int, str]) -> pd.DataFrame | None:
    """Return the row in the shape of every measure; None where too much of the country is not."""
    held, gone = found[["areas", "areas_missing"]].iloc[0]
    if held < ENOUGH * (held + gone):
        return None
    row: pd.DataFrame = found.reindex(columns=list(SHAPE))
    row.attrs = {}
    return row.set_axis(pd.MultiIndex.from_tuples([(*COUNTRY, *key)], names=KEY))
