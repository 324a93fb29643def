"""How often the intervals of segregation hold the true value, and what bias is left: two tables.

    python tests/benchmarks/coverage.py [TOWNS] [two | many]

Each row is so many made towns: areas of so many households, whose odds of each group are drawn from
a Dirichlet distribution (of two groups: beta) or are of two kinds alone, and whose households are
drawn with those odds. The true measure is that of the odds. A cell tells in how many per cent of
the towns the interval held it, and how many per cent of the bias is left after correction. Part of
every error is what the measure's slope makes of the households' chance; that part is nothing on
average, so it is taken away before the mean.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np

from grannskap.measures.segregation import formulas
from grannskap.measures.segregation.uncertainty import uncertain


@dataclass(frozen=True)
class Case:
    """Towns of one kind: their areas, the areas' households, how alike these are, the shares."""

    areas: int
    sizes: tuple[int, int]
    alike: float
    shares: tuple[float, ...]
    kinds: bool = False
    large_apart: bool = False


POOR, RARE, QUARTERS = (0.25, 0.75), (0.1, 0.9), (0.25,) * 4
TWO = (
    Case(20, (50, 300), 0.0, POOR),
    Case(100, (50, 300), 0.0, POOR),
    Case(20, (50, 300), 0.002, POOR),
    Case(20, (50, 300), 0.01, POOR),
    Case(20, (50, 300), 0.05, POOR),
    Case(100, (50, 300), 0.05, POOR),
    Case(60, (600, 1500), 0.05, POOR),
    Case(20, (50, 300), 0.3, POOR),
    Case(10, (50, 300), 0.05, RARE),
    Case(20, (50, 300), 0.05, POOR, kinds=True),
    Case(60, (100, 700), 0.4, (0.44, 0.56), large_apart=True),
)
MANY = (
    Case(20, (50, 300), 0.0, QUARTERS),
    Case(20, (50, 300), 0.01, QUARTERS),
    Case(20, (50, 300), 0.05, QUARTERS),
    Case(20, (50, 300), 0.3, QUARTERS),
    Case(10, (50, 300), 0.05, (0.1, 0.2, 0.3, 0.4)),
)
POOR_AREAS = 0.2
"""How many of the areas are poor where there are two kinds."""

STEP = 1e-3
"""Of a household, by which a slope is taken."""


def measures_of(case):
    """Return the measures that towns of so many groups have; exposure is 1 − isolation."""
    many = {**formulas.MANY, **formulas.ORDERED}
    two = {name: one for name, one in formulas.TWO.items() if name != "exposure"}
    return two if len(case.shares) == 2 else many


def odds_of(case, rng):
    """Return the odds of each group in each area, of shape (areas, groups)."""
    shares = np.array(case.shares)
    if case.kinds:
        poor = rng.random(case.areas) < POOR_AREAS
        ends = np.sqrt((1 - POOR_AREAS) / POOR_AREAS), -np.sqrt(POOR_AREAS / (1 - POOR_AREAS))
        apart = np.sqrt(case.alike * shares.prod()) * np.where(poor, *ends)
        return np.stack([shares[0] + apart, shares[1] - apart], axis=1)
    if not case.alike:
        return np.tile(shares, (case.areas, 1))
    return rng.dirichlet(shares * (1 / case.alike - 1), case.areas)


def slope(measure, truth):
    """Return how much a household more of each group in each area would add."""
    cells = np.arange(truth.size)
    more, less = (np.repeat(truth.reshape(1, -1), truth.size, axis=0) for _ in range(2))
    more[cells, cells] += STEP
    less[cells, cells] -= STEP
    with np.errstate(all="ignore"):
        ends = [measure(one.reshape(-1, *truth.shape)) for one in (more, less)]
        found = (ends[0] - ends[1]) / (2 * STEP)
    return np.where(np.isfinite(found), found, 0.0).reshape(truth.shape)


def town(case, seed, redraws=1000):
    """Return, by measure: the error, what correction leaves of it, whether the interval holds."""
    rng = np.random.default_rng(seed)
    people = rng.integers(*case.sizes, case.areas).astype(float)
    odds = odds_of(case, rng)
    if case.large_apart:
        least, most = case.sizes
        apart = np.abs(odds[:, 0] - case.shares[0]) / max(case.shares)
        people = np.rint(least + (most - least) * apart)
    counts = np.array(
        [rng.multinomial(int(many), of) for many, of in zip(people, odds, strict=True)]
    ).T.astype(float)
    truth, measures = (people[:, None] * odds).T, measures_of(case)
    found = uncertain(counts, measures, redraws=redraws, confidence=0.95, rng=rng)
    errors = []
    for name, measure in measures.items():
        true, observed, told = float(measure(truth)), float(measure(counts)), found[name]
        holds = told.lower - 1e-9 <= true <= told.upper + 1e-9
        error = observed - true - float((slope(measure, truth) * (counts - truth)).sum())
        errors.append((error, error - told.bias, holds))
    return errors


def main(towns, cases):
    """Print a table."""
    names = list(measures_of(cases[0]))
    print("| areas | households | alike | shares |", " | ".join(names), "|")
    print("|---:|---|---:|---:|" + "---:|" * len(names))
    for case in cases:
        with ProcessPoolExecutor(2) as workers:
            found = np.array(list(workers.map(town, [case] * towns, range(towns), chunksize=25)))
        told = [
            f"{held:.1%} ({after / raw:.0%})".replace("%", "").replace("-", "−")
            for raw, after, held in found.mean(axis=0)
        ]
        kind = [
            f"{case.areas}{' of two kinds' if case.kinds else ''}"
            f"{', the large ones apart' if case.large_apart else ''}",
            f"{case.sizes[0]}–{case.sizes[1]}",
            f"{case.alike:g}",
            ", ".join(f"{one:g}" for one in case.shares),
        ]
        print("|", " | ".join(kind + told), "|", flush=True)


if __name__ == "__main__":
    asked = {"two": TWO, "many": MANY}
    for name, cases in asked.items():
        if name in sys.argv or not set(asked) & set(sys.argv):
            main(next((int(one) for one in sys.argv[1:] if one.isdigit()), 1000), cases)
