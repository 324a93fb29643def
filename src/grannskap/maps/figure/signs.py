"""Scale bar and north arrow."""

from __future__ import annotations

from functools import lru_cache
from math import atan2, cos, degrees, radians, sin
from typing import TYPE_CHECKING

from matplotlib.patches import Polygon, Rectangle

from grannskap.language import Language, number
from grannskap.maps.figure.sheet import INK, PT, Block, Box, Page, text_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "bar_metres",
    "bar_text",
    "block",
    "convergence",
    "paint_ground",
    "paint_north",
    "paint_scale",
]


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


def block(page: Page, language: Language) -> Block:
    """Room for the arrow and the longest scale bar with its words."""
    bar = _longest(page) + text_width(bar_text(100_000.0, language), page.small)
    return Block("signs", 0.95 * page.text + bar, page.text * 1.25)


def _longest(page: Page) -> float:
    return 3.2 * page.text


def paint_ground(
    axes: Axes, *, x: float, y: float, metres_per_mm: float, page: Page, language: Language
) -> None:
    """Paint the white ground that a scale bar needs when it stands on the map."""
    metres = bar_metres(metres_per_mm, most=_longest(page))
    words = text_width(bar_text(metres, language), page.small)
    wide = metres / metres_per_mm - text_width("0", page.small) + words
    high = 0.12 * page.text + 0.8 + page.small * PT
    axes.add_patch(
        Rectangle(
            (x - 1.0, y - 0.9),
            wide + 2.0,
            high + 1.5,
            facecolor="white",
            edgecolor="none",
            alpha=0.85,
            gid="scale-ground",
        )
    )


def paint_scale(
    axes: Axes, *, x: float, y: float, metres_per_mm: float, page: Page, language: Language
) -> float:
    """Paint a two-step scale bar whose lower left corner is (x, y); returns its right end."""
    metres = bar_metres(metres_per_mm, most=_longest(page))
    length = metres / metres_per_mm
    thick = 0.12 * page.text
    half = length / 2
    axes.add_patch(
        Rectangle((x, y), half, thick, facecolor=INK, edgecolor=INK, linewidth=0.4, gid="scale-bar")
    )
    axes.add_patch(
        Rectangle((x + half, y), half, thick, facecolor="white", edgecolor=INK, linewidth=0.4)
    )
    size = page.small
    rise = y + thick + 0.8
    words = bar_text(metres, language)
    axes.text(x, rise, "0", fontsize=size, color=INK, va="baseline", ha="left")
    axes.text(
        x + length - text_width("0", size),
        rise,
        words,
        fontsize=size,
        color=INK,
        va="baseline",
        ha="left",
        gid="scale-text",
    )
    return x + length - text_width("0", size) + text_width(words, size)


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
