"""Shares with bounds: every part and base that is possible, enumerated."""

import math
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from grannskap import notes
from grannskap.counts import Counts
from grannskap.errors import DataError
from grannskap.measures import proportion

relaxed = settings(deadline=None, max_examples=60)
INTERVAL = ["interval_lower", "interval_upper"]


def codes(size):
    return pd.Index([f"0581C{1010 + 10 * i}" for i in range(size)], name="deso")


def counts(ranges):
    least, most = (np.array(side, dtype=float) for side in zip(*ranges, strict=True))
    index = codes(len(least))
    value = pd.Series(np.where(least == most, least, np.nan), index)
    status = pd.Series(np.where(least == most, "value", "suppressed"), index)
    return Counts(value, pd.Series(least, index), pd.Series(most, index), status)


def possible(part, base):
    """Every part and base of one area within its ranges, the part no more than the base."""
    every = product(range(part[0], part[1] + 1), range(base[0], base[1] + 1))
    return [(x, n) for x, n in every if x <= n]


spans = st.tuples(st.integers(0, 4), st.integers(0, 2)).map(lambda r: (r[0], r[0] + r[1]))
areas = st.tuples(spans, spans).filter(lambda area: possible(*area))
towns = st.lists(areas, min_size=1, max_size=3)


@given(towns)
@relaxed
def test_bounds_are_the_least_and_the_most_of_all_that_is_possible(rows):
    part, base = (counts(side) for side in zip(*rows, strict=True))
    found = proportion.areas(part, base, confidence=0.9)
    whole = proportion.places(part, base, confidence=0.9).loc["all"]
    for at, row in [*zip(range(len(rows)), found.to_dict("records"), strict=True), (None, whole)]:
        held = rows if at is None else rows[at : at + 1]
        sums = {tuple(map(sum, zip(*one, strict=True))) for one in product(
            *[possible(*area) for area in held]
        )}  # fmt: skip
        shares = {x / n for x, n in sums if n}
        if not shares:
            assert math.isnan(row["lower"])
            assert math.isnan(row["upper"])
            assert math.isnan(row["interval_upper"])
            continue
        assert row["lower"] == min(shares)
        assert row["upper"] == max(shares)
        for x, n in sums:
            if n:
                exact = binomtest(x, n).proportion_ci(0.9, method="exact")
                assert row["interval_lower"] <= exact.low + 1e-12
                assert exact.high <= row["interval_upper"] + 1e-12


def test_where_all_is_known_bounds_and_estimate_are_one_number():
    rng = np.random.default_rng(0)
    base = pd.Series(rng.integers(0, 50, 300), codes(300))
    part = (base * rng.random(300)).round()
    found = proportion.areas(part, base)
    some = base > 0
    assert (found["estimate"][some] == part[some] / base[some]).all()
    assert (found["status"] == np.where(some, "value", "nobody")).all()
    for bound in ("lower", "upper"):
        pd.testing.assert_series_equal(found[bound], found["estimate"], check_names=False)
    assert found[INTERVAL].isna().all(axis=None)
    by_place = proportion.places(part, base, pd.Series(np.arange(300) % 9, codes(300)))
    sums = part.groupby(np.arange(300) % 9).sum() / base.groupby(np.arange(300) % 9).sum()
    assert by_place["estimate"].tolist() == sums.tolist()
    assert by_place["lower"].tolist() == sums.tolist() == by_place["upper"].tolist()


def test_nothing_known_is_anything_between_none_and_all():
    missing = pd.Series([None, None], codes(2), dtype="float64")
    found = proportion.areas(missing, missing, confidence=0.95)
    assert found["lower"].tolist() == [0, 0]
    assert found["upper"].tolist() == [1, 1]
    assert found[INTERVAL].to_numpy().tolist() == [[0, 1], [0, 1]]
    half = proportion.places(pd.Series([5.0, None], codes(2)), pd.Series([10.0, 10.0], codes(2)))
    assert half[["estimate", "lower", "upper"]].to_numpy().tolist() == [[0.5, 0.25, 0.75]]
    assert half[["areas", "areas_missing"]].to_numpy().tolist() == [[1, 1]]


def test_a_part_slightly_above_its_base_is_perturbed_and_far_above_is_refused():
    part, base = pd.Series([12.0, 5.0], codes(2)), pd.Series([10.0, 20.0], codes(2))
    found = proportion.areas(part, base)
    assert found["estimate"].tolist() == [1, 0.25]
    assert found["lower"].tolist() == found["upper"].tolist() == [1, 0.25]
    (note,) = notes.of(found)
    assert note.codes == ("0581C1010",)
    whole = proportion.places(part, base).loc["all"]
    assert whole["estimate"] == whole["lower"] == whole["upper"] == 17 / 30
    for measure in (proportion.areas, proportion.places):
        with pytest.raises(DataError, match="0581C1010"):
            measure(part + 9, base)


def test_a_confidence_that_is_none_is_refused():
    one = pd.Series([1.0], codes(1))
    for wrong in (0, 1, 95):
        with pytest.raises(DataError, match=r"0\.95"):
            proportion.areas(one, one, confidence=wrong)
