"""Read GeoJSON with no driver between: text in, geometries out, nothing else opened.

GDAL would take orders from a file that only looks like GeoJSON (a virtual format, a command
line, an address of a coordinate system); a JSON parser takes none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from grannskap.errors import InputFileError
from grannskap.language import Text
from grannskap.sources import guard
from grannskap.sources.boundaries.limits import (
    MOST_ROWS,
    MOST_TEXT_BYTES,
    MOST_VERTICES,
    check_columns,
    check_count,
    is_crs_name,
)
from grannskap.wording import in_both

if TYPE_CHECKING:
    import geopandas as gpd
    import shapely

__all__ = ["Document", "parse"]

_OTHER_SHAPES = ("Point", "MultiPoint", "LineString", "MultiLineString")
_MOST_VALUES = 20_000_000
_MOST_LETTERS = 2_000
# Positions are short lists inside lists; a list of numbers alone grows to forty times its text.
_LONG_LIST = re.compile(rb"\[[^][{}\"]{%d}" % _MOST_LETTERS)


@dataclass(frozen=True)
class Document:
    """A checked GeoJSON document.

    Attributes
    ----------
    file : Path
        Where it came from.
    features : list of dict
        Its features, their geometries made into shapes.
    crs : str or None
        The coordinate system; None where the document says that it is unknown.
    crs_assumed : bool
        True where the document says nothing and the standard's WGS 84 holds.
    """

    file: Path
    features: list[dict[str, Any]]
    crs: str | None
    crs_assumed: bool

    @property
    def columns(self) -> tuple[str, ...]:
        """Every property that a feature has, in order of appearance."""
        names: dict[str, None] = {}
        for feature in self.features:
            names.update(dict.fromkeys(feature.get("properties") or {}))
        return check_columns(self.file.name, tuple(names))

    def frame(self, columns: Sequence[str]) -> gpd.GeoDataFrame:
        """Return the features' geometries and these of their properties."""
        import geopandas as gpd

        properties = [feature.get("properties") or {} for feature in self.features]
        data = {name: [row.get(name) for row in properties] for name in columns}
        geometry = [feature.get("geometry") for feature in self.features]
        return gpd.GeoDataFrame(data, geometry=geometry, crs=self.crs)


def parse(file: Path) -> Document:
    """Parse and check a GeoJSON file.

    Parameters
    ----------
    file : Path
        UTF-8 text.

    Returns
    -------
    Document
        Its features and coordinate system.

    Raises
    ------
    InputFileError
        When it is no JSON, or JSON of another kind.
    """
    data = guard.content(file, most=MOST_TEXT_BYTES)
    _check_amount(file, data)
    text = data.decode("utf-8-sig")
    try:
        content = json.loads(text, object_pairs_hook=_shaped, parse_constant=_no_number)
    except _Unshaped as error:
        raise _bad(file, error.what) from None
    if not isinstance(content, dict) or content.get("type") not in ("FeatureCollection", "Feature"):
        raise _bad(file, in_both("errors.phrases.JSON of another kind"))
    single = content["type"] == "Feature"
    features = [content] if single else content.get("features")
    if not isinstance(features, list) or not all(map(_is_feature, features)):
        raise _bad(file, in_both("errors.phrases.something else among features"))
    crs, assumed = _crs(file, content)
    return Document(file, features, crs, assumed)


class _Unshaped(Exception):  # noqa: N818 - told to the caller, never raised out of here
    """What a geometry or an object holds that it cannot."""

    def __init__(self, what: Text) -> None:
        super().__init__(what.en)
        self.what = what


def _check_amount(file: Path, data: bytes) -> None:
    """Count what a file holds before it is read: marks in texts count too, which does no harm."""
    check_count(file.name, data.count(b"{"), 5 * MOST_ROWS, "errors.phrases.objects")
    check_count(file.name, data.count(b"["), MOST_VERTICES, "errors.phrases.arrays")
    check_count(file.name, data.count(b":"), _MOST_VALUES, "errors.phrases.values")
    if _LONG_LIST.search(data):
        raise _bad(file, in_both("errors.phrases.long list of numbers", {"most": _MOST_LETTERS}))


def _shaped(pairs: list[tuple[str, Any]]) -> object:
    """Turn a geometry into a shape as soon as it is read: lists of numbers die young."""
    import shapely
    from shapely.geometry import shape

    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = sorted({name for name in found if names.count(name) > 1})
        raise _Unshaped(in_both("errors.phrases.said twice", {"names": [*map(repr, twice)]}))
    kind = found.get("type")
    if kind == "Polygon" and "coordinates" in found:
        return _polygon(found["coordinates"])
    if kind == "MultiPolygon" and "coordinates" in found:
        return shapely.MultiPolygon([_polygon(part) for part in _list(found["coordinates"])])
    if kind == "GeometryCollection" and "geometries" in found:
        return shapely.GeometryCollection(found["geometries"])
    if kind in _OTHER_SHAPES and "coordinates" in found:
        return shapely.force_2d(shape(found))
    return found


def _polygon(rings: object) -> shapely.Polygon:
    import shapely

    shapes: list[Any] = [shapely.linearrings(_positions(ring)) for ring in _list(rings)]
    if not shapes:
        return shapely.Polygon()
    polygon: shapely.Polygon = shapely.polygons(shapes[0], holes=shapes[1:] or None)
    return polygon


def _list(found: object) -> list[Any]:
    if not isinstance(found, list):
        raise _Unshaped(
            in_both("errors.phrases.geometry where a list belongs", {"kind": type(found).__name__})
        )
    return found


def _positions(ring: object) -> npt.NDArray[np.float64]:
    """Return a ring's eastings and northings: numbers, not texts that look like numbers."""
    try:
        found = np.array(_list(ring))
    except ValueError as error:
        why = {"why": str(error)}
        raise _Unshaped(in_both("errors.phrases.ring that is no list", why)) from None
    if found.ndim != 2 or found.shape[1] < 2 or found.dtype.kind not in "iuf":
        raise _Unshaped(in_both("errors.phrases.ring without pairs"))
    return found[:, :2].astype(float)


def _no_number(text: str) -> float:
    raise _Unshaped(in_both("errors.phrases.no number in JSON", {"word": text}))


def _is_feature(feature: object) -> bool:
    from shapely.geometry.base import BaseGeometry

    return (
        isinstance(feature, dict)
        and feature.get("type") == "Feature"
        and isinstance(feature.get("properties") or {}, dict)
        and isinstance(feature.get("geometry"), BaseGeometry | None)
    )


def _crs(file: Path, content: dict[str, Any]) -> tuple[str | None, bool]:
    if "crs" not in content:
        return "OGC:CRS84", True
    if content["crs"] is None:
        return None, False
    stated = content["crs"]
    properties = stated.get("properties") if isinstance(stated, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str):
        raise _bad(file, in_both("errors.phrases.system without a name"))
    if not is_crs_name(name):
        told = {"name": repr(name[:60])}
        raise _bad(file, in_both("errors.phrases.system not named by number", told))
    return name, False


def _bad(file: Path, came: Text) -> InputFileError:
    return InputFileError("no GeoJSON", {"name": file.name, "what": came})
