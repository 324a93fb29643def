"""What an attacker can bound of every hidden cell; knows nothing of how cells were protected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import linprog

from grannskap.errors import DataError

__all__ = ["Bounds", "attack", "widths"]

Floats = npt.NDArray[np.float64]

_TINY = 1e-6


@dataclass(frozen=True, eq=False)
class Bounds:
    """The least and the most that each cell can be over all that was published.

    Attributes
    ----------
    least, most : numpy.ndarray of float
        In the order of the cells; `most` is infinite where nothing limits it.
    """

    least: Floats
    most: Floats


def attack(
    relations: sparse.csr_array,
    lower: npt.ArrayLike,
    upper: npt.ArrayLike,
    *,
    of: npt.ArrayLike | None = None,
) -> Bounds:
    """Solve for the smallest and the largest value of every cell that is not known.

    Two linear programs for each hidden cell, over the sums that still hold a hidden cell, in
    parts that none of these joins. Counts are whole: the ends are taken to whole numbers.

    Parameters
    ----------
    relations : scipy.sparse.csr_array
        A row per sum and a column per cell; the row times the values is 0.
    lower, upper : array-like of float
        What was published of each cell, and what everybody knows of one that was not.
    of : array-like of bool, optional
        Which cells to bound; all of them unless given.

    Returns
    -------
    Bounds
        Those of a known cell are its value, those of one that is not asked for what was published.

    Raises
    ------
    DataError
        When no values fit what was published.

    Examples
    --------
    >>> total = sparse.csr_array([[1.0, 1.0, -1.0]])
    >>> found = attack(total, [1, 1, 9], [np.inf, np.inf, 9])
    >>> found.least.tolist(), found.most.tolist()
    ([1.0, 1.0, 9.0], [8.0, 8.0, 9.0])
    """
    least, most = np.array(lower, dtype=float), np.array(upper, dtype=float)
    unknown = np.flatnonzero(least < most)
    if not len(unknown):
        return Bounds(least, most)
    asked = np.ones(len(least), dtype=bool) if of is None else np.asarray(of, dtype=bool)
    known = np.where(least < most, 0.0, least)
    told = -(relations @ known)
    among = sparse.csr_array(relations[:, unknown])
    for rows, columns in _parts(among):
        cells = unknown[columns]
        if asked[cells].any():
            part = _Part(
                sparse.csr_array(among[rows][:, columns]), told[rows], least[cells], most[cells]
            )
            least[cells], most[cells] = _solved(part, np.flatnonzero(asked[cells]))
    return Bounds(least, most)


def widths(found: Bounds, own: npt.ArrayLike) -> Floats:
    """Return how wide a member of each cell, who knows `own` of it, can bound it.

    Examples
    --------
    >>> widths(Bounds(np.array([0.0]), np.array([6.0])), [1]).tolist()
    [5.0]
    """
    result: Floats = found.most - np.maximum(found.least, own)
    return result


def _parts(among: sparse.csr_array) -> list[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]]:
    """Split the unknown cells where no sum joins them."""
    count = among.shape[0]
    graph = sparse.block_array([[None, among], [among.T, None]], format="csr")
    number, label = sparse.csgraph.connected_components(graph, directed=False)
    order = np.argsort(label, kind="stable")
    split = np.split(order, np.searchsorted(label[order], np.arange(1, number)))
    both = [(one[one < count], one[one >= count] - count) for one in split]
    return [(rows, columns) for rows, columns in both if len(columns)]


@dataclass(frozen=True, eq=False)
class _Part:
    """Cells that sums join, and what is known of them."""

    sums: sparse.csr_array
    told: Floats
    lower: Floats
    upper: Floats

    def end(self, cell: int, sign: float) -> Floats | None:
        """Return the table in which a cell is least, or most; None where nothing limits it."""
        aim = np.zeros(len(self.lower))
        aim[cell] = sign
        limits = np.column_stack([self.lower, self.upper])
        found = linprog(aim, A_eq=self.sums, b_eq=self.told, bounds=limits, method="highs")
        if found.status == 3:
            return None
        if found.status != 0:
            raise DataError("no table fits what is published", {})
        table: Floats = found.x
        return table


def _solved(part: _Part, asked: npt.NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Narrow each cell that is asked for to what a linear program leaves of it.

    A cell that was met at its bound in the table of another needs no program of its own.
    """
    least, most = part.lower.copy(), part.upper.copy()
    met = np.stack([np.full(len(least), np.inf), np.full(len(least), -np.inf)])
    for ends, bound, sign in ((least, part.lower, 1.0), (most, part.upper, -1.0)):
        for cell in asked:
            if met[0][cell] <= bound[cell] if sign > 0 else met[1][cell] >= bound[cell]:
                continue
            table = part.end(int(cell), sign)
            if table is None:
                ends[cell] = -sign * np.inf
                continue
            met = np.stack([np.minimum(met[0], table), np.maximum(met[1], table)])
            ends[cell] = table[cell]
    return np.ceil(least - _TINY), np.floor(most + _TINY)
