"""The plan of a page: what its maps show, its legend, and what stands where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grannskap.letters import legible
from grannskap.maps.figure import insets, legend, signs
from grannskap.maps.figure.extent import fitted, framing
from grannskap.maps.figure.free import Covered
from grannskap.maps.figure.headings import Texts, texts
from grannskap.maps.figure.layout import Frame, Key, Layout, arrange
from grannskap.maps.figure.outlines import near, within
from grannskap.maps.figure.sheet import Page
from grannskap.maps.figure.swatches import Entry
from grannskap.maps.figure.views import Viewport, enlarged, view_of

if TYPE_CHECKING:
    from grannskap.maps.figure.extent import Bounds
    from grannskap.maps.figure.free import Room
    from grannskap.maps.figure.scene import Scene
    from grannskap.maps.figure.sheet import Block, Box
    from grannskap.maps.marks import Highlight, Overlay
    from grannskap.maps.style import Style

__all__ = ["Plan", "plan"]

_MARGIN = 0.03
_COLUMN = 0.29
"""Share of a page's width that a legend in one column takes at most."""

_BAR = 60.0
"""Millimetres that a bar of classes needs on any page."""

_LEAST_MAP = 12.0
"""Millimetres of a map's side: with less of them the texts are cut."""

_SHORT = 40
"""Letters of a text that is not cut."""


@dataclass(frozen=True)
class Plan:
    """A page laid out: what each box holds."""

    page: Page
    layout: Layout
    texts: Texts
    legend: legend.Legend
    main: Viewport
    centre: Viewport | None


def plan(
    what: Scene,
    page: Page,
    overlays: Sequence[Overlay],
    highlights: Sequence[Highlight],
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
    overlays, highlights : sequences of Overlay and Highlight
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
    tight = extent or framing(what.geometry[what.shown])
    wanted = fitted(tight, aspect=_aspect(tight), margin=0.0 if extent else _MARGIN)
    where = inset in ("locator", "both") or (
        inset == "auto" and insets.wants_locator(what, wanted, page)
    )
    counted = what.shown if extent is None else what.shown & within(what.geometry, extent)
    shown = legend.Shown(what.classes[counted], what.bounded[counted], what.doubtful[counted])
    lines = legend.entries(
        what.style, shown, overlays=overlays, highlights=highlights, counts=counts
    )
    covered = Covered.of(what.geometry[what.shown], wanted)
    asked = _Asked(what, page, wanted, tuple(lines), shown, covered, counts=counts, where=where)
    plain = _laid(asked, None)
    shorter, room = _shorter(what.style), plain.layout.map
    if min(room.width, room.height) < _LEAST_MAP and shorter != what.style:
        return plan(
            replace(what, style=shorter),
            page,
            [replace(one, label=legible(one.label, most=_SHORT)) for one in overlays],
            highlights,
            extent=extent,
            inset="none",
            counts=counts,
        )
    return _with_centre(asked, plain) if inset in ("auto", "centre", "both") else plain


def _with_centre(asked: _Asked, plain: Plan) -> Plan:
    """Enlarge the dense centre: on the map where that holds most of it, else beside the map."""
    what, scale, beside = asked.what, plain.main.metres_per_mm, plain
    for most in _SHARES:
        core = insets.centre(what, scale, asked.bounds, most=most)
        if core is None:
            break
        if beside is not plain and _held(what, core, asked.bounds, scale) < _HELD:
            break
        found = _laid(asked, core)
        if found.centre is not None and "centre" in found.layout.inside:
            return found
        if found.centre is not None and beside is plain:
            beside = found
    return beside


def _held(what: Scene, core: Bounds, bounds: Bounds, scale: float) -> float:
    """Share of the small areas of a map that its enlarged centre holds."""
    small = insets.small(what, scale, bounds)
    return float(near(small, core).mean()) if len(small) else 0.0


_HELD = 0.5
"""Share of the small areas that an inset on the map holds, to be better than a larger one."""

_SHARES = (0.36, 0.25, 0.16, 0.1)
"""Shares of a map's width that its inset enlarges at most, tried until there is a gain."""


@dataclass(frozen=True)
class _Asked:
    """What a page must hold, whether with an enlarged centre or without."""

    what: Scene
    page: Page
    bounds: Bounds
    lines: tuple[Entry, ...]
    shown: legend.Shown
    covered: Covered
    counts: bool
    where: bool


def _laid(asked: _Asked, core: Bounds | None) -> Plan:
    """Lay the page out; without a centre where it would not be enlarged twice or more."""
    what, page = asked.what, asked.page
    words = texts(what.style, page)
    sign = None
    if not what.schematic:
        sign = signs.block(page, what.turned(asked.bounds), what.style.language)
    locator = insets.locator_block(page, what) if asked.where else None
    stacked, spread = _legends(asked, words, sign)

    def room(box: Box) -> Room:
        return asked.covered.room(box, view_of(asked.bounds, box).bounds)

    frame = Frame(words.header, words.footer, asked.bounds, core)
    layout = arrange(page, frame, Key(stacked.block, spread.block, sign, locator), room)
    main = view_of(asked.bounds, layout.map)
    inner = view_of(core, layout.blocks["centre"]) if core else None
    key = spread if layout.spread else stacked
    return Plan(page, layout, words, key, main, enlarged(main, inner) if inner else None)


def _shorter(style: Style) -> Style:
    """Cut the texts of a style that are long by a half, for a page that they leave no room on."""

    def cut(text: str) -> str:
        return legible(text, most=max(len(text) // 2, _SHORT))

    return replace(
        style,
        title=cut(style.title),
        subtitle=cut(style.subtitle),
        unit=cut(style.unit),
        caption=cut(style.caption),
        source=cut(style.source),
        labels=tuple(map(cut, style.labels)),
        poles=tuple(map(cut, style.poles)),
        gaps=tuple(replace(gap, label=cut(gap.label)) for gap in style.gaps),
    )


def _legends(
    asked: _Asked, words: Texts, sign: Block | None
) -> tuple[legend.Legend, legend.Legend]:
    """The legend in one column on or beside the map, and spread out above it."""
    style, page = asked.what.style, asked.page
    room = page.height - 2 * page.margin - words.header - words.footer
    high = room - (sign.height + 1.5 * page.gap if sign else 0.0)
    full = page.width - 2 * page.margin
    column = max(_COLUMN * page.width, min(_BAR, full))
    stacked = legend.fitting(
        style, asked.lines, page, width=column, height=high, shown=asked.shown, counts=asked.counts
    )
    spread = legend.measure(
        style, asked.lines, page, columns=4, width=full, shown=asked.shown, counts=asked.counts
    )
    return stacked, spread


def _aspect(bounds: Bounds) -> float:
    return (bounds[2] - bounds[0]) / (bounds[3] - bounds[1])
