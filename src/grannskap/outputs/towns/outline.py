"""The map on the page of all towns: outlines as paths, each in the class of its balance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from grannskap.maps import style as styles
from grannskap.maps.atlas.printed import balance_map

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from grannskap.analysis import Results, View
    from grannskap.maps.style import Style

__all__ = ["Class", "Outline", "outline"]

_SIDES = (520.0, 760.0)
"""Units of the drawing, which is no wider and no higher."""

_BEND = 0.35
"""Units below which a bend of a border is left out."""

_DOTTED = "#f2f2f2"
"""Ground of a town without a class."""


@dataclass(frozen=True)
class Class:
    """A class of the legend: its words, its colour, and how many towns are in it."""

    label: str
    colour: str
    towns: int


@dataclass(frozen=True)
class Outline:
    """The drawing.

    Attributes
    ----------
    width, height : float
        In units.
    paths : mapping of str to str
        The outline of each town, as SVG has it, by code.
    colours : mapping of str to str
        The colour of each, by code.
    classes : tuple of Class
        The legend, lowest first; classes without a town are there too, gaps are not.
    ends : tuple of str
        What stands at its lowest, middle and highest class.
    """

    width: float
    height: float
    paths: Mapping[str, str]
    colours: Mapping[str, str]
    classes: tuple[Class, ...]
    ends: tuple[str, ...]


def outline(results: Results, view: View, table: pd.DataFrame) -> Outline:
    """Return the map of towns, each in the class of its balance.

    Parameters
    ----------
    results : Results
        Of all towns.
    view : View
        What is asked for of the whole.
    table : pandas.DataFrame
        As `grannskap.outputs.towns.table.table` gives it.
    """
    style = balance_map(results, view).style
    lower, upper = table["at_least"], table["at_most"]
    why = table["status"]
    classes = styles.classify(table["balance"], style, status=why, lower=lower, upper=upper)
    drawn = view.drawn(results)
    drawn = drawn[drawn["municipality"].isin(table.index).to_numpy()]
    scale, corner, sides = _placed(drawn)
    shapes = _dissolved(drawn, bend=_BEND / scale)
    return Outline(
        *sides,
        paths={code: _path(one, scale, corner) for code, one in shapes.items()},
        colours={
            str(code): style.colours[number] if number >= 0 else _DOTTED
            for code, number in classes.items()
        },
        classes=tuple(_legend(classes, style)),
        ends=style.ends,
    )


def _legend(classes: pd.Series[int], style: Style) -> list[Class]:
    held = classes.value_counts()
    found = [
        Class(label, colour, int(held.get(number, 0)))
        for number, (label, colour) in enumerate(zip(style.labels, style.colours, strict=True))
    ]
    without = [
        Class(style.gaps[-1 - int(number)].label, _DOTTED, int(held[number]))
        for number in sorted(held.index, reverse=True)
        if number < 0
    ]
    return [*found, *without]


def _placed(
    drawn: gpd.GeoDataFrame,
) -> tuple[float, tuple[float, float], tuple[float, float]]:
    """Return units per metre, the north-western corner, and the sides of the drawing."""
    west, south, east, north = (float(edge) for edge in drawn.total_bounds)
    scale = min(_SIDES[0] / (east - west), _SIDES[1] / (north - south))
    sides = round((east - west) * scale, 1), round((north - south) * scale, 1)
    return scale, (west, north), sides


def _dissolved(drawn: gpd.GeoDataFrame, *, bend: float) -> dict[str, BaseGeometry]:
    """Return the outline of each municipality, simplified as one coverage."""
    simple = shapely.coverage_simplify(drawn.geometry.to_numpy(), bend)
    lost = shapely.is_empty(simple)
    simple = np.where(lost, drawn.geometry.to_numpy(), simple)
    codes = drawn["municipality"].to_numpy()
    return {str(code): shapely.union_all(simple[codes == code]) for code in np.unique(codes)}


def _path(shape: BaseGeometry, scale: float, corner: tuple[float, float]) -> str:
    """Return the rings of a shape as SVG has them, with a decimal."""
    rings = []
    for part in shapely.get_parts(shape):
        if part.geom_type != "Polygon":
            continue
        for ring in (part.exterior, *part.interiors):
            at = shapely.get_coordinates(ring)[:-1]
            x, y = (at[:, 0] - corner[0]) * scale, (corner[1] - at[:, 1]) * scale
            points = dict.fromkeys(f"{a:.1f} {b:.1f}" for a, b in zip(x, y, strict=True))
            if len(points) > 2:
                rings.append(f"M{'L'.join(points)}Z")
    return "".join(rings)
