"""Living conditions and the segregation index of whole municipalities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from grannskap import notes
from grannskap.analysis.results import KEY, SHAPE, Measured
from grannskap.catalogue import SHARES, status_column
from grannskap.measures import segregation
from grannskap.notes import Note

if TYPE_CHECKING:
    import geopandas as gpd

    from grannskap.analysis.options import Options
    from grannskap.dataset import Dataset

__all__ = ["Index", "segregation_of"]


@dataclass(frozen=True)
class Index:
    """Areas with their scores, the index of each municipality, and how both were made."""

    areas: gpd.GeoDataFrame
    table: pd.DataFrame
    components: tuple[str, ...]
    recipe: segregation.Recipe | None
    measured: dict[str, Measured]
    notes: tuple[Note, ...]


def segregation_of(areas: gpd.GeoDataFrame, dataset: Dataset, asked: Options, year: int) -> Index:
    """Score the areas of whole municipalities: a part has no median to be held against."""
    options = asked.segregation
    found = [name for name in options.components if name in areas.columns]
    whole = areas[areas["complete"].to_numpy()]
    if not found or whole.empty or whole[found].isna().all(axis=None):
        return _without(areas, found)
    scores = segregation.scores(
        whole.reindex(columns=list(options.components)).astype(float),
        whole["municipality"],
        method=options.method,
        weights=options.weights,
        reference=_reference(dataset, asked, year, found),
        bounds=options.bounds,
    )
    scored = areas.assign(score=scores.reindex(areas.index))
    used = tuple(name for name in found if whole[name].notna().any())
    table, of_index = _by_municipality(scored, whole, used, asked)
    ends = _interval(dataset, whole, asked, segregation.recipe(scores), year)
    at = [*table.columns].index("segregation_index") + 1
    table = pd.concat([table.iloc[:, :at], ends.reindex(table.index), table.iloc[:, at:]], axis=1)
    return Index(
        areas=scored,
        table=table,
        components=used,
        recipe=segregation.recipe(scores),
        measured=_measured(scored, table, asked, (year, used)),
        notes=(*notes.of(scores), *of_index),
    )


def _without(areas: gpd.GeoDataFrame, found: list[str]) -> Index:
    """No index and no scores, and a note that says so."""
    return Index(
        areas=areas,
        table=pd.DataFrame(index=pd.Index([], name="municipality")),
        components=tuple(found),
        recipe=None,
        measured={},
        notes=(Note("no segregation index"),),
    )


def _reference(
    dataset: Dataset, asked: Options, year: int, components: list[str]
) -> dict[str, float] | None:
    reference = asked.segregation.reference
    if isinstance(reference, dict):
        return reference
    if reference == "municipality":
        return None
    rows = dataset.counts.index
    chosen = (rows.get_level_values("year") == year) & (rows.get_level_values("group") == "all")
    pooled = segregation.pooled_reference(dataset.counts[chosen], components)
    return {str(name): float(value) for name, value in pooled.items()}


def _by_municipality(
    scored: gpd.GeoDataFrame, whole: gpd.GeoDataFrame, used: tuple[str, ...], asked: Options
) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """A row per whole municipality: its name, its index, and what its areas are held to."""
    options = asked.segregation
    scores = scored["score"].reindex(whole.index)
    found = segregation.segregation_index(
        scores,
        whole["municipality"],
        worst=options.worst,
        student_share=whole["student_share"] if "student_share" in whole.columns else None,
    )
    grouped = whole.groupby("municipality")
    parts = [grouped["municipality_name"].first(), found.rename(columns=_OF_INDEX)]
    if options.method != "minmax" and options.reference == "municipality":
        medians = grouped[list(used)].median()
        parts.append(medians.astype(float).add_prefix("reference_"))
    parts.append(_comparable(scores, whole, asked))
    return pd.concat(parts, axis=1).join(_best(scores, whole["municipality"])), notes.of(found)


def _interval(
    dataset: Dataset,
    whole: gpd.GeoDataFrame,
    asked: Options,
    recipe: segregation.Recipe,
    year: int,
) -> pd.DataFrame:
    """What chance could do to the index of each municipality: see `segregation.index_interval`."""
    counted = {
        name: dataset.count(SHARES[name].base, year=year).value.reindex(whole.index)
        for name in recipe.weights
        if name in SHARES and SHARES[name].base in dataset.variables
    }
    found = segregation.index_interval(
        pd.DataFrame(whole[list(recipe.weights)]),
        counted,
        whole["municipality"],
        recipe=recipe,
        worst=asked.segregation.worst,
        confidence=asked.balance.confidence,
        seed=asked.autocorrelation.seed,
    )
    return found.add_prefix("segregation_index_")


def _comparable(scores: pd.Series[Any], whole: gpd.GeoDataFrame, asked: Options) -> pd.DataFrame:
    """The index in ways that can be held side by side: see `segregation.comparable`."""
    found = segregation.comparable(
        scores,
        whole["municipality"],
        student_share=whole["student_share"] if "student_share" in whole.columns else None,
        confidence=asked.balance.confidence,
        seed=asked.autocorrelation.seed,
    )
    return found.drop(columns=["areas", "index"]).add_prefix("index_")


_OF_INDEX = {
    "index": "segregation_index",
    "areas": "score_areas",
    "areas_missing": "score_areas_missing",
}


def _best(scores: pd.Series[Any], municipality: pd.Series[Any]) -> pd.DataFrame:
    """The best area of each municipality, where one has the highest score alone."""
    known = scores.dropna()
    groups = known.groupby(municipality.reindex(known.index))
    most = groups.max()
    having = known.eq(groups.transform("max")).groupby(municipality.reindex(known.index)).sum()
    alone = groups.idxmax().astype(object).where(having == 1, None)
    return pd.DataFrame({"best_area": alone, "best_score": most})


def _measured(
    scored: gpd.GeoDataFrame,
    table: pd.DataFrame,
    asked: Options,
    made: tuple[int, tuple[str, ...]],
) -> dict[str, Measured]:
    year, used = made
    parameters = {
        "method": asked.segregation.method,
        "worst": asked.segregation.worst,
        "components": list(asked.segregation.components),
    }
    known = scored["score"].notna()
    area = pd.DataFrame(
        {
            "estimate": scored["score"],
            "areas": known.astype(int),
            "areas_missing": (~known).astype(int),
            "status": _why(scored, used).where(~known, "value"),
        }
    )
    municipal = pd.DataFrame(
        {
            "estimate": table["segregation_index"],
            "interval_lower": table["segregation_index_lower"],
            "interval_upper": table["segregation_index_upper"],
            "areas": table["score_areas"],
            "areas_missing": table["score_areas_missing"],
            "status": np.where(table["segregation_index"].notna(), "value", "missing"),
        }
    )
    return {
        "score": Measured("score", _keyed(area, "area", year), "index", parameters=parameters),
        "segregation_index": Measured(
            "segregation_index",
            _keyed(municipal, "municipality", year),
            "index",
            parameters=parameters,
        ),
    }


def _why(scored: gpd.GeoDataFrame, used: tuple[str, ...]) -> pd.Series[Any]:
    """Why an area has no score: the first of its components that says so."""
    why = pd.Series("missing", index=scored.index, dtype=object)
    for name in reversed(used):
        status = scored[status_column(name)].astype(object)
        why = why.where(status.eq("value"), status)
    return why


def _keyed(table: pd.DataFrame, level: str, year: int) -> pd.DataFrame:
    shaped = table.reindex(columns=list(SHAPE))
    shaped.index = pd.MultiIndex.from_product(
        [[level], table.index.astype(object), [year], ["all"]], names=KEY
    )
    return shaped
