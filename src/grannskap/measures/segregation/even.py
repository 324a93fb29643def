"""What a measure is where everybody's place is left to chance: its exact expectation.

Areas and groups keep their sizes and people change places, so each area's count of a group is
hypergeometric, and a measure that is a sum over areas has the sum of their expectations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grannskap.measures.segregation import formulas

if TYPE_CHECKING:
    from collections.abc import Callable

    from grannskap.measures.segregation.formulas import Floats

__all__ = ["EXACT", "expected"]

FAR = 12
"""So many standard deviations from the mean no chance is left that a double could hold."""


def expected(measure: str, counts: Floats) -> float | None:
    """Return the mean of a measure over all ways to place everybody, or None where it is no sum.

    Parameters
    ----------
    measure : str
        A name in `EXACT`; others give None.
    counts : array of shape (groups, areas)
        Whole people.

    Examples
    --------
    >>> round(expected("dissimilarity", np.array([[1.0, 0.0], [0.0, 1.0]])), 12)
    1.0
    """
    return EXACT[measure](counts) if measure in EXACT else None


def _mean(function: Callable[[Floats, Floats], Floats], members: float, counts: Floats) -> Floats:
    """Return E f(x, t) of each area's count x of a group with so many members, t its people.

    The counts that areas of each size can have lie end to end in one array.
    """
    whole, of_area = float(counts.sum()), counts.sum(axis=0)
    sizes, place = np.unique(of_area, return_inverse=True)
    mean = sizes * members / whole
    spread = np.sqrt(mean * (1 - members / whole) * (whole - sizes) / max(whole - 1, 1))
    reach = FAR * spread + FAR
    low = np.maximum.reduce([np.zeros_like(mean), members + sizes - whole, np.floor(mean - reach)])
    high = np.minimum.reduce([np.full_like(mean, members), sizes, np.ceil(mean + reach)])
    length = (high - low).astype(np.int64) + 1
    start = np.cumsum(length) - length
    values = np.arange(length.sum()) - np.repeat(start - low, length)
    size = np.repeat(sizes, length)
    log = _log_choose(members, values) + _log_choose(whole - members, size - values)
    chances = np.exp(log - np.repeat(_log_choose(whole, sizes), length))
    told = np.add.reduceat(chances * function(values, size), start)
    found: Floats = (told / np.add.reduceat(chances, start))[place]
    return found


def _log_choose(count: float, size: Floats) -> Floats:
    from scipy.special import gammaln

    log: Floats = gammaln(count + 1) - gammaln(size + 1) - gammaln(count - size + 1)
    return log


def _dissimilarity(counts: Floats) -> float:
    whole, groups = counts.sum(), counts.sum(axis=1)
    shares = groups / whole
    told = groups[:1] if len(groups) == 2 else groups  # of two, one is as far off as the other
    apart = sum(float(_mean(_apart(one / whole), one, counts).sum()) for one in told)
    times = len(groups) / len(told)
    return times * apart / float(2 * whole * (shares * (1 - shares)).sum())


def _apart(share: float) -> Callable[[Floats, Floats], Floats]:
    def far(held: Floats, size: Floats) -> Floats:
        distance: Floats = np.abs(held - size * share)
        return distance

    return far


def _information(counts: Floats) -> float:
    whole, groups, sizes = counts.sum(), counts.sum(axis=1), counts.sum(axis=0)
    cells = sum(_mean(lambda x, _: _plogp(x), members, counts).sum() for members in groups)
    return float((cells - _plogp(groups).sum() - _plogp(sizes).sum() + _plogp(whole)) / whole)


def _theil_h(counts: Floats) -> float:
    whole, groups = counts.sum(), counts.sum(axis=1)
    return float(_information(counts) * whole / (_plogp(whole) - _plogp(groups).sum()))


def _isolation(counts: Floats) -> float:
    """Sum the second moments of the hypergeometric counts over the areas' people."""
    whole, first, sizes = counts.sum(), counts.sum(axis=1)[0], counts.sum(axis=0)
    sizes = sizes[sizes > 0]
    mean = sizes * first / whole
    variance = mean * (1 - first / whole) * (whole - sizes) / max(whole - 1, 1)
    return float(((variance + mean**2) / sizes).sum() / first)


def _isolation_of_second(counts: Floats) -> float:
    return _isolation(counts[::-1])


def _exposure(counts: Floats) -> float:
    return 1 - _isolation(counts)


def _correlation_ratio(counts: Floats) -> float:
    share = counts.sum(axis=1)[0] / counts.sum()
    return float((_isolation(counts) - share) / (1 - share))


def _of_cuts(variation: Callable[[Floats], Floats]) -> Callable[[Floats], float]:
    """Return the mean of an ordinal index: that of the variation of each cut in each area."""

    def mean(counts: Floats) -> float:
        below, sizes, whole = counts.sum(axis=1).cumsum()[:-1], counts.sum(axis=0), counts.sum()
        varied = [_mean(_inside(variation), float(cut), counts) * sizes for cut in below]
        return float(1 - np.sum(varied) / (whole * variation(below / whole).sum()))

    return mean


def _inside(variation: Callable[[Floats], Floats]) -> Callable[[Floats, Floats], Floats]:
    def of_counts(part: Floats, whole: Floats) -> Floats:
        return variation(np.divide(part, whole, out=np.zeros_like(part), where=whole > 0))

    return of_counts


def _plogp(values: Floats) -> Floats:
    from scipy.special import xlogy

    logs: Floats = xlogy(values, values)
    return logs


EXACT: dict[str, Callable[[Floats], float]] = {
    formulas.dissimilarity.__name__: _dissimilarity,
    formulas.information.__name__: _information,
    formulas.theil_h.__name__: _theil_h,
    formulas.isolation.__name__: _isolation,
    formulas.isolation_of_second.__name__: _isolation_of_second,
    formulas.exposure.__name__: _exposure,
    formulas.correlation_ratio.__name__: _correlation_ratio,
    formulas.ordinal.__name__: _of_cuts(formulas.entropy),
    formulas.ordinal_variance.__name__: _of_cuts(formulas.variance),
    formulas.ordinal_root.__name__: _of_cuts(formulas.root),
}
"""The measures that are sums over areas, and their expectation under an even spread."""
