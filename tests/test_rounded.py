"""A town known in whole per cents: a written zero is not nobody, and its counts are about."""

import re

import numpy as np
import pandas as pd
import pytest

import towns
from grannskap import analysis, balance, dataset
from grannskap.analysis import View, headline, rounding
from grannskap.counts import Counts
from grannskap.maps import atlas
from grannskap.maps import style as styles
from grannskap.maps.style import classify
from grannskap.outputs import report, tables
from test_report import Page
from test_webmap import unpacked

VIEW = View(title="Stad 2022")
KEY = ["low", "high"]


@pytest.fixture(scope="module")
def truth():
    """1,000 households an area, 3 to 300 of them low and 300 to 3 high: some shares round to 0."""
    codes = [f"9999C{1000 + 10 * k:04d}" for k in range(60)]
    low = np.rint(np.geomspace(3, 300, 60))
    return pd.DataFrame({"low": low, "high": low[::-1], "households": 1000.0}, index=codes)


@pytest.fixture(scope="module")
def results(truth):
    written = truth.assign(**{name: np.floor(truth[name] / 10 + 0.5) for name in KEY})
    areas = towns.squares(truth.index.tolist())
    percent = dict.fromkeys(KEY, "households")
    data = dataset.from_frames(areas, written, year=2022, percent=percent)
    return analysis.run(data)


@pytest.fixture(scope="module")
def page(results):
    styles = atlas.cluster_styles(results, VIEW)
    return Page(report.build(results, VIEW, [], cluster_styles=styles))


def test_a_written_zero_that_may_be_a_few_has_bounds_and_no_balance():
    index = pd.Index(["0581C1010", "0581C1020", "0581C1030"], name="deso")
    zero, written = pd.Series(0.0, index), pd.Series("value", index)
    high = Counts(zero, zero, pd.Series([0.0, 5.0, 5.0], index), written)
    low = Counts(*(pd.Series([60.0, 60.0, 0.0], index),) * 3, written)
    found = balance.areas(low, high)
    assert found["status"].tolist() == ["nobody high", "rounded to zero", "rounded to zero"]
    assert found["estimate"].tolist()[0] == np.inf
    assert found["estimate"].isna().tolist() == [False, True, True]
    assert found["lower"].tolist()[:2] == [np.inf, 60 / 5]
    place = balance.places(low, high).iloc[0]
    assert (place["areas"], place["areas_without_high"], place["areas_rounded_to_zero"]) == (
        3,
        1,
        2,
    )


def test_bounds_hold_the_truth_of_every_area_and_of_the_town(truth, results):
    table = results.measured["balance"].table
    areas = table.xs(("area", 2022, "all"), level=("level", "year", "group"))
    true = (truth["low"] / truth["high"]).reindex(areas.index)
    assert (areas["lower"] <= true).all()
    assert (true <= areas["upper"]).all()
    whole = results.row("balance", VIEW.whole(results))
    ratio = truth["low"].sum() / truth["high"].sum()
    assert whole["lower"] <= ratio <= whole["upper"]
    assert whole["lower"] < whole["upper"]


def test_nobody_is_said_to_be_without_rich_or_poor(truth, results, page):
    zeros = int(((truth[KEY] / 1000) < 0.005).any(axis=1).sum())
    assert zeros > 1
    status = results.areas["balance_status"].value_counts()
    assert status["rounded to zero"] == zeros
    assert "nobody high" not in status
    assert "∞" not in page.text.replace("∞ betyder", "")
    assert not re.search(r"\b[Ii]nga hushåll|\b0 områden", page.text)
    found = rounding.zeros(results, VIEW)
    assert (found.over + found.under, found.open) == (zeros, 0)
    shown = results.areas[results.areas["balance_status"] == "rounded to zero"]
    assert found.least == shown["balance_at_least"][shown["balance_at_least"] > 0].min()
    told = rounding.in_short(found, "sv")
    assert told.startswith(f"i {found.over} områden minst ")
    assert page.text.count(told) == 1
    assert f"I {found.over} områden är ett av antalen avrundat till noll; där" in page.text
    assert told in atlas.maps(results, VIEW)[0].style.caption
    assert "Där talet kan räknas är det lägst i" in page.text
    row = tables.balance(results, VIEW).iloc[0]
    assert row["areas_rounded_to_zero"] == zeros
    assert np.isfinite(row["highest"])
    assert row["lowest"] > 0


def test_the_summary_tells_counts_as_about_and_blames_no_missing_area(truth, page):
    (summary,) = re.findall(r"I \S+ finns mellan .*? alla hushåll", page.text)
    assert "Spannet beror på att källans uppgifter är avrundade." in summary
    assert "saknar uppgift" not in summary
    written = 10 * np.floor(truth[KEY] / 10 + 0.5).sum()
    for name in KEY:
        assert headline.about(written[name], "sv") in summary


def test_no_key_of_a_program_is_in_the_notes(results):
    (low, high) = [note for note in results.notes if note.kind == "rounded from per cent"]
    assert low.text.sv == "Låg köpkraft: antalen är räknade ur avrundade procent."
    assert high.codes == ()


def test_an_area_whose_bounds_lie_in_one_class_is_coloured_and_marked(results):
    drawn = atlas.maps(results, VIEW)[0]
    classes = classify(
        drawn.values, drawn.style, status=drawn.status, lower=drawn.lower, upper=drawn.upper
    )
    zero = results.areas["balance_status"] == "rounded to zero"
    in_one = zero & (drawn.lower > max(drawn.style.edges))
    assert in_one.any()
    assert (classes[in_one] == len(drawn.style.labels) - 1).all()


def test_an_area_whose_bounds_reach_into_another_class_is_marked_and_counted(results, page):
    drawn = atlas.maps(results, VIEW)[0]
    sides = {"lower": drawn.lower, "upper": drawn.upper}
    doubt = styles.doubtful(drawn.values, drawn.style, **sides)
    table = results.at("balance", "area").loc[drawn.values.index]
    edges = pd.Series(drawn.style.edges)
    crossed = [
        ((edges >= row["lower"]) & (edges < row["upper"])).any() and not pd.isna(row["estimate"])
        for _, row in table.iterrows()
    ]
    assert doubt.tolist() == crossed
    assert 0 < doubt.sum() < len(doubt)
    figure = atlas.plot(results, "balance", VIEW)
    marks = {line.get_gid(): line for axes in figure.axes for line in axes.lines}
    assert len(marks["doubtful"].get_xdata()) == doubt.sum()
    alt = str(figure.get_label())
    assert f"{styles.DOUBTFUL('sv')}: {doubt.sum()}" in alt
    assert f"I {doubt.sum()} områden kan klassen på kartan vara en annan" in page.text


def test_the_width_of_the_bounds_is_stated(results, page):
    (told,) = re.findall(r"i mitten (\d+,\d\d) gånger det lägsta", page.text)
    table = results.at("balance", "area")
    ratios = (table["upper"] / table["lower"])[table["estimate"].notna()]
    assert float(told.replace(",", ".")) == pytest.approx(ratios.median(), abs=0.006)


def test_a_selection_on_the_page_sums_the_bounds_and_not_the_rounded_counts(results):
    _, columns = unpacked(atlas.page(results, VIEW))
    drawn = atlas.maps(results, VIEW)[0]
    doubt = styles.doubtful(drawn.values, drawn.style, lower=drawn.lower, upper=drawn.upper)
    assert ((columns["layer0.marks"] == 2) == doubt.to_numpy()).all()
    dataset_counts = results.dataset.counts
    for side in ("low", "high"):
        least = dataset_counts[f"{side}_lower"].to_numpy()
        most = dataset_counts[f"{side}_upper"].to_numpy()
        assert (columns[f"counts0.{side}"] - 1 == np.floor(least)).all()
        assert (columns[f"counts0.{side}_most"] - 1 == np.ceil(most)).all()
