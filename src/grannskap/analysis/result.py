"""What an analysis holds: every measure of one project, frozen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from libpysal.graph import Graph

    from grannskap.analysis.gathering import Place
    from grannskap.measures.autocorrelation import Overall
    from grannskap.measures.neighbours import Description
    from grannskap.measures.segregation import Recipe
    from grannskap.notes import Note
    from grannskap.project import Project

__all__ = ["Analysis", "Clustering"]


@dataclass(frozen=True)
class Clustering:
    """Spatial autocorrelation of one variable.

    Attributes
    ----------
    variable : str
        What was tested.
    graph : libpysal.graph.Graph
        Who is next to whom, over the areas that were tested.
    description : Description
        The graph in figures and in a sentence.
    overall : Overall
        The overall statistic and its p-value.
    local : pandas.DataFrame
        A row per tested area: statistic, expected, p, q, quadrant, cluster.
    scatter : pandas.DataFrame
        The Moran scatterplot: ``z``, ``lag``, ``influence`` and ``named`` per tested area; within
        municipalities where they are compared within only.
    within : pandas.DataFrame or None
        The overall statistic of each municipality, where they are compared within only.
    sensitivity : pandas.DataFrame or None
        For each area in how many settings its cluster stayed.
    correlogram : pandas.DataFrame or None
        Moran's I by distance band, with its envelope.
    """

    variable: str
    graph: Graph
    description: Description
    overall: Overall
    local: pd.DataFrame
    scatter: pd.DataFrame
    within: pd.DataFrame | None = None
    sensitivity: pd.DataFrame | None = None
    correlogram: pd.DataFrame | None = None


@dataclass(frozen=True)
class Analysis:
    """Every measure of one project.

    Attributes
    ----------
    project : Project
        What was asked for.
    year : int
        The year shown; 0 when the register states none.
    division : int or None
        The DeSO division.
    areas : geopandas.GeoDataFrame
        Every area with its counts, shares and measures (``balance``, ``balance_lower``,
        ``balance_upper``, ``balance_status``, ``score``, ``local_statistic``, ``local_p``,
        ``local_q``, ``cluster``; where two years are compared ``change_log2``,
        ``change_lower``, ``change_upper``, ``change_p``, ``change_q`` and
        ``change_within_chance``); ``in_view`` tells what is shown.
    register : pandas.DataFrame
        Every count, by deso, year and group.
    balance : pandas.DataFrame
        A row per place: what is shown as a whole, each municipality, each neighbourhood.
    municipalities : pandas.DataFrame
        A row per whole municipality shown: segregation index, its areas, and the medians
        (``reference_…``) where its own areas are the reference.
    components : tuple of str
        What the segregation index was built from.
    recipe : Recipe or None
        How the scores were made; None where no whole municipality is shown.
    indicators : pandas.DataFrame
        By place, year and group.
    change : pandas.DataFrame or None
        Balance then and now, by area, where the project compares two years.
    clustering : Clustering
        Spatial autocorrelation.
    places : tuple of Place
        The named neighbourhoods.
    overlays : tuple of geopandas.GeoDataFrame
        One per overlay of the project.
    place_names : geopandas.GeoDataFrame or None
        Names of places to write on the maps.
    notes : tuple of Note
        What was dropped, repaired, hidden or approximated.
    """

    project: Project
    year: int
    division: int | None
    areas: gpd.GeoDataFrame
    register: pd.DataFrame
    balance: pd.DataFrame
    municipalities: pd.DataFrame
    components: tuple[str, ...]
    recipe: Recipe | None
    indicators: pd.DataFrame
    change: pd.DataFrame | None
    clustering: Clustering
    places: tuple[Place, ...]
    overlays: tuple[gpd.GeoDataFrame, ...]
    place_names: gpd.GeoDataFrame | None
    notes: tuple[Note, ...]

    @property
    def shown(self) -> gpd.GeoDataFrame:
        """The areas that maps and tables show."""
        return self.areas[self.areas["in_view"]]
