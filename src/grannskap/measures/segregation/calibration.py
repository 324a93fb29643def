"""Which way of making the segregation index comes closest to the values that were published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from grannskap.errors import DataError
from grannskap.measures.segregation.components import checked_municipality
from grannskap.measures.segregation.conditions import Method, scores
from grannskap.measures.segregation.segregation_index import Worst, segregation_index

__all__ = ["PUBLISHED", "YEAR", "calibrate"]

YEAR = 2017
"""The year of the published values."""

PUBLISHED: Mapping[str, float] = {"2582": 1.42, "1480": 2.56, "0581": 2.67, "0181": 2.60}
"""The published index by municipality: Boden, Göteborg, Norrköping, Södertälje."""

_HALF = 0.005
"""How far a value may be from a published one that is written with two decimals."""

_WORST: tuple[Worst, ...] = ("min", "p05", "p10")

Yardstick = Mapping[str, float] | None


def calibrate(
    components: pd.DataFrame,
    municipality: pd.Series[Any],
    *,
    pooled: Mapping[str, float] | pd.Series[Any],
    published: Mapping[str, float] = PUBLISHED,
) -> pd.DataFrame:
    """Distance of each way of making the index from the published values, 0 … ∞.

    Parameters
    ----------
    components : pandas.DataFrame of float
        A column per variable, more is better, on ``deso``; NaN is missing. What is held to a mean,
        a median or bounds of all areas is held to those of all its rows.
    municipality : pandas.Series of str
        The municipality of each area, on the same index.
    pooled : mapping or pandas.Series
        The value of each component over all areas together, as `pooled_reference` gives it.
    published : mapping of str to float
        The published index by municipality.

    Returns
    -------
    pandas.DataFrame
        A row per way, the closest first: ``method`` (of `scores`), ``reference``
        (``"municipality"``, its own medians; ``"pooled"``, ``"mean"`` or ``"median"`` of all areas;
        ``"any"`` with ``geometric``, where it cancels; with ``minmax`` its bounds, ``"range"``,
        from the least to the greatest of all areas, or ``"zero"``, from 0), ``worst`` (of
        `segregation_index`), a column per municipality with its index, ``distance``, the mean of
        the absolute differences, ``furthest``, the greatest of them, and ``exact``, whether all are
        the published values as these are written.

    Raises
    ------
    DataError
        When no municipality of the published is there, or as `scores`.

    References
    ----------
    Grander, M. (2020). Follow-up research of Allmännyttans innovationslabb. Malmö universitet.

    Examples
    --------
    >>> codes = ["0581C1010", "0581C1020", "0581C1030"]
    >>> table = pd.DataFrame({"employment_rate": [0.3, 0.8, 0.9]}, index=codes)
    >>> found = calibrate(table, table.index.to_series().str[:4], pooled={"employment_rate": 0.7})
    >>> found[["method", "reference", "worst", "0581", "exact"]].round(2).iloc[0].map(str).tolist()
    ['relative', 'municipality', 'min', '2.67', 'True']
    """
    place = checked_municipality(components.index, municipality).astype("str")
    there = [code for code in published if place.eq(code).any()]
    if not there:
        raise DataError("no municipality of the study", {"municipalities": list(published)})
    inside = place.isin(there).to_numpy()
    rows = [
        {
            "method": method,
            "reference": name,
            "worst": worst,
            **_index(scored, place[inside], worst),
        }
        for method, name, scored in _scored(components, place, inside, pooled)
        for worst in _WORST
    ]
    table = pd.DataFrame(rows)
    apart = (table[there] - pd.Series(published)[there]).abs()
    table["distance"] = apart.mean(axis=1, skipna=False)
    table["furthest"] = apart.max(axis=1, skipna=False)
    table["exact"] = table["furthest"] < _HALF
    return table.sort_values("distance", kind="stable", ignore_index=True)


def _scored(
    components: pd.DataFrame,
    place: pd.Series[Any],
    inside: np.ndarray[Any, np.dtype[np.bool_]],
    pooled: Mapping[str, float] | pd.Series[Any],
) -> Iterator[tuple[Method, str, pd.Series[Any]]]:
    """Score the areas of the municipalities in every way."""
    yardsticks: dict[str, Yardstick] = {
        "municipality": None,
        "pooled": {str(name): float(value) for name, value in pooled.items()},
        "mean": {str(name): float(value) for name, value in components.mean().items()},
        "median": {str(name): float(value) for name, value in components.median().items()},
    }
    own, of = components[inside], place[inside]
    for name, yardstick in yardsticks.items():
        yield "relative", name, scores(own, of, reference=yardstick)
    yield "geometric", "any", scores(own, of, method="geometric")
    least, most = components.min(), components.max()
    for name, share in (("range", 1.0), ("zero", 0.0)):
        bounds = {
            str(one): (share * float(low), float(high))
            for one, low, high in zip(components, least, most, strict=True)
        }
        yield "minmax", name, scores(own, of, method="minmax", bounds=bounds)


def _index(scored: pd.Series[Any], place: pd.Series[Any], worst: Worst) -> dict[str, float]:
    found = segregation_index(scored, place.reindex(scored.index), worst=worst)["index"]
    return {str(code): float(value) for code, value in found.items()}
