"""The made-up town as frames: boundaries, register, and what is drawn over the maps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from grannskap.datasets import ground, people
from grannskap.datasets.quarters import QUARTERS, SUPPRESSED, nearest

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

__all__ = ["HIDDEN", "MUNICIPALITY", "NAME", "Town", "town"]

MUNICIPALITY = "9999"
"""County 99 does not exist, so no real area can have such a code."""

NAME = "Påhittköping"

HIDDEN = ("low", "medium_low", "medium_high", "high")
"""Counts that are suppressed, with the income, where too few households live."""

_FIRST = {"A": 10, "B": 2010, "C": 1010}
_POLE = "Norrängen"


@dataclass(frozen=True)
class Town:
    """The made-up municipality.

    Attributes
    ----------
    boundaries : geopandas.GeoDataFrame
        Areas in EPSG:3006, whole metres, as a valid coverage; index ``deso``; columns
        ``municipality``, ``municipality_name``, ``kind``, ``regso_name``, ``geometry``.
    register : pandas.DataFrame
        Counts and ``disposable_income`` (kr per consumption unit) on ``deso``, ``year`` and
        ``group``; NaN where suppressed, or where the company has no homes.
    police : geopandas.GeoDataFrame
        One outline that does not follow the areas' borders; column ``name``.
    estates : geopandas.GeoDataFrame
        The municipal company's estates; column ``name``.
    places : geopandas.GeoDataFrame
        Points with the names of the quarters; column ``name``.
    """

    boundaries: gpd.GeoDataFrame
    register: pd.DataFrame
    police: gpd.GeoDataFrame
    estates: gpd.GeoDataFrame
    places: gpd.GeoDataFrame

    def codes(self, quarter: str) -> list[str]:
        """Return the codes of a quarter's areas, sorted."""
        chosen = self.boundaries["regso_name"] == quarter
        return [str(code) for code in self.boundaries.index[chosen]]


def town(*, seed: int = 2017) -> Town:
    """Make the town: some 90 areas, two years, two groups; the same for the same seed.

    Parameters
    ----------
    seed : int
        Decides borders and households; the names and the plan of the town stay.

    Returns
    -------
    Town
        Frames as the readers would give them, without status columns.

    Examples
    --------
    >>> made = town()
    >>> made.boundaries.crs.to_epsg(), made.codes("Norrängen")[0][:4]
    (3006, '9999')
    """
    land = ground.make(seed)
    middles = np.array([_middle(rings[0]) for rings in land.rings])
    numbers = [nearest(kind, at) for kind, at in zip(land.kinds, middles, strict=True)]
    order = _order(land.kinds, numbers, middles)
    boundaries = _boundaries(land, numbers, order)
    placed = [numbers[area] for area in order]
    made = people.rows(placed, middles[order], np.random.default_rng([seed, 1]))
    register = _register(made, boundaries)
    return Town(
        boundaries=boundaries,
        register=register,
        police=_outlines([_POLE], middles[order], boundaries, reach=0.8),
        estates=_outlines(_with_company(), middles[order], boundaries, reach=0.42),
        places=_places(placed, middles[order]),
    )


def _middle(ring: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Centroid of a ring, in km from the town hall."""
    points = (ring - np.asarray(ground.ORIGIN)) / ground.KM
    x, y = points.T
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    sums = (points[:-1] + points[1:]) * cross[:, None]
    return np.asarray(sums.sum(axis=0) / (3 * cross.sum()))


def _order(
    kinds: list[str], numbers: list[int], middles: npt.NDArray[np.float64]
) -> npt.NDArray[np.int64]:
    """Order of the codes: by kind, then by quarter, then from north to south."""
    letters = np.array([ord(kind) for kind in kinds])
    return np.lexsort((-middles[:, 1], np.array(numbers), letters)).astype(np.int64)


def _boundaries(
    land: ground.Ground, numbers: list[int], order: npt.NDArray[np.int64]
) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import pandas as pd
    import shapely

    numbered = dict.fromkeys(_FIRST, 0)
    codes = []
    for area in order:
        kind = land.kinds[area]
        codes.append(f"{MUNICIPALITY}{kind}{_FIRST[kind] + 10 * numbered[kind]:04d}")
        numbered[kind] += 1
    polygons = [shapely.Polygon(land.rings[area][0], land.rings[area][1:]) for area in order]
    columns = {
        "municipality": MUNICIPALITY,
        "municipality_name": NAME,
        "kind": [land.kinds[area] for area in order],
        "regso_name": [QUARTERS[numbers[area]].name for area in order],
    }
    index = pd.Index(codes, name="deso", dtype="str")
    return gpd.GeoDataFrame(columns, geometry=polygons, index=index, crs="EPSG:3006")


def _register(made: list[people.Row], boundaries: gpd.GeoDataFrame) -> pd.DataFrame:
    import pandas as pd

    codes = boundaries.index
    frame = pd.DataFrame(
        [{**row.counts, "disposable_income": row.income} for row in made],
        index=pd.MultiIndex.from_tuples(
            [(codes[row.area], row.year, row.group) for row in made],
            names=["deso", "year", "group"],
        ),
    ).astype(float)
    harbour = boundaries[boundaries["regso_name"] == SUPPRESSED]
    hidden = harbour.geometry.area.idxmin()
    frame.loc[[hidden], [*HIDDEN, "disposable_income"]] = float("nan")
    return frame.sort_index()


def _with_company() -> list[str]:
    return [quarter.name for quarter in QUARTERS if quarter.public >= 0.28 and quarter.kind == "C"]


def _outlines(
    names: list[str],
    middles: npt.NDArray[np.float64],
    boundaries: gpd.GeoDataFrame,
    *,
    reach: float,
) -> gpd.GeoDataFrame:
    """Rounded shapes over the middles of quarters, drawn by hand as it were."""
    quarters = boundaries["regso_name"].to_numpy()
    shapes = [_blob(middles[quarters == name], reach) for name in names]
    return _overlay(names, shapes)


def _blob(points: npt.NDArray[np.float64], reach: float) -> Any:  # noqa: ANN401
    import shapely

    angle = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    wide = points.std(axis=0)
    spread = (wide + wide.mean()) * 0.9 * reach
    wave = 1 + 0.10 * np.sin(2 * angle + 0.8) + 0.06 * np.sin(5 * angle)
    ring = (
        points.mean(axis=0)
        + spread * (np.column_stack([np.cos(angle), np.sin(angle)])) * (wave[:, None])
    )
    return shapely.Polygon(np.rint(ring * ground.KM) + np.asarray(ground.ORIGIN))


def _places(numbers: list[int], middles: npt.NDArray[np.float64]) -> gpd.GeoDataFrame:
    """Names of the town's quarters and the localities, in the middle of their areas."""
    import shapely

    belongs = np.array(numbers)
    shown = [n for n, quarter in enumerate(QUARTERS) if quarter.kind != "A" and n in numbers]
    points = [
        shapely.Point(
            np.rint(middles[belongs == n].mean(axis=0) * ground.KM) + np.asarray(ground.ORIGIN)
        )
        for n in shown
    ]
    return _overlay([QUARTERS[n].name for n in shown], points)


def _overlay(names: list[str], shapes: list[Any]) -> gpd.GeoDataFrame:
    import geopandas as gpd

    return gpd.GeoDataFrame({"name": names}, geometry=shapes, crs="EPSG:3006")
