"""What a balance can be in areas where a count is written as zero and may be a few."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from grannskap.analysis import headline
from grannskap.language import Language
from grannskap.wording import say

if TYPE_CHECKING:
    import pandas as pd

    from grannskap.analysis.results import Results
    from grannskap.analysis.view import View

__all__ = ["Zeros", "in_short", "zeros"]


@dataclass(frozen=True)
class Zeros:
    """Areas whose balance is bounded on one side, as a count of theirs is rounded to zero.

    Attributes
    ----------
    over, under, open : int
        In how many the balance is at least something, at most something, and anything.
    least, most : float
        What it is at least in all of the first, and at most in all of the second.
    """

    over: int
    under: int
    open: int
    least: float
    most: float


def zeros(results: Results, view: View) -> Zeros:
    """Return what is known of the areas shown that have a count rounded to zero."""
    shown = view.shown(results)
    rows = shown[(shown["balance_status"] == "rounded to zero").to_numpy()]
    lower, upper = (_bound(rows, end) for end in ("balance_at_least", "balance_at_most"))
    over, under = (lower > 0) & np.isinf(upper), (lower == 0) & np.isfinite(upper)
    return Zeros(
        over=int(over.sum()),
        under=int(under.sum()),
        open=int(len(rows) - over.sum() - under.sum()),
        least=float(lower[over].min()) if over.any() else np.nan,
        most=float(upper[under].max()) if under.any() else np.nan,
    )


def _bound(rows: pd.DataFrame, name: str) -> np.ndarray:
    if name not in rows:
        return np.full(len(rows), np.nan)
    return rows[name].to_numpy(dtype=float)


def in_short(found: Zeros, language: Language) -> str:
    r"""Say in a few words what the balance is in these areas; nothing where there is none.

    Examples
    --------
    >>> in_short(Zeros(14, 0, 0, 55.9, float("nan")), "sv")
    'i 14 områden minst 56×'
    """
    told = []
    if found.over:
        least = headline.bounds(found.least, np.inf, language)
        told.append(say("headline.zeros", language, {"areas": found.over, "value": least}))
    if found.under:
        most = headline.bounds(0.0, found.most, language)
        told.append(say("headline.zeros", language, {"areas": found.under, "value": most}))
    if found.open:
        told.append(say("headline.zeros_open", language, {"areas": found.open}))
    return ", ".join(told)
