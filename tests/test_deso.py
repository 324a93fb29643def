"""DeSO codes: parsed, repaired only where it is safe, and never of two divisions."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grannskap import deso
from grannskap.errors import CodeError


def code_of(county, rest, kind, number):
    return f"{county:02d}{rest:02d}{kind}{number:04d}"


codes = st.builds(
    code_of, st.integers(1, 25), st.integers(0, 99), st.sampled_from("ABC"), st.integers(0, 9999)
)


@given(st.lists(codes), st.sampled_from([None, 2018, 2025]))
def test_right_codes_come_back_as_they_were(values, division):
    parsed = deso.parse(values, division=division)
    assert list(parsed.values) == values
    assert parsed.values.name == "deso"
    assert parsed.division == division
    assert parsed.notes == ()


@given(codes)
def test_parsing_twice_changes_nothing(code):
    once = deso.parse([f" {code.lower()}_DeSO2025 "])
    again = deso.parse(once.values, division=once.division)
    assert list(again.values) == list(once.values) == [code]
    assert again.division == 2025


@given(st.lists(codes, min_size=1))
def test_an_eaten_zero_is_put_back_for_the_first_nine_counties_and_told(values):
    eaten = [code[1:] if code[0] == "0" else code for code in values]
    parsed = deso.parse(eaten)
    assert list(parsed.values) == values
    told = {code for note in parsed.notes for code in note.codes}
    assert told == {code for code in values if code[0] == "0"}


@pytest.mark.parametrize("value", ["14A0010", "4A0010", "014A0010", "00114A0010", "114A010"])
def test_more_than_one_lost_character_is_never_guessed(value):
    with pytest.raises(CodeError, match=value):
        deso.parse([value])


@pytest.mark.parametrize(
    "value",
    [
        "Uppsala", "", None, 114, 1.5, float("nan"), "0114", "0114R001", "0114D0010", "0114A00100",
        "0114A001O", "0114A0010_DeSO", "0114A0010_RegSO2025", "0114A0010 0114A0020",
        "0114A0010\n0114A0020", "٠114A0010",
    ],
)  # fmt: skip
def test_what_is_no_code_is_refused(value):
    with pytest.raises(CodeError):
        deso.parse(["0114A0010", value])


def test_an_error_names_at_most_five_codes_each_once():
    wrong = [f"fel{k}" for k in range(9)] * 2
    with pytest.raises(CodeError) as told:
        deso.parse(wrong)
    assert str(told.value).count("fel") == 5
    assert "18" in str(told.value)


def test_no_codes_are_no_mistake():
    parsed = deso.parse([])
    assert len(parsed.values) == 0
    assert parsed.division is None


@pytest.mark.parametrize(
    ("values", "division"),
    [
        (["0114A0010_DeSO2018", "0114A0020_DeSO2025"], None),
        (["0114A0010_DeSO2025"], 2018),
        (["0114A0010_DeSO2018"], 2025),
        (["0114A0010_DeSO2020"], None),
        (["0114A0010"], 2020),
    ],
)
def test_two_divisions_or_an_unknown_one_are_refused(values, division):
    with pytest.raises(CodeError):
        deso.parse(values, division=division)


def test_the_one_division_is_told_whatever_form_it_has():
    assert deso.same_division([]) is None
    assert deso.same_division([None, None]) is None
    assert deso.same_division(["2025", 2025, None]) == 2025
    with pytest.raises(CodeError, match="2018 and 2025"):
        deso.same_division([2018, 2025])


@given(st.lists(codes, unique=True))
def test_a_code_is_made_of_its_parts(values):
    index = pd.Index(values, name="deso", dtype="str")
    county, municipality, kind = deso.county(index), deso.municipality(index), deso.kind(index)
    for series, name in ((county, "county"), (municipality, "municipality"), (kind, "kind")):
        assert series.name == name
        assert series.index.equals(index)
    for code in values:
        assert code.startswith(municipality[code])
        assert municipality[code].startswith(county[code])
        assert code == municipality[code] + kind[code] + code[5:]


@given(st.lists(codes, min_size=1), st.data())
def test_a_scope_holds_exactly_the_codes_that_begin_with_it(values, data):
    index = pd.Index(values)
    chosen = data.draw(st.sampled_from(values))
    scope = chosen[: data.draw(st.sampled_from([2, 4, 5, 9]))]
    assert deso.in_scope(index, scope).tolist() == [code.startswith(scope) for code in values]


@given(st.lists(codes, min_size=1))
def test_the_country_is_all_its_counties_together(values):
    index = pd.Index(values)
    counties = sorted({code[:2] for code in values})
    assert deso.in_scope(index, deso.COUNTRY).all()
    np.testing.assert_array_equal(deso.in_scope(index, counties), np.ones(len(values), bool))


@pytest.mark.parametrize("scope", ["99", "1", "0114X", "", [], ["0114", "99"], "01140", "Uppsala"])
def test_a_scope_that_is_none_is_refused(scope):
    with pytest.raises(CodeError):
        deso.in_scope(pd.Index(["0114A0010", "1480C1010"]), scope)


@pytest.mark.real
def test_every_real_code_is_a_code(shared_data):
    table = pd.read_csv(
        shared_data / "keys" / "deso2018_regso2020_key_5984.csv", dtype=str, encoding="utf-8"
    )
    parsed = deso.parse(table["DeSO_2018"])
    assert parsed.values.is_unique
    assert len(parsed.values) == 5984
    assert (deso.municipality(parsed.values).to_numpy() == table["Kommun"].to_numpy()).all()


@pytest.mark.parametrize(
    ("scope", "remedy"),
    [("380", "did you mean '0380'"), ("0180", "0380"), ("Uppsala", "in quotes")],
)
def test_an_empty_scope_says_what_would_do(scope, remedy):
    with pytest.raises(CodeError, match=remedy):
        deso.in_scope(pd.Index(["0380C1010", "0380A0010"]), scope)
