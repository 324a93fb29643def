"""Overall statistics: forms of the values, their arrangements, and what is said of them."""

import math
import sys
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from libpysal.graph import Graph

from grannskap import autocorrelation, errors
from grannskap.measures.autocorrelation.overall import Linear, Quadratic, simulate

relaxed = settings(deadline=None, max_examples=40)
numbers = st.floats(-100, 100, allow_nan=False)


def line(count, weights=None):
    """Areas in a row, each linked to the next and back."""
    codes = [f"{i:03d}" for i in range(count)]
    heads, tails = [*codes[1:], *codes[:-1]], [*codes[:-1], *codes[1:]]
    return Graph.from_arrays(heads, tails, np.ones(len(heads)) if weights is None else weights)


def series(values):
    return pd.Series(values, index=[f"{i:03d}" for i in range(len(values))], dtype=float)


# --- Forms ----------------------------------------------------------------------------------


@given(arrays(float, (6, 6), elements=numbers), arrays(float, 6, elements=numbers))
@relaxed
def test_a_quadratic_form_is_the_sum_of_its_products(matrix, x):
    heads, tails = np.triu_indices(6, 1)
    form = Quadratic(heads, tails, matrix[heads, tails], np.diag(matrix).copy())
    plain = Quadratic(heads, tails, matrix[heads, tails])
    off = sum(matrix[i, j] * x[i] * x[j] for i, j in zip(heads, tails, strict=True))
    squares = sum(matrix[i, i] * x[i] ** 2 for i in range(6))
    assert plain.of(x) == pytest.approx(off, abs=1e-6)
    assert form.of(x) == pytest.approx(off + squares, abs=1e-6)
    linear = Linear(matrix[0])
    assert linear.of(x) == pytest.approx(sum(a * b for a, b in zip(matrix[0], x, strict=True)))
    place = np.random.default_rng(0).permutation(6)
    columns = np.column_stack([x, x[::-1], x * 2])
    laid = np.empty_like(columns)
    laid[place] = columns  # each area's values in the row of its place
    for one in (form, plain, linear):
        expected = [one.of(columns[:, j]) for j in range(3)]
        np.testing.assert_allclose(one.over(place)(laid), expected, atol=1e-6)


@given(arrays(float, 5, elements=numbers), arrays(float, 5, elements=numbers))
@relaxed
def test_no_arrangement_passes_the_largest_and_equal_values_reach_it(weights, x):
    heads, tails = np.arange(5), np.roll(np.arange(5), 1)
    for form in (Quadratic(heads, tails, weights), Linear(weights)):
        most = form.largest(x)
        every = [abs(form.of(np.array(arranged))) for arranged in permutations(x)]
        assert max(every) <= most * (1 + 1e-9) + 1e-9
    same = np.full(5, -3.0)
    square, straight = Quadratic(heads, tails, np.abs(weights)), Linear(np.abs(weights))
    assert square.largest(same) == pytest.approx(square.of(same))
    assert straight.largest(same) == pytest.approx(-straight.of(same))


# --- Arrangements ---------------------------------------------------------------------------


@pytest.mark.parametrize("count", [7, 1000])
@pytest.mark.parametrize("asked", [1, 13])
def test_each_arrangement_has_every_value_once(monkeypatch, count, asked):
    """What lies on an area is a form too: taken together they show the arrangements whole."""
    monkeypatch.setattr(sys.modules[simulate.__module__], "BLOCK_CELLS", 2**12)
    x = np.arange(count, dtype=float)
    chosen = range(count) if count < 100 else range(0, count, 100)
    shown = np.array(
        [simulate(Linear(np.eye(count)[i]), x, permutations=asked, seed=3) for i in chosen]
    )
    assert shown.shape == (len(chosen), asked)
    for arranged in shown.T:
        assert len(set(arranged)) == len(chosen)
        assert set(arranged) <= set(x)
    assert len({tuple(arranged) for arranged in shown.T}) == asked
    totals = simulate(Linear(np.ones(count)), x, permutations=asked, seed=3)
    np.testing.assert_allclose(totals, x.sum())


def test_values_of_many_areas_lie_on_each_area_as_often():
    """Turned layouts too: an area's mean over many arrangements is the mean of the values."""
    x = np.random.default_rng(1).normal(size=1000)
    for area in (0, 250, 999):
        on_area = simulate(Linear(np.eye(1000)[area]), x, permutations=4000, seed=area)
        assert abs(on_area.mean() - x.mean()) < 5 * x.std() / np.sqrt(4000)
        assert on_area.std() == pytest.approx(x.std(), rel=0.1)


@pytest.mark.parametrize("statistic", ["moran", "geary", "g", "bivariate_moran"])
@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
def test_p_is_that_of_all_arrangements(statistic, alternative):
    graph = line(6)
    values, other = series([1, 5, 2, 8, 9, 4]), series([2, 2, 3, 9, 5, 7])
    options = {"other": other} if statistic == "bivariate_moran" else {}
    found = autocorrelation.overall(
        values, graph, statistic=statistic, alternative=alternative, permutations=4999, **options
    )
    moved = other if options else values
    every = []
    for arranged in permutations(moved.to_numpy()):
        laid = series(arranged)
        pair = (values, laid) if options else (laid, None)
        every.append(by_hand(statistic, *pair))
    every = np.array(every)
    assert found.value == pytest.approx(every[0], abs=1e-12)
    assert found.expected == pytest.approx(every.mean(), abs=1e-12)
    less, greater = (every <= every[0] + 1e-9).mean(), (every >= every[0] - 1e-9).mean()
    exact = {"two-sided": min(1, 2 * min(less, greater)), "less": less, "greater": greater}
    assert found.p == pytest.approx(exact[alternative], abs=5 * np.sqrt(1 / 4999))
    sides = 2 if alternative == "two-sided" else 1
    assert found.monte_carlo_error == pytest.approx(np.sqrt(found.p * (sides - found.p) / 4999))
    spread = found.simulated.std()
    assert found.z == pytest.approx((found.value - found.simulated.mean()) / spread)
    assert len(found.simulated) == 4999
    assert set(np.round(found.simulated, 9)) <= set(np.round(every, 9))


def by_hand(statistic, x, y=None):
    """The statistic on a line, whose ends have one neighbour each and the others two."""
    x, n = x.to_numpy(), len(x)
    near = np.abs(np.subtract.outer(np.arange(n), np.arange(n))) == 1
    shares = near / near.sum(axis=1)[:, None]
    z = (x - x.mean()) / x.std()
    if statistic == "moran":
        return z @ shares @ z / n
    if statistic == "geary":
        return (n - 1) / (2 * n) * (shares * np.subtract.outer(z, z) ** 2).sum() / n
    if statistic == "g":
        return (near * np.outer(x, x)).sum() / (x.sum() ** 2 - (x**2).sum())
    other = y.to_numpy()
    return z @ shares @ ((other - other.mean()) / other.std()) / n


# --- Groups by themselves -------------------------------------------------------------------


@pytest.mark.parametrize(("alternative", "fewest"), [("two-sided", 5), ("greater", 4)])
def test_a_group_is_tested_where_its_rarest_arrangement_could_be_rare_enough(alternative, fewest):
    sizes = [2, 3, 4, 5, 6]
    towns = pd.Series(np.repeat([*"abcde"], sizes), index=series(range(20)).index)
    values = series(np.random.default_rng(0).random(20))
    found = autocorrelation.overall_within(
        values, line(20), towns, alternative=alternative, permutations=19
    )
    sides = 2 if alternative == "two-sided" else 1
    assert [sides / math.factorial(n) <= 0.05 for n in sizes] == [n >= fewest for n in sizes]
    assert (found["status"] == "tested").tolist() == [n >= fewest for n in sizes]
    assert set(found["status"]) == {"tested", "too few areas"}
    tested = found["status"] == "tested"
    for name in ("statistic", "expected", "p", "q", "monte_carlo_error"):
        assert (found[name].notna() == tested).all()
    assert found["areas"].tolist() == sizes
    assert found.attrs["parameters"]["family"] == tested.sum()
    assert found["expected"][tested].tolist() == [-1 / (n - 1) for n in sizes if n >= fewest]


def test_groups_that_cannot_be_tested_say_why():
    codes = series(range(24)).index
    towns = pd.Series(np.repeat([*"abcd"], 6), index=codes, name="town")
    values = series([*range(6), *[3.0] * 6, *range(6), 1, 2, 3, 5, 8, np.nan])
    links = line(24).adjacency.reset_index()
    alone = set(codes[12:18])
    kept = links[~links["focal"].isin(alone) & ~links["neighbor"].isin(alone)]
    loops = pd.DataFrame({"focal": [*alone], "neighbor": [*alone], "weight": 0})
    both = pd.concat([kept, loops])
    graph = Graph.from_arrays(*(both[name].to_numpy() for name in ("focal", "neighbor", "weight")))
    found = autocorrelation.overall_within(values, graph, towns, permutations=9)
    assert found["status"].tolist() == ["tested", "constant", "no neighbours", "tested"]
    assert found["areas"].tolist() == [6, 6, 6, 5]
    assert found.index.name == "town"
    assert found.attrs["parameters"]["family"] == 2
    (note,) = autocorrelation.overall(values, graph, permutations=9).notes
    assert note.codes == (codes[23],)


def test_what_is_counted_is_said():
    values = series([1, 5, 2, 8, 9, np.nan])
    found = autocorrelation.overall(values, line(6), permutations=9)
    assert (found.areas, found.no_data, found.no_neighbours) == (5, 1, 0)
    assert (found.links, found.pairs, found.tested) == (8, 4, 5)
    with pytest.raises(errors.DataError, match="0 or more"):
        autocorrelation.overall(values - 5, line(6), statistic="g")
