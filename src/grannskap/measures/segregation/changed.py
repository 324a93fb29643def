"""Whether segregation changed between two years, or chance alone could have made the difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from grannskap.errors import DataError
from grannskap.measures.segregation import formulas
from grannskap.measures.segregation.change import PARTS, aligned, change, checked_years, parted
from grannskap.measures.segregation.redraws import generator, heterogeneity, likely, redrawn
from grannskap.measures.segregation.uncertainty import FEWEST_AREAS, FEWEST_REDRAWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grannskap.measures.segregation.formulas import Floats

__all__ = ["change_test", "parts_test"]

NEAR, ROUNDS = 1e-8, 300
"""How near redrawn years are fitted to each other's sizes, and in how many rounds."""

_UNKNOWN = dict.fromkeys(("bias", "corrected", "se", "lower", "upper", "p"), float("nan"))


def change_test(
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    redraws: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Change of dissimilarity, Gini, Theil's H and mutual information, with interval and test.

    Parameters
    ----------
    before, after : pandas.DataFrame of float
        Counts without gaps, areas as rows and the same groups as columns; areas may differ.
        They are rounded for the redraws.
    redraws : int
        How many towns chance makes of each year.
    confidence : float
        How often an interval should hold the true change, 0–1.
    seed : int
        Makes the draws.

    Returns
    -------
    pandas.DataFrame
        A row per measure (H and the first two 0–1, information in nats): ``before``, ``after``,
        ``difference``; ``bias``, what chance adds to it; ``corrected``; ``se``; ``lower`` and
        ``upper``, the interval of the true change; ``p``, two-sided, of no change. NaN from
        ``bias`` on where a year has fewer than three areas with people.

    Raises
    ------
    DataError
        When the groups differ, a count is missing or negative, or `confidence` or `redraws` is
        none.

    Notes
    -----
    People are taken for draws with the odds of their area, independently of each other and
    of the other year. Many are the same people in both years, which makes true chance smaller:
    the test finds too little rather than too much. Likely towns of both years are as much alike
    within areas (the mean of both), as they would be if nothing had changed; with one estimate
    for each year, dissimilarity of even towns was told to have changed in a third of the trials.

    Examples
    --------
    >>> first = pd.DataFrame({"low": [40, 10, 25], "high": [10, 40, 25]}, index=["a", "b", "c"])
    >>> found = change_test(first, first, redraws=200)
    >>> bool(found.loc["theil_h", "p"] > 0.5)
    True
    """
    checked_years(before, after)
    if not 0 < confidence < 1 or redraws < FEWEST_REDRAWS:
        given = {"confidence": confidence, "redraws": redraws}
        raise DataError("no confidence or redraws", given)
    years = [_counts(table, before.columns) for table in (before, after)]
    enough = all(len(year.T) >= FEWEST_AREAS for year in years)
    errors = _errors(years, redraws, generator(seed, "change")) if enough else {}
    rows = {}
    whole = [table[before.columns].to_numpy(dtype="float64").T for table in (before, after)]
    for name, measure in formulas.MANY.items():
        one, two = (float(measure(counts)) for counts in whole)
        told = _tested(two - one, errors[name], (1 - confidence) / 2) if enough else _UNKNOWN
        rows[name] = {"before": one, "after": two, "difference": two - one, **told}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("measure")


def parts_test(
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    redraws: int = 200,
    confidence: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """The five parts of a change of the mutual information, in nats, with interval and test.

    Parameters
    ----------
    before, after : pandas.DataFrame of float
        As those of `change`. They are rounded for the redraws.
    redraws : int
        How many towns chance makes of each year, as in `change_test`.
    confidence : float
        How often an interval should hold the true part, 0–1.
    seed : int
        Makes the draws.

    Returns
    -------
    pandas.DataFrame
        A row per part (`PARTS`), with ``estimate`` (as `change` gives it; they sum to its
        difference), ``bias``, ``corrected``, ``se``, ``lower``, ``upper`` and ``p``, two-sided, of
        no such part. NaN from ``bias`` on where a year has fewer than three areas with people, and
        for ``additions`` and ``removals`` where no areas came or went.

    Raises
    ------
    DataError
        As `change` and `change_test`.

    Examples
    --------
    >>> first = pd.DataFrame({"low": [40, 10, 25], "high": [10, 40, 25]}, index=["a", "b", "c"])
    >>> found = parts_test(first, 2 * first)
    >>> bool(found.loc["structure", "p"] > 0.5)
    True
    """
    whole = change(before, after)
    if not 0 < confidence < 1 or redraws < FEWEST_REDRAWS:
        given = {"confidence": confidence, "redraws": redraws}
        raise DataError("no confidence or redraws", given)
    years = [np.rint(year).T for year in aligned(before, after)]
    enough = all((year.sum(axis=0) > 0).sum() >= FEWEST_AREAS for year in years)
    errors = _errors_of_parts(years, redraws, generator(seed, "parts")) if enough else {}
    tail, rows = (1 - confidence) / 2, {}
    for name in PARTS:
        there = enough and np.ptp(errors[name]) > 0
        told = _tested(float(whole[name]), errors[name], tail) if there else _UNKNOWN
        rows[name] = {"estimate": float(whole[name]), **told}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("part")


def _errors_of_parts(
    years: list[Floats], redraws: int, rng: np.random.Generator
) -> dict[str, Floats]:
    """Return how much more the parts are in redraws of likely towns than in these towns."""
    drawn, true = zip(*_redrawn(years, redraws, rng), strict=True)
    (one, off), (two, also) = (
        parted((np.swapaxes(of[0], -1, -2), np.swapaxes(of[1], -1, -2)), close=NEAR, rounds=ROUNDS)
        for of in (drawn, true)
    )
    fitted = np.maximum(off, also) <= NEAR
    return {name: (one[name] - two[name])[fitted] for name in PARTS}


def _counts(table: pd.DataFrame, groups: pd.Index[str]) -> Floats:
    """Return whole people by group and area, without areas where nobody lives."""
    whole = np.rint(table.sort_index()[groups].to_numpy(dtype="float64").T)
    peopled: Floats = whole[:, whole.sum(axis=0) > 0]
    return peopled


def _errors(years: list[Floats], redraws: int, rng: np.random.Generator) -> dict[str, Floats]:
    """Return how much more the redraws of likely towns change than these towns do."""
    beyond = [
        {name: of(drawn) - of(true) for name, of in formulas.MANY.items()}
        for drawn, true in _redrawn(years, redraws, rng)
    ]
    return {name: beyond[1][name] - beyond[0][name] for name in formulas.MANY}


def _redrawn(
    years: list[Floats], redraws: int, rng: np.random.Generator
) -> Iterator[tuple[Floats, Floats]]:
    """Yield the people of likely towns of each year, redrawn, and as they truly are on average."""
    alike = float(np.nan_to_num(np.mean([heterogeneity(year) for year in years])))
    for year in years:
        sizes = year.sum(axis=0)
        kept = likely(year, float(np.clip(alike, 0.0, 1.0)), redraws, rng)
        yield redrawn(sizes, kept, rng), sizes * kept


def _tested(difference: float, errors: Floats, tail: float) -> dict[str, float]:
    errors = errors[np.isfinite(errors)]
    if len(errors) < FEWEST_REDRAWS or np.isnan(difference):
        return _UNKNOWN
    low, high = np.quantile(errors, [tail, 1 - tail])
    middle = float(errors.mean())
    beyond = min((errors >= difference).sum(), (errors <= difference).sum())
    return {
        "bias": middle,
        "corrected": difference - middle,
        "se": float(errors.std(ddof=1)),
        "lower": difference - max(float(high), middle),
        "upper": difference - min(float(low), middle),
        "p": min(1.0, 2 * float(beyond + 1) / (len(errors) + 1)),
    }
