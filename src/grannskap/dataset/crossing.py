"""Registers of both divisions become one, on the areas of the division that is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from grannskap import areas, deso, notes
from grannskap.catalogue import TRANSLATED, lower_column, status_column, upper_column
from grannskap.dataset.bounds import Hidden, with_bounds
from grannskap.dataset.model import Pools
from grannskap.errors import DataError
from grannskap.notes import Note
from grannskap.sources import register as register_source

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Crossed", "Ways", "by_division", "check_told", "cross", "together"]

_FIRST_OF_2025 = 2024


@dataclass(frozen=True, eq=False)
class Ways:
    """What counts are moved by; as in `grannskap.areas.crosswalk`."""

    source: gpd.GeoDataFrame | None = None
    changes: pd.DataFrame | None = None
    squares: gpd.GeoDataFrame | None = None
    by: Literal["squares", "area"] = "squares"


@dataclass(frozen=True, eq=False)
class Crossed:
    """Counts of the division that is shown.

    Attributes
    ----------
    register : pandas.DataFrame
        A register frame with bounds, and the column ``translated``: how a row was made, empty
        where it was read.
    told : tuple of Note
        What there is to tell of bounds and moves.
    lacking : frozenset of str
        Municipalities of which an area has counts but no polygon.
    pools : Pools or None
        What is known of moved areas together.
    """

    register: pd.DataFrame
    told: tuple[Note, ...]
    lacking: frozenset[str] = field(default_factory=frozenset)
    pools: Pools | None = None


def check_told(polygons: gpd.GeoDataFrame, frames: Mapping[str, Sequence[pd.DataFrame]]) -> None:
    """Refuse a register that tells no division, of years that are not those of the polygons'.

    Parameters
    ----------
    polygons : GeoDataFrame
        With their division.
    frames : mapping of str to sequence of DataFrame
        Register frames by the name of their file.

    Raises
    ------
    DataError
        Naming the file: the same code is not always the same area.
    """
    division = polygons.attrs.get("division")
    for name, frame in ((name, one) for name, held in frames.items() for one in held):
        years = _years(frame)
        if division is None or frame.attrs.get("division") is not None or not years:
            continue
        if _of_years(years) not in (None, division):
            values = {"division": str(division), "file": name, "years": [str(one) for one in years]}
            raise DataError("division not told", values)


def by_division(
    frames: Mapping[str, Sequence[pd.DataFrame]],
) -> tuple[dict[int, pd.DataFrame], tuple[Note, ...]]:
    """Combine register frames of each division; where none is told, the years tell it.

    Parameters
    ----------
    frames : mapping of str to sequence of DataFrame
        Register frames by the name of their file.

    Raises
    ------
    DataError
        When a file tells neither its division nor years of one.
    """
    parts: dict[int, list[pd.DataFrame]] = {}
    told = []
    for name, frame in ((name, one) for name, held in frames.items() for one in held):
        division = frame.attrs.get("division")
        if division is None:
            division, note = _told_by_years(name, _years(frame))
            told.append(note)
        stated = frame.copy(deep=False)
        stated.attrs = {**frame.attrs, "division": division}
        parts.setdefault(int(division), []).append(stated)
    combined = {
        division: held[0] if len(held) == 1 else register_source.combine(held)
        for division, held in parts.items()
    }
    return combined, tuple(told)


def _told_by_years(name: str, years: Sequence[int]) -> tuple[deso.Division, Note]:
    division, texts = _of_years(years), [str(year) for year in years]
    if division is None:
        raise DataError("no division told", {"file": name, "years": texts or ["–"]})
    return division, Note("division told by years", {"division": str(division), "names": texts})


def _years(frame: pd.DataFrame) -> list[int]:
    return sorted({int(year) for year in frame.index.unique("year")} - {0})


def _of_years(years: Sequence[int]) -> deso.Division | None:
    """Return the division that all of the years have; None where they have both, or are none."""
    late = {year >= _FIRST_OF_2025 for year in years}
    if len(late) != 1:
        return None
    return 2025 if late.pop() else 2018


def cross(
    registers: Mapping[int, pd.DataFrame],
    polygons: gpd.GeoDataFrame,
    ways: Ways,
    *,
    show: deso.Division,
    hidden: Hidden,
    amounts: Sequence[str] = (),
) -> Crossed:
    """Move the other division's counts to the one that is shown, and put all together.

    Parameters
    ----------
    registers : mapping of int to DataFrame
        A register frame of each division.
    polygons : GeoDataFrame
        Of the division that is shown.
    ways : Ways
        What counts are moved by.
    show : {2018, 2025}
        The division that is shown.
    hidden : tuple of int, mapping of str to tuple of int, or None
        The least and the most that a suppressed count can be.
    amounts : sequence of str
        Columns that hold amounts, beside those that the catalogue knows.

    Returns
    -------
    Crossed
        Ready to be assembled.

    Raises
    ------
    GrannskapError
        As `grannskap.areas.crosswalk`.
    """
    parts: list[pd.DataFrame] = []
    told: list[Note] = []
    lacking: set[str] = set()
    pools: Pools | None = None
    for division, register in sorted(registers.items()):
        kept = register
        if division != show and ways.source is not None:
            kept, absent = _covered(register, ways.source)
            lacking |= set(absent.str[:4])
            told += _note_absent(absent)
        known = (
            {name: one for name, one in hidden.items() if name in kept}
            if isinstance(hidden, Mapping)
            else hidden
        )
        bounded, of_bounds = with_bounds(kept, hidden=known, amounts=amounts)
        told += [*notes.of(kept), *of_bounds]
        bounded.attrs = {"division": division}
        if division != show:
            before, bounded = bounded, _moved(bounded, polygons, ways, show, amounts)
            pools = _pools(before, bounded.attrs["pools"])
            told += notes.of(bounded)
        parts.append(bounded)
    return Crossed(together(parts), tuple(dict.fromkeys(told)), frozenset(lacking), pools)


def together(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Combine register frames that have bounds, and how the rows of some were made.

    Parameters
    ----------
    parts : sequence of DataFrame
        Of one division.

    Returns
    -------
    DataFrame
        A register frame with bounds, and with ``translated`` where a part has it.
    """
    whole = parts[0] if len(parts) == 1 else register_source.combine(parts)
    joined = _with_whole_bounds(whole)
    made = [one[TRANSLATED] for one in parts if TRANSLATED in one]
    if made:
        joined = joined.assign(**{TRANSLATED: pd.concat(made).reindex(whole.index)})
    joined.attrs = {"division": whole.attrs.get("division")}
    return joined


def _pools(before: pd.DataFrame, numbers: Mapping[str, Mapping[str, int]]) -> Pools | None:
    """Sum the bounds of counts, as they were before they were moved, over each pool."""
    if not numbers["new"]:
        return None
    bounds = [one for one in before if str(one).endswith(("_lower", "_upper"))]
    codes = before.index.get_level_values("deso")
    pool = pd.Series(numbers["old"]).reindex(codes)
    kept = pool.notna().to_numpy()
    times = [before.index.get_level_values(name)[kept] for name in ("year", "group")]
    levels = [pd.Index(pool[kept].astype(int)), *times]
    sums = before.loc[kept, bounds].groupby(levels).sum()
    of = pd.Series(numbers["new"], dtype="int64").rename_axis("deso").sort_index()
    return Pools(of, sums.rename_axis(["pool", "year", "group"]))


def _with_whole_bounds(register: pd.DataFrame) -> pd.DataFrame:
    """Bound what only the other division's frame has a row for: it can be anything."""
    names = [str(name) for name in register if status_column(str(name)) in register]
    filled = {lower_column(name): register[lower_column(name)].fillna(0.0) for name in names}
    filled |= {upper_column(name): register[upper_column(name)].fillna(np.inf) for name in names}
    return register.assign(**filled)


def _covered(
    register: pd.DataFrame, source: gpd.GeoDataFrame
) -> tuple[pd.DataFrame, pd.Index[str]]:
    """Return the rows of areas that have a polygon, and the codes of those that have none."""
    codes = register.index.get_level_values("deso")
    there = np.asarray(codes.isin(source.index), dtype=bool)
    kept = register[there]
    kept.attrs = dict(register.attrs)
    return kept, codes[~there].unique()


def _note_absent(absent: pd.Index[str]) -> list[Note]:
    if not len(absent):
        return []
    codes = tuple(map(str, absent))
    return [Note("register rows not joined", {"areas": len(codes)}, codes)]


def _moved(
    bounded: pd.DataFrame,
    polygons: gpd.GeoDataFrame,
    ways: Ways,
    show: deso.Division,
    amounts: Sequence[str],
) -> pd.DataFrame:
    return areas.crosswalk(
        bounded,
        to=show,
        source=ways.source,
        target=polygons,
        changes=ways.changes,
        squares=ways.squares,
        by=ways.by,
        amounts=tuple(amounts),
    )
