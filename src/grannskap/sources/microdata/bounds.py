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
    """Return the place of each household's quartile, 0–3; −1 where it has none."""
    import ibis

    found = ibis.literal(-1, "int32")
    for year, values in bounds.items():
        place = sum((kept.per_unit > value).cast("int32") for value in values)
        found = ibis.ifelse((kept.year == year) & kept.per_unit.notnull(), place, found)
    return found


def on_a_bound(kept: Any, bounds: Bounds) -> dict[int, int]:  # noqa: ANN401
    """Return how many households of each year lie on a bound, and so belong below it."""
    import ibis

    on = ibis.literal(value=False)
    for year, values in bounds.items():
        on |= (kept.year == year) & kept.per_unit.isin(list(values))
    tied = kept.filter(on.fill_null(False))  # noqa: FBT003 - Ibis takes it by position
    found = tied.group_by("year").aggregate(n=tied.count()).execute()
    return {int(year): int(n) for year, n in zip(found["year"], found["n"], strict=True)}
