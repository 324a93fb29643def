"""Overall statistics: is the variable clustered at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grannskap.errors import DataError
from grannskap.measures.autocorrelation.alignment import lay
from grannskap.measures.autocorrelation.forms import OverallStatistic, permute
from grannskap.measures.autocorrelation.options import check_options
from grannskap.measures.autocorrelation.tails import Alternative
from grannskap.measures.autocorrelation.varying import check_varies

if TYPE_CHECKING:
    import pandas as pd
    from libpysal.graph import Graph

    from grannskap.measures.autocorrelation.arrays import Floats
    from grannskap.notes import Note

__all__ = ["Overall", "overall"]


@dataclass(frozen=True)
class Overall:
    """An overall statistic with its inference.

    Attributes
    ----------
    statistic : str
        Which one.
    value, expected : float
        The statistic, and its mean over all arrangements of the values.
    p : float
        Pseudo-p in (0, 1].
    monte_carlo_error : float
        Standard error of `p` that sampling leaves.
    z : float
        Standard deviations of the simulated values between the statistic and their mean.
    alternative : str
        Which tails `p` counts.
    permutations, seed : int
        How `p` was made.
    areas, no_data, no_neighbours, links : int
        Areas with data, areas without, areas with data but no neighbour that has it, and links
        counted from each of their ends.
    tested, pairs : int
        Areas with data and at least one neighbour, and linked pairs, each once.
    simulated : array
        The statistic of every random arrangement: the reference distribution.
    notes : tuple of Note
        What was left out.
    """

    statistic: str
    value: float
    expected: float
    p: float
    monte_carlo_error: float
    z: float
    alternative: str
    permutations: int
    seed: int
    areas: int
    no_data: int
    no_neighbours: int
    links: int
    tested: int
    pairs: int
    simulated: Floats = field(repr=False, compare=False)
    notes: tuple[Note, ...] = ()


def overall(
    values: pd.Series,
    graph: Graph,
    *,
    statistic: OverallStatistic = "moran",
    permutations: int = 9999,
    seed: int = 0,
    alternative: Alternative = "two-sided",
) -> Overall:
    """Overall autocorrelation: a statistic (no unit) and its pseudo-p in (0, 1].

    The values change places over all areas. p is two-sided, twice the smaller tail, each tail
    counting what equals the seen statistic, and the seen arrangement itself.

    Parameters
    ----------
    values : pandas.Series
        A number per area; NaN is left out with its links.
    graph : libpysal.graph.Graph
        Who is next to whom, on the same areas in any order. Areas without neighbours count in the
        mean and the spread of the values, and in nothing else.
    statistic : {"moran", "geary", "g"}
        ``moran`` n/S₀ · Σ w z z / Σ z² (about −1/(n − 1) under the null, 1 at most); ``geary``
        (n − 1)/(2 S₀) · Σ w (x_i − x_j)² / Σ z² (about 1; less where neighbours are alike), both
        with weights that sum to 1 over each area's links; ``g`` the share of Σ x_i x_j that lies
        between neighbours (high where large values meet; for values of 0 or more).
    permutations : int
        Number of random arrangements.
    seed : int
        Makes them, the same for any order of rows.
    alternative : {"two-sided", "greater", "less"}
        Which tails of the statistic p counts.

    Returns
    -------
    Overall
        The statistic with its inference and the reference distribution.

    Raises
    ------
    DataError, CodeError, JoinError
        As `local`; also where no area has a neighbour.

    Notes
    -----
    Moran (1950), Geary (1954), Getis and Ord (1992); values equal to esda's.

    Examples
    --------
    >>> import pandas as pd
    >>> from libpysal.graph import Graph
    >>> codes = [f"9999A{i:04d}" for i in range(10)]
    >>> pairs = [(a, b) for a in codes for b in codes if abs(int(a[5:]) - int(b[5:])) == 1]
    >>> graph = Graph.from_arrays(*zip(*[(a, b, 1) for a, b in pairs]))
    >>> result = overall(pd.Series([9, 9, 8, 9, 7, 3, 1, 2, 1, 2], index=codes), graph)
    >>> round(result.value, 3), result.p < 0.01
    (0.887, True)
    """
    check_options(
        {"statistic": statistic, "alternative": alternative},
        level=0.05,
        permutations=permutations,
        seed=seed,
    )
    laid = lay((values,), graph)
    check_varies(laid.columns[0])
    if len(laid.neighbours) == 0:
        raise DataError(
            expected="areas with neighbours",
            came="none",
            remedy="use more distant neighbours, such as the nearest k",
        )
    outcome = permute(
        laid, statistic, permutations=permutations, seed=seed, alternative=alternative
    )
    return Overall(
        statistic=statistic,
        value=outcome.value,
        expected=outcome.expected,
        p=outcome.p,
        monte_carlo_error=outcome.monte_carlo_error,
        z=outcome.z,
        alternative=alternative,
        permutations=permutations,
        seed=seed,
        areas=len(laid.positions),
        no_data=len(values) - len(laid.positions),
        no_neighbours=int((laid.degrees == 0).sum()),
        links=len(laid.neighbours),
        tested=int((laid.degrees > 0).sum()),
        pairs=laid.pairs,
        simulated=outcome.simulated,
        notes=laid.notes,
    )
