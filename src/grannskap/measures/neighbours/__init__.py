"""Who is next to whom: the one door to libpysal's graphs."""

from grannskap.measures.neighbours.building import build

__all__ = ["build"]
