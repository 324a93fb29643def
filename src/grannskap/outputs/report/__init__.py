"""One page that holds it all: maps, tables, method, sources and notes."""

from grannskap.outputs.report.model import Picture
from grannskap.outputs.report.page import build
from grannskap.outputs.report.parts import compose
from grannskap.outputs.report.remarks import of_data, of_test

__all__ = ["Picture", "build", "compose", "of_data", "of_test"]
