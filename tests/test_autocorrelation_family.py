"""What q is adjusted over, how small each p could be, and how many draws that takes."""

import json
import pickle
from itertools import combinations
from math import comb
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal.graph import Graph
from libpysal.weights import W
from scipy import stats

from grannskap import autocorrelation, errors, neighbours, notes
from grannskap.measures.autocorrelation import inference
from grannskap.measures.autocorrelation.null.query import Query, Reading


def ring(count: int, reach: int) -> Graph:
    """Areas in a ring, each linked to `reach` on both sides."""
    codes = np.array([f"{i:05d}" for i in range(count)])
    steps = np.r_[1 : reach + 1, -reach:0]
    heads = np.repeat(np.arange(count), len(steps))
    tails = (heads + np.tile(steps, count)) % count
    return Graph.from_arrays(codes[heads], codes[tails], np.ones(len(heads)))


def kinds(table: pd.DataFrame) -> set[str]:
    return {note.kind for note in notes.of(table)}


# ---- adjustment ----------------------------------------------------------------------------------


def heyse(p: list[float], attainable: list[list[float]]) -> list[float]:
    """Heyse's q by its definition: no sorting, no sums kept."""
    q = []
    for own in p:
        later = [t for t in p if t >= own]
        expected = [
            sum(max([a for a in ps if a <= t], default=0) for ps in attainable) for t in later
        ]
        q.append(
            min(1, *(e / sum(s <= t for s in p) for e, t in zip(expected, later, strict=True)))
        )
    return q


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.lists(
        st.lists(st.integers(1, 40), min_size=1, max_size=6, unique=True), min_size=1, max_size=7
    ),
    st.randoms(use_true_random=False),
)
def test_discrete_q_is_heyses_definition(lists, random):
    attainable = [sorted({*(k / 40 for k in ks), 1.0}) for ks in lists]
    p = [random.choice(ps) for ps in attainable]
    found = autocorrelation.adjust(p, "bh", attainable=attainable)
    np.testing.assert_allclose(found, heyse(p, attainable), rtol=1e-12)
    assert (found <= autocorrelation.adjust(p, "bh") + 1e-12).all()


def test_discrete_adjustment_gives_the_worked_example_of_discretefdr():
    """Nine tables of two treatments (148 and 132 persons), as in the vignette of DiscreteFDR.

    The package prints the step-down q of Döhler, Durand and Roquain, in which F / (1 − F) stands
    for F; it is made here of the same F.
    """
    first, second = [4, 2, 2, 14, 6, 9, 4, 0, 1], [0, 0, 1, 3, 2, 1, 2, 2, 2]
    p, attainable = [], []
    for one, two in zip(first, second, strict=True):
        total = one + two
        chance = stats.hypergeom.pmf(np.arange(total + 1), 280, total, 148)
        every = np.array([chance[chance <= c * (1 + 1e-7)].sum() for c in chance])
        p.append(every[one])
        attainable.append(np.minimum(np.unique(every.round(12)), 1.0))
    p = np.minimum(p, 1.0)
    printed = [0.01243145, 0.02126871, 0.12476691, 0.22135177, 0.28849298, 0.49984639, 0.60329543]
    np.testing.assert_allclose(np.sort(p)[:7], printed, atol=1e-8)
    plain = [0.37430072, 0.74976959, 1, 0.09570921, 0.51928737, 0.09570921, 0.77313633]
    np.testing.assert_allclose(autocorrelation.adjust(p, "bh")[:7], plain, atol=1e-8)
    order = np.argsort(p)
    alone = np.array(  # F_i at each p: the q of a family of one test that has it
        [
            [autocorrelation.adjust([t], "bh", attainable=[ps])[0] for t in p[order]]
            for ps in attainable
        ]
    )
    with np.errstate(divide="ignore"):
        raised = (alone / (1 - alone)).sum(axis=0) / np.arange(1, 10)
    down = np.minimum(np.maximum.accumulate(raised), 1)
    printed = [0.03819796, 0.03819796, 0.25630985, 0.47895996, 0.51482782, 1, 1, 1, 1]
    np.testing.assert_allclose(down, printed, atol=1e-6)
    up = autocorrelation.adjust(p, "bh", attainable=attainable)
    assert (np.sort(up)[:2] <= 0.0382).all()


def test_bonferroni_counts_the_tests_that_could_reach_so_far():
    """Tarone: a test whose smallest p is above the one held against costs nothing."""
    lists = [[0.01, 1.0], [0.3, 1.0], [0.005, 0.02, 1.0]]
    q = autocorrelation.adjust([0.01, 1.0, 0.02], "bonferroni", attainable=lists)
    np.testing.assert_allclose(q, [0.015, 1.0, 0.03])
    by = autocorrelation.adjust([0.01, 1.0, 0.02], "by", attainable=lists)
    np.testing.assert_allclose(by[:2], [min(0.015, 0.03 / 2) * (1 + 1 / 2 + 1 / 3), 1.0])


@pytest.mark.parametrize("method", ["bh", "by", "bonferroni", "none"])
def test_no_test_takes_no_part_in_the_adjustment(method):
    p = np.array([0.02, np.nan, 0.5, 0.001, np.nan])
    q = autocorrelation.adjust(p, method)
    assert np.isnan(q[[1, 4]]).all()
    np.testing.assert_allclose(q[[0, 2, 3]], autocorrelation.adjust(p[[0, 2, 3]], method))
    lists = [[v, 1.0] for v in p]
    q = autocorrelation.adjust(p, method, attainable=lists)
    kept = autocorrelation.adjust(p[[0, 2, 3]], method, attainable=[lists[i] for i in (0, 2, 3)])
    np.testing.assert_allclose(q[[0, 2, 3]], kept)


@pytest.mark.parametrize(
    "arguments", [([0.1], "holm"), ([0.1], "BH"), ([1.1], "bh"), ([-0.1], "bh")]
)
def test_what_cannot_be_adjusted_is_refused(arguments):
    with pytest.raises(errors.DataError):
        autocorrelation.adjust(*arguments)
    with pytest.raises(errors.DataError, match="of each of 2 tests"):
        autocorrelation.adjust([0.1, 0.2], attainable=[[0.1]])


# ---- the family ----------------------------------------------------------------------------------


def test_join_counts_are_adjusted_over_the_areas_that_have_the_property():
    graph = ring(400, 3)
    yes = pd.Series(0.0, index=graph.unique_ids)
    yes.iloc[np.r_[0:14, np.arange(20, 300, 10)]] = 1.0
    table = autocorrelation.local(yes, graph, statistic="join_counts")
    assert table.attrs["parameters"]["family"] == table["q"].notna().sum() == 42
    assert "areas without the property" in kinds(table)
    p = table.loc[yes == 1, "p"].to_numpy()
    assert (table.loc[yes == 1, "q"] <= autocorrelation.adjust(p, "bh") + 1e-12).all()


def towns(count: int, columns: int = 3) -> tuple[pd.Series, Graph, pd.Series]:
    """Towns of 9–12 areas in rows, each falling evenly from one end to the other."""
    rng = np.random.default_rng(0)
    links, values, town = [], {}, {}
    for number in range(count):
        size = int(rng.integers(9, 13))
        codes = [f"{number:03d}{i:03d}" for i in range(size)]
        for i, code in enumerate(codes):
            values[code], town[code] = i // columns + 1e-3 * rng.random(), f"{number:03d}"
            links += [
                (code, codes[j], 1)
                for j in range(size)
                if max(abs(i // columns - j // columns), abs(i % columns - j % columns)) == 1
            ]
    graph = Graph.from_arrays(*zip(*links, strict=True))
    return pd.Series(values), graph, pd.Series(town)


def every_p(values: np.ndarray, own: int, size: int) -> np.ndarray:
    """The two-sided p of each neighbourhood that an area could have."""
    sums = np.array([s.sum() for s in map(np.array, combinations(np.delete(values, own), size))])
    below = np.array([(sums <= s + 1e-9).mean() for s in sums])
    above = np.array([(sums >= s - 1e-9).mean() for s in sums])
    return np.minimum(1, 2 * np.minimum(below, above))


@pytest.mark.parametrize("whole", [False, True])
def test_small_towns_are_adjusted_over_what_their_areas_can_give(whole):
    values, graph, town = towns(4)
    values = (values // 1).rename(None) if whole else values
    table = autocorrelation.local(values, graph, within=town)
    nulls = []
    for code in values.index:
        inside = values[town == town[code]]
        own = inside.index.get_loc(code)
        possible = every_p(inside.to_numpy(), own, int(graph.cardinalities[code]))
        if values[code] == inside.mean():
            possible = np.ones(1)
        assert table.loc[code, "least_p"] == pytest.approx(possible.min(), rel=1e-9)
        nulls.append(possible)
    p = np.sort(table["p"].to_numpy())
    expected = np.array([sum((null <= t + 1e-9).mean() for null in nulls) for t in p])
    q = np.minimum.accumulate((expected / np.arange(1, len(p) + 1))[::-1])[::-1]
    small = p <= 0.15
    assert small.any()
    np.testing.assert_allclose(np.sort(table["q"])[small], q[small], rtol=1e-6)
    assert table.attrs["parameters"]["coarse"] == len(values)
    assert "coarse nulls" in kinds(table)


def test_gradients_in_small_towns_are_found():
    values, graph, town = towns(60)
    table = autocorrelation.local(values, graph, within=town)
    plain = autocorrelation.adjust(table["p"], "bh")
    assert (plain <= 0.05).sum() == 0
    assert (table["q"] <= 0.05).sum() > 100


def test_false_discoveries_are_kept_in_small_towns():
    """Values without a pattern, and towns whose p are coarse: some area in one map of twenty."""
    _, graph, town = towns(12)
    rng = np.random.default_rng(1)
    found = [
        (
            autocorrelation.local(
                pd.Series(rng.random(len(town)), index=town.index), graph, within=town
            )["q"]
            <= 0.05
        ).any()
        for _ in range(100)
    ]
    assert np.mean(found) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 100)


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
@pytest.mark.parametrize("statistic", ["moran", "geary", "g", "join_counts"])
def test_least_p_is_the_smallest_of_all_neighbourhoods(statistic, alternative):
    graph, rng = ring(9, 2), np.random.default_rng(3)
    x = rng.integers(0, 4, 9).astype(float)
    x = (x > 1).astype(float) if statistic == "join_counts" else x
    values = pd.Series(x, index=graph.unique_ids)
    options = {"statistic": statistic, "alternative": alternative, "correction": "none"}
    table = autocorrelation.local(values, graph, **options)
    for own in range(9):
        if np.isnan(table["p"].iloc[own]):
            continue
        others = np.delete(np.arange(9), own)
        pool = (x - x[own]) ** 2 if statistic == "geary" else x
        sums = np.array([pool[list(c)].sum() for c in combinations(others, 4)])
        below, above = (sums == sums.min()).mean(), (sums == sums.max()).mean()
        if statistic == "moran" and x[own] < x.mean():
            below, above = above, below
        least = {"two-sided": 2 * min(below, above), "greater": above, "less": below}[alternative]
        if statistic == "moran" and x[own] == x.mean():
            least = 1.0
        assert table["least_p"].iloc[own] == pytest.approx(min(1, least), rel=1e-9)


def test_the_least_p_of_a_large_map_is_of_one_arrangement():
    graph = ring(100, 2)
    values = pd.Series(np.random.default_rng(0).random(100), index=graph.unique_ids)
    table = autocorrelation.local(values, graph)
    np.testing.assert_allclose(table["least_p"], 2 / comb(99, 4), rtol=1e-9)
    assert table.attrs["parameters"]["coarse"] == 0
    np.testing.assert_allclose(table["q"], autocorrelation.adjust(table["p"], "bh"), rtol=1e-12)
    drawn = autocorrelation.local(values, graph, inference="sampled", permutations=99)
    few = drawn["monte_carlo_error"] > 0
    assert (drawn.loc[few, "least_p"] >= 2 / 100_000).all()


# ---- draws ---------------------------------------------------------------------------------------


def clustered(count: int) -> tuple[pd.Series, Graph]:
    graph = ring(count, 3)
    rng = np.random.default_rng(0)
    x = rng.normal(size=count)
    x[:12] += 6
    return pd.Series(x, index=graph.unique_ids), graph


def test_draws_grow_where_too_few_cannot_tell():
    values, graph = clustered(600)
    options = {"inference": "sampled", "permutations": 999}
    held = autocorrelation.local(values, graph, most_permutations=999, **options)
    table = autocorrelation.local(values, graph, **options)
    exact = autocorrelation.local(values, graph)
    assert (held["q"] <= 0.05).sum() == 0
    assert (table["q"] <= 0.05).sum() == (exact["q"] <= 0.05).sum() > 3
    parameters = table.attrs["parameters"]
    assert parameters["most_drawn"] == 10 * (2 * 600 * 20 - 1)
    assert held.attrs["parameters"]["most_drawn"] == 999
    assert ("more draws" in kinds(table), "more draws" in kinds(held)) == (True, False)
    assert "too few permutations" in kinds(held)
    assert "too few permutations" not in kinds(table)
    same = (table["p"] == held["p"]).to_numpy()
    hits = np.rint(held[["p"]].to_numpy().ravel() / 2 * 1000) - 1
    assert same[hits > 10].all()
    assert not same[hits == 0].any()


def tails_of(low, high, held):
    chance = np.array([(low + 1) / (held + 1), (high + 1) / (held + 1)])
    none = np.zeros(len(held), dtype=bool)
    return inference.Tails(chance, np.ones_like(chance), np.zeros_like(chance), held, held, none)


def test_draws_that_reached_the_rarer_tail_are_counted_back():
    low, held = np.array([0, 9, 10, 40, 99]), np.full(5, 99)
    tails = tails_of(low, held - low, held)
    found = inference._hits(tails, np.arange(5))
    np.testing.assert_array_equal(found, np.minimum(low, held - low))


def test_a_loose_bound_is_kept_only_where_so_many_draws_could_not_show_less(monkeypatch):
    draws = 99  # of which the least p is a hundredth
    lower = np.array([0.0099, 0.0101, 0.0199])
    loose, certain = np.full(3, 10.0), np.ones(3)
    reading = Reading(lower, np.ones(3), loose, certain)
    way = (np.ones(3, dtype=bool), lambda query: reading)
    monkeypatch.setattr(inference, "_sums", lambda values, query: way)
    tails = tails_of(np.zeros(3, dtype=int), np.zeros(3, dtype=int), np.zeros(3, dtype=int))
    asked = Query(np.arange(3), np.ones(3, int), np.arange(4), np.array([1, 2, 0]), np.ones(3))
    observed = SimpleNamespace(squared=False, pool=np.zeros(3))
    kept = inference._read(tails, observed, asked, slice(0, 3), draws)
    assert kept.tolist() == [True, False, False]


def test_grown_draws_are_the_same_for_any_order_of_rows():
    values, graph = clustered(300)
    options = {"inference": "sampled", "permutations": 199, "seed": 4}
    order = np.random.default_rng(1).permutation(300)
    straight = autocorrelation.local(values, graph, **options)
    assert straight.attrs["parameters"]["most_drawn"] > 199
    shuffled = autocorrelation.local(values.iloc[order], graph, **options)
    pd.testing.assert_frame_equal(straight.iloc[order], shuffled)


def test_grown_p_is_no_smaller_than_chance_allows():
    """Of one area under the null, over many maps: p ≤ a happens with chance a at most."""
    graph, rng = ring(60, 2), np.random.default_rng(0)
    p = []
    for seed in range(150):
        values = pd.Series(rng.random(60), index=graph.unique_ids)
        options = {"inference": "sampled", "permutations": 99, "seed": seed}
        table = autocorrelation.local(values, graph, most_permutations=2999, **options)
        p.extend(table["p"].iloc[::6])
    for rate in (0.01, 0.05, 0.2):
        share = np.mean(np.array(p) <= rate)
        assert share < rate + 3 * np.sqrt(rate / len(p))


# ---- bivariate, slope, parameters ----------------------------------------------------------------


def pair() -> tuple[pd.Series, pd.Series, Graph]:
    graph, rng = ring(60, 2), np.random.default_rng(7)
    first = pd.Series(rng.gamma(2, size=60), index=graph.unique_ids)
    return first, pd.Series(rng.normal(size=60) + np.roll(first, 1), index=first.index), graph


def test_bivariate_overall_is_the_mean_of_the_local_and_equals_esda():
    esda = pytest.importorskip("esda")
    first, second, graph = pair()
    result = autocorrelation.overall(first, graph, statistic="bivariate_moran", other=second)
    local = autocorrelation.local(first, graph, statistic="bivariate_moran", other=second)
    assert local["statistic"].sum() / 59 == pytest.approx(result.value, abs=1e-12)
    theirs = esda.Moran_BV(first.to_numpy(), second.to_numpy(), graph, permutations=0)
    assert result.value == pytest.approx(theirs.I, abs=1e-12)
    assert result.p < 0.05
    assert abs(result.simulated.mean()) < 5 * result.simulated.std() / np.sqrt(9999)
    turned = autocorrelation.overall(first, graph, statistic="bivariate_moran", other=-second)
    assert turned.value == pytest.approx(-result.value)


def test_bivariate_overall_is_uniform_where_the_variables_have_nothing_to_do_with_each_other():
    graph, rng = ring(40, 2), np.random.default_rng(2)
    p = [
        autocorrelation.overall(
            pd.Series(rng.normal(size=40), index=graph.unique_ids),
            graph,
            statistic="bivariate_moran",
            other=pd.Series(rng.lognormal(size=40), index=graph.unique_ids),
            permutations=199,
            alternative="greater",
        ).p
        for _ in range(300)
    ]
    assert stats.kstest(np.array(p) - rng.random(300) / 200, "uniform").pvalue > 1e-3


def test_bivariate_within_equals_each_group_alone():
    first, second, graph = pair()
    town = pd.Series(np.repeat(["a", "b"], 30), index=first.index)
    options = {"statistic": "bivariate_moran", "permutations": 99}
    table = autocorrelation.overall_within(first, graph, town, other=second, **options)
    for name in ("a", "b"):
        codes = first.index[town == name]
        alone = autocorrelation.overall(
            first[codes], graph.subgraph(codes), other=second[codes], **options
        )
        assert table.loc[name, "statistic"] == pytest.approx(alone.value, abs=1e-12)


def test_bivariate_needs_its_other_and_no_other_does():
    first, second, graph = pair()
    with pytest.raises(errors.DataError, match="without `other`"):
        autocorrelation.overall(first, graph, statistic="bivariate_moran")
    for run in (autocorrelation.overall, autocorrelation.local):
        with pytest.raises(errors.DataError, match="with `other`"):
            run(first, graph, other=second)
    with pytest.raises(errors.DataError, match="differ"):
        autocorrelation.overall(first, graph, statistic="bivariate_moran", other=second * 0)


@pytest.mark.parametrize("inside", [False, True])
def test_the_slope_that_is_told_is_that_of_the_points(inside):
    first, _, graph = pair()
    town = pd.Series(np.repeat(["a", "b"], 30), index=first.index) if inside else None
    points = autocorrelation.scatter(first, graph, within=town)
    told = points.attrs["parameters"]
    kept = points.dropna()
    assert told["slope"] == pytest.approx(np.polyfit(kept["z"], kept["lag"], 1)[0], abs=1e-12)
    assert told["points"] == len(kept)


def everything() -> dict[str, pd.DataFrame]:
    first, _, graph = pair()
    town = pd.Series(np.repeat(["a", "b"], 30), index=first.index)
    points = gpd.GeoSeries.from_xy(np.arange(60), np.zeros(60), index=first.index, crs=3006)
    few = {"permutations": 99}
    return {
        "local": autocorrelation.local(first, graph, within=town),
        "sampled": autocorrelation.local(first, graph, inference="sampled", **few),
        "within": autocorrelation.overall_within(first, graph, town, **few),
        "scatter": autocorrelation.scatter(first, graph),
        "correlogram": autocorrelation.correlogram(first, points, bands=[0, 2, 4], **few),
        "sensitivity": autocorrelation.sensitivity(first, {"ring": graph}, alphas=(0.05, 0.1)),
    }


@pytest.mark.parametrize("name", list(everything()))
def test_what_is_returned_travels(name, tmp_path):
    table = everything()[name]
    plain = json.loads(json.dumps(table.attrs))
    assert plain == table.attrs
    table.to_parquet(tmp_path / "table.parquet")
    again = pd.read_parquet(tmp_path / "table.parquet")
    assert again.attrs == table.attrs
    pd.testing.assert_frame_equal(again, table, check_freq=False, check_column_type=False)
    assert pickle.loads(pickle.dumps(table)).attrs == table.attrs
    assert pd.concat([table, table]).attrs == table.attrs
    assert table.copy().attrs == table.attrs


def test_parameters_say_what_was_asked_for_and_the_family():
    made = everything()
    for name in ("local", "sampled", "within", "correlogram"):
        parameters = made[name].attrs["parameters"]
        assert parameters["family"] == made[name]["q"].notna().sum()
        assert (parameters["alpha"], parameters["seed"]) == (0.05, 0)
    assert made["correlogram"].attrs["parameters"]["permutations"] == 99
    assert made["within"].attrs["parameters"]["permutations"] == 99


# ---- what is taken -------------------------------------------------------------------------------


def test_older_weights_are_taken_wherever_a_graph_is():
    first, second, graph = pair()
    weights = W({code: list(graph[code].index) for code in graph.unique_ids}, silence_warnings=True)
    for table in (autocorrelation.local, autocorrelation.scatter):
        pd.testing.assert_frame_equal(table(first, weights), table(first, graph))
    options = {"statistic": "bivariate_moran", "other": second, "permutations": 99}
    same = (autocorrelation.overall(first, taken, **options) for taken in (weights, graph))
    assert next(same) == next(same)
    assert neighbours.describe(weights).links == neighbours.describe(graph).links == 120
    assert neighbours.union(weights, graph).cardinalities.tolist() == [4] * 60
    points = gpd.GeoSeries.from_xy(np.arange(60), np.zeros(60), index=first.index, crs=3006)
    assert len(neighbours.links(weights, points)) == 120
    autocorrelation.sensitivity(first, {"older": weights})
    town = pd.Series("a", index=first.index)
    autocorrelation.overall_within(first, weights, town, permutations=9)


def test_older_weights_keep_areas_without_neighbours_and_their_weights():
    weights = W(
        {"a": ["b"], "b": ["a", "c"], "c": ["b"], "d": []},
        {"a": [1.0], "b": [1.0, 3.0], "c": [3.0], "d": []},
        silence_warnings=True,
    )
    taken = neighbours.take(weights)
    assert neighbours.describe(taken).isolated == ("d",)
    assert taken.graph["b"].to_dict() == {"a": 1.0, "c": 3.0}
    assert neighbours.take(taken) is taken


class PolarsSeries:
    """Stands for another library's column, which has no labels."""


@pytest.mark.parametrize("values", [np.arange(60.0), [1.0] * 60, PolarsSeries()])
def test_values_without_labels_are_refused_by_name(values):
    first, _, graph = pair()
    name = type(values).__name__
    points = gpd.GeoSeries.from_xy(np.arange(60), np.zeros(60), index=first.index, crs=3006)
    calls = [
        lambda: autocorrelation.local(values, graph),
        lambda: autocorrelation.overall(values, graph),
        lambda: autocorrelation.scatter(values, graph),
        lambda: autocorrelation.local(first, graph, within=values),
        lambda: autocorrelation.local(first, graph, statistic="bivariate_moran", other=values),
        lambda: autocorrelation.correlogram(values, points, bands=[0, 2]),
        lambda: autocorrelation.correlogram(first, values, bands=[0, 2]),
        lambda: autocorrelation.rates.empirical_bayes(values, first),
        lambda: autocorrelation.rates.empirical_bayes(first, values),
        lambda: autocorrelation.local(first, values),
        lambda: neighbours.describe(values),
        lambda: neighbours.links(values, points),
        lambda: neighbours.build(values),
    ]
    for call in calls:
        with pytest.raises(errors.DataError, match=name) as raised:
            call()
        assert "\n" not in str(raised.value)
