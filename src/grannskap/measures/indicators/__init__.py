"""Indicators: shares of places by year and group, side by side and in the report's form."""

from grannskap.measures.indicators.change import change
from grannskap.measures.indicators.report_form import flat, order
from grannskap.measures.indicators.table import compare, table

__all__ = ["change", "compare", "flat", "order", "table"]
