"""Bounds of hidden cells: they hold every table that agrees with what is shown, and no less."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import towns
from grannskap.catalogue import status_column
from grannskap.dataset.bounds import with_bounds

PARTS = towns.PARTS
GROUPS = ("all", "rented", "owned")


def register(rows, names, year=2017):
    """Rows of (code, group, values, statuses) as the register's reader gives them."""
    index = pd.MultiIndex.from_tuples(
        [(code, year, group) for code, group, _, _ in rows], names=["deso", "year", "group"]
    )
    data = {}
    for k, name in enumerate(names):
        data[name] = [float(values[k]) for _, _, values, _ in rows]
        data[status_column(name)] = [statuses[k] for _, _, _, statuses in rows]
    return pd.DataFrame(data, index=index).sort_index()


def one_area(values, unseen, status="missing", year=2017):
    """The four parts and their total in one area; the unseen ones by place."""
    shown = [math.nan if k in unseen else value for k, value in enumerate(values)]
    said = [status if k in unseen else "value" for k in range(len(values))]
    return register([("9999C1010", "all", shown, said)], [*PARTS, "households"], year)


def bounds_of(frame, name, group="all"):
    row = frame.xs(group, level="group").iloc[0]
    return row[f"{name}_lower"], row[f"{name}_upper"]


@given(
    parts=st.lists(st.integers(0, 6), min_size=4, max_size=4),
    unseen=st.sets(st.integers(0, 3), min_size=1),
)
@settings(max_examples=150, deadline=None)
def test_one_total_leaves_exactly_what_enumeration_leaves(parts, unseen):
    found, notes = with_bounds(one_area([*parts, sum(parts)], unseen))
    rest = sum(parts) - sum(part for k, part in enumerate(parts) if k not in unseen)
    tables = [
        table
        for table in itertools.product(range(rest + 1), repeat=len(unseen))
        if sum(table) == rest
    ]
    for place, k in enumerate(sorted(unseen)):
        held = [table[place] for table in tables]
        assert bounds_of(found, PARTS[k]) == (min(held), max(held))
    assert not notes


@given(
    parts=st.lists(st.integers(0, 9), min_size=4, max_size=4),
    unseen=st.sets(st.integers(0, 4), min_size=1),
    stated=st.sampled_from([None, (0, 3), (1, 3), (1, 5), (0, 1)]),
)
@settings(max_examples=200, deadline=None)
def test_a_suppressed_cell_is_never_shown_closer_than_what_hides_it(parts, unseen, stated):
    values = [*parts, sum(parts)]
    names = [*PARTS, "households"]
    found, notes = with_bounds(one_area(values, unseen, "suppressed"), hidden=stated)
    wide = 3 if stated is None else min(3, stated[1] - stated[0] + 1)
    honest = stated is None or all(stated[0] <= values[k] <= stated[1] for k in unseen)
    for k in unseen:
        lower, upper = bounds_of(found, names[k])
        assert lower >= 0
        assert upper - lower + 1 >= wide
        # A range that is stated wrongly is found out where the totals say so, else believed.
        told = {note.kind for note in notes}
        if honest or "stated range contradicted" in told:
            assert lower <= values[k] <= upper
        if stated is not None and honest:
            assert (lower, upper) == stated


def said_of(cell, unseen, suppressed):
    return "suppressed" if cell in suppressed else "missing" if cell in unseen else "value"


def consistent(cells, shown, cap, stated, suppressed):
    """Every table on the cells (group, name) that agrees with what is shown, by brute force."""
    free = [cell for cell in cells if cell not in shown]
    for values in itertools.product(range(cap + 1), repeat=len(free)):
        table = {**shown, **dict(zip(free, values, strict=True))}
        if stated and any(not stated[0] <= table[cell] <= stated[1] for cell in suppressed):
            continue
        inside = all(
            table[group, "low"] + table[group, "high"] <= table[group, "households"]
            for group in GROUPS
        )
        within = all(
            table["rented", name] + table["owned", name] <= table["all", name]
            for name in ("low", "high", "households")
        )
        if inside and within:
            yield table


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_no_table_that_agrees_with_what_is_shown_lies_outside_the_bounds(data):
    names = ("low", "high", "households")
    cells = [(group, name) for group in GROUPS for name in names]
    truth = {}
    for group in ("rented", "owned"):
        low, high, rest = (data.draw(st.integers(0, 2)) for _ in range(3))
        truth |= {(group, "low"): low, (group, "high"): high}
        truth[group, "households"] = low + high + rest
    for name in names:
        truth["all", name] = truth["rented", name] + truth["owned", name]
    truth["all", "households"] += data.draw(st.integers(0, 2))
    unseen = data.draw(st.sets(st.sampled_from(cells), min_size=1, max_size=3))
    suppressed = {cell for cell in sorted(unseen) if data.draw(st.booleans())}
    stated = data.draw(st.sampled_from([None, (0, 6)]))
    if stated and any(truth[cell] > 6 for cell in suppressed):
        stated = None
    rows = []
    for group in GROUPS:
        values = [math.nan if (group, n) in unseen else truth[group, n] for n in names]
        said = [said_of((group, name), unseen, suppressed) for name in names]
        rows.append(("9999C1010", group, values, said))
    found, notes = with_bounds(register(rows, names), hidden=stated)
    shown = {cell: value for cell, value in truth.items() if cell not in unseen}
    tables = list(consistent(cells, shown, 14, stated, suppressed))
    assert truth in tables
    for group, name in unseen:
        lower, upper = bounds_of(found, name, group)
        held = [table[group, name] for table in tables]
        assert lower <= min(held)
        assert max(held) <= upper
        if (group, name) in suppressed:
            assert upper - lower + 1 >= 3
    assert {note.kind for note in notes} <= {"cells given away"}


def test_a_cell_that_the_total_gives_away_is_hidden_again_and_named():
    found, notes = with_bounds(one_area([7, 20, 30, 40, 97], {0}, "suppressed"))
    assert bounds_of(found, "low") == (6, 8)
    (note,) = notes
    assert note.kind == "cells given away"
    assert note.codes == ("9999C1010 low 2017 all",)
    assert "7" not in note.text.sv
    assert "7" not in note.text.en


def test_the_block_tells_nothing_of_where_in_it_the_count_lies():
    shown = {
        bounds_of(with_bounds(one_area([low, 5, 5, 5, low + 15], {0}, "suppressed"))[0], "low")
        for low in (6, 7, 8)
    }
    assert shown == {(6, 8)}


def test_what_is_missing_does_not_give_away_what_is_suppressed():
    """With the total missing too, its bounds may not be as close as the pinned part was."""
    rows = [
        (
            "9999C1010",
            "all",
            [math.nan, 20, 30, 40, math.nan],
            ["suppressed", *["value"] * 3, "missing"],
        ),
        ("9999C1010", "rented", [7, 0, 0, 0, 7], ["value"] * 5),
    ]
    frame = register(rows, [*PARTS, "households"])
    found, _ = with_bounds(frame, hidden=(1, 9))
    assert bounds_of(found, "low") == (1, 9)
    assert bounds_of(found, "households") == (91, 99)


def test_missing_cells_are_not_widened():
    found, notes = with_bounds(one_area([7, 20, 30, 40, 97], {0}, "missing"))
    assert bounds_of(found, "low") == (7, 7)
    assert not notes


def test_a_stated_range_holds_for_suppressed_cells_only():
    frame = one_area([2, 20, 30, 40, 97], {0, 1}, "missing")
    frame["low_status"] = "suppressed"
    found, _ = with_bounds(frame, hidden=(1, 3))
    assert bounds_of(found, "low") == (1, 3)
    assert bounds_of(found, "medium_low") == (24, 26)


def test_a_stated_range_that_totals_contradict_gives_way_and_is_told():
    found, notes = with_bounds(one_area([50, 20, 30, 40, 140], {0}, "suppressed"), hidden=(1, 3))
    assert bounds_of(found, "low") == (48, 50)
    assert [note.kind for note in notes] == ["stated range contradicted", "cells given away"]


def test_ranges_may_be_stated_for_some_columns():
    frame = one_area([2, 4, 30, 40, 76], {0, 1}, "suppressed")
    found, _ = with_bounds(frame, hidden={"low": (1, 3)})
    assert bounds_of(found, "low") == (1, 3)
    assert bounds_of(found, "medium_low") == (3, 5)


def test_three_values_are_as_close_as_a_hidden_cell_is_shown():
    frame = one_area([2, 5, 30, 40, 77], {0, 1}, "suppressed")
    found, notes = with_bounds(frame, hidden={"low": (1, 3)})
    assert bounds_of(found, "medium_low") == (4, 6)
    assert not notes


def test_parts_that_do_not_make_up_their_total_are_told_and_not_used():
    frame = pd.concat(
        [
            one_area([5, 6, 7, 8, 30], ()),
            one_area([5, 6, 7, 8, 20], {0}).rename({"9999C1010": "9999C1020"}),
        ]
    )
    found, notes = with_bounds(frame)
    (note,) = notes
    assert note.kind == "parts and totals disagree"
    assert note.codes == ("9999C1010", "9999C1020")
    row = found.xs(("9999C1020", 2017, "all"))
    assert (row["low_lower"], row["low_upper"]) == (0, 20)


@pytest.mark.parametrize("status", ["missing", "suppressed"])
def test_relations_that_cannot_hold_together_bound_nothing(status):
    """60 with low among households that are at most 50: each relation alone could hold."""
    rows = [
        ("9999C1010", "all", [math.nan, 50], ["missing", "value"]),
        ("9999C1010", "rented", [60, math.nan], ["value", status]),
    ]
    found, notes = with_bounds(register(rows, ["low", "households"]), hidden=(1, 3))
    stated = (1, 3) if status == "suppressed" else (0, math.inf)
    assert bounds_of(found, "households", "rented") == stated
    assert bounds_of(found, "low") == (0, math.inf)
    assert [note.kind for note in notes] == ["parts and totals disagree"]


def test_a_cell_of_no_stated_year_is_named_without_one():
    _, (note,) = with_bounds(one_area([7, 20, 30, 40, 97], {0}, "suppressed", year=0))
    assert note.codes == ("9999C1010 low all",)


def test_perturbed_years_leave_room_and_make_no_note():
    found, notes = with_bounds(one_area([5, 20, 30, 40, 97], {0}, year=2025))
    assert not notes
    assert bounds_of(found, "low") == (0, 17)
    found, _ = with_bounds(one_area([5, 20, 30, 40, 97], {4}, year=2025))
    assert bounds_of(found, "households") == (85, 105)


def test_what_was_made_from_per_cent_bounds_its_neighbours_by_its_own_bounds():
    frame = one_area([10, 21, 30, 39, 100], {0})
    frame["medium_low_lower"], frame["medium_low_upper"] = 20.0, 23.0
    found, notes = with_bounds(frame)
    assert not notes
    assert bounds_of(found, "medium_low") == (20, 23)
    assert found["medium_low"].tolist() == [21]
    assert bounds_of(found, "low") == (8, 11)


def test_amounts_are_bounded_by_nothing():
    rows = [("9999C1010", "all", [math.nan, 3], ["suppressed", "value"])]
    frame = register(rows, ["disposable_income", "low"])
    found, notes = with_bounds(frame, hidden=(1, 3))
    assert bounds_of(found, "disposable_income") == (0, math.inf)
    assert not notes


def test_a_column_of_ones_own_is_bounded_by_the_group_of_all():
    rows = [
        ("9999C1010", "all", [9], ["value"]),
        ("9999C1010", "public_housing", [math.nan], ["missing"]),
        ("9999C1020", "public_housing", [math.nan], ["missing"]),
    ]
    found, _ = with_bounds(register(rows, ["mine"]))
    assert found["mine_upper"].tolist() == [9, 9, math.inf]


def test_what_one_relation_leaves_is_handed_on_to_those_before_it():
    """The rented part raises low of all, and that leaves less for medium low."""
    said = ["missing", "missing", "value", "value", "value"]
    rows = [
        ("9999C1010", "all", [math.nan, math.nan, 0, 0, 10], said),
        ("9999C1010", "rented", [7, 0, 0, 0, 7], ["value"] * 5),
    ]
    found, _ = with_bounds(register(rows, [*PARTS, "households"]))
    assert bounds_of(found, "low") == (7, 10)
    assert bounds_of(found, "medium_low") == (0, 3)


def test_a_row_that_the_register_lacks_gives_nothing_away():
    rows = [
        ("9999C1010", "all", [0], ["value"]),
        ("9999C1020", "all", [9], ["value"]),
        ("9999C1020", "rented", [math.nan], ["suppressed"]),
    ]
    found, notes = with_bounds(register(rows, ["mine"]))
    assert found["mine_upper"].tolist() == [0, 9, 9]
    assert not notes


def test_tenures_share_what_all_have():
    rows = [
        ("9999C1010", "all", [10], ["value"]),
        ("9999C1010", "rented", [6], ["value"]),
        ("9999C1010", "owned", [math.nan], ["missing"]),
        ("9999C1010", "public_housing", [math.nan], ["missing"]),
    ]
    found, _ = with_bounds(register(rows, ["low"]))
    assert bounds_of(found, "low", "owned") == (0, 4)
    assert bounds_of(found, "low", "public_housing") == (0, 10)


@pytest.mark.parametrize("stated", [None, (0, 500)])
def test_a_towns_balance_with_twelve_hidden_areas_lies_within_its_bounds(stated):
    """Known areas alone say 0.80; the truth is 0.842."""
    town = towns.with_twelve_hidden()
    found = town.dataset(hidden=stated)
    low, high = (found.count(name, year=2017) for name in ("low", "high"))
    truth = town.truth["low"].sum() / town.truth["high"].sum()
    known = low.value.sum() / high.value.sum()
    assert round(truth, 3) == 0.842
    assert round(known, 3) == 0.800
    assert low.lower.sum() / high.upper.sum() < known
    assert low.lower.sum() / high.upper.sum() < truth < low.upper.sum() / high.lower.sum()
    for counted, name in ((low, "low"), (high, "high")):
        assert (counted.lower <= town.truth[name]).all()
        assert (town.truth[name] <= counted.upper).all()
        assert np.isfinite(counted.upper).all()
