"""Values aligned with a graph by label: what can be tested, in an order of its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from grannskap.errors import CodeError, DataError, JoinError
from grannskap.measures.neighbours import Neighbours, take
from grannskap.notes import Note
from grannskap.wording import in_both

if TYPE_CHECKING:
    from libpysal.graph import Graph
    from libpysal.weights import W

__all__ = [
    "Aligned",
    "Bools",
    "Floats",
    "Ints",
    "Seed",
    "align",
    "check_series",
    "check_varies",
    "is_constant",
    "numbers",
    "totals",
]

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.signedinteger]
Bools: TypeAlias = NDArray[np.bool_]
Seed: TypeAlias = int | tuple[int, ...]


@dataclass(frozen=True)
class Aligned:
    """Values and links of the areas that have data, sorted by group and label.

    Attributes
    ----------
    index : pandas.Index
        Every area, in the caller's order.
    positions : array of int
        Where each area with data stands in `index`; sorted by group and label, so that a seed
        makes the same numbers for any order of rows, and a group is a block.
    columns : tuple of arrays
        Each variable's values at `positions`.
    group : array of int
        Number of the group that each area is tested in.
    group_names : pandas.Index
        The groups' names.
    starts, neighbours, weights : arrays
        The links in compressed rows, without self-links, weights as given.
    notes : tuple of Note
        What was left out.
    """

    index: pd.Index
    positions: Ints
    columns: tuple[Floats, ...]
    group: Ints
    group_names: pd.Index
    starts: Ints
    neighbours: Ints
    weights: Floats
    notes: tuple[Note, ...]

    @property
    def degrees(self) -> Ints:
        """Number of neighbours with data, per area."""
        return np.diff(self.starts)

    def block(self, part: slice) -> Aligned:
        """Return one group, which `part` spans, by itself."""
        links = slice(self.starts[part.start], self.starts[part.stop])
        return Aligned(
            index=self.index,
            positions=self.positions[part],
            columns=tuple(column[part] for column in self.columns),
            group=np.zeros(part.stop - part.start, dtype=np.int64),
            group_names=self.group_names[:1],
            starts=self.starts[part.start : part.stop + 1] - self.starts[part.start],
            neighbours=self.neighbours[links] - part.start,
            weights=self.weights[links],
            notes=self.notes,
        )

    @cached_property
    def sizes(self) -> Ints:
        """Number of areas with data, per group."""
        return np.bincount(self.group, minlength=len(self.group_names))

    @cached_property
    def pairs(self) -> int:
        """Number of linked pairs, each once in whichever direction it is linked."""
        low, high = np.minimum(self.heads, self.neighbours), np.maximum(self.heads, self.neighbours)
        both = np.sort(low * len(self.positions) + high)
        return int((np.diff(both, prepend=-1) > 0).sum())

    @cached_property
    def constant(self) -> Bools:
        """Whether some variable has one value only, per group."""
        ends = np.cumsum(self.sizes)
        parts = [slice(end - size, end) for size, end in zip(self.sizes, ends, strict=True)]
        return np.array([any(is_constant(x[part]) for x in self.columns) for part in parts])

    @cached_property
    def heads(self) -> Ints:
        """The area each link starts from."""
        return np.repeat(np.arange(len(self.positions)), self.degrees)

    @cached_property
    def equal(self) -> bool:
        """Whether each area's links all weigh the same."""
        first = self.weights[np.minimum(self.starts[self.heads], len(self.weights) - 1)]
        return bool(np.allclose(self.weights, first, rtol=1e-12, atol=0))

    @cached_property
    def shares(self) -> Floats:
        """The weights, made to sum to 1 over each area's links."""
        total = totals(self.heads, self.weights, len(self.positions))
        return self.weights / total[self.heads]

    def lag(self, x: Floats) -> Floats:
        """Return the weighted mean over each area's neighbours; 0 where there are none."""
        return totals(self.heads, self.shares * x[self.neighbours], len(x))

    def largest_weight(self) -> Floats:
        """Return each area's largest share of its own weights; 0 where there are none."""
        largest = np.zeros(len(self.positions))
        np.maximum.at(largest, self.heads, self.shares)
        return largest


def align(
    columns: tuple[pd.Series, ...],
    graph: Neighbours | Graph | W,
    *,
    within: pd.Series | None = None,
) -> Aligned:
    """Match values and graph by label; drop what has no data, and say so."""
    for column in columns:
        check_series(column)
    index = columns[0].index
    arrays = tuple(numbers(column, index) for column in columns)
    groups, group_names = _groups(within, index)
    order = np.asarray(index.argsort(), dtype=np.int64)
    order = order[np.argsort(groups[order], kind="stable")]
    known = np.logical_and.reduce([~np.isnan(array[order]) for array in arrays])
    known &= groups[order] >= 0
    positions = order[known]
    if len(positions) < 3:
        raise DataError("fewer than three areas with data", {"count": len(positions)})
    place = np.full(len(index), -1, dtype=np.int64)
    place[positions] = np.arange(len(positions))
    heads, tails, weights = _links(take(graph), index)
    heads, tails = place[heads], place[tails]
    group = groups[positions]
    kept = (heads >= 0) & (tails >= 0) & (heads != tails) & (weights != 0)
    loops = int(((heads == tails) & (heads >= 0) & (weights != 0)).sum())
    kept[kept] = group[heads[kept]] == group[tails[kept]]
    starts, neighbours, weights = _rows(heads[kept], tails[kept], weights[kept], len(positions))
    return Aligned(
        index=index,
        positions=positions,
        columns=tuple(array[positions] for array in arrays),
        group=group,
        group_names=group_names,
        starts=starts,
        neighbours=neighbours,
        weights=weights,
        notes=_left_out(index, order[~known], loops),
    )


def numbers(values: pd.Series, index: pd.Index) -> Floats:
    """Return the values as floats in the order of `index`; NaN is missing, infinity refused."""
    check_series(values)
    _check_labels(values.index)
    numeric, imaginary = pd.api.types.is_numeric_dtype, pd.api.types.is_complex_dtype
    if not numeric(values.dtype) or imaginary(values.dtype):
        raise DataError("values that are no numbers", {"type": str(values.dtype)})
    if values.index is not index and not values.index.equals(index):
        _same_labels(values.index, index, "errors.phrases.the other variable")
        values = values.reindex(index)
    array = values.to_numpy(dtype=np.float64, na_value=np.nan)
    infinite = np.isinf(array)
    if infinite.any():
        raise DataError("infinite values", {"codes": list(index[infinite])})
    return array


def check_series(values: object, what: str = "errors.phrases.values of areas") -> None:
    """Refuse what has no labels: values meet the graph by them, never by position."""
    if not isinstance(values, pd.Series):
        raise DataError(
            "no series of areas",
            {"what": in_both(what), "kind": f"{type(values).__module__}.{type(values).__name__}"},
        )


def _check_labels(index: pd.Index) -> None:
    if not index.is_unique:
        raise CodeError(
            "several values of an area", {"codes": list(index[index.duplicated()].unique())}
        )


def _same_labels(came: pd.Index, expected: pd.Index, what: str) -> None:
    strange, absent = came.difference(expected), expected.difference(came)
    if len(strange) or len(absent):
        parts = [
            in_both(key, {"count": len(codes), "codes": list(codes)})
            for codes, key in (
                (strange, "errors.phrases.more areas"),
                (absent, "errors.phrases.fewer areas"),
            )
            if len(codes)
        ]
        both = in_both("errors.phrases.both", {"first": parts[0], "second": parts[-1]})
        raise JoinError(
            "areas that differ from the values",
            {"what": in_both(what), "parts": both if len(parts) > 1 else parts[0]},
        )


def _groups(within: pd.Series | None, index: pd.Index) -> tuple[Ints, pd.Index]:
    """Return each area's group number (−1 where it has none) and the groups' names."""
    if within is None:
        return np.zeros(len(index), dtype=np.int64), pd.Index(["all"])
    check_series(within, "errors.phrases.groups")
    _check_labels(within.index)
    if not within.index.equals(index):
        _same_labels(within.index, index, "errors.phrases.within")
        within = within.reindex(index)
    codes, names = pd.factorize(within, sort=True)
    return codes.astype(np.int64), pd.Index(names)


def _links(graph: Neighbours, index: pd.Index) -> tuple[Ints, Ints, Floats]:
    """Return the graph's links as positions in `index`, with their weights."""
    adjacency = graph.adjacency
    by_number = cast("pd.MultiIndex", adjacency.index)
    ends = []
    for level in (0, 1):
        labels = by_number.levels[level]
        codes = np.asarray(by_number.codes[level], dtype=np.int64)
        used = np.zeros(len(labels), dtype=bool)
        used[codes] = True
        if level == 0:
            _check_nodes(labels[used], index)
        ends.append(index.get_indexer(labels)[codes])
    weights = adjacency.to_numpy(dtype=np.float64)
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise DataError("weights out of range")
    return ends[0], ends[1], weights


def _check_nodes(labels: pd.Index, index: pd.Index) -> None:
    if len(labels) != len(index) or (index.get_indexer(labels) < 0).any():
        _same_labels(labels, index, "errors.phrases.the graph")


def _rows(heads: Ints, tails: Ints, weights: Floats, n: int) -> tuple[Ints, Ints, Floats]:
    """Sort the links into compressed rows."""
    key = heads * n + tails
    if (np.diff(key) <= 0).any():
        order = np.argsort(key, kind="stable")
        key, tails, weights = key[order], tails[order], weights[order]
        if (np.diff(key) == 0).any():
            raise DataError("links twice")
        heads = heads[order]
    starts = np.concatenate([[0], np.cumsum(np.bincount(heads, minlength=n))])
    return starts.astype(np.int64), tails, weights


def _left_out(index: pd.Index, missing: Ints, loops: int) -> tuple[Note, ...]:
    notes = []
    if len(missing):
        count = len(missing)
        notes.append(
            Note(
                "left out of the test",
                {"areas": count},
                tuple(str(code) for code in index[np.sort(missing)]),
            )
        )
    if loops:
        notes.append(
            Note(
                "self-links left out",
                {"areas": loops},
            )
        )
    return tuple(notes)


def is_constant(x: Floats) -> bool:
    """Say whether the values differ by no more than what rounding makes of equal ones.

    Examples
    --------
    >>> is_constant(1e9 + np.linspace(0, 0.002, 40)), is_constant(1e9 + np.linspace(0, 0.2, 40))
    (True, False)
    """
    if len(x) == 0:
        return True
    centred = x - x.mean()
    centred -= centred.mean()
    return bool(np.sqrt(np.mean(centred**2)) <= 1e-12 * np.abs(x).max())


def check_varies(x: Floats) -> None:
    """Refuse a constant: nothing can be clustered."""
    if is_constant(x):
        raise DataError("same value everywhere", {"value": float(x[0]), "count": len(x)})


def totals(places: Ints, amounts: Floats, count: int) -> Floats:
    """Return the sum of the amounts at each of the places 0 … count − 1.

    Examples
    --------
    >>> totals(np.array([0, 2, 2]), np.array([1.0, 2.0, 3.0]), 3).tolist()
    [1.0, 0.0, 5.0]
    """
    sums: Floats = np.bincount(places, amounts, count).astype(np.float64)
    return sums
