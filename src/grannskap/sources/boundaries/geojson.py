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

from grannskap.errors import InputFileError

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Document", "parse"]


@dataclass(frozen=True)
class Document:
    """A checked GeoJSON document.

    Attributes
    ----------
    file : Path
        Where it came from.
    features : list of dict
        Its features.
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
        geometry = _geometries(self.file, self.features)
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
    try:
        content = json.loads(file.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _bad(file, f"text that is no JSON ({error})") from None
    kind = content.get("type")
    features = content.get("features") if kind == "FeatureCollection" else [content]
    whole = isinstance(features, list) and all(
        isinstance(feature, dict)
        and feature.get("type") == "Feature"
        and isinstance(feature.get("properties") or {}, dict)
        for feature in features
    )
    if kind not in ("FeatureCollection", "Feature") or not whole:
        raise _bad(file, f"JSON of another kind (type {kind!r})")
    crs, assumed = _crs(file, content)
    return Document(file, features, crs, assumed)


def _crs(file: Path, content: dict[str, Any]) -> tuple[str | None, bool]:
    if "crs" not in content:
        return "OGC:CRS84", True
    if content["crs"] is None:
        return None, False
    try:
        return str(content["crs"]["properties"]["name"]), False
    except (KeyError, TypeError):
        raise _bad(file, "a coordinate system without a name") from None


def _geometries(file: Path, features: list[dict[str, Any]]) -> list[Any]:
    import shapely
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    try:
        shapes = [
            None if feature.get("geometry") is None else shape(feature["geometry"])
            for feature in features
        ]
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise _bad(file, f"a geometry that cannot be read ({error})") from None
    return list(shapely.force_2d(shapes))


def _bad(file: Path, came: str) -> InputFileError:
    return InputFileError(
        expected=f"a GeoJSON FeatureCollection in {file.name}",
        came=came,
        remedy="export the polygons as GeoJSON again, or as GeoPackage",
    )
