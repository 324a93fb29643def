"""Where interventions are: which areas each one's place or point is, and what has none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from grannskap.catalogue import INTERVENTION_LEVELS, INTERVENTION_PARTS
from grannskap.dataset.alike import alike
from grannskap.errors import DataError
from grannskap.notes import Note

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt
    from shapely.geometry import Point

    from grannskap.dataset import Dataset
    from grannskap.sources.interventions import Intervention

__all__ = ["Interventions", "Placed", "place"]

Where = Literal["point", "neighbourhood", "areas", "whole", "nowhere", "outside"]


@dataclass(frozen=True, eq=False)
class Placed:
    """An intervention, and where it is.

    Attributes
    ----------
    row : Intervention
        As the list has it.
    where : {"point", "neighbourhood", "areas", "whole", "nowhere", "outside"}
        Whether it is at a point, in a named neighbourhood, in a RegSO or an area, everywhere
        that is shown, at no place that the list tells, or outside what is shown.
    codes : frozenset of str
        The areas that its place is, or that its point lies in; none where it is everywhere.
    mark : shapely point or None
        Where it is marked on maps, EPSG:3006.
    """

    row: Intervention
    where: Where
    codes: frozenset[str]
    mark: Point | None


@dataclass(frozen=True, eq=False)
class Interventions:
    """A list of interventions, placed.

    Attributes
    ----------
    file : str
        The name of the list.
    placed : tuple of Placed
        In the list's order.
    """

    file: str
    placed: tuple[Placed, ...]

    def grid(self) -> pd.DataFrame:
        """Count interventions: index `INTERVENTION_LEVELS`, columns `INTERVENTION_PARTS`."""
        table = pd.DataFrame(0, index=[*INTERVENTION_LEVELS], columns=[*INTERVENTION_PARTS])
        for one in self.placed:
            table.loc[list(one.row.levels), list(one.row.parts)] += 1
        return table

    def names_in(self, level: str, part: str) -> list[str]:
        """Return the names in one cell of the grid, in the list's order."""
        return [
            one.row.name for one in self.placed if level in one.row.levels and part in one.row.parts
        ]

    def touching(self, codes: Sequence[str] | pd.Index[str]) -> tuple[Placed, ...]:
        """Return those whose place or point is in some of these areas."""
        wanted = frozenset(codes)
        return tuple(one for one in self.placed if one.codes & wanted)

    def notes(self) -> tuple[Note, ...]:
        """Tell which of them have no mark on the maps, and why."""
        made = (
            Note("interventions without a place", self._told("nowhere")),
            Note("interventions outside the map", self._told("outside")),
            Note("interventions for the whole", self._told("whole")),
        )
        return tuple(note for note in made if note.values["rows"])

    def _told(self, where: Where) -> dict[str, object]:
        names = [one.row.name for one in self.placed if one.where == where]
        told = {"rows": len(names), "every": len(self.placed), "file": self.file}
        return {**told, "names": names}


def place(
    rows: Sequence[Intervention],
    dataset: Dataset,
    shown: npt.NDArray[np.bool_],
    *,
    file: str,
) -> Interventions:
    """Find where every intervention of a list is.

    Parameters
    ----------
    rows : sequence of Intervention
        As `grannskap.sources.interventions.read` gives them.
    dataset : Dataset
        Its areas and named neighbourhoods.
    shown : array of bool
        Which of its areas are shown.
    file : str
        What the list is called.

    Returns
    -------
    Interventions
        In the same order. One with a point lies in the area about it, and is marked there,
        whatever place it names; others are marked on their place.

    Raises
    ------
    DataError
        When a place has no such name, with the nearest ones.
    """
    geometry = dataset.geometry
    known = _Places.of(dataset, frozenset(map(str, geometry.index[shown])))
    at = _areas_at([one.point for one in rows], geometry)
    return Interventions(
        file, tuple(known.placed(one, code, file) for one, code in zip(rows, at, strict=True))
    )


@dataclass(frozen=True, eq=False)
class _Places:
    """What a list can name: each place's areas."""

    geometry: gpd.GeoDataFrame
    shown: frozenset[str]
    neighbourhoods: dict[str, frozenset[str]]
    others: dict[str, frozenset[str]]
    names: tuple[str, ...]

    @classmethod
    def of(cls, dataset: Dataset, shown: frozenset[str]) -> _Places:
        """Return the places of a dataset."""
        geometry = dataset.geometry
        named = {_plain(one.name): frozenset(one.codes) for one in dataset.neighbourhoods}
        names = [one.name for one in dataset.neighbourhoods]
        others = {_plain(str(code)): frozenset([str(code)]) for code in geometry.index}
        for column in ("municipality", "municipality_name", "regso", "regso_name"):
            if column in geometry:
                groups = geometry[column].dropna().groupby(geometry[column], sort=False).groups
                names += [str(name) for name in groups if column.endswith("_name")]
                for name, codes in groups.items():
                    others.setdefault(_plain(str(name)), frozenset(map(str, codes)))
        return cls(geometry, shown, named, others, tuple(names))

    def placed(self, one: Intervention, at: str | None, file: str) -> Placed:
        """Place one intervention, whose point lies in an area, or in none."""
        codes = self._named(one, file) if one.place else frozenset()
        if one.point is not None:
            return self._at_point(one, at, one.point)
        if not codes:
            return Placed(one, "nowhere", frozenset(), None)
        if not codes & self.shown:
            return Placed(one, "outside", frozenset(), None)
        if codes >= self.shown and len(self.shown) > 1:
            return Placed(one, "whole", frozenset(), None)
        where: Where = "neighbourhood" if _plain(one.place) in self.neighbourhoods else "areas"
        return Placed(one, where, codes, self._middle(codes & self.shown))

    def _at_point(self, one: Intervention, at: str | None, point: tuple[float, float]) -> Placed:
        from shapely.geometry import Point

        if at is None or at not in self.shown:
            return Placed(one, "outside", frozenset(), None)
        return Placed(one, "point", frozenset([at]), Point(point))

    def _middle(self, codes: frozenset[str]) -> Point:
        ground = self.geometry.geometry.reindex(sorted(codes)).union_all()
        middle: Point = ground.representative_point()
        return middle

    def _named(self, one: Intervention, file: str) -> frozenset[str]:
        name = _plain(one.place)
        found = self.neighbourhoods.get(name) or self.others.get(name)
        if found is None:
            near = alike([one.place], self.names)
            values = {
                "file": file,
                "row": one.row,
                "given": one.place[:40],
                "near": near,
                "found": bool(near),
            }
            raise DataError("unknown place of an intervention", values)
        return found & self.shown or found  # RegSO of several towns share names


def _areas_at(
    points: Sequence[tuple[float, float] | None], geometry: gpd.GeoDataFrame
) -> list[str | None]:
    """Return the area that each point lies in: on a border the first by its code."""
    import shapely

    at: list[str | None] = [None] * len(points)
    where = [number for number, point in enumerate(points) if point is not None]
    pairs = np.array([point for point in points if point is not None]).reshape(-1, 2)
    made = shapely.points(pairs)
    which, areas = geometry.sindex.query(made, predicate="intersects")
    for number, area in sorted(zip(which.tolist(), areas.tolist(), strict=True), reverse=True):
        at[where[number]] = str(geometry.index[area])
    return at


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
