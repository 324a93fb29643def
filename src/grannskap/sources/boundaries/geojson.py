"""Read GeoJSON with no driver between: text in, geometries out, nothing else opened.

GDAL would take orders from a file that only looks like GeoJSON (a virtual format, a command
line, an address of a coordinate system); a JSON parser takes none.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from grannskap.errors import InputFileError

if TYPE_CHECKING:
    import geopandas as gpd
    import shapely

__all__ = ["Document", "parse"]

_OTHER_SHAPES = ("Point", "MultiPoint", "LineString", "MultiLineString")


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
        return tuple(names)

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
    from shapely.errors import ShapelyError

    try:
        text = file.read_bytes().decode("utf-8-sig")
        content = json.loads(text, object_hook=_shaped, parse_constant=_no_number)
    except (ShapelyError, TypeError, IndexError, KeyError, AttributeError) as error:
        raise _bad(file, f"a geometry that cannot be read ({error})") from None
    except (ValueError, RecursionError) as error:
        raise _bad(file, f"text that is no whole JSON ({error})") from None
    if not isinstance(content, dict) or content.get("type") not in ("FeatureCollection", "Feature"):
        raise _bad(file, "JSON of another kind")
    single = content["type"] == "Feature"
    features = [content] if single else content.get("features")
    if not isinstance(features, list) or not all(map(_is_feature, features)):
        raise _bad(file, "something else among its features")
    crs, assumed = _crs(file, content)
    return Document(file, features, crs, assumed)


def _shaped(found: dict[str, Any]) -> object:
    """Turn a geometry into a shape as soon as it is read: lists of numbers die young."""
    import shapely
    from shapely.geometry import shape

    kind = found.get("type")
    if kind == "Polygon" and "coordinates" in found:
        return _polygon(found["coordinates"])
    if kind == "MultiPolygon" and "coordinates" in found:
        return shapely.MultiPolygon([_polygon(part) for part in found["coordinates"]])
    if kind == "GeometryCollection" and "geometries" in found:
        return shapely.GeometryCollection(found["geometries"])
    if kind in _OTHER_SHAPES and "coordinates" in found:
        return shapely.force_2d(shape(found))
    return found


def _polygon(rings: list[Any]) -> shapely.Polygon:
    import shapely

    if not rings:
        return shapely.Polygon()
    shapes: list[Any] = [shapely.linearrings(np.array(ring, dtype=float)[:, :2]) for ring in rings]
    polygon: shapely.Polygon = shapely.polygons(shapes[0], holes=shapes[1:] or None)
    return polygon


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number in JSON")


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
    try:
        return str(content["crs"]["properties"]["name"]), False
    except (KeyError, TypeError):
        raise _bad(file, "a coordinate system without a name") from None


def _bad(file: Path, came: str) -> InputFileError:
    return InputFileError(
        expected=f"a GeoJSON FeatureCollection in {file.name}",
        came=came,
        remedy="export the polygons as GeoJSON again, or as GeoPackage",
    )
