"""The report as a Word file: real headings, contents, captions and tables, pictures with words.

A municipality's template decides how it looks: every paragraph has one of Word's own styles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from grannskap.letters import well_formed
from grannskap.outputs.report import columns, office, wordstyle
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
    from docx.document import Document

__all__ = ["write"]

_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_WHOLE = 12
"""Rows of a table that stands on one page; a longer one may go on on the next."""


def write(report: Report, *, template: bytes | None = None) -> bytes:
    """Return the report as a Word file.

    Parameters
    ----------
    report : Report
        What it tells.
    template : bytes, optional
        A Word file (.docx) whose styles, headers and footers are taken; what stands in it comes
        before the report.

    Returns
    -------
    bytes
        A .docx file, the same for the same report.
    """
    import docx

    document = docx.Document(BytesIO(template) if template else None)
    styles = wordstyle.ensure(document, own=template is None, language=report.language)
    writer = _Writer(document, report, styles)
    writer.head()
    for section in report.sections:
        writer.section(section, level=1)
    writer.lists()
    office.describe(document.core_properties, report)
    into = BytesIO()
    document.save(into)
    return office.settled(into)


# --- Pieces of the text ------------------------------------------------------------------------


def _run(text: str, properties: str = "") -> str:
    told = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{told}<w:t xml:space="preserve">{escape(well_formed(text))}</w:t></w:r>'


def _paragraph(style: str, runs: str, properties: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{runs}</w:p>'


def _field(code: str, shown: str) -> str:
    return f"<w:fldSimple w:instr={quoteattr(code)}>{_run(shown)}</w:fldSimple>"


def _mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def _bookmarked(name: str, number: int, runs: str) -> str:
    start = f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>'
    return f'{start}{runs}<w:bookmarkEnd w:id="{number}"/>'


def _link(name: str, text: str) -> str:
    return f'<w:hyperlink w:anchor="{name}" w:history="1">{_run(text)}</w:hyperlink>'


@dataclass(frozen=True)
class _Entry:
    """What a list of contents, pictures or tables leads to."""

    name: str
    text: str
    style: str


@dataclass(frozen=True)
class _Writer:
    """Writes block after block, and counts captions and bookmarks as it goes."""

    document: Document
    report: Report
    styles: wordstyle.Styles
    counted: Counter[str] = field(default_factory=Counter)

    # --- The head ------------------------------------------------------------------------------

    def head(self) -> None:
        """Title, figures, the first page's paragraphs, and the contents."""
        report, styles = self.report, self.styles
        self._add(_paragraph(styles.title, _run(report.title)))
        if report.subtitle:
            self._add(_paragraph(styles.subtitle, _run(report.subtitle)))
        for figure in report.figures:
            told = _run(f"{figure.name}: ") + _run(figure.value, "<w:b/>")
            self._add(_paragraph(styles.body, told + _run(f" {figure.says}")))
        for text in report.summary:
            self._add(_paragraph(styles.body, _run(text)))
        sections = list(_sections(report.sections, level=1))
        contents = [
            _Entry(f"_Toc{number:04d}", one.heading, styles.contents[min(level, 2) - 1])
            for number, (one, level) in enumerate(sections)
            if level <= 2
        ]
        self._list("report.heading.contents", r'TOC \o "1-2" \h \z \u', contents)

    def lists(self) -> None:
        """At the end: every picture and every table, with a link to each."""
        report = self.report
        lists = (("report.document.figures", "figure"), ("report.document.tables", "table"))
        for key, label in lists:
            found = list(self._captions(label))
            name = say(f"report.document.{label}", report.language)
            if found:
                self._list(key, rf'TOC \h \z \c "{name}"', found)

    def _captions(self, label: str) -> Iterator[_Entry]:
        """What each caption of a kind will say, in order."""
        kind = Picture if label == "figure" else Table
        name = say(f"report.document.{label}", self.report.language)
        found = [one for one in every_block(self.report.sections) if isinstance(one, kind)]
        for number, one in enumerate(found, start=1):
            text = one.title if isinstance(one, Picture) else one.grid.caption
            yield _Entry(f"_{label}{number}", f"{name} {number}. {text}", self.styles.contents[0])

    def _list(self, key: str, code: str, entries: list[_Entry]) -> None:
        """A list that Word can bring up to date, filled in as it is now."""
        self._add(_paragraph(self.styles.contents_heading, _run(say(key, self.report.language))))
        start = _mark("begin") + f"<w:r><w:instrText>{escape(code)}</w:instrText></w:r>"
        for number, one in enumerate(entries):
            before = start + _mark("separate") if number == 0 else ""
            after = _mark("end") if number == len(entries) - 1 else ""
            self._add(_paragraph(one.style, before + _link(one.name, one.text) + after))

    # --- Sections and blocks -------------------------------------------------------------------

    def section(self, section: Section, level: int) -> None:
        """A heading, and all that stands under it."""
        style = self.styles.headings[min(level, len(self.styles.headings)) - 1]
        name = f"_Toc{self._next('section') - 1:04d}"
        self._add(_paragraph(style, self._bookmark(name, _run(section.heading))))
        for one in section.blocks:
            if isinstance(one, Section):
                self.section(one, level + 1)
            else:
                self._block(one, level)

    def _block(self, block: Block, level: int) -> None:
        match block:
            case Paragraph():
                quiet = self.styles.quiet if block.tone != "plain" else self.styles.body
                self._add(_paragraph(quiet, _run(block.text)))
            case Warnings():
                for text in block.texts:
                    self._add(_paragraph(self.styles.warning, _run(text)))
            case Picture():
                self._picture(block)
            case Table():
                self._table(block.grid)
            case Pair():
                for table in block.tables:
                    self._table(table.grid)
            case Notes():
                self._notes(block)
            case Fold():
                style = self.styles.headings[min(level + 1, len(self.styles.headings)) - 1]
                self._add(_paragraph(style, _run(block.summary)))
                for inner in block.blocks:
                    self._block(inner, level + 1)

    def _notes(self, notes: Notes) -> None:
        for one in notes.remarks:
            told = f"{one.text} {one.names}".strip()
            self._add(_paragraph(self.styles.bullet, _run(told)))
            for part in one.folded:
                self._add(_paragraph(self.styles.quiet, _run(part)))

    def _picture(self, picture: Picture) -> None:
        """A picture with its alternative text, which the library has no call for."""
        from docx.shared import Mm

        shape = self.document.add_picture(BytesIO(picture.png), width=Mm(self.styles.width))
        taller = shape.height / Mm(self.styles.height)
        if taller > 1:
            shape.width, shape.height = int(shape.width / taller), int(shape.height / taller)
        told = shape._inline.docPr
        told.set("descr", well_formed(picture.alt))
        told.set("title", well_formed(picture.title))
        last = self._last()
        last.style = self.document.styles[self.styles.body_name]
        last.paragraph_format.keep_with_next = True
        self._caption("figure", picture.told, keep=False)

    def _last(self) -> Any:  # noqa: ANN401
        """The paragraph that was added last."""
        from docx.text.paragraph import Paragraph as Found

        return Found(self.document.element.body.xpath("./w:p")[-1], self.document._body)

    def _caption(self, label: str, text: str, *, keep: bool) -> None:
        name, number = say(f"report.document.{label}", self.report.language), self._next(label)
        counted = _run(f"{name} ") + _field(rf"SEQ {name} \* ARABIC", str(number))
        runs = self._bookmark(f"_{label}{number}", counted) + _run(f". {text}")
        self._add(_paragraph(self.styles.caption, runs, "<w:keepNext/>" if keep else ""))

    def _table(self, grid: Grid) -> None:
        self._caption("table", grid.caption, keep=True)
        self._add(_table(grid, self.styles))
        language = self.report.language
        if grid.left_out:
            values = {"rows": grid.left_out, "file": grid.file}
            left = say("report.page.left_out", language, values)
            self._add(_paragraph(self.styles.quiet, _run(left)))
        if grid.codes:
            self._add(_paragraph(self.styles.quiet, _run("; ".join(grid.codes))))
        if not grid.left_out and not grid.codes:
            self._add(_paragraph(self.styles.quiet, ""))

    # --- What is counted -----------------------------------------------------------------------

    def _next(self, what: str) -> int:
        self.counted[what] += 1
        return self.counted[what]

    def _bookmark(self, name: str, runs: str) -> str:
        return _bookmarked(name, self._next("bookmark"), runs)

    def _add(self, xml: str) -> None:
        from docx.oxml import parse_xml

        end = self.document.element.body.sectPr
        end.addprevious(parse_xml(xml.replace(">", f" {_NAMESPACE}>", 1)))


def _sections(parts: tuple[Block | Section, ...], level: int) -> Iterator[tuple[Section, int]]:
    for one in parts:
        if isinstance(one, Section):
            yield one, level
            yield from _sections(one.blocks, level + 1)


# --- Tables ------------------------------------------------------------------------------------


def _table(grid: Grid, styles: wordstyle.Styles) -> str:
    widths = [round(5000 * share) for share in columns.shares(grid)]
    head = "".join(
        _cell(Cell(one.heading), styles, width, number=one.number, bold=True, keep=True)
        for one, width in zip(grid.columns, widths, strict=True)
    )
    rows = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>"]
    kept = len(grid.rows) - 1 if len(grid.rows) <= _WHOLE else 0
    for number, row in enumerate(grid.rows):
        keep = number < kept
        cells = "".join(
            _cell(cell, styles, width, number=column.number and place > 0, bold=False, keep=keep)
            for place, (cell, column, width) in enumerate(
                zip(row, grid.columns, widths, strict=True)
            )
        )
        rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>")
    look = (
        f'<w:tblStyle w:val="{styles.table}"/><w:tblW w:w="5000" w:type="pct"/>'
        f"{wordstyle.BORDERS if styles.own else ''}"
        '<w:tblCellMar><w:left w:w="45" w:type="dxa"/>'
        '<w:right w:w="45" w:type="dxa"/></w:tblCellMar>'
        '<w:tblLook w:val="00A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" '
        'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f"<w:tblCaption w:val={quoteattr(well_formed(grid.caption))}/>"
    )
    held = "".join(f'<w:gridCol w:w="{width * 2}"/>' for width in widths)
    return f"<w:tbl><w:tblPr>{look}</w:tblPr><w:tblGrid>{held}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _cell(
    cell: Cell, styles: wordstyle.Styles, width: int, *, number: bool, bold: bool, keep: bool
) -> str:
    """A cell; the colour of a class stands as a square before its words."""
    side = ("<w:keepNext/>" if keep else "") + ('<w:jc w:val="right"/>' if number else "")
    weight = "<w:b/>" if bold else ""
    swatch = ""
    if cell.colour:
        colour = cell.colour.removeprefix("#")
        swatch = _run("■ ", f'<w:color w:val="{colour}"/>')
    lines = swatch + _run(cell.text, weight)
    if cell.detail:
        lines += f"<w:r><w:br/></w:r>{_run(cell.detail, '<w:i/>')}"
    inside = _paragraph(styles.cell, lines, side)
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="pct"/></w:tcPr>{inside}</w:tc>'
