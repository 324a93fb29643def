"""The interactive page before a browser opens it: one file, inert, the same every time."""

import base64
import dataclasses
import gzip
import hashlib
import html.parser
import json
import math
import re
import shutil
import subprocess
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from grannskap.errors import DataError
from grannskap.maps import style as styles
from grannskap.maps import webmap
from grannskap.maps.marks import Highlight, Overlay
from grannskap.maps.webmap import codes, packing, words
from grannskap.maps.webmap import page as pages

MAPS = Path(webmap.__file__).parents[1]
PAGE = MAPS / "webmap" / "page"


def squares(side=3, size=1000.0) -> gpd.GeoDataFrame:
    boxes = [
        shapely.box(size * x, size * y, size * (x + 1), size * (y + 1))
        for y in range(side)
        for x in range(side)
    ]
    index = pd.Index([f"9999C{i:04d}" for i in range(len(boxes))], name="deso", dtype="str")
    return gpd.GeoDataFrame(geometry=boxes, index=index, crs="EPSG:3006")


def ones(areas, **options) -> webmap.Layer:
    return webmap.Layer(styles.balance(), pd.Series(1.0, index=areas.index), **options)


def unpacked(page: str) -> tuple[dict, dict[str, np.ndarray]]:
    """Read the payload as the page's own script does, by other means."""
    text = re.search(r'id="payload">([^<]*)<', page)[1]
    count, alphabet, letters = text.split(" ")
    values = np.array([alphabet.index(letter) for letter in letters]).reshape(-1, 5)
    words = (values * 85 ** np.arange(4, -1, -1)).sum(axis=1)
    data = gzip.decompress(words.astype(">u4").tobytes()[: int(count)])
    size = int.from_bytes(data[:4], "little")
    head = json.loads(data[4 : 4 + size])
    columns, at = {}, 4 + size
    for name, n, width in head["columns"]:
        flat = np.frombuffer(data[at : at + width * n], dtype=np.uint8).reshape(width, n)
        columns[name] = (flat.astype(np.int64) << (8 * np.arange(width))[:, None]).sum(axis=0)
        at += width * n
    return head, columns


def rebuilt(cut: packing.Borders, step=1.0) -> list:
    """Polygons from arcs, by shapely alone."""
    pieces = np.split(cut.points * step, np.cumsum(cut.lengths)[:-1])
    part = ring = 0
    shapes = []
    for count in cut.rings:
        rings = []
        for _ in range(count):
            points = []
            for _ in range(cut.parts[ring]):
                piece = pieces[cut.arcs[part]]
                points.extend((piece[::-1] if cut.backwards[part] else piece)[:-1])
                part += 1
            ring += 1
            rings.append(shapely.Polygon(points))
        shapes.append(shapely.MultiPolygon(rings) if len(rings) > 1 else rings[0])
    return shapes


def arcs(geometry, step=1.0) -> packing.Borders:
    return packing.arcs_of(np.asarray(geometry, dtype=object), packing.Steps(0.0, 0.0, step))


def voronoi(n=60, seed=0, size=20_000) -> np.ndarray:
    points = np.random.default_rng(seed).uniform(0, size, (n, 2))
    cells = shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=shapely.box(0, 0, 1, 1))
    clipped = shapely.intersection(shapely.get_parts(cells), shapely.box(0, 0, size, size))
    lines = shapely.segmentize(clipped, size / 400)
    return np.asarray(shapely.transform(lines, lambda at: np.round(at + 9 * np.sin(at / 37))))


# The vendored Leaflet


def test_the_vendored_files_are_the_ones_that_were_published():
    for line in (MAPS / "vendor" / "checksums.txt").read_text().splitlines():
        wanted, name = line.split()
        data = (MAPS / "vendor" / name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == wanted, name
    assert "Leaflet 1.9.4" in (MAPS / "vendor" / "leaflet.js").read_text(encoding="utf-8")[:200]


@pytest.mark.parametrize("name", pages.SCRIPTS)
def test_scripts_are_small_readable_and_parse(name):
    path = PAGE / f"{name}.js"
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    assert lines[0].startswith("//"), "a script says first what it is for"
    assert len(lines) <= 330
    assert max(map(len, lines)) <= 120
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "localStorage", "http:"):
        assert word not in text or "www.w3.org" in text, word
    assert all(line.count("`") % 2 == 0 for line in lines), "a string over several lines"
    node = shutil.which("node")
    if node:
        subprocess.run([node, "--check", str(path)], check=True, capture_output=True)


def test_modules_import_what_others_export_and_no_name_is_given_twice():
    texts = {name: (PAGE / f"{name}.js").read_text(encoding="utf-8") for name in pages.SCRIPTS}
    given = r"^(export )?(?:async )?(?:function|const|let) (\w+)"
    exported, names = set(), []
    for name, text in texts.items():
        assert "\n// @ts-check\n" in text[:400]
        for export, own in re.findall(given, text, re.M):
            names.append(own)
            if export:
                exported.add((name, own))
    assert len(names) == len(set(names))
    taken = {
        (home, own.strip())
        for text in texts.values()
        for block, home in re.findall(r"^import \{([^}]*)\} from \"\./(\w+)\.js\";$", text, re.M)
        for own in block.split(",")
        if own.strip()
    }
    assert taken == exported
    page = pages.written(pages.Sheet("t", "sv", ""))
    assert not re.search(r"^(import|export)\b", page, re.M)
    in_page = {own for _, own in re.findall(given, page, re.M)}
    assert set(names) <= in_page


def test_every_script_is_in_the_page_and_no_other():
    assert {path.stem for path in PAGE.glob("*.js")} == set(pages.SCRIPTS)


def test_every_word_is_used_and_every_used_word_is_there():
    text = "".join(path.read_text(encoding="utf-8") for path in PAGE.iterdir())
    for word in words.WORDS:
        family = word.split("_")[0]
        ways = (f"word-{word}]]", f"words.{word}", f"`{family}_$", f'"{word}"')
        assert any(way in text for way in ways), word
    used = set(re.findall(r"\[\[word-([a-z_]+)\]\]|\bwords\.([a-z_]+)", text))
    assert {one or other for one, other in used} <= {*words.WORDS, *words.marks("sv")}


# One file


class Parts(html.parser.HTMLParser):
    """Everything in a page that could run, style or ask for something."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts, self.policy, self.inside = [], [], "", None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.inside = tag
        if dict(attrs).get("http-equiv") == "Content-Security-Policy":
            self.policy = dict(attrs)["content"]

    def handle_data(self, data):
        if self.inside in ("script", "style"):
            self.texts.append((self.inside, dict(self.tags[-1][1]), data))

    def handle_endtag(self, tag):
        self.inside = None


@pytest.fixture(scope="module")
def page() -> str:
    areas = squares()
    return webmap.build(areas, [ones(areas)], title="Provköping")


def test_the_policy_allows_exactly_what_is_there(page):
    parts = Parts(page)
    assert parts.policy.startswith("default-src 'none'; ")
    assert "unsafe" not in parts.policy
    for kind, attributes, text in parts.texts:
        if attributes.get("type") == "text/plain":
            continue
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        rule = re.search(rf"{kind}-src ([^;]*)", parts.policy)[1]
        assert f"'sha256-{digest}'" in rule.split()


def test_nothing_is_asked_for_and_nothing_is_styled_or_run_in_attributes(page):
    for tag, attributes in Parts(page).tags:
        assert not {name for name in attributes if name.startswith("on") or name == "style"}
        for name in ("src", "href"):
            assert attributes.get(name, "#")[:5] in ("#", "data:"), (tag, attributes)
    assert "url(images" not in page
    assert "sourceMappingURL" not in page


def test_the_licence_of_leaflet_travels_with_it(page):
    assert "Redistribution and use in source and binary forms" in page


def test_the_same_input_gives_the_same_bytes(page):
    areas = squares()
    again = webmap.build(areas, [ones(areas)], title="Provköping")
    assert again == page


def test_inputs_are_not_changed():
    areas, counts = squares(), pd.DataFrame({"low": 1.0, "high": 2.0}, index=squares().index)
    given_layer = ones(areas)
    before = areas.copy(), counts.copy(), given_layer.values.copy()
    webmap.build(areas, [given_layer], title="x", counts=counts)
    pd.testing.assert_frame_equal(areas, before[0])
    pd.testing.assert_frame_equal(counts, before[1])
    pd.testing.assert_series_equal(given_layer.values, before[2])


def test_hostile_text_is_only_in_the_payload_or_escaped():
    areas = squares()
    hostile = "</script><script>alert(1)</script>{{ 7*7 }}[[payload]]"
    areas["municipality_name"] = hostile
    names = pd.Series(hostile, index=areas.index)
    text = webmap.build(areas, [ones(areas)], title=hostile, names=names, source=hostile)
    assert "<script>alert" not in text
    assert text.count("&lt;script&gt;alert(1)") == 2
    assert "{{ 7*7 }}[[payload]]" in text
    assert text.count("<script") == 4
    head, _ = unpacked(text)
    assert head["names"] == [hostile] * 9
    assert head["source"] == hostile


# Borders


def test_every_shared_border_is_stored_once():
    cut = arcs(squares(2).geometry)
    assert cut.rings.tolist() == [1, 1, 1, 1]
    assert len(cut.lengths) == 8
    assert np.bincount(cut.arcs).tolist().count(2) == 4


@pytest.mark.parametrize("seed", range(5))
def test_areas_come_back_from_their_arcs(seed):
    shapes = voronoi(seed=seed)
    back = rebuilt(arcs(shapes))
    distance = shapely.hausdorff_distance(shapes, back)
    assert distance.max() < 3  # steps of 1 m: rounding, and points thinned out on lines
    assert shapely.area(back) == pytest.approx(shapely.area(shapes), rel=1e-3)
    assert shapely.union_all(back).area == pytest.approx(shapely.area(shapes).sum(), rel=1e-4)


def test_islands_enclaves_and_holes_come_back():
    island = shapely.box(5000, 0, 6000, 1000)
    enclave = shapely.box(400, 400, 600, 600)
    ring = shapely.box(0, 0, 1000, 1000) - enclave
    back = rebuilt(arcs([shapely.union(ring, island), enclave]))
    assert back[1].equals(enclave)
    assert shapely.get_num_geometries(back[0]) == 3
    cut = arcs([ring, enclave])
    assert np.bincount(cut.arcs).max() == 2, "the hole's border is the enclave's"


def test_simplifying_leaves_no_gap_or_overlap():
    shapes = packing.simplified(voronoi(), 50.0)
    assert shapely.coverage_is_valid(shapes).all()
    back = np.array(rebuilt(arcs(shapes, step=10.0), step=10.0))
    total = shapely.area(back).sum()
    assert total == pytest.approx(shapely.union_all(shapely.make_valid(back)).area, rel=1e-9)


def test_thinning_takes_points_away_and_makes_no_crossing(monkeypatch):
    shapes = voronoi(40)
    thin = arcs(shapes, step=25.0)
    monkeypatch.setattr(packing, "_ROUNDS_OF_THINNING", 0)
    whole = arcs(shapes, step=25.0)
    assert len(thin.points) < 0.8 * len(whole.points)
    before, after = (shapely.is_valid(rebuilt(cut, step=25.0)) for cut in (whole, thin))
    assert before.mean() > 0.9
    assert after[before].all()


def test_areas_that_overlap_are_drawn_too():
    shapes = [shapely.box(0, 0, 1000, 1000), shapely.box(900, 0, 1900, 1000)]
    back = rebuilt(arcs(packing.simplified(np.array(shapes), 10.0)))
    assert [shape.area for shape in back] == [1e6, 1e6]


@settings(deadline=None)
@given(st.lists(st.floats(0, 30), min_size=1, max_size=8))
def test_no_area_is_too_small_to_have_a_shape(sizes):
    boxes = [shapely.box(100 * i, 0, 100 * i + s + 0.01, s + 0.01) for i, s in enumerate(sizes)]
    cut = arcs(boxes, step=25.0)
    assert len(cut.rings) == len(boxes)
    assert (cut.rings > 0).all()
    assert cut.parts.min() > 0


@pytest.mark.real
@pytest.mark.parametrize(
    "name",
    ["deso2018_uppsala_lan_plus_neighbours_262", "deso2018_stockholms_lan_1287_simplified"],
)
def test_real_areas_keep_their_shape(shared_data, name):
    read = gpd.read_file(shared_data / "polygons" / f"{name}.gpkg").to_crs(3006)
    shapes = np.asarray(read.geometry.values)
    steps = packing.steps_for(shapes, 10.0)
    back = rebuilt(packing.arcs_of(packing.simplified(shapes, 10.0), steps), step=steps.step)
    moved = shapely.transform(back, lambda points: points + np.array([steps.x, steps.y]))
    assert len(moved) == len(shapes)
    assert np.quantile(shapely.hausdorff_distance(shapes, moved), 0.95) <= 10


# The payload


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_letters_are_bytes_and_mean_nothing_in_html(data):
    count, alphabet, letters = packing.letters(data).split(" ")
    assert int(count) == len(data)
    assert not set(letters) & set("<>&\"'`\\{}")
    words = [letters[i : i + 5] for i in range(0, len(letters), 5)]
    values = [sum(alphabet.index(x) * 85 ** (4 - i) for i, x in enumerate(w)) for w in words]
    assert b"".join(v.to_bytes(4, "big") for v in values)[: len(data)] == data


@settings(deadline=None)
@given(st.lists(st.integers(-(2**30), 2**30)))
def test_folding_keeps_small_numbers_small(values):
    folded = packing.zigzag(np.array(values, dtype=np.int64))
    assert (folded >= 0).all()
    assert folded.tolist() == [2 * v if v >= 0 else -2 * v - 1 for v in values]


def test_a_page_opens_at_the_frame_that_it_is_given():
    areas = squares()
    west, south, east, north = areas.total_bounds
    asked = (west + 100, south + 50, east - 200, north)
    head, _ = unpacked(webmap.build(areas, [ones(areas)], title="x", frame=asked))
    x, y, step = head["grid"]
    metres = [edge * step + start for edge, start in zip(head["frame"], (x, y, x, y), strict=True)]
    assert metres == pytest.approx(asked, abs=step)
    assert unpacked(webmap.build(areas, [ones(areas)], title="x"))[0]["frame"] is None


def test_numbers_too_large_to_carry_are_refused():
    with pytest.raises(DataError, match="nine digits"):
        packing.planes(np.array([2**40]))


QUANTITIES = {
    "ratio": styles.balance(),
    "share": styles.Style("s", "s", "", "share", (0.5,), ("a", "b"), ("#000000", "#ffffff")),
    "amount": styles.Style(
        "a", "a", "", "amount", (0.5,), ("a", "b"), ("#000000", "#ffffff"), decimals=1
    ),
    "index": styles.Style("i", "i", "", "index", (0.5,), ("a", "b"), ("#000000", "#ffffff")),
}


def digits_of(text: str) -> float:
    """What a written number says."""
    plain = re.sub(r"[\s  ×%]", "", text).replace("−", "-").replace(",", ".")
    return float(plain)


@pytest.mark.parametrize("quantity", QUANTITIES)
@settings(deadline=None)
@given(value=st.floats(-5000, 50_000, allow_nan=False))
def test_numbers_are_carried_as_they_are_written(quantity, value):
    style = QUANTITIES[quantity]
    code = int(codes.shown(pd.Series([value]), style)[0]) - 3
    whole = -(code + 1) // 2 if code % 2 else code // 2
    assert whole / 10 ** codes.shown_decimals(style) == digits_of(styles.write_value(value, style))


@pytest.mark.parametrize("value", [0.125, 1.005, 2.675, 0.5, 9.995, 9.994999, 10.5, 11.5, 0.0005])
@pytest.mark.parametrize("quantity", QUANTITIES)
def test_ties_are_rounded_alike(quantity, value):
    style = QUANTITIES[quantity]
    code = int(codes.shown(pd.Series([value]), style)[0]) - 3
    whole = -(code + 1) // 2 if code % 2 else code // 2
    assert whole / 10 ** codes.shown_decimals(style) == digits_of(styles.write_value(value, style))


def test_missing_and_infinite_have_codes_of_their_own():
    values = pd.Series([math.nan, math.inf, -math.inf, 0.0])
    assert codes.shown(values, styles.balance()).tolist() == [0, 1, 2, 3]


def test_the_classes_are_the_styles():
    areas = squares()
    values = pd.Series([0.25, 0.5, 0.8, 1.25, 2.0, 4.0, 1.0, np.inf, np.nan], index=areas.index)
    page = webmap.build(areas, [webmap.Layer(styles.balance(), values)], title="x")
    _, columns = unpacked(page)
    wanted = styles.classify(values, styles.balance()).iloc[:8] + 1
    assert columns["layer0.class"].tolist()[:8] == wanted.tolist()


def test_values_meet_areas_by_label():
    areas = squares()
    values = pd.Series(np.arange(9.0), index=areas.index)
    pages = {
        webmap.build(areas, [webmap.Layer(styles.balance(), given_values)], title="x")
        for given_values in (values, values.sample(frac=1, random_state=1))
    }
    assert len(pages) == 1


def test_a_missing_value_always_has_a_status_that_says_so():
    areas = squares()
    values = pd.Series([np.nan] * 3 + [1.0] * 6, index=areas.index)
    status = pd.Series(["suppressed", "value", None] + ["value"] * 6, index=areas.index)
    page = webmap.build(areas, [webmap.Layer(styles.balance(), values, status=status)], title="x")
    head, columns = unpacked(page)
    said = [head["statuses"][code] for code in columns["layer0.status"]]
    assert said[:4] == [
        "dold av sekretess",
        "uppgift saknas",
        "uppgift saknas",
        "uppgift finns",
    ]


def test_every_reason_for_having_no_value_has_a_class_of_its_own():
    areas = squares()
    reasons = ["suppressed", "missing", "nobody either", "not joined", "outside division", "?"]
    status = pd.Series([*reasons, "value", "value", "suppressed"], index=areas.index)
    values = pd.Series([np.nan] * 6 + [1.0] * 2 + [np.nan], index=areas.index)
    lower = pd.Series([0.0] * 8 + [0.05], index=areas.index)
    upper = pd.Series([0.3] * 8 + [0.2], index=areas.index)
    given_layer = webmap.Layer(styles.balance(), values, status=status, lower=lower, upper=upper)
    head, columns = unpacked(webmap.build(areas, [given_layer], title="x"))
    style = head["styles"][0]
    labels = [*style["labels"], *(gap["label"] for gap in style["gaps"])]
    shown = [labels[place - 1] for place in columns["layer0.class"]]
    assert shown[:2] == ["Dold av sekretess", "Uppgift saknas"]
    assert shown[5] == "Uppgift saknas"
    assert len(set(shown[:5])) == 5
    assert shown[6:] == [style["labels"][3], style["labels"][3], style["labels"][0]]
    hatches = [gap["hatch"] for gap in style["gaps"]]
    assert len(set(hatches)) == len(hatches)
    assert columns["layer0.marks"].tolist() == [0] * 6 + [2, 2, 1]


@pytest.mark.parametrize("quantity", QUANTITIES)
@settings(deadline=None)
@given(value=st.floats(0.001, 5000))
def test_bounds_hold_what_they_held(quantity, value):
    style = QUANTITIES[quantity]
    scale = 10 ** codes.shown_decimals(style)
    true = value * (100 if quantity == "share" else 1)
    down, up = (
        (int(codes.shown(pd.Series([value]), style, rounding=way)[0]) - 3) / 2 / scale
        for way in ("down", "up")
    )
    step = 1 if quantity == "ratio" and up >= 10 else 1 / scale
    assert down <= true + 1e-5 / scale
    assert up >= true - 1e-5 / scale
    assert up - down <= step + 1e-9


def test_bounds_that_say_nothing_are_not_carried():
    areas = squares()
    values = pd.Series([np.nan] * 9, index=areas.index)
    lower = pd.Series([0.0, 0.0, 4.2, np.nan, 0.801, 10.7, 0.0, -np.inf, 1.0], index=areas.index)
    upper = pd.Series([np.inf, 0.5, np.inf, np.nan, 0.849, 12.1, np.nan, 3, 1.0], index=areas.index)
    given_layer = webmap.Layer(styles.balance(), values, lower=lower, upper=upper)
    _, columns = unpacked(webmap.build(areas, [given_layer], title="x"))
    least, most = (
        [(code - 3) / 2 if code else None for code in columns[f"layer0.{side}"]]
        for side in ("least", "most")
    )
    assert least == [None, None, 420, None, 80, 1000, None, None, 100]
    assert most == [None, 50, None, None, 85, 1300, None, 300, 100]


def test_counts_that_are_hidden_carry_their_bounds():
    areas = squares()
    counts = pd.DataFrame(
        {
            "low": [1.0, np.nan, np.nan] * 3, "low_lower": [9.0, 0.0, np.nan] * 3,
            "low_upper": [9.0, 3.0, np.nan] * 3, "high": [5.0] * 9,
        },
        index=areas.index,
    )  # fmt: skip
    _, columns = unpacked(webmap.build(areas, [ones(areas)], title="x", counts=counts))
    assert columns["counts0.low"].tolist() == [10, 1, 0] * 3
    assert columns["counts0.low_most"].tolist() == [10, 4, 0] * 3
    assert columns["counts0.high"].tolist() == [6] * 9
    assert "counts0.high_most" not in columns


def test_counts_may_differ_by_year_and_group():
    areas = squares()
    index = pd.MultiIndex.from_product([areas.index, [2017, 2022], ["all"]],
                                       names=["deso", "year", "group"])  # fmt: skip
    counts = pd.DataFrame({"low": range(18), "high": 1}, index=index, dtype=float)
    page = webmap.build(areas, [ones(areas, year=2017)], title="x", counts=counts)
    head, columns = unpacked(page)
    everybody = {"group": "Alla", "special": False}
    assert head["counts"] == [{"year": 2017, **everybody}, {"year": 2022, **everybody}]
    assert columns["counts1.low"].tolist() == [2 * i + 2 for i in range(9)]


def test_among_groups_a_layer_without_one_is_of_everybody():
    areas = squares()
    shown = [ones(areas, year=2017), ones(areas, year=2017, group="rented")]
    head, _ = unpacked(webmap.build(areas, shown, title="x"))
    assert [layer["group"] for layer in head["layers"]] == ["Alla", "Hyresrätt"]
    alone, _ = unpacked(webmap.build(areas, shown[:1], title="x"))
    assert [layer["group"] for layer in alone["layers"]] == [""]


def test_a_highlight_partly_outside_the_map_is_drawn_from_its_own_shape():
    areas = squares()
    highlights = [
        Highlight("Hel", "Hel", areas.geometry.iloc[0], (areas.index[0],)),
        Highlight("Halv", "Halv", shapely.box(0, 0, 9, 9), (areas.index[0], "9999C9999")),
    ]
    head, columns = unpacked(webmap.build(areas, [ones(areas)], title="x", highlights=highlights))
    assert [one["whole"] for one in head["highlights"]] == [True, False]
    assert "highlight0.x" not in columns
    assert columns["highlight1.lengths"].tolist() == [5]


def test_overlays_of_every_kind_and_mixture_are_carried():
    areas = squares()
    mixed = [
        shapely.Point(1, 1),
        shapely.MultiPolygon([shapely.box(0, 0, 5, 5), shapely.box(9, 9, 10, 10)]),
        shapely.LineString([(0, 0), (100, 100)]),
    ]
    overlay = Overlay("x", "outline", gpd.GeoSeries(mixed, crs=3006))
    _, columns = unpacked(webmap.build(areas, [ones(areas)], title="x", overlays=[overlay]))
    assert sorted(columns["overlay0.lengths"].tolist()) == [1, 2, 5, 5]
    assert sorted(columns["overlay0.owner"].tolist()) == [0, 1, 1, 2]


def test_the_latest_year_of_the_starting_indicator_is_shown_first():
    areas = squares()
    shown = [ones(areas, year=year) for year in (2012, 2022, 2017)]
    assert unpacked(webmap.build(areas, shown, title="x", start="balance"))[0]["start"] == 1


# Refusals


def test_what_cannot_be_shown_is_refused():
    areas = squares()
    with pytest.raises(DataError, match="at least one layer"):
        webmap.build(areas, [], title="x")
    with pytest.raises(DataError, match="at least one area"):
        webmap.build(areas.iloc[:0], [ones(areas)], title="x")
    with pytest.raises(DataError, match="EPSG:3006"):
        webmap.build(areas.to_crs(4326), [ones(areas)], title="x")
    with pytest.raises(DataError, match="one layer per"):
        webmap.build(areas, [ones(areas), ones(areas)], title="x")
    with pytest.raises(DataError, match="none for 9999C0000"):
        webmap.build(areas, [ones(areas.iloc[1:])], title="x")
    with pytest.raises(DataError, match="use one of balance"):
        webmap.build(areas, [ones(areas)], title="x", start="balanse")
    for confidence in (0.0, 1.0, 95, float("nan")):
        with pytest.raises(DataError, match="between 0 and 1"):
            webmap.build(areas, [ones(areas)], title="x", confidence=confidence)
        with pytest.raises(DataError, match="between 0 and 1"):
            webmap.build(areas, [ones(areas, confidence=confidence)], title="x")
    counts = pd.DataFrame({"low": 0.5, "high": 1.0}, index=areas.index)
    with pytest.raises(DataError, match="whole"):
        webmap.build(areas, [ones(areas)], title="x", counts=counts)


# A map to build on


HOSTILE = ("{{ 7*7 }}", "{% raw %}", "<img src=x onerror=alert(1)>", "</script>${1}`'\"&")


def test_a_real_folium_map_takes_what_is_added_and_lists_it():
    areas = squares()
    areas["regso_name"] = "Kvarter"
    shown = webmap.explore(areas, [ones(areas, year=2017), ones(areas, year=2022)], title="x")
    assert isinstance(shown, folium.Map)
    folium.Marker([57.0, 10.5], tooltip="Skola").add_to(shown)
    folium.FeatureGroup(name="Eget lager").add_to(shown)
    text = shown.get_root().render()
    assert "Skola" in text
    assert text.index("L.control.layers") > text.index("L.marker")
    control = re.search(r"overlays :\s*{([^}]*)}", text)[1]
    assert "Eget lager" in control
    assert len(re.findall(r"Balans[^\"]*, 20(?:17|22)\" :", text)) == 2
    assert "tileLayer" not in text
    assert shown._repr_html_().count("<iframe") == 1


def test_explored_areas_lie_where_they_are_and_still_share_their_borders():
    areas = squares()
    areas.geometry = areas.geometry.translate(600_000, 6_600_000)
    text = webmap.explore(areas, [ones(areas)], title="x").get_root().render()
    data = json.loads(re.search(r"_add\(({.*})\);", text)[1])
    back = gpd.GeoDataFrame.from_features(data["features"], crs=4326)
    assert shapely.coverage_is_valid(back.geometry.values)
    moved = back.to_crs(3006).geometry.values
    distance = shapely.hausdorff_distance(moved, np.asarray(areas.geometry.values))
    assert distance.max() < 1.5
    assert {feature["properties"]["style"]["fillColor"] for feature in data["features"]} == {
        styles.balance().colours[3]
    }


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_stays_text_in_an_explored_map(hostile):
    areas = squares()
    areas["regso_name"] = hostile
    style = dataclasses.replace(
        styles.balance(), title=hostile, unit=hostile, labels=(hostile,) * 7,
        gaps=(styles.Gap("missing", hostile, "//"),),
    )  # fmt: skip
    values = pd.Series([np.nan] + [1.0] * 8, index=areas.index)
    shown = webmap.explore(
        areas,
        [webmap.Layer(style, values, 2017), webmap.Layer(style, values, 2022, hostile)],
        title=hostile,
        source=hostile,
        basemap=webmap.Basemap(hostile, "https://a.se/{z}/{x}/{y}", hostile),
    )
    for text in (shown.get_root().render(), html.unescape(shown._repr_html_())):
        assert "<img src=x" not in text
        assert ">49<" not in text
        assert "49 (9999C" not in text
        assert "{{" not in text
        assert text.count("</script>") == text.count("<script")
    safe = html.escape(hostile).replace("{", "&#123;").replace("}", "&#125;")
    assert safe in shown.get_root().render()


def test_an_explored_map_says_bounds_and_reasons_as_the_page_does():
    areas = squares()
    values = pd.Series([np.nan] * 5 + [0.8] * 4, index=areas.index)
    status = pd.Series(["suppressed"] * 3 + ["nobody either", None] + ["value"] * 4, areas.index)
    lower = pd.Series([4.2, 0.0, 0.81] + [np.nan] * 6, index=areas.index)
    upper = pd.Series([np.inf, 0.5, 0.849] + [np.nan] * 6, index=areas.index)
    given_layer = webmap.Layer(styles.balance(), values, status=status, lower=lower, upper=upper)
    text = webmap.explore(areas, [given_layer], title="x").get_root().render()
    words = [json.loads(f'"{word}"') for word in re.findall(r'"words": "([^"]*)"', text)]
    assert [re.match("<b>(.*?)</b>", word)[1] for word in words] == [
        "minst 4,2 (dold av sekretess)",
        "högst 0,5 (dold av sekretess)",
        "mellan 0,81 och 0,85 (dold av sekretess)",
        "Ingen i någon av grupperna",
        "Uppgift saknas",
        *["0,80×"] * 4,
    ]
    assert text.count("L.circleMarker") == 2
    assert "Osäkert tal, säker klass" in text


def test_tiles_only_when_asked_for():
    areas = squares()
    text = webmap.explore(areas, [ones(areas)], title="x", basemap=webmap.OPENSTREETMAP)
    assert "tile.openstreetmap.org" in text.get_root().render()
    with pytest.raises(DataError, match="address of tiles"):
        webmap.explore(areas, [ones(areas)], title="x", basemap=webmap.Basemap("a", "http:", "b"))


# Inside other pages


def test_the_demo_has_one_page_and_thin_figures_of_maps_that_are_in_it(demo_folder):
    page = (demo_folder / "maps" / "map.html").read_text(encoding="utf-8")
    assert len(page.encode()) <= 358_000
    head, _ = unpacked(page)
    names = {layer["name"] for layer in head["layers"]}
    choices = [(layer["name"], layer["year"], layer["group"]) for layer in head["layers"]]
    assert len(set(choices)) == len(choices)
    pages = sorted(path.name for path in (demo_folder / "maps").glob("*.html"))
    figures = [name for name in pages if name.endswith(".embed.html")]
    assert {*pages} == {"map.html", *figures}
    assert len(figures) >= 3
    for name in figures:
        text = (demo_folder / "maps" / name).read_text(encoding="utf-8")
        assert len(text.encode()) < 1000
        asked = re.search(r'src="map.html#embed&amp;m=([^"]+)"', text)[1]
        assert asked == name.removesuffix(".embed.html")
        assert asked in names


def test_the_figure_says_what_it_shows_and_escapes_it():
    figure = webmap.embed(
        'a"b.html', "c&d=é", title="<b>", caption="Karta & tabell.", language="en"
    )
    assert 'src="a%22b.html#embed&amp;m=c%26d%3D%C3%A9"' in figure
    assert 'title="&lt;b&gt;"' in figure
    assert "<figcaption>Karta &amp; tabell.</figcaption>" in figure
    assert "<figcaption" not in webmap.embed("a.html", "b", title="c")
    assert "allow-same-origin" not in figure


def test_frames_have_a_size_where_styles_are_forbidden(page):
    figure = webmap.embed("a.html", "a", title="a")
    for text in (figure, webmap.notebook(page)._repr_html_()):
        frame = dict(next(attrs for tag, attrs in Parts(text).tags if tag == "iframe"))
        assert frame["width"] == "100%"
        assert int(frame["height"]) >= 600


def test_a_notebook_shows_the_page_in_a_frame(page):
    frame = webmap.notebook(page, height=300)._repr_html_()
    assert html.unescape(re.search(r'srcdoc="([^"]*)"', frame)[1]) == page
    assert "300px" in frame
