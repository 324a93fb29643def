"""The balance of places: their summed counts, beside the mean, lowest and highest of the areas."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.counts import Counts
from grannskap.measures import proportion
from grannskap.measures.balance.ratio import (
    ratio_columns,
    ratios,
    rounded_to_zero,
    status_words,
)
from grannskap.measures.membership import Members, Membership, bounded, membership
from grannskap.measures.overdispersion import check_dispersion, of_places
from grannskap.notes import Note, with_notes

__all__ = ["areas_without_counts", "places"]

Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]


def places(
    low: Counts | pd.Series[Any],
    high: Counts | pd.Series[Any],
    members: Members | None = None,
    *,
    confidence: float = 0.95,
    dispersion: float = 0.0,
) -> pd.DataFrame:
    """Balance of places, low for each high, 0 … ∞, with its lowest and highest area.

    A place is measured on summed counts. `estimate` is the ratio of the sums over the areas
    where both counts have a value. `lower` and `upper` bound the ratio of the sums over all
    areas of the place, the others entering with their bounds: where an area is missing they
    are about more than the estimate, and need not hold it. The interval is about chance, as
    in `areas`, and reaches beyond both bounds.

    The unweighted mean of the areas' ratios is another number than the ratio of the sums,
    and infinite as soon as one area has nobody high.

    Parameters
    ----------
    low, high : Counts, or pandas.Series of float
        Counts on the same index (``deso``). In a plain column NaN is missing, and the count
        may be anything.
    members : pandas.DataFrame, pandas.Series, mapping or Membership, optional
        Which areas each place holds: a frame with a row per ``place`` and ``deso``, the label
        of each area on the same index (a missing label is no place), or a mapping from a
        place's name to its areas. In the first and last, places may overlap. Without it all
        areas are one place, ``"all"``.
    confidence : float
        Confidence of the interval, between 0 and 1.
    dispersion : float
        Correlation of two households in one area, as in `areas`. Households of different
        areas are independent: the correlation of two in a place is the dispersion times the
        chance that they live in one area, so that the variance of the sum is right, and its
        distribution is taken as beta-binomial.

    Returns
    -------
    pandas.DataFrame
        A row per place, in order of appearance (labels: sorted). ``estimate``, ``lower``,
        ``upper``, ``interval_lower``, ``interval_upper``; ``areas`` (with both counts),
        ``areas_missing`` (without); ``status``, as in `areas`, where no area has both counts
        the gravest reason. Then of the areas with both counts: ``low`` and ``high``, summed;
        ``mean_of_ratios``; ``lowest``, ``highest``; ``lowest_areas``, ``highest_areas``, how
        many have these; ``lowest_area``, ``highest_area``, the code where only one has, None
        otherwise; ``areas_without_high``, ``areas_without_either``, and
        ``areas_rounded_to_zero``, which have no ratio of their own. NaN where no area has
        both counts. A note names the areas that are missing.

    Raises
    ------
    DataError
        As for `areas`, and when a place holds no area or one that is not among the counts.
    ColumnError
        When the frame of members has not both columns.

    References
    ----------
    Clopper and Pearson (1934), see `areas`.

    Examples
    --------
    >>> import pandas as pd
    >>> codes = ["0581C1010", "0581C1020", "0581C1030"]
    >>> low, high = pd.Series([13, 30, 5], index=codes), pd.Series([1, 10, 10], index=codes)
    >>> table = places(low, high, {"Hageby": codes[:2], "Norrköping": codes})
    >>> table[["low", "high", "estimate", "mean_of_ratios", "highest_area"]].round(2)
                 low  high  estimate  mean_of_ratios highest_area
    place
    Hageby      43.0  11.0      3.91             8.0    0581C1010
    Norrköping  48.0  21.0      2.29             5.5    0581C1010
    """
    proportion.check_confidence(confidence)
    check_dispersion(dispersion)
    index, (lows, highs) = bounded(low, high)
    held = membership(index, members)
    known = lows.known & highs.known
    low_sums, high_sums = held.total(lows, known), held.total(highs, known)
    alike = (
        of_places(dispersion, held, lows.lower + highs.upper),
        of_places(dispersion, held, lows.upper + highs.lower),
    )
    rounded = rounded_to_zero(lows, highs)
    words = status_words(lows, highs, rounded)
    # What is missing is no rounding: of a sum it counts what the known areas may be.
    sums_rounded = rounded_to_zero(
        *(
            total._replace(upper=held.sums(count.upper, known))
            for total, count in ((low_sums, lows), (high_sums, highs))
        )
    )
    reasons = held.gravest(words)
    some = held.count(known) > 0
    columns: dict[str, Any] = {
        **ratio_columns(low_sums, high_sums, sums_rounded, confidence=confidence, dispersion=alike),
        "areas": held.count(known),
        "areas_missing": held.count(~known),
        "status": np.where(some, status_words(low_sums, high_sums, sums_rounded), reasons),
        "low": low_sums.value,
        "high": high_sums.value,
        **_of_areas(ratios(lows, highs, rounded), held, index),
        "areas_without_high": held.count(words == "nobody high"),
        "areas_without_either": held.count(words == "nobody either"),
        "areas_rounded_to_zero": held.count(words == "rounded to zero"),
    }
    table = pd.DataFrame(columns, index=held.places).astype({"status": "str"})
    return with_notes(table, areas_without_counts(index, held, ~known))


def _of_areas(of_areas: Floats, held: Membership, index: pd.Index[Any]) -> dict[str, Any]:
    """Return mean, lowest and highest of the areas' ratios, and which area alone has these."""
    measured = ~np.isnan(of_areas)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = held.sums(of_areas, measured) / held.count(measured)
    columns: dict[str, Any] = {"mean_of_ratios": mean}
    codes = np.array([*index, None], dtype=object)
    some = held.count(measured) > 0
    for name, extreme in (("lowest", held.lowest), ("highest", held.highest)):
        found = extreme(of_areas, measured)
        same = (of_areas[held.area] == found[held.place]) & measured[held.area]
        columns[name] = np.where(some, found, np.nan)
        columns[f"{name}_area"] = codes[held.only(same)]
        columns[f"{name}_areas"] = np.bincount(held.place[same], minlength=len(some))
    return columns


def areas_without_counts(index: pd.Index[Any], held: Membership, missing: Marks) -> list[Note]:
    """Say which areas of the places enter no sum."""
    inside = np.zeros(len(index), dtype=bool)
    inside[held.area] = True
    gone = index[inside & missing]
    if gone.empty:
        return []
    values = {"areas": len(gone), "of": "balance"}
    return [Note("areas without counts", values, tuple(sorted(map(str, gone))))]
