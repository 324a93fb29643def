"""Every file that is written is well formed, whatever the texts, and holds them as they were."""

import contextlib
import csv
import gzip
import io
import json
import re
import sqlite3
import sys
import unicodedata
import warnings
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from grannskap.letters import MARK, cleaned, legible, stranger, well_formed
from grannskap.maps import figure, style, webmap
from grannskap.maps.marks import Highlight, Label, Overlay
from grannskap.notes import Note
from grannskap.outputs import geopackage, qgis, report, tables, workbook, write

SVG = "{http://www.w3.org/2000/svg}"
LETTERS = st.text(st.characters(codec=None, exclude_categories=()), max_size=40)
NASTY = (
    "a\x00b\x01c\x1bd\x7fe\x9f", "]]>&#0;<![CDATA[", "<!--&lt;-->'\"", "a\u202eb\u200f\u2066c",
    "half\ud800\udc00\udfff", "😀𝔘\U000e0001", "x" * 20_000, "hej " * 5000, "a\nb\r\nc\td",
    "a\ufffeb\uffffc", "a\x85b\u2028c\x0bd", "", " ", "\u00a0", "$x_2$ \\alpha %s {} {{ 7*7 }}",
    "[% env('HOME') %]", "=HYPERLINK(1)", "_x0041_", "</script>", "\\u0000", "CON", "a\u0301" * 9,
)  # fmt: skip
ALL = " ".join(one for one in NASTY if len(one) < 100)
TEXTS = st.one_of(st.sampled_from(NASTY), LETTERS)
FEW = settings(
    max_examples=3, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip


def squares():
    codes = [f"9999C{1010 + 10 * i}" for i in range(12)]
    boxes = [shapely.box(800 * (i % 4), 800 * (i // 4), 800 + 800 * (i % 4), 800 + 800 * (i // 4))
             for i in range(12)]  # fmt: skip
    index = pd.Index(codes, name="deso")
    return gpd.GeoDataFrame(geometry=boxes, index=index, crs="EPSG:3006")


def column(text, index=None):
    """The text as the name of every area; pandas itself refuses halves of surrogate pairs."""
    whole = re.sub("[\ud800-\udfff]", "?", text)
    return pd.Series(whole, index=squares().index if index is None else index, dtype=object)


def styled(text, **more):
    """A style with the text wherever one can be."""
    plain = style.balance()
    texts = dict.fromkeys(("title", "subtitle", "unit", "source", "caption", "alt"), text)
    gaps = tuple(replace(gap, label=text) for gap in plain.gaps)
    return replace(plain, labels=(text,) * 7, gaps=gaps, poles=(text, text), **texts, **more)


# --- Letters -------------------------------------------------------------------------------


def test_readers_and_outputs_hold_the_same_letters_for_strange():
    """By Unicode's own tables, letter by letter."""
    turning = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    for letter in map(chr, range(sys.maxunicode + 1)):
        at = ord(letter)
        control = unicodedata.category(letter) in ("Cc", "Cs")
        none = at & 0xFFFF in (0xFFFE, 0xFFFF) or 0xFDD0 <= at <= 0xFDEF
        strange = control or none or unicodedata.bidirectional(letter) in turning
        assert (stranger(letter, layout=False) == letter) is strange, hex(at)
        assert (stranger(letter) == letter) is (strange and letter not in "\t\n"), hex(at)
        assert (legible(letter) == letter) is (not strange and letter not in "\u2028\u2029")


@settings(max_examples=300, deadline=None, derandomize=True)
@given(TEXTS)
def test_nothing_strange_is_left_in_a_text_that_was_read_or_is_written(text):
    assert stranger(legible(text), layout=False) is None
    assert stranger(cleaned(text), layout=False) is None
    if stranger(text[:2000], layout=False) is None:
        assert cleaned(text) == text[:2000]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(TEXTS)
def test_a_legible_text_stands_in_xml_as_it_is(text):
    clean = legible(text)
    element = ET.Element("a", b=clean)
    element.text = clean
    back = ET.fromstring(ET.tostring(element, encoding="utf-8"))
    assert (back.text or "", back.get("b")) == (clean, clean)
    assert legible(clean) == well_formed(clean) == clean
    assert len(clean.splitlines()) <= 1
    assert len(legible(text, most=10)) <= 10


@pytest.mark.parametrize(
    "text", ["Gottsunda – ”Ö”", "naïve\u00a0å", "😀", "العربية", "]]>&<'\"", ""]
)
def test_honest_texts_stay_as_they_are(text):
    assert legible(text) == text
    assert well_formed(f"{text}\n\t{text}") == f"{text}\n\t{text}"


# --- Maps ----------------------------------------------------------------------------------


def texts_in(svg):
    root = ET.fromstring(svg)
    return ["".join(found.itertext()).strip() for found in root.iter(f"{SVG}text")]


@FEW
@given(LETTERS)
@example(ALL)
@example("x" * 20_000)
@example(" ")
def test_a_printed_map_is_well_formed_and_warns_of_nothing(text):
    areas = squares()
    values = pd.Series(np.geomspace(0.1, 9, 12), index=areas.index)
    place = Highlight(text, text, areas.geometry.iloc[0], (areas.index[0],), sentence=text)
    over = Overlay(text, "outline", areas.geometry.iloc[[1]], (text,))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = figure.draw(
            areas, values, styled(text), page="half-column",
            highlights=(place,), overlays=(over,), labels=(Label(text, 1200.0, 1200.0),),
        )  # fmt: skip
        svg = figure.render(drawn, "svg", title=text, alt=text)
        figure.render(drawn, "pdf", title=text, alt=text)
        figure.render(drawn, "png", title=text, alt=text, dpi=40)
    root = ET.fromstring(svg)
    told = root.find(f"{SVG}title").text or ""
    assert told.split() == (legible(text) or legible(drawn.get_label()).split(". ")[0]).split()
    # Wherever lines are broken: the first word that fits one is there.
    short = [word for word in legible(text).split(" ") if 0 < len(word) < 12 and word.strip()]
    if short:
        assert any(short[0].strip() in line for line in texts_in(svg)), short


def test_texts_that_are_too_long_leave_the_map_its_room():
    areas = squares()
    values = pd.Series(np.geomspace(0.1, 9, 12), index=areas.index)
    for page in figure.PAGES:
        drawn = figure.draw(areas, values, styled("x" * 20_000), page=page)
        (board,) = [axes for axes in drawn.axes if axes.get_label() == "map"]
        width, height = board.get_position().size * drawn.get_size_inches()
        assert min(width, height) > 0.5, page


def test_letters_without_a_sign_are_told_once(tmp_path):
    areas = squares()
    values = pd.Series(np.geomspace(0.1, 9, 12), index=areas.index)
    drawn = figure.draw(areas, values, replace(style.balance(), title="Å \U0001d518\u200f ok 漢"))
    assert figure.signless(drawn) == ("漢", "\U0001d518")
    plain = figure.draw(areas, values, replace(style.balance(), title="Å – ”é” ∞ ≤"))
    assert figure.signless(plain) == ()


@settings(max_examples=200, deadline=None, derandomize=True)
@given(TEXTS)
def test_a_style_for_qgis_is_well_formed_and_nothing_in_it_is_an_expression(text):
    written = qgis.qml(styled(text), "balance", aliases={"balance": text})
    root = ET.fromstring(written)
    shown = [rule.get("label") for rule in root.iter("rule")]
    shown += [alias.get("name") for alias in root.iter("alias")]
    assert "[%" not in "".join(shown)
    cut = [legible(text, most=200)] * (len(shown) - 1) + [legible(text)]
    plain = [one.replace("\u2060", "") for one in cut]
    assert [one.replace("\u2060", "") for one in shown] == plain


# --- The page ------------------------------------------------------------------------------


def unpacked(page):
    """What the page's payload says: the head, as the page's script reads it."""
    text = re.search(r'<script[^>]*id="payload"[^>]*>([^<]*)<', page)[1].strip()
    size, alphabet, letters = text.split(" ")
    digit = {letter: value for value, letter in enumerate(alphabet)}
    words = [
        sum(digit[letter] * 85 ** (4 - k) for k, letter in enumerate(letters[i : i + 5]))
        for i in range(0, len(letters), 5)
    ]
    data = gzip.decompress(b"".join(w.to_bytes(4, "big") for w in words)[: int(size)])
    length = int.from_bytes(data[:4], "little")
    return json.loads(data[4 : 4 + length])


@FEW
@given(LETTERS)
@example(ALL)
@example("x" * 20_000)
@example(" ")
def test_the_page_holds_every_text_and_none_of_it_as_markup(text):
    areas = squares().assign(municipality_name=column(text), regso_name=column(text))
    layer = webmap.Layer(styled(text), pd.Series(1.0, index=areas.index), 2017, text)
    names = column(text)
    page = webmap.build(areas, [layer], title=text, names=names, source=text)
    page.encode("utf-8")
    assert well_formed(page) == page
    head = unpacked(page)
    assert head["styles"][0]["title"] == legible(text, most=300)
    assert head["source"] == well_formed(text)
    reader = Tags()
    reader.feed(page)
    assert reader.title.split() == well_formed(text).split()
    plain = Tags()
    plain.feed(webmap.build(areas.assign(municipality_name="a", regso_name="b"),
                            [replace(layer, style=style.balance())], title="x"))  # fmt: skip
    assert reader.seen == plain.seen
    framed = webmap.embed("map.html", "balance", title=text, caption=f"a{text}")
    assert well_formed(framed) == framed
    figures = Tags()
    figures.feed(framed)
    assert figures.seen == ["figure", "iframe", "figcaption"]


class Tags(HTMLParser):
    """The elements of a page, in their order, and its title."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.seen, self.title, self._inside = [], "", False

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        self._inside = tag == "title"

    def handle_endtag(self, tag):
        self._inside = False

    def handle_data(self, data):
        if self._inside:
            self.title += data


@FEW
@given(LETTERS)
@example(ALL)
@example("x" * 20_000)
@example(" ")
def test_a_map_to_build_on_can_be_saved(text):
    areas = squares().assign(regso_name=column(text))
    layer = webmap.Layer(styled(text), pd.Series(1.0, index=areas.index), 2017, text)
    shown = webmap.explore(areas, [layer], title=text, source=text)
    page = shown.get_root().render()
    page.encode("utf-8")


# --- Report, workbook, GeoPackage, tables ---------------------------------------------------


def named(results, view, text):
    """Results and a view whose every text is the one given."""
    areas = results.areas.assign(regso_name=column(text, results.areas.index))
    values = {"name": text, "areas": 1, "covered": 0.5, "inside": 0.5}
    note = Note("neighbourhood by its areas", values, (text, areas.index[0]))
    told = replace(results, areas=areas, notes=(*results.notes, note))
    labels = {"low": text, "high": text, "population": text, "low_income_share": text}
    return told, replace(
        view, title=text, subtitle=text, labels=labels, low_label=text, high_label=text
    )


@FEW
@given(LETTERS)
@example(ALL)
@example("x" * 20_000)
@example(" ")
def test_the_report_holds_no_element_that_came_in_a_text(demo_results, demo_view, text):
    picture = report.Picture("balance", text, text, text, b"\x89PNG")
    styles = {one.variable: styled(text, name="clusters") for one in demo_results.clusterings}
    styles = {name: replace(style.clusters(), title=text, labels=(text,) * 6) for name in styles}
    seen = []
    for words in (text, "x"):
        page = report.build(
            *named(demo_results, demo_view, words), [picture], cluster_styles=styles
        )
        page.encode("utf-8")
        assert well_formed(page) == page
        reader = Tags()
        reader.feed(page)
        seen.append(set(reader.seen))
    assert seen[0] == seen[1]
    assert "script" not in seen[0]


@FEW
@given(LETTERS)
@example(ALL)
@example("x" * 20_000)
@example(" ")
def test_the_workbook_is_read_back_with_its_texts(demo_results, demo_view, text):
    results, view = named(demo_results, demo_view, text)
    content = workbook.build(results, view, {"balance": styled(text), "cluster": style.clusters()})
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = {cell.value for sheet in book for row in sheet for cell in row}
    wanted = well_formed(results.notes[-1].text.sv)
    wanted = wanted if len(wanted) < 32_768 else f"{wanted[:32_000]} …"
    ends = re.compile("(\r|_x000D_)?\n|\r")  # XML has one kind of line end
    assert ends.sub("\n", wanted) in {ends.sub("\n", str(cell)) for cell in cells}
    assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)


@FEW
@given(LETTERS)
@example(ALL)
@example("x" * 20_000)
@example(" ")
def test_the_geopackage_is_read_back_with_its_texts(tmp_path, text):
    path = tmp_path / "areas.gpkg"
    path.unlink(missing_ok=True)
    areas = squares().assign(regso_name=column(text), balance=1.0)
    geopackage.write(path, areas, {"balance": styled(text)}, aliases={"balance": text})
    back = gpd.read_file(path, layer="areas")
    assert set(back["regso_name"]) == {well_formed(column(text).iloc[0])}
    with contextlib.closing(sqlite3.connect(path)) as database:
        (qml, described), *_ = database.execute("SELECT styleQML, description FROM layer_styles")
    ET.fromstring(qml)
    assert described.replace("\u2060", "") == legible(text, most=300).replace("\u2060", "")


@settings(max_examples=200, deadline=None, derandomize=True)
@given(TEXTS)
def test_a_table_has_one_line_a_row_and_its_texts(text):
    frame = pd.DataFrame({"name": column(text, pd.Index(["1", "2"], name="deso"))})
    rows = list(csv.reader(io.StringIO(tables.csv(frame).decode("utf-8"), newline="")))
    assert [row[0] for row in rows] == ["deso", "1", "2"]
    assert rows[1][1].removeprefix("'") == well_formed(
        " ".join(column(text).iloc[0].splitlines())
    ).removeprefix("'")


def test_a_run_whose_texts_are_nasty_writes_files_that_can_be_read(
    demo_results, demo_view, tmp_path, capfd
):
    """All of it at once: every name, title and label holds every nasty text that is not long."""
    text = f"{ALL} 漢"
    results, view = named(demo_results, demo_view, text)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        written = write.run(results, view, tmp_path / "out")
    said = capfd.readouterr()
    assert (said.out, said.err) == ("", "")
    for path in written.paths:
        if path.suffix == ".svg":
            ET.fromstring(path.read_bytes())
        elif path.suffix in (".html", ".txt", ".csv", ".json"):
            found = path.read_text(encoding="utf-8")
            assert well_formed(found) == found
            # The grid of interventions counts them and tells no name.
            nameless = "embed" in path.name or path.name == "interventions.txt"
            assert MARK in found or nameless or path.suffix == ".csv", path.name
    told = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    (lost,) = [note for note in told["notes"] if note["kind"] == "letters without a sign"]
    assert "U+6F22" in lost["codes"]
    assert lost["text"] in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
