"""The GeoPackage and its rules without QGIS: SQLite reads the expressions as QGIS does."""

import math
import sqlite3
from dataclasses import replace
from itertools import pairwise, product
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from grannskap.maps import style as styles
from grannskap.outputs import geopackage, qgis

STYLES = {"balance": styles.balance(), "score": styles.scores()}


def rules(style, column, columns=()):
    """Label, expression and symbol of each rule."""
    root = ET.fromstring(qgis.qml(style, column, columns=columns).split("\n", 1)[1])
    symbols = {symbol.get("name"): symbol for symbol in root.findall(".//symbols/symbol")}
    return [
        (rule.get("label"), rule.get("filter"), symbols[rule.get("symbol")])
        for rule in root.iter("rule")
    ]


def hits(found, table):
    """The labels of the rules that each row of a table falls under."""
    with sqlite3.connect(":memory:") as database:
        database.create_function("to_string", 1, lambda v: None if v is None else f"{v:g}")
        table.to_sql("areas", database, index=False)
        told = [[] for _ in range(len(table))]
        for label, test, _ in found:
            if test == "ELSE":
                continue
            for row, hit in enumerate(database.execute(f"SELECT {test} FROM areas ORDER BY rowid")):
                told[row] += [label] if hit[0] else []
    (rest,) = [label for label, test, _ in found if test == "ELSE"]
    return [labels or [rest] for labels in told]


def around(edges):
    """Every edge, what lies just beside it, and what has a rule of its own."""
    edges = np.asarray(edges)
    beside = [np.nextafter(edges, -np.inf), edges, np.nextafter(edges, np.inf)]
    return np.concatenate([*beside, [0.0, np.inf, np.nan]])


@pytest.mark.parametrize("column", STYLES)
def test_each_value_falls_under_the_one_rule_of_its_class(column):
    style = STYLES[column]
    values = around(style.edges)
    codes = styles.classify(pd.Series(values), style)
    found = rules(style, column)
    expected = [[style.labels[c] if c >= 0 else style.gaps[style.missing].label] for c in codes]
    assert hits(found, pd.DataFrame({column: values})) == expected
    assert [label for label, *_ in found] == [*style.labels, style.gaps[style.missing].label]


def test_each_category_falls_under_its_own_rule_whatever_it_is_called():
    style = styles.clusters(too_few=True)
    strange = replace(style, categories=("o'clock", 'in "quotes"', *style.categories[2:]))
    for one in (style, strange):
        table = pd.DataFrame({'a "cluster"': [*one.categories, "no data", None]})
        missing = one.gaps[one.missing].label
        expected = [*([label] for label in one.labels), [missing], [missing]]
        assert hits(rules(one, 'a "cluster"'), table) == expected


def test_hidden_values_fall_under_the_class_of_their_bounds_or_the_reason_for_the_gap():
    style = styles.balance()
    edges = (0.0, *style.edges, np.inf)
    ends = [(low, high) for low, high in product(edges, repeat=2) if low <= high]
    ends += [(np.nextafter(low, np.inf), high) for low, high in pairwise(edges)]
    words = [*(gap.status for gap in style.gaps), "something else", None]
    rows = [
        (value, word, low, high)
        for word in words
        for value, (low, high) in [
            *((math.nan, e) for e in [*ends, (math.nan,) * 2]),
            (1.0, (1, 1)),
        ]
    ]
    names = ["balance", "balance_status", "balance_at_least", "balance_at_most"]
    table = pd.DataFrame(rows, columns=names)
    codes = styles.classify(
        table["balance"],
        style,
        status=table["balance_status"],
        lower=table["balance_at_least"],
        upper=table["balance_at_most"],
    )
    expected = []
    for code, value in zip(codes, table["balance"], strict=True):
        marked = [styles.BOUNDED(style.language)] if math.isnan(value) else []
        expected.append([style.labels[code], *marked] if code >= 0 else [style.gaps[~code].label])
    found = rules(style, "balance", columns=names[1:])
    assert [sorted(one) for one in hits(found, table)] == [sorted(one) for one in expected]
    # With one bound alone there is nothing to tell the class by, and no mark.
    labels = [label for label, *_ in rules(style, "balance", columns=names[1:3])]
    assert labels == [*style.labels, *(gap.label for gap in style.gaps)]


def test_hatched_classes_have_their_pattern_over_their_colour():
    hatches = ("", "/", "\\\\", "..", "--", "||", "++")
    style = replace(styles.balance(), hatches=hatches)
    patterns = ["b_diagonal", "f_diagonal", "dense6", "horizontal", "vertical", "cross"]
    looks = [
        [{o.get("name"): o.get("value") for o in layer.iter("Option")} for layer in symbol]
        for _, _, symbol in rules(style, "balance")
    ]
    assert [look["style"] for look in looks[0]] == ["solid"]
    assert [[look["style"] for look in one] for one in looks[1:7]] == [
        ["solid", pattern] for pattern in patterns
    ]
    missing = style.gaps[style.missing]
    by_hatch = dict(zip((hatch[0] for hatch in hatches[1:]), patterns, strict=True))
    assert [look["style"] for look in looks[7]] == ["solid", by_hatch[missing.hatch[0]]]
    greys = {look[1]["color"] for look in looks[1:]}
    assert len(greys) == 1
    assert not greys & {look[0]["color"] for look in looks}


def test_the_mark_of_a_hidden_value_is_a_hollow_dot_inside_the_area():
    names = ["balance_at_least", "balance_at_most"]
    *_, (label, _, symbol) = rules(styles.balance(), "balance", columns=names)
    assert label == styles.BOUNDED("sv")
    fill, dot = symbol.find("layer"), symbol.find("layer/symbol/layer")
    assert fill.get("class") == "CentroidFill"
    assert fill.find("Option/Option[@name='point_on_surface']").get("value") == "1"
    look = {o.get("name"): o.get("value") for o in dot.find("Option")}
    assert dot.get("class") == "SimpleMarker"
    assert (look["name"], look["color"]) == ("circle", "255,255,255,255")
    assert look["outline_color"] != look["color"]


def test_columns_have_their_aliases_in_order():
    named = {"balance": "Balans", "score": "Poäng"}
    text = qgis.qml(styles.balance(), "balance", aliases=named)
    found = ET.fromstring(text.split("\n", 1)[1]).findall("aliases/alias")
    assert [(a.get("index"), a.get("field"), a.get("name")) for a in found] == [
        ("0", "balance", "Balans"), ("1", "score", "Poäng"),
    ]  # fmt: skip
    assert not ET.fromstring(qgis.qml(styles.balance(), "balance").split("\n", 1)[1]).findall(
        "aliases/alias"
    )


@pytest.fixture
def areas():
    index = pd.Index([f"9999C{i}" for i in (1010, 1020, 1030)], name="deso")
    columns = {
        "balance": [0.5, np.inf, np.nan],
        "score": [1.0, 2.0, np.nan],
        "cluster": pd.Categorical(["high-high", None, "no data"]),
        "within": pd.array([True, False, None], dtype="boolean"),
        "in_view": [True, False, True],
    }
    shapes = [shapely.box(i, 0, i + 1, 1) for i in range(2)]
    shapes.append(shapely.MultiPolygon([shapely.box(5, 0, 6, 1), shapely.box(7, 0, 8, 1)]))
    return gpd.GeoDataFrame(columns, geometry=shapes, index=index, crs="EPSG:3006")


def test_every_column_is_read_back_as_it_was(areas, tmp_path):
    before = areas.copy(deep=True)
    geopackage.write(tmp_path / "a.gpkg", areas, STYLES)
    pd.testing.assert_frame_equal(areas, before)
    assert pyogrio.list_layers(tmp_path / "a.gpkg")[:, 0].tolist() == ["areas", "layer_styles"]
    back = gpd.read_file(tmp_path / "a.gpkg", layer="areas").set_index("deso")
    assert back.crs == areas.crs
    assert set(back.geom_type) == {"MultiPolygon"}
    assert back.geometry.area.tolist() == areas.geometry.area.tolist()
    for name in ("balance", "score"):
        np.testing.assert_array_equal(back[name], areas[name])
    assert back["cluster"].fillna("").tolist() == ["high-high", "", "no data"]
    np.testing.assert_array_equal(back["within"], [1.0, 0.0, np.nan])
    assert back["in_view"].tolist() == [True, False, True]


def test_what_lies_on_land_is_a_second_layer_with_the_same_columns_and_styles(areas, tmp_path):
    dry = areas.geometry.buffer(-0.1)
    geopackage.write(tmp_path / "a.gpkg", areas, STYLES, drawn=dry)
    both = [
        gpd.read_file(tmp_path / "a.gpkg", layer=name).set_index("deso")
        for name in ("areas", "areas_on_land")
    ]
    pd.testing.assert_frame_equal(*(pd.DataFrame(one.drop(columns="geometry")) for one in both))
    assert both[0].geometry.area.tolist() == areas.geometry.area.tolist()
    assert both[1].geometry.area.tolist() == pytest.approx(dry.area.tolist())
    with sqlite3.connect(tmp_path / "a.gpkg") as database:
        rows = database.execute("SELECT f_table_name, styleQML FROM layer_styles").fetchall()
    texts = [[text for layer, text in rows if layer == name] for name in ("areas", "areas_on_land")]
    assert texts[0] == texts[1]
    assert len(texts[0]) == len(STYLES)


def test_the_first_style_is_the_one_it_opens_with_and_each_carries_its_rules(areas, tmp_path):
    aliases = {"balance": "Balans"}
    geopackage.write(tmp_path / "a.gpkg", areas, STYLES, aliases=aliases)
    with sqlite3.connect(tmp_path / "a.gpkg") as database:
        rows = database.execute(
            "SELECT f_table_name, f_geometry_column, styleName, styleQML, useAsDefault, "
            "description FROM layer_styles ORDER BY id"
        ).fetchall()
        geometry = database.execute("SELECT column_name FROM gpkg_geometry_columns").fetchall()
    assert {row[0] for row in rows} == {"areas"}
    assert {row[1:2] for row in rows} == {*geometry}
    assert [row[4] for row in rows] == [1, 0]
    assert [row[5] for row in rows] == [style.title for style in STYLES.values()]
    columns = ["deso", *areas.columns]
    assert [row[3] for row in rows] == [
        qgis.qml(style, name, columns=columns, aliases=aliases) for name, style in STYLES.items()
    ]


def test_names_of_styles_are_titles_cut_at_a_word_and_no_two_alike():
    style = styles.balance(title="Balans")
    long = replace(style, title="Andel med låg köpkraft i hela kommunen")
    nameless = replace(style, title="", name="balance")
    found = geopackage._short_names(
        {str(i): s for i, s in enumerate([style, long, long, nameless])}
    )
    assert found[0] == "Balans"
    assert found[1] == "Andel med låg köpkraft i …"
    assert found[2] == "3. Andel med låg köpkraft i …"
    assert found[3] == "balance"
    assert all(len(name) <= 30 for name in found)
    exact = replace(style, title="x" * 14 + " " + "y" * 15)
    assert geopackage._short_names({"a": exact}) == [exact.title]


def test_what_gdal_was_told_before_it_is_told_again(areas, tmp_path):
    for before in (None, "2020-02-02T00:00:00.000Z"):
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
        geopackage.write(tmp_path / f"{before is None}.gpkg", areas, STYLES)
        assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") == before
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    first, second = ((tmp_path / f"{name}.gpkg").read_bytes() for name in (True, False))
    assert first == second
