"""Rates, sensitivity, correlogram and scatterplot: against esda, regression and definition."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

from grannskap import autocorrelation, errors, notes

esda = pytest.importorskip("esda")


def ring(count: int, reach: int) -> Graph:
    codes = np.array([f"{i:05d}" for i in range(count)])
    steps = np.r_[1 : reach + 1, -reach:0]
    heads = np.repeat(np.arange(count), len(steps))
    tails = (heads + np.tile(steps, count)) % count
    return Graph.from_arrays(codes[heads], codes[tails], np.ones(len(heads)))


GRAPH = ring(40, 2)
RNG = np.random.default_rng(3)
BASE = pd.Series(RNG.integers(100, 2000, 40), index=GRAPH.unique_ids)
EVENTS = pd.Series(RNG.binomial(BASE, RNG.beta(4, 10, 40)), index=GRAPH.unique_ids)
VALUES = pd.Series(np.r_[np.full(12, 3.0), np.zeros(28)] + RNG.random(40), index=GRAPH.unique_ids)


# ---- rates ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("events", [EVENTS, pd.Series(5, EVENTS.index), BASE // 3])
def test_empirical_bayes_is_assuncao_and_reis_formula(events):
    ours = autocorrelation.rates.empirical_bayes(events, BASE.sample(frac=1, random_state=1))
    e, n = events.to_numpy(dtype=float), BASE.to_numpy(dtype=float)
    rate, common = e / n, e.sum() / n.sum()
    spread = (n * (rate - common) ** 2).sum() / n.sum() - common / n.mean()
    variance = spread + common / n
    variance = np.where(variance < 0, common / n, variance)
    np.testing.assert_allclose(ours.to_numpy(), (rate - common) / np.sqrt(variance), rtol=1e-12)


def test_moran_of_rates_equals_esda():
    rates = autocorrelation.rates.empirical_bayes(EVENTS, BASE)
    events, base = EVENTS.to_numpy(), BASE.to_numpy()
    overall = esda.Moran_Rate(events, base, GRAPH, permutations=0)
    assert autocorrelation.overall(rates, GRAPH, permutations=9).value == pytest.approx(overall.I)
    local = esda.Moran_Local_Rate(events, base, GRAPH, permutations=0)
    ours = autocorrelation.local(rates, GRAPH)["statistic"]
    np.testing.assert_allclose(ours, local.Is, atol=1e-12)


def test_rates_leave_out_what_has_no_base():
    base = BASE.astype(float).copy()
    base.iloc[0], base.iloc[1] = 0, np.nan
    rates = autocorrelation.rates.empirical_bayes(EVENTS, base)
    without = autocorrelation.rates.empirical_bayes(EVENTS[2:], BASE[2:])
    assert rates.iloc[:2].isna().all()
    pd.testing.assert_series_equal(rates[2:], without)


def test_impossible_counts_are_refused():
    with pytest.raises(errors.DataError, match="0 or more"):
        autocorrelation.rates.empirical_bayes(-EVENTS, BASE)
    with pytest.raises(errors.DataError, match="at least one event"):
        autocorrelation.rates.empirical_bayes(EVENTS * 0, BASE)
    with pytest.raises(errors.JoinError):
        autocorrelation.rates.empirical_bayes(EVENTS, BASE[1:])


def test_small_populations_vary_no_more_than_large_ones():
    """What standardising is for: under one common rate the spread is the same everywhere."""
    rng = np.random.default_rng(0)
    base = pd.Series(np.repeat([100, 5000], 300), index=[f"{i:03d}" for i in range(600)])
    events = pd.Series(rng.poisson(base * 0.2), index=base.index)
    rates = autocorrelation.rates.empirical_bayes(events, base)
    plain = events / base
    assert plain[:300].std() > 5 * plain[300:].std()
    assert rates[:300].std() < 1.5 * rates[300:].std()


# ---- sensitivity ---------------------------------------------------------------------------------


def test_sensitivity_counts_what_each_setting_says():
    graphs = {"near": GRAPH, "wide": ring(40, 4)}
    levels, seeds = (0.05, 0.2), (1, 2)
    options = {"inference": "sampled", "permutations": 499}
    table = autocorrelation.sensitivity(VALUES, graphs, alphas=levels, seeds=seeds, **options)
    classes = [
        autocorrelation.local(VALUES, graph, alpha=level, seed=seed, **options)["cluster"].astype(
            str
        )
        for graph in graphs.values()
        for seed in seeds
        for level in levels
    ]
    assert (table["settings"] == 8).all()
    assert (table["cluster"] == classes[0]).all()
    same = sum((setting == classes[0]).astype(int) for setting in classes)
    assert (table["same"] == same).all()
    assert (table["high-high"] == sum((c == "high-high").astype(int) for c in classes)).all()
    assert len(table.attrs["settings"]) == 8


def test_seeds_count_once_where_p_is_exact():
    table = autocorrelation.sensitivity(VALUES, {"near": GRAPH}, seeds=(1, 2, 3))
    assert (table["settings"] == 1).all()
    assert (table["share"] == 1).all()


TOWNS = pd.Series(np.repeat(["a", "b"], 20), index=VALUES.index)
OTHER = pd.Series(np.roll(VALUES.to_numpy(), 9), index=VALUES.index)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"within": TOWNS},
        {"correction": "none"},
        {"alternative": "less"},
        {"statistic": "geary"},
        {"statistic": "bivariate_moran", "other": OTHER},
        {"inference": "sampled", "permutations": 19},
        {"inference": "sampled", "permutations": 19, "most_permutations": 19},
    ],
)
@pytest.mark.parametrize("seed", [0, 7])
def test_a_single_setting_is_the_local_test_with_the_same_options(options, seed):
    table = autocorrelation.sensitivity(
        VALUES, {"near": GRAPH}, alphas=(0.1,), seeds=(seed,), **options
    )
    local = autocorrelation.local(VALUES, GRAPH, alpha=0.1, seed=seed, **options)
    assert table["cluster"].tolist() == local["cluster"].astype(str).tolist()
    for name in ("high-high", "low-low", "high-low", "low-high"):
        assert (table[name] == (local["cluster"] == name)).all()
    assert (table["same"] == 1).all()
    assert table.attrs["settings"] == [["near", 0.1, seed]]
    assert notes.of(table) == tuple(dict.fromkeys(notes.of(local)))


def test_options_of_a_setting_change_what_is_found():
    """So that it matters that each is passed on."""
    usual = autocorrelation.local(VALUES, GRAPH, alpha=0.1)["cluster"].astype(str)
    for options in (
        {"within": TOWNS},
        {"correction": "none"},
        {"alternative": "less"},
        {"statistic": "geary"},
        {"statistic": "bivariate_moran", "other": OTHER},
        {"inference": "sampled", "permutations": 19, "most_permutations": 19},
    ):
        other = autocorrelation.local(VALUES, GRAPH, alpha=0.1, **options)["cluster"].astype(str)
        assert (usual != other).any(), options


def test_seeds_count_where_any_p_is_drawn_and_missing_areas_stay_what_they_are():
    values = VALUES.copy()
    values.iloc[3] = np.nan
    options = {"inference": "sampled", "permutations": 99}
    table = autocorrelation.sensitivity(
        values, {"near": GRAPH, "wide": ring(40, 4)}, alphas=(0.05, 0.2), seeds=(1, 2), **options
    )
    assert table.attrs["settings"] == [
        [name, alpha, seed] for name in ("near", "wide") for seed in (1, 2) for alpha in (0.05, 0.2)
    ]
    assert table["cluster"].iloc[3] == "no data"
    assert (table["same"].iloc[3], table["share"].iloc[3]) == (8, 1)
    with pytest.raises(errors.DataError, match="1, 0 and 1"):
        autocorrelation.sensitivity(values, {"near": GRAPH}, alphas=())
    with pytest.raises(errors.DataError, match="1, 1 and 0"):
        autocorrelation.sensitivity(values, {"near": GRAPH}, seeds=())


def test_sensitivity_needs_a_graph():
    with pytest.raises(errors.DataError, match="at least one graph"):
        autocorrelation.sensitivity(VALUES, {})


# ---- correlogram ---------------------------------------------------------------------------------


POINTS = gpd.GeoSeries.from_xy(*RNG.uniform(0, 10, (2, 40)), index=VALUES.index, crs=3006)


def test_correlogram_equals_esda_band_by_band():
    table = autocorrelation.correlogram(VALUES, POINTS, bands=[0, 2, 4, 7])
    coordinates = np.column_stack([POINTS.x, POINTS.y])
    distance = np.hypot(*(coordinates[:, None] - coordinates).transpose(2, 0, 1))
    for row in table.itertuples(index=False):
        low, high = row[0], row[1]
        heads, tails = np.nonzero((distance > low) & (distance <= high))
        assert row.pairs == len(heads) / 2
        codes = VALUES.index.to_numpy()
        graph = Graph.from_arrays(codes[heads], codes[tails], np.ones(len(heads)))
        kept = VALUES[graph.unique_ids]
        if len(kept) == len(VALUES):
            ours = autocorrelation.overall(VALUES, graph, permutations=9)
            assert row.statistic == pytest.approx(ours.value, abs=1e-12)
            theirs = esda.Moran(kept.to_numpy(), graph, permutations=0)
            assert row.statistic == pytest.approx(theirs.I, abs=1e-12)
        assert row.lower < row.expected < row.upper


def test_correlogram_leaves_empty_bands_without_a_number():
    table = autocorrelation.correlogram(VALUES, POINTS, bands=[0, 1e-9, 3])
    assert table["pairs"].iloc[0] == 0
    assert table[["statistic", "p", "q"]].iloc[0].isna().all()
    assert table["p"].iloc[1] > 0


def test_correlogram_is_the_same_for_any_order():
    order = np.random.default_rng(0).permutation(40)
    first = autocorrelation.correlogram(VALUES, POINTS, bands=[0, 3])
    again = autocorrelation.correlogram(VALUES.iloc[order], POINTS, bands=[0, 3])
    pd.testing.assert_frame_equal(first, again)


@pytest.mark.parametrize("bands", [[0], [3, 1], [-1, 2], [1, 1]])
def test_bands_must_rise(bands):
    with pytest.raises(errors.DataError, match="rising"):
        autocorrelation.correlogram(VALUES, POINTS, bands=bands)


# ---- scatterplot ---------------------------------------------------------------------------------


def test_slope_of_the_scatterplot_is_morans_i():
    table = autocorrelation.scatter(VALUES, GRAPH)
    slope = np.polyfit(table["z"], table["lag"], 1)[0]
    assert slope == pytest.approx(autocorrelation.overall(VALUES, GRAPH, permutations=9).value)


def test_influence_is_what_the_slope_loses():
    table = autocorrelation.scatter(VALUES, GRAPH, named=3)
    slope = np.polyfit(table["z"], table["lag"], 1)[0]
    for code in table.index[:6]:
        rest = table.drop(code)
        lost = slope - np.polyfit(rest["z"], rest["lag"], 1)[0]
        assert table.loc[code, "influence"] == pytest.approx(lost, abs=1e-12)
    assert table["named"].sum() == 3
    assert (
        table.loc[table["named"], "influence"].abs().min()
        >= table.loc[~table["named"], "influence"].abs().max()
    )
