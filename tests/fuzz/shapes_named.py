"""Paths in every role, and what is laid over the maps."""

import os
import socket
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
import small_town
from cases import Case, tangle
from small_town import geojson, quads, use

CASES: list[Case] = []


def case(name, build, expected, words="", *, alone=False):
    CASES.append(Case(name, build, expected, words, alone))


# --- Paths, in every role ---


def in_the_way(role, make):
    def build(folder):
        make(folder / "odd")
        use(folder, role, "odd")

    return build


def sparse(path):
    with path.open("wb") as file:
        file.write(b'{"type":"FeatureCollection","features":[')
        file.truncate(100 * 10**9)


def bound_socket(path):
    here = Path.cwd()
    os.chdir(path.parent)  # a socket's address holds a hundred letters
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def loop(path):
    path.symlink_to(path.name)


WAYS = {
    "a pipe": (os.mkfifo, "pipe"),
    "a folder": (Path.mkdir, "folder"),
    "a socket": (bound_socket, "socket"),
    "a link to a device": (lambda p: p.symlink_to("/dev/zero"), "climbs out"),
    "a link to nothing": (lambda p: p.symlink_to("nothing"), ""),
    "a link to itself": (loop, ""),
    "100 GB of nothing": (sparse, "MB"),
    "nothing": (lambda p: None, ""),
    "nothing in it": (Path.touch, ""),
    "a GeoJSON of nothing": (lambda p: p.write_text("{}"), ""),
    "a text": (lambda p: p.write_text("namn;x;y\n"), ""),
    "noise": (lambda p: p.write_bytes(np.random.default_rng(1).bytes(5000)), ""),
    "the project itself": (lambda p: p.symlink_to("project.toml"), ""),
}
for role in small_town.ROLES:
    for name, (make, words) in WAYS.items():
        hang = (
            name in ("a pipe", "a link to a device", "100 GB of nothing") and role == "boundaries"
        )
        case(f"{role}: {name}", in_the_way(role, make), "refused", words, alone=hang)
    for name, path in {
        "300 letters": "a" * 300,
        "a long way": "a/" * 900 + "b",
        "a zero": "a\x00b",
        "a control character": "a\x1b[2Jb",
        "upwards": "../../etc/passwd",
        "from the root": "/etc/passwd",
        "empty": "",
        "a device": "/dev/stdin",
        "of GDAL": "/vsicurl/http://127.0.0.1:9/b.geojson",
    }.items():
        case(
            f"{role}: a path of {name}",
            lambda folder, role=role, path=path: use(folder, role, path),
            "refused",
        )


# --- What is laid over ---


def laid(role, frame, crs="urn:ogc:def:crs:EPSG::3006"):
    def build(folder):
        text = geojson(frame(), crs)
        (folder / small_town.ROLES[role]).write_text(text, encoding="utf-8")

    return build


def named(names):
    return lambda: gpd.GeoDataFrame({"namn": names}, geometry=quads()[: len(names)])


def one_shape():
    return gpd.GeoDataFrame({"namn": ["a"]}, geometry=[quads()[4]])


for role in ("land", "neighbourhood", "overlay", "places"):
    case(f"{role}: metres without a system", laid(role, one_shape, None), "refused", "degrees")
    case(
        f"{role}: on the other side of the earth",
        laid(
            role,
            lambda: gpd.GeoDataFrame({"namn": ["a"]}, geometry=[shapely.box(-99, 9, -98, 9.5)]),
            None,
        ),
        "refused",
        "Sweden",
    )
    case(
        f"{role}: latitude first",
        laid(role, lambda: one_shape().set_geometry([shapely.box(59.8, 17.6, 59.9, 17.7)]), None),
        "refused",
        "latitude",
    )
    case(
        f"{role}: no shape",
        laid(role, lambda: gpd.GeoDataFrame({"namn": ["a"]}, geometry=[None])),
        "refused",
        "no geometry",
    )
    case(
        f"{role}: a tangle",
        laid(role, lambda: one_shape().set_geometry([tangle(5000)])),
        "refused",
        "cross",
        alone=role == "land",
    )
case(
    "overlay: a control character in a name",
    laid("overlay", named(["a\x07", "b"])),
    "noted",
    "texts cleaned",
)
case(
    "overlay: a name of 20,000 letters",
    laid("overlay", named(["a" * 20_000])),
    "noted",
    "texts cleaned",
)
case(
    "places: a control character in a name",
    laid("places", named(["a\x1b[1m"])),
    "noted",
    "texts cleaned",
)
case(
    "overlay: a shape missing",
    laid("overlay", lambda: gpd.GeoDataFrame({"namn": ["a", "b"]}, geometry=[quads()[4], None])),
    "noted",
    "overlay rows without geometry",
)
