"""Overall and local statistics: equal to esda's, by label, and refused where they mean nothing."""

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

from grannskap import autocorrelation, notes

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
    np.testing.assert_array_equal(ours, theirs.LJC)


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


def test_local_moran_sums_to_overall():
    local = autocorrelation.local(VALUES, GRAPH)["statistic"]
    overall = autocorrelation.overall(VALUES, GRAPH, permutations=9)
    assert local.sum() / (len(VALUES) - 1) == pytest.approx(overall.value, abs=1e-12)
