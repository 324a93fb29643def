"""Values that are hard on a test: ties, heavy skew, constants, and classes of either tail."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

from grannskap import autocorrelation, errors, notes


def ring(count: int, reach: int) -> Graph:
    """Areas in a ring, each linked to `reach` on both sides."""
    codes = np.array([f"{i:05d}" for i in range(count)])
    steps = np.r_[1 : reach + 1, -reach:0]
    heads = np.repeat(np.arange(count), len(steps))
    tails = (heads + np.tile(steps, count)) % count
    return Graph.from_arrays(codes[heads], codes[tails], np.ones(len(heads)))


def star(around: int) -> Graph:
    """An area in the middle, linked to some of the areas of a ring of 40 around it."""
    codes = np.array([f"{i:05d}" for i in range(41)])
    rim = np.arange(1, 41)
    heads = np.r_[np.zeros(around, dtype=int), rim, np.roll(rim, 1)]
    tails = np.r_[rim[:around], np.roll(rim, 1), rim]
    return Graph.from_arrays(codes[heads], codes[tails], np.ones(len(heads)))


def series(x, graph: Graph) -> pd.Series:
    return pd.Series(np.asarray(x, dtype=float), index=graph.unique_ids)


def kinds(table: pd.DataFrame) -> set[str]:
    return {note.kind for note in notes.of(table)}


def enumerated(x: np.ndarray, reach: int, *, squared: bool) -> np.ndarray:
    """Two-sided p of every area of a ring, from every neighbourhood there is."""
    count, p = len(x), np.empty(len(x))
    subsets = np.array(list(combinations(range(count - 1), 2 * reach)))
    for own in range(count):
        pool = (x - x[own]) ** 2 if squared else x - x.mean()
        near = (own + np.r_[-reach:0, 1 : reach + 1]) % count
        seen, sums = pool[near].sum(), np.delete(pool, own)[subsets].sum(axis=1)
        tie = 1e-12 * np.abs(pool).sum()
        p[own] = min(1.0, 2 * min((sums <= seen + tie).mean(), (sums >= seen - tie).mean()))
    return p


# ---- ties ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("shift", [0.0, np.pi])
def test_geary_counts_neighbours_that_all_equal_the_area(shift):
    graph = ring(30, 2)
    values = series([0.0] * 10 + list(range(20)), graph)
    scaled = values * (1.0 if shift == 0 else np.e / 10) + shift
    table = autocorrelation.local(scaled, graph, statistic="geary")
    # Eleven areas have 0, so the four neighbours of one do with C(10, 4) of C(29, 4).
    assert table["p"].iloc[5] == pytest.approx(2 * 210 / 23751, rel=1e-9)


def test_geary_is_exact_on_whole_numbers():
    graph = ring(40, 2)
    x = np.random.default_rng(9).integers(0, 4, 40).astype(float)
    p = autocorrelation.local(series(x, graph), graph, statistic="geary")["p"]
    np.testing.assert_allclose(p, enumerated(x, 2, squared=True), atol=1e-12)


def test_geary_is_exact_on_few_decimals():
    graph = ring(40, 2)
    x = np.random.default_rng(2).integers(0, 30, 40) / 100
    p = autocorrelation.local(series(x, graph), graph, statistic="geary")["p"]
    np.testing.assert_allclose(p, enumerated(x, 2, squared=True), atol=1e-12)


# ---- heavy skew ----------------------------------------------------------------------------------

SKEWED = {
    "log-normal": lambda rng, n: np.exp(2 * rng.normal(size=n)),
    "one extreme": lambda rng, n: np.r_[rng.random(n - 1), 1e3],
    "mostly nought": lambda rng, n: np.where(rng.random(n) < 0.7, 0, rng.random(n)),
}


@pytest.mark.parametrize("statistic", ["moran", "geary"])
@pytest.mark.parametrize("kind", SKEWED)
def test_skew_leaves_p_near_the_true_one(kind, statistic):
    """A p under 0.2 is within a fortieth, within what its draws leave, or said to be a bound."""
    graph = ring(40, 2)
    x = SKEWED[kind](np.random.default_rng(1), 40)
    table = autocorrelation.local(series(x, graph), graph, statistic=statistic)
    p, error = table["p"].to_numpy(), table["monte_carlo_error"].to_numpy()
    true = enumerated(x, 2, squared=statistic == "geary")
    matters = true < 0.2
    assert matters.any()
    most = table.attrs["parameters"]["largest_excess"]
    assert (p >= 0.975 * true - 4 * error)[matters].all()
    assert (p <= 1.025 * most * true + 4 * error + 2e-4)[matters].all()
    beyond = (p > 1.025 * true + 4 * error + 2e-4) & matters
    assert beyond.sum() <= table.attrs["parameters"]["bounded"]


@pytest.mark.parametrize("seed", [0, 4])
def test_skew_costs_no_power_where_a_finer_grid_tells(seed):
    graph = ring(24, 3)
    x = np.exp(2 * np.random.default_rng(seed).normal(size=24))
    table = autocorrelation.local(series(x, graph), graph)
    true = enumerated(x, 3, squared=False)
    assert (table["p"] <= 1.03 * true)[true < 0.2].all()
    assert (table["monte_carlo_error"] == 0).all()


def test_a_long_tail_over_a_whole_country_is_still_counted():
    """Where the grid has room for it, draws are not needed, and p is what they would tell."""
    graph = ring(5000, 3)
    x = np.exp(2 * np.random.default_rng(0).normal(size=5000))
    table = autocorrelation.local(series(x, graph), graph, permutations=99)
    assert table.attrs["parameters"]["drawn"] < 50
    drawn = autocorrelation.local(series(x, graph), graph, inference="sampled", permutations=20_000)
    counted = table["monte_carlo_error"] == 0
    error = np.sqrt(table["p"] * (2 - table["p"]) / 20_000)
    assert (np.abs(table["p"] - drawn["p"]) < 5 * error + 2e-4)[counted].all()


def test_a_bound_is_counted_and_said():
    graph = ring(300, 3)
    values = series(np.random.default_rng(5).standard_cauchy(300) ** 3, graph)
    table = autocorrelation.local(values, graph, statistic="geary", permutations=9)
    parameters = table.attrs["parameters"]
    said = [note for note in notes.of(table) if note.kind == "p is a bound"]
    assert parameters["bounded"] == sum(len(note.codes) for note in said) > 0
    assert parameters["largest_excess"] > 1
    assert parameters["drawn"] == (table["monte_carlo_error"] > 0).sum()
    (note,) = said
    assert "övre gräns" in note.text("sv")
    assert str(parameters["bounded"]) in note.text("en")


# ---- classes -------------------------------------------------------------------------------------


def around(own: float, near: float, *, rest: tuple[float, float] = (0.0, 1.0)) -> pd.Series:
    """An area of its own value, eight neighbours at nearly one, and the rest of the map."""
    rng = np.random.default_rng(0)
    x = np.r_[own, near + rng.random(8), rng.uniform(*rest, 32)]
    return series(x, star(8))


@pytest.mark.parametrize(
    ("own", "near", "rest", "expected"),
    [
        (3.0, 9.0, (0.0, 1.0), "low-high"),  # above the map's mean, far below its neighbours
        (9.0, 0.0, (8.0, 9.0), "high-low"),
        (9.0, 9.0, (0.0, 1.0), "high-high"),
        (0.5, 0.0, (8.0, 9.0), "low-low"),
    ],
)
def test_geary_classes_follow_the_tail(own, near, rest, expected):
    values = around(own, near, rest=rest)
    table = autocorrelation.local(values, star(8), statistic="geary", correction="none")
    row = table.iloc[0]
    assert row["p"] < 0.05
    assert (row["quadrant"], row["cluster"]) == (expected, expected)


def test_one_sided_geary_classes_are_of_the_tail_that_counts():
    values, graph = around(3.0, 9.0), star(8)
    options = {"statistic": "geary", "correction": "none"}
    unlike = autocorrelation.local(values, graph, alternative="greater", **options)
    assert set(unlike["quadrant"].dropna()) <= {"low-high", "high-low"}
    alike = autocorrelation.local(values, graph, alternative="less", **options)
    assert set(alike["quadrant"].dropna()) <= {"low-low", "high-high"}


@pytest.mark.parametrize("statistic", ["g", "g_star"])
def test_getis_ord_classes_hold_the_own_value_against_the_mean(statistic):
    options = {"statistic": statistic, "correction": "none"}
    low = autocorrelation.local(around(0.0, 9.0), star(8), **options).iloc[0]
    assert low["p"] < 0.05
    assert low["cluster"] == "low-high"
    high = autocorrelation.local(around(9.0, 0.0, rest=(8.0, 9.0)), star(8), **options).iloc[0]
    assert high["cluster"] == "high-low"
    alike = autocorrelation.local(around(9.0, 9.0), star(8), **options).iloc[0]
    assert alike["cluster"] == "high-high"


# ---- nothing to test -----------------------------------------------------------------------------


@pytest.mark.parametrize("statistic", ["moran", "geary", "g", "g_star"])
@pytest.mark.parametrize("inference", ["exact", "sampled"])
def test_a_constant_group_is_no_test(statistic, inference):
    graph = ring(40, 2)
    rng = np.random.default_rng(1)
    values = series(np.r_[rng.random(20), np.full(20, 0.3)], graph)
    towns = pd.Series(np.repeat(["a", "b"], 20), index=values.index)
    options = {"statistic": statistic, "inference": inference, "permutations": 99}
    table = autocorrelation.local(values, graph, within=towns, **options)
    flat, alone = table[20:], values.index[:20]
    assert flat[["statistic", "expected", "p", "q", "quadrant"]].isna().all(axis=None)
    assert (flat["cluster"] == "not significant").all()
    assert table.attrs["parameters"]["tested"] == 20
    (note,) = (note for note in notes.of(table) if note.kind == "constant groups")
    assert note.codes == ("b",)
    single = autocorrelation.local(
        values[alone], graph.subgraph(alone), within=towns[alone], **options
    )
    np.testing.assert_allclose(table["q"][:20], single["q"])


@pytest.mark.parametrize("statistic", ["g", "g_star"])
def test_no_p_where_all_others_sum_to_nought(statistic):
    graph = ring(12, 1)
    values = series([5.0] + [0.0] * 11, graph)
    table = autocorrelation.local(values, graph, statistic=statistic)
    undefined = table["statistic"].isna()
    assert (undefined == (np.arange(12) == 0) * (statistic == "g")).all()
    assert (table["p"].isna() == undefined).all()
    assert table.attrs["parameters"]["tested"] == 12 - undefined.sum()
    assert ("statistic not defined" in kinds(table)) == undefined.any()


@pytest.mark.parametrize("width", [0.0019, 0.003])
def test_what_differs_by_rounding_is_constant(width):
    graph = ring(40, 2)
    values = series(1e9 + np.linspace(0, width, 40), graph)
    for run in (autocorrelation.local, autocorrelation.overall, autocorrelation.scatter):
        with pytest.raises(errors.DataError, match="differ"):
            run(values, graph)
    towns = pd.Series("a", index=values.index)
    assert autocorrelation.overall_within(values, graph, towns)["status"].tolist() == ["constant"]


def test_a_group_is_constant_against_its_own_size():
    """Values that are large elsewhere do not make a small group constant."""
    graph = ring(40, 2)
    rng = np.random.default_rng(0)
    values = series(np.r_[rng.random(20) * 1e-9, 1e6 * rng.random(20)], graph)
    towns = pd.Series(np.repeat(["a", "b"], 20), index=values.index)
    table = autocorrelation.local(values, graph, within=towns)
    alone = autocorrelation.local(values[:20] * 1e9, graph.subgraph(values.index[:20]))
    np.testing.assert_allclose(table["statistic"][:20], alone["statistic"], rtol=1e-9)


def test_join_counts_refuse_unequal_weights():
    graph = ring(20, 2)
    yes = series(np.arange(20) % 3 == 0, graph)
    weights = np.random.default_rng(0).uniform(0.1, 1, len(graph.adjacency))
    uneven = Graph(pd.Series(weights, index=graph.adjacency.index, name="weight"))
    with pytest.raises(errors.DataError, match="weigh the same"):
        autocorrelation.local(yes, uneven, statistic="join_counts")
    shared = autocorrelation.local(yes, graph.transform("R"), statistic="join_counts")
    pd.testing.assert_frame_equal(
        shared, autocorrelation.local(yes, graph, statistic="join_counts")
    )


# ---- options, counts and groups of points --------------------------------------------------------


@pytest.mark.parametrize("option", [{"permutations": 2.5}, {"seed": 1.5}, {"permutations": True}])
def test_fractions_of_a_draw_are_refused(option):
    graph = ring(20, 2)
    values = series(np.arange(20.0) ** 2, graph)
    for run in (autocorrelation.local, autocorrelation.overall):
        with pytest.raises(errors.DataError, match="whole numbers"):
            run(values, graph, **option)


def test_complex_numbers_are_refused():
    graph = ring(20, 2)
    with pytest.raises(errors.DataError, match="numbers"):
        autocorrelation.local(pd.Series(np.arange(20) * 1j, index=graph.unique_ids), graph)


def test_more_events_than_the_base_are_refused():
    codes = [f"9999A{i:04d}" for i in range(3)]
    events, base = pd.Series([5.0, 10, 3], index=codes), pd.Series([2.0, 20, 30], index=codes)
    with pytest.raises(errors.DataError, match="9999A0000"):
        autocorrelation.rates.empirical_bayes(events, base)
    whole = base * (1 + 1e-12)  # a per cent of 100 turned back into a count
    assert autocorrelation.rates.empirical_bayes(whole, base).notna().all()


def test_overall_counts_tested_areas_and_pairs():
    graph = ring(20, 2)
    values = series(np.arange(20.0) ** 2, graph)
    values.iloc[[0, 1, 3, 4]] = np.nan  # the area between them keeps no neighbour
    result = autocorrelation.overall(values, graph, permutations=9)
    assert (result.areas, result.no_neighbours, result.tested) == (16, 1, 15)
    assert result.pairs == result.links / 2
    table = autocorrelation.local(values, graph)
    parameters = table.attrs["parameters"]
    assert (parameters["tested"], parameters["pairs"]) == (result.tested, result.pairs)


def test_one_way_links_are_pairs_once():
    codes = [f"{i}" for i in range(6)]
    graph = Graph.from_arrays(codes, [*codes[1:], codes[0]], np.ones(6))
    result = autocorrelation.overall(pd.Series(np.arange(6.0), index=codes), graph, permutations=9)
    assert (result.links, result.pairs) == (6, 6)


def test_scatter_within_groups_is_what_the_local_test_sees():
    graph = ring(40, 2)
    rng = np.random.default_rng(3)
    values = series(np.r_[rng.random(15), 100 + rng.random(15), np.full(10, 7.0)], graph)
    towns = pd.Series(np.repeat(["a", "b", "c"], [15, 15, 10]), index=values.index)
    points = autocorrelation.scatter(values, graph, within=towns)
    local = autocorrelation.local(values, graph, within=towns)
    moran = points["z"] * points["lag"] * 14 / 15
    np.testing.assert_allclose(moran, local["statistic"], atol=1e-12)
    assert points.loc[towns == "c", ["z", "lag", "influence"]].isna().all(axis=None)
    kept = points.dropna()
    slope = np.polyfit(kept["z"], kept["lag"], 1)[0]
    rest = kept.drop(kept.index[4])
    lost = slope - np.polyfit(rest["z"], rest["lag"], 1)[0]
    assert kept["influence"].iloc[4] == pytest.approx(lost, abs=1e-12)
