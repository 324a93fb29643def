"""The report as it is, before it becomes a page, a Word file or a PDF: headings and blocks.

Each writer shows every block; none asks the results for anything.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from grannskap.language import Language
    from grannskap.outputs.report.cells import Grid
    from grannskap.outputs.report.findings import KeyFigure
    from grannskap.outputs.report.remarks import Remark

__all__ = [
    "Block",
    "Fold",
    "Notes",
    "Pair",
    "Paragraph",
    "Picture",
    "Report",
    "Section",
    "Table",
    "Warnings",
    "every_block",
]

Tone = Literal["plain", "quiet", "source"]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: plain, or quiet where it explains a table, or the line of sources."""

    kind: ClassVar[str] = "paragraph"
    text: str
    tone: Tone = "plain"


@dataclass(frozen=True)
class Warnings:
    """Paragraphs that a reader must not pass over, together."""

    kind: ClassVar[str] = "warnings"
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Picture:
    """A map or a diagram as it stands in the report.

    Attributes
    ----------
    name : str
        File stem.
    title, caption, alt : str
        Its heading, the line under it, and its alternative text.
    png : bytes
        The picture.
    page : str
        Address of its interactive page from the report, where it has one.
    """

    kind: ClassVar[str] = "picture"
    name: str
    title: str
    caption: str
    alt: str
    png: bytes
    page: str = ""

    @property
    def address(self) -> str:
        """The picture as a data URI."""
        return f"data:image/png;base64,{base64.b64encode(self.png).decode()}"

    @property
    def told(self) -> str:
        """What stands under it: its title and its caption, each as a sentence."""
        caption = f" {self.caption.rstrip('.')}." if self.caption else ""
        return f"{self.title}.{caption}"


@dataclass(frozen=True)
class Table:
    """A table, which may tell of more rows in its file and fold the codes of its areas."""

    kind: ClassVar[str] = "table"
    grid: Grid


@dataclass(frozen=True)
class Pair:
    """Two tables that belong beside each other: the two ends, or the two poles."""

    kind: ClassVar[str] = "pair"
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Notes:
    """What was dropped, repaired, hidden or approximated: a list of sentences."""

    kind: ClassVar[str] = "notes"
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class Fold:
    """What few ask for: closed on the page, under a small heading on paper."""

    kind: ClassVar[str] = "fold"
    summary: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it; sections in it have the next smaller heading.

    Attributes
    ----------
    heading : str
        The heading.
    blocks : tuple
        Blocks and sections, in order.
    anchor : str
        The name by which the contents lead to it, where they do.
    """

    kind: ClassVar[str] = "section"
    heading: str
    blocks: tuple[Block | Section, ...]
    anchor: str = ""


Block = Paragraph | Warnings | Picture | Table | Pair | Notes | Fold


@dataclass(frozen=True)
class Report:
    """Everything that a reader is told.

    Attributes
    ----------
    title, subtitle : str
        What it is of.
    language : {"sv", "en"}
        Of every word in it.
    figures : tuple of KeyFigure
        The head: a name, a value and what it says.
    summary : tuple of str
        The first page, in paragraphs.
    sections : tuple of Section
        The rest.
    source : str
        Where the figures come from, in one sentence.
    """

    title: str
    subtitle: str
    language: Language
    figures: tuple[KeyFigure, ...]
    summary: tuple[str, ...]
    sections: tuple[Section, ...]
    source: str = ""


def every_block(parts: tuple[Block | Section, ...]) -> Iterator[Block]:
    """Walk through all blocks, also those inside sections, folds and pairs, in order."""
    for one in parts:
        if isinstance(one, Section | Fold):
            yield from every_block(one.blocks)
        if isinstance(one, Pair):
            yield from one.tables
        if not isinstance(one, Section):
            yield one
