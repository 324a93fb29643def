"""What chance could do to the segregation index, through the counts behind living conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from grannskap.errors import DataError
from grannskap.measures.segregation.components import checked_municipality
from grannskap.measures.segregation.redraws import generator, heterogeneity, likely
from grannskap.measures.segregation.uncertainty import student

if TYPE_CHECKING:
    from grannskap.measures.segregation.conditions import Recipe
    from grannskap.measures.segregation.formulas import Floats
    from grannskap.measures.segregation.segregation_index import Worst

__all__ = ["index_interval"]

FEWEST, FEWEST_REDRAWS = 3, 10
_LOWEST = {"min": 0.0, "p05": 0.05, "p10": 0.10}


def index_interval(
    components: pd.DataFrame,
    bases: Mapping[str, pd.Series[Any]],
    municipality: pd.Series[Any],
    *,
    recipe: Recipe,
    worst: Worst = "min",
    redraws: int = 200,
    confidence: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    r"""Interval of each municipality's segregation index, 1 … ∞, given its counts.

    Parameters
    ----------
    components : pandas.DataFrame of float
        What the scores were made of, as `scores` got it; NaN is missing.
    bases : mapping of str to pandas.Series
        Of how many each share is, by component, on the same index. A component without one
        (an amount) stays as it is, so that its own chance is not in the interval.
    municipality : pandas.Series of str
        The municipality of each area, on the same index.
    recipe : Recipe
        How the scores were made.
    worst : {"min", "p05", "p10"}
        As in `segregation_index`.
    redraws : int
        How many towns chance makes of each municipality.
    confidence : float
        How often an interval should hold the true index, 0–1.
    seed : int
        Makes the draws, the same whatever municipalities are beside.

    Returns
    -------
    pandas.DataFrame
        A row per municipality: ``lower`` and ``upper``. NaN where no component has a base, or
        fewer than three areas have a score.

    Raises
    ------
    DataError
        When indexes differ, or `confidence` or `redraws` is none.

    Notes
    -----
    Of each share, likely towns are drawn: the shares that the areas may truly have, given their
    people and how much areas differ. The interval is where their index lies, wider by Student's
    factor where areas are few, and widened to hold the observed index, which chance makes too
    great. People are taken as independent.

    Examples
    --------
    >>> from grannskap.measures.segregation import recipe, scores
    >>> codes = [f"0581C10{i}0" for i in range(4)]
    >>> table = pd.DataFrame({"work": [0.4, 0.8, 0.8, 0.9]}, index=codes)
    >>> place = table.index.to_series().str[:4]
    >>> made = recipe(scores(table, place))
    >>> found = index_interval(
    ...     table, {"work": pd.Series(500.0, index=codes)}, place, recipe=made
    ... )
    >>> bool(found.loc["0581", "lower"] < 2.0 < found.loc["0581", "upper"])
    True
    """
    place = checked_municipality(components.index, municipality).astype("str")
    if not 0 < confidence < 1 or redraws < FEWEST_REDRAWS:
        raise DataError("no confidence or redraws", {"confidence": confidence, "redraws": redraws})
    used = components[list(recipe.weights)].astype(float)
    known = used.notna().all(axis=1)
    counted = [name for name in recipe.weights if name in bases]
    for name in counted:
        known &= bases[name].reindex(used.index).fillna(0.0) > 0
    run = _Run(recipe, worst, (1 - confidence) / 2, redraws)
    rows = {}
    for name, areas in used[known].groupby(place.reindex(used.index[known])):
        of = {one: bases[one].reindex(areas.index).to_numpy(dtype=float) for one in counted}
        enough = counted and len(areas) >= FEWEST
        rows[str(name)] = run.ends(areas, of, generator(seed, str(name))) if enough else _NONE
    every = pd.Index(sorted(place.unique()), name="municipality")
    return pd.DataFrame.from_dict(rows, orient="index", columns=["lower", "upper"]).reindex(every)


_NONE = (float("nan"), float("nan"))


@dataclass(frozen=True)
class _Run:
    """How the index is made, and how often."""

    recipe: Recipe
    worst: Worst
    tail: float
    redraws: int

    def ends(
        self, areas: pd.DataFrame, bases: Mapping[str, Floats], rng: np.random.Generator
    ) -> tuple[float, float]:
        """Return between which ends the true index of one municipality lies."""
        made = {}
        for name in self.recipe.weights:
            values = areas[name].to_numpy()
            made[name] = (
                self._likely(values, bases[name], rng)
                if name in bases
                else np.broadcast_to(values, (self.redraws, len(values)))
            )
        with np.errstate(divide="ignore", invalid="ignore"):
            told = self._index(made)
            observed = float(self._index({one: areas[one].to_numpy()[None] for one in made})[0])
        told = told[np.isfinite(told)]
        if len(told) < FEWEST_REDRAWS or not np.isfinite(observed):
            return _NONE
        low, middle, high = np.quantile(told, [self.tail, 0.5, 1 - self.tail])
        wider = student(len(areas), self.tail)
        least, most = middle - wider * (middle - low), middle + wider * (high - middle)
        return max(1.0, min(float(least), observed)), max(float(most), observed)

    def _likely(self, shares: Floats, base: Floats, rng: np.random.Generator) -> Floats:
        """Return shares that the areas may truly have."""
        sizes = np.rint(base)
        part = np.clip(np.rint(shares * sizes), 0.0, sizes)
        counts = np.stack([part, sizes - part])
        alike = float(np.nan_to_num(np.clip(heterogeneity(counts), 0.0, 1.0)))
        return likely(counts, alike, self.redraws, rng)[:, 0]

    def _index(self, values: Mapping[str, Floats]) -> Floats:
        """Return the median over the lowest score of each town."""
        scores = self._scores(values)
        lowest = np.quantile(scores, _LOWEST[self.worst], axis=1)
        found: Floats = np.median(scores, axis=1) / lowest
        return found

    def _scores(self, values: Mapping[str, Floats]) -> Floats:
        made, weights = self.recipe, self.recipe.weights
        relatives = {name: self._relative(name, held) for name, held in values.items()}
        if made.method == "geometric":
            parts = [held ** weights[name] for name, held in relatives.items()]
            return np.asarray(np.prod(parts, axis=0))
        return np.asarray(
            np.sum([weights[name] * held for name, held in relatives.items()], axis=0)
        )

    def _relative(self, name: str, values: Floats) -> Floats:
        """Return a component over its reference, or between its bounds."""
        if self.recipe.bounds is not None:
            low, high = self.recipe.bounds[name]
            return np.clip((values - low) / (high - low), 0.0, 1.0)
        if self.recipe.reference is not None:
            return values / self.recipe.reference[name]
        return values / np.median(values, axis=1, keepdims=True)
