"""The atlas: which pictures there are, from what the project asks for."""

from dataclasses import replace

import pytest

from grannskap.errors import ColumnError, ProjectError
from grannskap.maps import atlas

ALSO = [
    "years",
    "curves",
    "groups",
    "hexagons",
    "two-variables",
    "neighbours",
    "scatterplot",
    "cores",
]


def asking(view, **map_options):
    """The same view with another [map] table."""
    return replace(view, map=view.map.model_copy(update=map_options))


def test_every_picture_on_request_is_drawn_and_told(demo_results, demo_view):
    unasked = {extra.name for extra in atlas.extras(demo_results, asking(demo_view, also=[]))}
    every = list(atlas.extras(demo_results, asking(demo_view, also=ALSO)))
    made = [extra for extra in every if extra.name not in unasked]
    of_curves = {"indices-curves", "indicators-curves"}  # beside that of the balance
    assert len({extra.name for extra in made} - of_curves) == len(ALSO)
    for extra in made:
        assert extra.title
        assert extra.figure.get_label(), extra.name
        assert extra.name.startswith(("balance", "clusters", "two-variables", "ind"))


def test_towns_need_more_than_one_municipality(demo_results, demo_view):
    with pytest.raises(ProjectError, match="1 in view"):
        list(atlas.extras(demo_results, asking(demo_view, also=["towns"])))


def test_the_poor_pole_is_orange_on_every_map(demo_results, demo_view):
    printed = {which.style.name: which.style for which in atlas.maps(demo_results, demo_view)}
    orange = printed["balance"].colours[-1]
    assert printed["living-conditions"].colours[0] == orange
    poor = printed["clusters"]
    assert poor.colours[poor.categories.index("high-high")] == orange
    rich = printed["clusters-high_income_share"]
    assert rich.colours[rich.categories.index("low-low")] == orange
    clustering = replace(demo_results.clustering, variable="disposable_income")
    turned = atlas.cluster_style(demo_results, demo_view, clustering)
    assert turned.colours[turned.categories.index("low-low")] == orange


def test_each_tested_variable_has_a_map_and_its_title_claims_no_other(demo_results, demo_view):
    titles = {which.style.name: which.style.title for which in atlas.maps(demo_results, demo_view)}
    assert "låg köpkraft" in titles["clusters"]
    assert "hög köpkraft" in titles["clusters-high_income_share"]
    assert "hög köpkraft" not in titles["clusters"]
    assert "låg köpkraft" not in titles["clusters-high_income_share"]


def test_a_basemap_calls_out_only_when_asked_for(demo_results, demo_view):
    plain = atlas.page(demo_results, demo_view)
    called = atlas.page(demo_results, asking(demo_view, basemap="openstreetmap"))
    assert "tile.openstreetmap.org" not in plain
    assert "tile.openstreetmap.org" in called


def test_a_map_can_be_plotted_by_its_name_or_by_its_column(demo_results, demo_view):
    by_name = demo_results.plot("living-conditions", view=demo_view)
    by_column = demo_results.plot("score", view=demo_view)
    assert by_name.get_label() == by_column.get_label() != ""
    shares = demo_results.plot("rented_share", view=demo_view).get_label()
    assert "hyresrätter" in shares
    with pytest.raises(ColumnError, match="no_such"):
        demo_results.plot("no_such")
