"""Segregation by scale: the people nearest to each area, and how far it is to the town's mix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from grannskap.errors import DataError
from grannskap.notes import Note, of, with_notes

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt
    from libpysal.graph import Graph

    from grannskap.measures.segregation.formulas import Floats

    Ints = npt.NDArray[np.int64]

__all__ = ["distortion", "nearest", "profile", "spatial"]

ROWS = 64
"""Areas that are sorted outward from at once: a table of so many rows is held for each group."""

ALIKE = 0.01
"""Nats of divergence (a hundredth) within which a mix is taken for the town's."""


def distortion(
    counts: pd.DataFrame, points: gpd.GeoSeries, *, within: float = ALIKE
) -> pd.DataFrame:
    r"""How distorted the town looks from each area, 0–1, and how far off it looks as it is.

    Walking outward from an area, the people met so far have at first another mix than the town.
    With :math:`K_i(f)` the Kullback–Leibler divergence of the mix of the nearest share f of the
    people from the town's, the focal distance :math:`\delta_i(c)` is the share after which it
    stays at or below c, and the coefficient is :math:`\int_0^\infty \delta_i(c)\,dc = \int_0^1
    \max_{f' \ge f} K_i(f')\,df`, over the largest that any town of the same groups could have:
    one in which the groups live apart, seen by whoever lives farthest inside the smallest.

    Parameters
    ----------
    counts : pandas.DataFrame of float
        A column per group, on ``deso``; an area where a count is missing is left out.
    points : geopandas.GeoSeries
        A point (or a polygon, taken at a point inside it) of each area, in metres.
    within : float
        The divergence in nats at which a mix is taken for the town's.

    Returns
    -------
    pandas.DataFrame
        On the index of `counts`: ``distortion`` (0–1); ``people_until`` and ``metres_until``, how
        many people and how far it is before the mix stays within `within`: 0 where it does so
        from the start; and ``lean``, how much larger the first group's share is among those met
        than in the town, on average over the walk (−1 … 1). NaN where a count is missing. Areas
        at one distance are met together.

    Raises
    ------
    DataError
        When a group is empty or there is one alone, points are missing or not in metres, or a
        count is negative.

    References
    ----------
    Olteanu, M., Randon-Furling, J. and Clark, W. A. V. (2019). Segregation through the
    multiscalar lens. *PNAS* 116, 12250–12254. PySAL's ``LocalDistortion`` sums the divergence
    itself, which is less where a walk leaves the town's mix again, and has no normalisation.

    Examples
    --------
    >>> import geopandas as gpd
    >>> row = gpd.GeoSeries(gpd.points_from_xy([0, 100, 200, 300], [0] * 4), crs="EPSG:3006",
    ...                     index=["a", "b", "c", "d"])
    >>> groups = pd.DataFrame({"low": [9, 9, 1, 1], "high": [1, 1, 9, 9]}, index=row.index)
    >>> distortion(groups, row)["distortion"].round(2).tolist()
    [0.47, 0.27, 0.27, 0.47]
    """
    town = _taken(counts, points)
    whole = town.counts.sum(axis=1) / town.counts.sum()
    if len(whole) < 2 or (whole <= 0).any():
        raise DataError("groups without people", {"groups": [str(name) for name in counts.columns]})
    largest = _largest(whole)
    table = pd.DataFrame(
        np.nan, index=counts.index, columns=["distortion", "people_until", "metres_until", "lean"]
    )
    rows = []
    for order, metres in _outward(town):
        met = town.counts.take(order, axis=1).cumsum(axis=2)
        people = met.sum(axis=0)
        ends = _ends(metres)
        ahead = _worst_ahead(_divergence(met, people, whole), ends)
        steps = np.diff(people, axis=1, prepend=0.0) / people[:, -1:]
        far = ahead > within
        rows.append(
            np.column_stack(
                [
                    (ahead * steps).sum(axis=1) / largest,
                    _reached(people, far),
                    _reached(metres, far),
                    _lean(met[0], people, ends) - whole[0],
                ]
            )
        )
    table.loc[town.index] = np.concatenate(rows)
    return with_notes(table, _notes(counts, town))


def nearest(
    counts: pd.DataFrame, points: gpd.GeoSeries, *, people: Sequence[float]
) -> pd.DataFrame:
    """Share of each group among the people nearest to each area, 0–1.

    Parameters
    ----------
    counts, points
        As for `distortion`. Each area's people stand at its point; of the area that holds the
        last of the people as many are taken as are needed, with its own mix.
    people : sequence of float
        How many people each surrounding holds; those who live in the area itself are among them.

    Returns
    -------
    pandas.DataFrame
        On the index of `counts`, columns (people, group); NaN where a count is missing or the
        town has fewer people. Neighbouring rows share most of their people: such a surface is
        autocorrelated by its making, and a test of that says nothing.

    References
    ----------
    Östh, J., Malmberg, B. and Andersson, E. (2014). Analysing segregation using individualised
    neighbourhoods. In *Social-Spatial Segregation*. Policy Press.

    Examples
    --------
    >>> import geopandas as gpd
    >>> row = gpd.GeoSeries(gpd.points_from_xy([0, 100, 200], [0] * 3), crs="EPSG:3006",
    ...                     index=["a", "b", "c"])
    >>> groups = pd.DataFrame({"low": [8, 5, 2], "high": [2, 5, 8]}, index=row.index)
    >>> nearest(groups, row, people=[10, 20])[[(10, "low"), (20, "low")]].values.tolist()
    [[0.8, 0.65], [0.5, 0.5], [0.2, 0.35]]
    """
    town = _taken(counts, points)
    wanted = [float(number) for number in people]
    if not wanted or min(wanted) <= 0:
        raise DataError("no number of nearest people", {"people": wanted})
    columns = pd.MultiIndex.from_product([wanted, counts.columns], names=["people", "group"])
    table = pd.DataFrame(np.nan, index=counts.index, columns=columns)
    rows = []
    for order, metres in _outward(town):
        met = np.insert(town.counts.take(order, axis=1).cumsum(axis=2), 0, 0.0, axis=2)
        ends = np.insert(_ends(metres), 0, values=True, axis=1)
        rows.append(_shares_of_nearest(met, ends, np.array(wanted)))
    table.loc[town.index] = np.concatenate(rows)
    return with_notes(table, _notes(counts, town))


def profile(
    counts: pd.DataFrame, points: gpd.GeoSeries, *, people: Sequence[float]
) -> pd.DataFrame:
    r"""Measures of segregation by how many of the nearest people are each one's surroundings, 0–1.

    Each person's surroundings are the people nearest to the area he or she lives in. With
    :math:`\tilde p_{ig}` a group's share there: spatial dissimilarity :math:`\sum t_i
    |\tilde p_{ig} - P_g| / (2 T I)`, spatial information theory index :math:`1 - \sum t_i
    \tilde E_i / (T E)` (Reardon and O'Sullivan 2004), and the isolation of the first two groups,
    :math:`\sum (x_i/X) \tilde p_{i1}` of the first.

    Parameters
    ----------
    counts, points, people
        As for `nearest`.

    Returns
    -------
    pandas.DataFrame
        A row per number of people: ``dissimilarity``, ``theil_h``, ``isolation``,
        ``isolation_of_second``, and ``areas`` with surroundings of so many.

    Raises
    ------
    DataError
        As `nearest`, and when there is one group alone.

    Examples
    --------
    >>> import geopandas as gpd
    >>> row = gpd.GeoSeries(gpd.points_from_xy([0, 100, 200], [0] * 3), crs="EPSG:3006",
    ...                     index=["a", "b", "c"])
    >>> groups = pd.DataFrame({"low": [8, 5, 2], "high": [2, 5, 8]}, index=row.index)
    >>> profile(groups, row, people=[10, 30])["dissimilarity"].round(2).tolist()
    [0.4, 0.0]
    """
    if counts.shape[1] < 2:
        raise DataError("one group alone", {"groups": [str(name) for name in counts.columns]})
    shares = nearest(counts, points, people=people)
    rows = {}
    for number in shares.columns.unique("people"):
        around = shares.loc[:, [number]].droplevel("people", axis=1)
        known = around.notna().all(axis=1)
        own, near = (frame[known].to_numpy(dtype=float).T for frame in (counts, around))
        rows[float(number)] = {**_spatial(own, near), "areas": float(known.sum())}
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("people")
    return with_notes(table, of(shares))


def spatial(counts: pd.DataFrame, graph: Graph) -> pd.Series[Any]:
    r"""Measures of segregation where each area's surroundings are itself and its neighbours, 0–1.

    With weights w (1 of the area itself), :math:`\tilde p_{ig} = \sum_j w_{ij} t_{jg} / \sum_j
    w_{ij} t_j`, and the measures of `profile`. They lie below those of the areas by themselves, by
    how alike neighbours are.

    Parameters
    ----------
    counts : pandas.DataFrame of float
        A column per group, on ``deso``; an area where a count is missing is left out, also as a
        neighbour.
    graph : libpysal.graph.Graph
        Who is next to whom, over the same areas at least.

    Returns
    -------
    pandas.Series of float
        ``dissimilarity``, ``theil_h``, ``isolation``, ``isolation_of_second`` and ``areas``.

    Raises
    ------
    DataError
        When there is one group alone, a count is negative, or an area is not in the graph.

    References
    ----------
    Reardon, S. F. and O'Sullivan, D. (2004). Measures of spatial segregation. *Sociological
    Methodology* 34.

    Examples
    --------
    >>> from libpysal.graph import Graph
    >>> row = Graph.from_arrays(["a", "b", "b", "c"], ["b", "a", "c", "b"], [1, 1, 1, 1])
    >>> groups = pd.DataFrame({"low": [8, 5, 2], "high": [2, 5, 8]}, index=["a", "b", "c"])
    >>> float(spatial(groups, row)["dissimilarity"].round(3))
    0.2
    """
    if counts.shape[1] < 2:
        raise DataError("one group alone", {"groups": [str(name) for name in counts.columns]})
    absent = counts.index.difference(graph.unique_ids)
    values = counts.astype("float64")
    wrong = ((values < 0) | np.isinf(values)).any(axis=1)
    if wrong.any() or len(absent):
        areas = [str(area) for area in counts.index[wrong].union(absent)]
        raise DataError("counts or places missing", {"areas": areas})
    known = values[values.notna().all(axis=1)].sort_index()
    links = graph.adjacency[graph.adjacency > 0].rename("weight").reset_index()
    links = links[links["focal"].isin(known.index) & links["neighbor"].isin(known.index)]
    links = links[links["focal"] != links["neighbor"]]
    met = known.loc[links["neighbor"]].mul(links["weight"].to_numpy(), axis=0)
    sums = met.groupby(links["focal"].to_numpy()).sum().reindex(known.index, fill_value=0.0)
    around = known + sums
    people = around.sum(axis=1)
    near = around.div(people.where(people > 0), axis=0).fillna(0.0)
    found = _spatial(known.to_numpy().T, near.to_numpy().T)
    told = pd.Series({**found, "areas": float(len(known))})
    gone = counts.index.difference(known.index)
    values_told = {"areas": len(gone), "of": "evenness"}
    notes = [Note("areas without counts", values_told, tuple(map(str, gone)))] if len(gone) else []
    return with_notes(told, notes)


def _spatial(own: Floats, near: Floats) -> dict[str, float]:
    from scipy.special import entr

    sizes, whole = own.sum(axis=0), own.sum()
    if whole == 0:
        return dict.fromkeys(_OF_SURROUNDINGS, np.nan)
    town = own.sum(axis=1) / whole
    apart = (sizes * np.abs(near - town[:, None])).sum()
    inside, mix = (sizes * entr(near).sum(axis=0)).sum(), entr(town).sum()
    met, members = (own * near).sum(axis=1), own.sum(axis=1)
    found = (
        _ratio(apart, 2 * whole * (town * (1 - town)).sum()),
        round(1 - _ratio(inside, whole * mix), 14),  # where all are alike, 0 and not its error
        *(_ratio(met[group], members[group]) for group in (0, 1)),
    )
    return dict(zip(_OF_SURROUNDINGS, found, strict=True))


_OF_SURROUNDINGS = ("dissimilarity", "theil_h", "isolation", "isolation_of_second")


def _ratio(above: float, below: float) -> float:
    return float(above / below) if below > 0 else float("nan")


@dataclass(frozen=True)
class _Town:
    """Areas with counts, sorted by code: (groups, areas), where they lie, and their codes."""

    counts: Floats
    places: Floats
    index: pd.Index[Any]


def _taken(counts: pd.DataFrame, points: gpd.GeoSeries) -> _Town:
    import shapely

    if points.crs is None or not points.crs.is_projected:
        raise DataError("polygons not in metres", {"crs": str(points.crs)})
    values = counts.astype("float64")
    wrong = ((values < 0) | np.isinf(values)).any(axis=1)
    shapes = points.reindex(counts.index)
    wrong |= shapes.isna() | shapes.is_empty
    if wrong.any():
        areas = [str(area) for area in counts.index[wrong]]
        raise DataError("counts or places missing", {"areas": areas})
    known = values[values.notna().all(axis=1)].sort_index()
    inside = shapely.point_on_surface(shapes.reindex(known.index).to_numpy())
    return _Town(known.to_numpy().T, shapely.get_coordinates(inside), known.index)


def _outward(town: _Town) -> Iterator[tuple[Ints, Floats]]:
    """Yield, for some areas at a time, all areas in order of distance, and the distances.

    Areas as far away come in any order: they are met together.
    """
    for start in range(0, len(town.places), ROWS):
        here = town.places[start : start + ROWS]
        apart = np.hypot(*(here[:, None] - town.places[None]).transpose(2, 0, 1))
        order = np.argsort(apart, axis=1)
        yield order, np.take_along_axis(apart, order, axis=1)


def _divergence(met: Floats, people: Floats, whole: Floats) -> Floats:
    """Return the divergence of the mix of those met from the town's, in nats."""
    found = np.zeros_like(people)
    for group, share in zip(met, whole, strict=True):
        held = np.divide(group, people, out=np.zeros_like(people), where=people > 0)
        times = held / share
        found += held * np.log(times, out=times, where=times > 0)  # a third of the cost of xlogy
    return found


def _ends(metres: Floats) -> npt.NDArray[np.bool_]:
    """Tell which steps are the last at their distance: areas as far away are met together."""
    ends = np.ones(metres.shape, dtype=bool)
    ends[:, :-1] = metres[:, 1:] > metres[:, :-1]
    return ends


def _worst_ahead(divergence: Floats, ends: npt.NDArray[np.bool_]) -> Floats:
    """Return the largest divergence from each step on."""
    told = np.where(ends, divergence, -np.inf)
    ahead: Floats = np.maximum.accumulate(told[:, ::-1], axis=1)[:, ::-1]
    return ahead


def _reached(steps: Floats, far: npt.NDArray[np.bool_]) -> Floats:
    """Return the value of the last step that is too far from the town's mix, 0 without one."""
    last = far.sum(axis=1) - 1  # the steps that are too far come first
    found: Floats = np.where(last >= 0, steps[np.arange(len(steps)), np.maximum(last, 0)], 0.0)
    return found


def _lean(met: Floats, people: Floats, ends: npt.NDArray[np.bool_]) -> Floats:
    """Return the mean over the walk of one group's share among those met, told at each distance."""
    at = np.where(ends, np.arange(ends.shape[1]), ends.shape[1])
    following = np.minimum.accumulate(at[:, ::-1], axis=1)[:, ::-1]
    share = np.divide(met, people, out=np.zeros_like(met), where=people > 0)
    told = np.take_along_axis(share, following, axis=1)
    steps = np.diff(people, axis=1, prepend=0.0) / people[:, -1:]
    mean: Floats = (told * steps).sum(axis=1)
    return mean


def _shares_of_nearest(met: Floats, ends: npt.NDArray[np.bool_], wanted: Floats) -> Floats:
    """Return shares of shape (areas, wanted × groups), from counts cumulated outward from 0."""
    people = met.sum(axis=0)
    found = np.full((people.shape[0], len(wanted), met.shape[0]), np.nan)
    for row, reached in enumerate(people):
        enough = wanted <= reached[-1] * (1 + 1e-12)
        for group in range(met.shape[0]):
            held = np.interp(wanted[enough], reached[ends[row]], met[group, row, ends[row]])
            found[row, enough, group] = held / wanted[enough]
    return found.reshape(len(people), -1)


def _largest(whole: Floats) -> float:
    """Return the integral of the divergence where the groups are met one after the other.

    Of a group with share s, met after the share b, it is that of (−b ln f + u f ln (u / s)) / f
    over f from b to b + s, with u = 1 − b / f: a dilogarithm.
    """
    ordered = np.sort(whole)
    before = ordered.cumsum() - ordered
    total = -float(ordered[0] * np.log(ordered[0]))
    for share, b in zip(ordered[1:], before[1:], strict=True):
        met = float(_of_group(share / (b + share), share) - _of_group(0.0, share))
        total += b * (met - (np.log(b + share) ** 2 - np.log(b) ** 2) / 2)
    return total


def _of_group(u: float, share: float) -> float:
    from scipy.special import spence, xlogy

    rest = np.log1p(-u)
    return float(xlogy(u, u) / (1 - u) + rest - spence(u) - np.log(share) * (1 / (1 - u) + rest))


def _notes(counts: pd.DataFrame, town: _Town) -> list[Note]:
    gone = counts.index.difference(town.index)
    if gone.empty:
        return []
    values = {"areas": len(gone), "of": "evenness"}
    return [Note("areas without counts", values, tuple(map(str, gone)))]
