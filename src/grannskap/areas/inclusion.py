"""How much of each area is inside a polygon: by its middle, by ground, or by people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from grannskap.areas.links import NOWHERE, Links, wide
from grannskap.areas.spread import seen, spread
from grannskap.errors import DataError

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

__all__ = ["Inclusion", "inside"]

Inclusion = Literal["containment", "area", "squares"]
"""What makes an area part of a polygon: its middle, its ground, or its people."""

_INSIDE = "inside"


def inside(
    areas: gpd.GeoSeries,
    polygon: BaseGeometry,
    *,
    rule: Inclusion = "containment",
    squares: gpd.GeoDataFrame | None = None,
    thin: float = 10.0,
) -> pd.DataFrame:
    """Share of each area that is inside a polygon (0–1), and the least and most it can be.

    Parameters
    ----------
    areas : GeoSeries
        Polygons on their codes, EPSG:3006.
    polygon : shapely geometry
        In the same coordinates.
    rule : {"containment", "area", "squares"}
        All of an area whose middle is inside, and nothing of others; the share of its ground; or
        the share of its people that population squares tell.
    squares : GeoDataFrame, optional
        Column ``people``; for the rule ``"squares"``.
    thin : float
        Metres; ground thinner than this is nobody's.

    Returns
    -------
    DataFrame
        Index ``deso``, sorted: ``share``, ``lower``, ``upper`` (of the area's people), and by
        squares ``people``, of every area with ground inside. Middles and ground tell for certain
        only of areas that are wholly inside.

    Raises
    ------
    DataError
        When squares are asked for and there are none.

    Examples
    --------
    >>> import geopandas, shapely
    >>> boxes = [shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)]
    >>> areas = geopandas.GeoSeries(boxes, index=["0380C1010", "0380C1020"], crs=3006)
    >>> inside(areas, shapely.box(0, 0, 125, 100), rule="area")["share"].tolist()
    [1.0, 0.25]
    """
    import shapely

    if rule == "squares" and squares is None:
        raise DataError("no squares for a rule", {})
    every = areas.sort_index()
    areas = every[every.intersects(polygon).to_numpy()]
    values = areas.to_numpy()
    common = shapely.intersection(values, polygon)
    met = (shapely.area(common) > 0) & wide(common, thin)
    rest = shapely.difference(values, polygon)
    left = (shapely.area(rest) > 0) & wide(rest, thin)
    whole = met & ~left
    share = _of_ground(areas, common, whole)
    if rule == "containment":
        share = areas.representative_point().within(polygon).to_numpy().astype(float)
    lower, upper = np.where(whole, 1.0, 0.0), np.where(met, 1.0, 0.0)
    share = np.clip(share, lower, upper)
    table = pd.DataFrame({"share": share, "lower": lower, "upper": upper}, index=areas.index)
    if rule == "squares" and squares is not None:
        return _by_people(table[met], every, (common[met], rest[met]), squares, thin)
    kept: pd.DataFrame = table[met].rename_axis("deso")
    return kept


def _of_ground(
    areas: gpd.GeoSeries, common: npt.NDArray[np.object_], whole: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float64]:
    import shapely

    return np.where(whole, 1.0, shapely.area(common) / areas.area.to_numpy())


def _by_people(
    table: pd.DataFrame,
    every: gpd.GeoSeries,
    ground: tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]],
    squares: gpd.GeoDataFrame,
    thin: float,
) -> pd.DataFrame:
    """Weigh what is inside and outside by squares, beside all areas that these squares meet."""
    near, held = _near(every, squares, every.index.isin(table.index))
    cut = (table["upper"] > table["lower"]).to_numpy()
    codes = table.index.to_numpy(dtype=object)
    others = near[~near.index.isin(codes[cut])]
    old = np.concatenate([codes[cut], codes[cut], others.index.to_numpy(dtype=object)])
    new = np.repeat(np.array([_INSIDE, NOWHERE], dtype=object), [cut.sum(), len(old) - cut.sum()])
    links = Links(old, new, np.concatenate([ground[0][cut], ground[1][cut], others.to_numpy()]))
    told = spread(links, by="squares", squares=held, thin=thin)
    people = pd.Series(seen(links, held, thin), index=old).groupby(level=0).sum()
    found = table.assign(people=people.reindex(codes).fillna(0.0).to_numpy())
    first = new == _INSIDE
    share = np.where(np.isnan(told.share), table["share"].reindex(old).to_numpy(), told.share)
    for name, values in (("share", share), ("lower", told.lower), ("upper", told.upper)):
        found.loc[old[first], name] = values[first]
    return found.rename_axis("deso")


def _near(
    every: gpd.GeoSeries, squares: gpd.GeoDataFrame, met: npt.NDArray[np.bool_]
) -> tuple[gpd.GeoSeries, gpd.GeoDataFrame]:
    """Find the squares that meet an area that is met, and every area that they meet."""
    import shapely

    boxes, values = squares.geometry.to_numpy(), every.to_numpy()
    _, about = shapely.STRtree(boxes).query(values[met], predicate="intersects")
    held = squares.iloc[np.unique(about)]
    _, which = shapely.STRtree(values).query(held.geometry.to_numpy(), predicate="intersects")
    there = met.copy()
    there[which] = True
    return every[there], held
