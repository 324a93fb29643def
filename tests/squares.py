"""Small areas for tests of neighbours, and what they must give by brute force."""

from functools import cache

import geopandas as gpd
import pandas as pd
import shapely

from benchmarks import country

CRS = "EPSG:3006"


def series(shapes, codes=None):
    codes = [f"9999C{10 * i + 1000:04d}" for i in range(len(shapes))] if codes is None else codes
    return gpd.GeoSeries(shapes, index=pd.Index(codes, name="deso", dtype="str"), crs=CRS)


def grid(width, height, side=250.0):
    return series(
        [
            shapely.box(x * side, y * side, (x + 1) * side, (y + 1) * side)
            for y in range(height)
            for x in range(width)
        ]
    )


def links_of(graph):
    """Directed links by code, without the self-loops that mark isolation."""
    adjacency = graph.adjacency
    return {pair for pair, weight in adjacency.items() if pair[0] != pair[1] or weight != 0}


def brute(geometry, test):
    codes = list(geometry.index)
    shapes = list(geometry)
    return {
        (a, b)
        for a, x in zip(codes, shapes, strict=True)
        for b, y in zip(codes, shapes, strict=True)
        if a != b and test(x, y)
    }


def points_of(geometry):
    return gpd.GeoSeries(
        shapely.point_on_surface(geometry.array), index=geometry.index, crs=geometry.crs
    )


@cache
def made_country():
    """Read it, never change it: it is the same object for every test."""
    return country.make(2100, seed=3, vertices=40_000)


ISLANDS = shapely.MultiPolygon(
    [shapely.box(0, 0, 100, 100), shapely.box(150, 0, 300, 100), shapely.box(0, 200, 50, 250)]
)


def archipelago_areas():
    """Four areas that meet at sea: two on one island, one on another, one without land."""
    return series(
        [
            shapely.box(0, 0, 125, 150),
            shapely.box(125, 0, 200, 150),
            shapely.box(200, 0, 400, 150),
            shapely.box(125, 150, 400, 300),
        ]
    )
