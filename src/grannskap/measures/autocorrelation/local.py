"""Local statistics with their inference: a row per area."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grannskap.measures.autocorrelation.alignment import align, check_varies
from grannskap.measures.autocorrelation.inference import Inference, can_reach, infer
from grannskap.measures.autocorrelation.options import Options, check_other
from grannskap.measures.autocorrelation.statistics import LocalStatistic, observe
from grannskap.measures.autocorrelation.table import tabulate
from grannskap.measures.correction import Alternative, Correction

if TYPE_CHECKING:
    import pandas as pd
    from libpysal.graph import Graph
    from libpysal.weights import W

    from grannskap.measures.neighbours import Neighbours

__all__ = ["local"]


def local(
    values: pd.Series,
    graph: Neighbours | Graph | W,
    *,
    statistic: LocalStatistic = "moran",
    other: pd.Series | None = None,
    inference: Inference = "exact",
    permutations: int = 9999,
    most_permutations: int = 999_999,
    seed: int = 0,
    alpha: float = 0.05,
    correction: Correction = "bh",
    alternative: Alternative = "two-sided",
    within: pd.Series | None = None,
) -> pd.DataFrame:
    """Local autocorrelation: a statistic (no unit), its p and q in (0, 1], and a class, per area.

    Each area is held in place while the values of the others change places over the map: its
    neighbourhood is then a random set of as many other areas. p is two-sided, twice the smaller
    tail, each tail counting what equals the observed statistic.

    Parameters
    ----------
    values : pandas.Series
        A number per area; the index holds the areas that `graph` links, in any order. Areas
        whose value is NaN are left out with their links and get the class ``no data``.
    graph : Neighbours, libpysal.graph.Graph or libpysal.weights.W
        Who is next to whom. Weights are made to sum to 1 over each area's links. Links from an
        area to itself do not count. Areas without links get the class ``no neighbours``.
    statistic : {"moran", "bivariate_moran", "geary", "g", "g_star", "join_counts"}
        With z the standardised values, w the weights and lag the neighbours' weighted mean:
        ``moran`` (n − 1)/n · z · lag(z); ``bivariate_moran`` with the lag of `other`; ``geary``
        Σ w (z_i − z_j)²; ``g`` lag(x) over the sum of the other areas; ``g_star`` the same with
        the area itself among its neighbours; ``join_counts`` the neighbours that have 1, for
        areas that have 1.
    other : pandas.Series, optional
        The variable around, for ``bivariate_moran``.
    inference : {"exact", "sampled"}
        ``exact`` reads p from the whole null distribution, without chance; areas that have no
        exact way are sampled, and a note says so. ``sampled`` draws random neighbourhoods.
    permutations : int
        Number of random neighbourhoods where p is sampled.
    most_permutations : int
        How many an area may be given where `permutations` cannot show a q as small as `alpha`, and
        fewer than ten of them reached its rarer tail.
    seed : int
        Makes the draws, the same for any order of rows and number of threads.
    alpha : float
        Error rate that q is held against in `cluster`.
    correction : {"bh", "by", "bonferroni", "none"}
        How p becomes q (see `adjust`).
    alternative : {"two-sided", "greater", "less"}
        Which tails of the statistic p counts.
    within : pandas.Series, optional
        A group per area, for example its municipality: values are standardised and change places
        within the group only, and links between groups do not count. A group where no outcome
        could reach `alpha` (fewer than 9 areas at 0.05, two-sided) gets the class
        ``too few areas``.

    Returns
    -------
    pandas.DataFrame
        On the index of `values`: `statistic`; `expected`, its mean under the null; `p`; `q`;
        `quadrant`; `cluster`, the quadrant where q ≤ `alpha`; `monte_carlo_error`, the standard
        error of p that sampling leaves (0 where exact); `least_p`, the smallest p that the area
        could have got, whatever its neighbours. ``attrs["parameters"]`` and the notes
        (`grannskap.notes.of`) say how it was made and what was left out: among the parameters
        are the number of areas `tested`, which is the `family` that q is adjusted over; the linked
        `pairs` between areas with data; the areas whose p was `drawn`, with at most `most_drawn`
        draws; those whose p is a bound (`bounded`), at most `largest_excess` times the true one;
        and those whose null is `coarse`, whose attainable p the adjustment counts.

        `quadrant` is the area's own side of the mean and its surroundings'. With ``geary`` an
        area with a small statistic takes its own side for both, and one with a large statistic
        is ``low-high`` below its neighbours' mean, else ``high-low``.

    Raises
    ------
    DataError
        Values that are constant, infinite or no numbers; fewer than 3 areas; unknown options;
        weights that differ within an area's links, for ``join_counts``.
    CodeError, JoinError
        An area twice; areas that differ between values and graph.

    Notes
    -----
    Anselin (1995), Getis and Ord (1992), Ord and Getis (1995), Anselin and Li (2019). The error of
    exact p is described in ``docs/autocorrelation.md``: none on counts, on values of few decimals
    and in tails of few neighbourhoods, at most a tenth of p elsewhere, else draws or a bound with a
    note; p is never given below 2e-12.

    Examples
    --------
    >>> import pandas as pd
    >>> from libpysal.graph import Graph
    >>> codes = [f"9999A{i:04d}" for i in range(10)]
    >>> pairs = [(i, j) for i in range(10) for j in range(10) if 0 < abs(i - j) <= 2]
    >>> graph = Graph.from_arrays(*zip(*[(codes[i], codes[j], 1) for i, j in pairs]))
    >>> values = pd.Series([9, 9, 8, 9, 2, 3, 1, 2, 1, 2], index=codes)
    >>> local(values, graph, correction="none")["p"].round(3).tolist()[:3]
    [0.167, 0.024, 0.063]
    """
    options = Options(
        statistic=statistic,
        inference=inference,
        permutations=permutations,
        most_permutations=max(permutations, most_permutations),
        seed=seed,
        alpha=alpha,
        correction=correction,
        alternative=alternative,
        within=within is not None,
    )
    check_other(statistic, other)
    columns = (values,) if other is None else (values, other)
    aligned = align(columns, graph, within=within)
    for column in aligned.columns:
        check_varies(column)
    reach = [can_reach(int(size), alpha, options.sides) for size in aligned.sizes]
    large_enough = np.array(reach) if options.within else np.ones(1, dtype=bool)
    observed = observe(aligned, statistic)
    tails = infer(aligned, observed, options, large_enough)
    return tabulate(aligned, observed, tails, options)
