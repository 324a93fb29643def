"""The report as a tagged PDF, which readers aloud can follow and the law accepts (PDF/UA-1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from grannskap import typesetting
from grannskap.outputs.report import columns
from grannskap.outputs.report.cells import Cell, Grid
from grannskap.outputs.report.model import (
    Block,
    Fold,
    Notes,
    Pair,
    Paragraph,
    Picture,
    Report,
    Section,
    Table,
    Warnings,
    every_block,
)
from grannskap.wording import say

if TYPE_CHECKING:
    from grannskap.language import Language

__all__ = ["without_sign", "write"]

_MOST_COLUMNS_UPRIGHT = 8
"""A wider table stands in smaller letters."""

_MOST_ROWS_WHOLE = 15
"""A longer table may go on over the page, where its head stands again."""

_WIDEST, _TALLEST = 170.0, 215.0
"""Millimetres of a page, and of it under a heading and over a caption."""


def write(report: Report) -> bytes:
    """Return the report as a PDF with language, title, headings, header cells and alternatives.

    Parameters
    ----------
    report : Report
        What it tells.

    Returns
    -------
    bytes
        PDF 1.7 as PDF/UA-1 asks, the same for the same report; a picture without an alternative
        text would be refused by what writes it.
    """
    from grannskap.maps import figure

    with TemporaryDirectory() as made:
        for one in every_block(report.sections):
            if isinstance(one, Picture):
                (Path(made) / f"{one.name}.png").write_bytes(one.png)
        written = typesetting.tagged(_source(report), faces=figure.faces(), folder=made)
    return typesetting.with_row_heads(written)


def without_sign(report: Report) -> frozenset[str]:
    """Letters of a report that stand as boxes in its PDF: no typeface has a sign for them."""
    from grannskap.maps import figure

    return frozenset(figure.without_sign(_texts(report)))


def _texts(part: object) -> Iterator[str]:
    """Every text that is seen in a report, and in each of its parts."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, Picture):
        yield part.told
    elif isinstance(part, tuple):
        for one in part:
            yield from _texts(one)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _texts(getattr(part, field.name))


# --- The source that is set --------------------------------------------------------------------


def _quoted(text: str) -> str:
    """A text as it stands, with a box for each letter that no typeface has a sign for."""
    from grannskap.maps import figure

    return typesetting.literal(typesetting.with_signs(text, figure.letters()))


def _source(report: Report) -> str:
    return "\n".join(_lines(report)) + "\n"


_LOOK = """\
#set page(paper: "a4", margin: (x: 20mm, top: 18mm, bottom: 20mm), numbering: "1")
#set text(font: ("Grannskap Sans", "DejaVu Sans"), size: 10pt, fill: rgb("#1a1c1f"))
#set par(leading: 0.62em, spacing: 1.15em)
#set table(stroke: (x: none, y: 0.4pt + rgb("#d9d9de")), inset: (x: 3pt, y: 3pt))
#show heading: set block(above: 1.5em, below: 0.7em)
#show heading.where(level: 1): set text(size: 15pt)
#show heading.where(level: 2): set text(size: 12pt)
#show heading.where(level: 3): set text(size: 10.5pt)
#show figure: set align(left)
#show figure.caption: set align(left)
#show figure.caption: set text(size: 9pt, weight: "bold")
#show figure.where(kind: table): set figure.caption(position: top)
#show figure.caption.where(kind: table): it => block(sticky: true, it)
#show outline.entry: set text(size: 9.5pt)
#let quiet(body) = par(text(size: 8.5pt, fill: rgb("#5b6168"), body))
#let figure-of(name, value, says) = block(breakable: false, {
  par(spacing: 0.7em, text(size: 9pt, fill: rgb("#5b6168"), name))
  par(spacing: 0.7em, text(size: 16pt, weight: "bold", value))
  par(spacing: 0.7em, text(size: 9pt, says))
})
#let warning(body) = block(
  stroke: (left: 3pt + rgb("#b35806")), inset: (left: 8pt, y: 2pt), par(body))
"""
"""Ours as on the page: dark headings, lines between rows alone."""


def _lines(report: Report) -> Iterator[str]:
    language = report.language
    yield typesetting.document(report.title, language)
    yield _LOOK
    yield f'#text(size: 22pt, weight: "bold", title({_quoted(report.title)}))'
    if report.subtitle:
        yield f'#text(size: 12pt, fill: rgb("#5b6168"), par({_quoted(report.subtitle)}))'
    yield from _figures(report)
    for text in report.summary:
        yield f"#par({_quoted(text)})"
    contents = _quoted(say("report.heading.contents", language))
    yield f"#outline(title: {contents}, depth: 2)"
    for number, section in enumerate(report.sections):
        yield "#pagebreak()" if number == 0 else ""
        yield from _section(section, language, level=1)


def _figures(report: Report) -> Iterator[str]:
    """The head: each figure under its name and over what it says, two abreast."""
    if not report.figures:
        return
    told = (
        f"figure-of({_quoted(one.name)}, {_quoted(one.value)}, {_quoted(one.says)})"
        for one in report.figures
    )
    yield f"#grid(columns: (1fr, 1fr), column-gutter: 8mm, row-gutter: 4mm, {', '.join(told)})"
    yield "#v(2mm)"


def _section(section: Section, language: Language, level: int) -> Iterator[str]:
    yield f"#heading(level: {min(level, 6)}, {_quoted(section.heading)})"
    for one in section.blocks:
        if isinstance(one, Section):
            yield from _section(one, language, level + 1)
        else:
            yield from _block(one, language, level)


def _block(block: Block, language: Language, level: int) -> Iterator[str]:
    match block:
        case Paragraph():
            wrap = "par" if block.tone == "plain" else "quiet"
            yield f"#{wrap}({_quoted(block.text)})"
        case Warnings():
            yield from (f"#warning({_quoted(text)})" for text in block.texts)
        case Picture():
            yield _picture(block, language)
        case Table():
            yield from _table(block.grid, language)
        case Pair():
            for table in block.tables:
                yield from _table(table.grid, language)
        case Notes():
            yield _notes(block)
        case Fold():
            yield f"#heading(level: {min(level + 1, 6)}, outlined: false, {_quoted(block.summary)})"
            for inner in block.blocks:
                yield from _block(inner, language, level + 1)


def _notes(notes: Notes) -> str:
    items = []
    for one in notes.remarks:
        told = f"par({_quoted(f'{one.text} {one.names}'.strip())})"
        items.append(" + ".join([told, *(f"quiet({_quoted(part)})" for part in one.folded)]))
    return f"#list({', '.join(items)})"


def _picture(picture: Picture, language: Language) -> str:
    """A picture in its own size, or as large as the page has room for."""
    literal = typesetting.literal
    image = (
        f"image({literal(f'{picture.name}.png')}, alt: {literal(picture.alt)}, "
        f"width: {width_on_paper(picture.png):.2f}mm)"
    )
    kind = _quoted(say("report.document.figure", language))
    caption = _quoted(picture.told)
    return f"#figure(kind: image, supplement: {kind}, caption: {caption}, {image})"


def width_on_paper(png: bytes) -> float:
    """Millimetres that a picture is wide: its own, or what the page has room for."""
    from PIL import Image

    with Image.open(BytesIO(png)) as opened:
        (wide, high), (dots, _) = opened.size, opened.info.get("dpi", (0, 0))
    own = wide / dots * 25.4 if dots else _WIDEST
    return min(own, _WIDEST, _TALLEST * wide / high)


# --- Tables ------------------------------------------------------------------------------------


def _table(grid: Grid, language: Language) -> Iterator[str]:
    size = "7.5pt" if len(grid.columns) > _MOST_COLUMNS_UPRIGHT else "8.5pt"
    sides = ", ".join("right" if one.number else "left" for one in grid.columns)
    head = ", ".join(f'text(weight: "bold", {_quoted(one.heading)})' for one in grid.columns)
    rows = [", ".join(_cell(cell) for cell in row) for row in grid.rows]
    widths = ", ".join(f"{share:.4f}fr" for share in columns.shares(grid))
    inside = (
        f"table(columns: ({widths},), align: ({sides},), table.header({head}), {', '.join(rows)})"
    )
    kind = _quoted(say("report.document.table", language))
    parts = "true" if len(grid.rows) > _MOST_ROWS_WHOLE else "false"
    yield (
        f"#{{ show figure: set block(breakable: {parts}); "
        f"figure(kind: table, supplement: {kind}, caption: {_quoted(grid.caption)}, "
        f"text(size: {size}, {inside})) }}"
    )
    if grid.left_out:
        values = {"rows": grid.left_out, "file": grid.file}
        yield f"#quiet({_quoted(say('report.page.left_out', language, values))})"
    if grid.codes:
        yield f"#quiet({_quoted('; '.join(grid.codes))})"


def _cell(cell: Cell) -> str:
    """A cell; the colour of a class stands as a square before its words."""
    told = _quoted(cell.text)
    if cell.colour:
        square = f'box(width: 7pt, height: 7pt, fill: rgb("{cell.colour}"), stroke: 0.3pt)'
        told = f"{square} + h(3pt) + {told}"
    if cell.detail:
        told += f' + linebreak() + text(size: 0.88em, fill: rgb("#5b6168"), {_quoted(cell.detail)})'
    return f"[#({told})]"
