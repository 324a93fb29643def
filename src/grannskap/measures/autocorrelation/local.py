"""Local statistics with their inference: a row per area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from zlib import crc32

import numpy as np
import pandas as pd

from grannskap.measures.autocorrelation import exact, sampled
from grannskap.measures.autocorrelation.alignment import Laid, check_varies, lay
from grannskap.measures.autocorrelation.correction import Correction, adjust
from grannskap.measures.autocorrelation.statistics import LocalStatistic, Seen, observe
from grannskap.measures.autocorrelation.tails import Alternative, monte_carlo_error, p_value
from grannskap.notes import with_notes
from grannskap.schema import CLUSTERS

if TYPE_CHECKING:
    from libpysal.graph import Graph

    from grannskap.measures.autocorrelation.arrays import Floats, Ints

__all__ = ["Inference", "local"]

Inference = Literal["exact", "sampled"]

QUADRANTS = ("high-high", "low-low", "high-low", "low-high")
TOO_FEW = "too few areas"


def local(
    values: pd.Series,
    graph: Graph,
    *,
    statistic: LocalStatistic = "moran",
    other: pd.Series | None = None,
    inference: Inference = "exact",
    permutations: int = 9999,
    seed: int = 0,
    fdr: float = 0.05,
    correction: Correction = "bh",
    alternative: Alternative = "two-sided",
    within: pd.Series | None = None,
) -> pd.DataFrame:
    """Local clustering of a variable: statistic, p in (0, 1] and cluster, per area."""
    columns = (values,) if other is None else (values, other)
    laid = lay(columns, graph, within=within)
    for column in laid.columns:
        check_varies(column)
    seen = observe(laid, statistic)
    below, above, draws = _tails(laid, seen, inference, permutations, seed)
    p = _p_values(below, above, seen.sign, alternative)
    error = monte_carlo_error(p, draws, alternative)
    return _table(laid, seen, p, error, fdr=fdr, correction=correction, within=within is not None)


def _tails(
    laid: Laid, seen: Seen, inference: Inference, permutations: int, seed: int
) -> tuple[Floats, Floats, Ints]:
    """Return P(sum ≤ seen), P(sum ≥ seen) and the draws behind them (0: exact), per area."""
    count = len(laid.positions)
    below, above = np.full(count, np.nan), np.full(count, np.nan)
    valid = np.zeros(count, dtype=np.int64)
    ends = np.cumsum(laid.sizes)
    for number, (end, size) in enumerate(zip(ends, laid.sizes, strict=True)):
        block = slice(end - size, end)
        query = _query(laid, block)
        if len(query.own) == 0:
            continue
        areas = query.own + block.start
        if inference == "exact":
            below[areas], above[areas] = exact.tails(seen.pool[block], query)
        else:
            name = crc32(str(laid.group_names[number]).encode())
            low, high, held = sampled.counts(
                seen.pool[block], query, permutations=permutations, seed=(seed, name)
            )
            below[areas], above[areas] = (low + 1) / (held + 1), (high + 1) / (held + 1)
            valid[areas] = held
    return below, above, valid


def _query(laid: Laid, block: slice) -> exact.Query:
    """Return the areas of one group that have neighbours."""
    degrees = laid.degrees[block]
    own = np.flatnonzero(degrees)
    links = slice(laid.starts[block.start], laid.starts[block.stop])
    sizes = degrees[own]
    return exact.Query(
        own=own,
        sizes=sizes,
        starts=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        members=laid.neighbours[links] - block.start,
    )


def _p_values(below: Floats, above: Floats, sign: Ints, alternative: Alternative) -> Floats:
    """Turn the tails of the neighbours' sum into p-values of the statistic."""
    greater, less = np.where(sign < 0, below, above), np.where(sign < 0, above, below)
    p = p_value(less, greater, alternative)
    return np.where((sign == 0) & ~np.isnan(p), 1.0, p)


def _table(
    laid: Laid,
    seen: Seen,
    p: Floats,
    error: Floats,
    *,
    fdr: float,
    correction: Correction,
    within: bool,
) -> pd.DataFrame:
    tested = ~np.isnan(p)
    q = np.full(len(p), np.nan)
    q[tested] = adjust(p[tested], correction)
    side = np.where(seen.high, np.where(seen.surrounded, 0, 2), np.where(seen.surrounded, 3, 1))
    classes = [*CLUSTERS, TOO_FEW] if within else list(CLUSTERS)
    cluster = np.where(q <= fdr, side, classes.index("not significant"))
    cluster[~tested] = classes.index("no neighbours")
    table = pd.DataFrame(index=laid.index)
    for name, column in (("statistic", seen.statistic), ("expected", seen.expected)):
        table[name] = _spread(laid, np.where(tested, column, np.nan))
    table["p"], table["q"] = _spread(laid, p), _spread(laid, q)
    table["quadrant"] = pd.Categorical.from_codes(  # type: ignore[call-overload]
        _spread_codes(laid, np.where(tested, side, -1), -1), categories=list(QUADRANTS)
    )
    table["cluster"] = pd.Categorical.from_codes(  # type: ignore[call-overload]
        _spread_codes(laid, cluster, classes.index("no data")), categories=classes, ordered=True
    )
    table["monte_carlo_error"] = _spread(laid, error)
    return with_notes(table, laid.notes)


def _spread(laid: Laid, column: Floats) -> Floats:
    """Put a column back on every area, NaN where there is no data."""
    full = np.full(len(laid.index), np.nan)
    full[laid.positions] = column
    return full


def _spread_codes(laid: Laid, codes: Ints, missing: int) -> Ints:
    full = np.full(len(laid.index), missing)
    full[laid.positions] = codes
    return full
