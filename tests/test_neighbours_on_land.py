"""Land, bridges, added links and unions."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from grannskap.errors import CodeError, DataError
from grannskap.measures import neighbours
from squares import (
    CRS,
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
        linked = neighbours.build(archipelago, land=ISLANDS, attach_isolates=1)
        found = neighbours.describe(linked)
        assert found.attached_isolates == (west,)
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

    @pytest.mark.parametrize(("strait", "touches", "crosses"), [
        (0.0, True, False), (0.005, True, False), (0.02, False, False), (0.9, False, False),
        (1.0, False, False), (1.1, False, True), (40.0, False, True),
    ])  # fmt: skip
    def test_a_centimetre_of_water_is_none_and_up_to_a_metre_is_no_crossing(
        self, strait, touches, crosses
    ):
        areas = series([shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)])
        land = shapely.MultiPolygon(
            [shapely.box(0, 0, 100 - strait / 2, 100), shapely.box(100 + strait / 2, 0, 200, 100)]
        )
        for kind in ("queen", "rook"):
            plain = neighbours.build(areas, kind=kind, land=land)
            assert bool(links_of(plain)) == touches
        bridged = neighbours.build(areas, land=land, bridges=[tuple(areas.index)])
        told = neighbours.describe(bridged)
        assert bool(told.crossing) == crosses
        assert told.links == 1
        lines = neighbours.links(bridged, areas)
        assert lines["crosses_water"].tolist() == [crosses]
        again = neighbours.links(neighbours.build(areas), areas, land=land)
        assert again["crosses_water"].tolist() == [crosses]

    def test_a_way_over_an_island_between_counts_its_water_alone(self):
        areas = series([shapely.box(0, 0, 100, 100), shapely.box(300, 0, 400, 100)])
        for gap, crosses in ((0.4, False), (0.6, True)):
            between = shapely.box(100 + gap, 0, 300 - gap, 100)
            land = shapely.union_all([*areas, between])
            bridged = neighbours.build(areas, land=land, bridges=[tuple(areas.index)])
            assert bool(neighbours.describe(bridged).crossing) == crosses

    def test_areas_in_the_sea_are_cut_to_their_land_and_dry_ones_left_as_they_are(self):
        from grannskap import land as dry

        shapes = np.array(
            [shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10), shapely.box(30, 0, 40, 10)]
        )
        ground = dry.of(shapely.union(shapely.box(-5, -5, 12, 20), shapely.Point(35, 5)), None)
        first, second, third = dry.clip(shapes, ground)
        assert first is shapes[0]
        assert second.equals(shapely.box(10, 0, 12, 10))
        assert third.is_empty
        # Only what an area touches of land along a line or in a point is none of its land.
        (beside,) = dry.clip(np.array([shapely.box(12, 0, 20, 10)]), ground)
        assert beside.is_empty
        corner = shapely.Polygon([(12, 0), (20, 0), (20, 10), (12, 10), (12, 6), (11, 5), (12, 4)])
        (mixed,) = dry.clip(np.array([corner]), ground)
        assert mixed.area == pytest.approx(1)

    @pytest.mark.parametrize("turned", [False, True])
    def test_tiles_of_a_long_coast_are_the_coast(self, turned):
        from grannskap import land as dry

        angle = np.linspace(0, 2 * np.pi, 3001)[:-1]
        round_ = 1 + 0.1 * np.sin(40 * angle)
        xy = np.column_stack([5000 * round_ * np.cos(angle), 500 * round_ * np.sin(angle)])
        coast = shapely.Polygon(xy[:, ::-1] if turned else xy)
        tiles = dry.of(coast, None).tiles
        assert len(tiles) > 4
        assert shapely.area(tiles).sum() == pytest.approx(coast.area, rel=1e-9)
        assert shapely.union_all(tiles).symmetric_difference(coast).area < 1e-6 * coast.area
        # Across the longer side: no tile is much longer than it is wide.
        width = np.sort(np.diff(shapely.bounds(tiles).reshape(-1, 2, 2), axis=1)[:, 0], axis=1)
        assert (width[:, 1] < 12 * width[:, 0]).all()

    def test_land_without_polygons_is_refused(self, archipelago):
        with pytest.raises(DataError, match="land as polygons"):
            neighbours.build(archipelago, land=shapely.LineString([(0, 0), (1, 1)]))
        with pytest.raises(DataError, match="coordinate system"):
            neighbours.build(archipelago, land=gpd.GeoSeries([ISLANDS]))


class TestAddedLinks:
    def test_an_isolated_area_is_linked_both_ways(self):
        row = series([shapely.box(x, 0, x + 1, 1) for x in (0, 1, 5, 30)])
        a, b, c, d = row.index
        graph = neighbours.build(row, attach_isolates=2)
        assert links_of(graph) == links_of(neighbours.build(row)) | {
            *[(c, b), (b, c), (c, a), (a, c)],
            *[(d, c), (c, d), (d, b), (b, d)],
        }
        assert (graph.adjacency == 1).all()

    def test_a_bridge_is_one_link_both_ways_however_often_it_is_given(self):
        row = series([shapely.box(3 * x, 0, 3 * x + 1, 1) for x in range(4)])
        a, b, c, _ = row.index
        graph = neighbours.build(row, bridges=[(b, a), (a, b), (c, b), (b, a)])
        assert links_of(graph) == {(a, b), (b, a), (b, c), (c, b)}
        assert neighbours.describe(graph).bridges == ((a, b), (b, c))
        for wrong in ((a, a), (a, b, c), (a,)):
            with pytest.raises(DataError, match="pairs of two areas"):
                neighbours.build(row, bridges=[wrong])

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
        for added in ({"bridges": [tuple(row.index[:2])]}, {"attach_isolates": 1}):
            with pytest.raises(DataError, match="without added links"):
                neighbours.build(row, kind="kernel", bandwidth=300, **added)
