"""Spatial autocorrelation: whether a variable is clustered beyond chance, and where."""

from grannskap.measures.autocorrelation import rates
from grannskap.measures.autocorrelation.correlogram import correlogram
from grannskap.measures.autocorrelation.local import local
from grannskap.measures.autocorrelation.overall import Overall, overall, overall_within
from grannskap.measures.autocorrelation.scatter import scatter
from grannskap.measures.autocorrelation.sensitivity import sensitivity
from grannskap.measures.autocorrelation.transitions import transitions
from grannskap.measures.correction import adjust

__all__ = [
    "Overall",
    "adjust",
    "correlogram",
    "local",
    "overall",
    "overall_within",
    "rates",
    "scatter",
    "sensitivity",
    "transitions",
]
