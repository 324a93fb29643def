"""Palettes that hold for everybody and in grey: purple and orange poles, one-way ramps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from grannskap.errors import DataError
from grannskap.maps.style.colours import checked, ramp

__all__ = ["NEUTRAL", "NINE", "QUIET", "diverging", "sequential"]

Pole = Literal["low", "high"]

NEUTRAL = "#f7f7f7"
"""The middle of a scale with two poles."""

QUIET = "#e0dfdb"
"""Not distinguishable from chance: grey, and darker than what lies outside the view."""

# ColorBrewer's PuOr with its purple side one step darker. In grey the two sides of PuOr have
# classes of the same lightness; so darkened, every class of seven has a grey of its own and
# each side still falls evenly from the middle to its pole.
_PURPLE = {
    0: (),
    1: ("#8f83bd",),
    2: ("#a59bcd", "#542788"),
    3: ("#c0bbe2", "#8f83bd", "#542788"),
    4: ("#d0cfe8", "#a39bcd", "#60459a", "#351259"),
}
_ORANGE = {
    0: (),
    1: ("#f1a340",),
    2: ("#fdc57f", "#c0620a"),
    3: ("#fee0b6", "#f1a340", "#b35806"),
    4: ("#fee8c8", "#fbb45c", "#d27310", "#9c4700"),
}
_ONE_WAY = ("#fff3e0", "#fdc27a", "#e08214", "#b35806", "#5f2d02")
_MOST = 9


def sequential(
    classes: int, *, dark: Pole = "high", colours: Sequence[str] = ()
) -> tuple[str, ...]:
    """Colours of a one-way scale, pale to dark orange.

    Parameters
    ----------
    classes : int
        1 to 9.
    dark : {"high", "low"}
        Which end is dark.
    colours : sequence of str
        Hex colours to use instead; they are checked.

    Returns
    -------
    tuple of str
        From the lowest class to the highest.

    Raises
    ------
    DataError
        When there are too many classes, or when own colours do not hold.
    """
    if colours:
        return checked(colours, classes=classes)
    if not 1 <= classes <= _MOST:
        raise DataError("number of classes", {"most": _MOST, "classes": str(classes)})
    found = ramp(_ONE_WAY, classes) if classes > 1 else (_ONE_WAY[2],)
    return found if dark == "high" else found[::-1]


def diverging(
    edges: Sequence[float],
    *,
    centre: float,
    orange: Pole = "high",
    colours: Sequence[str] = (),
) -> tuple[str, ...]:
    """Colours of a scale with two poles: purple, near white, orange.

    Parameters
    ----------
    edges : sequence of float
        Inner class edges.
    centre : float
        The middle; the class round it is near white, and there is none when it is an edge.
    orange : {"high", "low"}
        The poor pole.
    colours : sequence of str
        Hex colours to use instead; they are checked.

    Returns
    -------
    tuple of str
        From the lowest class to the highest.

    Raises
    ------
    DataError
        When a side has more than four classes, or when own colours do not hold.
    """
    if colours:
        return checked(colours, classes=len(edges) + 1)
    below = sum(edge < centre for edge in edges)
    above = sum(edge > centre for edge in edges)
    middle = () if any(math.isclose(edge, centre) for edge in edges) else (NEUTRAL,)
    if not middle:
        below, above = below + 1, above + 1
    if max(below, above) > max(_PURPLE):
        raise DataError("too many classes about the middle", {"below": below, "above": above})
    deepest = max(below, above)
    low, high = (_PURPLE, _ORANGE) if orange == "high" else (_ORANGE, _PURPLE)
    return (*low[deepest][:below][::-1], *middle, *high[deepest][:above])


NINE = (
    ("#f7f7f5", "#b5aed4", "#735bb1"),
    ("#fdc177", "#c29da6", "#734179"),
    ("#e77918", "#af6136", "#4e1f26"),
)
"""Colours of a 3 × 3 map, a row per class of the first variable, lowest first.

The first runs to orange, the second to purple, both to dark brown. Found by search: the least
distance of two classes is ΔE2000 11.0 over normal and three colour-blind sights, and the least
step in grey 4.5 L*."""
