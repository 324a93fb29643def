"""The layouts of the slides: those of python-pptx made 16:9, with places for map and words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pptx.presentation import Presentation

__all__ = ["INK", "SOFT", "WARM", "WIDE", "Box", "Layouts", "ensure"]

INK, SOFT, WARM = "1A1C1F", "5B6168", "B35806"


@dataclass(frozen=True)
class Box:
    """A place on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float

    def put(self, shape: Any) -> None:  # noqa: ANN401
        """Move a shape here."""
        from pptx.util import Inches

        shape.left, shape.top = Inches(self.left), Inches(self.top)
        shape.width, shape.height = Inches(self.width), Inches(self.height)


@dataclass(frozen=True)
class Layouts:
    """The layouts that slides are made of."""

    first: Any
    figures: Any
    picture: Any


WIDE = {
    "title": Box(0.5, 0.3, 12.33, 0.7),
    "picture": Box(0.5, 1.05, 12.33, 4.85),
    "body": Box(0.5, 5.95, 12.33, 0.9),
    "footer": Box(0.5, 6.9, 11.3, 0.4),
    "number": Box(12.0, 6.9, 0.83, 0.4),
}
"""Where a picture much wider than high stands over its words, not beside them."""

_WIDTH, _HEIGHT, _OLD_WIDTH = 13.333, 7.5, 10.0
_KEPT = {"Title Slide", "Title and Content", "Title Only", "Blank", "Picture with Caption"}
_FIRST = {0: Box(0.8, 1.9, 11.7, 1.8), 1: Box(0.8, 3.85, 11.7, 1.7)}
_FIGURES = {0: Box(0.5, 0.4, 12.33, 0.9), 1: Box(0.5, 1.45, 12.33, 5.3)}
_BESIDE = {
    0: Box(0.45, 0.35, 4.45, 1.65),
    1: Box(5.1, 0.25, 7.98, 7.0),
    2: Box(0.45, 2.1, 4.45, 3.8),
    11: Box(0.45, 6.0, 3.8, 1.25),
    12: Box(4.25, 6.85, 0.65, 0.4),
}
_FOOT = {11: WIDE["footer"], 12: WIDE["number"]}
_SMALL = {11: 11, 12: 11}


def ensure(slides: Presentation, *, locale: str) -> Layouts:
    """Make the template 16:9, its texts plain and to the left, and return its layouts.

    Parameters
    ----------
    slides : pptx.presentation.Presentation
        As python-pptx begins it.
    locale : str
        Language of the texts.

    Returns
    -------
    Layouts
        Each with a placeholder for all that it shows.
    """
    from pptx.util import Inches

    slides.slide_width, slides.slide_height = Inches(_WIDTH), Inches(_HEIGHT)
    for layout in [*slides.slide_layouts]:
        if layout.name not in _KEPT:
            slides.slide_layouts.remove(layout)
    of_all = [slides.slide_master, *slides.slide_layouts]
    for one in of_all:
        for shape in one.placeholders:
            _widen(shape)
        for part in one.element.iter():
            if "lang" in part.attrib:
                part.set("lang", locale)
    _texts(slides.slide_master)
    _foot(slides.slide_master)
    named = {layout.name: layout for layout in slides.slide_layouts}
    made = Layouts(named["Title Slide"], named["Title and Content"], named["Picture with Caption"])
    _place(made.first, _FIRST | _FOOT, sizes={0: 40, 1: 20, **_SMALL}, anchors={0: "b"})
    _place(made.figures, _FIGURES | _FOOT, sizes={0: 30, 1: 20, **_SMALL}, anchors={0: "t"})
    _place(
        made.picture,
        _BESIDE,
        sizes={0: 28, 1: 18, 2: 20, **_SMALL},
        anchors={0: "t", 11: "b", 12: "b"},
    )
    return made


def _widen(shape: Any) -> None:  # noqa: ANN401
    """Stretch a place that has its own measures from 4:3 to 16:9."""
    place = shape.element.spPr.find(f"{{{_A}}}xfrm")
    if place is not None:
        shape.left, shape.width = (
            int(side * _WIDTH / _OLD_WIDTH) for side in (shape.left, shape.width)
        )


_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_P = "http://schemas.openxmlformats.org/presentationml/2006/main"


def _texts(master: Any) -> None:  # noqa: ANN401
    """Titles bold and to the left, paragraphs without marks and with space between."""
    for style in ("titleStyle", "bodyStyle"):
        (first,) = master.element.findall(f".//{{{_P}}}{style}/{{{_A}}}lvl1pPr")
        first.set("algn", "l")
        look = first.find(f"{{{_A}}}defRPr")
        if style == "titleStyle":
            look.set("b", "1")
            continue
        first.set("marL", "0")
        first.set("indent", "0")
        for mark in (*first.findall(f"{{{_A}}}buFont"), *first.findall(f"{{{_A}}}buChar")):
            first.remove(mark)
        look.addprevious(look.makeelement(f"{{{_A}}}buNone", {}))


def _foot(master: Any) -> None:  # noqa: ANN401
    """The source to the left, the number of the slide to the right, both small and quiet."""
    for shape in master.placeholders:
        box = {"ftr": _FOOT[11], "sldNum": _FOOT[12]}.get(_kind(shape))
        if box is not None:
            box.put(shape)


def _kind(shape: Any) -> str:  # noqa: ANN401
    found: str = shape.element.find(f".//{{{_P}}}ph").get("type", "")
    return found


def _place(
    layout: Any,  # noqa: ANN401
    boxes: dict[int, Box],
    *,
    sizes: dict[int, int],
    anchors: dict[int, str],
) -> None:
    """Say where each placeholder of a layout stands, and how large its letters are."""
    for shape in layout.placeholders:
        number = shape.placeholder_format.idx
        if number in boxes:
            boxes[number].put(shape)
        body = shape.element.find(f".//{{{_A}}}bodyPr")
        if number in anchors:
            body.set("anchor", anchors[number])
        if number in sizes:
            for level in _first_levels(shape):
                level.set("algn", "r" if number == 12 else "l")
                (look,) = level.findall(f"{{{_A}}}defRPr")
                look.set("sz", str(100 * sizes[number]))
                if number in _SMALL:
                    fill = look.makeelement(f"{{{_A}}}solidFill", {})
                    fill.append(look.makeelement(f"{{{_A}}}srgbClr", {"val": SOFT}))
                    look.insert(0, fill)


def _first_levels(shape: Any) -> Iterator[Any]:  # noqa: ANN401
    """The style of the first level of a placeholder's own, made where there is none."""
    styles = shape.element.find(f".//{{{_A}}}lstStyle")
    found = styles.find(f"{{{_A}}}lvl1pPr")
    if found is None:
        found = styles.makeelement(f"{{{_A}}}lvl1pPr", {})
        styles.insert(0, found)
    if found.find(f"{{{_A}}}defRPr") is None:
        found.append(found.makeelement(f"{{{_A}}}defRPr", {}))
    for fill in found.findall(f"{{{_A}}}defRPr/{{{_A}}}solidFill"):
        fill.getparent().remove(fill)
    yield found
