"""Counts over polygons that cut areas, and a file of many as neighbourhoods of a project."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from grannskap import areas, dataset, project
from grannskap.errors import CodeError, DataError, ProjectError
from test_crosswalk import SIDE, cells, counted, drawn, grid, note, town
from test_divisions import TOML, folder, register  # noqa: F401

RULES = ["containment", "area", "squares"]


def joined(by_cell, codes):
    frame = counted(by_cell, codes)
    return gpd.GeoDataFrame(frame, geometry=drawn(codes).reindex(frame.index), crs=3006)


def patch(rng):
    """A polygon of whole cells, and which they are."""
    row, column = np.repeat(np.arange(SIDE), SIDE), np.tile(np.arange(SIDE), SIDE)
    low, left = rng.integers(0, SIDE - 4, 2)
    high, right = low + rng.integers(3, 7), left + rng.integers(3, 7)
    held = (row >= low) & (row < high) & (column >= left) & (column < right)
    return held, shapely.union_all(cells()[held])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(RULES))
def test_bounds_over_a_polygon_hold_the_truth_by_every_rule(seed, rule):
    by_cell, old, _ = town(seed)
    held, polygon = patch(np.random.default_rng(seed))
    shapes = gpd.GeoSeries({"Polygon": polygon}, crs=3006)
    options = {"rule": rule, "squares": grid(by_cell)}
    try:
        summed = areas.aggregate(joined(by_cell, old), shapes, **options)
    except DataError:  # no middle, or no people, inside
        assert rule != "area"
        return
    truth = by_cell[held].sum()
    for name in by_cell:
        row = summed.loc["Polygon"]
        assert row[f"{name}_lower"] - 1e-9 <= truth[name] <= row[f"{name}_upper"] + 1e-9
        assert row[f"{name}_lower"] <= row[name] <= row[f"{name}_upper"]
    assert 0 <= row["uncertain"] <= 1


@pytest.mark.parametrize("rule", RULES)
def test_a_polygon_of_whole_areas_is_their_sum(rule):
    by_cell, old, _ = town(31)
    frame = joined(by_cell, old)
    codes = frame.index[:3]
    shapes = gpd.GeoSeries({"Three": frame.geometry.loc[codes].union_all()}, crs=3006)
    summed = areas.aggregate(frame, shapes, rule=rule, squares=grid(by_cell)).loc["Three"]
    direct = areas.aggregate(frame, pd.Series("Three", index=codes)).loc["Three"]
    for name in by_cell:
        assert summed[name] == summed[f"{name}_lower"] == summed[f"{name}_upper"] == direct[name]
    assert (summed["areas"], summed["uncertain"]) == (3, 0)
    assert summed["low_income_share"] == direct["low_income_share"]
    assert summed["geometry"].equals(direct["geometry"])


def test_parts_of_one_town_add_up_to_it():
    by_cell, old, new = town(32)
    frame = joined(by_cell, old)
    for rule in ("area", "squares"):
        summed = areas.aggregate(frame, drawn(new), rule=rule, squares=grid(by_cell))
        assert summed["population"].sum() == pytest.approx(
            frame["population"].sum(), abs=len(frame)
        )


def test_polygons_elsewhere_are_left_out_with_a_note():
    by_cell, old, _ = town(33)
    shapes = gpd.GeoSeries({"Här": shapely.union_all(cells()), "Där": shapely.box(0, 0, 9, 9)})
    summed = areas.aggregate(joined(by_cell, old), shapes.set_crs(3006), rule="area")
    assert summed.index.tolist() == ["Här"]
    assert note(summed, "polygons without areas").codes == ("Där",)
    with pytest.raises(DataError, match="no area in Där"):
        areas.aggregate(joined(by_cell, old), shapes.iloc[[1]].set_crs(3006))
    with pytest.raises(DataError, match="population squares"):
        areas.aggregate(joined(by_cell, old), shapes.set_crs(3006), rule="squares")


# In a project


def named(folder, *lines):  # noqa: F811
    made, _ = folder
    text = TOML.replace('"new.gpkg"', '"old.gpkg"').replace("2025", "2018")
    text += register("old.csv", division=2018) + "[[neighbourhoods]]\n" + "\n".join(lines)
    (made / "named.toml").write_text(text, encoding="utf-8")
    return dataset.read(project.read(made / "named.toml"))


def police(made, **shapes):
    frame = gpd.GeoDataFrame({"NAMN": list(shapes)}, geometry=list(shapes.values()), crs=3006)
    frame.geometry = frame.geometry.force_3d()
    frame.to_file(made / "police.shp")


def test_each_polygon_of_a_file_is_a_neighbourhood_named_from_a_column(folder):  # noqa: F811
    made, (_, old, _) = folder
    ground = drawn(old)
    first, second = (ground.loc[code].buffer(-60) for code in ground.index[:2])
    police(made, Norra=first, Södra=second, Borta=shapely.box(0, 0, 9, 9))
    data = named(folder, 'path = "police.shp"', 'by = "NAMN"')
    assert {one.name: one.codes for one in data.neighbourhoods} == {
        "Norra": (ground.index[0],),
        "Södra": (ground.index[1],),
    }
    assert data.neighbourhoods[0].geometry.equals(ground.iloc[0])
    (told,) = [one for one in data.notes if one.kind == "neighbourhoods elsewhere"]
    assert told.codes == ("Borta",)


def test_polygons_outside_of_what_is_shown_are_no_neighbourhoods(folder):  # noqa: F811
    made, (_, old, _) = folder
    ground = drawn(old)
    police(made, **{f"Del {code}": ground.loc[code].buffer(-60) for code in ground.index[:4]})
    shown = [*ground.index[:3]]
    text = TOML.replace('"new.gpkg"', '"old.gpkg"').replace("2025", "2018")
    text = f"view = {shown}\n{text}{register('old.csv', division=2018)}"
    text += '[[neighbourhoods]]\npath = "police.shp"\nby = "NAMN"\n'
    (made / "shown.toml").write_text(text, encoding="utf-8")
    data = dataset.read(project.read(made / "shown.toml"))
    assert [one.codes for one in data.neighbourhoods] == [(code,) for code in shown]
    (told,) = [one for one in data.notes if one.kind == "neighbourhoods elsewhere"]
    assert told.codes == (f"Del {ground.index[3]}",)


def test_many_neighbourhoods_are_told_of_in_one_note(folder):  # noqa: F811
    made, (_, old, _) = folder
    ground = drawn(old)
    police(made, **{f"Del {code}": ground.loc[code].buffer(-60) for code in ground.index[:5]})
    data = named(folder, 'path = "police.shp"', 'by = "NAMN"')
    assert len(data.neighbourhoods) == 5
    (told,) = [one for one in data.notes if one.kind.startswith("neighbourhood")]
    assert (told.kind, told.values["places"]) == ("neighbourhoods by their areas", 5)
    assert "Hela områden mäts och ritas för 5 platser" in told.text.sv


def test_the_rule_decides_which_areas_a_polygon_is(folder):  # noqa: F811
    made, (by_cell, old, _) = folder
    ground, most = drawn(old), {}
    code = ground.index[0]
    held = np.flatnonzero(old == code)
    by_people = held[np.argsort(-by_cell["population"].to_numpy()[held])]
    people = by_cell["population"].to_numpy()[by_people].cumsum()
    enough = by_people[: int(np.searchsorted(people, people[-1] * 0.75)) + 1]
    police(made, Tät=shapely.union_all(cells()[enough]))
    fine = gpd.GeoDataFrame({"befolkning": by_cell["population"]}, geometry=cells(), crs=3006)
    fine[fine["befolkning"] > 0].to_file(made / "fine.gpkg")
    for rule in ("area", "squares"):
        lines = ('path = "police.shp"', 'by = "NAMN"', f'rule = "{rule}"', 'squares = "fine.gpkg"')
        data = named(folder, *lines)
        most[rule] = [one.codes for one in data.neighbourhoods]
    assert most["squares"] == [(code,)]
    share = len(enough) / len(held)
    assert most["area"] == ([(code,)] if share >= 0.5 else [])
    (told,) = [one for one in data.notes if one.kind == "neighbourhood by its people"]
    assert told.values["covered"] == 1
    assert 0.75 <= told.values["inside"] < 1
    assert told.values["inside_least"] == pytest.approx(told.values["inside"])


@pytest.mark.parametrize(
    ("lines", "word"),
    [
        (['path = "police.shp"'], "either name"),
        (['path = "police.shp"', 'name = "a"', 'by = "NAMN"'], "either name"),
        (['areas = ["9999C1010"]', 'by = "NAMN"'], "either name"),
    ],
)
def test_one_name_or_a_column_of_names(folder, lines, word):  # noqa: F811
    with pytest.raises(ProjectError, match=word):
        named(folder, *lines)


def test_two_neighbourhoods_of_one_name_are_refused(folder):  # noqa: F811
    _, (_, old, _) = folder
    code = drawn(old).index[0]
    one = f'name = "Höjden"\nareas = ["{code}"]'
    with pytest.raises(CodeError, match="Höjden several times"):
        named(folder, one, f"[[neighbourhoods]]\n{one}")
