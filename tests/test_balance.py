"""Balance: method.md's numbers, scipy as oracle, and what must hold for any counts."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from grannskap import balance, notes
from grannskap.errors import DataError

relaxed = settings(deadline=None, max_examples=50)
counts = st.integers(0, 40)
pairs = st.lists(st.tuples(counts, counts), min_size=1, max_size=8)


def series(values, name="low"):
    index = pd.Index([f"0581C{1010 + 10 * i}" for i in range(len(values))], name="deso")
    return pd.Series(values, index=index, name=name, dtype="float64")


def columns(rows):
    return [series(column) for column in zip(*rows, strict=True)]


# --- the ratio and its status ----------------------------------------------------------------


def test_the_words_of_the_method():
    low, high = series([100, 180, 50, 63, 0, 7, 0]), series([100, 100, 100, 1, 5, 0, 0])
    found = balance.ratio(low, high)
    assert found.tolist()[:6] == [1.0, 1.8, 0.5, 63.0, 0.0, math.inf]
    assert math.isnan(found.iloc[6])
    assert found.name == "ratio"
    assert found.index.equals(low.index)


def test_status_tells_why_a_balance_is_infinite_or_missing():
    low, high = series([1, 1, 0, None, None, 3, 0]), series([1, 0, 0, 2, None, None, 4])
    low_status = series([0] * 7).astype("str").replace("0.0", "value")
    high_status = low_status.copy()
    low_status.iloc[4], high_status.iloc[4], high_status.iloc[5] = (
        "missing",
        "suppressed",
        "suppressed",
    )
    found = balance.status(low, high, low_status=low_status, high_status=high_status)
    assert found.tolist() == [
        "value", "nobody high", "nobody either", "missing", "missing", "suppressed", "value",
    ]  # fmt: skip
    assert set(found) <= set(balance.STATUSES)
    missing = balance.ratio(low, high).isna()
    assert (missing == ~found.isin(["value", "nobody high"])).all()


@given(pairs)
@relaxed
def test_swapping_low_and_high_inverts_ratio_and_interval(rows):
    low, high = columns(rows)
    one, other = balance.ratio(low, high), balance.ratio(high, low)
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(one, 1 / other.to_numpy())
        bounds, swapped = balance.interval(low, high), balance.interval(high, low)
        np.testing.assert_allclose(bounds["lower"], 1 / swapped["upper"].to_numpy(), rtol=1e-9)
        np.testing.assert_allclose(bounds["upper"], 1 / swapped["lower"].to_numpy(), rtol=1e-9)


@given(pairs, st.integers(2, 9))
@relaxed
def test_more_of_the_same_keeps_the_ratio_and_narrows_the_interval(rows, times):
    low, high = columns(rows)
    pd.testing.assert_series_equal(
        balance.ratio(times * low, times * high), balance.ratio(low, high)
    )
    few, many = balance.interval(low, high), balance.interval(times * low, times * high)
    known = few["lower"].notna()
    assert (many["lower"] >= few["lower"])[known].all()
    assert (many["upper"] <= few["upper"])[known].all()


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
def test_the_interval_is_scipys_exact_binomial_one_as_odds(level):
    rows = [(0, 5), (5, 0), (1, 1), (3, 8), (18, 10), (700, 640), (2, 1300)]
    found = balance.interval(*columns(rows), level=level)
    for (low, high), lower, upper in zip(rows, found["lower"], found["upper"], strict=True):
        exact = binomtest(low, low + high).proportion_ci(level, method="exact")
        assert lower == pytest.approx(exact.low / (1 - exact.low), rel=1e-9)
        assert upper == (
            math.inf if high == 0 else pytest.approx(exact.high / (1 - exact.high), rel=1e-9)
        )


def test_the_ends_of_the_interval():
    found = balance.interval(series([0, 7, 0, None]), series([7, 0, 0, 3]))
    assert found["lower"].iloc[0] == 0
    assert 0 < found["upper"].iloc[0] < math.inf
    # 7 of 7: the lower bound of the proportion is (α/2)^(1/7), by the binomial's last term.
    p = 0.025 ** (1 / 7)
    assert found["lower"].iloc[1] == pytest.approx(p / (1 - p))
    assert found["upper"].iloc[1] == math.inf
    assert found.iloc[2:].isna().all(axis=None)


def test_the_interval_covers_the_true_odds_at_least_as_often_as_it_says():
    size, share = 12, 0.7
    low = series(range(size + 1))
    found = balance.interval(low, size - low, level=0.9)
    holds = (found["lower"] <= share / (1 - share)) & (share / (1 - share) <= found["upper"])
    chances = [math.comb(size, k) * share**k * (1 - share) ** (size - k) for k in range(size + 1)]
    assert np.dot(holds, chances) >= 0.9


# --- refusals --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (series([1, 2]), series([1, 2, 3]), "same areas"),
        (series([1, 2]), series([1, 2]).iloc[::-1], "same areas"),
        (series([1, -2]), series([1, 2]), "0581C1020"),
        (series([1, 2]), series([1, math.inf]), "0581C1020"),
        (series([1, 2]).astype("str"), series([1, 2]), "type"),
        (pd.concat([series([1])] * 2), pd.concat([series([1])] * 2), "more than once"),
    ],
)
def test_what_cannot_be_divided_is_refused(low, high, words):
    for measure in (balance.ratio, balance.interval, balance.status, balance.summary):
        with pytest.raises(DataError, match=words):
            measure(low, high)


@pytest.mark.parametrize("level", [0, 1, 95, -0.1])
def test_a_level_that_is_no_confidence_is_refused(level):
    for call in (balance.interval, balance.summary):
        with pytest.raises(DataError, match=r"0\.95"):
            call(series([1]), series([1]), level=level)
    with pytest.raises(DataError, match=r"0\.95"):
        balance.change(*[series([1])] * 4, confidence=level)


def test_arguments_are_left_alone_and_whole_and_nullable_numbers_are_counts():
    low, high = series([3, 0]).astype("int64"), series([2, None]).astype("Int64")
    before = low.copy(), high.copy()
    assert balance.ratio(low, high).tolist()[0] == 1.5
    assert balance.summary(low, high)["areas_missing"].tolist() == [1]
    pd.testing.assert_series_equal(low, before[0])
    pd.testing.assert_series_equal(high, before[1])


# --- places ----------------------------------------------------------------------------------


def test_a_place_is_measured_on_sums_and_says_what_the_mean_is():
    low, high = columns([(13, 1), (30, 10), (5, 10), (0, 0), (4, 0), (None, 9)])
    row = balance.summary(low, high).loc["all"]
    assert (row["low"], row["high"]) == (52, 21)
    assert row["ratio_of_sums"] == 52 / 21
    assert row["mean_of_ratios"] == math.inf
    assert (row["lowest"], row["lowest_area"]) == (0.5, "0581C1030")
    assert (row["highest"], row["highest_area"]) == (math.inf, "0581C1050")
    assert row["areas":].tolist() == [5, 1, 1, 1]
    (note,) = notes.of(balance.summary(low, high))
    assert note.codes == ("0581C1060",)


def test_the_mean_of_ratios_is_the_mean_of_the_areas():
    low, high = columns([(13, 1), (30, 10), (5, 10)])
    assert balance.summary(low, high).loc["all", "mean_of_ratios"] == pytest.approx(16.5 / 3)


@given(pairs, st.data())
@relaxed
def test_the_union_of_places_has_the_summed_counts_and_lies_between_them(rows, data):
    low, high = columns(rows)
    labels = data.draw(st.lists(st.sampled_from("ab"), min_size=len(rows), max_size=len(rows)))
    parts = balance.summary(low, high, groups=pd.Series(labels, index=low.index))
    whole = balance.summary(low, high).loc["all"]
    assert (
        parts[["low", "high", "areas"]].sum().tolist() == whole[["low", "high", "areas"]].tolist()
    )
    ratios = parts["ratio_of_sums"].dropna()
    if len(ratios):
        slack = 1e-12
        assert ratios.min() * (1 - slack) <= whole["ratio_of_sums"] <= ratios.max() * (1 + slack)
        assert whole["lowest"] == parts["lowest"].min()
        assert whole["highest"] == parts["highest"].max()


def test_groups_as_labels_and_as_lists_agree_whatever_the_row_order():
    low, high = columns([(13, 1), (30, 10), (5, 10), (6, 12)])
    labels = pd.Series(["b", "b", "a", None], index=low.index)
    listed = {"a": [low.index[2]], "b": list(low.index[:2])}
    by_label = balance.summary(low, high, groups=labels)
    pd.testing.assert_frame_equal(
        by_label, balance.summary(low, high, groups=listed), check_index_type=False
    )
    turned = balance.summary(low[::-1], high[::-1], groups=labels[::-1])
    pd.testing.assert_frame_equal(by_label, turned)
    assert balance.summary(*columns([(1, 2), (2, 4)]))["lowest_area"].tolist() == ["0581C1010"]


@pytest.mark.parametrize("groups", [{"Hageby": ["0581C9990"]}, {"Hageby": []}, series([1.0])])
def test_places_of_other_areas_are_refused(groups):
    with pytest.raises(DataError):
        balance.summary(series([1, 2]), series([1, 2]), groups=groups)


def test_a_place_where_all_is_missing_has_no_balance():
    row = balance.summary(series([None, None]), series([1, 2])).loc["all"]
    numbers = ["low", "high", "ratio_of_sums", "lower", "upper", "mean_of_ratios", "lowest"]
    assert row[numbers].isna().all()
    assert pd.isna(row["lowest_area"])
    assert (row["areas"], row["areas_missing"]) == (0, 2)
