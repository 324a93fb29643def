"""Counts on the same areas, checked, and summed over the places that the areas belong to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.catalogue import Status
from grannskap.counts import Counts, Pooled
from grannskap.errors import ColumnError, DataError

__all__ = ["Bounded", "Members", "Membership", "bounded", "membership"]

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]
Marks = npt.NDArray[np.bool_]

Members: TypeAlias = "pd.DataFrame | pd.Series[Any] | Mapping[str, Sequence[str]] | Membership"
"""A frame with a row per ``place`` and ``deso``, the place of each area, each place's areas, or
what `membership` made of one of them, to be used for many counts of the same areas."""

_GRAVEST_FIRST = (
    Status.SUPPRESSED.value,
    Status.OUTSIDE_DIVISION.value,
    Status.NOT_JOINED.value,
    Status.MISSING.value,
)


class Bounded(NamedTuple):
    """A checked count as arrays: `Counts` without its index."""

    value: Floats
    lower: Floats
    upper: Floats
    status: npt.NDArray[np.object_]
    pooled: Pooled | None = None

    @property
    def known(self) -> Marks:
        """Tell where the count has a value."""
        known: Marks = ~np.isnan(self.value)
        return known

    def reason(self) -> npt.NDArray[np.object_]:
        """Return why a count has no value; nonsense where it has one."""
        told = pd.notna(self.status) & (self.status != Status.VALUE.value)
        return np.where(told, self.status, Status.MISSING.value)


def bounded(*columns: Counts | pd.Series[Any]) -> tuple[pd.Index[Any], list[Bounded]]:
    """Return the areas, and the counts as arrays, when all stand on the same areas.

    Raises
    ------
    DataError
        When indexes differ or repeat a label, a count is text, negative or infinite, or a
        value lies outside its bounds.
    """
    counts = [_named(column) for column in columns]
    first, name = counts[0][0].value, counts[0][1]
    if not first.index.is_unique:
        twice = first.index[first.index.duplicated()].unique()
        raise DataError("areas more than once", {"count": len(twice), "codes": list(twice)})
    for count, other in counts:
        for part in (count.value, count.lower, count.upper, count.status):
            if not part.index.equals(first.index):
                raise DataError(
                    "counts on other areas",
                    {
                        "first": len(first),
                        "name": name,
                        "second": len(part),
                        "other": other,
                        "shared": len(first.index.intersection(part.index)),
                    },
                )
    return first.index, [_arrays(count, name) for count, name in counts]


def _named(column: Counts | pd.Series[Any]) -> tuple[Counts, Any]:
    if isinstance(column, Counts):
        return column, column.value.name
    if not pd.api.types.is_numeric_dtype(column.dtype):
        raise DataError(
            "counts that are no numbers", {"name": repr(column.name), "type": str(column.dtype)}
        )
    return Counts.known(column), column.name


def _arrays(count: Counts, name: object) -> Bounded:
    value, lower, upper = (
        part.to_numpy(dtype="float64", na_value=np.nan)
        for part in (count.value, count.lower, count.upper)
    )
    wrong = (value < 0) | np.isinf(value)
    if wrong.any():
        raise DataError(
            "counts below nothing",
            {"name": name, "count": int(wrong.sum()), "codes": list(count.value.index[wrong])},
        )
    sound = (lower >= 0) & (lower <= upper) & np.isfinite(lower)
    beside = (value < lower) | (value > upper)
    if not sound.all() or beside.any():
        wrong = ~sound | beside
        raise DataError(
            "bounds that do not hold",
            {"name": name, "count": int(wrong.sum()), "codes": list(count.value.index[wrong])},
        )
    return Bounded(value, lower, upper, count.status.to_numpy(dtype=object), count.pooled)


@dataclass(frozen=True)
class Membership:
    """Which areas each place holds: pairs of positions, by place and then by area code.

    Attributes
    ----------
    index : pandas.Index
        The areas of the counts.
    places : pandas.Index
        The places' labels, in order, each with at least one area.
    place, area : numpy.ndarray of int
        Of each pair, the position of the place in `places` and of the area in the counts.
    """

    index: pd.Index[Any]
    places: pd.Index[Any]
    place: Positions
    area: Positions

    def count(self, where: Marks) -> npt.NDArray[np.int64]:
        """Count each place's areas that are so marked."""
        return np.bincount(self.place[where[self.area]], minlength=len(self.places))

    def sums(self, values: Floats, where: Marks | None = None) -> Floats:
        """Sum each place's marked areas; 0 where there are none.

        Added as `numpy.sum` adds the same areas, to the last digit: a place starts with a 0.
        """
        return self._reduced(np.add, values, where, start=0.0)

    def total(self, count: Bounded, known: Marks) -> Bounded:
        """Sum a count over each place: values where `known`, bounds everywhere, no status.

        A place that holds all areas of a pool has the bounds of their sum, not those of each.
        """
        value = np.where(self.count(known) > 0, self.sums(count.value, known), np.nan)
        nothing = np.full(len(value), None, dtype=object)
        if count.pooled is None:
            return Bounded(value, self.sums(count.lower), self.sums(count.upper), nothing)
        which = count.pooled.which
        lower = self.pooled(count.lower, which, count.pooled.lower)
        upper = self.pooled(count.upper, which, count.pooled.upper)
        every = self.count(known) == self.count(np.ones(len(self.index), dtype=bool))
        lower = np.where(every, np.minimum(lower, value), lower)
        return Bounded(value, lower, np.where(every, np.maximum(upper, value), upper), nothing)

    def pooled(self, of_areas: Floats, which: npt.NDArray[np.int64], of_pools: Floats) -> Floats:
        """Sum each place's areas; those of a pool that it holds wholly by what the pool has.

        Parameters
        ----------
        of_areas : numpy.ndarray of float
            Of each area.
        which : numpy.ndarray of int
            The pool of each area; −1 for none.
        of_pools : numpy.ndarray of float
            Of all areas of each pool together.

        Returns
        -------
        numpy.ndarray of float
            Of each place.
        """
        here = which[self.area]
        key = self.place * (len(of_pools) + 1) + here
        pairs = pd.Series(key)
        held = pairs.map(pairs.value_counts()).to_numpy()
        size = np.bincount(which[which >= 0], minlength=len(of_pools))
        whole = (here >= 0) & (held == size[here])
        once = whole & ~pairs.duplicated().to_numpy()
        taken = np.where(whole, 0.0, of_areas[self.area]) + np.where(once, of_pools[here], 0.0)
        return np.bincount(self.place, taken, len(self.places)).astype(np.float64)

    def lowest(self, values: Floats, where: Marks | None = None) -> Floats:
        """Return the least of each place's marked areas; infinity where there are none."""
        return self._reduced(np.minimum, values, where, start=np.inf)

    def highest(self, values: Floats, where: Marks | None = None) -> Floats:
        """Return the greatest of each place's marked areas; −infinity where there are none."""
        return self._reduced(np.maximum, values, where, start=-np.inf)

    def only(self, marked: Marks) -> Positions:
        """Return the area that alone is marked among the pairs of its place; −1 otherwise."""
        found = np.full(len(self.places), -1, dtype=np.intp)
        found[self.place[marked]] = self.area[marked]
        found[np.bincount(self.place[marked], minlength=len(self.places)) != 1] = -1
        return found

    def gravest(self, reasons: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
        """Return, of the reasons that the areas of each place have, the gravest."""
        words = np.array(_GRAVEST_FIRST, dtype=object)
        ranks = pd.Index(words).get_indexer(pd.Index(reasons))
        ranks = np.where(ranks < 0, len(words) - 1, ranks).astype(float)
        gravest: npt.NDArray[np.object_] = words[self.lowest(ranks).astype(int)]
        return gravest

    def _reduced(
        self, reduce: np.ufunc, values: Floats, where: Marks | None, *, start: float
    ) -> Floats:
        place, area = self.place, self.area
        if where is not None:
            kept = where[area]
            place, area = place[kept], area[kept]
        sizes = np.bincount(place, minlength=len(self.places))
        begins = np.arange(len(sizes)) + np.r_[0, np.cumsum(sizes)[:-1]]
        laid = np.full(len(area) + len(sizes), start)
        laid[np.arange(len(area)) + place + 1] = values[area]
        reduced: Floats = reduce.reduceat(laid, begins)
        return reduced


def membership(index: pd.Index[Any], members: Members | None) -> Membership:
    """Find the areas of each place among the counts' areas; all are one place when None.

    Parameters
    ----------
    index : pandas.Index
        The counts' areas.
    members : pandas.DataFrame, pandas.Series, mapping, Membership or None
        A frame with columns ``place`` and ``deso`` (places in order of appearance), the label
        of each area on `index` (a missing one is no place; places in order of label), or the
        areas of each place (in the mapping's order). Only labels cannot overlap.

    Returns
    -------
    Membership
        To be given in place of `members` to any measure of counts on `index`.

    Raises
    ------
    ColumnError
        When a frame has not both columns.
    DataError
        When a place has no area, or one that is not among the counts, or a membership is of
        other areas.
    """
    if isinstance(members, Membership):
        if not (members.index is index or members.index.equals(index)):
            raise DataError(
                "places of other areas", {"others": len(members.index), "areas": len(index)}
            )
        return members
    if members is None:
        places, place = pd.Index(["all"], dtype=object), np.zeros(len(index), dtype=np.intp)
        area = np.arange(len(index))
    elif isinstance(members, pd.Series):
        if not members.index.equals(index):
            raise DataError("labels of other areas", {"labels": len(members), "areas": len(index)})
        place, labels = pd.factorize(members.astype(object), sort=True)
        places, area = pd.Index(labels, dtype=object), np.arange(len(index))
        place, area = place[place >= 0], area[place >= 0]
    else:
        places, place, codes = _pairs(members)
        area = _positions(index, places, place, codes)
    if not len(places):
        raise DataError("no place")
    rank = np.empty(len(index), dtype=np.intp)
    rank[np.argsort(index.to_numpy(), kind="stable")] = np.arange(len(index))
    pairs = np.unique(place * len(index) + rank[area])
    by_rank = np.argsort(rank)
    place, area = pairs // len(index), by_rank[pairs % len(index)]
    return Membership(index, places.rename("place"), place, area)


def _pairs(
    members: pd.DataFrame | Mapping[str, Sequence[str]],
) -> tuple[pd.Index[Any], Positions, pd.Index[Any]]:
    if isinstance(members, pd.DataFrame):
        absent = [name for name in ("place", "deso") if name not in members]
        if absent:
            raise ColumnError("no places and codes", {"names": absent})
        place, labels = pd.factorize(members["place"].astype(object))
        codes = pd.Index(members["deso"].to_numpy(dtype=object)[place >= 0])
        return pd.Index(labels, dtype=object), place[place >= 0], codes
    empty = [name for name, areas in members.items() if not len(areas)]
    if empty:
        raise DataError("place without areas", {"names": empty})
    sizes = [len(areas) for areas in members.values()]
    codes = pd.Index(list(chain.from_iterable(members.values())), dtype=object)
    return pd.Index(list(members), dtype=object), np.repeat(np.arange(len(sizes)), sizes), codes


def _positions(
    index: pd.Index[Any], places: pd.Index[Any], place: Positions, codes: pd.Index[Any]
) -> Positions:
    area = index.astype(object).get_indexer(codes)
    absent = area < 0
    if absent.any():
        raise DataError(
            "areas of places not counted",
            {
                "places": list(places[np.unique(place[absent])]),
                "absent": int(absent.sum()),
                "count": len(codes),
                "codes": list(codes[absent].unique()),
            },
        )
    return area
