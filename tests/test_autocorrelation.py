"""Overall and local statistics: equal to esda's, by label, and refused where they mean nothing."""

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

from grannskap import autocorrelation, catalogue, errors, notes

esda = pytest.importorskip("esda")


def lattice(rows: int, columns: int, *, diagonal: bool = True) -> Graph:
    """A grid of areas, each linked to those that touch it."""
    place = np.arange(rows * columns)
    row, column = np.divmod(place, columns)
    down, right = np.abs(row[:, None] - row), np.abs(column[:, None] - column)
    near = np.maximum(down, right) == 1 if diagonal else down + right == 1
    heads, tails = np.nonzero(near)
    codes = codes_of(rows * columns)
    return Graph.from_arrays(codes[heads], codes[tails], np.ones(len(heads)))


def codes_of(count: int) -> np.ndarray:
    return np.array([f"{i // 9999:04d}C{i % 9999:04d}" for i in range(count)])


def gamma(count: int, *, seed: int = 1) -> pd.Series:
    return pd.Series(np.random.default_rng(seed).gamma(1.5, size=count), index=codes_of(count))


GRAPH = lattice(6, 7)
VALUES = gamma(42)


# ---- the statistics -----------------------------------------------------------------------------


def test_local_moran_equals_esda():
    ours = autocorrelation.local(VALUES, GRAPH)["statistic"]
    theirs = esda.Moran_Local(VALUES.to_numpy(), GRAPH, permutations=0)
    np.testing.assert_allclose(ours, theirs.Is, rtol=0, atol=1e-12)


def test_quadrants_equal_esda():
    ours = autocorrelation.local(VALUES, GRAPH)["quadrant"]
    theirs = esda.Moran_Local(VALUES.to_numpy(), GRAPH, permutations=0).q
    names = {1: "high-high", 2: "low-high", 3: "low-low", 4: "high-low"}
    assert ours.tolist() == [names[q] for q in theirs]


def test_bivariate_moran_equals_esda():
    other = gamma(42, seed=5)
    ours = autocorrelation.local(VALUES, GRAPH, statistic="bivariate_moran", other=other)
    theirs = esda.Moran_Local_BV(VALUES.to_numpy(), other.to_numpy(), GRAPH, permutations=0)
    np.testing.assert_allclose(ours["statistic"], theirs.Is, rtol=0, atol=1e-12)


def test_local_geary_equals_esda():
    ours = autocorrelation.local(VALUES, GRAPH, statistic="geary")["statistic"]
    theirs = esda.Geary_Local(GRAPH, permutations=0, labels=False).fit(VALUES.to_numpy())
    np.testing.assert_allclose(ours, theirs.localG, rtol=0, atol=1e-12)


@pytest.mark.parametrize("star", [False, True])
def test_local_g_equals_esda(star):
    name = "g_star" if star else "g"
    ours = autocorrelation.local(VALUES, GRAPH, statistic=name)["statistic"]
    theirs = esda.G_Local(VALUES.to_numpy(), GRAPH.transform("B"), star=star, permutations=0)
    np.testing.assert_allclose(ours, theirs.Gs, rtol=0, atol=1e-12)


def test_join_counts_equal_esda():
    yes = (VALUES.median() < VALUES).astype(float)
    ours = autocorrelation.local(yes, GRAPH, statistic="join_counts")["statistic"]
    theirs = esda.Join_Counts_Local(GRAPH, permutations=0).fit(yes.to_numpy(), permutations=0)
    ones = yes.to_numpy() == 1
    np.testing.assert_array_equal(ours[ones], theirs.LJC[ones])
    assert ours[~ones].isna().all()


def test_unequal_weights_equal_esda():
    adjacency = GRAPH.adjacency
    weights = np.random.default_rng(3).uniform(0.2, 2, len(adjacency))
    graph = Graph(pd.Series(weights, index=adjacency.index, name="weight"))
    ours = autocorrelation.local(VALUES, graph, permutations=99)
    theirs = esda.Moran_Local(VALUES.to_numpy(), graph, permutations=0)
    np.testing.assert_allclose(ours["statistic"], theirs.Is, rtol=0, atol=1e-12)
    assert "sampled in place of exact" in {note.kind for note in notes.of(ours)}


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("moran", lambda: esda.Moran(VALUES.to_numpy(), GRAPH, permutations=0).I),
        ("geary", lambda: esda.Geary(VALUES.to_numpy(), GRAPH, permutations=0).C),
        ("g", lambda: esda.G(VALUES.to_numpy(), GRAPH, permutations=0).G),
    ],
)
def test_overall_equals_esda(name, theirs):
    ours = autocorrelation.overall(VALUES, GRAPH, statistic=name, permutations=99)
    assert ours.value == pytest.approx(theirs(), abs=1e-12)


@pytest.mark.parametrize("name", ["moran", "geary", "g"])
def test_overall_mean_of_the_arrangements_is_the_expected(name):
    result = autocorrelation.overall(VALUES, GRAPH, statistic=name, permutations=4000)
    error = result.simulated.std() / np.sqrt(4000)
    assert abs(result.simulated.mean() - result.expected) < 5 * error


@pytest.mark.parametrize("name", ["moran", "geary", "g"])
def test_overall_p_counts_the_observed_arrangement_among_the_others(name):
    """(b + 1) / (m + 1), as in Phipson and Smyth (2010)."""
    less, greater = (
        autocorrelation.overall(VALUES, GRAPH, statistic=name, permutations=19, alternative=side)
        for side in ("less", "greater")
    )
    assert less.p == pytest.approx((1 + (less.simulated <= less.value).sum()) / 20)
    assert greater.p == pytest.approx((1 + (greater.simulated >= greater.value).sum()) / 20)
    assert less.p + greater.p == pytest.approx(
        21 / 20
    )  # no arrangement has just the observed value


def test_local_moran_sums_to_overall():
    local = autocorrelation.local(VALUES, GRAPH)["statistic"]
    overall = autocorrelation.overall(VALUES, GRAPH, permutations=9)
    assert local.sum() / (len(VALUES) - 1) == pytest.approx(overall.value, abs=1e-12)


# ---- by label, for any order --------------------------------------------------------------------


@pytest.mark.parametrize("inference", ["exact", "sampled"])
@pytest.mark.parametrize("statistic", ["moran", "geary", "g_star"])
def test_order_of_rows_changes_nothing(inference, statistic):
    order = np.random.default_rng(4).permutation(len(VALUES))
    options = {"inference": inference, "statistic": statistic, "permutations": 199, "seed": 3}
    straight = autocorrelation.local(VALUES, GRAPH, **options)
    shuffled = autocorrelation.local(VALUES.iloc[order], GRAPH, **options)
    pd.testing.assert_frame_equal(straight.iloc[order], shuffled)


def test_order_of_the_graph_changes_nothing():
    adjacency = GRAPH.adjacency.sample(frac=1, random_state=2)
    shuffled = Graph(adjacency)
    for run in (autocorrelation.local, autocorrelation.scatter):
        pd.testing.assert_frame_equal(run(VALUES, GRAPH), run(VALUES, shuffled))
    first = autocorrelation.overall(VALUES, GRAPH, permutations=99)
    assert first == autocorrelation.overall(VALUES, shuffled, permutations=99)


def test_seed_makes_the_draws_and_draws_differ():
    first, again, other = (
        autocorrelation.local(VALUES, GRAPH, inference="sampled", permutations=99, seed=seed)["p"]
        for seed in (1, 1, 2)
    )
    assert (first == again).all()
    assert (first != other).any()


def test_one_draw_and_the_observed_arrangement_are_two():
    options = {"inference": "sampled", "permutations": 1, "most_permutations": 1}
    less, greater = (
        autocorrelation.local(VALUES, GRAPH, alternative=side, **options)["p"]
        for side in ("less", "greater")
    )
    # A half where the draw shows the other side, a whole where it does not or holds the area.
    assert set(less) == set(greater) == {0.5, 1.0}
    assert set(less + greater) == {1.5, 2.0}


def test_blocks_of_draws_change_nothing_but_their_order(monkeypatch):
    from grannskap.measures.autocorrelation.null import sampled

    options = {"inference": "sampled", "statistic": "geary", "permutations": 500}
    whole = autocorrelation.local(VALUES, GRAPH, **options)
    monkeypatch.setattr(sampled, "BATCH_CELLS", 5000)
    pd.testing.assert_frame_equal(whole, autocorrelation.local(VALUES, GRAPH, **options))


def test_other_groups_change_nothing():
    towns = pd.Series(np.repeat(["b", "c"], 21), index=VALUES.index)
    options = {"inference": "sampled", "permutations": 99, "alpha": 0.2, "correction": "none"}
    both = autocorrelation.local(VALUES, GRAPH, within=towns, **options)
    alone = autocorrelation.local(
        VALUES[21:], GRAPH.subgraph(VALUES.index[21:]), within=towns[21:], **options
    )
    pd.testing.assert_frame_equal(both[21:], alone)


def test_within_equals_each_group_alone():
    towns = pd.Series(np.repeat(["b", "c"], 21), index=VALUES.index)
    both = autocorrelation.local(VALUES, GRAPH, within=towns)
    for town in ("b", "c"):
        codes = VALUES.index[towns == town]
        alone = autocorrelation.local(VALUES[codes], GRAPH.subgraph(codes))
        for column in ("statistic", "expected", "p"):
            np.testing.assert_allclose(both.loc[codes, column], alone[column], rtol=1e-12)


def test_overall_within_equals_each_group_alone():
    towns = pd.Series(np.repeat(["b", "c"], 21), index=VALUES.index)
    table = autocorrelation.overall_within(VALUES, GRAPH, towns)
    for town in ("b", "c"):
        codes = VALUES.index[towns == town]
        alone = esda.Moran(VALUES[codes].to_numpy(), GRAPH.subgraph(codes), permutations=0)
        assert table.loc[town, "statistic"] == pytest.approx(alone.I, abs=1e-12)


# ---- what is left out, and what is refused -------------------------------------------------------


def test_missing_is_left_out_and_said():
    holes = VALUES.copy()
    holes.iloc[[3, 10]] = np.nan
    table = autocorrelation.local(holes, GRAPH)
    kept = holes.dropna()
    without = autocorrelation.local(kept, GRAPH.subgraph(kept.index))
    pd.testing.assert_frame_equal(table.loc[kept.index], without, check_flags=False)
    assert (table["cluster"].iloc[[3, 10]] == "no data").all()
    assert table.iloc[[3, 10]][["statistic", "p", "q", "quadrant"]].isna().all(axis=None)
    (note,) = (n for n in notes.of(table) if n.kind == "left out of the test")
    assert note.codes == tuple(holes.index[[3, 10]])
    assert autocorrelation.overall(holes, GRAPH, permutations=9).no_data == 2


def test_areas_without_neighbours_get_no_p():
    alone = VALUES.index[0]
    links = GRAPH.adjacency.reset_index()
    links = links[(links["focal"] != alone) & (links["neighbor"] != alone)]
    isolate = pd.DataFrame({"focal": [alone], "neighbor": [alone], "weight": [0]})
    both = pd.concat([isolate, links])
    graph = Graph.from_arrays(*both[["focal", "neighbor"]].to_numpy().T, both["weight"].to_numpy())
    table = autocorrelation.local(VALUES, graph)
    assert table.loc[alone, "cluster"] == "no neighbours"
    assert np.isnan(table.loc[alone, "p"])
    assert "areas without neighbours" in {note.kind for note in notes.of(table)}
    assert table["p"].notna().sum() == len(VALUES) - 1


def test_every_area_without_neighbours():
    codes = codes_of(5)
    graph = Graph.from_arrays(codes, codes, np.zeros(5))
    values = pd.Series([1.0, 2, 3, 4, 5], index=codes)
    assert (autocorrelation.local(values, graph)["cluster"] == "no neighbours").all()
    with pytest.raises(errors.DataError, match="neighbours"):
        autocorrelation.overall(values, graph)


def test_self_links_do_not_count():
    graph = GRAPH.assign_self_weight(1)
    table = autocorrelation.local(VALUES, graph)
    assert "self-links left out" in {note.kind for note in notes.of(table)}
    pd.testing.assert_series_equal(table["p"], autocorrelation.local(VALUES, GRAPH)["p"])


@pytest.mark.parametrize("count", range(2, 11))
def test_an_area_that_borders_all_has_one_arrangement(count):
    codes = codes_of(count)
    pairs = [(a, b, 1) for a in codes for b in codes if a != b]
    graph = Graph.from_arrays(*zip(*pairs, strict=True))
    values = pd.Series(np.arange(count) ** 2.0, index=codes)
    if count < 3:
        with pytest.raises(errors.DataError, match="at least 3"):
            autocorrelation.local(values, graph)
        return
    for inference in ("exact", "sampled"):
        table = autocorrelation.local(values, graph, inference=inference, permutations=99)
        assert (table["p"] == 1).all()
        assert (table["cluster"] == "not significant").all()
    assert autocorrelation.overall(values, graph, permutations=99).p == 1


@pytest.mark.parametrize("count", range(3, 11))
def test_few_areas_get_honest_p(count):
    codes = codes_of(count)
    pairs = [(a, b, 1) for i, a in enumerate(codes) for j, b in enumerate(codes) if abs(i - j) == 1]
    graph = Graph.from_arrays(*zip(*pairs, strict=True))
    values = pd.Series(np.arange(count) % 3 + 0.5, index=codes)
    for statistic in ("moran", "geary", "g", "g_star"):
        p = autocorrelation.local(values, graph, statistic=statistic)["p"]
        assert ((p > 0) & (p <= 1)).all()


def test_one_component_per_pair():
    codes = codes_of(8)
    graph = Graph.from_arrays(codes, codes.reshape(4, 2)[:, ::-1].ravel(), np.ones(8))
    p = autocorrelation.local(pd.Series(np.arange(8.0), index=codes), graph)["p"]
    # The highest with the next highest: one of seven, twice; the lowest likewise.
    assert p.iloc[[0, 7]].tolist() == pytest.approx([2 / 7, 2 / 7])


def test_all_ties_but_one():
    values = pd.Series(0.0, index=VALUES.index)
    values.iloc[17] = 1.0
    p = autocorrelation.local(values, GRAPH)["p"]
    around = GRAPH[values.index[17]].index
    n = len(values)
    degree = GRAPH.cardinalities
    for code in values.index:
        seen = degree[code] / (n - 1) if code in around else 1.0
        if code != values.index[17]:
            assert p[code] == pytest.approx(min(1, 2 * seen), abs=1e-12)
    assert p.iloc[17] == 1


@pytest.mark.parametrize(
    "values",
    [
        pd.Series(1.0, index=VALUES.index),
        pd.Series(0.1 + 0.2, index=VALUES.index),
        pd.Series(1 + 1e-15 * np.arange(42), index=VALUES.index),
        VALUES.where(VALUES.median() < VALUES, np.inf),
        VALUES.astype(str),
        VALUES.where(VALUES.index < VALUES.index[2]),
        VALUES * np.nan,
    ],
    ids=[
        "constant",
        "constant fraction",
        "rounding",
        "infinite",
        "text",
        "two left",
        "all missing",
    ],
)
def test_what_cannot_be_tested_is_refused(values):
    for run in (autocorrelation.local, autocorrelation.overall, autocorrelation.scatter):
        with pytest.raises(errors.DataError):
            run(values, GRAPH)


def test_labels_must_match():
    with pytest.raises(errors.CodeError, match="one value per area"):
        autocorrelation.local(pd.concat([VALUES, VALUES[:1]]), GRAPH)
    with pytest.raises(errors.JoinError, match="1 more"):
        autocorrelation.local(VALUES[1:], GRAPH)
    renamed = VALUES.rename({VALUES.index[0]: "9999C9999"})
    with pytest.raises(errors.JoinError, match="9999C9999"):
        autocorrelation.local(renamed, GRAPH)


@pytest.mark.parametrize(
    "options",
    [
        {"statistic": "kappa"},
        {"statistic": "bivariate_moran"},
        {"other": VALUES},
        {"correction": "holm"},
        {"alternative": "lesser"},
        {"inference": "normal"},
        {"alpha": 0},
        {"permutations": 0},
        {"seed": -1},
    ],
    ids=str,
)
def test_unknown_options_are_refused(options):
    with pytest.raises(errors.DataError):
        autocorrelation.local(VALUES, GRAPH, **options)


def test_negative_values_have_no_getis_ord():
    with pytest.raises(errors.DataError, match="0 or more"):
        autocorrelation.local(-VALUES, GRAPH, statistic="g")
    with pytest.raises(errors.DataError, match="only 0 and 1"):
        autocorrelation.local(VALUES, GRAPH, statistic="join_counts")


def test_arguments_are_left_as_they_were():
    values, graph = VALUES.copy(), GRAPH.copy()
    autocorrelation.local(VALUES, GRAPH)
    autocorrelation.overall(VALUES, GRAPH, permutations=9)
    pd.testing.assert_series_equal(values, VALUES)
    pd.testing.assert_series_equal(graph.adjacency, GRAPH.adjacency)


# ---- the table -----------------------------------------------------------------------------------


def test_classes_are_always_all_there():
    table = autocorrelation.local(VALUES, GRAPH)
    assert table["cluster"].cat.categories.tolist() == list(catalogue.CLUSTERS)
    assert table["cluster"].cat.ordered
    towns = pd.Series("a", index=VALUES.index)
    within = autocorrelation.local(VALUES, GRAPH, within=towns)
    assert within["cluster"].cat.categories.tolist() == [*catalogue.CLUSTERS, "too few areas"]


def test_groups_too_small_get_no_p():
    sizes = {"a": 8, "b": 9, "c": 25}
    towns = pd.Series(np.repeat(list(sizes), list(sizes.values())), index=VALUES.index)
    table = autocorrelation.local(VALUES, GRAPH, within=towns)
    few = table["cluster"] == "too few areas"
    assert (few == (towns == "a")).all()  # C(7, 3) = 35 > 2 / 0.05 > C(8, 4) = 70
    assert table.loc[few, "p"].isna().all()
    assert table.loc[~few, "p"].notna().all()
    assert (
        autocorrelation.local(VALUES, GRAPH, within=towns, alternative="greater")["p"].notna().all()
    )


def test_alternatives_share_the_tails():
    both, greater, less = (
        autocorrelation.local(VALUES, GRAPH, alternative=name)["p"]
        for name in ("two-sided", "greater", "less")
    )
    np.testing.assert_allclose(both, np.minimum(1, 2 * np.minimum(greater, less)), rtol=1e-12)
    assert (greater + less >= 1 - 1e-9).all()


def test_too_few_permutations_are_said_with_the_number_that_would_do():
    options = {"inference": "sampled", "most_permutations": 999}
    table = autocorrelation.local(VALUES, GRAPH, permutations=999, **options)
    (note,) = (n for n in notes.of(table) if n.kind == "too few permutations")
    enough = 2 * len(VALUES) * 20 - 1
    assert f"{enough:,}".replace(",", "\N{NO-BREAK SPACE}") in note.text("sv")
    table = autocorrelation.local(VALUES, GRAPH, permutations=enough, **options)
    assert "too few permutations" not in {n.kind for n in notes.of(table)}


def test_monte_carlo_error_is_the_spread_of_p_over_seeds():
    runs = [
        autocorrelation.local(VALUES, GRAPH, inference="sampled", permutations=400, seed=seed)
        for seed in range(60)
    ]
    spread = np.std([run["p"] for run in runs], axis=0)
    error = np.mean([run["monte_carlo_error"] for run in runs], axis=0)
    middle = (error > 0) & (np.mean([run["p"] for run in runs], axis=0) < 0.8)
    assert 0.9 < np.sqrt((spread[middle] ** 2).mean() / (error[middle] ** 2).mean()) < 1.1
    assert (autocorrelation.local(VALUES, GRAPH)["monte_carlo_error"] == 0).all()


@pytest.mark.parametrize("name", ["bh", "by", "bonferroni"])
def test_corrections_equal_scipy_and_definition(name):
    from scipy.stats import false_discovery_control

    p = np.random.default_rng(0).random(50) ** 3
    ours = autocorrelation.adjust(p, name)
    theirs = (
        np.minimum(1, p * 50) if name == "bonferroni" else false_discovery_control(p, method=name)
    )
    np.testing.assert_allclose(ours, theirs, rtol=1e-12)
