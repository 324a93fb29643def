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
            "other variable for bivariate alone",
            {"statistic": repr(statistic), "other": other is not None},
        )


def check_options(words: dict[str, str], *, alpha: float, permutations: int, seed: int) -> None:
    """Refuse options that do not exist, and numbers that cannot be."""
    for name, word in words.items():
        if word not in _WORDS[name]:
            raise DataError(
                "no such option", {"name": name, "words": _WORDS[name], "word": repr(word)}
            )
    if not 0 < alpha < 1:
        raise DataError("alpha out of range", {"alpha": str(alpha)})
    for number in (permutations, seed):
        if isinstance(number, bool) or not isinstance(number, Integral):
            raise DataError("no whole number of draws", {"number": repr(number)})
    if permutations < 1 or seed < 0:
        raise DataError(
            "draws out of range", {"permutations": str(permutations), "seed": str(seed)}
        )
