"""Whether segregation changed between two years, or chance alone could have made the difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from grannskap.errors import DataError
from grannskap.measures.segregation import formulas
from grannskap.measures.segregation.change import checked_years
from grannskap.measures.segregation.redraws import generator, heterogeneity, likely, redrawn
from grannskap.measures.segregation.uncertainty import FEWEST_AREAS, FEWEST_REDRAWS

if TYPE_CHECKING:
    from grannskap.measures.segregation.formulas import Floats

__all__ = ["change_test"]

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


def _counts(table: pd.DataFrame, groups: pd.Index[str]) -> Floats:
    """Return whole people by group and area, without areas where nobody lives."""
    whole = np.rint(table.sort_index()[groups].to_numpy(dtype="float64").T)
    peopled: Floats = whole[:, whole.sum(axis=0) > 0]
    return peopled


def _errors(years: list[Floats], redraws: int, rng: np.random.Generator) -> dict[str, Floats]:
    """Return how much more the redraws of likely towns change than these towns do."""
    alike = np.nan_to_num(np.mean([heterogeneity(year) for year in years]))
    beyond = []
    for year in years:
        sizes = year.sum(axis=0)
        kept = likely(year, float(np.clip(alike, 0.0, 1.0)), redraws, rng)
        same = redrawn(sizes, kept, rng)
        beyond.append({name: of(same) - of(sizes * kept) for name, of in formulas.MANY.items()})
    return {name: beyond[1][name] - beyond[0][name] for name in formulas.MANY}


def _tested(difference: float, errors: Floats, tail: float) -> dict[str, float]:
    errors = errors[np.isfinite(errors)]
    if len(errors) < FEWEST_REDRAWS or np.isnan(difference):
        return _UNKNOWN
    low, high = np.quantile(errors, [tail, 1 - tail])
    beyond = min((errors >= difference).sum(), (errors <= difference).sum())
    return {
        "bias": float(errors.mean()),
        "corrected": difference - float(errors.mean()),
        "se": float(errors.std(ddof=1)),
        "lower": difference - float(high),
        "upper": difference - float(low),
        "p": min(1.0, 2 * float(beyond + 1) / (len(errors) + 1)),
    }
