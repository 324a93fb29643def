"""Show how a Swedish town is divided, by DeSO.

The modules are handed out by their own names and loaded when first used, so that
``import grannskap`` costs next to nothing:

>>> import grannskap
>>> grannskap.balance.__name__
'grannskap.measures.balance'
"""

from importlib import import_module
from types import ModuleType

__version__ = "0.1.0"

_MODULES = {
    "errors": "grannskap.errors",
    "deso": "grannskap.deso",
    "catalogue": "grannskap.catalogue",
    "project": "grannskap.project",
    "boundaries": "grannskap.sources.boundaries",
    "register": "grannskap.sources.register",
    "changes": "grannskap.sources.changes",
    "squares": "grannskap.sources.squares",
    "areas": "grannskap.areas",
    "dataset": "grannskap.dataset",
    "disclosure": "grannskap.disclosure",
    "balance": "grannskap.measures.balance",
    "segregation": "grannskap.measures.segregation",
    "indicators": "grannskap.measures.indicators",
    "neighbours": "grannskap.measures.neighbours",
    "autocorrelation": "grannskap.measures.autocorrelation",
    "frontiers": "grannskap.measures.frontiers",
    "analysis": "grannskap.analysis",
    "style": "grannskap.maps.style",
    "figure": "grannskap.maps.figure",
    "webmap": "grannskap.maps.webmap",
    "tables": "grannskap.outputs.tables",
    "report": "grannskap.outputs.report",
    "notebook": "grannskap.outputs.notebook",
    "write": "grannskap.outputs.write",
    "datasets": "grannskap.datasets",
    "demo": "grannskap.demo",
}

__all__ = ["__version__", *sorted(_MODULES)]  # noqa: PLE0604


def __getattr__(name: str) -> ModuleType:
    if name in _MODULES:
        return import_module(_MODULES[name])
    raise AttributeError(f"module 'grannskap' has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(__all__)
