"""Clustering beside esda and pygeoda, on a made country.

python -m pytest tests/benchmarks/test_autocorrelation.py --benchmark-only
"""

import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

from benchmarks import country, race
from grannskap.measures import autocorrelation, neighbours

esda = pytest.importorskip("esda")


@pytest.fixture(scope="module")
def areas():
    return country.make(5984)


@pytest.fixture(scope="module")
def graph(areas):
    """Queen contiguity; esda's code is compiled and the graph's caches filled before any race."""
    built = neighbours.build(areas.geometry)
    few = built.subgraph(built.unique_ids[:100])
    for jobs in (1, -1):
        esda.Moran_Local(np.arange(100.0), few, permutations=99, n_jobs=jobs)
    _ = built.sparse, built.cardinalities
    return built


@pytest.fixture(scope="module")
def values(areas, graph):
    """A share that is clustered: half of it is its neighbourhood's mean."""
    noise = np.random.default_rng(1).gamma(2, size=len(areas))
    share = areas["kind"].map({"A": 0.5, "B": 1.0, "C": 1.5}).to_numpy() * noise
    return (graph.transform("R").lag(share) + share / 3).astype(float), areas.index


@pytest.fixture(scope="module")
def series(values):
    return pd.Series(values[0], index=values[1])


def faster_esda(series, graph, permutations):
    """The faster of one process and all, timed once each."""
    import time

    took = {}
    for jobs in (1, -1):
        start = time.perf_counter()
        local_esda(series, graph, permutations, jobs)
        took[jobs] = time.perf_counter() - start
    return min(took, key=took.get)


def local_esda(series, graph, permutations, jobs=1):
    return esda.Moran_Local(
        series.to_numpy(), graph, permutations=permutations, n_jobs=jobs, keep_simulations=False
    )


def test_local_moran_of_a_country_exact(benchmark, series, graph):
    jobs = faster_esda(series, graph, 9999)
    ours, theirs = race.run(
        benchmark,
        lambda: autocorrelation.local(series, graph),
        lambda: local_esda(series, graph, 9999, jobs),
        work="local Moran, country, exact",
        peer=f"esda.Moran_Local, 9,999, n_jobs={jobs}",
        at_least=50,
    )
    np.testing.assert_allclose(ours["statistic"], theirs.Is, atol=1e-12)


@pytest.mark.parametrize("linked", ["queen", "Delaunay"])
@pytest.mark.parametrize("sigma", [0.5, 1.0, 1.5, 2.0])
def test_local_moran_of_skewed_values(benchmark, areas, series, graph, sigma, linked):
    """Log-normal values: a few far ones press the rest into a corner of any even grid."""
    drawn = np.random.default_rng(1).normal(0, sigma, len(series))
    skewed = pd.Series(np.exp(drawn), index=series.index)
    if linked == "Delaunay":
        points = areas.geometry.representative_point()
        graph = Graph.build_triangulation(points, "delaunay", kernel="boxcar")
        _ = graph.sparse, graph.cardinalities
    race.run(
        benchmark,
        lambda: autocorrelation.local(skewed, graph),
        lambda: local_esda(skewed, graph, 9999),
        work=f"local Moran, country, {linked}, log-normal, σ {sigma}",
        peer="esda.Moran_Local, 9,999, n_jobs=1",
        at_least=20 if sigma < 1 else 8 if sigma == 1 else 2 if sigma < 2 else 0.3,
        rounds=1,
    )


def test_local_moran_of_a_country_sampled(benchmark, series, graph):
    jobs = faster_esda(series, graph, 9999)
    race.run(
        benchmark,
        lambda: autocorrelation.local(
            series, graph, inference="sampled", permutations=99_999, most_permutations=99_999
        ),
        lambda: local_esda(series, graph, 99_999, jobs),
        work="local Moran, country, 99,999 draws",
        peer=f"esda.Moran_Local, 99,999, n_jobs={jobs}",
        at_least=150,
        rounds=1,
    )


def test_local_moran_of_a_country_sampled_beside_pygeoda(benchmark, areas, series, graph):
    pygeoda = pytest.importorskip("pygeoda")
    opened = pygeoda.open(areas[["geometry"]].assign(share=series.to_numpy()).reset_index())
    weights = pygeoda.queen_weights(opened)
    race.run(
        benchmark,
        lambda: autocorrelation.local(
            series, graph, inference="sampled", permutations=99_999, most_permutations=99_999
        ),
        lambda: pygeoda.local_moran(weights, series.tolist(), permutations=99_999),
        work="local Moran, country, 99,999 draws",
        peer="pygeoda.local_moran, 99,999, all threads",
        at_least=20,
        rounds=1,
    )


def test_every_municipality_within_itself(benchmark, areas, series, graph):
    groups = areas.groupby("municipality").groups
    parts = [(series[codes].to_numpy(), graph.subgraph(codes)) for codes in groups.values()]

    def loop():
        for share, part in parts:
            esda.Moran_Local(share, part, permutations=9999, n_jobs=1, keep_simulations=False)

    race.run(
        benchmark,
        lambda: autocorrelation.local(series, graph, within=areas["municipality"]),
        loop,
        work="local Moran in each of 290 municipalities, exact",
        peer="a loop over esda.Moran_Local, 9,999",
        at_least=5,
        rounds=3,
    )


def test_overall_moran(benchmark, series, graph):
    race.run(
        benchmark,
        lambda: autocorrelation.overall(series, graph, permutations=9999),
        lambda: esda.Moran(series.to_numpy(), graph, permutations=9999),
        work="overall Moran, 9,999 permutations",
        peer="esda.Moran, 9,999",
        at_least=2,
    )


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_overall_moran_of_every_municipality(benchmark, areas, series, graph):
    groups = areas.groupby("municipality").groups
    parts = [
        (series[codes].to_numpy(), graph.subgraph(codes))
        for codes in groups.values()
        if len(codes) > 4
    ]

    def loop():
        for share, part in parts:
            esda.Moran(share, part, permutations=999)

    race.run(
        benchmark,
        lambda: autocorrelation.overall_within(series, graph, areas["municipality"]),
        loop,
        work="overall Moran in each of 290 municipalities, 999",
        peer="a loop over esda.Moran, 999",
        at_least=20,
        rounds=1,
    )


OURS = """
import sys, geopandas
from grannskap.measures import autocorrelation, neighbours
areas = geopandas.read_file(sys.argv[1]).set_index("deso")
graph = neighbours.build(areas.geometry)
autocorrelation.local(areas["share"], graph).to_csv(sys.argv[2])
"""

THEIRS = """
import sys, geopandas, esda, pandas
from libpysal.graph import Graph
areas = geopandas.read_file(sys.argv[1]).set_index("deso")
graph = Graph.build_contiguity(areas, rook=False)
local = esda.Moran_Local(areas["share"].to_numpy(), graph, permutations=9999)
table = pandas.DataFrame({"statistic": local.Is, "p": local.p_sim, "q": local.q}, areas.index)
table.to_csv(sys.argv[2])
"""


def test_a_fresh_process(benchmark, areas, series, tmp_path):
    path = tmp_path / "areas.gpkg"
    areas[["geometry"]].assign(share=series).reset_index().to_file(path)

    def run(program):
        command = [sys.executable, "-c", program, str(path), str(tmp_path / "table.csv")]
        subprocess.run(command, check=True, cwd=tmp_path)

    race.run(
        benchmark,
        lambda: run(OURS),
        lambda: run(THEIRS),
        work="a fresh process: read, neighbours, local, table",
        peer="the same in esda, 9,999",
        at_least=4,
        rounds=1,
    )


MEMORY = """
import sys
from benchmarks import country
from grannskap.measures import autocorrelation, neighbours
areas = country.make(5984)
graph = neighbours.build(areas.geometry)
share = areas["low"] / areas["households"]
autocorrelation.local(share, graph, inference="sampled", permutations=999_999)
"""


def test_a_million_draws_need_less_than_2_gib(benchmark):
    folder = Path(__file__).parents[1]

    def run():
        subprocess.run([sys.executable, "-c", MEMORY], check=True, cwd=folder)

    benchmark.pedantic(run, rounds=1)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    benchmark.extra_info["GiB"] = round(peak, 2)
    assert peak < 2
