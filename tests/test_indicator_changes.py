"""The change of a share: against brute force, within bounds; and the country beside the places."""

from math import comb

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grannskap import analysis, project
from grannskap.counts import Counts
from grannskap.measures import indicators
from grannskap.measures.balance.conditional import Tables, two_sided_p
from grannskap.outputs import tables
from grannskap.outputs.report import indicators as of_report

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
    grid = of_report.indicators(demo_results, demo_view)[0]
    heads = [column.heading for column in grid.columns]
    cells = {row[0].text: row for row in grid.rows}
    row = demo_results.row("low_income_share_change", demo_view.whole(demo_results))
    told = cells["Andel med låg köpkraft"][heads.index("Förändring, alla")].text
    points = float(told.rstrip("†‡").lstrip("+").replace(",", ".").replace("−", "-"))
    assert points == pytest.approx(100 * row["estimate"], abs=0.0501)
    unknown = row["lower"] <= 0 <= row["upper"]
    assert ("‡" in told) == unknown
    assert ("†" in told) == (not unknown and row["q"] > 0.05)
