"""The two poles of the cluster map: their classes, and the areas that lie in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grannskap.catalogue import cluster_poles, is_income

if TYPE_CHECKING:
    from grannskap.analysis import Analysis

__all__ = ["areas_of", "keys", "of_income"]


def of_income(analysis: Analysis) -> bool:
    """Tell whether the tested variable is an income, so that its poles are poor and rich."""
    return is_income(analysis.clustering.variable)


def keys(analysis: Analysis) -> tuple[str, str]:
    """Return the class of the poor pole and that of the rich one."""
    return cluster_poles(analysis.clustering.variable)


def areas_of(analysis: Analysis) -> tuple[list[str], list[str]]:
    """Return the areas shown that are clustered at the poor pole, and those at the rich one."""
    shown = analysis.shown["cluster"]
    first, second = (
        sorted(map(str, shown.index[(shown == key).to_numpy()])) for key in keys(analysis)
    )
    return first, second
