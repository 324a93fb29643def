"""Shares of places then and now: how many points they differ, and whether chance explains it."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from grannskap.counts import Counts
from grannskap.measures import proportion
from grannskap.measures.balance import changes
from grannskap.measures.membership import Membership, bounded, membership
from grannskap.notes import of, with_notes

__all__ = ["change"]

Count: TypeAlias = "Counts | pd.Series[Any]"


def change(
    then: tuple[Count, Count],
    now: tuple[Count, Count],
    members: pd.DataFrame | Membership | None = None,
    *,
    dispersion: float = 0.0,
) -> pd.DataFrame:
    """Difference between the shares of a place in two years, now minus then, −1–1.

    Parameters
    ----------
    then, now : tuple of two Counts, or of two pandas.Series of float
        The part and its base in each year, all four on the same index (``deso``).
    members : pandas.DataFrame or Membership, optional
        The areas of each place, as for `grannskap.balance.places`; all are one place without it.
    dispersion : float
        Correlation of two of one area in one year, as for `grannskap.balance.change`.

    Returns
    -------
    pandas.DataFrame
        A row per place: ``share_then``, ``share_now`` (0–1) and ``estimate``, their difference,
        over the areas that are known in both years; ``lower`` and ``upper``, what the difference
        of the whole place can be, given what is hidden, rounded or missing; ``p``, two-sided and
        exact, of equal odds in both years; ``areas`` and ``areas_missing``; ``status``. What the
        bounds allow is no finding: p is 1 where the known areas may not differ at all.

    Raises
    ------
    DataError
        When the indexes differ or a count is not as it should be.

    Notes
    -----
    p is of two independent samples of people, as in `grannskap.balance.change`. Most live in the
    same place in both years, which makes chance smaller than that, and families earn and move
    together, which makes it greater.

    Examples
    --------
    >>> codes = ["0581C1010", "0581C1020"]
    >>> base = pd.Series(100.0, index=codes)
    >>> then, now = pd.Series([50.0, 50.0], index=codes), pd.Series([58.0, 64.0], index=codes)
    >>> change((then, base), (now, base))[["share_then", "share_now", "estimate", "p"]].round(3)
           share_then  share_now  estimate      p
    place
    all           0.5       0.61      0.11  0.034
    """
    pairs = [(_counts(part), _counts(base)) for part, base in (then, now)]
    index, all_four = bounded(*(count for pair in pairs for count in pair))
    held = members if isinstance(members, Membership) else membership(index, members)
    known = np.logical_and.reduce([one.known for one in all_four])
    wholes = [proportion.places(part, base, held) for part, base in pairs]
    alone = [
        proportion.places(_where(part, known), _where(base, known), held) for part, base in pairs
    ]
    shares = [one["estimate"] for one in alone]
    tested = changes.change_of_places(
        *_odds(pairs[0]),
        *_odds(pairs[1]),
        held,
        dispersion=dispersion,
        correction="none",
        interval=False,
    )
    table = pd.DataFrame(
        {
            "share_then": shares[0],
            "share_now": shares[1],
            "estimate": shares[1] - shares[0],
            "lower": wholes[1]["lower"] - wholes[0]["upper"],
            "upper": wholes[1]["upper"] - wholes[0]["lower"],
            "p": tested["p"].where(shares[0].notna() & shares[1].notna()),
            "areas": tested["areas"],
            "areas_missing": tested["areas_missing"],
            "status": alone[1]["status"].where(alone[1]["status"] != "value", alone[0]["status"]),
        }
    )
    return with_notes(table, [*of(tested)])


def _counts(count: Count) -> Counts:
    return count if isinstance(count, Counts) else Counts.known(count)


def _where(count: Counts, known: Any) -> Counts:  # noqa: ANN401 - a mask of NumPy's
    """Return the count where all four are known; elsewhere it is as if it were hidden."""
    return Counts(count.value.where(known), count.lower, count.upper, count.status)


def _odds(pair: tuple[Counts, Counts]) -> tuple[Counts, Counts]:
    part, base = pair
    return part, base.less(part)
