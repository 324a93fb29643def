"""Contiguity beside libpysal, on a made country and on real counties.

python -m pytest tests/benchmarks/test_neighbours.py --benchmark-only
"""

import geopandas as gpd
import pytest
from libpysal.graph import Graph

from benchmarks import country, race
from grannskap.measures import neighbours


@pytest.fixture(scope="module", params=[300_000, 2_000_000], ids=["300k", "2M"])
def areas(request):
    return country.make(6000, vertices=request.param)


@pytest.mark.parametrize("kind", ["queen", "rook"])
def test_contiguity_of_a_country(benchmark, areas, kind):
    vertices = areas.count_coordinates().sum()
    ours, theirs = race.run(
        benchmark,
        lambda: neighbours.build(areas.geometry, kind=kind),
        lambda: Graph.build_contiguity(areas, rook=kind == "rook"),
        work=f"{kind}, 6,000 areas, {vertices / 1e6:.1f} million vertices",
        peer="Graph.build_contiguity",
        at_least=10,
        rounds=2,
    )
    assert ours == theirs


@pytest.mark.real
@pytest.mark.parametrize("kind", ["queen", "rook"])
def test_contiguity_of_a_real_county(benchmark, shared_data, kind):
    file = shared_data / "polygons" / "deso2018_dalarnas_lan_175.gpkg"
    areas = gpd.read_file(file).set_index("deso")
    ours, theirs = race.run(
        benchmark,
        lambda: neighbours.build(areas.geometry, kind=kind),
        lambda: Graph.build_contiguity(areas, rook=kind == "rook"),
        work=f"{kind}, Dalarna, 175 areas",
        peer="Graph.build_contiguity",
        at_least=5,
    )
    assert ours == theirs


def test_nearest_of_a_country(benchmark):
    points = country.make(6000).geometry.representative_point()
    ours, theirs = race.run(
        benchmark,
        lambda: neighbours.build(points, kind="knn", k=6),
        lambda: Graph.build_knn(points, k=6),
        work="6 nearest, 6,000 areas",
        peer="Graph.build_knn",
        at_least=1,
    )
    assert ours == theirs
