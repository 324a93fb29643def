"""Bounds of the country's quartiles: given, or exact order statistics found in two passes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from grannskap.sources.microdata.asked import Asked

__all__ = ["Bounds", "of_country", "on_a_bound", "quartile"]

Bounds = Mapping[int, tuple[float, ...]]
"""The upper bounds of the three lower quartiles by year, kronor per unit."""

_WIDTH = 256.0
"""Kronor per unit of the bins in which a bound is looked for first."""


def of_country(kept: Any, asked: Asked) -> Bounds:  # noqa: ANN401 - Ibis has no types of its own
    """Return each year's bounds, kronor per unit.

    Bound *k* is the least income that at least *k* fourths of the year's households do not
    exceed. Only the households of the bins that hold a bound are ordered.
    """
    usable = kept.filter(kept.per_unit.notnull())
    binned = usable.mutate(bin=(usable.per_unit / _WIDTH).floor().cast("int64"))
    sizes = binned.group_by("year", "bin").aggregate(n=binned.count()).execute()
    sizes = sizes.sort_values(["year", "bin"])
    found = {}
    for year in sorted({int(one) for one in sizes["year"]}):
        given = asked.bounds.get(year)
        of_year = sizes[sizes["year"] == year]
        found[year] = _exact(binned, year, of_year) if given is None else tuple(map(float, given))
    return found


def _exact(binned: Any, year: int, sizes: pd.DataFrame) -> tuple[float, ...]:  # noqa: ANN401
    """Return the values of three ranks: first the bin that each lies in, then its place there."""
    upto = sizes["n"].cumsum().to_numpy()
    ranks = [math.ceil(k * int(upto[-1]) / 4) for k in (1, 2, 3)]
    at = [int(np.searchsorted(upto, rank)) for rank in ranks]
    bins = sizes["bin"].to_numpy()
    wanted = sorted({int(bins[place]) for place in at})
    inside = binned.filter((binned.year == year) & binned.bin.isin(wanted))
    values = inside.group_by("bin", "per_unit").aggregate(n=inside.count()).execute()
    found = []
    for rank, place in zip(ranks, at, strict=True):
        here = values[values["bin"] == bins[place]].sort_values("per_unit")
        before = int(upto[place - 1]) if place else 0
        position = int(np.searchsorted(here["n"].cumsum().to_numpy(), rank - before))
        found.append(float(here["per_unit"].iloc[position]))
    return tuple(found)


def quartile(kept: Any, bounds: Bounds) -> Any:  # noqa: ANN401
    """Return the number of each household's quartile, 1–4; 0 where it has none."""
    import ibis

    return _by_year(
        kept,
        {
            year: 1 + sum(_number(kept.per_unit > value) for value in values)
            for year, values in bounds.items()
        },
        ibis.literal(0, "int32"),
    )


def on_a_bound(kept: Any, bounds: Bounds) -> Any:  # noqa: ANN401
    """Return one for a household on a bound of its year, which so belongs below it, else 0."""
    import ibis

    on = {year: _number(kept.per_unit.isin(list(values))) for year, values in bounds.items()}
    return _by_year(kept, on, ibis.literal(0, "int32"))


def _by_year(kept: Any, numbers: Mapping[int, Any], none: Any) -> Any:  # noqa: ANN401
    """Choose each household's number by its year, where its income is known."""
    import ibis

    if not numbers:
        return none
    *others, last = numbers
    found = numbers[last]
    for year in others:
        found = ibis.ifelse(kept.year == year, numbers[year], found)
    return ibis.ifelse(kept.per_unit.notnull(), found, none)


def _number(condition: Any) -> Any:  # noqa: ANN401
    return condition.cast("int32")
