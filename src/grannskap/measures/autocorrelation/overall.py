"""Overall statistics: is the variable clustered at all, over all areas or in each group.

Each is a form of the values, quadratic or (with another variable around) linear, so its
arrangements are worked out many at a time. Only the symmetric part of a quadratic form matters, and
of that one half.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from functools import partial
from math import factorial
from typing import TYPE_CHECKING, Literal
from zlib import crc32

import numpy as np
import pandas as pd

from grannskap.errors import DataError
from grannskap.measures.autocorrelation.alignment import (
    Aligned,
    Floats,
    Ints,
    Seed,
    align,
    check_varies,
    is_constant,
    totals,
)
from grannskap.measures.autocorrelation.options import check_options, check_other
from grannskap.measures.autocorrelation.statistics import check_not_negative, standardise
from grannskap.measures.correction import (
    Alternative,
    Correction,
    adjust,
    monte_carlo_error,
    p_value,
)
from grannskap.notes import with_notes

if TYPE_CHECKING:
    from collections.abc import Callable

    from libpysal.graph import Graph
    from libpysal.weights import W

    from grannskap.measures.neighbours import Neighbours
    from grannskap.notes import Note

__all__ = ["Overall", "Quadratic", "overall", "overall_within", "simulate"]

OverallStatistic = Literal["moran", "bivariate_moran", "geary", "g"]

BLOCK_CELLS = 2**19
TURNS = 4
MANY_AREAS = 1000

_COLUMNS = ("statistic", "expected", "p", "q", "monte_carlo_error", "areas", "status")


@dataclass(frozen=True)
class Overall:
    """An overall statistic with its inference.

    Attributes
    ----------
    statistic : str
        Which one.
    value, expected : float
        The statistic, and its mean over all arrangements of the values.
    p : float
        Pseudo-p in (0, 1].
    monte_carlo_error : float
        Standard error of `p` that sampling leaves.
    z : float
        Standard deviations of the simulated values between the statistic and their mean.
    alternative : str
        Which tails `p` counts.
    permutations, seed : int
        How `p` was made.
    areas, no_data, no_neighbours, links : int
        Areas with data, areas without, areas with data but no neighbour that has it, and links
        counted from each of their ends.
    tested, pairs : int
        Areas with data and at least one neighbour, and linked pairs, each once.
    simulated : array
        The statistic of every random arrangement: the reference distribution.
    notes : tuple of Note
        What was left out.
    """

    statistic: str
    value: float
    expected: float
    p: float
    monte_carlo_error: float
    z: float
    alternative: str
    permutations: int
    seed: int
    areas: int
    no_data: int
    no_neighbours: int
    links: int
    tested: int
    pairs: int
    simulated: Floats = field(repr=False, compare=False)
    notes: tuple[Note, ...] = ()


def overall(
    values: pd.Series,
    graph: Neighbours | Graph | W,
    *,
    statistic: OverallStatistic = "moran",
    other: pd.Series | None = None,
    permutations: int = 9999,
    seed: int = 0,
    alternative: Alternative = "two-sided",
) -> Overall:
    """Overall autocorrelation: a statistic (no unit) and its pseudo-p in (0, 1].

    The values (of `other`, where there is one) change places over all areas. p is two-sided, twice
    the smaller tail, each tail counting what equals the observed statistic, and the observed
    arrangement itself.

    Parameters
    ----------
    values : pandas.Series
        A number per area; NaN is left out with its links.
    graph : Neighbours, libpysal.graph.Graph or libpysal.weights.W
        Who is next to whom, on the same areas in any order. Areas without neighbours count in the
        mean and the spread of the values, and in nothing else.
    statistic : {"moran", "bivariate_moran", "geary", "g"}
        ``moran`` n/S₀ · Σ w z z / Σ z² (about −1/(n − 1) under the null, 1 at most);
        ``bivariate_moran`` n/S₀ · Σ w z y / n, with y the standardised `other` of the neighbours
        (0 under the null, in which an area's two values part), the mean of the local ones but for
        n/(n − 1); ``geary`` (n − 1)/(2 S₀) · Σ w (x_i − x_j)² / Σ z² (about 1; less where
        neighbours are alike), all with weights that sum to 1 over each area's links; ``g`` the
        share of Σ x_i x_j that lies between neighbours (high where large values meet; for values
        of 0 or more).
    other : pandas.Series, optional
        The variable around, for ``bivariate_moran``.
    permutations : int
        Number of random arrangements.
    seed : int
        Makes them, the same for any order of rows.
    alternative : {"two-sided", "greater", "less"}
        Which tails of the statistic p counts.

    Returns
    -------
    Overall
        The statistic with its inference and the reference distribution.

    Raises
    ------
    DataError, CodeError, JoinError
        As `local`; also where no area has a neighbour.

    Notes
    -----
    Moran (1950), Geary (1954), Getis and Ord (1992); bivariate, Wartenberg (1985) and Anselin,
    Syabri and Smirnov (2002). Values equal to esda's.

    Examples
    --------
    >>> import pandas as pd
    >>> from libpysal.graph import Graph
    >>> codes = [f"9999A{i:04d}" for i in range(10)]
    >>> pairs = [(a, b) for a in codes for b in codes if abs(int(a[5:]) - int(b[5:])) == 1]
    >>> graph = Graph.from_arrays(*zip(*[(a, b, 1) for a, b in pairs]))
    >>> result = overall(pd.Series([9, 9, 8, 9, 7, 3, 1, 2, 1, 2], index=codes), graph)
    >>> round(result.value, 3), result.p < 0.01
    (0.887, True)
    """
    check_options(
        {"statistic": statistic, "alternative": alternative},
        alpha=0.05,
        permutations=permutations,
        seed=seed,
    )
    check_other(statistic, other)
    aligned = align((values,) if other is None else (values, other), graph)
    for column in aligned.columns:
        check_varies(column)
    if len(aligned.neighbours) == 0:
        raise DataError("no area with neighbours")
    outcome = permute(
        aligned, statistic, permutations=permutations, seed=seed, alternative=alternative
    )
    return Overall(
        statistic=statistic,
        value=outcome.value,
        expected=outcome.expected,
        p=outcome.p,
        monte_carlo_error=outcome.monte_carlo_error,
        z=outcome.z,
        alternative=alternative,
        permutations=permutations,
        seed=seed,
        areas=len(aligned.positions),
        no_data=len(values) - len(aligned.positions),
        no_neighbours=int((aligned.degrees == 0).sum()),
        links=len(aligned.neighbours),
        tested=int((aligned.degrees > 0).sum()),
        pairs=aligned.pairs,
        simulated=outcome.simulated,
        notes=aligned.notes,
    )


def overall_within(
    values: pd.Series,
    graph: Neighbours | Graph | W,
    within: pd.Series,
    *,
    statistic: OverallStatistic = "moran",
    other: pd.Series | None = None,
    permutations: int = 999,
    seed: int = 0,
    alpha: float = 0.05,
    correction: Correction = "bh",
    alternative: Alternative = "two-sided",
) -> pd.DataFrame:
    """Overall statistic (no unit) of each group by itself, with p and q in (0, 1], per group.

    Parameters
    ----------
    values : pandas.Series
        A number per area; NaN is left out with its links.
    graph : Neighbours, libpysal.graph.Graph or libpysal.weights.W
        Who is next to whom; links between groups do not count.
    within : pandas.Series
        A group per area, for example its municipality.
    statistic, other, permutations, seed, alternative
        As in `overall`; each group has draws of its own, which other groups do not change.
    alpha : float
        Error rate that decides which groups are large enough to be tested.
    correction : {"bh", "by", "bonferroni", "none"}
        How p becomes q over the groups.

    Returns
    -------
    pandas.DataFrame
        One row per group, sorted: `statistic`, `expected`, `p`, `q`, `monte_carlo_error`, `areas`
        (with data) and `status`: ``tested``; ``too few areas`` where even the rarest of n!
        arrangements could not reach `alpha` (fewer than 5 areas at 0.05, two-sided); ``constant``;
        ``no neighbours``. All but the first have NaN for a statistic and p.
        ``attrs["parameters"]`` holds the options, and the `family` that q is adjusted over.

    Raises
    ------
    DataError, CodeError, JoinError
        As `local`.

    Examples
    --------
    >>> import pandas as pd
    >>> from libpysal.graph import Graph
    >>> codes = [f"{i:02d}" for i in range(16)]
    >>> pairs = [(a, b) for a in codes for b in codes if abs(int(a) - int(b)) == 1]
    >>> graph = Graph.from_arrays(*zip(*[(a, b, 1) for a, b in pairs]))
    >>> values = pd.Series([9, 8, 9, 7, 2, 1, 2, 1, 3, 3, 3, 3, 3, 3, 1, 2], index=codes)
    >>> towns = pd.Series(["a"] * 8 + ["b"] * 6 + ["c"] * 2, index=codes)
    >>> overall_within(values, graph, towns)["status"].tolist()
    ['tested', 'constant', 'too few areas']
    """
    check_options(
        {"statistic": statistic, "alternative": alternative, "correction": correction},
        alpha=alpha,
        permutations=permutations,
        seed=seed,
    )
    check_other(statistic, other)
    columns = (values,) if other is None else (values, other)
    aligned = align(columns, graph, within=within)
    test = partial(permute, statistic=statistic, permutations=permutations, alternative=alternative)
    least = alpha / (2 if alternative == "two-sided" else 1)
    ends = np.cumsum(aligned.sizes).tolist()
    blocks = [aligned.block(slice(a, b)) for a, b in itertools.pairwise([0, *ends])]
    named = zip(aligned.group_names, blocks, strict=True)
    table = pd.DataFrame(
        [_row(block, test, least=least, seed=(seed, _number(name))) for name, block in named],
        index=aligned.group_names.rename(within.name),
        columns=list(_COLUMNS),
    )
    table["q"] = adjust(table["p"].to_numpy(dtype=float), correction)
    table.attrs["parameters"] = {
        "statistic": statistic,
        "permutations": permutations,
        "seed": seed,
        "alpha": alpha,
        "correction": correction,
        "alternative": alternative,
        "family": int((table["status"] == "tested").sum()),
    }
    return with_notes(table, aligned.notes)


def _number(name: object) -> int:
    """Return a number of a group's own, which other groups do not change."""
    return crc32(str(name).encode())


def _row(
    block: Aligned, test: Callable[..., Outcome], *, least: float, seed: Seed
) -> dict[str, float | str]:
    """Test a group by itself, or say why it is not."""
    status = _status(block, least)
    row: dict[str, float | str] = {"areas": len(block.positions), "status": status}
    if status != "tested":
        return row
    outcome = test(block, seed=seed)
    return row | {
        "statistic": outcome.value,
        "expected": outcome.expected,
        "p": outcome.p,
        "monte_carlo_error": outcome.monte_carlo_error,
    }


def _status(block: Aligned, least: float) -> str:
    """Say why a group is not tested, if it is not."""
    if 1 / factorial(min(len(block.positions), 20)) > least:
        return "too few areas"
    if any(is_constant(column) for column in block.columns):
        return "constant"
    return "tested" if len(block.neighbours) else "no neighbours"


@dataclass(frozen=True)
class Outcome:
    """An overall statistic, its p, and the arrangements that p was counted in."""

    value: float
    expected: float
    p: float
    monte_carlo_error: float
    z: float
    simulated: Floats


def permute(
    aligned: Aligned,
    statistic: OverallStatistic,
    *,
    permutations: int,
    seed: Seed,
    alternative: Alternative,
) -> Outcome:
    """Let the values change places over all areas, and count tails with ties."""
    form, x, scale, expected = _form(aligned, statistic)
    observed = form.of(x)
    simulated = simulate(form, x, permutations=permutations, seed=seed)
    tie = 1e-12 * form.largest(x)
    less = (np.count_nonzero(simulated <= observed + tie) + 1) / (permutations + 1)
    greater = (np.count_nonzero(simulated >= observed - tie) + 1) / (permutations + 1)
    p = p_value(np.array([less]), np.array([greater]), alternative)
    spread = float(simulated.std())
    return Outcome(
        value=scale * observed,
        expected=expected,
        p=float(p[0]),
        monte_carlo_error=float(monte_carlo_error(p, np.array([permutations]), alternative)[0]),
        z=(observed - float(simulated.mean())) / spread if spread > tie else 0.0,
        simulated=scale * simulated,
    )


def _form(
    aligned: Aligned, statistic: OverallStatistic
) -> tuple[Quadratic | Linear, Floats, float, float]:
    """Return the statistic as a form, the values that change places, its scale, and its mean."""
    x = aligned.columns[0]
    n, linked = len(x), int((aligned.degrees > 0).sum())
    z = standardise(aligned, x)
    if statistic == "bivariate_moran":
        around = totals(aligned.neighbours, aligned.shares * z[aligned.heads], n)
        return Linear(around), standardise(aligned, aligned.columns[1]), 1 / linked, 0.0
    if statistic == "g":
        check_not_negative(x)
        products = np.ones(len(aligned.weights))
        pairs = x.sum() ** 2 - (x**2).sum()
        return _half(aligned, products), x, 1 / pairs, len(products) / (n * (n - 1))
    if statistic == "moran":
        return _half(aligned, aligned.shares), z, 1 / linked, -1 / (n - 1)
    around = totals(aligned.heads, aligned.shares, n) + totals(
        aligned.neighbours, aligned.shares, n
    )
    half = _half(aligned, -2 * aligned.shares)
    form = Quadratic(half.heads, half.tails, half.products, around)
    return form, z, (n - 1) / (2 * linked * n), 1.0


def _half(aligned: Aligned, weights: Floats) -> Quadratic:
    """Put both directions of a link into one."""
    n = len(aligned.positions)
    low, high = (
        np.minimum(aligned.heads, aligned.neighbours),
        np.maximum(aligned.heads, aligned.neighbours),
    )
    pair, place = np.unique(low * n + high, return_inverse=True)
    return Quadratic(pair // n, pair % n, totals(place, weights, len(pair)))


@dataclass(frozen=True)
class Quadratic:
    """A statistic of the form Σ a_ij x_i x_j + Σ b_i x_i².

    Attributes
    ----------
    heads, tails : arrays of int
        The pairs i, j, each once.
    products : array
        a_ij of each pair.
    squares : array or None
        b_i, where there is such a part.
    """

    heads: Ints
    tails: Ints
    products: Floats
    squares: Floats | None = None

    def of(self, x: Floats) -> float:
        """Return the statistic of one arrangement of the values."""
        value = float(np.dot(self.products, x[self.heads] * x[self.tails]))
        return value if self.squares is None else value + float(np.dot(self.squares, x * x))

    def largest(self, x: Floats) -> float:
        """Return a size that no arrangement of the values exceeds but for the squares."""
        return float(np.abs(self.products).sum() * (x**2).max())

    def over(self, place: Ints) -> Callable[[Floats], Floats]:
        """Return what gives the statistic of each column, whose rows are areas at their place."""
        from scipy import sparse

        count = len(place)
        links = place[self.heads], place[self.tails]
        matrix = sparse.csr_array((self.products, links), shape=(count, count))
        squares = None if self.squares is None else self.squares[np.argsort(place)]

        def work(columns: Floats) -> Floats:
            values: Floats = np.einsum("ij,ij->j", columns, matrix @ columns)
            return values if squares is None else values + squares @ columns**2

        return work


@dataclass(frozen=True)
class Linear:
    """A statistic of the form Σ a_i y_i.

    Attributes
    ----------
    weights : array
        a_i.
    """

    weights: Floats

    def of(self, x: Floats) -> float:
        """Return the statistic of one arrangement of the values."""
        return float(np.dot(self.weights, x))

    def largest(self, x: Floats) -> float:
        """Return a size that no arrangement of the values exceeds."""
        return float(np.abs(self.weights).sum() * np.abs(x).max())

    def over(self, place: Ints) -> Callable[[Floats], Floats]:
        """Return what gives the statistic of each column, whose rows are areas at their place."""
        weights = self.weights[np.argsort(place)]
        return lambda columns: weights @ columns


def simulate(form: Quadratic | Linear, x: Floats, *, permutations: int, seed: Seed) -> Floats:
    """Return the statistic of random arrangements of the values over all areas.

    Shuffling is what costs, so over many areas a shuffled row is laid out `TURNS` times, each time
    turned by a part of its length, along an order of the areas that is random itself. Each layout
    is a uniformly random arrangement. Two of a row put the same pair of values on a link as rarely
    as two independent ones do, so their statistics are as good as independent.
    """
    rng = np.random.default_rng(seed)
    count = len(x)
    turns = TURNS if count >= MANY_AREAS else 1
    work = form.over(rng.permutation(count))
    width = min(max(8, BLOCK_CELLS // (count * turns)), -(-permutations // turns))
    simulated = np.empty((-(-permutations // (width * turns)), turns, width))
    for block in simulated:
        rows = np.tile(x, (width, 1))
        rng.permuted(rows, axis=1, out=rows)
        shuffled = np.ascontiguousarray(rows.T)
        for turn in range(turns):
            block[turn] = work(np.roll(shuffled, turn * (count // turns), axis=0))
    return simulated.ravel()[:permutations]
