"""What every map of a picture shows: areas with their classes, and which of them are in colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from grannskap.maps.figure.extent import Bounds, Selection, shown
from grannskap.maps.figure.outlines import Shapes
from grannskap.maps.figure.signs import convergence
from grannskap.maps.style import QUIET, Style, bounded, classify, doubtful

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["SCHEMATIC", "Known", "Scene", "bounds_of", "scene"]

_MOST = 0.5

SCHEMATIC = "grannskap_schematic"
"""Attribute of a frame whose places are not true: no scale bar, no north arrow."""


@dataclass(frozen=True)
class Known:
    """What is known of the values beside themselves, each on ``deso`` or None.

    Attributes
    ----------
    status : pandas.Series of str or None
        Why an area has no value.
    lower, upper : pandas.Series of float or None
        The least and the most that a value can be.
    """

    status: pd.Series[Any] | None = None
    lower: pd.Series[Any] | None = None
    upper: pd.Series[Any] | None = None

    def classes(self, values: pd.Series[Any], style: Style) -> npt.NDArray[np.int64]:
        """Class of each value, as `grannskap.maps.style.classify` counts them."""
        found = classify(values, style, status=self.status, lower=self.lower, upper=self.upper)
        return found.to_numpy(dtype=np.int64)

    def bounded(self, values: pd.Series[Any], style: Style) -> npt.NDArray[np.bool_]:
        """Tell which areas are in a class by their bounds alone."""
        if self.lower is None or self.upper is None:
            return np.zeros(len(values), dtype=bool)
        return bounded(values, style, lower=self.lower, upper=self.upper).to_numpy(dtype=bool)

    def doubtful(self, values: pd.Series[Any], style: Style) -> npt.NDArray[np.bool_]:
        """Tell which areas have a value that could lie in another class."""
        if self.lower is None or self.upper is None:
            return np.zeros(len(values), dtype=bool)
        return doubtful(values, style, lower=self.lower, upper=self.upper).to_numpy(dtype=bool)


@dataclass(frozen=True)
class Scene:
    """Areas with their classes, and which of them are shown.

    Attributes
    ----------
    codes : numpy.ndarray of str
        DeSO codes.
    geometry : numpy.ndarray of shapely geometries
        In metres.
    shown : numpy.ndarray of bool
        Areas in colour; the others are faint.
    classes : numpy.ndarray of int
        Class of each area, −1−g where it has none for the reason of gap g of the style.
    bounded : numpy.ndarray of bool
        Areas without a value whose bounds lie in their class: they carry a mark.
    doubtful : numpy.ndarray of bool
        Areas with a value that could lie in another class: they carry another mark.
    municipality : numpy.ndarray of str
        Municipality code of each area.
    values : numpy.ndarray
        What an area's title in SVG tells.
    style : Style
        Colours and hatches.
    background : numpy.ndarray of shapely geometries
        Outlines of municipalities given by the caller; may be empty.
    land : numpy.ndarray of shapely geometries
        Polygons of land, where it is known what is land and what is water; else empty.
    shapes : Shapes
        Outlines shared with other maps.
    crs : str
        The projection.
    schematic : bool
        Whether places are not true (hexagons): no scale bar, no north arrow.
    """

    codes: npt.NDArray[Any]
    geometry: npt.NDArray[Any]
    shown: npt.NDArray[np.bool_]
    classes: npt.NDArray[np.int64]
    bounded: npt.NDArray[np.bool_]
    doubtful: npt.NDArray[np.bool_]
    municipality: npt.NDArray[Any]
    values: npt.NDArray[Any]
    style: Style
    background: npt.NDArray[Any]
    land: npt.NDArray[Any]
    shapes: Shapes
    crs: str
    schematic: bool = False

    def turned(self, bounds: Bounds) -> float:
        """Degrees that north lies anticlockwise of up in the middle of a map; 0 on a scheme."""
        if self.schematic:
            return 0.0
        west, south, east, north = bounds
        return convergence((west + east) / 2, (south + north) / 2, self.crs)

    @property
    def quiet(self) -> bool:
        """Whether most of what is shown is grey: its surroundings are then paler."""
        grey = [place for place, colour in enumerate(self.style.colours) if colour == QUIET]
        return bool(np.isin(self.classes[self.shown], grey).mean() > _MOST)


def scene(
    areas: gpd.GeoDataFrame,
    values: pd.Series[Any],
    style: Style,
    *,
    view: Selection | None,
    background: gpd.GeoDataFrame | gpd.GeoSeries | None,
    land: gpd.GeoSeries | None = None,
    known: Known = Known(),
    shapes: Shapes | None = None,
) -> Scene:
    """Bring areas and values together by label; areas without a value are missing."""
    met = values.reindex(areas.index)
    codes = areas.index.to_numpy(dtype=object)
    outlines = [] if background is None else background.geometry.to_numpy()
    return Scene(
        codes=codes,
        geometry=np.asarray(areas.geometry.to_numpy(), dtype=object),
        shown=shown(areas, view),
        classes=known.classes(met, style),
        bounded=known.bounded(met, style),
        doubtful=known.doubtful(met, style),
        municipality=np.array([code[:4] for code in codes], dtype=object),
        values=met.to_numpy(dtype=object),
        style=style,
        background=np.asarray(outlines, dtype=object),
        land=np.asarray([] if land is None else land.to_numpy(), dtype=object),
        shapes=shapes or Shapes(),
        crs=str(areas.crs),
        schematic=bool(areas.attrs.get(SCHEMATIC, False)),
    )


def bounds_of(geometry: npt.NDArray[Any]) -> Bounds:
    """Bounds of all geometries together."""
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(geometry))
    return west, south, east, north
