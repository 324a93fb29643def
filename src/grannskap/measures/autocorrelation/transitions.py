"""From the class of each area in one year to that in another, beside what independence gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["transitions"]


def transitions(
    first: pd.Series[Any], last: pd.Series[Any], classes: Sequence[str]
) -> pd.DataFrame:
    r"""Number of areas of each class in a first year and in a last one, 0 … N.

    Parameters
    ----------
    first, last : pandas.Series of str
        The class of each area, as `local` gives it, on ``deso``; they meet by label.
    classes : sequence of str
        What is counted, in order. Areas of another class (without data or neighbours) in one of
        the years are left out of both.

    Returns
    -------
    pandas.DataFrame
        Index ``cluster_first`` and ``cluster_last``, every pair; ``areas``, and ``expected``:
        :math:`n_{first} n_{last} / N` of the areas that have a class in both years, which is
        what there would be if the years were independent.

    Notes
    -----
    No p-value is given: years are not independent, as most households stay, and areas are not, as
    neighbours make a cluster together. More that stayed than expected is no finding.

    Examples
    --------
    >>> first = pd.Series({"a": "high-high", "b": "not significant", "c": "high-high"})
    >>> last = pd.Series({"a": "high-high", "b": "high-high", "c": "not significant"})
    >>> table = transitions(first, last, ["high-high", "not significant"])
    >>> table["areas"].tolist(), table["expected"].round(2).tolist()
    ([1, 1, 1, 0], [1.33, 0.67, 0.67, 0.33])
    """
    there = first.index.intersection(last.index)
    number = {name: place for place, name in enumerate(classes)}
    rows, columns = (
        one.reindex(there).astype(object).map(number).to_numpy(dtype=float, na_value=np.nan)
        for one in (first, last)
    )
    known = ~np.isnan(rows) & ~np.isnan(columns)
    counts = np.zeros((len(number), len(number)), dtype=int)
    np.add.at(counts, (rows[known].astype(int), columns[known].astype(int)), 1)
    whole = max(int(known.sum()), 1)
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / whole
    index = pd.MultiIndex.from_product([classes, classes], names=["cluster_first", "cluster_last"])
    return pd.DataFrame({"areas": counts.ravel(), "expected": expected.ravel()}, index=index)
