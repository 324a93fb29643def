"""Change where the households of an area are alike: scipy's beta-binomial, and exact counting."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit
from scipy.stats import betabinom

from grannskap import balance
from grannskap.measures.balance import conditional, overdispersed
from grannskap.measures.balance.conditional import Tables
from grannskap.measures.balance.overdispersed import Alike

relaxed = settings(deadline=None, max_examples=40)
counts = st.integers(0, 25)


def distribution(size, mean, rho):
    scale = (1 - rho) / rho
    return betabinom(size, mean * scale, (1 - mean) * scale)


def alike(rows, now, then=None):
    rows = np.asarray(rows, dtype=np.int64).reshape(-1, 4)
    same = np.full(len(rows), now)
    return Alike(Tables(*rows.T), same, same if then is None else np.full(len(rows), then))


def pooled_shares(row, now, then):
    """The pooled share, and one standard error of its log odds to either side."""
    a, b, c, d = row
    share = (a + c) / sum(row)
    known = (a + b) / (1 + (a + b - 1) * now) + (c + d) / (1 + (c + d - 1) * then)
    steady = (share * known + 0.5) / (known + 1)
    error = 1 / math.sqrt(known * steady * (1 - steady))
    return [expit(logit(share) + shift * error) for shift in (-1, 0, 1)]


def upper_tail(row, rho, share, theta):
    """P(low now ≥ seen, given all that is low) where the log odds differ by theta."""
    a, b, c, d = row
    n, m, low = a + b, c + d, a + c
    known_now, known_then = n / (1 + (n - 1) * rho[0]), m / (1 + (m - 1) * rho[1])
    of_now = known_now / (known_now + known_then)
    x = np.arange(max(0, low - m), min(n, low) + 1)
    now, then = logit(share) + theta * (1 - of_now), logit(share) - theta * of_now
    weights = distribution(n, expit(now), rho[0]).logpmf(x)
    weights = weights + distribution(m, expit(then), rho[1]).logpmf(low - x)
    weights = np.exp(weights - weights.max())
    return weights[x >= a].sum() / weights.sum()


@given(st.tuples(counts, counts, counts, counts), st.floats(0.002, 0.6), st.floats(0.002, 0.6))
@relaxed
def test_p_is_the_greatest_of_the_conditional_tails_of_scipys_beta_binomial(row, now, then):
    a, b, c, d = row
    found = overdispersed.two_sided_p(alike([row], now, then))[0]
    if a + c == 0 or b + d == 0:
        assert found == 1
        return
    tails = []
    for share in pooled_shares(row, now, then):
        above = upper_tail(row, (now, then), share, 0.0)
        below = upper_tail((b, a, d, c), (now, then), 1 - share, 0.0)
        tails.append(2 * min(above, below))
    assert found == pytest.approx(min(1, max(tails)), rel=1e-6)


@given(
    st.tuples(st.integers(1, 25), counts, counts, st.integers(1, 25)),
    st.floats(0.002, 0.3),
    st.sampled_from([0.1, 0.025]),
)
@relaxed
def test_at_the_end_of_the_interval_the_greatest_tail_is_half_of_the_error(row, rho, tail):
    theta = overdispersed.lower_log_ratio(alike([row], rho), tail=tail)[0]
    if abs(theta) > 30:
        return
    a, b, c, d = row
    if b + d == 0 or a + c == 0:
        return
    tails = [upper_tail(row, (rho, rho), share, theta) for share in pooled_shares(row, rho, rho)]
    assert max(tails) == pytest.approx(tail, rel=1e-5)


def test_without_correlation_it_is_fishers_exact_inference():
    rows = np.random.default_rng(0).integers(1, 40, (200, 4))
    tables = Tables(*rows.T)
    near = alike(rows, 1e-8)
    np.testing.assert_allclose(
        overdispersed.two_sided_p(near), conditional.two_sided_p(tables), rtol=1e-4
    )
    np.testing.assert_allclose(
        overdispersed.lower_log_ratio(near, tail=0.025),
        conditional.lower_log_ratio(tables, tail=0.025),
        atol=1e-4,
    )


@pytest.mark.parametrize("sizes", [(25, 25), (60, 25), (12, 70), (110, 110)])
@pytest.mark.parametrize("rho", [0.005, 0.02, 0.1, 0.3])
def test_the_error_stays_below_the_stated_one_by_exact_counting(sizes, rho):
    n, m = sizes
    x, y = (side.ravel() for side in np.meshgrid(np.arange(n + 1), np.arange(m + 1), indexing="ij"))
    p = overdispersed.two_sided_p(alike(np.column_stack([x, n - x, y, m - y]), rho))
    for mean in (0.01, 0.05, 0.2, 0.35, 0.5, 0.9):
        chance = distribution(n, mean, rho).pmf(x) * distribution(m, mean, rho).pmf(y)
        for error in (0.1, 0.05, 0.01):
            assert chance[p <= error].sum() <= error


@pytest.mark.parametrize("rho", [0.02, 0.1])
def test_the_interval_covers_the_true_ratio_at_least_as_often_as_stated(rho):
    n, m = 60, 45
    x, y = (side.ravel() for side in np.meshgrid(np.arange(n + 1), np.arange(m + 1), indexing="ij"))
    rows = alike(np.column_stack([x, n - x, y, m - y]), rho)
    lower = overdispersed.lower_log_ratio(rows, tail=0.05)
    upper = -overdispersed.lower_log_ratio(rows.mirrored(), tail=0.05)
    for then, step in ((0.1, 1.0), (0.3, -0.5), (0.5, 0.7), (0.6, 1.5)):
        now = expit(logit(then) + step)
        chance = distribution(n, now, rho).pmf(x) * distribution(m, then, rho).pmf(y)
        assert chance[(lower <= step) & (step <= upper)].sum() >= 0.9


def two_years(low, size):
    index = pd.Index([f"{i:05}" for i in range(low.shape[1])], name="deso")
    counted = (low[0], size - low[0], low[1], size - low[1])
    return [pd.Series(x.astype(float), index) for x in counted]


def unchanged(areas, size, rho, seed=0):
    """Low and high of two years that differ by nothing but who happens to live there."""
    rng = np.random.default_rng(seed)
    scale = (1 - rho) / rho
    return two_years(rng.binomial(size, rng.beta(0.6 * scale, 0.4 * scale, (2, areas))), size)


def test_a_correlation_of_two_per_cent_makes_a_third_of_unchanged_areas_look_changed():
    years = unchanged(1500, 200, 0.02)
    alone = balance.change(*years, correction="none")
    assert 0.3 < (~alone["within_chance"]).mean() < 0.45
    told = balance.change(*years, correction="none", dispersion=0.02)
    assert (~told["within_chance"]).mean() < 0.05 + 3 * math.sqrt(0.05 * 0.95 / 1500)
    inside = (told["interval_lower"] <= 0) & (told["interval_upper"] >= 0)
    assert (inside == told["within_chance"]).all()
    together = balance.change(*years, dispersion=0.02)
    assert (~together["within_chance"]).sum() <= 3


def test_blocks_that_move_together_make_more_change_than_independent_households():
    """One household in ten comes or goes between the years, in blocks of 20 that are alike."""
    rng = np.random.default_rng(5)
    areas, stay, blocks, block = 3000, 360, 2, 20
    home = rng.binomial(stay, 0.6, areas)
    low = home + block * rng.binomial(blocks, 0.6, (2, areas))
    years = two_years(low, stay + blocks * block)
    rate = (~balance.change(*years, correction="none")["within_chance"]).mean()
    assert 0.1 < rate < 0.15


def test_areas_of_a_place_are_independent_of_each_other():
    years = unchanged(2000, 150, 0.05, seed=3)
    labels = pd.Series(np.arange(2000) // 8, years[0].index)
    alone = balance.change_of_places(*years, labels, correction="none")
    told = balance.change_of_places(*years, labels, correction="none", dispersion=0.05)
    assert (~alone["within_chance"]).mean() > 0.3
    assert (~told["within_chance"]).mean() < 0.05 + 3 * math.sqrt(0.05 * 0.95 / 250)
    same = ["estimate", "lower", "upper", "ratio_then", "ratio_now", "areas", "status"]
    pd.testing.assert_frame_equal(alone[same], told[same])


def test_a_place_of_one_area_is_that_area():
    years = unchanged(6, 90, 0.1)
    each = {code: [code] for code in years[0].index}
    places = balance.change_of_places(*years, each, dispersion=0.1)
    areas = balance.change(*years, dispersion=0.1)
    pd.testing.assert_frame_equal(
        places[list(areas)], areas, check_names=False, check_index_type=False, rtol=1e-9
    )


def test_a_country_of_areas_takes_some_seconds():
    from time import process_time

    rows = np.random.default_rng(5).poisson(180, (4, 1500)).astype(float)
    index = pd.Index([f"{i:05}" for i in range(1500)], name="deso")
    started = process_time()
    found = balance.change(*[pd.Series(row, index) for row in rows], dispersion=0.02)
    assert process_time() - started < 10  # a quarter of a country: 2 s on an idle core
    assert found["p"].notna().all()
