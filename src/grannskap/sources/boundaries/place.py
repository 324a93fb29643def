"""Refuse areas that cannot lie where they say, and tell what their coordinates look like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from grannskap.errors import DataError, InputFileError
from grannskap.language import Text
from grannskap.notes import Note
from grannskap.sources.boundaries.names import municipalities
from grannskap.wording import in_both

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    import pyproj

__all__ = ["check_codes", "check_country", "check_sizes", "known", "rounded"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_SWEDEN = np.array([230_000.0, 6_080_000.0, 960_000.0, 7_720_000.0])
"""Easting and northing in SWEREF 99 TM: the outlines of all municipalities and 40 km of sea."""

_AROUND = np.array([-40_000.0, -40_000.0, 40_000.0, 40_000.0])
_LARGEST = 25_000e6  # m²; Kiruna as a whole has 20,500 km²
_ALL = 700_000e6  # m²; Sweden with its sea and its zone has 600,000 km²
_SMALLEST_MEDIAN = 2_000.0  # m²; half of the areas of no town are smaller than a city block
_SMALLEST = 100.0
_SAMPLE = 2_000

# In the order in which they are tried; the names are PROJ's.
_SYSTEMS = (
    *(3006, 4326, 3021, 3857),
    *range(3007, 3019),  # SWEREF 99 12 00 … 23 15
    *(3019, 3020, 3022, 3023, 3024),  # the other zones of RT 90
    *(25832, 25834, 25835),
)
_NEAR = 1.0
_STEPS_M = (1000, 500, 250, 200, 100, 50, 25, 20, 10)
_STEPS_DEGREES = (1.0, 0.1, 0.01, 0.001, 0.0001)


def check_country(placed: gpd.GeoDataFrame, moved: gpd.GeoDataFrame, *, every: bool) -> None:
    """Refuse what does not lie in Sweden.

    Parameters
    ----------
    placed : GeoDataFrame
        In the coordinate system that is stated.
    moved : GeoDataFrame
        The same in EPSG:3006.
    every : bool
        Whether each shape must lie in Sweden, or one is enough.

    Raises
    ------
    InputFileError
        With what the coordinates look like.
    """
    bounds = moved.geometry.bounds.to_numpy()
    inside = _inside(_centres(bounds), _SWEDEN) if every else _meets(bounds, _SWEDEN)
    if inside.all() if every else inside.any():
        return
    boxes = _boxes(moved.index) if every else np.broadcast_to(_SWEDEN, bounds.shape)
    outside = {"outside": int((~inside).sum()), "areas": len(bounds)}
    raise _elsewhere(placed, boxes, in_both("errors.phrases.outside it", outside))


def known(codes: pd.Index[Any]) -> Flags:
    """Whether each code's municipality is one of Sweden's: others are made up."""
    return np.asarray(codes.str[:4].isin(_outlines().index))


def check_codes(placed: gpd.GeoDataFrame, moved: gpd.GeoDataFrame) -> tuple[Note, ...]:
    """Refuse areas of which most lie far from the municipality that their codes tell.

    Parameters
    ----------
    placed, moved : GeoDataFrame
        As `check_country`, on the areas' codes.

    Returns
    -------
    tuple of Note
        Of kind ``"areas elsewhere"`` where some lie so; a municipality that is not known says
        nothing.
    """
    boxes = _boxes(moved.index)
    real = known(moved.index)
    away = real & ~_meets(moved.geometry.bounds.to_numpy(), boxes)
    if away.sum() > real.sum() / 2:
        far = {
            "away": int(away.sum()),
            "areas": int(real.sum()),
            "codes": list(moved.index[away]),
        }
        came = in_both("errors.phrases.far from their municipality", far)
        raise _elsewhere(placed[real], boxes[real], came)
    if not away.any():
        return ()
    codes = list(map(str, moved.index[away]))
    return (Note("areas elsewhere", {"areas": len(codes), "names": codes}, tuple(codes)),)


def _boxes(codes: pd.Index[Any]) -> Floats:
    """Where each area can lie: around its municipality, in Sweden where that is made up."""
    found = _outlines().reindex(codes.str[:4]).to_numpy() + _AROUND
    return np.where(np.isfinite(found), found, _SWEDEN)


@cache
def _outlines() -> pd.DataFrame:
    """West, south, east and north of every municipality."""
    bounds: pd.DataFrame = municipalities().geometry.bounds
    return bounds


def check_sizes(geometry: gpd.GeoSeries) -> tuple[Note, ...]:
    """Refuse areas that are larger or smaller than any can be; note those that are very small.

    Parameters
    ----------
    geometry : GeoSeries
        Valid polygons in metres, on the areas' codes.

    Returns
    -------
    tuple of Note
        Of kind ``"tiny areas"``, or none.

    Raises
    ------
    DataError
        Naming the areas.
    """
    sizes = geometry.area.to_numpy()
    large = geometry.index[sizes > _LARGEST]
    if len(large) or sizes.sum() > _ALL:
        raise DataError(
            "areas too large",
            {"size": float(sizes.sum() / 1e6), "large": len(large), "codes": list(large)},
        )
    if np.median(sizes) < _SMALLEST_MEDIAN:
        raise DataError("areas too small", {"size": float(np.median(sizes) + 1)})
    tiny = geometry.index[sizes < _SMALLEST]
    if not len(tiny):
        return ()
    codes = list(map(str, tiny))
    return (Note("tiny areas", {"areas": len(codes), "names": codes}, tuple(codes)),)


def rounded(placed: gpd.GeoDataFrame, moved: gpd.GeoDataFrame) -> tuple[Note, ...]:
    """Note coordinates that are rounded so coarsely that borders have moved.

    Squares of a grid have round coordinates and are exact: only borders that go askew tell.

    Parameters
    ----------
    placed, moved : GeoDataFrame
        As `check_country`.

    Returns
    -------
    tuple of Note
        Of kind ``"rounded coordinates"``, or none.
    """
    import shapely

    seen = [(placed, _STEPS_DEGREES if placed.crs.is_geographic else _STEPS_M)]
    seen += [] if placed is moved else [(moved, _STEPS_M)]
    for frame, steps in seen:
        values = frame.geometry.to_numpy()
        coordinates = shapely.get_coordinates(values)
        step = next((one for one in steps if _multiples(coordinates, one)), None)
        if step is not None and _askew(values):
            unit = "degrees" if steps is _STEPS_DEGREES else "metres"
            return (Note("rounded coordinates", {"step": float(step), "unit": unit}),)
    return ()


def _multiples(coordinates: Floats, step: float) -> bool:
    for some in (coordinates[:_SAMPLE], coordinates):  # a few mostly tell
        steps = some / step
        if not len(steps) or np.abs(steps - np.round(steps)).max() >= 1e-4:
            return False
    return True


def _askew(values: npt.NDArray[np.object_]) -> bool:
    """Whether at least a tenth of the borders go neither along nor across."""
    import shapely

    coordinates, ring = shapely.get_coordinates(shapely.get_rings(values), return_index=True)
    along = np.diff(coordinates, axis=0)[np.diff(ring) == 0]
    return len(along) > 0 and bool((along != 0).all(axis=1).mean() >= 0.1)


def _elsewhere(placed: gpd.GeoDataFrame, boxes: Floats, came: Text) -> InputFileError:
    left, bottom, right, top = placed.total_bounds
    like = _looks_like(placed, boxes)
    return InputFileError(
        "areas elsewhere than in Sweden",
        {
            "left": f"{left:.6g}",
            "bottom": f"{bottom:.6g}",
            "right": f"{right:.6g}",
            "top": f"{top:.6g}",
            "system": placed.crs.name,
            "share": came,
            "like": like.what if like is not None else None,
            "remedy": like.remedy if like is not None else None,
        },
    )


@dataclass(frozen=True)
class _Likeness:
    """What coordinates look like, and what to do then."""

    what: Text
    remedy: Text


def _looks_like(placed: gpd.GeoDataFrame, boxes: Floats) -> _Likeness | None:
    """Return the first other reading by which nearly all areas lie where they should."""
    step = max(1, len(placed) // _SAMPLE)
    points = _centres(placed.geometry.bounds.to_numpy()[::step])
    fits = {
        likeness: -_beyond(moved, boxes[::step])
        for likeness, moved in _readings(points, placed.crs)
    }
    best = max(fits, key=fits.__getitem__)
    return best if fits[best] >= -_NEAR else None


_UNITS = (
    (1e3, "errors.phrases.kilometres"),
    (1e-2, "errors.phrases.centimetres"),
    (1e-3, "errors.phrases.millimetres"),
)


def _readings(points: Floats, stated: pyproj.CRS) -> Iterator[tuple[_Likeness, Floats]]:
    import pyproj

    swapped = points[:, ::-1]
    order = in_both(
        "errors.phrases.latitude before longitude"
        if stated.is_geographic
        else "errors.phrases.northing before easting"
    )
    swap = in_both("errors.phrases.swap the axes")
    yield _Likeness(order, swap), _moved(swapped, stated)
    for code in _SYSTEMS:
        system = pyproj.CRS.from_epsg(code)
        if system != stated:
            degrees = in_both("errors.phrases.degrees")
            name = degrees if code == 4326 else Text(system.name, system.name)
            remedy = in_both("errors.phrases.give the file a system", {"code": str(code)})
            yield _Likeness(name, remedy), _moved(points, system)
            yield _with_swapped_axes(name, remedy, swap), _moved(swapped, system)
    for factor, unit in _UNITS:
        name = in_both(unit)
        remedy = in_both("errors.phrases.save in metres")
        yield _Likeness(name, remedy), points * factor
        yield _with_swapped_axes(name, remedy, swap), swapped * factor


def _with_swapped_axes(name: Text, remedy: Text, swap: Text) -> _Likeness:
    return _Likeness(
        in_both("errors.phrases.with swapped axes", {"name": name}),
        in_both("errors.phrases.and", {"first": remedy, "second": swap}),
    )


def _moved(points: Floats, system: pyproj.CRS) -> Floats:
    import pyproj

    move = pyproj.Transformer.from_crs(system, "EPSG:3006", always_xy=True)
    return np.column_stack(move.transform(points[:, 0], points[:, 1]))


def _centres(bounds: Floats) -> Floats:
    return (bounds[:, :2] + bounds[:, 2:]) / 2


def _beyond(points: Floats, boxes: Floats) -> float:
    """How far the points lie from the middles of their boxes, in halves of these: the median."""
    middles, halves = _centres(boxes), (boxes[:, 2:] - boxes[:, :2]) / 2
    far = np.nan_to_num(np.abs(points - middles) / halves, nan=np.inf)
    return float(np.median(far.max(axis=1)))


def _inside(points: Floats, boxes: Floats) -> Flags:
    inner = (points >= boxes[..., :2]) & (points <= boxes[..., 2:])
    return np.asarray(inner.all(axis=1), dtype=bool)


def _meets(bounds: Floats, boxes: Floats) -> Flags:
    meeting = (bounds[:, 2:] >= boxes[..., :2]) & (bounds[:, :2] <= boxes[..., 2:])
    return np.asarray(meeting.all(axis=1), dtype=bool)
