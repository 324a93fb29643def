"""Which further cells to hide, so that no hidden cell can be bounded too closely.

A mixed-integer program chooses the cells; each cell that can still be bounded too closely gives a
cut to it, from the dual of the attacker's linear program (Fischetti and Salazar, *Management
Science* 47, 2001). A cut is what every safe pattern keeps, so that the program's bound is one of
the cheapest safe pattern, and the gap is stated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from grannskap.disclosure.cells import Cells, blocks
from grannskap.disclosure.moves import safe
from grannskap.errors import DataError

__all__ = ["Pattern", "suppress"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_TINY = 1e-7
_GAP = 1e-4
_NODES = 500
_LONGEST = 40
_FEWEST = 4
_WORK = 2_000_000
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
    """Coefficients of hidden cells that are together at least `needed`, lest a cell is told."""

    cell: int
    coefficients: Floats
    needed: float


def suppress(cells: Cells, *, rounds: int | None = None) -> Pattern:
    """Hide further cells until every hidden one is bounded no closer than its width.

    Parameters
    ----------
    cells : Cells
        All linked tables at once.
    rounds : int, optional
        How often the program is solved for each block that no sum joins to others, at most; the
        fewer, the larger the block, unless given. Work is counted, not seconds, so that the
        pattern is the same on every machine.

    Returns
    -------
    Pattern
        Safe: for every cell that asks for a width, tables have been found that far apart.

    Raises
    ------
    DataError
        When even with all hidden that may be hidden, a cell can be bounded too closely.
    """
    hidden, cost, bound, most = cells.hidden.copy(), 0.0, 0.0, 0
    for rows, columns in blocks(cells.relations):
        part = cells.part(rows, columns)
        asked = np.flatnonzero(part.hidden & (part.width > 0))
        if not len(asked):
            continue
        limit = max(_FEWEST, _WORK // (len(asked) * len(columns))) if rounds is None else rounds
        found = _block(part, asked, limit)
        hidden[columns] = found.hidden
        cost, bound, most = cost + found.cost, bound + found.bound, max(most, found.rounds)
    return Pattern(hidden, cost, bound, most)


def _block(cells: Cells, asked: npt.NDArray[np.intp], rounds: int) -> Pattern:
    """Let the program choose, until its pattern is safe or a last one must be made so."""
    hidden, company = cells.hidden, _company(cells)
    bound, cuts = 0.0, list[_Cut]()
    for number in range(rounds + 1):
        new = _cuts(cells, hidden, asked)
        if not new or number == rounds:
            break
        cuts += new
        hidden, least = _cheapest(cells, cuts, company)
        bound = max(bound, least)
    unsafe = np.array([cut.cell for cut in new], dtype=np.intp)
    best = safe(cells, unsafe, hidden)
    return Pattern(best, _cost(cells, best), min(bound, _cost(cells, best)), number)


def _company(cells: Cells) -> LinearConstraint:
    """Say that no cell is hidden alone in a sum: whoever has the others would have it too.

    A cheapest pattern keeps that, since showing such a cell would tell nobody more.
    """
    may = np.flatnonzero(~cells.hidden & np.isfinite(cells.cost))
    place = np.full(len(cells.value), -1)
    place[may] = np.arange(len(may))
    unseen = cells.hidden | (cells.shown[0] < cells.shown[1])
    rows, columns, values, least = list[int](), list[int](), list[float](), list[float]()
    for row in range(cells.relations.shape[0]):
        start, end = cells.relations.indptr[row : row + 2]
        held = cells.relations.indices[start:end]
        free, among = int(unseen[held].sum()), place[held][place[held] >= 0]
        idle = bool((unseen[held] & (cells.width[held] <= 0)).any())
        if free > 1 or idle or len(among) > _LONGEST:
            continue
        for alone in [-1] if free else among.tolist():
            rows += [len(least)] * len(among)
            columns += among.tolist()
            values += np.where(among == alone, -1.0, 1.0).tolist()
            least.append(float(free))
    shape = (len(least), len(may))
    return LinearConstraint(sparse.csr_array((values, (rows, columns)), shape=shape), lb=least)


def _cost(cells: Cells, hidden: Flags) -> float:
    return float(cells.cost[hidden & ~cells.hidden].sum())


def _cuts(cells: Cells, hidden: Flags, asked: npt.NDArray[np.intp]) -> list[_Cut]:
    """One cut for each cell that can be bounded too closely under a pattern."""
    free = np.flatnonzero(hidden | (cells.shown[0] < cells.shown[1]))
    among = sparse.csr_array(cells.relations[:, free])
    found: list[_Cut] = []
    seen = {"least": np.full(len(cells.value), np.inf), "most": np.full(len(cells.value), -np.inf)}
    for rows, columns in blocks(among):
        sums = sparse.csr_array(among[rows][:, columns])
        part = _Attacked(cells, hidden, free[columns], sums, cells.relations[rows].T.tocsr())
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
    sums: sparse.csr_array
    priced: sparse.csr_array

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
        moved = linprog(
            aim,
            A_eq=self.sums,
            b_eq=np.zeros(self.sums.shape[0]),
            bounds=np.column_stack([low[free], high[free]]),
            method="highs",
        )
        if moved.status != 0:
            raise DataError("no table fits what is published", {})
        values = cells.value[free] + moved.x
        seen["least"][free] = np.minimum(seen["least"][free], values)
        seen["most"][free] = np.maximum(seen["most"][free], values)
        prices = -(self.priced @ moved.eqlin.marginals)
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
        return _Cut(cell, np.minimum(np.where(gain > _TINY, gain, 0.0), max(needed, 0.0)), needed)


def _cheapest(cells: Cells, cuts: list[_Cut], company: LinearConstraint) -> tuple[Flags, float]:
    """Return the cheapest pattern that keeps all cuts, and a bound of its cost."""
    may = np.flatnonzero(~cells.hidden & np.isfinite(cells.cost))
    rows = sparse.vstack([sparse.csr_array(cut.coefficients[None, may]) for cut in cuts])
    already = np.array([float(cut.coefficients[cells.hidden].sum()) for cut in cuts])
    needed = np.array([cut.needed for cut in cuts]) - already
    if not len(may):
        raise DataError("no safe table", {"cells": len({cut.cell for cut in cuts})})
    found = milp(
        cells.cost[may],
        constraints=[LinearConstraint(rows, lb=needed), company],
        integrality=np.ones(len(may)),
        bounds=Bounds(0, 1),
        options={"node_limit": _NODES, "mip_rel_gap": _GAP},
    )
    if found.status == 2:
        raise DataError("no safe table", {"cells": len({cut.cell for cut in cuts})})
    hidden = cells.hidden.copy()
    if found.x is not None:
        hidden[may[found.x > 0.5]] = True
    return hidden, float(found.mip_dual_bound or 0.0)
