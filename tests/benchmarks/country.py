"""A made-up country of DeSO-like areas: an exact coverage, from a seed.

Areas are the Voronoi cells of points that crowd in towns. Each border between two cells is a
wiggly line made once and used by both, so that the areas fit without a gap or an overlap:
the line stays inside the kite between its two end points and the two cells' points, and
kites never overlap.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import Voronoi, cKDTree

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MUNICIPALITIES = 290
COUNTIES = 10
WIDTH, HEIGHT = 400_000.0, 1_400_000.0
CORNER = np.array([280_000.0, 6_150_000.0])
SHORTEST = 5.0
"""Borders shorter than this many metres stay straight."""


def make(areas: int = 5984, *, seed: int = 0, vertices: int = 300_000) -> gpd.GeoDataFrame:
    """Areas with codes 90…–99…, their municipality and household counts (index ``deso``).

    Parameters
    ----------
    areas : int
        How many; 290 municipalities share them as unevenly as Sweden's when there are
        2,000 or more, else every municipality has about ten.
    seed : int
        Decides everything.
    vertices : int
        About how many vertices the polygons have together.
    """
    rng = np.random.default_rng(seed)
    sizes = _sizes(areas)
    points, municipality, kind = _points(sizes, rng)
    borders = _borders(points)
    codes = _codes(municipality, kind)
    frame = gpd.GeoDataFrame(
        {
            "municipality": [code[:4] for code in codes],
            "kind": [code[4] for code in codes],
            **_counts(borders.pairs, areas, rng),
        },
        geometry=_polygons(points, borders, vertices, rng),
        index=pd.Index(codes, name="deso", dtype="str"),
        crs="EPSG:3006",
    )
    return frame.sort_index()


def _sizes(areas: int) -> Ints:
    """Areas per municipality: log-normal with a capital of a tenth of the country."""
    if areas < 2000:
        parts = np.array_split(np.arange(areas), max(1, areas // 10))
        return np.array([len(part) for part in parts], dtype=np.int64)
    ranks = (np.arange(MUNICIPALITIES) + 0.5) / MUNICIPALITIES
    weights = np.exp(1.05 * _normal_quantiles(1 - ranks))
    weights[0] = 0.1 * weights[1:].sum()
    wanted = areas * weights / weights.sum()
    sizes = np.maximum(3, np.round(wanted)).astype(np.int64)
    sizes[0] += areas - sizes.sum()
    return sizes


def _normal_quantiles(shares: Floats) -> Floats:
    from scipy.special import ndtri

    return np.asarray(ndtri(shares))


def _points(sizes: Ints, rng: np.random.Generator) -> tuple[Floats, Ints, npt.NDArray[np.str_]]:
    """One point per area: two thirds in the town at its municipality's middle."""
    order = rng.permutation(len(sizes))
    middles = np.column_stack(
        [rng.uniform(0, WIDTH, len(sizes)), rng.uniform(0, HEIGHT, len(sizes))]
    )
    tree = cKDTree(middles)
    room = tree.query(middles, k=min(2, len(sizes)))[0].reshape(len(sizes), -1)[:, -1]
    room = np.where(room > 0, room, WIDTH / 2)
    owner = np.repeat(order, sizes)
    kind = rng.choice(["A", "B", "C"], size=len(owner), p=[0.2, 0.15, 0.65])
    points = np.empty((len(owner), 2))
    missing = np.arange(len(owner))
    while len(missing):
        town = kind[missing] == "C"
        spread = room[owner[missing]] * np.where(town, 0.12, 0.6)
        tries = middles[owner[missing]] + rng.normal(size=(len(missing), 2)) * spread[:, None]
        inside = (tries > 0).all(axis=1) & (tries < [WIDTH, HEIGHT]).all(axis=1)
        fits = inside & (tree.query(tries)[1] == owner[missing])
        points[missing[fits]] = tries[fits]
        missing = missing[~fits]
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[np.argsort(-middles[:, 1])] = np.arange(len(sizes))
    return points, rank[owner], kind


@dataclass(frozen=True)
class _Borders:
    """Straight borders: end points, and the cells on both sides (−1 is outside)."""

    start: Floats
    end: Floats
    pairs: Ints
    apex: Floats


def _borders(points: Floats) -> _Borders:
    """Voronoi ridges of the points and of their mirror images, which square the rim off."""
    n = len(points)
    mirrors = [points * [-1, 1], points * [1, -1]]
    mirrors += [points * [-1, 1] + [2 * WIDTH, 0], points * [1, -1] + [0, 2 * HEIGHT]]
    everything = np.concatenate([points, *mirrors])
    diagram = Voronoi(everything)
    ours = (diagram.ridge_points < n).any(axis=1)
    ends = np.asarray(diagram.ridge_vertices)[ours]
    cells = diagram.ridge_points[ours].astype(np.int64)
    return _Borders(
        start=diagram.vertices[ends[:, 0]],
        end=diagram.vertices[ends[:, 1]],
        pairs=np.where(cells < n, cells, -1),
        apex=everything[cells],
    )


def _polygons(
    points: Floats, borders: _Borders, vertices: int, rng: np.random.Generator
) -> npt.NDArray[np.object_]:
    sides = int((borders.pairs >= 0).sum())
    lines = _wiggle(borders, max(1, round(vertices / sides)), rng)
    long = np.linalg.norm(borders.end - borders.start, axis=1) >= SHORTEST
    border, side = np.nonzero(borders.pairs >= 0)
    cell = borders.pairs[border, side]
    centre = points[cell]
    out, back = borders.start[border] - centre, borders.end[border] - centre
    clockwise = out[:, 0] * back[:, 1] - out[:, 1] * back[:, 0] < 0
    towards = (out + back) / 2
    order = np.lexsort([np.arctan2(towards[:, 1], towards[:, 0]), cell])
    rows = np.where(clockwise[order, None, None], lines[border[order], ::-1], lines[border[order]])
    keep = np.ones(rows.shape[:2], dtype=bool)
    keep[:, -1] = False  # the next border begins there
    keep[~long[border[order]], 1:] = False
    rings = np.repeat(cell[order], keep.sum(axis=1))
    return np.asarray(shapely.polygons(shapely.linearrings(rows[keep] + CORNER, indices=rings)))


def _wiggle(borders: _Borders, steps: int, rng: np.random.Generator) -> Floats:
    """Each border as steps + 1 points: bent towards one cell, then towards the other."""
    along = np.linspace(0, 1, steps + 1)
    straight = borders.start[:, None] + along[:, None] * (borders.end - borders.start)[:, None]
    pull = (
        0.25
        * np.abs(np.sin(2 * np.pi * along))
        * rng.uniform(0.3, 1.0, size=(len(straight), steps + 1))
    )
    first = along < 0.5
    pull[:, np.isin(along, (0.0, 0.5, 1.0))] = 0.0
    if steps % 2:  # no point in the middle: the two before and after it hold the line
        pull[:, [steps // 2, steps // 2 + 1]] = 0.0
    apex = np.where(first[:, None], borders.apex[:, None, 0], borders.apex[:, None, 1])
    bent = straight + pull[:, :, None] * (apex - straight)
    bent[:, 0], bent[:, -1] = borders.start, borders.end
    return np.asarray(bent)


def _codes(municipality: Ints, kind: npt.NDArray[np.str_]) -> list[str]:
    """Codes such as 9012C0040: ten counties from north to south, areas numbered by tens."""
    share = -(-(int(municipality.max()) + 1) // COUNTIES)
    frame = pd.DataFrame({"municipality": municipality, "kind": kind})
    number = frame.groupby(["municipality", "kind"]).cumcount() + 1
    return [
        f"9{m // share}{m % share + 1:02d}{letter}{10 * place:04d}"
        for m, letter, place in zip(municipality, kind, number, strict=True)
    ]


def _counts(pairs: Ints, areas: int, rng: np.random.Generator) -> dict[str, Floats]:
    """Households by purchasing power: skewed, and alike among neighbours."""
    wealth = _smooth_noise(pairs, areas, rng)
    households = np.clip(rng.lognormal(6.6, 0.25, areas), 250, 1600).round()
    low_share = np.clip(0.2 * np.exp(-0.55 * wealth), 0.01, 0.9)
    high_share = np.clip(0.25 * np.exp(0.45 * wealth), 0.01, 0.9)
    low = rng.binomial(households.astype(np.int64), low_share).astype(float)
    rest = households - low
    high = rng.binomial(rest.astype(np.int64), np.minimum(high_share / (1 - low_share), 0.9))
    medium_low = rng.binomial((rest - high).astype(np.int64), 0.5)
    return {
        "households": households,
        "low": low,
        "medium_low": medium_low.astype(float),
        "medium_high": rest - high - medium_low,
        "high": high.astype(float),
        "population": (households * rng.uniform(1.7, 2.4, areas)).round(),
        "value": low / households,
    }


def _smooth_noise(pairs: Ints, areas: int, rng: np.random.Generator) -> Floats:
    from scipy import sparse

    inner = pairs[(pairs >= 0).all(axis=1)]
    links = sparse.coo_array((np.ones(len(inner)), inner.T), shape=(areas, areas))
    links = (links + links.T + sparse.eye_array(areas)).tocsr()
    degree = np.asarray(links.sum(axis=1)).ravel()
    noise = rng.normal(size=areas)
    smooth = rng.normal(size=areas)
    for _ in range(4):
        smooth = (links @ smooth) / degree
    return np.asarray(0.85 * smooth / max(smooth.std(), 1e-9) + 0.5 * noise)
