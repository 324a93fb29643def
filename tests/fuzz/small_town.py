"""A town of nine areas with a file of every kind beside it, made anew for each case."""

import json
import re
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import geopandas as gpd
import numpy as np
import shapely

CODES = [f"0380C10{k}0" for k in range(1, 10)]
EAST, NORTH = 647_000.37, 6_638_000.71
PROJECT = """title = "Lilla staden"
language = "en"
view = "country"
year = 2022
[boundaries]
path = "boundaries.geojson"
division = 2018
[[register]]
path = "register.csv"
year = 2022
[register.columns]
low = "låg"
high = "hög"
households = "alla"
[autocorrelation]
permutations = 99
[autocorrelation.neighbours]
kind = "queen"
land = "land.geojson"
[[neighbourhoods]]
name = "Norr"
path = "north.geojson"
[[overlays]]
path = "overlay.geojson"
label = "Utsatta områden"
[map]
places = "places.geojson"
"""
ROLES = {
    "boundaries": "boundaries.geojson",
    "land": "land.geojson",
    "neighbourhood": "north.geojson",
    "overlay": "overlay.geojson",
    "places": "places.geojson",
}


def quads(side=600.0):
    """Three by three askew quadrangles that fit together exactly."""

    def corner(x, y):
        east = EAST + side * (x + 0.173 * ((7 * x + 3 * y) % 5 - 2) / 2)
        return round(east, 2), round(NORTH + side * (y + 0.161 * ((5 * x + 2 * y) % 7 - 3) / 3), 2)

    return [
        shapely.Polygon([corner(x, y), corner(x + 1, y), corner(x + 1, y + 1), corner(x, y + 1)])
        for y in range(3)
        for x in range(3)
    ]


def areas(shapes=None):
    return gpd.GeoDataFrame(
        {"desokod": CODES, "kommunnamn": "Uppsala"},
        geometry=quads() if shapes is None else shapes,
        crs="EPSG:3006",
    )


def geojson(frame, crs="urn:ogc:def:crs:EPSG::3006"):
    """GeoJSON text of a frame as it stands, called what one likes."""
    content = json.loads(frame.to_json(to_wgs84=False, drop_id=True))
    content.pop("crs", None)
    if crs is not None:
        content["crs"] = {"type": "name", "properties": {"name": crs}}
    return json.dumps(content, ensure_ascii=False)


@cache
def _made() -> Path:
    folder = Path(mkdtemp(prefix="small-town-"))
    town = areas()
    whole = town.geometry.union_all()
    (folder / "project.toml").write_text(PROJECT, encoding="utf-8")
    rows = [f"{code};{20 + 3 * k};{50 - 4 * k};{100 + k}" for k, code in enumerate(CODES)]
    text = "\n".join(["Region;låg;hög;alla", *rows, ""])
    (folder / "register.csv").write_text(text, encoding="utf-8")
    frames = {
        "boundaries.geojson": town,
        "land.geojson": gpd.GeoDataFrame({"namn": ["land"]}, geometry=[whole.buffer(500)]),
        "north.geojson": gpd.GeoDataFrame(
            {"namn": ["norr"]}, geometry=[shapely.union_all(quads()[6:]).buffer(5)]
        ),
        "overlay.geojson": gpd.GeoDataFrame(
            {"namn": ["ett", "två"]}, geometry=[quads()[0].buffer(-50), quads()[4].buffer(-50)]
        ),
        "places.geojson": gpd.GeoDataFrame(
            {"namn": ["Norrby", "Söderby"]},
            geometry=[quads()[7].centroid, quads()[1].centroid],
        ),
    }
    for name, frame in frames.items():
        (folder / name).write_text(geojson(frame), encoding="utf-8")
    return folder


def build(folder: Path) -> Path:
    """Copy the town into an empty folder; return its project file."""
    shutil.copytree(_made(), folder, dirs_exist_ok=True)
    return folder / "project.toml"


def edit(folder: Path, pattern: str, replacement: str) -> None:
    """Change a line of the project file."""
    file = folder / "project.toml"
    text = file.read_text(encoding="utf-8")
    changed = re.sub(pattern, lambda _: replacement, text, count=1, flags=re.MULTILINE)
    assert changed != text, pattern
    file.write_text(changed, encoding="utf-8", errors="surrogatepass")


def use(folder: Path, role: str, name: str) -> None:
    """Let the project name another file in a role."""
    edit(folder, re.escape(f'"{ROLES[role]}"'), json.dumps(name))


def moved(shapes, change):
    """Shapes whose coordinates are changed by a function of an array."""
    return [shapely.transform(one, lambda xy: np.asarray(change(xy))) for one in shapes]
