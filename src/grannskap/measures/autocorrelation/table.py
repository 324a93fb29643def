"""The table that a local test returns, with what its reader must be told."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from grannskap.catalogue import CLUSTERS
from grannskap.measures.autocorrelation.correction import adjust
from grannskap.measures.autocorrelation.tails import Alternative, monte_carlo_error, p_value
from grannskap.measures.autocorrelation.telling import Told, told
from grannskap.notes import with_notes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grannskap.measures.autocorrelation.alignment import Laid
    from grannskap.measures.autocorrelation.arrays import Bools, Floats, Ints
    from grannskap.measures.autocorrelation.inference import Tails
    from grannskap.measures.autocorrelation.options import Options
    from grannskap.measures.autocorrelation.statistics import Seen

__all__ = ["QUADRANTS", "TOO_FEW", "tabulate"]

QUADRANTS = ("high-high", "low-low", "high-low", "low-high")
TOO_FEW = "too few areas"


def tabulate(laid: Laid, seen: Seen, tails: Tails, options: Options) -> pd.DataFrame:
    """Return a row per area, in the caller's order."""
    p = _p_values(tails.below, tails.above, seen.sign, options.alternative)
    flat = laid.constant[laid.group] & ~tails.few
    undefined = np.isnan(seen.statistic) & ~flat & ~tails.few & (laid.degrees > 0)
    p[undefined] = np.nan
    tested = ~np.isnan(p)
    q = np.full(len(p), np.nan)
    q[tested] = adjust(p[tested], options.correction)
    side = _sides(seen, tails, options.alternative)
    classes = [*CLUSTERS, TOO_FEW] if options.within else list(CLUSTERS)
    cluster = np.where(q <= options.fdr, side, classes.index("not significant"))
    cluster[laid.degrees == 0] = classes.index("no neighbours")
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
    bounded = tested & _counts_rarer(p, tails, options) & (tails.excess > 1)
    excess = np.where(bounded, tails.excess, 1.0)
    table.attrs["parameters"] = {
        **asdict(options),
        "tested": int(tested.sum()),
        "pairs": laid.pairs,
        "drawn": int((tested & (tails.draws > 0)).sum()),
        "bounded": int(bounded.sum()),
        "largest_excess": float(excess.max()),
    }
    notes = told(laid, Told(tested, flat, undefined, tails.few, tails.draws, excess), options)
    return with_notes(table, (*laid.notes, *notes))


def _sides(seen: Seen, tails: Tails, alternative: Alternative) -> Ints:
    """Return each area's quadrant: its own side of the mean, then its surroundings'.

    A statistic of squared differences has no side of its own. Where it is small, neighbours are
    alike and lie where the area does; where it is large, they lie above it or below it.
    """
    high, surrounded = seen.high, seen.surrounded
    if seen.squared:
        alike = tails.below <= tails.above if alternative == "two-sided" else alternative == "less"
        high = np.where(alike, seen.high, ~seen.surrounded)
        surrounded = np.where(alike, seen.high, seen.surrounded)
    return np.where(high, np.where(surrounded, 0, 2), np.where(surrounded, 3, 1))


def _counts_rarer(p: Floats, tails: Tails, options: Options) -> Bools:
    """Say whether p was made of the rarer tail, the one that may be a bound."""
    return p <= 1.001 * options.sides * np.minimum(tails.below, tails.above)


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
