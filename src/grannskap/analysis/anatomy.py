"""The segregation of the place in focus in parts: between and within, by area, scale and time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from grannskap import notes
from grannskap.analysis import levels
from grannskap.catalogue import SURROUNDINGS, TENURES
from grannskap.errors import DataError
from grannskap.measures import segregation
from grannskap.notes import Note

if TYPE_CHECKING:
    from grannskap.analysis.options import Options
    from grannskap.dataset import Dataset

__all__ = ["COLUMNS", "MOST_AREAS", "OTHERS", "Anatomy", "anatomy_of", "in_focus"]

MOST_AREAS = 2_000
"""In larger places nobody walks outward from every area: that would take many seconds."""

COLUMNS = (
    *("contribution", "contribution_dissimilarity", "contribution_theil_h"),
    *("contribution_information", *SURROUNDINGS),
)
"""What is told of each area."""

OTHERS = "others"
"""The part that holds the areas of no named neighbourhood."""

_FEWEST = 3
_STEPS, _NEARLY = (1, 2, 5), 0.8


@dataclass(frozen=True)
class Anatomy:
    """The segregation of one place, taken apart.

    Attributes
    ----------
    codes : frozenset of str
        The areas of the place.
    parts : pandas.DataFrame
        Index ``partition`` (``municipality``, ``kind``, ``neighbourhood`` or ``tenure``) and
        ``part``, as `segregation.decomposition` gives them of Theil's H; empty where the place
        has but one part of everything.
    areas : pandas.DataFrame
        Index ``deso``, `COLUMNS`: what each area adds to the indices, and how distorted the
        place looks from it. ``contribution`` is that to the dissimilarity in means of all areas,
        above 0 where the low pole is larger than in the whole, and below where the high is;
        ``distortion_pole`` is the distortion, below 0 where more of the high than in the whole
        are met on the way.
    profile : pandas.DataFrame or None
        By ``people``, as `segregation.profile`; None where the place has too many areas.
    change : pandas.Series or None
        As `segregation.change`, where two years are compared and it can be parted.
    tested : pandas.DataFrame or None
        As `segregation.change_test`, of the same areas; None also where the place has too many.
    tested_parts : pandas.DataFrame or None
        As `segregation.parts_test`, of the same.
    notes : tuple of Note
        What was left out.
    """

    codes: frozenset[str] = frozenset()
    parts: pd.DataFrame = field(default_factory=pd.DataFrame)
    areas: pd.DataFrame = field(default_factory=pd.DataFrame)
    profile: pd.DataFrame | None = None
    change: pd.Series[Any] | None = None
    tested: pd.DataFrame | None = None
    tested_parts: pd.DataFrame | None = None
    notes: tuple[Note, ...] = ()


def in_focus(members: pd.DataFrame, asked: Options) -> pd.Index[Any]:
    """Return the areas whose segregation is taken apart: of the first scope, or all."""
    scope = levels.scope_name(asked.scopes[0]) if asked.scopes else levels.EVERYTHING
    chosen = (members["level"] == "scope") & (members["place"] == scope)
    codes: pd.Index[Any] = pd.Index(members.loc[chosen, "deso"])
    return codes


def anatomy_of(
    dataset: Dataset, codes: pd.Index[Any], asked: Options, years: tuple[int, int | None]
) -> Anatomy:
    """Take the segregation of a place apart.

    Parameters
    ----------
    dataset : Dataset
        Its counts.
    codes : pandas.Index
        The areas of the place.
    asked : Options
        Which poles.
    years : tuple
        The year in focus, and the one that it is compared with.

    Returns
    -------
    Anatomy
        Without areas where fewer than three know both poles, or one pole has nobody.
    """
    poles = [asked.balance.low, asked.balance.high]
    year, then = years
    counts = _counts(dataset, codes, poles, (year, "all"))
    known = counts.dropna()
    if (known.sum(axis=1) > 0).sum() < _FEWEST or (known.sum() == 0).any():
        return Anatomy(frozenset(codes))
    parts, told = _parts(dataset, counts, poles, year)
    both = _both_years(dataset, counts, poles, then)
    change, of_change = _change(both)
    tested, of_parts = (None, None) if change is None else _tested(both, asked)
    areas, profile = _areas(dataset, counts)
    return Anatomy(
        codes=frozenset(codes),
        parts=parts,
        areas=areas,
        profile=profile,
        change=change,
        tested=tested,
        tested_parts=of_parts,
        notes=(*told, *of_change),
    )


def _counts(
    dataset: Dataset, codes: pd.Index[Any], poles: list[str], setting: tuple[int, str]
) -> pd.DataFrame:
    rows = dataset.counts.index
    chosen = (rows.get_level_values("year") == setting[0]) & (
        rows.get_level_values("group") == setting[1]
    )
    held = dataset.counts[chosen].droplevel(["year", "group"])[poles].astype("float64")
    found: pd.DataFrame = held.reindex(codes)
    return found


def _parts(
    dataset: Dataset, counts: pd.DataFrame, poles: list[str], year: int
) -> tuple[pd.DataFrame, list[Note]]:
    """Part H by all that parts the place in two or more."""
    found, told = {}, _overlapping(dataset, counts.index)
    for name, by in _partitions(dataset, counts.index):
        if by.nunique() > 1:
            found[name] = segregation.decomposition(counts, by=by)
    cells, note = _by_tenure(dataset, counts.index, poles, year)
    if cells is not None:
        by = pd.Series(cells.index.get_level_values("group"), index=cells.index)
        found["tenure"] = segregation.decomposition(cells, by=by)
        told += note
    if not found:
        return pd.DataFrame(), told
    whole = pd.concat(found, names=["partition", "part"])
    whole = whole.rename(columns={poles[0]: "low", poles[1]: "high"})
    whole.attrs = {}
    return whole, told


def _partitions(dataset: Dataset, codes: pd.Index[Any]) -> Iterator[tuple[str, pd.Series[Any]]]:
    geometry = dataset.geometry.reindex(codes)
    yield "municipality", geometry["municipality"].astype(str)
    if dataset.level == "deso":
        yield "kind", geometry["kind"].astype(str)
    named = [
        (_unlike(place.name), code) for place in dataset.neighbourhoods for code in place.codes
    ]
    of = pd.Series([name for name, _ in named], index=[code for _, code in named], dtype=object)
    of = of[of.index.isin(codes)]
    if of.index.is_unique and len(of):
        yield "neighbourhood", of.reindex(codes).fillna(OTHERS)


def _overlapping(dataset: Dataset, codes: pd.Index[Any]) -> list[Note]:
    """Tell that neighbourhoods with areas in common are no parts."""
    held = pd.Index([code for one in dataset.neighbourhoods for code in one.codes])
    twice = held[held.duplicated() & held.isin(codes)].unique().sort_values()
    if twice.empty:
        return []
    return [Note("neighbourhoods overlap", {"areas": len(twice)}, tuple(map(str, twice)))]


def _unlike(name: str) -> str:
    """Return a name that is not one of the rows that every partition has."""
    taken = (segregation.TOTAL, segregation.BETWEEN, segregation.WITHIN, OTHERS)
    return f"“{name}”" if name in taken else name


def _by_tenure(
    dataset: Dataset, codes: pd.Index[Any], poles: list[str], year: int
) -> tuple[pd.DataFrame | None, list[Note]]:
    """Counts of each area and tenure, of areas that tell of every tenure there is."""
    held = {
        group: _counts(dataset, codes, poles, (year, group))
        for group in TENURES
        if (year, group) in dataset.years_and_groups()
    }
    held = {group: table for group, table in held.items() if table.notna().all(axis=1).any()}
    if len(held) < 2:
        return None, []
    cells = pd.concat(held, names=["group", "deso"])
    known = cells.notna().all(axis=1).groupby(level="deso").all()
    kept = known.index[known]
    if kept.empty:
        return None, []
    gone = tuple(sorted(map(str, known.index[~known])))
    told = [Note("areas without tenures", {"areas": len(gone)}, gone)] if gone else []
    return cells[cells.index.get_level_values("deso").isin(kept)], told


def _areas(dataset: Dataset, counts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """What each area adds, how distorted the place looks from it, and the place by scale."""
    added = segregation.contributions(counts)
    table = pd.DataFrame(
        {
            "contribution": added["surplus"] / added["dissimilarity"].mean(),
            "contribution_dissimilarity": added["dissimilarity"],
            "contribution_theil_h": added["theil_h"],
            "contribution_information": added["information"],
        }
    ).reindex(columns=list(COLUMNS))
    table.attrs = {}
    if len(counts) > MOST_AREAS:
        return table, None
    points = dataset.geometry.geometry.reindex(counts.index)
    walked = segregation.distortion(counts, points)
    walked_so = ["distortion", "people_until", "metres_until"]
    table[walked_so] = walked[walked_so]
    table["distortion_pole"] = walked["distortion"] * np.sign(walked["lean"])
    return table, segregation.profile(counts, points, people=_people(counts.dropna()))


def _people(counts: pd.DataFrame) -> list[float]:
    """Round numbers of people, from those of the area in the middle up to all."""
    sizes = counts.sum(axis=1)
    least, most = max(float(sizes[sizes > 0].median()), 1.0), float(sizes.sum())
    powers = range(int(np.log10(least)), int(np.log10(most)) + 1)
    round_ones = [float(step * 10**power) for power in powers for step in _STEPS]
    return [*(number for number in round_ones if least <= number < _NEARLY * most), most]


def _both_years(
    dataset: Dataset, counts: pd.DataFrame, poles: list[str], then: int | None
) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Return the counts of two years, over the areas that both tell of."""
    if then is None:
        return None
    before = _counts(dataset, counts.index, poles, (then, "all"))
    known = before.notna().all(axis=1) & counts.notna().all(axis=1)
    return before[known], counts[known]


def _change(
    years: tuple[pd.DataFrame, pd.DataFrame] | None,
) -> tuple[pd.Series[Any] | None, tuple[Note, ...]]:
    """Part the change between two years."""
    if years is None:
        return None, ()
    try:
        found = segregation.change(*years)
    except DataError:
        return None, (Note("change not parted"),)
    return found.rename(None), notes.of(found)


def _tested(
    years: tuple[pd.DataFrame, pd.DataFrame] | None, asked: Options
) -> tuple[pd.DataFrame | None, pd.DataFrame | None]:
    """Hold the change between two years, and its parts, against chance."""
    if years is None or len(years[0]) > MOST_AREAS:
        return None, None
    confidence, seed = asked.balance.confidence, asked.autocorrelation.seed
    return (
        segregation.change_test(*years, confidence=confidence, seed=seed),
        segregation.parts_test(*years, confidence=confidence, seed=seed),
    )
