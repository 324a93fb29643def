"""No area is singled out by the order of codes: equals are all told, counted, or not told."""

import re
from io import BytesIO

import numpy as np
import pytest

import towns
from grannskap import analysis
from grannskap.analysis import View
from grannskap.maps import atlas
from grannskap.outputs import report, tables, workbook
from test_report import Page

VIEW = View(title="Stad 2017")
CODE = re.compile(r"(?:9999)?C\d{4}")


@pytest.fixture(scope="module")
def results():
    return analysis.run(towns.with_many_without_rich().dataset())


@pytest.fixture(scope="module")
def page(results):
    styles = atlas.cluster_styles(results, VIEW)
    return Page(report.build(results, VIEW, [], cluster_styles=styles))


def test_forty_nine_areas_share_the_top(results):
    assert np.isinf(results.areas["balance"]).sum() == 49
    behind = results.behind(VIEW.whole(results))
    assert behind["highest"] == np.inf
    assert behind["highest_areas"] == 49
    assert behind["highest_area"] is None or behind["highest_area"] != behind["highest_area"]


def test_the_summary_counts_them(page):
    (told,) = re.findall(r"I 49 områden finns inga hushåll med hög köpkraft\.", page.text)
    summary = page.text.split("Siffrorna visar var")[0].split("är talet i ")[1]
    assert told in summary
    assert not CODE.search(summary.split(told)[0])


def test_areas_that_are_written_alike_share_their_end(page):
    """0.1301 and 0.1302 are both 0,13×: neither is the lowest to a reader."""
    lowest = page.text.split("är talet i ")[1].split(".")[0]
    assert lowest == "2 områden: 13 på 100"
    (row,) = page.table("Balansmått per plats")[1:]
    (cell,) = [cell for cell in row if cell.startswith("0,13×")]
    assert len(CODE.findall(cell)) in (0, 2)
    assert "2 områden" in cell


def test_the_table_of_the_highest_counts_them(page):
    rows = page.table("Störst övervikt av låg köpkraft")[1:]
    assert rows[0][:2] == ["49 områden", "∞"]
    assert not [row for row in rows if CODE.search(row[0]) and row[1] == "∞"]
    lowest = page.table("Områden med lägst balansmått")[1:]
    assert sum(row[1] == "0,13×" for row in lowest) == 2


def test_captions_and_alternative_texts_name_none_of_them(results):
    areas = results.areas["balance"]
    which = atlas.maps(results, VIEW)[0]
    alt = atlas.draw(results, VIEW, which).get_label()
    top = {code[4:] for code in areas.index[np.isinf(areas)]}
    bottom = {"C1980", "C1990"}
    for text in (which.style.caption, alt):
        for equals in (top, bottom):
            named = {found[-5:] for found in CODE.findall(text)} & equals
            assert named in (set(), equals), text


def test_tables_and_workbook_name_none_of_them(results):
    from openpyxl import load_workbook

    table = tables.balance(results, VIEW)
    assert table["highest_area"].isna().all()
    assert (table["highest_areas"] == 49).all()
    municipal = tables.municipalities(results, VIEW)
    assert municipal is None or municipal["balance_highest_area"].isna().all()
    styles = atlas.styles_by_column(atlas.maps(results, VIEW))
    book = load_workbook(BytesIO(workbook.build(results, VIEW, styles)))
    head, *rows = book["Balansmått per plats"].iter_rows(values_only=True)
    for row in rows:
        cells = dict(zip(head, row, strict=True))
        named = [value for name, value in cells.items() if name.startswith("Område med högst")]
        assert named
        assert not [value for value in named if CODE.search(str(value))]


def test_on_the_page_equals_are_counted(results):
    from test_webmap import unpacked

    head, _ = unpacked(atlas.page(results, VIEW))
    assert head["words"]["equals"] == "{n} områden med {value}"


def test_of_several_areas_with_the_lowest_value_none_is_the_worst():
    """Four areas share the lowest living conditions."""
    town = towns.with_many_without_rich()
    rate = np.where(np.arange(100) < 4, 40.0, 60.0 + np.arange(100) % 20)
    counts = town.counts.assign(employed=10 * rate, working_age=1000.0)
    data = towns.Town(town.areas, counts, counts, ()).dataset()
    results = analysis.run(data)
    assert not isinstance(results.index["worst_area"].iloc[0], str)
    styles = atlas.cluster_styles(results, VIEW)
    seen = Page(report.build(results, VIEW, [], cluster_styles=styles))
    (row,) = seen.table("Segregationsindex per kommun")[1:]
    assert not CODE.search(row[3])
    (conditions,) = [m for m in atlas.maps(results, VIEW) if m.style.name == "living-conditions"]
    assert conditions.highlights == ()
    alt = atlas.draw(results, VIEW, conditions).get_label()
    equals = {"C1000", "C1010", "C1020", "C1030"}
    assert {found[-5:] for found in CODE.findall(alt)} & equals in (set(), equals)
