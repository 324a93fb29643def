"""Series: the breaks that lie between the years of a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grannskap import breaks, deso
from grannskap.notes import Note

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grannskap.breaks import Break
    from grannskap.dataset import Dataset

__all__ = ["notes", "of"]


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
