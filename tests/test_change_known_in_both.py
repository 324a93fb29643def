"""Two years are compared over the areas known in both; where none is, no change is told."""

import numpy as np
import pandas as pd
import pytest

from grannskap import analysis, dataset, datasets
from grannskap.analysis import Options, View, headline
from grannskap.maps import atlas
from grannskap.outputs import report, tables
from grannskap.project import MapOptions
from test_report import Page

PARTS = ["low", "medium_low", "medium_high", "high"]
VIEW = View(title="Påhittköping", map=MapOptions(also=["years"]))


@pytest.fixture(scope="module")
def made():
    return datasets.town()


def measured(made, hidden):
    """The made-up town where some areas' incomes are hidden in a year."""
    counts = made.register.drop(columns="disposable_income").copy()
    year, deso = counts.index.get_level_values("year"), counts.index.get_level_values("deso")
    unseen = np.zeros(len(counts), dtype=bool)
    for one, codes in hidden.items():
        unseen |= (year == one) & deso.isin(codes)
    counts.loc[unseen, PARTS] = np.nan
    for name in PARTS:
        counts[f"{name}_status"] = np.where(counts[name].isna(), "suppressed", "value")
    data = dataset.from_frames(
        made.boundaries,
        counts,
        division=2018,
        neighbourhoods={name: made.codes(name) for name in ("Norrängen", "Solviken")},
    )
    return analysis.run(data, Options(year=2017, compare=2012))


@pytest.fixture(scope="module")
def none_in_both(made):
    """Two areas of Norrängen are hidden in 2012, and the three others in 2017."""
    codes = made.codes("Norrängen")
    assert len(codes) == 5
    return measured(made, {2012: codes[:2], 2017: codes[2:]})


@pytest.fixture(scope="module")
def three_in_both(made):
    """Two areas of Norrängen are hidden in 2012, none in 2017."""
    return measured(made, {2012: made.codes("Norrängen")[:2]})


def ring(results, stem, place="Norrängen"):
    which = next(one for one in atlas.maps(results, VIEW) if one.style.name == stem)
    return next(one.label for one in which.highlights if one.name == place)


def html_of(results):
    styles = atlas.cluster_styles(results, VIEW)
    return report.build(results, VIEW, [], cluster_styles=styles)


def ratio_of(made, year, codes):
    rows = made.register.xs((year, "all"), level=("year", "group")).loc[codes]
    return rows["low"].sum() / rows["high"].sum()


def test_where_no_area_is_known_in_both_years_no_change_is_told(none_in_both):
    results = none_in_both
    row = results.then_and_now(("neighbourhood", "Norrängen"))
    assert row[["ratio_then", "ratio_now"]].isna().all()
    assert row["areas"] == 0
    changes = results.at("balance_change", "neighbourhood")
    assert np.isnan(changes.loc["Norrängen", "estimate"])
    assert not np.isnan(changes.loc["Solviken", "estimate"])
    assert ring(results, "change") == "Norrängen"
    assert "→" in ring(results, "change", "Solviken")


def test_the_years_that_are_known_say_which_areas_they_are_of(made, none_in_both):
    codes = made.codes("Norrängen")
    for year, known in ((2012, codes[2:]), (2017, codes[:2])):
        row = none_in_both.row("balance", ("neighbourhood", "Norrängen"), year=year)
        assert row["estimate"] == pytest.approx(ratio_of(made, year, known))
        assert (row["areas"], row["areas_missing"]) == (len(known), 5 - len(known))
        assert row["lower"] <= ratio_of(made, year, codes) <= row["upper"]


def test_no_text_puts_an_arrow_between_different_areas(made, none_in_both):
    results, codes = none_in_both, made.codes("Norrängen")
    then = headline.balance(ratio_of(made, 2012, codes[2:]), "sv")
    now = headline.balance(ratio_of(made, 2017, codes[:2]), "sv")
    alts = [atlas.draw(results, VIEW, one).get_label() for one in atlas.maps(results, VIEW)]
    texts = [*alts, html_of(results), *(extra.caption for extra in atlas.extras(results, VIEW))]
    for text in texts:
        assert f"Norrängen {then} → {now}" not in text
        assert f"{then} → {now}" not in text
        assert "→" not in text or "Solviken" in text


def test_a_change_is_of_the_areas_known_in_both(made, three_in_both):
    results, both = three_in_both, made.codes("Norrängen")[2:]
    row = results.then_and_now(("neighbourhood", "Norrängen"))
    then, now = (ratio_of(made, year, both) for year in (2012, 2017))
    assert row["ratio_then"] == pytest.approx(then)
    assert row["ratio_now"] == pytest.approx(now)
    assert row["areas"] == 3
    change = results.row("balance_change", ("neighbourhood", "Norrängen"))
    assert change["estimate"] == pytest.approx(np.log2(now / then))
    assert (change["areas"], change["areas_missing"]) == (3, 2)
    told = " → ".join(headline.balance(value, "sv") for value in (then, now))
    assert ring(results, "change") == f"Norrängen {told}"


def test_panels_of_years_are_of_the_areas_that_every_year_knows(made, none_in_both, three_in_both):
    both = made.codes("Norrängen")[2:]
    for year in (2012, 2017):
        key = ("neighbourhood", "Norrängen")
        row = three_in_both.row("balance_common", key, year=year)
        assert row["estimate"] == pytest.approx(ratio_of(made, year, both))
        assert (row["areas"], row["areas_missing"]) == (3, 2)
        gone = none_in_both.row("balance_common", key, year=year)
        assert np.isnan(gone["estimate"])
        assert gone["areas"] == 0


def test_the_drawn_panels_say_of_how_many_areas_they_are(made, three_in_both):
    (years,) = [e for e in atlas.extras(three_in_both, VIEW) if e.name == "balance-years"]
    everybody = three_in_both.dataset.counts.xs("all", level="group")[["low", "high"]]
    known = everybody.notna().all(axis=1).unstack("year").all(axis=1).sum()
    assert f"{known} områden med uppgift alla år" in years.caption


def test_indicators_differ_only_over_areas_known_in_both(made, none_in_both, three_in_both):
    both, key = made.codes("Norrängen")[2:], ("neighbourhood", "Norrängen")
    rows = [
        made.register.xs((year, "all"), level=("year", "group")).loc[both] for year in (2012, 2017)
    ]
    then, now = (one["low"].sum() / one["households"].sum() for one in rows)
    row = three_in_both.row("low_income_share_change", key)
    assert row["estimate"] == pytest.approx(now - then)
    assert (row["areas"], row["areas_missing"]) == (3, 2)
    assert np.isnan(none_in_both.row("low_income_share_change", key)["estimate"])
    # What is known in both years everywhere is compared as it is.
    assert three_in_both.row("employment_rate_change", key)["areas_missing"] == 0


def test_the_change_of_areas_is_missing_where_a_year_is(made, none_in_both):
    change = tables.change(none_in_both, VIEW)
    codes = made.codes("Norrängen")
    assert change.loc[codes, ["ratio_then", "ratio_now", "log2_change"]].isna().any(axis=1).all()
    assert change.loc[codes, "log2_change"].isna().all()
    assert change.loc[codes, "within_chance"].isna().all()
    assert change.loc[codes, "p"].isna().all()


def test_years_without_any_common_area_are_not_compared_in_the_report(made):
    everywhere = made.boundaries.index
    results = measured(made, {2012: everywhere[::2], 2017: everywhere[1::2]})
    html = html_of(results)
    assert "Inget område har uppgift både 2012 och 2017." in html
    assert "gick balansen från" not in html
    assert "→" not in html
    captions = {one.style.name: one.style.caption for one in atlas.maps(results, VIEW)}
    assert captions["change"] == "Inget område har uppgift båda åren"
    seen = Page(html)
    assert not pd.isna(results.row("balance", VIEW.whole(results))["estimate"])
    assert seen.table("Balansmått per plats")
