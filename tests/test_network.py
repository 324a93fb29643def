"""Everything that the catalogue of tables knows, against the true services.

    GRANNSKAP_NETWORK=1 python -m pytest tests/test_network.py

is the first thing to run where there is an internet; `grannskap fetch --verify` prints the same.
"""

import os

import pytest

from grannskap.sources import scb
from grannskap.sources.scb import resolving, wfs
from grannskap.sources.scb.layers import LAYERS
from grannskap.sources.scb.tables import KNOWN

pytestmark = [
    pytest.mark.network,
    pytest.mark.skipif(
        not os.environ.get("GRANNSKAP_NETWORK"), reason="GRANNSKAP_NETWORK is not set"
    ),
]


@pytest.fixture(scope="module")
def services(tmp_path_factory):
    web, store = scb.Web(), scb.Store(tmp_path_factory.mktemp("kept"))
    return scb.Service(web, store), scb.Maps(web, store)


@pytest.mark.parametrize("series", KNOWN, ids=lambda one: f"{one.table}-{one.file}")
def test_a_table_and_its_numbers_are_where_the_catalogue_has_them(services, series):
    service, _ = services
    table = service.table(series)
    codes = service.contents(series)
    for cells in series.cells:
        assert cells.contents.code in ("", codes[cells.name]), cells.name
    resolving.fixed(series, table)
    there = resolving.years(table)
    assert there[0] <= series.first
    assert series.last >= 9999 or there[-1] >= series.last


@pytest.mark.parametrize("layer", LAYERS, ids=lambda one: one.name)
def test_a_layer_has_as_many_shapes_as_the_catalogue_says(services, layer):
    _, maps = services
    assert layer.name in maps.names()
    assert layer.shapes in (0, wfs.Maps._count(maps, layer, {}))


def test_a_small_town_is_fetched_whole(services, tmp_path):
    service, maps = services
    order = scb.Order(scb.find(["Knivsta"]), alone=True)
    done = scb.fetch(order, tmp_path, service=service, maps=maps)
    assert done.projects[0] == "project.toml"
