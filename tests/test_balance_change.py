"""The change of a balance: scipy as oracle, and what must hold for any two years."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact, nchypergeom_fisher
from scipy.stats.contingency import odds_ratio

from grannskap import balance, notes
from grannskap.errors import DataError

relaxed = settings(deadline=None, max_examples=50)
counts = st.integers(0, 40)


def columns(rows):
    index = pd.Index([f"0581C{1010 + 10 * i}" for i in range(len(rows))], name="deso")
    return [pd.Series(column, index, dtype="float64") for column in zip(*rows, strict=True)]


def tables(count=200, most=25, seed=0):
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, most, (count, 4))
    drawn[rng.random((count, 4)) < 0.15] = 0
    return drawn


def changes(rows, **options):
    then_low, then_high, now_low, now_high = columns(rows)
    return balance.change(then_low, then_high, now_low, now_high, **options)


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_the_interval_of_the_change_is_scipys_conditional_one(level):
    rows = tables()
    found = changes(rows, level=level)
    for (a, b, c, d), lower, upper in zip(rows, found["lower"], found["upper"], strict=True):
        if a + b == 0 or c + d == 0:
            assert math.isnan(lower)
            assert math.isnan(upper)
        elif a + c == 0 or b + d == 0:
            assert (lower, upper) == (-math.inf, math.inf)
        else:
            exact = odds_ratio([[c, d], [a, b]]).confidence_interval(level)
            with np.errstate(divide="ignore"):
                assert lower == pytest.approx(np.log2(exact.low), abs=1e-8)
                assert upper == pytest.approx(np.log2(exact.high), abs=1e-8)


def test_p_is_twice_the_smaller_tail_of_fishers_exact_test():
    rows = tables(seed=1)
    for (a, b, c, d), p in zip(rows, changes(rows)["p"], strict=True):
        if a + b == 0 or c + d == 0:
            assert math.isnan(p)
            continue
        smaller = min(
            fisher_exact([[c, d], [a, b]], alternative=side).pvalue for side in ("less", "greater")
        )
        assert p == pytest.approx(min(1, 2 * smaller), rel=1e-9)


@given(st.tuples(*[st.integers(1, 3000)] * 4), st.sampled_from([0.5, 0.95, 0.9999]))
@relaxed
def test_each_bound_leaves_half_of_the_error_beyond_what_was_counted(row, level):
    a, b, c, d = row
    found = changes([row], level=level).iloc[0]
    lower, upper = 2.0 ** found["lower"], 2.0 ** found["upper"]
    total, low, now = a + b + c + d, a + c, c + d
    assert nchypergeom_fisher.sf(c - 1, total, low, now, lower) == pytest.approx(
        (1 - level) / 2, rel=1e-4
    )
    assert nchypergeom_fisher.cdf(c, total, low, now, upper) == pytest.approx(
        (1 - level) / 2, rel=1e-4
    )


@given(st.lists(st.tuples(*[counts] * 4), min_size=1, max_size=6))
@relaxed
def test_turning_time_or_categories_round_turns_the_sign(rows):
    found = changes(rows, correction="none")
    for turned in ([(c, d, a, b) for a, b, c, d in rows], [(b, a, d, c) for a, b, c, d in rows]):
        other = changes(turned, correction="none")
        np.testing.assert_allclose(found["log2_change"], -other["log2_change"], atol=1e-12)
        np.testing.assert_allclose(found["lower"], -other["upper"], atol=1e-8)
        np.testing.assert_allclose(found["upper"], -other["lower"], atol=1e-8)
        np.testing.assert_allclose(found["p"], other["p"], rtol=1e-9)


@given(st.lists(st.tuples(*[counts] * 4), min_size=1, max_size=6))
@relaxed
def test_uncorrected_an_area_is_within_chance_where_zero_lies_in_its_interval(rows):
    found = changes(rows, correction="none")
    known = found["within_chance"].notna()
    assume(known.any())
    assume((abs(found["p"] - 0.05) > 1e-9).all())
    inside = (found["lower"] <= 0) & (found["upper"] >= 0)
    assert (found["within_chance"][known] == inside[known]).all()
    step = found["log2_change"].dropna()
    assert (found["lower"][step.index] <= step + 1e-9).all()
    assert (step <= found["upper"][step.index] + 1e-9).all()


def test_ends_and_gaps_of_the_change():
    nan = None
    found = changes([(5, 0, 9, 0), (5, 0, 9, 3), (0, 5, 4, 5), (0, 0, 4, 5), (nan, 5, 4, 5)])
    assert found["log2_change"].tolist()[1:3] == [-math.inf, math.inf]
    assert math.isnan(found["log2_change"].iloc[0])
    assert found["within_chance"].tolist()[:3] == [True, True, True]
    assert found["p"].iloc[0] == 1
    assert found["ratio_now"].iloc[3] == 0.8
    assert (
        found[["log2_change", "lower", "upper", "p", "q", "within_chance"]]
        .iloc[3:]
        .isna()
        .all(None)
    )


def test_the_reports_hageby_went_from_12_to_63():
    found = changes([(120, 10, 252, 4)]).iloc[0]
    assert (found["ratio_then"], found["ratio_now"]) == (12, 63)
    assert found["log2_change"] == pytest.approx(math.log2(63 / 12))
    assert not found["within_chance"]
    few = changes([(12, 1, 63, 1)]).iloc[0]
    assert few["log2_change"] == pytest.approx(found["log2_change"])
    assert few["within_chance"]


def test_without_any_change_few_areas_are_called_changed():
    rng = np.random.default_rng(3)
    low = rng.poisson(60, (3000, 2))
    high = rng.poisson(40, (3000, 2))
    rows = np.column_stack([low[:, 0], high[:, 0], low[:, 1], high[:, 1]])
    alone, together = changes(rows, correction="none"), changes(rows)
    # Exact tests stay below the stated error; three standard errors above it would be a fault.
    assert 0.01 < (~alone["within_chance"]).mean() < 0.05 + 3 * math.sqrt(0.05 * 0.95 / 3000)
    assert (~together["within_chance"]).sum() <= 3
    assert (together["q"] >= together["p"]).all()


def test_broken_counts_are_rounded_for_the_test_and_noted():
    found = changes([(10.4, 5, 3, 8), (1, 2, 3, 4)])
    (note,) = notes.of(found)
    assert note.codes == ("0581C1010",)
    whole = changes([(10, 5, 3, 8), (1, 2, 3, 4)])
    pd.testing.assert_series_equal(found["p"], whole["p"])
    assert found["ratio_then"].iloc[0] == 10.4 / 5
    assert notes.of(whole) == ()


def test_an_unknown_correction_is_refused():
    with pytest.raises(DataError, match="bonferroni"):
        changes([(1, 2, 3, 4)], correction="bonferroni")


def test_a_country_of_areas_does_not_let_one_wait():
    from time import process_time

    rows = np.random.default_rng(5).poisson(180, (6000, 4))
    started = process_time()
    found = changes(rows)
    assert process_time() - started < 5  # 0.4 s on an idle laptop core
    assert found["p"].notna().all()
