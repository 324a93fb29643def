"""The counts of one year as linked cells: areas, places, groups, and what is left of a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import sparse

from grannskap.catalogue import AMOUNTS, PARTITIONS, SHARES, TENURES
from grannskap.disclosure.cells import Cells
from grannskap.disclosure.rules import Rules, primary

if TYPE_CHECKING:
    from grannskap.dataset import Dataset

__all__ = ["Linked", "Sum", "linked", "rounded", "sums"]

Floats = npt.NDArray[np.float64]

Key = tuple[str, str]
"""A group and a variable."""

_TINY = 1e-6


@dataclass(frozen=True)
class Sum:
    """A whole and parts of it; what is left, where they are not all of it, is a cell too.

    An implied sum says nothing that others do not, but that its rest may be small.
    """

    whole: Key
    parts: tuple[Key, ...]
    exact: bool
    implied: bool = False


@dataclass(frozen=True, eq=False)
class Linked:
    """Cells of one year: for each group and variable its areas, then its places, then the rests.

    Attributes
    ----------
    cells : Cells
        Of all tables at once.
    keys : tuple of (str, str)
        The groups and variables, in the order of the cells.
    codes : tuple of str
        The areas, in their order.
    areas, locations : int
        How many areas, and how many areas and places, each has.
    """

    cells: Cells
    keys: tuple[Key, ...]
    codes: tuple[str, ...]
    areas: int
    locations: int

    def at(self, key: Key) -> slice:
        """Return where the areas of a group and variable are among the cells."""
        start = self.keys.index(key) * self.locations
        return slice(start, start + self.areas)

    def published(self) -> npt.NDArray[np.bool_]:
        """Tell which cells are counts of areas: what the protected dataset holds."""
        told = np.zeros(len(self.cells.value), dtype=bool)
        for key in self.keys:
            told[self.at(key)] = True
        return told


def linked(dataset: Dataset, year: int, rules: Rules) -> Linked:
    """Set up every cell of a year, and every sum that holds between them."""
    groups = [group for one, group in dataset.years_and_groups() if one == year]
    names = [name for name in dataset.variables if name not in AMOUNTS]
    codes = dataset.geometry.index
    columns = {
        (group, name): dataset.count(name, year=year, group=group).value.to_numpy(dtype=float)
        for group in groups
        for name in names
    }
    places = _places(dataset, rules)
    held = np.zeros((len(places), len(codes)))
    for row, one in enumerate(places):
        held[row, codes.isin(one)] = 1.0
    whole = {key: np.append(one, held @ one) for key, one in columns.items()}
    relations = list(sums(tuple(columns)))
    cells = _assembled(whole, relations, held, rules)
    size = len(codes) + len(places)
    return Linked(cells, tuple(columns), tuple(map(str, codes)), len(codes), size)


def _places(dataset: Dataset, rules: Rules) -> list[tuple[str, ...]]:
    geometry, found = dataset.geometry, [one.codes for one in dataset.neighbourhoods]
    found = found if "neighbourhood" in rules.margins else []
    for level in ("regso", "municipality"):
        if level in rules.margins and level in geometry:
            found += [tuple(map(str, of)) for of in geometry.groupby(level).groups.values()]
    return [one for one in dict.fromkeys(found) if len(one) > 1]


def sums(keys: tuple[Key, ...]) -> Iterator[Sum]:
    """Give every sum that the catalogue tells of between these groups and variables.

    Examples
    --------
    >>> [one.parts for one in sums((("all", "low"), ("rented", "low")))]
    [(('rented', 'low'),)]
    """
    there = set(keys)
    for group in dict.fromkeys(group for group, _ in keys):
        wholes = [(one.whole, one.parts, one.exhaustive) for one in PARTITIONS]
        wholes += [(one.base, (one.part,), False) for one in SHARES.values()]
        full = set[Key]()
        for whole, names, exact in wholes:
            parts = tuple((group, name) for name in names if (group, name) in there)
            if (group, whole) in there and parts:
                all_of_it = exact and len(parts) == len(names)
                full |= {(whole, name) for name in names if all_of_it}
                implied = len(parts) == 1 and (whole, parts[0][1]) in full
                yield Sum((group, whole), parts, all_of_it, implied)
    for name in dict.fromkeys(name for _, name in keys):
        others = [key for key in keys if key[1] == name and key[0] != "all"]
        if ("all", name) in there:
            yield from (Sum(("all", name), (one,), exact=False) for one in others)
            tenures = tuple(one for one in others if one[0] in TENURES)
            if len(tenures) > 1:
                yield Sum(("all", name), tenures, exact=False)
        within = (("rented", name), ("public_housing", name))
        if there.issuperset(within):
            yield Sum(within[0], within[1:], exact=False)
    both = (("all", "public_housing"), ("public_housing", "households"))
    if there.issuperset(both):
        yield Sum(both[0], both[1:], exact=True)


def _assembled(
    whole: Mapping[Key, Floats], relations: list[Sum], held: Floats, rules: Rules
) -> Cells:
    keys, (places, areas) = tuple(whole), held.shape
    size, values = areas + places, list(whole.values())
    same = sparse.eye_array(size, format="csr")
    rows: list[list[sparse.csr_array | None]] = []
    for number, one in enumerate(relations):
        rest = whole[one.whole] - sum(whole[part] for part in one.parts)
        row: list[sparse.csr_array | None] = [None] * (len(keys) + len(relations))
        for part, sign in ((one.whole, -1.0), *((part, 1.0) for part in one.parts)):
            row[keys.index(part)] = sparse.csr_array(sign * same)
        row[len(keys) + number] = None if one.exact else same
        rows.append(row)
        values.append(np.zeros(size) if one.exact else rest)
    if places:
        sum_up = sparse.csr_array(np.hstack([held, -np.eye(places)]))
        for number in range(len(keys)):
            row = [None] * (len(keys) + len(relations))
            row[number] = sum_up
            rows.append(row)
    filler = sparse.csr_array((1, size * (len(keys) + len(relations))))
    blocked = (
        sparse.block_array(
            [[one if one is not None else _empty(row, size) for one in row] for row in rows]
        )
        if rows
        else filler
    )
    spare = np.repeat([one.implied for one in relations], size)
    wholes = np.concatenate([np.zeros(0), *(whole[one.whole] for one in relations)])
    return _cells(np.concatenate(values), blocked, spare, wholes, rules)


def _empty(row: list[sparse.csr_array | None], size: int) -> sparse.csr_array:
    height = next(one.shape[0] for one in row if one is not None)
    return sparse.csr_array((height, size))


def _cells(
    value: Floats,
    blocked: sparse.sparray,
    spare: npt.NDArray[np.bool_],
    wholes: Floats,
    rules: Rules,
) -> Cells:
    """Drop sums that do not hold or say nothing; hide what a rule hides, and every rest."""
    real = len(value) - len(spare)
    unknown = ~np.isfinite(value) | (value < 0)
    told = np.where(unknown, 0.0, value)
    relations = sparse.csr_array(blocked)
    holds = (np.abs(relations @ told) < _TINY) & (abs(relations) @ unknown.astype(float) == 0)
    rest = np.arange(len(value)) >= real
    small = primary(np.where(unknown, np.nan, value), rules) & (~rest | (told > 0))
    if rules.all_the_same:
        small[real:] |= (told[real:] == 0) & (wholes > 0) & ~unknown[real:]
    holds[: len(spare)] &= ~spare | small[real:]
    zeros = rules.zeros or rules.all_the_same
    must = (told == 0) & (not zeros)
    return Cells(
        told,
        sparse.csr_array(relations[np.flatnonzero(holds)]),
        np.where(rest | zeros, 0.0, np.minimum(1.0, told)),
        np.minimum(1.0, told),
        np.where(small, rules.wide, 0.0),
        _shown(told, rules.rounding),
        np.where(must | unknown, np.inf, told + 1.0),
        small | rest,
    )


def rounded(values: Floats, base: int) -> Floats:
    """Return counts to the nearest multiple of a base, halves upwards.

    Examples
    --------
    >>> rounded(np.array([2.0, 3.0, 12.0]), 5).tolist()
    [0.0, 5.0, 10.0]
    """
    near: Floats = base * np.floor(values / base + 0.5)
    return near


def _shown(told: Floats, base: int) -> Floats:
    """Return the least and the most that may be rounded to what is shown."""
    if base == 1:
        return np.vstack([told, told])
    near = rounded(told, base)
    return np.vstack([np.maximum(near - base // 2, 0.0), near + (base - 1) // 2])
