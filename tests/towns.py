"""Made-up towns in memory, with what is hidden in them, and the truth behind it."""

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from grannskap import dataset

PARTS = ["low", "medium_low", "medium_high", "high"]


@dataclass(frozen=True)
class Town:
    """Frames as a user has them; `truth` is what the hidden cells hold."""

    areas: gpd.GeoDataFrame
    counts: pd.DataFrame
    truth: pd.DataFrame
    hidden: tuple[str, ...]

    def dataset(self, **options):
        return dataset.from_frames(self.areas, self.counts, year=2017, **options)


def squares(codes, side=500.0, wide=16):
    shapes = [
        shapely.box(x * side, y * side, (x + 1) * side, (y + 1) * side)
        for y, x in (divmod(k, wide) for k in range(len(codes)))
    ]
    index = pd.Index(codes, name="deso", dtype="str")
    return gpd.GeoDataFrame(geometry=shapes, index=index, crs="EPSG:3006")


def with_twelve_hidden(seed=1):
    """320 areas: the balance is 0.842, and 0.800 over the 308 that are not hidden.

    What is hidden is where the many with low purchasing power live.
    """
    codes = [f"9999C{1000 + 10 * k:04d}" for k in range(320)]
    areas = squares(codes)
    rng = np.random.default_rng(seed)
    hidden = tuple(sorted(rng.choice(codes, 12, replace=False)))
    unseen = pd.Series(codes).isin(hidden).to_numpy()
    # 308 areas with 61,600 low and 77,000 high (0.800); 12 with 3,440 and 240 (0.842 in all).
    low = np.where(unseen, 0, 200 + np.tile([-40, 40], 160))
    low[~unseen] += _even(61_600 - low[~unseen].sum(), 308)
    high = np.where(unseen, 20, 250)
    low[unseen] = _even(3_440, 12)
    middle = rng.integers(100, 200, (2, 320))
    truth = pd.DataFrame(
        {"low": low, "medium_low": middle[0], "medium_high": middle[1], "high": high},
        index=areas.index,
    ).astype(float)
    truth["households"] = truth.sum(axis=1)
    counts = truth.copy()
    counts.loc[list(hidden), PARTS] = np.nan
    status = {f"{name}_status": np.where(unseen, "suppressed", "value") for name in PARTS}
    return Town(areas, counts.assign(**status), truth, hidden)


def _even(total, pieces):
    """Share a whole number out in pieces that differ by one at most."""
    each, rest = divmod(int(total), pieces)
    return np.array([each + (k < rest) for k in range(pieces)])


def with_small_cells():
    """30 areas where four counts of 1–3 are hidden: one low, one of each, one high, and both.

    Of the first (1–3 low to 60 high) and of the third (40 low to 1–3 high) the bounds lie in one
    class of the balance; of the second (1–3 low to 4 high) and the last they do not.
    """
    codes = [f"9999C{1000 + 10 * k:04d}" for k in range(30)]
    areas = squares(codes, wide=6)
    truth = pd.DataFrame(
        {"low": 30.0 + np.arange(30) % 7, "high": 20.0 + np.arange(30) % 11}, index=areas.index
    )
    cells = {0: (2, 60), 1: (3, 4), 2: (40, 1), 3: (1, 2)}
    for place, pair in cells.items():
        truth.iloc[place] = pair
    truth["households"] = 200.0
    unseen = truth[["low", "high"]] <= 3
    counts = truth.copy()
    counts[["low", "high"]] = truth[["low", "high"]].mask(unseen)
    status = {f"{n}_status": np.where(unseen[n], "suppressed", "value") for n in unseen}
    return Town(areas, counts.assign(**status), truth, tuple(codes[:4]))


def with_few_poor_in_one_corner(seed=3):
    """256 areas of two municipalities: in one corner few have low purchasing power.

    How many have high purchasing power is dealt out at random everywhere: few poor are not
    many rich.
    """
    codes = [f"99{98 + (k >= 128)}C{1000 + 10 * (k % 128):04d}" for k in range(256)]
    areas = squares(codes)
    rng = np.random.default_rng(seed)
    y, x = np.divmod(np.arange(256), 16)
    corner = (x < 4) & (y < 4)
    low = np.where(corner, 20 + rng.integers(0, 5, 256), 180 + rng.integers(-30, 31, 256))
    truth = pd.DataFrame({"low": low, "high": 120 + rng.permutation(256) % 41}, index=areas.index)
    truth = truth.astype(float).assign(households=600.0)
    return Town(areas, truth, truth, ())


def with_many_without_rich():
    """100 areas: in 49 nobody has high purchasing power, and two others are written alike."""
    codes = [f"9999C{1000 + 10 * k:04d}" for k in range(100)]
    areas = squares(codes, wide=10)
    place = np.arange(100)
    low, high = 100.0 + 3 * place, np.where(place < 49, 0.0, 200.0)
    low[98:], high[98:] = [1301.0, 1302.0], 10_000.0  # 0.1301 and 0.1302: the lowest of all
    truth = pd.DataFrame({"low": low, "high": high, "households": 12_000.0}, index=areas.index)
    return Town(areas, truth, truth, ())


def of_persons(town):
    """The same numbers, counted of persons: economic standard, not purchasing power."""
    names = {"low": "low_standard", "high": "high_standard", "households": "persons"}
    return replace(town, counts=town.counts.rename(columns=names))
