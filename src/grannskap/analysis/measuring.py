"""Measure what was gathered, in the order of the house."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from grannskap import notes
from grannskap.analysis import by_place
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
from grannskap.analysis.result import Analysis, Clustering
from grannskap.areas import select, with_shares
from grannskap.catalogue import status_column
from grannskap.errors import ColumnError, DataError, few
from grannskap.language import Text, counted
from grannskap.measures import balance, indicators, segregation
from grannskap.notes import Note

if TYPE_CHECKING:
    import geopandas as gpd

    from grannskap.project import Project

__all__ = ["STAGES", "run"]

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
    scored, score_notes, components, recipe = _with_scores(measured, gathered)
    places = _places(scored, gathered)
    balances, balance_notes = by_place.balances(gathered, places)
    shares = indicators.table(gathered.register, places)
    change = _change(gathered)
    on_stage(TESTING(project.language))
    clustering = clusters.test(scored, project)
    tested = _with_change(clusters.joined(scored, clustering), change)
    municipalities, index_notes = _municipalities(tested, components, project)
    return Analysis(
        project=project,
        year=gathered.year,
        division=gathered.division,
        areas=tested,
        register=gathered.register,
        balance=balances,
        municipalities=municipalities,
        components=components,
        recipe=recipe,
        indicators=shares,
        change=change,
        clustering=clustering,
        places=gathered.places,
        overlays=gathered.overlays,
        place_names=gathered.place_names,
        notes=_once(
            (
                *gathered.notes,
                *_notes_on_nobody(measured),
                *balance_notes,
                *([] if change is None else notes.of(change)),
                *notes.of(shares),
                *score_notes,
                *index_notes,
                *_notes_of_tests(clustering),
            )
        ),
    )


def _notes_of_tests(clustering: Clustering) -> tuple[Note, ...]:
    """Every note of the tests: of each area, of all, by municipality, in other settings."""
    tables = (clustering.within, clustering.sensitivity)
    more = [note for table in tables if table is not None for note in notes.of(table)]
    return (*notes.of(clustering.local), *clustering.overall.notes, *more)


def _once(all_notes: tuple[Note, ...]) -> tuple[Note, ...]:
    return tuple(dict.fromkeys(all_notes))


def _notes_on_nobody(areas: gpd.GeoDataFrame) -> list[Note]:
    """Say which areas the map of the balance leaves blank though nothing is missing."""
    shown = areas[areas["in_view"].to_numpy()]
    codes = tuple(map(str, shown.index[shown["balance_status"].eq("nobody either")]))
    if not codes:
        return []
    held = counted(len(codes), "area")
    text = Text(
        f"I {held.sv} finns ingen i någon av polerna: där finns ingen balans, och på kartan ser "
        "det ut som när uppgift saknas.",
        f"In {held.en} nobody is at either pole: there is no balance, and the map shows it as it "
        "shows missing data.",
    )
    return [Note("areas with nobody in either pole", text, codes)]


def _with_balance(areas: gpd.GeoDataFrame, project: Project) -> gpd.GeoDataFrame:
    low, high = by_place.pair(areas, project)
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
) -> tuple[gpd.GeoDataFrame, tuple[Note, ...], tuple[str, ...], segregation.Recipe | None]:
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
        return areas.assign(score=float("nan")), (), tuple(found), None
    scores = segregation.scores(
        whole.reindex(columns=list(options.components)).astype(float),
        whole["municipality"],
        method=options.method,
        weights=options.weights,
        reference=_reference(gathered, found),
        bounds=options.bounds,
    )
    used = tuple(name for name in found if whole[name].notna().any())
    scored = areas.assign(score=scores.reindex(areas.index))
    return scored, _notes_of(scores), used, segregation.recipe(scores)


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


def _change(gathered: Gathered) -> pd.DataFrame | None:
    project = gathered.project
    if project.compare is None:
        return None
    then = select(gathered.register, year=project.compare, group="all")
    low_then, high_then = by_place.pair(then.reindex(gathered.areas.index), project)
    low_now, high_now = by_place.pair(gathered.areas, project)
    found = balance.change(low_then, high_then, low_now, high_now, confidence=project.balance.level)
    names = ["ratio_then", "ratio_now", *_OF_ESTIMATE, "p", "q", "within_chance"]
    return found[names].rename(columns=_OF_ESTIMATE)


_OF_ESTIMATE = {"estimate": "log2_change", "interval_lower": "lower", "interval_upper": "upper"}

_OF_CHANGE = {
    "log2_change": "change_log2",
    "lower": "change_lower",
    "upper": "change_upper",
    "p": "change_p",
    "q": "change_q",
    "within_chance": "change_within_chance",
}


def _with_change(areas: gpd.GeoDataFrame, change: pd.DataFrame | None) -> gpd.GeoDataFrame:
    """Return the areas with the change of their balance, where two years are compared."""
    if change is None:
        return areas
    return areas.join(change[list(_OF_CHANGE)].rename(columns=_OF_CHANGE))


def _municipalities(
    areas: gpd.GeoDataFrame, components: tuple[str, ...], project: Project
) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """A row per whole municipality shown: its name, its index, and what its areas are held to."""
    whole = areas[areas["complete"] & areas["in_view"]]
    if whole.empty:
        return pd.DataFrame(index=pd.Index([], name="municipality")), ()
    options = project.segregation
    index = segregation.segregation_index(
        whole["score"],
        whole["municipality"],
        worst=options.worst,
        student_share=whole["student_share"] if "student_share" in whole.columns else None,
    )
    by_municipality = whole.groupby("municipality")
    parts = [
        by_municipality["municipality_name"].first(),
        index.drop(columns="worst_areas").rename(columns=_OF_INDEX),
    ]
    if options.method != "minmax" and options.reference == "municipality":
        medians = by_municipality[list(components)].median()
        parts.append(medians.astype(float).add_prefix("reference_"))
    return pd.concat(parts, axis=1), notes.of(index)


_OF_INDEX = {
    "index": "segregation_index",
    "areas": "score_areas",
    "areas_missing": "score_areas_missing",
}
