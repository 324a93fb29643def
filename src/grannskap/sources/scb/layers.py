"""Layers: which boundaries the map service gives, as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from grannskap.deso import Division
from grannskap.language import Text

__all__ = ["DESO", "LAYERS", "LOCALITIES", "REGSO", "SQUARES", "Layer"]

Filter = Literal["codes", "beginning", "box"]


@dataclass(frozen=True)
class Layer:
    """A layer of SCB's map service.

    Attributes
    ----------
    name : str
        Its name there.
    title : Text
        What it holds.
    key : str
        The attribute that tells its shapes apart.
    chosen_by : {"codes", "beginning", "box"}
        How shapes are chosen: by codes of municipality and county, by how their key begins, or
        by the box around the place.
    attributes : tuple of str
        What is kept of each shape.
    shapes : int
        How many there are in the country; 0 where that is not known.
    page : int
        How many are asked for at a time: some 45 s of the service's time where they are DeSO.
    """

    name: str
    title: Text
    key: str
    chosen_by: Filter
    attributes: tuple[str, ...]
    shapes: int
    page: int = 250

    def filter(
        self, within: Sequence[str], box: Sequence[float] | None = None
    ) -> dict[str, str] | None:
        """Return the parameters that choose shapes; nothing for the country.

        Parameters
        ----------
        within : sequence of str
            Codes of counties and municipalities; the country where empty.
        box : sequence of float, optional
            West, south, east and north in EPSG:3006, for a layer that is chosen so.

        Returns
        -------
        dict or None
            None where it cannot be chosen from.

        Examples
        --------
        >>> DESO[2025].filter(["0380", "01"])
        {'CQL_FILTER': "kommunkod IN ('0380') OR lanskod IN ('01')"}
        """
        if not within:
            return {}
        if self.chosen_by == "box":
            edges = None if box is None else ",".join(f"{edge:.0f}" for edge in box)
            return None if edges is None else {"bbox": f"{edges},EPSG:3006"}
        if self.chosen_by == "beginning":
            parts = [f"{self.key} LIKE '{code}%'" for code in within]
        else:
            parts = [
                f"{name} IN ({', '.join(repr(code) for code in codes)})"
                for name, size in (("kommunkod", 4), ("lanskod", 2))
                if (codes := [code for code in within if len(code) == size])
            ]
        return {"CQL_FILTER": " OR ".join(parts)}


_COMMON = ("lanskod", "kommunkod", "version", "referensdatum")


def _deso(division: int, shapes: int) -> Layer:
    title = Text(f"Gränser för DeSO {division}", f"Boundaries of DeSO {division}")
    attributes = ("desokod", "regsokod", *_COMMON)
    return Layer(f"stat:DeSO_{division}", title, "desokod", "codes", attributes, shapes)


def _regso(year: int, shapes: int) -> Layer:
    title = Text(f"Gränser och namn för RegSO {year}", f"Boundaries and names of RegSO {year}")
    attributes = ("regsokod", "regsonamn", *_COMMON)
    return Layer(f"stat:RegSO_{year}", title, "regsokod", "codes", attributes, shapes)


DESO: Mapping[Division, Layer] = MappingProxyType(
    {2018: _deso(2018, 5984), 2025: _deso(2025, 6160)}
)
"""Boundaries of DeSO, by division."""

REGSO: Mapping[Division, Layer] = MappingProxyType(
    {2018: _regso(2020, 3363), 2025: _regso(2025, 0)}
)
"""Boundaries and names of RegSO, by the division of DeSO that they are made of."""

LOCALITIES = Layer(
    "stat:Tatorter_2023",
    Text("Tätorter 2023, namn och gränser", "Localities 2023, names and outlines"),
    "tatortskod",
    "beginning",
    ("tatortskod", "tatort", "kommunkod", "lanskod", "bef"),
    2017,
)

SQUARES = Layer(
    "stat:befolkning_1km_2025",
    Text("Befolkning på rutor om 1 km, 2025", "Population by squares of 1 km, 2025"),
    "rutid_scb",
    "box",
    ("rutid_scb", "beftotalt", "referenstid"),
    115_118,
    5000,
)

LAYERS: tuple[Layer, ...] = (*DESO.values(), *REGSO.values(), LOCALITIES, SQUARES)
"""Every layer that is known."""
