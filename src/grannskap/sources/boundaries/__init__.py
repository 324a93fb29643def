"""Read and repair polygons: DeSO boundaries, overlays, and outlines of municipalities."""

from grannskap.sources.boundaries.names import municipalities
from grannskap.sources.boundaries.reading import read, read_overlay

__all__ = ["municipalities", "read", "read_overlay"]
