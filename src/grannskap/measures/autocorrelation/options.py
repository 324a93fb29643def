"""How a test was asked for, and what cannot be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral
from typing import TYPE_CHECKING

import numpy as np

from grannskap.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

    from grannskap.measures.autocorrelation.inference import Inference
    from grannskap.measures.autocorrelation.statistics import LocalStatistic
    from grannskap.measures.correction import Alternative, Correction

__all__ = ["Options", "check_options", "check_other"]

_WORDS = {
    "statistic": ("moran", "bivariate_moran", "geary", "g", "g_star", "join_counts"),
    "inference": ("exact", "sampled"),
    "correction": ("bh", "by", "bonferroni", "none"),
    "alternative": ("two-sided", "greater", "less"),
}


@dataclass(frozen=True)
class Options:
    """How a local test was asked for; kept with its result.

    Attributes
    ----------
    statistic, inference, permutations, most_permutations, seed, alpha, correction, alternative
        As in `local`.
    within : bool
        Whether areas were tested within groups.
    """

    statistic: LocalStatistic
    inference: Inference
    permutations: int
    most_permutations: int
    seed: int
    alpha: float
    correction: Correction
    alternative: Alternative
    within: bool

    def __post_init__(self) -> None:
        """Refuse what cannot be done."""
        words = {name: getattr(self, name) for name in _WORDS}
        check_options(words, alpha=self.alpha, permutations=self.permutations, seed=self.seed)
        check_options({}, alpha=self.alpha, permutations=self.most_permutations, seed=self.seed)

    @property
    def sides(self) -> int:
        """Number of tails that p counts."""
        return 2 if self.alternative == "two-sided" else 1

    def needed_draws(self, tests: int) -> int:
        """Return how many draws a single area needs to be kept on its own among so many tests."""
        if self.correction == "none":
            return int(np.ceil(self.sides / self.alpha)) - 1
        burden = np.sum(1 / np.arange(1, tests + 1)) if self.correction == "by" else 1.0
        return int(np.ceil(self.sides * tests * burden / self.alpha)) - 1

    def enough_draws(self, tests: int) -> int:
        """Return how many draws are made for areas that so many tests call for: ten times that."""
        if self.needed_draws(tests) <= self.permutations:
            return self.permutations
        return max(self.permutations, min(10 * self.needed_draws(tests), self.most_permutations))


def check_other(statistic: str, other: pd.Series | None) -> None:
    """Refuse a bivariate statistic without its other variable, and any other with one."""
    if (statistic == "bivariate_moran") != (other is not None):
        raise DataError(
            expected="`other` for bivariate_moran, and for no other statistic",
            came=f"statistic={statistic!r} {'without' if other is None else 'with'} `other`",
            remedy="give the variable around as `other`",
        )


def check_options(words: dict[str, str], *, alpha: float, permutations: int, seed: int) -> None:
    """Refuse options that do not exist, and numbers that cannot be."""
    for name, word in words.items():
        if word not in _WORDS[name]:
            raise DataError(
                expected=f"{name} to be one of {', '.join(_WORDS[name])}",
                came=repr(word),
                remedy="choose one of these",
            )
    if not 0 < alpha < 1:
        raise DataError(expected="alpha between 0 and 1", came=f"{alpha}", remedy="take 0.05")
    for number in (permutations, seed):
        if isinstance(number, bool) or not isinstance(number, Integral):
            raise DataError(
                expected="whole numbers of permutations and for the seed",
                came=repr(number),
                remedy="9999 permutations and seed 0 are usual",
            )
    if permutations < 1 or seed < 0:
        raise DataError(
            expected="at least 1 permutation and a seed of 0 or more",
            came=f"{permutations} and {seed}",
            remedy="9999 permutations and seed 0 are usual",
        )
