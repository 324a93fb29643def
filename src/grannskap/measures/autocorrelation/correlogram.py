"""How far clustering reaches: Moran's I by distance, with the envelope of chance."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from grannskap.errors import DataError
from grannskap.measures.autocorrelation.alignment import (
    Floats,
    Ints,
    check_series,
    check_varies,
    numbers,
    totals,
)
from grannskap.measures.autocorrelation.options import check_options
from grannskap.measures.autocorrelation.overall import Quadratic, simulate
from grannskap.measures.correction import adjust

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

__all__ = ["correlogram"]


def correlogram(
    values: pd.Series,
    geometry: gpd.GeoSeries,
    *,
    bands: Sequence[float],
    permutations: int = 999,
    seed: int = 0,
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Moran's I (no unit) by distance between areas, with its envelope under the null, per band.

    Parameters
    ----------
    values : pandas.Series
        A number per area; NaN is left out.
    geometry : geopandas.GeoSeries
        Points or polygons on the same areas, in metres; polygons are measured from centroid to
        centroid.
    bands : sequence of float
        Bounds of the bands, rising; a pair belongs to (bound, next bound]. The first may be 0,
        and its band then takes in areas at the same point.
    permutations, seed : int
        Random arrangements of the values, the same ones for every band and any order of rows.
    alpha : float
        The envelope leaves this share of the arrangements outside it, half on each side.

    Returns
    -------
    pandas.DataFrame
        One row per band: `from`, `to`, `pairs`, `areas` (that have a partner), `statistic`,
        `expected`, `lower` and `upper` (the envelope, for one band at a time), `p` (two-sided),
        `q` (Benjamini–Hochberg over the bands). NaN where a band holds no pair.
        ``attrs["parameters"]`` holds the options, and the `family` of bands that q is over.

    Raises
    ------
    DataError
        Bands that do not rise; a constant; as `local`.

    Notes
    -----
    Cliff and Ord (1981); links within a band weigh the same and sum to 1 over each area.

    Examples
    --------
    >>> import geopandas as gpd
    >>> codes = [f"{i:02d}" for i in range(12)]
    >>> line = gpd.GeoSeries.from_xy(range(12), [0] * 12, index=codes, crs=3006)
    >>> values = pd.Series([5, 5, 6, 5, 6, 5, 1, 1, 2, 1, 2, 1], index=codes)
    >>> correlogram(values, line, bands=[0, 1, 2, 9])["statistic"].round(2).tolist()
    [0.74, 0.59, -0.41]
    """
    edges = [float(bound) for bound in bands]
    if len(edges) < 2 or any(low >= high for low, high in pairwise(edges)) or edges[0] < 0:
        raise DataError("bounds that do not rise", {"bounds": str(edges)})
    check_options({}, alpha=alpha, permutations=permutations, seed=seed)
    x, points = _placed(values, geometry)
    check_varies(x)
    z = (x - x.mean()) / x.std()
    distances, first, second = _pairs(points, edges[-1])
    rows = []
    for low, high in pairwise(edges):
        held = (distances <= high) & ((distances > low) | ((low == 0) & (distances == 0)))
        rows.append(
            {"from": low, "to": high}
            | _band(z, first[held], second[held], permutations=permutations, seed=seed, alpha=alpha)
        )
    table = pd.DataFrame(rows)
    table["q"] = adjust(table["p"].to_numpy(), "bh")
    table.attrs["parameters"] = {
        "permutations": permutations,
        "seed": seed,
        "alpha": alpha,
        "family": int(table["p"].notna().sum()),
    }
    return table


def _placed(values: pd.Series, geometry: gpd.GeoSeries) -> tuple[Floats, Floats]:
    """Return values and points of the areas that have data, sorted by label."""
    check_series(values)
    if not hasattr(geometry, "centroid"):
        raise DataError(
            "no geometries of areas",
            {"kind": f"{type(geometry).__module__}.{type(geometry).__name__}"},
        )
    centres = geometry.centroid
    across = numbers(centres.x, values.index), numbers(centres.y, values.index)
    order = np.asarray(values.index.argsort())
    x = numbers(values, values.index)
    order = order[~np.isnan(x[order]) & ~np.isnan(across[0][order])]
    if len(order) < 3:
        raise DataError("fewer than three areas placed", {"count": len(order)})
    return x[order], np.column_stack([across[0][order], across[1][order]])


def _pairs(points: Floats, furthest: float) -> tuple[Floats, Ints, Ints]:
    from scipy.spatial import cKDTree

    pairs = cKDTree(points).query_pairs(furthest, output_type="ndarray")
    distances = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T)
    return distances, pairs[:, 0], pairs[:, 1]


def _band(
    z: Floats, first: Ints, second: Ints, *, permutations: int, seed: int, alpha: float
) -> dict[str, float]:
    """Return one band's row."""
    n = len(z)
    ones = np.ones(len(first))
    degrees = totals(first, ones, n) + totals(second, ones, n)
    row = {"pairs": len(first), "areas": int((degrees > 0).sum())}
    names = ("statistic", "expected", "lower", "upper", "p")
    if len(first) == 0:
        return row | dict.fromkeys(names, np.nan)
    form = Quadratic(first, second, (1 / degrees[first] + 1 / degrees[second]) / row["areas"])
    observed = form.of(z)
    simulated = simulate(form, z, permutations=permutations, seed=seed)
    lower, upper = np.quantile(simulated, (alpha / 2, 1 - alpha / 2))
    tie = 1e-12
    tails = [(simulated <= observed + tie).sum() + 1, (simulated >= observed - tie).sum() + 1]
    p = min(1.0, 2 * min(tails) / (permutations + 1))
    return row | dict(zip(names, (observed, -1 / (n - 1), lower, upper, p), strict=True))
