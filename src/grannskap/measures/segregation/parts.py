"""Segregation in parts: between and within groups of areas, and what each area adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from grannskap.errors import DataError
from grannskap.measures.segregation import formulas
from grannskap.measures.segregation.components import checked_municipality
from grannskap.measures.segregation.even import expected
from grannskap.notes import Note, with_notes

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from grannskap.measures.segregation.formulas import Floats

__all__ = ["BETWEEN", "TOTAL", "WITHIN", "contributions", "decomposition"]

TOTAL, BETWEEN, WITHIN = "total", "between", "within"


def decomposition(
    counts: pd.DataFrame,
    *,
    by: pd.Series[Any],
    measure: Literal["theil_h", "information"] = "theil_h",
) -> pd.DataFrame:
    r"""How much of a town's segregation lies between its parts, and how much within each, 0–1.

    With T people and entropy E in the whole, :math:`T_s, E_s, H_s` in part s, and :math:`H_B`
    Theil's H with the parts as areas, :math:`H = H_B + \sum_s \frac{T_s E_s}{T E} H_s`; and of
    the mutual information :math:`M = M_B + \sum_s \frac{T_s}{T} M_s` (nats).

    Parameters
    ----------
    counts : pandas.DataFrame of float
        A column per group, a row per area (or per area and tenure); NaN is missing.
    by : pandas.Series of str
        The part that each row belongs to, on the same index: municipality, locality, tenure.
    measure : {"theil_h", "information"}
        What is parted.

    Returns
    -------
    pandas.DataFrame
        Index ``part``: ``total``, ``between``, ``within``, then the parts in order. ``value`` is
        the measure: of all areas, between parts, weighted within them, and of each part by
        itself (NaN where one group has nobody there); ``contribution`` is what of the total
        each row makes up, so that that of ``between`` and of the parts sum to it; ``even`` what the
        first three would be on average where everybody's place is left to chance (exact, of whole
        people); ``people`` and ``areas``; then the people of each group. Notes count rows that
        are missing.

    Raises
    ------
    DataError
        When there are fewer than two groups, a count is negative, or indexes differ.

    References
    ----------
    Reardon, S. F. and Firebaugh, G. (2002). Measures of multigroup segregation. *Sociological
    Methodology* 32. Mora, R. and Ruiz-Castillo, J. (2011). Entropy-based segregation indices.
    *Sociological Methodology* 41.

    Examples
    --------
    >>> areas = pd.DataFrame({"low": [40, 30, 10, 20], "high": [10, 20, 40, 30]}, index=[*"abcd"])
    >>> found = decomposition(areas, by=pd.Series([*"nnss"], index=areas.index))
    >>> found["contribution"].round(3).tolist()
    [0.154, 0.119, 0.035, 0.017, 0.017]
    """
    known, part, gone = _known(counts, by)
    names = sorted(part.unique())
    held = known.to_numpy().T
    place = pd.Index(names).get_indexer(pd.Index(part))
    sums = _summed(held, place, len(names))
    own = [formulas.information(held[:, place == number]) for number in range(len(names))]
    people, whole = sums.sum(axis=0), held.sum()
    per = _entropy(sums.sum(axis=1)) if measure == "theil_h" else 1.0
    within = people * np.nan_to_num(own) / _or_nan(whole * per)
    totals = [float(formulas.information(table)) / _or_nan(per) for table in (held, sums)]
    each = np.array(own, dtype=float)
    if measure == "theil_h":
        each = each / np.array([_or_nan(_entropy(column)) for column in sums.T])
    heads = [totals[0], totals[1], float(within.sum())]
    areas = np.bincount(place, minlength=len(names))
    even = [_even(measure, np.rint(one)) for one in (held, sums)]
    table = pd.DataFrame(
        {
            "value": [*heads, *each],
            "contribution": [*heads, *within],
            "even": [*even, even[0] - even[1]] + [np.nan] * len(names),
            "people": [whole] * 3 + [*people],
            "areas": [len(known), len(names), len(known), *areas],
        },
        index=pd.Index([TOTAL, BETWEEN, WITHIN, *names], name="part"),
    )
    for name, row in zip(known.columns, sums, strict=True):
        table[str(name)] = [row.sum()] * 3 + [*row]
    return with_notes(table, _notes(gone))


def contributions(counts: pd.DataFrame, *, by: pd.Series[Any] | None = None) -> pd.DataFrame:
    r"""What each area adds to the segregation of its place; the areas sum to the whole.

    To the dissimilarity :math:`\sum_g |t_{ig} - t_i P_g| / (2 T \sum_g P_g (1 - P_g))`, to the
    mutual information :math:`\frac{t_i}{T} \sum_g p_{ig} \ln (p_{ig} / P_g)` (nats), and to
    Theil's H that over the entropy of the whole. With two groups ``surplus`` is the first with
    the sign of the group that is larger here than in the whole, positive for the first: a
    half of the dissimilarity is where it is positive, and a half where it is negative.

    Parameters
    ----------
    counts : pandas.DataFrame of float
        A column per group, on ``deso``; NaN is missing.
    by : pandas.Series of str, optional
        The place of each area, on the same index; all are of one place without it.

    Returns
    -------
    pandas.DataFrame
        On the index of `counts`: ``dissimilarity``, ``information``, ``theil_h`` and, with two
        groups, ``surplus``. NaN where a count is missing, and where a place has nobody in one
        of the groups. Notes count areas that are missing.

    Raises
    ------
    DataError
        When there are fewer than two groups, a count is negative, or indexes differ.

    References
    ----------
    Elbers, B. (2021). A method for studying differences in segregation across time and space.
    *Sociological Methods & Research* 52.

    Examples
    --------
    >>> areas = pd.DataFrame({"low": [40, 10], "high": [10, 40]}, index=["a", "b"])
    >>> contributions(areas)["surplus"].round(2).tolist()
    [0.3, -0.3]
    """
    place = pd.Series("", index=counts.index) if by is None else by
    known, part, gone = _known(counts, place)
    codes, names = pd.factorize(pd.Index(part))
    held = known.to_numpy().T
    of_place = _summed(held, codes, len(names))
    whole, sizes = of_place.sum(axis=0), held.sum(axis=0)
    shares = _over(of_place, whole)
    beyond = held - sizes * shares[:, codes]
    apart = 2 * whole * (shares * (1 - shares)).sum(axis=0)
    nats = _kept(held, sizes * shares[:, codes]).sum(axis=0)
    entropy = np.array([_entropy(column) for column in of_place.T])
    lone = ~(apart > 0)
    columns = {
        "dissimilarity": np.abs(beyond).sum(axis=0) / np.where(lone, np.nan, apart)[codes],
        "information": nats / np.where(lone, np.nan, whole)[codes],
        "theil_h": nats / np.where(lone, np.nan, whole * entropy)[codes],
    }
    if len(held) == 2:
        columns["surplus"] = np.sign(beyond[0]) * columns["dissimilarity"]
    table = pd.DataFrame(columns, index=known.index).reindex(counts.index)
    return with_notes(table, _notes(gone))


def _known(
    counts: pd.DataFrame, by: pd.Series[Any]
) -> tuple[pd.DataFrame, pd.Series[Any], pd.Index[Any]]:
    """Return the rows without gaps, sorted, the part of each, and which have gaps."""
    if counts.shape[1] < 2:
        raise DataError("one group alone", {"groups": [str(name) for name in counts.columns]})
    part = checked_municipality(counts.index, by).astype("str")
    values = counts.astype("float64")
    wrong = ((values < 0) | np.isinf(values)).any(axis=1)
    if wrong.any():
        areas = [str(area) for area in counts.index[wrong]]
        raise DataError("counts missing or negative", {"areas": areas})
    there = values.notna().all(axis=1)
    kept = values[there].sort_index()
    return kept, part.reindex(kept.index), counts.index[~there]


def _summed(held: Floats, place: npt.NDArray[np.intp], places: int) -> Floats:
    """Return the people of each group in each place."""
    sums: Floats = np.stack([np.bincount(place, row, minlength=places) for row in held])
    return sums.astype(np.float64)


def _even(measure: str, counts: Floats) -> float:
    """Return what chance alone makes of a measure; NaN where one group has nobody."""
    peopled = counts[:, counts.sum(axis=0) > 0]
    if (counts.sum(axis=1) > 0).sum() < 2:
        return float("nan")
    found = expected(measure, peopled)
    return float("nan") if found is None else found


def _kept(held: Floats, even: Floats) -> Floats:
    """Return x ln(x / what it would be evenly), 0 where nobody is."""
    from scipy.special import xlogy

    ratio = np.divide(held, even, out=np.ones_like(held), where=even > 0)
    kept: Floats = xlogy(held, ratio)
    return kept


def _entropy(groups: Floats) -> float:
    from scipy.special import entr

    whole = groups.sum()
    return float(entr(groups / whole).sum()) if whole > 0 else 0.0


def _over(above: Floats, below: Floats) -> Floats:
    shares: Floats = np.divide(above, below, out=np.zeros_like(above), where=below > 0)
    return shares


def _or_nan(value: float) -> float:
    return value if value > 0 else float("nan")


def _notes(gone: pd.Index[Any]) -> Sequence[Note]:
    if gone.empty:
        return []
    values = {"areas": len(gone), "of": "evenness"}
    return [Note("areas without counts", values, tuple(sorted(map(str, gone))))]
