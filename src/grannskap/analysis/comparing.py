"""The balance of all that is shown in two years, over the areas that both years know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from grannskap.areas import select
from grannskap.measures import balance

if TYPE_CHECKING:
    from grannskap.analysis.result import Analysis

__all__ = ["then_and_now"]


def then_and_now(analysis: Analysis) -> tuple[float, float, int]:
    """Balance then and now on summed counts of the shown areas that have them in both years."""
    options, shown = analysis.project.balance, analysis.shown
    before = select(analysis.register, year=analysis.project.compare or 0, group="all")
    before = before.reindex(shown.index)
    poles = [frame[name] for frame in (before, shown) for name in (options.low, options.high)]
    counts = pd.concat(poles, axis=1, keys=range(4)).dropna()
    sums = counts.sum()
    low, high = sums[[0, 2]], sums[[1, 3]].set_axis([0, 2])
    then, now = balance.ratio(low, high)
    return float(then), float(now), len(counts)
