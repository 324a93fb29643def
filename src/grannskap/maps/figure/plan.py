"""A page planned before anything is painted: texts broken, extents chosen, boxes placed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grannskap.maps.figure import insets, legend, signs
from grannskap.maps.figure.extent import fitted
from grannskap.maps.figure.layout import Frame, Key, Layout, arrange
from grannskap.maps.figure.page import PT, Page, wrap
from grannskap.maps.figure.scene import Scene, bounds_of

if TYPE_CHECKING:
    from grannskap.maps.figure.page import Block, Box
    from grannskap.maps.figure.shapes import Bounds
    from grannskap.maps.marks import Overlay
    from grannskap.maps.style import Style

__all__ = ["Plan", "Texts", "View", "plan", "texts", "view_of"]

_MARGIN = 0.02
_TALLEST, _WIDEST = 0.45, 2.6
_ROW = 60.0
"""Millimetres that a spread legend needs beside scale bar and arrow."""

_WORTH = 2.5
"""How many times an inset must enlarge the centre to be worth its room."""


@dataclass(frozen=True)
class Texts:
    """The texts of a page, broken into lines."""

    title: list[str]
    subtitle: list[str]
    caption: list[str]
    source: list[str]
    header: float
    footer: float


@dataclass(frozen=True)
class View:
    """A map's place on the sheet, what it shows, and its scale."""

    box: Box
    bounds: Bounds
    metres_per_mm: float


@dataclass(frozen=True)
class Plan:
    """A page laid out: what each box holds."""

    page: Page
    layout: Layout
    texts: Texts
    legend: legend.Legend
    main: View
    centre: View | None


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


def view_of(bounds: Bounds, box: Box) -> View:
    """Fill a box with bounds, widened to its shape."""
    full = fitted(bounds, aspect=box.width / box.height, margin=0.0)
    return View(box, full, (full[2] - full[0]) / box.width)


def plan(
    what: Scene,
    page: Page,
    overlays: Sequence[Overlay],
    *,
    extent: Bounds | None,
    inset: insets.Inset,
    counts: bool,
) -> Plan:
    """Plan the page of one map.

    Parameters
    ----------
    what : Scene
        Areas, classes and style.
    page : Page
        Size and type sizes.
    overlays : sequence of Overlay
        For the legend.
    extent : tuple of float or None
        What the map frames; the shown areas when None.
    inset : {"auto", "none", "centre", "locator", "both"}
        Which insets are wanted.
    counts : bool
        Whether the legend counts areas.

    Returns
    -------
    Plan
        With the scale of each map.
    """
    words = texts(what.style, page)
    tight = extent or bounds_of(what.geometry[what.shown])
    wanted = fitted(tight, aspect=_aspect(tight), margin=0.0 if extent else _MARGIN)
    core = None
    if inset in ("auto", "centre", "both"):
        core = insets.centre(what, (wanted[2] - wanted[0]) / (0.75 * page.width), wanted)
    where = inset in ("locator", "both") or (
        inset == "auto" and insets.wants_locator(what, wanted, page)
    )
    shown = legend.Shown(what.classes[what.shown], what.bounded[what.shown])
    lines = legend.entries(what.style, shown, overlays=overlays, counts=counts)
    sign = signs.block(page, what.style.language)
    locator = insets.locator_block(page, what) if where else None
    stacked, spread = _legends(what.style, lines, page, words, sign=sign, locator=locator)
    shape = min(max(_aspect(wanted), _TALLEST), _WIDEST)
    frame = Frame(words.header, words.footer, shape, _aspect(core) if core else None)
    layout = arrange(page, frame, Key(stacked.block, spread.block, sign, locator))
    main = view_of(wanted, layout.map)
    enlarged = view_of(core, layout.blocks["centre"]) if core else None
    if enlarged and inset == "auto" and main.metres_per_mm < _WORTH * enlarged.metres_per_mm:
        plain: insets.Inset = "locator" if where else "none"
        return plan(what, page, overlays, extent=extent, inset=plain, counts=counts)
    key = spread if layout.spread else stacked
    return Plan(page, layout, words, key, main, enlarged)


def _legends(
    style: Style,
    lines: Sequence[legend.Entry],
    page: Page,
    words: Texts,
    *,
    sign: Block,
    locator: Block | None,
) -> tuple[legend.Legend, legend.Legend]:
    """The legend in one column beside the map, and spread out below it."""
    room = page.height - 2 * page.margin - words.header - words.footer
    high = room - sign.height - 1.5 * page.gap
    stacked = legend.fitting(style, lines, page, width=0.36 * page.width, height=high)
    taken = sign.width + (locator.width + page.gap if locator else 0.0) + page.gap
    full = page.width - 2 * page.margin
    width = full - taken if full - taken > _ROW else full  # else the signs stand below it
    return stacked, legend.measure(style, lines, page, columns=4, width=width)


def _aspect(bounds: Bounds) -> float:
    return (bounds[2] - bounds[0]) / (bounds[3] - bounds[1])
