"""The table that a local test returns, with what its reader must be told."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from grannskap.catalogue import CLUSTERS
from grannskap.measures.autocorrelation.inference import steps
from grannskap.measures.autocorrelation.null.attainable import LISTED
from grannskap.measures.correction import (
    SLACK,
    Alternative,
    adjusted,
    monte_carlo_error,
    p_value,
)
from grannskap.notes import Note, with_notes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grannskap.measures.autocorrelation.alignment import Aligned, Bools, Floats, Ints
    from grannskap.measures.autocorrelation.inference import Tails
    from grannskap.measures.autocorrelation.options import Options
    from grannskap.measures.autocorrelation.statistics import Observed

__all__ = ["QUADRANTS", "TOO_FEW", "tabulate"]

QUADRANTS = ("high-high", "low-low", "high-low", "low-high")
TOO_FEW = "too few areas"

COARSE = 0.05
"""A null is coarse where its rarest outcome, alone in the family, would not come to q ≤ this."""


@dataclass(frozen=True)
class _Fates:
    """What became of each area that has data.

    Attributes
    ----------
    tested : array of bool
        Whether it has a p.
    flat, undefined, few : arrays of bool
        Whether it has none because its group is constant, because it has no statistic, or because
        its group is too small.
    excess : array
        How many times the true p it may be where it is a bound; else 1.
    drawn : array of bool
        Whether p comes from draws.
    asked : array of int
        Draws that were made for it.
    coarse : array of bool
        Whether its null takes so few chances that they are counted in q.
    """

    tested: Bools
    flat: Bools
    undefined: Bools
    few: Bools
    excess: Floats
    drawn: Bools
    asked: Ints
    coarse: Bools


def tabulate(aligned: Aligned, observed: Observed, tails: Tails, options: Options) -> pd.DataFrame:
    """Return a row per area, in the caller's order."""
    p = _of_statistic(tails.chance, observed.sign, options.alternative)
    least = _of_statistic(tails.least, observed.sign, options.alternative)
    fates = _fates(aligned, observed, tails, options, p=p, least=least)
    q = adjusted(p, options.correction, _rarity(aligned, observed, fates, options))
    side = _sides(observed, tails, options.alternative)
    classes = [*CLUSTERS, TOO_FEW] if options.within else list(CLUSTERS)
    cluster = np.where(q <= options.alpha, side, classes.index("not significant"))
    cluster[aligned.degrees == 0] = classes.index("no neighbours")
    if options.within:
        cluster[tails.few] = classes.index(TOO_FEW)
    error = monte_carlo_error(p, tails.draws, options.alternative)
    tested = fates.tested
    table = pd.DataFrame(
        {
            "statistic": _spread(aligned, np.where(tested, observed.statistic, np.nan)),
            "expected": _spread(aligned, np.where(tested, observed.expected, np.nan)),
            "p": _spread(aligned, p),
            "q": _spread(aligned, q),
            "quadrant": _classes(aligned, np.where(tested, side, -1), -1, QUADRANTS),
            "cluster": _classes(aligned, cluster, classes.index("no data"), classes, ordered=True),
            "monte_carlo_error": _spread(aligned, error),
            "least_p": _spread(aligned, least),
        },
        index=aligned.index,
    )
    table.attrs["parameters"] = asdict(options) | _counts(aligned, fates)
    return with_notes(table, (*aligned.notes, *_notes(aligned, fates, options)))


def _fates(
    aligned: Aligned,
    observed: Observed,
    tails: Tails,
    options: Options,
    *,
    p: Floats,
    least: Floats,
) -> _Fates:
    """Say what became of each area that has data."""
    tested = ~np.isnan(p)
    flat = aligned.constant[aligned.group] & ~tails.few
    drawn = tested & (tails.draws > 0)
    coarse = tested & ~drawn & (least * tested.sum() > COARSE)
    return _Fates(
        tested=tested,
        flat=flat,
        undefined=np.isnan(observed.statistic) & ~flat & ~tails.few & (aligned.degrees > 0),
        few=tails.few,
        excess=np.where(tested, _excess(tails, observed.sign, options.alternative), 1.0),
        drawn=drawn,
        asked=tails.asked,
        coarse=coarse,
    )


def _counts(aligned: Aligned, fates: _Fates) -> dict[str, int | float]:
    """Return what a sentence about the test counts."""
    return {
        "tested": int(fates.tested.sum()),
        "family": int(fates.tested.sum()),
        "pairs": aligned.pairs,
        "drawn": int(fates.drawn.sum()),
        "most_drawn": int(fates.asked.max(initial=0)),
        "bounded": int((fates.excess > 1).sum()),
        "largest_excess": float(fates.excess.max(initial=1.0)),
        "coarse": int(fates.coarse.sum()),
    }


@dataclass(frozen=True)
class _Rarity:
    """How many of the tested areas would have a p at or below a value, were all null.

    Attributes
    ----------
    areas : int
        All of them: where tails are not listed, their p counts as if it could be anything.
    even : int
        Areas whose p can be anything: F(t) = t.
    arrangements : array
        For the areas of which no more is known than how many arrangements are as likely: those.
    at, reached : arrays
        For the areas whose attainable p are listed: these in order, and the number expected at
        or below each.
    sides : int
        Tails that p counts.
    """

    areas: int
    even: int
    arrangements: Floats
    at: Floats
    reached: Floats
    sides: int

    def expected(self, t: Floats) -> Floats:
        """Return the sum of F over the areas."""
        total = self.even * t
        for arrangements, areas in zip(
            *np.unique(self.arrangements, return_counts=True), strict=True
        ):
            whole = np.floor(t / self.sides * arrangements * (1 + SLACK))
            total = total + areas * np.minimum(self.sides * whole / arrangements, 1.0)
        listed: Floats = self.reached[np.searchsorted(self.at, t * (1 + SLACK), side="right")]
        return np.where(t <= self.sides * LISTED, total + listed, self.areas * t)


def _rarity(
    aligned: Aligned, observed: Observed, fates: _Fates, options: Options
) -> _Rarity | None:
    """Return what is expected of the family, or None where no null is coarse."""
    if not fates.coarse.any() or options.correction == "none":
        return None
    fixed = observed.sign == 0  # whatever the neighbours, p is 1
    attainable, listed, arrangements = steps(aligned, observed, fates.coarse & ~fixed)
    rising = observed.sign[attainable.row] > 0
    counted = np.ones(len(rising), dtype=bool)
    if options.alternative != "two-sided":
        counted = attainable.upper == (rising == (options.alternative == "greater"))
    at = options.sides * attainable.tail[counted]
    order = np.argsort(at, kind="stable")
    return _Rarity(
        areas=int(fates.tested.sum()),
        even=int((fates.tested & ~fates.coarse).sum()),
        arrangements=arrangements[fates.coarse & ~fixed & ~listed],
        at=at[order],
        reached=np.concatenate([[0.0], np.cumsum(attainable.mass[counted][order])]),
        sides=options.sides,
    )


def _sides(observed: Observed, tails: Tails, alternative: Alternative) -> Ints:
    """Return each area's quadrant: its own side of the mean, then its surroundings'.

    A statistic of squared differences has no side of its own. Where it is small, neighbours are
    alike and lie where the area does; where it is large, they lie above it or below it.
    """
    high, surrounded = observed.high, observed.surrounded
    if observed.squared:
        below, above = tails.chance
        alike = below <= above if alternative == "two-sided" else alternative == "less"
        high = np.where(alike, observed.high, ~observed.surrounded)
        surrounded = np.where(alike, observed.high, observed.surrounded)
    return np.where(high, np.where(surrounded, 0, 2), np.where(surrounded, 3, 1))


def _of_statistic(chance: Floats, sign: Ints, alternative: Alternative) -> Floats:
    """Turn tails of the neighbours' sum into p-values of the statistic."""
    below, above = chance
    greater, less = np.where(sign < 0, below, above), np.where(sign < 0, above, below)
    p = p_value(less, greater, alternative)
    return np.where((sign == 0) & ~np.isnan(p), 1.0, p)


def _excess(tails: Tails, sign: Ints, alternative: Alternative) -> Floats:
    """Return how many times the true p each may be: what holds for the tail it was made of."""
    upper = tails.chance[1] < tails.chance[0]
    if alternative != "two-sided":
        upper = (sign < 0) != (alternative == "greater")
    excess: Floats = np.where(upper, tails.excess[1], tails.excess[0])
    return np.where(sign == 0, 1.0, excess)


def _spread(aligned: Aligned, column: Floats) -> Floats:
    """Put a column back on every area, NaN where there is no data."""
    full = np.full(len(aligned.index), np.nan)
    full[aligned.positions] = column
    return full


def _classes(
    aligned: Aligned, codes: Ints, missing: int, names: Sequence[str], *, ordered: bool = False
) -> pd.Series[str]:
    full = np.full(len(aligned.index), missing)
    full[aligned.positions] = codes
    classes = pd.Categorical.from_codes(
        full,
        dtype=pd.CategoricalDtype(list(names), ordered=ordered),
    )
    return pd.Series(classes, index=aligned.index)


def _notes(aligned: Aligned, fates: _Fates, options: Options) -> list[Note]:
    """Return the notes of a local test."""
    found = []
    alone = (aligned.degrees == 0) & ~fates.few
    if alone.any():
        found.append(_alone(aligned, alone))
    if fates.few.any():
        found.append(_too_few(aligned, fates.few))
    if fates.flat.any():
        found.append(_flat(aligned, fates.flat))
    if fates.undefined.any():
        found.append(_undefined(aligned, fates.undefined, options))
    if (fates.excess > 1).any():
        found.append(_bounded(aligned, fates.excess))
    if fates.coarse.any() and options.correction != "none":
        found.append(_coarse(int(fates.coarse.sum()), int(fates.tested.sum())))
    if fates.drawn.any() and options.inference == "exact":
        found.append(_drawn(int(fates.drawn.sum())))
    if fates.drawn.any():
        found.extend(_again(fates, options))
        found.extend(_reach(fates, options))
    return found


def _named(aligned: Aligned, chosen: Bools) -> tuple[str, ...]:
    return tuple(str(code) for code in aligned.index[aligned.positions[chosen]].sort_values())


def _alone(aligned: Aligned, alone: Bools) -> Note:
    count = int(alone.sum())
    return Note(
        "areas without neighbours",
        {"areas": count, "of": "test"},
        _named(aligned, alone),
    )


def _flat(aligned: Aligned, flat: Bools) -> Note:
    groups = aligned.group_names[np.unique(aligned.group[flat])]
    return Note(
        "constant groups",
        {"groups": len(groups), "areas": int(flat.sum())},
        tuple(str(name) for name in groups),
    )


def _undefined(aligned: Aligned, undefined: Bools, options: Options) -> Note:
    count = int(undefined.sum())
    if options.statistic == "join_counts":
        return Note(
            "areas without the property",
            {"areas": count},
        )
    return Note(
        "statistic not defined",
        {"areas": count},
        _named(aligned, undefined),
    )


def _bounded(aligned: Aligned, excess: Floats) -> Note:
    count, most = int((excess > 1).sum()), float(np.ceil(excess.max() * 10) / 10)
    return Note(
        "p is a bound",
        {"areas": count, "most": most},
        _named(aligned, excess > 1),
    )


def _drawn(count: int) -> Note:
    return Note(
        "sampled in place of exact",
        {"areas": count},
    )


def _too_few(aligned: Aligned, few: Bools) -> Note:
    groups = aligned.group_names[np.unique(aligned.group[few])]
    return Note(
        "too few areas to test",
        {"groups": len(groups), "areas": int(few.sum())},
        tuple(str(name) for name in groups),
    )


def _coarse(count: int, tests: int) -> Note:
    return Note(
        "coarse nulls",
        {"areas": count, "tests": tests},
    )


def _again(fates: _Fates, options: Options) -> list[Note]:
    """Say which areas were given more draws than were asked for."""
    more = fates.drawn & (fates.asked > options.permutations)
    if not more.any():
        return []
    count, most = int(more.sum()), int(fates.asked.max())
    return [
        Note(
            "more draws",
            {"areas": count, "draws": most, "asked": options.permutations},
        )
    ]


def _reach(fates: _Fates, options: Options) -> list[Note]:
    """Say when the draws are too few for a single area to be kept on its own."""
    family = int(fates.tested.sum())
    tests = 1 if options.correction == "none" else family
    needed, made = options.needed_draws(family), options.enough_draws(family)
    if made >= needed:
        return []
    return [
        Note(
            "too few permutations",
            {"made": made, "alpha": options.alpha, "tests": tests, "needed": needed},
        )
    ]
