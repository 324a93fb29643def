"""The index made comparable: brute force on small municipalities, and towns of one make."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grannskap import segregation
from grannskap.errors import DataError

relaxed = settings(deadline=None, max_examples=40)


def frame(sizes, rng):
    codes = [f"{1000 + m:04d}C{1000 + i}" for m, size in enumerate(sizes) for i in range(size)]
    return pd.Series(rng.lognormal(0, 0.3, len(codes)), index=codes)


def found(scores, **options):
    return segregation.comparable(scores, scores.index.to_series().str[:4], **options)


@given(st.lists(st.floats(0.05, 9), min_size=2, max_size=12))
@relaxed
def test_each_column_is_what_it_says(values):
    scores = pd.Series(values, index=[f"0581C{1000 + i}" for i in range(len(values))])
    row = found(scores, areas=3, redraws=10).iloc[0]
    ordered = np.sort(values)
    assert row["index"] == pytest.approx(np.median(ordered) / ordered[0])
    assert row["worst_mean"] == pytest.approx(np.median(ordered) / ordered[:3].mean())
    assert row["p05"] <= row["index"] + 1e-12
    assert row["p10"] <= row["p05"] + 1e-12
    if len(values) > 2:
        assert row["without_worst"] == pytest.approx(np.median(ordered[1:]) / ordered[1])


def test_rarefied_is_the_mean_over_all_sets_of_so_many_areas():
    scores = frame([9], np.random.default_rng(3))
    sets = [np.array(one) for one in itertools.combinations(scores.to_numpy(), 4)]
    every = np.array([np.median(one) / one.min() for one in sets])
    row = found(scores, areas=4, redraws=20_000).iloc[0]
    assert row["rarefied"] == pytest.approx(every.mean(), abs=4 * every.std() / np.sqrt(20_000))
    assert row["rarefied_lower"] == pytest.approx(np.quantile(every, 0.025), abs=0.03)


def test_of_one_make_the_index_grows_with_size_and_the_rarefied_does_not():
    rng = np.random.default_rng(7)
    sizes = [9, 20, 60, 200] * 25
    table = found(frame(sizes, rng), redraws=200)
    assert table["index"].corr(table["areas"], method="spearman") > 0.7
    assert abs(table["rarefied"].corr(table["areas"], method="spearman")) < 0.25


def test_ranks_lie_between_their_ends_and_small_municipalities_have_none():
    table = found(frame([4, 12, 30, 14], np.random.default_rng(1)))
    assert table["rarefied"].isna().tolist() == [True, False, False, False]
    ranked = table.dropna(subset="rank")
    assert sorted(ranked["rank"]) == [1, 2, 3]
    assert (ranked["rank_lower"] <= ranked["rank_upper"]).all()
    assert (ranked["rank_lower"] >= 1).all()
    assert (ranked["rank_upper"] <= 3).all()


def test_student_areas_are_left_out_and_order_does_not_matter():
    scores = pd.Series([0.2, 0.8, 1.0, 1.2], index=[f"0581C{1000 + i}" for i in range(4)])
    students = pd.Series([0.7, 0.1, 0.1, np.nan], index=scores.index)
    table = found(scores, areas=3, student_share=students)
    assert table["without_students"].iloc[0] == pytest.approx(1.0 / 0.8)
    mixed = scores.sample(frac=1, random_state=2)
    again = segregation.comparable(
        mixed, mixed.index.to_series().str[:4], areas=3, student_share=students.reindex(mixed.index)
    )
    pd.testing.assert_frame_equal(table, again)


def test_what_has_no_comparable_index_is_refused():
    scores = frame([5], np.random.default_rng(0))
    with pytest.raises(DataError, match="at least three areas"):
        found(scores, areas=2)
    with pytest.raises(DataError):
        found(-scores)


def test_the_rarefied_index_without_students_is_that_of_the_areas_that_are_left():
    rng = np.random.default_rng(5)
    codes = [f"{town}C{1000 + 10 * k}" for town in ("0180", "0380", "0480") for k in range(14)]
    scores = pd.Series(rng.uniform(0.5, 1.5, len(codes)), index=codes)
    town = scores.index.to_series().str[:4]
    young = pd.Series(rng.uniform(0, 0.35, len(codes)), index=codes)
    young[town == "0480"] = 0.5  # nobody is left there
    found = segregation.comparable(scores, town, student_share=young)
    kept = young < 0.3
    alone = segregation.comparable(scores[kept], town[kept])
    pd.testing.assert_series_equal(
        found["rarefied_without_students"].drop("0480"), alone["rarefied"], check_names=False
    )
    assert np.isnan(found.loc["0480", "rarefied_without_students"])
    assert "rarefied_without_students" not in segregation.comparable(scores, town)


def test_the_interval_of_the_index_holds_the_true_one_as_often_as_the_documents_say():
    held, towns = 0, 60
    for seed in range(towns):
        rng = np.random.default_rng(seed)
        codes = [f"0581C{1000 + 10 * number}" for number in range(40)]
        odds = {name: rng.beta(mean * 19, (1 - mean) * 19, 40) for name, mean in SHARES.items()}
        bases = {name: rng.integers(300, 900, 40) for name in odds}
        seen = {name: rng.binomial(bases[name], one) / bases[name] for name, one in odds.items()}
        seen, true = (pd.DataFrame(one, index=codes) for one in (seen, odds))
        place = seen.index.to_series().str[:4]
        observed = segregation.scores(seen, place)
        found = segregation.index_interval(
            seen,
            {name: pd.Series(one, index=codes, dtype=float) for name, one in bases.items()},
            place,
            recipe=segregation.recipe(observed),
            seed=seed,
        ).loc["0581"]
        index, told = (
            segregation.segregation_index(one, place).loc["0581", "index"]
            for one in (segregation.scores(true, place), observed)
        )
        held += found["lower"] <= index <= found["upper"]
        assert found["lower"] <= told <= found["upper"]
    # Of 60 intervals of 95 %, chance makes fewer than 50 hold once in 1,000.
    assert held >= 50


SHARES = {"work": 0.8, "school": 0.35}


@pytest.mark.parametrize(
    ("method", "more"), [("geometric", {}), ("minmax", {"bounds": (0.0, 1.0)})]
)
def test_the_interval_is_of_the_index_as_it_was_made(method, more):
    rng = np.random.default_rng(5)
    codes = [f"0581C{1000 + 10 * number}" for number in range(12)]
    seen = pd.DataFrame({name: rng.uniform(0.3, 0.9, 12) for name in SHARES}, index=codes)
    place = seen.index.to_series().str[:4]
    bounds = {"bounds": dict.fromkeys(SHARES, more["bounds"])} if more else {}
    made = segregation.scores(seen, place, method=method, **bounds)
    exact = {name: pd.Series(1e9, index=codes) for name in SHARES}
    recipe = segregation.recipe(made)
    found = segregation.index_interval(seen, exact, place, recipe=recipe).loc["0581"]
    index = segregation.segregation_index(made, place).loc["0581", "index"]
    np.testing.assert_allclose(found, index, rtol=1e-3)
    none = segregation.index_interval(seen, {}, place, recipe=recipe)
    assert none.isna().all(axis=None)
