"""Contiguity: as libpysal where borders match, as brute force everywhere."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal.graph import Graph

from grannskap.measures import neighbours
from grannskap.measures.neighbours import contiguity
from squares import (
    brute,
    grid,
    links_of,
    made_country,
    series,
)

REAL = {
    "uppsala": ("deso2018_uppsala_lan_plus_neighbours_262.gpkg", "deso"),
    "stockholm": ("deso2018_stockholms_lan_1287_simplified.gpkg", "deso"),
    "dalarna 2018": ("deso2018_dalarnas_lan_175.gpkg", "deso"),
    "dalarna 2025": ("deso2025_dalarnas_lan_175.gpkg", "desokod"),
}


@pytest.fixture(scope="session")
def real(shared_data):
    def read(name):
        file, code = REAL[name]
        return gpd.read_file(shared_data / "polygons" / file).set_index(code).geometry

    return read


@pytest.fixture
def made():
    return made_country()


class TestContiguity:
    @pytest.mark.parametrize("kind", ["queen", "rook"])
    def test_equals_libpysal_on_an_exact_coverage(self, made, kind):
        assert neighbours.build(made.geometry, kind=kind) == Graph.build_contiguity(
            made, rook=kind == "rook"
        )

    @pytest.mark.parametrize("kind", ["queen", "rook"])
    def test_equals_libpysal_on_a_grid(self, kind):
        squares = grid(9, 7)
        assert neighbours.build(squares, kind=kind) == Graph.build_contiguity(
            squares, rook=kind == "rook"
        )

    @pytest.mark.real
    @pytest.mark.parametrize("name", ["dalarna 2018", "dalarna 2025"])
    @pytest.mark.parametrize("kind", ["queen", "rook"])
    def test_equals_libpysal_on_a_real_county(self, real, name, kind):
        areas = real(name)
        assert neighbours.build(areas, kind=kind) == Graph.build_contiguity(
            areas, rook=kind == "rook"
        )

    @pytest.mark.real
    @pytest.mark.parametrize("name", ["uppsala", "stockholm"])
    def test_queen_is_every_pair_that_meets_where_borders_do_not_match(self, real, name):
        areas = real(name)
        a, b = shapely.STRtree(areas.array).query(areas.array, predicate="intersects")
        expected = {(areas.index[i], areas.index[j]) for i, j in zip(a, b, strict=True) if i != j}
        found = links_of(neighbours.build(areas))
        assert found == expected
        assert found > links_of(Graph.build_contiguity(areas, rook=False))

    @pytest.mark.real
    @pytest.mark.parametrize("name", ["uppsala", "stockholm"])
    def test_rook_is_every_pair_that_shares_a_stretch_or_overlaps(self, real, name):
        areas = real(name)
        shapes = np.asarray(areas.array)
        a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
        common = shapely.intersection(shapes[a], shapes[b])
        stretch = (shapely.get_dimensions(common) >= 1) & (a != b)
        # A common line is a stretch; common collections hold one when they have any length.
        expected = {
            (areas.index[i], areas.index[j]) for i, j in zip(a[stretch], b[stretch], strict=True)
        }
        found = links_of(neighbours.build(areas, kind="rook"))
        differing = found ^ expected
        # Slivers that the constructed intersection rounds away, or makes up, are all there is.
        lookup = areas.to_dict()
        assert all(lookup[i].intersection(lookup[j]).length < 1e-3 for i, j in differing)
        assert found > links_of(Graph.build_contiguity(areas, rook=True))

    def test_a_vertex_on_an_edge_counts_and_is_told(self):
        row = series([shapely.box(0, 0, 2, 2), shapely.box(2, 0, 3, 1), shapely.box(2, 1, 3, 2)])
        whole, low, high = row.index
        for kind in ("queen", "rook"):
            graph = neighbours.build(row, kind=kind)
            assert graph.cardinalities.tolist() == [2, 2, 2]
        assert neighbours.describe(graph).by_geometry == ((whole, low), (whole, high))
        assert neighbours.describe(neighbours.build(row, kind="queen")).by_geometry == ()

    def test_a_corner_on_an_edge_is_queen_and_not_rook(self):
        tip = series([shapely.box(0, 0, 2, 2), shapely.Polygon([(2, 1), (3, 0.5), (3, 1.5)])])
        assert neighbours.build(tip).n_edges == 2
        assert neighbours.build(tip, kind="rook").n_edges == 0

    def test_areas_that_overlap_are_neighbours(self):
        crossed = series([shapely.box(0, 1, 3, 2), shapely.box(1, 0, 2, 3)])
        inside = series([shapely.box(0, 0, 9, 9), shapely.box(4, 4, 5, 5)])
        for pair in (crossed, inside):
            for kind in ("queen", "rook"):
                assert neighbours.build(pair, kind=kind).n_edges == 2

    def test_a_hole_filled_by_another_area_is_a_border(self):
        ring = shapely.Polygon(shapely.box(0, 0, 9, 9).exterior, [shapely.box(4, 4, 5, 5).exterior])
        areas = series([ring, shapely.box(4, 4, 5, 5), shapely.box(20, 0, 21, 1)])
        graph = neighbours.build(areas, kind="rook")
        assert graph.cardinalities.tolist() == [1, 1, 0]

    def test_parts_of_a_multipolygon_are_all_looked_at(self):
        two = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(5, 0, 6, 1)])
        areas = series([two, shapely.box(6, 0, 7, 1), shapely.box(1, 0, 2, 1)])
        graph = neighbours.build(areas, kind="rook")
        assert graph.cardinalities.tolist() == [2, 1, 1]
        assert neighbours.describe(graph).by_geometry == ()

    def test_no_edge_runs_from_one_ring_to_the_next(self):
        # libpysal joins the end of one ring to the start of the next; here both areas have a
        # hole at the same place after the same corner, and share no stretch of border.
        hole = shapely.box(0, 0, 1, 1).exterior.coords
        a = shapely.Polygon([(0, 0), (9, 0), (0, 9)])
        b = shapely.Polygon([(0, 0), (-9, 0), (0, -9)])
        areas = series([a, b, shapely.Polygon(hole)])
        graph = neighbours.build(areas, kind="rook")
        first, second, _ = areas.index
        assert (first, second) not in links_of(graph)

    def test_a_repeated_vertex_is_no_stretch_of_border(self):
        a = shapely.Polygon([(0, 0), (0, 0), (-1, 0), (-1, -1), (0, -1)])
        b = shapely.Polygon([(0, 0), (0, 0), (1, 0), (1, 1), (0, 1)])
        assert neighbours.build(series([a, b]), kind="rook").n_edges == 0
        assert neighbours.build(series([a, b]), kind="queen").n_edges == 2

    def test_minus_zero_is_zero(self):
        pair = series([shapely.box(-1, -1, -0.0, 1), shapely.box(0.0, -1, 1, 1)])
        assert neighbours.describe(neighbours.build(pair, kind="rook")).by_geometry == ()

    @pytest.mark.parametrize("kind", ["queen", "rook"])
    @pytest.mark.parametrize("value", [0, 7 << 60])
    def test_hash_collisions_cost_time_and_never_truth(self, monkeypatch, kind, value):
        squares = grid(4, 4)
        expected = neighbours.build(squares, kind=kind)
        monkeypatch.setattr(
            contiguity, "_hash", lambda xy: np.full(len(xy), np.uint64(value), dtype=np.uint64)
        )
        assert neighbours.build(squares, kind=kind) == expected

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.tuples(*[st.integers(0, 12)] * 2, *[st.integers(1, 4)] * 2), max_size=9))
    def test_boxes_in_any_mess_equal_brute_force(self, corners):
        shapes = [shapely.box(x, y, x + w, y + h) for x, y, w, h in [(0, 0, 1, 1), *corners]]
        areas = series(shapes)
        assert links_of(neighbours.build(areas)) == brute(areas, lambda a, b: a.intersects(b))
        assert links_of(neighbours.build(areas, kind="rook")) == brute(
            areas, lambda a, b: a.intersection(b).length > 0
        )


class TestTolerance:
    @settings(max_examples=30, deadline=None)
    @given(
        st.lists(st.tuples(*[st.integers(0, 30)] * 2, *[st.integers(1, 8)] * 2), max_size=9),
        st.sampled_from([0.5, 1.0, 2.5]),
    )
    def test_queen_equals_brute_force(self, corners, tolerance):
        shapes = [shapely.box(x, y, x + w, y + h) for x, y, w, h in [(0, 0, 1, 1), *corners]]
        areas = series(shapes)
        found = links_of(neighbours.build(areas, tolerance=tolerance))
        assert found == brute(areas, lambda a, b: a.distance(b) <= tolerance)

    @pytest.mark.real
    def test_queen_equals_brute_force_on_a_real_county(self, real):
        areas = real("stockholm")
        a, b = shapely.STRtree(areas.array).query(areas.array, predicate="dwithin", distance=5.0)
        expected = {(areas.index[i], areas.index[j]) for i, j in zip(a, b, strict=True) if i != j}
        assert links_of(neighbours.build(areas, tolerance=5.0)) == expected

    def test_rook_needs_a_stretch_and_not_a_corner(self):
        areas = series(
            [
                shapely.box(0, 0, 100, 100),
                shapely.box(100.5, 0, 200, 100),  # half a metre off, side by side
                shapely.box(100.2, 100.2, 200, 200),  # off a corner
            ]
        )
        a, b, c = areas.index
        assert links_of(neighbours.build(areas, kind="rook", tolerance=1.0)) == {
            (a, b),
            (b, a),
            (b, c),
            (c, b),
        }
        assert len(links_of(neighbours.build(areas, tolerance=1.0))) == 6
        assert links_of(neighbours.build(areas, kind="rook", tolerance=0.4)) == {(b, c), (c, b)}

    def test_more_tolerance_never_loses_a_link(self, made):
        few = made.geometry.iloc[:200]
        steps = [
            links_of(neighbours.build(few, tolerance=metres)) for metres in (0.0, 1.0, 50.0, 500.0)
        ]
        assert steps[0] <= steps[1] <= steps[2] < steps[3]
