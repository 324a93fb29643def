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

__all__ = ["PARTS", "change", "checked_years"]

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
    one, two = (table[table.sum(axis=1) > 0].astype("float64") for table in (before, after))
    both = one.index.intersection(two.index).sort_values()
    kept = [one.loc[both].to_numpy(), two.loc[both, one.columns].to_numpy()]
    if not len(both) or not all(table.sum() > 0 for table in kept):
        raise DataError("no areas in both years", {"before": len(one), "after": len(two)})
    whole = [_information(one.to_numpy()), _information(two.to_numpy())]
    common = [_information(table) for table in kept]
    structure, area_sizes, group_sizes = _shared(kept)
    return pd.Series(
        {
            "before": whole[0],
            "after": whole[1],
            "difference": whole[1] - whole[0],
            "additions": whole[1] - common[1],
            "removals": common[0] - whole[0],
            "group_sizes": group_sizes,
            "area_sizes": area_sizes,
            "structure": structure,
            "areas": float(len(both)),
            "areas_added": float(len(two) - len(both)),
            "areas_removed": float(len(one) - len(both)),
        },
        name="change",
    )


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


def _information(areas: Floats) -> float:
    return float(information(areas.T))


def _shared(tables: list[Floats]) -> tuple[float, float, float]:
    """Return the Shapley shares of structure, area sizes and group sizes."""
    parts = [table / table.sum() for table in tables]
    areas, groups = [part.sum(axis=1) for part in parts], [part.sum(axis=0) for part in parts]
    found = {
        (year, of_areas, of_groups): _information(
            _fitted(parts[year], areas[of_areas], groups[of_groups])
        )
        for year, of_areas, of_groups in product((0, 1), repeat=3)
    }
    shares = np.zeros(3)
    for order in permutations(range(3)):
        state = [0, 0, 0]
        for changed in order:
            earlier = found[state[0], state[1], state[2]]
            state[changed] = 1
            shares[changed] += found[state[0], state[1], state[2]] - earlier
    structure, of_areas, of_groups = shares / 6
    return float(structure), float(of_areas), float(of_groups)


def _fitted(table: Floats, areas: Floats, groups: Floats) -> Floats:
    """Return the table with these sizes of areas and groups, its odds ratios as they were."""
    fitted: Floats = table
    for _ in range(MOST_ROUNDS):
        rows = fitted.sum(axis=1)
        fitted = fitted * np.divide(areas, rows, out=np.zeros_like(rows), where=rows > 0)[:, None]
        columns = fitted.sum(axis=0)
        if np.abs(columns - groups).max() <= CLOSE:
            return fitted
        fitted = fitted * np.divide(groups, columns, out=np.zeros_like(columns), where=columns > 0)
    raise DataError("sizes cannot be fitted", {"rounds": MOST_ROUNDS})
