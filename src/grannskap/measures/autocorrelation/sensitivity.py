"""Whether the clusters stay when neighbourhoods, error rates and seeds change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from grannskap.errors import DataError
from grannskap.measures.autocorrelation.inference import Inference
from grannskap.measures.autocorrelation.local import local
from grannskap.measures.autocorrelation.statistics import LocalStatistic
from grannskap.measures.autocorrelation.table import QUADRANTS
from grannskap.measures.correction import Alternative, Correction
from grannskap.notes import of, with_notes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from libpysal.graph import Graph
    from libpysal.weights import W

    from grannskap.measures.neighbours import Neighbours

__all__ = ["sensitivity"]


def sensitivity(
    values: pd.Series,
    graphs: Mapping[str, Neighbours | Graph | W],
    *,
    alphas: Sequence[float] = (0.05,),
    seeds: Sequence[int] = (0,),
    statistic: LocalStatistic = "moran",
    other: pd.Series | None = None,
    inference: Inference = "exact",
    permutations: int = 9999,
    most_permutations: int = 999_999,
    correction: Correction = "bh",
    alternative: Alternative = "two-sided",
    within: pd.Series | None = None,
) -> pd.DataFrame:
    """Settings in which each area keeps its cluster: a count, and a share in 0–1, per area.

    Parameters
    ----------
    values : pandas.Series
        A number per area.
    graphs : mapping of str to Neighbours, libpysal.graph.Graph or W
        Neighbourhoods by name; the first, with the first rate and seed, is the one compared with.
    alphas : sequence of float
        Error rates that q is held against.
    seeds : sequence of int
        Seeds of the draws; where p is exact they change nothing, and the first alone is used.
    statistic, other, inference, permutations, most_permutations, correction, alternative, within
        As in `local`.

    Returns
    -------
    pandas.DataFrame
        On the index of `values`: `cluster`, the class in the first setting; `same`, the number of
        settings that give the same class; `settings`, how many there are; `share`; and a count of
        settings for each of the four cluster classes. ``attrs["settings"]`` lists the settings.

    Raises
    ------
    DataError, CodeError, JoinError
        As `local`; also where no graph, rate or seed is given.

    Examples
    --------
    >>> from libpysal.graph import Graph
    >>> codes = [f"{i:02d}" for i in range(20)]
    >>> def band(width):
    ...     pairs = [(a, b) for a in codes for b in codes if 0 < abs(int(a) - int(b)) <= width]
    ...     return Graph.from_arrays(*zip(*[(a, b, 1) for a, b in pairs]))
    >>> values = pd.Series([9.0] * 6 + [1.0] * 14, index=codes)
    >>> table = sensitivity(values, {"narrow": band(2), "wide": band(3)}, alphas=(0.05, 0.1))
    >>> table["settings"].unique().tolist(), table.loc["02", "cluster"]
    ([4], 'high-high')
    """
    if not graphs or not alphas or not seeds:
        raise DataError(
            "nothing to try", {"graphs": len(graphs), "alphas": len(alphas), "seeds": len(seeds)}
        )
    settings: list[list[str | float | int]] = []
    classes, notes = [], []
    for name, graph in graphs.items():
        for seed in seeds:
            table = local(
                values,
                graph,
                statistic=statistic,
                other=other,
                inference=inference,
                permutations=permutations,
                most_permutations=most_permutations,
                seed=seed,
                alpha=alphas[0],
                correction=correction,
                alternative=alternative,
                within=within,
            )
            notes += [note for note in of(table) if note not in notes]
            for alpha in alphas:
                settings.append([name, float(alpha), int(seed)])
                classes.append(_classes_at(table, alpha))
            if not (table["monte_carlo_error"] > 0).any():
                break
    return with_notes(_compare(values.index, np.array(classes), settings), notes)


def _classes_at(table: pd.DataFrame, alpha: float) -> list[str]:
    """Return the classes at another rate: q is the same, the line moves."""
    untested = table["q"].isna()
    moved = table["quadrant"].astype(object).where(table["q"] <= alpha, "not significant")
    return [str(name) for name in moved.where(~untested, table["cluster"].astype(object))]


def _compare(
    index: pd.Index, classes: np.ndarray, settings: list[list[str | float | int]]
) -> pd.DataFrame:
    same = (classes == classes[0]).sum(axis=0)
    table = pd.DataFrame(
        {
            "cluster": classes[0],
            "same": same,
            "settings": len(settings),
            "share": same / len(settings),
            **{name: (classes == name).sum(axis=0) for name in QUADRANTS},
        },
        index=index,
    )
    table.attrs["settings"] = settings
    return table
