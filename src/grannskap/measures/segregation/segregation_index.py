"""The segregation index: a municipality's median conditions over those of its lowest area."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd

from grannskap.errors import DataError
from grannskap.measures.segregation.components import checked_municipality
from grannskap.notes import Note, of, with_notes

__all__ = ["Worst", "segregation_index", "size_correlation"]

Worst = Literal["min", "p05", "p10"]

_BOTTOMS = {"min": 0.0, "p05": 0.05, "p10": 0.10}

_NATIONAL = {"min": 0.80, "p05": 0.76, "p10": 0.71}
"""Rank correlation of index and number of areas over the country's 290 municipalities in 2022.

Of income and post-secondary education, with each municipality's own medians as reference.
"""

_ENOUGH = 10  # municipalities, for a rank correlation that says anything

STUDENT_SHARE = 0.3
"""From this share aged 20–29 (three times the country's median area) a note warns."""


def segregation_index(
    scores: pd.Series[Any],
    municipality: pd.Series[Any],
    *,
    worst: Worst = "min",
    student_share: pd.Series[Any] | None = None,
) -> pd.DataFrame:
    """Segregation index of each municipality, median over worst conditions, 1 … ∞.

    ``index = median(score) / worst score`` over the municipality's areas. It grows with
    the number of areas, and the worst area is often one where students live: two notes
    say so in every result.

    Parameters
    ----------
    scores : pandas.Series of float
        Living conditions by area, as `scores` gives them; NaN is missing.
    municipality : pandas.Series of str
        The municipality of each area, on the same index.
    worst : {"min", "p05", "p10"}
        The denominator: the lowest score, or the 5th or 10th percentile (linear between
        areas) for a steadier bottom.
    student_share : pandas.Series of float, optional
        Share aged 20–29 of each area, 0–1, on the same index.

    Returns
    -------
    pandas.DataFrame
        A row per municipality: ``index``, ``median``, ``worst_score`` (the denominator),
        ``worst_area`` (the one with the lowest score, whatever `worst`; None when several
        have it), ``worst_areas`` (how many have it), ``worst_student_share`` (the greatest
        of theirs; NaN when not told), ``areas`` (with a score), ``areas_missing`` (without).
        NaN index with fewer than 2 areas, infinite when only the worst score is 0, NaN when
        the median is 0 too. Carries the notes of the scores and its own.

    Raises
    ------
    DataError
        When indexes differ, an area has no municipality, or a score is negative.

    References
    ----------
    Grander, M. (2020). Follow-up research of Allmännyttans innovationslabb. Malmö
    universitet.

    Examples
    --------
    >>> import pandas as pd
    >>> score = pd.Series([0.5, 1.0, 1.25], index=["0581C1010", "0581C1020", "0581C1030"])
    >>> segregation_index(score, score.index.to_series().str[:4])[["index", "worst_area", "areas"]]
                  index worst_area  areas
    municipality
    0581            2.0  0581C1010      3
    """
    place = checked_municipality(scores.index, municipality).astype("str")
    _refuse_negative(scores)
    if worst not in _BOTTOMS:
        raise DataError("worst as something else", {"worst": repr(worst)})
    known = pd.DataFrame({"score": scores.to_numpy(float), "place": place}, index=scores.index)
    scored = known.dropna(subset="score").sort_index()
    groups = scored.groupby("place")["score"]
    table = pd.DataFrame(index=pd.Index(sorted(place.unique()), name="municipality"))
    areas = groups.size().reindex(table.index, fill_value=0)
    table["index"] = np.nan
    table["median"] = groups.median()
    table["worst_score"] = groups.quantile(_BOTTOMS[worst])
    lowest = scored[scored["score"] == groups.transform("min")]
    tied = lowest["place"].value_counts().reindex(table.index, fill_value=0)
    first = pd.Series(lowest.index, index=lowest["place"], dtype=object).groupby(level=0).first()
    table["worst_area"] = first.reindex(table.index).where(tied == 1, None)
    table["worst_areas"] = tied
    students = _at(student_share, lowest, scores.index)
    table["worst_student_share"] = students.groupby(lowest["place"]).max()
    table["areas"] = areas
    table["areas_missing"] = place.value_counts().reindex(table.index) - areas
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient = table["median"].to_numpy() / table["worst_score"].to_numpy()
    table["index"] = np.where(areas >= 2, quotient, np.nan)
    told = [_on_size(table, worst), _on_students(students, lowest["place"]), *_on_small(table)]
    return with_notes(table, [*of(scores), *told])


def size_correlation(table: pd.DataFrame) -> float:
    """Rank correlation of the index with the number of areas, no unit, −1–1.

    Spearman's, over the municipalities of the table that have an index.

    Parameters
    ----------
    table : pandas.DataFrame
        As `segregation_index` returns it.

    Returns
    -------
    float
        NaN with fewer than 10 municipalities, or when all have as many areas or one index.

    References
    ----------
    Spearman, C. (1904). The proof and measurement of association between two things.
    *American Journal of Psychology* 15, 72–101.

    Examples
    --------
    >>> import pandas as pd
    >>> size_correlation(pd.DataFrame({"index": [1.1, 1.2] * 5, "areas": [5, 9] * 5}))
    1.0
    """
    known = table[["index", "areas"]].dropna().rank()
    if len(known) < _ENOUGH or (known.nunique() < 2).any():
        return float("nan")
    return round(float(known["index"].corr(known["areas"])), 12)


def _refuse_negative(scores: pd.Series[Any]) -> None:
    if (scores < 0).any():
        raise DataError("scores below nothing", {"count": int((scores < 0).sum())})


def _at(share: pd.Series[Any] | None, lowest: pd.DataFrame, areas: pd.Index[Any]) -> pd.Series[Any]:
    """Return the student share of each area with its municipality's lowest score."""
    if share is None:
        return pd.Series(np.nan, index=lowest.index)
    if not share.index.equals(areas):
        raise DataError("shares on other areas", {"shares": len(share), "areas": len(areas)})
    return share.astype("float64").reindex(lowest.index)


def _on_size(table: pd.DataFrame, worst: Worst) -> Note:
    found = size_correlation(table)
    if np.isnan(found):
        return Note("index grows with size", {"of": "country", "correlation": _NATIONAL[worst]})
    many = int(table["index"].notna().sum())
    values = {"of": "here", "correlation": float(found), "municipalities": many}
    return Note("index grows with size", values)


def _on_students(students: pd.Series[Any], place: pd.Series[Any]) -> Note:
    known = students.dropna()
    many = known[known >= STUDENT_SHARE]
    told = known.groupby(place.reindex(known.index)).max()
    values: dict[str, float] = {
        "known": len(told),
        **({"share": float(known.iloc[0])} if len(known) else {}),
        "above": int((told >= STUDENT_SHARE).sum()),
        "limit": STUDENT_SHARE,
    }
    return Note("worst area may be students", values, tuple(map(str, many.index)))


def _on_small(table: pd.DataFrame) -> list[Note]:
    small = table.index[table["areas"] < 2]
    if small.empty:
        return []
    values = {"municipalities": len(small)}
    return [Note("municipalities without an index", values, tuple(map(str, small)))]
