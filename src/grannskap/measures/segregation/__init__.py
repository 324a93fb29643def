"""Segregation: living conditions and their index, and how evenly two groups are spread."""

from grannskap.measures.segregation.conditions import scores
from grannskap.measures.segregation.worst import index

__all__ = ["index", "scores"]
