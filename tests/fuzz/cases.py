"""What a case of the corpus is, and how one is made from the small town."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pyproj
import shapely
from small_town import EAST, NORTH, areas, geojson, moved, quads, use

Expected = Literal["refused", "noted", "fine"]


@dataclass(frozen=True)
class Case:
    """One change of the town's folder, and what must become of it.

    `words` are part of the refusal, or the kind of the note. What could hang or take all memory
    is asked `alone`, in a process that is bounded.
    """

    name: str
    build: Callable[[Path], object]
    expected: Expected
    words: str = ""
    alone: bool = False


def boundaries(text: str | bytes, name="boundaries.geojson"):
    """Put a text or bytes in the boundaries' place."""

    def build(folder):
        content = text() if callable(text) else text
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        if name != "boundaries.geojson":
            use(folder, "boundaries", name)

    return build


def shapes(change, crs="EPSG:3006"):
    """Boundaries whose shapes are changed, called to be in a system."""
    name = None if crs is None else f"urn:ogc:def:crs:{crs.replace(':', '::')}"
    return boundaries(lambda: geojson(areas(change()), name))


def called(true: str, stated: str | None, *, swap=False, factor=1.0):
    """The town's true coordinates in one system, called to be in another."""

    def change():
        def move(xy):
            change_system = pyproj.Transformer.from_crs("EPSG:3006", true, always_xy=True)
            made = np.column_stack(change_system.transform(xy[:, 0], xy[:, 1])) * factor
            return made[:, ::-1] if swap else made

        return moved(quads(), move)

    return shapes(change, stated)


def star(corners):
    turns = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    far = 300 + 100 * (np.arange(corners) % 2)
    ring = np.column_stack([EAST + far * np.cos(turns), NORTH + far * np.sin(turns)])
    return shapely.Polygon(ring)


def tangle(corners, seed=1):
    return shapely.Polygon(
        np.random.default_rng(seed).uniform(0, 600, (corners, 2)) + np.array([EAST, NORTH])
    )


NESTED = struct.pack("<BII", 1, 7, 1) * 100_000 + struct.pack("<BI", 1, 7) + b"\0\0\0\0"
"""A hundred thousand collections in each other, and nothing in the last."""
