"""The texts of a page: broken into lines, and set at its top and its foot."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from grannskap.maps.figure.sheet import PT, QUIET, Page, lines_of_text, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from grannskap.maps.style import Style

__all__ = ["Texts", "paint_texts", "texts"]


@dataclass(frozen=True)
class Texts:
    """The texts of a page, broken into lines."""

    title: list[str]
    subtitle: list[str]
    caption: list[str]
    source: list[str]
    header: float
    footer: float


def texts(style: Style, page: Page) -> Texts:
    """Break a style's texts into the lines of a page, and say how high they stand."""
    width = page.width - 2 * page.margin
    title = wrap(style.title, page.title, width, bold=True)
    subtitle = wrap(style.subtitle, page.subtitle, width)
    caption = wrap(style.caption, page.text, width)
    source = wrap(style.source, page.small, width)
    header = 1.3 * PT * (len(title) * page.title + len(subtitle) * page.subtitle)
    footer = 1.35 * PT * (len(caption) * page.text + len(source) * page.small)
    return Texts(
        title,
        subtitle,
        caption,
        source,
        header + (0.6 * page.gap if header else 0.0),
        footer + (0.7 * page.gap if footer else 0.0),
    )


def paint_texts(axes: Axes, words: Texts, page: Page, *, height: float) -> None:
    """Set title and subtitle at the top of the sheet, caption and source at its foot."""
    x = page.margin
    top = height - page.margin
    set_lines = partial(lines_of_text, axes, x=x)
    top = set_lines(words.title, top=top, size=page.title, bold=True, role="title")
    set_lines(words.subtitle, top=top, size=page.subtitle, colour=QUIET, role="subtitle")
    depth = 1.35 * PT * (len(words.caption) * page.text + len(words.source) * page.small)
    set_lines = partial(set_lines, leading=1.35)
    foot = set_lines(words.caption, top=page.margin + depth, size=page.text, role="caption")
    set_lines(words.source, top=foot, size=page.small, colour=QUIET, role="source")
