"""Segregation: living conditions and their index, and how evenly two groups are spread."""

from grannskap.measures.segregation.area_types import (
    Cuts,
    area_types,
    country_cuts,
    mean_of_shares,
)
from grannskap.measures.segregation.calibration import PUBLISHED, YEAR, calibrate
from grannskap.measures.segregation.change import change
from grannskap.measures.segregation.changed import change_test, parts_test
from grannskap.measures.segregation.comparable import comparable
from grannskap.measures.segregation.components import pooled_reference
from grannskap.measures.segregation.conditions import Recipe, recipe, scores
from grannskap.measures.segregation.extremes import extremes
from grannskap.measures.segregation.index_chance import index_interval
from grannskap.measures.segregation.indices import indices
from grannskap.measures.segregation.parts import (
    BETWEEN,
    TOTAL,
    WITHIN,
    contributions,
    decomposition,
)
from grannskap.measures.segregation.scale import distortion, nearest, profile, spatial
from grannskap.measures.segregation.segregation_index import segregation_index, size_correlation

__all__ = [
    "BETWEEN",
    "PUBLISHED",
    "TOTAL",
    "WITHIN",
    "YEAR",
    "Cuts",
    "Recipe",
    "area_types",
    "calibrate",
    "change",
    "change_test",
    "comparable",
    "contributions",
    "country_cuts",
    "decomposition",
    "distortion",
    "extremes",
    "index_interval",
    "indices",
    "mean_of_shares",
    "nearest",
    "parts_test",
    "pooled_reference",
    "profile",
    "recipe",
    "scores",
    "segregation_index",
    "size_correlation",
    "spatial",
]
