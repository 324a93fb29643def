"""Neighbours: the same as libpysal where it is right, as brute force everywhere, and refusals."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal.graph import Graph
from scipy.stats import norm

from benchmarks import country
from grannskap.errors import CodeError, DataError
from grannskap.measures import neighbours
from grannskap.measures.neighbours import contact

CRS = "EPSG:3006"
REAL = {
    "uppsala": ("deso2018_uppsala_lan_plus_neighbours_262.gpkg", "deso"),
    "stockholm": ("deso2018_stockholms_lan_1287_simplified.gpkg", "deso"),
    "dalarna 2018": ("deso2018_dalarnas_lan_175.gpkg", "deso"),
    "dalarna 2025": ("deso2025_dalarnas_lan_175.gpkg", "desokod"),
}


def series(shapes, codes=None):
    codes = [f"9999C{10 * i + 1000:04d}" for i in range(len(shapes))] if codes is None else codes
    return gpd.GeoSeries(shapes, index=pd.Index(codes, name="deso", dtype="str"), crs=CRS)


def grid(width, height, side=250.0):
    return series(
        [
            shapely.box(x * side, y * side, (x + 1) * side, (y + 1) * side)
            for y in range(height)
            for x in range(width)
        ]
    )


def links_of(graph):
    """Directed links by code, without the self-loops that mark isolation."""
    adjacency = graph.adjacency
    return {pair for pair, weight in adjacency.items() if pair[0] != pair[1] or weight != 0}


def brute(geometry, test):
    codes = list(geometry.index)
    shapes = list(geometry)
    return {
        (a, b)
        for a, x in zip(codes, shapes, strict=True)
        for b, y in zip(codes, shapes, strict=True)
        if a != b and test(x, y)
    }


def points_of(geometry):
    return gpd.GeoSeries(
        shapely.point_on_surface(geometry.array), index=geometry.index, crs=geometry.crs
    )


@pytest.fixture(scope="session")
def made():
    return country.make(2100, seed=3, vertices=40_000)


@pytest.fixture(scope="session")
def real(shared_data):
    def read(name):
        file, code = REAL[name]
        return gpd.read_file(shared_data / "polygons" / file).set_index(code).geometry

    return read


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
            contact, "_hash", lambda xy: np.full(len(xy), np.uint64(value), dtype=np.uint64)
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

    @pytest.mark.parametrize(
        ("kind", "option"), [("distance", "threshold"), ("kernel", "bandwidth")]
    )
    def test_a_missing_size_is_refused_with_one_that_serves(self, kind, option):
        with pytest.raises(DataError, match="from 250 m on") as caught:
            neighbours.build(grid(3, 1), kind=kind)
        assert option in caught.value.expected
        graph = neighbours.build(grid(3, 1), kind="distance", threshold=250)
        assert neighbours.describe(graph).isolated == ()


ISLANDS = shapely.MultiPolygon(
    [shapely.box(0, 0, 100, 100), shapely.box(150, 0, 300, 100), shapely.box(0, 200, 50, 250)]
)


@pytest.fixture
def archipelago():
    """Four areas that meet at sea: two on one island, one on another, one without land."""
    return series(
        [
            shapely.box(0, 0, 125, 150),
            shapely.box(125, 0, 200, 150),
            shapely.box(200, 0, 400, 150),
            shapely.box(125, 150, 400, 300),
        ]
    )


class TestLand:
    def test_islands_are_no_neighbours_across_the_sea(self, archipelago):
        west, middle, east, sea = archipelago.index
        assert (west, middle) in links_of(neighbours.build(archipelago))
        for kind in ("queen", "rook"):
            graph = neighbours.build(archipelago, kind=kind, land=ISLANDS)
            assert links_of(graph) == {(middle, east), (east, middle)}
            found = neighbours.describe(graph)
            assert found.without_land == (sea,)
            assert found.isolated == (west, sea)
            assert found.crossing == ()

    def test_land_may_be_a_series_in_another_system(self, archipelago):
        land = gpd.GeoSeries([ISLANDS], crs=CRS)
        assert neighbours.build(archipelago, land=land) == neighbours.build(
            archipelago, land=ISLANDS
        )
        elsewhere = land.to_crs("EPSG:3857")
        assert neighbours.build(archipelago, land=elsewhere) == neighbours.build(
            archipelago, land=ISLANDS
        )

    def test_bridges_and_nearest_cross_water_and_are_told(self, archipelago):
        west, middle, _, sea = archipelago.index
        bridged = neighbours.build(archipelago, land=ISLANDS, bridges=[(middle, west)])
        found = neighbours.describe(bridged)
        assert found.bridges == found.crossing == ((west, middle),)
        linked = neighbours.build(archipelago, land=ISLANDS, link_isolated=1)
        found = neighbours.describe(linked)
        assert found.linked_isolated == (west,)
        assert found.isolated == (sea,)
        assert found.crossing == ((west, middle),)

    def test_nearest_on_land_leave_the_sea_out(self, archipelago):
        *_, sea = archipelago.index
        graph = neighbours.build(archipelago, kind="knn", k=2, land=ISLANDS)
        assert graph.cardinalities.to_dict()[sea] == 0
        assert not any(sea in pair for pair in links_of(graph))

    def test_crossing_is_told_of_a_graph_built_without_land(self, archipelago):
        west, middle, east, sea = archipelago.index
        graph = neighbours.build(archipelago)
        assert neighbours.describe(graph).crossing is None
        found = neighbours.describe(graph, geometry=archipelago[::-1], land=ISLANDS).crossing
        assert found == ((west, middle), (west, sea), (middle, sea), (east, sea))

    def test_a_detailed_coast_cuts_as_the_whole_land_would(self, made):
        areas = made.geometry.iloc[:300]
        middle = areas.union_all().centroid
        angles = np.linspace(0, 2 * np.pi, 5000, endpoint=False)
        reach = 120_000 * (1 + 0.2 * np.sin(9 * angles) + 0.05 * np.sin(400 * angles))
        coast = np.column_stack([reach * np.cos(angles), reach * np.sin(angles)])
        land = shapely.Polygon(coast + np.array([middle.x, middle.y]))
        on_land = shapely.intersection(np.asarray(areas.array), land)
        graph = neighbours.build(areas, land=land)
        dry = ~shapely.is_empty(on_land)
        expected = {
            (areas.index[i], areas.index[j])
            for i, j in zip(
                *shapely.STRtree(on_land).query(on_land, predicate="dwithin", distance=0.01),
                strict=True,
            )
            if i != j
        }
        assert links_of(graph) == expected
        assert set(neighbours.describe(graph).without_land) == set(areas.index[~dry])

    def test_land_without_polygons_is_refused(self, archipelago):
        with pytest.raises(DataError, match="land as polygons"):
            neighbours.build(archipelago, land=shapely.LineString([(0, 0), (1, 1)]))
        with pytest.raises(DataError, match="coordinate system"):
            neighbours.build(archipelago, land=gpd.GeoSeries([ISLANDS]))


class TestAddedLinks:
    def test_an_isolated_area_is_linked_both_ways(self):
        row = series([shapely.box(x, 0, x + 1, 1) for x in (0, 1, 5, 30)])
        a, b, c, d = row.index
        graph = neighbours.build(row, link_isolated=2)
        assert links_of(graph) == links_of(neighbours.build(row)) | {
            *[(c, b), (b, c), (c, a), (a, c)],
            *[(d, c), (c, d), (d, b), (b, d)],
        }
        assert (graph.adjacency == 1).all()

    def test_union_holds_the_links_of_both(self, made):
        areas = made.geometry.iloc[:150]
        queen, nearest = neighbours.build(areas), neighbours.build(areas, kind="knn", k=3)
        both = neighbours.union(queen, nearest)
        assert links_of(both) == links_of(queen) | links_of(nearest)
        assert list(both.unique_ids) == list(queen.unique_ids)
        shuffled = neighbours.build(areas.sample(frac=1, random_state=1), kind="knn", k=3)
        assert neighbours.union(queen, shuffled) == both
        assert neighbours.describe(both).kind == "union"

    def test_union_refuses_other_areas_and_unequal_weights(self):
        row = grid(4, 1)
        with pytest.raises(CodeError, match="same areas"):
            neighbours.union(neighbours.build(row), neighbours.build(row.iloc[1:]))
        kernel = neighbours.build(row, kind="kernel", bandwidth=600)
        with pytest.raises(DataError, match="all 1"):
            neighbours.union(neighbours.build(row), kernel)

    def test_a_kernel_takes_no_added_links(self):
        row = grid(3, 1)
        for added in ({"bridges": [tuple(row.index[:2])]}, {"link_isolated": 1}):
            with pytest.raises(DataError, match="without added links"):
                neighbours.build(row, kind="kernel", bandwidth=300, **added)


class TestDescription:
    def test_counts_agree_with_libpysal(self, made):
        graph = neighbours.build(made.geometry.iloc[::3], kind="rook")
        found = neighbours.describe(graph)
        assert found.areas == graph.n
        assert 2 * found.links == graph.n_edges
        assert found.symmetric
        assert len(found.components) == graph.n_components
        assert sum(found.components) == graph.n
        assert set(found.isolated) == set(graph.isolates)
        assert found.mean == pytest.approx(graph.cardinalities.mean())
        assert (found.least, found.most) == (graph.cardinalities.min(), graph.cardinalities.max())

    def test_nearest_are_not_symmetric(self):
        row = series([shapely.Point(x, 0) for x in (0, 10, 11)])
        found = neighbours.describe(neighbours.build(row, kind="knn", k=1))
        assert not found.symmetric
        assert (found.links, found.mean, found.components) == (2, 1.0, (3,))

    @pytest.mark.parametrize("language", ["sv", "en"])
    def test_the_sentence_names_what_the_graph_holds(self, archipelago, language):
        graph = neighbours.build(archipelago, land=ISLANDS, tolerance=2.5)
        text = neighbours.describe(graph).sentence(language)
        for word in (archipelago.index[0], {"sv": "2,5", "en": "2.5"}[language], "land"):
            assert word in text
        assert "{" not in text
        assert text.count(".") >= 4

    def test_every_kind_has_its_words(self, made):
        areas = made.geometry.iloc[:30]
        graphs = [
            neighbours.build(areas, kind="rook", tolerance=1),
            neighbours.build(areas, kind="knn", k=3),
            neighbours.build(areas, kind="distance", threshold=12_345),
            neighbours.build(areas, kind="kernel", bandwidth=54_321),
        ]
        graphs.append(neighbours.union(graphs[0], graphs[1]))
        told = [neighbours.describe(graph) for graph in graphs]
        assert len({found.sentence("sv") for found in told}) == len(graphs)
        assert "12,345 m" in told[2].sentence("en")
        assert "54,321 m" in told[3].sentence("en")
        assert "3 nearest" in told[4].sentence("en")

    def test_it_can_be_written_as_json(self, archipelago):
        west, *_ = archipelago.index
        found = neighbours.describe(neighbours.build(archipelago, land=ISLANDS))
        read = json.loads(json.dumps(found.as_dict()))
        assert read["isolated"][0] == west
        assert read["crossing"] == []
        assert read["rule"]["en"]

    def test_notes_hold_all_the_codes(self):
        spots = series([shapely.box(3 * x, 0, 3 * x + 1, 1) for x in range(8)])
        (note,) = neighbours.describe(neighbours.build(spots)).notes()
        assert note.codes == tuple(spots.index)
        assert "8" in note.text.sv
        assert spots.index[7] not in note.text.sv

    def test_a_graph_from_elsewhere_is_described_by_its_links(self):
        graph = Graph.build_contiguity(grid(3, 2))
        found = neighbours.describe(graph)
        assert found.kind == "unknown"
        assert found.links == graph.n_edges / 2
        assert neighbours.describe(neighbours.build(grid(3, 2)).transform("r")).links == 11

    def test_geometry_and_land_come_together(self, archipelago):
        with pytest.raises(DataError, match="both geometry and land"):
            neighbours.describe(neighbours.build(archipelago), geometry=archipelago)


class TestLinks:
    def test_a_line_for_each_pair_between_points_inside(self, archipelago):
        graph = neighbours.build(archipelago)
        lines = neighbours.links(graph, archipelago[::-1])
        assert set(zip(lines["focal"], lines["neighbor"], strict=True)) == {
            (a, b) for a, b in links_of(graph) if a < b
        }
        assert "crosses_water" not in lines
        assert lines.crs == archipelago.crs
        for row in lines.itertuples():
            assert archipelago[row.focal].contains(shapely.get_point(row.geometry, 0))
            assert archipelago[row.neighbor].contains(shapely.get_point(row.geometry, 1))

    def test_water_is_told_from_the_build_or_from_land(self, archipelago):
        west, middle, *_ = archipelago.index
        built = neighbours.build(archipelago, land=ISLANDS, bridges=[(west, middle)])
        lines = neighbours.links(built, archipelago)
        assert lines["crosses_water"].tolist() == [True, False]
        later = neighbours.links(neighbours.build(archipelago), archipelago, land=ISLANDS)
        assert later["crosses_water"].sum() == 4

    def test_no_links_give_an_empty_frame(self):
        row = series([shapely.box(3 * x, 0, 3 * x + 1, 1) for x in range(3)])
        assert len(neighbours.links(neighbours.build(row), row)) == 0

    def test_an_area_without_geometry_is_named(self):
        row = grid(3, 1)
        with pytest.raises(CodeError, match=row.index[0]):
            neighbours.links(neighbours.build(row), row.iloc[1:])


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
        neighbours.build(archipelago, land=ISLANDS, tolerance=1.0, link_isolated=1)
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
            {"link_isolated": 1},
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
            {"link_isolated": 0},
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


class TestCountry:
    def test_it_is_an_exact_coverage_of_its_rectangle(self, made):
        assert shapely.is_valid(made.geometry.array).all()
        assert shapely.coverage_is_valid(made.geometry.array)
        rectangle = country.WIDTH * country.HEIGHT
        assert made.area.sum() == pytest.approx(rectangle, rel=0.01)  # the rim wiggles too
        assert made.area.min() > 1

    def test_a_seed_makes_it(self, made):
        again = country.make(2100, seed=3, vertices=40_000)
        assert (made.geometry.to_wkb() == again.geometry.to_wkb()).all()
        pd.testing.assert_frame_equal(made.drop(columns="geometry"), again.drop(columns="geometry"))
        assert not made["low"].equals(country.make(2100, seed=4, vertices=40_000)["low"])

    def test_municipalities_are_as_uneven_as_the_real_ones(self):
        areas = country.make(5984, vertices=40_000)
        sizes = areas.groupby("municipality").size()
        assert len(areas) == areas.index.nunique() == 5984
        assert len(sizes) == 290
        assert sizes.min() >= 3
        assert 500 < sizes.max() < 700
        assert 110 < (sizes < 10).sum() < 160
        assert areas.index.str.fullmatch(r"9\d{3}[ABC]\d{4}").all()

    def test_counts_add_up_are_skewed_and_alike_among_neighbours(self, made):
        parts = made[["low", "medium_low", "medium_high", "high"]]
        assert (parts.sum(axis=1) == made["households"]).all()
        assert (parts >= 0).all().all()
        assert made["value"].skew() > 0.5
        lag = neighbours.build(made.geometry).transform("r").lag(made["value"])
        assert np.corrcoef(made["value"], lag)[0, 1] > 0.4
