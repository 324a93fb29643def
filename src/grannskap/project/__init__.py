"""The project file: what to read, what to measure and what to show, checked."""

from grannskap.project.microdata import MicrodataFile
from grannskap.project.options import (
    AreaTypesOptions,
    AutocorrelationOptions,
    BalanceOptions,
    BoundariesFile,
    DisclosureOptions,
    DivisionOptions,
    IndicatorOptions,
    JoinOptions,
    MapOptions,
    NamesFile,
    NeighbourhoodPlace,
    NeighboursOptions,
    OverlayFile,
    Project,
    RegisterFile,
    ReportOptions,
    SegregationOptions,
    VariableMap,
)
from grannskap.project.reading import read, template

__all__ = [
    "AreaTypesOptions",
    "AutocorrelationOptions",
    "BalanceOptions",
    "BoundariesFile",
    "DisclosureOptions",
    "DivisionOptions",
    "IndicatorOptions",
    "JoinOptions",
    "MapOptions",
    "MicrodataFile",
    "NamesFile",
    "NeighbourhoodPlace",
    "NeighboursOptions",
    "OverlayFile",
    "Project",
    "RegisterFile",
    "ReportOptions",
    "SegregationOptions",
    "VariableMap",
    "read",
    "template",
]
