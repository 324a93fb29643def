"""One page that holds it all: maps, tables, method, sources and notes."""

from grannskap.outputs.report.page import Picture, build
from grannskap.outputs.report.remarks import of_data, of_test

__all__ = ["Picture", "build", "of_data", "of_test"]
