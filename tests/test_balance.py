"""Balance: method.md's numbers, scipy as oracle, and what must hold for any counts."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from grannskap import balance, notes
from grannskap.counts import Counts
from grannskap.errors import DataError

relaxed = settings(deadline=None, max_examples=50)
INTERVAL = ["interval_lower", "interval_upper"]
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
    found = balance.areas(low, high)["estimate"]
    assert found.tolist()[:6] == [1.0, 1.8, 0.5, 63.0, 0.0, math.inf]
    assert math.isnan(found.iloc[6])
    assert found.index.equals(low.index)


def test_status_tells_why_a_balance_is_infinite_or_missing():
    low, high = series([1, 1, 0, None, None, 3, 0]), series([1, 0, 0, 2, None, None, 4])
    reasons = [["value"] * 7 for _ in range(2)]
    reasons[0][4], reasons[1][4], reasons[1][5] = "missing", "suppressed", "suppressed"
    counted = [
        replace(Counts.known(column), status=pd.Series(told, column.index))
        for column, told in zip((low, high), reasons, strict=True)
    ]
    found = balance.areas(*counted)
    assert found["status"].tolist() == [
        "value", "nobody high", "nobody either", "missing", "missing", "suppressed", "value",
    ]  # fmt: skip
    assert set(found["status"]) <= set(balance.STATUSES)
    missing = found["estimate"].isna()
    assert (missing == ~found["status"].isin(["value", "nobody high"])).all()


@given(pairs)
@relaxed
def test_swapping_low_and_high_inverts_ratio_and_interval(rows):
    low, high = columns(rows)
    one, other = balance.areas(low, high), balance.areas(high, low)
    with np.errstate(divide="ignore"):
        for name, turned in (
            ("estimate", "estimate"),
            ("lower", "upper"),
            ("interval_lower", "interval_upper"),
            ("interval_upper", "interval_lower"),
        ):
            np.testing.assert_allclose(one[name], 1 / other[turned].to_numpy(), rtol=1e-9)


@given(pairs, st.integers(2, 9))
@relaxed
def test_more_of_the_same_keeps_the_ratio_and_narrows_the_interval(rows, times):
    low, high = columns(rows)
    few, many = balance.areas(low, high), balance.areas(times * low, times * high)
    same = ["estimate", "lower", "upper", "status"]
    pd.testing.assert_frame_equal(few[same], many[same])
    known = few["interval_lower"].notna()
    assert (many["interval_lower"] >= few["interval_lower"])[known].all()
    assert (many["interval_upper"] <= few["interval_upper"])[known].all()


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95, 0.999])
def test_the_interval_is_scipys_exact_binomial_one_as_odds(confidence):
    rows = [(0, 5), (5, 0), (1, 1), (3, 8), (18, 10), (700, 640), (2, 1300)]
    found = balance.areas(*columns(rows), confidence=confidence)[INTERVAL].to_numpy()
    for (low, high), (lower, upper) in zip(rows, found, strict=True):
        exact = binomtest(low, low + high).proportion_ci(confidence, method="exact")
        assert lower == pytest.approx(exact.low / (1 - exact.low), rel=1e-9)
        assert upper == (
            math.inf if high == 0 else pytest.approx(exact.high / (1 - exact.high), rel=1e-9)
        )


def test_the_ends_of_the_interval():
    found = balance.areas(series([0, 7, 0]), series([7, 0, 0]))[INTERVAL].to_numpy()
    assert found[0, 0] == 0
    assert 0 < found[0, 1] < math.inf
    # 7 of 7: the lower bound of the proportion is (α/2)^(1/7), by the binomial's last term.
    p = 0.025 ** (1 / 7)
    assert found[1].tolist() == [pytest.approx(p / (1 - p)), math.inf]
    assert np.isnan(found[2]).all()


def test_the_interval_covers_the_true_odds_at_least_as_often_as_it_says():
    size, share = 12, 0.7
    low = series(range(size + 1))
    found = balance.areas(low, size - low, confidence=0.9)
    odds = share / (1 - share)
    holds = (found["interval_lower"] <= odds) & (odds <= found["interval_upper"])
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
    for measure in (balance.areas, balance.places):
        with pytest.raises(DataError, match=words):
            measure(low, high)


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.1])
def test_a_confidence_that_is_none_is_refused(confidence):
    for call, many in (
        (balance.areas, 2),
        (balance.places, 2),
        (balance.change, 4),
        (balance.change_of_places, 4),
    ):
        with pytest.raises(DataError, match=r"0\.95"):
            call(*[series([1])] * many, confidence=confidence)


def test_arguments_are_left_alone_and_whole_and_nullable_numbers_are_counts():
    low, high = series([3, 0]).astype("int64"), series([2, None]).astype("Int64")
    before = low.copy(), high.copy()
    assert balance.areas(low, high)["estimate"].tolist()[0] == 1.5
    assert balance.places(low, high)["areas_missing"].tolist() == [1]
    pd.testing.assert_series_equal(low, before[0])
    pd.testing.assert_series_equal(high, before[1])


# --- places ----------------------------------------------------------------------------------


def test_a_place_is_measured_on_sums_and_says_what_the_mean_is():
    low, high = columns([(13, 1), (30, 10), (5, 10), (0, 0), (4, 0), (None, 9)])
    row = balance.places(low, high).loc["all"]
    assert (row["low"], row["high"]) == (52, 21)
    assert row["estimate"] == 52 / 21
    assert row["mean_of_ratios"] == math.inf
    assert (row["lowest"], row["lowest_area"]) == (0.5, "0581C1030")
    assert (row["highest"], row["highest_area"]) == (math.inf, "0581C1050")
    assert row[
        ["areas", "areas_without_high", "areas_without_either", "areas_missing"]
    ].tolist() == [5, 1, 1, 1]
    (note,) = notes.of(balance.places(low, high))
    assert note.codes == ("0581C1060",)


def test_the_mean_of_ratios_is_the_mean_of_the_areas():
    low, high = columns([(13, 1), (30, 10), (5, 10)])
    assert balance.places(low, high).loc["all", "mean_of_ratios"] == pytest.approx(16.5 / 3)


@given(pairs, st.data())
@relaxed
def test_the_union_of_places_has_the_summed_counts_and_lies_between_them(rows, data):
    low, high = columns(rows)
    labels = data.draw(st.lists(st.sampled_from("ab"), min_size=len(rows), max_size=len(rows)))
    parts = balance.places(low, high, members=pd.Series(labels, index=low.index))
    whole = balance.places(low, high).loc["all"]
    assert (
        parts[["low", "high", "areas"]].sum().tolist() == whole[["low", "high", "areas"]].tolist()
    )
    ratios = parts["estimate"].dropna()
    if len(ratios):
        slack = 1e-12
        assert ratios.min() * (1 - slack) <= whole["estimate"] <= ratios.max() * (1 + slack)
        assert whole["lowest"] == parts["lowest"].min()
        assert whole["highest"] == parts["highest"].max()


def test_groups_as_labels_and_as_lists_agree_whatever_the_row_order():
    low, high = columns([(13, 1), (30, 10), (5, 10), (6, 12)])
    labels = pd.Series(["b", "b", "a", None], index=low.index)
    listed = {"a": [low.index[2]], "b": list(low.index[:2])}
    by_label = balance.places(low, high, members=labels)
    pd.testing.assert_frame_equal(
        by_label, balance.places(low, high, members=listed), check_index_type=False
    )
    turned = balance.places(low[::-1], high[::-1], members=labels[::-1])
    pd.testing.assert_frame_equal(by_label, turned)


@pytest.mark.parametrize("members", [{"Hageby": ["0581C9990"]}, {"Hageby": []}, series([1.0])])
def test_places_of_other_areas_are_refused(members):
    with pytest.raises(DataError):
        balance.places(series([1, 2]), series([1, 2]), members=members)


def test_a_place_where_all_is_missing_has_no_balance():
    row = balance.places(series([None, None]), series([1, 2])).loc["all"]
    numbers = ["low", "high", "estimate", "mean_of_ratios", "lowest", "highest"]
    assert row[numbers].isna().all()
    assert pd.isna(row["lowest_area"])
    assert (row["areas"], row["areas_missing"]) == (0, 2)
