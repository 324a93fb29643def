"""The GeoPackage in a real QGIS: it opens coloured, and every area in the class of the map."""

import json
import os
import shutil
import subprocess

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from grannskap.maps import style as styles
from grannskap.outputs import geopackage

# Runs under the system's Python, which has QGIS; says what QGIS sees as one line of JSON.
SCRIPT = """
import json, os, sys
from qgis.core import (QgsApplication, QgsMapRendererParallelJob, QgsMapSettings,
                       QgsRenderContext, QgsVectorLayer)
from qgis.PyQt.QtCore import QSize
path, picture = sys.argv[1:]
app = QgsApplication([], False)
app.initQgis()
layer = QgsVectorLayer(path + "|layername=areas", "areas", "ogr")
found = {"opens as": layer.renderer().type(), "styles": {}}
count, ids, names, _, _ = layer.listStylesInDatabase()
found["default"] = layer.loadDefaultStyle()[1]
found["names"] = names
found["aliases"] = [layer.attributeDisplayName(i) for i in range(layer.fields().count())]
settings = QgsMapSettings()
settings.setLayers([layer])
settings.setDestinationCrs(layer.crs())
settings.setExtent(layer.extent())
settings.setOutputSize(QSize(len(list(layer.getFeatures())) * 20, 20))
job = QgsMapRendererParallelJob(settings)
job.start()
job.waitForFinished()
job.renderedImage().save(picture)
for number in sorted(ids, key=int):
    qml, _ = layer.getStyleFromDatabase(number)
    from qgis.PyQt.QtXml import QDomDocument
    document = QDomDocument()
    document.setContent(qml)
    ok = layer.importNamedStyle(document)
    renderer = layer.renderer().clone()
    rules = renderer.rootRule().children()
    context = QgsRenderContext()
    renderer.startRender(context, layer.fields())
    classes = {}
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        hit = [r for r in renderer.rootRule().rulesForFeature(feature, context)]
        sure = [r.label() for r in hit if not r.isElse()]
        classes[feature["deso"]] = sure or [r.label() for r in hit]
    renderer.stopRender(context)
    found["styles"][number] = {
        "type": layer.renderer().type(),
        "ok": ok[0],
        "rules": [[r.label(), r.symbol().symbolLayer(0).color().name(),
                   r.symbol().symbolLayerCount()] for r in rules],
        "classes": classes,
    }
print(json.dumps(found), flush=True)
os._exit(0)  # QGIS falls over its own objects when Python takes them down in any order
"""

SYSTEM_PYTHON = "/usr/bin/python3"


@pytest.fixture(scope="module")
def system_python():
    """The Python that has QGIS; these tests are skipped where Debian's python3-qgis is absent."""
    if shutil.which(SYSTEM_PYTHON) is None:
        pytest.skip("no system Python, so no QGIS")
    asked = subprocess.run(
        [SYSTEM_PYTHON, "-c", "import qgis.core"], capture_output=True, check=False
    )
    if asked.returncode:
        pytest.skip("QGIS is not installed (Debian: apt-get install python3-qgis)")
    return SYSTEM_PYTHON


def values_around(edges):
    """Every edge, what lies just beside it, and the values that have a rule of their own."""
    edges = np.asarray(edges)
    beside = [np.nextafter(edges, -np.inf), edges, np.nextafter(edges, np.inf)]
    return np.concatenate([*beside, [0.0, np.inf, np.nan]])


@pytest.fixture(scope="module")
def drawn():
    """A row of squares with three columns, and the style of each."""
    balance, scores = styles.balance(title="Balans: låg mot hög köpkraft"), styles.scores()
    clusters = styles.clusters(variable="Andel med låg köpkraft", too_few=True)
    values = values_around(balance.edges)
    count = len(values)
    areas = gpd.GeoDataFrame(
        {
            "balance": values,
            "cluster": [[*clusters.categories, "no data"][i % 8] for i in range(count)],
            "score": np.resize(values_around(scores.edges), count),
        },
        geometry=[shapely.box(1000 * i, 0, 1000 * i + 1000, 1000) for i in range(count)],
        crs="EPSG:3006",
        index=pd.Index([f"9999C{i:04d}" for i in range(1000, 1000 + count)], name="deso"),
    )
    return areas, {"balance": balance, "cluster": clusters, "score": scores}


@pytest.fixture(scope="module")
def seen(drawn, system_python, tmp_path_factory):
    """What QGIS says of the GeoPackage, and the picture it draws."""
    areas, by_column = drawn
    folder = tmp_path_factory.mktemp("qgis")
    geopackage.write(folder / "areas.gpkg", areas, by_column, aliases={"balance": "Balans åäö"})
    return asked_of_qgis(system_python, folder)


def asked_of_qgis(system_python, folder):
    """What QGIS says of the GeoPackage in a folder, and the picture it draws of it."""
    (folder / "see.py").write_text(SCRIPT, encoding="utf-8")
    answer = subprocess.run(
        [system_python, "see.py", "areas.gpkg", "picture.png"],
        cwd=folder,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": ""},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert answer.returncode == 0, answer.stderr.decode()[-2000:]
    told = json.loads(answer.stdout.decode().strip().splitlines()[-1])
    return told, folder / "picture.png"


def test_it_opens_coloured_by_the_first_style(seen):
    told, _ = seen
    assert told["opens as"] == "RuleRenderer"
    assert told["default"] is True
    assert len(told["names"]) == 3
    assert "Balans åäö" in told["aliases"]


def test_rules_labels_and_colours_are_the_styles(seen, drawn):
    told, _ = seen
    for style, in_qgis in zip(drawn[1].values(), told["styles"].values(), strict=True):
        assert in_qgis["type"] == "RuleRenderer"
        assert in_qgis["ok"]
        expected = [
            *zip(style.labels, style.colours, style.hatches or [""] * 99, strict=False),
            (style.gaps[0].label, style.gaps[0].colour, style.gaps[0].hatch),
        ]
        assert [tuple(rule[:2]) for rule in in_qgis["rules"]] == [
            (label, colour) for label, colour, _ in expected
        ]
        assert [layers for _, _, layers in in_qgis["rules"]] == [
            2 if hatch else 1 for *_, hatch in expected
        ]


def test_every_area_falls_in_the_class_that_the_style_says(seen, drawn):
    told, _ = seen
    areas, by_column = drawn
    for (column, style), in_qgis in zip(by_column.items(), told["styles"].values(), strict=True):
        codes = styles.classify(areas[column], style)
        for deso, code in codes.items():
            label = style.labels[code] if code >= 0 else style.gaps[0].label
            assert in_qgis["classes"][deso] == [label], (column, areas[column][deso])


def test_the_picture_shows_the_colours_of_the_style(seen, drawn):
    from PIL import Image, ImageColor

    _, picture = seen
    areas, by_column = drawn
    style = by_column["balance"]
    image = Image.open(picture).convert("RGB")
    assert image.width == 20 * len(areas)
    codes = styles.classify(areas["balance"], style)
    for i, code in enumerate(codes):
        if code >= 0:
            shown = image.getpixel((20 * i + 10, image.height // 2))
            assert shown == ImageColor.getrgb(style.colours[code]), areas["balance"].iloc[i]


@pytest.fixture(scope="module")
def hidden(system_python, tmp_path_factory):
    """Areas without a value: why there is none, what it can be, and the class QGIS sees."""
    edges, low, high = styles.BALANCE_EDGES, [np.nan], [np.nan]
    for edge in (*edges, 0.0, np.inf):
        for least in (0.0, edge / 2, np.nextafter(edge, 0), edge, np.nextafter(edge, np.inf)):
            low.append(least)
            high.append(edge)
    count = len(low)
    words = [
        ["suppressed", "missing", "nobody either", "not joined", None][i % 5] for i in range(count)
    ]
    low[-2:], high[-2:], words[-2:] = [0.3, 0.0], [np.inf, np.inf], ["suppressed"] * 2
    areas = gpd.GeoDataFrame(
        {
            "balance": np.full(count, np.nan),
            "balance_status": pd.Series(words, dtype=object),
            "balance_at_least": low,
            "balance_at_most": high,
            "cluster": "no data",
            "cluster_status": pd.Series(words, dtype=object),
        },
        geometry=[shapely.box(1000 * i, 0, 1000 * i + 1000, 1000) for i in range(count)],
        crs="EPSG:3006",
    ).set_index(pd.Index([f"9999C{i:04d}" for i in range(1000, 1000 + count)], name="deso"))
    folder = tmp_path_factory.mktemp("qgis-hidden")
    by_column = {"balance": styles.balance(), "cluster": styles.clusters()}
    geopackage.write(folder / "areas.gpkg", areas, by_column)
    return areas, by_column, *asked_of_qgis(system_python, folder)


def test_areas_without_a_value_fall_in_their_gap_or_in_the_class_of_their_bounds(hidden):
    areas, by_column, told, _ = hidden
    for (column, style), in_qgis in zip(by_column.items(), told["styles"].values(), strict=True):
        bounds = {"lower": areas["balance_at_least"], "upper": areas["balance_at_most"]}
        codes = styles.classify(areas[column], style, status=areas[f"{column}_status"], **bounds)
        assert {*codes} >= {-1, -2}
        for deso, code in codes.items():
            # A coloured area has no value here: it also has the mark of those that are hidden.
            marked = [style.labels[code], styles.BOUNDED(style.language)]
            labels = marked if code >= 0 else [style.gaps[-1 - code].label]
            assert in_qgis["classes"][deso] == labels, (column, dict(areas.loc[deso]))


def test_a_hidden_area_in_one_class_is_coloured_under_a_hollow_dot(hidden):
    from PIL import Image

    areas, by_column, _, picture = hidden
    style = by_column["balance"]
    bounds = {"lower": areas["balance_at_least"], "upper": areas["balance_at_most"]}
    codes = styles.classify(areas["balance"], style, **bounds)
    image = Image.open(picture).convert("RGB")
    for i, code in enumerate(codes):
        seen = {image.getpixel((20 * i + x, y)) for x in range(4, 17) for y in range(4, 17)}
        shade = tuple(int(style.colours[code][k : k + 2], 16) for k in (1, 3, 5))
        if code >= 0:
            assert shade in seen
            assert any(sum(pixel) < 420 for pixel in seen - {shade})


# What a legend says of a layer, as QGIS's panel of layers and its layouts put it together.
LEGEND = """
import json, os
from qgis.core import (QgsApplication, QgsExpressionContext, QgsLayerTree, QgsLayerTreeModel,
                       QgsExpressionContextUtils, QgsVectorLayer)
from qgis.PyQt.QtCore import Qt
app = QgsApplication([], False)
app.initQgis()
layer = QgsVectorLayer("areas.gpkg|layername=areas", "areas", "ogr")
layer.loadDefaultStyle()
root = QgsLayerTree()
node = root.addLayer(layer)
model = QgsLayerTreeModel(root)
context = QgsExpressionContext()
context.appendScopes(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
said = []
for part in model.layerLegendNodes(node):
    said.append(part.data(Qt.DisplayRole))
    if hasattr(part, "evaluateLabel"):
        said += [part.evaluateLabel(context), part.evaluateLabel(context, part.symbolLabel())]
said += [layer.attributeDisplayName(i) for i in range(layer.fields().count())]
said += layer.listStylesInDatabase()[2] + layer.listStylesInDatabase()[3]
print(json.dumps(said), flush=True)
os._exit(0)
"""


def test_nothing_in_a_text_is_an_expression(system_python, tmp_path):
    from dataclasses import replace

    text = "[% env('GRANNSKAP_TEST') %] [%1+1%]"
    plain = styles.balance()
    gaps = tuple(replace(gap, label=text) for gap in plain.gaps)
    style = replace(plain, title=text, labels=(text,) * 7, gaps=gaps)
    areas = gpd.GeoDataFrame(
        {"balance": [1.0, np.nan], "name": text},
        geometry=[shapely.box(0, 0, 900, 900), shapely.box(900, 0, 1800, 900)],
        crs="EPSG:3006",
        index=pd.Index(["9999C1010", "9999C1020"], name="deso"),
    )
    geopackage.write(tmp_path / "areas.gpkg", areas, {"balance": style}, aliases={"balance": text})
    own = {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": "", "GRANNSKAP_TEST": "taken"}
    answer = subprocess.run(
        [system_python, "-c", LEGEND], cwd=tmp_path, env={**os.environ, **own},
        capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    said = json.loads(answer.stdout.decode().strip().splitlines()[-1])
    seen = [one.replace("\u2060", "") for one in said]
    assert seen.count(text) >= 9
    assert not [one for one in said if "taken" in one or "2" in one]
