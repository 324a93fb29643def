"""Tagged PDFs by typst, which readers aloud can follow and the law accepts (PDF/UA-1)."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from grannskap.letters import legible

if TYPE_CHECKING:
    import typst

    from grannskap.language import Language

__all__ = ["BOX", "document", "literal", "tagged", "with_row_heads", "with_signs"]

_REGIONS: dict[Language, str] = {"sv": "SE", "en": "GB"}
_FIXED_TIME = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""A PDF stores the hour of writing; a fixed one keeps reruns identical."""

BOX = "□"
"""Stands where no typeface has a sign for a letter."""


def tagged(
    source: str,
    *,
    faces: Collection[str],
    texts: Mapping[str, str] | None = None,
    folder: str | None = None,
) -> bytes:
    """Return what a source in typst's language sets, as PDF 1.7 that is PDF/UA-1.

    Parameters
    ----------
    source : str
        In typst's language.
    faces : collection of str
        Files of the typefaces; those of the machine are not used.
    texts : mapping of str to str, optional
        Files of text that it names, such as SVG.
    folder : str, optional
        Where all other files that it names lie.

    Returns
    -------
    bytes
        The same for the same source and files; what a reader aloud would lack, such as the
        alternative text of a picture, is an error of typst's.

    Examples
    --------
    >>> from grannskap.maps.figure import faces
    >>> written = tagged(document("Årsta", "sv") + "Hej", faces=faces())
    >>> written[:8]
    b'%PDF-1.7'
    """
    import typst

    # Its stubs do not know that it takes files from memory.
    held: Any = {
        name: text.encode("utf-8") for name, text in {"main": source, **(texts or {})}.items()
    }
    written = typst.compile(
        held,
        root=folder,
        format="pdf",
        pdf_standards=["ua-1"],
        font_paths=_typefaces(tuple(sorted({_folder(face) for face in faces}))),
        ignore_system_fonts=True,
        timestamp=_FIXED_TIME,
    )
    assert isinstance(written, bytes)
    return written


@lru_cache(maxsize=4)
def _typefaces(folders: tuple[str, ...]) -> typst.Fonts:
    import typst

    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders)
    )


def _folder(file: str) -> str:
    return re.sub(r"[\\/][^\\/]*$", "", file)


_ROW = re.compile(rb"\n\d+ 0 obj\n<</Type/StructElem/S/TR/P \d+ 0 R/K\[(\d+) 0 R")
_CELL = re.compile(
    rb"(?P<head>\n(?P<number>\d+) 0 obj\n<</Type/StructElem/S/T)D"
    rb"(?P<parent>/P \d+ 0 R/A\[<</O/Table)(?P<headers>/Headers\[[^\]]*\])"
)


def with_row_heads(pdf: bytes) -> bytes:
    """Return a PDF whose tables' rows have their first cell as head, under that of the columns.

    What typst has for it lies behind a switch that cannot be set from here. Its heads of columns
    are told cell by cell; where rows have one too, both are found by their scope instead.

    Parameters
    ----------
    pdf : bytes
        From `tagged`; each table has a head of columns.

    Returns
    -------
    bytes
        Of the same length: every object stays in its place.
    """
    first = {row[1] for row in _ROW.finditer(pdf)}

    def as_head(cell: re.Match[bytes]) -> bytes:
        room = len(cell["headers"])
        heads = cell["number"] in first
        scope = (b"/Scope/Row" if heads else b"").ljust(room)
        return cell["head"] + (b"H" if heads else b"D") + cell["parent"] + scope

    return _CELL.sub(as_head, pdf)


def document(title: str, language: Language, *, description: str = "") -> str:
    """First lines of a source: the document's title, what it shows, and its language."""
    told = f", description: {literal(description)}" if description else ""
    return (
        f"#set document(title: {literal(title)}{told}, date: none)\n"
        f'#set text(lang: "{language}", region: "{_REGIONS[language]}")\n'
    )


def literal(text: str) -> str:
    r"""Return a text as typst reads it: nothing in it is markup.

    Examples
    --------
    >>> print(literal('#import "x" \\ $y$'))
    "#import \"x\" \\ $y$"
    """
    return '"' + legible(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def with_signs(text: str, known: Collection[int]) -> str:
    r"""Return a text with a box for each letter without a sign, as on the pictures.

    Examples
    --------
    >>> with_signs("Årsta 🏠", {ord(letter) for letter in "Årsta "})
    'Årsta □'
    """
    return "".join(one if ord(one) in known else _without_sign(one) for one in text)


def _without_sign(letter: str) -> str:
    # Format characters have no sign of their own.
    return "" if unicodedata.category(letter) in ("Cc", "Cf") else BOX
