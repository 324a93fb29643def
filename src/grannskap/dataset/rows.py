"""Microdata that a project names, counted as they are read, as one more register."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grannskap.dataset.model import Source
from grannskap.dataset.years import years_of
from grannskap.sources import microdata
from grannskap.sources import register as register_source

if TYPE_CHECKING:
    import pandas as pd

    from grannskap.notes import Note
    from grannskap.project import Project

__all__ = ["Rows", "read"]


@dataclass(frozen=True)
class Rows:
    """A register that was counted from rows.

    Attributes
    ----------
    frame : pandas.DataFrame
        As `grannskap.sources.register.read` returns.
    source : Source
        What it was counted from.
    notes : tuple of Note
        What was refused, left out or taken in by a rule, and the bounds.
    """

    frame: pd.DataFrame
    source: Source
    notes: tuple[Note, ...]


def read(project: Project) -> Rows | None:
    """Count the rows that a project names; None where it names none.

    Raises
    ------
    GrannskapError
        As `grannskap.sources.microdata.count`.
    """
    asked = project.microdata
    if asked is None:
        return None
    place = project.rows_of_microdata()
    found = microdata.count(asked.asked(place))
    frame = register_source.from_frame(found.frame, division=asked.division)
    told = asked.table if asked.is_database else project.named(project.path(asked.path))
    source = Source(
        role="register",
        name=told,
        sha256=None if asked.is_database else microdata.checksum(place),
        source=asked.source,
        rows=found.rows,
        division=frame.attrs.get("division"),
        years=years_of(frame),
        parameters={"columns": dict(asked.columns), "scale": asked.scale},
    )
    return Rows(frame, source, found.notes)
