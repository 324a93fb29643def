"""Concentration at the extremes: its ends by brute force, and how often its interval holds."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammaln

from grannskap import segregation
from grannskap.counts import Counts
from grannskap.errors import DataError

relaxed = settings(deadline=None, max_examples=60)


def column(values):
    return pd.Series(values, index=[f"0380C{1000 + i}" for i in range(len(values))], dtype=float)


def test_extremes_are_the_difference_over_all():
    low, high, base = column([50, 0, 10, 0]), column([0, 80, 10, 0]), column([50, 80, 100, 0])
    found = segregation.extremes(low, high, base)
    assert found["estimate"].tolist()[:3] == [-1, 1, 0]
    known = found[["estimate", "lower", "upper"]][:3]
    np.testing.assert_array_equal(known["lower"], known["estimate"])
    np.testing.assert_array_equal(known["upper"], known["estimate"])
    assert found.iloc[3, :3].isna().all()
    turned = segregation.extremes(high, low, base)
    np.testing.assert_array_equal(turned["interval_lower"], -found["interval_upper"])
    np.testing.assert_array_equal(turned["upper"], -found["lower"])


ranges = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(sorted)


@given(ranges, ranges, st.tuples(st.integers(0, 12), st.integers(0, 12)).map(sorted))
@relaxed
def test_bounds_are_the_ends_of_all_that_the_counts_can_be(low, high, base):
    every = [
        (h - x) / b
        for x, h, b in itertools.product(*(range(lo, up + 1) for lo, up in (low, high, base)))
        if b and x + h <= b
    ]
    if not every or base[0] == 0:
        return
    parts = [
        Counts(column([np.nan]), column([lo]), column([up]), column([0]).astype(object))
        for lo, up in (low, high, base)
    ]
    found = segregation.extremes(*parts).iloc[0]
    assert found["lower"] == pytest.approx(min(every))
    assert found["upper"] == pytest.approx(max(every))
    assert found["interval_lower"] <= found["lower"]
    assert found["interval_upper"] >= found["upper"]


def test_where_nothing_is_known_it_can_be_anything():
    found = segregation.extremes(column([np.nan, 3]), column([2, 4]), column([9, np.nan]))
    assert found["estimate"].isna().all()
    assert found["lower"].tolist() == [pytest.approx(-5 / 9), 0]
    assert found["upper"].tolist() == [pytest.approx(2 / 9), pytest.approx(1 / 7)]
    assert (found["interval_lower"] <= found["lower"]).all()


@pytest.mark.parametrize("people", [50, 300])
@pytest.mark.parametrize("shares", [(0.1, 0.1), (0.25, 0.25), (0.6, 0.1), (0.4, 0.4), (0.05, 0.3)])
def test_the_interval_holds_the_true_value_as_often_as_it_says(people, shares):
    """Summed over every outcome that chance can give, not simulated."""
    low, high = (grid.ravel() for grid in np.mgrid[: people + 1, : people + 1])
    low, high = (grid[low + high <= people].astype(float) for grid in (low, high))
    rest = people - low - high
    logs = gammaln(people + 1) - sum(gammaln(part + 1) for part in (low, high, rest))
    odds = (*shares, 1 - sum(shares))
    logs += sum(x * np.log(p) for x, p in zip((low, high, rest), odds, strict=True))
    chances = np.exp(logs)
    likely = chances > 1e-9
    low, high, chances = low[likely], high[likely], chances[likely]
    found = segregation.extremes(column(low), column(high), column(np.full(len(low), people)))
    true = shares[1] - shares[0]
    holds = (found["interval_lower"] <= true) & (found["interval_upper"] >= true)
    assert 0.93 <= chances[holds].sum() <= 0.97


def test_people_who_are_alike_weigh_as_fewer():
    low, high, base = column([30.0]), column([60.0]), column([150.0])
    plain = segregation.extremes(low, high, base)
    fewer = segregation.extremes(low / 5, high / 5, base / 5)
    alike = segregation.extremes(low, high, base, dispersion=4 / 149)
    ends = ["interval_lower", "interval_upper"]
    np.testing.assert_allclose(alike[ends], fewer[ends])
    assert alike["interval_lower"].iloc[0] < plain["interval_lower"].iloc[0]
    for options in ({"confidence": 95}, {"dispersion": 1.0}):
        with pytest.raises(DataError):
            segregation.extremes(low, high, base, **options)
