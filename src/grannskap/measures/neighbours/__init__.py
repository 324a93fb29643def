"""Who is next to whom: the one door to libpysal's graphs.

>>> import geopandas as gpd, shapely
>>> squares = gpd.GeoSeries(
...     [shapely.box(x, 0, x + 1, 1) for x in (0, 1, 5)],
...     index=["0114A0010", "0114A0020", "0114A0030"], crs="EPSG:3006",
... )
>>> describe(build(squares, attach_isolates=1)).attached_isolates
('0114A0030',)
"""

from grannskap.measures.neighbours.assembly import Neighbours, take
from grannskap.measures.neighbours.building import Kernel, Kind, Rule, build, find
from grannskap.measures.neighbours.contiguity import stretches
from grannskap.measures.neighbours.description import Description, describe
from grannskap.measures.neighbours.links import links
from grannskap.measures.neighbours.union import union

__all__ = [
    "Description",
    "Kernel",
    "Kind",
    "Neighbours",
    "Rule",
    "build",
    "describe",
    "find",
    "links",
    "stretches",
    "take",
    "union",
]
