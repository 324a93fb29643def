"""The table that a local test returns, with what its reader must be told."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from grannskap.errors import DataError
from grannskap.language import Text, counted
from grannskap.measures.autocorrelation.correction import Correction, adjust
from grannskap.measures.autocorrelation.tails import (
    Alternative,
    monte_carlo_error,
    p_value,
    smallest_p,
)
from grannskap.notes import Note, with_notes
from grannskap.schema import CLUSTERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grannskap.measures.autocorrelation.alignment import Laid
    from grannskap.measures.autocorrelation.arrays import Bools, Floats, Ints
    from grannskap.measures.autocorrelation.inference import Inference, Tails
    from grannskap.measures.autocorrelation.statistics import LocalStatistic, Seen

__all__ = ["QUADRANTS", "TOO_FEW", "Options", "check_options", "tabulate"]

QUADRANTS = ("high-high", "low-low", "high-low", "low-high")
TOO_FEW = "too few areas"

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
        raise DataError(expected="fdr between 0 and 1", came=f"{level}", remedy="0.05 is usual")
    if permutations < 1 or seed < 0:
        raise DataError(
            expected="at least 1 permutation and a seed of 0 or more",
            came=f"{permutations} and {seed}",
            remedy="9999 permutations and seed 0 are usual",
        )


def tabulate(laid: Laid, seen: Seen, tails: Tails, options: Options) -> pd.DataFrame:
    """Return a row per area, in the caller's order."""
    p = _p_values(tails.below, tails.above, seen.sign, options.alternative)
    tested = ~np.isnan(p)
    q = np.full(len(p), np.nan)
    q[tested] = adjust(p[tested], options.correction)
    side = np.where(seen.high, np.where(seen.surrounded, 0, 2), np.where(seen.surrounded, 3, 1))
    classes = [*CLUSTERS, TOO_FEW] if options.within else list(CLUSTERS)
    cluster = np.where(q <= options.fdr, side, classes.index("not significant"))
    cluster[~tested] = classes.index("no neighbours")
    if options.within:
        cluster[tails.few] = classes.index(TOO_FEW)
    error = monte_carlo_error(p, tails.draws, options.alternative)
    table = pd.DataFrame(
        {
            "statistic": _spread(laid, np.where(tested, seen.statistic, np.nan)),
            "expected": _spread(laid, np.where(tested, seen.expected, np.nan)),
            "p": _spread(laid, p),
            "q": _spread(laid, q),
            "quadrant": _classes(laid, np.where(tested, side, -1), -1, QUADRANTS),
            "cluster": _classes(laid, cluster, classes.index("no data"), classes, ordered=True),
            "monte_carlo_error": _spread(laid, error),
        },
        index=laid.index,
    )
    table.attrs["parameters"] = {**asdict(options), "tested": int(tested.sum())}
    notes = _notes(laid, tails, tested, options)
    return with_notes(table, (*laid.notes, *notes))


def _p_values(below: Floats, above: Floats, sign: Ints, alternative: Alternative) -> Floats:
    """Turn the tails of the neighbours' sum into p-values of the statistic."""
    greater, less = np.where(sign < 0, below, above), np.where(sign < 0, above, below)
    p = p_value(less, greater, alternative)
    return np.where((sign == 0) & ~np.isnan(p), 1.0, p)


def _spread(laid: Laid, column: Floats) -> Floats:
    """Put a column back on every area, NaN where there is no data."""
    full = np.full(len(laid.index), np.nan)
    full[laid.positions] = column
    return full


def _classes(
    laid: Laid, codes: Ints, missing: int, names: Sequence[str], *, ordered: bool = False
) -> pd.Series[str]:
    full = np.full(len(laid.index), missing)
    full[laid.positions] = codes
    classes = pd.Categorical.from_codes(
        full,
        dtype=pd.CategoricalDtype(list(names), ordered=ordered),
    )
    return pd.Series(classes, index=laid.index)


def _notes(laid: Laid, tails: Tails, tested: Bools, options: Options) -> list[Note]:
    notes = []
    alone = laid.index[laid.positions[~tested & ~tails.few]]
    if len(alone):
        notes.append(
            Note(
                "areas without neighbours",
                Text(
                    f"{counted(len(alone), 'area').sv} saknar grannar med uppgift och testas inte.",
                    f"{len(alone)} areas have no neighbours with data and are not tested.",
                ),
                tuple(str(code) for code in alone.sort_values()),
            )
        )
    if options.within and tails.few.any():
        notes.append(_too_few(laid, tails.few))
    drawn = tested & (tails.draws > 0)
    if drawn.any() and options.inference == "exact":
        notes.append(
            Note(
                "sampled in place of exact",
                Text(
                    f"För {counted(int(drawn.sum()), 'area').sv} "
                    f"är p skattat med slumpade grannskap, "
                    "eftersom statistikan där saknar en exakt väg.",
                    f"For {int(drawn.sum())} areas p comes from random neighbourhoods, "
                    "because the statistic has no exact way there.",
                ),
            )
        )
    if drawn.any():
        notes.extend(_reach(int(tested.sum()), options))
    return notes


def _too_few(laid: Laid, few: Bools) -> Note:
    groups = laid.group_names[np.unique(laid.group[few])]
    return Note(
        "too few areas to test",
        Text(
            f"{counted(len(groups), 'group').sv} "
            f"har för få områden för att något utfall ska kunna vara "
            f"ovanligt nog; deras {counted(int(few.sum()), 'area').sv} testas inte.",
            f"{len(groups)} groups have too few areas for any outcome to be rare enough; "
            f"their {int(few.sum())} areas are not tested.",
        ),
        tuple(str(name) for name in groups),
    )


def _reach(tests: int, options: Options) -> list[Note]:
    """Say when the draws are too few for a single area to be kept on its own."""
    alone = options.correction != "none"
    tests = tests if alone else 1
    burden = np.sum(1 / np.arange(1, tests + 1)) if options.correction == "by" else 1.0
    if smallest_p(options.permutations, options.alternative) * tests * burden <= options.fdr:
        return []
    needed = int(np.ceil(options.sides * tests * burden / options.fdr)) - 1
    return [
        Note(
            "too few permutations",
            Text(
                f"{_whole(options.permutations)} permutationer kan inte ge ett ensamt område "
                f"q ≤ {options.fdr:g} bland {_whole(tests)} test; det krävs {_whole(needed)}.",
                f"{_whole(options.permutations)} permutations cannot give a single area "
                f"q ≤ {options.fdr:g} among {_whole(tests)} tests; {_whole(needed)} would.",
            ),
        )
    ]


def _whole(number: int) -> str:
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")
