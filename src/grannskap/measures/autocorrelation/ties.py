"""The chance of the very values that were seen: a tie that no reading between steps holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grannskap.measures.autocorrelation.arrays import totals

if TYPE_CHECKING:
    from grannskap.measures.autocorrelation.arrays import Floats, Ints
    from grannskap.measures.autocorrelation.query import Query

__all__ = ["tie_chance"]


def tie_chance(values: Floats, query: Query) -> Floats:
    """Return the chance of the very values that were seen: equal subsets are ties."""
    count = len(values)
    log = -_log_choose(np.full(len(query.sizes), count - 1), query.sizes)
    kinds, kind, copies = np.unique(values, return_inverse=True, return_counts=True)
    if len(kinds) < count:
        head = np.repeat(np.arange(len(query.sizes)), query.sizes)
        pair, seen = np.unique(head * len(kinds) + kind[query.members], return_counts=True)
        area, which = np.divmod(pair, len(kinds))
        there = copies[which] - (kind[query.own[area]] == which)
        log += totals(area, _log_choose(there, seen), len(log))
    chance: Floats = np.exp(log)
    return chance


def _log_choose(count: Ints, size: Ints) -> Floats:
    from scipy.special import gammaln

    log: Floats = gammaln(count + 1) - gammaln(size + 1) - gammaln(count - size + 1)
    return log
