"""Pools of DeSO become pools of RegSO: what is known of areas together, at the coarser level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from grannskap.dataset.model import Pools

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["coarser"]


def coarser(
    pools: Pools, register: pd.DataFrame, group: pd.Series[Any]
) -> tuple[Pools | None, pd.DataFrame]:
    """Take pools to groups of areas.

    Parameters
    ----------
    pools : Pools
        Of areas.
    register : DataFrame
        A register frame of the areas, with bounds.
    group : Series
        The group of each area, by code; areas without one are left out.

    Returns
    -------
    Pools or None
        Groups that share people among themselves alone; None where there are none.
    DataFrame
        Bounds of groups that hold all of their areas' pools, which are those of their sum: index
        ``deso`` (the group), ``year`` and ``group``.
    """
    known = group.reindex(pools.of.index)
    cut = set(pools.of[known.isna().to_numpy()])
    kept = pools.of[~pools.of.isin(cut).to_numpy()]
    if kept.empty:
        return None, pd.DataFrame()
    held = known[kept.index].to_numpy(dtype=object)
    part = pd.Series(_parts(held, kept.to_numpy()))
    of_group, of_pool = part.groupby(held).first(), part.groupby(kept.to_numpy()).first()
    inside = group[group.isin(of_group.index).to_numpy()]
    loose = inside[~inside.index.isin(kept.index)]
    sums = _summed(register, loose.map(of_group), pools.counts, of_pool)
    size = of_group.value_counts()
    alone = of_group[of_group.map(size).eq(1).to_numpy()]
    exact = (
        pd.concat(
            [
                sums.xs(number, level="pool", drop_level=False).rename({number: code}, level="pool")
                for code, number in alone.items()
            ]
        )
        if len(alone)
        else pd.DataFrame()
    )
    several = of_group[of_group.map(size).gt(1).to_numpy()]
    if several.empty:
        return None, exact
    return Pools(several.rename_axis("deso").astype("int64"), sums), exact


def _parts(groups: npt.NDArray[np.object_], pools: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Number the sets of groups that pools hold together, by area."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    at, names = pd.factorize(groups)
    size = len(names) + int(pools.max()) + 1
    graph = coo_matrix((np.ones(len(at)), (at, pools + len(names))), shape=(size, size))
    _, part = connected_components(graph, directed=False)
    numbers, _ = pd.factorize(part[at])
    return np.asarray(numbers, dtype=np.int64)


def _summed(
    register: pd.DataFrame, loose: pd.Series[Any], pooled: pd.DataFrame, of_pool: pd.Series[Any]
) -> pd.DataFrame:
    """Sum the bounds of areas in no pool, and of pools, over the parts."""
    codes = register.index.get_level_values("deso")
    number = loose.reindex(codes)
    there = number.notna().to_numpy()
    bounds = list(pooled.columns)
    rows = register.loc[there, bounds].reset_index(["year", "group"])
    rows["pool"] = number[there].astype(int).to_numpy()
    held = pooled.reset_index()
    held["pool"] = held["pool"].map(of_pool)
    held = held.dropna(subset=["pool"]).astype({"pool": int})
    times = held[["year", "group"]].drop_duplicates()
    rows = rows.merge(times, on=["year", "group"])
    both = pd.concat([rows, held], ignore_index=True)
    return both.groupby(["pool", "year", "group"])[bounds].sum()
