"""Read and repair polygons: DeSO boundaries, overlays, and outlines of municipalities."""

from grannskap.sources.boundaries.names import municipalities, reach_sea, within_outlines
from grannskap.sources.boundaries.overlays import columns_of, read_overlay
from grannskap.sources.boundaries.polygons import from_frame, read

__all__ = [
    "columns_of",
    "from_frame",
    "municipalities",
    "reach_sea",
    "read",
    "read_overlay",
    "within_outlines",
]
