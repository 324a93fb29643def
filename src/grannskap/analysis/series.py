"""Series: the breaks that lie between the years of a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grannskap import breaks, deso
from grannskap.notes import Note
from grannskap.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from grannskap.analysis.results import Results
    from grannskap.breaks import Break
    from grannskap.dataset import Dataset
    from grannskap.language import Language

__all__ = ["across", "notes", "of", "warning", "with_break"]


def of(dataset: Dataset, columns: Iterable[str]) -> tuple[Break, ...]:
    """Return the breaks in a series of some columns; made-up municipalities have none."""
    if not dataset.geometry.index.str[:2].isin(list(deso.MUNICIPALITIES)).any():
        return ()
    found: dict[Break, None] = {}
    for name in columns:
        known = dataset.counts[name].notna().to_numpy()
        years = dataset.counts.index.get_level_values("year")[known].unique()
        own = breaks.of_columns([name])
        found |= dict.fromkeys(breaks.between([int(year) for year in years], own))
    return tuple(sorted(found, key=lambda one: one.year))


def notes(dataset: Dataset) -> tuple[Note, ...]:
    """Return a note on each break between the years of a dataset."""
    found = of(dataset, dataset.variables)
    return tuple(
        Note("break in series", {"year": str(one.year), "what": one.what}) for one in found
    )


def across(results: Results, columns: Iterable[str]) -> tuple[Break, ...]:
    """Return the breaks between the two years that are compared, of what some columns count."""
    then = results.options.compare
    if then is None:
        return ()
    first, last = sorted((then, results.year))
    found = of(results.dataset, [name for name in columns if name in results.dataset.variables])
    return tuple(one for one in found if first < one.year <= last)


def warning(results: Results, columns: Iterable[str], language: Language) -> str:
    """Say that a change between the two years crosses a break; nothing where it crosses none."""
    first, last = sorted((results.options.compare or results.year, results.year))
    span = {"before": str(first), "after": str(last)}
    return " ".join(
        say("headline.across_break", language, {**span, "year": str(one.year), "what": one.what})
        for one in across(results, columns)
    )


def with_break(table: pd.DataFrame, results: Results, columns: Iterable[str]) -> pd.DataFrame:
    """Return a table of changes with the year of the last break that they cross, if any."""
    found = across(results, columns)
    return table.assign(across_break=found[-1].year) if found else table
