"""Whether values vary at all: what is constant can be clustered nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grannskap.errors import DataError

if TYPE_CHECKING:
    from grannskap.measures.autocorrelation.arrays import Floats

__all__ = ["check_varies", "is_constant"]


def is_constant(x: Floats) -> bool:
    """Say whether the values differ by no more than what rounding makes of equal ones.

    Examples
    --------
    >>> is_constant(1e9 + np.linspace(0, 0.002, 40)), is_constant(1e9 + np.linspace(0, 0.2, 40))
    (True, False)
    """
    if len(x) == 0:
        return True
    centred = x - x.mean()
    centred -= centred.mean()
    return bool(np.sqrt(np.mean(centred**2)) <= 1e-12 * np.abs(x).max())


def check_varies(x: Floats) -> None:
    """Refuse a constant: nothing can be clustered."""
    if is_constant(x):
        raise DataError(
            expected="values that differ between areas",
            came=f"the same value ({x[0]:g}) in all {len(x)} areas, but for rounding",
            remedy="choose another variable or a larger area",
        )
