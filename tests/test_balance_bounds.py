"""Balance with bounds: every true count that is possible, enumerated, and today's numbers."""

import math
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grannskap import balance, notes
from grannskap.counts import Counts
from grannskap.errors import ColumnError, DataError
from grannskap.measures import proportion
from grannskap.measures.membership import membership
from grannskap.measures.overdispersion import of_places

relaxed = settings(deadline=None, max_examples=60)
BOUNDS = ["estimate", "lower", "upper"]
INTERVAL = ["interval_lower", "interval_upper"]


def codes(size):
    return pd.Index([f"0581C{1010 + 10 * i}" for i in range(size)], name="deso")


def counts(ranges):
    """Counts from (least, most): known where the two are one number."""
    least, most = (np.array(side, dtype=float) for side in zip(*ranges, strict=True))
    index = codes(len(least))
    value = pd.Series(np.where(least == most, least, np.nan), index)
    status = pd.Series(np.where(least == most, "value", "suppressed"), index)
    return Counts(value, pd.Series(least, index), pd.Series(most, index), status)


ranges = st.tuples(st.integers(0, 4), st.integers(0, 2)).map(lambda r: (r[0], r[0] + r[1]))
pairs = st.lists(st.tuples(ranges, ranges), min_size=1, max_size=3)


def possible(held):
    """Every list of whole numbers within the ranges."""
    return product(*[range(least, most + 1) for least, most in held])


def true_ratios(low_ranges, high_ranges):
    sums = {
        (sum(lows), sum(highs)) for lows in possible(low_ranges) for highs in possible(high_ranges)
    }
    return {math.inf if high == 0 else low / high for low, high in sums if low + high > 0}


@given(pairs)
@relaxed
def test_bounds_are_the_least_and_the_most_of_all_that_is_possible(rows):
    low_ranges, high_ranges = zip(*rows, strict=True)
    low, high = counts(low_ranges), counts(high_ranges)
    found = balance.areas(low, high)
    for at, code in enumerate(found.index):
        ratios = true_ratios(low_ranges[at : at + 1], high_ranges[at : at + 1])
        row = found.loc[code]
        if not ratios:
            assert row[["lower", "upper", *INTERVAL]].isna().all()
            continue
        assert (row["lower"], row["upper"]) == (min(ratios), max(ratios))
        if low.value.notna()[code] and high.value.notna()[code]:
            assert row["lower"] == row["upper"] == row["estimate"]
        else:
            assert math.isnan(row["estimate"])
    whole = balance.places(low, high).loc["all"]
    ratios = true_ratios(low_ranges, high_ranges)
    if ratios:
        assert (whole["lower"], whole["upper"]) == (min(ratios), max(ratios))


@given(pairs)
@relaxed
def test_the_interval_holds_that_of_every_possible_count(rows):
    low_ranges, high_ranges = zip(*rows, strict=True)
    row = balance.places(counts(low_ranges), counts(high_ranges)).loc["all"]
    for lows in possible(low_ranges):
        for highs in possible(high_ranges):
            if sum(lows) + sum(highs) == 0:
                continue
            part, base = np.array([float(sum(lows))]), np.array([float(sum(lows) + sum(highs))])
            lower, upper = (side[0] for side in proportion.interval(part, base))
            assert row["interval_lower"] <= lower / (1 - lower) * (1 + 1e-9)
            if upper == 1:
                assert row["interval_upper"] == math.inf
            else:
                assert upper / (1 - upper) <= row["interval_upper"] * (1 + 1e-9)


def test_a_count_without_any_bound_leaves_all_open():
    missing = pd.Series([None, 4.0, None], codes(3), dtype="float64")
    found = balance.areas(missing, pd.Series([2.0, None, None], codes(3)))
    assert found["lower"].tolist() == [0, 0, 0]
    assert found["upper"].tolist() == [math.inf] * 3
    assert found["interval_lower"].tolist() == [0, 0, 0]
    assert found["interval_upper"].tolist() == [math.inf] * 3
    assert found["status"].tolist() == ["missing"] * 3


def test_at_least_four_for_each():
    """Method.md's headline: eight low, one or two high hidden: between 4 and 8 for each."""
    found = balance.areas(counts([(8, 8), (8, 8)]), counts([(1, 2), (0, 2)]))
    assert found[BOUNDS[1:]].to_numpy().tolist() == [[4, 8], [4, math.inf]]
    assert found["status"].tolist() == ["suppressed"] * 2


def test_a_rounded_count_keeps_its_value_inside_its_bounds():
    index = codes(1)
    low = Counts(*(pd.Series([x], index) for x in (20.0, 18.0, 22.0, "value")))
    high = Counts.known(pd.Series([10.0], index))
    row = balance.areas(low, high).iloc[0]
    assert row[BOUNDS].tolist() == [2.0, 1.8, 2.2]
    place = balance.places(low, high).iloc[0]
    assert place[BOUNDS].tolist() == [2.0, 1.8, 2.2]


@pytest.mark.parametrize(
    "ranges", [((-1, 2),), ((3, 2),), ((math.inf, math.inf),)], ids=["negative", "crossed", "none"]
)
def test_bounds_that_cannot_be_are_refused(ranges):
    index = codes(1)
    least, most = ranges[0]
    value = pd.Series([math.nan], index)
    status = pd.Series(["suppressed"], index)
    wrong = Counts(value, pd.Series([least], index), pd.Series([most], index), status)
    good = Counts.known(pd.Series([1.0], index))
    for measure in (balance.areas, balance.places):
        with pytest.raises(DataError, match="0581C1010"):
            measure(wrong, good)


def test_a_value_outside_its_bounds_is_refused():
    index = codes(1)
    wrong = Counts(*(pd.Series([x], index) for x in (5.0, 6.0, 7.0, "value")))
    with pytest.raises(DataError, match="between them"):
        balance.areas(wrong, wrong)


# --- places ----------------------------------------------------------------------------------


def town(size=400, seed=0, hidden=0.0):
    rng = np.random.default_rng(seed)
    index = codes(size)
    low = pd.Series(rng.poisson(30, size), index, dtype="float64", name="low")
    high = pd.Series(rng.poisson(1.5, size), index, dtype="float64", name="high")
    for column in (low, high):
        column[rng.random(size) < hidden] = np.nan
    return low, high


def by_hand(low, high, areas):
    """A place measured with a loop and numpy's own sums."""
    held = sorted(areas)
    known = [code for code in held if not math.isnan(low[code] + high[code])]
    lows, highs = low[known].to_numpy(), high[known].to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = pd.Series(lows / highs, known, dtype="float64").dropna()
        estimate = np.divide(lows.sum(), highs.sum()) if known else math.nan
    least, most = ratios[ratios == ratios.min()], ratios[ratios == ratios.max()]
    return {
        "estimate": estimate,
        "low": lows.sum() if known else math.nan,
        "high": highs.sum() if known else math.nan,
        "mean_of_ratios": ratios.to_numpy().mean() if len(ratios) else math.nan,
        "lowest": ratios.min(),
        "lowest_areas": len(least),
        "lowest_area": least.index[0] if len(least) == 1 else None,
        "highest": ratios.max(),
        "highest_areas": len(most),
        "highest_area": most.index[0] if len(most) == 1 else None,
        "areas": len(known),
        "areas_missing": len(held) - len(known),
        "areas_without_high": int(((highs == 0) & (lows > 0)).sum()),
        "areas_without_either": int(((highs == 0) & (lows == 0)).sum()),
    }


@pytest.mark.parametrize("hidden", [0.0, 0.3, 0.97])
def test_places_are_what_a_loop_over_them_gives_to_the_last_digit(hidden):
    low, high = town(hidden=hidden)
    rng = np.random.default_rng(1)
    members = {
        f"p{i:03}": list(rng.choice(low.index, rng.integers(1, 60), replace=False))
        for i in range(150)
    }
    found = balance.places(low, high, members)
    expected = pd.DataFrame([by_hand(low, high, areas) for areas in members.values()])
    expected.index = pd.Index(list(members), name="place", dtype=object)
    pd.testing.assert_frame_equal(
        found[expected.columns], expected, check_exact=True, check_dtype=False
    )


def test_where_all_is_known_bounds_and_interval_are_those_of_the_sums():
    low, high = town()
    found = balance.places(low, high, pd.Series(np.arange(400) % 7, low.index))
    assert (found["lower"] == found["estimate"]).all()
    assert (found["upper"] == found["estimate"]).all()
    alone = balance.areas(found["low"], found["high"])
    pd.testing.assert_frame_equal(found[INTERVAL], alone[INTERVAL])


def test_no_area_is_singled_out_by_its_code_when_several_tie():
    low = pd.Series([3.0, 4.0, 1.0, 2.0, 9.0], codes(5))
    high = pd.Series([0.0, 0.0, 2.0, 4.0, 3.0], codes(5))
    row = balance.places(low, high).iloc[0]
    assert (row["highest"], row["highest_areas"], row["highest_area"]) == (math.inf, 2, None)
    assert (row["lowest"], row["lowest_areas"], row["lowest_area"]) == (0.5, 2, None)
    alone = balance.places(low[1:], high[1:]).iloc[0]
    assert (alone["highest_area"], alone["highest_areas"]) == ("0581C1020", 1)


def test_members_as_frame_mapping_and_labels_agree_whatever_the_order():
    low, high = town(12)
    listed = {"a": list(low.index[:5]), "b": list(low.index[5:])}
    frame = pd.DataFrame(
        [(name, code) for name, held in listed.items() for code in held], columns=["place", "deso"]
    )
    labels = pd.Series(["a"] * 5 + ["b"] * 7, low.index)
    by_mapping = balance.places(low, high, listed)
    pd.testing.assert_frame_equal(by_mapping, balance.places(low, high, frame))
    pd.testing.assert_frame_equal(by_mapping, balance.places(low, high, labels))
    twice = pd.concat([frame, frame.iloc[:3]])
    pd.testing.assert_frame_equal(by_mapping, balance.places(low, high, twice))
    turned = balance.places(low[::-1], high[::-1], labels[::-1])
    pd.testing.assert_frame_equal(by_mapping, turned)
    aside = labels.where(labels == "a")
    pd.testing.assert_frame_equal(by_mapping.loc[["a"]], balance.places(low, high, aside))
    assert by_mapping.index.name == "place"


def test_places_found_once_serve_every_count_of_the_same_areas_and_no_other():
    low, high = town(12)
    labels = pd.Series(["a"] * 5 + ["b"] * 7, low.index)
    held = membership(low.index, labels)
    pd.testing.assert_frame_equal(
        balance.places(low, high, held), balance.places(low, high, labels)
    )
    with pytest.raises(DataError, match="membership"):
        balance.places(low[::-1], high[::-1], held)


def test_a_place_without_any_count_says_why_by_the_gravest_reason():
    index = codes(3)
    low = Counts.known(pd.Series([None, None, None], index, dtype="float64"))
    reasons = pd.Series(["missing", "suppressed", "not joined"], index)
    low = Counts(low.value, low.lower, low.upper, reasons)
    high = Counts.known(pd.Series([1.0, 1.0, 1.0], index))
    found = balance.places(low, high, {"x": list(index), "y": [index[0], index[2]]})
    assert found["status"].tolist() == ["suppressed", "not joined"]
    assert found["areas_missing"].tolist() == [3, 2]
    (note,) = notes.of(found)
    assert note.codes == tuple(index)


def test_one_known_area_is_enough_for_a_place_to_have_a_status_of_its_own():
    index = codes(2)
    low, high = pd.Series([3.0, None], index), pd.Series([0.0, 2.0], index)
    row = balance.places(low, high).loc["all"]
    assert (row["status"], row["areas"], row["estimate"]) == ("nobody high", 1, math.inf)


def test_each_end_of_a_places_interval_has_the_dispersion_of_the_counts_behind_it():
    low, high = counts([(5, 5), (0, 9), (12, 12)]), counts([(20, 40), (7, 7), (1, 30)])
    row = balance.places(low, high, dispersion=0.2).loc["all"]
    areas = membership(low.value.index, None)
    for end, (lows, highs) in {
        "interval_lower": (low.lower, high.upper),
        "interval_upper": (low.upper, high.lower),
    }.items():
        base = (lows + highs).to_numpy()
        rho = of_places(0.2, areas, base)
        part, whole = np.array([lows.sum()]), np.array([base.sum()])
        below, above = proportion.interval(part, whole, dispersion=rho)
        share = below if end == "interval_lower" else above
        assert row[end] == pytest.approx(float(share[0] / (1 - share[0])), rel=1e-6)


def test_members_that_cannot_be_are_refused():
    low, high = town(3)
    with pytest.raises(ColumnError, match="deso"):
        balance.places(low, high, pd.DataFrame({"place": ["a"]}))
    for members in ({"a": ["0581C9990"]}, {"a": []}, {}, low.iloc[:2]):
        with pytest.raises(DataError):
            balance.places(low, high, members)


def test_a_country_of_places_is_measured_at_once():
    from time import process_time

    low, high = town(5984, hidden=0.02)
    numbers = np.arange(5984)
    members = pd.DataFrame(
        {
            "place": [f"{n}-{i * n // 5984}" for n in (3363, 290, 21, 1) for i in numbers],
            "deso": list(low.index) * 4,
        }
    )
    balance.places(low, high, members)
    started = process_time()
    found = balance.places(low, high, members)
    assert len(found) == 3363 + 290 + 21 + 1
    assert process_time() - started < 0.5  # 0.03 s on an idle core
