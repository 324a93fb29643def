r"""One share in several years: G² of tables of two by k, where counts are known within bounds.

G² is twice the least, over one share :math:`q` of all years, of
:math:`\sum_t a_t \log(a_t / n_t q) + b_t \log(b_t / n_t (1-q))`. Each year's term is least where
its own share is nearest to :math:`q` and greatest at an end, and both are convex in :math:`q`; so
the least that bounds allow is found exactly. The greatest is at a corner, of which all are tried
up to ten years; of more, those where years part at one share, and those that differ from the best
of them in a year after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from grannskap.measures.membership import Bounded

__all__ = ["Boxes", "g_squared", "possible_p"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]

Cells = tuple[Floats, Floats]
"""Low and the rest: a row per area, a column per year."""

_HALVINGS = 50
_FEW = 5.0
_NONE = 1e-9
_EVERY = 10
"""Up to so many years, every way of taking few or many low in each is tried."""

_ROUNDS, _ENOUGH = (499, 9_999), 25


@dataclass(frozen=True)
class Boxes:
    """What low and the rest can be, area by year: few low of many, and many low of few."""

    value: Cells
    few: Cells
    many: Cells

    @classmethod
    def of(
        cls, years: Sequence[tuple[Bounded, Bounded]], *, dispersion: float, alike: float
    ) -> Boxes:
        """Take counts of low and the rest, each divided to what independent households are."""

        def cells(of_low: str, of_rest: str) -> Cells:
            low = np.array([getattr(one, of_low) for one, _ in years], dtype=float).T
            rest = np.array([getattr(one, of_rest) for _, one in years], dtype=float).T
            return _effective(low, rest, dispersion, alike)

        few, many = cells("lower", "upper"), cells("upper", "lower")
        return cls(cells("value", "value"), few, many)

    def statistic(self) -> Floats:
        """Return G² of the counts themselves, NaN where one is not known."""
        low, rest = self.value
        return g_squared(low, rest) / williams(low, rest)

    def exact(self) -> Marks:
        """Tell where nothing but the counts themselves is possible."""
        same = [(one == other).all(axis=1) for one, other in zip(self.few, self.many, strict=True)]
        exact: Marks = same[0] & same[1]
        return exact

    def of_areas(self, chosen: Marks) -> Boxes:
        """Return those of some areas."""

        def some(cells: Cells) -> Cells:
            return cells[0][chosen], cells[1][chosen]

        return Boxes(some(self.value), some(self.few), some(self.many))

    def nearest(self) -> Cells:
        """Return the possible counts of least G²."""
        lowest, highest = share(*self.few), share(*self.many)
        sizes = [low + rest for low, rest in (self.few, self.many)]

        def outside(q: Floats) -> Floats:
            over = np.maximum(q - highest, 0.0) * sizes[1]
            total: Floats = (over - np.maximum(lowest - q, 0.0) * sizes[0]).sum(axis=1)
            return total

        q = _root(outside, len(lowest))[:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            wide = (self.many[0] - self.few[0]) - q * (sizes[1] - sizes[0])
            part = np.clip((q * sizes[0] - self.few[0]) / wide, 0.0, 1.0)
        part = np.where(np.isnan(part), 0.5, part)
        low, rest = (
            few + part * (many - few) for few, many in zip(self.few, self.many, strict=True)
        )
        return low, rest

    def furthest(self) -> Cells:
        """Return the possible counts of greatest G²: of many years the greatest near at hand."""
        years = self.few[0].shape[1]
        if years <= _EVERY:
            return self._corner(self._best(np.array([*product((False, True), repeat=years)])))
        order = np.argsort(self._turning(), axis=1, kind="stable")
        place = np.argsort(order, axis=1, kind="stable")
        best = self._best([place >= cut for cut in range(years + 1)])
        while True:
            better = self._best([best, *(best ^ one for one in np.eye(years, dtype=bool))])
            if (better == best).all():
                return self._corner(best)
            best = better

    def _best(self, ways: Iterable[Marks]) -> Marks:
        """Return, by area, the years that take many low in the way of greatest G²."""
        most = np.full(len(self.few[0]), -np.inf)
        best = np.zeros(self.few[0].shape, dtype=bool)
        for many in ways:
            found = g_squared(*self._corner(many))
            better = found > most + _NONE
            most[better] = found[better]
            best[better] = np.broadcast_to(many, best.shape)[better]
        return best

    def _corner(self, many: Marks) -> Cells:
        low, rest = (
            np.where(many, one, other) for one, other in zip(self.many, self.few, strict=True)
        )
        return low, rest

    def _turning(self) -> Floats:
        """Return the share of all at which few low and many low are as far from it."""
        (few_low, few_rest), (many_low, many_rest) = self.few, self.many
        height = _own(*self.many) - _own(*self.few)

        def nearer(q: Floats) -> Floats:
            by_low = (many_low - few_low) * np.log(q)
            by_rest = (many_rest - few_rest) * np.log1p(-q)
            difference: Floats = by_low + by_rest - height
            return difference

        return _root(nearer, few_low.shape)


def _effective(low: Floats, rest: Floats, dispersion: float, alike: float) -> Cells:
    """Return whole counts as if of independent households."""
    inflation = np.maximum(1.0, 1 + ((low + rest) / alike - 1) * dispersion)
    return np.rint(low / alike / inflation), np.rint(rest / alike / inflation)


def share(low: Floats, rest: Floats) -> Floats:
    """Return the share of low, a half where nobody is."""
    whole = low + rest
    return np.divide(low, whole, out=np.full_like(low, 0.5), where=whole > 0)


def _xlogx(x: Floats) -> Floats:
    return np.where(x > 0, x * np.log(np.where(x > 0, x, 1.0)), 0.0) + 0 * x


def _own(low: Floats, rest: Floats) -> Floats:
    """Return the log-likelihood of each year by itself."""
    own: Floats = _xlogx(low) + _xlogx(rest) - _xlogx(low + rest)
    return own


def g_squared(low: Floats, rest: Floats) -> Floats:
    """Likelihood ratio statistic G² of one share in all years, 0 … ∞; a row per area.

    Examples
    --------
    >>> g_squared(np.array([[10.0, 20.0, 30.0]]), np.array([[90.0, 80.0, 70.0]])).round(3).tolist()
    [12.972]
    """
    every = _own(low, rest).sum(axis=1) - _own(low.sum(axis=1), rest.sum(axis=1))
    statistic: Floats = np.maximum(2 * every, 0.0)
    return statistic


def williams(low: Floats, rest: Floats) -> Floats:
    """Return Williams' divisor of G², 1 where it is none."""
    sizes = low + rest
    whole, held = sizes.sum(axis=1), (sizes > 0).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        by_year = whole * np.where(sizes > 0, 1 / sizes, 0.0).sum(axis=1) - 1
        by_row = whole * (1 / low.sum(axis=1) + 1 / rest.sum(axis=1)) - 1
        divisor = 1 + by_year * by_row / (6 * whole * (held - 1))
    return np.where(np.isfinite(divisor), divisor, 1.0)


def possible_p(boxes: Boxes, *, seed: int) -> tuple[Floats, Floats]:
    """Return the greatest and the least p that the bounds of the counts allow."""
    exact = boxes.exact()
    near = boxes.nearest()
    greatest = _p(*near, seed=seed)
    greatest[~exact & (g_squared(*near) < _NONE)] = 1.0
    least = greatest.copy()
    if not exact.all():
        far = boxes.of_areas(~exact).furthest()
        least[~exact] = np.minimum(greatest[~exact], _p(*far, seed=seed))
    return greatest, least


def _p(low: Floats, rest: Floats, *, seed: int) -> Floats:
    """Return p of one share in all years."""
    from scipy.stats import chi2

    low, rest = np.rint(low), np.rint(rest)
    sizes = low + rest
    held = (sizes > 0).sum(axis=1)
    rows = low.sum(axis=1), rest.sum(axis=1)
    tested = (held > 1) & (rows[0] > 0) & (rows[1] > 0)
    scarce = np.minimum(*rows) * np.where(sizes > 0, sizes, np.inf).min(axis=1)
    dense = tested & (scarce >= _FEW * sizes.sum(axis=1))
    p = np.ones(len(low))
    statistic = g_squared(low[dense], rest[dense]) / williams(low[dense], rest[dense])
    p[dense] = chi2.sf(statistic, held[dense] - 1)
    drawn: dict[tuple[int, ...], float] = {}
    for row in np.flatnonzero(tested & ~dense):
        pair = sorted((low[row], rest[row]), key=np.sum)[0].astype(np.int64)
        own = (*pair.tolist(), *sizes[row].astype(np.int64).tolist())
        if own not in drawn:
            drawn[own] = _drawn(pair, sizes[row].astype(np.int64), seed)
        p[row] = drawn[own]
    return p


def _drawn(few: Integers, sizes: Integers, seed: int) -> float:
    """Return p held against tables of the same margins, more of them where it is small."""
    table = _xlogx(np.arange(int(sizes.max()) + 1, dtype=float))
    total = int(few.sum())
    rng = np.random.default_rng([seed, total, *sizes.tolist()])
    observed = float((table[few] + table[sizes - few]).sum())
    p = 1.0
    for draws in _ROUNDS:
        made = rng.multivariate_hypergeometric(sizes, total, size=draws, method="marginals")
        found = (table[made] + table[sizes - made]).sum(axis=1)
        beyond = int((found >= observed - _NONE * max(1.0, abs(observed))).sum())
        p = (beyond + 1) / (draws + 1)
        if beyond >= _ENOUGH:
            break
    return p


def _root(rising: Callable[[Floats], Floats], shape: int | tuple[int, ...]) -> Floats:
    """Return where a function of a share, which never falls, passes 0."""
    low, high = np.zeros(shape), np.ones(shape)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        below = rising(middle if middle.ndim > 1 else middle[:, None]) < 0
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    root: Floats = (low + high) / 2
    return root
