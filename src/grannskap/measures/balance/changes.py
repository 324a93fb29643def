"""Balance then and now: the change of each area, and whether chance alone explains it."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.errors import DataError
from grannskap.language import Text, counted
from grannskap.measures import proportion
from grannskap.measures.balance.conditional import Tables, lower_log_ratio, two_sided_p
from grannskap.measures.balance.pairs import checked_counts
from grannskap.measures.balance.ratio import ratio
from grannskap.notes import Note, with_notes

__all__ = ["Correction", "change"]

Correction = Literal["bh", "none"]

Counts = list[npt.NDArray[np.float64]]


def change(
    low_then: pd.Series[Any],
    high_then: pd.Series[Any],
    low_now: pd.Series[Any],
    high_now: pd.Series[Any],
    *,
    level: float = 0.95,
    correction: Correction = "bh",
) -> pd.DataFrame:
    r"""Change of the balance, log2 of now to then, −∞ … ∞; 1 is a doubling.

    The interval is the exact conditional one of the ratio of two odds: given the margins
    of the table low/high by then/now, low now follows Fisher's noncentral hypergeometric
    distribution, and the bounds are the ratios at which as much (as little) low now as
    was counted, or more (less), has half of the error's probability. p is twice the
    smaller tail at equal odds, at most 1. Both hold for any count; they cover the truth
    at least as often as stated.

    The two years are treated as independent. They are not quite, since most households
    live in the same place in both years; that makes the true play of chance smaller than
    stated, so an area counts as changed too seldom rather than too often.

    Parameters
    ----------
    low_then, high_then, low_now, high_now : pandas.Series of float
        Counts on the same index (``deso``); NaN is missing. Areas must be the same in
        both years: translate between divisions first.
    level : float
        Confidence of each area's interval; 1 − level is the error that `within_chance`
        allows.
    correction : {"bh", "none"}
        How `p` becomes `q` over all areas: Benjamini–Hochberg's false-discovery rate, or
        not at all, for an area that was singled out beforehand. Without correction,
        `within_chance` is the same as 0 lying in the interval.

    Returns
    -------
    pandas.DataFrame
        ``ratio_then``, ``ratio_now``, ``log2_change``, ``lower``, ``upper`` (of
        `log2_change`, for the area alone), ``p``, ``q``, ``within_chance`` (boolean, q
        above 1 − level; NA where unknown) on the index of `low_then`. A balance of 0 or ∞
        gives an infinite change, and NaN when both years have the same one. Where a count
        is missing, or nobody is either in one of the years, all that needs it is NaN.
        Counts that are not whole are rounded for the test, and a note says so.

    Raises
    ------
    DataError
        As for `ratio`, and when an option is not one of those above.

    References
    ----------
    Fisher, R. A. (1935). The logic of inductive inference. *Journal of the Royal
    Statistical Society* 98, 39–82. Benjamini, Y. and Hochberg, Y. (1995). Controlling the
    false discovery rate. *Journal of the Royal Statistical Society B* 57, 289–300.

    Examples
    --------
    >>> import pandas as pd
    >>> then = pd.DataFrame({"low": [120, 12], "high": [10, 9]}, index=["Hageby", "Lina hage"])
    >>> now = pd.DataFrame({"low": [252, 15], "high": [4, 8]}, index=["Hageby", "Lina hage"])
    >>> table = change(then["low"], then["high"], now["low"], now["high"])
    >>> table[["ratio_then", "ratio_now", "log2_change", "within_chance"]].round(2)
               ratio_then  ratio_now  log2_change  within_chance
    Hageby          12.00      63.00         2.39          False
    Lina hage        1.33       1.88         0.49           True
    """
    proportion.check_confidence(level)
    if correction not in ("bh", "none"):
        raise DataError(
            expected="the correction bh or none", came=repr(correction), remedy="choose one"
        )
    counts = checked_counts(low_then, high_then, low_now, high_now)
    table = pd.DataFrame(
        {
            "ratio_then": ratio(low_then, high_then),
            "ratio_now": ratio(low_now, high_now),
        }
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log2(table.to_numpy())
        table["log2_change"] = logs[:, 1] - logs[:, 0]
    known = table[["ratio_then", "ratio_now"]].notna().all(axis=1).to_numpy()
    table[["lower", "upper", "p", "q"]] = _inference(counts, known, 1 - level, correction)
    within = (table["q"] > 1 - level).astype("boolean")
    table["within_chance"] = within.mask(~known)
    return with_notes(table, _on_rounding(counts, table.index))


def _inference(
    counts: Counts, known: npt.NDArray[np.bool_], error: float, correction: Correction
) -> npt.NDArray[np.float64]:
    """Return the columns lower, upper, p and q, NaN where not known."""
    from scipy.stats import false_discovery_control

    found = np.full((len(known), 4), np.nan)
    if known.any():
        whole = [np.rint(count[known]).astype(np.int64) for count in counts]
        tables = Tables(low_now=whole[2], high_now=whole[3], low_then=whole[0], high_then=whole[1])
        p = two_sided_p(tables)
        found[known, 0] = lower_log_ratio(tables, tail=error / 2) / np.log(2)
        found[known, 1] = -lower_log_ratio(tables.mirrored(), tail=error / 2) / np.log(2)
        found[known, 2] = p
        found[known, 3] = false_discovery_control(p) if correction == "bh" else p
    return found


def _on_rounding(counts: Counts, index: pd.Index[Any]) -> list[Note]:
    broken = np.zeros(len(index), dtype=bool)
    for count in counts:
        broken |= ~np.isnan(count) & (count != np.rint(count))
    if not broken.any():
        return []
    text = Text(
        f"{counted(int(broken.sum()), 'area').sv} "
        f"har antal som inte är heltal; de är avrundade i prövningen "
        "av förändringen.",
        f"{int(broken.sum())} areas have counts that are not whole; they are rounded in the test "
        "of the change.",
    )
    return [Note("rounded counts", text, tuple(map(str, index[broken])))]
