"""All of it, in order, for one project: files → areas → measures."""

from grannskap.analysis.by_place import years_and_groups
from grannskap.analysis.comparing import then_and_now
from grannskap.analysis.describing import describe
from grannskap.analysis.gathering import Gathered, Place, gather
from grannskap.analysis.measuring import STAGES, run
from grannskap.analysis.result import Analysis, Clustering

__all__ = [
    "STAGES",
    "Analysis",
    "Clustering",
    "Gathered",
    "Place",
    "describe",
    "gather",
    "run",
    "then_and_now",
    "years_and_groups",
]
