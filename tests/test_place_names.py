"""Names on maps: few, on their own ground, over no area smaller than themselves."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.colors import to_rgb

from grannskap import analysis, dataset, project
from grannskap.analysis import View
from grannskap.errors import ProjectError
from grannskap.maps import atlas, figure, style
from grannskap.maps.atlas import clustered, places
from grannskap.maps.figure.painting import AreaCollection
from grannskap.maps.figure.sheet import PAGES, PT, text_width, typography
from grannskap.maps.marks import Highlight, Label
from test_figure import SIDE, axes_of, dense_town, town


def boxes_of(drawn, *gids):
    """Each text with one of the ids, and its box on the sheet in millimetres."""
    found = []
    with typography():
        for text in axes_of(drawn, "sheet").texts:
            if text.get_gid() in gids:
                x, y = text.get_position()
                bold = text.get_fontweight() == "bold"
                wide = text_width(text.get_text(), text.get_fontsize(), bold=bold)
                high = text.get_fontsize() * PT
                found.append(
                    (text.get_text(), shapely.box(x, y - 0.12 * high, x + wide, y + 0.88 * high))
                )
    return found


def on_paper(drawn, label, geometry):
    """Areas as they lie on the sheet, in millimetres."""
    axes = axes_of(drawn, label)
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    width, height = drawn.get_size_inches() * 25.4
    x, y, wide, high = axes.get_position().bounds
    scale = np.array([wide * width / (east - west), high * height / (north - south)])
    frame = shapely.box(x * width, y * height, (x + wide) * width, (y + high) * height)
    moved = shapely.transform(
        np.asarray(geometry, dtype=object),
        lambda xy: (xy - [west, south]) * scale + [x * width, y * height],
    )
    return moved, frame


def covering(drawn, geometry, *gids):
    """Names that lie over an area in colour that is smaller than they are."""
    found = []
    for label in ("map", "centre"):
        if label not in {axes.get_label() for axes in drawn.axes}:
            continue
        areas, frame = on_paper(drawn, label, geometry)
        for text, box in boxes_of(drawn, *gids):
            if not frame.contains(box.centroid):
                continue
            under = shapely.area(shapely.intersection(areas, box)) > 0.05 * box.area
            if (shapely.area(areas[under]) < box.area).any():
                found.append(text)
    return found


def labels_of(areas, names):
    return [
        Label(name, shape.centroid.x, shape.centroid.y, rank, shape)
        for rank, (name, shape) in enumerate(zip(names, areas.geometry, strict=False), 1)
    ]


@pytest.mark.parametrize("page", list(PAGES))
def test_names_are_few_and_cover_no_small_area(page):
    areas = dense_town()
    named = labels_of(areas, [f"Ort {k}" for k in range(len(areas))])
    drawn = figure.draw(
        areas, pd.Series(1.0, index=areas.index), style.balance(), page=page, labels=named
    )
    found = boxes_of(drawn, "place-name")
    assert covering(drawn, areas.geometry.to_numpy(), "place-name") == []
    if PAGES[page].width < 100:
        assert found == []
        return
    assert 0 < len(found) <= 18
    for label, most in (("map", 12), ("centre", 6)):
        _, frame = on_paper(drawn, label, areas.geometry.to_numpy())
        here = [box for _, box in found if frame.contains(box)]
        assert len(here) <= min(most, frame.area / 3000)
    for i, (_, one) in enumerate(found):
        assert all(one.distance(other) >= 1.9 for _, other in found[:i])


def test_a_name_stands_on_its_own_ground_or_nowhere():
    areas = town(4, 3)
    part = shapely.box(600_000, 6_600_000, 600_000 + SIDE, 6_600_000 + SIDE)
    speck = part.centroid.buffer(20)
    values = pd.Series(1.0, index=areas.index)
    middle = (part.centroid.x, part.centroid.y)
    both = [Label("Hageby", *middle, 2, part), Label("Bergsbrunna", *middle, 1, speck)]
    drawn = figure.draw(areas, values, style.balance(), labels=both)
    ((name, box),) = boxes_of(drawn, "place-name")
    assert name == "Hageby"
    (ground,), _ = on_paper(drawn, "map", [part])
    assert box.intersection(ground).area >= 0.6 * box.area
    neighbour = figure.draw(areas, values, style.balance(), view=list(areas.index[4:]), labels=both)
    assert boxes_of(neighbour, "place-name") == []


def results_with(names):
    areas = town(4, 3).reset_index()
    counts = pd.DataFrame(
        {"low": np.arange(20.0, 32.0), "high": np.arange(1.0, 13.0), "households": 90.0},
        index=areas["deso"],
    )
    called = pd.Series(names, index=areas["deso"].iloc[: len(names)])
    return analysis.run(dataset.from_frames(areas, counts, year=2022, names=called))


def test_parts_of_a_place_have_its_name_once():
    found = results_with(
        [
            "Norra Hageby",
            "Hageby centrum",
            "Södra Berga",
            "Berga-Långa Backen-Åsen",
            "Stad östra omland",
        ]
    )
    named = {one.text: one.place for one in places.labels(found, View())}
    assert set(named) == {"Hageby", "Södra Berga"}
    assert named["Hageby"].area == pytest.approx(2 * SIDE**2)
    cells = figure.hexagons(found.areas)
    moved = {one.text: one.place for one in places.labels(found, View(), drawn=cells)}
    assert moved["Hageby"].area == pytest.approx(2 * cells.area.iloc[0], rel=1e-3)


def test_a_name_in_a_colour_has_neither_ring_nor_leader():
    areas = town(8, 8)
    part = areas.geometry.iloc[[0, 1, 8]]
    cluster = Highlight(
        "A", "A–B, 3 områden", part.union_all(), tuple(part.index), colour="#b35806"
    )
    values = pd.Series("not significant", index=areas.index)
    values[part.index] = "high-high"
    drawn = figure.draw(areas, values, style.clusters(), highlights=(cluster,))
    sheet = axes_of(drawn, "sheet")
    for text in sheet.texts:
        if text.get_gid() == "highlight-label":
            assert text.get_color() == "#b35806"
    assert not [line for line in sheet.lines if line.get_gid() == "leader"]
    gids = {one.get_gid() for one in axes_of(drawn, "map").collections}
    assert not any(gid.startswith("highlight") for gid in gids if gid)


def test_clusters_are_those_of_areas_that_are_neighbours():
    index = pd.Index([f"9999C10{k}0" for k in range(6)], name="deso")
    pairs = [(0, 1), (1, 2), (3, 4)]
    both = pairs + [(b, a) for a, b in pairs]
    table = pd.DataFrame(
        [(index[a], index[b], 1.0) for a, b in both], columns=["focal", "neighbor", "weight"]
    )
    adjacency = table.set_index(["focal", "neighbor"])["weight"]
    clustering = SimpleNamespace(neighbours=SimpleNamespace(adjacency=adjacency))
    found = clustered._together(index, clustering)
    assert sorted(map(len, found)) == [1, 2, 3]
    assert {tuple(part) for part in found} == {
        tuple(index[:3]),
        tuple(index[3:5]),
        (index[5],),
    }


def test_cores_are_filled_and_their_neighbours_outlined(demo_results, demo_view):
    view = replace(demo_view, map=demo_view.map.model_copy(update={"also": ("cores",)}))
    (cores,) = [one for one in atlas.extras(demo_results, view) if one.name == "clusters-cores"]
    found = axes_of(cores.figure, "map").collections
    areas = next(one for one in found if isinstance(one, AreaCollection))
    pale = {to_rgb(colour) for colour in style.clusters().colours[2:4]}
    assert not pale & {tuple(face[:3]) for face in areas.get_facecolor().tolist()}
    texts = {text.get_text() for text in axes_of(cores.figure, "sheet").texts}
    assert {"Höga kärnor med sina grannar", "Låga kärnor med sina grannar"} <= texts


def test_hexagons_and_two_variables_carry_names_and_neighbourhoods(demo_results, demo_view):
    options = demo_view.map.model_copy(update={"also": ["hexagons", "two-variables"]})
    for extra in atlas.extras(demo_results, replace(demo_view, map=options)):
        if extra.name.startswith(("clusters", "segregation-scale", "interventions")):
            continue
        assert boxes_of(extra.figure, "place-name"), extra.name
        marked = {text.split()[0] for text, _ in boxes_of(extra.figure, "highlight-label")}
        assert marked >= {p.name.split()[0] for p in demo_results.dataset.neighbourhoods}


class TestAsked:
    def asking(self, view, **options):
        return replace(view, map=view.map.model_copy(update=options))

    def test_any_two_variables_are_drawn(self, demo_results, demo_view):
        view = self.asking(
            demo_view, also=["two-variables"], variables=("employment_rate", "disposable_income")
        )
        extra = next(e for e in atlas.extras(demo_results, view) if e.name == "two-variables")
        assert demo_view.called("employment_rate") in extra.title

    def test_one_that_is_missing_is_refused_before_the_work(self, demo_read, demo_view):
        view = self.asking(demo_view, also=["two-variables"], variables=("high", "nonsense"))
        with pytest.raises(ProjectError, match="without nonsense"):
            analysis.check_pictures(demo_read[0], view)
        with pytest.raises(ProjectError, match="same variable twice"):
            analysis.check_pictures(
                demo_read[0],
                self.asking(demo_view, also=["two-variables"], variables=("high",) * 2),
            )
        with pytest.raises(ProjectError, match="1 in view"):
            analysis.check_pictures(demo_read[0], self.asking(demo_view, also=["towns"]))

    def test_there_are_no_small_multiples_of_one(self, demo_view):
        found = results_with(["Hageby"])
        view = replace(View(), map=demo_view.map.model_copy(update={"also": ["years", "groups"]}))
        assert [e.name for e in atlas.extras(found, view) if e.name.startswith("balance")] == []

    def test_a_former_hatch_is_a_dashed_outline(self):
        named = project.OverlayFile(path="x.geojson", label="x", kind="hatch")
        assert named.kind == "dashed"


# --- Twelve real views --------------------------------------------------------------------------

TOML = """title = "t"
view = "{view}"
[boundaries]
path = "{areas}"
division = 2018
names = {{ path = "names.csv", code = "DeSO_2018", name = "RegSO_2020" }}
[[register]]
path = "register.xlsx"
year = 2022
source = "SCB"
[register.columns]
low_standard = "Låg ekonomisk standard, procent 2022 totalt ålder"
high_standard = "Hög ekonomisk standard, procent 2022 totalt ålder"
persons = "Antal personer totalt 2022 totalt ålder"
[register.percent]
low_standard = "persons"
high_standard = "persons"
"""

VIEWS = {
    "deso2018_stockholms_lan_1287_simplified.gpkg": [
        *("0180", "0120", "0186", "0188", "0136", "0181", "0127"),
    ],
    "deso2018_uppsala_lan_plus_neighbours_262.gpkg": ["0380", "0382", "0381"],
    "deso2018_dalarnas_lan_175.gpkg": ["2080", "2081"],
}


def results_of(shared: Path, folder: Path, areas: str, views: list[str]):
    for name, file in (
        (areas, shared / "polygons" / areas),
        ("names.csv", shared / "keys" / "deso2018_regso2020_key_5984.csv"),
        ("register.xlsx", shared / "scb-excel" / "000006TA_20240813-153551.xlsx"),
    ):
        (folder / name).write_bytes(file.read_bytes())
    (folder / "project.toml").write_text(TOML.format(view=views[0], areas=areas), encoding="utf-8")
    data, options, view = analysis.read(project.read(folder / "project.toml"))
    return analysis.run(data, options.model_copy(update={"scopes": tuple(views)})), view


@pytest.mark.real
@pytest.mark.parametrize("areas", list(VIEWS))
def test_no_name_covers_a_smaller_area_in_twelve_real_views(shared_data, tmp_path, areas):
    views = VIEWS[areas]
    found, view = results_of(shared_data, tmp_path, areas, views)
    shapes, named = figure.Shapes(), 0
    for scope in views:
        one = replace(view, scope=scope)
        (which, *_) = atlas.maps(found, one)
        drawn = atlas.draw(found, one, which, shapes=shapes)
        own = found.drawn.geometry[one.mask(found.areas.index)].to_numpy()
        assert covering(drawn, own, "place-name", "highlight-label") == [], scope
        named += len(boxes_of(drawn, "place-name"))
    assert named >= 2 * len(views)
