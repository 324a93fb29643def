"""How a test was asked for, and what cannot be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral
from typing import TYPE_CHECKING

from grannskap.errors import DataError

if TYPE_CHECKING:
    from grannskap.measures.autocorrelation.correction import Correction
    from grannskap.measures.autocorrelation.inference import Inference
    from grannskap.measures.autocorrelation.statistics import LocalStatistic
    from grannskap.measures.autocorrelation.tails import Alternative

__all__ = ["Options", "check_options"]

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
    statistic, inference, permutations, seed, fdr, correction, alternative
        As in `local`.
    within : bool
        Whether areas were tested within groups.
    """

    statistic: LocalStatistic
    inference: Inference
    permutations: int
    seed: int
    fdr: float
    correction: Correction
    alternative: Alternative
    within: bool

    def __post_init__(self) -> None:
        """Refuse what cannot be done."""
        words = {name: getattr(self, name) for name in _WORDS}
        check_options(words, level=self.fdr, permutations=self.permutations, seed=self.seed)

    @property
    def sides(self) -> int:
        """Number of tails that p counts."""
        return 2 if self.alternative == "two-sided" else 1


def check_options(words: dict[str, str], *, level: float, permutations: int, seed: int) -> None:
    """Refuse options that do not exist, and numbers that cannot be."""
    for name, word in words.items():
        if word not in _WORDS[name]:
            raise DataError(
                expected=f"{name} to be one of {', '.join(_WORDS[name])}",
                came=repr(word),
                remedy="choose one of these",
            )
    if not 0 < level < 1:
        raise DataError(expected="a level between 0 and 1", came=f"{level}", remedy="take 0.05")
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
