"""Which pairs belong to which band of distance: every pair once, and both ends of a band."""

from itertools import pairwise, permutations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from grannskap.errors import DataError
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


@pytest.fixture
def seven():
    """Seven areas on a line, whose 5,040 arrangements can all be gone through."""
    codes = [f"9999C{1000 + 10 * i:04d}" for i in range(7)]
    placed = gpd.GeoSeries.from_xy([0, 1, 2, 4, 5, 7, 11], [0] * 7, index=codes, crs=3006)
    return placed, pd.Series([9.0, 7, 8, 2, 3, 1, 5], index=codes)


def every_statistic(placed, values, low, high):
    """Moran's I of a band for every arrangement of the values, the observed one first."""
    x = placed.x.to_numpy()
    far = np.abs(x[:, None] - x)
    near = (far > low) & (far <= high)
    degrees = near.sum(axis=1)
    weights = near / np.maximum(degrees, 1)[:, None]
    arranged = np.array(list(permutations(values - values.mean())))
    spread = (arranged[0] ** 2).sum()
    crossed = np.einsum("ai,ij,aj->a", arranged, weights, arranged)
    linked = (degrees > 0).sum()
    return len(values) / linked * crossed / spread, linked


@pytest.mark.parametrize("alpha", [0.05, 0.4])
def test_statistic_envelope_and_p_are_those_of_all_arrangements(seven, alpha):
    placed, values = seven
    bands = [0, 1, 3, 11]
    found = autocorrelation.correlogram(values, placed, bands=bands, permutations=4999, alpha=alpha)
    for row, (low, high) in zip(found.to_dict("records"), pairwise(bands), strict=True):
        every, linked = every_statistic(placed, values, low, high)
        assert (row["from"], row["to"], row["areas"]) == (low, high, linked)
        assert row["statistic"] == pytest.approx(every[0], abs=1e-12)
        assert row["expected"] == pytest.approx(every.mean(), abs=1e-12)
        for end, share in (("lower", alpha / 2), ("upper", 1 - alpha / 2)):
            # So many arrangements lie below the end, but for what 4,999 draws leave to chance.
            slack = 5 * np.sqrt(share * (1 - share) / 4999)
            assert (every < row[end] - 1e-9).mean() <= share + slack
            assert (every <= row[end] + 1e-9).mean() >= share - slack
        tails = (every <= every[0] + 1e-9).mean(), (every >= every[0] - 1e-9).mean()
        exact = min(1.0, 2 * min(tails))
        assert row["p"] == pytest.approx(exact, abs=10 * np.sqrt(exact / 4999) + 1e-3)


def test_p_counts_the_observed_arrangement_and_q_every_band_that_has_pairs():
    codes = [f"9999C{1000 + 10 * i:04d}" for i in range(40)]
    placed = gpd.GeoSeries.from_xy(range(40), [0] * 40, index=codes, crs=3006)
    values = pd.Series(np.arange(40.0), index=codes)
    bands = [0, 0.5, 1, 2, 3]
    found = autocorrelation.correlogram(values, placed, bands=bands, permutations=9)
    # No other arrangement of so many comes near the observed one: 2 of 10, the least there is.
    for name in ("p", "q"):
        np.testing.assert_allclose(found[name], [np.nan, 0.2, 0.2, 0.2], rtol=1e-12)
    assert found["pairs"].tolist() == [0, 39, 38, 37]
    assert found["areas"].tolist() == [0, 40, 40, 40]
    np.testing.assert_array_equal(found[["lower", "upper"]].iloc[0], [np.nan, np.nan])
    assert found.attrs["parameters"] == {"permutations": 9, "seed": 0, "alpha": 0.05, "family": 3}
    usual = autocorrelation.correlogram(values, placed, bands=[0, 1])
    assert usual.attrs["parameters"]["permutations"] == 999
    assert usual["p"].item() == pytest.approx(0.002)
    other = autocorrelation.correlogram(values, placed, bands=[0, 1], permutations=9, seed=1)
    assert other["lower"].item() != found["lower"].iloc[1]


def test_areas_without_a_value_or_a_place_take_no_part(seven):
    placed, values = seven
    whole = values.copy()
    whole.iloc[2] = np.nan
    nowhere = placed.copy()
    nowhere.iloc[5] = None
    found = autocorrelation.correlogram(whole, nowhere, bands=[0, 20], permutations=9)
    kept = values.index.delete([2, 5])
    expected = autocorrelation.correlogram(
        values[kept], placed[kept], bands=[0, 20], permutations=9
    )
    pd.testing.assert_frame_equal(found, expected)
    assert found["areas"].item() == 5
    three, two = values.index[:3], values.index[:2]
    few = autocorrelation.correlogram(values[three], placed[three], bands=[0, 2], permutations=9)
    assert few["areas"].item() == 3
    with pytest.raises(DataError, match="at least 3"):
        autocorrelation.correlogram(values[two], placed[two], bands=[0, 2])
    with pytest.raises(DataError, match="GeoSeries"):
        autocorrelation.correlogram(values, values, bands=[0, 2])
    with pytest.raises(DataError, match="differ"):
        autocorrelation.correlogram(values * 0, placed, bands=[0, 2])
