"""Spatial autocorrelation: whether a variable is clustered beyond chance, and where."""

from grannskap.measures.autocorrelation.correction import adjust
from grannskap.measures.autocorrelation.local import local
from grannskap.measures.autocorrelation.overall import Overall, overall

__all__ = ["Overall", "adjust", "local", "overall"]
