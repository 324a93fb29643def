"""What it costs to protect a municipality, and to attack what is shown of it.

    python tests/benchmarks/suppression.py [AREAS]

A made municipality of 150 areas in 30 RegSO with 12 neighbourhoods: four quarters of purchasing
power, three groups (everybody, public housing, rented), two years. Every linked total is a cell.
"""

import sys
import time
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import box

from grannskap import dataset
from grannskap.dataset import Neighbourhood
from grannskap.disclosure import Rules
from grannskap.disclosure.attack import attack, widths
from grannskap.disclosure.suppression import suppress
from grannskap.disclosure.tables import linked

PARTS = ("low", "medium_low", "medium_high", "high")
YEARS = (2012, 2017)
AREAS = 150
NEIGHBOURHOODS = 12


def municipality(areas=AREAS, seed=7):
    """Areas whose lean to one pole and share of public housing differ, from a seed."""
    rng = np.random.default_rng(seed)
    codes = [f"0180C{1000 + 10 * i}" for i in range(areas)]
    rows = [row for code in codes for row in _of_area(rng, code)]
    corners = [(650_000 + i % 15 * 100, 6_570_000 + i // 15 * 100) for i in range(areas)]
    shapes = gpd.GeoDataFrame(
        {"deso": codes, "regso": [f"0180R{1 + i // 5:03d}" for i in range(areas)]},
        geometry=[box(x, y, x + 100, y + 100) for x, y in corners],
        crs=3006,
    )
    made = dataset.from_frames(shapes, pd.DataFrame(rows))
    ground = made.geometry.geometry
    held = [codes[start : start + 4] for start in range(0, areas, areas // NEIGHBOURHOODS)]
    named = tuple(
        Neighbourhood(f"N{number}", tuple(few), ground.loc[few].union_all())
        for number, few in enumerate(held[:NEIGHBOURHOODS])
    )
    return replace(made, neighbourhoods=named)


def _of_area(rng, code):
    size, share = rng.integers(350, 1300), rng.beta(0.5, 1.5)
    lean = np.exp(rng.normal() * np.array([1, 0.4, -0.4, -1]))
    for year in YEARS:
        everybody = rng.multinomial(size, lean / lean.sum())
        public = rng.binomial(everybody, np.clip(share * np.array([1.6, 1.2, 0.7, 0.25]), 0, 0.97))
        rented = public + rng.binomial(everybody - public, 0.3)
        for group, four in (("all", everybody), ("public_housing", public), ("rented", rented)):
            counts = dict(zip(PARTS, four.tolist(), strict=True))
            total = {"households": int(four.sum())}
            yield {"deso": code, "year": year, "group": group, **counts, **total}


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock and of the processor, and what came of them."""

    year: int
    cells: int
    small: int
    hidden: int
    gap: float
    protecting: tuple[float, float]
    attacking: tuple[float, float]
    narrowest: float

    def line(self):
        """One row of the table in the documentation."""
        times = (f"{clock:.0f} ({own:.0f}) s" for clock, own in (self.protecting, self.attacking))
        rest = (f"{self.gap:.0%}", *times, f"{self.narrowest:.0f}")
        return " | ".join(map(str, (self.year, self.cells, self.small, self.hidden, *rest)))


def _timed(work):
    clock, own = time.perf_counter(), time.process_time()
    result = work()
    return result, (time.perf_counter() - clock, time.process_time() - own)


def costs(made, rules):
    """Protect and attack each year of a dataset."""
    for year in made.years:
        tables = linked(made, year, rules)
        cells = tables.cells
        pattern, protecting = _timed(lambda cells=cells: suppress(cells))
        hidden, told = pattern.hidden, tables.published()
        lower = np.where(hidden, cells.least, cells.shown[0])
        upper = np.where(hidden, np.inf, cells.shown[1])
        small = cells.width > 0
        asked = small | (hidden & told)
        found, attacking = _timed(
            lambda cells=cells, low=lower, up=upper, asked=asked: attack(
                cells.relations, low, up, of=asked
            )
        )
        yield Cost(
            year,
            len(cells.value),
            int(small.sum()),
            int((hidden & told).sum()),
            pattern.gap,
            protecting,
            attacking,
            float(widths(found, cells.own)[small].min()),
        )


if __name__ == "__main__":
    asked_for = int(sys.argv[1]) if len(sys.argv) > 1 else AREAS
    print("year | cells | small | hidden | gap | protecting | attacking | narrowest")
    for cost in costs(municipality(asked_for), Rules()):
        print(cost.line(), flush=True)
