"""What a map frames, what it enlarges, and how many times."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from grannskap import land
from grannskap.maps import figure, style
from grannskap.maps.figure import extent, free, insets, plan, scene, sheet
from grannskap.sources import coast
from test_figure import SIDE, axes_of, counted_in, dense_town, texts_of, town

boxes = st.builds(
    lambda x, y, w, h: shapely.box(x, y, x + w, y + h),
    *[st.integers(0, 1000)] * 2,
    *[st.integers(1, 100)] * 2,
)


@given(st.lists(st.lists(boxes, min_size=1, max_size=5), min_size=1, max_size=8))
def test_a_frame_holds_the_largest_part_of_every_area(areas):
    parts = [shapely.get_parts(shapely.union_all(one)) for one in areas]
    geometry = np.array([shapely.multipolygons(one) for one in parts], dtype=object)
    frame = shapely.box(*extent.framing(geometry)).buffer(1e-6)
    assert shapely.box(*shapely.total_bounds(geometry)).buffer(1e-5).contains(frame)
    for one in parts:
        largest = shapely.area(one).max()
        assert all(frame.contains(part) for part in one if part.area == largest)


def test_islets_far_out_do_not_widen_a_frame_but_those_near_by_stay():
    main, near, far = (
        shapely.box(*b) for b in [(0, 0, 100, 100), (105, 40, 110, 45), (900, 0, 909, 9)]
    )
    both = np.array([shapely.MultiPolygon([main, near])], dtype=object)
    assert extent.framing(both) == (0.0, 0.0, 110.0, 100.0)
    three = np.array([shapely.MultiPolygon([main, near, far])], dtype=object)
    west, south, east, north = extent.framing(three)
    assert (west, south, north) == (0.0, 0.0, 100.0)
    assert 110 < east < 400


def test_a_legend_counts_what_the_extent_shows():
    areas = town()
    values = pd.Series(np.repeat([0.1, 9.0], 24), index=areas.index)  # the lower half, the upper
    west, south, east, _ = areas.total_bounds
    low = (west + 100, south + 100, east - 100, south + 2.5 * SIDE)
    drawn = figure.draw(areas, values, style.balance(), extent=low, counts=True)
    assert counted_in(drawn) == [24, 0, 0, 0, 0, 0, 0]


class TestInset:
    @pytest.mark.parametrize("page", list(sheet.PAGES))
    def test_it_enlarges_a_whole_number_of_times_and_says_so(self, page):
        areas = dense_town()
        drawn = figure.draw(areas, pd.Series(1.0, index=areas.index), style.balance(), page=page)
        scales = [
            (axes.get_xlim()[1] - axes.get_xlim()[0]) / axes.get_position().width
            for axes in (axes_of(drawn, "map"), axes_of(drawn, "centre"))
        ]
        often = scales[0] / scales[1]
        assert often == pytest.approx(round(often))
        assert 2 <= often <= 6
        told = {2: "Dubbel", 3: "Tredubbel", 4: "Fyrdubbel", 5: "Fem", 6: "Sex"}[round(often)]
        assert any(text.startswith(told) for text in texts_of(drawn))

    def test_it_lies_where_small_areas_are_thickest(self):
        """Two towns of small areas: 60 in one, 20 in the other, far apart in wide country."""
        rows = [(0, 0, 10, 6), (60_000, 30_000, 5, 4)]
        small = [
            shapely.box(x + 300 * c, y + 300 * r, x + 300 * (c + 1), y + 300 * (r + 1))
            for x, y, wide, high in rows
            for r in range(high)
            for c in range(wide)
        ]
        large = [
            shapely.box(x, -40_000, x + 20_000, -10_000) for x in range(-20_000, 80_000, 20_000)
        ]
        index = pd.Index([f"9999C{1000 + k:04d}" for k in range(85)], name="deso")
        areas = gpd.GeoDataFrame(geometry=[*small, *large], index=index, crs="EPSG:3006")
        what = scene.scene(
            areas, pd.Series(1.0, index=index), style.balance(), view=None, background=None
        )
        west, south, east, north = insets.centre(what, 600.0, scene.bounds_of(what.geometry))
        assert west <= 0
        assert south <= 0
        assert east >= 3000
        assert north >= 1800
        assert east < 30_000

    def test_small_multiples_enlarge_the_centre_under_each_map(self):
        areas = dense_town()
        panels = [
            figure.Panel(year, areas, pd.Series(1.0, index=areas.index)) for year in ("1", "2")
        ]
        drawn = figure.small_multiples(panels, style.balance())
        names = [axes.get_label() for axes in drawn.axes]
        assert names.count("map") == names.count("centre") == 2
        plain = [
            figure.Panel(year, town(), pd.Series(1.0, index=town().index)) for year in ("1", "2")
        ]
        names = [axes.get_label() for axes in figure.small_multiples(plain, style.balance()).axes]
        assert "centre" not in names

    def test_the_locator_is_for_less_than_a_municipality(self):
        areas = town()
        values = pd.Series(1.0, index=areas.index)
        part = list(areas.index[:6])
        labels = [
            a.get_label() for a in figure.draw(areas, values, style.balance(), view=part).axes
        ]
        assert "locator" in labels
        two = pd.concat([areas, town(municipality="9998", east=700_000.0)])
        values = pd.Series(1.0, index=two.index)
        labels = [
            a.get_label() for a in figure.draw(two, values, style.balance(), view="9999").axes
        ]
        assert "locator" not in labels


class TestCorners:
    def band(self):
        """A band from the lower left to the upper right: two corners of its map are free."""
        areas = town(9, 9)
        row, column = np.divmod(np.arange(81), 9)
        areas = areas[np.abs(row - column) <= 1]
        return areas, pd.Series(1.0, index=areas.index)

    def test_a_key_stands_on_the_map_where_it_covers_nothing_shown(self):
        areas, values = self.band()
        drawn = figure.draw(areas, values, style.balance(), page="page")
        grounds = [p for p in axes_of(drawn, "sheet").patches if p.get_gid() == "key-ground"]
        assert len(grounds) == 1
        axes = axes_of(drawn, "map")
        (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
        width, height = drawn.get_size_inches() * 25.4
        x, y, wide, _ = axes.get_position().bounds
        scale = (east - west) / (wide * width)
        for ground in grounds:
            left = west + (ground.get_x() - x * width) * scale
            low = south + (ground.get_y() - y * height) * scale
            right, top = (left + ground.get_width() * scale, low + ground.get_height() * scale)
            box = shapely.box(left, low, right, top)
            assert areas.distance(box).min() >= 1.9 * scale
            assert shapely.box(west, south, east, north).buffer(0.1).contains(box)

    def test_what_lies_off_the_map_takes_no_room_on_it(self):
        frame = sheet.Box(10.0, 20.0, 50.0, 40.0)
        room = free.Room(frame, np.zeros((80, 100), dtype=bool))
        off = [sheet.Box(10.0, 5.0, 1.0, 1.0), sheet.Box(2.0, 30.0, 1.0, 1.0)]
        for box in off:
            room = room.without(box, pad=0.5)
        assert not room.taken.any()
        corner = room.place(sheet.Block("legend", 10.0, 5.0), prefer=["upper left"])
        assert corner == sheet.Box(12.5, 52.5, 10.0, 5.0)

    def test_where_no_place_is_free_it_stands_above(self):
        areas = town(8, 8)
        drawn = figure.draw(areas, pd.Series(1.0, index=areas.index), style.balance(), page="page")
        assert not [p for p in axes_of(drawn, "sheet").patches if p.get_gid() == "key-ground"]

    def test_a_narrow_page_has_its_key_above(self):
        areas, values = self.band()
        drawn = figure.draw(areas, values, style.balance(), page="half-column")
        _, y, wide, _ = axes_of(drawn, "map").get_position().bounds
        assert wide * 80 == pytest.approx(77)
        cells = [p for p in axes_of(drawn, "sheet").patches if p.get_gid() == "legend-class"]
        assert all(cell.get_y() > y * drawn.get_size_inches()[1] * 25.4 for cell in cells)
        assert sum(cell.get_width() for cell in cells) == pytest.approx(60, abs=8)


@pytest.fixture(scope="module")
def county(shared_data):
    pytest.importorskip("roaring_landmask", reason="no shared real data without the extra sea")
    path = shared_data / "polygons" / "deso2018_stockholms_lan_1287_simplified.gpkg"
    areas = gpd.read_file(path).set_index("deso").sort_index().to_crs("EPSG:3006")
    west, south, east, north = areas.total_bounds
    shore = coast.read("osm", (west - 5e4, south - 5e4, east + 5e4, north + 5e4))
    return areas.assign(geometry=land.drawn(areas.geometry, shore))


@pytest.mark.real
@pytest.mark.parametrize(("page", "most"), [("half-column", 3), ("page", 4), ("16:9", 10)])
def test_every_municipality_is_large_enough_to_be_read(county, page, most):
    """All but a few of 26 fill 0.3 of the frame, and small areas are enlarged everywhere.

    The few are narrow or lie aslant, with neighbours' land on either side, or share a low sheet
    with an inset.
    """
    values = pd.Series(1.0, index=county.index)
    below = []
    for code in sorted(set(county.index.str[:4])):
        what = scene.scene(county, values, style.balance(), view=code, background=None)
        with sheet.typography():
            found = plan.plan(
                what, sheet.PAGES[page], (), (), extent=None, inset="auto", counts=True
            )
        west, south, east, north = found.main.bounds
        own = what.geometry[what.shown]
        inside = shapely.intersection(own, shapely.box(west, south, east, north))
        filled = shapely.area(inside).sum() / ((east - west) * (north - south))
        below += [code] if filled < 0.3 else []
        assert filled > 0.18, code
        assert shapely.area(inside).sum() > 0.85 * shapely.area(own).sum(), code
        side = np.sqrt(shapely.area(own)) / found.main.metres_per_mm
        assert (side < 2.5).mean() < 0.25 or (side < 2.5).sum() < 5 or found.centre, code
    assert len(below) <= most, below
