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


def _mean(function: Callable[[Floats, float], Floats], members: float, counts: Floats) -> Floats:
    """Return E f(x, t) of each area's count x of a group with so many members, t its people."""
    whole, sizes = counts.sum(), counts.sum(axis=0)
    found = np.zeros(len(sizes))
    for size in np.unique(sizes):
        values, chances = _hypergeometric(float(whole), members, float(size))
        found[sizes == size] = chances @ function(values, float(size))
    return found


def _hypergeometric(whole: float, members: float, size: float) -> tuple[Floats, Floats]:
    """Return the counts that an area of this size can have of a group, and their chances."""
    mean = size * members / whole
    spread = np.sqrt(mean * (1 - members / whole) * (whole - size) / max(whole - 1, 1))
    reach = FAR * spread + FAR
    low = max(0.0, members + size - whole, np.floor(mean - reach))
    values = np.arange(low, min(members, size, np.ceil(mean + reach)) + 1)
    log = (
        _log_choose(members, values)
        + _log_choose(whole - members, size - values)
        - _log_choose(whole, size)
    )
    chances: Floats = np.exp(log)
    return values, chances / chances.sum()


def _log_choose(count: float, size: Floats | float) -> Floats:
    from scipy.special import gammaln

    log: Floats = gammaln(count + 1) - gammaln(size + 1) - gammaln(count - size + 1)
    return log


def _dissimilarity(counts: Floats) -> float:
    whole, groups = counts.sum(), counts.sum(axis=1)
    shares = groups / whole
    apart = 0.0
    for members in groups:
        apart += float(_mean(_apart(members / whole), members, counts).sum())
    return apart / float(2 * whole * (shares * (1 - shares)).sum())


def _apart(share: float) -> Callable[[Floats, float], Floats]:
    def far(held: Floats, size: float) -> Floats:
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
    first = counts.sum(axis=1)[0]
    met = _mean(lambda x, t: x * x / t if t else 0 * x, float(first), counts)
    return float(met.sum() / first)


def _isolation_of_second(counts: Floats) -> float:
    return _isolation(counts[::-1])


def _exposure(counts: Floats) -> float:
    return 1 - _isolation(counts)


def _correlation_ratio(counts: Floats) -> float:
    share = counts.sum(axis=1)[0] / counts.sum()
    return float((_isolation(counts) - share) / (1 - share))


def _ordinal(counts: Floats) -> float:
    below, sizes = counts.sum(axis=1).cumsum()[:-1], counts.sum(axis=0)
    inside = sum((_mean(_entropy, float(cut), counts) * sizes).sum() for cut in below)
    town = sum(_entropy(np.array([cut]), float(counts.sum()))[0] for cut in below)
    return float(1 - inside / (counts.sum() * town))


def _entropy(part: Floats, whole: float) -> Floats:
    from scipy.special import entr

    share = part / whole if whole else 0 * part
    entropy: Floats = entr(share) + entr(1 - share)
    return entropy


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
    formulas.ordinal.__name__: _ordinal,
}
"""The measures that are sums over areas, and their expectation under an even spread."""
