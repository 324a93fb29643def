"""Frontiers from the counts to the outputs: made once, both sides named, changes tested."""

import numpy as np
import pandas as pd

from grannskap.analysis import frontiers as made
from grannskap.catalogue import FRONTIER_CHANGES, FRONTIERS
from grannskap.counts import Counts
from grannskap.measures import frontiers as measure
from grannskap.outputs import frontiers


def test_every_border_shown_has_both_sides_and_the_sharpest_frontier_is_first(
    demo_results, demo_view
):
    table = frontiers.borders(demo_results, demo_view)
    plain = measure.borders(demo_results.dataset.geometry.geometry)
    assert {frozenset(pair) for pair in table.index} == {
        frozenset(pair) for pair in plain[["first", "second"]].to_numpy().tolist()
    }
    sharp = table[table["frontier"] == "frontier"]
    assert (table["frontier"].iloc[: len(sharp)] == "frontier").all()
    assert sharp["border_interval_lower"].is_monotonic_decreasing
    assert set(table["frontier"]) <= set(FRONTIERS)
    assert set(table["became"]) <= set(FRONTIER_CHANGES)
    areas = demo_results.areas
    for side in ("first", "second"):
        codes = table.index.get_level_values(side)
        for pole in ("low", "high"):
            expected = areas[pole].reindex(codes).to_numpy(dtype=float)
            np.testing.assert_array_equal(table[f"{pole}_{side}"], expected)


def test_a_place_has_a_share_of_its_border_length_in_every_year(demo_results, demo_view):
    table = frontiers.by_place(demo_results, demo_view)
    whole = demo_view.whole_name(demo_results)
    assert table.index.get_level_values("year").unique().tolist() == [2012, 2017]
    row, borders = table.loc[(whole, 2017)], demo_results.frontiers.borders
    sharp = borders["status"] == "frontier"
    expected = borders.loc[sharp, "length"].sum() / borders["length"].sum()
    assert np.isclose(row["frontier_share"], expected)
    assert row["frontier_share_lower"] <= row["frontier_share"] <= row["frontier_share_upper"]


def test_the_main_tenure_is_told_only_where_no_other_may_be_more():
    index = pd.Index(["a", "b"])
    known = pd.Series("value", index=index)

    def count(lower, upper):
        ends = [pd.Series(end, index=index, dtype=float) for end in (lower, upper)]
        return Counts((ends[0] + ends[1]) / 2, *ends, known)

    found = made._main({"rented": count([5, 5], [6, 9]), "owned": count([3, 3], [4, 8])})
    assert found.tolist() == ["rented", None]


def test_a_base_holds_its_part():
    known = pd.Series("value", index=["a", "b"])
    base, low = (
        Counts(*(pd.Series(one, index=known.index) for one in ([x, 9.0],) * 3), known)
        for x in (3.0, 4.0)
    )
    held = made._holding(base, low)
    assert held.value.tolist() == [4.0, 9.0]
    assert held.upper.tolist() == [4.0, 9.0]
