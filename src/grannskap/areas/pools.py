"""Areas that share people among themselves alone: together they are as certain as ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from grannskap.areas.links import NOWHERE

if TYPE_CHECKING:
    from grannskap.areas.links import Links
    from grannskap.areas.spread import Spread

__all__ = ["pools"]


def pools(links: Links, shares: Spread) -> dict[str, dict[str, int]]:
    """Number the parts of the two divisions that have nothing to do with each other.

    Parameters
    ----------
    links : Links
        Which old area has which new one's ground.
    shares : Spread
        The share of each that can live there.

    Returns
    -------
    dict
        ``"old"`` and ``"new"``: the pool of each area of a division, by code; only of pools with
        several new areas, and none whose people may live outside of all of them.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    met = shares.upper > 0
    old, olds = pd.factorize(links.old[met])
    new, news = pd.factorize(links.new[met])
    size = len(olds) + len(news)
    graph = coo_matrix((np.ones(len(old)), (old, new + len(olds))), shape=(size, size))
    _, part = connected_components(graph, directed=False)
    nowhere = {*part[: len(olds)][olds == NOWHERE], *part[len(olds) :][news == NOWHERE]}
    several = np.bincount(part[len(olds) :], minlength=part.max() + 1) > 1
    kept = [one for one in np.flatnonzero(several) if one not in nowhere]
    number = {one: at for at, one in enumerate(kept)}
    return {
        name: {
            str(code): number[one] for code, one in zip(codes, parts, strict=True) if one in number
        }
        for name, codes, parts in (
            ("old", olds, part[: len(olds)]),
            ("new", news, part[len(olds) :]),
        )
    }
