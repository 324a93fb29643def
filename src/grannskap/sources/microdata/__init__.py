"""Microdata: rows of persons or households become counts by area, year and group."""

from grannskap.sources.microdata.asked import METHOD, SCB_2021, Asked, Scale
from grannskap.sources.microdata.counting import STEPS, Counted, count
from grannskap.sources.microdata.written import as_csv, checksum, project_lines

__all__ = [
    "METHOD",
    "SCB_2021",
    "STEPS",
    "Asked",
    "Counted",
    "Scale",
    "as_csv",
    "checksum",
    "count",
    "project_lines",
]
