"""Which areas belong to which place: sums, extremes and reasons by going through them all."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grannskap.catalogue import Status
from grannskap.counts import Counts
from grannskap.errors import ColumnError, DataError
from grannskap.measures.membership import Bounded, bounded, membership

relaxed = settings(deadline=None, max_examples=60)
CODES = pd.Index(["0581C1030", "0581C1010", "0581C1040", "0581C1020"], name="deso")
GRAVEST = ["suppressed", "outside division", "not joined", "missing"]

holdings = st.dictionaries(
    st.sampled_from(["Hageby", "Navestad", "Lindö"]),
    st.lists(st.sampled_from(list(CODES)), min_size=1, max_size=6),
    min_size=1,
)
values = st.lists(st.integers(-9, 9).map(float), min_size=4, max_size=4).map(np.array)
marks = st.lists(st.booleans(), min_size=4, max_size=4).map(np.array)
reasons = st.lists(st.sampled_from([*GRAVEST, "value"]), min_size=4, max_size=4)


@given(holdings, values, marks, reasons)
@relaxed
def test_every_sum_and_extreme_is_that_of_the_areas_that_a_place_holds(places, x, where, words):
    held = membership(CODES, places)
    assert list(held.places) == list(places)
    assert held.places.name == "place"
    count = Bounded(np.where(where, x, np.nan), x - 1, x + 1, np.array(words, dtype=object))
    total = held.total(count, where)
    gravest = held.gravest(np.array(words, dtype=object))
    for row, areas in enumerate(places.values()):
        own = [CODES.get_loc(code) for code in dict.fromkeys(areas)]
        some = [i for i in own if where[i]]
        assert held.count(where)[row] == len(some)
        assert held.sums(x)[row] == sum(x[i] for i in own)
        assert held.sums(x, where)[row] == sum(x[i] for i in some)
        assert held.lowest(x, where)[row] == min((x[i] for i in some), default=math.inf)
        assert held.highest(x, where)[row] == max((x[i] for i in some), default=-math.inf)
        assert (held.lowest(x)[row], held.highest(x)[row]) == (
            min(x[i] for i in own),
            max(x[i] for i in own),
        )
        only = held.only(where[held.area])[row]
        assert only == (some[0] if len(some) == 1 else -1)
        np.testing.assert_equal(total.value[row], sum(x[i] for i in some) if some else np.nan)
        assert total.lower[row] == sum(x[i] - 1 for i in own)
        assert total.upper[row] == sum(x[i] + 1 for i in own)
        found = [GRAVEST.index(words[i]) for i in own if words[i] in GRAVEST]
        assert gravest[row] == (GRAVEST[min(found)] if found else "missing")


@given(holdings)
@relaxed
def test_pairs_go_by_place_and_then_by_code_each_once(places):
    held = membership(CODES, places)
    pairs = [(held.places[p], CODES[a]) for p, a in zip(held.place, held.area, strict=True)]
    assert pairs == [(name, code) for name, areas in places.items() for code in sorted(set(areas))]
    listed = [(name, code) for name, areas in places.items() for code in areas]
    frame = pd.DataFrame(listed, columns=["place", "deso"])
    other = membership(CODES, frame)
    assert list(other.places) == list(places)
    np.testing.assert_array_equal(other.place, held.place)
    np.testing.assert_array_equal(other.area, held.area)
    assert membership(CODES, held) is held
    assert membership(CODES.copy(), held) is held


def test_labels_come_in_order_and_a_missing_one_is_no_place():
    held = membership(CODES, pd.Series(["b", None, "a", "b"], index=CODES))
    assert list(held.places) == ["a", "b"]
    assert [list(CODES[held.area[held.place == p]]) for p in (0, 1)] == [
        ["0581C1040"], ["0581C1020", "0581C1030"],
    ]  # fmt: skip
    frame = pd.DataFrame({"place": [None, "b", "a"], "deso": [CODES[0], CODES[1], CODES[2]]})
    unplaced = membership(CODES, frame)
    assert list(unplaced.places) == ["b", "a"]
    assert list(unplaced.area) == [1, 2]
    whole = membership(CODES, None)
    assert list(whole.places) == ["all"]
    assert list(CODES[whole.area]) == sorted(CODES)


def test_places_that_cannot_be_are_refused():
    nothing = pd.Series([None] * 4, index=CODES, dtype=object)
    cases = [
        ({"Hageby": []}, DataError, "no area in Hageby"),
        ({}, DataError, "no places"),
        (nothing, DataError, "no places"),
        ({"Hageby": ["0581C9990", CODES[0]]}, DataError, r"1 of 2 absent \(0581C9990\)"),
        (pd.DataFrame({"place": ["a"]}), ColumnError, "none called deso"),
        (pd.Series("a", index=CODES[:3]), DataError, "3 labels for 4 areas"),
        (membership(CODES[:3], None), DataError, "places of 3 other areas"),
    ]
    for members, error, words in cases:
        with pytest.raises(error, match=words):
            membership(CODES, members)


def test_counts_that_cannot_be_are_refused_and_those_at_the_edge_are_not():
    good = pd.Series([0.0, 1.0, np.nan, 3.0], index=CODES, name="low")
    index, (count, other) = bounded(good, Counts.known(good))
    assert index.equals(CODES)
    for one in (count, other):
        np.testing.assert_array_equal(one.value, good)
        np.testing.assert_array_equal(one.lower, [0, 1, 0, 3])
        np.testing.assert_array_equal(one.upper, [0, 1, np.inf, 3])
        assert list(one.known) == [True, True, False, True]
    for wrong in (-1.0, np.inf, -np.inf):
        with pytest.raises(DataError, match="1 negative or infinite"):
            bounded(good.replace(3.0, wrong))
    with pytest.raises(DataError, match="more than once"):
        bounded(pd.Series([1.0, 2.0], index=["a", "a"]))
    with pytest.raises(DataError, match="values of type"):
        bounded(good.astype(object).replace(1.0, "one"))
    with pytest.raises(DataError, match="of which 3 are shared"):
        bounded(good, good.iloc[:3])
    known = Counts.known(good)
    for name, wrong in (("lower", 3.5), ("upper", 2.5), ("lower", -1.0), ("lower", np.inf)):
        sides = {"lower": known.lower, "upper": known.upper}
        sides[name] = sides[name].copy()
        sides[name].iloc[3] = wrong
        with pytest.raises(DataError, match="1 that are not so"):
            bounded(Counts(known.value, sides["lower"], sides["upper"], known.status))


def test_a_count_without_a_value_always_has_a_reason():
    told = ["value", "suppressed", None, "not joined"]
    missing = pd.Series([np.nan] * 4, index=CODES)
    status = pd.Series(told, index=CODES, dtype=object)
    _, (count,) = bounded(Counts(missing, missing.fillna(0), missing.fillna(9), status))
    missed = Status.MISSING.value
    assert list(count.reason()) == [missed, "suppressed", missed, "not joined"]
