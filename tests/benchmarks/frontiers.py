"""How often a frontier is told where there is none, and how many of those planted are found.

    python tests/benchmarks/frontiers.py [TOWNS]

Each row is so many made towns of 8 × 8 areas. Beside the test of two shares stands one by
permutation: the shares are dealt out over the areas 999 times, and a border's p is how often its
contrast becomes as great. Both are held to the same false discovery rate of 0.05.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from grannskap.counts import Counts
from grannskap.measures import frontiers
from grannskap.measures.correction import adjust

SIDE = 8
DRAWS = 999
HOUSEHOLDS = (np.arange(1, 7), np.array([0.42, 0.31, 0.11, 0.11, 0.04, 0.01]))
"""Persons in a household, and how common that is."""


@dataclass(frozen=True)
class Case:
    """Towns of one kind: the areas' households or persons, what is planted, what is counted."""

    name: str
    sizes: tuple[int, int]
    low: float
    high: float
    persons: bool = False
    alike: float = 1.0


CASES = (
    Case("even", (50, 300), 0.2, 0.2),
    Case("even", (600, 1500), 0.2, 0.2),
    Case("split", (50, 300), 0.12, 0.30),
    Case("split", (200, 600), 0.15, 0.25),
    Case("split", (600, 1500), 0.15, 0.20),
    Case("even, persons as if independent", (600, 1500), 0.2, 0.2, persons=True),
    Case("even, persons", (600, 1500), 0.2, 0.2, persons=True, alike=frontiers.PERSONS),
    Case("split, persons", (600, 1500), 0.12, 0.20, persons=True, alike=frontiers.PERSONS),
)


def board():
    """Return the areas of a town, their borders, and which side of the middle each is on."""
    places = [(x, y) for y in range(SIDE) for x in range(SIDE)]
    shapes = [shapely.box(100 * x, 100 * y, 100 * x + 100, 100 * y + 100) for x, y in places]
    codes = pd.Index([f"0380C{1000 + 10 * i}" for i in range(len(places))], name="deso")
    areas = gpd.GeoSeries(shapes, index=codes, crs="EPSG:3006")
    left = pd.Series([x < SIDE // 2 for x, _ in places], index=codes)
    return codes, frontiers.borders(areas), left


def people(case, left, rng):
    """Return how many are low, and how many there are, in each area of a town."""
    share = np.where(left, case.low, case.high)
    sizes = rng.integers(*case.sizes, len(left))
    if not case.persons:
        return rng.binomial(sizes, share).astype(float), sizes.astype(float)
    low, base = np.zeros(len(left)), np.zeros(len(left))
    for at, size in enumerate(sizes):
        held = rng.choice(HOUSEHOLDS[0], p=HOUSEHOLDS[1], size=int(size / 2.1))
        poor = rng.random(len(held)) < share[at]
        low[at], base[at] = held[poor].sum(), held.sum()
    return low, base


def permuted(low, base, borders, codes, rng):
    """Tell which borders are frontiers by dealing out the shares over the areas."""
    share = low / base
    one, other = (codes.get_indexer(borders[side]) for side in ("first", "second"))
    observed = np.abs(share[one] - share[other])
    dealt = rng.permuted(np.tile(share, (DRAWS, 1)), axis=1)
    as_great = (np.abs(dealt[:, one] - dealt[:, other]) >= observed - 1e-12).sum(axis=0)
    return adjust((as_great + 1) / (DRAWS + 1)) <= 0.05


def told(claimed, real):
    """Return how many are claimed, falsely so, planted, and found."""
    return np.array([claimed.sum(), (claimed & ~real).sum(), real.sum(), (claimed & real).sum()])


def town(case, seed):
    """Return what both tests tell of a town, and what is told of its change to another."""
    rng = np.random.default_rng(seed)
    codes, borders, left = board()
    years = []
    for _ in range(2):
        low, base = people(case, left.to_numpy(), rng)
        counts = [Counts.known(pd.Series(one, index=codes)) for one in (low, base - low, base)]
        years.append((*counts, frontiers.find(*counts, borders, alike=case.alike)))
    found = years[-1][-1]
    real = (left[found["first"]].to_numpy() != left[found["second"]].to_numpy()) & (
        case.low != case.high
    )
    dealt = permuted(low, base, found, codes, rng)
    became = frontiers.since(*years, alike=case.alike)
    changed = ~became["became"].isin(["chance", "unsure", "untested"]).to_numpy()
    sharp = (found["status"] == "frontier").to_numpy()
    return told(sharp, real), told(dealt, real), changed.any(), sharp.any(), dealt.any()


def main(towns):
    """Print the table."""
    print("| town | size | test | any | false of claimed | found | change told |")
    print("|---|---|---|---|---|---|---|")
    with ProcessPoolExecutor(2) as beside:
        for case in CASES:
            rows = list(beside.map(town, [case] * towns, range(towns), chunksize=10))
            change = np.mean([row[2] for row in rows])
            for at, name in ((0, "two shares"), (1, "permutation")):
                each = np.array([row[at] for row in rows])
                claimed, planted = each[:, 0], each[:, 2].sum()
                rate = np.mean(each[:, 1] / np.maximum(claimed, 1))
                found = f"{each[:, 3].sum() / planted:.1%}" if planted else "–"
                anything = np.mean([row[3 + at] for row in rows])
                told_change = f"{change:.1%}" if at == 0 else ""
                size = "–".join(map(str, case.sizes))
                print(f"| {case.name} ({case.low:g}, {case.high:g}) | {size} | {name} ", end="")
                print(f"| {anything:.1%} | {rate:.1%} | {found} | {told_change} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
