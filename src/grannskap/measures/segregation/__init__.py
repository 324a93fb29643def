"""Segregation: living conditions and their index, and how evenly two groups are spread."""

from grannskap.measures.segregation.conditions import Recipe, recipe, scores
from grannskap.measures.segregation.evenness import evenness
from grannskap.measures.segregation.worst import index

__all__ = ["Recipe", "evenness", "index", "recipe", "scores"]
