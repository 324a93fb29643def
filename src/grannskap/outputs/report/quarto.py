"""The report for Quarto: Markdown with real tables, captions and labels to refer to.

Every text from the data is escaped, so that it is read as text by Quarto and by pandoc.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from grannskap.letters import legible
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

__all__ = ["escaped", "write"]

_MEANS_SOMETHING = re.compile(r"""[\\`*_{}\[\]<>#|~^$@&"'+=]|(?<=-)-|(?<=\.)\.""")
_BEGINS_SOMETHING = re.compile(r"^(\(?\w+(?=[.)](?:\s|$)))?([-+:%.)])")
_DASHES = 120
"""How many stand under the heads of a table: their shares are the widths of the columns."""


def write(report: Report) -> dict[str, bytes]:
    """Return the report as a Quarto document, and the pictures that it shows.

    Parameters
    ----------
    report : Report
        What it tells.

    Returns
    -------
    dict
        ``report.qmd``, and each picture under ``maps/``, where the document looks for it.
    """
    text = "\n\n".join(_Writer(report).parts()) + "\n"
    pictures = (one for one in every_block(report.sections) if isinstance(one, Picture))
    return {"report.qmd": text.encode()} | {_file(one): one.png for one in pictures}


def escaped(text: str) -> str:
    r"""Write a text so that Markdown shows it as it stands, in one line.

    Examples
    --------
    >>> print(escaped("*a* $x$ [b](c) {{< include d >}} @e"))
    \*a\* \$x\$ \[b\](c) \{\{\< include d \>\}\} \@e
    >>> print(escaped("- 1. Nåntuna-Vilan"), escaped("2. Årsta"), escaped("10,5 -- 11"), sep="\n")
    \- 1. Nåntuna-Vilan
    2\. Årsta
    10,5 -\- 11
    """
    plain = _MEANS_SOMETHING.sub(r"\\\g<0>", legible(text).strip())
    return _BEGINS_SOMETHING.sub(r"\g<1>\\\g<2>", plain)


def _file(picture: Picture) -> str:
    return f"maps/{picture.name}.png"


def _label(kind: str, name: str) -> str:
    return f"{kind}-{re.sub(r'[^A-Za-z0-9]+', '-', name).strip('-').lower()}"


def _quoted(text: str) -> str:
    """The value of an attribute, in which Markdown's signs are escaped as in a text."""
    return f'"{escaped(text)}"'


@dataclass(frozen=True)
class _Writer:
    """Writes part after part, and counts the tables under each heading as it goes."""

    report: Report
    counted: Counter[str] = field(default_factory=Counter)
    labels: list[tuple[str, str]] = field(default_factory=list)

    @property
    def language(self) -> Language:
        return self.report.language

    def parts(self) -> Iterator[str]:
        """Head, figures, the first page's paragraphs, sections, and a list of what has a label."""
        yield self._head()
        yield "\n".join(
            f"- {escaped(one.name)}: **{escaped(one.value)}** {escaped(one.says)}"
            for one in self.report.figures
        )
        yield from map(escaped, self.report.summary)
        for section in self.report.sections:
            yield from self._section(section, 1, "report")
        yield from self._lists()

    def _head(self) -> str:
        """The head, in YAML, in which each text is Markdown once more."""
        told = {"title": self.report.title, "subtitle": self.report.subtitle}
        texts = (
            f"{key}: {json.dumps(escaped(text), ensure_ascii=False)}"
            for key, text in told.items()
            if text
        )
        ways = ("html:", "  embed-resources: true", "docx: default", "typst: default")
        lines = [*texts, f"lang: {self.language}", "toc: true", "toc-depth: 2"]
        return "\n".join(["---", *lines, "format:", *(f"  {way}" for way in ways), "---"])

    def _lists(self) -> Iterator[str]:
        """At the end: every picture and every table, by a reference to each."""
        for key, kind in (("report.document.figures", "fig"), ("report.document.tables", "tbl")):
            found = [(label, text) for label, text in self.labels if label.startswith(kind)]
            if found:
                yield f"# {escaped(say(key, self.language))} {{.unnumbered .unlisted}}"
                yield "\n".join(f"- @{label}: {text}" for label, text in found)

    # --- Sections and blocks -------------------------------------------------------------------

    def _section(self, section: Section, level: int, within: str) -> Iterator[str]:
        name = section.anchor or within
        anchor = f" {{#{section.anchor}}}" if section.anchor else ""
        yield f"{'#' * min(level, 6)} {escaped(section.heading)}{anchor}"
        for one in section.blocks:
            if isinstance(one, Section):
                yield from self._section(one, level + 1, name)
            else:
                yield from self._block(one, level, name)

    def _block(self, block: Block, level: int, within: str) -> Iterator[str]:
        match block:
            case Paragraph():
                plain = block.tone == "plain"
                yield escaped(block.text) if plain else _quiet(block.text)
            case Warnings():
                yield _div(".callout-warning", *map(escaped, block.texts))
            case Picture():
                yield from self._picture(block)
            case Table():
                yield from self._table(block.grid, within)
            case Pair():
                for table in block.tables:
                    yield from self._table(table.grid, within)
            case Notes():
                yield "\n".join(_notes(block))
            case Fold():
                inner = (part for one in block.blocks for part in self._block(one, level, within))
                heading = f"{'#' * min(level + 1, 6)} {escaped(block.summary)}"
                yield _div('.callout-note collapse="true"', heading, *inner)

    def _picture(self, picture: Picture) -> Iterator[str]:
        label = _label("fig", picture.name)
        self.labels.append((label, escaped(picture.title)))
        says = f"{{#{label} fig-alt={_quoted(picture.alt)}}}"
        yield f"![{escaped(picture.told)}]({quote(_file(picture))}){says}"
        if picture.page:
            leads = f"[{escaped(say('report.page.open_map', self.language))}]({picture.page})"
            yield _div('.content-visible when-format="html"', leads)

    def _table(self, grid: Grid, within: str) -> Iterator[str]:
        self.counted[within] += 1
        label = _label("tbl", f"{within}-{self.counted[within]}")
        self.labels.append((label, escaped(grid.caption)))
        yield "\n".join(_lines(grid))
        yield f": {escaped(grid.caption)} {{#{label}}}"
        if grid.left_out:
            values = {"rows": grid.left_out, "file": grid.file}
            yield _quiet(say("report.page.left_out", self.language, values))
        if grid.codes:
            title = _quoted(say("report.page.show_codes", self.language))
            folded = f'.callout-note collapse="true" title={title}'
            yield _div(folded, *map(escaped, grid.codes))


def _div(attributes: str, *inside: str) -> str:
    return "\n\n".join((f"::: {{{attributes}}}", *inside, ":::"))


def _quiet(text: str) -> str:
    return _div(".small .text-muted", escaped(text))


def _notes(notes: Notes) -> Iterator[str]:
    for one in notes.remarks:
        yield f"- {escaped(f'{one.text} {one.names}')}"
        for part in one.folded:
            yield f"\n  {escaped(part)}\n"


# --- Tables ------------------------------------------------------------------------------------


def _lines(grid: Grid) -> Iterator[str]:
    """Rows of a table between bars; under the heads stand dashes, as many as each is wide."""
    yield _row(escaped(one.heading) for one in grid.columns)
    widths = [max(3, round(_DASHES * share)) for share in columns.shares(grid)]
    yield _row(
        "-" * (width - 1) + (":" if one.number and place else "-")
        for place, (one, width) in enumerate(zip(grid.columns, widths, strict=True))
    )
    for row in grid.rows:
        yield _row(map(_cell, row))


def _row(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell) -> str:
    """A cell in one line; the colour of a class stands as a square before its words."""
    told = f"{cell.text} ({cell.detail})" if cell.detail else cell.text
    square = f'[■]{{style="color: {cell.colour}"}} ' if cell.colour else ""
    return square + escaped(told)
