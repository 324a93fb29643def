"""Measure what was gathered, in the order of the house."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from grannskap import notes
from grannskap.analysis import clustering as clusters
from grannskap.analysis.gathering import (
    COUNTING,
    JOINING,
    READING,
    Gathered,
    OnStage,
    gather,
    ignore_stage,
)
from grannskap.analysis.result import Analysis
from grannskap.areas import select, with_shares
from grannskap.errors import ColumnError, DataError, few
from grannskap.language import Text
from grannskap.measures import balance, indicators, segregation
from grannskap.notes import Note
from grannskap.schema import status_column

if TYPE_CHECKING:
    import geopandas as gpd

    from grannskap.project import Project

__all__ = ["STAGES", "run", "years_and_groups"]

MEASURING = Text("Räknar balans och levnadsvillkor", "Measuring balance and living conditions")
TESTING = Text("Prövar mot slumpen", "Testing against chance")

STAGES = (READING, COUNTING, JOINING, MEASURING, TESTING)
"""The stages of `run`, in order, as its callers see them go by."""


def run(project: Project, *, on_stage: OnStage = ignore_stage) -> Analysis:
    """Read, join and measure everything that a project asks for.

    Parameters
    ----------
    project : Project
        As `grannskap.project.read` returns it.
    on_stage : callable, optional
        Told the name of each stage of `STAGES` as it begins.

    Returns
    -------
    Analysis
        Frozen; the same for the same files and seed.

    Raises
    ------
    GrannskapError
        When a file, a code, a count or the join is not as it should be, or when a measure
        cannot be taken.
    """
    gathered = gather(project, on_stage=on_stage)
    on_stage(MEASURING(project.language))
    measured = _with_balance(gathered.areas, project)
    scored, score_notes, components = _with_scores(measured, gathered)
    places = _places(scored, gathered)
    on_stage(TESTING(project.language))
    clustering = clusters.test(scored, project)
    tested = clusters.joined(scored, clustering)
    municipalities, index_notes = _municipalities(tested, project.segregation.worst)
    return Analysis(
        project=project,
        year=gathered.year,
        division=gathered.division,
        areas=tested,
        register=gathered.register,
        balance=_balance_by_place(gathered, places),
        municipalities=municipalities,
        components=components,
        indicators=indicators.table(gathered.register, places),
        change=_change(gathered),
        clustering=clustering,
        places=gathered.places,
        overlays=gathered.overlays,
        place_names=gathered.place_names,
        notes=_once((*gathered.notes, *score_notes, *index_notes, *notes.of(clustering.local))),
    )


def _once(all_notes: tuple[Note, ...]) -> tuple[Note, ...]:
    return tuple(dict.fromkeys(all_notes))


def _pair(frame: pd.DataFrame, project: Project) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """The two categories that are held against each other."""
    names = (project.balance.low, project.balance.high)
    absent = [name for name in names if name not in frame.columns]
    if absent:
        known = [c.removesuffix("_status") for c in frame.columns if c.endswith("_status")]
        raise ColumnError(
            expected=f"the columns {' and '.join(names)} of [balance]",
            came=f"a register with {few(known, most=12)}",
            remedy="name two of them in [balance], or add them to [register.columns]",
        )
    return frame[names[0]], frame[names[1]]


def _with_balance(areas: gpd.GeoDataFrame, project: Project) -> gpd.GeoDataFrame:
    low, high = _pair(areas, project)
    ratios = balance.ratio(low, high)
    shown = ratios[areas["in_view"].to_numpy()]
    if shown.isna().all():
        raise DataError(
            expected="areas with both categories of the balance",
            came=f"none: {project.balance.low} and {project.balance.high} are missing everywhere",
            remedy="check [register.columns] and the year",
        )
    interval = balance.interval(low, high, level=project.balance.level)
    return areas.assign(
        balance=ratios,
        balance_lower=interval["lower"],
        balance_upper=interval["upper"],
        balance_status=balance.status(
            low, high, low_status=_status(areas, low), high_status=_status(areas, high)
        ),
    )


def _status(areas: pd.DataFrame, values: pd.Series[Any]) -> pd.Series[Any]:
    return areas[status_column(str(values.name))]


def _with_scores(
    areas: gpd.GeoDataFrame, gathered: Gathered
) -> tuple[gpd.GeoDataFrame, tuple[Note, ...], tuple[str, ...]]:
    """Score the areas of whole municipalities: a part has no median to be held against."""
    options = gathered.project.segregation
    found = [name for name in options.components if name in areas.columns]
    if not found:
        raise ColumnError(
            expected=f"one of the components {few(options.components)} of [segregation]",
            came="none of them in the register",
            remedy="add their counts to [register.columns], or name other components",
        )
    whole = areas[areas["complete"] & areas["in_view"]]
    if whole.empty:
        return areas.assign(score=float("nan")), (), tuple(found)
    scores = segregation.scores(
        whole.reindex(columns=list(options.components)).astype(float),
        whole["municipality"],
        method=options.method,
        weights=options.weights,
        reference=_reference(gathered, found),
        bounds=options.bounds,
    )
    used = tuple(name for name in found if whole[name].notna().any())
    return areas.assign(score=scores.reindex(areas.index)), _notes_of(scores), used


def _notes_of(values: pd.Series[Any]) -> tuple[Note, ...]:
    return notes.of(values.to_frame()) if values.attrs else ()


def _reference(gathered: Gathered, components: list[str]) -> dict[str, float] | None:
    asked = gathered.project.segregation.reference
    if isinstance(asked, dict):
        return asked
    if asked == "municipality":
        return None
    everywhere = with_shares(select(gathered.register, year=gathered.year, group="all"))
    return {name: float(everywhere[name].mean()) for name in components}


def _places(areas: gpd.GeoDataFrame, gathered: Gathered) -> dict[str, list[str]]:
    """What balance and indicators are told for: the view, its municipalities, neighbourhoods."""
    language = gathered.project.language
    shown = areas[areas["in_view"]]
    groups = shown[shown["complete"]].groupby("municipality_name", sort=True).groups
    places = {str(name): sorted(codes) for name, codes in groups.items()}
    if len(places) != 1 or sum(map(len, places.values())) != len(shown):
        everything = Text("Hela kartan", "Everything shown")(language)
        places = {everything: sorted(shown.index), **places}
    return places | {place.name: list(place.codes) for place in gathered.places}


def _balance_by_place(gathered: Gathered, places: dict[str, list[str]]) -> pd.DataFrame:
    """Balance of every place, by year and group, on summed counts and as a mean of ratios."""
    project = gathered.project
    everywhere = pd.Index(sorted({code for codes in places.values() for code in codes}))
    tables = {}
    for year, group in years_and_groups(gathered.register):
        flat = select(gathered.register, year=year, group=group).reindex(everywhere)
        low, high = _pair(flat, project)
        tables[year, group] = balance.summary(low, high, groups=places, level=project.balance.level)
    whole = pd.concat(tables, names=["year", "group", "place"])
    return whole.reorder_levels(["place", "year", "group"])


def years_and_groups(register: pd.DataFrame) -> list[tuple[int, str]]:
    """Return the years and groups that a register holds, sorted."""
    years = register.index.get_level_values("year")
    groups = register.index.get_level_values("group")
    return sorted({(int(year), str(group)) for year, group in zip(years, groups, strict=True)})


def _change(gathered: Gathered) -> pd.DataFrame | None:
    project = gathered.project
    if project.compare is None:
        return None
    then = select(gathered.register, year=project.compare, group="all")
    low_then, high_then = _pair(then.reindex(gathered.areas.index), project)
    low_now, high_now = _pair(gathered.areas, project)
    return balance.change(low_then, high_then, low_now, high_now, level=project.balance.level)


def _municipalities(
    areas: gpd.GeoDataFrame, worst: Literal["min", "p05", "p10"]
) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """A row per whole municipality shown: its name and its segregation index."""
    whole = areas[areas["complete"] & areas["in_view"]]
    if whole.empty:
        return pd.DataFrame(index=pd.Index([], name="municipality")), ()
    index = segregation.index(
        whole["score"],
        whole["municipality"],
        worst=worst,
        student_share=whole["student_share"] if "student_share" in whole.columns else None,
    )
    names = whole.groupby("municipality")["municipality_name"].first()
    table = pd.concat([names, index.rename(columns={"index": "segregation_index"})], axis=1)
    return table, notes.of(index)
