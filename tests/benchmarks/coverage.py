"""How often the intervals of segregation hold the true value, and what bias is left: a table.

    python tests/benchmarks/coverage.py [TOWNS]

Each row is so many made towns: areas of so many households, whose odds of being poor are drawn from
a beta distribution, and whose poor are drawn with those odds. The true measure is that of the odds.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np

from grannskap.measures.segregation import formulas
from grannskap.measures.segregation.uncertainty import uncertain


@dataclass(frozen=True)
class Case:
    """Towns of one kind: their areas, the areas' households, how alike these are, the share."""

    areas: int
    sizes: tuple[int, int]
    alike: float
    share: float


CASES = (
    Case(20, (50, 300), 0.0, 0.25),
    Case(20, (50, 300), 0.01, 0.25),
    Case(20, (50, 300), 0.05, 0.25),
    Case(20, (50, 300), 0.3, 0.25),
    Case(10, (50, 300), 0.05, 0.1),
    Case(60, (600, 1500), 0.05, 0.25),
)


def town(case, seed):
    """Return, by measure: the error, what correction leaves of it, whether the interval holds."""
    rng = np.random.default_rng(seed)
    people = rng.integers(*case.sizes, case.areas).astype(float)
    odds = np.full(case.areas, case.share)
    if case.alike:
        many = 1 / case.alike - 1
        odds = rng.beta(case.share * many, (1 - case.share) * many, case.areas)
    low = rng.binomial(people.astype(int), odds).astype(float)
    counts, truth = np.stack([low, people - low]), np.stack([people * odds, people * (1 - odds)])
    found = uncertain(counts, formulas.TWO, redraws=1000, confidence=0.95, rng=rng)
    errors = []
    for name, measure in formulas.TWO.items():
        true, observed, told = float(measure(truth)), float(measure(counts)), found[name]
        holds = told.lower - 1e-9 <= true <= told.upper + 1e-9
        errors.append((observed - true, observed - told.bias - true, holds))
    return errors


def main(towns):
    """Print the table."""
    print("| areas | households | alike | share | measure | bias | after | left | held |")
    print("|---:|---|---:|---:|---|---:|---:|---:|---:|")
    for case in CASES:
        with ProcessPoolExecutor(2) as workers:
            found = np.array(list(workers.map(town, [case] * towns, range(towns), chunksize=25)))
        for name, (raw, after, held) in zip(formulas.TWO, found.mean(axis=0), strict=True):
            print(
                f"| {case.areas} | {case.sizes[0]}–{case.sizes[1]} | {case.alike:g} | "
                f"{case.share:g} | {name} | {raw:+.4f} | {after:+.4f} | "
                f"{abs(after / raw):.0%} | {held:.1%} |"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
