"""Cells that are linked by sums: what is protected, whatever tables it stands in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

__all__ = ["Cells", "blocks"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells of all tables at once, and every sum that holds between them.

    Attributes
    ----------
    value : numpy.ndarray of float
        The true values.
    relations : scipy.sparse.csr_array
        A row per sum, a column per cell; the row times the values is 0.
    least : numpy.ndarray of float
        The least that everybody knows a hidden cell to be.
    own : numpy.ndarray of float
        The least that a member of the cell knows it to be.
    width : numpy.ndarray of float
        How wide what a member can bound of it must be; 0 where nothing is asked.
    shown : numpy.ndarray of float, shape (2, cells)
        The least and the most of it that its showing tells: both the value unless rounded.
    cost : numpy.ndarray of float
        What it costs to hide it; infinite where it must be shown.
    hidden : numpy.ndarray of bool
        What is hidden from the outset: by a rule, or since no table holds it.
    """

    value: Floats
    relations: sparse.csr_array
    least: Floats
    own: Floats
    width: Floats
    shown: Floats
    cost: Floats
    hidden: Flags

    def part(self, rows: npt.NDArray[np.intp], columns: npt.NDArray[np.intp]) -> Cells:
        """Return some of the cells with some of the sums."""
        return Cells(
            self.value[columns],
            sparse.csr_array(self.relations[rows][:, columns]),
            self.least[columns],
            self.own[columns],
            self.width[columns],
            self.shown[:, columns],
            self.cost[columns],
            self.hidden[columns],
        )


def blocks(
    relations: sparse.csr_array,
) -> list[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]]:
    """Part cells into blocks that no sum joins: the rows and the columns of each."""
    count, size = relations.shape
    joined = sparse.block_array([[None, relations], [relations.T, None]], format="csr")
    _, label = sparse.csgraph.connected_components(joined, directed=False)
    order = np.argsort(label, kind="stable")
    cuts = np.flatnonzero(np.diff(label[order])) + 1
    found = [(part[part < count], part[part >= count] - count) for part in np.split(order, cuts)]
    return [(rows, columns) for rows, columns in found if len(columns)] if size else []
