"""Nearest, bands and kernels beside libpysal and brute force."""

from itertools import pairwise

import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal.graph import Graph
from scipy.stats import norm

from grannskap.errors import DataError
from grannskap.measures import neighbours
from squares import grid, links_of, made_country, points_of, series


@pytest.fixture
def made():
    return made_country()


class TestNearest:
    def test_equals_libpysal_without_ties(self, made):
        points = points_of(made.geometry)
        expected = Graph.build_knn(points, k=5)
        assert neighbours.build(made.geometry, kind="knn", k=5) == expected
        assert neighbours.build(points, kind="knn", k=5) == expected

    @settings(max_examples=40, deadline=None)
    @given(
        st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=25),
        st.integers(1, 7),
        st.randoms(use_true_random=False),
    )
    def test_ties_go_to_the_lower_code_whatever_the_row_order(self, spots, k, random):
        points = series([shapely.Point(100 * x, 100 * y) for x, y in spots])
        expected = set()
        for a, p in points.items():
            ranked = sorted((round(p.distance(q), 3), b) for b, q in points.items() if b != a)
            expected |= {(a, b) for _, b in ranked[:k]}
        order = list(points.index)
        random.shuffle(order)
        assert links_of(neighbours.build(points, kind="knn", k=k)) == expected
        assert links_of(neighbours.build(points.loc[order], kind="knn", k=k)) == expected

    def test_distances_that_differ_by_less_than_a_millimetre_are_tied(self):
        points = series([shapely.Point(0, 0), shapely.Point(100.0001, 0), shapely.Point(-100, 0)])
        first, second, _ = points.index
        assert (first, second) in links_of(neighbours.build(points, kind="knn", k=1))


class TestBandsAndKernels:
    def test_band_equals_libpysal_and_holds_its_threshold(self, made):
        points = points_of(made.geometry)
        assert neighbours.build(points, kind="distance", threshold=20_000) == (
            Graph.build_distance_band(points, 20_000)
        )
        squares = grid(5, 5)
        graph = neighbours.build(squares, kind="distance", threshold=250.0)
        assert graph == neighbours.build(squares, kind="rook")

    def test_triangular_kernel_equals_libpysal(self, made):
        points = points_of(made.geometry).iloc[:400]
        found = neighbours.build(points, kind="kernel", bandwidth=30_000)
        expected = Graph.build_kernel(points, kernel="triangular", bandwidth=30_000)
        pd.testing.assert_series_equal(found.adjacency, expected.adjacency, check_dtype=False)

    def test_gaussian_kernel_is_the_normal_density_up_to_three_bandwidths(self, made):
        points = points_of(made.geometry).iloc[:200]
        found = neighbours.build(points, kind="kernel", bandwidth=30_000, kernel="gaussian")
        z = {(a, b): p.distance(q) / 30_000 for a, p in points.items() for b, q in points.items()}
        expected = {pair: norm.pdf(far) for pair, far in z.items() if far <= 3}
        weights = {pair: weight for pair, weight in found.adjacency.items() if weight > 0}
        assert weights == pytest.approx({(a, b): w for (a, b), w in expected.items() if a != b})

    def test_weight_falls_to_nothing_at_the_bandwidth_itself(self):
        row = grid(4, 1)  # points 250 m apart
        found = neighbours.build(row, kind="kernel", bandwidth=500.0)
        weights = {pair: w for pair, w in found.adjacency.items() if w > 0}
        assert set(weights.values()) == {0.5}
        assert {tuple(sorted(pair)) for pair in weights} == {*pairwise(row.index)}
        bell = neighbours.build(row, kind="kernel", bandwidth=250.0, kernel="gaussian")
        assert len(links_of(bell)) == 4 * 3  # up to three bandwidths, both ways
        assert bell.adjacency[row.index[0], row.index[3]] == pytest.approx(norm.pdf(3))

    @pytest.mark.parametrize(
        ("kind", "option"), [("distance", "threshold"), ("kernel", "bandwidth")]
    )
    def test_a_missing_size_is_refused_with_one_that_serves(self, kind, option):
        with pytest.raises(DataError, match="from 250 m on") as caught:
            neighbours.build(grid(3, 1), kind=kind)
        assert option in caught.value.expected
        graph = neighbours.build(grid(3, 1), kind="distance", threshold=250)
        assert neighbours.describe(graph).isolated == ()
