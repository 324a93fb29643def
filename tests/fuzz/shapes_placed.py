"""Where areas lie: systems called by another's name, sizes and roundings."""

import numpy as np
import shapely
from cases import Case, boundaries, called, shapes
from small_town import EAST, NORTH, areas, geojson, moved, quads

CASES: list[Case] = []


def case(name, build, expected, words="", *, alone=False):
    CASES.append(Case(name, build, expected, words, alone))


case("as it is", lambda folder: None, "fine")
case("degrees", called("EPSG:4326", None), "fine")
case("RT 90 called so", called("EPSG:3021", "EPSG:3021"), "fine")
case("SWEREF 99 18 00 called so", called("EPSG:3011", "EPSG:3011"), "fine")
case("latitude first", called("EPSG:4326", None, swap=True), "refused", "latitude before longitude")
case("degrees as 3006", called("EPSG:4326", "EPSG:3006"), "refused", "degrees (WGS 84)")
case("degrees as 3857", called("EPSG:4326", "EPSG:3857"), "refused", "degrees (WGS 84)")
case("latitude first as 3006", called("EPSG:4326", "EPSG:3006", swap=True), "refused", "swapped")
case("northing first", called("EPSG:3006", "EPSG:3006", swap=True), "refused", "northing before")
case("3857 as 3006", called("EPSG:3857", "EPSG:3006"), "refused", "Pseudo-Mercator")
case("3006 as 3857", called("EPSG:3006", "EPSG:3857"), "refused", "SWEREF99 TM")
case("3006 as 3021", called("EPSG:3006", "EPSG:3021"), "refused", "SWEREF99 TM")
case("3006 as degrees", called("EPSG:3006", "EPSG:4326"), "refused", "degrees")
case("3006 without a name", called("EPSG:3006", None), "refused", "crs=")
case("kilometres", called("EPSG:3006", "EPSG:3006", factor=1e-3), "refused", "kilometres")
case("centimetres", called("EPSG:3006", "EPSG:3006", factor=100.0), "refused", "centimetres")
case("millimetres", called("EPSG:3006", "EPSG:3006", factor=1e3), "refused", "millimetres")
case("UTM 34 as 3006", called("EPSG:25834", "EPSG:3006"), "refused", "zone 34N")
case("UTM 32 as 3006", called("EPSG:25832", "EPSG:3006"), "refused", "zone 32N")
for code in range(3007, 3025):
    words = "RT90" if code >= 3019 else "SWEREF99"
    case(f"{code} as 3006", called(f"EPSG:{code}", "EPSG:3006"), "refused", words)
case(
    "RT 90 as 3006, northing first", called("EPSG:3021", "EPSG:3006", swap=True), "refused", "RT90"
)


def at(change, *which):
    """The town with some of its areas changed."""

    def build():
        made = quads()
        for k in which:
            (made[k],) = moved([made[k]], change)
        return made

    return build


def north(xy):
    return np.add(xy, [0, 300_000])


def far_south(xy):
    return np.subtract(xy, [150_000, 600_000])


def scaled(factor):
    return lambda: moved(quads(), lambda xy: (xy - (EAST, NORTH)) * factor + (EAST, NORTH))


def rounded_to(step):
    return lambda: moved(quads(), lambda xy: np.round(xy / step) * step)


case(
    "300 km away",
    shapes(at(north, *range(9))),
    "refused",
    "municipality",
)
case(
    "most far away",
    shapes(at(north, *range(6))),
    "refused",
    "far from",
)
case("one far away", shapes(at(north, 0)), "noted", "areas elsewhere")
case(
    "one in Denmark",
    shapes(at(far_south, 4)),
    "refused",
    "Sweden",
)
case("one at nought", shapes(at(lambda xy: xy - (EAST, NORTH), 4)), "refused", "Sweden")
case("all at nought", shapes(at(lambda xy: xy * 0 + [1, 2], *range(9))), "refused")
case("200 times too large", shapes(scaled(200)), "refused")
case("as small as rooms", shapes(scaled(0.01)), "refused", "size of a neighbourhood")
case(
    "one as small as a room",
    shapes(at(lambda xy: (xy - xy[0]) * 0.01 + xy[0], 4)),
    "noted",
    "tiny areas",
)
case("rounded to 1 m", shapes(rounded_to(1)), "fine")
for step in (10, 20, 50, 100):
    case(f"rounded to {step} m", shapes(rounded_to(step)), "noted", "rounded coordinates")


def rounded_degrees(decimals):
    return lambda: [
        shapely.transform(one, lambda xy: np.round(xy, decimals))
        for one in areas().to_crs(4326).geometry
    ]


for decimals in (3, 4):
    case(
        f"{decimals} decimals of a degree",
        shapes(rounded_degrees(decimals), None),
        "noted",
        "rounded coordinates",
    )
case(
    "rounded, then moved to degrees",
    boundaries(lambda: geojson(areas(rounded_to(100)()).to_crs(4326), None)),
    "noted",
    "rounded coordinates",
)
case(
    "squares on round coordinates",
    shapes(
        lambda: [
            shapely.box(e, n, e + 1000, n + 1000)
            for n in (6_638_000, 6_639_000, 6_640_000)
            for e in (647_000, 648_000, 649_000)
        ]
    ),
    "fine",
)
