"""What lies under a text on a map, and where the name of a place may stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely

from grannskap.maps.figure.labels import Placed, Tag
from grannskap.maps.figure.outlines import near
from grannskap.maps.figure.scene import Scene
from grannskap.maps.figure.sheet import NARROW, PT, Box, Page, text_width
from grannskap.maps.figure.views import Viewport, on_sheet

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from grannskap.maps.marks import Label

__all__ = ["Footing", "most_names", "named"]

_TIMES, _OWN = 2.5, 4.0
"""How many times the box of a name an area under it is at least; one of the place itself may be
as small as the box, where the whole place is so many times it."""

_INSIDE = 0.6
"""Share of its box that lies in the place it names."""

_APART = 1.0
"""Half the millimetres between two names."""

_EACH = 3000.0
"""Square millimetres of map for each name."""

_MOST, _MOST_ENLARGED = 12, 6
_TOUCHED = 0.02
"""Share of a name's box that is no covering."""

_ROUND = ((0, 0), (0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1))

Floats = npt.NDArray[np.float64]


def most_names(page: Page, view: Viewport, *, enlarged: bool) -> int:
    """How many names a map has room for."""
    if page.width < NARROW:
        return 0
    room = int(view.box.width * view.box.height / _EACH)
    return min(room, _MOST_ENLARGED if enlarged else _MOST)


@dataclass(frozen=True)
class Footing:
    """The areas of a map, and its scale.

    Attributes
    ----------
    view : Viewport
        Where the map stands and what it shows.
    areas : numpy.ndarray of shapely geometries
        All areas that come into it.
    shown : numpy.ndarray of bool
        Which of them are in colour.
    schematic : bool
        Whether all areas are cells of one size: a name then covers what it must.
    """

    view: Viewport
    areas: npt.NDArray[np.object_]
    shown: npt.NDArray[np.bool_]
    schematic: bool = False

    @classmethod
    def of(cls, what: Scene, view: Viewport) -> Footing:
        """Take the areas of a scene that a map shows."""
        here = near(what.geometry, view.bounds)
        return cls(view, what.geometry[here], what.shown[here], what.schematic)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The areas, for asking which lie under a box."""
        return shapely.STRtree(self.areas)

    @cached_property
    def size(self) -> Floats:
        """Square millimetres of each area on the sheet."""
        return np.asarray(shapely.area(self.areas) / self.view.metres_per_mm**2)

    def smaller(self, edges: Floats) -> npt.NDArray[np.int64]:
        """Count, for each box of the sheet, the areas in colour under it that are smaller."""
        scale = self.view.metres_per_mm
        west, south = self.view.bounds[:2]
        moved = (edges - np.tile([self.view.box.x, self.view.box.y], 2)) * scale
        boxes = shapely.box(*(moved + np.tile([west, south], 2)).T)
        box, area = self.tree.query(boxes, predicate="intersects")
        size = shapely.area(boxes) / scale**2
        counted = self.shown[area] & (self.size[area] < size[box])
        return np.bincount(box[counted], minlength=len(edges))

    def bears(self, box: Box, place: BaseGeometry | None) -> bool:
        """Tell whether the name of a place may stand in a box of the sheet."""
        west, south = self.view.bounds[:2]
        scale, frame = self.view.metres_per_mm, self.view.box
        low = ((box.x - frame.x) * scale + west, (box.y - frame.y) * scale + south)
        text = shapely.box(*low, low[0] + box.width * scale, low[1] + box.height * scale)
        under = self.tree.query(text, predicate="intersects")
        covered = shapely.area(shapely.intersection(self.areas[under], text))
        under = under[covered > _TOUCHED * text.area]
        if not self.shown[under].all():
            return False
        if self.schematic:
            return True
        room = box.width * box.height
        large = self.size[under] >= _TIMES * room
        if place is None:
            return bool(large.all())
        if len(under) and place.intersection(text).area < _INSIDE * text.area:
            return False
        if place.area / scale**2 >= _OWN * room:
            own = shapely.area(shapely.intersection(self.areas[under], place))
            own_share = own / shapely.area(self.areas[under])
            large |= (own_share > 0.5) & (self.size[under] >= room)
        return bool(large.all())


def named(
    labels: Sequence[Label], footing: Footing, page: Page, *, clear: Sequence[Box], most: int
) -> list[Placed]:
    """Name places where there is room, the lowest ranks first; the others have no name.

    Parameters
    ----------
    labels : sequence of Label
        Places.
    footing : Footing
        The map.
    page : Page
        Type sizes.
    clear : sequence of Box
        What names do not cover.
    most : int
        How many names at most.

    Returns
    -------
    list of Placed
        Without leaders.
    """
    found: list[Placed] = []
    taken = list(clear)
    for label in sorted(labels, key=lambda one: one.rank):
        if len(found) == most:
            break
        box = next(
            (
                one
                for one in _places(label, footing.view, page)
                if _within(one, footing.view.box)
                and not any(_overlap(one, other) for other in taken)
                and footing.bears(one, label.place)
            ),
            None,
        )
        if box is not None:
            found.append(Placed(Tag(label.text, box, page.small), box, leader=False, overlap=0.0))
            taken.append(box)
    return found


def _places(label: Label, view: Viewport, page: Page) -> Iterator[Box]:
    """Boxes about the middle of a place, the nearest first."""
    wide, high = text_width(label.text, page.small), 1.1 * page.small * PT
    x, y = on_sheet(view.box, view.bounds)(label.x, label.y)
    for far in (0.0, 0.5, 1.0, 1.6, 2.4):
        for across, up in _ROUND[1:] if far else _ROUND[:1]:
            middle = (x + 0.5 * far * across * wide, y + far * up * high)
            yield Box(middle[0] - wide / 2, middle[1] - high / 2, wide, high)


def _within(box: Box, frame: Box) -> bool:
    return bool(
        frame.x + 1 <= box.x
        and box.right <= frame.right - 1
        and frame.y + 1 <= box.y
        and box.top <= frame.top - 1
    )


def _overlap(one: Box, other: Box) -> bool:
    return bool(
        one.x - _APART < other.right + _APART
        and other.x - _APART < one.right + _APART
        and one.y - _APART < other.top + _APART
        and other.y - _APART < one.top + _APART
    )
