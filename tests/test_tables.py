"""Tables: every row by its definition, and how numbers and words stand in a text file."""

import math
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import towns
from grannskap import analysis
from grannskap.analysis import View
from grannskap.outputs import tables, write

VIEW = View(title="Stad 2017")
relaxed = settings(deadline=None, max_examples=100)


@pytest.fixture(scope="module")
def two():
    """256 areas of two municipalities, all known, with what an index is made of."""
    town = towns.with_few_poor_in_one_corner()
    at = np.arange(256)
    counts = town.counts.assign(employed=300.0 + at % 37, working_age=600.0)
    return analysis.run(replace(town, counts=counts).dataset())


@pytest.fixture(scope="module")
def small():
    """30 areas of which four have hidden counts."""
    return analysis.run(towns.with_small_cells().dataset(hidden=(1, 3)))


# --- Rows -----------------------------------------------------------------------------------


def test_an_area_outside_the_view_is_in_the_table_and_marked(two):
    codes = two.areas.index
    scope = tuple(map(str, codes[:50]))
    table = tables.areas(two, View(title="t", scope=scope))
    assert table.index.equals(codes)
    assert table.index[table["in_view"]].tolist() == list(scope)
    assert "geometry" not in table
    names = table.columns.tolist()
    assert names.index("in_view") + 1 == names.index("complete")
    assert tables.areas(two, VIEW)["in_view"].all()


def test_a_municipality_is_the_sums_and_ends_of_its_areas(two):
    found = tables.municipalities(two, VIEW)
    assert found.index.tolist() == ["9998", "9999"]
    areas = two.areas
    for code, row in found.iterrows():
        own = areas[areas["municipality"] == code]
        assert (row["low"], row["high"]) == (own["low"].sum(), own["high"].sum())
        assert row["balance"] == own["low"].sum() / own["high"].sum()
        ratios = own["low"] / own["high"]
        assert row["balance_mean"] == pytest.approx(ratios.mean())
        assert (row["balance_lowest"], row["balance_highest"]) == (ratios.min(), ratios.max())
        for end, extreme in (("lowest", ratios.min()), ("highest", ratios.max())):
            at = ratios.index[ratios == extreme]
            assert row[f"balance_{end}_area"] == (at[0] if len(at) == 1 else None)
        assert (row["balance_areas"], row["balance_areas_missing"]) == (len(own), 0)
        assert row["balance_lower"] < row["balance"] < row["balance_upper"]
    # Nothing is hidden here, no count was rounded, and no column says that something was.
    hidden = {"balance_at_least", "balance_at_most", "balance_areas_rounded_to_zero"}
    assert not hidden & {*found.columns}


def test_only_shown_municipalities_that_the_data_hold_whole_have_a_row(two):
    first = tuple(map(str, two.areas.index[two.areas["municipality"] == "9998"]))
    assert tables.municipalities(two, View(title="t", scope=first)).index.tolist() == ["9998"]
    parts = replace(two, areas=two.areas.assign(complete=two.areas["municipality"] == "9999"))
    assert tables.municipalities(parts, VIEW).index.tolist() == ["9999"]
    assert tables.municipalities(parts, View(title="t", scope=first)) is None


def test_bounds_have_columns_where_something_is_hidden_and_something_is_known(two, small):
    table = tables.balance(small, VIEW)
    measured = small.measured["balance"].table
    assert (table["at_least"] < table["at_most"]).all()
    keys = [("scope", "all"), *VIEW.places(small).values()]
    ends = {tuple(measured.loc[(*key, 2017, "all"), ["lower", "upper"]]) for key in keys[1:]}
    assert set(zip(table["at_least"], table["at_most"], strict=True)) <= ends
    assert not {"at_least", "at_most"} & set(tables.balance(two, VIEW))


@pytest.mark.parametrize(
    ("lower", "upper", "told"),
    [
        (1.0, 1.0, False),
        (1.0, 2.0, True),
        (0.0, 2.0, True),
        (1.0, math.inf, True),
        (0.0, math.inf, False),
        (-math.inf, math.inf, False),
        (-math.inf, 1.0, True),
        (math.nan, math.nan, False),
    ],
)
def test_bounds_that_say_nothing_are_not_told(lower, upper, told):
    frame = pd.DataFrame({"lower": [lower, 3.0], "upper": [upper, 3.0], "p": [0.1, 0.2]})
    columns = tables._bounds(frame, ["p"])
    assert list(columns) == (["at_least", "at_most", "p"] if told else ["p"])
    assert columns["p"].tolist() == [0.1, 0.2]
    if told:
        np.testing.assert_array_equal(columns["at_least"], [lower, np.nan])
        np.testing.assert_array_equal(columns["at_most"], [upper, np.nan])


def test_how_many_share_an_end_is_told_only_where_several_do(two):
    shared = {"lowest_areas", "highest_areas"}
    sums = two.sums
    some = replace(
        two, sums=sums.assign(lowest_areas=1, highest_areas=[1, 2, *[1] * (len(sums) - 2)])
    )
    assert shared & set(tables.balance(some, VIEW)) == {"highest_areas"}
    alone = replace(two, sums=sums.assign(lowest_areas=1, highest_areas=1))
    assert not shared & set(tables.balance(alone, VIEW))


def test_how_many_areas_have_the_lowest_value_is_told_only_where_several_do(two):
    for ties in ([1, 1], [1, 2], [0, 1]):
        index = two.index.assign(worst_areas=ties)
        found = tables.municipalities(replace(two, index=index), VIEW)
        assert ("worst_areas" in found) == (max(ties) > 1)


def test_the_shape_of_every_measure_is_one_and_its_rows_are_the_places_of_the_view(two):
    scope = tuple(map(str, two.areas.index[two.areas["municipality"] == "9998"]))
    for view in (VIEW, View(title="t", scope=scope)):
        table = tables.measures(two, view)
        wanted = {*view.places(two).values()}
        for name, of_measure in table.groupby(level="measure"):
            keys = {(level, place) for _, level, place, *_ in of_measure.index}
            assert keys <= wanted
            assert set(of_measure["unit"]) == {two.measured[name].unit}
            assert set(of_measure["model"]) == {two.measured[name].model}
        balances = table.xs("balance", level="measure")
        assert {key[:2] for key in balances.index} == wanted
        assert "area" not in table.index.get_level_values("level")


def test_a_tested_area_has_its_value_statistic_and_influence(two):
    for clustering in two.clusterings:
        table = tables.autocorrelation(two, VIEW, clustering)
        assert table.columns[0] == clustering.variable
        pd.testing.assert_series_equal(
            table[clustering.variable], two.areas[clustering.variable], check_names=False
        )
        for name in ("statistic", "p", "q", "cluster"):
            assert table[name].equals(clustering.local[name])
        for name in ("z", "lag", "influence"):
            assert table[name].equals(clustering.scatter[name])
        coarse = clustering.local.attrs["parameters"]["coarse"] > 0
        assert ("least_p" in table) == coarse
        assert not {"same", "settings", "share_same"} & set(table)


# --- Text -----------------------------------------------------------------------------------


@given(st.floats(allow_nan=False))
@relaxed
def test_a_number_is_read_back_to_six_digits_and_whole_ones_are_whole(value):
    text = tables._number(value)
    if math.isinf(value):
        assert text == ("inf" if value > 0 else "-inf")
    elif value == int(value):
        assert int(text) == int(value)
    else:
        assert float(text) == pytest.approx(value, rel=5.1e-6)
        assert len(text.split("e")[0].strip("-0.").replace(".", "")) <= 6


def test_flags_words_and_gaps_of_a_text_file():
    frame = pd.DataFrame(
        {
            "plain": [True, False, True],
            "open": pd.array([True, False, None], dtype="boolean"),
            "words": ["å, ä", "two\nlines\r\nhere", None],
            "kind": pd.Categorical(["a", None, "b"]),
            "count": [1.0, np.nan, 2.5],
        },
        index=pd.Index(["x", "y", "z"], name="deso"),
    )
    text = tables.csv(frame).decode()
    assert "\r" not in text
    assert text.splitlines() == [
        "deso,plain,open,words,kind,count",
        'x,true,true,"å, ä",a,1',
        "y,false,false,two lines here,,",
        "z,true,,,b,2.5",
    ]
    back = pd.read_csv(BytesIO(tables.csv(frame)))
    assert back.shape == (3, 6)


def test_nothing_that_a_spreadsheet_runs_begins_a_text_and_numbers_are_left_alone():
    frame = pd.DataFrame(
        {"name": ["=1", "a=1", "-x", "", " =1", "+", "@", "\tx", "\rx"], "number": -1.5},
        index=pd.RangeIndex(9, name="row"),
    )
    names = [line.split(",")[1] for line in tables.csv(frame).decode().splitlines()[1:]]
    assert names == ["'=1", "a=1", "'-x", "", " =1", "'+", "'@", "'\tx", "' x"]
    assert all(line.endswith(",-1.5") for line in tables.csv(frame).decode().splitlines()[1:])


# --- What the command line says --------------------------------------------------------------


@pytest.mark.parametrize(("notes", "given"), [(0, 0), (1, 1), (2, 2), (0, 1), (3, 0)])
def test_what_was_written_is_told_in_as_many_lines_as_there_is_to_tell(notes, given):
    folder = Path("out")
    told = write.Written(folder, (folder / "a", folder / "b"), (), notes, given, "en").lines()
    assert told[0] == f"Wrote 2 files to {folder}"
    assert told[-1] == f"Open {folder / 'report.html'}"
    of_notes = {0: [], 1: ["1 note on the data is in the report and in manifest.json"]}
    many = [f"{notes} notes on the data are in the report and in manifest.json"]
    cells = {0: [], 1: ["give away 1 hidden cell,"]}.get(
        given, [f"give away {given} hidden cells,"]
    )
    assert told[1 : 1 + bool(notes)] == of_notes.get(notes, many)
    rest = told[1 + bool(notes) : -1]
    assert len(rest) == len(cells)
    assert all(word in line for word, line in zip(cells, rest, strict=True))
