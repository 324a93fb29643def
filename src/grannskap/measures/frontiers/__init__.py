"""Frontiers: borders between two neighbouring areas whose shares of poor differ beyond chance."""

from grannskap.measures.frontiers.borders import borders
from grannskap.measures.frontiers.found import PERSONS, STATUSES, find, of_places
from grannskap.measures.frontiers.since import BECAME, since

__all__ = ["BECAME", "PERSONS", "STATUSES", "borders", "find", "of_places", "since"]
