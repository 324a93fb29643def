"""The atlas: which pictures there are, from what the project asks for."""

from dataclasses import replace

import pytest

from grannskap.errors import ProjectError
from grannskap.maps import atlas

ALSO = ["years", "groups", "hexagons", "two-variables", "neighbours", "scatterplot", "cores"]


def asking(analysis, **map_options):
    """The same analysis under a project whose [map] table is another."""
    options = analysis.project.map.model_copy(update=map_options)
    return replace(analysis, project=analysis.project.model_copy(update={"map": options}))


def test_every_picture_on_request_is_drawn_and_told(demo_analysis):
    made = list(atlas.extras(asking(demo_analysis, also=ALSO)))
    assert len({extra.name for extra in made}) == len(ALSO)
    for extra in made:
        assert extra.title
        assert extra.figure.get_label(), extra.name
        assert extra.name.startswith(("balance", "clusters", "low-income-and"))


def test_towns_need_more_than_one_municipality(demo_analysis):
    with pytest.raises(ProjectError, match="1 in view"):
        list(atlas.extras(asking(demo_analysis, also=["towns"])))


def test_the_poor_pole_is_orange_on_every_map(demo_analysis):
    printed = {which.style.name: which.style for which in atlas.maps(demo_analysis)}
    orange = printed["balance"].colours[-1]
    assert printed["living-conditions"].colours[0] == orange
    clusters = printed["clusters"]
    assert clusters.colours[clusters.categories.index("high-high")] == orange
    clustering = replace(demo_analysis.clustering, variable="disposable_income")
    turned = atlas.maps(replace(demo_analysis, clustering=clustering))[1].style
    assert turned.colours[turned.categories.index("low-low")] == orange


def test_a_basemap_calls_out_only_when_asked_for(demo_analysis):
    printed = atlas.maps(demo_analysis)[:1]
    plain = atlas.page(demo_analysis, printed)
    called = atlas.page(asking(demo_analysis, basemap="openstreetmap"), printed)
    assert "tile.openstreetmap.org" not in plain
    assert "tile.openstreetmap.org" in called
