"""Every municipality of a made-up country in a folder of its own: seconds, memory and growth.

    python tests/benchmarks/municipalities.py [towns …]

Each count of towns is written with one process and with two, beside a run of one town alone from
the same files. All 290 with one process take a quarter of an hour.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import country

COUNTS = (20, 60)
PROJECT = """
title = "Påhittat land"
view = {view}
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
[autocorrelation]
variable = "low_income_share"
"""


def write_inputs(folder: Path) -> list[str]:
    """Write the country's files, and return the codes of its municipalities."""
    frame = country.make()
    frame[["geometry"]].reset_index().to_file(folder / "areas.gpkg")
    counts = frame.drop(columns=["geometry", "municipality", "kind"])
    counts.to_csv(folder / "counts.csv")
    return sorted(frame["municipality"].unique())


def seconds(folder: Path, name: str, view: str, *options: str) -> float:
    """Return how long a run of a project with this view takes, into a folder that is not there."""
    project, out = folder / f"{name}.toml", folder / "out" / name
    project.write_text(PROJECT.format(view=view), encoding="utf-8")
    shutil.rmtree(out, ignore_errors=True)
    command = [sys.executable, "-m", "grannskap", "run", str(project), "--out", str(out)]
    start = time.perf_counter()
    subprocess.run([*command, *options], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    wanted = [int(text) for text in sys.argv[1:]] or list(COUNTS)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        codes = write_inputs(folder)
        alone = min(seconds(folder, "alone", f'"{codes[100]}"') for _ in range(3))
        print(f"one town alone: {alone:.1f} s")
        print("towns   1 process   2 processes   ratio   a town / a town alone")
        for count in wanted:
            view = "[" + ", ".join(f'"{code}"' for code in codes[-count:]) + "]"
            view = '"country"' if count >= len(codes) else view
            one, two = (
                seconds(folder, f"{count}-{jobs}", view, "--each", "municipality", "--jobs", jobs)
                for jobs in ("1", "2")
            )
            told = f"{count:5d} {one:9.1f} s {two:11.1f} s {one / two:7.2f}"
            print(f"{told} {one / count / alone:12.2f}", flush=True)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    print(f"most memory of a process: {most:.2f} GiB")


if __name__ == "__main__":
    main()
