"""The demo and a made-up country run whole, from two checkouts beside each other.

    python tests/benchmarks/before.py BEFORE/src AFTER/src [--rounds 3] [--areas 5984]

makes the country's files once and runs ``grannskap demo`` and ``grannskap run`` from each source
folder in turns, each in a fresh process, and prints the best time, the most memory, and their
ratios. The dependencies are those of the Python that runs it.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent

PROJECT = """
title = "Påhittat land"
view = "country"
[boundaries]
path = "areas.gpkg"
division = 2018
[[register]]
path = "counts.csv"
year = 2020
source = "Påhittade uppgifter"
[register.columns]
low = "low"
medium_low = "medium_low"
medium_high = "medium_high"
high = "high"
households = "households"
population = "population"
employed = "employed"
working_age = "working_age"
[segregation]
components = ["employment_rate"]
[autocorrelation]
variable = "low_income_share"
"""


def make(folder: Path, areas: int, vertices: int) -> Path:
    """Write a country's files, with employment so that there is a third map."""
    sys.path.insert(0, str(HERE.parent))
    from benchmarks import country

    made = country.make(areas, vertices=vertices)
    made["working_age"] = (0.6 * made["population"]).round()
    made["employed"] = (made["working_age"] * (1 - made["low"] / made["households"] / 2)).round()
    made[["geometry"]].reset_index().to_file(folder / "areas.gpkg", driver="GPKG")
    counts = made.drop(columns=["geometry", "municipality", "kind", "value"])
    counts.astype(int).to_csv(folder / "counts.csv")
    (folder / "project.toml").write_text(PROJECT, encoding="utf-8")
    return folder / "project.toml"


@dataclass(frozen=True)
class Cost:
    """What one process took."""

    seconds: float
    gigabytes: float


def cost(source: Path, arguments: list[str]) -> Cost:
    """Run grannskap from a source folder in a fresh process."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "grannskap", *arguments],
        env={**os.environ, "PYTHONPATH": str(source.resolve())},
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"grannskap {' '.join(arguments)} failed from {source}")
    return Cost(time.perf_counter() - start, used.ru_maxrss / 2**20)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--areas", type=int, default=5984)
    parser.add_argument("--vertices", type=int, default=1_000_000)
    given = parser.parse_args()
    sources = {"before": given.before, "after": given.after}
    with tempfile.TemporaryDirectory() as made:
        base = Path(made)
        project = make(base, given.areas, given.vertices)
        for work, arguments in (("demo", ["demo"]), ("country", ["run", str(project)])):
            costs: dict[str, list[Cost]] = {name: [] for name in sources}
            for _ in range(given.rounds):
                for name, source in sources.items():
                    out = ["--out", str(base / f"{work}-{name}")]
                    costs[name].append(cost(source, [*arguments, *out]))
            best = {name: min(one.seconds for one in costs[name]) for name in costs}
            most = {name: max(one.gigabytes for one in costs[name]) for name in costs}
            for name in sources:
                print(f"{work:<8} {name:<7} {best[name]:7.2f} s  {most[name]:5.2f} GiB")
            print(f"{work:<8} after/before {best['after'] / best['before']:.2f}", flush=True)


if __name__ == "__main__":
    main()
