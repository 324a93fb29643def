"""The workbook: the tables of an analysis as a planner opens them in Excel."""

from grannskap.outputs.workbook.book import build

__all__ = ["build"]
