"""Segregation of every municipality, and the country walked outward, beside PySAL.

python -m pytest tests/benchmarks/test_segregation.py --benchmark-only
"""

import geopandas as gpd
import numpy as np
import pytest

import segregation_peers as peers
from benchmarks import country, race
from grannskap import segregation

POLES = ["low", "high"]
QUARTERS = ["low", "medium_low", "medium_high", "high"]
CLOSE = 1e-9

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def areas():
    return country.make()


def test_every_index_of_every_municipality(benchmark, areas):
    """Ours with 1,000 redraws of each, theirs once: PySAL redraws one index of one place."""
    groups = areas.groupby("municipality").groups

    def loop():
        return {
            name: peers.pysal_two(areas.loc[codes, POLES].to_numpy(float))
            for name, codes in groups.items()
        }

    ours, theirs = race.run(
        benchmark,
        lambda: segregation.indices(areas[POLES], by=areas["municipality"], redraws=1000),
        loop,
        work="8 indices, 290 municipalities, 1,000 redraws",
        peer="PySAL segregation, once, no redraws",
        at_least=1,
        rounds=1,
    )
    found = ours["estimate"].unstack()
    for name, one in theirs.items():
        for measure, value in one.items():
            assert found.loc[name, measure] == pytest.approx(value, abs=CLOSE), (name, measure)
    assert benchmark.stats.stats.min < 30


def test_the_walk_outward(benchmark, areas):
    from segregation.local import LocalDistortion

    some = areas.iloc[:1000]
    middles = some.geometry.representative_point()
    frame = gpd.GeoDataFrame(some[QUARTERS].astype(float), geometry=middles)
    race.run(
        benchmark,
        lambda: segregation.distortion(frame[QUARTERS], middles),
        lambda: LocalDistortion(frame, groups=QUARTERS),
        work="distortion, 1,000 areas, 4 groups",
        peer="PySAL segregation, LocalDistortion",
        at_least=3,
        rounds=1,
    )


def test_the_walk_outward_of_the_country(benchmark, areas):
    middles = areas.geometry.representative_point()
    found = benchmark.pedantic(
        lambda: segregation.distortion(areas[QUARTERS], middles), rounds=1, iterations=1
    )
    assert np.isfinite(found["distortion"]).all()
    assert benchmark.stats.stats.min < 30
