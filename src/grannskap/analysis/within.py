"""The results of a part of the areas, as they were measured and tested together with the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from grannskap.analysis import wide
from grannskap.analysis.anatomy import COLUMNS, anatomy_of

if TYPE_CHECKING:
    import geopandas as gpd

    from grannskap.analysis.anatomy import Anatomy
    from grannskap.analysis.area_types import AreaTypes
    from grannskap.analysis.history import History
    from grannskap.analysis.results import Clustering, Frontiers, Measured, Results
    from grannskap.dataset import Dataset

__all__ = ["within"]

Table = TypeVar("Table", bound=pd.DataFrame)


def within(results: Results, focus: pd.Index[Any], *, beside: pd.Index[Any]) -> Results:
    """Return what was found of some areas, and of every place that any of them lies in.

    Nothing is measured or tested again but for the anatomy, which is of the areas in focus: tests
    are those of all areas, told of these.

    Parameters
    ----------
    results : Results
        Of more areas.
    focus : pandas.Index
        Codes of the areas that everything is told of.
    beside : pandas.Index
        Codes of areas that are kept with them, as they are drawn around them.

    Returns
    -------
    Results
        Frozen. `Results.index`, by municipality, and tests of all areas are whole.
    """
    kept = results.areas.index[results.areas.index.isin(focus.union(beside))]
    members = _members(results.members, kept)
    places = pd.MultiIndex.from_frame(members[["level", "place"]].drop_duplicates())
    own = _Kept(kept, places, frozenset(focus))
    dataset = own.dataset(results.dataset)
    then = results.options.compare
    anatomy = anatomy_of(dataset, focus, results.options, (results.year, then))
    told = [note for note in results.notes if note not in results.anatomy.notes]
    return replace(
        results,
        dataset=dataset,
        measured={name: own.measured(one) for name, one in results.measured.items()},
        places=own.of_places(results.places),
        members=members,
        areas=_with_parts(results, kept, anatomy),
        sums=own.of_places(results.sums),
        indicators=own.of_places(results.indicators),
        change=None if results.change is None else results.change.loc[kept],
        change_sums=None if results.change_sums is None else own.of_places(results.change_sums),
        evenness=own.of_places(results.evenness),
        anatomy=anatomy,
        frontiers=None if results.frontiers is None else own.frontiers(results.frontiers),
        history=None if results.history is None else own.history(results.history),
        area_types=None if results.area_types is None else own.area_types(results.area_types),
        clusterings=tuple(own.clustering(one) for one in results.clusterings),
        notes=tuple(dict.fromkeys((*told, *anatomy.notes))),
    )


def _members(members: pd.DataFrame, kept: pd.Index[Any]) -> pd.DataFrame:
    """Return every place that holds an area that is kept, whole."""
    keys = pd.MultiIndex.from_frame(members[["level", "place"]])
    held = keys[members["deso"].isin(kept).to_numpy()].unique()
    found: pd.DataFrame = members[keys.isin(held)].reset_index(drop=True)
    return found


def _with_parts(results: Results, kept: pd.Index[Any], anatomy: Anatomy) -> gpd.GeoDataFrame:
    others = [name for name in COLUMNS if name in results.areas]
    return wide.with_parts(results.areas.loc[kept].drop(columns=others), anatomy)


@dataclass(frozen=True)
class _Kept:
    """What is kept of each table: by the code of an area, or by level and place.

    Neighbourhoods are kept that lie in `focus`.
    """

    codes: pd.Index[Any]
    held: pd.MultiIndex
    focus: frozenset[str]

    def of_areas(self, table: Table, level: str = "deso") -> Table:
        """Return the rows of areas that are kept."""
        found: Table = table[table.index.get_level_values(level).isin(self.codes)]
        return found

    def of_places(self, table: Table) -> Table:
        """Return the rows of places that hold one of them, and of the country."""
        if table.empty:
            return table
        keys = pd.MultiIndex.from_arrays(
            [table.index.get_level_values(name) for name in ("level", "place")]
        )
        country = keys.get_level_values("level") == "country"
        found: Table = table[keys.isin(self.held) | country]
        return found

    def measured(self, one: Measured) -> Measured:
        """Return a measure of what is kept."""
        keys = one.table.index
        area = keys.get_level_values("level") == "area"
        mine = area & keys.get_level_values("place").isin(self.codes)
        places = self.of_places(one.table[~area])
        return replace(one, table=pd.concat([one.table[mine], places]))

    def dataset(self, whole: Dataset) -> Dataset:
        """Return the counts, outlines and neighbourhoods of what is kept."""
        shore, framed = whole.shore, whole.framed
        named = [one for one in whole.neighbourhoods if self.focus.issuperset(one.codes)]
        return replace(
            whole,
            counts=self.of_areas(whole.counts),
            geometry=whole.geometry.loc[self.codes],
            neighbourhoods=tuple(named),
            shore=None if shore is None else replace(shore, areas=shore.areas.loc[self.codes]),
            framed=None if framed is None else framed.reindex(self.codes),
        )

    def frontiers(self, whole: Frontiers) -> Frontiers:
        """Return the borders of which both sides are kept."""
        borders = whole.borders
        both = (borders["first"].isin(self.codes) & borders["second"].isin(self.codes)).to_numpy()
        return replace(
            whole,
            borders=borders[both].reset_index(drop=True),
            places=self.of_places(whole.places),
            became=None if whole.became is None else whole.became[both].reset_index(drop=True),
        )

    def history(self, whole: History) -> History:
        """Return what happened in what is kept."""
        return replace(
            whole,
            clusters=self.of_areas(whole.clusters),
            evenness=self.of_places(whole.evenness),
            moves=self.of_places(whole.moves),
            shares=self.of_areas(whole.shares),
        )

    def area_types(self, whole: AreaTypes) -> AreaTypes:
        """Return the types of what is kept; they were told by the whole country."""
        return replace(whole, areas=self.of_areas(whole.areas))

    def clustering(self, whole: Clustering) -> Clustering:
        """Return a test as it was, with the links and, of towns by themselves, the one in focus."""
        ends = whole.links["focal"].isin(self.codes) & whole.links["neighbor"].isin(self.codes)
        by_itself = whole.within
        if by_itself is not None:
            by_itself = by_itself[by_itself.index.isin({code[:4] for code in self.focus})]
        return replace(whole, links=whole.links[ends.to_numpy()], within=by_itself)
