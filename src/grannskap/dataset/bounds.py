"""What a cell that is not shown can be: bounds from what is shown around it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from grannskap.catalogue import AMOUNTS, Status, lower_column, status_column, upper_column

__all__ = ["Hidden", "with_bounds"]

Hidden = tuple[int, int] | Mapping[str, tuple[int, int]] | None
"""The least and the most that a suppressed count can be: for all, by name, or not stated."""


def with_bounds(register: pd.DataFrame, *, hidden: Hidden) -> pd.DataFrame:
    """Return a register frame with the least and the most that each of its cells can be."""
    data: dict[str, object] = {}
    for name in [name for name in map(str, register) if status_column(name) in register]:
        values = register[name].astype(float)
        data[name] = values
        least, most = _stated(hidden, name)
        unseen = (register[status_column(name)] == Status.SUPPRESSED.value).to_numpy()
        data[lower_column(name)] = values.fillna(0.0).mask(unseen, least)
        data[upper_column(name)] = values.fillna(np.inf).mask(unseen, most)
        data[status_column(name)] = register[status_column(name)]
    return pd.DataFrame(data, index=register.index)


def _stated(hidden: Hidden, name: str) -> tuple[float, float]:
    stated = hidden.get(name) if isinstance(hidden, Mapping) else hidden
    return (0.0, np.inf) if stated is None or name in AMOUNTS else stated
