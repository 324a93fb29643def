"""Which further cells to hide, so that no hidden cell can be bounded too closely.

A mixed-integer program chooses the cells; each cell that can still be bounded too closely gives a
cut to it, from the dual of the attacker's linear program (Fischetti and Salazar, *Management
Science* 47, 2001). A cut is what every safe pattern keeps, so that the program's bound is one of
the cheapest safe pattern, and the gap is stated.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from grannskap.disclosure.cells import Cells, blocks
from grannskap.errors import DataError

__all__ = ["Pattern", "suppress"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_TINY = 1e-7
_GAP = 1e-4
_FAR = 1e6


@dataclass(frozen=True, eq=False)
class Pattern:
    """Which cells are hidden, and how near the cheapest safe pattern that is.

    Attributes
    ----------
    hidden : numpy.ndarray of bool
        In the order of the cells.
    cost : float
        What hiding them costs, beyond those that were hidden from the outset.
    bound : float
        What every safe pattern costs at least.
    rounds : int
        How many times the program was solved.
    """

    hidden: Flags
    cost: float
    bound: float
    rounds: int

    @property
    def gap(self) -> float:
        """How much cheaper a safe pattern could be, as a share (0–1) of the cost."""
        return 0.0 if self.cost <= 0 else max(0.0, 1.0 - self.bound / self.cost)


@dataclass(frozen=True, eq=False)
class _Cut:
    """Coefficients of hidden cells that are together at least `needed`."""

    coefficients: Floats
    needed: float


def suppress(cells: Cells, *, seconds: float = 40.0) -> Pattern:
    """Hide further cells until every hidden one is bounded no closer than its width.

    Parameters
    ----------
    cells : Cells
        All linked tables at once.
    seconds : float
        How long to look for the cheapest pattern; then a safe one is taken, and its gap told.

    Returns
    -------
    Pattern
        Safe: checked by the attacker's program for every cell that asks for a width.

    Raises
    ------
    DataError
        When even with all hidden that may be hidden, a cell can be bounded too closely.
    """
    hidden, cost, bound, rounds = cells.hidden.copy(), 0.0, 0.0, 0
    ends = time.monotonic() + seconds
    parts = [one for one in blocks(cells.relations) if (cells.width[one[1]] > 0).any()]
    for number, (rows, columns) in enumerate(parts):
        left = max(1.0, (ends - time.monotonic()) / (len(parts) - number))
        found = _block(cells.part(rows, columns), time.monotonic() + left)
        hidden[columns] = found.hidden
        cost, bound, rounds = cost + found.cost, bound + found.bound, max(rounds, found.rounds)
    return Pattern(hidden, cost, bound, rounds)


def _block(cells: Cells, ends: float) -> Pattern:
    asked = np.flatnonzero(cells.hidden & (cells.width > 0))
    _refuse_unsafe(cells, asked)
    cuts: list[_Cut] = []
    hidden, bound, rounds = cells.hidden.copy(), 0.0, 0
    while True:
        rounds += 1
        new = _cuts(cells, hidden, asked)
        if not new:
            return Pattern(hidden, _cost(cells, hidden), min(bound, _cost(cells, hidden)), rounds)
        cuts += new
        if time.monotonic() > ends:
            hidden = _greedy(cells, new, hidden)
            continue
        hidden, least = _cheapest(cells, cuts, max(1.0, ends - time.monotonic()))
        bound = max(bound, least)


def _cost(cells: Cells, hidden: Flags) -> float:
    return float(cells.cost[hidden & ~cells.hidden].sum())


def _refuse_unsafe(cells: Cells, asked: npt.NDArray[np.intp]) -> None:
    """Refuse cells that nothing could protect: with all hidden, they are bounded too closely."""
    everything = cells.hidden | np.isfinite(cells.cost)
    short = [cut for cut in _cuts(cells, everything, asked) if cut.needed > 0]
    if short:
        raise DataError("no safe table", {"cells": len(short)})


def _cuts(cells: Cells, hidden: Flags, asked: npt.NDArray[np.intp]) -> list[_Cut]:
    """One cut for each cell that can be bounded too closely under a pattern."""
    free = np.flatnonzero(hidden | (cells.shown[0] < cells.shown[1]))
    among = sparse.csr_array(cells.relations[:, free])
    found = []
    seen = {"least": np.full(len(cells.value), np.inf), "most": np.full(len(cells.value), -np.inf)}
    for rows, columns in blocks(among):
        part = _Attacked(cells, hidden, free[columns], rows)
        for cell in np.intersect1d(asked, free[columns]):
            cut = part.cut(int(cell), seen)
            if cut is not None:
                found.append(cut)
    return found


@dataclass(frozen=True, eq=False)
class _Attacked:
    """The attacker's program on cells that sums join, under a pattern."""

    cells: Cells
    hidden: Flags
    free: npt.NDArray[np.intp]
    rows: npt.NDArray[np.intp]

    def cut(self, cell: int, seen: dict[str, Floats]) -> _Cut | None:
        """Return a cut where a cell can be bounded too closely; note the values met on the way."""
        cells = self.cells
        needed = cells.width[cell]
        down, up = seen["least"], seen["most"]
        own = max(cells.own[cell], cells.least[cell])
        if up[cell] - max(own, down[cell]) >= needed:
            return None
        one = self._end(cell, -1.0, own, seen)
        if up[cell] - max(own, down[cell]) >= needed - _TINY:
            return None
        other = self._end(cell, 1.0, own, seen)
        if up[cell] - max(own, down[cell]) >= needed - _TINY:
            return None
        return self._made(cell, own, one + other)

    def _end(self, cell: int, sign: float, own: float, seen: dict[str, Floats]) -> Floats:
        """Solve for one end of a cell; return the reduced costs of all cells, in pairs."""
        cells, free = self.cells, self.free
        low, high = self._limits(cell, own)
        aim = np.zeros(len(free))
        aim[np.searchsorted(free, cell)] = sign
        sums = sparse.csr_array(cells.relations[self.rows][:, free])
        moved = linprog(
            aim,
            A_eq=sums,
            b_eq=np.zeros(len(self.rows)),
            bounds=np.column_stack([low[free], high[free]]),
            method="highs",
        )
        if moved.status != 0:
            raise DataError("no table fits what is published", {})
        values = cells.value[free] + moved.x
        seen["least"][free] = np.minimum(seen["least"][free], values)
        seen["most"][free] = np.maximum(seen["most"][free], values)
        prices = -(cells.relations[self.rows].T @ moved.eqlin.marginals)
        prices[cell] += sign
        return np.stack([np.maximum(prices, 0.0), np.maximum(-prices, 0.0)])

    def _limits(self, cell: int, own: float) -> tuple[Floats, Floats]:
        """How far each cell may move from its value."""
        cells = self.cells
        low = np.where(self.hidden, cells.least, cells.shown[0]) - cells.value
        high = np.where(self.hidden, _FAR, cells.shown[1] - cells.value)
        low[cell] = min(0.0, own - cells.value[cell])
        return low, high

    def _made(self, cell: int, own: float, prices: Floats) -> _Cut:
        """Set a cut from the prices of moving each cell down and up."""
        cells = self.cells
        shown = np.vstack([cells.value - cells.shown[0], cells.shown[1] - cells.value])
        always = float((prices * shown).sum())
        down = np.maximum(cells.value - cells.least - shown[0], 0.0)
        down[cell] = max(0.0, cells.value[cell] - own)
        gain = prices[0] * down + np.where(prices[1] > _TINY, _FAR, 0.0)
        fixed = float(gain[cell])
        needed = cells.width[cell] - always - fixed
        gain[cell] = 0.0
        return _Cut(np.minimum(np.where(gain > _TINY, gain, 0.0), max(needed, 0.0)), needed)


def _cheapest(cells: Cells, cuts: list[_Cut], seconds: float) -> tuple[Flags, float]:
    """Return the cheapest pattern that keeps all cuts, and a bound of its cost."""
    may = np.flatnonzero(~cells.hidden & np.isfinite(cells.cost))
    rows = sparse.csr_array(np.array([cut.coefficients[may] for cut in cuts]))
    already = np.array([float(cut.coefficients[cells.hidden].sum()) for cut in cuts])
    needed = np.array([cut.needed for cut in cuts]) - already
    found = milp(
        cells.cost[may],
        constraints=LinearConstraint(rows, lb=needed),
        integrality=np.ones(len(may)),
        bounds=Bounds(0, 1),
        options={"time_limit": seconds, "mip_rel_gap": _GAP},
    )
    if found.x is None:
        if found.status == 2:
            raise DataError("no safe table", {"cells": len(cuts)})
        return _greedy(cells, cuts, cells.hidden), 0.0
    hidden = cells.hidden.copy()
    hidden[may[found.x > 0.5]] = True
    return hidden, float(found.mip_dual_bound or 0.0)


def _greedy(cells: Cells, cuts: list[_Cut], hidden: Flags) -> Flags:
    """Hide more, cheapest first for what it gives, until all cuts are kept."""
    chosen = hidden.copy()
    for cut in cuts:
        while float(cut.coefficients[chosen].sum()) < cut.needed - _TINY:
            worth = np.where(chosen, 0.0, cut.coefficients / np.maximum(cells.cost, _TINY))
            if worth.max() <= 0:
                raise DataError("no safe table", {"cells": 1})
            chosen[int(worth.argmax())] = True
    return chosen
