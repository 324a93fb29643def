"""Exact p against full enumeration, against high precision, and against many draws."""

from fractions import Fraction
from itertools import combinations
from math import comb

import numpy as np
import pytest

from grannskap.measures.autocorrelation.null import attainable, exact, geary, grid
from grannskap.measures.autocorrelation.null.query import Query


def random_query(count: int, sizes: np.ndarray, seed: int) -> Query:
    """Areas with random neighbourhoods of the given sizes, leaving each area itself out."""
    rng = np.random.default_rng(seed)
    members = [
        rng.choice(np.delete(np.arange(count), own), size, replace=False)
        for own, size in zip(range(len(sizes)), sizes, strict=True)
    ]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    weights = np.repeat(1 / np.maximum(sizes, 1), sizes)
    return Query(np.arange(len(sizes)), sizes, starts, np.concatenate(members), weights)


def enumerated(values, query, *, differences=False):
    """P(sum ≤ seen) and P(sum ≥ seen) from every subset, with more digits than a float has."""
    tails, long = [], values.astype(np.longdouble)
    for place, (own, size) in enumerate(zip(query.own, query.sizes, strict=True)):
        pool = (long - long[own]) ** 2 if differences else long - np.median(values)
        members = query.members[query.starts[place] : query.starts[place + 1]]
        seen = pool[members].sum()
        others = np.delete(pool, own)
        sums = np.array([others[list(c)].sum() for c in combinations(range(len(others)), size)])
        tie = 1e-14 * np.abs(pool).sum()
        if differences:  # what rounding does to the sum itself, and to decimals before it is made
            tie = 1e-14 * seen + 1e-15 * np.sqrt(seen) * np.abs(values).max()
        tails.append(((sums <= seen + tie).mean(), (sums >= seen - tie).mean()))
    return np.array(tails).T


KINDS = {
    "continuous": lambda rng, n: rng.gamma(1.2, size=n),
    "whole": lambda rng, n: rng.integers(0, 8, n).astype(float),
    "per cent": lambda rng, n: rng.integers(0, 100, n) / 100,
    "yes or no": lambda rng, n: (rng.random(n) < 0.4).astype(float),
    "many ties": lambda rng, n: np.where(rng.random(n) < 0.5, 0.0, rng.gamma(2, size=n)),
    "nearly constant": lambda rng, n: 1 + 1e-7 * rng.random(n),
    "one outlier": lambda rng, n: np.r_[rng.random(n - 1), 1e4],
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [3, 4, 5, 7, 10, 12])
def test_sums_equal_enumeration_for_every_size(kind, count):
    values = KINDS[kind](np.random.default_rng(count), count)
    sizes = np.arange(count) % (count - 1) + 1
    query = random_query(count, sizes, seed=7)
    found = exact.Pool.of(values).tails(query)
    expected = enumerated(values, query)
    np.testing.assert_allclose((found.lower, found.upper), expected, atol=1e-13)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [3, 5, 8, 11])
def test_squared_differences_equal_enumeration(kind, count):
    values = KINDS[kind](np.random.default_rng(count), count)
    sizes = np.arange(count) % (count - 1) + 1
    query = random_query(count, sizes, seed=3)
    found = geary.tails(values, query)
    expected = enumerated(values, query, differences=True)
    np.testing.assert_allclose((found.lower, found.upper), expected, atol=1e-13)


@pytest.mark.parametrize(("count", "size"), [(30, 15), (64, 30), (200, 24), (600, 64)])
def test_spectrum_equals_whole_number_counting(count, size):
    """Counting with unbounded integers, no rounding anywhere."""
    cells = np.random.default_rng(2).integers(0, 5, count)
    ways = np.zeros((size + 1, 4 * size + 1), dtype=object)
    ways[0, 0] = 1
    for cell in cells:
        for chosen in range(size, 0, -1):
            moved = ways[chosen - 1, : 4 * size + 1 - cell]
            ways[chosen, cell:] = ways[chosen, cell:] + moved
    counted = np.cumsum(ways[size])
    expected = [float(Fraction(int(c), comb(count, size))) for c in counted]
    table = grid.distributions(cells, size, 4)
    np.testing.assert_allclose(table[size, 1 : 4 * size + 2], expected, atol=1e-12)


@pytest.mark.parametrize("count", [25, 40])
@pytest.mark.parametrize("kind", ["continuous", "many ties", "nearly constant"])
def test_fine_grid_is_within_its_bound(kind, count, monkeypatch):
    """Off the grid, a tail errs by at most 2 % and a few arrangements: here against all of them."""
    values = KINDS[kind](np.random.default_rng(count), count)
    query = random_query(count, np.full(count, 4 if count < 30 else 3), seed=5)
    expected = enumerated(values, query)
    monkeypatch.setattr("grannskap.measures.autocorrelation.null.subsets.MOST_SUBSETS", 0)
    reading = exact.Pool.of(values).tails(query)
    found = np.array([reading.lower, reading.upper])
    one = 1 / comb(count - 1, int(query.sizes[0]))
    assert (np.abs(found - expected) <= 0.02 * expected + 3 * one).all()


@pytest.mark.parametrize("squared", [False, True])
@pytest.mark.parametrize("kind", ["whole", "per cent", "continuous"])
def test_attainable_tails_are_those_of_every_subset(kind, squared):
    values = KINDS[kind](np.random.default_rng(4), 9)
    query = random_query(9, np.arange(9) % 3 + 2, seed=6)
    others = np.full(9, 8)
    asked = attainable.Asked(query.own, query.sizes, np.zeros(9, dtype=np.int64), others)
    found, done = attainable.attained(values, asked, squared=squared)
    assert done.all()
    for row, (own, size) in enumerate(zip(query.own, query.sizes, strict=True)):
        others = np.delete(values, own)
        pool = (others - values[own]) ** 2 if squared else others
        sums = [pool[list(some)].sum() for some in combinations(range(8), size)]
        _, counts = np.unique(np.round(sums, 10), return_counts=True)
        for upper, ways in ((False, counts), (True, counts[::-1])):
            tails = np.cumsum(ways) / len(sums)
            listed = tails <= attainable.LISTED
            mine = (found.row == row) & (found.upper == upper)
            order = np.argsort(found.tail[mine])
            np.testing.assert_allclose(found.tail[mine][order], tails[listed], rtol=1e-12)
            np.testing.assert_allclose(
                found.mass[mine][order], (ways / len(sums))[listed], rtol=1e-12
            )


def test_what_an_area_gets_does_not_depend_on_which_others_are_asked_about():
    """Some of these areas, between clumps, are read closer than others."""
    rng = np.random.default_rng(40)
    values = np.concatenate([clump + 1e-3 * rng.random(10) for clump in (0, 1, 5, 40)])
    query = random_query(40, np.full(40, 8), seed=5)
    together = geary.tails(values, query)
    for place in range(40):
        alone = geary.tails(values, query.pick(np.arange(40) == place))
        for name in ("lower", "upper", "lower_excess", "upper_excess"):
            expected = getattr(alone, name)[0]
            assert getattr(together, name)[place] == pytest.approx(expected, rel=1e-12)
