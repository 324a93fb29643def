"""Register: counts by area, year and group, read from the files people have."""

from grannskap.sources.register.area_names import read_names, read_regso
from grannskap.sources.register.combining import combine
from grannskap.sources.register.counts import from_frame, read
from grannskap.sources.register.recognising import Recognised, recognise

__all__ = ["Recognised", "combine", "from_frame", "read", "read_names", "read_regso", "recognise"]
