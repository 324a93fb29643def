"""What is known of some areas: counts with bounds, geometry, names, and where it came from."""

from grannskap.dataset.files import STAGES, read, read_overlays, read_place_names
from grannskap.dataset.memory import from_frames
from grannskap.dataset.model import Dataset, Neighbourhood, Overlap, Pools, Shore, Source
from grannskap.dataset.scopes import by_code

__all__ = [
    "STAGES",
    "Dataset",
    "Neighbourhood",
    "Overlap",
    "Pools",
    "Shore",
    "Source",
    "by_code",
    "from_frames",
    "read",
    "read_overlays",
    "read_place_names",
]
