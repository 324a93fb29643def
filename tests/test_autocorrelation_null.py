"""The parts of null distributions, each against going through everything it stands for."""

from fractions import Fraction
from itertools import combinations
from math import comb, isclose, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grannskap.measures.autocorrelation.null import geary, grid, sampled, subsets
from grannskap.measures.autocorrelation.null.query import SMALLEST_P, Bracket, Query, Reading

relaxed = settings(deadline=None, max_examples=60)
few_cells = st.lists(st.integers(0, 6), min_size=3, max_size=8)


def query_of(members, count, weights=None):
    """Areas 0, 1, … with these neighbours, whose shares are equal unless given."""
    sizes = np.array([len(some) for some in members])
    starts = np.concatenate([[0], np.cumsum(sizes)])
    shares = np.concatenate([np.full(len(m), 1 / len(m)) for m in members])
    return Query(
        np.arange(len(members)),
        sizes,
        starts,
        np.concatenate([np.array(m) for m in members]),
        shares if weights is None else np.concatenate(weights),
    )


# --- The grid -------------------------------------------------------------------------------


@given(
    st.lists(st.integers(-40, 40), min_size=2, max_size=9).filter(lambda c: len({*c}) > 1),
    st.integers(0, 6),
    st.integers(1, 9),
    st.integers(-3, 3),
)
@relaxed
def test_numbers_of_few_decimals_lie_on_the_grid_of_their_greatest_step(cells, decimals, step, far):
    values = np.array([float(Fraction(c * step, 10**decimals) + far) for c in cells])
    found = grid.exact_grid(values)
    steps = np.array(cells) - min(cells)
    greatest = np.gcd.reduce(steps)
    assert found is not None
    assert found.lossless
    np.testing.assert_array_equal(found.cells, steps // greatest)
    np.testing.assert_array_equal(found.places, found.cells)
    assert found.steps == found.cells.max()


def test_a_grid_has_at_most_8192_steps_and_six_decimals():
    assert grid.exact_grid(np.array([0.0, 1.0, 8192.0])).steps == 8192
    assert grid.exact_grid(np.array([0.0, 1.0, 8193.0])) is None
    assert grid.exact_grid(np.array([0.0, 2.0, 16384.0])).steps == 8192
    assert grid.exact_grid(np.array([0.0, 1e-6, 3e-6])).cells.tolist() == [0, 1, 3]
    assert grid.exact_grid(np.array([0.0, 1e-7, 3e-6])) is None


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=9), st.integers(3, 400))
@relaxed
def test_a_fine_grid_moves_no_value_by_more_than_half_a_step(values, steps):
    values = np.array(values)
    if np.ptp(values) < 1e-6:
        return
    found = grid.fine_grid(values, steps)
    assert (found.steps, found.cells.min(), found.cells.max()) == (steps, 0, steps)
    assert not found.lossless
    assert np.abs(found.cells - found.places).max() <= 0.5
    moved = values.min() + found.places * np.ptp(values) / steps
    np.testing.assert_allclose(moved, values, atol=1e-9)


@given(few_cells)
@relaxed
def test_sums_of_subsets_are_distributed_as_all_of_them_are(cells):
    cells = np.array(cells)
    most, steps = len(cells) // 2, int(cells.max())
    table = grid.distributions(cells, most, steps)
    for size in range(most + 1):
        sums = np.array([cells[list(some)].sum() for some in combinations(range(len(cells)), size)])
        expected = [(sums <= s).mean() for s in range(-1, most * steps + 1)]
        np.testing.assert_allclose(table[size, : len(expected)], expected, atol=1e-12)


@given(st.lists(st.lists(st.integers(0, 6), min_size=6, max_size=6), min_size=1, max_size=3))
@relaxed
def test_sums_of_the_taken_cells_of_each_row_are_distributed_as_all_of_them_are(rows):
    cells, size, steps = np.array(rows), 3, 4
    taken = cells <= steps
    table = grid.sums_of_rows(cells, taken, size, steps, 6)
    for row, own, held in zip(table, cells, taken, strict=True):
        every = [list(some) for some in combinations(range(6), size)]
        inside = [own[some].sum() for some in every if held[some].all()]
        expected = [sum(s <= at for s in inside) / len(every) for at in range(-1, size * steps + 1)]
        np.testing.assert_allclose(row[: len(expected)], expected, atol=1e-12)


# --- Subsets --------------------------------------------------------------------------------


def test_subsets_are_counted_outright_up_to_sixty_thousand():
    for count, size in ((5, 2), (20, 5), (21, 6), (19, 9), (347, 2), (348, 2), (60_001, 1)):
        assert subsets.few_subsets(count, size) == (comb(count, size) <= 60_000)
    assert subsets.few_subsets(60_000, 1)
    every = subsets.every_subset(6, 3)
    assert [tuple(row) for row in every] == [*combinations(range(6), 3)]


@given(st.integers(0, 60), st.integers(0, 60))
@relaxed
def test_the_logarithm_of_the_number_of_subsets(count, size):
    size = min(count, size)
    found = subsets.log_choose(np.array([count]), np.array([size]))[0]
    assert isclose(found, log(comb(count, size)), abs_tol=1e-9)


@given(few_cells, st.randoms(use_true_random=False))
@relaxed
def test_the_chance_of_the_very_values_observed_counts_equal_subsets(cells, random):
    values, count = np.array(cells, dtype=float), len(cells)
    members = [
        sorted(random.sample([j for j in range(count) if j != i], random.randint(1, count - 1)))
        for i in range(count)
    ]
    found = subsets.tie_chance(values, query_of(members, count))
    for own, held in enumerate(members):
        others = [j for j in range(count) if j != own]
        every = [sorted(values[list(some)]) for some in combinations(others, len(held))]
        assert found[own] == pytest.approx(every.count(sorted(values[held])) / len(every))


# --- What is read ---------------------------------------------------------------------------


def test_sums_and_means_are_of_each_areas_neighbours():
    values = np.array([1.0, 2.0, 4.0, 8.0])
    query = query_of(
        [[1, 2], [0], [0, 1, 3]], 4, [np.array([0.25, 0.75]), np.ones(1), np.full(3, 1 / 3)]
    )
    assert query.sums(values).tolist() == [6, 1, 11]
    np.testing.assert_allclose(query.means(values), [3.5, 1, 11 / 3])
    some = query.pick(np.array([True, False, True]))
    assert some.own.tolist() == [0, 2]
    assert some.sums(values).tolist() == [6, 11]
    np.testing.assert_allclose(some.means(values), [3.5, 11 / 3])
    assert query.pick(np.ones(3, dtype=bool)) is query
    assert len(query.pick(np.zeros(3, dtype=bool)).own) == 0


def test_tails_are_turned_put_and_clipped_side_by_side():
    reading = Reading(*(np.array(side) for side in ([0.1, 0.0], [0.9, 1.5], [1.0, 2], [3.0, 1])))
    assert (reading.excess.tolist(), reading.rarer.tolist()) == ([3, 2], [0.1, 0.0])
    turned = reading.turned()
    assert (turned.lower.tolist(), turned.upper.tolist()) == ([0.9, 1.5], [0.1, 0.0])
    assert (turned.lower_excess.tolist(), turned.upper_excess.tolist()) == ([3, 1], [1, 2])
    second = reading.turned(np.array([False, True]))
    assert (second.lower.tolist(), second.upper.tolist()) == ([0.1, 1.5], [0.9, 0.0])
    assert (second.lower_excess.tolist(), second.upper_excess.tolist()) == ([1, 1], [3, 2])
    clipped = reading.clipped()
    assert (clipped.lower.tolist(), clipped.upper.tolist()) == ([0.1, SMALLEST_P], [0.9, 1.0])
    certain = Reading.certain(2)
    assert certain.lower.tolist() == certain.upper.tolist() == certain.excess.tolist() == [1, 1]
    certain.put(np.array([1]), Reading(*(side[:1] for side in np.array([[0.2], [0.8], [5], [6]]))))
    assert certain.lower.tolist() == [1, 0.2]
    assert certain.upper.tolist() == [1, 0.8]
    assert certain.lower_excess.tolist() == [1, 5]
    assert certain.upper_excess.tolist() == [1, 6]


@given(*[st.floats(1e-14, 1) for _ in range(3)])
@relaxed
def test_a_reading_is_kept_where_it_is_within_a_tenth_of_both_bounds(one, two, three):
    least, read, most = sorted((one, two, three))
    side = np.array([[read], [read]])
    settled = Bracket(side, np.full((2, 1), least), np.full((2, 1), most)).settled()
    near = most <= read / 0.9 * (1 + 1e-12) and read <= 1.1 * least * (1 + 1e-12)
    far = most > read / 0.9 * (1 + 1e-9) or read > 1.1 * least * (1 + 1e-9)
    for value, excess in (
        (settled.lower[0], settled.lower_excess[0]),
        (settled.upper[0], settled.upper_excess[0]),
    ):
        if near or most <= SMALLEST_P:
            assert (value, excess) == (read, 1)
        elif far:
            assert value == most
            assert excess == pytest.approx(most / max(least, SMALLEST_P))


# --- Draws ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "most"), [(5, 4), (40, 6), (40, 7), (1000, 3)])
def test_a_draw_has_no_number_twice_and_every_number_as_often(count, most):
    blocks = [*sampled.draws(count, most, 5000, 3)]
    drawn = np.concatenate(blocks, axis=1)
    assert drawn.shape == (most, 5000)
    assert (drawn.min(), drawn.max()) == (0, count - 1)
    assert all(len({*column}) == most for column in drawn.T)
    for place in (0, most - 1):  # at each place of a draw
        often = np.bincount(drawn[place], minlength=count)
        expected = 5000 / count
        assert np.abs(often - expected).max() < 6 * np.sqrt(expected) + 1
    again = np.concatenate([*sampled.draws(count, most, 5000, 3)], axis=1)
    np.testing.assert_array_equal(drawn, again)
    assert (drawn != np.concatenate([*sampled.draws(count, most, 5000, 4)], axis=1)).any()


def test_draws_come_in_blocks_that_do_not_depend_on_how_many_are_asked_for(monkeypatch):
    monkeypatch.setattr(sampled, "BLOCK_CELLS", 4 * 1500)
    few, many = ([*sampled.draws(50, 4, asked, 1)] for asked in (1500, 4000))
    assert [block.shape[1] for block in many] == [1500, 1500, 1000]
    assert [block.shape[1] for block in few] == [1500]
    np.testing.assert_array_equal(few[0], many[0])
    monkeypatch.setattr(sampled, "BLOCK_CELLS", 4)
    assert [block.shape[1] for block in sampled.draws(50, 4, 1025, 1)] == [1024, 1]


def counted(values, query, observed, statistic, tie):
    """Draws at most, at least and in all, area by area and draw by draw."""
    drawn = np.concatenate([*sampled.draws(len(values), int(query.sizes.max()), 700, 2)], axis=1)
    below, above, valid = [], [], []
    for row, (own, size) in enumerate(zip(query.own, query.sizes, strict=True)):
        some = [column[:size] for column in drawn.T if own not in column[:size]]
        found = np.array([statistic(row, held) for held in some])
        below.append(int((found <= observed[row] + tie).sum()))
        above.append(int((found >= observed[row] - tie).sum()))
        valid.append(len(some))
    return below, above, valid


MEMBERS = [[1, 2], [0], [0, 1, 3, 4, 5], [7], [6, 5], [2, 8, 9], [1, 9]]


@pytest.mark.parametrize("kind", ["whole", "decimals", "any"])
def test_equal_neighbours_are_counted_in_every_draw_that_leaves_the_area_out(kind):
    rng = np.random.default_rng(4)
    values = rng.integers(0, 5, 10).astype(float) if kind != "any" else rng.random(10)
    values = values / 10 if kind == "decimals" else values
    query = query_of(MEMBERS, 10)
    found = sampled.equal_counts(values, query, permutations=700, seed=2)
    expected = counted(
        values, query, query.sums(values), lambda _, held: values[held].sum(), tie=1e-9
    )
    assert [side.tolist() for side in found] == [*expected]


@pytest.mark.parametrize("squared", [False, True])
@pytest.mark.parametrize("kind", ["whole", "any"])
@pytest.mark.parametrize("cells", [None, 100])
def test_weighted_neighbours_are_counted_in_every_draw_that_leaves_the_area_out(
    squared, kind, cells, monkeypatch
):
    if cells:
        monkeypatch.setattr(sampled, "BATCH_CELLS", cells)
    rng = np.random.default_rng(4)
    values = rng.integers(0, 5, 10).astype(float) if kind == "whole" else rng.random(10)
    shares = [(w := rng.random(len(held)) + 0.1) / w.sum() for held in MEMBERS]
    query = query_of(MEMBERS, 10, shares)

    def statistic(row, held):
        pool = (values - values[row]) ** 2 if squared else values
        return float(shares[row] @ pool[held])

    observed = [statistic(row, held) for row, held in enumerate(MEMBERS)]
    found = sampled.weighted_counts(values, query, squared=squared, permutations=700, seed=2)
    expected = counted(values, query, observed, statistic, tie=1e-9)
    assert [side.tolist() for side in found] == [*expected]


@pytest.mark.parametrize("scale", [1e-170, 1e-30, 1e30, 1e150])
def test_tails_of_squared_differences_do_not_see_the_unit(scale):
    """The square of a small unit is nothing, and that of a great one has no end."""
    values = np.random.default_rng(3).gamma(1.2, size=9)
    query = query_of([[1, 2], [0, 3, 4], [5, 6, 7, 8], [1], [2, 3]], 9)
    found, expected = geary.tails(values * scale, query), geary.tails(values, query)
    np.testing.assert_allclose(found.lower, expected.lower, rtol=1e-9)
    np.testing.assert_allclose(found.upper, expected.upper, rtol=1e-9)
