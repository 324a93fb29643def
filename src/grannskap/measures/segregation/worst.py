"""The segregation index: a municipality's median conditions over its worst area's."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd

from grannskap.errors import DataError
from grannskap.language import Text, count, counted, share
from grannskap.measures.segregation.components import checked_municipality
from grannskap.notes import Note, of, with_notes

__all__ = ["Worst", "index"]

Worst = Literal["min", "p05", "p10"]

_BOTTOMS = {"min": 0.0, "p05": 0.05, "p10": 0.10}

STUDENT_SHARE = 0.3
"""From this share aged 20–29 (three times the country's median area) a note warns."""


def index(
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
        ``worst_area`` (the one with the lowest score, whatever `worst`; the first code
        when several tie), ``worst_student_share`` (NaN when not told), ``areas`` (with a
        score), ``areas_missing`` (without). NaN index with fewer than 2 areas, infinite
        when only the worst score is 0, NaN when the median is 0 too. Carries the notes of
        the scores and its own.

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
    >>> index(score, score.index.to_series().str[:4])[["index", "worst_area", "areas"]]
                  index worst_area  areas
    municipality
    0581            2.0  0581C1010      3
    """
    place = checked_municipality(scores.index, municipality).astype("str")
    _refuse_negative(scores)
    if worst not in _BOTTOMS:
        raise DataError(
            expected="the worst area as min, p05 or p10", came=repr(worst), remedy="choose one"
        )
    known = pd.DataFrame({"score": scores.to_numpy(float), "place": place}, index=scores.index)
    scored = known.dropna(subset="score").sort_index()
    groups = scored.groupby("place")["score"]
    table = pd.DataFrame(index=pd.Index(sorted(place.unique()), name="municipality"))
    areas = groups.size().reindex(table.index, fill_value=0)
    table["index"] = np.nan
    table["median"] = groups.median()
    table["worst_score"] = groups.quantile(_BOTTOMS[worst])
    table["worst_area"] = groups.idxmin().astype(object)
    table["worst_student_share"] = _at(student_share, table["worst_area"], scores.index)
    table["areas"] = areas
    table["areas_missing"] = place.value_counts().reindex(table.index) - areas
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient = table["median"].to_numpy() / table["worst_score"].to_numpy()
    table["index"] = np.where(areas >= 2, quotient, np.nan)
    return with_notes(table, [*of(scores), *_warnings(table), *_on_small(table)])


def _refuse_negative(scores: pd.Series[Any]) -> None:
    if (scores < 0).any():
        raise DataError(
            expected="scores of 0 or more",
            came=f"{int((scores < 0).sum())} below 0",
            remedy="a median over a negative worst means nothing; use segregation.scores",
        )


def _at(
    share: pd.Series[Any] | None, worst: pd.Series[Any], areas: pd.Index[Any]
) -> pd.Series[Any]:
    """Return the student share of each municipality's worst area."""
    if share is None:
        return pd.Series(np.nan, index=worst.index)
    if not share.index.equals(areas):
        raise DataError(
            expected="student shares on the same areas as the scores",
            came=f"{len(share)} shares for {len(areas)} areas",
            remedy="take both from one frame",
        )
    return worst.map(share.astype("float64"))


def _warnings(table: pd.DataFrame) -> list[Note]:
    size = Text(
        "Indexet växer med antalet områden: jämför inte en stor kommun med en liten. "
        "Rangkorrelationen mellan index och antal områden är 0,80 över landets 290 kommuner.",
        "The index grows with the number of areas: do not compare a large municipality with a "
        "small one. Its rank correlation with the number of areas is 0.80 over 290 municipalities.",
    )
    return [Note("index grows with size", size), _on_students(table)]


def _on_students(table: pd.DataFrame) -> Note:
    shares = table["worst_student_share"].dropna()
    many = table.loc[shares.index[shares >= STUDENT_SHARE]]
    if shares.empty:
        text = Text(
            "Det sämsta området är ibland ett studentområde. Andelen 20–29 år är inte angiven här.",
            "The worst area is sometimes one where students live. The share aged 20–29 is not "
            "told here.",
        )
    elif len(shares) == 1:
        held = float(shares.iloc[0])
        text = Text(
            f"I det sämsta området är {share(held)} av invånarna 20–29 år.",
            f"In the worst area {share(held, 'en')} of those who live there are aged 20–29.",
        )
    else:
        of = counted(len(shares), "municipality")
        text = Text(
            f"I {count(len(many))} av {of.sv} är minst 30 % av invånarna i det sämsta området "
            "20–29 år: det är då troligen ett studentområde.",
            f"In {count(len(many), 'en')} of {of.en} at least 30% of those who live in the worst "
            "area are aged 20–29: it is then likely one where students live.",
        )
    return Note("worst area may be students", text, tuple(map(str, many["worst_area"])))


def _on_small(table: pd.DataFrame) -> list[Note]:
    small = table.index[table["areas"] < 2]
    if small.empty:
        return []
    text = Text(
        f"{counted(len(small), 'municipality').sv} "
        f"har färre än två områden med poäng och får inget index.",
        f"{counted(len(small), 'municipality').en} with fewer than two areas with a score: no "
        "index.",
    )
    return [Note("municipalities without an index", text, tuple(map(str, small)))]
