"""What became of each border between two years, where the change itself is tested."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.counts import Counts
from grannskap.measures.balance import conditional
from grannskap.measures.balance.conditional import Tables
from grannskap.measures.correction import answers
from grannskap.measures.frontiers.found import Sides

if TYPE_CHECKING:
    from grannskap.measures.correction import Correction

    Floats = npt.NDArray[np.float64]

__all__ = ["Year", "since"]

Year = tuple[Counts, Counts, Counts, pd.DataFrame]
"""Low, high and base of a year, and what `find` says of them."""


def since(
    then: Year,
    now: Year,
    *,
    alpha: float = 0.05,
    correction: Correction = "bh",
    dispersion: float = 0.0,
    alike: float = 1.0,
) -> pd.DataFrame:
    r"""Change of the difference across each border, and whether chance explains it.

    That a border is a frontier in one year and not in the other is no change by itself: what is
    tested is whether the ratio of the two sides' odds of being low is another now than then.

    Parameters
    ----------
    then, now : tuple
        Low, high and base by area (`Counts`), and what `find` says of them; of one division and
        the same borders.
    alpha, correction
        As for `find`; q is over all borders that both years know.
    dispersion : float
        Correlation of two households in one area and year: counts are divided by their variance
        over that of independent households (Rao and Scott 1992).
    alike : float
        As for `find`.

    Returns
    -------
    pandas.DataFrame
        In the order of the borders: ``first`` and ``second`` as they are now;
        ``difference_then`` and ``difference_now`` of the low shares, first less second;
        ``log2_change`` of the ratio of the two sides' odds, now to then; ``status_then``,
        ``status_now``; ``p`` and ``q``, the greatest that the possible counts allow, ``q_least``;
        ``became``, a key of `grannskap.catalogue.FRONTIER_CHANGES`: ``"opened"`` and ``"closed"``
        only where the change is beyond chance.

    Notes
    -----
    p is that of Zelen's exact test that two odds ratios are equal, two-sided: given the margins
    of both years and the number of low on the first side in both together, how these fall on the
    years does not depend on the odds. As for `balance.change`, years are taken as independent;
    those who live there in both years make chance smaller than that.

    References
    ----------
    Zelen, M. (1971). The analysis of several 2 × 2 contingency tables. *Biometrika* 58, 129–137.
    Rao, J. N. K. and Scott, A. J. (1992). A simple method for the analysis of clustered binary
    data. *Biometrics* 48, 577–585.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from grannskap.measures.frontiers import borders, find
    >>> row = gpd.GeoSeries([shapely.box(x, 0, x + 100, 100) for x in (0, 100)],
    ...                     index=["0114A0010", "0114A0020"], crs="EPSG:3006")
    >>> def year(low):
    ...     columns = pd.DataFrame({"low": low, "high": 9, "base": 200}, index=row.index)
    ...     counts = [Counts.known(columns[name]) for name in columns]
    ...     return *counts, find(*counts, borders(row))
    >>> since(year([30, 28]), year([90, 28]))["became"].tolist()
    ['opened']
    """
    before, after = then[3], now[3]
    pairs = after[["first", "second"]].to_numpy(dtype=object)
    sides = [Sides.of(*counts, pairs) for counts in (then[:3], now[:3])]
    corners = [_cells(one) for one in sides]
    greatest, least = _possible_p(corners[0], corners[1], dispersion, alike)
    tested = answers(greatest, least, alpha=alpha, correction=correction, beyond="frontier")
    shares = [_differences(one) for one in sides]
    odds = [_log2_odds(one) for one in sides]
    with np.errstate(invalid="ignore"):
        log2_change = odds[1] - odds[0]
    words = (before["status"].to_numpy(), after["status"].to_numpy())
    columns = {
        "first": pairs[:, 0],
        "second": pairs[:, 1],
        "difference_then": shares[0],
        "difference_now": shares[1],
        "log2_change": log2_change,
        "status_then": words[0],
        "status_now": words[1],
        **{name: tested[name] for name in ("p", "q", "q_least")},
        "became": _became(words, tested["status"], shares),
    }
    return pd.DataFrame(columns)


def _became(
    words: tuple[npt.NDArray[Any], npt.NDArray[Any]],
    tested: npt.NDArray[Any],
    shares: list[Floats],
) -> npt.NDArray[np.object_]:
    was, is_one = (one == "frontier" for one in words)
    wider = np.abs(shares[1]) > np.abs(shares[0])
    found = np.where(wider, "wider", "narrower").astype(object)
    found[~was & is_one & wider & (words[0] == "chance")] = "opened"
    found[was & ~is_one & ~wider & (words[1] == "chance")] = "closed"
    return np.where(tested == "frontier", found, tested)


def _differences(sides: Sides) -> Floats:
    one, other = (sides.at(side) for side in (0, 1))
    shares = [(side["low"].value / side["base"].value).to_numpy() for side in (one, other)]
    difference: Floats = shares[0] - shares[1]
    return difference


def _log2_odds(sides: Sides) -> Floats:
    """Return log2 of the ratio of odds, first to second."""
    with np.errstate(divide="ignore", invalid="ignore"):
        one, other = (
            np.log2(side["low"].value.to_numpy() / side["rest"].value.to_numpy())
            for side in (sides.at(0), sides.at(1))
        )
        ratio: Floats = one - other
    return ratio


Cells = tuple["Floats", "Floats", "Floats", "Floats"]


def _cells(sides: Sides) -> tuple[Cells, Cells]:
    """Low and rest of the first, low and rest of the second: where they differ least, and most."""
    one, other = sides.at(0), sides.at(1)
    least, most = (
        (one["low"].lower, one["rest"].upper, other["low"].upper, other["rest"].lower),
        (one["low"].upper, one["rest"].lower, other["low"].lower, other["rest"].upper),
    )
    return _arrays(least), _arrays(most)


def _arrays(cells: tuple[pd.Series[Any], ...]) -> Cells:
    a, b, c, d = (cell.to_numpy(dtype=float) for cell in cells)
    return a, b, c, d


def _possible_p(
    then: tuple[Cells, Cells], now: tuple[Cells, Cells], dispersion: float, alike: float
) -> tuple[Floats, Floats]:
    """Return the greatest and least p that possible counts give, NaN where any change may be.

    Each tail falls with more of four of the counts and rises with more of the others: as much or
    more is likeliest where the change is least, and as much or less where it is most.
    """
    corners = ((*now[0], *then[1]), (*now[1], *then[0]))
    sound = np.all([np.isfinite(cell) for corner in corners for cell in corner], axis=0)
    tails = np.full((2, 2, len(sound)), np.nan)
    for number, corner in enumerate(corners):
        cells = [_effective(corner, at, dispersion, alike)[sound] for at in range(8)]
        tables = Tables(*cells[:4]), Tables(*cells[4:])
        tails[number][:, sound] = conditional.tails_of_change(*tables)
    (above_least, below_least), (above_most, below_most) = tails
    greatest = np.minimum(1.0, 2 * np.minimum(above_least, below_most))
    least = np.minimum(1.0, 2 * np.minimum(above_most, below_least))
    return greatest, least


def _effective(
    corner: tuple[Floats, ...], at: int, dispersion: float, alike: float
) -> npt.NDArray[np.int64]:
    """Return a count as if of independent households, a whole number."""
    cell, whole = corner[at] / alike, (corner[at] + corner[at ^ 1]) / alike
    inflation = np.maximum(1.0, 1 + (whole - 1) * dispersion)
    counted = np.divide(cell, inflation, out=np.zeros_like(cell), where=np.isfinite(whole))
    return np.rint(counted).astype(np.int64)
