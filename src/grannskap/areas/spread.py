"""How an area's people are spread over its parts: what squares tell of it, and leave open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.areas.links import wide

if TYPE_CHECKING:
    import geopandas as gpd

    from grannskap.areas.links import Links

__all__ = ["Rule", "Spread", "seen", "spread"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.intp]

Rule = Literal["squares", "area"]
"""What parts are weighed by, where an area is not whole: people, or ground."""

_LEAST = 1.0
"""Square metres below which a square and a part have no ground in common."""


@dataclass(frozen=True)
class Spread:
    """The share of its old area that lives in each part.

    Attributes
    ----------
    share : numpy.ndarray of float
        0–1; NaN where nothing tells it.
    lower, upper : numpy.ndarray of float
        The least and the most that it can be.
    how : numpy.ndarray of object
        ``"whole"``, ``"squares"``, ``"area"`` or ``"unknown"``.
    """

    share: Floats
    lower: Floats
    upper: Floats
    how: npt.NDArray[np.object_]


def spread(links: Links, *, by: Rule, squares: gpd.GeoDataFrame | None, thin: float) -> Spread:
    """Weigh the parts of each old area.

    Parameters
    ----------
    links : Links
        Which old area has which new one's ground.
    by : {"squares", "area"}
        What to weigh by.
    squares : GeoDataFrame or None
        Column ``people`` and the squares as polygons.
    thin : float
        Metres; what a square and a part have in common is nobody's where it is thinner.

    Returns
    -------
    Spread
        On the pairs of `links`. By area a part can have anything from none to all of the
        people: ground says where nobody need live.
    """
    number = len(links)
    owner, codes = pd.factorize(links.old)
    alone = np.bincount(owner, minlength=len(codes))[owner] == 1
    whole = alone & (links.old != "")
    share = np.where(whole, 1.0, np.nan)
    lower, upper = np.where(whole, 1.0, 0.0), np.ones(number)
    how = np.where(whole, "whole", "unknown").astype(object)
    drawn = np.array([one is not None for one in links.ground], dtype=bool)
    all_drawn = np.bincount(owner[~drawn], minlength=len(codes))[owner] == 0
    open_parts = ~whole & all_drawn & (links.old != "")
    if open_parts.any() and by == "area":
        ground = _ground(links, owner, open_parts)
        share[open_parts], how[open_parts] = ground[open_parts], "area"
    if open_parts.any() and by == "squares" and squares is not None:
        told = _Seen.of(links, squares, owner, thin).spread(open_parts)
        share[told.known], how[told.known] = told.share[told.known], "squares"
        lower[told.known], upper[told.known] = told.lower[told.known], told.upper[told.known]
    return Spread(share, lower, upper, how)


def seen(links: Links, squares: gpd.GeoDataFrame, thin: float) -> Floats:
    """People in each part, by the share of each square's ground that it has.

    Parameters
    ----------
    links : Links
        The parts.
    squares : GeoDataFrame
        Column ``people`` and the squares as polygons.
    thin : float
        As in `spread`.

    Returns
    -------
    numpy.ndarray of float
        0 … ∞, on the pairs of `links`.
    """
    owner, _ = pd.factorize(links.old)
    found = _Seen.of(links, squares, owner, thin)
    return _by(found.part, found.people * found.covered, len(links))


def _ground(links: Links, owner: Positions, parts: Flags) -> Floats:
    """Return each part's share of the ground of its area."""
    import shapely

    size = np.zeros(len(links))
    size[parts] = shapely.area(links.ground[parts])
    total = np.bincount(owner, size)[owner]
    return np.divide(size, total, out=np.zeros(len(size)), where=total > 0)


@dataclass(frozen=True)
class _Told:
    known: Flags
    share: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True)
class _Seen:
    """Squares and the parts they meet, a row for each such meeting."""

    links: Links
    owner: Positions
    part: Positions
    square: Positions
    people: Floats
    covered: Floats

    @classmethod
    def of(cls, links: Links, squares: gpd.GeoDataFrame, owner: Positions, thin: float) -> _Seen:
        """Find every part that a square meets, other than by a strip too thin to live on."""
        import shapely

        drawn = np.flatnonzero([one is not None for one in links.ground])
        boxes = squares.geometry.to_numpy()
        found, part = shapely.STRtree(links.ground[drawn]).query(boxes, predicate="intersects")
        part = drawn[part]
        common = shapely.intersection(boxes[found], links.ground[part])
        size = shapely.area(common)
        inside = size >= shapely.area(boxes)[found] * (1 - 1e-9)
        met = inside | ((size > _LEAST) & wide(common, thin))
        people = squares["people"].to_numpy(dtype=float)[found]
        covered = size / shapely.area(boxes)[found]
        return cls(links, owner, part[met], found[met], people[met], covered[met])

    def spread(self, parts: Flags) -> _Told:
        """Weigh the parts, and bound each by what the squares leave open.

        A square that meets one part alone has its people there. One that meets several leaves
        them open. They are taken to live under the code that the area keeps, where the square
        meets that part: SCB keeps a code where most people stay. Else they are spread evenly.
        """
        number, areas = len(self.links), int(self.owner.max()) + 1
        inside = self._sum(self.people * self._alone(self.square), number)
        met = self._sum(self.people, number)
        mine = self.square * (areas) + self.owner[self.part]
        once = pd.Series(mine).duplicated().to_numpy()
        of_area = _by(self.owner[self.part], self.people * ~once, areas)[self.owner]
        only = self._sum(self.people * self._alone(mine), number)
        others_most = of_area - only
        others_least = _by(self.owner, inside, areas)[self.owner] - inside
        mass = self._sum(self._mass(mine), number)
        total = _by(self.owner, mass, areas)[self.owner]
        known = parts & (total > 0)
        share = _quotient(mass, total)
        lower = np.where(others_most > 0, _quotient(inside, inside + others_most), 1.0)
        upper = _quotient(met, met + others_least)
        return _Told(known, share, np.minimum(lower, share), np.maximum(upper, share))

    def _mass(self, mine: Positions) -> Floats:
        """Return how many people of each square are taken to live in each part that it meets."""
        keeps = (self.links.old == self.links.new)[self.part]
        spread = self.people * self.covered
        group = pd.Series(mine)
        kept = group.map(pd.Series(keeps).groupby(mine).any()).to_numpy(dtype=bool)
        whole = group.map(pd.Series(spread).groupby(mine).sum()).to_numpy(dtype=float)
        return np.where(kept, np.where(keeps, whole, 0.0), spread)

    def _alone(self, key: Positions) -> Flags:
        """Tell which meetings are the only one of their key."""
        return np.asarray(~pd.Series(key).duplicated(keep=False), dtype=bool)

    def _sum(self, values: Floats, number: int) -> Floats:
        return _by(self.part, values, number)


def _quotient(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)


def _by(key: Positions, values: Floats, number: int) -> Floats:
    return np.bincount(key, values, number).astype(np.float64)
