"""A share over several years: scipy and enumeration as oracles, bounds, breaks, and chance."""

import math
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.stats import chi2, chi2_contingency, ncx2

from grannskap import balance
from grannskap.counts import Counts
from grannskap.errors import DataError
from grannskap.measures.balance import homogeneity
from grannskap.measures.balance.changes import possible_p

YEARS = (2016, 2017, 2018, 2019, 2020, 2021)


def index(size):
    return pd.Index([f"0180C{1010 + 10 * i}" for i in range(size)], name="deso")


def known(table, years=YEARS):
    """By year, from a row per area."""
    rows = np.asarray(table, dtype=float)
    return {
        year: Counts.known(pd.Series(rows[:, i], index(len(rows))))
        for i, year in enumerate(years[: rows.shape[1]])
    }


def between(lower, upper, years=YEARS):
    """Counts of which only the bounds are known."""
    low, high = (np.asarray(one, dtype=float) for one in (lower, upper))
    areas = index(len(low))
    hidden = pd.Series("suppressed", areas)
    return {
        year: Counts(
            pd.Series(np.where(low[:, i] == high[:, i], low[:, i], np.nan), areas),
            pd.Series(low[:, i], areas),
            pd.Series(high[:, i], areas),
            hidden.where(low[:, i] != high[:, i], "value"),
        )
        for i, year in enumerate(years[: low.shape[1]])
    }


def over(low, base, **options):
    return balance.over_years(known(low), known(base), **options)


def independent(areas, size, share, rho=0.0, seed=0, years=6):
    """Draw low counts of areas whose share is the same in all years."""
    rng = np.random.default_rng(seed)
    shares = np.full((areas, years), share)
    if rho:
        scale = 1 / rho - 1
        shares = rng.beta(share * scale, (1 - share) * scale, (areas, years))
    return rng.binomial(size, shares)


def test_dense_tables_have_scipys_g_with_williams_correction():
    rng = np.random.default_rng(3)
    base = rng.integers(150, 400, (60, 5))
    low = rng.binomial(base, rng.uniform(0.2, 0.6, (60, 5)))
    found = over(low, base)
    for a, n, row in zip(low, base, found.itertuples(), strict=True):
        g, _, freedom, expected = chi2_contingency(
            [a, n - a], correction=False, lambda_="log-likelihood"
        )
        assert expected.min() >= 5
        by_year = n.sum() * (1 / n).sum() - 1
        by_row = n.sum() * (1 / a.sum() + 1 / (n - a).sum()) - 1
        divisor = 1 + by_year * by_row / (6 * n.sum() * freedom)
        assert row.statistic == pytest.approx(g / divisor, rel=1e-10)
        assert row.p == pytest.approx(chi2.sf(g / divisor, freedom), rel=1e-9)
        assert (row.years, freedom) == (5, 4)


def enumerated(low, sizes):
    """Return the chance of tables of the same margins whose G² is as large or larger."""
    total, seen = sum(low), None
    tables = []
    for cells in product(*(range(min(n, total) + 1) for n in sizes)):
        if sum(cells) == total:
            weight = math.prod(math.comb(n, a) for n, a in zip(sizes, cells, strict=True))
            a, n = np.array([cells], dtype=float), np.array([sizes], dtype=float)
            g = homogeneity.g_squared(a, n - a)[0]
            tables.append((g, weight))
            seen = g if cells == tuple(low) else seen
    whole = sum(weight for _, weight in tables)
    return sum(weight for g, weight in tables if g >= seen - 1e-9) / whole


@pytest.mark.parametrize(
    ("low", "sizes"),
    [((0, 1, 5), (9, 8, 10)), ((2, 2, 1, 3), (12, 9, 7, 11)), ((0, 0, 4), (30, 25, 12))],
)
def test_sparse_tables_have_the_chance_of_every_table_of_their_margins(low, sizes):
    p = over([low], [sizes])["p"].iloc[0]
    exact = enumerated(low, sizes)
    assert p == pytest.approx(exact, abs=4 * math.sqrt(exact * (1 - exact) / 499))


def test_two_years_have_the_test_of_two_years():
    low, base = [[3, 9], [40, 61], [0, 4]], [[50, 60], [200, 210], [30, 30]]
    found = over(low, base)
    a, b = np.array(low, dtype=float), np.array(base, dtype=float)
    columns = [pd.Series(one, index(3)) for i in (0, 1) for one in (a[:, i], (b - a)[:, i])]
    assert found["p"].tolist() == balance.change(*columns)["p"].tolist()
    assert found["years"].tolist() == [2, 2, 2]


def test_an_area_that_lacks_a_year_is_tested_over_the_others():
    low = [[30, np.nan, 44, 90], [20, 21, 22, np.nan], [np.nan, np.nan, 9, np.nan]]
    base = [[200, np.nan, 210, 220], [90, 90, 90, 90], [50, 50, 50, 50]]
    found = over(low, base)
    assert found["years"].tolist() == [3, 3, 1]
    alone = over([[30, 44, 90]], [[200, 210, 220]])
    assert found["p"].iloc[0] == alone["p"].iloc[0]
    assert found["status"].iloc[2] == "untested"
    assert found["share_first"].iloc[0] == 30 / 200
    assert found["share_last"].iloc[1] == 22 / 90


cells = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 5), st.integers(0, 9), st.integers(0, 5)),
    min_size=3,
    max_size=4,
)


def test_of_many_years_too_the_greatest_is_found_or_nearly(monkeypatch):
    """The way for more than ten years, held against every corner of five."""
    rng = np.random.default_rng(3)
    low, rest = rng.integers(0, 10, (2, 400, 5)).astype(float)
    more, others = rng.integers(0, 6, (2, 400, 5)).astype(float)
    few, many = (low, rest + others), (low + more, rest)
    boxes = homogeneity.Boxes((low, rest), few, many)
    every = homogeneity.g_squared(*boxes.furthest())
    monkeypatch.setattr(homogeneity, "_EVERY", 0)
    near = homogeneity.g_squared(*boxes.furthest())
    assert (near <= every + 1e-8).all()
    assert (near >= every - 1e-8).mean() > 0.98


@settings(deadline=None, max_examples=80)
@given(cells)
@example([(1, 5, 0, 0), (4, 4, 1, 1), (6, 1, 0, 4)])
def test_no_possible_counts_have_less_or_more_than_the_bounds_say(years):
    low = [range(a, a + more + 1) for a, more, _, _ in years]
    rest = [range(b, b + more + 1) for _, _, b, more in years]
    ends = [
        np.array([[one[end] for one in part]], float) for part in (low, rest) for end in (0, -1)
    ]
    boxes = homogeneity.Boxes((ends[0], ends[2]), (ends[0], ends[3]), (ends[1], ends[2]))
    least = homogeneity.g_squared(*boxes.nearest())[0]
    most = homogeneity.g_squared(*boxes.furthest())[0]
    rng = np.random.default_rng(1)
    inside = [
        np.array([[rng.choice(one) for one in part] for _ in range(300)], float)
        for part in (low, rest)
    ]
    found = homogeneity.g_squared(*inside)
    assert found.min() >= least - 1e-8
    assert found.max() <= most + 1e-8
    corners = product(
        *(product((a[0], a[-1]), (b[0], b[-1])) for a, b in zip(low, rest, strict=True))
    )
    every = np.array([*corners], float)
    assert homogeneity.g_squared(every[..., 0], every[..., 1]).max() == pytest.approx(
        most, abs=1e-8
    )


def test_what_rounding_allows_is_no_finding_and_hidden_counts_leave_it_open():
    base = known([[200] * 4] * 3)
    lower = np.array([[20, 24, 22, 20], [20, 20, 20, 20], [10, 60, 110, 150]])
    upper = np.array([[26, 26, 26, 26], [20, 20, 20, 90], [14, 64, 114, 154]])
    found = balance.over_years(between(lower, upper), base)
    assert found["p"].iloc[0] == 1.0
    assert found["status"].tolist() == ["chance", "unsure", "changed"]
    assert (found["q_least"] <= found["q"]).all()
    assert np.isnan(found["statistic"].iloc[0])


def test_rows_and_neighbours_in_the_table_change_nothing():
    low, base = independent(40, 30, 0.05, seed=5), np.full((40, 6), 30)
    found = over(low, base, seed=3)
    order = np.random.default_rng(0).permutation(40)
    turned = over(low[order], base[order], seed=3)
    assert found["p"].to_numpy()[order].tolist() == turned["p"].tolist()
    assert over(low[:3], base[:3], seed=3)["p"].tolist() == found["p"].tolist()[:3]


def test_a_break_is_never_crossed():
    low = [[20, 21, 19, 80, 81, 79], [20, 21, 70, 80, 20, 79]]
    found = over(low, np.full((2, 6), 200), breaks=[2019])
    assert found.index.get_level_values("first_year").tolist() == [2016, 2016, 2019, 2019]
    assert found["last_year"].tolist() == [2018, 2018, 2021, 2021]
    assert found["status"].tolist() == ["chance", "changed", "chance", "changed"]
    assert over(low, np.full((2, 6), 200))["status"].tolist() == ["changed", "changed"]


def test_single_years_between_breaks_have_no_test():
    found = over([[20, 90]], [[200, 200]], breaks=[2017])
    assert found.empty
    assert found.index.names == ["first_year", "deso"]


@pytest.mark.parametrize(
    ("size", "share", "rho"), [(300, 0.3, 0.0), (40, 0.04, 0.0), (150, 0.3, 0.02)]
)
def test_of_areas_that_did_not_change_no_more_are_found_than_the_error_says(size, share, rho):
    low = independent(1_500, size, share, rho, seed=2)
    found = over(low, np.full(low.shape, size), dispersion=rho, correction="none")
    rate = (found["p"] <= 0.05).mean()
    assert rate <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 1_500)
    assert rate >= 0.02


def test_persons_of_one_household_are_no_evidence_of_their_own():
    rng = np.random.default_rng(4)
    low = 3 * rng.binomial(100, 0.3, (1_000, 6))
    base = np.full(low.shape, 300)
    wrong = over(low, base, correction="none")["p"]
    right = over(low, base, correction="none", alike=3.0)["p"]
    assert (wrong <= 0.05).mean() > 0.3
    assert (right <= 0.05).mean() <= 0.07


def test_planted_changes_are_found_and_few_others():
    low = independent(600, 250, 0.25, seed=6)
    rng = np.random.default_rng(7)
    drift = 0.25 + 0.03 * np.arange(6)
    low[:100] = rng.binomial(250, drift, (100, 6))
    found = over(low, np.full(low.shape, 250))["status"].eq("changed").to_numpy()
    assert found[:100].mean() > 0.5
    assert found[100:].sum() / max(found.sum(), 1) <= 0.1


def test_power_is_that_of_the_noncentral_distribution():
    rng = np.random.default_rng(8)
    drift = 0.25 + 0.02 * np.arange(6)
    low = rng.binomial(250, drift, (2_000, 6))
    found = (over(low, np.full(low.shape, 250))["p"] <= 0.05).mean()
    middle = drift.mean()
    away = 250 * ((drift - middle) ** 2).sum() / (middle * (1 - middle))
    assert found == pytest.approx(ncx2.sf(chi2.isf(0.05, 5), 5, away), abs=0.04)


def test_the_joint_test_finds_what_the_ends_alone_do_not_show():
    low = [[50, 90, 90, 50], [50, 50, 50, 50]]
    found = over(low, np.full((2, 4), 200))
    assert found["status"].tolist() == ["changed", "chance"]
    ends = [pd.Series([float(one)], index(1)) for one in (50, 150, 50, 150)]
    assert possible_p(*ends)[0].tolist() == [1.0]


def test_years_of_parts_and_bases_must_be_the_same():
    with pytest.raises(DataError, match="2018"):
        balance.over_years(known([[1, 2, 3]]), known([[9, 9]]))
