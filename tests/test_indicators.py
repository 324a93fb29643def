"""Indicators: the report's own tables, sums before shares, and what is missing."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from grannskap import indicators, notes
from grannskap.catalogue import SHARES
from grannskap.errors import ColumnError, DataError

relaxed = settings(deadline=None, max_examples=30)
REPORT = [
    "employment_rate",
    "post_secondary_share",
    "low_income_share",
    "born_outside_eu_share",
    "public_housing_share",
]


def codes(count):
    return [f"0581C{1010 + 10 * i}" for i in range(count)]


def register(rows, **columns):
    """A register frame from (deso, year, group) rows."""
    index = pd.MultiIndex.from_tuples(rows, names=["deso", "year", "group"])
    return pd.DataFrame(columns, index=index, dtype="float64").sort_index()


def one_year(**columns):
    length = len(next(iter(columns.values())))
    return register([(code, 2017, "all") for code in codes(length)], **columns)


# --- the report's own tables -------------------------------------------------------------------


def published(shared_data, name):
    return pd.read_csv(shared_data / "published" / name, keep_default_na=True)


def behind(report, halves=((30, 40), (70, 60))):
    """A register whose sums give the report's shares: two areas a place, unlike each other.

    A share of s per cent is made of s + s of 200, and the two areas' own shares differ from it.
    """
    names = [name for name in REPORT if name in report]
    records = []
    for place, rows in report.groupby("place", sort=False):
        for row in rows.itertuples():
            for area, (tilt, size) in enumerate(halves):
                record = {"deso": f"{place} {area}", "year": row.year, "group": row.group}
                for name in names:
                    share = SHARES[name]
                    percent = getattr(row, name)
                    record[share.base] = float(size * 2)
                    record[share.part] = percent * (tilt * 2)
                records.append(record)
    frame = pd.DataFrame(records).drop_duplicates(["deso", "year", "group"])
    return frame.set_index(["deso", "year", "group"]).sort_index()


@pytest.mark.real
@pytest.mark.parametrize("name", ["indicators_2017.csv", "indicators_over_time.csv"])
def test_the_reports_tables_can_be_made(shared_data, name):
    report = published(shared_data, name)
    places = {place: [f"{place} 0", f"{place} 1"] for place in report["place"].unique()}
    made = indicators.table(behind(report), places)
    whole = report.drop_duplicates("place").set_index("place")
    options = {}
    if "municipality" in report:
        options["municipality"] = whole["municipality"].to_dict()
        options["segregation_index"] = whole["segregation_index"]
    found = indicators.flat(made, **options)
    assert list(found) == list(report)
    pd.testing.assert_frame_equal(found, report, check_dtype=False, rtol=1e-12)


@pytest.mark.real
def test_hageby_against_norrkoping_and_five_years_before(shared_data):
    report = published(shared_data, "indicators_over_time.csv")
    hageby = report[report["place"] == "Hageby"]
    places = {"Hageby": ["Hageby 0", "Hageby 1"]}
    side = indicators.compare(behind(hageby), places, 2012, 2017).loc[("Hageby", "all")]
    assert side["low_income_share_then"] == pytest.approx(0.50)
    assert side["low_income_share_now"] == pytest.approx(0.58)
    assert side["low_income_share_points"] == pytest.approx(8)
    assert side["employment_rate_points"] == pytest.approx(-1)


# --- sums before shares ------------------------------------------------------------------------


def test_a_place_is_the_share_of_sums_not_the_mean_of_shares():
    frame = one_year(low=[90, 10], households=[100, 300], population=[200, 500])
    row = indicators.table(frame, {"Hageby": codes(2)}).loc[("Hageby", 2017, "all")]
    assert row["low_income_share"] == 0.25
    assert (row["households"], row["population"], row["areas"]) == (400, 700, 2)
    assert row["low_income_share_missing"] == 0


whole_numbers = st.integers(0, 50)


@given(
    st.lists(
        st.tuples(whole_numbers, whole_numbers, st.sampled_from("ab")), min_size=1, max_size=8
    ),
    st.randoms(),
)
@relaxed
def test_places_weighted_by_their_bases_give_the_whole_in_any_row_order(rows, random):
    parts, rest, labels = zip(*rows, strict=True)
    frame = one_year(low=parts, households=np.add(parts, rest))
    place = pd.Series(labels, index=codes(len(rows)))
    order = list(range(len(frame)))
    random.shuffle(order)
    found = indicators.table(frame.iloc[order], place)
    whole = indicators.table(frame, {"all": codes(len(rows))}).iloc[0]
    weighted = (found["low_income_share"].fillna(0) * found["households"]).sum()
    assert weighted == pytest.approx(whole["households"] * np.nan_to_num(whole["low_income_share"]))
    assert found["households"].sum() == whole["households"]
    listed = {name: list(place.index[place == name]) for name in sorted(set(labels))}
    pd.testing.assert_frame_equal(found, indicators.table(frame, listed))


def test_places_may_overlap_and_keep_their_order():
    frame = one_year(low=[1, 2, 3], households=[10, 10, 10])
    found = indicators.table(frame, {"Norrköping": codes(3), "Hageby": codes(1)})
    assert list(found.index.get_level_values("place")) == ["Norrköping", "Hageby"]
    assert found["low_income_share"].tolist() == [0.2, 0.1]
    assert found.index.names == ["place", "year", "group"]
    assert found.index.get_level_values("year").dtype == "int64"


def test_groups_come_in_the_catalogues_order():
    rows = [(code, year, group) for code in codes(1) for year in (2017, 2012)
            for group in ("public_housing", "owned", "all")]  # fmt: skip
    frame = register(rows, low=[1] * 6, households=[2] * 6)
    found = indicators.table(frame, {"Hageby": codes(1)})
    assert [key[1:] for key in found.index] == [
        (year, group) for year in (2012, 2017) for group in ("all", "public_housing", "owned")
    ]


def test_the_reports_form_leaves_out_that_tenants_of_public_housing_live_there():
    rows = [(codes(1)[0], 2017, group) for group in ("all", "public_housing")]
    frame = register(rows, public_housing=[3, 3], households=[10, 3])
    made = indicators.table(frame, {"Hageby": codes(1)})
    assert made["public_housing_share"].tolist() == [0.3, 1]
    found = indicators.flat(made, segregation_index={"Hageby": 2.0})
    assert found["public_housing_share"].tolist()[0] == 0.3
    assert found["public_housing_share"].isna().tolist() == [False, True]
    assert found["segregation_index"].isna().tolist() == [False, True]


# --- what is missing ---------------------------------------------------------------------------


def test_an_area_that_lacks_a_count_enters_neither_sum_and_is_counted():
    frame = one_year(
        low=[90, None, 5], households=[100, 300, 50], employed=[1, 2, 3], working_age=[2, 4, None]
    )
    found = indicators.table(frame, {"Hageby": codes(2), "Ringdansen": codes(3)[2:]})
    assert found["low_income_share"].tolist() == [0.9, 0.1]
    assert found["low_income_share_missing"].tolist() == [1, 0]
    assert found["employment_rate"].tolist()[0] == 0.5
    assert found["employment_rate_missing"].tolist() == [0, 1]
    assert found["households"].tolist() == [400, 50]
    (note,) = notes.of(found)
    assert note.codes == tuple(codes(3)[1:])


def test_an_area_without_a_row_is_missing_unless_said_to_be_empty():
    rows = [(codes(1)[0], 2017, "all"), (codes(2)[1], 2017, "all"), (codes(1)[0], 2017, "owned")]
    frame = register(rows, low=[1, 2, 3], households=[10, 10, 10])
    place = {"Hageby": codes(2)}
    unknown = indicators.table(frame, place).xs("owned", level="group").iloc[0]
    assert unknown["low_income_share"] == 0.3
    assert math.isnan(unknown["households"])
    assert unknown["low_income_share_missing"] == 1
    empty = indicators.table(frame, place, absent="nobody").xs("owned", level="group").iloc[0]
    assert (empty["low_income_share"], empty["households"]) == (0.3, 10)
    more = {"Hageby": codes(3)}
    still = indicators.table(frame, more, absent="nobody").xs("all", level="group").iloc[0]
    assert still["low_income_share_missing"] == 1


def test_a_base_of_nobody_has_no_share():
    found = indicators.table(one_year(low=[0], households=[0]), {"Hageby": codes(1)}).iloc[0]
    assert math.isnan(found["low_income_share"])
    assert found["low_income_share_missing"] == 0


def test_a_place_that_the_register_does_not_know_is_told():
    frame = one_year(low=[1], households=[2])
    found = indicators.table(frame, {"Hageby": codes(1), "Elsewhere": ["2582C1010"]})
    assert list(found.index.get_level_values("place")) == ["Hageby"]
    assert notes.of(found)[-1].codes == ("Elsewhere",)


def test_intervals_on_request_are_scipys_exact_ones():
    frame = one_year(low=[3, 4], households=[10, 15])
    row = indicators.table(frame, {"Hageby": codes(2)}, confidence=0.9).iloc[0]
    exact = binomtest(7, 25).proportion_ci(0.9, method="exact")
    bounds = row[["low_income_share_lower", "low_income_share_upper"]].tolist()
    assert bounds == pytest.approx([exact.low, exact.high])


# --- options -----------------------------------------------------------------------------------


def test_the_country_is_all_areas_and_only_when_all_are_there():
    everywhere = [f"{1000 + i // 1000}C{i % 1000 + 1000}" for i in range(5984)]
    rows = [(code, 2017, "all") for code in everywhere]
    frame = register(rows, low=np.arange(5984) % 7, households=np.full(5984, 10))
    found = indicators.table(frame, {"Hageby": everywhere[:2]}, country="Riket")
    assert list(found.index.get_level_values("place")) == ["Hageby", "Riket"]
    assert found["areas"].tolist() == [2, 5984]
    assert found["low_income_share"].tolist()[1] == (np.arange(5984) % 7).sum() / 59840
    with pytest.raises(DataError, match="whole country"):
        indicators.table(frame.iloc[1:], {"Hageby": everywhere[:2]}, country="Riket")
    frame.attrs["division"] = 2025
    with pytest.raises(DataError, match="6160"):
        indicators.table(frame, {"Hageby": everywhere[:2]}, country="Riket")


def test_only_the_shares_that_were_asked_for():
    frame = one_year(low=[1], high=[2], households=[4])
    found = indicators.table(frame, {"Hageby": codes(1)}, shares=["high_income_share"])
    assert [name for name in found if name in SHARES] == ["high_income_share"]


@pytest.mark.parametrize(
    ("places", "options", "error"),
    [
        ({"Hageby": []}, {}, DataError),
        ({}, {}, DataError),
        ({"Riket": codes(1)}, {"country": "Riket"}, DataError),
        ({"Hageby": codes(1)}, {"shares": ["employment_rate"]}, ColumnError),
        ({"Hageby": codes(1)}, {"absent": "zero"}, DataError),
        ({"Hageby": codes(1)}, {"confidence": 95}, DataError),
    ],
)
def test_what_cannot_be_told_is_refused(places, options, error):
    with pytest.raises(error):
        indicators.table(one_year(low=[1], households=[2]), places, **options)


def test_years_side_by_side_keep_what_only_one_of_them_has():
    rows = [(codes(1)[0], 2012, "all"), (codes(1)[0], 2017, "all"), (codes(1)[0], 2017, "owned")]
    frame = register(rows, low=[1, 2, 3], households=[10, 10, 10])
    place = {"Hageby": codes(1)}
    found = indicators.compare(frame, place, 2012, 2017)
    assert list(found.index) == [("Hageby", "all"), ("Hageby", "owned")]
    assert found["low_income_share_points"].tolist()[0] == pytest.approx(10)
    owned = found.iloc[1]
    assert owned[["low_income_share_then", "low_income_share_now"]].isna().all()
    assert (owned["areas"], owned["low_income_share_missing"]) == (1, 1)
    assert found["households_now"].tolist() == [10, 10]
    back = indicators.compare(frame, place, 2017, 2012)
    pd.testing.assert_series_equal(
        back["low_income_share_points"], -found["low_income_share_points"]
    )
    for years in ((2012, 2013), (2012, 2012)):
        with pytest.raises(DataError, match="2017"):
            indicators.compare(frame, place, *years)


def test_two_years_are_compared_over_the_areas_that_both_know():
    rows = [(code, year, "all") for code in codes(4) for year in (2012, 2017)]
    frame = register(
        rows,
        low=[10, 20, 90, None, 50, 60, None, 5],
        households=[100] * 8,
        employed=[None, 20, 30, 30, 40, 50, 50, 60],
        working_age=[100] * 8,
    )
    found = indicators.compare(frame, {"Hageby": codes(4)}, 2012, 2017).iloc[0]
    assert found["low_income_share_then"] == 60 / 200
    assert found["low_income_share_now"] == 80 / 200
    assert found["low_income_share_missing"] == 2
    assert found["employment_rate_now"] == 140 / 300
    assert found["employment_rate_missing"] == 1
    assert (found["households_then"], found["households_now"]) == (400, 400)
    (note,) = notes.of(indicators.compare(frame, {"Hageby": codes(4)}, 2012, 2017))
    assert note.codes == (codes(4)[0], codes(4)[1], codes(4)[3])


@given(st.lists(st.tuples(*[st.none() | st.integers(0, 9)] * 2), min_size=1, max_size=6))
@relaxed
def test_the_comparison_is_the_table_of_the_areas_known_in_both_years(rows):
    keys = [(code, year, "all") for code in codes(len(rows)) for year in (2012, 2017)]
    low = [value for row in rows for value in row]
    frame = register(keys, low=low, households=[10] * len(low))
    found = indicators.compare(frame, {"Hageby": codes(len(rows))}, 2012, 2017).iloc[0]
    kept = [code for code, row in zip(codes(len(rows)), rows, strict=True) if None not in row]
    assert found["low_income_share_missing"] == len(rows) - len(kept)
    if not kept:
        assert math.isnan(found["low_income_share_points"])
        return
    alone = indicators.table(frame, {"Hageby": kept})["low_income_share"].tolist()
    assert [found["low_income_share_then"], found["low_income_share_now"]] == alone
    assert found["low_income_share_points"] == 100 * (alone[1] - alone[0])


def test_an_area_without_a_row_in_one_year_may_be_one_where_nobody_is():
    first, second = codes(2)
    rows = [(first, 2012, "owned"), (first, 2017, "owned"), (second, 2017, "owned")]
    frame = register(rows, low=[1, 2, 8], households=[10, 10, 10])
    place = {"Hageby": codes(2)}
    unknown = indicators.compare(frame, place, 2012, 2017).iloc[0]
    assert unknown[["low_income_share_then", "low_income_share_now"]].tolist() == [0.1, 0.2]
    assert unknown["low_income_share_missing"] == 1
    empty = indicators.compare(frame, place, 2012, 2017, absent="nobody").iloc[0]
    assert empty[["low_income_share_then", "low_income_share_now"]].tolist() == [0.1, 0.5]
    assert empty["low_income_share_missing"] == 0
    assert (empty["households_then"], empty["households_now"]) == (10, 20)


def test_more_employed_than_there_are_people_is_refused_and_a_little_more_is_noted():
    frame = one_year(employed=[90, 104], working_age=[100, 100])
    found = indicators.table(frame, {"Hageby": codes(2)[1:], "all": codes(2)})
    assert found["employment_rate"].tolist() == [1, 194 / 200]
    (note,) = notes.of(found)
    assert note.codes == (codes(2)[1],)
    assert note.text.sv.startswith("Förvärvsfrekvens: i 1 område")
    wrong = one_year(employed=[90, 111], working_age=[100, 100])
    with pytest.raises(DataError, match=f"employed at most as many as working_age.*{codes(2)[1]}"):
        indicators.table(wrong, {"Hageby": codes(2)})


def test_the_register_is_left_alone():
    frame = one_year(low=[1.0, 2.0], households=[10.0, 20.0])
    before = frame.copy()
    indicators.table(frame, {"Hageby": codes(2)})
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.real
def test_every_municipality_of_the_country_at_once(shared_data):
    path = shared_data / "stats" / "deso2018_sweden_5984_stats_2022.csv"
    raw = pd.read_csv(path, dtype={"deso": str, "kommun": str})
    raw = raw.assign(year=2022, group="all").set_index(["deso", "year", "group"]).sort_index()
    frame = raw[["bg_foreign", "bg_total"]].set_axis(["foreign_background", "population"], axis=1)
    kommun = raw["kommun"].droplevel(["year", "group"])
    found = indicators.table(frame, kommun, country="Riket")
    assert len(found) == 291
    by_hand = raw.groupby("kommun")[["bg_foreign", "bg_total"]].sum()
    expected = by_hand["bg_foreign"] / by_hand["bg_total"]
    np.testing.assert_allclose(found["foreign_background_share"].iloc[:290], expected)
    assert found["population"].iloc[-1] == raw["bg_total"].sum()
