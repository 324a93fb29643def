"""Shares of areas and places with their bounds, and the exact interval of a proportion."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.catalogue import PERTURBATION, Status
from grannskap.counts import Counts
from grannskap.errors import DataError
from grannskap.language import Text
from grannskap.measures.membership import Bounded, Members, Membership, bounded, membership
from grannskap.measures.overdispersion import check_dispersion, lower_share, of_places
from grannskap.notes import Note, with_notes

__all__ = [
    "INDEPENDENT",
    "STATUSES",
    "areas",
    "check_confidence",
    "excess",
    "interval",
    "lower_end",
    "model",
    "places",
]

Floats = npt.NDArray[np.float64]

INDEPENDENT = 1e-9
"""Up to here a correlation is none: no count of people can tell it."""

STATUSES: dict[str, Text] = {
    "nobody": Text("ingen i basen", "nobody in the base"),
    **{state.value: state.label() for state in Status},
}
"""What the status of a share can say, with the words that outputs use."""


def areas(
    part: Counts | pd.Series[Any],
    base: Counts | pd.Series[Any],
    *,
    confidence: float | None = None,
    dispersion: float = 0.0,
) -> pd.DataFrame:
    """Share of each area, part of base, no unit, 0–1.

    The bounds are the least and the most that the share can be when each count lies anywhere
    between its own, and the part is never more than the base. Where a known part passes its
    base by at most 10, as SCB's perturbed small counts may, the share is 1 and a note says so.

    Parameters
    ----------
    part, base : Counts, or pandas.Series of float
        Counts on the same index (``deso``). In a plain column NaN is missing, and the count
        may be anything.
    confidence : float, optional
        Confidence of the interval of what chance could do, between 0 and 1, as in `interval`.
        It reaches from the lower end at the lower bound to the upper end at the upper bound.
    dispersion : float
        The model of chance, as `model` names it: how alike two of one area are, from 0
        (independent) to below 1.

    Returns
    -------
    pandas.DataFrame
        On the index of the counts: ``estimate``, NaN where a count has no value or the base
        is 0; ``lower`` and ``upper``, equal to the estimate where the counts are known, NaN
        only where the base is 0 for certain; ``interval_lower`` and ``interval_upper``, NaN
        without a confidence; ``status``, a key of `STATUSES`: ``"value"``, ``"nobody"`` or
        why a count has no value (of two reasons, that of the part).

    Raises
    ------
    DataError
        When the indexes differ, an area comes twice, a count is negative or infinite or
        outside its bounds, a part is greater than its base, or the confidence or the
        dispersion is not what it can be.

    References
    ----------
    Clopper and Pearson (1934), see `interval`.

    Examples
    --------
    >>> codes = ["0114A0010", "0114A0020"]
    >>> base = pd.Series([20.0, 4.0], index=codes)
    >>> hidden = pd.Series([5.0, None], index=codes)
    >>> status = pd.Series(["value", "suppressed"], index=codes)
    >>> part = Counts(hidden, hidden.fillna(1), hidden.fillna(3), status)
    >>> areas(part, base)[["estimate", "lower", "upper", "status"]]
               estimate  lower  upper      status
    0114A0010      0.25   0.25   0.25       value
    0114A0020       NaN   0.25   0.75  suppressed
    """
    check_dispersion(dispersion)
    index, (parts, bases) = bounded(part, base)
    notes = _over(parts, bases, index, part, base)
    top = _highest(parts, bases)
    columns = _bounds(parts, bases, top)
    columns |= _ends(parts, bases, top, confidence, (dispersion, dispersion))
    told = pd.Series(_words(parts, bases), index=index, dtype="str")
    return with_notes(pd.DataFrame(columns, index=index).assign(status=told), notes)


def places(
    part: Counts | pd.Series[Any],
    base: Counts | pd.Series[Any],
    members: Members | None = None,
    *,
    confidence: float | None = None,
    dispersion: float = 0.0,
) -> pd.DataFrame:
    """Share of each place, summed part of summed base, no unit, 0–1.

    `estimate` is about the areas where both counts have a value. `lower` and `upper` bound
    the share of all areas of the place, the others entering with their bounds: where an area
    is missing they are about more than the estimate, and need not hold it.

    Parameters
    ----------
    part, base, confidence, dispersion
        As for `areas`. Only those who live in one area are alike: the correlation of two in
        the place is the dispersion times the chance that they live in one area.
    members : pandas.DataFrame, pandas.Series, mapping or Membership, optional
        Which areas each place holds: a frame with a row per ``place`` and ``deso``, the label
        of each area on the same index, or a mapping from a place's name to its areas; all
        are one place, ``"all"``, without it.

    Returns
    -------
    pandas.DataFrame
        A row per place, in order of appearance (labels: sorted): the columns of `areas`,
        where the status of a place without any known area is the gravest reason;
        ``areas`` (with both counts) and ``areas_missing`` (without).

    Raises
    ------
    DataError
        As for `areas`, and when a place holds no area or one that is not among the counts.
    ColumnError
        When the frame of members has not both columns.

    Examples
    --------
    >>> codes = ["0581C1010", "0581C1020"]
    >>> part, base = pd.Series([90, 10], index=codes), pd.Series([100, 300], index=codes)
    >>> places(part, base, {"Hageby": codes})[["estimate", "areas"]]
            estimate  areas
    place
    Hageby      0.25      2
    """
    check_dispersion(dispersion)
    index, (parts, bases) = bounded(part, base)
    notes = _over(parts, bases, index, part, base)
    held = membership(index, members)
    known = parts.known & bases.known
    part_sums, base_sums = held.total(parts, known), held.total(bases, known)
    most = _highest(parts, bases)
    top = _sums_of_highest(parts, bases, most, held)
    alike = tuple(of_places(dispersion, held, count) for count in (bases.upper, most[1]))
    some = held.count(known) > 0
    columns: dict[str, Any] = {
        **_bounds(part_sums, base_sums, top),
        **_ends(part_sums, base_sums, top, confidence, (alike[0], alike[1])),
        "areas": held.count(known),
        "areas_missing": held.count(~known),
        "status": np.where(some, _words(part_sums, base_sums), held.gravest(_words(parts, bases))),
    }
    table = pd.DataFrame(columns, index=held.places).astype({"status": "str"})
    return with_notes(table, notes)


def excess(
    over: Floats, codes: pd.Index[Any], *, part: object, base: object, share: str | None = None
) -> list[Note]:
    """Refuse parts that are greater than their base, and note what perturbation may have done.

    `over` is how far each part passes its base at least; NaN is not known.

    Raises
    ------
    DataError
        When that is more than `grannskap.catalogue.PERTURBATION`.
    """
    wrong = codes[over > PERTURBATION].unique()
    if len(wrong):
        raise DataError(
            "parts above their base",
            {"count": len(wrong), "part": part or "", "base": base or "", "codes": list(wrong)},
        )
    touched = codes[over > 0].unique()
    if not len(touched):
        return []
    values = {"named": share is not None, "share": share or "", "areas": len(touched)}
    return [Note("shares limited", values, tuple(map(str, touched)))]


def _over(
    parts: Bounded,
    bases: Bounded,
    index: pd.Index[Any],
    part: Counts | pd.Series[Any],
    base: Counts | pd.Series[Any],
) -> list[Note]:
    names = [
        column.value.name if isinstance(column, Counts) else column.name for column in (part, base)
    ]
    return excess(parts.lower - bases.upper, index, part=names[0], base=names[1])


def _bounds(part: Bounded, base: Bounded, highest: tuple[Floats, Floats]) -> dict[str, Floats]:
    """Return estimate and bounds; `highest` is part and base where the share is highest."""
    top, of_top = highest
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = np.minimum(part.value / base.value, 1.0)
        lower = np.minimum(part.lower / base.upper, 1.0)
        upper = np.where(np.isinf(top), 1.0, np.minimum(top / of_top, 1.0))
    nobody = base.upper == 0
    return {
        "estimate": np.where(base.value > 0, estimate, np.nan),
        "lower": np.where(nobody, np.nan, lower),
        "upper": np.where(nobody, np.nan, np.where(of_top > 0, upper, 0.0)),
    }


def _ends(
    part: Bounded,
    base: Bounded,
    highest: tuple[Floats, Floats],
    confidence: float | None,
    dispersion: tuple[float | Floats, float | Floats],
) -> dict[str, Floats]:
    """Return the ends of the interval, each at its bound and with its own dispersion."""
    names = ("interval_lower", "interval_upper")
    if confidence is None:
        return dict.fromkeys(names, np.full(len(part.value), np.nan))
    top, of_top = highest
    most, above = (np.where(np.isinf(x), np.nan, x) for x in (base.upper, of_top))
    lower, _ = interval(
        np.minimum(part.lower, most), most, confidence=confidence, dispersion=dispersion[0]
    )
    _, upper = interval(
        np.minimum(top, above), above, confidence=confidence, dispersion=dispersion[1]
    )
    nobody = base.upper == 0
    lower, upper = np.where(np.isnan(lower), 0.0, lower), np.where(np.isnan(upper), 1.0, upper)
    return {
        name: np.where(nobody, np.nan, end) for name, end in zip(names, (lower, upper), strict=True)
    }


def _highest(part: Bounded, base: Bounded) -> tuple[Floats, Floats]:
    """Return each area's part and base where the share of any sum of areas is highest.

    Whoever is in the part and the base raises a share, so the part is as great as the base
    allows, and the base no greater than the part asks for.
    """
    top = np.maximum(part.lower, np.minimum(part.upper, base.upper))
    return top, np.maximum(base.lower, np.minimum(top, base.upper))


def _sums_of_highest(
    parts: Bounded, bases: Bounded, most: tuple[Floats, Floats], held: Membership
) -> tuple[Floats, Floats]:
    """Sum what `_highest` gives; of areas that are known closer together, what that allows."""
    part, base = parts.pooled, bases.pooled
    if part is None or base is None:
        return held.sums(most[0]), held.sums(most[1])
    nothing = np.full(len(part.lower), None, dtype=object)
    together = _highest(
        *(Bounded(one.lower, one.lower, one.upper, nothing) for one in (part, base))
    )
    top, of_top = (
        held.pooled(of_areas, part.which, of_pools)
        for of_areas, of_pools in zip(most, together, strict=True)
    )
    return top, of_top


def _words(part: Bounded, base: Bounded) -> npt.NDArray[np.object_]:
    words = np.full(len(part.value), Status.VALUE.value, dtype=object)
    words[base.value == 0] = "nobody"
    for count in (base, part):
        words[~count.known] = count.reason()[~count.known]
    return words


def model(dispersion: float) -> Text:
    """Name the model of chance behind an interval or a test.

    Examples
    --------
    >>> model(0.0).en
    'independent, with equal odds'
    """
    if dispersion == 0:
        return Text("oberoende, med samma odds", "independent, with equal odds")
    return Text(
        f"lika inom området, med korrelationen {f'{dispersion:g}'.replace('.', ',')}",
        f"alike within areas, with a correlation of {dispersion:g}",
    )


def check_confidence(confidence: float) -> None:
    """Refuse a confidence that does not lie strictly between 0 and 1."""
    if not 0 < confidence < 1:
        raise DataError("confidence of an interval", {"confidence": str(confidence)})


def interval(
    part: Floats, base: Floats, *, confidence: float = 0.95, dispersion: float | Floats = 0.0
) -> tuple[Floats, Floats]:
    r"""Exact interval of a proportion, no unit, 0–1.

    Every proportion that a two-sided test, with half of the error in each tail, does not
    reject. Under its model it covers the truth at least as often as `confidence` says.

    The model of a dispersion of 0 is independence: the part is binomial, and the bounds are
    those of Clopper and Pearson, quantiles of beta distributions,
    :math:`B(\alpha/2; x, n-x+1)` and :math:`B(1-\alpha/2; x+1, n-x)`, which also extend it
    to counts that were rounded from percentages and are not whole. Above 0, any two of the
    base are alike with that correlation: the part is beta-binomial, and the bounds are the
    means at which as much as was counted, or more (less), has half of the error's
    probability; counts are then rounded to whole numbers.

    Parameters
    ----------
    part, base : numpy.ndarray of float
        Counts, part of base; an element is missing when either is NaN or the base is 0.
    confidence : float
        Confidence, between 0 and 1.
    dispersion : float or numpy.ndarray of float
        Correlation of two of the base, from 0 to below 1.

    Returns
    -------
    lower, upper : numpy.ndarray of float
        The bounds; NaN where missing.

    Raises
    ------
    DataError
        When the confidence is not between 0 and 1, or the dispersion not from 0 to below 1.

    References
    ----------
    Clopper, C. J. and Pearson, E. S. (1934). The use of confidence or fiducial limits
    illustrated in the case of the binomial. *Biometrika* 26, 404–413. Skellam, J. G. (1948).
    A probability distribution derived from the binomial distribution by regarding the
    probability of success as variable between the sets of trials. *Journal of the Royal
    Statistical Society B* 10, 257–261.

    Examples
    --------
    >>> lower, upper = interval(np.array([0.0]), np.array([10.0]))
    >>> lower.round(3).tolist(), upper.round(3).tolist()
    ([0.0], [0.308])
    >>> _, upper = interval(np.array([0.0]), np.array([10.0]), dispersion=0.1)
    >>> upper.round(3).tolist()
    [0.436]
    """
    check_confidence(confidence)
    return (
        _end(part, base, confidence, dispersion, upper=False),
        _end(part, base, confidence, dispersion, upper=True),
    )


def lower_end(
    part: Floats, base: Floats, *, confidence: float, dispersion: float | Floats = 0.0
) -> Floats:
    """Return the lower bound of `interval` alone."""
    check_confidence(confidence)
    return _end(part, base, confidence, dispersion, upper=False)


def _end(
    part: Floats, base: Floats, confidence: float, dispersion: float | Floats, *, upper: bool
) -> Floats:
    from scipy.special import betaincinv

    tail = (1 - confidence) / 2
    rest = base - part
    known = (base > 0) & (part >= 0) & (rest >= 0)
    end = np.where(known, float(upper), np.nan)
    rho = np.broadcast_to(np.asarray(dispersion, dtype=float), part.shape)
    inner = known & ((rest if upper else part) > 0)
    alone, alike = inner & (rho <= INDEPENDENT), inner & (rho > INDEPENDENT)
    if upper:
        end[alone] = betaincinv(part[alone] + 1, rest[alone], 1 - tail)
        end[alike] = 1 - lower_share(rest[alike], base[alike], tail=tail, dispersion=rho[alike])
    else:
        end[alone] = betaincinv(part[alone], rest[alone] + 1, tail)
        end[alike] = lower_share(part[alike], base[alike], tail=tail, dispersion=rho[alike])
    return end
