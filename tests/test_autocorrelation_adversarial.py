"""Values made to mislead an exact test: near ties, clumps, far values, and few neighbourhoods."""

from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal.graph import Graph

from grannskap import autocorrelation
from grannskap.measures.autocorrelation.null import exact, geary, sampled, subsets
from grannskap.measures.autocorrelation.null.grid import exact_grid, fine_grid
from grannskap.measures.autocorrelation.null.query import Bracket, Query, Reading


def question(own: int, members: np.ndarray) -> Query:
    """One area, and the neighbours it has."""
    size = len(members)
    starts = np.array([0, size])
    return Query(np.array([own]), np.array([size]), starts, members, np.full(size, 1 / size))


def tails_of(values: np.ndarray, query: Query, *, squared: bool) -> Reading:
    """Both tails, by the way that the statistic has."""
    return geary.tails(values, query) if squared else exact.Pool.of(values).tails(query)


def pooled(values: np.ndarray, own: int, *, squared: bool) -> np.ndarray:
    """What sums are made of; squares less the smallest, so that digits are left for the others."""
    if not squared:
        return values - np.median(values)
    apart = np.abs(values - values[own])
    least = np.delete(apart, own).min()
    return (apart - least) * (apart + least)


def counted(
    pool: np.ndarray, own: int, members: np.ndarray, *, squared: bool, tie: float = 1.0
) -> np.ndarray:
    """Both tails from every subset: the others halved, and the halves' sums matched."""
    seen, others, size = pool[members].sum(), np.delete(pool, own), len(members)
    tie *= 1e-15 * seen if squared else 1e-13 * np.abs(others).sum()
    first, second = np.split(others, [len(others) // 2])
    below = above = 0
    for taken in range(max(0, size - len(second)), min(size, len(first)) + 1):
        one = np.array([sum(c) for c in combinations(first, taken)], dtype=float)
        two = np.sort([sum(c) for c in combinations(second, size - taken)])
        below += np.searchsorted(two, seen - one + tie, side="right").sum()
        above += (len(two) - np.searchsorted(two, seen - one - tie, side="left")).sum()
    return np.array([below, above]) / comb(len(others), size)


CLUMPED = {
    "two clumps": lambda rng, n: (rng.random(n) < 0.4) + 1e-6 * rng.random(n),
    "three clumps": lambda rng, n: rng.integers(0, 3, n) + 1e-5 * rng.random(n),
    "nearly whole": lambda rng, n: rng.integers(0, 9, n) + 1e-4 * rng.normal(size=n),
    "normal": lambda rng, n: rng.normal(size=n),
    "skewed": lambda rng, n: np.exp(1.5 * rng.normal(size=n)),
    "one far": lambda rng, n: np.r_[rng.random(n - 1), 1e3],
    "one huge": lambda rng, n: np.r_[rng.random(n - 1), 1e9],
    "far from nought": lambda rng, n: 1e9 + 0.1 * rng.normal(size=n),
}


@pytest.mark.parametrize("squared", [False, True])
@pytest.mark.parametrize("kind", CLUMPED)
@settings(max_examples=20, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32 - 1), lowest=st.booleans(), nearly=st.integers(0, 4))
def test_a_tail_is_within_a_tenth_or_said_to_be_a_bound(kind, squared, seed, lowest, nearly):
    """Neighbours at one end of the values or near it, where tails are rare and uneven."""
    rng = np.random.default_rng(seed)
    count, size = int(rng.integers(18, 27)), int(rng.integers(2, 8))
    values, own = CLUMPED[kind](rng, count), int(rng.integers(count))
    rest = np.delete(np.arange(count), own)
    along = rest[np.argsort(np.abs(values[rest] - values[own]) if squared else values[rest])]
    along = along if lowest else along[::-1]
    members = rng.choice(along[: size + nearly], size, replace=False)
    if not squared and not exact.Pool.of(values).countable(np.array([size])).all():
        return
    found = tails_of(values, question(own, members), squared=squared)
    read = np.array([found.lower[0], found.upper[0]])
    excess = np.array([found.lower_excess[0], found.upper_excess[0]])
    true = counted(pooled(values, own, squared=squared), own, members, squared=squared)
    most = counted(pooled(values, own, squared=squared), own, members, squared=squared, tie=20)
    assert (read >= 0.899 * true).all()
    assert (read <= 1.101 * most * excess).all()  # sums that differ by 1e-14 of them are ties
    bounds = excess > 1
    assert (read[bounds] >= 0.9999 * true[bounds]).all()


def clumps(low: int, high: int) -> np.ndarray:
    """Values that differ by hairs within two clumps."""
    rng = np.random.default_rng(1)
    return np.r_[1e-6 * np.sort(rng.random(low)), 1 + 1e-6 * np.sort(rng.random(high))]


def test_the_rarest_of_two_clumps_has_the_chance_of_one_subset():
    """27 values, the area in the higher clump, its eight neighbours the lowest of all."""
    values = clumps(18, 9)
    found = exact.Pool.of(values).tails(question(26, np.arange(8)))
    assert found.lower[0] == pytest.approx(1 / comb(26, 8), rel=1e-12)
    assert found.excess[0] == 1


def test_geary_between_clumps_reads_no_third_as_a_tenth():
    values = clumps(14, 12)
    own, members = 0, np.array([3, 9, 12])
    found = geary.tails(values, question(own, members))
    true = counted(pooled(values, own, squared=True), own, members, squared=True)
    np.testing.assert_allclose((found.lower[0], found.upper[0]), true, rtol=1e-9)


def test_a_reading_outside_its_bounds_is_moved_and_said():
    read, least, most = (np.full((2, 1), value) for value in (0.5, 0.01, 0.2))
    reading = Bracket(read, least, most).settled()
    assert (reading.lower[0], reading.lower_excess[0]) == (0.2, pytest.approx(20))


@pytest.mark.parametrize(
    ("least", "most", "bound"),
    [(0.0095, 0.0105, False), (0.0095, 0.012, True), (0.008, 0.0105, True)],
)
def test_a_reading_is_held_against_both_bounds(least, most, bound):
    reading = Bracket(*(np.full((2, 1), value) for value in (0.01, least, most))).settled()
    assert (reading.excess[0] > 1) == bound
    assert reading.upper[0] == (most if bound else 0.01)
    assert reading.upper_excess[0] == pytest.approx(most / least if bound else 1)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(st.integers(-6, 6), min_size=4, max_size=11),
    st.integers(1, 4),
    st.integers(-15, 15),
    st.booleans(),
)
def test_a_rare_tail_is_counted_as_enumeration_counts_it(pool, size, total, upper):
    pool, size = np.array(pool, dtype=float), min(size, len(pool) - 1)
    sums = np.array([sum(chosen) for chosen in combinations(pool, size)])
    found = subsets.rare_tails(pool, size, float(total), upper=upper, tie=1e-9, most=10_000)
    assert found.lower[0] == pytest.approx((sums <= total).mean(), abs=1e-12)
    assert found.upper[0] == pytest.approx((sums >= total).mean(), abs=1e-12)


def test_a_tail_that_is_not_rare_is_not_counted():
    pool = np.random.default_rng(0).random(30)
    assert subsets.rare_tails(pool, 5, 4.0, upper=False, tie=0.0, most=100) is None


# ---- grids and ties ------------------------------------------------------------------------------


def test_values_far_from_nought_lie_on_no_grid_that_is_not_theirs():
    rng = np.random.default_rng(0)
    assert exact_grid(1e9 + 0.1 * rng.normal(size=30)) is None
    tenths = rng.integers(0, 50, 30) / 10
    found = exact_grid(1e9 + tenths)
    whole = np.rint(10 * (tenths - tenths.min())).astype(int)
    assert (found.cells * max(np.gcd.reduce(whole), 1) == whole).all()


def test_near_ties_are_no_ties():
    """What differs by more than rounding is put on no common step."""
    near = np.array([0.0, 1e-9, 1.0, 1 + 1e-9, 2.0])
    assert exact_grid(near) is None
    assert exact_grid(np.array([0.1 + 0.2, 0.3, 0.5, 0.9])).cells.tolist() == [0, 0, 1, 3]


@pytest.mark.parametrize("far", [1.0, 1e3, 1e6, 1e9])
def test_one_far_value_makes_no_ties_among_the_others(far):
    """The draws that leave a far value out are told apart as well as without it."""
    rng = np.random.default_rng(5)
    values = np.r_[rng.random(39), far]
    members = np.array([1, 2, 3])
    weights = np.array([0.5, 0.3, 0.2])
    query = Query(np.array([0]), np.array([3]), np.array([0, 3]), members, weights)
    low, high, held = sampled.weighted_counts(
        values, query, squared=True, permutations=4000, seed=1
    )
    assert low[0] + high[0] == held[0]  # no draw of other values equals it
    drawn = np.concatenate(list(sampled.draws(40, 3, 4000, 1)), axis=1)
    free = ~(drawn == 0).any(axis=0)
    reached = weights @ (values[drawn[:, free]] - values[0]) ** 2
    seen = weights @ (values[members] - values[0]) ** 2
    assert (low[0], held[0]) == ((reached <= seen).sum(), free.sum())


@pytest.mark.parametrize("squared", [False, True])
def test_ties_of_decimals_are_counted_in_weighted_draws(squared):
    """0.1 + 0.2 and 0.3 are the same: on decimals the draws count ties as whole numbers do."""
    rng = np.random.default_rng(2)
    tenths = rng.integers(0, 4, 30)
    members, weights = np.array([4, 9]), np.array([0.5, 0.5])
    query = Query(np.array([0]), np.array([2]), np.array([0, 2]), members, weights)
    one, ten = (
        sampled.weighted_counts(values, query, squared=squared, permutations=3000, seed=3)
        for values in (tenths / 10 + 0.7, tenths.astype(float))
    )
    assert [int(count[0]) for count in one] == [int(count[0]) for count in ten]
    assert one[0][0] + one[1][0] > one[2][0]


def test_one_sided_tails_are_bounds_only_where_they_are():
    """A long tail on one side: the p of the other, near 1, is no bound."""
    rng = np.random.default_rng(5)
    codes = np.array([f"{i:03d}" for i in range(300)])
    steps = np.r_[-3:0, 1:4]
    heads = np.repeat(np.arange(300), 6)
    graph = Graph.from_arrays(codes[heads], codes[(heads + np.tile(steps, 300)) % 300], [1] * 1800)
    values = pd.Series(rng.standard_cauchy(300) ** 3, index=codes)
    both = autocorrelation.local(values, graph, statistic="geary")
    for alternative in ("less", "greater"):
        table = autocorrelation.local(values, graph, statistic="geary", alternative=alternative)
        assert table.attrs["parameters"]["bounded"] <= both.attrs["parameters"]["bounded"] + 5


@pytest.mark.parametrize("squared", [False, True])
@pytest.mark.parametrize("lowest", [False, True])
def test_a_tail_of_few_neighbourhoods_is_exact(squared, lowest):
    """Smooth values, and neighbours among those at one end: counted, at either end."""
    rng = np.random.default_rng(4)
    values, own = rng.normal(size=44), 7
    rest = np.delete(np.arange(44), own)
    along = rest[np.argsort(np.abs(values[rest] - values[own]) if squared else values[rest])]
    members = (along if lowest else along[::-1])[[1, 3, 5, 7, 8]]
    found = tails_of(values, question(own, members), squared=squared)
    true = counted(pooled(values, own, squared=squared), own, members, squared=squared)
    np.testing.assert_allclose((found.lower[0], found.upper[0]), true, rtol=1e-9)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1), st.integers(2, 6), st.integers(10, 60))
def test_bounds_hold_the_true_tail_on_any_grid(seed, size, steps):
    rng = np.random.default_rng(seed)
    values = rng.gamma(1, size=18)
    members = rng.choice(np.arange(1, 18), size, replace=False)
    query = question(0, members)
    grid = fine_grid(values, steps)
    bracket = exact._between_steps(grid, query, np.zeros(1, dtype=bool))
    true = counted(pooled(values, 0, squared=False), 0, members, squared=False)
    assert (bracket.least[:, 0] <= true + 1e-12).all()
    assert (bracket.most[:, 0] >= true - 1e-12).all()


def test_what_rounding_may_have_moved_is_put_on_no_grid():
    assert exact_grid(1e9 + 1e-3 * np.random.default_rng(0).normal(size=30)) is None
