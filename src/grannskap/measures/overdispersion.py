r"""Chance when those who live in one area are alike: the beta-binomial distribution.

Each area draws its own probability from a beta distribution of mean :math:`p`, and then everyone
in it is independent. The correlation of any two in one area is :math:`\rho = 1/(\alpha+\beta+1)`,
and the variance of a count of :math:`n` is :math:`1 + (n-1)\rho` times the binomial one. At
:math:`\rho = 0` nobody is like a neighbour, and the distribution is the binomial.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from grannskap.errors import DataError
from grannskap.measures.membership import Membership

__all__ = [
    "check_dispersion",
    "increasing_root",
    "log_upper_tail",
    "lower_share",
    "of_places",
    "running_sums",
    "starts_of",
]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_STEPS = 100
_CLOSE = 1e-9
_REACH = 14.0  # standard deviations beyond which a tail adds nothing that a float can hold


def check_dispersion(dispersion: float) -> None:
    """Refuse a correlation within areas that is not at least 0 and below 1."""
    if not 0 <= dispersion < 1:
        raise DataError("dispersion out of range", {"dispersion": str(dispersion)})


def of_places(dispersion: float, held: Membership, base: Floats) -> Floats:
    r"""Correlation :math:`\rho` of any two in one place, when only those in one area are alike.

    The sum over independent areas has the variance of a beta-binomial count with
    :math:`\rho' = \rho \, (\sum n_i^2 - N) / (N^2 - N)`, the chance that two of the place live in
    one area times their correlation there.
    """
    finite = np.where(np.isfinite(base), base, 0.0)
    whole, squares = held.sums(finite), held.sums(finite**2)
    pairs = whole * (whole - 1)
    alike: Floats = np.divide(squares - whole, pairs, out=np.zeros_like(whole), where=pairs > 0)
    return dispersion * alike


def lower_share(part: Floats, base: Floats, *, tail: float, dispersion: Floats) -> Floats:
    """Lower bound of the mean share, 0–1: `part` or more of `base` has probability `tail` there.

    Counts are rounded to whole numbers. 0 where the part is 0.
    """
    from scipy.special import ndtri

    found = np.zeros(len(part))
    some = np.rint(part) > 0
    if some.any():
        x, n = (np.rint(count[some]).astype(np.int64) for count in (part, base))
        rho = dispersion[some]

        def excess(at: Floats, rows: Integers) -> Floats:
            mean = np.clip(1 / (1 + np.exp(-at)), 1e-300, 1 - 1e-16)
            above: Floats = log_upper_tail(x[rows], n[rows], mean, rho[rows]) - np.log(tail)
            return above

        share = np.clip((x - 0.5) / n, 1e-9, 1 - 1e-9)
        width = np.sqrt((1 + (n - 1) * rho) / (n * share * (1 - share)))
        centre = np.log(share / (1 - share)) + ndtri(tail) * width
        root = increasing_root(excess, centre - width / 2, centre + width / 2)
        found[some] = 1 / (1 + np.exp(-root))
    return found


def log_upper_tail(x: Integers, n: Integers, mean: Floats, dispersion: Floats) -> Floats:
    """Log of the probability of `x` or more of `n`, for x from 1 to n."""
    from scipy.special import betaln

    scale = (1 - dispersion) / dispersion
    alpha, beta = mean * scale, (1 - mean) * scale
    at_x = -np.log(n + 1) - betaln(x + 1, n - x + 1) + betaln(x + alpha, n - x + beta)
    at_x -= betaln(alpha, beta)
    reach = np.maximum(n * mean - x, 0) + 50 + _REACH / 2 * np.sqrt(n * (1 + (n - 1) * dispersion))
    length = np.minimum(n - x, np.ceil(reach).astype(np.int64)) + 1
    row, start = np.repeat(np.arange(len(x)), length), starts_of(length)
    k = x[row] + np.arange(len(row)) - start[row] - 1  # each term from the one before it
    a, b, top = alpha[row], beta[row], n[row]
    ratio = (top - k) * (k + a) / ((k + 1) * (top - k - 1 + b))
    ratio[start] = 1.0
    terms = running_sums(np.log(ratio), start, row)
    peak = np.maximum.reduceat(terms, start)
    total = np.add.reduceat(np.exp(terms - peak[row]), start)
    tail: Floats = at_x + peak + np.log(total)
    return tail


def starts_of(length: Integers) -> Integers:
    """Return where each of the pieces that lie end to end begins."""
    start: Integers = np.r_[0, np.cumsum(length)[:-1]]
    return start


def running_sums(values: Floats, start: Integers, row: Integers) -> Floats:
    """Return the sums so far within each of the pieces that lie end to end."""
    so_far = np.cumsum(values)
    before = so_far[start] - values[start]
    sums: Floats = so_far - before[row]
    return sums


def increasing_root(
    function: Callable[[Floats, Integers], Floats], below: Floats, above: Floats
) -> Floats:
    """Return where each of many rising functions is 0, by the Illinois rule of false position.

    `function` is given values and which of the functions they are for. `below` and `above` are
    guesses; they are moved apart until the root lies between them.
    """
    rows = np.arange(len(below))
    below, above = below.copy(), above.copy()
    low = _spread(function, below, above, sign=1)
    high = _spread(function, above, below, sign=-1)
    root, moved = np.empty(len(below)), np.zeros(len(below))
    for _ in range(_STEPS):
        a, b, at_a, at_b = below[rows], above[rows], low[rows], high[rows]
        with np.errstate(divide="ignore", invalid="ignore"):
            middle = b - at_b * (b - a) / (at_b - at_a)
        middle = np.where((middle > a) & (middle < b), middle, (a + b) / 2)
        value = function(middle, rows)
        side = np.where(value >= 0, 1.0, -1.0)
        below[rows], above[rows] = np.where(side > 0, a, middle), np.where(side > 0, middle, b)
        # Illinois: an end that stays for the second time has its value halved, so that it moves.
        kept = np.where(side == moved[rows], 0.5, 1.0)
        low[rows] = np.where(side > 0, kept * at_a, value)
        high[rows] = np.where(side > 0, value, kept * at_b)
        moved[rows] = side
        root[rows] = middle
        close = _CLOSE * (1 + np.abs(middle))
        rows = rows[(np.abs(value) > _CLOSE) & (above[rows] - below[rows] > close)]
        if not len(rows):
            break
    return root


def _spread(
    function: Callable[[Floats, Integers], Floats], end: Floats, other: Floats, *, sign: int
) -> Floats:
    """Move an end away from the other until the function has the sign it must; return it there."""
    rows, values = np.arange(len(end)), np.empty(len(end))
    for _ in range(_STEPS):
        values[rows] = function(end[rows], rows)
        rows = rows[sign * values[rows] > 0]
        if not len(rows):
            break
        end[rows] += 2 * (end[rows] - other[rows])
    return values
