"""Evenness from the counts to the report: made once, for both poles, and said in plain words."""

from dataclasses import replace

import numpy as np
import pandas as pd

from grannskap import segregation
from grannskap.analysis import evenness
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
        np.testing.assert_array_equal(
            demo_results.evenness_of((level, place))["estimate"], plain["estimate"]
        )


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


def test_quarters_are_told_to_be_of_the_official_kind_and_not_its_value(demo_results, demo_view):
    """The official index of inequality is between fifths: ours times 100 is another number."""
    main = demo_results.evenness_of(demo_view.whole(demo_results)).loc["dissimilarity", "estimate"]
    hundred = f"{100 * main:.0f}"
    kind = next(one for one in told.words(demo_results, demo_view) if "femtedel" in one)
    assert f"talet {hundred} är av samma slag, men inte dess värde" in kind
    grid = told.by_place(demo_results, demo_view)
    at = [column.heading for column in grid.columns].index("Gånger 100")
    assert grid.rows[0][at].text == hundred
    assert all(len(row) == len(grid.columns) for row in grid.rows)


def test_other_poles_than_quarters_are_not_of_the_official_kind(demo_results, demo_view):
    asked = demo_results.options
    poles = asked.balance.model_copy(update={"low": "low", "high": "medium_high"})
    other = replace(demo_results, options=asked.model_copy(update={"balance": poles}))
    assert not any("femtedel" in one for one in told.words(other, demo_view))
    grid = told.by_place(other, demo_view)
    assert "Gånger 100" not in [column.heading for column in grid.columns]
    assert all(len(row) == len(grid.columns) for row in grid.rows)
