"""Test the project's variable for clustering, over its scope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from grannskap import deso
from grannskap.analysis.result import Clustering
from grannskap.errors import ColumnError, DataError, few
from grannskap.measures import autocorrelation, neighbours
from grannskap.schema import SHARES
from grannskap.sources import boundaries

if TYPE_CHECKING:
    import geopandas as gpd
    from libpysal.graph import Graph

    from grannskap.project import AutocorrelationOptions, Project

__all__ = ["joined", "test"]


def test(areas: gpd.GeoDataFrame, project: Project) -> Clustering:
    """Test for clustering over the scope; what is shown plays no part in it."""
    options = project.autocorrelation
    scope = deso.COUNTRY if options.scope is None else options.scope
    tested = areas[deso.in_scope(areas.index, scope)]
    if len(tested) < 3:
        raise DataError(
            expected="at least 3 areas to test",
            came=f"{len(tested)} in scope = {scope!r}",
            remedy="choose a larger scope in [autocorrelation]",
        )
    values = _values(tested, options)
    graph = _graph(tested, project)
    overall = autocorrelation.overall(
        values,
        graph,
        permutations=options.permutations,
        seed=options.seed,
        alternative=options.alternative,
    )
    local = autocorrelation.local(
        values,
        graph,
        inference=options.inference,
        permutations=options.permutations,
        seed=options.seed,
        fdr=options.fdr,
        correction=options.correction,
        alternative=options.alternative,
        within=tested["municipality"] if options.within else None,
    )
    return Clustering(
        variable=options.variable,
        graph=graph,
        description=neighbours.describe(graph),
        overall=overall,
        local=local,
    )


def _values(areas: gpd.GeoDataFrame, options: AutocorrelationOptions) -> pd.Series[Any]:
    name = options.variable
    if name not in areas.columns:
        known = [c.removesuffix("_status") for c in areas.columns if c.endswith("_status")]
        known += [share for share in SHARES if share in areas.columns]
        raise ColumnError(
            expected=f"the variable {name} of [autocorrelation]",
            came=f"a register with {few(known, most=12)}",
            remedy="name one of them, or add the counts it needs to [register.columns]",
        )
    return areas[name].astype(float)


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
        link_isolated=options.link_isolated,
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
