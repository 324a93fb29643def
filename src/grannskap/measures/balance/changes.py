"""Balance then and now: the change of each area and place, and whether chance explains it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.catalogue import Status
from grannskap.counts import Counts
from grannskap.language import Text
from grannskap.measures import proportion
from grannskap.measures.balance import conditional, overdispersed
from grannskap.measures.balance.conditional import Tables
from grannskap.measures.balance.overdispersed import Alike
from grannskap.measures.balance.ratio import (
    STATUSES,
    ratio_bounds,
    ratios,
    rounded_to_zero,
    status_words,
)
from grannskap.measures.correction import Correction, adjusted, check_correction
from grannskap.measures.membership import Bounded, Members, Membership, bounded, membership
from grannskap.measures.overdispersion import check_dispersion, of_places
from grannskap.notes import Note, with_notes

__all__ = ["CHANGE_STATUSES", "change", "change_of_places", "possible_p", "ratio_changes"]

Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]
Words = npt.NDArray[np.object_]
Cells = tuple[Floats, Floats, Floats, Floats]

CHANGE_STATUSES: dict[str, Text] = {
    "nobody low": Text("ingen i den låga gruppen", "nobody in the low category"),
    **STATUSES,
}
"""What the status of a change can say, with the words that outputs use."""


class _Years(NamedTuple):
    """Low and high, then and now."""

    then_low: Bounded
    then_high: Bounded
    now_low: Bounded
    now_high: Bounded

    @property
    def known(self) -> Marks:
        known: Marks = np.all([count.known for count in self], axis=0)
        return known

    def ratios(self) -> tuple[Floats, Floats]:
        then, now = self.rounded()
        return (
            ratios(self.then_low, self.then_high, then),
            ratios(self.now_low, self.now_high, now),
        )

    def rounded(self) -> tuple[Marks, Marks]:
        """Tell where a zero of then, or of now, may be a few that were rounded."""
        return (
            rounded_to_zero(self.then_low, self.then_high),
            rounded_to_zero(self.now_low, self.now_high),
        )

    def bounds(self) -> tuple[Floats, Floats]:
        """Return the least and the most that log2 of the ratio now to the ratio then can be."""
        then = _bounds(self.then_low, self.then_high)
        now = _bounds(self.now_low, self.now_high)
        with np.errstate(divide="ignore"):
            least, most = ratio_bounds(now, then)
            return np.log2(least), np.log2(most)

    def corners(
        self, dispersion: float, areas: _Years | None = None, held: Membership | None = None
    ) -> tuple[_Corner, _Corner]:
        """Return the counts where the change is least, and where it is most.

        `areas` are those that sums are of, and `held` the places they are summed over.
        """
        found = []
        for cells, of in zip(self._cells(), (areas or self)._cells(), strict=True):
            bases = (of[0] + of[1], of[2] + of[3])
            now, then = (_correlations(dispersion, base, held) for base in bases)
            found.append(_Corner(cells, now, then))
        return found[0], found[1]

    def _cells(self) -> tuple[Cells, Cells]:
        """Return low now, high now, low then, high then where the change is least, and most."""
        then_low, then_high, now_low, now_high = self
        return (
            (now_low.lower, now_high.upper, then_low.upper, then_high.lower),
            (now_low.upper, now_high.lower, then_low.lower, then_high.upper),
        )


def _bounds(low: Bounded, high: Bounded) -> tuple[Floats, Floats]:
    return ratio_bounds((low.lower, low.upper), (high.lower, high.upper))


def change(
    then_low: Counts | pd.Series[Any],
    then_high: Counts | pd.Series[Any],
    now_low: Counts | pd.Series[Any],
    now_high: Counts | pd.Series[Any],
    *,
    confidence: float = 0.95,
    correction: Correction = "bh",
    dispersion: float = 0.0,
) -> pd.DataFrame:
    r"""Change of the balance, log2 of now to then, −∞ … ∞; 1 is a doubling.

    The bounds are the least and the most that the change can be when each count lies anywhere
    between its own. What they allow is no finding: where no change is within the bounds p is 1,
    and elsewhere it is that of the possible counts that are nearest to no change. So too the
    interval reaches from the lower end at the lower bound to the upper end at the upper bound.

    Interval and test are about chance, under a model. With a `dispersion` of 0 households are
    independent and those of an area have equal odds, each year anew. The interval is then the
    exact conditional one of the ratio of two odds: given the margins of the table low/high by
    then/now, low now follows Fisher's noncentral hypergeometric distribution, and the ends are
    the ratios at which as much (as little) low now as was counted, or more (less), has half of
    the error's probability. p is twice the smaller tail at equal odds, at most 1. Both hold for
    any count; under the model they cover the truth at least as often as stated.

    Real households are not so. Most live in the same place in both years, which makes chance
    smaller than the model says; but families, stairwells and whole blocks move and earn
    together, which makes it greater, and the second can outweigh the first. Where one
    household in ten comes or goes, in blocks of 20, some 10 to 20 per cent of unchanged areas
    fall outside an interval of 95 per cent; where two of an area are alike with a correlation
    of 0.02, and each has 200 of them, some 37 per cent. A `dispersion`
    above 0 is that correlation, within an area and a year: each year is beta-binomial, and the
    interval and p are the widest and the greatest over what the pooled share can be.

    Parameters
    ----------
    then_low, then_high, now_low, now_high : Counts, or pandas.Series of float
        Counts on the same index (``deso``). In a plain column NaN is missing, and the count
        may be anything. Areas must be the same in both years: translate between divisions
        first.
    confidence : float
        Confidence of each area's interval; 1 − confidence is the error that `within_chance`
        allows.
    correction : {"bh", "by", "bonferroni", "none"}
        How `p` becomes `q` over all areas, see `grannskap.measures.correction.adjust`; not at
        all for an area that was singled out beforehand. Without correction,
        `within_chance` is the same as 0 lying in the interval.
    dispersion : float
        Correlation of two households in one area in one year, from 0 to below 1.

    Returns
    -------
    pandas.DataFrame
        On the index of the counts: ``estimate``; ``lower`` and ``upper``, its bounds;
        ``interval_lower`` and ``interval_upper``, for the area alone; ``p``, ``q``,
        ``within_chance`` (boolean, q above 1 − confidence); ``ratio_then``, ``ratio_now``;
        ``status``, a key of `CHANGE_STATUSES`: the gravest of the two years. A balance of 0
        or ∞ gives an infinite change, and NaN when both years have the same one. The
        estimate is NaN where a count has no value or nobody is either in one of the years;
        The interval, p, q and `within_chance` are missing where the bounds allow any change.
        Counts that are not whole are rounded for the test, and a note says so.

    Raises
    ------
    DataError
        As for `areas`, and when an option is not one of those above.

    References
    ----------
    Fisher, R. A. (1935). The logic of inductive inference. *Journal of the Royal
    Statistical Society* 98, 39–82. Benjamini, Y. and Hochberg, Y. (1995). Controlling the
    false discovery rate. *Journal of the Royal Statistical Society B* 57, 289–300. Berger,
    R. L. and Boos, D. D. (1994). P values maximized over a confidence set for the nuisance
    parameter. *Journal of the American Statistical Association* 89, 1012–1016.

    Examples
    --------
    >>> import pandas as pd
    >>> then = pd.DataFrame({"low": [120, 12], "high": [10, 9]}, index=["Hageby", "Lina hage"])
    >>> now = pd.DataFrame({"low": [252, 15], "high": [4, 8]}, index=["Hageby", "Lina hage"])
    >>> table = change(then["low"], then["high"], now["low"], now["high"])
    >>> table[["ratio_then", "ratio_now", "estimate", "within_chance"]].round(2)
               ratio_then  ratio_now  estimate  within_chance
    Hageby          12.00      63.00      2.39          False
    Lina hage        1.33       1.88      0.49           True
    """
    _check(confidence, correction, dispersion)
    index, counts = bounded(then_low, then_high, now_low, now_high)
    years = _Years(*counts)
    table = _table(years, index, years.corners(dispersion), confidence, correction)
    table["status"] = pd.Series(_words(years), index=index, dtype="str")
    return with_notes(table, _on_rounding(years, index))


def change_of_places(
    then_low: Counts | pd.Series[Any],
    then_high: Counts | pd.Series[Any],
    now_low: Counts | pd.Series[Any],
    now_high: Counts | pd.Series[Any],
    members: Members | None = None,
    *,
    confidence: float = 0.95,
    correction: Correction = "bh",
    dispersion: float = 0.0,
    interval: bool = True,
) -> pd.DataFrame:
    """Change of the balance of places, log2 of now to then, over areas known in both years.

    Everything but the bounds is about the areas where all four counts have a value, summed:
    two years are never compared over different areas. `lower` and `upper` bound the change of
    the whole place, its other areas entering with their bounds; where an area is missing they
    need not hold the estimate.

    Parameters
    ----------
    then_low, then_high, now_low, now_high, confidence, correction
        As for `change`; q is over all places, which may overlap.
    members : pandas.DataFrame, pandas.Series, mapping or Membership, optional
        The areas of each place, as for `places`.
    dispersion : float
        Correlation of two households in one area in one year; those of different areas are
        independent, as for `places`.
    interval : bool
        Whether to find the ends of the interval, which takes most of the time; they are NaN
        otherwise.

    Returns
    -------
    pandas.DataFrame
        A row per place, with the columns of `change`, ``areas`` (known in both years) and
        ``areas_missing``. Where no area is known in both years all numbers are NaN, and the
        status is the gravest reason.

    Raises
    ------
    DataError
        As for `change`, and when a place holds no area or one that is not among the counts.
    ColumnError
        When the frame of members has not both columns.

    Examples
    --------
    >>> import pandas as pd
    >>> codes = ["0581C1010", "0581C1020", "0581C1030"]
    >>> then = pd.DataFrame({"low": [60, 60, 99], "high": [5, 5, 1]}, index=codes)
    >>> now = pd.DataFrame({"low": [126, 126, None], "high": [2, 2, 1]}, index=codes)
    >>> table = change_of_places(then["low"], then["high"], now["low"], now["high"],
    ...                          {"Hageby": codes})
    >>> table[["ratio_then", "ratio_now", "areas", "areas_missing"]]
            ratio_then  ratio_now  areas  areas_missing
    place
    Hageby        12.0       63.0      2              1
    """
    _check(confidence, correction, dispersion)
    index, counts = bounded(then_low, then_high, now_low, now_high)
    years = _Years(*counts)
    held = membership(index, members)
    known = years.known
    both = _Years(*(_only(count, known) for count in years))
    sums = _Years(*(held.total(count, known) for count in both))
    corners = sums.corners(dispersion, both, held)
    table = _table(sums, held.places, corners, confidence, correction, interval=interval)
    some = held.count(known) > 0
    table["lower"], table["upper"] = _Years(*(held.total(count, known) for count in years)).bounds()
    numbers = table.columns.drop("within_chance")
    table.loc[~some, numbers] = np.nan
    table.loc[~some, "within_chance"] = pd.NA
    table["areas"], table["areas_missing"] = held.count(known), held.count(~known)
    words = np.where(some, _words(sums), held.gravest(_words(years)))
    table["status"] = pd.Series(words, index=held.places, dtype="str")
    inside = np.isin(np.arange(len(index)), held.area)
    return with_notes(table, [*_on_rounding(years, index), *_on_gaps(index[inside & ~known])])


def possible_p(
    then_low: Counts | pd.Series[Any],
    then_high: Counts | pd.Series[Any],
    now_low: Counts | pd.Series[Any],
    now_high: Counts | pd.Series[Any],
    *,
    dispersion: float = 0.0,
) -> tuple[Floats, Floats]:
    """Return the greatest and the least p of equal odds that the bounds of the counts allow.

    Both are that of `change` where every count is exact, and NaN where nobody is counted in a year
    or nothing is known. The greatest is 1 where some of the counts that may be are no change, and
    the least is 0 where a count has no upper bound.
    """
    check_dispersion(dispersion)
    years = _Years(*bounded(then_low, then_high, now_low, now_high)[1])
    corners = years.corners(dispersion)
    greatest = _p(*years.bounds(), corners)
    sound = corners[0].sound & corners[1].sound
    greatest[np.isnan(greatest) & sound] = 1.0
    every = np.ones(len(greatest), dtype=bool)
    ends = [corner.p(every) for corner in corners]
    least = np.where(np.isnan(ends).any(axis=0), 0.0, np.minimum(*ends))
    return greatest, np.where(np.isnan(greatest), np.nan, np.minimum(least, greatest))


def ratio_changes(
    then_low: Counts, then_high: Counts, now_low: Counts, now_high: Counts
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the balance now and then, and the bounds of log2 of the one to the other."""
    years = _Years(*bounded(then_low, then_high, now_low, now_high)[1])
    then, now = years.ratios()
    return now, then, *years.bounds()


def _check(confidence: float, correction: str, dispersion: float) -> None:
    proportion.check_confidence(confidence)
    check_dispersion(dispersion)
    check_correction(correction)


def _only(count: Bounded, known: Marks) -> Bounded:
    """Return the count where it is known, and nobody elsewhere."""
    lower, upper = (np.where(known, bound, 0.0) for bound in (count.lower, count.upper))
    return Bounded(count.value, lower, upper, count.status)


def _correlations(dispersion: float, base: Floats, held: Membership | None) -> Floats:
    """Return the correlation of two households of one row: an area, or a place when held."""
    if held is None:
        return np.full(len(base), dispersion)
    return of_places(dispersion, held, base)


class _Corner:
    """Possible counts, one two-by-two table a row, and what chance says of their ratio of odds."""

    def __init__(self, cells: Cells, now: Floats, then: Floats) -> None:
        self.cells, self.now, self.then = cells, now, then
        a, b, c, d = cells
        finite = np.isfinite(a) & np.isfinite(b) & np.isfinite(c) & np.isfinite(d)
        self.sound: Marks = finite & (a + b > 0) & (c + d > 0)
        self.alike: Marks = np.maximum(now, then) > proportion.INDEPENDENT

    def p(self, chosen: Marks) -> Floats:
        """Return p of equal odds in the chosen rows, NaN where a year has nobody."""
        found = np.full(len(self.sound), np.nan)
        tested = chosen & self.sound
        alone, alike = tested & ~self.alike, tested & self.alike
        if alone.any():
            found[alone] = conditional.two_sided_p(self._rows(alone).tables)
        if alike.any():
            found[alike] = overdispersed.two_sided_p(self._rows(alike))
        return found[chosen]

    def end(self, tail: float, *, upper: bool) -> Floats:
        """Return an end of the interval of log2 of the ratio, infinite where there is none."""
        found = np.full(len(self.sound), -np.inf)
        alone, alike = self.sound & ~self.alike, self.sound & self.alike
        if alone.any():
            tables = self._rows(alone, upper=upper).tables
            found[alone] = conditional.lower_log_ratio(tables, tail=tail)
        if alike.any():
            rows = self._rows(alike, upper=upper)
            found[alike] = overdispersed.lower_log_ratio(rows, tail=tail)
        sign = -1 if upper else 1
        end: Floats = sign * found / np.log(2)
        return end

    def _rows(self, where: Marks, *, upper: bool = False) -> Alike:
        whole = (np.rint(cell[where]).astype(np.int64) for cell in self.cells)
        rows = Alike(Tables(*whole), self.now[where], self.then[where])
        return rows.mirrored() if upper else rows


def _table(
    years: _Years,
    index: pd.Index[Any],
    corners: tuple[_Corner, _Corner],
    confidence: float,
    correction: Correction,
    *,
    interval: bool = True,
) -> pd.DataFrame:
    """Return everything but the status, of areas or of places."""
    then, now = years.ratios()
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = np.log2(now) - np.log2(then)
    lower, upper = years.bounds()
    p = _p(lower, upper, corners)
    q, tested = adjusted(p, correction, None), ~np.isnan(p)
    within = pd.array(q > 1 - confidence, dtype="boolean")
    within[~tested] = pd.NA
    tail = (1 - confidence) / 2
    ends = np.full((2, len(index)), np.nan)
    if interval:
        for end, corner in enumerate(corners):
            ends[end] = np.where(tested, corner.end(tail, upper=end == 1), np.nan)
    return pd.DataFrame(
        {
            "estimate": estimate,
            "lower": lower,
            "upper": upper,
            "interval_lower": ends[0],
            "interval_upper": ends[1],
            "p": p,
            "q": q,
            "within_chance": within,
            "ratio_then": then,
            "ratio_now": now,
        },
        index=index,
    )


def _p(lower: Floats, upper: Floats, corners: tuple[_Corner, _Corner]) -> Floats:
    """Return p of the possible counts nearest to no change; missing where any change may be.

    It is the greatest of all: with equal odds the tail falls with each more of low now or of high
    then, and rises with the others.
    """
    least, most = corners
    exact = np.all([one == two for one, two in zip(least.cells, most.cells, strict=True)], axis=0)
    p = np.where(np.isnan(lower) | (np.isneginf(lower) & np.isposinf(upper)), np.nan, 1.0)
    for corner, chosen in ((least, ~exact & (lower > 0)), (most, ~exact & (upper < 0))):
        tested = chosen & corner.sound
        p[tested] = corner.p(tested)
    p[exact] = least.p(exact)
    return p


_GRAVEST_FIRST = ("rounded to zero", "nobody either", "nobody high", Status.VALUE.value)


def _words(years: _Years) -> Words:
    """Return why each change is a number, infinite or missing: the gravest of the two years."""
    rounded_then, rounded_now = years.rounded()
    then = status_words(years.then_low, years.then_high, rounded_then)
    now = status_words(years.now_low, years.now_high, rounded_now)
    words = now.copy()
    ranks = {word: rank for rank, word in enumerate(_GRAVEST_FIRST)}
    worse = np.array([ranks.get(a, -1) < ranks.get(b, -1) for a, b in zip(then, now, strict=True)])
    words[worse] = then[worse]
    neither = (years.then_low.value == 0) & (years.now_low.value == 0)
    words[neither & (words == Status.VALUE.value)] = "nobody low"
    return words


def _on_gaps(gone: pd.Index[Any]) -> list[Note]:
    if gone.empty:
        return []
    values = {"areas": len(gone), "of": "balance"}
    return [Note("areas not in both years", values, tuple(sorted(map(str, gone))))]


def _on_rounding(years: _Years, index: pd.Index[Any]) -> list[Note]:
    broken = np.zeros(len(index), dtype=bool)
    for count in years:
        broken |= count.known & (count.value != np.rint(count.value))
    if not broken.any():
        return []
    values = {"areas": int(broken.sum())}
    return [Note("rounded counts", values, tuple(map(str, index[broken])))]
