"""How often the intervals of segregation hold the true value, and what bias is left: a table.

    python tests/benchmarks/coverage.py [TOWNS] [two | many]

Each row is so many made towns: areas of so many households, whose odds of each group are drawn from
a Dirichlet distribution (of two groups: beta), and whose households are drawn with those odds. The
true measure is that of the odds.
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


POOR, RARE, QUARTERS = (0.25, 0.75), (0.1, 0.9), (0.25,) * 4
TWO = (
    Case(20, (50, 300), 0.0, POOR),
    Case(20, (50, 300), 0.01, POOR),
    Case(20, (50, 300), 0.05, POOR),
    Case(20, (50, 300), 0.3, POOR),
    Case(10, (50, 300), 0.05, RARE),
    Case(60, (600, 1500), 0.05, POOR),
)
MANY = (
    Case(20, (50, 300), 0.0, QUARTERS),
    Case(20, (50, 300), 0.01, QUARTERS),
    Case(20, (50, 300), 0.05, QUARTERS),
    Case(20, (50, 300), 0.3, QUARTERS),
    Case(10, (50, 300), 0.05, (0.1, 0.2, 0.3, 0.4)),
)


def measures_of(case):
    """Return the measures that towns of so many groups have."""
    return formulas.TWO if len(case.shares) == 2 else {**formulas.MANY, **formulas.ORDERED}


def town(case, seed):
    """Return, by measure: the error, what correction leaves of it, whether the interval holds."""
    rng = np.random.default_rng(seed)
    people = rng.integers(*case.sizes, case.areas).astype(float)
    shares = np.array(case.shares)
    odds = np.tile(shares, (case.areas, 1))
    if case.alike:
        odds = rng.dirichlet(shares * (1 / case.alike - 1), case.areas)
    counts = np.array(
        [rng.multinomial(int(many), of) for many, of in zip(people, odds, strict=True)]
    ).T.astype(float)
    truth, measures = (people[:, None] * odds).T, measures_of(case)
    found = uncertain(counts, measures, redraws=1000, confidence=0.95, rng=rng)
    errors = []
    for name, measure in measures.items():
        true, observed, told = float(measure(truth)), float(measure(counts)), found[name]
        holds = told.lower - 1e-9 <= true <= told.upper + 1e-9
        errors.append((observed - true, observed - told.bias - true, holds))
    return errors


def main(towns, cases):
    """Print the table."""
    print("| areas | households | alike | shares | measure | bias | after | left | held |")
    print("|---:|---|---:|---:|---|---:|---:|---:|---:|")
    for case in cases:
        with ProcessPoolExecutor(2) as workers:
            found = np.array(list(workers.map(town, [case] * towns, range(towns), chunksize=25)))
        for name, (raw, after, held) in zip(measures_of(case), found.mean(axis=0), strict=True):
            shares = ", ".join(f"{one:g}" for one in case.shares)
            print(
                f"| {case.areas} | {case.sizes[0]}–{case.sizes[1]} | {case.alike:g} | "
                f"{shares} | {name} | {raw:+.4f} | {after:+.4f} | "
                f"{abs(after / raw):.0%} | {held:.1%} |"
            )


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 1000,
        MANY if "many" in sys.argv else TWO if "two" in sys.argv else TWO + MANY,
    )
