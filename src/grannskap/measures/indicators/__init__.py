"""Indicators: shares of places by year and group, side by side and in the report's form."""

from grannskap.measures.indicators.forms import compare, flat
from grannskap.measures.indicators.places import table

__all__ = ["compare", "flat", "table"]
