"""Frontiers: borders between two neighbouring areas whose shares of poor differ beyond chance."""

from grannskap.measures.frontiers.borders import TOLERANCE, borders
from grannskap.measures.frontiers.found import PERSONS, find, of_places
from grannskap.measures.frontiers.since import Year, since

__all__ = ["PERSONS", "TOLERANCE", "Year", "borders", "find", "of_places", "since"]
