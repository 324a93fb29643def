"""What stands where on a page: the map, its legend, its enlarged centre and its signs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import hypot
from typing import TYPE_CHECKING, Literal

from grannskap.maps.figure.extent import shape_of
from grannskap.maps.figure.free import PAD
from grannskap.maps.figure.insets import along
from grannskap.maps.figure.sheet import NARROW, Block, Box, Page
from grannskap.maps.figure.views import enlarged, framed, view_of

if TYPE_CHECKING:
    from grannskap.maps.figure.extent import Bounds
    from grannskap.maps.figure.free import Room

__all__ = ["Frame", "Key", "Layout", "arrange"]


@dataclass(frozen=True)
class Key:
    """What stands beside, above or on the maps.

    Attributes
    ----------
    stacked, spread : Block
        The legend in one column, and the legend as wide as the page.
    signs : Block or None
        Scale bar and north arrow; None where the places are not true.
    locator : Block or None
        The map of where the view lies.
    """

    stacked: Block
    spread: Block
    signs: Block | None = None
    locator: Block | None = None


@dataclass(frozen=True)
class Frame:
    """What is asked of a page: heights that texts take, and what its maps show.

    Attributes
    ----------
    header, footer : float
        Millimetres above and below.
    bounds : tuple of float
        What the map shows, at least.
    core : tuple of float or None
        What is enlarged, at least; None where nothing is.
    """

    header: float
    footer: float
    bounds: Bounds
    core: Bounds | None = None


@dataclass(frozen=True)
class Layout:
    """Where everything stands on a page of `width` by `height` millimetres.

    Attributes
    ----------
    width, height : float
        The page.
    map : Box
        The main map.
    blocks : mapping of str to Box
        Legend, signs, locator and the enlarged centre, by name.
    spread : bool
        Whether the legend is the one as wide as the page.
    inside : frozenset of str
        Which blocks stand on the map.
    """

    width: float
    height: float
    map: Box
    blocks: Mapping[str, Box]
    spread: bool = False
    inside: frozenset[str] = frozenset()


_LEAST, _MOST = 22.0, 0.25
"""Millimetres of an inset's side on a map, and the share of the map that it covers at most."""

_FAR = 50.0
"""Millimetres from what is enlarged to an inset on the map at most."""

_OFTEN = (4, 3, 2)
"""How many times an inset on a map enlarges; the most that there is room for."""

_MAIN = 0.68
"""Share of a page's height that the main map takes at most over an enlarged centre."""

_LEGEND_ON_MAP, _CENTRE_ON_MAP = 1.15, 1.5
"""How much better a page is whose legend or enlarged centre stands on the map."""

_OWN = 0.3
"""Share of a slide's map that what is shown fills at least, for anything else to stand on it."""

_SIGNS = ("lower left", "lower right", "upper left", "upper right")
_LEGEND = ("upper left", "upper right", "lower left", "lower right")
_INSET = ("lower right", "upper right", "lower left", "upper left")
_LOCATOR = ("upper right", "lower right", "upper left", "lower left")

RoomOf = Callable[[Box], "Room"]


def arrange(page: Page, frame: Frame, key: Key, room: RoomOf) -> Layout:
    """Place the map and its key so that the map is large and nothing covers what it shows.

    Parameters
    ----------
    page : Page
        The page.
    frame : Frame
        Heights of the texts, and what the maps show.
    key : Key
        Legend, signs and locator.
    room : callable
        What is free on a map that fills a box of the sheet.

    Returns
    -------
    Layout
        The legend stands on the map where a free place holds it, else under the subtitle; so
        does the enlarged centre, else under the map; the scale bar, else under the map. On a
        slide what has no place on the map stands beside it.
    """
    built = [
        layout
        for where in _ways(page, frame)
        if (layout := _built(page, frame, key, room, where)) is not None
    ]
    return max(built, key=lambda one: _worth(one, frame)) if built else _abreast(page, frame, key)


@dataclass(frozen=True)
class _Where:
    """Where the parts of a page stand: on the map, or in rows above and below it."""

    legend: Literal["map", "above", "beside"]
    centre: Literal["map", "under", "abreast"]
    signs: bool = True


def _ways(page: Page, frame: Frame) -> Iterator[_Where]:
    """Ways to lay out a page; those of a slide have everything on the map."""
    wide, centre = page.width >= NARROW, frame.core is not None
    if page.fixed:
        yield _Where("map", "map")
        return
    if wide:
        yield _Where("map", "under")
    yield _Where("above", "under")
    if centre and wide:
        yield from (_Where("beside", "under"), _Where("map", "map"), _Where("above", "map"))
    elif centre:
        yield _Where("above", "abreast")


def _worth(layout: Layout, frame: Frame) -> float:
    """Square millimetres of maps, fewer where they must show much more to fill their boxes."""
    total = _filled(layout.map, frame.bounds)
    if frame.core is not None:
        total += _filled(layout.blocks["centre"], frame.core)
    on_map = _LEGEND_ON_MAP if "legend" in layout.inside else 1.0
    return total * on_map * (_CENTRE_ON_MAP if "centre" in layout.inside else 1.0)


def _filled(box: Box, bounds: Bounds) -> float:
    shape = shape_of(bounds)
    fits = min(box.width, box.height * shape) * min(box.height, box.width / shape)
    return float(fits * (fits / (box.width * box.height)) ** 0.5)


def _built(page: Page, frame: Frame, key: Key, room: RoomOf, where: _Where) -> Layout | None:
    """Lay out a page in one way; None where something finds no place on the map."""
    rows = _rows(page, frame, key, where)
    if rows.map.height < _LEAST:
        return None
    free, blocks = room(rows.map), dict(rows.blocks)
    if page.fixed and free.taken.mean() < _OWN:
        return None
    for box in _leading(frame, rows):
        free = free.without(box, pad=0.5)
    wanted = _wanted(frame, key, where, rows, free)
    if wanted is None:
        return None
    on_map = []
    for block, corners, pad in wanted:
        found = free.place(block, prefer=corners, pad=pad)
        if found is not None:
            blocks[block.name], free = found, free.without(found, pad=pad)
            on_map.append(block.name)
        elif block.name == "signs":
            return _built(page, frame, key, room, replace(where, signs=False))
        elif block.name != "locator":
            return None
    spread = where.legend == "above"
    return Layout(page.width, rows.height, rows.map, blocks, spread, frozenset(on_map))


def _wanted(
    frame: Frame, key: Key, where: _Where, rows: Layout, free: Room
) -> list[tuple[Block, Sequence[str], float]] | None:
    """What is to stand on the map, in which corners and on how much ground; None if it cannot."""
    found: list[tuple[Block, Sequence[str], float]] = []
    if frame.core is not None and where.centre == "map":
        inset = _inset(frame, rows.map, free)
        if inset is None:
            return None
        found.append((inset, _INSET, 2.0))
    if where.legend == "map":
        found.append((key.stacked, _LEGEND, PAD))
    if where.signs and key.signs is not None:
        found.append((key.signs, _SIGNS, 1.5))
    if key.locator is not None and "locator" not in rows.blocks:
        found.append((key.locator, _LOCATOR, PAD))
    return found


def _leading(frame: Frame, rows: Layout) -> list[Box]:
    """What leads from the map to an enlarged centre under it."""
    if frame.core is None or "centre" not in rows.blocks:
        return []
    main = view_of(frame.bounds, rows.map)
    inner = enlarged(main, view_of(frame.core, rows.blocks["centre"]))
    return [] if inner is None else along(framed(main, inner), inner.box)


def _rows(page: Page, frame: Frame, key: Key, where: _Where) -> Layout:
    """The page from above: texts, legend, maps, signs that are not on one, texts."""
    width, gap = page.width - 2 * page.margin, page.gap
    above = key.spread.height + gap if where.legend == "above" else 0.0
    foot = 0.0 if where.signs or key.signs is None else key.signs.height + 0.5 * gap
    room = page.height - 2 * page.margin - frame.header - frame.footer - above - foot
    ground = Box(page.margin, page.margin + frame.footer + foot, width, room)
    main, blocks = _maps(ground, page, frame, key, where)
    if foot and key.signs is not None:
        low = page.margin + frame.footer
        blocks["signs"] = Box(page.margin, low, key.signs.width, key.signs.height)
    if where.legend == "above":
        blocks |= _above(key, Box(page.margin, main.top + gap, width, key.spread.height), gap)
    top = main.top + above + frame.header + page.margin
    return Layout(page.width, page.height if page.fixed else top, main, blocks)


def _maps(
    ground: Box, page: Page, frame: Frame, key: Key, where: _Where
) -> tuple[Box, dict[str, Box]]:
    """The main map, and beside or under it the enlarged centre and a legend beside that."""
    width, gap, low = ground.width, page.gap, ground.y
    shape, room = shape_of(frame.bounds), ground.height
    if frame.core is None or where.centre == "map":
        height = room if page.fixed else min(width / shape, room)
        return Box(ground.x, low, width, height), {}
    core = shape_of(frame.core)
    if where.centre == "abreast":
        left = min(max(shape / (shape + core), 0.4), 0.6) * (width - gap)
        right = width - gap - left
        height = min(max(left / shape, right / core), room)
        inset = Box(ground.x + left + gap, low, right, height)
        return Box(ground.x, low, left, height), {"centre": inset}
    beside = key.stacked if where.legend == "beside" else None
    across = width - (gap + beside.width if beside else 0.0)
    height = min(width / shape, _MAIN * room)
    deep = min(across / core, height, room - gap - height)
    deep = max(deep, beside.height) if beside else deep
    blocks = {"centre": Box(ground.x, low, across, deep)}
    if beside:
        at = (ground.x + across + gap, low + deep - beside.height)
        blocks["legend"] = Box(*at, beside.width, beside.height)
    return Box(ground.x, low + deep + gap, width, height), blocks


def _above(key: Key, row: Box, gap: float) -> dict[str, Box]:
    """The legend over the map, and the locator at its right where that is low enough."""
    blocks = {"legend": Box(row.x, row.y, key.spread.width, key.spread.height)}
    part = key.locator
    fits = part is not None and key.spread.width + gap + part.width <= row.width
    if part is not None and fits and part.height <= row.height:
        blocks["locator"] = Box(row.right - part.width, row.y, part.width, part.height)
    return blocks


def _inset(frame: Frame, main: Box, free: Room) -> Block | None:
    """The largest inset that finds a place on the map, not far from what it enlarges."""
    if frame.core is None:
        return None
    view = view_of(frame.bounds, main)
    west, south, east, north = frame.core
    for often in _OFTEN:
        wide, high = (
            max(often * side / view.metres_per_mm, _LEAST) for side in (east - west, north - south)
        )
        block = Block("centre", wide, high)
        if wide * high > _MOST * main.width * main.height:
            continue
        box = free.place(block, prefer=_INSET, pad=2.0)
        inner = None if box is None else enlarged(view, view_of(frame.core, box))
        if box is not None and inner is not None and _between(framed(view, inner), box) <= _FAR:
            return block
    return None


def _between(one: Box, other: Box) -> float:
    """Millimetres from one box to another."""
    across = max(one.x - other.right, other.x - one.right, 0.0)
    up = max(one.y - other.top, other.y - one.top, 0.0)
    return hypot(across, up)


def _abreast(page: Page, frame: Frame, key: Key) -> Layout:
    """A slide: map, enlarged centre and key side by side, all as high as the slide allows."""
    height = page.height - 2 * page.margin - frame.header - frame.footer
    bottom = page.margin + frame.footer
    parts = [part for part in (key.stacked, key.signs, key.locator) if part is not None]
    column = max(part.width for part in parts)
    width = page.width - 2 * page.margin - page.gap - column
    x, blocks = page.margin, {}
    if frame.core is not None:
        both, core = width - page.gap, shape_of(frame.core)
        shape = shape_of(frame.bounds)
        width = min(max(shape / (shape + core) * both, 0.4 * both), 0.6 * both)
        blocks["centre"] = Box(x + width + page.gap, bottom, both - width, height)
    right = page.width - page.margin - column
    top = bottom + height
    blocks["legend"] = Box(right, top - key.stacked.height, key.stacked.width, key.stacked.height)
    low = bottom
    for part in (key.signs, key.locator):
        if part is not None and low + part.height + page.gap <= blocks["legend"].y:
            blocks[part.name] = Box(right, low, part.width, part.height)
            low += part.height + page.gap
    return Layout(page.width, page.height, Box(x, bottom, width, height), blocks)
