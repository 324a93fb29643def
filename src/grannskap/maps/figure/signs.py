"""Scale bar, and an arrow where north is not up."""

from __future__ import annotations

from functools import lru_cache
from math import atan2, cos, degrees, radians, sin
from typing import TYPE_CHECKING

from matplotlib.patches import Polygon

from grannskap.language import Language, number
from grannskap.maps.figure.sheet import INK, PT, Block, Box, Page, halo_text, text_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "aslant",
    "bar_metres",
    "bar_text",
    "block",
    "convergence",
    "paint_north",
    "paint_scale",
    "paint_signs",
]


_LONGEST = 30.0
"""Millimetres of a scale bar at most."""

_TICK = 1.3
"""Millimetres of the ends of a scale bar."""

_UP = 5.0
"""Degrees between up and north from which an arrow shows it."""


def bar_metres(metres_per_mm: float, *, most: float) -> float:
    """Length of the scale bar: 1, 2 or 5 times a power of ten, at most `most` millimetres.

    Examples
    --------
    >>> bar_metres(100.0, most=25.0)
    2000.0
    """
    room = metres_per_mm * most
    power = 1.0
    while power * 10 <= room:
        power *= 10
    while power > room:
        power /= 10
    return max(step * power for step in (1, 2, 5) if step * power <= room)


def bar_text(metres: float, language: Language) -> str:
    """Write the length of the scale bar in metres or kilometres.

    Examples
    --------
    >>> bar_text(2000.0, "sv"), bar_text(500.0, "sv")
    ('2 km', '500 m')
    """
    if metres >= 1000:
        return f"{number(metres / 1000, decimals=0, language=language)} km"
    return f"{number(metres, decimals=0, language=language)} m"


def block(page: Page, angle: float, language: Language, *, most: float = _LONGEST) -> Block:
    """Room for the longest scale bar with its words, and for the arrow where up is not north."""
    bar = max(min(most, _LONGEST), _words(page, language))
    return Block("signs", bar + _arrow(page, angle), _high(page))


def aslant(angle: float) -> bool:
    """Tell whether north is so far from up that an arrow must say so."""
    return abs(angle) > _UP


def _arrow(page: Page, angle: float) -> float:
    return 0.55 * page.text + 2.0 if aslant(angle) else 0.0


def _words(page: Page, language: Language) -> float:
    return text_width(bar_text(100_000.0, language), page.small)


def _high(page: Page) -> float:
    return _TICK + 0.6 + page.small * PT


def paint_signs(
    axes: Axes,
    box: Box,
    *,
    metres_per_mm: float,
    angle: float,
    page: Page,
    language: Language,
    most: float = _LONGEST,
) -> None:
    """Paint the scale bar into its box, and after it the arrow where there is one."""
    paint_scale(
        axes,
        x=box.x,
        y=box.y,
        metres_per_mm=metres_per_mm,
        page=page,
        language=language,
        most=min(most, _LONGEST),
    )
    if aslant(angle):
        wide, high = 0.55 * page.text, max(1.25 * page.text, box.height)
        paint_north(axes, Box(box.right - wide, box.y, wide, high), angle=angle, page=page)


def paint_scale(
    axes: Axes,
    *,
    x: float,
    y: float,
    metres_per_mm: float,
    page: Page,
    language: Language,
    most: float = _LONGEST,
) -> None:
    """Paint a thin bracket whose lower left corner is (x, y), and its length over it.

    It has a white casing, so that it can stand on a map.
    """
    metres = bar_metres(metres_per_mm, most=most)
    length = metres / metres_per_mm
    xs, ys = [x, x, x + length, x + length], [y + _TICK, y, y, y + _TICK]
    for colour, width, gid in (("white", 2.2, "scale-casing"), (INK, 0.7, "scale-bar")):
        axes.plot(xs, ys, color=colour, linewidth=width, gid=gid, zorder=5.5)
    words = axes.text(
        x + length / 2,
        y + 0.8,
        bar_text(metres, language),
        fontsize=page.small,
        color=INK,
        ha="center",
        va="baseline",
        gid="scale-text",
        zorder=6,
    )
    halo_text(axes, words)


@lru_cache(maxsize=64)
def convergence(x: float, y: float, crs: str) -> float:
    """Degrees that true north lies anticlockwise of grid north at a point of the map.

    Parameters
    ----------
    x, y : float
        Easting and northing in metres.
    crs : str
        The map's projection, for example ``"EPSG:3006"``.

    Returns
    -------
    float
        Positive east of the central meridian (15° E in SWEREF 99 TM).

    Examples
    --------
    >>> round(convergence(650000.0, 6640000.0, "EPSG:3006"), 1)
    2.3
    """
    from pyproj import Transformer

    there = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    longitude, latitude = there.transform(x, y)
    east, north = there.transform(longitude, latitude + 0.01, direction="INVERSE")
    return degrees(atan2(x - east, north - y))


def paint_north(axes: Axes, box: Box, *, angle: float, page: Page) -> None:
    """Paint an arrow to true north, turned `angle` degrees anticlockwise, with its letter."""
    size = page.small
    letter = size * PT
    long = box.height - letter - 0.8
    middle_x = box.x + box.width / 2
    middle_y = box.y + long / 2
    turn = radians(angle)

    def placed(across: float, along: float) -> tuple[float, float]:
        return (
            middle_x + across * cos(turn) - along * sin(turn),
            middle_y + across * sin(turn) + along * cos(turn),
        )

    tip, foot, wing = long / 2, -long / 2, long * 0.28
    left = [placed(0, tip), placed(-wing, foot), placed(0, foot * 0.45)]
    right = [placed(0, tip), placed(wing, foot), placed(0, foot * 0.45)]
    axes.add_patch(
        Polygon(left, closed=True, facecolor=INK, edgecolor=INK, linewidth=0.4, gid="north-arrow")
    )
    axes.add_patch(Polygon(right, closed=True, facecolor="white", edgecolor=INK, linewidth=0.4))
    x, y = placed(0, tip + 0.6 + 0.35 * letter)
    axes.text(x, y, "N", fontsize=size, color=INK, ha="center", va="center", fontweight="bold")
