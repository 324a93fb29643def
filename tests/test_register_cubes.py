"""The register from answers of SCB's service, in every form a cube can have."""

import itertools
import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grannskap import notes
from grannskap.errors import CodeError, ColumnError, DataError, GrannskapError, InputFileError
from grannskap.sources import register

REGIONS = ["00", "01", "9999", "9999A0010", "9999A0010_DeSO2025", "9999B1010", "9999R001"]
DIMENSIONS = {
    "Region": REGIONS,
    "Alder": ["20-64", "totalt"],
    "ContentsCode": ["0000089X", "0000089Y"],
    "Tid": ["2023", "2024"],
}


def cube(values, *, sparse=False, status=None, index=dict, dimensions=DIMENSIONS):
    """An answer as the service gives it."""
    return {
        "version": "2.0",
        "class": "dataset",
        "source": "SCB",
        "label": "Påhittad tabell",
        "updated": "2026-01-20T07:00:00Z",
        "extension": {"px": {"tableid": "TAB0"}},
        "role": {"time": ["Tid"], "metric": ["ContentsCode"]},
        "id": list(dimensions),
        "size": [len(codes) for codes in dimensions.values()],
        "dimension": {
            name: {
                "category": {
                    "index": codes if index is list else {c: k for k, c in enumerate(codes)},
                    "label": {code: f"label {code}" for code in codes},
                }
            }
            for name, codes in dimensions.items()
        },
        "value": {str(k): v for k, v in enumerate(values) if v is not None} if sparse else values,
        **({} if status is None else {"status": status}),
    }


def cells():
    return list(itertools.product(*DIMENSIONS.values()))


def put(tmp_path, data, name="answer.json"):
    path = tmp_path / name
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


COLUMNS = {"employed": "20-64 | 0000089X", "working_age": "Alder=20-64 | ContentsCode=0000089Y"}


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_every_form_of_a_cube_gives_each_cell_its_own_value(data, tmp_path_factory):
    size = len(cells())
    values = data.draw(
        st.lists(st.one_of(st.integers(0, 9999), st.none()), min_size=size, max_size=size)
    )
    marked = {
        str(k): mark
        for k, value in enumerate(values)
        if value is None and (mark := data.draw(st.sampled_from(["..", ".", None])))
    }
    form = data.draw(st.sampled_from(["dict", "list", "none"]))
    status = {"dict": marked, "list": [marked.get(str(k)) for k in range(size)], "none": None}[form]
    at = cells()
    for code in ("0000089X", "0000089Y"):  # a column without any number is refused
        place = at.index(("9999A0010", "20-64", code, "2023"))
        values[place] = 1
        marked.pop(str(place), None)
    if form == "list":
        status = [marked.get(str(k)) for k in range(size)]
    sparse = data.draw(st.booleans())
    index = data.draw(st.sampled_from([dict, list]))
    answer = cube(values, sparse=sparse, status=status, index=index)
    frame = register.read(
        put(tmp_path_factory.mktemp("cube"), answer), columns=COLUMNS, division=2018
    )
    assert frame.index.get_level_values("deso").unique().tolist() == ["9999A0010", "9999B1010"]
    for name, contents in (("employed", "0000089X"), ("working_age", "0000089Y")):
        for (code, year, _), got in frame[name].items():
            place = at.index((code, "20-64", contents, str(year)))
            said = frame.loc[(code, year, "all"), f"{name}_status"]
            if year == 2024:
                assert said == "outside division"
            elif values[place] is None:
                suppressed = form != "none" and marked.get(str(place)) == ".."
                assert said == ("suppressed" if suppressed else "missing")
            else:
                assert (got, said) == (values[place], "value")


def test_what_a_cube_holds_beside_deso_is_told(tmp_path):
    path = put(tmp_path, cube(list(range(len(cells())))))
    frame = register.read(path, columns=COLUMNS, division=2025)
    told = {note.kind: note for note in notes.of(frame)}
    assert told["other regions"].codes == ("00", "01", "9999", "9999R001")
    assert told["other division"].codes == ("9999A0010", "9999B1010")
    assert frame.attrs["origin"]["table"] == "TAB0"
    assert frame.attrs["origin"]["updated"] == "2026-01-20"
    assert frame["employed_status"].tolist() == ["outside division", "value"]
    with pytest.raises(CodeError, match="division"):
        register.read(path, columns=COLUMNS)


def test_a_cell_with_a_mark_that_only_qualifies_it_keeps_its_value(tmp_path):
    path = put(tmp_path, cube([5] * len(cells()), status="p"))
    frame = register.read(path, columns=COLUMNS, division=2025)
    assert frame["employed"].dropna().tolist() == [5]


def test_a_category_that_two_dimensions_hold_must_be_led_by_its_name(tmp_path):
    dimensions = {"Region": ["9999A0010"], "Kon": ["1", "2"], "Form": ["1", "2"], "Tid": ["2022"]}
    path = put(tmp_path, cube([1, 2, 3, 4], dimensions=dimensions))
    with pytest.raises(ColumnError, match="Kon, Form"):
        register.read(path, columns={"low": "1 | Form=2"})
    assert register.read(path, columns={"low": "Kon=1 | Form=2"})["low"].tolist() == [2]
    by_label = register.read(path, columns={"low": "Form=label 1 | Kon=label 2"})
    assert by_label["low"].tolist() == [3]


def test_a_dimension_left_out_of_an_address_is_named(tmp_path):
    path = put(tmp_path, cube([5] * len(cells())))
    with pytest.raises(CodeError, match="Alder"):
        register.read(path, columns={"employed": "0000089X"}, division=2025)


def test_an_unknown_category_lists_what_there_is(tmp_path):
    path = put(tmp_path, cube([5] * len(cells())))
    with pytest.raises(ColumnError, match="did you mean '0000089X'"):
        register.read(path, columns={"employed": "20-64 | 0000089XX"}, division=2025)
    with pytest.raises(ColumnError, match="20-64, totalt"):
        register.read(path, columns={"employed": "Alder=30-64 | 0000089X"}, division=2025)


@pytest.mark.parametrize(
    "damage",
    [
        {"value": [1, 2]},
        {"value": ["1"] * 56},
        {"value": {"999": 1}},
        {"value": {"a": 1}},
        {"size": [1, 1, 1, 1]},
        {"dimension": {}},
        {"status": ["..", ".."]},
        {"status": 7},
    ],
)
def test_a_cube_whose_parts_do_not_fit_is_refused(tmp_path, damage):
    path = put(tmp_path, cube([5] * len(cells())) | damage)
    with pytest.raises(InputFileError, match="fit each other"):
        register.read(path, columns=COLUMNS, division=2025)


def test_a_dimension_can_be_the_groups(tmp_path):
    dimensions = {
        "Region": ["9999A0010", "9999B1010"],
        "Upplatelseform": ["1", "2", "3"],
        "ContentsCode": ["0000ABCD"],
        "Tid": ["2022"],
    }
    answer = cube([1, 2, 3, 4, 5, 6], dimensions=dimensions)
    labels = {"1": "hyresrätt", "2": "Bostadsrätt", "3": "ägd"}
    answer["dimension"]["Upplatelseform"]["category"]["label"] = labels
    frame = register.read(
        put(tmp_path, answer),
        columns={"dwellings": "0000ABCD"},
        group="Upplatelseform",
        groups={"ägd": "owned"},
    )
    assert frame["dwellings"].to_dict() == {
        ("9999A0010", 2022, "rented"): 1,
        ("9999A0010", 2022, "tenant_owned"): 2,
        ("9999A0010", 2022, "owned"): 3,
        ("9999B1010", 2022, "rented"): 4,
        ("9999B1010", 2022, "tenant_owned"): 5,
        ("9999B1010", 2022, "owned"): 6,
    }


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_cube_with_anything_in_any_of_its_parts_gives_a_frame_or_our_error(
    data, tmp_path_factory
):
    answer = cube([5] * len(cells()), status={"3": ".."})
    where = data.draw(
        st.sampled_from(
            [(key,) for key in answer]
            + [("dimension", name) for name in DIMENSIONS]
            + [("dimension", name, "category") for name in DIMENSIONS]
            + [("dimension", name, "category", "index") for name in DIMENSIONS]
        )
    )
    inside = answer
    for key in where[:-1]:
        inside = inside[key]
    inside[where[-1]] = data.draw(json_values)
    path = put(tmp_path_factory.mktemp("cube"), answer)
    try:
        frame = register.read(path, columns=COLUMNS, division=2025)
    except GrannskapError:
        return
    assert frame.index.is_unique


def test_months_are_refused_where_years_belong(tmp_path):
    dimensions = {"Region": ["9999A0010"], "Tid": ["2026M01"]}
    with pytest.raises(DataError, match="2026M01"):
        register.read(put(tmp_path, cube([1], dimensions=dimensions)), columns={"low": "value"})


def recorded(shared_data, tmp_path, name):
    path = shared_data / "scb-api" / f"scb_v1_jsonstat2_{name}_1273C1050_trimmed.json"
    return put(tmp_path, json.loads(path.read_text(encoding="utf-8"))["response"])


@pytest.mark.real
def test_recorded_answers_of_the_service_are_read(shared_data, tmp_path):
    path = recorded(shared_data, tmp_path, "ArRegDesoStatusN")
    work = register.read(path, columns={"employed": "0000089X", "working_age": "0000089Y"})
    assert work.attrs["division"] == 2018
    assert work["employed"].dropna().tolist() == [676, 683]
    assert work["employed_status"].tolist() == ["value", "value", "outside division"]
    assert work["working_age"].dropna().tolist() == [932, 944]
    path = recorded(shared_data, tmp_path, "Tab2InkDesoRegso")
    income = register.read(path, columns={"mean": "Medelvärde tkr"}, amounts=["mean"])
    assert income["mean"].dropna().tolist() == [318.5, 293.6]
    path = recorded(shared_data, tmp_path, "UtbSUNBefDesoRegso")
    levels = register.read(
        path, columns={"post_secondary": "6", "education_base": ["21", "3+4", "5", "6"]}
    )
    assert levels["post_secondary"].tolist() == [102, 97]
    assert levels["education_base"].tolist() == [121 + 375 + 84 + 102, 115 + 381 + 79 + 97]


@pytest.mark.real
def test_an_answer_without_deso_says_so(shared_data):
    with pytest.raises(InputFileError, match="DeSO"):
        register.read(
            shared_data / "scb-api" / "pxwebpy_TAB6471_data.json", columns={"population": "x"}
        )


def test_the_same_table_reads_the_same_from_every_format(tmp_path):
    table = pd.DataFrame(
        {"deso": ["9999A0010", "9999B1010"], "år": [2022, 2022], "n": [3, 4], "m": [5.5, None]}
    )
    table.to_csv(tmp_path / "a.csv", index=False)
    table.to_csv(tmp_path / "b.csv", index=False, sep=";", decimal=",", encoding="cp1252")
    table.to_excel(tmp_path / "c.xlsx", index=False)
    table.to_parquet(tmp_path / "d.parquet")
    answer = cube(
        [3, 5.5, 4, None],
        dimensions={"Region": list(table["deso"]), "ContentsCode": ["n", "m"], "Tid": ["2022"]},
    )
    put(tmp_path, answer, "e.json")
    columns = {"low": "n", "median_income": "m"}
    frames = [
        register.read(tmp_path / name, columns=columns, division=2018)
        for name in ("a.csv", "b.csv", "c.xlsx", "d.parquet", "e.json")
    ]
    for frame in frames:
        frame.attrs = {}
        pd.testing.assert_frame_equal(frame, frames[0])
