"""GeoJSON: what a text can hold that is no area, and too much of it."""

import json

import geopandas as gpd
import pandas as pd
from cases import Case, boundaries, shapes, star, tangle
from small_town import CODES, EAST, NORTH, areas, edit, geojson, quads

CASES: list[Case] = []

# The texts of pandas 3 hold no half pairs; before it they do, and the half is taken out and told.
NEW_TEXTS = int(pd.__version__.split(".")[0]) >= 3
HALF_A_PAIR = ("refused", "surrogates") if NEW_TEXTS else ("noted", "texts cleaned")


def case(name, build, expected, words="", *, alone=False):
    CASES.append(Case(name, build, expected, words, alone))


# --- GeoJSON ---


def text_with(change):
    """Boundaries as text, changed."""
    return boundaries(lambda: change(geojson(areas())))


def first_ring(replacement: str):
    """Another text where the first area's coordinates are."""

    def change(text):
        start = text.index('"coordinates": ') + len('"coordinates": ')
        return text[:start] + replacement + text[text.index("]]]", start) + 3 :]

    return text_with(change)


E, N = EAST, NORTH
RING = f"[{E},{N}],[{E + 600},{N}],[{E + 600},{N + 600}],[{E},{N}]"
for name, ring in {
    "a number beyond all numbers": f"[[[1e999,{N}],{RING}]]",
    "NaN": f"[[[NaN,{N}],{RING}]]",
    "Infinity": f"[[[Infinity,{N}],{RING}]]",
    "no number": f"[[[null,{N}],{RING}]]",
    "texts for numbers": f'[[["{E}","{N}"],["{E + 600}","{N}"],["{E}","{N + 600}"]]]',
    "yes and no for numbers": "[[[true,false],[true,true],[false,false],[true,false]]]",
    "a whole number of 400 digits": f"[[[{'9' * 400},{N}],{RING}]]",
    "a whole number of 5,000 digits": f"[[[{'9' * 5000},{N}],{RING}]]",
    "a whole number of 30 digits": f"[[[{'9' * 30},{N}],{RING}]]",
    "65 dimensions": "[" * 65 + "1" + "]" * 65,
    "5,000 arrays in each other": "[" * 5000 + "]" * 5000,
    "100,000 arrays in each other": "[" * 100_000 + "]" * 100_000,
    "a ring of two points": f"[[[{E},{N}],[{E + 600},{N}]]]",
    "a ring of one number each": f"[[[{E}],[{E + 600}],[{E}],[{E}]]]",
    "positions of different lengths": f"[[[{E},{N}],[{E}],[{E},{N},1],[{E},{N}]]]",
    "no ring": "[]",
    "an empty ring": "[[]]",
    "an object for a ring": '[{"a": 1}]',
    "a number for a ring": "[5]",
    "a number for coordinates": "5",
    "a text for coordinates": '"647000 6638000"',
    "no coordinates": "null",
    "all points alike": f"[[[{E},{N}],[{E},{N}],[{E},{N}],[{E},{N}]]]",
}.items():
    case(f"GeoJSON: {name}", first_ring(ring), "refused")
case("GeoJSON: five numbers to a position", first_ring(f"[[[{E},{N},1,2,3],{RING}]]"), "refused")

BOW = f"[{E},{N}],[{E + 600},{N + 600}],[{E + 600},{N}],[{E},{N + 500}],[{E},{N}]"
case("GeoJSON: a bow tie", first_ring(f"[[{BOW}]]"), "noted", "repaired polygons")


def replaced(old, new, count=-1):
    def change(text):
        changed = text.replace(old, new, count)
        assert changed != text, old
        return changed

    return text_with(change)


DEEP = '{"type":"GeometryCollection","geometries":[' * 5000 + "]}" * 5000
for name, build, expected, words in (
    ("a code that stands twice", replaced(CODES[1], CODES[0]), "refused", CODES[0]),
    (
        "a key that stands twice",
        replaced('{"desokod"', '{"desokod": "0380C1999", "desokod"', 1),
        "refused",
        "twice",
    ),
    ("a byte mark in front", text_with(lambda t: "\ufeff" + t), "fine", ""),
    ("UTF-16", text_with(lambda t: t.encode("utf-16")), "refused", ""),
    ("cut in the middle", text_with(lambda t: t[: len(t) // 2]), "refused", ""),
    ("something after its end", text_with(lambda t: t + "{}"), "refused", ""),
    ("zero bytes at its end", text_with(lambda t: t + "\0" * 5000), "refused", ""),
    ("nothing", boundaries(""), "refused", "empty"),
    ("spaces", boundaries(" " * 10_000), "refused", ""),
    ("40 MB of spaces", boundaries(lambda: " " * 40_000_000), "refused", ""),
    (
        "one line for each feature",
        boundaries(
            lambda: "\n".join(json.dumps(one) for one in json.loads(geojson(areas()))["features"])
        ),
        "refused",
        "",
    ),
    (
        "collections of collections",
        replaced('"geometry": {', f'"geometry": {DEEP}, "x": {{', 1),
        "refused",
        "",
    ),
    ("objects in each other", boundaries('{"a":' * 100_000), "refused", ""),
    (
        "features that are null",
        boundaries('{"type":"FeatureCollection","features":[null]}'),
        "refused",
        "",
    ),
    ("no features", boundaries('{"type":"FeatureCollection","features":[]}'), "refused", ""),
    ("a point", replaced('"Polygon"', '"Point"', 1), "refused", ""),
    ("a line", replaced('"Polygon"', '"MultiPoint"', 1), "refused", ""),
    (
        "no shape",
        text_with(
            lambda t: json.dumps(
                {
                    **(d := json.loads(t)),
                    "features": [{**d["features"][0], "geometry": None}, *d["features"][1:]],
                }
            )
        ),
        "refused",
        CODES[0],
    ),
    ("no such code", replaced(CODES[0], "0380D1010", 1), "refused", ""),
    ("a code with a control character", replaced(CODES[0], CODES[0] + "\\u0000", 1), "refused", ""),
    ("half a surrogate pair in a code", replaced(CODES[0], CODES[0] + "\\ud800", 1), "refused", ""),
    ("a number for a code", replaced(f'"{CODES[0]}"', "380", 1), "refused", ""),
    ("a huge number for a code", replaced(f'"{CODES[0]}"', "9" * 4000, 1), "refused", ""),
    ("a list for a code", replaced(f'"{CODES[0]}"', "[1]", 1), "refused", ""),
    (
        "half a surrogate pair in a name",
        replaced("Uppsala", "Upp\\ud800sala", 1),
        *HALF_A_PAIR,
    ),
    (
        "a control character in a name",
        replaced("Uppsala", "Upp\\u001b[2Jsala", 1),
        "noted",
        "texts cleaned",
    ),
    ("a zero in a name", replaced("Uppsala", "Upp\\u0000sala"), "noted", "texts cleaned"),
    ("a name of 20,000 letters", replaced("Uppsala", "Upp" * 20_000, 1), "noted", "texts cleaned"),
    (
        "2,000 columns",
        replaced('"desokod":', "".join(f'"c{k}": 1, ' for k in range(2000)) + '"desokod":', 1),
        "refused",
        "columns",
    ),
    (
        "a list of numbers for a value",
        replaced('"desokod":', f'"x": [{"1," * 3000}1], "desokod":', 1),
        "refused",
        "numbers",
    ),
):
    case(f"GeoJSON: {name}", build, expected, words)

for name, crs in {
    "none that is known": "urn:ogc:def:crs:EPSG::99999999",
    "a word": "banana",
    "a file": "/etc/passwd",
    "orders for PROJ": "+init=/dev/zero:1 +type=crs",
    "a grid that is a pipe": "+proj=longlat +nadgrids=/dev/stdin +type=crs",
    "an address": "http://127.0.0.1:9/crs",
    "a million letters": "EPSG:" + "1" * 1_000_000,
    "a sum of systems": "EPSG:3006+5613+5613",
    "a control character": "EPSG:3006\u0000",
    "of the moon": "IAU_2015:30100",
}.items():
    case(f"coordinate system: {name}", boundaries(lambda crs=crs: geojson(areas(), crs)), "refused")
for name, member in {
    "a list": "[]",
    "a number": "5",
    "without a name": "{}",
    "a number for a name": '{"properties": {"name": 3006}}',
    "null": "null",
}.items():
    case(
        f"coordinate system: {name}",
        text_with(
            lambda t, member=member: f'{{"crs": {member}, ' + t[1:].rpartition(', "crs"')[0] + "}"
        ),
        "refused",
    )


def by_project(key, value):
    return lambda folder: edit(
        folder, r"^path = \"boundaries", f'{key} = {value}\npath = "boundaries'
    )


for name, value in {
    "banana": '"banana"',
    "another than the file's": '"EPSG:3021"',
    "orders": '"+init=/dev/zero:1"',
    "a file": '"/dev/zero"',
    "nothing": '""',
    "20,000 letters": f'"{"A" * 20_000}"',
}.items():
    case(f"crs in the project: {name}", by_project("crs", value), "refused")
for key in ("layer", "code"):
    case(f"{key} in the project: none such", by_project(key, '"\u202eabc"'), "refused")
    case(f"{key} in the project: absent", by_project(key, '"absent"'), "refused", "absent")


# --- Much of it ---


def many_areas(shape_of, number):
    def build():
        codes = [f"0380C{1000 + 10 * k:04d}" for k in range(number)]
        frame = gpd.GeoDataFrame({"desokod": codes}, geometry=[shape_of(k) for k in range(number)])
        return geojson(frame)

    return boundaries(build)


case("a million corners", shapes(lambda: [star(1_000_000), *quads()[1:]]), "refused", alone=True)
case(
    "a tangle of 5,000 corners",
    shapes(lambda: [tangle(5000), *quads()[1:]]),
    "refused",
    "cross",
    alone=True,
)
case(
    "a tangle of 100,000 corners",
    shapes(lambda: [tangle(100_000), *quads()[1:]]),
    "refused",
    "cross",
    alone=True,
)
case(
    "800 areas over one another",
    many_areas(lambda k: star(100), 800),
    "refused",
    "beside each other",
    alone=True,
)
case(
    "11 million corners",
    boundaries(
        lambda: geojson(areas()).replace(
            '"coordinates": [[', '"coordinates": [[' + "[6,6]," * 11_000_000, 1
        )
    ),
    "refused",
    "arrays",
    alone=True,
)
case(
    "two million features",
    boundaries(
        lambda: (
            '{"type":"FeatureCollection","features":[' + '{"type":"Feature"},' * 2_000_000 + "0]}"
        )
    ),
    "refused",
    "objects",
    alone=True,
)
case(
    "nine million empty lists",
    boundaries(lambda: '{"type":"FeatureCollection","features":[' + "[]," * 9_000_000 + "0]}"),
    "refused",
    alone=True,
)
case(
    "20 million numbers",
    boundaries(lambda: '{"type":"FeatureCollection","features":[' + "1," * 20_000_000 + "0]}"),
    "refused",
    "numbers",
    alone=True,
)
