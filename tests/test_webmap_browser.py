"""The interactive page in Chromium, used as a person would: mouse, touch and keyboard."""

import csv
import functools
import http.server
import io
import itertools
import json
import re
import threading
import tomllib
from dataclasses import replace
from importlib import resources
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from playwright.sync_api import expect
from scipy.stats import beta

from grannskap.language import ratio
from grannskap.maps import style as styles
from grannskap.maps import webmap
from grannskap.maps.marks import Frontier, Highlight, Overlay
from grannskap.project.options import NeighbourhoodPlace

pytestmark = pytest.mark.browser

HOSTILE = (
    "{{ 7*7 }}",
    "<img src=x onerror=\"document.title='taken'\">",
    "${document.title='taken'}",
    "</script><script>document.title='taken'</script>",
    "=HYPERLINK(1)",
    "]]><!--",
)
SIDE = 6


def town() -> gpd.GeoDataFrame:
    """36 squares of 800 m, in two municipalities."""
    cells = [(x, y) for y in range(SIDE) for x in range(SIDE)]
    boxes = [
        shapely.box(600_000 + 800 * x, 6_600_000 + 800 * y, 600_800 + 800 * x, 6_600_800 + 800 * y)
        for x, y in cells
    ]
    codes = [f"99{98 + (x > 2)}C{1000 + 10 * (6 * y + x)}" for x, y in cells]
    frame = gpd.GeoDataFrame(
        {
            "municipality_name": [f"{'Nord' if c[3] == '9' else 'Syd'}köping" for c in codes],
            "regso_name": [f"Kvarter {x // 2}" for x, y in cells],
        },
        geometry=boxes,
        index=pd.Index(codes, name="deso", dtype="str"),
        crs="EPSG:3006",
    )
    return frame.sort_index()


def counts(areas) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {"low": rng.integers(0, 300, len(areas)), "high": rng.integers(1, 200, len(areas))},
        index=areas.index,
    ).astype(float)
    frame.iloc[0] = [200.0, 0.0]
    frame.iloc[1] = np.nan
    return frame


def bounds(frame) -> pd.DataFrame:
    low, high = frame["low"], frame["high"]
    lower = np.where(low > 0, beta.ppf(0.025, low, high + 1), 0.0)
    upper = np.where(high > 0, beta.ppf(0.975, low + 1, high), 1.0)
    with np.errstate(divide="ignore"):
        odds = {"lower": lower / (1 - lower), "upper": upper / (1 - upper)}
    return pd.DataFrame(odds, index=frame.index).where(low.notna())


def layers(areas, frame) -> list[webmap.Layer]:
    values = frame["low"] / frame["high"]
    status = pd.Series("value", index=areas.index)
    status.iloc[1] = "suppressed"
    style = replace(styles.balance(), source="Källa: SCB", caption="Medel 1,57×")
    money = replace(
        styles.balance(title="Inkomst"), name="income", quantity="amount", scale="linear",
        decimals=0, edges=(1000.0, 2000.0), labels=("låg", "mellan", "hög"),
        colours=("#ffffcc", "#78c679", "#006837"),
    )  # fmt: skip
    income = pd.Series(np.linspace(500, 3000, len(areas)), index=areas.index)
    kinds = pd.Series(["high-high", "no neighbours", "no data"] * 12, index=areas.index)
    return [
        webmap.Layer(style, values, 2017, "all", bounds(frame), status),
        webmap.Layer(style, values * 2, 2022, "all", None, status),
        webmap.Layer(style, values * 3, 2022, "rented"),
        webmap.Layer(money, income, 2017, "all"),
        webmap.Layer(styles.clusters(), kinds, 2017, "all"),
    ]


def made(**options) -> str:
    areas = town()
    frame = counts(areas)
    ring = tuple(areas.index[:3])
    some = areas.geometry.iloc[20:22]
    z = pd.Series(np.linspace(-2, 2, len(areas)), index=areas.index)
    given = {
        "title": "Provköping",
        "highlights": [Highlight("Hageby", "Hageby 13×", areas.loc[list(ring)].union_all(), ring)],
        "overlays": [
            Overlay("Polisens områden", "outline", gpd.GeoSeries([some.union_all()], crs=3006)),
            Overlay("Skolor", "points", gpd.GeoSeries(some.centroid), ("A", "B"), "#08519c"),
        ],
        "counts": frame,
        "scatter": [webmap.Scatter("Moran", z, z * 0.5, "värde", "grannar", 0.5)],
    }
    return webmap.build(areas, layers(areas, frame), **{**given, **options})


@pytest.fixture(scope="module")
def browser(chromium):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield started
        started.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("page") / "karta å.html"
    path.write_text(made(), encoding="utf-8")
    return path


# The map fits itself anew when the boxes around it have got their size: no press before that.
AT_REST = """async () => {
  const shape = () => {
    const box = document.querySelector("path.leaflet-interactive")?.getBoundingClientRect();
    return box ? [box.x, box.y, box.width, box.height].join() : "";
  };
  await document.fonts.ready;
  for (let still = 0, last = shape(); still < 10; ) {
    await new Promise(requestAnimationFrame);
    still = shape() === last ? still + 1 : 0;
    last = shape();
  }
}"""


@pytest.fixture
def opened(browser):
    """Open a page and hold it to: no request but for itself, nothing on the console."""
    contexts, said = [], []

    def open_page(address, *, wait="#table tbody tr", **options):
        context = browser.new_context(**{"viewport": {"width": 1300, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: said.append(("request", request.url)))
        page.on("console", lambda message: said.append((message.type, message.text)))
        page.on("pageerror", lambda error: said.append(("error", str(error))))
        page.goto(address)
        page.wait_for_selector("html[data-ready]")
        page.wait_for_selector(wait, state="attached")
        page.evaluate(AT_REST)
        return page

    yield open_page
    for context in contexts:
        context.close()
    own = ("file:", "data:", "blob:", "http://127.0.0.1")
    assert [x for x in said if x[0] != "request" or not x[1].startswith(own)] == []
    assert len([x for x in said if x[1].startswith("file:")]) <= len(contexts)


@pytest.fixture
def page(opened, file):
    return opened(file.as_uri())


def area_path(page, place):
    return page.locator(f"path[data-deso='{town().index[place]}']")


def within_map(page, place) -> list[float]:
    """Where an area lies in the map, and its size, pixels."""
    box, frame = area_path(page, place).bounding_box(), page.locator("#frame").bounding_box()
    return [box["x"] - frame["x"], box["y"] - frame["y"], box["width"], box["height"]]


def to_year(page, year) -> None:
    """Move along the years with the keyboard until the one that is wanted is said."""
    slider = page.locator("#year")
    slider.focus()
    page.keyboard.press("Home")
    for _ in range(20):
        if slider.get_attribute("aria-valuetext") == str(year):
            return
        page.keyboard.press("ArrowRight")
    pytest.fail(f"no year {year} on the slider")


def written(value) -> str:
    return styles.write_value(value, styles.balance())


def card_values(page) -> list[str]:
    return page.locator("#card td .value").all_text_contents()


def test_as_many_shapes_and_rows_as_areas(page):
    assert page.locator("path.leaflet-interactive").count() == SIDE**2
    assert page.locator("#table tbody tr").count() == SIDE**2
    assert page.locator("[data-shapes]").get_attribute("data-shapes") == str(SIDE**2)
    assert page.title() == "Provköping"
    assert page.locator("html").get_attribute("lang") == "sv"


def test_squares_have_their_true_shape_and_the_scale_bar_is_right(page):
    box = area_path(page, 14).bounding_box()
    assert box["width"] == pytest.approx(box["height"], rel=0.02)
    bar = page.locator(".leaflet-control-scale-line")
    number, unit = bar.text_content().split()
    metres = float(number) * {"m": 1, "km": 1000}[unit]
    drawn = bar.evaluate("bar => bar.offsetWidth")
    assert drawn / metres == pytest.approx(box["width"] / 800, rel=0.03)
    assert area_path(page, 0).bounding_box()["y"] > area_path(page, 35).bounding_box()["y"]


def test_hover_shows_every_number_its_interval_and_its_status(page):
    frame = counts(town())
    area_path(page, 5).hover()
    value = frame["low"].iloc[5] / frame["high"].iloc[5]
    assert card_values(page)[:2] == [ratio(value), ratio(value * 2)]
    lower, upper = bounds(frame).iloc[5]
    assert f"{ratio(lower)}–{ratio(upper)}" in page.locator("#card").text_content()
    area_path(page, 1).hover()
    assert "sekretess" in page.locator("#card").text_content()
    area_path(page, 0).hover()
    assert card_values(page)[0] == "∞"
    assert "ingen i den höga gruppen" in page.locator("#card").text_content()
    assert "∞x" not in page.locator("body").text_content()


def test_card_table_and_csv_hold_the_same_numbers(page):
    with page.expect_download() as waiting:
        page.click("#csv")
    raw = Path(waiting.value.path()).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    head, *body = rows[: SIDE**2 + 1]
    assert rows[SIDE**2 + 1] == []
    foot = " ".join(row[0] for row in rows[SIDE**2 + 2 :])
    assert "Källa: SCB" in foot
    assert "36 av 36 områden" in foot
    at = next(i for i, name in enumerate(head) if name.startswith("Balans"))
    frame = counts(town())
    shown = page.locator("#table tbody td.number:nth-of-type(3)").evaluate_all(
        "cells => cells.map(cell => cell.firstChild.textContent.trim())"
    )
    wanted = [written(value) for value in frame["low"] / frame["high"]]
    assert shown == wanted
    for row, value in zip(body, frame["low"] / frame["high"], strict=True):
        if np.isfinite(value):
            assert float(row[at].replace(",", ".")) == pytest.approx(value, abs=5.1e-5)
        else:
            assert row[at] == ("∞" if value > 0 else "")
    page.locator("#table tbody tr").nth(7).click()
    shown = page.locator("#table tbody tr").nth(7).locator("td.number").first
    assert card_values(page)[0] in shown.text_content()


def test_choosers_switch_indicator_year_and_group(page):
    page.select_option("#indicator", "income")
    assert page.locator("#subject").text_content().startswith("Inkomst")
    assert page.locator("#classes .label").all_text_contents()[:3] == ["låg", "mellan", "hög"]
    assert area_path(page, 0).get_attribute("fill") == "#ffffcc"
    assert area_path(page, 35).get_attribute("fill") == "#006837"
    page.select_option("#indicator", "balance")
    to_year(page, 2022)
    page.select_option("#group", "Hyresrätt")
    assert "Hyresrätt" in page.locator("#subject").text_content()
    assert "2022" in page.locator("#subject").text_content()


def test_legend_filters_the_map_and_the_table(page):
    button = page.locator("#classes button").nth(6)
    number = int(button.locator(".count").text_content())
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    assert page.locator("path.leaflet-interactive:not(.faded)").count() == number
    expect(page.locator("#table tbody tr")).to_have_count(number)
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-pressed") == "false"
    assert page.locator("path.faded").count() == 0
    expect(page.locator("#table tbody tr")).to_have_count(SIDE**2)


def test_the_legend_shows_every_class_once_with_its_count(page):
    page.select_option("#indicator", "clusters")
    labels = page.locator("#classes .label").all_text_contents()
    assert len(labels) == len(set(labels)) == 7
    assert sum(map(int, page.locator("#classes .count").all_text_contents())) == SIDE**2
    assert page.locator("#classes .count").last.text_content() == "12"


def test_selection_gives_the_balance_of_sums_with_its_exact_interval(page):
    frame = counts(town())
    for place in (5, 6, 8):
        area_path(page, place).click(modifiers=["Shift"])
    low, high = frame.iloc[[5, 6, 8]].sum()
    text = page.locator("#balance").text_content()
    lower = beta.ppf(0.025, low, high + 1)
    upper = beta.ppf(0.975, low + 1, high)
    assert ratio(low / high) in text
    assert f"{ratio(lower / (1 - lower))}–{ratio(upper / (1 - upper))}" in text
    page.click("#clear")
    assert ratio(low / high) not in page.locator("#balance").text_content()


def unknown() -> tuple[gpd.GeoDataFrame, pd.DataFrame, pd.DataFrame]:
    """A town, its counts with bounds, and a balance that is not known everywhere."""
    areas = town()
    frame = counts(areas).fillna(7.0)
    bounds = {"low": [(42, 45), (0, 3), (81, 84)], "high": [(0, 10), (6, 12), (99, 100)]}
    for side, ends in bounds.items():
        frame[f"{side}_lower"] = frame[f"{side}_upper"] = frame[side]
        for place, (least, most) in enumerate(ends):
            frame.loc[areas.index[place], [side, f"{side}_lower", f"{side}_upper"]] = [
                np.nan, least, most,
            ]  # fmt: skip
    frame.iloc[3] = np.nan
    values = frame["low"] / frame["high"]
    values.iloc[4:6] = np.nan
    least, most = (
        frame[f"low_{a}"] / frame[f"high_{b}"] for a, b in (("lower", "upper"), ("upper", "lower"))
    )
    least.iloc[4:6] = most.iloc[4:6] = np.nan
    status = ["suppressed"] * 3 + ["missing", "nobody either", "not joined"]
    status += ["value"] * (len(areas) - 6)
    known = pd.DataFrame(
        {"value": values, "lower": least, "upper": most, "status": status}, index=areas.index
    )
    return areas, frame, known


@pytest.fixture
def unknown_page(opened, tmp_path):
    areas, frame, known = unknown()
    layer = webmap.Layer(
        styles.balance(), known["value"], 2017, status=known["status"],
        lower=known["lower"], upper=known["upper"], interval=known[["lower", "upper"]],
    )  # fmt: skip
    path = tmp_path / "unknown.html"
    page = webmap.build(areas, [layer], title="x", counts=frame, confidence=0.8)
    path.write_text(page, encoding="utf-8")
    return opened(path.as_uri())


def test_what_is_not_known_has_classes_signs_and_words_of_its_own(unknown_page):
    page = unknown_page
    rows = page.locator("#classes button").evaluate_all(
        "rows => rows.map(row => ['label', 'count'].map(part => "
        "row.querySelector('.' + part).textContent))"
    )
    gaps = {
        "Dold av sekretess": "1", "Uppgift saknas": "1", "Saknas i registret": "1",
        "Ingen i någon av grupperna": "1",
    }  # fmt: skip
    assert dict(rows[7:]) == gaps
    assert sum(int(count) for _, count in rows) == SIDE**2
    assert "Osäkert tal, säker klass" in page.locator(".bounded").text_content()
    assert page.locator(".bounded .count-of-mark").text_content() == "2"
    dots = page.locator("path.bounded-dot")
    assert dots.count() == 2
    box, area = dots.first.bounding_box(), area_path(page, 0).bounding_box()
    assert area["x"] < box["x"] < box["x"] + box["width"] < area["x"] + area["width"]
    fills = [area_path(page, place).get_attribute("fill") for place in range(6)]
    assert (fills[0], fills[2]) == (styles.balance().colours[6], styles.balance().colours[3])
    patterns = [re.fullmatch(r"url\(#(.*)\)", fills[place])[1] for place in (1, 3, 4, 5)]
    drawn = {page.locator(f"#{name}").inner_html() for name in patterns}
    assert len(drawn) == 4


@pytest.mark.parametrize(
    ("place", "words", "note"),
    [
        (0, "minst 4,2", "dold av sekretess"),
        (1, "högst 0,5", "dold av sekretess"),
        (2, "mellan 0,81 och 0,85", "dold av sekretess"),
        (3, "uppgift saknas", "uppgift saknas"),
        (4, "ingen i någon av grupperna", "ingen i någon av grupperna"),
        (5, "saknas i registret", "saknas i registret"),
    ],
)
def test_card_and_table_say_the_bounds_or_the_reason(unknown_page, place, words, note):
    area_path(unknown_page, place).click()
    card = unknown_page.locator("#card .card-value")
    assert card.locator("strong").text_content() == words
    assert note in card.text_content()
    assert card.text_content().count(note) == 1
    row = unknown_page.locator("#table tbody tr").nth(place).locator("td.number")
    assert row.locator("small").last.text_content() == note
    assert row.text_content().startswith(words if place < 3 else "–")


@pytest.mark.parametrize("touch", [True, False])
def test_embedded_one_finger_and_the_wheel_scroll_the_page_around(opened, file, touch):
    page = opened(
        f"{file.as_uri()}#embed", wait="html[data-whole]", has_touch=touch, is_mobile=touch
    )
    moves = page.evaluate(
        "['dragging', 'scrollWheelZoom', 'touchZoom'].map(m => grannskapMap[m]?.enabled())"
    )
    assert moves[:2] == [not touch, False]
    action = page.locator("#map_grannskap").evaluate("map => getComputedStyle(map).touchAction")
    assert action == ("pan-x pan-y" if touch else "none")
    whole = opened(file.as_uri(), has_touch=touch, is_mobile=touch)
    assert whole.evaluate("grannskapMap.scrollWheelZoom.enabled()")
    assert whole.evaluate("grannskapMap.dragging.enabled()")


def test_embedded_every_class_of_what_is_not_known_finds_room(opened, tmp_path):
    areas, _, known = unknown()
    layer = webmap.Layer(
        styles.balance(), known["value"], 2017, status=known["status"],
        lower=known["lower"], upper=known["upper"],
    )  # fmt: skip
    path = tmp_path / "unknown.html"
    path.write_text(webmap.build(areas, [layer], title="Provköping"), encoding="utf-8")
    size = {"width": 320, "height": 400}
    page = opened(f"{path.as_uri()}#embed", wait="html[data-whole]", viewport=size)
    legend = page.locator("#legend")
    assert legend.evaluate("box => box.scrollHeight - box.clientHeight") <= 0
    assert page.locator("#map_grannskap").bounding_box()["height"] / 400 >= 0.55
    assert page.locator(".bounded .count-of-mark").text_content() == "2"
    assert len(legend.locator("> ul > li").all()) == 1 + 4 + 1


def test_the_polygon_that_names_a_place_is_dashed_beside_what_was_measured(opened, tmp_path):
    areas = town()
    codes = tuple(areas.index[:3])
    measured = areas.loc[list(codes)].union_all()
    named = measured.buffer(-100).union(areas.geometry.iloc[35].centroid.buffer(200))
    highlight = Highlight("Hageby", "Hageby", measured, codes, polygon=named)
    path = tmp_path / "named.html"
    path.write_text(made(highlights=[highlight]), encoding="utf-8")
    page = opened(path.as_uri())
    line, dashes = page.locator("path.highlight-line"), page.locator("path.highlight-polygon")
    assert dashes.evaluate("p => getComputedStyle(p).strokeDasharray") != "none"
    assert line.evaluate("p => getComputedStyle(p).strokeDasharray") == "none"
    assert dashes.get_attribute("d").count("M") == 2
    assert line.bounding_box()["height"] < dashes.bounding_box()["height"]


def test_the_pointer_says_why_there_is_no_value(unknown_page):
    area_path(unknown_page, 4).hover()
    assert unknown_page.locator(".tip strong").text_content() == "ingen i någon av grupperna"
    area_path(unknown_page, 0).hover()
    expect(unknown_page.locator(".tip strong")).to_have_text("minst 4,2")


def test_the_csv_keeps_bounds_and_reasons_in_columns_of_their_own(unknown_page):
    with unknown_page.expect_download() as waiting:
        unknown_page.click("#csv")
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    head, *rows = list(csv.reader(io.StringIO(text), delimiter=";"))[: SIDE**2 + 1]
    at = next(i for i, name in enumerate(head) if name.startswith("Balans"))
    title = head[at]
    assert head[at + 1 :] == [
        f"{title}: minst", f"{title}: högst", f"{title}: Osäkerhet (80\u00a0%)", f"{title}: status",
    ]  # fmt: skip
    assert [row[at : at + 3] for row in rows[:5]] == [
        ["", "4,20", ""], ["", "", "0,50"], ["", "0,81", "0,85"], ["", "", ""], ["", "", ""],
    ]  # fmt: skip
    assert [row[-1] for row in rows[:4]] == ["dold av sekretess"] * 3 + ["uppgift saknas"]
    assert {row[-1] for row in rows[6:]} == {""}
    assert all(re.fullmatch(r"[\d,]+|∞", row[at]) for row in rows[6:])


def exhaustive(frame, places) -> tuple[float, float]:
    """The least and the most balance over all that the hidden counts can be."""
    rows = frame.iloc[places]
    sums = {}
    for side in ("low", "high"):
        ranges = [
            range(int(least), int(most) + 1)
            for least, most in rows[[f"{side}_lower", f"{side}_upper"]].to_numpy()
        ]
        sums[side] = {sum(some) for some in itertools.product(*ranges)}
    with np.errstate(divide="ignore"):
        all_of_them = np.divide.outer(np.array([*sums["low"]]), np.array([*sums["high"]], float))
    return float(all_of_them.min()), float(all_of_them.max())


@pytest.mark.parametrize("places", [(2, 7), (0, 1, 2), (1, 9), (0, 8, 12)])
def test_a_selection_with_something_hidden_says_its_bounds(unknown_page, places):
    _, frame, _ = unknown()
    for place in (*places, 3):
        area_path(unknown_page, place).click(modifiers=["Shift"])
    text = unknown_page.locator("#balance").text_content()
    least, most = exhaustive(frame, list(places))
    said = [float(x.replace(",", ".")) for x in re.match(r"mellan (\S+) och (\S+)", text).groups()]
    assert said[0] == pytest.approx(least, abs=0.0101)
    assert said[1] == pytest.approx(most, abs=0.0101)
    assert said[0] <= least
    assert said[1] >= most
    assert f"I {sum(place < 3 for place in places)} av dem är antalen inte exakta" in text
    assert "uppgift saknas: 1" in text
    assert f"{len(places) + 1} av 36" in text


def test_a_hidden_high_count_that_may_be_none_leaves_only_a_lower_bound(unknown_page):
    area_path(unknown_page, 0).click(modifiers=["Shift"])
    assert unknown_page.locator("#balance").text_content().startswith("minst 4,2 ")


def test_the_saved_picture_has_the_marks_of_the_map(unknown_page):
    from PIL import Image

    frame = unknown_page.locator("#map_grannskap").bounding_box()
    dot = unknown_page.locator("path.bounded-dot").first.bounding_box()
    with unknown_page.expect_download() as waiting:
        unknown_page.click("#png")
    pixels = np.asarray(Image.open(waiting.value.path()).convert("RGB"))
    head = 64  # the title over the map
    x = 2 * (dot["x"] + dot["width"] / 2 - frame["x"])
    y = 2 * (dot["y"] + dot["height"] / 2 - frame["y"] + head)
    assert pixels[round(y), round(x)].tolist() == [255, 255, 255]
    row = pixels[round(y), round(x) - 12 : round(x) + 12]
    assert (row.max(axis=1) < 100).any(), "the dot has a dark rim"


def test_paper_keeps_what_is_said_of_a_value(unknown_page):
    area_path(unknown_page, 0).click()
    unknown_page.emulate_media(media="print")
    said = unknown_page.locator("#card .card-value .hint")
    assert [said.nth(i).is_visible() for i in range(said.count())] == [True, True]
    assert unknown_page.locator("#map-help").is_hidden()


def test_labels_and_intervals_follow_the_confidence_asked_for(unknown_page):
    _, frame, _ = unknown()
    area_path(unknown_page, 8).click()
    assert "Osäkerhet (80\u00a0%)" in unknown_page.locator("#card").text_content()
    for place in (8, 9):
        area_path(unknown_page, place).click(modifiers=["Shift"])
    low, high = frame.iloc[[8, 9]][["low", "high"]].sum()
    text = unknown_page.locator("#balance").text_content()
    lower, upper = beta.ppf(0.1, low, high + 1), beta.ppf(0.9, low + 1, high)
    bounds = f"{ratio(lower / (1 - lower))}–{ratio(upper / (1 - upper))}"
    assert f"Osäkerhet (80\u00a0%) {bounds}" in text
    assert "95" not in unknown_page.locator("main").text_content().replace("0,95", "")


def test_the_number_beside_the_line_is_its_slope(page):
    assert page.locator("#scatter").get_attribute("aria-label").endswith("; lutning 0,50")


def test_of_several_at_the_top_none_is_named(opened, tmp_path):
    areas = town()
    values = pd.Series([np.inf] * 20 + [0.5 + i / 100 for i in range(16)], index=areas.index)
    path = tmp_path / "ties.html"
    layer = webmap.Layer(styles.balance(), values)
    path.write_text(webmap.build(areas, [layer], title="x"), encoding="utf-8")
    page = opened(path.as_uri())
    lists = page.locator("#card .ways").all_text_contents()
    assert lists[0] == "20 områden med ∞"
    assert "0,50×" in lists[1]


def test_areas_without_counts_are_told_and_left_out(page):
    for place in (0, 1):
        area_path(page, place).click(modifiers=["Shift"])
    text = page.locator("#balance").text_content()
    assert text.startswith("∞")
    assert "uppgift saknas: 1" in text


def test_touch_selects_and_the_card_can_be_closed(opened, file):
    page = opened(file.as_uri(), has_touch=True, viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    area_path(page, 30).tap()
    assert len(card_values(page)) > 3
    page.locator("#card .close").tap()
    assert page.locator("#card .value").count() == 0
    page.locator("#choose").tap()
    area_path(page, 30).tap()
    area_path(page, 31).tap()
    assert "2 av 36 områden" in page.locator("#balance").text_content()


@pytest.mark.parametrize("metres", [True, False], ids=["SWEREF 99 TM", "WGS 84"])
def test_a_polygon_file_selects_the_areas_inside(page, tmp_path, metres):
    areas = town()
    wanted = shapely.box(599_990, 6_599_990, 600_000 + 1700, 6_600_000 + 900)
    shapes = gpd.GeoSeries([wanted], crs=3006).to_crs(3006 if metres else 4326)
    path = tmp_path / "polygon.geojson"
    path.write_text(json.dumps(shapely.geometry.mapping(shapes.iloc[0])))
    page.set_input_files("#polygon", str(path))
    inside = areas.index[areas.representative_point().within(wanted)]
    page.wait_for_selector("tr.chosen-row")
    chosen = page.locator("tr.chosen-row").evaluate_all("rows => rows.map(r => r.dataset.deso)")
    assert sorted(chosen) == sorted(inside)


def test_a_dropped_polygon_file_selects_too_and_nonsense_is_refused(page):
    drop = """text => {
      const data = new DataTransfer();
      data.items.add(new File([text], "x.geojson"));
      const event = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
      document.getElementById("frame").dispatchEvent(event);
    }"""
    square = shapely.geometry.mapping(shapely.box(599_990, 6_599_990, 600_900, 6_600_900))
    page.evaluate(drop, json.dumps({"type": "Feature", "geometry": square}))
    expect(page.locator("tr.chosen-row")).to_have_count(1)
    page.evaluate(drop, "not json")
    expect(page.locator("#message")).to_contain_text("GeoJSON")


SQUARE = [[599_990, 6_599_990], [600_900, 6_599_990], [600_900, 6_600_900], [599_990, 6_599_990]]
"""A triangle with the middle of the first area in it, SWEREF 99 TM."""
IN_DEGREES = [
    list(point)
    for point in gpd.GeoSeries([shapely.Polygon(SQUARE)], crs=3006).to_crs(4326)[0].exterior.coords
]


def polygon(ring, **more):
    return {"type": "Polygon", "coordinates": [ring], **more}


def features(*geometries, **more):
    made = [{"type": "Feature", "properties": None, "geometry": one} for one in geometries]
    return {"type": "FeatureCollection", "features": made, **more}


def declared(name):
    return {"crs": {"type": "name", "properties": {"name": name}}}


REFUSED = {
    "no JSON": (b"\xff\xfe{", "inga polygoner"),
    "null": (None, "inga polygoner"),
    "null features": ({"type": "FeatureCollection", "features": None}, "inga polygoner"),
    "a null feature": ({"type": "FeatureCollection", "features": [None, 3]}, "inga polygoner"),
    "null geometry": (features(None), "inga polygoner"),
    "points": (features({"type": "Point", "coordinates": [1, 2]}), "inga polygoner"),
    "deep": (b'{"type":"GeometryCollection","geometries":[' * 5000 + b"]}" * 5000, "inga"),
    "no rings": ({"type": "Polygon", "coordinates": []}, "trasig"),
    "null rings": ({"type": "Polygon", "coordinates": None}, "trasig"),
    "a null ring": ({"type": "Polygon", "coordinates": [None]}, "trasig"),
    "null in parts": ({"type": "MultiPolygon", "coordinates": None}, "trasig"),
    "two corners": (polygon(SQUARE[:2]), "trasig"),
    "not closed": (polygon([*SQUARE[:3], [1, 2]]), "trasig"),
    "texts": (polygon([["a", "b"]] * 4), "trasig"),
    "huge": (b'{"type":"Polygon","coordinates":[[[1e999,1],[2,2],[3,3],[1e999,1]]]}', "trasig"),
    "another CRS": (polygon(SQUARE, **declared("urn:ogc:def:crs:EPSG::3021")), "koordinatsystem"),
    "a CRS that says nothing": (polygon(SQUARE, crs={"properties": {}}), "koordinatsystem"),
    "__proto__": (polygon(SQUARE, **declared("__proto__")), "koordinatsystem"),
    "swapped": (polygon([p[::-1] for p in SQUARE]), "omvänd ordning"),
    "swapped degrees": (polygon([p[::-1] for p in IN_DEGREES]), "omvänd ordning"),
    "Africa": (polygon([[0, 0], [1, 0], [1, 1], [0, 0]]), "inte i Sverige"),
    "other than declared": (polygon(SQUARE, **declared("EPSG:4326")), "inte i Sverige"),
    "50 MB": (b" " * 50_000_000, "20 MB"),
    "many corners": (polygon([[600_000, 6_600_000]] * 250_000), "200 000"),
}

ACCEPTED = {
    "SWEREF 99 TM declared": polygon(SQUARE, **declared("urn:ogc:def:crs:EPSG::3006")),
    "WGS 84 declared": features(polygon(IN_DEGREES), **declared("urn:ogc:def:crs:OGC:1.3:CRS84")),
    "WGS 84 by its number": features(polygon(IN_DEGREES), **declared("EPSG:4326")),
    "null beside polygons": features(None, polygon(SQUARE)),
    "heights": polygon([[*p, 12.5] for p in SQUARE]),
    "crs null": polygon(SQUARE, crs=None),
}


def test_a_polygon_file_that_cannot_be_used_is_refused_in_a_sentence(page, tmp_path):
    path = tmp_path / "polygon.geojson"
    for name, (content, words) in REFUSED.items():
        page.evaluate("document.getElementById('message').textContent = ''")
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        page.set_input_files("#polygon", str(path))
        expect(page.locator("#message"), name).to_contain_text(words)
        assert page.locator("tr.chosen-row").count() == 0, name


def test_a_polygon_file_is_read_in_what_it_declares_and_can_be_chosen_again(page, tmp_path):
    path = tmp_path / "polygon.geojson"
    for name, content in ACCEPTED.items():
        path.write_text("\ufeff" + json.dumps(content), encoding="utf-8")
        for _ in range(2):
            page.set_input_files("#polygon", str(path))
            expect(page.locator("tr.chosen-row"), name).to_have_count(1)
            page.click("#clear")
            expect(page.locator("tr.chosen-row"), name).to_have_count(0)


def test_garbage_in_an_address_leaves_the_page_as_it_opens(opened, file):
    start = within_map(opened(file.as_uri()), 14)
    for address in (
        "v=1e308,1e308,1e308", "v=NaN,NaN,NaN", "v=1,2", "v=-1e308,0,-1e308", "v=,,",
        "%%%E0%A4%A", "m=__proto__&y=__proto__&g=constructor&a=__proto__&w=toString",
        "c=1e9,-1,__proto__,NaN&r=NaN,NaN&p=NaN", "m=%00%ff&a=%F0%9F", "&&&===",
        "s=" + "9999C1010x," * 100_000,
    ):  # fmt: skip
        page = opened(f"{file.as_uri()}#{address}", wait="html[data-whole]")
        assert within_map(page, 14) == pytest.approx(start, abs=1), address[:60]
        assert page.locator("#subject").text_content().startswith("Balans")
        assert page.locator("path.faded, tr.chosen-row, #card .value").count() == 0


def test_search_finds_codes_places_and_rings_by_keyboard(page):
    page.fill("#search", "hage")
    assert "Hageby" in page.locator("#found li").first.text_content()
    page.keyboard.press("Enter")
    assert "3 av 36 områden" in page.locator("#balance").text_content()
    code = town().index[17]
    page.fill("#search", code.lower())
    page.keyboard.press("ArrowDown")
    assert page.locator("#search").get_attribute("aria-activedescendant") == "found-0"
    page.keyboard.press("Enter")
    assert code in page.locator("#card").text_content()
    page.fill("#search", "sydk")
    page.locator("#found li").first.click()
    south = (town()["municipality_name"] == "Sydköping").sum()
    assert f"{south} av 36 områden" in page.locator("#balance").text_content()


def test_the_table_by_keyboard_moves_zooms_selects_and_closes(page):
    page.locator("#table tbody tr").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    code = page.evaluate("document.activeElement.dataset.deso")
    assert code == town().index[2]
    assert code in page.locator("#card").text_content()
    assert page.locator("path.focused-line").count() == 1
    before = area_path(page, 2).bounding_box()["width"]
    page.keyboard.press("Enter")
    page.wait_for_timeout(600)
    assert area_path(page, 2).bounding_box()["width"] > 1.5 * before
    page.keyboard.press(" ")
    assert "1 av 36 områden" in page.locator("#balance").text_content()
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.dataset.deso") == town().index[-1]
    page.keyboard.press("Escape")
    assert page.locator("#card .value").count() == 0


def test_the_table_sorts_and_keeps_missing_last(page):
    page.locator("#table thead button").nth(3).click()
    shown = page.locator("#table tbody tr td:nth-of-type(3)").all_text_contents()
    assert shown[0].startswith("∞")
    assert shown[-1].startswith("–")
    assert page.locator("#table thead th").nth(3).get_attribute("aria-sort") == "descending"
    page.keyboard.press("Enter")
    assert page.locator("#table thead th").nth(3).get_attribute("aria-sort") == "ascending"
    shown = page.locator("#table tbody tr td:nth-of-type(3)").all_text_contents()
    assert shown[-1].startswith("–")
    frame = counts(town())
    assert shown[0].startswith(ratio((frame["low"] / frame["high"]).min()))


def test_histogram_brush_and_typed_range_filter_alike(page):
    values = (counts(town())["low"] / counts(town())["high"]).round(2)
    page.fill("#from", "0,5")
    page.fill("#to", "2")
    page.keyboard.press("Tab")
    wanted = int(values.between(0.5, 2).sum())
    assert page.locator("path.leaflet-interactive:not(.faded)").count() == wanted
    page.click("#unbrush")
    assert page.locator("path.faded").count() == 0
    page.locator("#histogram").scroll_into_view_if_needed()
    box = page.locator("#histogram svg").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + 30, steps=4)
    page.mouse.up()
    left = page.locator("path.leaflet-interactive:not(.faded)").count()
    assert 0 < left < SIDE**2
    low, high = (float(page.input_value(f"#{end}").replace(",", ".")) for end in ("from", "to"))
    assert left == pytest.approx(values.between(low, high).sum(), abs=1)


def test_breaks_of_shares_stand_where_their_per_cents_do(opened, tmp_path):
    areas = town()
    values = pd.Series(np.linspace(-0.1, 0.1, len(areas)), index=areas.index)
    edges = [-0.05, -0.02, 0.02, 0.05]
    style = styles.two_poles(edges, name="s", title="S", centre=0, quantity="share", decimals=0)
    file = tmp_path / "s.html"
    file.write_text(webmap.build(areas, [webmap.Layer(style, values)], title="S"), encoding="utf-8")
    drawn = opened(file.as_uri()).locator("#histogram text")
    words = [text.replace("\N{NO-BREAK SPACE}", "") for text in drawn.all_text_contents()]
    assert [words[0], words[-1]] == ["−5%", "5%"]
    places = [float(one.get_attribute("x")) for one in (drawn.first, drawn.last)]
    ends = np.interp([-0.05, 0.05], [-0.1, 0.1], [8, 352])
    assert places == pytest.approx(ends, abs=0.5)


def test_scatter_brush_and_quadrants_filter(page):
    page.select_option("#quadrant", "hh")
    assert page.locator("path.leaflet-interactive:not(.faded)").count() == SIDE**2 // 2
    page.select_option("#quadrant", "")
    canvas = page.locator("#scatter")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] - 5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 5, steps=4)
    page.mouse.up()
    left = page.locator("path.leaflet-interactive:not(.faded)").count()
    assert 0 < left < SIDE**2


def test_layers_are_switched_off_and_on(page):
    assert page.locator("path.highlight-line").count() == 1
    box = page.get_by_label("Hageby", exact=True)
    box.uncheck()
    assert page.locator("path.highlight-line").count() == 0
    expect(page.locator(".highlight-label")).to_have_count(0)
    box.check()
    assert page.locator(".highlight-label").text_content() == "Hageby 13×"
    page.get_by_label("Skolor").uncheck()
    expect(page.locator(".overlay-label")).to_have_count(0)


def test_the_address_keeps_the_state(opened, file, page):
    page.select_option("#indicator", "income")
    area_path(page, 9).click()
    page.locator("#classes button").nth(1).click()
    page.wait_for_url("**c=1**")
    again = opened(page.url)
    assert again.input_value("#indicator") == "income"
    assert town().index[9] in again.locator("#card").text_content()
    assert again.locator("#classes button").nth(1).get_attribute("aria-pressed") == "true"
    page.click("#link")
    assert page.input_value("input.link") == page.url


def test_a_strange_address_is_harmless(opened, file):
    page = opened(file.as_uri() + "#i=%3Cimg%3E&v=a,b,c&c=99,x&a=nowhere&y=x&s=1,2")
    assert page.locator("path.faded").count() == 0


def test_reset_brings_everything_back(page):
    start = within_map(page, 9)
    page.select_option("#indicator", "income")
    page.locator("#classes button").first.click()
    area_path(page, 9).click(modifiers=["Shift"])
    page.locator(".leaflet-control-zoom-in").click()
    page.wait_for_timeout(500)
    page.click("#reset")
    page.wait_for_timeout(500)
    assert page.input_value("#indicator") == "balance"
    assert page.locator("path.faded").count() == 0
    assert page.locator("tr.chosen-row").count() == 0
    assert within_map(page, 9) == pytest.approx(start, abs=2)


def test_the_map_is_saved_as_a_picture(page):
    from PIL import Image

    with page.expect_download() as waiting:
        page.click("#png")
    assert waiting.value.suggested_filename == (
        "provkoping-balans-mellan-lag-och-hog-kopkraft-2017.png"
    )
    picture = Image.open(waiting.value.path()).convert("RGB")
    colours = {colour for _, colour in picture.getcolors(2**24)}
    for wanted in ("#b35806", "#ffffff"):
        assert tuple(bytes.fromhex(wanted[1:])) in colours


def test_full_screen_and_print(page):
    page.click("#full")
    page.wait_for_selector(".map-side:fullscreen")
    page.keyboard.press("Escape")
    page.evaluate("document.fullscreenElement && document.exitFullscreen()")
    page.evaluate("window.print = () => (document.body.dataset.printed = 'yes')")
    page.click("#print")
    assert page.locator("body").get_attribute("data-printed") == "yes"
    page.emulate_media(media="print")
    assert not page.locator("#controls").is_visible()
    assert page.locator("#source").is_visible()
    assert not page.locator("#table").is_visible()


def pages_on_paper(page) -> list[str]:
    from pypdf import PdfReader

    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    paper = page.pdf(format="A4", print_background=True)
    return [sheet.extract_text() for sheet in PdfReader(io.BytesIO(paper)).pages]


def test_on_paper_one_sheet_has_map_legend_and_selection_and_the_table_is_asked_for(page):
    for place in (5, 6, 8):
        area_path(page, place).click(modifiers=["Shift"])
    low, high = counts(town()).iloc[[5, 6, 8]].sum()
    page.evaluate("window.print = () => {}")
    page.click("#print")
    sheets = pages_on_paper(page)
    assert len(sheets) == 1
    for said in ("Provköping", "Källa: SCB", "Dold av sekretess", ratio(low / high)):
        assert said in sheets[0].replace("\n", " ")
    assert town().index[35] not in sheets[0]
    page.check("#print-table")
    page.click("#print")
    sheets = pages_on_paper(page)
    assert len(sheets) > 1
    assert town().index[35] in " ".join(sheets)


@pytest.mark.parametrize("width", [1600, 1280, 768, 360])
def test_every_number_is_seen_without_scrolling_sideways(opened, file, width):
    page = opened(file.as_uri(), viewport={"width": width, "height": 900})
    for selector in ("html", "#scroll", "#card", "#legend"):
        size = page.locator(selector).evaluate("box => [box.scrollWidth, box.clientWidth]")
        assert size[0] <= size[1], selector
    legend, frame = (page.locator(x).bounding_box() for x in ("#legend", "#map_grannskap"))
    # Above the map, but on a phone below it: the map comes first there.
    above, below = (legend, frame) if width > 640 else (frame, legend)
    assert below["y"] >= above["y"] + above["height"] - 1
    assert page.locator("#table tbody tr").first.locator("td.current").is_visible()


def test_on_a_phone_the_map_comes_first_and_other_choices_wait(opened, file):
    page = opened(file.as_uri(), viewport={"width": 360, "height": 740})
    assert page.locator("#map_grannskap").bounding_box()["y"] <= 170
    assert page.locator("#year").is_hidden()
    page.click("#choices")
    assert page.locator("#choices").get_attribute("aria-expanded") == "true"
    to_year(page, 2022)
    expect(page.locator("#subject")).to_contain_text("2022")
    page.fill("#search", "hage")
    page.keyboard.press("Enter")
    assert "3 av 36 områden" in page.locator("#balance").text_content()


def test_the_area_in_focus_is_seen_on_every_colour(page):
    area_path(page, 5).click()
    widths = [
        page.locator(f"path.{name}").evaluate("line => getComputedStyle(line).strokeWidth")
        for name in ("focused-line-under", "focused-line")
    ]
    assert float(widths[0][:-2]) >= float(widths[1][:-2]) + 4
    under = page.locator("path.focused-line-under").evaluate("p => getComputedStyle(p).stroke")
    assert under == "rgb(255, 255, 255)"


def test_a_narrow_table_follows_the_chosen_indicator(opened, file):
    page = opened(file.as_uri(), viewport={"width": 360, "height": 740})
    page.select_option("#indicator", "income")
    shown = page.locator("#table tbody tr").first.locator("td.value-cell:visible")
    expect(shown).to_have_text(["500"])
    assert page.locator("#table thead .value-cell:visible").count() == 1


def test_words_at_the_pointer_follow_the_indicator(page):
    area_path(page, 5).hover()
    before = page.locator(".tip strong").text_content()
    page.evaluate("document.getElementById('indicator').value = 'income'")
    page.evaluate("document.getElementById('indicator').dispatchEvent(new Event('change'))")
    assert page.locator(".tip strong").text_content() != before


def test_titles_are_said_once(page):
    assert page.locator("#subject").text_content().strip() == f"{styles.balance().title}, 2017"
    heads = page.locator("#table thead th").all_text_contents()
    assert not [head for head in heads if "2017" in head]
    assert page.locator("#table-caption").text_content() == "2017"


def test_dark_surroundings_and_reduced_motion(opened, file):
    page = opened(file.as_uri(), color_scheme="dark", reduced_motion="reduce")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert sum(map(int, ground.removeprefix("rgb(").removesuffix(")").split(","))) < 150
    assert area_path(page, 0).get_attribute("fill") == "#b35806"


def test_english_on_request(opened, tmp_path):
    path = tmp_path / "en.html"
    path.write_text(made(language="en"), encoding="utf-8")
    page = opened(path.as_uri())
    assert page.get_by_role("button", name="Reset").is_visible()
    assert page.locator("html").get_attribute("lang") == "en"


def test_in_a_sandboxed_frame_without_origin(opened, browser, tmp_path):
    import html

    outer = tmp_path / "outer.html"
    outer.write_text(
        "<!DOCTYPE html><html data-ready><table id=table><tbody><tr><td>x</table>"
        f'<iframe sandbox="allow-scripts" width=900 height=700 srcdoc="{html.escape(made())}">'
        "</iframe>",
        encoding="utf-8",
    )
    page = opened(outer.as_uri())
    frame = page.frame_locator("iframe")
    frame.locator("#table tbody tr").first.wait_for()
    assert frame.locator("path.leaflet-interactive").count() == SIDE**2
    frame.locator("#classes button").first.click()
    frame.locator("#link").click()
    page.wait_for_timeout(500)


@pytest.fixture
def served(tmp_path):
    """The folder's address on a server, as a site that embeds a page has it."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_said):
            pass

    handler = functools.partial(Quiet, directory=tmp_path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_the_figure_to_embed_shows_the_page_and_leads_to_the_whole_of_it(browser, served, tmp_path):
    (tmp_path / "karta.html").write_text(made(), encoding="utf-8")
    figure = webmap.embed("karta.html", "income", title="Inkomst", caption="En karta.")
    (tmp_path / "karta.embed.html").write_text(figure, encoding="utf-8")
    page = browser.new_page()
    page.goto(f"{served}/karta.embed.html")
    frame = page.frame_locator("iframe")
    frame.locator("path.leaflet-interactive").first.wait_for()
    assert page.locator("figcaption").text_content() == "En karta."
    assert page.locator("iframe").bounding_box()["height"] >= 400
    assert frame.locator("#subject").text_content().startswith("Inkomst")
    link = frame.locator("#whole")
    expect(link).to_be_visible()
    with page.expect_popup() as waiting:
        link.click()
    whole = waiting.value
    whole.wait_for_selector("#table tbody tr")
    assert whole.locator("#subject").text_content().startswith("Inkomst")
    assert whole.locator("html.embed").count() == 0
    page.close()


@pytest.mark.parametrize("address", ["karta.html", "karta.html#m=clusters"])
def test_a_framed_page_knows_it(browser, served, tmp_path, address):
    (tmp_path / "karta.html").write_text(made(), encoding="utf-8")
    (tmp_path / "site.html").write_text(f'<iframe src="{address}" width=640 height=480></iframe>')
    page = browser.new_page()
    page.goto(f"{served}/site.html")
    frame = page.frame_locator("iframe")
    frame.locator("html.embed path.leaflet-interactive").first.wait_for()
    expect(frame.locator("#whole")).to_be_visible()
    assert frame.locator("#controls").is_hidden()
    page.close()


EMBEDDED = [(320, 400), (360, 640), (640, 480), (800, 600)]


@pytest.mark.parametrize(("width", "height"), EMBEDDED)
@pytest.mark.parametrize("name", ["balance", "income", "clusters"])
def test_embedded_the_map_has_most_of_the_room_and_nothing_scrolls(
    opened, file, width, height, name
):
    page = opened(
        f"{file.as_uri()}#embed&m={name}",
        wait="html[data-whole]",
        viewport={"width": width, "height": height},
    )
    over = page.evaluate(
        "[...document.querySelectorAll('html, body, #legend')].map(box => "
        "[box.scrollWidth - box.clientWidth, box.scrollHeight - box.clientHeight])"
    )
    assert over == [[0, 0]] * 3
    box = {x: page.locator(x).bounding_box() for x in ("#map_grannskap", ".foot", "#legend")}
    assert box["#map_grannskap"]["height"] / height >= 0.55
    assert box["#map_grannskap"]["y"] >= box["#legend"]["y"] + box["#legend"]["height"] - 1
    assert height - 8 <= box[".foot"]["y"] + box[".foot"]["height"] <= height
    assert box[".foot"]["height"] <= 24
    line = page.locator("#subject").evaluate("box => parseFloat(getComputedStyle(box).lineHeight)")
    assert page.locator("#subject").bounding_box()["height"] <= 2 * line + 6
    assert "Provköping" in page.locator("#subject").text_content()
    hidden = "#table-side, .plots, .controls, .chosen, .tools"
    assert not any(part.is_visible() for part in page.locator(hidden).all())
    assert page.locator("#whole").is_visible()
    for part in page.locator("#classes button, #classes .tick").all():
        inside = part.bounding_box()
        assert inside["y"] + inside["height"] <= box["#map_grannskap"]["y"] + 1
        assert inside["x"] + inside["width"] <= width


def test_embedded_the_legend_filters_and_a_pressed_area_shows_its_numbers(opened, file):
    page = opened(f"{file.as_uri()}#embed", wait="html[data-whole]")
    area_path(page, 5).click()
    value = counts(town())["low"].iloc[5] / counts(town())["high"].iloc[5]
    expect(page.locator("#card")).to_contain_text(ratio(value))
    assert page.locator("#card table").is_hidden()
    page.locator("#classes button").nth(6).click()
    assert 0 < page.locator("path.faded").count() < SIDE**2
    page.wait_for_timeout(400)
    assert page.evaluate("location.hash").startswith("#embed&m=balance")
    assert "embed" not in page.locator("#whole").get_attribute("href")


def test_the_address_says_what_is_shown(opened, file):
    page = opened(f"{file.as_uri()}#m=balance")
    title = styles.balance().title
    assert page.locator("#subject").text_content().startswith(f"{title}, 2022")
    assert page.input_value("#group") == "Alla"
    page.evaluate("location.hash = 'm=balance&g=Hyresrätt'")
    expect(page.locator("#subject")).to_contain_text("Hyresrätt")
    page.evaluate("location.hash = 'm=balance&y=2017&c=6'")
    expect(page.locator("#subject")).to_contain_text(f"{title}, 2017")
    assert 0 < page.locator("path.faded").count() < SIDE**2


@pytest.mark.parametrize(
    "address",
    ["#", "#m=", "#m=nothing&y=x&g=%E0%A4%A&a=?&c=-1,1.5,x,999&s=,,&v=1,2", "#v=1e9,1e9,99",
     "#v=602000,6600400,NaN", "#%", "#m=__proto__&y=Infinity", "#=&&&=;<script>"],
)  # fmt: skip
def test_a_malformed_address_opens_the_page_at_its_start(opened, file, address):
    page = opened(file.as_uri() + address)
    title = styles.balance().title
    assert page.locator("#subject").text_content().startswith(f"{title}, 2017")
    assert page.locator("path.faded").count() == 0
    assert page.locator("#card .value").count() == 0
    assert page.locator("tr.chosen-row").count() == 0
    frame = page.locator("#map_grannskap").bounding_box()
    for place in (0, SIDE**2 - 1):
        box = area_path(page, place).bounding_box()
        assert frame["x"] <= box["x"] <= box["x"] + box["width"] <= frame["x"] + frame["width"]


def hostile_page() -> str:
    areas = town()
    areas["municipality_name"] = [HOSTILE[i % 4] for i in range(len(areas))]
    areas["regso_name"] = [HOSTILE[(i + 1) % 4] for i in range(len(areas))]
    frame = counts(areas)
    texts = {
        "title": HOSTILE[1], "subtitle": HOSTILE[3], "unit": HOSTILE[0], "source": HOSTILE[1],
        "caption": HOSTILE[3], "alt": HOSTILE[1],
        "gaps": (styles.Gap("missing", HOSTILE[3], "//"),),
        "labels": tuple(f"{HOSTILE[i % 6]} {i}" for i in range(7)),
    }  # fmt: skip
    style = replace(styles.balance(), **texts)
    shown = [webmap.Layer(style, frame["low"] / frame["high"], 2017, HOSTILE[3])]
    names = pd.Series([HOSTILE[i % 6] for i in range(len(areas))], index=areas.index)
    ring = tuple(areas.index[:3])
    return webmap.build(
        areas,
        shown,
        title=HOSTILE[3],
        names=names,
        source=HOSTILE[3],
        highlights=[Highlight(HOSTILE[1], HOSTILE[3], areas.geometry.iloc[0], ring)],
        overlays=[Overlay(HOSTILE[1], "points", areas.geometry.centroid, tuple(HOSTILE) * 6)],
        scatter=[webmap.Scatter(HOSTILE[1], frame["low"], frame["high"], HOSTILE[3], HOSTILE[1])],
    )


def test_hostile_text_stays_text(opened, tmp_path):
    path = tmp_path / "hostile.html"
    path.write_text(hostile_page(), encoding="utf-8")
    page = opened(path.as_uri())
    area_path(page, 3).click()
    page.fill("#search", "<img")
    page.locator("#found li").first.click()
    with page.expect_download() as waiting:
        page.click("#csv")
    assert page.title() == HOSTILE[3]
    assert page.locator("h1").text_content() == HOSTILE[3]
    assert page.locator("#source").text_content() == HOSTILE[1]
    assert page.locator("img").count() == 0
    text = page.locator("body").text_content()
    assert "{{ 7*7 }}" in text
    assert "49" not in page.locator("#legend-title").text_content()
    cells = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    rows = csv.reader(io.StringIO(cells), delimiter=";")
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "@")]


def test_many_areas_are_painted_on_a_canvas_and_behave_the_same(opened, tmp_path):
    side = 46
    boxes = [
        shapely.box(600_000 + 500 * x, 6_600_000 + 500 * y, 600_500 + 500 * x, 6_600_500 + 500 * y)
        for y in range(side)
        for x in range(side)
    ]
    index = pd.Index([f"9999C{i:04d}" for i in range(side**2)], name="deso", dtype="str")
    areas = gpd.GeoDataFrame(geometry=boxes, index=index, crs="EPSG:3006")
    values = pd.Series(np.where(np.arange(side**2) % side < side // 2, 0.1, 9.0), index=index)
    path = tmp_path / "many.html"
    layer = webmap.Layer(styles.balance(), values)
    path.write_text(webmap.build(areas, [layer], title="Många"), encoding="utf-8")
    page = opened(path.as_uri())
    assert page.locator("[data-shapes]").get_attribute("data-shapes") == str(side**2)
    box = page.locator(".leaflet-overlay-pane canvas").bounding_box()
    frame = page.locator("#map_grannskap").bounding_box()
    middle = (frame["x"] + frame["width"] / 2 - 30, frame["y"] + frame["height"] / 2 + 6)
    assert box["width"] > frame["width"]
    pixels = page.evaluate(
        """([x, y]) => {
          const canvas = document.querySelector(".leaflet-overlay-pane canvas");
          const box = canvas.getBoundingClientRect();
          const scale = canvas.width / box.width;
          const at = [(x - box.left) * scale, (y - box.top) * scale].map(Math.round);
          return [...canvas.getContext("2d").getImageData(...at, 24, 24).data];
        }""",
        list(middle),
    )
    colours = np.array(pixels).reshape(-1, 4)
    assert colours[:, 3].min() >= 250, "nothing shines through"
    assert (colours == [0x54, 0x27, 0x88, 255]).all(axis=1).mean() > 0.3
    page.mouse.move(*middle)
    page.wait_for_selector("#card .value")
    assert card_values(page) == ["0,10×"]
    page.mouse.move(middle[0] + 60, middle[1])
    expect(page.locator("#card .value")).to_have_text("9,00×")
    page.evaluate(TWO_MOVES, list(middle))  # in one frame: the last is where the pointer is
    expect(page.locator("#card .value")).to_have_text("0,10×")
    page.mouse.click(*middle)
    expect(page.locator("#card.pinned .value")).to_have_text("0,10×")
    page.click("#more")
    assert page.locator("#table tbody tr").count() == 1000


TWO_MOVES = """([x, y]) => {
  const map = document.getElementById("map_grannskap");
  for (const clientX of [x + 60, x]) {
    map.dispatchEvent(new MouseEvent("mousemove", { clientX, clientY: y, bubbles: true }));
  }
}"""


AT_READY = """
new MutationObserver(() => {
  if (!("ready" in document.documentElement.dataset) || window.atReady) return;
  const pick = (selector) => [...document.querySelectorAll(selector)];
  window.atReady = {
    fills: pick("path.leaflet-interactive").map((path) => path.getAttribute("fill")),
    rings: pick(".highlight-line").length,
    classes: pick("#classes button").length,
    waiting: pick("#wait").length,
    subject: document.getElementById("subject").textContent,
  };
  pick("#classes button")[6].click();
  window.atReady.faded = pick("path.faded").length;
}).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-ready"] });
"""


def test_the_map_is_painted_and_reacts_when_the_page_says_that_it_is_ready(browser, file):
    page = browser.new_page()
    page.add_init_script(AT_READY)
    page.goto(file.as_uri())
    page.wait_for_selector("#table tbody tr")
    seen = page.evaluate("window.atReady")
    assert len(seen["fills"]) == SIDE**2
    assert len(set(seen["fills"])) > 3
    assert seen["rings"] == 1
    assert seen["classes"] == 8
    assert seen["waiting"] == 0
    assert seen["subject"].startswith("Balans")
    assert 0 < seen["faded"] < SIDE**2
    expect(page.locator("#table tbody tr")).to_have_count(SIDE**2 - seen["faded"])
    page.close()


def test_an_explored_map_shows_its_areas_and_the_legend_of_the_layer(browser, tmp_path):
    areas, _, known = unknown()
    areas["regso_name"] = HOSTILE[1]
    first = webmap.Layer(
        styles.balance(), known["value"], status=known["status"],
        lower=known["lower"], upper=known["upper"],
    )  # fmt: skip
    second = layers(areas, counts(areas))[3]
    shown = webmap.explore(areas, [first, second], title=HOSTILE[0])
    folium.Marker([59.53, 16.78]).add_to(shown)
    shown.save(tmp_path / "explored.html")
    vendor = resources.files("grannskap.maps") / "vendor"
    local = {name: (vendor / name).read_bytes() for name in ("leaflet.js", "leaflet.css")}
    page = browser.new_page(viewport={"width": 900, "height": 700})
    page.route(
        re.compile("^https://"),
        lambda route: route.fulfill(body=local.get(route.request.url.split("/")[-1], b"")),
    )
    page.goto((tmp_path / "explored.html").as_uri())
    page.wait_for_selector("path.leaflet-interactive", state="attached")
    assert page.locator("path.leaflet-interactive").count() == SIDE**2
    assert page.locator(".leaflet-marker-pane img").count() == 1
    assert page.title() == HOSTILE[0]
    assert page.locator(".grannskap-legend h3:visible").count() == 1
    page.locator(".leaflet-control-layers-base label").nth(1).click()
    expect(page.locator(".grannskap-legend h3:visible")).to_contain_text("Inkomst")
    box = page.locator("path.leaflet-interactive").nth(14).bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    assert HOSTILE[1] in page.locator(".leaflet-tooltip").text_content()
    assert page.locator(".leaflet-tooltip img").count() == 0
    page.close()


@pytest.fixture(scope="module")
def axe() -> str:
    """axe-core's source, from the package that carries it."""
    folder = resources.files("axe_playwright_python")
    return (folder / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1300, 360])
@pytest.mark.parametrize("address", ["", "#embed&m=balance", "#embed&m=clusters"])
def test_axe_finds_nothing_serious(browser, file, axe, scheme, width, address):
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    page.goto(file.as_uri() + address)
    page.wait_for_selector("html[data-whole]")
    area_path(page, 5).click()
    page.evaluate(axe)
    found = page.evaluate("axe.run().then(result => result.violations)")
    context.close()
    grave = [
        (rule["id"], [node["html"][:120] for node in rule["nodes"]][:3])
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]
    assert grave == []


@pytest.mark.parametrize("metres", [True, False], ids=["SWEREF 99 TM", "WGS 84"])
def test_a_basemap_calls_out_to_its_provider_alone_and_says_so(browser, tmp_path, metres):
    path = tmp_path / "tiles.html"
    path.write_text(made(basemap=webmap.OPENSTREETMAP), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1300, "height": 900})
    asked, said = [], []
    page.on("console", lambda message: said.append(message.text))

    def answer(route):
        asked.append(route.request.url)
        route.fulfill(body=b"", content_type="image/png")

    page.route(re.compile("^https://"), answer)
    with page.expect_request(re.compile("^https://")):
        page.goto(path.as_uri())
    page.wait_for_selector("#table tbody tr")
    page.wait_for_timeout(200)
    assert all(url.startswith("https://tile.openstreetmap.org/") for url in asked)
    assert page.locator("path.leaflet-interactive").count() == SIDE**2
    text = page.locator(".attribution").text_content()
    assert "OpenStreetMap contributors" in text
    assert "hämtas från OpenStreetMap" in text
    bar = page.locator(".leaflet-control-scale-line")
    number, unit = bar.text_content().split()
    drawn = bar.evaluate("bar => bar.offsetWidth") / (float(number) * {"m": 1, "km": 1000}[unit])
    assert area_path(page, 14).bounding_box()["width"] / 800 == pytest.approx(drawn, rel=0.05)
    wanted = shapely.box(599_990, 6_599_990, 600_900, 6_600_900)
    shape = gpd.GeoSeries([wanted], crs=3006).to_crs(3006 if metres else 4326).iloc[0]
    (tmp_path / "p.json").write_text(json.dumps(shapely.geometry.mapping(shape)))
    page.set_input_files("#polygon", str(tmp_path / "p.json"))
    expect(page.locator("tr.chosen-row")).to_have_count(1)
    assert said == []
    page.close()


NUMBERS = [0.0, 0.005, 0.125, 1.005, 2.675, 9.994999, 9.995, 10.49, 10.5, 11.5, 1234.5678, -0.004,
           -3.14159, -1234.5, 999.95, 0.0005, 0.12345, 99_999.95, np.inf]  # fmt: skip


@pytest.mark.parametrize("quantity", ["ratio", "share", "amount", "index"])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_page_writes_numbers_as_every_other_output_does(opened, tmp_path, quantity, language):
    areas = town()
    values = pd.Series((NUMBERS * 2)[: len(areas)], index=areas.index)
    if quantity == "ratio":
        values = values.abs()
    elif quantity == "share":
        values = values.replace(np.inf, np.nan)
    style = replace(
        styles.balance(language=language), quantity=quantity, decimals=1, scale="linear"
    )
    path = tmp_path / "numbers.html"
    layer = webmap.Layer(style, values)
    path.write_text(webmap.build(areas, [layer], title="Tal", language=language), encoding="utf-8")
    page = opened(path.as_uri())
    shown = page.locator("#table tbody td.number").all_text_contents()
    wanted = [styles.write_value(value, style) for value in values]
    assert [
        text.removesuffix("uppgift saknas").removesuffix("no data").strip() for text in shown
    ] == wanted


def side_of_line(page, place) -> str:
    """The colour painted over an area on the other map, or nothing where the line hides it."""
    return page.evaluate(
        """([deso]) => {
          const box = document.querySelector(`path[data-deso="${deso}"]`).getBoundingClientRect();
          const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
          const canvas = document.querySelector(".leaflet-other-pane canvas");
          const frame = canvas.getBoundingClientRect();
          const [top, right, bottom, left] = canvas.style.clipPath.slice(6, -1).split(" ")
            .map((length) => parseFloat(length));
          const inside = x - frame.x > left && x < frame.right - right;
          if (!inside || !(top === 0) || !(bottom === 0)) return "";
          const scale = canvas.width / frame.width;
          const one = document.createElement("canvas");
          const pen = one.getContext("2d");
          pen.drawImage(canvas, (frame.x - x) * scale, (frame.y - y) * scale);
          const pixel = pen.getImageData(0, 0, 1, 1).data;
          return "#" + [...pixel.slice(0, 3)].map((v) => v.toString(16).padStart(2, "0")).join("");
        }""",
        [town().index[place]],
    )


def fill_of(page, place) -> str:
    return area_path(page, place).get_attribute("fill")


def test_two_years_stand_on_either_side_of_a_line_that_the_keyboard_moves(page):
    to_year(page, 2022)
    later = [fill_of(page, place) for place in range(SIDE**2)]
    to_year(page, 2017)
    page.select_option("#compare", label=f"{styles.balance().title}, 2022")
    assert page.locator(".swipe-left").text_content() == "2017"
    assert page.locator(".swipe-right").text_content() == "2022"
    west, east = 3, 35  # in the first and in the last column
    assert side_of_line(page, west) == ""
    assert side_of_line(page, east) == later[east] != fill_of(page, east)
    grip = page.get_by_role("slider", name="Linje mellan två kartor")
    grip.focus()
    page.keyboard.press("Home")
    assert grip.get_attribute("aria-valuenow") == "0"
    assert side_of_line(page, west) == later[west]
    page.keyboard.press("End")
    assert [side_of_line(page, place) for place in (west, east)] == ["", ""]
    page.keyboard.press("PageDown")
    assert grip.get_attribute("aria-valuetext").startswith("90")


def test_the_pointer_drags_the_line_and_tells_both_values(page):
    page.select_option("#compare", index=1)
    grip = page.locator(".swipe-grip")
    box = grip.bounding_box()
    assert box["width"] >= 44
    frame = page.locator("#map_grannskap").bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(frame["x"] + frame["width"] * 0.25, middle, steps=4)
    page.mouse.up()
    assert grip.get_attribute("aria-valuenow") == "25"
    area_path(page, 8).hover()
    first, second = counts(town()).iloc[8][["low", "high"]]
    tip = page.locator(".tip").text_content()
    assert f"2017: {written(first / second)}" in tip
    assert f"2022: {written(2 * first / second)}" in tip


def test_another_measure_brings_its_own_classes_and_what_is_compared_follows(page):
    page.select_option("#compare", label="Inkomst, 2017")
    rows = page.locator("#other-legend .label").all_text_contents()
    assert rows[:3] == ["låg", "mellan", "hög"]
    numbers = page.locator("#other-legend .count").all_text_contents()
    assert sum(map(int, numbers)) == SIDE**2
    page.click("#reset")
    assert page.input_value("#compare") == "-1"
    assert page.locator("#other-legend").is_hidden()
    assert page.locator(".swipe").is_hidden()
    page.select_option("#compare", index=1)
    to_year(page, 2022)
    assert page.locator(".swipe").is_hidden()  # the year that was compared is the one shown


def test_what_is_compared_and_brushed_comes_back_with_the_address(page, opened):
    page.select_option("#compare", index=1)
    page.fill("#from", "1")
    page.keyboard.press("Tab")
    page.locator(".swipe-grip").focus()
    page.keyboard.press("ArrowRight")
    passing = page.locator("path.leaflet-interactive:not(.faded)").count()
    page.wait_for_timeout(500)
    again = opened(page.url, wait="#table-count")
    again.wait_for_selector("html[data-whole]")
    assert again.locator(".swipe-grip").get_attribute("aria-valuenow") == "52"
    assert again.input_value("#compare") == page.input_value("#compare")
    assert again.locator("path.leaflet-interactive:not(.faded)").count() == passing < SIDE**2


def test_small_maps_show_every_year_and_choose_it(page):
    page.click("#multiples-button")
    panels = page.locator("#multiples .panel")
    assert panels.locator("strong").all_text_contents() == ["2017", "2022"]
    assert page.locator("#multiples .panel[aria-pressed=true]").text_content() == "2017"
    panels.nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#subject")).to_contain_text("2022")
    assert page.locator("#multiples .panel[aria-pressed=true]").text_content() == "2022"
    page.click("#multiples-button")
    assert page.locator("#multiples").is_hidden()
    page.select_option("#indicator", "income")  # one year, one group: nothing to set beside
    assert page.locator("#multiples-button").is_hidden()


def test_search_asks_for_two_letters_and_takes_them_without_their_marks(opened, tmp_path):
    areas = town()
    areas["regso_name"] = ["Hjällbo", *areas["regso_name"].iloc[1:]]
    path = tmp_path / "karta.html"
    path.write_text(webmap.build(areas, layers(areas, counts(areas)), title="T"), encoding="utf-8")
    page = opened(path.as_uri())
    page.fill("#search", "h")
    assert page.locator("#found li").count() == 0
    page.fill("#search", "hjallbo")
    assert page.locator("#found li").first.text_content().startswith("Hjällbo")
    page.fill("#search", areas.index[0][:4])
    assert page.locator("#found li").count() == 8


def test_a_selection_is_taken_home_as_a_neighbourhood_and_as_polygons(page, tmp_path):
    codes = [town().index[place] for place in (5, 6, 8)]
    for place in (8, 5, 6):
        area_path(page, place).click(modifiers=["Shift"])
    page.click("#copy-place")
    assert "namn" in page.locator("#message").text_content()
    assert page.locator("#copied").is_hidden()
    name = 'Norra "Åsen" \\ 1'
    page.fill("#place-name", name)
    page.click("#copy-place")
    piece = tomllib.loads(page.locator("#copied").text_content())
    assert NeighbourhoodPlace(**piece["neighbourhoods"][0]) == NeighbourhoodPlace(
        name=name, areas=codes
    )
    with page.expect_download() as waiting:
        page.click("#save-selection")
    assert waiting.value.suggested_filename == "norra-asen-1.geojson"
    path = tmp_path / "urval.geojson"
    waiting.value.save_as(path)
    frame = gpd.read_file(path)
    assert frame.crs.to_epsg() == 3006
    assert frame["deso"].tolist() == codes
    truth = town().loc[codes].geometry
    assert frame.geometry.is_valid.all()
    away = frame.set_index("deso").geometry.symmetric_difference(truth, align=True)
    assert (away.area < 0.01 * truth.area).all()


def test_a_hole_in_an_area_is_a_hole_in_the_file(opened, tmp_path):
    areas = town()
    inner = areas.geometry.iloc[8].centroid.buffer(150, cap_style="square")
    shapes = list(areas.geometry)
    shapes[8] = shapes[8].difference(inner)
    shapes[35] = shapely.MultiPolygon([shapes[35], inner])
    areas = areas.set_geometry(shapes)
    path = tmp_path / "karta.html"
    path.write_text(webmap.build(areas, layers(areas, counts(areas)), title="T"), encoding="utf-8")
    page = opened(path.as_uri())
    for place in (8, 35):
        line = page.locator("#table tbody tr").nth(place)
        line.focus()
        page.keyboard.press(" ")
    with page.expect_download() as waiting:
        page.click("#save-selection")
    frame = gpd.read_file(waiting.value.path())
    assert frame.geometry.is_valid.all()
    assert frame.geometry.area.tolist() == pytest.approx(
        areas.geometry.iloc[[8, 35]].area.tolist(), rel=1e-3
    )


@pytest.mark.parametrize("asked", [True, False])
def test_a_frame_tells_its_height_to_the_page_that_asks(browser, served, tmp_path, asked):
    hello = "karta.contentWindow.postMessage({type: 'grannskap:hello'}, '*');" if asked else ""
    (tmp_path / "karta.html").write_text(made(), encoding="utf-8")
    (tmp_path / "host.html").write_text(
        f"""<!DOCTYPE html><title>v</title>
        <iframe id="karta" src="karta.html" width="500" height="500"
          sandbox="allow-scripts"></iframe>
        <script>
          window.said = [];
          const karta = document.getElementById("karta");
          addEventListener("message", (event) => {{
            if (event.source === karta.contentWindow) window.said.push(event.data);
          }});
          karta.addEventListener("load", () => {{ {hello} }});
        </script>""",
        encoding="utf-8",
    )
    page = browser.new_page()
    page.goto(f"{served}/host.html")
    page.frame_locator("#karta").locator("html[data-whole]").wait_for(state="attached")
    page.wait_for_timeout(300)
    said = page.evaluate("window.said")
    page.close()
    if not asked:
        assert said == []
        return
    assert {tuple(sorted(message)) for message in said} == {("height", "type")}
    assert said[-1]["type"] == "grannskap:height"
    # A square town: as high as it is wide, and the title, legend and source besides.
    assert 500 < said[-1]["height"] < 800


def test_the_highest_are_ranked_by_what_rounding_hides(opened, tmp_path):
    areas = town()
    values = pd.Series(0.5, index=areas.index)
    values.iloc[[9, 21, 30]] = [7.001, 7.003, 7.002]  # all are written 7,00
    path = tmp_path / "karta.html"
    shown = [webmap.Layer(styles.balance(), values)]
    path.write_text(webmap.build(areas, shown, title="T"), encoding="utf-8")
    page = opened(path.as_uri())
    ways = page.locator("#card .ways").first.locator("li").all_text_contents()
    order = [next(code for code in areas.index if code in way) for way in ways[:3]]
    assert order == list(areas.index[[21, 30, 9]])


def test_names_come_with_the_zoom_and_can_be_put_out(page):
    def inked() -> int:
        return page.evaluate(
            """() => {
              const canvas = document.querySelector(".leaflet-names-pane canvas");
              if (!canvas) return -1;
              const copy = document.createElement("canvas");
              [copy.width, copy.height] = [canvas.width, canvas.height];
              const pen = copy.getContext("2d");
              pen.drawImage(canvas, 0, 0);
              const { data } = pen.getImageData(0, 0, copy.width, copy.height);
              let count = 0;
              for (let i = 3; i < data.length; i += 4) if (data[i]) count++;
              return count;
            }"""
        )

    far = inked()
    assert far > 0
    page.locator("#toggles label", has_text="Namn").locator("input").uncheck()
    assert inked() == -1


def seams():
    """A frontier between the first two areas, and one between areas that do not touch."""
    codes = town().index
    line = shapely.LineString([(600_800, 6_600_000), (600_800, 6_600_800)])
    apart = shapely.LineString([(604_000, 6_604_000), (604_800, 6_604_800)])
    sides = ((codes[0], codes[1]), (codes[10], codes[30]))
    says = ("låg 40 % mot 10 %", "låg 30 % mot 20 %")
    return [
        Frontier("skiljer mindre", 0.8, gpd.GeoSeries([], crs=3006), (), ()),
        Frontier("skiljer minst 4×", 2.4, gpd.GeoSeries([line, apart], crs=3006), sides, says),
    ]


@pytest.fixture(scope="module")
def with_frontiers(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("page") / "frontiers.html"
    path.write_text(made(frontiers=seams(), highlights=[], overlays=[]), encoding="utf-8")
    return path


def test_frontiers_are_switched_on_by_keyboard_and_name_both_sides(opened, with_frontiers):
    page = opened(with_frontiers.as_uri())
    box = page.get_by_role("checkbox", name="Skarpa gränser")
    assert not box.is_checked()
    assert page.locator(".frontier-line").count() == 0
    expect(page.locator(".frontier-key")).to_be_hidden()
    box.focus()
    page.keyboard.press("Space")
    expect(page.locator(".frontier-key")).to_be_visible()
    assert page.locator(".frontier-key li").all_text_contents() == [
        "skiljer mindre",
        "skiljer minst 4×",
    ]
    assert page.locator(".frontier-touch").count() == 2
    first, second = (area_path(page, place).bounding_box() for place in (0, 1))
    x, y = second["x"], first["y"] + first["height"] / 2
    page.mouse.move(x, y)
    tip = page.locator(".leaflet-tooltip", has_text="låg 40 % mot 10 %")
    codes = town().index
    expect(tip).to_contain_text(f"({codes[0][4:]}) –")
    expect(tip).to_contain_text(f"({codes[1][4:]})")
    page.keyboard.press("Space")
    assert page.locator(".frontier-line").count() == 0


def test_the_card_tells_of_the_frontiers_of_an_area(opened, with_frontiers):
    page = opened(with_frontiers.as_uri())
    area_path(page, 0).click()
    assert page.locator("#card .frontiers li").count() == 1
    assert "låg 40 % mot 10 %" in page.locator("#card .frontiers").text_content()
    page.keyboard.press("Escape")
    area_path(page, 20).click()
    assert page.locator("#card .frontiers").count() == 0


# -- without a mouse, and without eyes ---------------------------------------------------------

CAN_BE_TABBED_TO = """() => {
  const all = document.querySelectorAll("a[href], button, input, select, [tabindex]");
  const shown = (e) => e.getClientRects().length && getComputedStyle(e).visibility === "visible";
  return [...all].filter((e) => e.tabIndex >= 0 && !e.disabled && shown(e)).length;
}"""

IN_FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const shown = one.matches("input[type=file]") ? one.parentElement : one;
  const style = getComputedStyle(shown), box = shown.getBoundingClientRect();
  window.walked ??= new Set();
  window.walked.add(one);
  return [`${one.tagName}#${one.id} ${one.textContent.trim().slice(0, 20)}`,
    style.outlineStyle, parseFloat(style.outlineWidth),
    box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth];
}"""


def tab_to(page, selector) -> None:
    """Go on with the keyboard alone until an element is in focus, twice round at the most."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    pytest.fail(f"no way to {selector} with the Tab key")


def test_every_control_is_reached_by_tab_is_seen_in_focus_and_lets_go(page):
    count = page.evaluate(CAN_BE_TABBED_TO)
    visited = []
    for _ in range(2 * count):
        page.keyboard.press("Tab")
        found = page.evaluate(IN_FOCUS)
        if found is None:
            break
        visited.append(found)
    assert found is None, "the focus never leaves the page"
    assert page.evaluate("window.walked.size") == len(visited) == count
    for name, outline, width, within in visited:
        assert (outline, width >= 3, within) == ("solid", True, True), name
    back = []
    for _ in range(count):
        page.keyboard.press("Shift+Tab")
        back.append(page.evaluate(IN_FOCUS)[0])
    assert back == [name for name, *_ in reversed(visited)]


def test_everything_is_done_with_the_keyboard_alone(page):
    """As a person without a mouse: nothing here is focused or pressed by its place on the page."""
    tab_to(page, "#search")
    page.keyboard.type("hage")
    page.keyboard.press("Enter")
    expect(page.locator("#balance")).to_contain_text("3 av 36 områden")
    tab_to(page, "#clear")
    page.keyboard.press("Enter")
    expect(page.locator("#balance")).not_to_contain_text("3 av 36 områden")

    tab_to(page, ".bar button")
    page.keyboard.press("Enter")
    pressed = page.locator("#legend button[aria-pressed='true']")
    expect(pressed).to_have_count(1)
    assert page.locator("path.faded").count() > 0
    page.keyboard.press("Escape")
    expect(pressed).to_have_count(0)
    assert page.locator("path.faded").count() == 0

    tab_to(page, "#year")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#subject")).to_contain_text("2022")

    tab_to(page, "#compare")
    page.keyboard.press("ArrowDown")
    tab_to(page, ".swipe-grip")
    before = page.evaluate("document.activeElement.getAttribute('aria-valuenow')")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('aria-valuenow')") != before
    tab_to(page, "#reset")
    page.keyboard.press("Enter")
    expect(page.locator(".swipe-grip")).to_be_hidden()

    tab_to(page, "#table tbody tr")
    page.keyboard.press("ArrowDown")
    code = page.evaluate("document.activeElement.dataset.deso")
    expect(page.locator("#card")).to_contain_text(code)
    page.keyboard.press(" ")
    expect(page.locator("#balance")).to_contain_text("1 av 36 områden")
    tab_to(page, "#place-name")
    page.keyboard.type("Kvarnen")
    tab_to(page, "#copy-place")
    page.keyboard.press("Enter")
    written = tomllib.loads(page.locator("#copied").text_content())
    assert written["neighbourhoods"] == [{"name": "Kvarnen", "areas": [code]}]
    tab_to(page, "#table tbody tr")
    assert page.locator("#card .value").count() > 0
    page.keyboard.press("Escape")
    assert page.locator("#card .value").count() == 0


CONTROLS = {
    *(
        "button",
        "checkbox",
        "combobox",
        "link",
        "listbox",
        "option",
        "radio",
        "searchbox",
        "slider",
    ),
    *("spinbutton", "tab", "textbox"),
}
NAMED = {"application", "group", "image", "region", "table", "search", "complementary"}


def tree_of(page) -> list[tuple[str, str, dict[str, object]]]:
    """What a screen reader is given: role, name and properties, in no order."""
    session = page.context.new_cdp_session(page)
    session.send("Accessibility.enable")
    return [
        (
            node["role"]["value"],
            node.get("name", {}).get("value", ""),
            {one["name"]: one["value"].get("value") for one in node.get("properties", [])},
        )
        for node in session.send("Accessibility.getFullAXTree")["nodes"]
        if not node.get("ignored")
    ]


def all_words(language) -> set[str]:
    """Every whole text of a language's catalogue."""
    folder = resources.files("grannskap.wording") / language

    def texts(part):
        for value in part.values():
            yield from texts(value) if isinstance(value, dict) else [str(value)]

    files = [one for one in folder.iterdir() if one.name.endswith(".toml")]
    return {text for one in files for text in texts(tomllib.loads(one.read_text("utf-8")))}


def test_a_screen_reader_is_told_of_everything_by_role_and_by_name(page):
    tree = tree_of(page)
    roles = [role for role, _, _ in tree]
    for role in ("banner", "search", "main", "complementary", "application", "slider", "table"):
        assert roles.count(role) == 1, role
    nameless = [role for role, name, _ in tree if role in CONTROLS | NAMED and not name.strip()]
    assert len(nameless) <= roles.count("image") - len(town()) - 3, nameless
    assert set(nameless) <= {"image"}  # what only decorates
    english = all_words("en") - all_words("sv")
    assert not {name for role, name, _ in tree if role in CONTROLS | NAMED} & english
    assert [name for role, name, _ in tree if role == "slider"] == ["År"]
    levels = page.locator("h1, h2, h3, h4").evaluate_all(
        "all => all.filter((e) => e.getClientRects().length).map((e) => Number(e.tagName[1]))"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_a_screen_reader_finds_the_map_as_a_table_and_hears_what_is_selected(page):
    names = [name for role, name, _ in tree_of(page) if role == "image"]
    for code in town().index:
        assert sum(name.startswith(f"{code}, ") for name in names) == 1
    roles = [role for role, _, _ in tree_of(page)]
    assert roles.count("rowheader") == len(town())
    assert roles.count("row") == len(town()) + 1
    assert roles.count("columnheader") == page.locator("#table thead th:visible").count()
    live = page.locator("#balance")
    assert live.get_attribute("aria-live") == "polite"
    tab_to(page, "#table tbody tr")
    page.keyboard.press(" ")
    expect(live).to_contain_text("1 av 36 områden")
    expect(page.locator("#table tr[aria-current='true']")).to_have_count(1)
    page.keyboard.press(" ")
    expect(page.locator("#table tr[aria-current]")).to_have_count(0)


def test_on_a_desk_the_map_has_most_of_the_first_screen(opened, file):
    """maps.md: 60 % of the width, 70 % of the first screen, the head in 120 px."""
    page = opened(file.as_uri(), viewport={"width": 1400, "height": 900})
    box = page.locator("#map_grannskap").bounding_box()
    stage = page.locator("main").bounding_box()
    assert box["width"] >= 0.6 * 1400
    assert min(900, box["y"] + box["height"]) - box["y"] >= 0.7 * 900
    assert stage["y"] <= 120
