"""A share over several years: whether it has changed more than chance explains, area by area."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.counts import Counts
from grannskap.errors import DataError
from grannskap.measures.balance import homogeneity
from grannskap.measures.balance.changes import possible_p
from grannskap.measures.balance.homogeneity import Boxes
from grannskap.measures.correction import Correction, answers, check_correction
from grannskap.measures.membership import Bounded, bounded
from grannskap.measures.overdispersion import check_dispersion

__all__ = ["OVER_YEARS", "over_years", "segments"]

Floats = npt.NDArray[np.float64]

OVER_YEARS = (
    *("last_year", "years", "share_first", "share_last", "share_least", "share_most"),
    *("statistic", "p", "q", "q_least", "status"),
)
"""The columns of a share over years."""

_PAIR = 2


def segments(years: Collection[int], breaks: Collection[int] = ()) -> list[tuple[int, ...]]:
    """Return the years in order, parted where a break lies between two of them.

    Examples
    --------
    >>> segments([2012, 2014, 2017, 2019], [2015])
    [(2012, 2014), (2017, 2019)]
    """
    ordered = sorted(years)
    cuts = [0, *np.searchsorted(ordered, sorted(breaks)).tolist(), len(ordered)]
    parts = [tuple(ordered[a:b]) for a, b in pairwise(cuts)]
    return [part for part in parts if part]


def over_years(
    parts: Mapping[int, Counts],
    bases: Mapping[int, Counts],
    *,
    breaks: Collection[int] = (),
    alpha: float = 0.05,
    correction: Correction = "bh",
    dispersion: float = 0.0,
    alike: float = 1.0,
    seed: int = 0,
) -> pd.DataFrame:
    r"""Share by area over the years, 0–1, and whether chance explains that it has not been one.

    Parameters
    ----------
    parts, bases : mapping of int to Counts
        By year: how many are counted (as low, or as high), and of how many; on the same areas.
    breaks : collection of int
        First years of another way of counting: years before and after one are never compared.
    alpha : float
        Error rate that q is held against.
    correction : {"bh", "by", "bonferroni", "none"}
        How p becomes q over all areas and segments that were tested.
    dispersion : float
        Correlation of two households in one area and year: counts are divided by their variance
        over that of independent households (Rao and Scott 1992).
    alike : float
        How many of those counted always have the same income, as persons of one household have:
        counts are divided by it.
    seed : int
        Of the draws that sparse areas take; with an area's own counts it makes them, so that
        they hang on no order.

    Returns
    -------
    pandas.DataFrame
        Index ``first_year`` (of each segment of two years or more) and ``deso``: ``last_year``;
        ``years``, how many have counts; ``share_first`` … ``share_most``, the first, last, least
        and greatest share where it is known; ``statistic``, G² with Williams' correction, of the
        counts as divided; ``p`` and ``q``, the greatest that the possible counts allow, and
        ``q_least``; ``status``: ``"changed"`` where q is at most alpha whatever the counts are,
        ``"chance"`` where it is greater, ``"unsure"`` where that hangs on what is not known,
        ``"untested"`` where fewer than two years have counts.

    Raises
    ------
    DataError
        When years or areas of parts and bases differ, or an option is not one of those above.

    Notes
    -----
    The test is that of one share in all years of a segment: the likelihood ratio G² of the table
    of two by k, χ² with k − 1 degrees of freedom where every expected count is 5 or more, and
    elsewhere held against draws with the same margins. Of two years it is the exact test of
    `balance.change`. Years are taken as independent, as there: those who stay make chance smaller
    than that. It tells that there was a change, not when, nor that it went one way.

    References
    ----------
    Williams, D. A. (1976). Improved likelihood ratio tests for complete contingency tables.
    *Biometrika* 63, 33–37. Rao, J. N. K. and Scott, A. J. (1992). A simple method for the
    analysis of clustered binary data. *Biometrics* 48, 577–585.

    Examples
    --------
    >>> area = pd.Index(["0114A0010", "0114A0020"], name="deso")
    >>> low = {2016: [40, 40], 2017: [43, 60], 2018: [38, 85]}
    >>> of = lambda values: Counts.known(pd.Series(values, index=area, dtype=float))
    >>> bases = {year: of([200, 200]) for year in low}
    >>> table = over_years({year: of(values) for year, values in low.items()}, bases)
    >>> table["status"].tolist()
    ['chance', 'changed']
    """
    check_correction(correction)
    check_dispersion(dispersion)
    if not parts or set(parts) != set(bases):
        raise DataError("years of parts and bases", {"years": sorted(set(parts) ^ set(bases))})
    run = _Run(dispersion, alike, seed)
    tables = {
        years[0]: run.segment(parts, bases, years)
        for years in segments(parts, breaks)
        if len(years) >= _PAIR
    }
    if not tables:
        return _empty(next(iter(parts.values())).value.index)
    found = pd.concat(tables, names=["first_year", "deso"])
    greatest, least = (found[name].to_numpy(dtype=float) for name in ("p", "p_least"))
    told = answers(greatest, least, alpha=alpha, correction=correction, beyond="changed")
    return found.assign(**told)[list(OVER_YEARS)]


def _empty(index: pd.Index[Any]) -> pd.DataFrame:
    keys = pd.MultiIndex.from_arrays([np.array([], dtype=int), index[:0]])
    keys.names = ["first_year", "deso"]
    return pd.DataFrame(index=keys, columns=list(OVER_YEARS))


@dataclass(frozen=True)
class _Run:
    """How the areas of every segment are tested."""

    dispersion: float
    alike: float
    seed: int

    def segment(
        self, parts: Mapping[int, Counts], bases: Mapping[int, Counts], years: Sequence[int]
    ) -> pd.DataFrame:
        """Test every area over the years of one segment, those it has counts of."""
        index, counts = bounded(*(one[year] for one in (parts, bases) for year in years))
        low, base = counts[: len(years)], counts[len(years) :]
        rest = [_rest(whole, part) for whole, part in zip(base, low, strict=True)]
        there = np.array([_told(part, other) for part, other in zip(low, rest, strict=True)])
        table = pd.DataFrame(
            {"last_year": years[-1], "years": there.sum(axis=0), **_shares(low, base)}, index=index
        )
        found = np.full((3, len(index)), np.nan)
        for which, rows in _patterns(there):
            pairs = [(_at(low[year], rows), _at(rest[year], rows)) for year in which]
            found[:, rows] = self._tested(pairs)
        return table.assign(statistic=found[0], p=found[1], p_least=found[2])

    def _tested(self, years: Sequence[tuple[Bounded, Bounded]]) -> Floats:
        """Return G², and the greatest and least p, of areas that have the same years."""
        boxes = Boxes.of(years, dispersion=self.dispersion, alike=self.alike)
        statistic = boxes.statistic()
        if len(years) == _PAIR:
            cells = [_divided(one, self.alike) for pair in years for one in pair]
            return np.array([statistic, *possible_p(*cells, dispersion=self.dispersion)])
        return np.array([statistic, *homogeneity.possible_p(boxes, seed=self.seed)])


def _rest(base: Bounded, part: Bounded) -> Bounded:
    """Return those of the base who are not in the part; none where a part is said to be larger."""
    value, lower, upper = (
        np.maximum(one, 0.0)
        for one in (base.value - part.value, base.lower - part.upper, base.upper - part.lower)
    )
    return Bounded(value, np.where(np.isnan(lower), 0.0, lower), upper, base.status)


def _told(part: Bounded, rest: Bounded) -> npt.NDArray[np.bool_]:
    """Tell where counts are limited both ways, and somebody may be there."""
    most = part.upper + rest.upper
    told: npt.NDArray[np.bool_] = np.isfinite(most) & (most > 0)
    return told


def _patterns(
    there: npt.NDArray[np.bool_],
) -> Iterator[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]]:
    """Yield years, and the areas that have counts of just these, where they are two or more."""
    kinds, which = np.unique(there.T, axis=0, return_inverse=True)
    for number, kind in enumerate(kinds):
        if kind.sum() >= _PAIR:
            yield np.flatnonzero(kind), np.flatnonzero(which.ravel() == number)


def _at(count: Bounded, rows: npt.NDArray[np.intp]) -> Bounded:
    return Bounded(count.value[rows], count.lower[rows], count.upper[rows], count.status[rows])


def _divided(count: Bounded, alike: float) -> Counts:
    """Return the count as if of as many as have an income of their own."""
    ends = (count.value, count.lower, count.upper)
    value, lower, upper = (pd.Series(one if alike == 1 else np.rint(one / alike)) for one in ends)
    return Counts(value, lower, upper, pd.Series(count.status))


def _shares(low: Sequence[Bounded], base: Sequence[Bounded]) -> dict[str, Floats]:
    """Return the first, last, least and greatest share that is known."""
    with np.errstate(divide="ignore", invalid="ignore"):
        every = np.array([a.value / b.value for a, b in zip(low, base, strict=True)])
    every[~np.isfinite(every)] = np.nan
    table = pd.DataFrame(every)
    return {
        "share_first": table.bfill().iloc[0].to_numpy(),
        "share_last": table.ffill().iloc[-1].to_numpy(),
        "share_least": table.min().to_numpy(),
        "share_most": table.max().to_numpy(),
    }
