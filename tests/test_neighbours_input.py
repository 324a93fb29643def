"""Row order, few areas, odd ones, and everything that is refused."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from libpysal.graph import Graph

from grannskap.errors import CodeError, DataError
from grannskap.measures import neighbours
from squares import (
    ISLANDS,
    archipelago_areas,
    grid,
    links_of,
    made_country,
    series,
)


@pytest.fixture
def made():
    return made_country()


@pytest.fixture
def archipelago():
    return archipelago_areas()


class TestInput:
    @pytest.mark.parametrize("kind", ["queen", "rook", "knn", "distance", "kernel"])
    def test_row_order_changes_the_order_and_nothing_else(self, made, kind):
        sizes = {"distance": {"threshold": 9000.0}, "kernel": {"bandwidth": 9000.0}}.get(kind, {})
        areas = made.geometry.iloc[:120]
        shuffled = areas.sample(frac=1, random_state=2)
        a = neighbours.build(areas, kind=kind, **sizes)
        b = neighbours.build(shuffled, kind=kind, **sizes)
        assert dict(a.adjacency) == dict(b.adjacency)
        assert list(b.unique_ids) == list(shuffled.index)

    def test_positions_agree_with_libpysals_own_order(self, made):
        areas = made.geometry.iloc[:80].sample(frac=1, random_state=4)
        ours, theirs = neighbours.build(areas), Graph.build_contiguity(areas, rook=False)
        assert (ours.sparse != theirs.sparse).nnz == 0
        values = made["value"].reindex(areas.index)
        np.testing.assert_array_equal(ours.lag(values), theirs.lag(values))

    @pytest.mark.parametrize("n", [1, 2, 3])
    @pytest.mark.parametrize("kind", ["queen", "rook", "knn", "distance", "kernel"])
    def test_few_areas(self, n, kind):
        sizes = {"distance": {"threshold": 900.0}, "kernel": {"bandwidth": 900.0}}.get(kind, {})
        graph = neighbours.build(grid(n, 1), kind=kind, **sizes)
        assert graph.n == n
        assert links_of(graph) >= links_of(neighbours.build(grid(n, 1), kind="rook"))
        assert neighbours.describe(graph).components == (n,)

    @pytest.mark.parametrize("kind", ["queen", "rook"])
    def test_all_isolated(self, kind):
        spots = series([shapely.box(9 * x, 0, 9 * x + 1, 1) for x in range(5)])
        graph = neighbours.build(spots, kind=kind)
        assert graph.n_edges == 0
        assert graph == Graph.build_contiguity(spots, rook=kind == "rook")
        assert neighbours.describe(graph).components == (1,) * 5
        assert not (graph.adjacency != 0).any()

    def test_never_a_link_to_itself(self):
        same = series([shapely.box(0, 0, 1, 1)] * 3)
        for kind, sizes in {
            "queen": {},
            "rook": {},
            "knn": {"k": 2},
            "distance": {"threshold": 5},
            "kernel": {"bandwidth": 5},
        }.items():
            graph = neighbours.build(same, kind=kind, **sizes)
            assert all(a != b for a, b in graph.adjacency.index)
            assert graph.n_edges == 6

    def test_the_input_is_left_alone(self, archipelago):
        before = archipelago.to_wkb(), archipelago.index.copy(), archipelago.attrs.copy()
        neighbours.build(archipelago, land=ISLANDS, tolerance=1.0, attach_isolates=1)
        pd.testing.assert_series_equal(archipelago.to_wkb(), before[0])
        pd.testing.assert_index_equal(archipelago.index, before[1])
        assert archipelago.attrs == before[2]

    def test_repeated_codes_are_refused(self):
        twice = series([shapely.box(0, 0, 1, 1)] * 2, codes=["9999C1010"] * 2)
        with pytest.raises(CodeError, match="9999C1010"):
            neighbours.build(twice)

    @pytest.mark.parametrize(
        "shape", [None, shapely.Polygon(), shapely.LineString([(0, 0), (1, 1)])]
    )
    def test_missing_empty_and_wrong_geometries_are_refused(self, shape):
        areas = series([shapely.box(0, 0, 1, 1), shape])
        for kind in ("queen", "knn"):
            with pytest.raises(DataError, match=areas.index[1]):
                neighbours.build(areas, kind=kind)

    def test_points_have_no_borders(self):
        with pytest.raises(DataError, match="polygons"):
            neighbours.build(series([shapely.Point(0, 0)]))
        with pytest.raises(DataError, match="polygons"):
            neighbours.build(series([shapely.Point(0, 0)]), kind="knn", land=ISLANDS)

    def test_nothing_is_refused(self):
        with pytest.raises(DataError, match="at least one area"):
            neighbours.build(series([]))

    @pytest.mark.parametrize("crs", [None, "EPSG:4326", "EPSG:2222"])
    @pytest.mark.parametrize(
        "options",
        [
            {"kind": "knn"},
            {"kind": "distance", "threshold": 1.0},
            {"kind": "kernel", "bandwidth": 1.0},
            {"tolerance": 1.0},
            {"attach_isolates": 1},
            {"land": ISLANDS},
        ],
    )
    def test_metres_need_a_system_in_metres(self, crs, options):
        areas = gpd.GeoSeries([shapely.box(0, 0, 1, 1)], index=["9999C1010"], crs=crs)
        with pytest.raises(DataError, match="metres"):
            neighbours.build(areas, **options)
        assert neighbours.build(areas).n == 1

    @pytest.mark.parametrize(
        "options",
        [
            {"kind": "bishop"},
            {"kind": "knn", "k": 0},
            {"kind": "distance", "threshold": 0.0},
            {"kind": "distance", "threshold": float("nan")},
            {"kind": "kernel", "bandwidth": float("inf")},
            {"kind": "kernel", "bandwidth": 9.0, "kernel": "round"},
            {"tolerance": -1.0},
            {"threshold": 9.0},
            {"kind": "knn", "tolerance": 9.0},
            {"attach_isolates": 0},
            {"bridges": [("9999C1000",)]},
            {"bridges": [("9999C1000", "9999C1000")]},
        ],
    )
    def test_options_that_make_no_sense_are_refused(self, options):
        with pytest.raises(DataError):
            neighbours.build(grid(3, 1), **options)

    def test_a_bridge_to_nowhere_is_refused(self):
        row = grid(2, 1)
        with pytest.raises(CodeError, match="1234A0010"):
            neighbours.build(row, bridges=[(row.index[0], "1234A0010")])
