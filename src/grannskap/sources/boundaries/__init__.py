"""Read and repair polygons: DeSO boundaries, overlays, and outlines of municipalities."""

from grannskap.sources.boundaries.names import municipalities
from grannskap.sources.boundaries.overlays import read_overlay
from grannskap.sources.boundaries.reading import read

__all__ = ["municipalities", "read", "read_overlay"]
