"""Evenness from the counts to the report: made once, for both poles, and said in plain words."""

from dataclasses import replace

import numpy as np
import pandas as pd

from grannskap import segregation
from grannskap.analysis import evenness
from grannskap.catalogue import ORDERED
from grannskap.outputs import tables
from grannskap.outputs.report import evenness as told


def test_each_place_has_the_measures_of_its_own_poles(demo_results):
    counts = demo_results.dataset.counts
    rows = counts.index.get_level_values("year") == demo_results.year
    rows &= counts.index.get_level_values("group") == "all"
    poles = counts[rows].droplevel(["year", "group"])[["low", "high"]].astype(float)
    for level, place in demo_results.evenness.index.droplevel("measure").unique():
        codes = demo_results.codes_of(level, place)
        by = pd.Series("place", index=poles.loc[codes].index)
        plain = segregation.indices(poles.loc[codes], by=by, redraws=0).loc["place"]
        found = demo_results.evenness_of((level, place))["estimate"].drop(
            list(ORDERED), errors="ignore"
        )
        np.testing.assert_array_equal(found, plain["estimate"])


def test_what_is_shown_has_the_measures_of_all_income_quarters_in_order(demo_results, demo_view):
    """Reardon's index over the quarters was in no table of a run."""
    whole = demo_view.whole(demo_results)
    found = demo_results.evenness_of(whole).loc[list(ORDERED)]
    quarters = ["low", "medium_low", "medium_high", "high"]
    counts = demo_results.dataset.counts.xs(
        (demo_results.year, "all"), level=("year", "group")
    ).loc[list(demo_results.codes_of(*whole)), quarters]
    by = pd.Series("place", index=counts.index)
    plain = segregation.indices(counts.astype(float), by=by, ordered=True, redraws=0)
    expected = plain.droplevel("place").loc[list(ORDERED), "estimate"]
    np.testing.assert_array_equal(found["estimate"], expected)
    assert found["corrected"].between(found["lower"], found["upper"]).all()
    assert set(ORDERED) <= set(tables.evenness(demo_results, demo_view).index.unique("measure"))


def test_a_place_that_was_not_measured_has_no_rows(demo_results):
    assert demo_results.evenness_of(("municipality", "0000")).empty


def test_many_or_large_places_get_estimates_alone(demo_results, monkeypatch):
    monkeypatch.setattr(evenness, "MOST_AREAS", 1)
    made = demo_results
    table = evenness.evenness_of(made.dataset, made.members, made.options, made.year)
    assert table["estimate"].notna().any()
    assert table[["p", "lower", "upper"]].isna().all(axis=None)
    assert table["even"].notna().any()


def test_the_words_hold_both_poles_and_what_chance_would_make(demo_results, demo_view):
    view = demo_view
    said = " ".join(told.words(demo_results, view))
    main = demo_results.evenness_of(view.whole(demo_results))
    for name in ("dissimilarity", "isolation", "isolation_of_second"):
        assert f"{100 * main.loc[name, 'estimate']:.0f} procent" in said
    assert f"{100 * main.loc['dissimilarity', 'even']:.0f} procent" in said
    for said_of in (
        "inte hur många",
        "beror också på hur stor gruppen är",
        "Inget av måtten säger",
    ):
        assert said_of in said
    table = tables.evenness(demo_results, view)
    assert table.index.names == ["place", "measure"]
    assert (table["evenness_lower"] <= table["evenness_upper"]).all()


def test_no_estimate_is_told_beside_an_interval_that_does_not_hold_it(demo_results, demo_view):
    """The uncorrected index stood beside the interval of the true one, and looked wrong."""
    for table in (
        tables.evenness(demo_results, demo_view),
        tables.named(demo_results, demo_view)["evenness-over-years"],
    ):
        told = table.dropna(subset=["evenness_lower"])
        assert len(told)
        assert (
            told["evenness_corrected"].between(told["evenness_lower"], told["evenness_upper"]).all()
        )
        ends = [*table.columns].index("evenness_corrected")
        assert [*table.columns][ends + 1 : ends + 3] == ["evenness_lower", "evenness_upper"]
        assert (told[["evenness_corrected", "evenness_lower"]] >= 0).all(axis=None)
    grid = told_grid(demo_results, demo_view)
    written = 0
    for estimate, interval in grid:
        if interval != "–":
            written += 1
            low, high = map(read, interval.split("–"))
            assert low <= read(estimate) <= high
    assert written


def told_grid(results, view):
    """The estimate and the interval that stand beside each other in the report."""
    grid = told.by_place(results, view)
    headings = [column.heading for column in grid.columns]
    at = next(place for place, one in enumerate(headings) if one.startswith("Osäkerhet"))
    return [(row[at - 1].text, row[at].text) for row in grid.rows]


def read(number):
    return float(number.replace(",", "."))


def test_ends_that_two_decimals_cannot_part_have_three(demo_results, demo_view):
    even = demo_results.evenness.copy()
    even[["corrected", "lower", "upper"]] = 0.5613, 0.5604, 0.5622
    close = replace(demo_results, evenness=even)
    assert told_grid(close, demo_view)[0] == ("0,561", "0,560–0,562")
    assert "0,561" in " ".join(told.words(close, demo_view))


def test_what_is_left_of_an_even_town_is_told_as_nothing(demo_results, demo_view):
    even = demo_results.evenness.copy()
    even[["corrected", "lower", "upper"]] = -0.02, 0.0, 0.05
    table = tables.evenness(replace(demo_results, evenness=even), demo_view)
    assert (table["evenness_corrected"] == 0).all()


def test_quarters_are_told_to_be_of_the_official_kind_and_not_its_value(demo_results, demo_view):
    """The official index of inequality is between fifths: ours times 100 is another number."""
    main = demo_results.evenness_of(demo_view.whole(demo_results)).loc["dissimilarity", "estimate"]
    hundred = f"{100 * main:.0f}"
    kind = next(one for one in told.words(demo_results, demo_view) if "femtedel" in one)
    assert f"talet {hundred} är av samma slag, men inte dess värde" in kind
    grid = told.by_place(demo_results, demo_view)
    at = [column.heading for column in grid.columns].index("Okorrigerat gånger 100")
    assert grid.rows[0][at].text == hundred
    assert all(len(row) == len(grid.columns) for row in grid.rows)


def test_other_poles_than_quarters_are_not_of_the_official_kind(demo_results, demo_view):
    asked = demo_results.options
    poles = asked.balance.model_copy(update={"low": "low", "high": "medium_high"})
    other = replace(demo_results, options=asked.model_copy(update={"balance": poles}))
    assert not any("femtedel" in one for one in told.words(other, demo_view))
    grid = told.by_place(other, demo_view)
    assert "Okorrigerat gånger 100" not in [column.heading for column in grid.columns]
    assert all(len(row) == len(grid.columns) for row in grid.rows)
