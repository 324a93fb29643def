"""A picture as a tagged PDF: its texts as texts, all else as one figure that has words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from matplotlib.colors import to_hex
from matplotlib.text import Text as Words

from grannskap import typesetting
from grannskap.errors import OutputError
from grannskap.maps.figure.sheet import FAMILIES, MM, SHEET, Role, faces, letters

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from grannskap.language import Language

__all__ = ["pdf"]

_ABOVE: tuple[Role, ...] = ("title", "subtitle")
_BELOW: tuple[Role, ...] = ("caption", "source")
_NAMED = re.compile(rf"({'|'.join((*_ABOVE, *_BELOW))})-\d+")
_LEFT_OUT = re.compile(rf'<g id="(?:{SHEET}|{_NAMED.pattern})">.*?</g>', re.DOTALL)
"""Of the SVG: its texts of the page, and the white ground, which would lie over them."""

_INCH = 72.0


@dataclass(frozen=True)
class _Line:
    """A line of text: points from the left and from the top of the page to its baseline."""

    text: str
    x: float
    y: float
    size: float
    colour: str
    weight: str


def pdf(figure: Figure, svg: str, *, title: str, alt: str, language: Language) -> bytes:
    """Return a picture as a PDF of its size, which looks as its SVG and can be read aloud.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Whose page's texts are named; they become a heading and paragraphs where they stand.
    svg : str
        The same as matplotlib writes it, its texts as texts.
    title, alt : str
        Of the document, and of all in the picture that is not its page's text.
    language : {"sv", "en"}
        Of both.

    Returns
    -------
    bytes
        PDF/UA-1: heading, subtitle, figure with its alternative text, caption, source.

    Raises
    ------
    OutputError
        When there is no alternative text.
    """
    if not alt.strip():
        raise OutputError("picture without alternative text")
    found = _lines(figure)
    source = "".join(
        (
            typesetting.document(title, language, description=alt),
            _page(figure),
            *_parts(found, _alone(alt, found)),
        )
    )
    picture = typesetting.with_signs(_LEFT_OUT.sub("", svg), letters() | {ord("\n")})
    return typesetting.tagged(source, faces=faces(), texts={"picture.svg": picture})


def _lines(figure: Figure) -> dict[Role, list[_Line]]:
    found: dict[Role, list[_Line]] = {}
    high = float(figure.get_figheight())
    for words in figure.findobj(Words):
        role = _NAMED.fullmatch(str(words.get_gid()))
        if role and words.get_visible():
            x, y = (float(one) / MM for one in words.get_position())
            line = _Line(
                words.get_text(),
                x * _INCH,
                (high - y) * _INCH,
                float(words.get_fontsize()),
                to_hex(words.get_color()),
                str(words.get_fontweight()),
            )
            found.setdefault(cast("Role", role[1]), []).append(line)
    return found


def _page(figure: Figure) -> str:
    width, height = (float(one) * _INCH for one in figure.get_size_inches())
    fonts = ", ".join(f'"{family}"' for family in FAMILIES)
    return (
        f"#set page(width: {width:.6f}pt, height: {height:.6f}pt, margin: 0pt)\n"
        f'#set text(font: ({fonts}), top-edge: "baseline", bottom-edge: "baseline", '
        "hyphenate: false, ligatures: false)\n"
        "#show heading: it => it.body\n"
    )


def _parts(found: Mapping[Role, Sequence[_Line]], alt: str) -> Iterator[str]:
    for role in _ABOVE:
        yield _text(role, found.get(role, ()))
    image = f'image("picture.svg", alt: {typesetting.literal(alt)}, width: 100%)'
    yield f"#place(top + left, {image})\n"
    for role in _BELOW:
        yield _text(role, found.get(role, ()))


def _text(role: Role, lines: Sequence[_Line]) -> str:
    """Set the lines of one text where they stand, as one heading or paragraph."""
    if not lines:
        return ""
    first = lines[0]
    apart = lines[1].y - first.y if len(lines) > 1 else 0.0
    told = " + linebreak() + ".join(
        typesetting.literal(typesetting.with_signs(line.text, letters())) for line in lines
    )
    inner = f"heading(level: 1, {told})" if role == "title" else f"par({told})"
    weight = "bold" if first.weight == "bold" else "regular"
    look = f'set text(size: {first.size:g}pt, weight: "{weight}", fill: rgb("{first.colour}"))'
    return (
        f"#place(top + left, dx: {first.x:.4f}pt, dy: {first.y:.4f}pt, block(width: 400%, {{\n"
        f"  {look}\n"
        f"  show heading: {look}\n"
        f"  set par(leading: {apart:.4f}pt)\n"
        f"  {inner}\n"
        "}))\n"
    )


def _alone(alt: str, found: Mapping[Role, Sequence[_Line]]) -> str:
    """Alternative text without what stands beside the picture as text, and is read there."""
    for role in (*_ABOVE[1:], *_BELOW):
        told = " ".join(line.text for line in found.get(role, ())).rstrip(".")
        alt = alt.replace(f". {told}.", ".", 1) if told else alt
    return alt
