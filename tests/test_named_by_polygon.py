"""A neighbourhood named by a polygon: what is drawn is what was measured, and both are told."""

import numpy as np
import pytest
import shapely

import towns
from grannskap import analysis
from grannskap.analysis import View
from grannskap.language import share
from grannskap.maps import atlas
from grannskap.outputs import report
from test_report import Page

VIEW = View(title="Stad 2017")


@pytest.fixture(scope="module")
def named():
    """A polygon over the middles of six squares of 500 m, which cuts through all of them."""
    town = towns.with_few_poor_in_one_corner()
    polygon = shapely.box(600, 600, 1900, 1450)
    return polygon, town, analysis.run(town.dataset(neighbourhoods={"Höjden": polygon}))


def inside(town, polygon):
    middles = town.areas.geometry.representative_point()
    return town.areas.index[middles.within(polygon)]


def test_what_is_outlined_is_the_union_of_what_was_measured(named):
    polygon, town, results = named
    codes = inside(town, polygon)
    assert len(codes) == 6
    (place,) = results.dataset.neighbourhoods
    assert set(place.codes) == set(codes)
    union = town.areas.geometry.loc[codes].union_all()
    for which in atlas.maps(results, VIEW):
        rings = [one for one in which.highlights if one.name == "Höjden"]
        for ring in rings:
            assert ring.geometry.equals(union)
            assert not ring.geometry.equals(polygon)
            assert ring.polygon.equals(polygon)
            assert set(ring.codes) == set(codes)
    assert any(one.name == "Höjden" for one in atlas.maps(results, VIEW)[0].highlights)


def test_its_figure_is_that_of_the_areas(named):
    polygon, town, results = named
    rows = town.truth.loc[inside(town, polygon)]
    row = results.row("balance", ("neighbourhood", "Höjden"))
    assert row["estimate"] == pytest.approx(rows["low"].sum() / rows["high"].sum())
    assert row["areas"] == 6


def test_the_overlap_is_stated_in_a_note_and_in_the_report(named):
    polygon, town, results = named
    union = town.areas.geometry.loc[inside(town, polygon)].union_all()
    both = polygon.intersection(union).area
    (note,) = [one for one in results.notes if one.kind == "neighbourhood by its areas"]
    assert set(note.codes) == set(inside(town, polygon))
    covered, within = share(both / polygon.area), share(both / union.area)
    assert f"täcker {covered} av dess polygon" in note.text.sv
    assert f"{within} av dem ligger i polygonen" in note.text.sv
    styles = atlas.cluster_styles(results, VIEW)
    seen = Page(report.build(results, VIEW, [], cluster_styles=styles))
    assert note.text.sv in seen.text


def test_the_polygon_lies_beside_what_was_measured_in_print_and_on_the_page(named):
    _, _, results = named
    figure = results.plot("balance", view=VIEW)
    plain = analysis.run(towns.with_few_poor_in_one_corner().dataset()).plot("balance", view=VIEW)
    drawn, before = (
        sum(len(axes.collections) + len(axes.patches) + len(axes.lines) for axes in one.axes)
        for one in (figure, plain)
    )
    assert drawn > before
    from test_webmap import unpacked

    head, columns = unpacked(results.page(view=VIEW))
    assert "Höjden" in str(head["highlights"] if "highlights" in head else head["rings"])
    assert columns


def test_areas_listed_by_code_have_no_polygon_and_no_note():
    town = towns.with_few_poor_in_one_corner()
    codes = list(town.areas.index[:3])
    results = analysis.run(town.dataset(neighbourhoods={"Höjden": codes}))
    (place,) = results.dataset.neighbourhoods
    assert place.polygon is None
    assert place.geometry.equals(town.areas.geometry.loc[codes].union_all())
    assert not [one for one in results.notes if one.kind == "neighbourhood by its areas"]
    assert np.isfinite(results.row("balance", ("neighbourhood", "Höjden"))["estimate"])
