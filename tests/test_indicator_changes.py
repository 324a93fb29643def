"""The change of a share: against brute force, within bounds; and the country beside the places."""

from dataclasses import replace
from math import comb

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grannskap import analysis, project
from grannskap.counts import Counts
from grannskap.errors import ColumnError
from grannskap.measures import indicators
from grannskap.measures.balance.conditional import Tables, two_sided_p
from grannskap.outputs import points, tables
from grannskap.outputs.report import indicators as of_report
from grannskap.outputs.report import texts

relaxed = settings(deadline=None, max_examples=40)
CODES = ["0581C1010", "0581C1020"]
cell = st.integers(0, 12)


def by_hand(a, b, c, d):
    """Twice the smaller tail of the hypergeometric, each with what was counted, at most 1."""
    drawn, whole = a + b, a + b + c + d
    low = a + c
    weights = {
        x: comb(low, x) * comb(whole - low, drawn - x)
        for x in range(max(0, drawn - (whole - low)), min(low, drawn) + 1)
    }
    every = sum(weights.values())
    tails = (
        sum(w for x, w in weights.items() if x >= a),
        sum(w for x, w in weights.items() if x <= a),
    )
    return min(1.0, 2 * min(tails) / every)


def one(value):
    return pd.Series([float(value)], index=CODES[:1])


@given(cell, cell, cell, cell)
@relaxed
def test_p_is_that_of_every_table_counted_out(a, b, c, d):
    if not (a + b and c + d):
        return
    found = indicators.change((one(c), one(c + d)), (one(a), one(a + b))).iloc[0]
    assert found["p"] == pytest.approx(by_hand(a, b, c, d), rel=1e-9)
    assert found["estimate"] == pytest.approx(a / (a + b) - c / (c + d))
    assert found["lower"] == found["upper"] == pytest.approx(found["estimate"])


def test_millions_have_the_p_of_scipy():
    from scipy.stats import norm

    cells = (4_001_500, 2_000_000, 4_000_000, 2_000_000)
    p = two_sided_p(Tables(*(np.array([one]) for one in cells)))[0]
    a, b, c, d = map(float, cells)
    pooled = (a + c) / (a + b + c + d)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / (a + b) + 1 / (c + d)))
    z = (a / (a + b) - c / (c + d)) / spread
    assert p == pytest.approx(2 * norm.sf(abs(z)), rel=1e-2)


def test_what_is_rounded_is_no_change_of_its_own():
    base = pd.Series([1000.0], index=CODES[:1])
    status = pd.Series(["value"], index=CODES[:1])

    def rounded(value):
        told = pd.Series([value], index=CODES[:1])
        return Counts(told, told - 5, told + 5, status)

    found = indicators.change((rounded(100.0), base), (rounded(108.0), base)).iloc[0]
    assert found["estimate"] == pytest.approx(0.008)
    assert (found["lower"], found["upper"]) == pytest.approx((-0.002, 0.018))
    assert found["p"] == 1


def test_a_hidden_area_widens_the_bounds_and_leaves_the_estimate_alone():
    base = pd.Series([100.0, 100.0], index=CODES)
    then = pd.Series([20.0, 20.0], index=CODES)
    now = Counts(
        pd.Series([40.0, np.nan], index=CODES),
        pd.Series([40.0, 1.0], index=CODES),
        pd.Series([40.0, 3.0], index=CODES),
        pd.Series(["value", "suppressed"], index=CODES),
    )
    found = indicators.change((then, base), (now, base)).iloc[0]
    assert found["estimate"] == pytest.approx(0.2)
    assert (found["lower"], found["upper"]) == pytest.approx((41 / 200 - 0.2, 43 / 200 - 0.2))
    assert (found["areas"], found["areas_missing"]) == (1, 1)


def test_the_country_stands_beside_a_town_of_a_national_file(shared_data, tmp_path):
    path = shared_data / "polygons" / "deso2018_uppsala_lan_plus_neighbours_262.gpkg"
    stats = shared_data / "stats" / "deso2018_sweden_5984_stats_2022.csv"
    text = f"""
title = "Uppsala"
view = "0380"
roots = ["{shared_data}"]
[boundaries]
path = "{path}"
division = 2018
[[register]]
path = "{stats}"
code = "deso"
year = 2022
[register.columns]
foreign_background = "bg_foreign"
population = "bg_total"
[balance]
low = "foreign_background"
high = "population"
"""
    file = tmp_path / "project.toml"
    file.write_text(text, encoding="utf-8")
    data, options, view = analysis.read(project.read(file))
    results = analysis.check(data, options)
    table = tables.indicators(results, view)
    assert table.index.get_level_values("place").tolist()[-1] == "Riket"
    raw = pd.read_csv(stats)
    expected = raw["bg_foreign"].sum() / raw["bg_total"].sum()
    row = table.iloc[-1]
    assert row["foreign_background_share"] == pytest.approx(expected)
    assert (row["areas"], row["population"]) == (5984, raw["bg_total"].sum())
    without = options.model_copy(update={"indicators": project.IndicatorOptions(country=False)})
    alone = tables.indicators(analysis.check(data, without), view)
    assert "Riket" not in alone.index.get_level_values("place")


def test_the_report_tells_points_and_marks_what_chance_could_do(demo_results, demo_view):
    grid = of_report.indicators(demo_results, demo_view)[1]
    heads = [column.heading for column in grid.columns]
    cells = {row[0].text: row for row in grid.rows}
    row = demo_results.row("low_income_share_change", demo_view.whole(demo_results))
    told = cells["Andel med låg köpkraft"][heads.index("Förändring, alla")].text
    points = float(told.rstrip("†‡").lstrip("+").replace(",", ".").replace("−", "-"))
    assert points == pytest.approx(100 * row["estimate"], abs=0.0501)
    unknown = row["lower"] <= 0 <= row["upper"]
    assert ("‡" in told) == unknown
    assert ("†" in told) == (not unknown and row["q"] > 0.05)


def test_places_stand_side_by_side_in_the_studys_order(demo_results, demo_view):
    grid = of_report.indicators(demo_results, demo_view)[0]
    heads = [column.heading for column in grid.columns]
    assert heads[:4] == [
        "Plats", "Grupp", "Förvärvsfrekvens", "Andel med minst 3 års eftergymnasial utbildning"
    ]  # fmt: skip
    assert [row[1].text for row in grid.rows][:2] == ["Alla", "Allmännyttan"]
    assert grid.caption == "Indikatorer per plats, 2017"


def test_of_many_places_the_changes_stand_in_one_table(demo_results, demo_view, monkeypatch):
    few = of_report.indicators(demo_results, demo_view)
    monkeypatch.setattr(of_report, "_MOST_PLACES", 1)
    side, changes = of_report.indicators(demo_results, demo_view)
    assert side == few[0]
    assert changes.caption.startswith("Indikatorer per plats: förändring 2012–2017")
    heads = [column.heading for column in changes.columns]
    alone = {row[0].text: row for row in few[1].rows}
    place = next(iter(demo_view.places(demo_results)))
    for row in changes.rows:
        if (row[0].text, row[1].text) != (place, "Alla"):
            continue
        for head, cell in zip(heads[2:], row[2:], strict=True):
            assert cell == alone[head][-2]  # the last but one: of everybody


def test_the_studys_own_table_is_written_as_the_study_has_it(shared_data, demo_view):
    """Places as rows, everybody and those in public housing, in whole per cent."""
    held = pd.read_csv(shared_data / "published" / "indicators_2017.csv")
    names = list(held.columns[4:9])
    table = held.set_index(["place", "year", "group"])[names]
    table = table.assign(areas=9, **{f"{name}_missing": 0 for name in names})
    grid = of_report._all_places(demo_view, table, names)
    assert [row[0].text for row in grid.rows] == held["place"].tolist()
    assert {row[1].text for row in grid.rows} == {"Alla", "Allmännyttan"}
    for row, (_, own) in zip(grid.rows, held.iterrows(), strict=True):
        told = [cell.text for cell in row[2:]]
        assert told == [
            "–" if np.isnan(own[name]) else f"{100 * own[name]:.0f}\u00a0%" for name in names
        ]
    markdown, latex = (write([grid], "sv") for write in (texts.markdown, texts.latex))
    assert "| Rannebergen | Allmännyttan | 54\u00a0% | 12\u00a0% | 56\u00a0% |" in markdown
    assert r"Rannebergen & Allmännyttan & 54~\% & 12~\% & 56~\%" in latex
    assert latex.count(r" \\" + "\n") == 1 + len(held)


def test_both_text_forms_hold_every_cell_and_say_what_their_signs_mean(demo_results, demo_view):
    grids = of_report.indicators(demo_results, demo_view)
    markdown, latex = (write(grids, "sv") for write in (texts.markdown, texts.latex))
    rows = sum(len(grid.rows) for grid in grids)
    lines = [line for line in markdown.splitlines() if line.startswith("|")]
    assert len(lines) == rows + 2 * len(grids)
    assert latex.count(r"\begin{tabular}") == len(grids)
    assert "‡" not in latex
    assert "−" not in latex
    for text in (markdown, latex):
        assert "kan bero på slumpen" in text
        assert "kan vända förändringen" in text


def test_the_file_of_changes_holds_what_the_report_tells(demo_results, demo_view):
    table = tables.named(demo_results, demo_view)["indicators-change"]
    whole = next(iter(demo_view.places(demo_results)))
    row = demo_results.row("employment_rate_change", demo_view.whole(demo_results))
    told = table.loc[(whole, "all", "employment_rate")]
    assert told["points"] == pytest.approx(100 * row["estimate"])
    assert told["within_chance"] == (row["q"] > 0.05)
    assert told["points_unknown"] == (
        row["lower"] < row["upper"] and row["lower"] <= 0 <= row["upper"]
    )
    assert table.index.is_unique
    assert (whole, "public_housing", "public_housing_share") not in table.index
    one = demo_results.options.model_copy(update={"compare": None})
    alone = replace(demo_results, options=one)
    assert points.by_place(alone, demo_view) is None


def test_an_indicator_that_the_data_do_not_give_is_refused_by_name(demo_results):
    asked = project.IndicatorOptions(shares=["employment_rate", "low_incme_share"])
    options = demo_results.options.model_copy(update={"indicators": asked})
    with pytest.raises(ColumnError) as error:
        analysis.run(demo_results.dataset, options)
    assert "low_incme_share" in error.value.told("sv")
    assert "employment_rate" in error.value.told("sv")
