"""Every measure of segregation of every place, with what chance does to it, in one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from grannskap.errors import DataError
from grannskap.measures.segregation import even, formulas
from grannskap.measures.segregation.components import checked_municipality
from grannskap.measures.segregation.groups import checked_groups
from grannskap.measures.segregation.redraws import generator, shuffled
from grannskap.measures.segregation.uncertainty import FEWEST_AREAS, uncertain
from grannskap.notes import Note, with_notes

if TYPE_CHECKING:
    from grannskap.measures.segregation.formulas import Floats

__all__ = ["indices"]

OK, ONE_AREA, NOBODY, FEW_AREAS = "ok", "one area", "nobody in a group", "too few areas"

_COLUMNS = [
    *("estimate", "even", "p", "bias", "corrected", "se", "lower", "upper"),
    *("people", "areas", "areas_missing", "status"),
]

_UNKNOWN = {
    name: float("nan") for name in ("even", "p", "bias", "corrected", "se", "lower", "upper")
}


def indices(
    counts: pd.DataFrame,
    *,
    by: pd.Series[Any],
    ordered: bool = False,
    redraws: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Measures of how unevenly groups live in each place, with bias, error, interval and test.

    Two groups give dissimilarity, Gini, Theil's H, Atkinson (b = ½), the isolation of each,
    exposure of the first to the second, and the correlation ratio (all 0–1). More give
    dissimilarity, Gini, H (0–1) and mutual information (nats); groups in order (quartiles, lowest
    first) also the rank-order and the ordinal information theory index, and the ordinal variation
    ratio and square root index (0–1). Two of many groups against each other are two columns.

    Parameters
    ----------
    counts : pandas.DataFrame of float
        A column per group, on ``deso``; NaN is missing.
    by : pandas.Series of str
        The place of each area, on the same index: its municipality, or any other partition.
    ordered : bool
        Whether the columns are in order.
    redraws : int
        How many towns chance makes of each place, for the interval and for the test; 0 for the
        estimates alone, with what they are where people live evenly.
    confidence : float
        How often an interval should hold the true value, 0–1.
    seed : int
        Makes the draws; each place has its own, the same whatever other places are there.

    Returns
    -------
    pandas.DataFrame
        A row per place and measure, on both: ``estimate``; ``even``, what the measure is on
        average where everybody's place is left to chance (exact for sums over areas, else the
        mean of redraws); ``p`` of that, one-sided, of at least as much unevenness; ``bias``, what
        chance adds to the estimate; ``corrected``, the estimate without it, which may be below
        0 where nothing is left beyond chance; ``se``; ``lower`` and ``upper``, the interval of
        the true value, which holds what is corrected; ``people``; ``areas``;
        ``areas_missing``; ``status``: ``ok``, ``one area``,
        ``nobody in a group`` (fewer than two groups have anybody), or ``too few areas`` (under
        three, which have no interval). Notes count areas that are missing, places without a
        group, and areas whose counts are not whole, which are rounded for the redraws.

    Raises
    ------
    DataError
        When there are fewer than two groups, a count is negative, indexes differ, an area has no
        place, or `confidence` is no share.

    Notes
    -----
    The model of chance is that each person belongs to a group with the odds of the area,
    independently of the neighbours; families move together, so true intervals are wider. How
    often the intervals hold the true value was tried by simulation; see ``docs/segregation.md``.

    References
    ----------
    Reardon, S. F. and Firebaugh, G. (2002). Measures of multigroup segregation. *Sociological
    Methodology* 32. Allen, R. and others (2015). More reliable inference for the dissimilarity
    index of segregation. *The Econometrics Journal* 18.

    Examples
    --------
    >>> areas = pd.DataFrame({"low": [40, 10, 25], "high": [10, 40, 25]}, index=["a", "b", "c"])
    >>> found = indices(areas, by=pd.Series("town", index=areas.index), redraws=0)
    >>> float(found.loc[("town", "dissimilarity"), "estimate"].round(3))
    0.4
    """
    place = checked_municipality(counts.index, by).astype("str")
    if not 0 < confidence < 1 or redraws < 0:
        given = {"confidence": confidence, "redraws": redraws}
        raise DataError("no confidence or redraws", given)
    whole = checked_groups(counts).sort_index()
    known = whole.notna().all(axis=1)
    chosen = _Chosen(_measures_of(counts.shape[1], ordered=ordered), redraws, confidence, seed)
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for name, areas in whole.groupby(place.reindex(whole.index)):
        held = areas[known.reindex(areas.index)].to_numpy().T
        gone = len(areas) - held.shape[1]
        rows |= {(str(name), of): row for of, row in _rows(held, gone, str(name), chosen).items()}
    keys = [list(level) for level in zip(*rows, strict=True)] or [[], []]
    index = pd.MultiIndex.from_arrays(keys, names=["place", "measure"])
    table = pd.DataFrame(list(rows.values()), index=index, columns=_COLUMNS)
    return with_notes(table, _notes(table, whole, known, redraws))


@dataclass(frozen=True)
class _Chosen:
    measures: formulas.Measures
    redraws: int
    confidence: float
    seed: int


def _measures_of(groups: int, *, ordered: bool) -> formulas.Measures:
    plain = formulas.TWO if groups == 2 else formulas.MANY
    return {**plain, **formulas.ORDERED} if ordered else plain


def _rows(held: Floats, gone: int, place: str, chosen: _Chosen) -> dict[str, dict[str, Any]]:
    peopled = held[:, held.sum(axis=0) > 0]
    size = {"people": float(held.sum()), "areas": held.shape[1], "areas_missing": gone}
    status = _status(peopled)
    estimates = {name: float(measure(held)) for name, measure in chosen.measures.items()}
    beyond = dict.fromkeys(estimates, _UNKNOWN)
    whole = np.rint(peopled)
    whole = whole[:, whole.sum(axis=0) > 0]
    if _status(whole) in (OK, FEW_AREAS) and whole.sum() < MOST_PEOPLE:
        beyond = _beyond_chance(whole, estimates, place, chosen)
    return {
        name: {"estimate": estimate, **beyond[name], **size, "status": status}
        for name, estimate in estimates.items()
    }


def _status(counts: Floats) -> str:
    if (counts.sum(axis=1) > 0).sum() < 2:
        return NOBODY
    if counts.shape[1] < 2:
        return ONE_AREA
    return OK if counts.shape[1] >= FEWEST_AREAS else FEW_AREAS


def _beyond_chance(
    counts: Floats, estimates: dict[str, float], place: str, chosen: _Chosen
) -> dict[str, dict[str, float]]:
    """Return each measure under an even spread, its p, its bias and its interval."""
    rng = generator(chosen.seed, place)
    told = {name: {**_UNKNOWN} for name in estimates}
    for name in estimates:
        told[name]["even"] = _or_nan(even.expected(name, counts))
    if not chosen.redraws:
        return told
    mixed = shuffled(counts, chosen.redraws, rng)
    for name, measure in chosen.measures.items():
        drawn, observed = measure(mixed), float(measure(counts))
        sign = -1 if name == "exposure" else 1
        reached = int((sign * drawn >= sign * observed - TIE).sum())
        told[name]["p"] = (reached + 1) / (chosen.redraws + 1)
        if np.isnan(told[name]["even"]):
            told[name]["even"] = float(drawn.mean())
    if _status(counts) == OK:
        found = uncertain(
            counts,
            chosen.measures,
            redraws=chosen.redraws,
            confidence=chosen.confidence,
            rng=rng,
        )
        for name, one in found.items():
            told[name] |= asdict(one) | {"corrected": estimates[name] - one.bias}
    return told


MOST_PEOPLE = 1e9
"""Of more, none can be drawn without replacement; chance would do nothing to them either."""

TIE = 1e-12
"""Measures that differ by less are equal: sums in another order round otherwise."""


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value


def _notes(
    table: pd.DataFrame, counts: pd.DataFrame, known: pd.Series[bool], redraws: int
) -> Sequence[Note]:
    told = []
    gone = counts.index[~known]
    if len(gone):
        values = {"areas": len(gone), "of": "evenness"}
        told.append(Note("areas without counts", values, tuple(map(str, gone))))
    empty = table.index[table["status"] == NOBODY].unique("place")
    if len(empty):
        told.append(Note("places without a group", {"places": len(empty)}, tuple(map(str, empty))))
    parts = counts[known]
    uneven = parts.index[(parts != parts.round()).any(axis=1)]
    if len(uneven) and redraws:
        codes = tuple(map(str, uneven))
        told.append(Note("counts rounded for redraws", {"areas": len(uneven)}, codes))
    return told
