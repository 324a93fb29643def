"""The report for Quarto, as pandoc reads it: the report's own headings, tables and pictures."""

import json
import re
from dataclasses import replace

import pypandoc
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from grannskap.letters import legible
from grannskap.maps import atlas
from grannskap.outputs import pictures, report, write
from grannskap.outputs.report import quarto
from grannskap.outputs.report.model import Fold, Picture, Section, Table, every_block
from grannskap.project.options import ReportOptions
from test_documents import hostile
from test_report import PICTURES

NASTY = (
    "*a* $x$ [b](c) {{< include report.html >}}",
    "@ref and <script>alert(1)</script>",
    "# rubrik",
    "1. punkt",
    "(a) punkt",
    "::: {.callout-note}",
    "```{python}",
    "a | b || c \\",
    "--- ... -- 'x' \"y\"",
    ": text {#tbl-x}",
    "![](maps/x.png){#fig-x}",
    "~~a~~ H~2~O x^2^ `r 1` &amp; $$y$$",
    "+ a",
    "% a",
    "| rad",
    "term\n:   förklaring",
)


def read(markdown):
    return json.loads(pypandoc.convert_text(markdown, "json", format="markdown"))


def plain(node):
    """The text of a part of pandoc's tree, with single spaces."""
    found = []

    def walk(one):
        if isinstance(one, list):
            for inner in one:
                walk(inner)
        elif isinstance(one, dict):
            if one.get("t") == "Str":
                found.append(one["c"])
            elif one.get("t") in ("Space", "SoftBreak", "LineBreak"):
                found.append(" ")
            else:
                walk(one.get("c"))

    walk(node)
    return spaced("".join(found))


def spaced(text):
    return " ".join(text.split())


def nodes(tree, kind):
    """Every part of a kind, in order."""
    if isinstance(tree, list):
        for one in tree:
            yield from nodes(one, kind)
    elif isinstance(tree, dict):
        if tree.get("t") == kind:
            yield tree["c"]
        for key, one in tree.items():
            if key != "t":
                yield from nodes(one, kind)


@pytest.fixture(scope="module")
def told(demo_results, demo_view):
    styles = atlas.cluster_styles(demo_results, demo_view)
    return report.compose(demo_results, demo_view, PICTURES, cluster_styles=styles)


@pytest.fixture(scope="module")
def written(told):
    return quarto.write(told)["report.qmd"].decode()


@pytest.fixture(scope="module")
def tree(written):
    return read(written)["blocks"]


def headings(parts, level=1):
    for one in parts:
        if isinstance(one, Section):
            yield level, spaced(one.heading)
            yield from headings(one.blocks, level + 1)
        elif isinstance(one, Fold):
            yield level, spaced(one.summary)
            yield from headings(one.blocks, level)


def every(told, kind):
    return [one for one in every_block(told.sections) if isinstance(one, kind)]


def test_pandoc_reads_the_headings_of_the_report_at_their_levels(told, tree):
    found = [(level, plain(inlines)) for level, _, inlines in nodes(tree, "Header")]
    assert found == [*headings(told.sections), (1, "Figurer"), (1, "Tabeller")]


def cells(table):
    """The heads and the rows of a table of pandoc's."""
    (_, _, _, (_, heads), bodies, _) = table
    rows = [*heads, *(row for body in bodies for row in body[3])]
    return [[plain(cell[4]) for cell in row[1]] for row in rows]


def test_pandoc_reads_the_same_tables_with_the_same_cells(told, tree):
    grids = [one.grid for one in every(told, Table)]
    tables = [*nodes(tree, "Table")]
    assert len(tables) == len(grids) > 5
    for table, held in zip(tables, grids, strict=True):
        # pandoc reads the label of a table from 3.8 on, Quarto by itself before.
        assert re.sub(r" \{#tbl-[\w-]+\}$", "", plain(table[1])) == spaced(held.caption)
        heads, *rows = cells(table)
        assert heads == [spaced(one.heading) for one in held.columns]
        assert rows == [
            [
                spaced(("■ " if c.colour else "") + c.text + (f" ({c.detail})" if c.detail else ""))
                for c in row
            ]
            for row in held.rows
        ]


def test_pandoc_reads_each_picture_with_its_alternative_text_and_finds_its_file(told, tree):
    shown, files = every(told, Picture), quarto.write(told)
    figures = [*nodes(tree, "Figure")]
    assert len(figures) == len(shown) > 2
    for (_, caption, inside), picture in zip(figures, shown, strict=True):
        ((about, _, (address, _)),) = nodes(inside, "Image")
        assert dict(about[2])["fig-alt"] == picture.alt
        assert plain(caption) == spaced(picture.told)
        assert files[address] == picture.png


def test_every_reference_leads_to_a_label_that_stands_once(written, tree):
    labels = re.findall(r"\{#((?:fig|tbl)-[a-z0-9-]+)", written)
    cited = [one["citationId"] for cite in nodes(tree, "Cite") for one in cite[0]]
    assert len(labels) == len(set(labels)) > 8
    assert cited == sorted(labels, key=lambda one: one.startswith("tbl"))


def test_every_text_stands_there_as_it_is(told, tree):
    paragraphs = {plain(one) for kind in ("Para", "Plain") for one in nodes(tree, kind)}
    assert {spaced(one) for one in told.summary} <= paragraphs
    assert {spaced(f"{f.name}: {f.value} {f.says}") for f in told.figures} <= paragraphs


def test_the_head_says_the_language_and_the_title_in_yaml(told, written):
    about = read(written)["meta"]
    assert plain(about["lang"]) == "sv"
    assert about["toc"]["c"] is True
    assert plain(about["title"]) == spaced(told.title)


def test_hostile_texts_are_read_as_texts_everywhere():
    made = hostile()
    told = read(quarto.write(made)["report.qmd"].decode())
    name = spaced(legible(made.title))
    assert plain(told["meta"]["title"]) == name
    assert [plain(one[2]) for one in nodes(told["blocks"], "Header")][:2] == [name, name]
    for kind in ("RawInline", "RawBlock", "Math", "Code", "CodeBlock", "Strong", "Emph"):
        assert not [*nodes(told, kind)], kind
    assert len([*nodes(told["blocks"], "Table")]) == 2
    about = [dict(image[0][2])["fig-alt"] for image in nodes(told, "Image")]
    assert [spaced(one) for one in about] == [name]


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.one_of(
            st.sampled_from(NASTY),
            st.text(st.characters(codec="utf-8"), min_size=1),
            st.text("*_`[](){}<>#|~^$@&\\\"'+=-.:%!;,? 1ai\n\t", min_size=1, max_size=12),
        ),
        min_size=20,
        max_size=40,
    )
)
@example(texts=["\N{NO-BREAK SPACE}0", "0\N{NO-BREAK SPACE}"])
def test_an_escaped_text_is_read_as_that_text(texts):
    """Also as a cell, a heading and a value of an attribute; a dot before it keeps it apart."""
    kept = [one for one in texts if spaced(legible(one))]
    said = [quarto.escaped(one) for one in kept]
    wanted = [spaced(legible(one)) for one in kept]
    table = "\n".join(["| a |", "|---|", *(f"| {one} |" for one in said)])
    spans = [f'[a]{{b="{one}"}}' for one in said]
    told = read("\n\n".join([*said, table, *spans]))["blocks"]
    assert [one["t"] for one in told] == ["Para"] * len(kept) + ["Table"] + ["Para"] * len(kept)
    assert [plain(one["c"]) for one in told[: len(kept)]] == wanted
    assert cells(told[len(kept)]["c"])[1:] == [[one] for one in wanted]
    attributes = [dict(one[0][2])["b"] for one in nodes(told, "Span")]
    assert [spaced(one) for one in attributes] == wanted
    assert not re.search(r"(?<!\\)\{\{<", "".join(said))


def test_the_documents_asked_for_are_written_and_the_printed_maps_are_kept(told, demo_view):
    """A map of the folder is never overwritten by the smaller one of the report."""
    assert {*report.documents(told, ["pptx"])} == {"report.html", "slides.pptx"}
    asked = replace(demo_view, report=ReportOptions(formats=["qmd"]))
    printed = pictures.Drawn(PICTURES, {"maps/balance.png": b"printed"}, frozenset())
    made = write._documents(told, asked, printed)
    files = {f"maps/{one.name}.png" for one in every(told, Picture)} - {"maps/balance.png"}
    assert {*made} == {"report.html", "report.qmd"} | files
