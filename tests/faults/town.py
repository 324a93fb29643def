"""A project of twelve square areas: a whole run in a second or two."""

import json
from pathlib import Path

PROJECT = """
title = "Tolv rutor"
view = "country"
year = 2017
[boundaries]
path = "in/areas.geojson"
code = "deso"
division = 2018
[[register]]
path = "in/register.csv"
code = "deso"
year = "year"
division = 2018
columns = {low = "low", high = "high", households = "all"}
[autocorrelation]
permutations = 99
[join]
scope = "boundaries"
"""


def write(folder: Path, *, low: int = 10) -> Path:
    """Write the project and what it reads; `low` makes its numbers other ones."""
    codes = [f"9999C{1000 + 10 * k}" for k in range(12)]
    features = []
    for k, code in enumerate(codes):
        x, y = 500_000 + 500 * (k % 4), 6_600_000 + 500 * (k // 4)
        ring = [[x, y], [x + 500, y], [x + 500, y + 500], [x, y + 500], [x, y]]
        polygon = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"deso": code}, "geometry": polygon})
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3006"}}
    (folder / "in").mkdir(parents=True, exist_ok=True)
    areas = {"type": "FeatureCollection", "crs": crs, "features": features}
    (folder / "in" / "areas.geojson").write_text(json.dumps(areas))
    rows = [f"{code},2017,{low + 7 * k},{90 - 5 * k},400" for k, code in enumerate(codes)]
    (folder / "in" / "register.csv").write_text("\n".join(["deso,year,low,high,all", *rows]))
    (folder / "project.toml").write_text(PROJECT)
    return folder / "project.toml"
