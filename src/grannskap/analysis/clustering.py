"""Test the project's variable for clustering, over its scope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from grannskap import deso
from grannskap.analysis.result import Clustering
from grannskap.catalogue import SHARES
from grannskap.errors import ColumnError, DataError, ProjectError, few
from grannskap.measures import autocorrelation, neighbours
from grannskap.sources import boundaries

if TYPE_CHECKING:
    import geopandas as gpd
    from libpysal.graph import Graph

    from grannskap.project import AutocorrelationOptions, Project

__all__ = ["joined", "test"]

# The overall statistic that belongs to each local one.
_OVERALL: dict[str, Literal["moran", "bivariate_moran", "geary", "g"]] = {
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


def test(areas: gpd.GeoDataFrame, project: Project) -> Clustering:
    """Test for clustering over the scope; what is shown plays no part in it."""
    options = project.autocorrelation
    tested = _tested(areas, options)
    values, other = _values(tested, options), _around(tested, options)
    graph = _graph(tested, project)
    municipality = tested["municipality"]
    overall = autocorrelation.overall(
        values,
        graph,
        statistic=_OVERALL[options.statistic],
        other=other,
        permutations=options.permutations,
        seed=options.seed,
        alternative=options.alternative,
    )
    local = autocorrelation.local(
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
        within=municipality if options.within else None,
    )
    return Clustering(
        variable=options.variable,
        graph=graph,
        description=neighbours.describe(graph),
        overall=overall,
        local=local,
        scatter=autocorrelation.scatter(
            values, graph, within=municipality if options.within else None
        ),
        within=_within(values, other, graph, municipality, options),
        sensitivity=_sensitivity(values, other, tested, project) if options.sensitivity else None,
        correlogram=_correlogram(values, tested, options) if options.correlogram else None,
    )


def _tested(areas: gpd.GeoDataFrame, options: AutocorrelationOptions) -> gpd.GeoDataFrame:
    scope = deso.COUNTRY if options.scope is None else options.scope
    tested = areas[deso.in_scope(areas.index, scope)]
    if len(tested) < 3:
        raise DataError(
            expected="at least 3 areas to test",
            came=f"{len(tested)} in scope = {scope!r}",
            remedy="choose a larger scope in [autocorrelation]",
        )
    return tested


def _values(areas: gpd.GeoDataFrame, options: AutocorrelationOptions) -> pd.Series[Any]:
    if not options.empirical_bayes:
        return _column(areas, options.variable)
    if options.variable not in SHARES:
        raise ProjectError(
            expected=f"a share, such as {few(SHARES, most=3)}, for empirical_bayes",
            came=options.variable,
            remedy="choose a share as variable, or leave empirical_bayes out",
        )
    share = SHARES[options.variable]
    _column(areas, options.variable)
    return autocorrelation.rates.empirical_bayes(areas[share.part], areas[share.base])


def _around(areas: gpd.GeoDataFrame, options: AutocorrelationOptions) -> pd.Series[Any] | None:
    return None if options.around is None else _column(areas, options.around)


def _column(areas: gpd.GeoDataFrame, name: str) -> pd.Series[Any]:
    if name not in areas.columns:
        known = [c.removesuffix("_status") for c in areas.columns if c.endswith("_status")]
        known += [share for share in SHARES if share in areas.columns]
        raise ColumnError(
            expected=f"the variable {name} of [autocorrelation]",
            came=f"a register with {few(known, most=12)}",
            remedy="name one of them, or add the counts it needs to [register.columns]",
        )
    values: pd.Series[Any] = areas[name].astype(float)
    return values


def _within(
    values: pd.Series[Any],
    other: pd.Series[Any] | None,
    graph: Graph,
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
    tested: gpd.GeoDataFrame,
    project: Project,
) -> pd.DataFrame:
    """The same clusters under other neighbourhoods and levels; the project's own come first."""
    options = project.autocorrelation
    graphs = {"project": _graph(tested, project)}
    for kind in (kind for kind in _TOUCHING if kind != options.neighbours.kind):
        graphs[kind] = neighbours.build(
            tested.geometry, kind=kind, tolerance=options.neighbours.tolerance
        )
    own = options.neighbours.k if options.neighbours.kind == "knn" else None
    for k in (k for k in _NEAREST if k != own):
        graphs[f"knn {k}"] = neighbours.build(
            tested.geometry, kind="knn", k=min(k, len(tested) - 1)
        )
    alphas = list(dict.fromkeys([options.fdr, *_ALPHAS]))
    return autocorrelation.sensitivity(
        values,
        graphs,
        alphas=alphas,
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
        permutations=min(options.permutations, 999),
        seed=options.seed,
    )


def _graph(areas: gpd.GeoDataFrame, project: Project) -> Graph:
    options = project.autocorrelation.neighbours
    land = None if options.land is None else boundaries.read_overlay(project.path(options.land))
    return neighbours.build(
        areas.geometry,
        kind=options.kind,
        k=options.k,
        threshold=options.threshold,
        bandwidth=options.bandwidth,
        tolerance=options.tolerance,
        land=None if land is None else land.geometry,
        bridges=options.bridges,
        attach_isolates=options.attach_isolates,
    )


def joined(areas: gpd.GeoDataFrame, clustering: Clustering) -> gpd.GeoDataFrame:
    """Return the areas with the local results beside their measures."""
    local = clustering.local.reindex(areas.index)
    return areas.assign(
        local_statistic=local["statistic"],
        local_p=local["p"],
        local_q=local["q"],
        cluster=local["cluster"],
    )
