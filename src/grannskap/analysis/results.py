"""What an analysis found: every measure once, for every level, year and group, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from grannskap.errors import ColumnError, DataError

if TYPE_CHECKING:
    import folium
    import geopandas as gpd
    from libpysal.graph import Graph
    from matplotlib.figure import Figure

    from grannskap.analysis.anatomy import Anatomy
    from grannskap.analysis.area_types import AreaTypes
    from grannskap.analysis.history import History
    from grannskap.analysis.options import Options
    from grannskap.analysis.view import View
    from grannskap.dataset import Dataset
    from grannskap.measures.autocorrelation import Overall
    from grannskap.measures.neighbours import Description, Neighbours
    from grannskap.measures.segregation import Recipe
    from grannskap.notes import Note

__all__ = ["KEY", "SHAPE", "Clustering", "Frontiers", "Measured", "Results"]

KEY = ("level", "place", "year", "group")
"""The index of every measure's table."""

SHAPE = (
    "estimate",
    "lower",
    "upper",
    "interval_lower",
    "interval_upper",
    "p",
    "q",
    "areas",
    "areas_missing",
    "status",
)
"""The columns of every measure's table."""


@dataclass(frozen=True)
class Measured:
    """One measure, everywhere it was taken.

    Attributes
    ----------
    name : str
        Its name in `grannskap.catalogue`.
    table : pandas.DataFrame
        Index `KEY`; columns `SHAPE`. ``estimate`` is of the areas that are known;
        ``lower`` and ``upper`` are what it could be, given what is hidden; ``interval_lower``
        and ``interval_upper`` what chance could do, under `model`. ``areas`` were counted,
        ``areas_missing`` were not.
    unit : str
        A unit of the catalogue.
    model : str
        What chance is taken to be; empty where no interval is given.
    parameters : mapping
        What made it, as plain data.
    """

    name: str
    table: pd.DataFrame
    unit: str
    model: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def at(self, level: str, year: int, group: str = "all") -> pd.DataFrame:
        """Return one level, year and group: index ``place``, columns `SHAPE`."""
        keys = cast("pd.MultiIndex", self.table.index)
        chosen = np.ones(len(self.table), dtype=bool)
        for number, value in ((0, level), (2, year), (3, group)):
            there = keys.levels[number]
            code = there.get_loc(value) if value in there else -2
            chosen &= keys.codes[number] == code
        rows = self.table[chosen]
        index = pd.Index(rows.index.get_level_values("place").to_numpy(), name="place")
        found: pd.DataFrame = rows.set_axis(index)
        return found


@dataclass(frozen=True)
class Clustering:
    """Spatial autocorrelation of one variable.

    Attributes
    ----------
    variable : str
        What was tested.
    neighbours : Neighbours
        Who is next to whom, over the areas that were tested; `graph` is the same of libpysal.
    description : Description
        The graph in figures and in a sentence.
    overall : Overall
        The overall statistic and its p-value; within municipalities where they are compared
        within only, None.
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
    neighbours: Neighbours
    description: Description
    overall: Overall | None
    local: pd.DataFrame
    scatter: pd.DataFrame
    slope: float
    links: gpd.GeoDataFrame
    within: pd.DataFrame | None = None
    sensitivity: pd.DataFrame | None = None
    correlogram: pd.DataFrame | None = None

    @property
    def graph(self) -> Graph:
        """Who is next to whom, as a graph of libpysal."""
        return self.neighbours.graph


@dataclass(frozen=True)
class Frontiers:
    """Borders between neighbouring areas, tested for a difference in the share of the low pole.

    Attributes
    ----------
    borders : geopandas.GeoDataFrame
        A row per shared border, as `frontiers.find` gives it in the year in focus; where tenures
        are known also ``tenure_first``, ``tenure_second`` (the main one of the dwellings) and
        ``tenure_differs``.
    places : pandas.DataFrame
        Index ``level``, ``place``, ``year``: as `frontiers.of_places`, of every year.
    then : int or None
        The year that the borders' change is told from.
    became : pandas.DataFrame or None
        As `frontiers.since`, in the order of `borders`.
    notes : tuple of Note
        What was not tested, or hangs on what is not known.
    """

    borders: gpd.GeoDataFrame
    places: pd.DataFrame
    then: int | None
    became: pd.DataFrame | None
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Results:
    """Every measure of a dataset, made once; what is drawn or written reads nothing else.

    Attributes
    ----------
    dataset : Dataset
        What was measured: counts with bounds, geometry, names, provenance.
    options : Options
        What was asked.
    year : int
        The year in focus; 0 when the data state none.
    measured : mapping of str to Measured
        ``"balance"``, each share, ``"score"``, ``"segregation_index"``, ``"clusters_<variable>"``;
        with several years ``"balance_common"`` (of places, on the areas that every year knows),
        with ``compare`` also ``"balance_change"`` and each share's ``"…_change"``.
    places : pandas.DataFrame
        Index ``level``, ``place``: ``name`` and ``size`` (number of areas).
    members : pandas.DataFrame
        A row per place and area: ``level``, ``place``, ``deso``.
    areas : geopandas.GeoDataFrame
        Every area in the year in focus, everybody: names, counts with their status, shares,
        and each measure as a column.
    sums : pandas.DataFrame
        Index `KEY`: what stands behind the balance of a place (``low``, ``high``,
        ``mean_of_ratios``, ``lowest``, ``highest`` and the areas that have them).
    indicators : pandas.DataFrame
        Index `KEY`: sizes, shares and how many areas each of them lacks, side by side.
    change : pandas.DataFrame or None
        The balance then and now by area, where two years are compared.
    change_sums : pandas.DataFrame or None
        Index `KEY`: ``ratio_then`` and ``ratio_now`` of each place on the areas known in both
        years, and how many these are (``areas``).
    evenness : pandas.DataFrame
        Index ``level``, ``place``, ``measure``: how unevenly the two poles live over the areas of
        each municipality, county and scope, as `segregation.indices` gives it, in the year in
        focus.
    anatomy : Anatomy
        The segregation of the first scope that was asked for, or of everything, taken apart:
        between and within its parts, by area, by scale and between two years.
    frontiers : Frontiers or None
        Borders that part areas of unlike shares; None where the low pole has no base.
    history : History or None
        What happened over all years, never across a break; None of a single year.
    area_types : AreaTypes or None
        The official index and type of each area, or their like; None where neither is there.
    index : pandas.DataFrame
        A row per whole municipality: the segregation index and what stands behind it.
    components : tuple of str
        What the index was built from.
    recipe : Recipe or None
        How the scores were made; None where there are none.
    clusterings : tuple of Clustering
        One per tested variable, the poor pole's first.
    notes : tuple of Note
        What was dropped, repaired, hidden or approximated.
    """

    dataset: Dataset
    options: Options
    year: int
    measured: Mapping[str, Measured]
    places: pd.DataFrame
    members: pd.DataFrame
    areas: gpd.GeoDataFrame
    sums: pd.DataFrame
    indicators: pd.DataFrame
    change: pd.DataFrame | None
    change_sums: pd.DataFrame | None
    evenness: pd.DataFrame
    anatomy: Anatomy
    frontiers: Frontiers | None
    history: History | None
    area_types: AreaTypes | None
    index: pd.DataFrame
    components: tuple[str, ...]
    recipe: Recipe | None
    clusterings: tuple[Clustering, ...]
    notes: tuple[Note, ...]

    def table(self, name: str) -> pd.DataFrame:
        """Table of one measure for every level, place, year and group, in the one shape.

        Parameters
        ----------
        name : str
            A key of `measured`.

        Returns
        -------
        pandas.DataFrame
            Index ``level``, ``place``, ``year``, ``group``; columns `SHAPE`. Shares are 0–1.

        Raises
        ------
        ColumnError
            When nothing of that name was measured.
        """
        if name not in self.measured:
            raise ColumnError("no such measure", {"name": name, "measured": list(self.measured)})
        return self.measured[name].table

    def at(
        self, name: str, level: str, *, year: int | None = None, group: str = "all"
    ) -> pd.DataFrame:
        """Table of one measure at one level, index ``place``; the year in focus unless given."""
        self.table(name)
        return self.measured[name].at(level, self.year if year is None else year, group)

    def row(
        self, name: str, place: tuple[str, str], *, year: int | None = None, group: str = "all"
    ) -> pd.Series[Any]:
        """Return one measure of one place: a Series of `SHAPE`."""
        return _row(self.table(name), place, self.year if year is None else year, group)

    def behind(self, place: tuple[str, str]) -> pd.Series[Any]:
        """Return what stands behind the balance of a place in the year in focus, everybody."""
        return _row(self.sums, place, self.year, "all")

    def then_and_now(self, place: tuple[str, str]) -> pd.Series[Any]:
        """Return the balance of a place in both years that are compared, and of how many areas."""
        if self.change_sums is None:
            raise DataError("one year to compare")
        return _row(self.change_sums, place, self.year, "all")

    def evenness_of(self, place: tuple[str, str]) -> pd.DataFrame:
        """Return the measures of evenness of a place, index ``measure``; empty where none is."""
        keys = cast("pd.MultiIndex", self.evenness.index)
        chosen = np.ones(len(keys), dtype=bool)
        for number, value in enumerate(place):
            chosen &= keys.get_level_values(number).to_numpy() == value
        rows = self.evenness[chosen]
        found: pd.DataFrame = rows.set_axis(rows.index.get_level_values("measure"))
        return found

    def place_of(self, codes: pd.Index[Any]) -> tuple[str, str]:
        """Return level and name of the place that is made up of just these areas.

        Raises
        ------
        DataError
            When no place that was measured is.
        """
        wanted = frozenset(codes.to_numpy(dtype=object))
        sizes = self.places["size"]
        for level in ("municipality", "county", "country", "scope"):
            if level not in sizes.index.get_level_values("level"):
                continue
            for place in sizes.loc[level].index[sizes.loc[level] == len(wanted)]:
                if wanted == frozenset(self.codes_of(level, str(place))):
                    return level, str(place)
        raise DataError("view not measured together", {"count": len(wanted)})

    def codes_of(self, level: str, place: str) -> list[str]:
        """Return the areas that make up a place."""
        members = self.members
        chosen = (members["level"] == level) & (members["place"] == place)
        return members.loc[chosen, "deso"].tolist()

    @cached_property
    def drawn(self) -> gpd.GeoDataFrame:
        """`areas` as they are drawn: without their water, where it is known where land ends."""
        shore = self.dataset.shore
        if shore is None:
            return self.areas
        return self.areas.assign(geometry=shore.areas.reindex(self.areas.index))

    @property
    def clustering(self) -> Clustering | None:
        """The first test of clustering: that of the poor pole where both are tested."""
        return self.clusterings[0] if self.clusterings else None

    # The three methods below are for people at a prompt. They call the layers above when they
    # are called: the one exception to the import law, listed in tests/test_layers.py.

    def plot(self, name: str = "balance", *, view: View | None = None) -> Figure:
        """Printed map of one measure, as in a report; `View` says of what and in which words."""
        from grannskap.maps import atlas

        return atlas.plot(self, name, view)

    def explore(self, *, view: View | None = None) -> folium.Map:
        """Interactive map of every measure, to which layers of your own can be added."""
        from grannskap.maps import atlas

        return atlas.explore(self, view)

    def page(self, *, view: View | None = None) -> str:
        """Interactive page of every measure, year and group: one file, without network."""
        from grannskap.maps import atlas

        return atlas.page(self, view)

    def __repr__(self) -> str:
        """Say in a line what was measured."""
        years = ", ".join(str(year) if year else "no year" for year in self.dataset.years)
        held = ", ".join(self.measured)
        return f"<Results of {len(self.areas):,} areas, {years}: {held}>"

    def _repr_html_(self) -> str:
        """Show the balance in a notebook: a picture, with its alternative text."""
        from grannskap.maps import atlas

        return atlas.notebook(self)


def _row(table: pd.DataFrame, place: tuple[str, str], year: int, group: str) -> pd.Series[Any]:
    found: pd.Series[Any] = table.loc[[(*place, year, group)]].iloc[0]
    return found
