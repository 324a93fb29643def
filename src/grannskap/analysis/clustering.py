"""Test variables for clustering, over the scope; what is shown plays no part in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from grannskap import deso, notes
from grannskap.analysis.results import KEY, SHAPE, Clustering, Measured
from grannskap.catalogue import SHARES, kind
from grannskap.errors import ColumnError, DataError, ProjectError
from grannskap.measures import autocorrelation, neighbours
from grannskap.notes import Note

if TYPE_CHECKING:
    import geopandas as gpd

    from grannskap.analysis.options import Options
    from grannskap.dataset import Dataset
    from grannskap.project import AutocorrelationOptions

__all__ = ["in_year", "left_out", "measured", "notes_of", "tests"]

# The overall statistic that belongs to each local one.
_OVERALL: dict[str, Literal["moran", "geary", "g", "bivariate_moran"]] = {
    "moran": "moran",
    "bivariate_moran": "bivariate_moran",
    "join_counts": "moran",
    "geary": "geary",
    "g": "g",
    "g_star": "g",
}
_TOUCHING: tuple[Literal["queen", "rook"], ...] = ("queen", "rook")
_NEAREST = (4, 6, 8)
_ALPHAS = (0.01, 0.05, 0.1)
_BANDS = 10
_FEWEST = 3


def tests(areas: gpd.GeoDataFrame, dataset: Dataset, asked: Options) -> tuple[Clustering, ...]:
    """Test each variable for clustering; the graph is built once for all of them."""
    options = asked.autocorrelation
    variables = _variables(areas, options)
    if not variables:
        return ()
    tested = _tested(areas, options)
    graph = _graph(tested, dataset, options)
    town = Tested(tested, dataset, graph, neighbours.links(graph, tested.geometry))
    return tuple(_test(town, options, name) for name in variables)


@dataclass(frozen=True)
class Tested:
    """What every test shares: the areas of the scope, and who is next to whom."""

    areas: gpd.GeoDataFrame
    dataset: Dataset
    graph: neighbours.Neighbours
    links: gpd.GeoDataFrame


def _variables(areas: gpd.GeoDataFrame, options: AutocorrelationOptions) -> list[str]:
    """The variables that are asked for; both poles of low income where nothing is."""
    if "variable" in options.model_fields_set:
        return options.variable
    return [name for name in options.variable if name in areas.columns]


def _test(town: Tested, options: AutocorrelationOptions, variable: str) -> Clustering:
    areas, graph = town.areas, town.graph
    values, other = _values(areas, options, variable), _around(areas, options)
    municipality = areas["municipality"] if options.within else None
    scatter = autocorrelation.scatter(values, graph, within=municipality)
    return Clustering(
        variable=variable,
        neighbours=graph,
        description=neighbours.describe(graph),
        overall=None if options.within else _overall(values, other, graph, options),
        local=_local(values, other, graph, municipality, options),
        scatter=scatter,
        slope=float(scatter.attrs["parameters"]["slope"]),
        links=town.links,
        within=_within(values, other, graph, areas["municipality"], options),
        sensitivity=_sensitivity(values, other, town, options) if options.sensitivity else None,
        correlogram=_correlogram(values, areas, options)
        if options.correlogram and not options.within
        else None,
    )


def _local(
    values: pd.Series[Any],
    other: pd.Series[Any] | None,
    graph: neighbours.Neighbours,
    municipality: pd.Series[Any] | None,
    options: AutocorrelationOptions,
) -> pd.DataFrame:
    return autocorrelation.local(
        values,
        graph,
        statistic=options.statistic,
        other=other,
        inference=options.inference,
        permutations=options.permutations,
        seed=options.seed,
        alpha=options.fdr,
        correction=options.correction,
        alternative=options.alternative,
        within=municipality,
    )


def in_year(
    clustering: Clustering, areas: gpd.GeoDataFrame, options: AutocorrelationOptions
) -> pd.DataFrame | None:
    """Test the areas of a test once more, with the values of another year.

    `areas` are all areas of that year; None where they do not tell of what is tested.
    """
    used = (clustering.variable, *([options.around] if options.around else ()))
    tested = areas.loc[clustering.local.index]
    if any(name not in tested or tested[name].notna().sum() < _FEWEST for name in used):
        return None
    values, other = _values(tested, options, clustering.variable), _around(tested, options)
    municipality = tested["municipality"] if options.within else None
    return _local(values, other, clustering.neighbours, municipality, options)


def _overall(
    values: pd.Series[Any],
    other: pd.Series[Any] | None,
    graph: neighbours.Neighbours,
    options: AutocorrelationOptions,
) -> autocorrelation.Overall:
    """The statistic of all areas together; within municipalities it would mix what is not."""
    return autocorrelation.overall(
        values,
        graph,
        statistic=_OVERALL[options.statistic],
        other=other,
        permutations=options.permutations,
        seed=options.seed,
        alternative=options.alternative,
    )


def _tested(areas: gpd.GeoDataFrame, options: AutocorrelationOptions) -> gpd.GeoDataFrame:
    scope = deso.COUNTRY if options.scope is None else options.scope
    tested = areas[deso.in_scope(areas.index, scope)]
    if len(tested) < _FEWEST:
        raise DataError("too few areas to test", {"count": len(tested), "scope": scope})
    return tested


def _values(
    areas: gpd.GeoDataFrame, options: AutocorrelationOptions, variable: str
) -> pd.Series[Any]:
    if not options.empirical_bayes:
        return _column(areas, variable)
    if variable not in SHARES:
        raise ProjectError(
            "no share for empirical Bayes", {"shares": list(SHARES), "name": variable}
        )
    share = SHARES[variable]
    _column(areas, variable)
    return autocorrelation.rates.empirical_bayes(areas[share.part], areas[share.base])


def _around(areas: gpd.GeoDataFrame, options: AutocorrelationOptions) -> pd.Series[Any] | None:
    return None if options.around is None else _column(areas, options.around)


def _column(areas: gpd.GeoDataFrame, name: str) -> pd.Series[Any]:
    if name not in areas.columns:
        known = [c.removesuffix("_status") for c in areas.columns if c.endswith("_status")]
        raise ColumnError("no such variable to test", {"name": name, "known": known})
    values: pd.Series[Any] = areas[name].astype(float)
    return values


def _within(
    values: pd.Series[Any],
    other: pd.Series[Any] | None,
    graph: neighbours.Neighbours,
    municipality: pd.Series[Any],
    options: AutocorrelationOptions,
) -> pd.DataFrame | None:
    """Each municipality by itself, when the project compares within them only."""
    if options.within is None:
        return None
    return autocorrelation.overall_within(
        values,
        graph,
        municipality,
        statistic=_OVERALL[options.statistic],
        other=other,
        permutations=options.permutations,
        seed=options.seed,
        alpha=options.fdr,
        correction=options.correction,
        alternative=options.alternative,
    )


def _sensitivity(
    values: pd.Series[Any],
    other: pd.Series[Any] | None,
    town: Tested,
    options: AutocorrelationOptions,
) -> pd.DataFrame:
    """The same clusters under other neighbourhoods and levels; the project's own come first."""
    tested, graphs = town.areas, {"project": town.graph}
    for touching in (one for one in _TOUCHING if one != options.neighbours.kind):
        rule = neighbours.Rule(touching, tolerance=options.neighbours.tolerance)
        graphs[touching] = neighbours.find(tested.geometry, rule)
    own = options.neighbours.k if options.neighbours.kind == "knn" else None
    for k in (k for k in _NEAREST if k != own):
        rule = neighbours.Rule("knn", k=min(k, len(tested) - 1))
        graphs[f"knn {k}"] = neighbours.find(tested.geometry, rule)
    return autocorrelation.sensitivity(
        values,
        graphs,
        alphas=list(dict.fromkeys([options.fdr, *_ALPHAS])),
        seeds=[options.seed, options.seed + 1, options.seed + 2],
        statistic=options.statistic,
        other=other,
        inference=options.inference,
        permutations=options.permutations,
        correction=options.correction,
        alternative=options.alternative,
        within=tested["municipality"] if options.within else None,
    )


def _correlogram(
    values: pd.Series[Any], tested: gpd.GeoDataFrame, options: AutocorrelationOptions
) -> pd.DataFrame:
    """Ten bands up to a third of the way across, their bounds rounded to two digits."""
    west, south, east, north = tested.total_bounds
    reach = np.hypot(east - west, north - south) / 3
    step = float(f"{reach / _BANDS:.2g}")
    return autocorrelation.correlogram(
        values,
        tested.geometry,
        bands=[step * i for i in range(_BANDS + 1)],
        permutations=options.permutations,
        seed=options.seed,
    )


def _graph(
    areas: gpd.GeoDataFrame, dataset: Dataset, asked: AutocorrelationOptions
) -> neighbours.Neighbours:
    options = asked.neighbours
    rule = neighbours.Rule(
        options.kind,
        k=options.k,
        threshold=options.threshold,
        bandwidth=options.bandwidth,
        tolerance=options.tolerance,
    )
    return neighbours.find(
        areas.geometry,
        rule,
        land=dataset.land,
        bridges=options.bridges,
        attach_isolates=options.attach_isolates,
    )


def measured(tested: tuple[Clustering, ...], year: int) -> dict[str, Measured]:
    """What each test found by area, in the one shape: ``"clusters_<variable>"``."""
    found = {}
    for clustering in tested:
        local = clustering.local
        there = local["p"].notna()
        table = pd.DataFrame(
            {
                "estimate": local["statistic"],
                "p": local["p"],
                "q": local["q"],
                "areas": there.astype(int),
                "areas_missing": (~there).astype(int),
                "status": local["cluster"].astype(str),
            }
        ).reindex(columns=list(SHAPE))
        table.index = pd.MultiIndex.from_product(
            [["area"], local.index.astype(object), [year], ["all"]], names=KEY
        )
        found[f"clusters_{clustering.variable}"] = Measured(
            f"clusters_{clustering.variable}",
            table,
            unit=kind(clustering.variable),
            model="random rearrangement of the other areas",
            parameters=dict(local.attrs.get("parameters", {})),
        )
    return found


def left_out(options: AutocorrelationOptions) -> tuple[Note, ...]:
    """Say what was asked for and not made: distances that cross the borders of municipalities."""
    if not (options.within and options.correlogram):
        return ()
    return (Note("correlogram left out"),)


def notes_of(clustering: Clustering) -> tuple[Note, ...]:
    """Return every note of a test: of each area, of all, by municipality, in other settings."""
    tables = (clustering.within, clustering.sensitivity)
    more = [note for table in tables if table is not None for note in notes.of(table)]
    overall = () if clustering.overall is None else clustering.overall.notes
    return (*notes.of(clustering.local), *overall, *more)
