"""How the cost of clustering grows: areas on a grid × ways to p, as a table with its slope.

python tests/benchmarks/cost.py [most areas]
"""

import resource
import sys
import time

import numpy as np
import pandas as pd
from libpysal.graph import Graph

from grannskap import autocorrelation

SIZES = (1_000, 6_000, 60_000, 600_000)
WAYS = {
    "exact": {"inference": "exact"},
    "9,999": {"inference": "sampled", "permutations": 9_999},
    "99,999": {"inference": "sampled", "permutations": 99_999},
    "999,999": {"inference": "sampled", "permutations": 999_999},
}


def square(count: int) -> tuple[pd.Series, Graph]:
    """Squares in rows, each linked to the eight around it, with a skewed share."""
    side = int(np.sqrt(count))
    place = np.arange(count)
    codes = np.char.add("r", np.char.zfill(place.astype(str), 6))
    heads, tails = [], []
    row, column = np.divmod(place, side)
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            other = (row + down) * side + column + right
            inside = (column + right >= 0) & (column + right < side) & (row + down >= 0)
            inside &= (other < count) & ((down != 0) | (right != 0))
            heads.append(place[inside])
            tails.append(other[inside])
    head, tail = np.concatenate(heads), np.concatenate(tails)
    order = np.lexsort((tail, head))
    index = pd.MultiIndex.from_arrays(
        [codes[head[order]], codes[tail[order]]], names=["focal", "neighbor"]
    )
    graph = Graph(pd.Series(1.0, index=index, name="weight"), is_sorted=True)
    share = np.random.default_rng(0).beta(2, 5, count)
    return pd.Series(share, index=codes), graph


def main() -> None:
    most = int(sys.argv[1]) if len(sys.argv) > 1 else SIZES[-1]
    sizes = [size for size in SIZES if size <= most]
    print(f"{'areas':>9}" + "".join(f"{name:>12}" for name in WAYS) + "   (seconds)")
    seconds = {name: [] for name in WAYS}
    for size in sizes:
        values, graph = square(size)
        for name, options in WAYS.items():
            best = np.inf
            for _ in range(3 if size < 100_000 else 1):
                start = time.perf_counter()
                autocorrelation.local(values, graph, **options)
                best = min(best, time.perf_counter() - start)
            seconds[name].append(best)
        print(f"{size:>9,}" + "".join(f"{seconds[name][-1]:>12.3f}" for name in WAYS), flush=True)
    slopes = [np.polyfit(np.log(sizes), np.log(taken), 1)[0] for taken in seconds.values()]
    print(f"{'slope':>9}" + "".join(f"{slope:>12.2f}" for slope in slopes))
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")


if __name__ == "__main__":
    main()
