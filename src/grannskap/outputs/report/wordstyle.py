"""The styles of the Word file: Word's own names, so that a template restyles all of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grannskap.outputs.report import office
from grannskap.wording import say

if TYPE_CHECKING:
    from docx.document import Document

    from grannskap.language import Language

__all__ = ["BORDERS", "Styles", "ensure"]

_LINE = 'w:val="single" w:sz="4" w:space="0" w:color="D9D9DE"'
_NONE = 'w:val="nil"'
BORDERS = (
    f"<w:tblBorders><w:top {_LINE}/><w:left {_NONE}/><w:bottom {_LINE}/><w:right {_NONE}/>"
    f"<w:insideH {_LINE}/><w:insideV {_NONE}/></w:tblBorders>"
)
"""Lines between rows alone; a template's own style of tables is left as it is."""

_INK, _SOFT, _WARM = "1A1C1F", "5B6168", "B35806"
_WIDEST = 165.0
"""Millimetres that a picture takes at most."""
_TALLEST, _CAPTIONS, _LEAST = 215.0, 30.0, 55.0
"""Millimetres: the tallest picture, and what a heading and two captions take of a page."""
_PER_MILLIMETRE = 36_000
"""What Word measures lengths in."""


@dataclass(frozen=True)
class Styles:
    """The names by which the file's styles are asked for, and the size of its pictures."""

    title: str
    subtitle: str
    headings: tuple[str, ...]
    body: str
    body_name: str
    quiet: str
    warning: str
    caption: str
    bullet: str
    contents_heading: str
    contents: tuple[str, str]
    table: str
    cell: str
    width: float
    height: float
    own: bool


def ensure(document: Document, *, own: bool, language: Language) -> Styles:
    """Return the styles, made where the file has none of that name.

    Parameters
    ----------
    document : docx.document.Document
        Ours, or a template.
    own : bool
        Whether we decide how it looks.
    language : {"sv", "en"}
        Of the text, for spelling and for readers aloud.

    Returns
    -------
    Styles
        Names as the file has them.
    """
    _speak(document, language)
    if own:
        _page(document)
    names = {
        "title": "Title",
        "subtitle": "Subtitle",
        "body": "Normal",
        "quiet": say("report.document.style_quiet", language),
        "warning": say("report.document.style_warning", language),
        "caption": "Caption",
        "bullet": "List Bullet",
        "contents_heading": "TOC Heading",
        "cell": say("report.document.style_cell", language),
    }
    made = {key: _style(document, name) for key, name in names.items()}
    headings = tuple(_style(document, f"Heading {level}") for level in (1, 2, 3, 4))
    contents = (_style(document, "toc 1"), _style(document, "toc 2"))
    table = _style(document, "Table Grid", table=True)
    for name, look in _OWN.items():
        _look(document.styles[names[name]], **look)
    if own:
        for name, look in _LOOKS.items():
            _look(document.styles[name], **look)
    return Styles(
        **{key: one.style_id for key, one in made.items()},
        body_name="Normal",
        headings=tuple(one.style_id for one in headings),
        contents=(contents[0].style_id, contents[1].style_id),
        table=table.style_id,
        width=_width(document),
        height=_height(document),
        own=own,
    )


_OWN: dict[str, dict[str, Any]] = {
    "quiet": {"size": 9, "colour": _SOFT},
    "warning": {"left": 4, "colour": _WARM},
    "cell": {"size": 8, "before": 1, "after": 1},
}
"""Of styles that no template has."""

_LOOKS: dict[str, dict[str, Any]] = {
    "Normal": {"size": 10.5, "colour": _INK, "after": 6, "font": "Calibri"},
    "Title": {"size": 24, "colour": _INK, "bold": True, "font": "Calibri"},
    "Subtitle": {"size": 13, "colour": _SOFT, "font": "Calibri"},
    "Heading 1": {"size": 16, "colour": _INK, "before": 18, "font": "Calibri"},
    "Heading 2": {"size": 13, "colour": _INK, "before": 14, "font": "Calibri"},
    "Heading 3": {"size": 11.5, "colour": _INK, "before": 10, "font": "Calibri"},
    "Heading 4": {"size": 10.5, "colour": _INK, "before": 8, "font": "Calibri"},
    "Caption": {"size": 9, "colour": _INK, "bold": True, "before": 8, "after": 3},
    "TOC Heading": {"size": 12, "colour": _INK, "bold": True, "before": 12, "font": "Calibri"},
    "toc 1": {"size": 10, "after": 1},
    "toc 2": {"size": 10, "after": 1, "left": 6},
}
"""Of our own file: dark headings, and numbers that stand close."""


def _style(document: Document, name: str, *, table: bool = False) -> Any:  # noqa: ANN401
    """Return a style by name, made where there is none."""
    from docx.enum.style import WD_STYLE_TYPE

    if name not in document.styles:
        kind = WD_STYLE_TYPE.TABLE if table else WD_STYLE_TYPE.PARAGRAPH
        known = name.startswith(("toc ", "Heading", "TOC", "Table", "List", "Caption"))
        made = document.styles.add_style(name, kind, builtin=known)
        if not table:
            made.base_style = document.styles["Normal"]
        if name.startswith("Heading"):
            _outline(made, int(name[-1]) - 1)
    return document.styles[name]


def _outline(style: Any, level: int) -> None:  # noqa: ANN401
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    told = OxmlElement("w:outlineLvl")
    told.set(qn("w:val"), str(level))
    style.element.get_or_add_pPr().append(told)


def _look(
    style: Any,  # noqa: ANN401
    *,
    size: float | None = None,
    colour: str | None = None,
    bold: bool | None = None,
    font: str | None = None,
    before: float | None = None,
    after: float | None = None,
    left: float | None = None,
) -> None:
    """Say how a style looks; what is not said stays."""
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    if size is not None:
        style.font.size = Pt(size)
    if colour is not None:
        style.font.color.rgb = RGBColor.from_string(colour)
    if bold is not None:
        style.font.bold = bold
    if font is not None:
        style.font.name = font
        fonts = style.element.rPr.rFonts
        for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{name}"), None)
    space = style.paragraph_format
    if before is not None:
        space.space_before = Pt(before)
    if after is not None:
        space.space_after = Pt(after)
    if left is not None:
        space.left_indent = Mm(left)


def _speak(document: Document, language: Language) -> None:
    """Say which language the text is in, where Word and readers aloud look for it."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    defaults = document.styles.element.find(qn("w:docDefaults"))
    runs = None if defaults is None else defaults.find(f"{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if runs is None:
        runs = document.styles["Normal"].element.get_or_add_rPr()
    told = runs.find(qn("w:lang"))
    if told is None:
        told = OxmlElement("w:lang")
        runs.append(told)
    told.set(qn("w:val"), office.LOCALES[language])


def _page(document: Document) -> None:
    from docx.shared import Mm

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin = section.bottom_margin = Mm(20)


def _width(document: Document) -> float:
    """Return how wide a picture may be: as the text of the last section."""
    section = document.sections[-1]
    sides = section.page_width, section.left_margin, section.right_margin
    if any(side is None for side in sides):
        return _WIDEST
    page, left, right = (float(side or 0) for side in sides)
    return min(_WIDEST, (page - left - right) / _PER_MILLIMETRE)


def _height(document: Document) -> float:
    """Return how tall a picture may be: it, its heading and its caption fit a page."""
    section = document.sections[-1]
    sides = section.page_height, section.top_margin, section.bottom_margin
    if any(side is None for side in sides):
        return _TALLEST
    page, top, bottom = (abs(float(side or 0)) for side in sides)
    room = (page - top - bottom) / _PER_MILLIMETRE - _CAPTIONS
    return min(_TALLEST, max(room, _LEAST))
