"""Chance of those who are alike: R's VGAM and scipy as oracles, and coverage under the model."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import betabinom

from grannskap import balance
from grannskap.errors import DataError
from grannskap.measures import overdispersion, proportion
from grannskap.measures.membership import membership

relaxed = settings(deadline=None, max_examples=60)


def distribution(size, mean, rho):
    scale = (1 - rho) / rho
    return betabinom(size, mean * scale, (1 - mean) * scale)


def from_x_up(x, size, mean, rho):
    """Probability of x or more, summed from the smallest term; scipy's own is 1 minus the rest."""
    return float(np.sort(distribution(size, mean, rho).pmf(np.arange(x, size + 1))).sum())


# --- the distribution ------------------------------------------------------------------------


def test_tails_are_those_of_rs_vgam():
    rows = pd.read_csv(Path(__file__).parent / "data" / "vgam" / "betabinomial.csv")
    rows = rows[rows["x"] > 0]
    found = np.exp(
        overdispersion.log_upper_tail(
            *(rows[name].to_numpy(np.int64) for name in ("x", "n")),
            *(rows[name].to_numpy(float) for name in ("mean", "rho")),
        )
    )
    np.testing.assert_allclose(found, rows["above"], rtol=1e-7, atol=1e-290)


@given(
    st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n))),
    st.floats(1e-3, 1 - 1e-3),
    st.floats(1e-3, 0.99),
)
@relaxed
def test_tails_are_the_sum_of_scipys_probabilities(counted, mean, rho):
    x, n = counted
    found = overdispersion.log_upper_tail(*(np.array([one]) for one in (x, n, mean, rho)))
    expected = from_x_up(x, n, mean, rho)
    if expected > 1e-250:
        assert found[0] == pytest.approx(math.log(expected), abs=1e-8, rel=1e-9)


def test_a_great_base_is_summed_only_as_far_as_it_matters():
    size, rho = 200_000, 1e-4
    found = overdispersion.log_upper_tail(
        np.array([60_000]), np.array([size]), np.array([0.297]), np.array([rho])
    )
    assert math.exp(found[0]) == pytest.approx(from_x_up(60_000, size, 0.297, rho), rel=1e-9)


def test_many_rising_functions_are_solved_at_once():
    at = np.linspace(-30, 40, 200)
    found = overdispersion.increasing_root(
        lambda x, rows: np.arctan(x - at[rows]) + (x - at[rows]) ** 3 / 1e3, at * 0 - 1, at * 0 + 1
    )
    np.testing.assert_allclose(found, at, atol=1e-8)


# --- the interval ----------------------------------------------------------------------------


@given(
    st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.sampled_from([0.5, 0.9, 0.95, 0.999]),
    st.floats(1e-3, 0.9),
)
@relaxed
def test_each_end_leaves_half_of_the_error_beyond_what_was_counted(counted, confidence, rho):
    x, n = counted
    part, base = np.array([float(x)]), np.array([float(n)])
    lower, upper = (
        side[0] for side in proportion.interval(part, base, confidence=confidence, dispersion=rho)
    )
    tail = (1 - confidence) / 2
    assert lower == 0 if x == 0 else from_x_up(x, n, lower, rho) == pytest.approx(tail, rel=1e-7)
    if x == n:
        assert upper == 1
    elif upper < 1 - 1e-6:
        assert from_x_up(n - x, n, 1 - upper, rho) == pytest.approx(tail, rel=1e-6)


def test_a_small_correlation_is_nearly_none():
    part, base = np.array([0.0, 3, 40, 70]), np.array([10.0, 30, 90, 70])
    alone = proportion.interval(part, base)
    near = proportion.interval(part, base, dispersion=1e-7)
    np.testing.assert_allclose(near, alone, atol=1e-5)


@pytest.mark.parametrize("rho", [0.005, 0.05, 0.3])
@pytest.mark.parametrize("size", [12, 90])
def test_the_interval_covers_at_least_as_often_as_it_says_under_its_model(size, rho):
    part = np.arange(size + 1.0)
    lower, upper = proportion.interval(
        part, np.full(size + 1, float(size)), confidence=0.9, dispersion=rho
    )
    for mean in (0.01, 0.1, 0.37, 0.5, 0.9):
        chances = distribution(size, mean, rho).pmf(part)
        assert np.dot((lower <= mean) & (mean <= upper), chances) >= 0.9
    # and without the dispersion it does not: this is what the model is for.
    lower, upper = proportion.interval(part, np.full(size + 1, float(size)), confidence=0.9)
    if size * rho > 4:
        chances = distribution(size, 0.37, rho).pmf(part)
        assert np.dot((lower <= 0.37) & (upper >= 0.37), chances) < 0.8


def test_the_balance_of_areas_and_places_takes_the_dispersion():
    codes = pd.Index([f"0581C{1010 + 10 * i}" for i in range(40)], name="deso")
    rng = np.random.default_rng(2)
    low, high = (pd.Series(rng.poisson(mean, 40).astype(float), codes) for mean in (60, 40))
    found = balance.areas(low, high, dispersion=0.05)
    lower, upper = proportion.interval(low.to_numpy(), (low + high).to_numpy(), dispersion=0.05)
    np.testing.assert_allclose(found["interval_lower"], lower / (1 - lower), rtol=1e-9)
    np.testing.assert_allclose(found["interval_upper"], upper / (1 - upper), rtol=1e-7)
    alone = balance.places(low, high)
    alike = balance.places(low, high, dispersion=0.05)
    width = [
        np.log(one["interval_upper"] / one["interval_lower"]).iloc[0] for one in (alone, alike)
    ]
    sizes = (low + high).to_numpy()
    inflation = (sizes * (1 + (sizes - 1) * 0.05)).sum() / sizes.sum()
    assert width[1] / width[0] == pytest.approx(math.sqrt(inflation), rel=0.05)
    same = ["estimate", "lower", "upper", "status"]
    pd.testing.assert_frame_equal(alone[same], alike[same])


def test_two_of_a_place_are_alike_as_often_as_they_share_an_area():
    codes = pd.Index(["a", "b", "c"])
    held = membership(codes, {"one": ["a"], "all": ["a", "b", "c"]})
    sizes = np.array([4.0, 3.0, 1.0])
    found = overdispersion.of_places(0.2, held, sizes)
    people = np.repeat([0, 1, 2], [4, 3, 1])
    share = np.mean([a == b for i, a in enumerate(people) for j, b in enumerate(people) if i != j])
    np.testing.assert_allclose(found, [0.2, 0.2 * share])


def test_the_interval_of_a_place_covers_the_odds_that_its_areas_share():
    rng = np.random.default_rng(4)
    rho, mean, runs = 0.03, 0.6, 400
    sizes = rng.integers(50, 300, 9)
    scale = (1 - rho) / rho
    shares = rng.beta(mean * scale, (1 - mean) * scale, (runs, 9))
    low = rng.binomial(sizes, shares)
    codes = pd.Index([f"{run}-{at}" for run in range(runs) for at in range(9)], name="deso")
    counts = [pd.Series(x.ravel().astype(float), codes) for x in (low, sizes - low)]
    members = pd.DataFrame({"place": np.repeat(np.arange(runs), 9), "deso": codes})
    odds = mean / (1 - mean)
    held = {}
    for dispersion in (0.0, rho):
        found = balance.places(*counts, members, dispersion=dispersion)
        inside = (found["interval_lower"] <= odds) & (odds <= found["interval_upper"])
        held[dispersion] = inside.mean()
    assert held[0.0] < 0.75
    assert held[rho] > 0.95 - 3 * math.sqrt(0.95 * 0.05 / runs)


@pytest.mark.parametrize("wrong", [-0.1, 1.0, 2])
def test_a_dispersion_that_is_no_correlation_is_refused(wrong):
    one = pd.Series([1.0], ["0581C1010"])
    for measure in (balance.areas, balance.places, proportion.areas, proportion.places):
        with pytest.raises(DataError, match=r"0\.02"):
            measure(one, one, dispersion=wrong)


def test_the_model_has_a_name():
    assert proportion.model(0.0).sv == "oberoende, med samma odds"
    assert proportion.model(0.02).sv.endswith("0,02")
