"""What the printed map promises: artists, texts, ids, extents, and the same bytes twice."""

import base64
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib import colors
from PIL import Image

from grannskap.errors import CodeError, DataError, OutputError
from grannskap.maps import figure, style
from grannskap.maps.figure import (
    free,
    insets,
    labels,
    layout,
    outlines,
    painting,
    scene,
    sheet,
    signs,
    views,
)
from grannskap.maps.marks import Highlight, Label, Overlay, place_names

BASELINES = Path(__file__).parent / "baselines"
SVG = "{http://www.w3.org/2000/svg}"
SIDE = 1000.0


def town(columns=8, rows=6, *, municipality="9999", east=600_000.0, north=6_600_000.0):
    """A grid of square areas, every code its own."""
    boxes, codes = [], []
    for row in range(rows):
        for column in range(columns):
            x, y = east + column * SIDE, north + row * SIDE
            boxes.append(shapely.box(x, y, x + SIDE, y + SIDE))
            codes.append(f"{municipality}C{row * columns + column + 1:03d}0")
    index = pd.Index(codes, name="deso")
    return gpd.GeoDataFrame(geometry=boxes, index=index, crs="EPSG:3006")


@pytest.fixture(scope="module")
def areas():
    return town()


@pytest.fixture(scope="module")
def values(areas):
    found = pd.Series(np.geomspace(0.1, 9.0, len(areas)), index=areas.index)
    found.iloc[5] = np.nan
    return found


@pytest.fixture(scope="module")
def look():
    return replace(
        style.balance(),
        subtitle="Rutköping 2017",
        source="Källa: påhittade uppgifter; DeSO 2018",
        caption="Medel 1,57×, lägst 0,10×, högst 9,00×",
    )


@pytest.fixture(scope="module")
def highlight(areas):
    codes = tuple(areas.index[[9, 10, 17, 18]])
    return Highlight("Hageby", "Hageby 13×", shapely.union_all(areas.geometry[list(codes)]), codes)


@pytest.fixture(scope="module")
def drawn(areas, values, look, highlight):
    return figure.draw(areas, values, look, highlights=(highlight,))


def axes_of(drawn, label):
    return next(axes for axes in drawn.axes if axes.get_label() == label)


def texts_of(drawn):
    return [text.get_text() for axes in drawn.axes for text in axes.texts]


def counted_in(drawn):
    """The numbers over the bar of a legend, and those behind what is listed under it."""
    texts = axes_of(drawn, "sheet").texts
    bar = [int(text.get_text()) for text in texts if text.get_gid() == "legend-count"]
    return bar + [int(m[1]) for t in texts_of(drawn) if (m := re.search(r"\((\d+)\)$", t))]


def collection(drawn, gid, *, label="map"):
    return next(c for c in axes_of(drawn, label).collections if c.get_gid() == gid)


def areas_drawn(drawn, *, label="map"):
    found = axes_of(drawn, label).collections
    return next(c for c in found if isinstance(c, painting.AreaCollection))


def hex_colours(colours):
    return ["#" + "".join(f"{round(255 * c):02x}" for c in row[:3]) for row in colours]


def test_every_area_has_the_colour_of_its_class(drawn, areas, values, look):
    artist = areas_drawn(drawn)
    assert artist.ids == tuple(areas.index)
    classes = style.classify(values, look)
    gap = look.gaps[look.missing]
    wanted = [look.colours[c] if c >= 0 else gap.colour for c in classes]
    assert hex_colours(artist.get_facecolor()) == wanted
    hatched = collection(drawn, "hatch-missing")
    assert len(hatched.get_paths()) == 1
    assert hatched.get_hatch() == gap.hatch


def test_areas_meet_values_by_label_and_order_does_not_matter(areas, values, look):
    shuffled = values.sample(frac=1, random_state=3)
    one = figure.render(figure.draw(areas, values, look, page="column"), "svg")
    assert figure.render(figure.draw(areas, shuffled, look, page="column"), "svg") == one


def test_all_texts_are_there_in_swedish(drawn, look):
    found = texts_of(drawn)
    for text in (look.title, look.subtitle, look.caption, look.source, "Uppgift saknas"):
        assert text in found
    for text in (
        "¼",
        "½",
        "0,8",
        "1,25",
        "2",
        "4",
        "← fler med hög",
        "lika många",
        "fler med låg →",
    ):
        assert found.count(text) == 1, text
    assert "N" not in found


def test_legend_counts_the_areas_on_request(areas, values, look):
    drawn = figure.draw(areas, values, look, counts=True)
    numbers = counted_in(drawn)
    assert len(numbers) == len(look.labels) + 1
    assert sum(numbers) == len(areas)
    assert numbers[-1] == 1


@pytest.mark.parametrize("name", ["half-column", "column", "page", "16:9"])
def test_everything_stands_on_the_page_and_the_legend_off_the_map(areas, values, look, name):
    drawn = figure.draw(areas, values, look, page=name)
    width, height = drawn.get_size_inches() * 25.4
    assert width == pytest.approx(sheet.PAGES[name].width)
    assert height <= sheet.PAGES[name].height + 1e-6
    renderer = drawn.canvas.get_renderer()
    extent = drawn.bbox
    boxes = [t.get_window_extent(renderer) for t in axes_of(drawn, "sheet").texts if t.get_text()]
    for box in boxes:
        assert extent.x0 - 1 <= box.x0
        assert box.x1 <= extent.x1 + 1
        assert extent.y0 - 1 <= box.y0
        assert box.y1 <= extent.y1 + 1
    ground = axes_of(drawn, "map").get_window_extent(renderer)
    paper = axes_of(drawn, "sheet")
    for patch in (p for p in paper.patches if p.get_gid() == "legend-class"):
        assert not ground.overlaps(patch.get_window_extent(renderer).padded(-1))


@pytest.mark.parametrize("name", ["half-column", "column", "page", "16:9"])
def test_no_two_texts_of_the_sheet_overlap(areas, values, look, name):
    drawn = figure.draw(areas, values, look, page=name, counts=True)
    renderer = drawn.canvas.get_renderer()
    texts = [t for t in axes_of(drawn, "sheet").texts if t.get_text() and t.get_gid() != "halo"]
    boxes = [t.get_window_extent(renderer).padded(-1) for t in texts]
    clashing = [
        (texts[i].get_text(), texts[j].get_text())
        for i in range(len(boxes))
        for j in range(i)
        if boxes[i].overlaps(boxes[j])
    ]
    assert clashing == []


def test_map_is_true_to_scale_and_its_bar_tells_it(drawn):
    axes = axes_of(drawn, "map")
    renderer = drawn.canvas.get_renderer()
    box = axes.get_window_extent(renderer)
    across = (axes.get_xlim()[1] - axes.get_xlim()[0]) / box.width
    up = (axes.get_ylim()[1] - axes.get_ylim()[0]) / box.height
    assert across == pytest.approx(up, rel=1e-3)
    sheet = axes_of(drawn, "sheet")
    bar = next(line for line in sheet.lines if line.get_gid() == "scale-bar")
    x = sheet.transData.transform(np.column_stack([bar.get_xdata(), bar.get_ydata()]))[:, 0]
    assert 12 <= np.ptp(bar.get_xdata()) <= 30
    metres = np.ptp(x) * across
    words = next(t.get_text() for t in sheet.texts if t.get_gid() == "scale-text")
    number, unit = words.split()
    assert metres == pytest.approx(float(number) * {"m": 1, "km": 1000}[unit], rel=1e-3)


@pytest.mark.parametrize("metres_per_mm", [0.7, 3.0, 42.0, 999.0, 12345.0])
def test_scale_bar_is_round_and_fits(metres_per_mm):
    metres = signs.bar_metres(metres_per_mm, most=25)
    assert 0.39 * 25 * metres_per_mm < metres <= 25 * metres_per_mm
    assert re.fullmatch(r"[125]0*", f"{metres:.0f}" if metres >= 1 else "1")


@pytest.mark.parametrize(("x", "y"), [(650_000, 6_640_000), (300_000, 6_200_000), (500_000, 7e6)])
def test_north_arrow_follows_the_convergence_of_the_projection(x, y):
    from pyproj import Proj

    proj = Proj("EPSG:3006")
    wanted = proj.get_factors(*proj(x, y, inverse=True)).meridian_convergence
    assert signs.convergence(float(x), float(y), "EPSG:3006") == pytest.approx(wanted, abs=1e-3)


def test_an_arrow_stands_where_up_is_more_than_five_degrees_from_north():
    for east, north, arrow in ((500_000.0, 6_600_000.0, False), (920_000.0, 7_340_000.0, True)):
        areas = town(4, 4, east=east, north=north)
        angle = signs.convergence(east, north, "EPSG:3006")
        assert (abs(angle) > 5) is arrow
        drawn = figure.draw(areas, pd.Series(1.0, index=areas.index), style.balance())
        arrows = [p for p in axes_of(drawn, "sheet").patches if p.get_gid() == "north-arrow"]
        assert bool(arrows) is arrow
        assert ("N" in texts_of(drawn)) is arrow


def test_grid_north_is_left_of_true_north_west_of_the_central_meridian():
    assert signs.convergence(400_000.0, 6_600_000.0, "EPSG:3006") < 0
    assert signs.convergence(500_000.0, 6_600_000.0, "EPSG:3006") == pytest.approx(0, abs=1e-9)


def test_view_shows_some_and_leaves_the_rest_faint(areas, values, look):
    view = areas.index[:16]
    drawn = figure.draw(areas, values, look, view=list(view), inset="none")
    assert set(areas_drawn(drawn).ids) == set(view)
    assert collection(drawn, "context").get_paths()
    west, south, east, north = areas.loc[view].total_bounds
    axes = axes_of(drawn, "map")
    assert axes.get_xlim()[0] <= west
    assert east <= axes.get_xlim()[1]
    assert axes.get_ylim()[0] <= south
    assert north <= axes.get_ylim()[1]


def test_views_of_all_kinds_agree(areas):
    both = pd.concat([town(3, 3, municipality="9998", east=700_000), areas])
    wanted = both.index.str[:4] == "9999"
    series = pd.Series(wanted, index=both.index).sample(frac=1, random_state=1)
    for view in ("9999", ["9999"], wanted, series, list(both.index[wanted])):
        assert (figure.shown(both, view) == wanted).all()
    assert figure.shown(both, None).all()
    with pytest.raises(CodeError):
        figure.shown(both, np.zeros(len(both), dtype=bool))
    with pytest.raises(CodeError):
        figure.shown(both, series.iloc[:3])
    with pytest.raises(CodeError):
        figure.shown(both, "0180")


def test_extent_frames_a_neighbourhood(areas, values, look, highlight):
    extent = figure.around(highlight.geometry, margin=500)
    drawn = figure.draw(areas, values, look, extent=extent, highlights=(highlight,), inset="none")
    axes = axes_of(drawn, "map")
    assert axes.get_xlim()[0] <= extent[0]
    assert axes.get_xlim()[1] >= extent[2]
    assert axes.get_ylim()[1] - axes.get_ylim()[0] < 6 * SIDE
    assert "Hageby 13×" in texts_of(drawn)


def dense_town():
    """A town of small areas within a municipality of big ones."""
    small = town(10, 10)
    west, south, *_ = small.total_bounds
    big = []
    for row in range(-2, 3):
        for column in range(-2, 3):
            x, y = west + column * 20 * SIDE, south + row * 20 * SIDE
            square = shapely.box(x, y, x + 20 * SIDE, y + 20 * SIDE)
            big.append(square.difference(shapely.union_all(small.geometry)))
    codes = pd.Index([f"9999A{n:03d}0" for n in range(1, 26)], name="deso")
    rural = gpd.GeoDataFrame(geometry=big, index=codes, crs="EPSG:3006")
    return pd.concat([rural, small]).sort_index()


def test_dense_centre_gets_an_inset_and_ids_stay_unique(look):
    areas = dense_town()
    values = pd.Series(1.0, index=areas.index)
    drawn = figure.draw(areas, values, look)
    inner = axes_of(drawn, "centre")
    town_bounds = areas[areas.index.str[4] == "C"].total_bounds
    assert inner.get_xlim()[0] <= town_bounds[0] + SIDE
    assert inner.get_xlim()[1] >= town_bounds[2] - SIDE
    frame = next(p for p in axes_of(drawn, "map").patches if p.get_gid() == "frame")
    assert frame.get_xy()[0] == pytest.approx(inner.get_xlim()[0])
    svg = figure.render(drawn, "svg").decode()
    ids = re.findall(r'id="([^"]+)"', svg)
    area_ids = [i for i in ids if re.fullmatch(r"(centre-)?9999[AC]\d{4}", i)]
    assert len(area_ids) == len(set(area_ids))
    assert set(areas.index) <= set(area_ids)
    without = figure.draw(areas, values, look, inset="none")
    assert {axes.get_label() for axes in without.axes} == {"sheet", "map"}


def test_even_town_needs_no_inset(areas, values, look):
    what = scene.scene(areas, values, look, view=None, background=None)
    bounds = scene.bounds_of(what.geometry)
    assert insets.centre(what, 60.0, bounds) is None


@pytest.mark.parametrize("name", ["half-column", "column", "page", "16:9"])
def test_an_inset_enlarges_at_least_twice_or_is_left_out(look, name):
    for step in (1, 2, 3):
        areas = dense_town().iloc[::step]
        drawn = figure.draw(areas, pd.Series(1.0, index=areas.index), look, page=name)
        scales = {}
        for axes in drawn.axes:
            west, east = axes.get_xlim()
            scales[axes.get_label()] = (east - west) / axes.get_position().width
        if "centre" in scales:
            assert scales["map"] >= 2 * scales["centre"]


def test_rings_outside_the_centre_are_labelled_on_the_main_map(look):
    areas = dense_town()
    values = pd.Series(1.0, index=areas.index)
    near = Highlight("a", "Innerby 2×", areas.geometry["9999C0450"])
    far = Highlight("b", "Ytterby 1×", areas.geometry["9999A0010"])
    drawn = figure.draw(areas, values, look, highlights=(near, far))
    places = {t.get_text(): t.get_position() for t in axes_of(drawn, "sheet").texts}
    width, height = drawn.get_size_inches() * 25.4
    for label, name in (("Innerby 2×", "centre"), ("Ytterby 1×", "map")):
        x0, y0, wide, high = axes_of(drawn, name).get_position().bounds
        x, y = places[label]
        assert x0 * width - 1 <= x <= (x0 + wide) * width
        assert y0 * height - 1 <= y <= (y0 + high) * height + 1


def test_labels_do_not_collide_and_keep_within_the_map():
    frame = sheet.Box(0, 0, 160, 120)
    tags = [
        labels.Tag(f"Område {i}", sheet.Box(60 + 3 * (i % 4), 50 + 3 * (i // 4), 2.5, 2.5), 8.0)
        for i in range(12)
    ]
    placed = labels.place(tags, frame)
    assert placed == labels.place(tags, frame)
    for i, one in enumerate(placed):
        assert one.overlap == 0
        assert frame.x <= one.box.x
        assert one.box.right <= frame.right
        for other in placed[:i]:
            apart_x = one.box.right <= other.box.x or other.box.right <= one.box.x
            apart_y = one.box.top <= other.box.y or other.box.top <= one.box.y
            assert apart_x or apart_y
    assert any(one.leader for one in placed)


def test_what_texts_cover_is_the_area_of_their_intersection():
    rng = np.random.default_rng(2)
    one, other = (
        [sheet.Box(*corner, *size) for corner, size in rng.uniform(0, 9, (12, 2, 2))]
        for _ in range(2)
    )
    shared = labels._shared(labels._edges(one), labels._edges(other))
    squares = [
        [shapely.box(box.x, box.y, box.right, box.top) for box in boxes] for boxes in (one, other)
    ]
    for i, first in enumerate(squares[0]):
        for j, second in enumerate(squares[1]):
            assert shared[i, j] == pytest.approx(first.intersection(second).area, abs=1e-9)


def test_place_names_that_find_no_room_are_left_out(areas, values, look):
    x, y = 604_000.0, 6_603_000.0
    crowd = [Label(f"Ort {i}", x + i, y, rank=i) for i in range(40)]
    found = [t for t in texts_of(figure.draw(areas, values, look, labels=crowd)) if "Ort" in t]
    assert "Ort 0" in found
    assert len(set(found)) < 40


def test_place_names_come_from_a_file_of_points_or_polygons():
    frame = gpd.GeoDataFrame(
        {"name": ["Hageby", "", None, "Berga"]},
        geometry=[
            shapely.Point(1, 2),
            shapely.Point(0, 0),
            shapely.Point(1, 1),
            shapely.box(0, 0, 2, 2),
        ],
        crs="EPSG:3006",
    )
    assert place_names(frame) == (Label("Hageby", 1.0, 2.0), Label("Berga", 1.0, 1.0))


def test_overlays_are_drawn_and_named_in_the_legend(areas, values, look):
    middle = areas.geometry.iloc[20]
    cases = [
        Overlay("Polisens områden", "outline", gpd.GeoSeries([middle], crs=3006)),
        Overlay("Bolaget", "dashed", gpd.GeoSeries([middle], crs=3006), colour="#333333"),
        Overlay("Skolor", "points", gpd.GeoSeries([middle.centroid], crs=3006), colour="#08519c"),
        Overlay("Gata", "lines", gpd.GeoSeries([middle.boundary], crs=3006), colour="#222222"),
    ]
    drawn = figure.draw(areas, values, look, overlays=cases)
    found = texts_of(drawn)
    assert [t for t in found if t in {o.label for o in cases}] == [o.label for o in cases]
    assert hex_colours(collection(drawn, "overlay-0").get_edgecolor()) == ["#1b7837"]
    for number, dashed in ((0, False), (1, True)):
        outline = collection(drawn, f"overlay-{number}")
        assert (outline.get_linestyle()[0][1] is not None) == dashed
        casing = collection(drawn, f"overlay-{number}-casing")
        assert hex_colours(casing.get_edgecolor()) == ["#ffffff"]
        assert not outline.get_hatch()
    assert len(axes_of(drawn, "map").lines) == 1
    assert "Polisens områden" in drawn.get_label()


def test_municipality_borders_ignore_slivers_between_careless_areas(look):
    one = town(4, 4)
    careless = one.assign(geometry=one.geometry.buffer(-4, join_style="mitre"))
    other = town(4, 4, municipality="9998", east=600_000 + 4 * SIDE)
    both = pd.concat([careless, other]).sort_index()
    drawn = figure.draw(both, pd.Series(1.0, index=both.index), look, inset="none")
    borders = collection(drawn, "municipalities").get_segments()
    assert len(borders) == 2


def test_cracks_within_a_municipality_are_filled_on_paper_and_nowhere_else():
    """Two areas a little apart over half of their border, as carelessly simplified files have."""
    left = shapely.Polygon(
        [(0, 0), (1000, 0), (1000, 200), (960, 500), (1000, 800), (1000, 1000), (0, 1000)]
    )
    right = shapely.box(1000, 0, 2000, 1000)
    island = shapely.box(600, 300, 700, 700)
    left_with_hole = left.difference(island)
    areas = gpd.GeoDataFrame(
        geometry=[left_with_hole, right, island],
        index=pd.Index(["9999C0010", "9999C0020", "9999C0030"], name="deso"),
        crs="EPSG:3006",
    )
    what = scene.scene(
        areas, pd.Series(1.0, index=areas.index), style.balance(), view=None, background=None
    )
    _, outlines_ = what.shapes.near(what, (0.0, 0.0, 2000.0, 1000.0), metres_per_mm=50.0)
    assert shapely.area(shapely.union_all(areas.geometry)) < 2_000_000 - 10_000
    assert shapely.area(outlines_.whole).sum() == pytest.approx(2_000_000)
    assert shapely.area(outlines_.whole[2]) == pytest.approx(40_000)
    assert areas.geometry.area.sum() < 2_000_000 - 10_000
    lines = outlines_.borders["9999"]
    assert sum(shapely.LineString(line).length for line in lines) == pytest.approx(6000)


def test_a_real_hole_stays_open():
    ring = shapely.box(0, 0, 3000, 3000).difference(shapely.box(1000, 1000, 2000, 2000))
    found = outlines.dissolved(np.array([ring], dtype=object), crack=10.0)
    assert found.cracks == ()
    assert found.outline.area == pytest.approx(8e6)


def test_simplified_borders_stay_shared():
    rng = np.random.default_rng(0)
    wiggle = [(x, 500 + 30 * rng.normal()) for x in np.linspace(0, 1000, 200)]
    low = shapely.Polygon([(0, 0), (1000, 0), *wiggle[::-1]])
    high = shapely.Polygon([(0, 1000), (1000, 1000), *wiggle[::-1]])
    both = np.array([low, high], dtype=object)
    simple = outlines.simplified(both, metres=100)
    assert shapely.get_num_coordinates(simple).sum() < 0.5 * shapely.get_num_coordinates(both).sum()
    assert shapely.area(shapely.intersection(*simple)) < 1e-6
    assert shapely.area(shapely.union_all(simple)) == pytest.approx(shapely.area(simple).sum())


def test_maps_of_a_run_simplify_once_for_a_scale_and_look_as_they_do_alone(
    areas, values, look, monkeypatch
):
    steps = []
    simplified = outlines.simplified
    monkeypatch.setattr(
        outlines,
        "simplified",
        lambda geometry, metres: steps.append(metres) or simplified(geometry, metres=metres),
    )
    shapes = figure.Shapes()
    bare = replace(look, caption="", subtitle="")
    scattered = areas.assign(extra=1.0)
    for where, style_ in ((areas, look), (scattered, bare), (areas, look)):
        shared = figure.draw(where, values, style_, inset="none", shapes=shapes)
        alone = figure.draw(where, values, style_, inset="none")
        assert figure.render(shared, "svg") == figure.render(alone, "svg")
    assert len(steps) <= 3 + 2
    other = town(8, 6, east=601_000.0)
    moved = figure.draw(other, pd.Series(1.0, index=other.index), look, shapes=shapes)
    west = min(path.vertices[:, 0].min() for path in areas_drawn(moved).get_paths())
    assert west == 601_000.0


def test_a_pdf_paints_every_class_in_its_colour(areas, values, look):
    pypdf = pytest.importorskip("pypdf")
    drawn = figure.draw(areas, values, look, inset="none")
    page = pypdf.PdfReader(BytesIO(figure.render(drawn, "pdf"))).pages[0]
    operations = page.get_contents().get_data().decode("latin-1")
    coloured = set(re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) scn\b", operations))
    grey = {(one,) * 3 for one in re.findall(r"cs ([\d.]+) scn\b", operations)}
    found = {tuple(round(255 * float(part)) for part in one) for one in coloured | grey}
    present = style.classify(values, look)
    for number in set(present[present >= 0]):
        wanted = tuple(int(look.colours[number][i : i + 2], 16) for i in (1, 3, 5))
        assert wanted in found


def test_all_formats_at_once_are_the_formats_one_by_one_and_a_smaller_png(drawn):
    every = figure.render_all(drawn)
    assert set(every.files) == {"png", "svg", "pdf"}
    for kind, content in every.files.items():
        assert content == figure.render(drawn, kind)
    small, whole = (Image.open(BytesIO(png)) for png in (every.preview, every.files["png"]))
    assert small.size == (-(-whole.width // 2), -(-whole.height // 2))
    assert small.info["Description"] == drawn.get_label()


def test_paths_keep_holes_and_parts():
    hole = shapely.Polygon(
        [(0, 0), (10, 0), (10, 10), (0, 10)], holes=[[(2, 2), (8, 2), (8, 8), (2, 8)]]
    )
    multi = shapely.MultiPolygon([shapely.box(20, 0, 21, 1), shapely.box(30, 0, 31, 1)])
    first, second = outlines.polygon_paths(np.array([hole, multi], dtype=object))
    assert first.contains_point((1, 1))
    areas = [
        abs(np.sum(ring[:-1, 0] * ring[1:, 1] - ring[1:, 0] * ring[:-1, 1])) / 2
        for ring in first.to_polygons()
    ]
    assert sorted(areas) == [36, 100]
    assert len(second.to_polygons()) == 2
    assert outlines.polygon_paths(np.array([], dtype=object)) == []


def test_svg_has_texts_ids_titles_and_alternative_text(drawn, areas, look):
    root = ET.fromstring(figure.render(drawn, "svg", language="sv"))
    texts = ["".join(node.itertext()) for node in root.iter(f"{SVG}text")]
    assert look.title in texts
    assert "Hageby 13×" in texts
    ids = {node.get("id") for node in root.iter() if node.get("id")}
    assert set(areas.index) <= ids
    groups = {node.get("id"): node for node in root.iter(f"{SVG}g")}
    tip = groups[areas.index[0]].find(f"{SVG}title").text
    assert tip == f"{areas.index[0]}: 0,10×"
    assert root.get("role") == "img"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "sv"
    assert root.find(f"{SVG}desc").text == drawn.get_label()
    assert root.find(f"{SVG}title").text


def test_alternative_text_counts_all_areas(drawn, areas, values, look, highlight):
    text = figure.alt_text(areas, values, look, highlights=(highlight,))
    assert text == drawn.get_label()
    assert "48 områden" in text
    parts = text.split("Areas per class – ")[-1].split("Områden per klass – ")[-1].split(". ")[0]
    numbers = [int(re.search(r": (\d+)$", part)[1]) for part in parts.split("; ")]
    assert sum(numbers) == 48
    assert "Hageby 13×" in text
    assert look.caption in text
    own = figure.alt_text(areas, values, replace(look, alt="Egen text."))
    assert own.startswith("Egen text.")
    english = figure.alt_text(areas, values, style.balance(language="en"))
    assert english.startswith("Map: ")


def test_each_reason_for_no_value_has_a_sign_of_its_own_and_is_counted(areas, values, look):
    values = values.copy()
    values.iloc[:6] = np.nan
    status = pd.Series("value", index=areas.index)
    status.iloc[:5] = ["nobody either", "nobody either", "suppressed", "not joined", "missing"]
    status = status.drop(areas.index[5]).sample(frac=1, random_state=1)
    drawn = figure.draw(areas, values, look, status=status, counts=True)
    words = {gap.status: gap.label for gap in look.gaps}
    wanted = {"missing": 3, "suppressed": 1, "nobody either": 2}
    for reason, number in wanted.items():
        assert f"{words[reason]}  ({number})" in " ".join(texts_of(drawn))
        assert f"{words[reason]}: {number}" in drawn.get_label()
        hatched = collection(drawn, f"hatch-{reason.replace(' ', '-')}")
        assert len(hatched.get_paths()) == number
    hatches = {c.get_hatch() for c in axes_of(drawn, "map").collections} - {None}
    assert len(hatches) == len(wanted)
    plain = figure.draw(areas, values, look)
    assert len(collection(plain, "hatch-missing").get_paths()) == 6
    assert not {words["suppressed"], words["nobody either"]} & set(texts_of(plain))


def test_an_area_whose_bounds_lie_in_one_class_is_coloured_and_marked(areas, values, look):
    values = values.copy()
    values.iloc[:3] = np.nan
    lower = pd.Series([5.0, 0.9, np.nan], index=areas.index[:3])
    upper = pd.Series([np.inf, 1.3, np.nan], index=areas.index[:3])
    drawn = figure.draw(areas, values, look, lower=lower, upper=upper, counts=True)
    artist = areas_drawn(drawn)
    assert hex_colours(artist.get_facecolor())[:2] == [look.colours[-1], "#ffffff"]
    (mark,) = [line for line in axes_of(drawn, "map").lines if line.get_gid() == "bounded"]
    ((x, y),) = mark.get_xydata()
    assert areas.geometry.iloc[0].contains(shapely.Point(x, y))
    assert "Osäkert tal, säker klass  (1)" in texts_of(drawn)
    assert "Osäkert tal, säker klass: 1." in drawn.get_label()
    svg = figure.render(drawn, "svg").decode()
    assert f"{areas.index[0]}: {look.labels[-1].replace('>', '&gt;')} (osäkert tal" in svg
    panel = figure.Panel("2017", areas, values, lower=lower, upper=upper)
    shared = figure.small_multiples([panel], look, counts=True)
    assert "Osäkert tal, säker klass  (1)" in texts_of(shared)


def test_alternative_text_names_the_extremes_and_what_a_mark_is(areas, values, look, highlight):
    named = areas.assign(regso_name=[f"Trakt {code}" for code in areas.index])
    told = figure.alt_text(
        named, values, look, highlights=(replace(highlight, sentence="Markerat: x"), highlight)
    )
    low, high = values.idxmin(), values.idxmax()
    assert re.search(rf"Lägst: {low} Trakt {low} \(.*\); högst: {high} Trakt {high} \(", told)
    assert told.count(highlight.label) == 1
    assert "Markerat: x. Markerade grannskap: Hageby 13×" in told


def test_a_polygon_that_names_a_neighbourhood_is_dashed_beside_what_was_measured(
    areas, values, look, highlight
):
    polygon = highlight.geometry.centroid.buffer(700)
    drawn = figure.draw(areas, values, look, highlights=(replace(highlight, polygon=polygon),))
    measured = collection(drawn, "highlight-0").get_segments()
    assert shapely.Polygon(measured[0]).equals(highlight.geometry)
    beside = collection(drawn, "highlight-0-polygon")
    assert shapely.Polygon(beside.get_segments()[0]).equals(polygon)
    assert beside.get_linestyle()[0][1] is not None
    assert beside.get_linewidth()[0] < collection(drawn, "highlight-0").get_linewidth()[0]
    assert "Grannskapets egen gräns" in texts_of(drawn)
    plain = figure.draw(areas, values, look, highlights=(highlight,))
    assert "Grannskapets egen gräns" not in texts_of(plain)


def test_hostile_texts_stay_texts(areas, values):
    nasty = '</title><script>alert(1)</script> $x^2$ & "q" {{ 7*7 }}'
    look = replace(style.balance(title=nasty), source=nasty, caption=nasty)
    drawn = figure.draw(
        areas, values, look, highlights=(Highlight("x", nasty, areas.geometry.iloc[3]),)
    )
    svg = figure.render(drawn, "svg", title=nasty, alt=nasty)
    root = ET.fromstring(svg)
    assert not list(root.iter(f"{SVG}script"))
    assert root.find(f"{SVG}title").text == nasty
    for kind in ("png", "pdf"):
        assert figure.render(drawn, kind, title=nasty, alt=nasty)


def test_png_has_its_size_and_alternative_text(drawn):
    image = Image.open(BytesIO(figure.render(drawn, "png")))
    width, height = drawn.get_size_inches() * 300
    assert image.size == (pytest.approx(width, abs=1), pytest.approx(height, abs=1))
    assert image.info["Description"] == drawn.get_label()
    assert image.info["dpi"][0] == pytest.approx(300, abs=0.1)
    assert "Software" not in image.info


def test_pdf_embeds_its_fonts_and_tells_no_time(drawn):
    pypdf = pytest.importorskip("pypdf")
    reader = pypdf.PdfReader(BytesIO(figure.render(drawn, "pdf")))
    assert "/CreationDate" not in reader.metadata
    assert reader.metadata["/Subject"] == drawn.get_label()
    fonts = reader.pages[0]["/Resources"]["/Font"]
    assert fonts
    for font in fonts.values():
        inner = font.get_object()
        bottom = inner.get("/DescendantFonts", [inner])[0].get_object()
        assert "/FontFile2" in bottom["/FontDescriptor"].get_object()
    assert "¼ ½ 0,8 1,25 2 4" in reader.pages[0].extract_text()


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_same_bytes_twice_and_in_another_process(drawn, areas, values, look, highlight, kind):
    again = figure.draw(areas, values, look, highlights=(highlight,))
    assert figure.render(drawn, kind) == figure.render(drawn, kind)
    assert figure.render(again, kind) == figure.render(drawn, kind)


def test_another_process_with_another_hash_seed_gives_the_same_bytes():
    code = (
        "import sys, hashlib; sys.path.insert(0, sys.argv[1])\n"
        "from test_figure import town\n"
        "import pandas as pd\n"
        "from grannskap.maps import figure, style\n"
        "a = town(3, 3)\n"
        "f = figure.draw(a, pd.Series(range(9), index=a.index, dtype=float), style.balance())\n"
        "data = b''.join(figure.render(f, kind) for kind in ('png', 'svg', 'pdf'))\n"
        "print(hashlib.sha256(data).hexdigest())"
    )
    source = str(Path(figure.__file__).parents[3])
    sums = {
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code, str(Path(__file__).parent)],
            env={"PYTHONHASHSEED": seed, "MPLBACKEND": "agg", "PATH": "", "PYTHONPATH": source},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(sums) == 1


def test_the_bundled_letters_are_source_sans_and_others_are_lent(areas, values, look):
    """A fifth narrower than DejaVu, whose letters stand in for those that it lacks."""
    from matplotlib import get_data_path
    from matplotlib.font_manager import get_font

    words = "Balans ≤ 0,25 × ÅÄÖ åäö é – → Tå AV Västra Frölunda ¼ ½"
    for bold, other in ((False, "DejaVuSans"), (True, "DejaVuSans-Bold")):
        font = get_font(f"{get_data_path()}/fonts/ttf/{other}.ttf")
        font.set_size(100, 72)
        font.set_text(words, 0.0)
        wide = font.get_width_height()[0] / 64 / 100 * 10 * sheet.PT
        assert 0.7 * wide < sheet.text_width(words, 10, bold=bold) < 0.85 * wide
    pypdf = pytest.importorskip("pypdf")
    foreign = figure.draw(areas, values, replace(look, title="Тверь 12 և AB"), inset="none")
    page = pypdf.PdfReader(BytesIO(figure.render(foreign, "pdf"))).pages[0]
    assert "Тверь" in page.extract_text()
    fonts = {str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()}
    assert {"DejaVuSans" in name for name in fonts} == {True, False}


@pytest.mark.parametrize("text", ["grannarna", "sekretess  (1)", "Osäkert tal, säker klass  (1)"])
def test_a_line_as_wide_as_its_room_is_not_broken(text):
    for size in np.linspace(5, 20, 61):
        assert sheet.wrap(text, size, sheet.text_width(text, size)) == [text]


def test_an_svg_carries_its_typeface(drawn):
    """Its texts are as wide on a machine that lacks the typeface."""
    svg = figure.render(drawn, "svg").decode()
    faces = re.findall(r"font-weight:(\d+);src:url\(data:font/woff2;base64,([^)]+)\)", svg)
    assert [weight for weight, _ in faces] == ["400", "700"]
    for _, content in faces:
        assert base64.b64decode(content)[:4] == b"wOF2"
    assert "DejaVu" not in svg


def test_user_settings_change_nothing(areas, values, look):
    import matplotlib as mpl

    plain = figure.render(figure.draw(areas, values, look), "svg")
    with mpl.rc_context({"svg.fonttype": "path", "font.size": 40, "hatch.linewidth": 9}):
        assert figure.render(figure.draw(areas, values, look), "svg") == plain


def test_unknown_format_is_refused(drawn):
    with pytest.raises(OutputError, match="'jpg'"):
        figure.render(drawn, "jpg")


def test_drawing_leaves_pyplot_alone_and_its_input_unchanged(areas, values, look):
    before = areas.copy(deep=True), values.copy(deep=True)
    figure.draw(areas, values, look)
    pd.testing.assert_frame_equal(pd.DataFrame(areas), pd.DataFrame(before[0]))
    pd.testing.assert_series_equal(values, before[1])
    code = "import sys, grannskap.maps.figure; print('matplotlib.pyplot' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_cluster_map_counts_four_classes_in_a_square_and_lists_the_rest_it_shows(areas):
    values = pd.Series("not significant", index=areas.index)
    values.iloc[:4] = ["high-high", "no neighbours", "high-low", "high-low"]
    look = style.clusters(too_few=True)
    drawn = figure.draw(areas, values, look)
    sheet_ = axes_of(drawn, "sheet")
    cells = [p for p in sheet_.patches if p.get_gid() == "legend-class"][:4]
    counts = [t for t in sheet_.texts if t.get_gid() == "legend-count"]
    told = {
        hex_colours([cell.get_facecolor()])[0]: count.get_text()
        for cell, count in zip(cells, counts, strict=True)
    }
    by_category = dict(zip(look.categories, look.colours, strict=True))
    assert {name: told[by_category[name]] for name in look.categories[:4]} == {
        "high-high": "1",
        "low-low": "0",
        "high-low": "2",
        "low-high": "0",
    }
    where = {hex_colours([c.get_facecolor()])[0]: c.get_xy() for c in cells}
    high_high, low_low = where[by_category["high-high"]], where[by_category["low-low"]]
    assert high_high[0] > low_low[0]
    assert high_high[1] > low_low[1]
    found = texts_of(drawn)
    labels_ = dict(zip(look.categories, look.labels, strict=True))
    assert {labels_["not significant"], labels_["no neighbours"]} <= set(found)
    assert not any(text.startswith(labels_["too few areas"]) for text in found)
    assert found.count(look.gaps[look.missing].label) == 0
    assert collection(drawn, "hatch-5").get_hatch() == look.hatches[5]


def test_two_variables_have_a_square_legend(areas, values):
    half = style.one_way([1, 3], name="a", title="Låg köpkraft", decimals=0)
    other = style.one_way([2, 4], name="b", title="Allmännytta", decimals=0)
    drawn = figure.bivariate(areas, values, values, first_style=half, second_style=other)
    swatches = [p for p in axes_of(drawn, "sheet").patches if p.get_gid() == "legend-class"]
    square = [p.get_xy() for p in swatches[:9]]
    assert len({round(x, 6) for x, _ in square}) == 3
    assert len({round(y, 6) for _, y in square}) == 3
    assert square[0][1] < square[8][1]
    assert square[0][0] < square[8][0]
    found = texts_of(drawn)
    assert {"Båda höga", "Båda låga", "1", "3", "2", "4"} <= set(found)
    assert any("Allmännytta" in t for t in found)
    counts = [t for t in axes_of(drawn, "sheet").texts if t.get_gid() == "legend-count"]
    assert sum(int(t.get_text()) for t in counts) == len(values.dropna())


def test_change_map_greys_what_chance_explains(areas):
    steps = pd.Series(1.5, index=areas.index)
    quiet = pd.Series(pd.array([True, pd.NA] + [False] * 46, dtype="boolean"), index=areas.index)
    table = pd.DataFrame({"estimate": steps, "within_chance": quiet})
    drawn = figure.change(areas, table)
    look = style.change()
    colours = hex_colours(areas_drawn(drawn).get_facecolor())
    assert colours[0] == look.colours[3]
    assert set(colours[1:]) == {look.colours[-1]}


def test_long_legends_of_a_slide_are_set_smaller_rather_than_cut(areas, values, look):
    many = [
        Overlay(
            f"Påhittad kategori {i}", "outline", gpd.GeoSeries([areas.geometry.iloc[i]], crs=3006)
        )
        for i in range(9)
    ]
    drawn = figure.draw(areas, values, look, page="16:9", overlays=many)
    renderer = drawn.canvas.get_renderer()
    labels_ = [t for t in axes_of(drawn, "sheet").texts if t.get_gid() == "legend-label"]
    bar = next(t for t in axes_of(drawn, "sheet").texts if t.get_gid() == "scale-text")
    boxes = [t.get_window_extent(renderer) for t in labels_]
    assert min(box.y0 for box in boxes) > sheet.PAGES["16:9"].margin / 25.4 * drawn.dpi
    assert not any(box.overlaps(bar.get_window_extent(renderer)) for box in boxes)
    assert labels_[0].get_fontsize() < sheet.PAGES["16:9"].text


def test_small_multiples_share_one_legend(areas, values, look):
    other = town(4, 9, municipality="9998", east=700_000)
    panels = [
        figure.Panel(
            "2012",
            areas,
            values,
            highlights=(Highlight("Hageby", "Hageby 12×", areas.geometry.iloc[9]),),
        ),
        figure.Panel(
            "2017",
            areas,
            values * 2,
            highlights=(Highlight("Hageby", "Hageby 14×", areas.geometry.iloc[9]),),
        ),
        figure.Panel("Grannby", other, pd.Series(1.0, index=other.index)),
    ]
    drawn = figure.small_multiples(panels, look, counts=True)
    maps = [axes for axes in drawn.axes if axes.get_label() == "map"]
    assert len(maps) == 3
    assert maps[0].get_xlim() == maps[1].get_xlim()
    found = texts_of(drawn)
    assert found.count("1,25") == 1
    assert {"2012", "2017", "Grannby", "Hageby 12×", "14×"} <= set(found)
    bars = [one for one in axes_of(drawn, "sheet").lines if one.get_gid() == "scale-bar"]
    assert len(bars) == 2  # one for both years, one for the other place
    assert sum(counted_in(drawn)) == 48 + 48 + 36
    assert "Grannby" in drawn.get_label()
    with pytest.raises(DataError):
        figure.small_multiples([], look)


def test_hexagons_are_equal_disjoint_and_keep_neighbours(areas):
    hexes = figure.hexagons(areas)
    assert hexes.index.equals(areas.index)
    assert hexes.crs == areas.crs
    area = hexes.geometry.area
    assert area.max() - area.min() < 1e-4 * area.mean()
    assert hexes.union_all().area == pytest.approx(area.sum(), rel=1e-6)
    left, right = hexes.sindex.query(hexes.geometry, predicate="intersects")
    touching = {tuple(pair) for pair in zip(left, right, strict=True)}
    edges = [(i, i + 1) for i in range(48) if (i + 1) % 8] + [(i, i + 8) for i in range(40)]
    kept = np.mean([pair in touching for pair in edges])
    assert kept > 0.7
    drawn = figure.draw(hexes, pd.Series(1.0, index=hexes.index), style.balance())
    gids = {p.get_gid() for p in axes_of(drawn, "sheet").patches}
    assert not gids & {"scale-bar", "north-arrow"}


def test_links_map_tells_water_from_land(areas):
    lines = gpd.GeoDataFrame(
        {"focal": areas.index[:2], "neighbor": areas.index[1:3], "crosses_water": [False, True]},
        geometry=[
            shapely.LineString(
                [areas.geometry.iloc[i].centroid, areas.geometry.iloc[i + 1].centroid]
            )
            for i in range(2)
        ],
        crs="EPSG:3006",
    )
    drawn = figure.links(areas, lines)
    assert {"Grannar", "Grannar över vatten", "Saknar grannar"} <= set(texts_of(drawn))
    assert "Grannar utanför" not in texts_of(drawn)
    part = figure.links(areas, lines.drop(columns="crosses_water"), view=list(areas.index[:2]))
    assert {"Grannar", "Grannar utanför"} <= set(texts_of(part))
    alone = collection(drawn, "hatch-1")
    assert len(alone.get_paths()) == len(areas) - 3


def test_moran_scatter_names_the_areas_that_pull_and_draws_the_slope():
    rng = np.random.default_rng(5)
    z = rng.normal(size=60)
    data = pd.DataFrame({"z": z, "lag": 0.5 * z}, index=[f"9999C{i:03d}0" for i in range(60)])
    data.iloc[0] = np.nan
    data["name"] = [f"Plats {i}" for i in range(60)]
    drawn = figure.moran_scatter(data, named=3)
    axes = axes_of(drawn, "plot")
    slope = next(line for line in axes.lines if line.get_gid() == "slope")
    (x0, x1), (y0, y1) = slope.get_data()
    assert (y1 - y0) / (x1 - x0) == pytest.approx(0.5)
    names = {t.get_text() for t in axes_of(drawn, "sheet").texts if t.get_gid() == "area-name"}
    hardest = data["z"].mul(data["lag"]).abs().nlargest(3).index
    assert names == set(data.loc[hardest, "name"])
    assert "Morans I = 0,50" in texts_of(drawn)
    with pytest.raises(DataError):
        figure.moran_scatter(data.iloc[:3])


def test_dots_have_the_colours_of_the_map_of_clusters_and_names_keep_off_them():
    rng = np.random.default_rng(8)
    z = rng.normal(size=200)
    data = pd.DataFrame({"z": z, "lag": 0.6 * z + 0.3 * rng.normal(size=200)})
    data.index = [f"9999C{i:03d}0" for i in range(200)]
    data["cluster"] = "not significant"
    data.iloc[:2, 2] = ["high-high", "low-low"]
    swapped = style.clusters(colours=[style.clusters().colours[i] for i in (1, 0, 3, 2, 4)])
    drawn = figure.moran_scatter(data, style=swapped)
    faces = collection(drawn, "areas", label="plot").get_facecolors()
    assert [colors.to_hex(face) for face in faces[:2]] == list(swapped.colours[:2])
    assert set(swapped.labels[:4]) <= set(texts_of(drawn))
    assert not [p for p in axes_of(drawn, "sheet").patches if p.get_gid() == "legend-class"]
    plot = axes_of(drawn, "plot")
    drawn.canvas.draw()
    box = plot.get_window_extent()
    assert box.width / drawn.dpi * 25.4 == pytest.approx(110, abs=0.1)
    assert box.width == pytest.approx(box.height, rel=1e-3)
    assert np.ptp(plot.get_xlim()) == pytest.approx(np.ptp(plot.get_ylim()))
    dots = axes_of(drawn, "plot").transData.transform(data[["z", "lag"]])
    for words in axes_of(drawn, "sheet").texts:
        if words.get_gid() == "area-name":
            extent = words.get_window_extent()
            assert not any(extent.contains(*dot) for dot in dots)


@pytest.mark.parametrize("value", [-0.4, -0.012, 0.01, 0.4])
def test_words_of_a_reference_distribution_stand_above_the_bars_beside_their_lines(value):
    simulated = np.random.default_rng(1).normal(0, 0.05, 999)
    drawn = figure.reference_distribution(simulated, value, expected=-0.01, p=0.002, language="en")
    plot = axes_of(drawn, "plot")
    bars = max(plot.transData.transform((0, bar.get_height()))[1] for bar in plot.patches)
    drawn.canvas.draw()
    words = [t for t in axes_of(drawn, "sheet").texts if t.get_gid() == "note"]
    assert len(words) == 2
    for text in words:
        extent = text.get_window_extent()
        assert extent.y0 > bars
        for line in plot.lines:
            x, top = plot.transData.transform((line.get_xdata()[0], 0))[0], line.get_ydata()[1]
            tip = plot.transAxes.transform((0, top))[1]
            assert not (extent.x0 < x < extent.x1 and tip > extent.y0)
    assert "-" not in "".join(t.get_text() for t in words)


def test_reference_distribution_and_correlogram_tell_their_result():
    simulated = np.random.default_rng(1).normal(0, 0.05, 999)
    drawn = figure.reference_distribution(simulated, 0.4, expected=-0.01, p=0.002)
    seen = next(line for line in axes_of(drawn, "plot").lines if line.get_gid() == "observed")
    assert list(seen.get_xdata()) == [0.4, 0.4]
    assert "p = 0,0020" in drawn.get_label()
    bands = pd.DataFrame(
        {"distance": [1e3, 2e3, 3e3], "value": [0.5, 0.2, 0.0], "lower": -0.1, "upper": 0.1}
    )
    reach = figure.correlogram(bands)
    assert "2 av 3" in reach.get_label()
    line = next(one for one in axes_of(reach, "plot").lines if len(one.get_xdata()) == 3)
    assert list(line.get_xdata()) == [0.5, 1.5, 2.5]  # the middle of each band
    assert "vad slumpen ger på ett avstånd" in texts_of(reach)
    for kind in ("png", "svg", "pdf"):
        assert figure.render(drawn, kind)


@pytest.mark.parametrize("core", [None, (40.0, 40.0, 50.0, 49.0)])
@pytest.mark.parametrize("aspect", [0.5, 1.0, 2.2])
@pytest.mark.parametrize("name", ["half-column", "column", "page", "16:9"])
@pytest.mark.parametrize("thick", [0.1, 1.0])
def test_boxes_of_a_layout_never_overlap_and_stay_on_the_page(name, aspect, core, thick):
    """A band that is thin leaves free places; one that fills the map leaves none."""
    size = sheet.PAGES[name]
    key = layout.Key(
        sheet.Block("legend", 0.25 * size.width, 4 * size.text),
        sheet.Block("legend", 0.5 * size.width, 2 * size.text),
        sheet.Block("signs", 20.0, 4.0),
        sheet.Block("locator", 2 * size.text, 2 * size.text),
    )
    bounds = (0.0, 0.0, 100.0 * aspect, 100.0)
    band = shapely.box(0, 50 - 50 * thick, 100 * aspect, 50 + 50 * thick)
    covered = free.Covered.of(np.array([band], dtype=object), bounds)
    found = layout.arrange(
        size,
        layout.Frame(12.0, 8.0, bounds, core),
        key,
        lambda box: covered.room(box, views.view_of(bounds, box).bounds),
    )
    assert {"legend"} <= set(found.blocks) <= {"legend", "signs", "locator", "centre"}
    assert ("centre" in found.blocks) == (core is not None)
    boxes = [found.map, *(b for n, b in found.blocks.items() if n not in found.inside)]
    on_map = [found.blocks[name] for name in found.inside]
    for group in (boxes, on_map):
        for i, box in enumerate(group):
            assert box.x >= size.margin - 1e-6
            assert box.right <= found.width - size.margin + 1e-6
            assert box.y >= size.margin + 8.0 - 1e-6
            assert box.top <= found.height - size.margin - 12.0 + 1e-6
            for other in group[:i]:
                apart_x = box.right <= other.x + 1e-6 or other.right <= box.x + 1e-6
                apart_y = box.top <= other.y + 1e-6 or other.top <= box.y + 1e-6
                assert apart_x or apart_y
    view = views.view_of(bounds, found.map)
    scale, (west, south, *_) = view.metres_per_mm, view.bounds
    for box in on_map:
        x, y = west + (box.x - found.map.x) * scale, south + (box.y - found.map.y) * scale
        here = shapely.box(x, y, x + box.width * scale, y + box.height * scale)
        assert not here.intersects(band), found.inside


def baseline_cases():
    areas = town()
    values = pd.Series(np.geomspace(0.1, 9.0, len(areas)), index=areas.index)
    values.iloc[5] = np.nan
    highlight = Highlight(
        "Hageby", "Hageby 13×", shapely.union_all(areas.geometry.iloc[[9, 10, 17, 18]])
    )
    groups = pd.Series("not significant", index=areas.index)
    groups.iloc[:6] = [*style.clusters().categories[:4], "no neighbours", "no data"]
    return {
        "balance": figure.draw(
            areas, values, style.balance(), page="half-column", highlights=(highlight,)
        ),
        "clusters": figure.draw(areas, groups, style.clusters(), page="half-column"),
        "hexagons": figure.draw(
            figure.hexagons(areas), values, style.balance(), page="half-column"
        ),
    }


@pytest.mark.parametrize("name", ["balance", "clusters", "hexagons"])
def test_pictures_look_as_they_did(name):
    """Seen from afar, where versions of the font renderer agree; `python tests/test_figure.py`."""
    now = Image.open(BytesIO(figure.render(baseline_cases()[name], "png", dpi=100)))
    then = Image.open(BASELINES / f"{name}.png")
    assert now.size == then.size
    apart = np.abs(_from_afar(now) - _from_afar(then))
    # The oldest font renderer writes words narrower: 2.2 where they fill a legend of two columns.
    assert apart.mean() < 2.5
    assert (apart.max(axis=2) > 60).mean() < 0.01


def _from_afar(image):
    small = (image.width // 6, image.height // 6)
    return np.asarray(image.convert("RGB").resize(small, Image.Resampling.BOX), dtype=float)


@pytest.mark.real
def test_stockholm_is_drawn_with_every_area_and_its_centre(shared_data, look):
    path = shared_data / "polygons" / "deso2018_stockholms_lan_1287_simplified.gpkg"
    areas = gpd.read_file(path).set_index("deso").sort_index()
    drawn = figure.draw(areas, pd.Series(1.0, index=areas.index), look)
    assert len(areas_drawn(drawn).ids) == 1287
    inner = axes_of(drawn, "centre")
    assert inner.get_xlim()[0] < 674_000 < inner.get_xlim()[1]


if __name__ == "__main__":
    BASELINES.mkdir(exist_ok=True)
    for case, made in baseline_cases().items():
        (BASELINES / f"{case}.png").write_bytes(figure.render(made, "png", dpi=100))
