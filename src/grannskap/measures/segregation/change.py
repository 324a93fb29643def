"""Why segregation changed between two years: five parts that sum to the difference."""

from __future__ import annotations

from itertools import permutations, product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from grannskap.errors import DataError
from grannskap.measures.segregation.formulas import information

if TYPE_CHECKING:
    from grannskap.measures.segregation.formulas import Floats

__all__ = ["PARTS", "aligned", "change", "checked_years", "parted"]

PARTS = ("additions", "removals", "group_sizes", "area_sizes", "structure")

MOST_ROUNDS = 20_000
CLOSE = 1e-13
"""How near the wanted sizes a table's margins are when it has been fitted to them."""


def change(before: pd.DataFrame, after: pd.DataFrame) -> pd.Series:
    r"""Change of the mutual information M between two years, in nats, in five parts (Elbers 2021).

    ``additions`` and ``removals`` are what areas that came and went did to M. For the areas of
    both years the rest is shared between the sizes of the groups, the sizes of the areas, and the
    ``structure``: the odds ratios, which is what segregation is apart from sizes. Each is the mean
    of what its change does over all orders in which the three can change (Shapley); a table with
    one year's odds ratios and the other's sizes is fitted by iterative proportions.

    Parameters
    ----------
    before, after : pandas.DataFrame of float
        Counts without gaps, areas as rows and the same groups as columns; areas may differ. An
        area where nobody lives is one that is not there.

    Returns
    -------
    pandas.Series of float
        ``before``, ``after``, ``difference``, the five of `PARTS`, which sum to the difference,
        and ``areas``, ``areas_added``, ``areas_removed``.

    Raises
    ------
    DataError
        When the groups differ, a count is missing or negative, no area is in both years, or one
        year's zeros cannot be fitted to the other's sizes.

    References
    ----------
    Elbers, B. (2021). A method for studying differences in segregation across time and space.
    *Sociological Methods & Research* 52.

    Examples
    --------
    >>> first = pd.DataFrame({"low": [40, 10], "high": [10, 40]}, index=["a", "b"])
    >>> found = change(first, 2 * first)
    >>> bool(abs(found[list(PARTS)]).max() < 1e-12)
    True
    """
    checked_years(before, after)
    years = aligned(before, after)
    peopled = [table.sum(axis=-1) > 0 for table in years]
    both = peopled[0] & peopled[1]
    if not both.any():
        many = {"before": int(peopled[0].sum()), "after": int(peopled[1].sum())}
        raise DataError("no areas in both years", many)
    found, off = parted(years, close=CLOSE, rounds=MOST_ROUNDS)
    if off > CLOSE:
        raise DataError("sizes cannot be fitted", {"rounds": MOST_ROUNDS})
    whole = [float(_information(table)) for table in years]
    return pd.Series(
        {
            "before": whole[0],
            "after": whole[1],
            "difference": whole[1] - whole[0],
            **{name: float(one) for name, one in found.items()},
            "areas": float(both.sum()),
            "areas_added": float((peopled[1] & ~both).sum()),
            "areas_removed": float((peopled[0] & ~both).sum()),
        },
        name="change",
    )


def aligned(before: pd.DataFrame, after: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return the counts of both years over the areas of either, of shape (areas, groups)."""
    every = before.index.union(after.index)
    one, two = (
        table.reindex(index=every, columns=before.columns, fill_value=0.0).to_numpy(dtype="float64")
        for table in (before, after)
    )
    return one, two


def checked_years(before: pd.DataFrame, after: pd.DataFrame) -> None:
    """Refuse years of other groups, and counts that are missing or negative."""
    if set(before.columns) != set(after.columns):
        raise DataError(
            "groups differ between years",
            {"before": list(before.columns), "after": list(after.columns)},
        )
    for table in (before, after):
        wrong = table.isna() | (table < 0)
        if wrong.any(axis=None):
            areas = table.index[wrong.any(axis=1)]
            raise DataError("counts missing or negative", {"areas": [str(area) for area in areas]})


def parted(
    years: tuple[Floats, Floats], *, close: float, rounds: int
) -> tuple[dict[str, Floats], Floats]:
    """Return the five parts of a change, or of many, and how far sizes are from being fitted.

    Each year is of shape (…, areas, groups), over the areas of either year; the same areas have
    people in all of the many.
    """
    peopled = [table.sum(axis=-1).reshape(-1, table.shape[-2])[0] > 0 for table in years]
    both = peopled[0] & peopled[1]
    kept = [table[..., both, :] for table in years]
    whole, common = ([_information(one) for one in of] for of in (years, kept))
    (structure, area_sizes, group_sizes), off = _shared(kept, close, rounds)
    return {
        "additions": whole[1] - common[1],
        "removals": common[0] - whole[0],
        "group_sizes": group_sizes,
        "area_sizes": area_sizes,
        "structure": structure,
    }, off


def _information(areas: Floats) -> Floats:
    return np.asarray(information(np.swapaxes(areas, -1, -2)))


def _shared(tables: list[Floats], close: float, rounds: int) -> tuple[Floats, Floats]:
    """Return the Shapley shares of structure, area sizes and group sizes, and what is left over."""
    parts = [table / table.sum(axis=(-2, -1), keepdims=True) for table in tables]
    areas, groups = [part.sum(axis=-1) for part in parts], [part.sum(axis=-2) for part in parts]
    found, off = {}, np.zeros(parts[0].shape[:-2])
    for year, of_areas, of_groups in product((0, 1), repeat=3):
        fitted, beside = _fitted(parts[year], (areas[of_areas], groups[of_groups]), close, rounds)
        found[year, of_areas, of_groups] = _information(fitted)
        off = np.maximum(off, beside)
    shares = np.zeros((3, *off.shape))
    for order in permutations(range(3)):
        state = [0, 0, 0]
        for changed in order:
            earlier = found[state[0], state[1], state[2]]
            state[changed] = 1
            shares[changed] += found[state[0], state[1], state[2]] - earlier
    return shares / 6, off


def _fitted(
    table: Floats, sizes: tuple[Floats, Floats], close: float, rounds: int
) -> tuple[Floats, Floats]:
    """Return tables with these sizes of areas and groups, their odds ratios as they were.

    Beside them, how far the sizes of the groups still are from those wanted.
    """
    (areas, groups), fitted = sizes, table
    off = np.full(table.shape[:-2], np.inf)
    for _ in range(rounds):
        rows = fitted.sum(axis=-1)
        fitted = fitted * np.divide(areas, rows, out=np.zeros_like(rows), where=rows > 0)[..., None]
        columns = fitted.sum(axis=-2)
        off = np.abs(columns - groups).max(axis=-1)
        if off.max() <= close:
            break
        wider = np.divide(groups, columns, out=np.zeros_like(columns), where=columns > 0)
        fitted = fitted * wider[..., None, :]
    return fitted, off
