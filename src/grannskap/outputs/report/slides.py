"""The report as slides: what it is of, its key figures, then a map, a sentence and a source each.

Every text stands in a placeholder of its layout, so that it can be edited and restyled.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from grannskap.letters import legible
from grannskap.outputs.report import office, slidestyle
from grannskap.outputs.report.model import Picture, Report, every_block
from grannskap.wording import say

if TYPE_CHECKING:
    from pptx.presentation import Presentation

__all__ = ["write"]

_WIDE = 1.5
"""Times its height, from which on a picture stands over its words."""
_LONG_TITLE, _LONG_TEXT, _LONG_SOURCE = 60, 240, 200
"""Letters, from which on they are set smaller."""


def write(report: Report) -> bytes:
    """Return the report's figures and pictures as slides, 16:9.

    Parameters
    ----------
    report : Report
        What it tells.

    Returns
    -------
    bytes
        A .pptx file, the same for the same report.
    """
    import pptx

    made = pptx.Presentation()
    layouts = slidestyle.ensure(made, locale=office.LOCALES[report.language])
    writer = _Writer(made, report, layouts)
    writer.first()
    if report.figures:
        writer.figures()
    for one in every_block(report.sections):
        if isinstance(one, Picture):
            writer.picture(one)
    office.describe(made.core_properties, report)
    into = BytesIO()
    made.save(into)
    return office.settled(into)


@dataclass(frozen=True)
class _Run:
    """Words that look the same; without a size or a colour of their own, as the layout says."""

    text: str
    size: float | None = None
    bold: bool | None = None
    colour: str = ""


@dataclass(frozen=True)
class _Writer:
    """Adds slide after slide."""

    slides: Presentation
    report: Report
    layouts: slidestyle.Layouts

    def first(self) -> None:
        """What the report is of, and from which sources."""
        slide = self._slide(self.layouts.first, self.report.title)
        under = [
            _Run(text, colour=slidestyle.SOFT)
            for text in (self.report.subtitle, self.report.source)
            if text
        ]
        self._write(slide.placeholders[1], [[one] for one in under])

    def figures(self) -> None:
        """The figures at the head of the report: the balance of both poles, index, clusters."""
        title = say("report.document.key_figures", self.report.language)
        slide = self._slide(self.layouts.figures, title)
        told = [
            [
                _Run(f"{one.value}  ", size=32, bold=True, colour=slidestyle.WARM),
                _Run(one.name, bold=True),
                _Run(f": {one.says}"),
            ]
            for one in self.report.figures
        ]
        self._write(slide.placeholders[1], told, after=14)
        self._foot(slide)

    def picture(self, picture: Picture) -> None:
        """One picture with its alternative text, one sentence, one source."""
        slide = self._slide(self.layouts.picture, picture.title)
        shown = slide.placeholders[1].insert_picture(BytesIO(picture.png))
        size = None if len(picture.caption) < _LONG_TEXT else 16
        caption = f"{picture.caption.rstrip('.')}." if picture.caption else ""
        self._write(slide.placeholders[2], [[_Run(caption, size=size)]])
        foot = self._foot(slide)
        width, height = shown.image.size
        if width > _WIDE * height:
            parts = {"title": slide.shapes.title, "body": slide.placeholders[2], **foot}
            for name, part in parts.items():
                slidestyle.WIDE[name].put(part)
            slidestyle.WIDE["picture"].put(shown)
        _fit(shown, width / height)
        told = shown._element.nvPicPr.cNvPr
        told.set("descr", legible(picture.alt))
        told.set("title", legible(picture.title))

    # --- Pieces ------------------------------------------------------------------------------

    def _slide(self, layout: Any, title: str) -> Any:  # noqa: ANN401
        slide = self.slides.slides.add_slide(layout)
        size = 20 if len(title) > _LONG_TITLE else None
        self._write(slide.shapes.title, [[_Run(title, size=size, colour=slidestyle.INK)]])
        return slide

    def _foot(self, slide: Any) -> dict[str, Any]:  # noqa: ANN401
        """The source, and the number of the slide: the library leaves both out of a slide."""
        of_layout = {one.placeholder_format.idx: one for one in slide.slide_layout.placeholders}
        made = {}
        for name, number in (("footer", 11), ("number", 12)):
            part = copy.deepcopy(of_layout[number].element)
            part.spPr.clear()
            slide.shapes._spTree.append(part)
            part.nvSpPr.cNvPr.set("id", str(100 + number))
            made[name] = slide.placeholders[number]
        size = 9 if len(self.report.source) > _LONG_SOURCE else None
        source = _Run(self.report.source, size=size, colour=slidestyle.SOFT)
        self._write(made["footer"], [[source]])
        return made

    def _write(
        self,
        shape: Any,  # noqa: ANN401
        paragraphs: Sequence[Sequence[_Run]],
        *,
        after: float | None = None,
    ) -> None:
        """Fill a placeholder with paragraphs of runs, each in the report's language."""
        from pptx.dml.color import RGBColor
        from pptx.util import Pt

        frame = shape.text_frame
        for number, runs in enumerate(paragraphs):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            if after is not None:
                paragraph.space_after = Pt(after)
            for one in runs:
                run = paragraph.add_run()
                run.text = legible(one.text)
                run._r.get_or_add_rPr().set("lang", office.LOCALES[self.report.language])
                run.font.bold = one.bold
                run.font.size = None if one.size is None else Pt(one.size)
                if one.colour:
                    run.font.color.rgb = RGBColor.from_string(one.colour)  # type: ignore[no-untyped-call]


def _fit(shown: Any, ratio: float) -> None:  # noqa: ANN401
    """Show all of a picture as large as its place allows, in the middle of it."""
    left, top, width, height = shown.left, shown.top, shown.width, shown.height
    shown.crop_left = shown.crop_right = shown.crop_top = shown.crop_bottom = 0
    fitted = min(width, int(height * ratio)), min(height, int(width / ratio))
    shown.left, shown.top = left + (width - fitted[0]) // 2, top + (height - fitted[1]) // 2
    shown.width, shown.height = fitted
