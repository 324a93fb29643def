"""The change of a balance: scipy as oracle, and what must hold for any two years."""

import math
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact, nchypergeom_fisher
from scipy.stats.contingency import odds_ratio

from grannskap import balance, notes
from grannskap.counts import Counts
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


@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_the_interval_of_the_change_is_scipys_conditional_one(confidence):
    rows = tables()
    found = changes(rows, confidence=confidence)
    for (a, b, c, d), lower, upper in zip(
        rows, found["interval_lower"], found["interval_upper"], strict=True
    ):
        if a + b == 0 or c + d == 0:
            assert math.isnan(lower)
            assert math.isnan(upper)
        elif a + c == 0 or b + d == 0:
            assert (lower, upper) == (-math.inf, math.inf)
        else:
            exact = odds_ratio([[c, d], [a, b]]).confidence_interval(confidence)
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
def test_each_bound_leaves_half_of_the_error_beyond_what_was_counted(row, confidence):
    a, b, c, d = row
    found = changes([row], confidence=confidence).iloc[0]
    lower, upper = 2.0 ** found["interval_lower"], 2.0 ** found["interval_upper"]
    total, low, now = a + b + c + d, a + c, c + d
    assert nchypergeom_fisher.sf(c - 1, total, low, now, lower) == pytest.approx(
        (1 - confidence) / 2, rel=1e-4
    )
    assert nchypergeom_fisher.cdf(c, total, low, now, upper) == pytest.approx(
        (1 - confidence) / 2, rel=1e-4
    )


@given(st.lists(st.tuples(*[counts] * 4), min_size=1, max_size=6))
@relaxed
def test_turning_time_or_categories_round_turns_the_sign(rows):
    found = changes(rows, correction="none")
    for turned in ([(c, d, a, b) for a, b, c, d in rows], [(b, a, d, c) for a, b, c, d in rows]):
        other = changes(turned, correction="none")
        np.testing.assert_allclose(found["estimate"], -other["estimate"], atol=1e-12)
        np.testing.assert_allclose(found["interval_lower"], -other["interval_upper"], atol=1e-8)
        np.testing.assert_allclose(found["interval_upper"], -other["interval_lower"], atol=1e-8)
        np.testing.assert_allclose(found["p"], other["p"], rtol=1e-9)


@given(
    st.lists(st.tuples(*[counts] * 4), min_size=1, max_size=6), st.sampled_from([0.5, 0.8, 0.95])
)
@relaxed
def test_uncorrected_an_area_is_within_chance_where_zero_lies_in_its_interval(rows, confidence):
    found = changes(rows, correction="none", confidence=confidence)
    known = found["within_chance"].notna()
    assume(known.any())
    assume((abs(found["p"] - (1 - confidence)) > 1e-9).all())
    inside = (found["interval_lower"] <= 0) & (found["interval_upper"] >= 0)
    assert (found["within_chance"][known] == inside[known]).all()
    step = found["estimate"].dropna()
    assert (found["interval_lower"][step.index] <= step + 1e-9).all()
    assert (step <= found["interval_upper"][step.index] + 1e-9).all()


def test_ends_and_gaps_of_the_change():
    nan = None
    found = changes([(5, 0, 9, 0), (5, 0, 9, 3), (0, 5, 4, 5), (0, 0, 4, 5), (nan, 5, 4, 5)])
    assert found["estimate"].tolist()[1:3] == [-math.inf, math.inf]
    assert math.isnan(found["estimate"].iloc[0])
    assert found["within_chance"].tolist()[:3] == [True, True, True]
    assert found["p"].iloc[0] == 1
    assert found["ratio_now"].iloc[3] == 0.8
    assert (
        found[["estimate", "interval_lower", "interval_upper", "p", "q", "within_chance"]]
        .iloc[3:]
        .isna()
        .all(None)
    )


def test_the_reports_hageby_went_from_12_to_63():
    found = changes([(120, 10, 252, 4)]).iloc[0]
    assert (found["ratio_then"], found["ratio_now"]) == (12, 63)
    assert found["estimate"] == pytest.approx(math.log2(63 / 12))
    assert not found["within_chance"]
    few = changes([(12, 1, 63, 1)]).iloc[0]
    assert few["estimate"] == pytest.approx(found["estimate"])
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


def test_the_error_that_within_chance_allows_is_that_of_the_confidence():
    rows = [(100, 100, 100 + 6 * step, 100) for step in range(12)]
    for confidence in (0.5, 0.8, 0.95, 0.99):
        found = changes(rows, confidence=confidence)
        assert (found["within_chance"] == (found["q"] > 1 - confidence)).all()
    assert changes(rows, confidence=0.5)["within_chance"].sum() < found["within_chance"].sum()


def test_broken_counts_are_rounded_for_the_test_and_noted():
    found = changes([(10.4, 5, 3, 8), (1, 2, 3, 4)])
    (note,) = notes.of(found)
    assert note.codes == ("0581C1010",)
    whole = changes([(10, 5, 3, 8), (1, 2, 3, 4)])
    pd.testing.assert_series_equal(found["p"], whole["p"])
    assert found["ratio_then"].iloc[0] == 10.4 / 5
    assert notes.of(whole) == ()


def test_an_unknown_correction_is_refused():
    with pytest.raises(DataError, match=r"bh, by, bonferroni, none, but got .tukey."):
        changes([(1, 2, 3, 4)], correction="tukey")


def test_a_country_of_areas_does_not_let_one_wait():
    from time import process_time

    rows = np.random.default_rng(5).poisson(180, (6000, 4))
    started = process_time()
    found = changes(rows)
    assert process_time() - started < 5  # 0.4 s on an idle laptop core
    assert found["p"].notna().all()


# --- bounds ----------------------------------------------------------------------------------

spans = st.tuples(st.integers(0, 3), st.integers(0, 2)).map(lambda r: (r[0], r[0] + r[1]))


def bounded(ranges):
    """Counts from (least, most): known where the two are one number."""
    least, most = (np.array(side, dtype=float) for side in zip(*ranges, strict=True))
    index = pd.Index([f"0581C{1010 + 10 * i}" for i in range(len(least))], name="deso")
    value = pd.Series(np.where(least == most, least, np.nan), index)
    status = pd.Series(np.where(least == most, "value", "suppressed"), index)
    return Counts(value, pd.Series(least, index), pd.Series(most, index), status)


def true_changes(rows):
    """Every log2 change that is possible for the sums of some areas' ranges."""
    found = set()
    spans_of = [[range(low, high + 1) for low, high in row] for row in rows]
    sums = {tuple(map(sum, zip(*one, strict=True)))
            for one in product(*[product(*spans) for spans in spans_of])}  # fmt: skip
    for a, b, c, d in sums:
        if a + b == 0 or c + d == 0:
            continue
        then, now = a / b if b else math.inf, c / d if d else math.inf
        with np.errstate(divide="ignore", invalid="ignore"):
            step = np.log2(now) - np.log2(then)
        if not math.isnan(step):
            found.add(float(step))
    return found


@given(st.lists(st.tuples(spans, spans, spans, spans), min_size=1, max_size=2))
@relaxed
def test_bounds_are_the_least_and_the_most_that_the_change_can_be(rows):
    counted = [bounded(side) for side in zip(*rows, strict=True)]
    found = balance.change(*counted)
    for row, told in zip(rows, found.to_dict("records"), strict=True):
        steps = true_changes([row])
        if steps:
            assert told["lower"] == pytest.approx(min(steps))
            assert told["upper"] == pytest.approx(max(steps))
            if all(low == high for low, high in row):
                assert told["lower"] == told["upper"] == pytest.approx(told["estimate"])
    places = balance.change_of_places(*counted).iloc[0]
    steps = true_changes(rows)
    if steps and places["areas"]:
        assert places["lower"] == pytest.approx(min(steps))
        assert places["upper"] == pytest.approx(max(steps))


@given(st.tuples(spans, spans, spans, spans), st.integers(1, 12))
@relaxed
def test_p_and_the_interval_are_the_worst_of_all_that_is_possible(row, times):
    """Scaled, so that some of them could be changes."""
    row = [(low * times, high * times) for low, high in row]
    told = balance.change(*[bounded([side]) for side in row], correction="none").iloc[0]
    every = list(product(*[(low, (low + high) // 2, high) for low, high in row]))
    found = changes(every, correction="none")
    if math.isnan(told["p"]):
        return
    assert told["p"] >= found["p"].max() - 1e-12
    assert told["interval_lower"] <= found["interval_lower"].min() + 1e-9
    assert told["interval_upper"] >= found["interval_upper"].max() - 1e-9
    if told["lower"] <= 0 <= told["upper"] and told["lower"] < told["upper"]:
        assert told["p"] == 1
    elif all(low == high for low, high in row):
        assert told["p"] == found["p"].iloc[0]


def test_a_change_that_bounds_alone_could_make_is_no_change():
    then_low, then_high = bounded([(80, 80)] * 3), bounded([(20, 20), (18, 80), (18, 22)])
    now_low, now_high = (
        bounded([(80, 80), (80, 80), (300, 300)]),
        bounded([(2, 2), (20, 20), (2, 3)]),
    )
    found = balance.change(then_low, then_high, now_low, now_high)
    assert found["within_chance"].tolist() == [False, True, False]
    assert found["estimate"].isna().tolist() == [False, True, True]
    assert found["status"].tolist() == ["value", "suppressed", "suppressed"]


def test_an_area_of_which_nothing_is_known_is_in_no_family():
    rows = [(10, 10, 14, 5), (None, None, 5, 5), (5, 5, 5, None)]
    found = changes(rows)
    assert found["p"].notna().tolist() == [True, False, False]
    assert found["q"].iloc[0] == found["p"].iloc[0]
    assert found["within_chance"].isna().tolist() == [False, True, True]


def test_status_is_the_gravest_of_the_two_years():
    rows = [(1, 1, 2, 2), (1, 0, 2, 2), (0, 0, 2, 0), (None, 1, 2, 0), (0, 3, 0, 4), (0, 3, 1, 4)]
    found = changes(rows)["status"].tolist()
    assert found == ["value", "nobody high", "nobody either", "missing", "nobody low", "value"]
    assert set(found) <= set(balance.CHANGE_STATUSES)


# --- places ----------------------------------------------------------------------------------


def test_two_years_are_never_compared_over_different_areas():
    """Hide two areas of a place in 2012 and the three others in 2017: no change is told."""
    index = pd.Index([f"9999C{1150 + 10 * i}" for i in range(5)], name="deso")
    low_then = pd.Series([None, None, 40, 50, 37], index, dtype="float64")
    low_now = pd.Series([30, 25, None, None, None], index, dtype="float64")
    high = pd.Series([10.0, 10, 10, 10, 10], index)
    found = balance.change_of_places(low_then, high, low_now, high, {"Norrängen": index})
    row = found.loc["Norrängen"]
    assert (row["areas"], row["areas_missing"], row["status"]) == (0, 5, "missing")
    assert row.drop(["areas", "areas_missing", "status"]).isna().all()
    (note,) = notes.of(found)
    assert note.codes == tuple(index)


def test_a_place_is_compared_over_the_areas_of_both_years():
    rng = np.random.default_rng(8)
    rows = rng.poisson(60, (40, 4)).astype(float)
    rows[rng.random((40, 4)) < 0.1] = np.nan
    counted = columns(rows)
    labels = pd.Series(np.arange(40) % 4, counted[0].index)
    found = balance.change_of_places(*counted, labels, correction="none")
    known = pd.concat(counted, axis=1, keys=range(4)).dropna()
    sums = known.groupby(labels).sum()
    by_hand = changes(sums.to_numpy(), correction="none")
    same = ["estimate", "interval_lower", "interval_upper", "p", "q", "ratio_then", "ratio_now"]
    np.testing.assert_array_equal(found[same], by_hand[same])
    assert found["areas"].tolist() == labels[known.index].value_counts().sort_index().tolist()
    assert (found["areas"] + found["areas_missing"]).tolist() == [10] * 4
    assert (found["lower"] <= found["estimate"]).all()


def test_only_the_areas_of_the_places_are_noted_as_not_in_both_years():
    counted = columns([(1, 2, 3, 4), (None, 2, 3, 4), (1, 2, None, 4)])
    index = counted[0].index
    found = balance.change_of_places(*counted, {"Hageby": index[:2]})
    (note,) = notes.of(found)
    assert note.codes == (index[1],)
    assert notes.of(balance.change_of_places(*counted, {"Hageby": index[:1]})) == ()
