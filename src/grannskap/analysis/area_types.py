"""The official area types in the year in focus, or their like where a share is not to be had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from grannskap import deso
from grannskap.catalogue import MEAN_OF_SHARES, OFFICIAL, OFFICIAL_SHARES, SHARES
from grannskap.measures import segregation
from grannskap.notes import Note

if TYPE_CHECKING:
    from grannskap.analysis.options import Options
    from grannskap.analysis.results import Measured
    from grannskap.dataset import Dataset
    from grannskap.measures.segregation import Cuts

__all__ = ["AreaTypes", "area_types_of"]

TYPES = ("1", "2", "3", "4", "5")
"""The types, from the highest index to the lowest."""

_STANDARD = ("low_standard_share",)
_SCHOOLS = ("pre_secondary_share", "pre_secondary_share_25_65")
_WORK = (
    *("employment_rate", "employment_rate_20_65", "employment_rate_16_64"),
    "employment_rate_16_65",
)
"""What stands for each of the three shares; of employment the others: those without."""

_ENOUGH = 0.95
"""The share of the country's areas that must have an index, before it is cut by them."""

_FEWEST: Mapping[str, int] = {"deso": 5_900, "regso": 3_300}
"""The country has 5,984 or 6,160 DeSO, and 3,363 RegSO."""


CutBy = Literal["published", "country", "stated", "nothing"]
"""What tells the types."""


@dataclass(frozen=True)
class AreaTypes:
    """An index of each area, and the type that it makes.

    Attributes
    ----------
    official : bool
        Whether it is the socio-economic index of Segregationsbarometern, by RegSO.
    parts : tuple of str
        The shares that it was made of; empty where it was read as published.
    areas : pandas.DataFrame
        Index ``deso``: ``index`` in per cent, and ``type``, of ``"1"`` (the highest) to ``"5"``,
        None where there is none.
    cut_by : {"published", "country", "stated", "nothing"}
        What told the types: the source itself, the country's areas in the register, the project
        file, or nothing, where there are none.
    cuts : Cuts or None
        The mean and the deviation that the types are cut by, where they are known.
    country : int
        How many areas of the country they are of; 0 where they are stated or published.
    notes : tuple of Note
        What was left out or is not sure.
    """

    official: bool
    parts: tuple[str, ...]
    areas: pd.DataFrame
    cut_by: CutBy
    cuts: Cuts | None = None
    country: int = 0
    notes: tuple[Note, ...] = ()

    @property
    def columns(self) -> tuple[str, str]:
        """What the index and the type are called among the columns of areas."""
        index, kind = OFFICIAL if self.official else MEAN_OF_SHARES
        return index, kind

    @property
    def known(self) -> bool:
        """Whether some area has a type."""
        return bool(self.areas["type"].notna().any())


def area_types_of(
    dataset: Dataset, measured: Mapping[str, Measured], asked: Options, year: int
) -> AreaTypes | None:
    """Give each area its official index and type, or the like of it under another name.

    The official measure is of RegSO: as published, else of its three shares. Where the third
    share is not there, it is replaced by those who do not work; that is another measure.

    Parameters
    ----------
    dataset : Dataset
        Its counts, which may hold the whole country.
    measured : mapping of str to Measured
        The shares.
    asked : Options
        Whether the cuts are stated.
    year : int
        The year in focus.

    Returns
    -------
    AreaTypes or None
        None where neither the official index nor three shares are there.
    """
    if (year, "all") not in dataset.years_and_groups():
        return None
    if dataset.level == "regso" and (found := _official(dataset, asked, year)) is not None:
        return found
    return _like(dataset, measured, asked, year)


# --- The official measure ----------------------------------------------------------------------


def _official(dataset: Dataset, asked: Options, year: int) -> AreaTypes | None:
    """Return what is published of RegSO, or made of the three published shares."""
    held = _held(dataset, year)
    index_column, type_column = OFFICIAL
    there = set(OFFICIAL_SHARES) <= set(held)
    published = index_column in held and held[index_column].notna().any()
    if published:
        every = held[index_column].astype(float)
    elif there and held[list(OFFICIAL_SHARES)].notna().all(axis=1).any():
        every = segregation.mean_of_shares(held[list(OFFICIAL_SHARES)] / 100)
    else:
        return None
    parts = () if published else OFFICIAL_SHARES
    index = every.reindex(dataset.geometry.index)
    if type_column in held and held[type_column].notna().any():
        told = _written(held[type_column].reindex(index.index))
        return AreaTypes(official=True, parts=parts, areas=_table(index, told), cut_by="published")
    return _cut(dataset, asked, every, parts, official=True)


def _held(dataset: Dataset, year: int) -> pd.DataFrame:
    """Return what the register tells of everybody in a year, also beyond the polygons."""
    rows = dataset.counts.index
    chosen = (rows.get_level_values("year") == year) & (rows.get_level_values("group") == "all")
    found: pd.DataFrame = dataset.counts[chosen].droplevel(["year", "group"])
    return found


def _written(types: pd.Series[Any]) -> pd.Series[Any]:
    """Return types as they are called, None where one is missing or none of the five."""
    numbers = pd.to_numeric(types, errors="coerce").to_numpy(dtype=float)
    names = [f"{value:.0f}" if np.isfinite(value) else None for value in numbers]
    return pd.Series(
        [name if name in TYPES else None for name in names], index=types.index, dtype=object
    )


def _table(index: pd.Series[Any], types: pd.Series[Any]) -> pd.DataFrame:
    return pd.DataFrame({"index": index, "type": types.astype(object)})


# --- Its like ----------------------------------------------------------------------------------


def _like(
    dataset: Dataset, measured: Mapping[str, Measured], asked: Options, year: int
) -> AreaTypes | None:
    """Return the mean of three shares of which the last is another than the official one."""
    found = [_first(measured, names, year) for names in (_STANDARD, _SCHOOLS, _WORK)]
    parts = tuple(name for name in found if name is not None)
    if len(parts) < len(found):
        return None
    held = _held(dataset, year)
    shares = pd.DataFrame({name: _share(held, name) for name in parts})
    made = _cut(dataset, asked, segregation.mean_of_shares(shares), parts, official=False)
    return _with_doubt(made, measured, year)


def _first(measured: Mapping[str, Measured], names: Sequence[str], year: int) -> str | None:
    """Return the first of several shares that some area has."""
    for name in names:
        if name in measured and measured[name].at("area", year)["estimate"].notna().any():
            return name
    return None


def _share(held: pd.DataFrame, name: str) -> pd.Series[Any]:
    """Return a share of each area of the register; of employment that of the others."""
    base = held[SHARES[name].base]
    found = (held[SHARES[name].part] / base.where(base > 0)).clip(0, 1)
    return 1 - found if name in _WORK else found


def _with_doubt(made: AreaTypes, measured: Mapping[str, Measured], year: int) -> AreaTypes:
    """Count the areas that what is not shown could put into another group."""
    if made.cuts is None:
        return made
    ends = []
    for near, far in (("lower", "upper"), ("upper", "lower")):
        held = {
            name: 1 - table[far] if name in _WORK else table[near]
            for name, table in ((one, measured[one].at("area", year)) for one in made.parts)
        }
        index = segregation.mean_of_shares(pd.DataFrame(held).clip(0, 1))
        ends.append(segregation.area_types(index.reindex(made.areas.index), made.cuts))
    unsure = made.areas["type"].notna() & (ends[0] != ends[1])
    codes = tuple(map(str, made.areas.index[unsure]))
    if not codes:
        return made
    told = (*made.notes, Note("groups not sure", {"areas": len(codes)}, codes))
    return replace(made, notes=told)


# --- The cuts ----------------------------------------------------------------------------------


def _cut(
    dataset: Dataset,
    asked: Options,
    every: pd.Series[Any],
    parts: tuple[str, ...],
    *,
    official: bool,
) -> AreaTypes:
    """Cut an index by the country's areas, or as is stated; never by those of a town alone."""
    index = every.reindex(dataset.geometry.index)
    stated = asked.area_types
    if stated.mean is not None and stated.deviation is not None:
        cuts, country = segregation.Cuts(stated.mean, stated.deviation), 0
    elif _is_country(every, dataset.level):
        cuts, country = segregation.country_cuts(every), int(every.notna().sum())
    else:
        none = pd.Series(None, index=index.index, dtype=object)
        one, other = Note("types without the country"), Note("groups without the country")
        note = one if official else other
        return AreaTypes(official, parts, _table(index, none), "nothing", notes=(note,))
    types = _written(segregation.area_types(index, cuts))
    by: CutBy = "country" if country else "stated"
    return AreaTypes(official, parts, _table(index, types), by, cuts, country)


def _is_country(every: pd.Series[Any], level: str) -> bool:
    """Tell whether a register holds the areas of all municipalities, and knows nearly all."""
    towns = every.dropna().index.astype(str).str[:4].nunique()
    enough = every.notna().sum() >= _ENOUGH * max(len(every), _FEWEST[level])
    return bool(enough) and towns == sum(deso.MUNICIPALITIES.values())
