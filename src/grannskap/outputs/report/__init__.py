"""One page that holds it all: maps, tables, method, sources and notes."""

from grannskap.outputs.report.page import Picture, build

__all__ = ["Picture", "build"]
