"""Register files combined: no row lost, no value overruled, two divisions refused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grannskap import notes
from grannskap.errors import CodeError, DataError
from grannskap.sources import register


@pytest.fixture
def read(tmp_path):
    """A function that writes text to a file and reads it as a register."""

    def write_and_read(text, *, columns, name="register.csv", **options):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return register.read(path, columns=columns, **options)

    return write_and_read


def made(name, cells, *, division=None, statuses=None):
    """A register frame of one column."""
    index = pd.MultiIndex.from_tuples(
        [(code, 2022, "all") for code in cells], names=["deso", "year", "group"]
    )
    values = pd.Series(list(cells.values()), dtype=float)
    told = statuses or ["missing" if np.isnan(value) else "value" for value in values]
    frame = pd.DataFrame({name: values.to_numpy(), f"{name}_status": told}, index=index)
    frame.attrs["division"] = division
    return frame


def test_combining_keeps_every_row_and_says_what_was_not_joined():
    low = made("low", {"9999A0010": 1, "9999B1010": 2}, division=2018)
    high = made("high", {"9999B1010": 3, "9999C1010": 4})
    both = register.combine([low, high])
    assert both.index.get_level_values("deso").tolist() == ["9999A0010", "9999B1010", "9999C1010"]
    assert both["low_status"].tolist() == ["value", "value", "not joined"]
    assert both["high_status"].tolist() == ["not joined", "value", "value"]
    assert both["low"].tolist()[:2] == [1, 2]
    assert both.attrs["division"] == 2018


def test_a_cell_that_two_frames_give_differently_is_refused():
    one = made("low", {"9999A0010": 1, "9999B1010": 2})
    other = made("low", {"9999A0010": 1, "9999B1010": 5})
    with pytest.raises(DataError, match="9999B1010"):
        register.combine([one, other])


def test_a_suppressed_cell_stays_suppressed_unless_another_frame_has_it():
    hidden = made("low", {"9999A0010": np.nan}, statuses=["suppressed"])
    absent = made("low", {"9999A0010": np.nan})
    for frames in ([hidden, absent], [absent, hidden], [hidden, hidden]):
        assert register.combine(frames)["low_status"].tolist() == ["suppressed"]
    known = made("low", {"9999A0010": 4})
    for frames in ([hidden, known], [known, hidden]):
        both = register.combine(frames)
        assert both["low"].tolist() == [4]
        assert both["low_status"].tolist() == ["value"]


def test_two_divisions_are_not_combined():
    with pytest.raises(CodeError, match="2018"):
        register.combine(
            [
                made("low", {"9999A0010": 1}, division=2018),
                made("high", {"9999A0010": 1}, division=2025),
            ]
        )


def test_a_frame_without_years_is_not_combined_with_one_that_has_them():
    bare = made("low", {"9999A0010": 1}).rename(index={2022: 0}, level="year")
    with pytest.raises(DataError, match="2022"):
        register.combine([bare, made("high", {"9999A0010": 1})])


def test_nothing_is_not_combined():
    with pytest.raises(DataError, match="none"):
        register.combine([])


cells = st.dictionaries(
    st.sampled_from(["9999A0010", "9999B1010", "9999C1010"]),
    st.sampled_from([1.0, 2.0, np.nan]),
    min_size=1,
)


@settings(max_examples=60, deadline=None)
@given(first=cells, second=cells)
def test_combining_different_columns_does_not_depend_on_the_order(first, second):
    one, other = made("low", first), made("high", second)
    forth, back = register.combine([one, other]), register.combine([other, one])
    pd.testing.assert_frame_equal(forth, back[forth.columns])
    assert register.combine([forth, one, other])[["low", "high"]].equals(forth[["low", "high"]])


def test_the_notes_of_all_frames_travel_along(read):
    one = read("deso;n\n114A0010;1\n", columns={"low": "n"})
    two = read("deso;n\n0114A0010;-\n0114C1010;1\n", columns={"high": "n"})
    told = {note.kind for note in notes.of(register.combine([one, two]))}
    assert {"repaired codes", "dashes"} <= told


def test_nothing_that_is_handed_in_is_changed(read):
    one = read("deso;n\n9999A0010;1\n", columns={"low": "n"}, year=2022)
    before = one.copy(deep=True)
    register.combine([one, made("high", {"9999A0010": 2})])
    pd.testing.assert_frame_equal(one, before)


@pytest.mark.parametrize("turned", [False, True])
def test_of_bounds_that_two_files_tell_the_narrowest_hold(read, turned):
    columns, percent = {"low": "p", "households": "n"}, {"low": "households"}
    whole = "deso;p;n\n9999A0010;20;1000\n9999A0020;30;1000\n9999A0030;40;1000"
    finer = "deso;p;n\n9999A0010;20,0;1000\n9999A0020;12,5;1000"
    frames = [
        read(whole, columns=columns, percent=percent),
        read(finer, columns=columns, percent=percent).iloc[:1],
    ]
    both = register.combine(frames[::-1] if turned else frames)
    assert both["low"].tolist() == [200, 300, 400]
    assert both["low_lower"].tolist() == [200, 295, 395]
    assert both["low_upper"].tolist() == [200, 305, 405]
