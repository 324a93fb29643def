"""Made-up towns in memory, with what is hidden in them, and the truth behind it."""

from dataclasses import dataclass

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
