"""Where the map, its insets and its key stand on a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grannskap.maps.figure.page import Block, Box, Page

__all__ = ["Frame", "Key", "Layout", "arrange"]


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
        Of the key beside the map or below it, the one whose map fills more of its page; a
        slide has its key beside.
    """
    if page.fixed:
        return _abreast(page, frame, key)
    layouts = (_beside(page, frame, key), _below(page, frame, key))
    return max(layouts, key=lambda layout: _filled(layout, frame))


def _filled(layout: Layout, frame: Frame) -> float:
    """Share of the page that is map, not counting what fills up a map's box."""
    maps = [(layout.map, frame.aspect)]
    if frame.centre is not None:
        maps.append((layout.blocks["centre"], frame.centre))
    area = sum(
        min(box.width, box.height * shape) * min(box.height, box.width / shape)
        for box, shape in maps
    )
    return area / (layout.width * layout.height)


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


def _below(page: Page, frame: Frame, key: Key) -> Layout:
    """A row under the map: the legend spread out, or the enlarged centre and the key."""
    width = page.width - 2 * page.margin
    room = _room(page, frame) - page.gap
    row = _row(key, width, page.gap) if frame.centre is None else _stack(key, 1.5 * page.gap)
    height = min(width / frame.aspect, room - row)
    across = width - page.gap - _column(key)
    if frame.centre is not None:
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
