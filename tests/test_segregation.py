"""Segregation: the method's own check on real areas, identities, and PySAL as oracle."""

import json
import math
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grannskap import notes, segregation
from grannskap.errors import ColumnError, DataError

relaxed = settings(deadline=None, max_examples=50)


def codes(count, municipality="0581"):
    return pd.Index([f"{municipality}C{1010 + 10 * i}" for i in range(count)], name="deso")


def place_of(index):
    return pd.Series(index.str[:4], index=index)


def frame(rows, columns=("employment_rate", "disposable_income", "post_secondary_share")):
    table = pd.DataFrame(rows, index=codes(len(rows)), dtype="float64")
    return table.set_axis(list(columns)[: table.shape[1]], axis=1)


def scored(table, **options):
    return segregation.scores(table, place_of(table.index), **options)


ROWS = [(0.4, 100, 0.1), (0.8, 200, 0.2), (0.9, 300, 0.4), (0.8, 200, 0.2)]


# --- the score -------------------------------------------------------------------------------


def test_relative_is_the_weighted_mean_of_what_each_is_of_the_median():
    table = frame(ROWS)
    assert scored(table).tolist() == pytest.approx([0.5, 1, (0.9 / 0.8 + 1.5 + 2) / 3, 1])
    weights = {"employment_rate": 2, "disposable_income": 1, "post_secondary_share": 1}
    assert scored(table, weights=weights).iloc[2] == pytest.approx((2 * 1.125 + 1.5 + 2) / 4)


def test_a_given_reference_is_one_yardstick_for_all_municipalities():
    table = frame([(0.4, 100), (0.8, 200)])
    table.index = pd.Index(["0581C1010", "2582C1010"], name="deso")
    own = scored(table)
    assert own.tolist() == [1, 1]  # each municipality's only area is its median
    country = scored(table, reference={"employment_rate": 0.8, "disposable_income": 100})
    assert country.tolist() == [0.75, 1.5]
    pd.testing.assert_series_equal(
        country, scored(table, reference=pd.Series([0.8, 100], table.columns))
    )


def test_geometric_is_the_product_of_powers_and_zero_keeps_its_meaning():
    table = frame([*ROWS, (0, 500, 0.9)])
    reference = table.median()
    found = scored(table, method="geometric", reference=reference)
    by_hand = np.exp(np.log(table.iloc[:4] / reference).mean(axis=1))
    assert found.iloc[:4].tolist() == pytest.approx(by_hand.tolist())
    assert found.iloc[4] == 0


def test_minmax_lies_between_stated_bounds_which_the_output_keeps():
    bounds = {"employment_rate": (0, 1), "disposable_income": (100, 300)}
    found = scored(
        frame([(0.5, 200), (1.0, 300), (0.0, 100), (0.2, 400)]), method="minmax", bounds=bounds
    )
    assert found.tolist() == pytest.approx([0.5, 1, 0, 0.6])
    recipe = segregation.recipe(found)
    assert recipe.bounds == bounds
    assert recipe.method == "minmax"
    assert json.loads(json.dumps(found.attrs)) == found.attrs
    (beyond,) = [note for note in notes.of(found) if note.kind == "values beyond bounds"]
    assert beyond.codes == ("0581C1040",)


def test_how_a_score_was_made_travels_with_it(tmp_path):
    reference = {"employment_rate": 0.8, "disposable_income": 200, "post_secondary_share": 0.2}
    found = scored(frame(ROWS), reference=reference).to_frame()
    found.attrs = scored(frame(ROWS), reference=reference).attrs
    found.to_parquet(tmp_path / "score.parquet")
    back = pd.read_parquet(tmp_path / "score.parquet")
    for copy in (back, pickle.loads(pickle.dumps(found)), found.copy(), pd.concat([found, found])):
        assert copy.attrs == found.attrs
        series = copy["score"]
        series.attrs = copy.attrs
        assert segregation.recipe(series).reference == reference


def test_the_pooled_reference_sums_before_it_divides():
    counts = pd.DataFrame(
        {
            "employed": [90, 10, 5, None],
            "working_age": [100, 300, None, 50],
            "disposable_income": [300, 200, 100, None],
            "post_secondary_share": [0.1, 0.3, None, 0.5],
        },
        index=codes(4),
    )
    wanted = ["employment_rate", "disposable_income", "post_secondary_share"]
    found = segregation.pooled_reference(counts, wanted)
    assert found.to_dict() == pytest.approx(dict(zip(wanted, (0.25, 200, 0.3), strict=True)))
    (note,) = notes.of(found)
    assert note.codes == ("disposable_income", "post_secondary_share")
    table = frame(ROWS)
    pd.testing.assert_series_equal(
        scored(table, reference=found), scored(table, reference=found.to_dict())
    )
    with pytest.raises(ColumnError, match="born_outside_eu_share"):
        segregation.pooled_reference(counts, ["born_outside_eu_share"])
    with pytest.raises(DataError, match="disposable_income"):
        segregation.pooled_reference(counts.iloc[3:], ["disposable_income"])
    with pytest.raises(DataError, match="employed"):
        segregation.pooled_reference(counts.assign(working_age=20.0), ["employment_rate"])


positive = st.floats(0.01, 1000)


@given(st.lists(st.tuples(positive, positive), min_size=3, max_size=9), positive, st.randoms())
@relaxed
def test_scores_do_not_see_units_or_row_order(rows, unit, random):
    for method in ("relative", "geometric"):
        table = frame(rows)
        found = scored(table, method=method)
        other_unit = table.assign(disposable_income=table["disposable_income"] * unit)
        np.testing.assert_allclose(scored(other_unit, method=method), found, rtol=1e-9)
        order = list(table.index)
        random.shuffle(order)
        np.testing.assert_allclose(scored(table.loc[order], method=method).loc[table.index], found)


@given(st.lists(st.tuples(positive, positive), min_size=3, max_size=9))
@relaxed
def test_the_geometric_mean_is_never_above_the_arithmetic(rows):
    table = frame(rows)
    assert (scored(table, method="geometric") <= scored(table) * (1 + 1e-9)).all()


def test_a_component_without_data_is_left_out_and_said():
    table = frame(ROWS).drop(columns="employment_rate").assign(extra=np.nan)
    wanted = ["employment_rate", "disposable_income", "post_secondary_share", "extra"]
    found = scored(table, wanted=wanted)
    expected = scored(table[["disposable_income", "post_secondary_share"]])
    pd.testing.assert_series_equal(found, expected)
    assert segregation.recipe(found).absent == ("employment_rate", "extra")
    (note,) = notes.of(found)
    assert note.codes == ("disposable_income", "post_secondary_share")
    assert "förvärvsfrekvens" in note.text.sv.split("saknas: ")[1]


def test_an_area_that_lacks_a_component_has_no_score_and_is_counted():
    table = frame([*ROWS, (None, 150, 0.2)])
    found = scored(table)
    assert math.isnan(found.iloc[4])
    assert found.iloc[:4].notna().all()
    assert notes.of(found)[-1].codes == ("0581C1050",)


@pytest.mark.parametrize(
    ("change", "options", "error"),
    [
        ({"employment_rate": -0.1}, {}, DataError),
        ({"employment_rate": math.inf}, {}, DataError),
        ({"employment_rate": 0.0}, {}, DataError),  # the municipality's median is 0
        ({"employment_rate": "hög"}, {}, DataError),
        ({}, {"reference": {"employment_rate": 0, "disposable_income": 1}}, DataError),
        ({}, {"reference": {"employment_rate": 1}}, ColumnError),
        ({}, {"weights": {"employment_rate": 1}}, ColumnError),
        ({}, {"weights": {"employment_rate": -1, "disposable_income": 2}}, DataError),
        ({}, {"weights": {"employment_rate": 0, "disposable_income": 0}}, DataError),
        ({}, {"method": "minmax"}, ColumnError),
        ({}, {"method": "ranks"}, DataError),
        ({}, {"bounds": {"employment_rate": (0, 1), "disposable_income": (0, 1)}}, DataError),
        (
            {},
            {
                "method": "minmax",
                "bounds": {"employment_rate": (1, 0), "disposable_income": (0, 1)},
            },
            DataError,
        ),
        ({}, {"wanted": ["nothing"]}, DataError),
    ],
)
def test_what_cannot_be_scored_is_refused(change, options, error):
    table = frame([(0.4, 100), (0.8, 200)]).assign(**change)
    with pytest.raises(error):
        scored(table, **options)


def test_what_is_at_the_edge_is_scored():
    """A weight, a value and an end of nothing mean something; a weight without end does not."""
    table = frame(ROWS)[["employment_rate", "disposable_income"]]
    one = scored(table[["employment_rate"]])
    weights = {"employment_rate": 5, "disposable_income": 0}
    assert scored(table, weights=weights).tolist() == pytest.approx(one.tolist())
    thrice = {name: 3 * w for name, w in {"employment_rate": 2, "disposable_income": 1}.items()}
    once = {"employment_rate": 2, "disposable_income": 1}
    assert segregation.recipe(scored(table, weights=thrice)).weights == pytest.approx(
        segregation.recipe(scored(table, weights=once)).weights
    )
    assert scored(table.assign(employment_rate=[0, 0.8, 0.8, 0.8])).iloc[0] == pytest.approx(0.25)
    ends = {"employment_rate": (0.4, 0.9), "disposable_income": (100, 300)}
    found = scored(table, method="minmax", bounds=ends)
    assert found.tolist() == pytest.approx([0, 0.65, 1, 0.65])
    assert "values beyond bounds" not in [note.kind for note in notes.of(found)]
    outside = {"employment_rate": (0.4, 0.89), "disposable_income": (100.5, 300)}
    beyond = scored(table, method="minmax", bounds=outside)
    (note,) = [note for note in notes.of(beyond) if note.kind == "values beyond bounds"]
    assert note.codes == ("0581C1010", "0581C1030")
    assert (beyond.iloc[0], beyond.iloc[2]) == (0, 1)
    for wrong in (math.inf, math.nan):
        with pytest.raises(DataError, match="weights of 0 or more"):
            scored(table, weights={"employment_rate": wrong, "disposable_income": 1})
        with pytest.raises(DataError, match="references above 0"):
            scored(table, reference={"employment_rate": wrong, "disposable_income": 1})
        with pytest.raises(DataError, match="low below high"):
            scored(table, method="minmax", bounds={**ends, "employment_rate": (0, wrong)})


def test_a_recipe_holds_what_would_make_the_score_again():
    table = frame(ROWS).assign(more=math.nan)
    options = [
        {"method": "geometric", "reference": dict.fromkeys(table, 2.0)},
        {"method": "minmax", "bounds": dict.fromkeys(table, (0.0, 400.0))},
        {"method": "relative", "weights": dict(zip(table, (1, 2, 3, 4), strict=True))},
    ]
    for asked in options:
        made = segregation.recipe(scored(table, **asked))
        assert (made.method, made.absent) == (asked["method"], ("more",))
        again = scored(
            table[list(made.weights)],
            method=made.method,
            weights=made.weights,
            reference=made.reference,
            bounds=made.bounds,
        )
        pd.testing.assert_series_equal(again, scored(table, **asked))
    with pytest.raises(DataError, match="does not say how"):
        segregation.recipe(pd.Series([1.0]))


def test_municipalities_of_other_areas_are_refused():
    table = frame(ROWS)
    place = place_of(table.index)
    for wrong in (place.iloc[::-1], place.iloc[:2], place.mask(place.index == "0581C1010")):
        with pytest.raises(DataError):
            segregation.scores(table, wrong)
        with pytest.raises(DataError):
            segregation.segregation_index(scored(table), wrong)


# --- the index -------------------------------------------------------------------------------


def indexed(values, **options):
    score = pd.Series(values, index=codes(len(values)), name="score", dtype="float64")
    return segregation.segregation_index(score, place_of(score.index), **options)


def test_the_index_is_the_median_over_the_worst_which_is_named():
    row = indexed([1.2, 0.5, 1.0, None, 0.8]).loc["0581"]
    assert row["index"] == pytest.approx(0.9 / 0.5)
    assert (row["median"], row["worst_score"]) == (pytest.approx(0.9), 0.5)
    assert row["worst_area"] == "0581C1020"
    assert (row["areas"], row["areas_missing"]) == (4, 1)


@pytest.mark.parametrize(("worst", "share"), [("p05", 0.05), ("p10", 0.10)])
def test_a_steadier_bottom_still_names_the_worst_area(worst, share):
    values = np.random.default_rng(0).uniform(0.5, 2, 37)
    row = indexed(values, worst=worst).loc["0581"]
    assert row["worst_score"] == pytest.approx(np.quantile(values, share))
    assert row["index"] == pytest.approx(np.median(values) / np.quantile(values, share))
    assert row["worst_area"] == codes(37)[values.argmin()]
    assert row["index"] <= indexed(values).loc["0581", "index"]


@given(st.lists(positive, min_size=2, max_size=12), positive)
@relaxed
def test_the_index_is_at_least_one_and_free_of_scale(values, scale):
    row, other = indexed(values).iloc[0], indexed([scale * v for v in values]).iloc[0]
    assert row["index"] >= 1
    assert other["index"] == pytest.approx(row["index"], rel=1e-9)


def test_of_worst_areas_that_tie_none_is_named_in_any_row_order():
    score = pd.Series([1.0, 0.5, 0.5], index=codes(3))
    for order in (score, score.iloc[::-1]):
        found = segregation.segregation_index(order, place_of(order.index)).loc["0581"]
        assert (found["worst_area"], found["worst_areas"]) == (None, 2)
        assert found["index"] == 1
    students = pd.Series([0.9, 0.2, 0.4], index=codes(3))
    told = segregation.segregation_index(score, place_of(score.index), student_share=students)
    assert told["worst_student_share"].tolist() == [0.4]
    assert notes.of(told)[-1].codes == ("0581C1030",)
    alone = segregation.segregation_index(score[:2], place_of(score.index[:2])).loc["0581"]
    assert (alone["worst_area"], alone["worst_areas"]) == ("0581C1020", 1)


def towns(sizes, seed=0):
    """Scores of municipalities with so many areas."""
    rng = np.random.default_rng(seed)
    place = np.repeat([f"{1001 + at}" for at in range(len(sizes))], sizes)
    index = pd.Index([f"{code}C{1010 + 10 * at}" for at, code in enumerate(place)], name="deso")
    return pd.Series(rng.lognormal(0, 0.3, len(index)), index), pd.Series(place, index)


def on_size(table):
    (note,) = [note for note in notes.of(table) if note.kind == "index grows with size"]
    return note.text


def test_the_rank_correlation_is_that_of_the_table_shown():
    score, place = towns([2, 3, 5, 7, 9, 12, 20, 30, 31, 40, 55])
    for worst in ("min", "p05", "p10"):
        table = segregation.segregation_index(score, place, worst=worst)
        found = segregation.size_correlation(table)
        assert found == pytest.approx(table["index"].corr(table["areas"], method="spearman"))
        assert f"{found:.2f} over 11 municipalities here" in on_size(table).en
        assert f"{found:.2f} över 11 kommuner här".replace(".", ",") in on_size(table).sv


def test_ten_municipalities_of_two_sizes_are_enough_for_a_rank_correlation():
    table = pd.DataFrame({"index": [1.1, 1.2] * 5, "areas": [5, 9] * 5})
    assert segregation.size_correlation(table) == 1
    assert math.isnan(segregation.size_correlation(table.iloc[1:]))


def test_two_areas_are_enough_for_an_index_and_three_tenths_for_students():
    score = pd.Series([0.5, 1.0, 0.4, 2.0], index=codes(2).append(codes(2, "2582")))
    place = place_of(score.index)
    students = pd.Series([0.3, 0.0, 0.29, 0.0], index=score.index)
    found = segregation.segregation_index(score, place, student_share=students)
    assert found["index"].tolist() == pytest.approx([1.5, 3])
    assert [note.kind for note in notes.of(found)][-1] == "worst area may be students"
    assert notes.of(found)[-1].codes == ("0581C1010",)
    assert "I 1 av 2 kommuner" in notes.of(found)[-1].text.sv


def test_minmax_needs_room_between_its_bounds_and_every_component():
    table = frame([(0.5, 200), (None, 300)])
    bounds = {"employment_rate": (0, 1), "disposable_income": (100, 300)}
    found = scored(table, method="minmax", bounds=bounds)
    assert found.isna().tolist() == [False, True]
    with pytest.raises(DataError, match="low below high"):
        scored(table, method="minmax", bounds={**bounds, "employment_rate": (1, 1)})


def test_a_pooled_share_is_at_most_all():
    counts = pd.DataFrame({"employed": [104.0], "working_age": [100.0]}, index=codes(1))
    found = segregation.pooled_reference(counts, ["employment_rate"])
    assert found["employment_rate"] == 1
    assert [note.kind for note in notes.of(found)] == ["shares limited"]


@pytest.mark.parametrize(("worst", "national"), [("min", 0.80), ("p05", 0.76), ("p10", 0.71)])
def test_where_the_table_is_too_small_the_national_figure_is_given_as_such(worst, national):
    table = segregation.segregation_index(*towns([9] * 9), worst=worst)
    assert math.isnan(segregation.size_correlation(table))
    told = f"{national:.2f} over the country's 290 municipalities in 2022"
    assert told in on_size(table).en
    alike = segregation.segregation_index(*towns([9] * 12), worst=worst)
    assert math.isnan(segregation.size_correlation(alike))


def test_small_municipalities_and_zero_scores():
    score = pd.Series([0.7, 1.0, 0.0, 0.0, 0.0], index=codes(3).append(codes(2, "2582")))
    place = pd.Series(["0581", "0581", "0581", "2582", "2582"], index=score.index)
    both = segregation.segregation_index(score, place)
    assert both.loc["0581", "index"] == math.inf
    assert math.isnan(both.loc["2582", "index"])
    alone = segregation.segregation_index(score.iloc[:1], place.iloc[:1])
    assert math.isnan(alone.loc["0581", "index"])
    assert "municipalities without an index" in [note.kind for note in notes.of(alone)]
    none = segregation.segregation_index(score.iloc[:2] * np.nan, place.iloc[:2])
    assert none.loc["0581", ["areas", "areas_missing"]].tolist() == [0, 2]
    assert none[["index", "median", "worst_score", "worst_area"]].isna().all(axis=None)


def test_the_two_warnings_are_in_every_result():
    values = [1.2, 0.5, 1.0]
    kinds = {note.kind for note in notes.of(indexed(values))}
    assert {"index grows with size", "worst area may be students"} <= kinds
    students = pd.Series([0.1, 0.66, 0.1], index=codes(3))
    told = indexed(values, student_share=students)
    assert told["worst_student_share"].tolist() == [0.66]
    assert notes.of(told)[-1].codes == ("0581C1020",)
    few = indexed(values, student_share=students / 10)
    assert notes.of(few)[-1].codes == ()


def test_the_notes_of_the_score_follow_into_the_index():
    table = frame(ROWS)
    found = segregation.segregation_index(scored(table), place_of(table.index))
    assert notes.of(found)[0] == notes.of(scored(table))[0]


def test_what_cannot_be_an_index_is_refused():
    with pytest.raises(DataError, match="p05"):
        indexed([1, 2], worst="p01")
    with pytest.raises(DataError, match="below 0"):
        indexed([1, -2])
    with pytest.raises(DataError, match="student"):
        indexed([1, 2], student_share=pd.Series([0.1], index=codes(1)))


# --- the method's check on real areas ----------------------------------------------------------


@pytest.fixture(scope="module")
def country(shared_data):
    path = shared_data / "stats" / "deso2018_sweden_5984_stats_2022.csv"
    return pd.read_csv(path, dtype={"deso": str, "kommun": str}).set_index("deso").sort_index()


@pytest.fixture(scope="module")
def conditions(country):
    """Income and education as method.md tried them.

    Its four numbers and its rank correlation come out, all at once, with every
    post-secondary education over all aged 25–64 (unknown education among them), and the mean
    over areas as the country's reference.
    """
    levels = [name for name in country if name.startswith("edu_")]
    beyond = country["edu_post_gymnasium_less_than_3"] + country["edu_post_gymnasium_more_than_3"]
    return pd.DataFrame(
        {"income": country["median_income_tkr"], "education": beyond / country[levels].sum(axis=1)}
    )


@pytest.mark.real
def test_the_four_municipalities_of_the_method(country, conditions):
    score = segregation.scores(conditions, country["kommun"], reference=conditions.mean())
    table = segregation.segregation_index(score, country["kommun"])
    four = table.loc[["2582", "1480", "0581", "0181"], "index"]
    assert four.round(2).tolist() == [1.34, 2.58, 1.95, 1.72]
    assert len(table) == 290
    assert table["areas"].sum() == 5984
    assert round(segregation.size_correlation(table), 2) == 0.80


@pytest.mark.real
@pytest.mark.parametrize(("worst", "told"), [("min", 0.80), ("p05", 0.76), ("p10", 0.71)])
def test_the_national_rank_correlations_are_those_of_the_default_recipe(
    country, conditions, worst, told
):
    score = segregation.scores(conditions, country["kommun"])
    table = segregation.segregation_index(score, country["kommun"], worst=worst)
    assert round(segregation.size_correlation(table), 2) == told
    assert f"{told:.2f} over 290 municipalities here" in on_size(table).en


@pytest.mark.real
def test_the_poorest_areas_are_often_student_areas(country, conditions):
    students = (country["age_20_24"] + country["age_25_29"]) / country["pop_total"]
    poorest = country["median_income_tkr"].nsmallest(30).index
    assert round(students[poorest].median(), 2) == 0.66
    assert round(students.median(), 2) == 0.10
    score = segregation.scores(conditions, country["kommun"], reference=conditions.mean())
    table = segregation.segregation_index(score, country["kommun"], student_share=students)
    worst = table.loc["1480", "worst_area"]
    assert table.loc["1480", "worst_student_share"] == students[worst]
    assert score[worst] == score[country["kommun"] == "1480"].min()
