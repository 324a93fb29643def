"""The report in a notebook: the report's own parts by name, inert, and for nobody else's style."""

import re
from pathlib import Path

import pytest

import grannskap
from grannskap import analysis
from grannskap.errors import DataError
from grannskap.outputs import pictures, report
from grannskap.outputs.notebook import Blocks
from test_documents import hostile
from test_report import PICTURES, Page


@pytest.fixture(scope="module")
def shown(demo_results, demo_view):
    return grannskap.notebook.report(demo_results, demo_view)


def sections(told):
    return [one.heading for one in told.sections]


def test_a_cell_shows_the_report_and_each_part_of_it_by_name(shown):
    assert shown.names[:3] == ("summary", "maps", "places")
    assert {"method", "appendix", "notes", "test-1", "indicators"} <= {*shown.names}
    assert len(shown.names) == len(set(shown.names)) == len(shown)
    whole = Page(shown._repr_html_()).text
    for name, part in zip(shown.names, shown, strict=True):
        said = Page(shown[name]._repr_html_()).text
        assert said == Page(part._repr_html_()).text
        assert said in whole
    assert repr(shown["maps"]) == "<Blocks: maps>"


def test_it_holds_the_tables_and_pictures_of_the_page(shown):
    page, whole = Page(report.html.write(shown.told)), Page(shown._repr_html_())
    assert [t["rows"] for t in whole.tables] == [t["rows"] for t in page.tables]
    images = [dict(a) for tag, a in whole.tags if tag == "img"]
    assert images == [dict(a) for tag, a in page.tags if tag == "img"]
    assert len(images) > 4
    assert all(one["alt"] and one["src"].startswith("data:image/png;base64,") for one in images)


def test_it_says_both_poles_and_all_of_the_summary(shown):
    said = Page(shown["summary"]._repr_html_()).text
    assert all(text in said for text in shown.told.summary)
    assert "låg köpkraft är hög" in said
    assert "hög köpkraft är hög" in said


def test_nothing_in_it_acts_leads_away_or_styles_another_cell(shown):
    text = shown._repr_html_()
    page = Page(text)
    assert not {"script", "iframe", "link", "a", "form"} & {tag for tag, _ in page.tags}
    assert not [name for _, a in page.tags for name in a if name.startswith("on")]
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    chosen = [one.strip() for rule in re.findall(r"([^{}]+)\{", style) for one in rule.split(",")]
    assert all(one.startswith(".grannskap-report") for one in chosen)


def test_hostile_texts_are_texts():
    told = hostile()
    text = Blocks(told)._repr_html_()
    assert "<w:p/>" not in text
    assert "&lt;w:p/&gt;" in text
    assert "\x01" not in text


def test_a_name_that_is_no_part_is_refused_with_those_that_are(shown):
    with pytest.raises(DataError) as refused:
        shown["map"]
    assert "maps" in refused.value.told("sv")
    with pytest.raises(DataError):
        shown["maps"]["places"]


def test_the_lines_of_the_documentation_show_it(demo_folder, demo_results, monkeypatch):
    """Measured and drawn elsewhere; the rest as it stands there."""
    page = (Path(__file__).parents[1] / "docs" / "embedding.md").read_text(encoding="utf-8")
    (lines,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    monkeypatch.chdir(demo_folder)
    monkeypatch.setattr(analysis, "run", lambda *_: demo_results)
    drawn = pictures.Drawn(PICTURES, {}, frozenset())
    monkeypatch.setattr(pictures, "draw", lambda *_, **__: drawn)
    held = {}
    exec(lines, held)
    named = re.search(r"told\.names  # '(.*)', …", lines)[1].split("', '")
    assert [*held["told"].names[: len(named)]] == named
