"""What stands where on a page, planned before anything is painted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from grannskap.letters import legible
from grannskap.maps.figure import insets, legend, signs
from grannskap.maps.figure.corners import in_corners
from grannskap.maps.figure.extent import fitted, framing, shape_of
from grannskap.maps.figure.outlines import within
from grannskap.maps.figure.scene import Scene
from grannskap.maps.figure.sheet import PT, Block, Box, Page, wrap

if TYPE_CHECKING:
    from grannskap.maps.figure.extent import Bounds
    from grannskap.maps.figure.sheet import Block, Box
    from grannskap.maps.marks import Highlight, Overlay
    from grannskap.maps.style import Style

__all__ = [
    "Frame",
    "Key",
    "Layout",
    "Plan",
    "Texts",
    "Viewport",
    "arrange",
    "plan",
    "texts",
    "view_of",
]


@dataclass(frozen=True)
class Key:
    """What stands beside or below the maps.

    Attributes
    ----------
    stacked, spread : Block
        The legend in one column, and the legend as wide as the page.
    signs : Block
        Scale bar and north arrow.
    locator : Block or None
        The map of where the view lies.
    """

    stacked: Block
    spread: Block
    signs: Block
    locator: Block | None = None


@dataclass(frozen=True)
class Frame:
    """What is asked of a page: heights that texts take, shapes that maps have.

    Attributes
    ----------
    header, footer : float
        Millimetres above and below.
    aspect : float
        Width over height of the main map.
    centre : float or None
        Width over height of the enlarged centre, None without it.
    """

    header: float
    footer: float
    aspect: float
    centre: float | None = None


@dataclass(frozen=True)
class Layout:
    """Where everything stands on a page of `width` by `height` millimetres."""

    width: float
    height: float
    map: Box
    blocks: Mapping[str, Box]
    spread: bool = False
    inside: bool = False


_WIDE = 100.0
"""Millimetres of page width from which a key can stand beside a map, or on it."""


def arrange(page: Page, frame: Frame, key: Key) -> Layout:
    """Place the map and its key so that least of the page is empty.

    Parameters
    ----------
    page : Page
        The page.
    frame : Frame
        Heights of the texts and shapes of the maps.
    key : Key
        Legend, signs and locator.

    Returns
    -------
    Layout
        Of the key beside the map or below it, the one whose maps are larger and fill their boxes
        better; a slide has its key beside, a narrow page below.
    """
    if page.fixed:
        return _abreast(page, frame, key)
    if page.width < _WIDE:
        if frame.centre is None:
            return _below(page, frame, key)
        narrow = (_one_below_another(page, frame, key), _two_above(page, frame, key))
        return max(narrow, key=lambda layout: _filled(layout, frame))
    layouts = (_beside(page, frame, key), _below(page, frame, key))
    return max(layouts, key=lambda layout: _filled(layout, frame))


def _filled(layout: Layout, frame: Frame) -> float:
    """Square millimetres of map, fewer where a map must show much more to fill its box."""
    maps = [(layout.map, frame.aspect)]
    if frame.centre is not None:
        maps.append((layout.blocks["centre"], frame.centre))
    total = 0.0
    for box, shape in maps:
        fits = min(box.width, box.height * shape) * min(box.height, box.width / shape)
        total += fits * (fits / (box.width * box.height)) ** 0.5
    return total


def _room(page: Page, frame: Frame) -> float:
    return page.height - 2 * page.margin - frame.header - frame.footer


def _stack(key: Key, gap: float) -> float:
    parts = [part for part in (key.stacked, key.locator, key.signs) if part is not None]
    return sum(part.height for part in parts) + gap * (len(parts) - 1)


def _column(key: Key) -> float:
    parts = [part for part in (key.stacked, key.locator, key.signs) if part is not None]
    return max(part.width for part in parts)


def _key_boxes(key: Key, x: float, top: float, bottom: float, gap: float) -> dict[str, Box]:
    """Legend at the top, signs at the bottom, the locator above the signs."""
    boxes = {
        "legend": Box(x, top - key.stacked.height, key.stacked.width, key.stacked.height),
        "signs": Box(x, bottom, key.signs.width, key.signs.height),
    }
    low = boxes["signs"].top + 1.5 * gap
    room = boxes["legend"].y - gap - low
    if key.locator is not None and room > 0.5 * key.locator.height:
        shrink = min(1.0, room / key.locator.height)
        size = (key.locator.width * shrink, key.locator.height * shrink)
        boxes["locator"] = Box(x, low, *size)
    return boxes


def _beside(page: Page, frame: Frame, key: Key) -> Layout:
    """One column at the right of the map: the enlarged centre over the key."""
    column = _column(key)
    if frame.centre is not None:
        column = max(column, 0.38 * page.width)
    stack = _stack(key, 1.5 * page.gap)
    room = _room(page, frame)
    width = page.width - 2 * page.margin - page.gap - column
    enlarged = 0.0
    if frame.centre is not None:
        enlarged = min(column / frame.centre, max(room - stack - page.gap, 0.5 * column))
    least = stack + (enlarged + page.gap if enlarged else 0.0)
    height = max(min(width / frame.aspect, room), min(least, room))
    total = frame.header + frame.footer + height + 2 * page.margin
    top = total - page.margin - frame.header
    x = page.margin + width + page.gap
    boxes = {"centre": Box(x, top - enlarged, column, enlarged)} if enlarged else {}
    below = top - enlarged - page.gap if enlarged else top
    boxes |= _key_boxes(key, x, below, top - height, page.gap)
    return Layout(page.width, total, Box(page.margin, top - height, width, height), boxes)


_MAIN = 0.66
"""Share of a page's height that the main map takes at most over an enlarged centre."""


def _below(page: Page, frame: Frame, key: Key) -> Layout:
    """A row under the map: the legend spread out, or the enlarged centre and the key."""
    width = page.width - 2 * page.margin
    room = _room(page, frame) - page.gap
    row = _row(key, width, page.gap) if frame.centre is None else _stack(key, 1.5 * page.gap)
    height = min(width / frame.aspect, room - row)
    across = width - page.gap - _column(key)
    if frame.centre is not None:
        height = min(height, _MAIN * room)
        row = max(row, min(across / frame.centre, 0.9 * height, room - height))
    total = 2 * page.margin + frame.header + height + page.gap + row + frame.footer
    top = total - page.margin - frame.header
    bottom = top - height - page.gap
    place = Box(page.margin, top - height, width, height)
    if frame.centre is not None:
        boxes = {"centre": Box(page.margin, bottom - row, across, row)}
        x = page.margin + across + page.gap
        boxes |= _key_boxes(key, x, bottom, bottom - row, page.gap)
        return Layout(page.width, total, place, boxes)
    boxes = _row_boxes(key, place, bottom, page.gap)
    return Layout(page.width, total, place, boxes, spread=True)


def _one_below_another(page: Page, frame: Frame, key: Key) -> Layout:
    """A narrow page: the map, its enlarged centre and the key, each as wide as the page."""
    width = page.width - 2 * page.margin
    row = _row(key, width, page.gap)
    room = _room(page, frame) - row - 2 * page.gap
    height = min(width / frame.aspect, 0.5 * room)
    inset = min(width / (frame.centre or 1.0), room - height)
    total = 2 * page.margin + frame.header + height + inset + row + 2 * page.gap + frame.footer
    top = total - page.margin - frame.header
    place = Box(page.margin, top - height, width, height)
    low = top - height - page.gap - inset
    boxes = _row_boxes(key, place, low - page.gap, page.gap)
    boxes["centre"] = Box(page.margin, low, width, inset)
    return Layout(page.width, total, place, boxes, spread=True)


def _two_above(page: Page, frame: Frame, key: Key) -> Layout:
    """A narrow page: the map and its enlarged centre abreast, over the key."""
    width, centre = page.width - 2 * page.margin, frame.centre or 1.0
    both = width - page.gap
    left = min(max(frame.aspect / (frame.aspect + centre), 0.4), 0.6) * both
    row = _row(key, width, page.gap)
    room = _room(page, frame) - row - page.gap
    height = min(max(left / frame.aspect, (both - left) / centre), room)
    total = 2 * page.margin + frame.header + height + row + page.gap + frame.footer
    low = total - page.margin - frame.header - height
    boxes = _row_boxes(key, Box(page.margin, low, width, height), low - page.gap, page.gap)
    boxes["centre"] = Box(page.margin + left + page.gap, low, both - left, height)
    place = Box(page.margin, low, left, height)
    return Layout(page.width, total, place, boxes, spread=True)


def _spare(key: Key, width: float, gap: float) -> float:
    """Width that legend and signs leave in a row; negative when they need two."""
    return width - key.spread.width - key.signs.width - 1.5 * gap


def _row(key: Key, width: float, gap: float) -> float:
    """Height of the row under a map, of which the locator is a part where it fits."""
    spare = _spare(key, width, gap)
    if spare < 0:
        return key.spread.height + 1.5 * gap + key.signs.height
    high = max(key.spread.height, key.signs.height)
    if key.locator is not None and key.locator.width + 1.5 * gap <= spare:
        high = max(high, key.locator.height)
    return high


def _row_boxes(key: Key, above: Box, top: float, gap: float) -> dict[str, Box]:
    """Legend at the left, the signs flush with the map's right edge or under the legend."""
    legend, signs = key.spread, key.signs
    boxes = {"legend": Box(above.x, top - legend.height, legend.width, legend.height)}
    spare = _spare(key, above.width, gap)
    if spare < 0:
        low = top - legend.height - 1.5 * gap - signs.height
        return boxes | {"signs": Box(above.x, low, signs.width, signs.height)}
    x = above.right - signs.width
    boxes["signs"] = Box(x, top - signs.height, signs.width, signs.height)
    if key.locator is not None and key.locator.width + 1.5 * gap <= spare:
        left = x - 1.5 * gap - key.locator.width
        size = (key.locator.width, key.locator.height)
        boxes["locator"] = Box(left, top - key.locator.height, *size)
    return boxes


def _abreast(page: Page, frame: Frame, key: Key) -> Layout:
    """A slide: map, enlarged centre and key side by side, all as high as the slide allows."""
    height = _room(page, frame)
    bottom = page.margin + frame.footer
    column = _column(key)
    width = page.width - 2 * page.margin - page.gap - column
    x = page.margin
    boxes = {}
    if frame.centre is not None:
        both = width - page.gap
        wanted = frame.aspect / (frame.aspect + frame.centre) * both
        width = min(max(wanted, 0.4 * both), 0.6 * both)
        boxes["centre"] = Box(x + width + page.gap, bottom, both - width, height)
    right = page.width - page.margin - column
    boxes |= _key_boxes(key, right, bottom + height, bottom, page.gap)
    return Layout(page.width, page.height, Box(x, bottom, width, height), boxes)


_MARGIN = 0.03
_BAR = 60.0
"""Millimetres that a bar of classes needs on any page."""

_ROW = 60.0
"""Millimetres that a spread legend needs beside scale bar and arrow."""

_LEAST_MAP = 12.0
"""Millimetres of a map's side: with less of them the texts are cut."""

_SHORT = 40
"""Letters of a text that is not cut."""

_WORTH = 2
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
class Viewport:
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
    main: Viewport
    centre: Viewport | None


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


def view_of(bounds: Bounds, box: Box) -> Viewport:
    """Fill a box with bounds, widened to its shape."""
    full = fitted(bounds, aspect=box.width / box.height, margin=0.0)
    return Viewport(box, full, (full[2] - full[0]) / box.width)


def enlarged(main: Viewport, inner: Viewport) -> Viewport | None:
    """Show somewhat more in an inset, so that it enlarges a whole number of times, or none."""
    often = insets.times(main.metres_per_mm, inner.metres_per_mm)
    if often < _WORTH:
        return None
    scale = main.metres_per_mm / often
    west, south, east, north = inner.bounds
    wide, high = inner.box.width * scale / 2, inner.box.height * scale / 2
    x, y = (west + east) / 2, (south + north) / 2
    return Viewport(inner.box, (x - wide, y - high, x + wide, y + high), scale)


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
    asked = _Asked(what, page, wanted, tuple(lines), shown.classes if counts else None, where)
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
    if inset not in ("auto", "centre", "both"):
        return plain
    for most in _SHARES:
        core = insets.centre(what, plain.main.metres_per_mm, wanted, most=most)
        if core is None:
            return plain
        found = _laid(asked, core)
        if found.centre is not None:
            return found
    return plain


_SHARES = (0.36, 0.25, 0.16, 0.1)
"""Shares of a map's width that its inset enlarges at most, tried until there is a gain."""


@dataclass(frozen=True)
class _Asked:
    """What a page must hold, whether with an enlarged centre or without."""

    what: Scene
    page: Page
    bounds: Bounds
    lines: tuple[legend.Entry, ...]
    counted: npt.NDArray[np.int64] | None
    where: bool


def _laid(asked: _Asked, core: Bounds | None) -> Plan:
    """Lay the page out; without a centre where it would not be enlarged twice or more."""
    what, page = asked.what, asked.page
    words = texts(what.style, page)
    sign = signs.block(page, what.style.language)
    locator = insets.locator_block(page, what) if asked.where else None
    stacked, spread = _legends(asked, words, sign=sign, locator=locator)
    shape = shape_of(asked.bounds)
    frame = Frame(words.header, words.footer, shape, _aspect(core) if core else None)
    layout = arrange(page, frame, Key(stacked.block, spread.block, sign, locator))
    if core is None and locator is None:
        whole = _in_frame(asked, frame, [stacked.block, sign])
        if whole is not None and _filled(whole, frame) >= _filled(layout, frame):
            layout = whole
    main = view_of(asked.bounds, layout.map)
    inner = view_of(core, layout.blocks["centre"]) if core else None
    key = spread if layout.spread else stacked
    return Plan(page, layout, words, key, main, enlarged(main, inner) if inner else None)


def _in_frame(asked: _Asked, frame: Frame, blocks: Sequence[Block]) -> Layout | None:
    """A map over all of the page with its key in free corners; None where there are none."""
    page = asked.page
    if page.fixed or page.width < _WIDE:
        return None
    width = page.width - 2 * page.margin
    height = min(width / frame.aspect, _room(page, frame))
    box = Box(page.margin, page.margin + frame.footer, width, height)
    bounds, what = view_of(asked.bounds, box).bounds, asked.what
    places = in_corners(blocks, box, bounds, what.geometry[what.shown])
    if places is None:
        return None
    total = 2 * page.margin + frame.header + height + frame.footer
    return Layout(page.width, total, box, places, inside=True)


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
    asked: _Asked, words: Texts, *, sign: Block, locator: Block | None
) -> tuple[legend.Legend, legend.Legend]:
    """The legend in one column beside the map, and spread out below it."""
    style, lines, page, classes = asked.what.style, asked.lines, asked.page, asked.counted
    room = page.height - 2 * page.margin - words.header - words.footer
    high = room - sign.height - 1.5 * page.gap
    column = max(0.36 * page.width, min(_BAR, page.width - 2 * page.margin))
    stacked = legend.fitting(style, lines, page, width=column, height=high, classes=classes)
    beside = 1.5 * page.gap  # as the row under a map parts its blocks
    taken = sign.width + beside + (locator.width + beside if locator else 0.0)
    full = page.width - 2 * page.margin
    width = full - taken if full - taken > _ROW else full  # else the signs stand below it
    return stacked, legend.measure(style, lines, page, columns=4, width=width, classes=classes)


def _aspect(bounds: Bounds) -> float:
    return (bounds[2] - bounds[0]) / (bounds[3] - bounds[1])
