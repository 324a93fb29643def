"""What each dependency weighs: megabytes on disk, and seconds to import; printed as a table.

    python tests/benchmarks/weights.py

"Own" is the package alone; "with its own" adds all that nothing else here needs, which is what
leaving it out would spare.
"""

from __future__ import annotations

import importlib.metadata as metadata
import re
import subprocess
import sys
from functools import cache

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

IMPORTED = {"python-docx": "docx", "pillow": "PIL"}
TRIES = 3


@cache
def needs(name: str) -> frozenset[str]:
    """Return a package and everything that it needs, by canonical name."""
    seen: set[str] = set()
    waiting = [canonicalize_name(name)]
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        try:
            told = metadata.requires(one) or []
        except metadata.PackageNotFoundError:
            continue
        for text in told:
            asked = Requirement(text)
            if asked.marker is None or asked.marker.evaluate({"extra": ""}):
                waiting.append(canonicalize_name(asked.name))
    return frozenset(seen)


def megabytes(name: str) -> float:
    """Return how much a package's files take on disk, without compiled Python."""
    try:
        files = metadata.files(name) or []
    except metadata.PackageNotFoundError:
        return 0.0
    found = (path.locate() for path in files if path.suffix != ".pyc")
    return sum(path.stat().st_size for path in found if path.is_file()) / 1e6


def seconds(module: str) -> float:
    """Return how long a fresh interpreter takes to import a module, beyond starting; the best."""
    timed = "import time; t = time.perf_counter(); import {0}; print(time.perf_counter() - t)"
    return min(
        float(
            subprocess.run(
                [sys.executable, "-c", timed.format(module)],
                check=True,
                capture_output=True,
                text=True,
            ).stdout.splitlines()[-1]
        )
        for _ in range(TRIES)
    )


def direct() -> list[str]:
    """Return what grannskap itself asks for, without extras."""
    asked = [Requirement(text) for text in metadata.requires("grannskap") or []]
    return [one.name for one in asked if one.marker is None or one.marker.evaluate({"extra": ""})]


def main() -> None:
    """Print the table, the heaviest first."""
    names = direct()
    rows = []
    for name in names:
        others = frozenset().union(*(needs(other) for other in names if other != name))
        alone = sum(megabytes(one) for one in needs(name) - others)
        module = IMPORTED.get(name, re.sub("-", "_", name))
        rows.append((name, metadata.version(name), megabytes(name), alone, seconds(module)))
    print("| | version | own (MB) | with its own (MB) | import (s) |\n|---|---|--:|--:|--:|")
    for name, version, own, alone, time in sorted(rows, key=lambda row: -row[3]):
        print(f"| {name} | {version} | {own:.1f} | {alone:.1f} | {time:.2f} |")
    every = frozenset().union(*(needs(name) for name in names))
    print(f"\n{len(every)} packages, {sum(map(megabytes, every)):.0f} MB in all")


if __name__ == "__main__":
    main()
