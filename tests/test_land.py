"""Land: areas lose their water where they are drawn, and nowhere else."""

import os
from importlib import metadata

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from grannskap import analysis, dataset, land, project
from grannskap.analysis import View
from grannskap.errors import DataError, ProjectError
from grannskap.maps import atlas, figure
from grannskap.sources import boundaries, coast

CRS = "EPSG:3006"
EAST, NORTH = 600_000.0, 6_600_000.0
STEP = 1000.0

# Four columns and four rows of areas; land ends in the third column, and one islet lies out at
# sea in the fourth, in the second row.
SHORE = shapely.MultiPolygon(
    [
        shapely.box(EAST - 9_000, NORTH - 9_000, EAST + 2_500, NORTH + 9_000),
        shapely.box(EAST + 3_400, NORTH + 1_400, EAST + 3_600, NORTH + 1_600),
    ]
)
LAND = gpd.GeoSeries([SHORE], crs=CRS)


def areas():
    shapes = [
        shapely.box(
            EAST + x * STEP, NORTH + y * STEP, EAST + (x + 1) * STEP, NORTH + (y + 1) * STEP
        )
        for y in range(4)
        for x in range(4)
    ]
    codes = [f"9999C{1000 + 10 * k:04d}" for k in range(16)]
    return gpd.GeoDataFrame(geometry=shapes, index=pd.Index(codes, name="deso"), crs=CRS)


def counts():
    low = np.arange(10.0, 26.0)
    frame = pd.DataFrame({"low": low, "high": low[::-1], "households": 60.0}, index=areas().index)
    frame.index.name = "deso"
    return frame


def results_on(shore):
    return analysis.run(dataset.from_frames(areas(), counts(), year=2022, land=shore))


class TestDrawn:
    def test_an_area_is_its_land_and_whole_where_it_has_none(self):
        whole = areas().geometry
        drawn = land.drawn(whole, LAND)
        column = np.tile(np.arange(4), 4)
        size = drawn.area.to_numpy() / STEP**2
        assert size[column < 2].tolist() == [1.0] * 8
        assert size[column == 2] == pytest.approx([0.5] * 4)
        assert size[column == 3] == pytest.approx([1.0, 0.04, 1.0, 1.0])  # no land: its shape
        dry = column < 2
        assert (drawn[dry].to_numpy() == whole[dry].to_numpy()).all()

    @given(st.lists(st.tuples(*[st.integers(0, 40)] * 4), min_size=1, max_size=6))
    def test_it_is_the_intersection_whatever_the_land(self, corners):
        boxes = [
            shapely.box(
                EAST + 100 * x, NORTH + 100 * y, EAST + 100 * (x + w + 1), NORTH + 100 * (y + h + 1)
            )
            for x, y, w, h in corners
        ]
        whole = areas().geometry
        drawn = land.drawn(whole, gpd.GeoSeries(boxes, crs=CRS))
        truth = whole.intersection(shapely.union_all(boxes))
        left = truth.area > 0
        assert (
            drawn[left].symmetric_difference(truth[left]).area.max() <= 1e-3 if left.any() else True
        )
        assert (drawn[~left].to_numpy() == whole[~left].to_numpy()).all()

    def test_land_in_another_system_is_brought_here(self):
        there = LAND.to_crs("EPSG:4326").to_crs(CRS)  # its corners as they come back
        drawn = land.drawn(areas().geometry, LAND.to_crs("EPSG:4326"))
        assert drawn.area.sum() == pytest.approx(land.drawn(areas().geometry, there).area.sum())


class TestResults:
    def test_water_changes_no_measure(self):
        """Of 16 areas all counts are known: only who is a neighbour may follow the land."""
        wet, dry = results_on(None), results_on(LAND)
        for name in ("balance", "low_income_share"):
            pd.testing.assert_frame_equal(wet.table(name), dry.table(name))
        assert wet.areas.geometry.equals(dry.areas.geometry)
        assert dry.drawn.area.sum() < dry.areas.area.sum()
        assert dry.drawn.drop(columns="geometry").equals(
            pd.DataFrame(dry.areas.drop(columns="geometry"))
        )

    def test_without_land_what_is_drawn_is_what_was_measured(self):
        wet = results_on(None)
        assert wet.drawn is wet.areas

    def test_where_no_area_has_water_land_is_forgotten(self):
        around = gpd.GeoSeries(
            [shapely.box(EAST - 9e3, NORTH - 9e3, EAST + 9e3, NORTH + 9e3)], crs=CRS
        )
        data = dataset.from_frames(areas(), counts(), year=2022, land=around)
        assert data.shore is None
        assert not [note for note in data.notes if note.kind == "areas drawn without water"]

    def test_a_note_counts_the_areas_that_are_cut(self):
        (note,) = [n for n in results_on(LAND).notes if n.kind == "areas drawn without water"]
        assert len(note.codes) == 5  # four on the shore and the one with the islet
        assert "5 områden" in note.text.sv

    def test_a_neighbourhood_is_outlined_on_land(self):
        codes = list(areas().index[[1, 2]])
        data = dataset.from_frames(
            areas(), counts(), year=2022, land=LAND, neighbourhoods={"Stranden": codes}
        )
        found = analysis.run(data)
        (which, *_) = atlas.maps(found, View())
        assert which.highlights[0].geometry.area == pytest.approx(1.5 * STEP**2)
        assert data.neighbourhoods[0].geometry.area == pytest.approx(2 * STEP**2)


class TestPicture:
    @pytest.fixture(scope="class")
    def drawn(self):
        found = results_on(LAND)
        return figure_of(found)

    def test_the_sea_has_the_colour_of_water_and_land_its_own(self, drawn):
        axes = next(a for a in drawn.axes if a.get_label() == "map")
        assert hex_of(axes.patch.get_facecolor()) == "#dce7ed"
        ground = next(c for c in axes.collections if c.get_gid() == "land")
        assert hex_of(ground.get_facecolor()[0]) == "#eae8e3"

    def test_the_border_of_the_municipality_stays_on_land(self, drawn):
        axes = next(a for a in drawn.axes if a.get_label() == "map")
        lines = next(c for c in axes.collections if c.get_gid() == "municipalities")
        border = shapely.multilinestrings([s for s in lines.get_segments() if len(s) > 1])
        assert shapely.length(shapely.difference(border, shapely.buffer(SHORE, 1.0))) == 0
        inland = shapely.LineString([(EAST, NORTH), (EAST, NORTH + 4000)])
        assert shapely.length(shapely.intersection(shapely.buffer(border, 1.0), inland)) > 3900
        shore = shapely.LineString([(EAST + 2500, NORTH + 100), (EAST + 2500, NORTH + 3900)])
        assert not shapely.intersects(shapely.buffer(border, 1.0), shore)

    def test_small_multiples_and_variants_know_the_sea_too(self):
        found = results_on(LAND)
        panels = [figure.Panel(str(n), found.drawn, found.areas["balance"]) for n in (1, 2)]
        (which, *_) = atlas.maps(found, View())
        picture = figure.small_multiples(panels, which.style, land=LAND)
        maps = [a for a in picture.axes if a.get_label() == "map"]
        assert [hex_of(a.patch.get_facecolor()) for a in maps] == ["#dce7ed"] * 2

    def test_islets_that_print_cannot_show_are_left_out_but_no_area(self):
        islets = [shapely.box(x, 0, x + 10, 10) for x in range(0, 100, 20)]
        both = shapely.MultiPolygon([shapely.box(0, 50, 100, 150), *islets])
        few = figure.outlines.without_islets(np.array([both, islets[0]], dtype=object), least=500.0)
        assert shapely.area(few).tolist() == [10_000.0, 100.0]


def figure_of(found):
    return atlas.plot(found, "balance")


def hex_of(colour):
    return "#" + "".join(f"{round(255 * part):02x}" for part in colour[:3])


# --- A project's land -------------------------------------------------------------------------


def project_in(folder, *, codes="9999", more="", shift=(0.0, 0.0)):
    made = areas()
    made.index = made.index.str.replace("9999", codes)
    made.geometry = made.translate(*shift)
    made.reset_index().to_file(folder / "areas.gpkg")
    table = counts()
    table.index = made.index
    table.to_csv(folder / "register.csv")
    LAND.translate(*shift).to_frame("geometry").to_file(folder / "land.gpkg")
    (folder / "project.toml").write_text(
        f"""title = "Strand"
view = "{codes}"
[boundaries]
path = "areas.gpkg"
division = 2018
[[register]]
path = "register.csv"
year = 2022
source = "påhittat"
[register.columns]
low = "low"
high = "high"
households = "households"
{more}""",
        encoding="utf-8",
    )
    return project.read(folder / "project.toml")


def test_a_file_of_land_cuts_what_is_drawn_and_links_nobody_apart(tmp_path):
    with_land = dataset.read(project_in(tmp_path, more='[map]\nland = "land.gpkg"\n'))
    assert with_land.land is None
    assert with_land.shore.areas.area.sum() < with_land.geometry.area.sum()
    (source,) = [one for one in with_land.provenance if one.role == "land"]
    assert source.name == "land.gpkg"
    assert len(source.sha256) == 64


def test_the_land_of_neighbours_serves_the_drawing_and_is_read_once(tmp_path):
    data = dataset.read(
        project_in(tmp_path, more='[autocorrelation.neighbours]\nland = "land.gpkg"\n')
    )
    assert data.land is data.shore.land
    assert [one.role for one in data.provenance].count("land") == 1
    asked = '[autocorrelation.neighbours]\nland = "land.gpkg"\n[map]\nland = "none"\n'
    assert dataset.read(project_in(tmp_path, more=asked)).shore is None


@pytest.fixture
def vaxholm():
    """Where the middle of a municipality with much sea lies, from the corner of the areas."""
    low = boundaries.municipalities().loc["0187", "geometry"].centroid
    return (low.x - EAST - 2 * STEP, low.y - NORTH - 2 * STEP)


@pytest.fixture
def wide(monkeypatch, vaxholm):
    """Areas of the size of that municipality with its sea."""
    monkeypatch.setattr("test_land.STEP", 4000.0)
    return (vaxholm[0] + 2 * STEP - 8000.0, vaxholm[1] + 2 * STEP - 8000.0)


def test_the_coast_is_the_default_where_areas_reach_into_the_sea(tmp_path, monkeypatch, wide):
    asked = []

    def read(name, bounds):
        asked.append(name)
        return LAND.translate(*wide)

    monkeypatch.setattr(coast, "read", read)
    monkeypatch.setattr(coast, "installed", lambda: True)
    monkeypatch.setattr(metadata, "version", lambda _name: "1.2.3")
    data = dataset.read(project_in(tmp_path, codes="0187", shift=wide))
    assert asked == ["osm"]
    assert data.land is None
    assert data.shore is not None
    line = atlas.words.source_line(analysis.run(data), View())
    assert line == "Källa: påhittat; DeSO 2018. Kust: © OpenStreetMap (ODbL)"
    (source,) = [one for one in data.provenance if one.role == "land"]
    assert source.parameters == {"coast": "osm", "roaring-landmask": "1.2.3"}


def test_without_the_extra_a_note_says_what_it_would_bring(tmp_path, monkeypatch, wide):
    monkeypatch.setattr(coast, "installed", lambda: False)
    data = dataset.read(project_in(tmp_path, codes="0187", shift=wide))
    assert data.shore is None
    (note,) = [one for one in data.notes if one.kind == "coast not installed"]
    assert "grannskap[sea]" in note.text.sv
    outline = boundaries.municipalities().loc["0187", "geometry"]
    for code, part in data.framed.items():
        whole = data.geometry.geometry[code]
        wanted = whole.intersection(outline)
        assert part.equals(whole if wanted.is_empty else wanted)
    west, south, east, north = figure.framing(data.framed.to_numpy())
    beside, above = 0.03 * (east - west), 0.03 * (north - south)
    wanted = (west - beside, south - above, east + beside, north + above)
    assert atlas.printed.extent(analysis.run(data), View()) == pytest.approx(wanted)
    with pytest.raises(ProjectError, match=r"grannskap\[sea\]"):
        dataset.read(project_in(tmp_path, codes="0187", shift=wide, more='[map]\nland = "gshhg"\n'))


def test_a_made_up_town_is_never_cut_by_a_true_coast(tmp_path, monkeypatch):
    monkeypatch.setattr(coast, "read", None)
    monkeypatch.setattr(coast, "installed", lambda: True)
    assert dataset.read(project_in(tmp_path)).shore is None


# --- The cache of the coast ---------------------------------------------------------------------


@pytest.fixture
def made(monkeypatch, tmp_path):
    """Count how often the coast is made; it is a small one."""
    calls = []

    def make(name):
        calls.append(name)
        return np.array(list(SHORE.geoms), dtype=object)

    monkeypatch.setattr(coast, "_made", make)
    monkeypatch.setattr(coast, "installed", lambda: True)
    monkeypatch.setattr(coast.metadata, "version", lambda _name: "1.2.3")
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: str(tmp_path / "cache"))
    return calls


AROUND = (EAST, NORTH, EAST + 4000.0, NORTH + 4000.0)


def test_the_coast_is_made_once_and_ends_at_the_bounds(made, tmp_path):
    first, second = coast.read("osm", AROUND), coast.read("osm", AROUND)
    assert made == ["osm"]
    assert first.geom_equals_exact(second, 0.0).all()
    assert tuple(first.total_bounds) == (EAST, NORTH, EAST + 3600.0, NORTH + 4000.0)
    coast.read("gshhg", AROUND)
    assert made == ["osm", "gshhg"]
    assert sorted(p.name for p in (tmp_path / "cache").iterdir()) == [
        "coast-gshhg-1.2.3-1.wkb",
        "coast-osm-1.2.3-1.wkb",
    ]


def test_a_broken_cache_is_made_anew_and_one_that_cannot_be_written_is_no_error(made, tmp_path):
    truth = coast.read("osm", AROUND)
    file = tmp_path / "cache" / "coast-osm-1.2.3-1.wkb"
    file.write_bytes(file.read_bytes()[:40])
    assert coast.read("osm", AROUND).geom_equals_exact(truth, 0.0).all()
    assert made == ["osm", "osm"]
    file.unlink()
    file.parent.rmdir()
    file.parent.write_text("a file where the folder would be")
    assert coast.read("osm", AROUND).geom_equals_exact(truth, 0.0).all()
    assert made == ["osm", "osm", "osm"]


def test_open_sea_is_told(made):
    with pytest.raises(DataError, match="open sea"):
        coast.read("osm", (EAST + 50_000, NORTH, EAST + 60_000, NORTH + 5_000))


def test_the_true_coast_has_the_islands_where_they_are(monkeypatch, tmp_path):
    """Öland is 1,342 km² and Gotland with its islands 3,140 (Statistics Sweden, land)."""
    pytest.importorskip(
        "roaring_landmask",
        reason="CI has the extra sea" if os.environ.get("CI") else "no extra sea",
    )
    for name, place, size in (("osm", (16.65, 56.75), 1342), ("osm", (18.5, 57.4), 2994)):
        point = gpd.GeoSeries([shapely.Point(place)], crs="EPSG:4326").to_crs(CRS).iloc[0]
        bounds = (point.x - 120e3, point.y - 120e3, point.x + 120e3, point.y + 120e3)
        shores = coast.read(name, bounds)
        (island,) = shores[shores.contains(point)]
        assert island.area / 1e6 == pytest.approx(size, rel=0.02)
    at_sea = gpd.GeoSeries([shapely.Point(18.0, 56.5)], crs="EPSG:4326").to_crs(CRS).iloc[0]
    assert not shores.contains(at_sea).any()
