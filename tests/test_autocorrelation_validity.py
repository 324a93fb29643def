"""Validity shown: calibrated under the null, powerful beside esda, equal to R's spdep."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal.graph import Graph
from scipy import stats

from grannskap import autocorrelation
from grannskap.measures.autocorrelation.null import exact
from grannskap.measures.autocorrelation.null.query import Query

SPDEP = Path(__file__).parent / "data" / "spdep"


def ring(count: int, reach: int) -> Graph:
    """Areas in a ring, each linked to `reach` on both sides."""
    codes = np.array([f"{i:05d}" for i in range(count)])
    steps = np.r_[1 : reach + 1, -reach:0]
    heads = np.repeat(np.arange(count), len(steps))
    tails = (heads + np.tile(steps, count)) % count
    return Graph.from_arrays(codes[heads], codes[tails], np.ones(len(heads)))


# ---- R's spdep -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def spdep():
    tables = {path.stem: pd.read_csv(path) for path in SPDEP.glob("*.csv")}
    links = tables["links"]
    graph = Graph.from_arrays(links["focal"], links["neighbor"], np.ones(len(links)))
    return (
        tables["values"].set_index("deso")["x"],
        graph,
        tables["local"].set_index("deso"),
        tables["overall"].set_index("statistic")["value"],
    )


@pytest.mark.parametrize("statistic", ["moran", "geary", "g", "g_star"])
def test_local_statistics_equal_spdep(spdep, statistic):
    values, graph, local, _ = spdep
    ours = autocorrelation.local(values, graph, statistic=statistic)["statistic"]
    n = len(values)
    # spdep's localC divides by the sample variance, esda and we by the population's.
    scale = (n - 1) / n if statistic == "geary" else 1
    np.testing.assert_allclose(ours * scale, local[statistic], rtol=1e-11)


def test_expected_equals_spdep(spdep):
    values, graph, local, _ = spdep
    ours = autocorrelation.local(values, graph)["expected"]
    n = len(values)
    # spdep gives the mean of the statistic that divides by n, not of the one it shows.
    np.testing.assert_allclose(ours * n / (n - 1), local["expected"], rtol=1e-11)


@pytest.mark.parametrize("statistic", ["moran", "geary", "g"])
def test_overall_statistics_equal_spdep(spdep, statistic):
    values, graph, _, overall = spdep
    ours = autocorrelation.overall(values, graph, statistic=statistic, permutations=9)
    assert ours.value == pytest.approx(overall[statistic], rel=1e-11)


def test_exact_p_equals_draws_made_in_r(spdep):
    values, graph, local, _ = spdep
    p = autocorrelation.local(values, graph)["p"]
    error = np.sqrt(p * (2 - p) / 99_999)
    assert (np.abs(p - local["p"]) < 4 * error + 2e-5).all()
    # spdep's own draws are made with replacement, so they agree only roughly.
    assert stats.spearmanr(p, local["p_spdep"])[0] > 0.99


# ---- the null ------------------------------------------------------------------------------------


@pytest.mark.parametrize("degree", [2, 6, 12])
@pytest.mark.parametrize("skewed", [False, True])
def test_p_is_uniform_under_the_null(degree, skewed):
    """One-sided p of one area over many maps: uniform, and under 0.05 in 5 % of them."""
    rng = np.random.default_rng(degree)
    graph = ring(60, degree // 2)
    codes = graph.unique_ids
    found = {"greater": [], "two-sided": []}
    for _ in range(150):
        x = rng.lognormal(0, 1, 60) if skewed else rng.normal(size=60)
        values = pd.Series(x, index=codes)
        for alternative, kept in found.items():
            p = autocorrelation.local(values, graph, alternative=alternative)["p"]
            kept.extend(p.iloc[::15])
    size = len(found["greater"])
    assert stats.kstest(found["greater"], "uniform").pvalue > 1e-3
    share = np.mean(np.array(found["two-sided"]) <= 0.05)
    assert abs(share - 0.05) < 4 * np.sqrt(0.05 * 0.95 / size)


@pytest.mark.parametrize("degree", range(1, 13))
def test_p_is_uniform_over_all_arrangements(degree):
    """Over random neighbourhoods of one area, p ≤ a happens with chance a at most, and nearly a."""
    rng = np.random.default_rng(degree)
    values = rng.lognormal(0, 1, 400)
    members = np.array([rng.choice(399, degree, replace=False) + 1 for _ in range(4000)])
    query = Query(
        own=np.zeros(4000, dtype=np.int64),
        sizes=np.full(4000, degree),
        starts=np.arange(4001) * degree,
        members=members.ravel(),
        weights=np.full(members.size, 1 / degree),
    )
    found = exact.Pool.of(values).tails(query)
    for tail in (found.lower, found.upper):
        for level in (0.01, 0.05, 0.5):
            error = np.sqrt(level * (1 - level) / 4000)
            assert abs((tail <= level).mean() - level) < 4 * error + 1 / 399


def test_overall_p_is_uniform_under_the_null():
    rng = np.random.default_rng(8)
    graph = ring(50, 2)
    p = [
        autocorrelation.overall(
            pd.Series(rng.lognormal(0, 1, 50), index=graph.unique_ids),
            graph,
            permutations=199,
            alternative="greater",
        ).p
        for _ in range(400)
    ]
    assert stats.kstest(np.array(p) - rng.random(400) / 200, "uniform").pvalue > 1e-3


def test_turned_arrangements_are_as_good_as_independent():
    """The count in a tail varies over seeds as a binomial does, no more."""
    rng = np.random.default_rng(5)
    graph = ring(1200, 3)
    x = rng.lognormal(0, 1, 1200)
    assert len(x) >= 1000
    values = pd.Series(x, index=graph.unique_ids)
    runs = [
        autocorrelation.overall(values, graph, permutations=1000, seed=seed).simulated
        for seed in range(80)
    ]
    level = np.quantile(np.concatenate(runs), 0.95)
    counts = np.array([(run >= level).sum() for run in runs])
    ratio = counts.var(ddof=1) / (1000 * 0.05 * 0.95)
    assert stats.chi2.cdf(ratio * 79, 79) < 0.999
    mean = np.mean(np.concatenate(runs))
    assert abs(mean + 1 / 1199) < 5 * np.std(np.concatenate(runs)) / np.sqrt(80_000)


# ---- many tests, and power -----------------------------------------------------------------------


def planted(rng, graph, strength):
    """A map of noise with a cluster of high values in its first ninth."""
    x = rng.normal(size=graph.n)
    x[: graph.n // 9] += strength
    return pd.Series(x, index=graph.unique_ids)


def test_false_discoveries_are_kept_under_the_null():
    rng = np.random.default_rng(3)
    graph = ring(90, 3)
    kept = [
        (autocorrelation.local(planted(rng, graph, 0), graph)["q"] <= 0.05).any()
        for _ in range(200)
    ]
    assert np.mean(kept) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 200)


def test_power_is_not_below_esda():
    """Found areas of a planted cluster at the same corrected level, with esda's own p doubled."""
    esda = pytest.importorskip("esda")
    rng = np.random.default_rng(6)
    graph = ring(270, 3)
    ours = theirs = 0
    for seed in range(5):
        values = planted(rng, graph, 1.5)
        table = autocorrelation.local(values, graph)
        local = esda.Moran_Local(values.to_numpy(), graph, permutations=9999, seed=seed)
        q = autocorrelation.adjust(np.minimum(1, 2 * local.p_sim), "bh")
        ours += int((table["q"][:30] <= 0.05).sum())
        theirs += int((q[:30] <= 0.05).sum())
    assert ours >= theirs > 20


def test_p_equals_esda_two_sided():
    esda = pytest.importorskip("esda")
    graph = ring(120, 3)
    values = planted(np.random.default_rng(2), graph, 1)
    local = esda.Moran_Local(values.to_numpy(), graph, permutations=9999, seed=1)
    p = autocorrelation.local(values, graph)["p"].to_numpy()
    theirs = np.minimum(1, 2 * local.p_sim)
    assert (np.abs(p - theirs) < 4.5 * np.sqrt(p * (2 - p) / 9999) + 4e-4).all()


def test_exact_equals_a_million_draws():
    graph = ring(600, 4)
    values = pd.Series(np.random.default_rng(9).lognormal(0, 1, 600), index=graph.unique_ids)
    p = autocorrelation.local(values, graph)["p"]
    drawn = autocorrelation.local(values, graph, inference="sampled", permutations=1_000_000)
    error = np.sqrt(p * (2 - p) / 1_000_000)
    assert (np.abs(p - drawn["p"]) < 5 * error + 4e-6).all()


@pytest.mark.parametrize("statistic", ["moran", "geary", "g", "bivariate_moran"])
def test_exact_equals_draws_for_every_statistic(statistic):
    graph = ring(150, 3)
    rng = np.random.default_rng(4)
    values, other = (pd.Series(rng.gamma(2, size=150), index=graph.unique_ids) for _ in range(2))
    options = {"statistic": statistic, "other": other if "bi" in statistic else None}
    p = autocorrelation.local(values, graph, **options)["p"]
    drawn = autocorrelation.local(
        values, graph, inference="sampled", permutations=40_000, **options
    )
    error = drawn["monte_carlo_error"]
    assert (np.abs(p - drawn["p"]) < 5 * error + 1e-4).all()
    means = drawn["statistic"] - drawn["expected"]
    assert means.notna().all()


def test_join_counts_are_hypergeometric():
    graph = ring(40, 2)
    yes = pd.Series((np.random.default_rng(1).random(40) < 0.4).astype(float), graph.unique_ids)
    table = autocorrelation.local(yes, graph, statistic="join_counts", alternative="greater")
    ones = int(yes.sum())
    for _, row in table[yes == 1].iterrows():
        tail = stats.hypergeom.sf(row["statistic"] - 1, 39, ones - 1, 4)
        assert row["p"] == pytest.approx(tail, abs=1e-12)
    assert table.loc[yes == 0, ["statistic", "p", "q"]].isna().all(axis=None)
    assert table.attrs["parameters"]["family"] == ones


def test_expected_is_the_mean_over_all_arrangements():
    """The mean under the null, from draws whose neighbourhood changes and own value does not."""
    graph, rng = ring(9, 1), np.random.default_rng(0)
    codes = graph.unique_ids
    values = pd.Series(rng.gamma(1, size=9), index=codes)
    for statistic in ("moran", "geary", "g", "g_star"):
        first = autocorrelation.local(values, graph, statistic=statistic).loc[codes[0], "expected"]
        seen = []
        for left in range(1, 9):
            for right in range(left + 1, 9):
                order = [0, left, *[i for i in range(1, 9) if i not in (left, right)], right]
                moved = pd.Series(values.to_numpy()[order], index=codes)
                table = autocorrelation.local(moved, graph, statistic=statistic)
                seen.append(table.loc[codes[0], "statistic"])
        assert np.mean(seen) == pytest.approx(first, rel=1e-10)


# ---- identities ----------------------------------------------------------------------------------

GRAPH = ring(24, 2)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    st.lists(st.integers(-1000, 1000), min_size=24, max_size=24).filter(lambda x: len(set(x)) > 1),
    st.floats(0.01, 100),
    st.floats(-100, 100),
)
def test_affine_maps_change_no_p(x, scale, shift):
    values = pd.Series(x, index=GRAPH.unique_ids, dtype=float)
    first = autocorrelation.local(values, GRAPH)
    moved = autocorrelation.local(values * scale + shift, GRAPH)
    np.testing.assert_allclose(moved["p"], first["p"], rtol=1e-6)
    np.testing.assert_allclose(moved["statistic"], first["statistic"], atol=1e-8)
    turned = autocorrelation.local(-values, GRAPH)
    np.testing.assert_allclose(turned["p"], first["p"], rtol=1e-6)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.permutations(range(24)), st.integers(0, 2**32 - 1))
def test_relabelling_moves_the_rows_and_nothing_else(order, seed):
    codes = GRAPH.unique_ids
    values = pd.Series(np.random.default_rng(seed).gamma(1, size=24), index=codes)
    names = dict(zip(codes, codes[list(order)], strict=True))
    links = GRAPH.adjacency.reset_index()
    graph = Graph.from_arrays(
        *(links[end].map(names).to_numpy() for end in ("focal", "neighbor")),
        links["weight"].to_numpy(),
    )
    first = autocorrelation.local(values, GRAPH)["p"]
    renamed = autocorrelation.local(values.rename(names), graph)["p"]
    np.testing.assert_allclose(renamed, first, rtol=1e-9)
