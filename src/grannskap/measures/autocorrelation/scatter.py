"""The Moran scatterplot as data: each area, its surroundings, and its influence on the slope."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from grannskap.measures.autocorrelation.alignment import align, check_varies
from grannskap.measures.autocorrelation.statistics import standardise
from grannskap.notes import with_notes

if TYPE_CHECKING:
    from libpysal.graph import Graph
    from libpysal.weights import W

    from grannskap.measures.neighbours import Neighbours

__all__ = ["scatter"]


def scatter(
    values: pd.Series,
    graph: Neighbours | Graph | W,
    *,
    named: int = 5,
    within: pd.Series | None = None,
) -> pd.DataFrame:
    """Moran scatterplot: standardised value and neighbours' mean (standard deviations), per area.

    The slope of `lag` on `z` over all areas is Moran's I where every area has neighbours.

    Parameters
    ----------
    values : pandas.Series
        A number per area; NaN is left out with its links.
    graph : Neighbours, libpysal.graph.Graph or libpysal.weights.W
        Who is next to whom.
    named : int
        How many of the areas with the largest influence are marked.
    within : pandas.Series, optional
        A group per area, as in `local`: values are standardised within it, and links between
        groups do not count. The slope is that of all groups' points together. A group whose areas
        all have the same value has no points.

    Returns
    -------
    pandas.DataFrame
        On the index of `values`, NaN where an area has no data or no neighbours: `z`; `lag`;
        `influence`, how much the slope falls when the point is taken away (DFBETA, Belsley, Kuh
        and Welsch 1980); `named`, true for those with the largest in either direction.
        ``attrs["parameters"]`` holds the `slope` of the points and how many there are.

    Raises
    ------
    DataError, CodeError, JoinError
        As `local`.

    Examples
    --------
    >>> from libpysal.graph import Graph
    >>> graph = Graph.from_arrays([*"abcdbcde"], [*"bcdeabcd"], [1] * 8)
    >>> scatter(pd.Series([1, 2, 3, 4, 9], index=[*"abcde"]), graph, named=1)["named"].tolist()
    [False, False, False, False, True]
    """
    aligned = align((values,), graph, within=within)
    check_varies(aligned.columns[0])
    z = standardise(aligned, aligned.columns[0])
    lag = aligned.lag(z)
    linked = (aligned.degrees > 0) & ~aligned.constant[aligned.group]
    x, y = z[linked] - z[linked].mean(), lag[linked] - lag[linked].mean()
    squares = (x**2).sum()
    slope = (x * y).sum() / squares if squares else 0.0
    leverage = 1 / len(x) + x**2 / squares if squares else np.zeros(len(x))
    influence = x * (y - slope * x) / (squares * np.maximum(1 - leverage, 1e-12)) if squares else x
    table = pd.DataFrame(np.nan, index=values.index, columns=["z", "lag", "influence"])
    rows = aligned.positions[linked]
    table.iloc[rows] = np.column_stack([z[linked], lag[linked], influence])
    hardest = rows[np.argsort(-np.abs(influence), kind="stable")[:named]]
    mark = np.zeros(len(table), dtype=bool)
    mark[hardest] = True
    table["named"] = mark
    table.attrs["parameters"] = {"slope": float(slope), "points": len(x)}
    return with_notes(table, aligned.notes)
