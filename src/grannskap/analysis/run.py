"""Measure a dataset, in the order of the house; what it returns knows nothing of words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from grannskap import notes
from grannskap.analysis import clustering as clusters
from grannskap.analysis import estimates, levels, national, series, wide
from grannskap.analysis.anatomy import anatomy_of, in_focus
from grannskap.analysis.area_types import AreaTypes, area_types_of
from grannskap.analysis.estimates import Estimates
from grannskap.analysis.evenness import evenness_of
from grannskap.analysis.frontiers import frontiers_of
from grannskap.analysis.frontiers import notes_of as of_frontiers
from grannskap.analysis.history import Focus, history_of
from grannskap.analysis.index import segregation_of
from grannskap.analysis.options import Options
from grannskap.analysis.results import Clustering, Measured, Results
from grannskap.catalogue import SHARES
from grannskap.errors import ColumnError, DataError
from grannskap.language import Text
from grannskap.notes import Note
from grannskap.wording import in_both

if TYPE_CHECKING:
    from grannskap.analysis.stack import Stack
    from grannskap.dataset import Dataset

__all__ = ["MEASURING", "STAGES", "TESTING", "OnStage", "check", "ignore_stage", "run"]

OnStage = Callable[[Text], None]

MEASURING = in_both("program.stage.measuring")
TESTING = in_both("program.stage.testing")

STAGES = (MEASURING, TESTING)
"""The stages of `run`, in order."""


def ignore_stage(_name: Text) -> None:
    """Take the name of a stage and do nothing: nobody watches."""


def run(
    dataset: Dataset, options: Options | None = None, *, on_stage: OnStage = ignore_stage
) -> Results:
    """Measure a dataset: every measure once, for every level, year and group.

    Parameters
    ----------
    dataset : Dataset
        From `grannskap.dataset.read` or `grannskap.dataset.from_frames`.
    options : Options, optional
        Which balance, index and tests; by default the balance of ``low`` and ``high``.
    on_stage : callable, optional
        Told the name of each stage of `STAGES` as it begins.

    Returns
    -------
    Results
        Frozen; the same for the same dataset, options and seed.

    Raises
    ------
    GrannskapError
        When a count that was asked for is not there, or a measure cannot be taken.
    """
    asked = (options or Options()).settled(dataset.variables)
    on_stage(MEASURING)
    year, then = _years(dataset, asked)
    _check_poles(dataset, asked)
    members = levels.members(dataset, asked.scopes)
    stack = estimates.whole_stack(dataset, members)
    found = estimates.estimates(stack, members, asked, None if then is None else (then, year))
    shares = [name for name in SHARES if name in found.measured]
    _check_indicators(asked, shares)
    more = national.rows(dataset, asked, shares, (year,) if then is None else (then, year))
    measured = national.longer(found.measured, more)
    _check_balance(measured["balance"], year, asked)
    areas = wide.areas(dataset, measured, year)
    index = segregation_of(areas, dataset, asked, year)
    measured |= index.measured
    anatomy = anatomy_of(dataset, in_focus(members, asked), asked, (year, then))
    types = area_types_of(dataset, measured, asked, year)
    on_stage(TESTING)
    tested = clusters.tests(index.areas, dataset, asked)
    measured |= clusters.measured(tested, year)
    evenness = evenness_of(dataset, members, asked, year)
    frontiers = frontiers_of(dataset, members, asked, year)
    return Results(
        dataset=dataset,
        options=asked,
        year=year,
        measured=measured,
        places=levels.names(dataset, members),
        members=members,
        areas=wide.with_tests(
            wide.with_types(wide.with_parts(index.areas, anatomy), types), tested, found.change
        ),
        sums=found.sums,
        indicators=_indicators(stack, found.measured, more),
        change=found.change,
        change_sums=found.change_sums,
        evenness=evenness,
        anatomy=anatomy,
        frontiers=frontiers,
        history=history_of(
            dataset, asked, measured, members, Focus(year, tested, evenness, index.table)
        ),
        area_types=types,
        index=index.table,
        components=index.components,
        recipe=index.recipe,
        clusterings=tested,
        notes=_notes(
            dataset,
            found,
            (
                *(*index.notes, *anatomy.notes, *of_frontiers(frontiers)),
                *_of_types(types),
                *clusters.left_out(asked.autocorrelation),
            ),
            tested,
        ),
    )


def _indicators(
    stack: Stack, measured: dict[str, Measured], more: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    """Sizes and shares of every place, and of the country where that is measured beside them."""
    table = wide.indicators(stack, measured)
    beside = wide.of_country(stack.dataset, more)
    return table if beside.empty else pd.concat([table, beside])


def check(dataset: Dataset, options: Options, *, on_stage: OnStage = ignore_stage) -> Results:
    """Refuse what `run` would refuse, with as little of its work as that takes.

    Returns
    -------
    Results
        As `run`, but for the tests, which are rough.

    Raises
    ------
    GrannskapError
        As `run`.
    """
    quick = {"inference": "sampled", "permutations": 99, "fdr": 0.5}
    quick |= {"sensitivity": False, "correlogram": False}
    tests = options.autocorrelation.model_copy(update=quick)
    rough = options.model_copy(update={"autocorrelation": tests})
    return run(dataset, rough, on_stage=on_stage)


def _years(dataset: Dataset, asked: Options) -> tuple[int, int | None]:
    """Return the year in focus, and the one that it is compared with."""
    years = [year for year, group in dataset.years_and_groups() if group == "all"]
    for wanted in (asked.year, asked.compare):
        if wanted is not None and wanted not in years:
            raise DataError("no such year", {"year": str(wanted), "years": years})
    return (asked.year if asked.year is not None else max(years)), asked.compare


def _check_poles(dataset: Dataset, asked: Options) -> None:
    names = (asked.balance.low, asked.balance.high)
    if not set(names) <= set(dataset.variables):
        raise ColumnError(
            "no such poles", {"low": names[0], "high": names[1], "names": dataset.variables}
        )


def _check_indicators(asked: Options, shares: list[str]) -> None:
    gone = [name for name in asked.indicators.shares if name not in shares]
    if gone:
        raise ColumnError("no such indicators", {"names": gone, "known": shares})


def _check_balance(measured: Measured, year: int, asked: Options) -> None:
    if measured.at("area", year)["status"].isin(["value", "nobody high"]).any():
        return
    raise DataError("no balance", {"low": asked.balance.low, "high": asked.balance.high})


def _of_types(types: AreaTypes | None) -> tuple[Note, ...]:
    return () if types is None else types.notes


def _notes(
    dataset: Dataset,
    found: Estimates,
    of_index: tuple[Note, ...],
    tested: tuple[Clustering, ...],
) -> tuple[Note, ...]:
    every = (
        *dataset.notes,
        *series.notes(dataset),
        *found.notes,
        *(() if found.change is None else notes.of(found.change)),
        *of_index,
        *(note for clustering in tested for note in clusters.notes_of(clustering)),
    )
    return tuple(dict.fromkeys(every))
