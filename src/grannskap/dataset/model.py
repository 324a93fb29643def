"""The dataset: what the measures read, whatever it was made from."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from grannskap import deso
from grannskap.catalogue import (
    AMOUNTS,
    PERTURBED_FROM,
    Status,
    lower_column,
    status_column,
    upper_column,
)
from grannskap.counts import Counts
from grannskap.errors import ColumnError, DataError, few

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from grannskap.deso import Division, Level
    from grannskap.notes import Note

__all__ = ["Dataset", "Neighbourhood", "Overlap", "Pools", "Shore", "Source"]


@dataclass(frozen=True)
class Source:
    """One thing that a dataset was made from.

    Attributes
    ----------
    role : str
        What it gave: ``"project"``, ``"boundaries"``, ``"names"``, ``"register"``, ``"changes"``,
        ``"squares"``, ``"neighbourhood"``, ``"land"``, ``"overlay"``, ``"places"``,
        ``"disclosure"`` (the gate), or ``"fetched"``: where the others came from.
    name : str or None
        The file, as the project names it; None for a frame in memory.
    sha256 : str or None
        The file's checksum; None for a frame in memory.
    source : str
        The line of the source that stands under maps and tables; may be empty.
    rows : int
        How many areas, names, register rows or shapes were taken from it.
    division : {2018, 2025} or None
        The division that it tells.
    years : tuple of int
        The years that it holds, in order; 0 where it states none; empty where none belongs.
    parameters : mapping
        What else it says, as plain data: all keys of a project file.
    """

    role: str
    name: str | None
    sha256: str | None
    source: str
    rows: int
    division: Division | None
    years: tuple[int, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Overlap:
    """How far the areas of a neighbourhood are the polygon that named it.

    Attributes
    ----------
    covered : float
        The share (0–1) of the polygon that the areas cover.
    inside : float
        The share (0–1) of the areas' ground that lies inside the polygon.
    """

    covered: float
    inside: float


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """A named part of a town, and the areas that it is measured by.

    Attributes
    ----------
    name : str
        What it is called.
    codes : tuple of str
        DeSO codes, sorted.
    geometry : shapely geometry
        The union of its areas: what is measured is what is drawn; EPSG:3006.
    polygon : shapely geometry or None
        The polygon that named it, EPSG:3006; None where its areas were listed.
    overlap : Overlap or None
        How far the two are the same ground; None without a polygon.
    """

    name: str
    codes: tuple[str, ...]
    geometry: BaseGeometry
    polygon: BaseGeometry | None = None
    overlap: Overlap | None = None


@dataclass(frozen=True, eq=False)
class Shore:
    """Where land ends: for drawing alone, as what is measured keeps its water.

    Attributes
    ----------
    land : geopandas.GeoSeries
        Land in and about the areas, as polygons in EPSG:3006.
    areas : geopandas.GeoSeries
        The areas without their water, on the index of the dataset's geometry; an area of which
        next to nothing would be left is whole.
    """

    land: gpd.GeoSeries
    areas: gpd.GeoSeries


@dataclass(frozen=True, eq=False)
class Pools:
    """Areas that share people of whom it is not known in which of them they live.

    Attributes
    ----------
    of : pandas.Series of int
        The pool of each such area, by code.
    counts : pandas.DataFrame
        Index ``pool``, ``year`` and ``group``: ``x_lower`` and ``x_upper`` of each count ``x``,
        summed over the pool, where nobody can be in the wrong area.
    """

    of: pd.Series[Any]
    counts: pd.DataFrame


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Counts with their bounds, the areas they belong to, and where all of it came from.

    Attributes
    ----------
    counts : pandas.DataFrame
        Index ``deso``, ``year`` (0 where none is stated) and ``group`` (``"all"`` where none
        is), sorted and unique. For each variable ``x`` four columns: ``x`` (NaN where it is
        not known), ``x_lower`` and ``x_upper`` (equal to it where it is known, otherwise what
        it may be: 0 … ∞ at most) and ``x_status`` (of `grannskap.catalogue.Status`). Amounts
        have them too; one that is not known may be 0 … ∞. Areas without a polygon are here.
        Where counts were moved from the other division, ``translated`` tells how a row was made
        (see `grannskap.areas.crosswalk`); it is missing where a row was read.
    geometry : geopandas.GeoDataFrame
        Index ``deso``, sorted and unique, EPSG:3006; ``municipality``, ``municipality_name``,
        ``kind``, ``regso`` and ``regso_name`` where known, ``complete`` (whether the whole
        municipality is here) and ``geometry``.
    division : {2018, 2025} or None
        The DeSO division, where a source tells it.
    neighbourhoods : tuple of Neighbourhood
        The named neighbourhoods.
    land : geopandas.GeoSeries or None
        Land as polygons, EPSG:3006, by which neighbours are told, where that is asked for.
    shore : Shore or None
        Where land ends, and the areas as they are drawn.
    provenance : tuple of Source
        What it was made from, in the order it was read.
    notes : tuple of Note
        What was dropped, repaired, hidden or approximated on the way.
    framed : geopandas.GeoSeries or None
        What maps frame where areas reach into the sea and no coast is known: their ground
        within coarse outlines, which nothing is drawn by.
    level : {"deso", "regso"}
        What the areas are; of RegSO the index ``deso`` holds their codes.
    pools : Pools or None
        What is known of areas together, where counts were moved from the other division.
    """

    counts: pd.DataFrame
    geometry: gpd.GeoDataFrame
    division: Division | None
    neighbourhoods: tuple[Neighbourhood, ...]
    land: gpd.GeoSeries | None
    shore: Shore | None
    provenance: tuple[Source, ...]
    notes: tuple[Note, ...]
    framed: gpd.GeoSeries | None = None
    level: Level = "deso"
    pools: Pools | None = None

    @property
    def areas_called(self) -> str:
        """What the areas are called, with the year of their division: "DeSO 2018"."""
        return deso.called(self.level, self.division)

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the counts and amounts, in their order."""
        there = set(self.counts.columns)
        return tuple(str(name) for name in self.counts if status_column(str(name)) in there)

    @property
    def years(self) -> tuple[int, ...]:
        """The years, in order; 0 where none is stated."""
        return tuple(sorted({year for year, _ in self.years_and_groups()}))

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups, in order."""
        return tuple(sorted({group for _, group in self.years_and_groups()}))

    @property
    def protection(self) -> Mapping[str, Any] | None:
        """The rules of the gate that stood before it, and what they hid; None without one."""
        told = [one.parameters for one in self.provenance if one.role == "disclosure"]
        return told[-1] if told else None

    def years_and_groups(self) -> tuple[tuple[int, str], ...]:
        """Return the years and groups that there are rows for, sorted."""
        levels = cast("pd.MultiIndex", self.counts.index).droplevel("deso").unique()
        return tuple(sorted((int(year), str(group)) for year, group in levels))

    def perturbed(self, name: str) -> pd.Series[bool]:
        """Tell which cells of a variable SCB has perturbed: counts above zero, from 2025 on.

        Parameters
        ----------
        name : str
            A count or an amount of `variables`; no amount is perturbed.

        Returns
        -------
        pandas.Series of bool
            On the index of `counts`.
        """
        if name not in self.variables:
            raise _unknown(name, self.variables)
        late = self.counts.index.get_level_values("year") >= PERTURBED_FROM
        found = (self.counts[name] > 0) & late & (name not in AMOUNTS)
        return found.rename(name)

    def count(
        self, name: str, *, year: int, group: str = "all", index: pd.Index[Any] | None = None
    ) -> Counts:
        """One variable of one year and group, by area, with its bounds.

        Parameters
        ----------
        name : str
            A count or an amount of `variables`.
        year : int
            A year that the dataset holds; 0 where none is stated.
        group : str
            A group that it holds that year.
        index : pandas.Index, optional
            DeSO codes to answer for; those of `geometry` when not given.

        Returns
        -------
        Counts
            On that index. An area without a row is NaN, 0 … ∞, "not joined".

        Raises
        ------
        ColumnError
            When there is no such variable.
        DataError
            When there is no row of that year and group.
        """
        if name not in self.variables:
            raise _unknown(name, self.variables)
        if (year, group) not in self.years_and_groups():
            there = [f"{one} {other}" for one, other in self.years_and_groups()]
            raise DataError(
                "no rows of year and group",
                {"year": str(year), "group": group, "known": there, "count": len(there)},
            )
        lower, upper, status = lower_column(name), upper_column(name), status_column(name)
        found = self.counts[[name, lower, upper, status]].xs((year, group), level=[1, 2])
        found = found.reindex(self.geometry.index if index is None else index)
        absent = found[status].isna().to_numpy()
        found.loc[absent, lower] = 0.0
        found.loc[absent, upper] = np.inf
        found.loc[absent, status] = Status.NOT_JOINED.value
        value = found[name]
        return Counts(
            value, found[lower].rename(name), found[upper].rename(name), found[status].rename(name)
        )

    def __repr__(self) -> str:
        """Say in one line how much there is, and how much of it is hidden."""
        division = "" if self.division is None else f" of {self.areas_called}"
        years = [str(year or "not stated") for year in self.years]
        return (
            f"<Dataset: {len(self.geometry)} areas{division}; years {few(years, most=8).en}; "
            f"groups {few(self.groups).en}; variables {few(self.variables, most=8).en}; "
            f"{self._hidden()} hidden cells>"
        )

    def _hidden(self) -> int:
        columns = [status_column(name) for name in self.variables]
        return int((self.counts[columns] == Status.SUPPRESSED.value).to_numpy().sum())


def _unknown(name: str, known: tuple[str, ...]) -> ColumnError:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return ColumnError(
        "no such variable", {"name": name, "names": known, "near": near[0] if near else None}
    )
