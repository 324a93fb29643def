"""Register: counts by area, year and group, read from the files people have."""

from grannskap.sources.register.combining import combine
from grannskap.sources.register.naming import read_names
from grannskap.sources.register.reading import read

__all__ = ["combine", "read", "read_names"]
