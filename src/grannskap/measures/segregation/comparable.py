"""The segregation index made comparable: of as many areas, without its worst, without students."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from grannskap.errors import DataError
from grannskap.measures.segregation.components import checked_municipality
from grannskap.measures.segregation.redraws import generator
from grannskap.measures.segregation.segregation_index import STUDENT_SHARE

if TYPE_CHECKING:
    from grannskap.measures.segregation.formulas import Floats

__all__ = ["comparable"]

FEWEST = 3
"""Areas of which a median and a worst still are two things."""


def comparable(
    scores: pd.Series[Any],
    municipality: pd.Series[Any],
    *,
    areas: int = 9,
    worst: int = 3,
    student_share: pd.Series[Any] | None = None,
    redraws: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Segregation index of each municipality in ways that can be held side by side, 1 … ∞.

    A median over the lowest score grows with the number of areas, and rests on one of them. So
    it is also given of as many areas in each municipality (rarefied: the mean over random sets of
    `areas`), without its lowest area, with the mean of the lowest few, with steadier bottoms,
    and without areas where students live.

    Parameters
    ----------
    scores : pandas.Series of float
        Living conditions by area, 0 or more, as `scores` gives them; NaN is missing.
    municipality : pandas.Series of str
        The municipality of each area, on the same index.
    areas : int
        How many areas each municipality is rarefied to; those with fewer have no value.
    worst : int
        Of how many of the lowest areas the mean is taken.
    student_share : pandas.Series of float, optional
        Share aged 20–29 by area, on the same index; from 0.3 an area is left out.
    redraws : int
        Random sets of areas of each municipality.
    confidence : float
        What share of the random sets lies between the ends, and how sure the ranks are.
    seed : int
        Makes the sets, the same whatever municipalities are beside.

    Returns
    -------
    pandas.DataFrame
        A row per municipality: ``areas``; ``index`` (median over lowest); ``p05``, ``p10``
        (median over those percentiles); ``worst_mean``; ``without_worst`` (both ends anew);
        ``without_students``, and ``rarefied_without_students`` of the same areas; ``rarefied``
        with ``rarefied_lower`` and ``rarefied_upper``; ``rank`` of it (1 is the most divided)
        with ``rank_lower`` and ``rank_upper``, over the
        municipalities that have it. The ends tell how much hangs on which areas were drawn, not
        what chance does to a score.

    Raises
    ------
    DataError
        When a score is negative, indexes differ, or the numbers of areas are too small.

    Examples
    --------
    >>> score = pd.Series([0.4, 0.8, 1.0, 1.0, 1.2], index=[f"0581C10{i}0" for i in range(5)])
    >>> found = comparable(score, score.index.to_series().str[:4], areas=5)
    >>> found[["index", "without_worst", "rarefied"]].round(2).values.tolist()
    [[2.5, 1.25, 2.5]]
    """
    place = checked_municipality(scores.index, municipality).astype("str")
    if (scores < 0).any():
        raise DataError("scores below nothing", {"count": int((scores < 0).sum())})
    if areas < FEWEST or worst < 1 or redraws < 1:
        raise DataError("too few areas to compare", {"areas": areas, "worst": worst})
    known = pd.DataFrame({"score": scores.astype(float), "place": place}).dropna().sort_index()
    young = None if student_share is None else student_share.reindex(known.index)
    rows, drawn = {}, {}
    for name, held in known.groupby("place")["score"]:
        values = held.to_numpy()
        rows[str(name)] = _plain(values, worst)
        if young is not None:
            left = values[~(young.reindex(held.index) >= STUDENT_SHARE).to_numpy()]
            rows[str(name)]["without_students"] = _over(left, left.min(initial=np.inf))
            enough = len(left) >= areas
            sets = _rarefied(left, areas, redraws, generator(seed, str(name))) if enough else None
            rows[str(name)]["rarefied_without_students"] = (
                float("nan") if sets is None else float(sets.mean())
            )
        if len(values) >= areas:
            drawn[str(name)] = _rarefied(values, areas, redraws, generator(seed, str(name)))
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("municipality")
    tail = (1 - confidence) / 2
    return table.join(_summary(pd.DataFrame(drawn), tail)) if drawn else _without(table)


def _plain(values: Floats, worst: int) -> dict[str, float]:
    ordered = np.sort(values)
    return {
        "areas": float(len(values)),
        "index": _over(ordered, ordered[0]),
        "p05": _over(ordered, float(np.quantile(ordered, 0.05))),
        "p10": _over(ordered, float(np.quantile(ordered, 0.10))),
        "worst_mean": _over(ordered, float(ordered[:worst].mean())),
        "without_worst": _over(ordered[1:], ordered[1]) if len(ordered) > 1 else float("nan"),
    }


def _over(values: Floats, bottom: float) -> float:
    """Return the median over the bottom; NaN of under two areas, ∞ over 0."""
    if len(values) < 2:
        return float("nan")
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.median(values) / np.float64(bottom))


def _rarefied(values: Floats, areas: int, redraws: int, rng: np.random.Generator) -> Floats:
    """Return the index of random sets of so many areas."""
    order = np.argsort(rng.random((redraws, len(values))), axis=1)[:, :areas]
    sets = values[order]
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.median(sets, axis=1) / sets.min(axis=1)
    return found


def _summary(drawn: pd.DataFrame, tail: float) -> pd.DataFrame:
    ranks = drawn.rank(axis=1, ascending=False)
    mean = drawn.mean()
    return pd.DataFrame(
        {
            "rarefied": mean,
            "rarefied_lower": drawn.quantile(tail),
            "rarefied_upper": drawn.quantile(1 - tail),
            "rank": mean.rank(ascending=False),
            "rank_lower": ranks.quantile(tail),
            "rank_upper": ranks.quantile(1 - tail),
        }
    )


_OF_DRAWS = ("rarefied", "rarefied_lower", "rarefied_upper", "rank", "rank_lower", "rank_upper")


def _without(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(**dict.fromkeys(_OF_DRAWS, np.nan))
