"""The made-up town's ground: water, localities, and borders that neighbours share exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from grannskap.datasets.borders import trace

__all__ = ["ISLAND", "KM", "LOCALITIES", "ORIGIN", "Ground", "make"]

Points = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

ORIGIN = (700_000, 6_850_000)
"""The town hall in EPSG:3006: open water in the Bothnian Sea, where no town lies."""

KM = 1000.0

LOCALITIES = {"Hittebruk": (-6.9, -3.9), "Sagosund": (6.6, 3.6), "Drömsta": (-3.9, 7.2)}
"""Small localities (kind B) and where they lie, in km east and north of the town hall."""

ISLAND = (6.9, -4.7)
"""The middle of the island in the bay, in km."""

_GOLDEN = np.pi * (3 - np.sqrt(5))
_WATER, _RURAL, _LOCALITY, _TOWN = -1, 0, 1, 2
_KINDS = {_RURAL: "A", _LOCALITY: "B", _TOWN: "C"}
_AREAS = {_RURAL: 13, _LOCALITY: 10, _TOWN: 67}
_SMALLEST = 5  # atoms; a smaller piece is given to its surroundings


@dataclass(frozen=True)
class Ground:
    """Polygons and kinds, in an order that the seed alone decides.

    Attributes
    ----------
    rings : list of list of numpy.ndarray
        Per area its rings, the outer one first, in whole metres of EPSG:3006.
    kinds : list of str
        A, B or C per area.
    """

    rings: list[list[npt.NDArray[np.int64]]]
    kinds: list[str]


def make(seed: int) -> Ground:
    """Make the polygons of the made-up municipality.

    The plane is cut into some 2,000 atoms (Voronoi cells, small where people live close),
    atoms are gathered into areas along the shortest noisy paths, and only borders between
    areas are kept, wiggled once each, so that both sides agree to the metre.

    Parameters
    ----------
    seed : int
        Decides atoms, areas and wiggles.

    Returns
    -------
    Ground
        Rings and kinds of some 90 areas.

    Examples
    --------
    >>> made = make(2017)
    >>> sorted(set(made.kinds)), len(made.kinds) == len(made.rings)
    (['A', 'B', 'C'], True)
    """
    from scipy.spatial import Voronoi

    rng = np.random.default_rng(seed)
    atoms = _atoms(rng)
    diagram = Voronoi(atoms)
    pairs = np.sort(diagram.ridge_points, axis=1).astype(np.int64)
    ends = np.asarray(diagram.ridge_vertices, dtype=np.int64)
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    pairs, ends = pairs[order], ends[order]
    kinds = _tidy(_kinds(atoms), pairs)
    areas = _areas(atoms, pairs, kinds, rng)
    rings = trace(atoms, diagram.vertices, pairs, ends, areas, rng=rng, origin=ORIGIN)
    first = [int(np.flatnonzero(areas == area)[0]) for area in range(len(rings))]
    return Ground(rings=rings, kinds=[_KINDS[int(kinds[atom])] for atom in first])


def _atoms(rng: np.random.Generator) -> Points:
    """Points in km: a dense town, three localities, an island, and wide country."""
    town = _spiral(1080, 5.2, 0.76, (0.0, 0.0), rng)
    small = [_spiral(64, 1.6, 0.6, middle, rng) for middle in LOCALITIES.values()]
    island = _spiral(90, 1.8, 0.5, ISLAND, rng)
    wide = _spiral(1250, 15.5, 0.5, (0.0, 0.0), rng)
    close = np.hypot(wide[:, 0], wide[:, 1]) < 5.2
    for middle, radius in [*((at, 1.7) for at in LOCALITIES.values()), (ISLAND, 1.85)]:
        close |= np.hypot(wide[:, 0] - middle[0], wide[:, 1] - middle[1]) < radius
    return np.concatenate([town, *small, island, wide[~close]])


def _spiral(
    count: int,
    radius: float,
    power: float,
    middle: tuple[float, float],
    rng: np.random.Generator,
) -> Points:
    """Evenly spread points, denser inwards for powers above a half (Vogel's sunflower)."""
    turn = np.arange(count) + 0.5
    away = radius * (turn / count) ** power
    spacing = away * np.sqrt(2 * np.pi * power / turn)
    angle = turn * _GOLDEN + rng.random() * 2 * np.pi
    shake = (rng.random((count, 2)) - 0.5) * 0.62 * spacing[:, None]
    spread = away[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    result: Points = spread + shake + np.asarray(middle)
    return result


def _kinds(atoms: Points) -> Labels:
    """Water, rural, locality or town per atom."""
    x, y = atoms.T
    kinds = np.full(len(atoms), _RURAL, dtype=np.int64)
    for middle in LOCALITIES.values():
        kinds[_inside(atoms, middle, _locality_edge)] = _LOCALITY
    kinds[_inside(atoms, (0.0, 0.0), _town_edge)] = _TOWN
    kinds[_in_bay(atoms) | (((x + 11.2) / 3.6) ** 2 + ((y - 2.4) / 1.6) ** 2 < 1)] = _WATER
    kinds[_inside(atoms, ISLAND, _sound_edge)] = _WATER
    kinds[_inside(atoms, ISLAND, _island_edge)] = _RURAL
    kinds[~_inside(atoms * [0.86, 1.0], (0.0, 0.0), _outline)] = _WATER
    return kinds


def _inside(
    atoms: Points, middle: tuple[float, float], edge: Callable[[Points], Points]
) -> npt.NDArray[np.bool_]:
    x, y = (atoms - np.asarray(middle)).T
    inside: npt.NDArray[np.bool_] = np.hypot(x, y) < edge(np.arctan2(y, x))
    return inside


def _outline(angle: Points) -> Points:
    wave = 0.10 * np.sin(2 * angle + 0.9) + 0.07 * np.sin(3 * angle + 0.4)
    return 9.3 * (1 + wave + 0.045 * np.sin(5 * angle + 2) + 0.03 * np.sin(9 * angle))


def _town_edge(angle: Points) -> Points:
    wave = 0.10 * np.sin(2 * angle - 0.6) + 0.09 * np.sin(3 * angle + 1.0)
    return 4.0 * (1 + wave + 0.08 * np.sin(5 * angle + 0.3) + 0.05 * np.sin(11 * angle))


def _locality_edge(angle: Points) -> Points:
    return 1.0 * (1 + 0.18 * np.sin(2 * angle + 0.5) + 0.12 * np.sin(3 * angle))


def _island_edge(angle: Points) -> Points:
    return 0.72 * (1 + 0.25 * np.sin(2 * angle + 1.1) + 0.12 * np.sin(3 * angle))


def _sound_edge(angle: Points) -> Points:
    return _island_edge(angle) + 0.5


def _in_bay(atoms: Points) -> npt.NDArray[np.bool_]:
    """The bay that reaches from the open sea in the south-east to the quays."""
    along = np.linspace(0, 1, 160)
    line = np.column_stack(
        [0.55 + 15.5 * along, -0.75 - 10.5 * along**1.15 + 0.55 * np.sin(9 * along)]
    )
    half = 0.15 + 2.7 * along**0.9 + 0.12 * np.sin(31 * along) * np.minimum(1, 4 * along)
    away = np.hypot(*(atoms[:, None, :] - line[None, :, :]).transpose(2, 0, 1))
    inside: npt.NDArray[np.bool_] = (away < half).any(axis=1)
    return inside


def _tidy(kinds: Labels, pairs: Labels) -> Labels:
    """Give pieces that are too small to be an area to what surrounds them."""
    kinds = kinds.copy()
    for _ in range(3):
        pieces = _pieces(kinds, pairs)
        sizes = np.bincount(pieces)
        for piece in np.flatnonzero(sizes < _SMALLEST):
            here = pieces == piece
            touching = np.concatenate(
                [pairs[here[pairs[:, 0]], 1], pairs[here[pairs[:, 1]], 0]],
            )
            around = kinds[touching[~here[touching]]]
            land = around[around != _WATER]
            kinds[here] = np.bincount(land).argmax() if len(land) else _WATER
    return kinds


def _pieces(kinds: Labels, pairs: Labels) -> Labels:
    """Label the connected pieces of one kind."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    same = pairs[kinds[pairs[:, 0]] == kinds[pairs[:, 1]]]
    links = coo_array((np.ones(len(same)), _short(same.T)), shape=(len(kinds), len(kinds)))
    labels: Labels = connected_components(links, directed=False)[1].astype(np.int64)
    return labels


def _areas(atoms: Points, pairs: Labels, kinds: Labels, rng: np.random.Generator) -> Labels:
    """Gather atoms into areas: the nearest seed along noisy paths, seeds moved to the middle."""
    from scipy.sparse import coo_array

    length = np.hypot(*(atoms[pairs[:, 0]] - atoms[pairs[:, 1]]).T)
    length = length * (0.55 + 0.9 * rng.random(len(length)))
    same = (kinds[pairs[:, 0]] == kinds[pairs[:, 1]]) & (kinds[pairs[:, 0]] != _WATER)
    size = (len(atoms), len(atoms))
    paths = coo_array((length[same], _short(pairs[same].T)), shape=size).tocsr()
    seeds = _seeds(kinds, _pieces(kinds, pairs), rng)
    for _ in range(12):
        nearest = _nearest(paths, seeds)
        seeds = np.array([_middle(atoms, np.flatnonzero(nearest == seed)) for seed in seeds])
    nearest = _nearest(paths, seeds)
    areas = np.full(len(atoms), -1, dtype=np.int64)
    for number, seed in enumerate(seeds):
        areas[nearest == seed] = number
    return areas


def _seeds(kinds: Labels, pieces: Labels, rng: np.random.Generator) -> Labels:
    """One seed or more in each piece of land, as many as its atoms call for."""
    seeds: list[Labels] = []
    for kind, wanted in _AREAS.items():
        per_area = (kinds == kind).sum() / wanted
        for piece in np.unique(pieces[kinds == kind]):
            members = np.flatnonzero(pieces == piece)
            count = max(1, round(len(members) / per_area))
            step = len(members) / count
            seeds.append(
                members[
                    ((np.arange(count) + 0.2 + 0.6 * rng.random(count)) * step).astype(np.int64)
                ]
            )
    return np.concatenate(seeds)


def _nearest(paths: Any, seeds: Labels) -> Labels:  # noqa: ANN401 - a sparse array
    from scipy.sparse.csgraph import dijkstra

    _, _, sources = dijkstra(
        paths, directed=False, indices=_short(seeds), min_only=True, return_predecessors=True
    )
    nearest: Labels = sources.astype(np.int64)
    return nearest


def _middle(atoms: Points, members: Labels) -> int:
    away = np.hypot(*(atoms[members] - atoms[members].mean(axis=0)).T)
    return int(members[away.argmin()])


def _short(numbers: Labels) -> npt.NDArray[np.int32]:
    """Give 32 bits to what goes into a graph: older SciPy takes no others."""
    return numbers.astype(np.int32)
