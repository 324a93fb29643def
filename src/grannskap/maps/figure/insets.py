"""Small maps beside the main one: the dense centre enlarged, and where the view lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.collections import PathCollection
from matplotlib.patches import Rectangle

from grannskap.language import Language, Text
from grannskap.maps.figure.extent import Bounds, fitted
from grannskap.maps.figure.outlines import near
from grannskap.maps.figure.scene import Scene, bounds_of
from grannskap.maps.figure.sheet import NARROW, PT, Block, Box, Page, text_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "Inset",
    "along",
    "centre",
    "locator_block",
    "paint_connectors",
    "paint_frame",
    "paint_locator",
    "paint_words",
    "small",
    "times",
    "wants_locator",
    "words",
]

Inset = Literal["auto", "none", "centre", "locator", "both"]

_TINY = 2.5
"""Millimetres of an area's side on paper below which a reader sees no colour."""

_SHARES = (0.08, 0.1, 0.13, 0.16, 0.2, 0.25, 0.3, 0.36)
"""Shares of the map's width that an inset may enlarge: of more there would be too little gain."""

_FEWEST, _MANY = 5, 0.25
"""How many of the areas, and which share of them, must be too small to be seen."""

_TRIED = 1000
"""Of about how many points each is tried as the middle of an inset; of more, evenly picked ones."""

_TIMES = {
    2: Text("Dubbel skala", "Twice the scale"),
    3: Text("Tredubbel skala", "Three times the scale"),
    4: Text("Fyrdubbel skala", "Four times the scale"),
}

_INK = "#1f1f1f"


def centre(
    scene: Scene, metres_per_mm: float, bounds: Bounds, *, most: float = 0.36
) -> Bounds | None:
    """Bounds of the dense centre, when many areas are too small to be seen on the map.

    Parameters
    ----------
    scene : Scene
        Its shown areas count.
    metres_per_mm : float
        Scale of the main map.
    bounds : tuple of float
        What the main map shows.
    most : float
        Share of the map's width that is enlarged at most.

    Returns
    -------
    tuple of float or None
        Where the small areas are thickest; None when few areas are small.
    """
    geometry = small(scene, metres_per_mm, bounds)
    of = np.count_nonzero(scene.shown & near(scene.geometry, bounds))
    if len(geometry) < max(_FEWEST, _MANY * of):
        return None
    points = shapely.get_coordinates(shapely.centroid(geometry))
    widest = max(bounds[2] - bounds[0], bounds[3] - bounds[1])
    found = _thickest(points, [one for one in _SHARES if one <= most], widest)
    pad = 1.5 * float(np.median(np.sqrt(shapely.area(geometry))))
    west, south = (float(edge) for edge in found.min(axis=0) - pad)
    east, north = (float(edge) for edge in found.max(axis=0) + pad)
    return west, south, east, north


def small(scene: Scene, metres_per_mm: float, bounds: Bounds) -> npt.NDArray[np.object_]:
    """Areas that are shown too small to be seen on a map."""
    geometry = scene.geometry[scene.shown & near(scene.geometry, bounds)]
    return np.asarray(geometry[np.sqrt(shapely.area(geometry)) / metres_per_mm < _TINY])


def _thickest(
    points: npt.NDArray[np.float64], shares: list[float], widest: float
) -> npt.NDArray[np.float64]:
    """Points within the square that gains most: many of them, from a small part of the map."""
    from scipy.spatial import cKDTree

    tree = cKDTree(points)
    middles = points[np.lexsort(points.T)][:: 1 + len(points) // _TRIED]
    best, found = 0.0, points[:0]
    for share in shares:
        reach = share * widest / 2
        held = tree.query_ball_point(middles, reach, p=np.inf, return_length=True)
        middle = int(held.argmax())
        gain = -float(held[middle]) / len(points) * float(np.log(share))
        if gain > best:
            best = gain
            found = points[np.abs(points - middles[middle]).max(axis=1) <= reach]
    return found


def times(scale: float, enlarged: float) -> int:
    """How many times an inset enlarges: a whole number that can be said, 1 where it is no gain.

    Examples
    --------
    >>> times(100.0, 28.0), times(100.0, 60.0)
    (3, 1)
    """
    return min(int(scale / enlarged + 1e-6), max(_TIMES))


def words(scale: float, enlarged: float, language: Language) -> str:
    """Say how many times an inset enlarges."""
    return _TIMES[round(scale / enlarged)](language)


def wants_locator(scene: Scene, bounds: Bounds, page: Page) -> bool:
    """Whether the map shows a part of a municipality, and the page has room to say which."""
    here = set(scene.municipality[scene.shown])
    rest = scene.municipality[~scene.shown]
    if page.width < NARROW or len(here) > 1 or not np.isin(rest, list(here)).any():
        return False
    west, south, east, north = bounds_of(scene.geometry)
    whole = (east - west) * (north - south)
    return (bounds[2] - bounds[0]) * (bounds[3] - bounds[1]) < 0.6 * whole


def locator_block(page: Page, scene: Scene) -> Block:
    """Room for the map that shows where the view lies."""
    west, south, east, north = bounds_of(scene.geometry)
    aspect = (east - west) / (north - south)
    longest = 3.4 * page.text
    return Block("locator", longest * min(1.0, aspect), longest * min(1.0, 1 / aspect))


def paint_locator(axes: Axes, scene: Scene, bounds: Bounds, *, metres_per_mm: float) -> None:
    """Paint all areas as one grey shape, the shown ones dark, and the main map's frame."""
    whole = bounds_of(scene.geometry)
    west, south, east, north = fitted(
        whole, aspect=(whole[2] - whole[0]) / (whole[3] - whole[1]), margin=0.02
    )
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.patch.set_visible(False)
    rows, outlines = scene.shapes.near(scene, whole, metres_per_mm=2 * metres_per_mm)
    shown = scene.shown[rows]
    for inside, colour in ((~shown, "#d5d7d8"), (shown, "#7d7d7d")):
        if inside.any():
            axes.add_collection(
                PathCollection(
                    [outlines.paths[i] for i in np.flatnonzero(inside)],
                    facecolors=colour,
                    edgecolors=colour,
                    linewidths=0.2,
                ),
                autolim=False,
            )
    paint_frame(axes, _at_least(bounds, 2.2 * metres_per_mm))


def _at_least(bounds: Bounds, metres: float) -> Bounds:
    """Bounds grown about their middle until a reader can see their frame."""
    west, south, east, north = bounds
    x, y = (west + east) / 2, (south + north) / 2
    wide, high = max(east - west, metres) / 2, max(north - south, metres) / 2
    return x - wide, y - high, x + wide, y + high


def paint_frame(axes: Axes, bounds: Bounds) -> None:
    """Outline what another map shows, dark on a white casing."""
    west, south, east, north = bounds
    for colour, width, gid in (("white", 1.9, "frame-casing"), (_INK, 0.8, "frame")):
        axes.add_patch(
            Rectangle(
                (west, south),
                east - west,
                north - south,
                facecolor="none",
                edgecolor=colour,
                linewidth=width,
                gid=gid,
                zorder=6,
            )
        )


def paint_connectors(axes: Axes, framed: Box, inset: Box) -> None:
    """Lead from what is enlarged to its inset, by the two pairs of corners that face each other."""
    for start, end in _facing(framed, inset):
        xs, ys = zip(start, end, strict=True)
        for colour, width in (("white", 1.2), (_INK, 0.4)):
            axes.plot(xs, ys, color=colour, linewidth=width, gid="connector", zorder=2)


def along(framed: Box, inset: Box) -> list[Box]:
    """Boxes of a millimetre along what leads from one to the other."""
    found = []
    for start, end in _facing(framed, inset):
        points = np.linspace(start, end, 2 + int(np.hypot(*np.subtract(end, start))))
        found += [Box(float(x) - 0.5, float(y) - 0.5, 1.0, 1.0) for x, y in points]
    return found


Point = tuple[float, float]


def _facing(framed: Box, inset: Box) -> list[tuple[Point, Point]]:
    """Pairs of corners: of the sides that look at each other most directly."""
    apart = {
        "below": framed.y - inset.top,
        "above": inset.y - framed.top,
        "right": inset.x - framed.right,
        "left": framed.x - inset.right,
    }
    where = max(apart, key=lambda side: apart[side])
    if where in ("below", "above"):
        ours, theirs = (framed.y, inset.top) if where == "below" else (framed.top, inset.y)
        return [
            ((framed.x, ours), (inset.x, theirs)),
            ((framed.right, ours), (inset.right, theirs)),
        ]
    ours, theirs = (framed.right, inset.x) if where == "right" else (framed.x, inset.right)
    return [((ours, framed.y), (theirs, inset.y)), ((ours, framed.top), (theirs, inset.top))]


def paint_words(axes: Axes, inset: Box, text: str, page: Page) -> None:
    """Say in the lower right corner of an inset how many times it enlarges."""
    wide, high = text_width(text, page.small, bold=True) + 2.0, 1.5 * page.small * PT
    corner = (inset.right - wide - 0.4, inset.y + 0.4)
    axes.add_patch(
        Rectangle(
            corner, wide, high, facecolor="white", edgecolor="none", alpha=0.86, gid="inset-ground"
        )
    )
    axes.text(
        corner[0] + 1.0,
        corner[1] + 0.33 * high,
        text,
        fontsize=page.small,
        fontweight="bold",
        color=_INK,
        va="baseline",
        gid="inset-words",
    )
