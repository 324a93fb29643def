"""Register: counts by area, year and group, read from the files people have."""

from grannskap.sources.register.combining import combine
from grannskap.sources.register.counts import from_frame, read
from grannskap.sources.register.naming import read_names

__all__ = ["combine", "from_frame", "read", "read_names"]
