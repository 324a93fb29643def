"""A safe pattern, cell by cell: what must move for each that would be bounded too closely.

The cells that a linear program moves at the least cost are hidden, and what is hidden already
moves for next to nothing (Robertson, *Statistical Journal of the UN ECE* 10, 1993).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import linprog

from grannskap.disclosure.cells import Cells
from grannskap.errors import DataError

__all__ = ["safe"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_TINY = 1e-7
_NEXT_TO_NOTHING = 1e-4
_DEAR = 1e9


def safe(cells: Cells, asked: npt.NDArray[np.intp], hidden: Flags) -> Flags:
    """Hide more, until each cell that asks for a width has it.

    Parameters
    ----------
    cells : Cells
        That sums join.
    asked : numpy.ndarray of int
        The cells that do not have their width yet.
    hidden : numpy.ndarray of bool
        What is hidden already.

    Returns
    -------
    numpy.ndarray of bool
        What is hidden then.

    Raises
    ------
    DataError
        When even with all hidden that may be, a cell can be bounded too closely.
    """
    movable, chosen, short = _Movable.of_all(cells), hidden.copy(), 0
    least, most = cells.value.copy(), cells.value.copy()
    for cell in asked[np.argsort(cells.value[asked], kind="stable")]:
        own = max(cells.own[cell], cells.least[cell])
        if most[cell] - max(own, least[cell]) >= cells.width[cell] - _TINY:
            continue
        found = _moved(movable, int(cell), float(cells.width[cell]), chosen)
        short += not found
        for moved, unseen in found:
            chosen |= unseen
            least, most = np.minimum(least, moved), np.maximum(most, moved)
    if short:
        raise DataError("no safe table", {"cells": short})
    return chosen


def _moved(movable: _Movable, cell: int, width: float, hidden: Flags) -> list[_Move]:
    """Move a cell up by a width, or as far as it goes and down by what is left of it."""
    at_once = movable.by(cell, width, hidden)
    if at_once is not None:
        return [at_once]
    upwards = min(width, np.floor(movable.farthest(cell, width) + _TINY))
    up = movable.by(cell, upwards, hidden)
    if up is None:
        return []
    down = movable.by(cell, upwards - width, hidden | up[1])
    return [] if down is None else [up, down]


_Move = tuple[Floats, Flags]
"""The values after a move, and which cells it hides."""


@dataclass(frozen=True, eq=False)
class _Movable:
    """How cells may move: up and down, within what is shown of them and beyond.

    Attributes
    ----------
    cells : Cells
        Those that move.
    of : numpy.ndarray of int
        The cell of each way to move.
    sign : numpy.ndarray of float
        1 for a way up, -1 for a way down.
    limits : numpy.ndarray of float
        How far each way goes.
    hides : numpy.ndarray of bool
        Whether the cell must be hidden to go it.
    sums : scipy.sparse.csc_array
        What each way does to each sum.
    """

    cells: Cells
    of: npt.NDArray[np.intp]
    sign: Floats
    limits: Floats
    hides: Flags
    sums: sparse.csc_array

    @classmethod
    def of_all(cls, cells: Cells) -> _Movable:
        """Set out every way that a cell may move."""
        may = cells.hidden | np.isfinite(cells.cost)
        shown = np.stack([cells.shown[1] - cells.value, cells.value - cells.shown[0]])
        deep = np.maximum(cells.value - cells.least - shown[1], 0.0)
        beyond = np.where(may, np.stack([np.full(len(deep), np.inf), deep]), 0.0)
        limits = np.concatenate([beyond, shown])
        way, of = np.nonzero(limits > 0)
        sign = np.where(way % 2 == 0, 1.0, -1.0)
        among = sparse.csr_array(cells.relations[:, of])
        some = sparse.csr_array(among[np.flatnonzero(np.diff(among.indptr))])
        sums = sparse.csc_array(some * sign[None, :])
        return cls(cells, of, sign, limits[way, of], way < 2, sums)

    def by(self, cell: int, far: float, hidden: Flags) -> _Move | None:
        """Return the cheapest move of the others that lets a cell move so far, if there is one."""
        cost = np.where(hidden, _NEXT_TO_NOTHING, np.minimum(self.cells.cost, _DEAR))
        price = np.where(self.hides, cost[self.of] / max(abs(far), 1.0), 0.0)
        own = max(self.cells.own[cell], self.cells.least[cell])
        if far < 0 and self.cells.value[cell] + far < own - _TINY:
            return None
        found = self._solved(cell, far, far, price)
        if found is None:
            return None
        values, unseen = self.cells.value.copy(), np.zeros(len(hidden), dtype=bool)
        np.add.at(values, self.of, self.sign * found)
        unseen[self.of[self.hides & (found > _TINY)]] = True
        return values, unseen

    def farthest(self, cell: int, most: float) -> float:
        """Return how far up a cell can move, at most so far."""
        aim = np.where((self.of == cell) & self.hides & (self.sign > 0), -1.0, 0.0)
        found = self._solved(cell, 0.0, most, aim)
        return 0.0 if found is None else -float(aim @ found)

    def _solved(self, cell: int, least: float, most: float, price: Floats) -> Floats | None:
        """Solve with one cell moved by so much: up, or down where `most` is below zero."""
        lower, upper = np.zeros(len(self.of)), self.limits.copy()
        upper[self.of == cell] = 0.0
        way = (self.of == cell) & self.hides & (self.sign == (1.0 if most > 0 else -1.0))
        lower[way], upper[way] = abs(least), abs(most)
        found = linprog(
            price,
            A_eq=self.sums,
            b_eq=np.zeros(self.sums.shape[0]),
            bounds=np.column_stack([lower, upper]),
            method="highs",
        )
        return found.x if found.status == 0 else None
