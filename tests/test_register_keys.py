"""The register's keys: years, groups and divisions, and counts made from per cent."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grannskap import notes
from grannskap.errors import CodeError, ColumnError, DataError
from grannskap.sources import register

CODES = ["9999A0010", "9999B1010", "9999C1010", "9999C1020"]


@pytest.fixture
def written(tmp_path):
    """A function that writes text or bytes to a file and returns its path."""

    def write(content, name="register.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


def kinds(frame):
    return [note.kind for note in notes.of(frame)]


def test_years_and_groups_come_from_columns(written):
    path = written(
        "deso;år;bestånd;n\n9999A0010;2017;Samtliga;5\n9999A0010;2012;Samtliga;4\n"
        "9999A0010;2017;Allmännyttan;3\n"
    )
    frame = register.read(path, columns={"low": "n"}, group="bestånd", groups={"Samtliga": "all"})
    assert frame["low"].to_dict() == {
        ("9999A0010", 2012, "all"): 4,
        ("9999A0010", 2017, "all"): 5,
        ("9999A0010", 2017, "public_housing"): 3,
    }
    assert frame.index.is_monotonic_increasing


def test_a_stated_year_chooses_among_the_years_of_rows(written):
    path = written("deso;år;n\n9999A0010;2017;5\n9999A0010;2012;4\n")
    frame = register.read(path, columns={"low": "n"}, year=2012)
    assert frame["low"].to_dict() == {("9999A0010", 2012, "all"): 4}
    with pytest.raises(DataError, match="2012, 2017"):
        register.read(path, columns={"low": "n"}, year=2013)


def test_headings_that_end_in_years_become_years(written):
    path = written("region;Antal hushåll 2012;Antal hushåll 2017\n9999A0010;4;5\n9999B1010;6;..\n")
    frame = register.read(path, columns={"households": "Antal hushåll"})
    assert frame["households"].dropna().to_dict() == {
        ("9999A0010", 2012, "all"): 4,
        ("9999A0010", 2017, "all"): 5,
        ("9999B1010", 2012, "all"): 6,
    }
    assert frame.loc[("9999B1010", 2017, "all"), "households_status"] == "suppressed"
    one = register.read(path, columns={"households": "Antal hushåll"}, year=2017)
    assert set(one.index.get_level_values("year")) == {2017}
    exact = register.read(path, columns={"households": "Antal hushåll 2012"})
    assert exact["households"].to_dict() == {
        ("9999A0010", 2012, "all"): 4,
        ("9999B1010", 2012, "all"): 6,
    }


def test_an_unstated_year_is_nought_and_a_stated_group_holds_for_all(written):
    frame = register.read(written("deso;n\n9999A0010;1\n"), columns={"low": "n"}, group="rented")
    assert frame.index.tolist() == [("9999A0010", 0, "rented")]


def test_columns_of_which_some_tell_a_year_are_refused(written):
    with pytest.raises(ColumnError, match="state the year"):
        register.read(
            written("deso;n 2012;m\n9999A0010;1;2\n"), columns={"low": "n 2012", "high": "m"}
        )


# Divisions --------------------------------------------------------------------------------


def test_the_suffix_tells_the_division_and_outside_its_years_is_masked(written):
    path = written("deso;år;n\n9999A0010_DeSO2025;2023;0\n9999A0010_DeSO2025;2024;7\n")
    frame = register.read(path, columns={"population": "n"})
    assert frame.attrs["division"] == 2025
    assert frame["population_status"].tolist() == ["outside division", "value"]
    assert math.isnan(frame["population"].iloc[0])
    assert "outside division" in kinds(frame)


def test_a_zero_within_the_division_stays_a_zero(written):
    path = written("deso;år;n\n9999A0010;2023;0\n9999A0010;2024;0\n")
    frame = register.read(path, columns={"population": "n"}, division=2018)
    assert frame["population"].iloc[0] == 0
    assert frame["population_status"].tolist() == ["value", "outside division"]


def test_two_divisions_are_refused_until_one_is_chosen(written):
    path = written("deso;n\n9999A0010;1\n9999A0010_DeSO2025;2\n9999B1010_DeSO2025;3\n")
    with pytest.raises(CodeError, match="division"):
        register.read(path, columns={"low": "n"})
    new = register.read(path, columns={"low": "n"}, division=2025)
    old = register.read(path, columns={"low": "n"}, division=2018)
    assert new["low"].tolist() == [2, 3]
    assert old["low"].tolist() == [1]
    assert "other division" in kinds(new)
    assert "other division" in kinds(old)


def test_from_2025_the_reader_is_told_that_counts_are_perturbed(written):
    path = written("deso;n\n9999A0010_DeSO2025;1\n")
    assert "perturbed counts" in kinds(register.read(path, columns={"low": "n"}, year=2025))
    assert "perturbed counts" not in kinds(register.read(path, columns={"low": "n"}, year=2024))


# Per cent ---------------------------------------------------------------------------------


@given(rows=st.lists(st.tuples(st.integers(0, 100), st.integers(1, 5000)), min_size=1, max_size=4))
@settings(max_examples=30, deadline=None)
def test_per_cent_becomes_counts_within_half_of_one(rows, tmp_path_factory):
    if max(part for part, _ in rows) <= 1:
        rows = [*rows[:3], (50, 10)]
    path = tmp_path_factory.mktemp("percent") / "register.csv"
    lines = [f"{code};{part};{base}" for code, (part, base) in zip(CODES, rows, strict=False)]
    path.write_text("deso;kvartil 1;antal\n" + "\n".join(lines))
    frame = register.read(
        path,
        columns={"low": "kvartil 1", "households": "antal"},
        percent={"low": "households"},
    )
    exact = np.array([part * base / 100 for part, base in rows])
    assert (abs(frame["low"].to_numpy() - exact) <= 0.5).all()
    assert (frame["low"] == np.floor(frame["low"])).all()
    assert "rounded from per cent" in kinds(frame)


@given(
    rows=st.lists(
        st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
        min_size=1,
        max_size=len(CODES),
    ),
    decimals=st.integers(0, 2),
)
@settings(max_examples=40, deadline=None)
def test_the_count_behind_a_rounded_per_cent_lies_within_its_bounds(
    rows, decimals, tmp_path_factory
):
    path = tmp_path_factory.mktemp("percent") / "register.csv"
    shown = [f"{100 * part / base:.{decimals}f}" for part, base in rows]
    shown[0] = "12" + ".35"[: decimals + 1 if decimals else 0]  # the finest that the file writes
    whole = [(125, 1000), *rows[1:]]
    lines = [f"{code};{p};{n}" for code, p, (_, n) in zip(CODES, shown, whole, strict=False)]
    path.write_text("deso;p;n\n" + "\n".join(lines))
    frame = register.read(
        path, columns={"low": "p", "households": "n"}, percent={"low": "households"}
    )
    lower, upper = frame["low_lower"].to_numpy(), frame["low_upper"].to_numpy()
    parts, bases = np.array(whole).T
    assert (lower[1:] <= parts[1:]).all()
    assert (parts[1:] <= upper[1:]).all()
    assert (lower <= frame["low"]).all()
    assert (frame["low"] <= upper).all()
    assert ((lower >= 0) & (upper <= bases)).all()
    assert (upper - lower <= bases / 10.0 ** (decimals + 2) + 2).all()
    if decimals == 0:
        assert (lower[0], upper[0]) == (115, 125)


def test_bounds_of_what_was_rounded_stay_when_frames_are_combined(written):
    text = "deso;p;n;m\n9999A0010;20;1000;7\n9999B1010;50;10;8\n"
    columns = {"low": "p", "households": "n"}
    rounded = register.read(written(text), columns=columns, percent={"low": "households"})
    other = register.read(written(text), columns={"high": "m"})
    both = register.combine([rounded, other])
    assert both["low_lower"].tolist() == [195, 5]
    assert both["low_upper"].tolist() == [205, 5]
    assert "high_lower" not in both
    assert list(both) == list(rounded) + list(other)


def test_a_missing_base_makes_the_count_missing(written):
    path = written("deso;p;n\n9999A0010;20;..\n9999B1010;50;10\n")
    frame = register.read(
        path, columns={"low": "p", "households": "n"}, percent={"low": "households"}
    )
    assert frame["low_status"].tolist() == ["suppressed", "value"]
    assert frame["low"].iloc[1] == 5
