"""Which pairs belong to which band of distance: every pair once, and both ends of a band."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from grannskap.measures import autocorrelation

XY = [(0, 0), (0, 0), (1, 0), (2, 0), (2, 0), (5, 0), (5, 3), (5, 3), (9, 0), (9, 1)]


@pytest.fixture
def points():
    codes = [f"9999C{1000 + 10 * i:04d}" for i in range(len(XY))]
    placed = gpd.GeoSeries.from_xy(*zip(*XY, strict=True), index=codes, crs=3006)
    return placed, pd.Series([5.0, 6, 5, 4, 5, 1, 2, 1, 3, 2], index=codes)


def by_hand(values, first, last, *, closed_below):
    """Pairs of a band, and Moran's I with its pairs as neighbours, by going through all."""
    z = values - values.mean()
    crossed, pairs = 0.0, 0
    for i, (x, y) in enumerate(XY):
        for j in range(i + 1, len(XY)):
            far = np.hypot(x - XY[j][0], y - XY[j][1])
            if (far > first or (closed_below and far == first)) and far <= last:
                pairs, crossed = pairs + 1, crossed + z.iloc[i] * z.iloc[j]
    return pairs, crossed, (z**2).sum()


def test_areas_at_the_same_point_are_a_pair_of_the_first_band(points):
    geometry, values = points
    found = autocorrelation.correlogram(values, geometry, bands=[0, 1, 2, 10], permutations=99)
    expected = [
        by_hand(values, low, high, closed_below=low == 0) for low, high in ((0, 1), (1, 2), (2, 10))
    ]
    assert found["pairs"].tolist() == [pairs for pairs, *_ in expected]
    assert found["pairs"].iloc[0] >= 3
    assert found["pairs"].sum() == len(XY) * (len(XY) - 1) / 2


def test_a_first_band_that_starts_above_nothing_leaves_the_same_point_out(points):
    geometry, values = points
    found = autocorrelation.correlogram(values, geometry, bands=[0.5, 1, 10], permutations=99)
    assert found["pairs"].tolist() == [
        by_hand(values, 0.5, 1, closed_below=False)[0],
        by_hand(values, 1, 10, closed_below=False)[0],
    ]


def test_where_all_areas_are_neighbours_every_arrangement_is_as_far_out(points):
    geometry, values = points
    whole = autocorrelation.correlogram(values, geometry, bands=[0, 10], permutations=99).iloc[0]
    assert whole["statistic"] == pytest.approx(-1 / (len(XY) - 1), abs=1e-12)
    assert whole["expected"] == pytest.approx(whole["statistic"], abs=1e-12)
    assert whole["p"] == 1
