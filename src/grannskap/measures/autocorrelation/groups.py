"""Overall statistics of every group by itself: all municipalities in one call."""

from __future__ import annotations

from math import factorial
from typing import TYPE_CHECKING
from zlib import crc32

import pandas as pd

from grannskap.measures.autocorrelation.alignment import Laid, lay
from grannskap.measures.autocorrelation.correction import Correction, adjust
from grannskap.measures.autocorrelation.forms import OverallStatistic, permute
from grannskap.measures.autocorrelation.options import check_options
from grannskap.measures.autocorrelation.tails import Alternative
from grannskap.measures.autocorrelation.varying import is_constant
from grannskap.notes import with_notes

if TYPE_CHECKING:
    from libpysal.graph import Graph

__all__ = ["overall_within"]

_COLUMNS = ("statistic", "expected", "p", "q", "monte_carlo_error", "areas", "status")


def overall_within(
    values: pd.Series,
    graph: Graph,
    within: pd.Series,
    *,
    statistic: OverallStatistic = "moran",
    permutations: int = 999,
    seed: int = 0,
    fdr: float = 0.05,
    correction: Correction = "bh",
    alternative: Alternative = "two-sided",
) -> pd.DataFrame:
    """Overall statistic (no unit) of each group by itself, with p and q in (0, 1], per group.

    Parameters
    ----------
    values : pandas.Series
        A number per area; NaN is left out with its links.
    graph : libpysal.graph.Graph
        Who is next to whom; links between groups do not count.
    within : pandas.Series
        A group per area, for example its municipality.
    statistic, permutations, seed, alternative
        As in `overall`; each group has draws of its own, which other groups do not change.
    fdr : float
        Level that decides which groups are large enough to be tested.
    correction : {"bh", "by", "bonferroni", "none"}
        How p becomes q over the groups.

    Returns
    -------
    pandas.DataFrame
        One row per group, sorted: `statistic`, `expected`, `p`, `q`, `monte_carlo_error`, `areas`
        (with data) and `status`: ``tested``; ``too few areas`` where even the rarest of n!
        arrangements could not reach `fdr` (fewer than 5 areas at 0.05, two-sided); ``constant``;
        ``no neighbours``. All but the first have NaN for a statistic and p.

    Raises
    ------
    DataError, CodeError, JoinError
        As `local`.

    Examples
    --------
    >>> import pandas as pd
    >>> from libpysal.graph import Graph
    >>> codes = [f"{i:02d}" for i in range(16)]
    >>> pairs = [(a, b) for a in codes for b in codes if abs(int(a) - int(b)) == 1]
    >>> graph = Graph.from_arrays(*zip(*[(a, b, 1) for a, b in pairs]))
    >>> values = pd.Series([9, 8, 9, 7, 2, 1, 2, 1, 3, 3, 3, 3, 3, 3, 1, 2], index=codes)
    >>> towns = pd.Series(["a"] * 8 + ["b"] * 6 + ["c"] * 2, index=codes)
    >>> overall_within(values, graph, towns)["status"].tolist()
    ['tested', 'constant', 'too few areas']
    """
    check_options(
        {"statistic": statistic, "alternative": alternative, "correction": correction},
        level=fdr,
        permutations=permutations,
        seed=seed,
    )
    laid = lay((values,), graph, within=within)
    sides = 2 if alternative == "two-sided" else 1
    rows, start = [], 0
    for number, size in enumerate(laid.sizes):
        block = laid.block(slice(start, start + int(size)))
        start += int(size)
        status = _status(block, sides / factorial(min(int(size), 20)) <= fdr)
        row: dict[str, float | str] = {"areas": int(size), "status": status}
        if status == "tested":
            name = crc32(str(laid.group_names[number]).encode())
            outcome = permute(
                block,
                statistic,
                permutations=permutations,
                seed=(seed, name),
                alternative=alternative,
            )
            row |= {
                "statistic": outcome.value,
                "expected": outcome.expected,
                "p": outcome.p,
                "monte_carlo_error": outcome.monte_carlo_error,
            }
        rows.append(row)
    table = pd.DataFrame(rows, index=laid.group_names.rename(within.name), columns=list(_COLUMNS))
    tested = (table["status"] == "tested").to_numpy()
    table.loc[tested, "q"] = adjust(table.loc[tested, "p"].to_numpy(dtype=float), correction)
    return with_notes(table, laid.notes)


def _status(block: Laid, reaches: bool) -> str:  # noqa: FBT001
    """Say why a group is not tested, if it is not."""
    if not reaches:
        return "too few areas"
    if is_constant(block.columns[0]):
        return "constant"
    return "tested" if len(block.neighbours) else "no neighbours"
