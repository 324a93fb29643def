"""Colours that hold: in print, in grey, and for the colour-blind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
import numpy.typing as npt

from grannskap.errors import DataError
from grannskap.wording import in_both

__all__ = ["Clash", "Sight", "checked", "clashes", "lab", "lightness", "perceived", "ramp"]

Sight = Literal["normal", "protanopia", "deuteranopia", "tritanopia", "grey"]

SIGHTS: tuple[Sight, ...] = ("normal", "protanopia", "deuteranopia", "tritanopia", "grey")

LEAST_DISTANCE = 10.0
"""Least distance of two classes in CIE Lab (ΔE 1976); about 2.3 is just noticeable side by
side, and a reader compares an area with a legend some centimetres away."""

LEAST_STEP = 4.0
"""Least difference of lightness (L*, 0–100) of two classes printed in grey."""

Floats = npt.NDArray[np.float64]

# Machado, Oliveira and Fernandes (2009), A physiologically-based model for simulation of
# color vision deficiency, IEEE TVCG 15(6): matrices for severity 1.0, on linear RGB.
_MACHADO: dict[str, Floats] = {
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}

# IEC 61966-2-1 (sRGB): linear RGB to CIE XYZ, and the white point D65.
_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_WHITE = _XYZ.sum(axis=1)


@dataclass(frozen=True)
class Clash:
    """Two classes that cannot be told apart.

    Attributes
    ----------
    first, second : int
        Their places in the palette.
    sight : str
        Whose sight, or "grey" for a grey print.
    distance : float
        In CIE Lab, or in L* for grey.
    """

    first: int
    second: int
    sight: Sight
    distance: float


def _linear(colours: Sequence[str]) -> Floats:
    rgb = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in colours]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def _encoded(linear: Floats) -> Floats:
    clipped = np.clip(linear, 0, 1)
    return np.where(clipped <= 0.0031308, 12.92 * clipped, 1.055 * clipped ** (1 / 2.4) - 0.055)


def _hex(rgb: Floats) -> tuple[str, ...]:
    whole = np.rint(255 * np.clip(rgb, 0, 1)).astype(int)
    return tuple("#" + "".join(f"{channel:02x}" for channel in row) for row in whole)


def lab(colours: Sequence[str]) -> Floats:
    """CIE Lab (L* 0–100, a*, b*; D65) of hex colours, one row each.

    Examples
    --------
    >>> lab(["#ffffff"]).round(1).tolist()
    [[100.0, 0.0, 0.0]]
    """
    ratio = _linear(colours) @ _XYZ.T / _WHITE
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = f.T
    return np.column_stack([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def _from_lab(values: Floats) -> tuple[str, ...]:
    light, a, b = values.T
    y = (light + 16) / 116
    f = np.column_stack([y + a / 500, y, y - b / 200])
    ratio = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29))
    return _hex(_encoded(ratio * _WHITE @ np.linalg.inv(_XYZ).T))


def lightness(colours: Sequence[str]) -> Floats:
    """Lightness L* (0–100) of hex colours: what is left of them in a grey print."""
    return lab(colours)[:, 0]


def perceived(colours: Sequence[str], sight: Sight) -> tuple[str, ...]:
    """Hex colours as somebody sees them, or as a grey printer prints them.

    Parameters
    ----------
    colours : sequence of str
        Hex colours.
    sight : {"normal", "protanopia", "deuteranopia", "tritanopia", "grey"}
        Dichromats by the matrices of Machado, Oliveira and Fernandes (2009).

    Returns
    -------
    tuple of str
        Hex colours, in the same order.

    Examples
    --------
    >>> perceived(["#808080"], "deuteranopia")
    ('#808080',)
    """
    linear = _linear(colours)
    if sight in _MACHADO:
        linear = linear @ _MACHADO[sight].T
    elif sight == "grey":
        linear = np.repeat((linear @ _XYZ[1])[:, None], 3, axis=1)
    return _hex(_encoded(linear))


def clashes(colours: Sequence[str], *, hatches: Sequence[str] = ()) -> list[Clash]:
    """Pairs of classes that somebody cannot tell apart.

    A pair counts when its distance in CIE Lab is below 10 for normal sight or one of three
    deficiencies, or when its lightness differs by less than 4 in grey. Classes with
    different hatches are told apart by them.

    Parameters
    ----------
    colours : sequence of str
        Hex colours in legend order.
    hatches : sequence of str
        A hatch per class, "" for none; empty when there are none.

    Returns
    -------
    list of Clash
        Empty when the palette holds.
    """
    marks = hatches or ("",) * len(colours)
    found = []
    for sight in SIGHTS:
        points = lab(perceived(colours, sight))
        least = LEAST_STEP if sight == "grey" else LEAST_DISTANCE
        for first, second in combinations(range(len(colours)), 2):
            distance = float(np.linalg.norm(points[first] - points[second]))
            if marks[first] == marks[second] and distance < least:
                found.append(Clash(first, second, sight, distance))
    return found


def checked(
    colours: Sequence[str], *, classes: int, hatches: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return a palette of hex colours, or refuse it with the reason.

    Parameters
    ----------
    colours : sequence of str
        Such as ``"#b35806"``, in legend order.
    classes : int
        How many are needed.
    hatches : sequence of str
        A hatch per class, "" for none; empty when there are none.

    Returns
    -------
    tuple of str
        In lower case.

    Raises
    ------
    DataError
        When one is no hex colour, when their number is wrong, or when two classes cannot be
        told apart by everybody and in grey.

    Examples
    --------
    >>> checked(["#FFFFFF", "#b35806"], classes=2)
    ('#ffffff', '#b35806')
    """
    strange = [c for c in colours if not re.fullmatch(r"#[0-9a-fA-F]{6}", c)]
    if strange or len(colours) != classes:
        raise DataError(
            "colours of classes",
            {"classes": classes, "wrong": len(strange), "strange": strange, "count": len(colours)},
        )
    palette = tuple(colour.lower() for colour in colours)
    found = clashes(palette, hatches=hatches)
    if found:
        worst = min(found, key=lambda clash: clash.distance)
        raise DataError(
            "colours too alike",
            {
                "first": worst.first + 1,
                "colour": palette[worst.first],
                "second": worst.second + 1,
                "other": palette[worst.second],
                "distance": worst.distance,
                "sight": in_both("errors.phrases.sight", {"sight": worst.sight}),
            },
        )
    return palette


def ramp(anchors: Sequence[str], k: int) -> tuple[str, ...]:
    """`k` colours spaced evenly along a line through anchors in CIE Lab.

    Examples
    --------
    >>> ramp(["#000000", "#ffffff"], 3)
    ('#000000', '#777777', '#ffffff')
    """
    points = lab(anchors)
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    at = np.linspace(0, along[-1], k)
    return _from_lab(np.column_stack([np.interp(at, along, points[:, i]) for i in range(3)]))
