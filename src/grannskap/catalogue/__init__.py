"""The catalogue: every column and measure once, with its unit, kind, poles and words.

A column that is not told of here, and is not the user's own count, cannot leave the house.
"""

from grannskap.catalogue.classes import (
    BALANCE_STATUSES,
    CLUSTER_KEYS,
    CLUSTERS,
    EVENNESS,
    FRONTIER_CHANGES,
    FRONTIERS,
    OVER_YEARS,
    TRANSLATED,
    WAYS,
)
from grannskap.catalogue.counts import (
    AMOUNTS,
    BASES,
    COUNTS,
    GROUPS,
    PARTITIONS,
    PERTURBATION,
    PERTURBED_FROM,
    TENURES,
    group_label,
)
from grannskap.catalogue.fields import FIELDS, SURROUNDINGS
from grannskap.catalogue.model import (
    Column,
    Concept,
    Field,
    Kind,
    Partition,
    Pole,
    Share,
    Status,
    lower_column,
    status_column,
    upper_column,
)
from grannskap.catalogue.shares import SHARES
from grannskap.catalogue.words import (
    cluster_poles,
    heading,
    is_income,
    kind,
    label,
    poor_pole,
    tells_of,
)

__all__ = [
    "AMOUNTS",
    "BALANCE_STATUSES",
    "BASES",
    "CLUSTERS",
    "CLUSTER_KEYS",
    "COUNTS",
    "EVENNESS",
    "FIELDS",
    "FRONTIERS",
    "FRONTIER_CHANGES",
    "GROUPS",
    "OVER_YEARS",
    "PARTITIONS",
    "PERTURBATION",
    "PERTURBED_FROM",
    "SHARES",
    "SURROUNDINGS",
    "TENURES",
    "TRANSLATED",
    "WAYS",
    "Column",
    "Concept",
    "Field",
    "Kind",
    "Partition",
    "Pole",
    "Share",
    "Status",
    "cluster_poles",
    "group_label",
    "heading",
    "is_income",
    "kind",
    "label",
    "lower_column",
    "poor_pole",
    "status_column",
    "tells_of",
    "upper_column",
]
